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
from symprop.verification.meaning.repeating import REPEATED
from symprop.verification.meaning.setting import Record, Setting, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.reading import tree as t
from symprop.verification.slips.catalogue import RULES
from symprop.verification.slips.floats import TOLERANCE as FLOATS
from symprop.verification.slips.floats import floats, in_floats, is_moved
from symprop.verification.slips.making import negated
from symprop.verification.slips.repair import Printed, Repair, Rule
from symprop.verification.slips.signs import update_signs
from symprop.verification.slips.together import Tried, pairs
from symprop.verification.worlds import PRECISION, Numeric

SECONDS = 0.6
"""So long repairs are looked for, in time of the processor."""
SECONDS_OF_TWO = 0.3
"""So much longer where there may be two slips."""
TOLERANCE = mpmath.mpf(10) ** -16
MOST_DOUBLE = 12
"""So many repairs that lack a sign are kept."""


@dataclass(frozen=True)
class Question:
    """A printed side that is wrong; the other one is `given`.

    `settings` are where it is tried, `truths` what it should be worth there; `holds` tells whether
    another formula in its place makes the line right, at many points.
    """

    printed: Printed
    given: t.Tree
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
            _trial(setting, truth)
            for setting, truth in zip(question.settings, question.truths, strict=True)
        ]
        for trial in self.trials:  # what the line itself takes for granted is known then
            valued(question.printed.tree, trial.of(question.printed.tree).setting)
        self._with_a_sign: list[Repair] = []
        self._failed: list[Tried] = []

    def repairs(self) -> Iterator[Repair]:
        """The repairs that explain the line, the likeliest first; those of two slips last."""
        seen: set[t.Tree] = set()
        with mpmath.workdps(PRECISION):
            for repair in self._fitting(self.question.printed):
                if repair.tree not in seen and self.holds(repair.tree):
                    seen.add(repair.tree)
                    yield repair
            if seen:
                return
            self.until += SECONDS_OF_TWO
            yield from filter(lambda both: self.holds(both.tree), self._of_two())

    def _of_two(self) -> Iterator[Repair]:
        """Two slips at once: a wrong sign is the likeliest second one."""
        for repair in self._with_a_sign:
            sentence = f"{repair.sentence}, and the sign is wrong"
            yield replace(repair, tree=negated(repair.tree), sentence=sentence)
        printed = self.question.printed
        for descent in update_signs(printed):
            for repair in self._fitting(replace(printed, tree=descent.tree)):
                sentence = f"two slips: {repair.sentence}; and {descent.sentence}"
                yield replace(repair, kind="sign", sentence=sentence)
        trial = self.trials[0].of(printed.tree)
        worth = trial.worth(printed.tree)
        if worth is not None:
            yield from pairs(printed, worth, trial.truth, self._failed)

    def _fitting(self, printed: Printed) -> Iterator[Repair]:
        """The repairs that fit in the first world."""
        for rule in RULES:
            for repair in rule(printed):
                if process_time() > self.until:
                    return
                self.tried += 1
                fit = self._fit(repair, rule)
                if fit == 1:
                    yield repair
                elif fit == -1 and len(self._with_a_sign) < MOST_DOUBLE and repair.kind != "sign":
                    self._with_a_sign.append(repair)

    def _fit(self, repair: Repair, rule: Rule) -> int:
        """1 where a formula is worth what it should be, -1 where the sign is wrong, else 0."""
        if repair.tree == self.question.given:
            return 0
        for number, trial in enumerate(trial.of(repair.tree) for trial in self.trials):
            found = trial.worth(repair.tree)
            if found is None:
                continue
            if agree(found, trial.truth, trial.tolerance):
                return 1
            if agree(-found, trial.truth, trial.tolerance):
                return -1
            if number == 0:
                self._failed.append(Tried(repair, rule, found))
        return 0

    def holds(self, tree: t.Tree) -> bool:
        """Whether a formula makes the line right, at many points."""
        try:
            return tree != self.question.given and self.question.holds(tree)
        except SympropError:
            return False


@dataclass(frozen=True)
class Trial:
    """A setting in which values are kept, what is right there, and how near that must be met.

    `light` is the same in floats, where that is quicker.
    """

    setting: Setting
    truth: Numeric
    tolerance: Any
    light: Trial | None = None

    def worth(self, tree: t.Tree) -> Numeric | None:
        """The value of a formula; None where it has none, or none in floats.

        No line is mended by a column that stands for every column of a matrix.
        """
        if self.tolerance == FLOATS and is_moved(tree):
            return None
        notes = self.setting.record.notes
        known = set(notes)
        found = valued(tree, self.setting)
        fresh = set(notes) - known
        for note in fresh:
            del notes[note]
        return None if fresh & set(REPEATED) else found

    def of(self, tree: t.Tree) -> Trial:
        """Where a formula is to be tried: in floats if these are enough for it."""
        return self if self.light is None or is_moved(tree) else self.light


def _trial(setting: Setting, truth: Numeric) -> Trial:
    found, light = replace(setting, record=Record(memo={})), in_floats(setting)
    if light is None:
        return Trial(found, truth, TOLERANCE)
    in_memory = replace(light, record=Record(memo={}))
    return Trial(found, truth, TOLERANCE, Trial(in_memory, floats(truth), FLOATS))


def valued(tree: t.Tree, setting: Setting) -> Numeric | None:
    """The value of a formula; None where it has none."""
    setting.record.spent = 0
    try:
        with np.errstate(all="ignore"):
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
