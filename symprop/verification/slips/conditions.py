"""Conditions: a relation turned round, values of cases exchanged, a value that is not 0."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from symprop.verification.reading import tree as t
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said

TURNED = {"<": ">", ">": "<", r"\leq": r"\geq", r"\geq": r"\leq"}
"""Relations, and what they are the wrong way round."""


def conditions(printed: Printed) -> Iterator[Repair]:
    """A condition the wrong way round, two values of cases exchanged, a 0 for another value."""
    for place in printed.places:
        if isinstance(place.node, t.Comparison):
            yield from _turned(place, place.node)
        elif isinstance(place.node, t.Cases):
            yield from _exchanged(place, place.node)
            yield from _other_values(place, place.node, printed)


def _turned(place: Place, found: t.Comparison) -> Iterator[Repair]:
    relations = tuple(TURNED.get(sign, sign) for sign in found.relations)
    if relations != found.relations:
        new = replace(found, relations=relations)
        sentence = f"the condition {said(found)} is the wrong way round: it is {said(new)}"
        yield Repair(place.put(new), "wrong-condition", sentence, found.span)


def _exchanged(place: Place, found: t.Cases) -> Iterator[Repair]:
    for one, other in combinations(range(len(found.branches)), 2):
        values = [value for value, _ in found.branches]
        values[one], values[other] = values[other], values[one]
        sentence = f"{said(values[one])} and {said(values[other])} stand in each other's case"
        yield Repair(place.put(_with(found, values)), "wrong-condition", sentence, found.span)


def _other_values(place: Place, found: t.Cases, printed: Printed) -> Iterator[Repair]:
    for number, (value, _) in enumerate(found.branches):
        if not isinstance(value, t.Number):
            continue
        for name in printed.vocabulary.names:
            values = [old for old, _ in found.branches]
            values[number] = name
            sentence = f"{said(value)} should be {said(name)} in this case"
            yield Repair(place.put(_with(found, values)), "missing-term", sentence, value.span)


def _with(found: t.Cases, values: list[t.Tree]) -> t.Cases:
    conditions = (condition for _, condition in found.branches)
    return replace(found, branches=tuple(zip(values, conditions, strict=True)))
