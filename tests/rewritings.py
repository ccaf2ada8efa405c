"""True lines said in another way: identities, other spaces and brackets."""

from __future__ import annotations

import re
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
    negated,
    places,
    shape_of,
    times,
)

from symprop.verification.reading import tree as t
from symprop.verification.reading.echo import latex


def shuffled(right: Any, printed: Printed, rng: Random) -> Any:
    """The factors of a product of numbers in another order."""
    place = drawn(rng, [p for p in places(right) if is_product(p.node) and is_scalar(p.node)])
    if place is None:
        return None
    factors = list(place.node.factors)
    rng.shuffle(factors)
    return place.put(joined(tuple(factors)))


def reversed_sum(right: Any, printed: Printed, rng: Random) -> Any:
    """The terms of a sum in another order."""
    sums = [p for p in places(right) if isinstance(p.node, t.Sum) and len(p.node.terms) > 1]
    place = drawn(rng, sums)
    if place is None:
        return None
    parts = list(zip(place.node.terms, (s or "+" for s in place.node.signs), strict=True))
    rng.shuffle(parts)
    signs = [s for _, s in parts]
    signs[0] = "" if signs[0] == "+" else "-"
    return place.put(t.Sum(tuple(term for term, _ in parts), tuple(signs)))


def minus_inside(right: Any, printed: Printed, rng: Random) -> Any:
    """-(a - b) as (b - a)."""
    if not isinstance(right, t.Sum) or len(right.terms) != 1 or right.signs != ("-",):
        return None
    term: Any = right.terms[0]
    factors = term.factors if is_product(term) else (term,)
    for index, factor in enumerate(factors):
        body = t.bare(factor)
        if isinstance(factor, t.Group) and isinstance(body, t.Sum) and len(body.terms) == 2:
            if body.signs == ("", "-"):
                turned = t.Group(t.Sum((body.terms[1], body.terms[0]), ("", "-")))
                return joined((*factors[:index], turned, *factors[index + 1 :]))
    return None


def expanded(right: Any, printed: Printed, rng: Random) -> Any:
    """(a - b) c as (a c - b c), in brackets."""
    found = []
    for place in places(right):
        if not is_product(place.node):
            continue
        for index, factor in enumerate(place.node.factors):
            body = t.bare(factor)
            if isinstance(factor, t.Group) and isinstance(body, t.Sum) and len(body.terms) > 1:
                if any(isinstance(part, t.IndexSum) for part in t.walk(body)):
                    continue  # a number that is taken from every entry
                found.append((place, index, body))
    choice = drawn(rng, found)
    if choice is None:
        return None
    place, index, body = choice
    factors = place.node.factors
    terms = tuple(joined((*factors[:index], term, *factors[index + 1 :])) for term in body.terms)
    return place.put(t.Group(t.Sum(terms, body.signs)))


def doubled(right: Any, printed: Printed, rng: Random) -> Any:
    """2 times a half of it; (a + a)/2."""
    whole = t.Group(right)
    if rng.random() < 0.5:
        return t.Product((t.Fraction(ONE, t.Number("2")), t.Number("2"), whole), (r"\cdot", ""))
    both = t.Group(t.Sum((whole, whole), ("", "+")))
    return t.Product((t.Fraction(ONE, t.Number("2")), both), ("",))


def double_minus(right: Any, printed: Printed, rng: Random) -> Any:
    return t.Sum((t.Group(negated(right)),), ("-",))


def by_definition(right: Any, printed: Printed, rng: Random) -> Any:
    """The definition of a step instead of its name."""
    whole = [p for p in places(right) if is_name(p) and not p.node.reference.indices]
    place = drawn(rng, whole)
    if place is None or isinstance(place.parent, t.Transpose):
        return None
    found = printed.definition(place.node)
    if found is None or r"\text" in latex(found):
        return None
    return place.put(t.Group(found))


def squared_out(right: Any, printed: Printed, rng: Random) -> Any:
    """f (1 - f) as (f - f^2)."""
    for place in places(right):
        if not is_product(place.node) or not is_scalar(place.node):
            continue
        factors = place.node.factors
        for index in range(len(factors) - 1):
            f = factors[index]
            if factors[index + 1] == t.Group(t.Sum((ONE, f), ("", "-"))):
                new = t.Group(t.Sum((f, t.Power(f, t.Number("2"))), ("", "-")))
                return place.put(joined((*factors[:index], new, *factors[index + 2 :])))
    return None


