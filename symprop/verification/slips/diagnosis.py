"""The slip behind a claim that is false: which side is at fault, what it should be worth, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import mpmath

from symprop.verification.assumptions import Assumption, assumptions
from symprop.verification.claims import Claim
from symprop.verification.conventions import rates_of
from symprop.verification.equality import Answer, Comparison, compare
from symprop.verification.meaning.setting import USUAL
from symprop.verification.points import Changed, Points
from symprop.verification.slips.cases import case_of, is_of_update
from symprop.verification.updates import compare_update, weight_of
from symprop.verification.verdicts import Slip
from symprop.verification.worlds import PRECISION

if TYPE_CHECKING:
    from symprop.verification.links import Judge


def slip_of(claim: Claim, comparison: Comparison, judge: Judge) -> Slip | None:
    """The mistake that explains a false claim; None where none is found.

    `comparison` has the setting in which the sides differ, and what they are worth there.
    """
    return next(explanations(claim, comparison, judge), None)


def explanations(claim: Claim, comparison: Comparison, judge: Judge) -> Iterator[Slip]:
    """All mistakes that explain a false claim, the likeliest first.

    Where there are none, the single ones that do if labels are what is assumed of them elsewhere;
    two slips are less likely than labels of another kind.
    """
    assumed = list(islice(assumptions(judge.network, claim), ASSUMED))
    kinds = [assumption for assumption in assumed if assumption.of_kind]
    values = [assumption for assumption in assumed if not assumption.of_kind]
    sources = [
        _in_both_readings(claim, comparison, judge),
        *(_assuming(assumption, claim, judge) for assumption in values),
    ]
    if kinds:
        first = _found(claim, comparison, judge, judge.points, single=True)
        sources = [first, *(_assuming(kind, claim, judge) for kind in kinds), *sources]
    with mpmath.workdps(PRECISION):
        for source in sources:
            some = False
            for slip in source:
                some = True
                yield slip
            if some:
                return


def _assuming(assumption: Assumption, claim: Claim, judge: Judge) -> Iterator[Slip]:
    """The single mistakes that explain a claim where something is assumed of labels."""
    points, meant = Changed(judge.points, assumption.change), assumption.of(claim)
    for slip in _found(meant, _compared(meant, points), judge, points, single=True):
        yield replace(slip, sentence=f"{slip.sentence} (given: {assumption.sentence})")


LARGE = ("extra-term", "missing-term")
"""Where these explain a line, another reading of a derivative may explain it better."""


def _in_both_readings(claim: Claim, comparison: Comparison, judge: Judge) -> Iterator[Slip]:
    """The mistakes with partial derivatives of steps by direct arguments, and by all behind them.

    What is a term too many for the one may be a square forgotten for the other. Where sides are of
    one shape in another layout alone, and nothing explains them there, the usual one is meant.
    """
    usually = _found(claim, comparison, judge, judge.points)
    first = next(usually, None)
    conventions = replace(comparison.conventions, total=True)
    has_rates = weight_of(claim.left) is None and any(map(any, map(rates_of, claim.trees)))
    if has_rates and (first is None or first.kind in LARGE):
        total = compare(claim, judge.points, conventions=[conventions])
        same = total.answer is comparison.answer and _value_of(total) == _value_of(comparison)
        other = None if same else next(_found(claim, total, judge, judge.points), None)
        if other is not None and (first is None or other.kind not in LARGE):
            yield other
    if first is not None:
        yield first
        yield from usually
    elif comparison.conventions.layout != USUAL.layout:
        meant = replace(comparison.conventions, layout=USUAL.layout, entrywise=USUAL.entrywise)
        found = compare(claim, judge.points, conventions=[meant])
        yield from _found(claim, found, judge, judge.points)


def _value_of(comparison: Comparison) -> str:
    return str((comparison.left, comparison.right))


ASSUMED = 2
"""So many assumptions are made to find a mistake."""


def _compared(claim: Claim, points: Points) -> Comparison:
    weight = weight_of(claim.left)
    found = compare(claim, points)
    if weight is None or not is_of_update(claim, found):
        return found
    return compare_update(claim, weight, points.network, points)[0]


def _found(
    claim: Claim, comparison: Comparison, judge: Judge, points: Points, *, single: bool = False
) -> Iterator[Slip]:
    if comparison.answer in (Answer.DIFFERENT, Answer.MISFIT):
        case = case_of(claim, comparison, judge, points, single=single)
        yield from () if case is None else case.explanations()
