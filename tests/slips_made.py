"""Wrong lines out of true ones: one slip, as students make it.

It works on the printed tree and knows nothing of the rules by which slips are found.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from formula_parts import (
    ONE,
    Change,
    Line,
    Printed,
    drawn,
    in_brackets,
    is_name,
    is_product,
    is_scalar,
    joined,
    name_of,
    negated,
    places,
    shape_of,
    times,
)

from symprop.expression.nodes import leaves
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import RATE, Reference

ETA = t.Name(t.Spelling(r"\eta"), Reference(RATE))


def sign(right: Any, printed: Printed, rng: Random) -> Any:
    sums = [p for p in places(right) if isinstance(p.node, t.Sum) and len(p.node.terms) > 1]
    if not sums or rng.random() < 0.4:
        return negated(right)
    place = rng.choice(sums)
    index = rng.randrange(len(place.node.terms))
    signs = list(place.node.signs)
    signs[index] = "+" if signs[index] == "-" else "-"
    if index == 0 and signs[0] == "+":
        signs[0] = ""
    return place.put(replace(place.node, signs=tuple(signs)))


def constant(right: Any, printed: Printed, rng: Random) -> Any:
    half = t.Fraction(ONE, t.Number("2"))
    return times(right, rng.choice([t.Number("2"), half, t.Number("3")]))


def extra_factor(right: Any, printed: Printed, rng: Random) -> Any:
    scalars = [ETA, *(n for n in printed.names if not shape_of(n))]
    return times(right, rng.choice(scalars))


def missing_factor(right: Any, printed: Printed, rng: Random) -> Any:
    found = drawn(rng, [p for p in places(right) if isinstance(p.node, t.Product)])
    if found is None:
        return None
    index = rng.randrange(len(found.node.factors))
    factors = [f for n, f in enumerate(found.node.factors) if n != index]
    signs = list(found.node.signs)
    del signs[max(0, index - 1)]
    if isinstance(found.node.factors[index], t.Number | t.Fraction):
        return None  # a constant, or a number over something
    new = factors[0] if len(factors) == 1 else t.Product(tuple(factors), tuple(signs))
    return found.put(new)


def other_name(right: Any, printed: Printed, rng: Random) -> Any:
    place = drawn(rng, [p for p in places(right) if is_name(p)])
    if place is None:
        return None
    others = [
        n
        for n in printed.names
        if shape_of(n) == shape_of(place.node) and n.spelling != place.node.spelling
    ]
    other = drawn(rng, others)
    return None if other is None else place.put(other)


def wrong_argument(right: Any, printed: Printed, rng: Random) -> Any:
    """sigma'(f) for sigma'(a), where f = sigma(a)."""
    network = printed.network
    found = []
    for place in places(right):
        if is_name(place) and isinstance(place.parent, t.Call):
            name = place.node.reference.entry.name
            for other in printed.names:
                step = network.steps.get(name_of(other))
                inside = [] if step is None else [leaf.name for leaf in leaves(step.node)]
                if inside == [name] and shape_of(other) == shape_of(place.node):
                    found.append(place.put(other))
    return drawn(rng, found)


def power(right: Any, printed: Printed, rng: Random) -> Any:
    powers = [
        p for p in places(right)
        if isinstance(p.node, t.Power) and p.node.exponent == t.Number("2") and not p.node.on_head
    ]  # fmt: skip
    place = drawn(rng, powers)
    return None if place is None else place.put(place.node.base)


def extra_power(right: Any, printed: Printed, rng: Random) -> Any:
    single = [
        p for p in places(right)
        if (is_name(p) or isinstance(p.node, t.Group)) and not isinstance(p.parent, t.Power)
        and is_scalar(p.node)
    ]  # fmt: skip
    place = drawn(rng, single)
    return None if place is None else place.put(t.Power(place.node, t.Number("2")))


def missing_term(right: Any, printed: Printed, rng: Random) -> Any:
    sums = [p for p in places(right) if isinstance(p.node, t.Sum) and len(p.node.terms) > 1]
    place = drawn(rng, sums)
    if place is None:
        return None
    found = place.node
    index = rng.randrange(len(found.terms))
    parts = [p for n, p in enumerate(zip(found.terms, found.signs, strict=True)) if n != index]
    first = "-" if parts[0][1] == "-" else ""
    signs = (first, *(s for _, s in parts[1:]))
    if len(parts) == 1 and not first:
        return place.put(parts[0][0])
    return place.put(t.Sum(tuple(term for term, _ in parts), signs))


def extra_term(right: Any, printed: Printed, rng: Random) -> Any:
    groups = [
        p for p in places(right)
        if isinstance(p.node, t.Sum) and len(p.node.terms) > 1 and is_scalar(p.node)
    ]  # fmt: skip
    place, name = drawn(rng, groups), drawn(rng, [n for n in printed.names if not shape_of(n)])
    if place is None or name is None:
        return None
    found = place.node
    return place.put(t.Sum((*found.terms, name), (*found.signs, rng.choice("+-"))))


def no_brackets(right: Any, printed: Printed, rng: Random) -> Any:
    """a - b c for (a - b) c."""
    found = []
    for place in places(right):
        if not is_product(place.node):
            continue
        for index, factor in enumerate(place.node.factors):
            body = t.bare(factor)
            if isinstance(factor, t.Group) and isinstance(body, t.Sum) and len(body.terms) > 1:
                found.append((place, index, body))
    choice = drawn(rng, found)
    if choice is None:
        return None
    place, index, body = choice
    factors = place.node.factors
    head = joined((*factors[:index], body.terms[0]))
    tail = joined((body.terms[-1], *factors[index + 1 :]))
    new = t.Sum((head, *body.terms[1:-1], tail), body.signs)
    inside = isinstance(place.parent, t.Sum) and len(place.parent.terms) == 1
    if place.parent is None or inside:
        return place.put(new) if not inside else _signed(place, new)
    return None


def _signed(place: Any, new: t.Sum) -> t.Tree:
    """A sum where a term with a minus stood: the minus belongs to its first term."""
    first = "-" if new.signs[0] != "-" else ""
    return t.Sum(new.terms, (first, *new.signs[1:])) if place.parent is not None else new


def upside_down(right: Any, printed: Printed, rng: Random) -> Any:
    found = [p for p in places(right) if isinstance(p.node, t.Fraction) and is_scalar(p.node)]
    place = drawn(rng, found)
    return None if place is None else place.put(t.Fraction(place.node.below, place.node.above))


def transposed(right: Any, printed: Printed, rng: Random) -> Any:
    found = [
        p for p in places(right)
        if isinstance(p.node, t.Transpose)
        or (is_name(p) and shape_of(p.node) and is_product(p.parent or ONE))
    ]  # fmt: skip
    place = drawn(rng, found)
    if place is None:
        return None
    if isinstance(place.node, t.Transpose):
        return place.put(place.node.body)
    return place.put(t.Transpose(place.node, r"\top"))


def reordered(right: Any, printed: Printed, rng: Random) -> Any:
    found = [
        (p, index)
        for p in places(right)
        if is_product(p.node)
        for index in range(len(p.node.factors) - 1)
        if not is_scalar(p.node.factors[index]) and not is_scalar(p.node.factors[index + 1])
    ]
    choice = drawn(rng, found)
    if choice is None:
        return None
    place, index = choice
    f = place.node.factors
    return place.put(joined((*f[:index], f[index + 1], f[index], *f[index + 2 :])))


def not_entrywise(right: Any, printed: Printed, rng: Random) -> Any:
    place = drawn(rng, [p for p in places(right) if is_product(p.node, entrywise=True)])
    if place is None or len(place.node.factors) != 2:
        return None
    factors: list[Any] = [t.Group(f) if isinstance(f, t.Sum) else f for f in place.node.factors]
    flat = [g for f in factors for g in (f.factors if is_product(f) else (f,))]
    return place.put(joined(tuple(flat)))


def other_function(right: Any, printed: Printed, rng: Random) -> Any:
    place = drawn(rng, [p for p in places(right) if isinstance(p.node, t.Call)])
    if place is None:
        return None
    head = place.node.head
    if isinstance(head, t.Primed):
        return place.put(replace(place.node, head=head.body))
    return None


def without_one_minus(right: Any, printed: Printed, rng: Random) -> Any:
    found = []
    for place in places(right):
        body = t.bare(place.node)
        if isinstance(place.node, t.Group) and isinstance(body, t.Sum) and len(body.terms) == 2:
            if body.terms[0] == ONE and body.signs[1] == "-":
                found.append(place.put(in_brackets(body.terms[1])))
    return drawn(rng, found)


SLIPS: dict[str, tuple[Change, ...]] = {
    "sign": (sign,),
    "wrong-constant": (constant,),
    "extra-factor": (extra_factor,),
    "missing-factor": (missing_factor, missing_factor),
    "wrong-name": (other_name, other_name),
    "wrong-variable": (wrong_argument,),
    "missing-square": (power,),
    "power": (extra_power,),
    "missing-term": (missing_term, without_one_minus),
    "extra-term": (extra_term,),
    "bracket": (no_brackets,),
    "swapped-fraction": (upside_down,),
    "transpose": (transposed,),
    "order": (reordered,),
    "elementwise": (not_entrywise,),
    "missing-prime": (other_function,),
}
"""The slips by their kinds."""
SAME = {
    "wrong-name": {"wrong-name", "wrong-index", "wrong-variable"},
    "missing-term": {"missing-term", "missing-path"},
    "missing-square": {"missing-square", "power"},
    "transpose": {"transpose", "inverse"},
}
"""Kinds that one slip may have: w_1 for w_2 is another name, and another index."""


def same_kind(made: str, named: str) -> bool:
    """Whether a slip is named as it was made."""
    return named in SAME.get(made, {made})


def slipped(printed: Printed, rng: Random) -> Line | None:
    """A true line with one slip in it; None where the one that was drawn cannot be made."""
    true = rng.choice(printed.lines)
    kind = rng.choice(list(SLIPS))
    wrong = rng.choice(SLIPS[kind])(true.right, printed, rng)
    return None if wrong is None or wrong == true.right else true.with_right(wrong, kind)
