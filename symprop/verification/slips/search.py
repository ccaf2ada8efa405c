"""Finding the slip: the repairs of the catalogue tried one after the other, as numbers.

A repair is tried in one world first, where the values of what it leaves alone are known already.
One that fits is tried in more. A repair that only lacks a sign then is kept for the case that no
single one fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import process_time
from typing import Any

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.verification.meaning.setting import Record, Setting, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.reading import tree as t
from symprop.verification.slips.catalogue import RULES
from symprop.verification.slips.floats import TOLERANCE as FLOATS
from symprop.verification.slips.floats import floats, in_floats
from symprop.verification.slips.making import negated
from symprop.verification.slips.repair import Printed, Repair
from symprop.verification.worlds import PRECISION, Numeric

SECONDS = 0.6
"""So long repairs are looked for, in time of the processor."""
TOLERANCE = mpmath.mpf(10) ** -16
MOST_DOUBLE = 12
"""So many repairs that lack a sign are kept."""


@dataclass(frozen=True)
class Question:
    """A printed side that is wrong.

    `settings` are where it is tried, `truths` what it should be worth there; `holds` tells whether
    another formula in its place makes the line right, at many points.
    """

    printed: Printed
    settings: Sequence[Setting]
    truths: Sequence[Numeric]
    holds: Callable[[t.Tree], bool]


class Searching:
    """The search for one question."""

    def __init__(self, question: Question, seconds: float = SECONDS) -> None:
        self.question = question
        self.until = process_time() + seconds
        self.tried = 0
        self.trials = [
            _trial(setting, truth, question.printed.tree)
            for setting, truth in zip(question.settings, question.truths, strict=True)
        ]
        self._with_a_sign: list[Repair] = []

    def repairs(self) -> Iterator[Repair]:
        """The repairs that explain the line, the likeliest first; those with a sign too, last."""
        seen: set[t.Tree] = set()
        with mpmath.workdps(PRECISION):
            for repair in self._fitting():
                if repair.tree not in seen and self.holds(repair.tree):
                    seen.add(repair.tree)
                    yield repair
            for repair in self._with_a_sign:
                both = replace(
                    repair,
                    tree=negated(repair.tree),
                    sentence=f"{repair.sentence}, and the sign is wrong",
                )
                if self.holds(both.tree):
                    yield both

    def _fitting(self) -> Iterator[Repair]:
        """The repairs that fit in the first world."""
        for rule in RULES:
            for repair in rule(self.question.printed):
                if process_time() > self.until:
                    return
                self.tried += 1
                fit = self._fit(repair.tree)
                if fit == 1:
                    yield repair
                elif fit == -1 and len(self._with_a_sign) < MOST_DOUBLE and repair.kind != "sign":
                    self._with_a_sign.append(repair)

    def _fit(self, tree: t.Tree) -> int:
        """1 where a formula is worth what it should be, -1 where the sign is wrong, else 0."""
        for trial in self.trials:
            found = valued(tree, trial.setting)
            if found is None:
                continue
            if agree(found, trial.truth, trial.tolerance):
                return 1
            if agree(-found, trial.truth, trial.tolerance):
                return -1
        return 0

    def holds(self, tree: t.Tree) -> bool:
        """Whether a formula makes the line right, at many points."""
        try:
            return self.question.holds(tree)
        except SympropError:
            return False


@dataclass(frozen=True)
class Trial:
    """A setting in which values are kept, what is right there, and how near that must be met."""

    setting: Setting
    truth: Numeric
    tolerance: Any


def _trial(setting: Setting, truth: Numeric, printed: t.Tree) -> Trial:
    light = in_floats(setting, printed)
    if light is None:
        return Trial(replace(setting, record=Record(memo={})), truth, TOLERANCE)
    return Trial(replace(light, record=Record(memo={})), floats(truth), FLOATS)


def valued(tree: t.Tree, setting: Setting) -> Numeric | None:
    """The value of a formula; None where it has none."""
    setting.record.spent = 0
    try:
        return value(tree, setting)
    except (SympropError, ZeroDivisionError, OverflowError, ValueError):
        return None


def agree(one: Numeric, other: Numeric, tolerance: Any = TOLERANCE) -> bool:
    """Whether two values are equal but for rounding."""
    if shape_of(one) != shape_of(other):
        return False
    if not shape_of(one):
        return bool(abs(one - other) <= tolerance * (abs(one) + abs(other)))
    scale = max(np.abs(one).max(), np.abs(other).max())
    return bool((np.abs(one - other) <= tolerance * scale).all())
