"""Functions: another one, or the function where its derivative should stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symprop.verification.reading import tree as t
from symprop.verification.slips.making import (
    factors_of,
    is_plain_product,
    multiplied,
    ratio,
    squared,
)
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said

OPPOSITE = {"min": "max", "max": "min"}


def functions(printed: Printed) -> Iterator[Repair]:
    """A prime that is missing or too many, then another function, or none."""
    for place in printed.places:
        if isinstance(place.node, t.Call) and not place.in_rate:
            yield from _primes(place, place.node)
    for place in printed.places:
        if isinstance(place.node, t.Call) and not place.in_rate:
            yield from _others(place, place.node, printed.vocabulary.heads)
        elif isinstance(place.node, t.Extremum) and place.node.function in OPPOSITE:
            other = OPPOSITE[place.node.function]
            sentence = f"{place.node.function} should be {other}"
            new = replace(place.node, function=other)
            yield Repair(place.put(new), "wrong-function", sentence, place.node.span)
        elif isinstance(place.node, t.Power) and place.node.base == t.Constant("e"):
            body = place.node.exponent
            sentence = f"{said(place.node)} should be {said(body)}, without exp"
            yield Repair(place.put(t.Group(body)), "wrong-function", sentence, place.node.span)


def bracketed_arguments(printed: Printed) -> Iterator[Repair]:
    """Factors behind a function that belong into its argument: f(b) p for f(b p)."""
    for place in printed.places:
        if place.in_rate or not is_plain_product(place.node):
            continue
        factors = factors_of(place.node)
        for number, call in enumerate(factors):
            if not isinstance(call, t.Call) or len(call.arguments) != 1:
                continue
            for end in range(number + 2, len(factors) + 1):
                inside = multiplied([*call.arguments, *factors[number + 1 : end]], place.node)
                new = replace(call, arguments=(inside,), brackets=call.brackets or "()")
                rest = [*factors[:number], new, *factors[end:]]
                moved = multiplied(factors[number + 1 : end], place.node)
                sentence = f"{said(moved)} belongs into the brackets: {said(new)}"
                span = call.span.to(factors[end - 1].span)
                yield Repair(place.put(multiplied(rest, place.node)), "bracket", sentence, span)


def missing_functions(printed: Printed) -> Iterator[Repair]:
    """A name that stands where a function of it should."""
    for place in printed.places:
        node = place.node
        called = isinstance(place.parent, t.Call | t.Primed)
        if place.in_rate or called or not isinstance(node, t.Name):
            continue
        power = t.Power(t.Constant("e"), node, span=node.span)
        calls = [t.Call(head, (node,), span=node.span) for head in printed.vocabulary.heads]
        for new in (power, *calls, *printed.vocabulary.right_calls):
            sentence = f"{said(node)} should be {said(new)}"
            yield Repair(place.put(new), "wrong-function", sentence, node.span)


def _primes(place: Place, found: t.Call) -> Iterator[Repair]:
    if isinstance(found.head, t.Primed):
        fewer: t.Tree = found.head.body
        if found.head.order > 1:
            fewer = replace(found.head, order=found.head.order - 1)
        sentence = f"{said(found)} should be the function itself, without a prime"
        yield Repair(place.put(replace(found, head=fewer)), "extra-prime", sentence, found.span)
    elif isinstance(found.head, t.Name):
        primed = t.Primed(found.head, 1, span=found.head.span)
        sentence = f"{said(found)} should be the derivative: a prime is missing"
        yield Repair(place.put(replace(found, head=primed)), "missing-prime", sentence, found.span)


def _others(place: Place, found: t.Call, heads: list[t.Name]) -> Iterator[Repair]:
    printed = found.head.body if isinstance(found.head, t.Primed) else found.head
    if not isinstance(printed, t.Name) or len(found.arguments) != 1:
        return
    for head in heads:
        if head.spelling == printed.spelling:
            continue
        new: t.Tree = replace(found.head, body=head) if isinstance(found.head, t.Primed) else head
        sentence = f"{said(printed)} should be {said(head)}"
        call = replace(found, head=new, brackets=found.brackets or "()")
        yield Repair(place.put(call), "wrong-function", sentence, found.span)
    (argument,) = found.arguments
    sentence = f"{said(found)} should be {said(argument)}, without {said(printed)}"
    yield Repair(place.put(t.Group(argument)), "wrong-function", sentence, found.span)
    inverse = ratio(t.Number("1"), argument)
    sentence = f"{said(found)} should be {said(inverse)}"
    yield Repair(place.put(inverse), "missing-prime", sentence, found.span)
    square = ratio(t.Number("1"), squared(found))
    yield Repair(
        place.put(square), "wrong-function", f"{said(found)} should be {said(square)}", found.span
    )