def mirrored(right: Any, printed: Printed, rng: Random) -> Any:
    r"""1 - f as \sigma(-a), where f = \sigma(a)."""
    for place in places(right):
        body = t.bare(place.node)
        if not (isinstance(place.node, t.Group) and isinstance(body, t.Sum)):
            continue
        if len(body.terms) == 2 and body.terms[0] == ONE and body.signs == ("", "-"):
            name = body.terms[1]
            whole = isinstance(name, t.Name) and name.reference and not name.reference.indices
            call = printed.definition(name) if whole else None
            if isinstance(call, t.Call) and latex(call.head) == r"\sigma":
                minus = t.Sum((in_brackets(call.arguments[0]),), ("-",))
                return place.put(replace(call, arguments=(minus,)))
    return None


def multiplied_by_one(right: Any, printed: Printed, rng: Random) -> Any:
    name = drawn(rng, [n for n in printed.names if not shape_of(n)])
    if name is None:
        return None
    return times(right, t.Fraction(name, name))


def transposed_twice(right: Any, printed: Printed, rng: Random) -> Any:
    """(B^T A^T)^T for A B."""
    products = [
        p for p in places(right)
        if is_product(p.node) and not is_scalar(p.node)
        and all(isinstance(f, t.Name | t.Transpose | t.Group) for f in p.node.factors)
    ]  # fmt: skip
    place = drawn(rng, products)
    if place is None or isinstance(place.parent, t.Transpose):
        return None
    turned = tuple(
        f.body if isinstance(f, t.Transpose) else t.Transpose(f, r"\top")
        for f in reversed(place.node.factors)
    )
    return place.put(t.Transpose(t.Group(joined(turned)), r"\top"))


def entrywise_turned(right: Any, printed: Printed, rng: Random) -> Any:
    place = drawn(rng, [p for p in places(right) if is_product(p.node, entrywise=True)])
    return (
        None
        if place is None
        else place.put(replace(place.node, factors=tuple(reversed(place.node.factors))))
    )


IDENTITIES: dict[str, Change] = {
    name.__name__: name
    for name in (
        shuffled,
        reversed_sum,
        minus_inside,
        expanded,
        doubled,
        double_minus,
        by_definition,
        squared_out,
        mirrored,
        multiplied_by_one,
        transposed_twice,
        entrywise_turned,
    )
}
"""What leaves a line true."""


def rewritten(printed: Printed, rng: Random) -> Line | None:
    """A true line said in another way: one to three identities, and other spaces and brackets."""
    true = rng.choice(printed.lines)
    right, applied = true.right, []
    for _ in range(rng.randint(1, 3)):
        name = rng.choice(list(IDENTITIES))
        new = IDENTITIES[name](right, printed, rng)
        if new is not None:
            right = new
            applied.append(name)
    text = restyled(latex(right), rng)
    if len(text) > 3000:
        return None
    return Line(f"{true.left} = {text}", "+".join(applied) or "restyled", right)


_STYLES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"\( "), (r"\left( ", "(", r"\bigl( ")),
    (re.compile(r" \)"), (r" \right)", ")", r" \bigr)")),
    (re.compile(r"  "), (" ", r"\,", r"\;", r" \cdot ", "  ")),
    (re.compile(r"\\frac\{1\}\{2\}"), (r"\frac12", r"\tfrac{1}{2}", r"\frac{1}{2}")),
    (re.compile(r"\^\{2\}"), ("^2", "^{2}")),
    (re.compile(r"_\{(\d)\}"), ("_#", "_{#}")),
)


def restyled(text: str, rng: Random) -> str:
    """The same formula with other spaces, brackets and signs between factors."""
    kind = rng.randrange(3)
    for place, (pattern, ways) in enumerate(_STYLES):
        way = ways[kind] if place < 2 else rng.choice(ways)
        text = pattern.sub(lambda found, way=way: _filled(way, found), text)  # type: ignore[misc]
    return text


def _filled(way: str, found: re.Match[str]) -> str:
    return way.replace("#", found[1]) if found.groups() else way
