"""The verdict on printed numbers: by themselves, or in the worked example of the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import mpmath
import numpy as np

from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.examples import WorkedExample, moment
from symprop.verification.meaning.setting import NoValueError
from symprop.verification.reading import tree as t
from symprop.verification.rounding import Rounded, decimals, rounded
from symprop.verification.slips.numbers import slip_of_number
from symprop.verification.verdicts import Judgement, Verdict, undecidable
from symprop.verification.worlds import World

SHOWN = 6
"""Digits of numbers in reasons."""


def is_numeric(claim: Claim) -> bool:
    """Whether a side of a claim has numbers and no names but those of functions."""
    return any(map(_is_number, claim.trees))


def _is_number(tree: t.Tree) -> bool:
    numbers = any(isinstance(part, t.Number) for part in t.walk(tree))
    return numbers and not any(map(_has_value, t.names(tree)))


def _has_value(name: t.Name) -> bool:
    entry = None if name.reference is None else name.reference.entry
    return entry is None or entry.kind != "function"


def judged_number(
    claim: Claim, example: WorkedExample, points: Iterable[World]
) -> Judgement | None:
    """The verdict on numbers; None where nothing says the values of the symbols.

    Of several updates any will do at which the numbers are right; the reason says which one it is.
    """
    left, right = claim.left, claim.right
    if not _is_number(right):
        left, right = right, left
    if _is_number(left):
        world = next(iter(points), None)
        return None if world is None else _by_itself(left, right, world)
    return _in_example(left, right, example)


def _by_itself(left: t.Tree, right: t.Tree, world: World) -> Judgement:
    found = _rounded(left, right, world)
    if found is None:
        return undecidable("it has no real and finite value")
    return _said(found, "") or _wrong(found, right)


def _in_example(left: t.Tree, right: t.Tree, example: WorkedExample) -> Judgement | None:
    nearest: tuple[Rounded, int] | None = None
    for update, world in enumerate(example):
        found = _rounded(left, right, world, example.rates)
        if found is None:
            continue
        if judgement := _said(found, moment(update)):
            return judgement
        if nearest is None or found.worst < nearest[0].worst:
            nearest = found, update
    return None if nearest is None else _wrong(nearest[0], right, moment(nearest[1]))


def _rounded(
    left: t.Tree, right: t.Tree, world: World, fixed: Mapping[str, Any] | None = None
) -> Rounded | None:
    try:
        return rounded(left, right, world, fixed)
    except NoValueError:
        return None


def _said(found: Rounded, when: str) -> Judgement | None:
    """The verdict on numbers that are right, or were if they were worked out with more digits."""
    number = shown(found.expected)
    behind = f" {when}" if when else ""
    if found.fits and found.is_halfway:
        reason = f"it is {number}{behind}, halfway: it may be rounded up or down"
        return Judgement(Verdict.TRUE_GIVEN, reason, points=1)
    if found.fits:
        verdict = Verdict.TRUE_GIVEN if when else Verdict.TRUE
        return Judgement(verdict, f"it is {number}{behind}", points=1)
    if found.fits_carried:
        reason = f"{number} comes of the rounded numbers; it is right if they were rounded last"
        return Judgement(Verdict.TRUE_GIVEN, reason, points=1)
    return None


def _wrong(found: Rounded, printed: t.Tree, when: str = "") -> Judgement:
    number = shown(found.expected)
    reason = f"it is {number}" + (f" {when}" if when else "")
    slip = slip_of_number(found.expected, printed)
    right = number if slip is None else slip.correct
    return Judgement(Verdict.FALSE, reason, slip=slip, correct=right)


def shown(found: Any) -> str:
    """Numbers with a few digits, for people."""
    if isinstance(found, np.ndarray):
        return "[" + "; ".join(", ".join(map(shown, row)) for row in found) + "]"
    return str(mpmath.nstr(mpmath.mpf(found), SHOWN, strip_zeros=True)).removesuffix(".0")


def needs_values(claim: Claim, network: Network) -> Judgement:
    """What is said of numbers where nothing says the values of the symbols."""
    if network.worked_example is None and any(True for tree in claim.trees for _ in decimals(tree)):
        return undecidable("the values of the symbols are not given: the network has no example")
    if network.worked_example is None:
        return undecidable("the values of the symbols are not given")
    return undecidable("it has no value in the worked example")
