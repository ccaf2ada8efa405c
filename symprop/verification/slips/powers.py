"""Powers: a square forgotten or too many, a root, an exponent that is one off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from symprop.verification.reading import tree as t
from symprop.verification.slips.making import (
    ONE,
    as_base,
    complement,
    factors_of,
    is_plain_product,
    multiplied,
    negated,
    squared,
)
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said

_SQUARED = (t.Name, t.Group, t.Call, t.Bars)


def powers(printed: Printed) -> Iterator[Repair]:
    """A square that is missing, one that should not be there, an exponent that is one off."""
    for place in printed.places:
        if not place.in_rate:
            yield from _of(place)


def _of(place: Place) -> Iterator[Repair]:
    found = place.node
    if isinstance(found, t.Power) and isinstance(found.exponent, t.Number):
        yield from _exponents(place, found, found.exponent)
        yield from _of_a_call(place, found)
    elif isinstance(found, t.Power) and _fraction(found.exponent) is not None:
        yield from _other_exponents(place, found)
    elif isinstance(found, t.Call) and _power_inside(found) is not None:
        inside = _power_inside(found)
        assert inside is not None
        new = replace(found, arguments=(inside.base,), brackets=found.brackets or "()")
        sentence = f"{said(found)} should be the power of {said(found.head)}, not of its argument"
        yield _repair(place, squared(new, said(inside.exponent)), "bracket", sentence)
    elif isinstance(found, t.Root):
        yield _repair(place, found.body, "power", f"the root of {said(found.body)} is one too many")
        sentence = f"{said(found)} should be to the third power"
        yield _repair(place, squared(found, "3"), "power", sentence)
    elif _may_be_squared(place):
        sentence = f"{said(found)} should be squared"
        yield _repair(place, squared(found), "missing-square", sentence)
        yield _repair(place, squared(found, entrywise=r"\odot"), "missing-square", sentence)
        yield _repair(place, t.Root(t.bare(found)), "power", f"a root of {said(found)} is missing")


def _other_exponents(place: Place, found: t.Power) -> Iterator[Repair]:
    """Another exponent for one that is a fraction or negative: -1/2 for -3/2."""
    printed = _fraction(found.exponent)
    for exponent in EXPONENTS:
        if exponent != printed:
            new, wrong = _written(exponent), said(found.exponent)
            sentence = f"the exponent of {said(found.base)} should be {exponent}, not {wrong}"
            yield _repair(place, replace(found, exponent=new), "power", sentence)


EXPONENTS = tuple(Fraction(half, 2) for half in (-3, -1, -2, -4, 1, 3, 2, 4, -5, -6))
"""Exponents that are taken for one another, in halves."""


def _fraction(tree: t.Tree) -> Fraction | None:
    """The value of a number with a sign or a fraction bar; None for anything else."""
    body = t.bare(tree)
    if isinstance(body, t.Number):
        return Fraction(body.text)
    if isinstance(body, t.Sum) and len(body.terms) == 1:
        inside = _fraction(body.terms[0])
        return inside and (-inside if body.signs[0] == "-" else inside)
    if isinstance(body, t.Fraction):
        above, below = _fraction(body.above), _fraction(body.below)
        return above / below if above is not None and below else None
    return None


def _written(exponent: Fraction) -> t.Tree:
    """An exponent as it is written: -3/2."""
    number: t.Tree = t.Number(str(abs(exponent.numerator)))
    if exponent.denominator > 1:
        number = t.Fraction(number, t.Number(str(exponent.denominator)), "/")
    return negated(number) if exponent < 0 else number


def _may_be_squared(place: Place) -> bool:
    if _is_label(place.node):
        return False
    if isinstance(place.node, t.Sum | t.Product):
        return isinstance(place.parent, t.Fraction | None)
    if isinstance(place.node, t.Fraction | t.IndexSum):
        return isinstance(place.parent, t.Sum | None)
    return isinstance(place.node, _SQUARED) and not _is_head(place)


def _is_label(node: t.Tree) -> bool:
    """Whether a name is a target: its square is often the same, and it has no root."""
    entry = node.reference.entry if isinstance(node, t.Name) and node.reference else None
    return entry is not None and entry.kind == "target"


def _power_inside(call: t.Call) -> t.Power | None:
    """The power of a number that a function is taken of."""
    inside = t.bare(call.arguments[0]) if len(call.arguments) == 1 else None
    fits = isinstance(inside, t.Power) and isinstance(inside.exponent, t.Number)
    return inside if fits else None  # type: ignore[return-value]


def _of_a_call(place: Place, found: t.Power) -> Iterator[Repair]:
    """f(x)^2 for f(x^2)."""
    call = found.base
    if isinstance(call, t.Call) and len(call.arguments) == 1:
        inside = replace(found, base=as_base(call.arguments[0]), on_head=False)
        new = replace(call, arguments=(inside,), brackets=call.brackets or "()")
        sentence = f"{said(found)} should be the function of the power"
        yield _repair(place, new, "bracket", sentence)


def not_derived(printed: Printed) -> Iterator[Repair]:
    """Half a square that should have been differentiated."""
    for place in printed.places:
        if not is_plain_product(place.node) or place.in_rate:
            continue
        factors = factors_of(place.node)
        for one, half in enumerate(factors):
            for two, square in enumerate(factors):
                if half == HALF and isinstance(square, t.Power) and square.exponent == TWO:
                    left = [
                        square.base if n == two else f for n, f in enumerate(factors) if n != one
                    ]
                    sentence = f"{said(half)}*{said(square)} is not differentiated"
                    tree = place.put(multiplied(left, place.node))
                    yield Repair(tree, "power", sentence, square.span)


HALF, TWO = t.Fraction(t.Number("1"), t.Number("2")), t.Number("2")


def _exponents(place: Place, found: t.Power, exponent: t.Number) -> Iterator[Repair]:
    what = f"the square of {said(found.base)}" if exponent.text == "2" else said(found)
    yield _repair(place, found.base, "power", f"{what} is one power too many")
    if exponent.text.isdigit():
        for new in (int(exponent.text) + 1, int(exponent.text) - 1):
            if new > 1:
                sentence = f"the exponent of {said(found.base)} should be {new}"
                tree = squared(found.base, str(new), found.entrywise)
                kind = "missing-square" if new == int(exponent.text) + 1 == 2 else "power"
                yield _repair(place, tree, kind, sentence)


def _is_head(place: Place) -> bool:
    """Whether a name is that of a function, or already has an exponent."""
    parent = place.parent
    if isinstance(parent, t.Call | t.Primed):
        return place.node is getattr(parent, "head", None) or isinstance(parent, t.Primed)
    return isinstance(parent, t.Power) and place.node is parent.base


def complements(printed: Printed) -> Iterator[Repair]:
    """A 1 - f that was written as f, and the other way round."""
    for place in printed.places:
        found = place.node
        if place.in_rate or _is_head(place):
            continue
        if isinstance(found, t.Name | t.Call | t.Power | t.Indicator):
            sentence = f"{said(found)} should be 1 - {said(found)}"
            yield _repair(place, complement(found), "missing-term", sentence)
        if found == ONE and isinstance(place.parent, t.Group):
            for name in printed.vocabulary.names:
                new = t.Sum((ONE, name), ("", "-"), span=found.span)
                sentence = f"1 should be 1 - {said(name)}"
                yield _repair(place, new, "missing-term", sentence)
        body = t.bare(found)
        if isinstance(found, t.Group) and isinstance(body, t.Sum) and len(body.terms) == 2:
            if body.terms[0] == ONE and body.signs[1] == "-":
                sentence = f"{said(found)} should be {said(body.terms[1])}"
                yield _repair(place, body.terms[1], "extra-term", sentence)


def _repair(place: Place, new: t.Tree, kind: str, sentence: str) -> Repair:
    return Repair(place.put(new), kind, sentence, place.node.span)
