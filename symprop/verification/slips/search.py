"""Finding the slip: the repairs of the catalogue tried one after the other, as numbers.

A repair is tried in one world first, where the values of what it leaves alone are known already.
One that fits is tried in more. A repair that only lacks a sign then is kept for the case that no
single one fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.verification.indices import assignments
from symprop.verification.meaning.repeating import REPEATED
from symprop.verification.meaning.setting import Record, Setting, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.reading import tree as t
from symprop.verification.slips.catalogue import RULES, RULES_OF_SHAPES
from symprop.verification.slips.factors import constants
from symprop.verification.slips.floats import TOLERANCE as FLOATS
from symprop.verification.slips.floats import floats, in_floats
from symprop.verification.slips.making import negated
from symprop.verification.slips.products import missing_factors_together, missing_products
from symprop.verification.slips.repair import Printed, Repair, Rule
from symprop.verification.slips.signs import update_signs
from symprop.verification.slips.together import Tried, pairs
from symprop.verification.worlds import PRECISION, Numeric

EFFORT = 20_000
"""So many parts of formulas are worked out to find one slip: the same on every machine."""
EFFORT_OF_TWO = 10_000
"""So many more where there may be two slips."""
EFFORT_OF_A_REPAIR = 2
"""What making a repair and looking at it takes, as so many parts."""
CHECKS = 4
"""So often all parts of a formula are worked out when it is tried at many points."""
EFFORT_OF_A_CHECK = 80
"""What that takes besides."""
TOLERANCE = mpmath.mpf(10) ** -16
LONG = 500
"""A formula of so many parts is a long one."""
MOST_SHAPES = 3
"""So many repairs that mend the shapes of a line are followed by another one."""
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

    def __init__(self, question: Question) -> None:
        self.question = question
        self.left = EFFORT
        self.trials = [
            _trial(setting, truth)
            for setting, truth in zip(question.settings, question.truths, strict=True)
        ]
        for trial in self.trials:  # what the line itself takes for granted is known then
            valued(question.printed.tree, trial.of(question.printed.tree).setting)
        self._with_a_sign: list[Repair] = []
        self._failed: list[Tried] = []

    def repairs(self, rules: Sequence[Rule] = RULES) -> Iterator[Repair]:
        """The repairs of one slip that explain the line, the likeliest first."""
        seen: set[t.Tree] = set()
        with mpmath.workdps(PRECISION):
            for repair in self._fitting(self.question.printed, self._ordered(rules)):
                if repair.tree not in seen and self.holds(repair.tree):
                    seen.add(repair.tree)
                    yield repair

    @cached_property
    def _length(self) -> int:
        return sum(1 for _ in t.walk(self.question.printed.tree))

    def _ordered(self, rules: Sequence[Rule]) -> Sequence[Rule]:
        """In a long line that is a multiple of what is right, numbers are tried first."""
        if rules is not RULES or self._length <= LONG:
            return rules
        tree = self.question.printed.tree
        trial = self.trials[0].of(tree)
        found = self._worth(trial, tree)
        return (constants, *rules) if is_multiple(found, trial.truth, trial.tolerance) else rules

    def further(self) -> Iterator[Repair]:
        """Where no single one explains it: a wrong sign beside a slip, a long term, two slips.

        In a long line only the first of these is looked for.
        """
        with mpmath.workdps(PRECISION):
            product = iter(()) if self._length > LONG else self._with_a_product()
            for repair in chain(self._with_a_wrong_sign(), product):
                yield repair
                return
            if self._length > LONG:
                return
            self.left = max(self.left, 0) + EFFORT_OF_TWO
            yield from filter(lambda both: self.holds(both.tree), self._of_two())
            if not self.question.printed.is_update:
                together = missing_factors_together(self.question.printed, self._apart())
                yield from filter(lambda found: self.holds(found.tree), together)

    def _with_a_wrong_sign(self) -> Iterator[Repair]:
        """Two slips, of which a wrong sign is the second one."""
        for repair in self._with_a_sign:
            tree = negated(repair.tree)
            if self.holds(tree):
                yield replace(
                    repair, tree=tree, sentence=f"{repair.sentence}, and the sign is wrong"
                )

    def _with_a_product(self) -> Iterator[Repair]:
        """A longer term that is missing."""
        printed = self.question.printed
        for repair in () if printed.is_update else missing_products(printed, self._apart()):
            if self.left < -EFFORT_OF_TWO:
                return
            if self.holds(repair.tree):
                yield repair

    def _apart(self) -> Trial:
        """A trial with all digits, in which indices that may differ do."""
        given, (first, *_) = self.question.given, self.trials
        for indices in assignments((given, self.question.printed.tree), first.setting):
            if len(set(indices.values())) == len(indices) > 0:
                setting = replace(first.setting.with_indices(indices), record=Record(memo={}))
                truth = valued(given, setting)
                if truth is not None:
                    return Trial(setting, truth, TOLERANCE)
        return first

    def _of_two(self) -> Iterator[Repair]:
        """Two slips at once: the step of an update in the wrong direction and another, or any."""
        printed = self.question.printed
        for descent in update_signs(printed):
            for repair in self._fitting(replace(printed, tree=descent.tree)):
                sentence = f"two slips: {repair.sentence}; and {descent.sentence}"
                yield replace(repair, kind="sign", sentence=sentence)
        trial = self.trials[0].of(printed.tree)
        worth = self._worth(trial, printed.tree)
        if worth is not None:
            both = pairs(printed, worth, trial.truth, self._failed, self._is_late)
            yield from (repair for repair in both if self._fits(repair.tree))
        else:
            yield from self._after_shapes()

    def _after_shapes(self) -> Iterator[Repair]:
        """Two slips in a line that has no value: one that mends its shapes, and another."""
        printed, shape = self.question.printed, shape_of(self.trials[0].truth)
        mended = [
            each.repair
            for each in self._failed
            if each.rule in RULES_OF_SHAPES and shape_of(each.worth) == shape
        ]
        for first in mended[:MOST_SHAPES]:
            for second in self._fitting(replace(printed, tree=first.tree)):
                sentence = f"two slips: {first.sentence}; and {second.sentence}"
                yield replace(second, kind=first.kind, sentence=sentence, span=first.span)

    def _is_late(self) -> bool:
        self.left -= EFFORT_OF_A_REPAIR
        return self.left < 0

    def _worth(self, trial: Trial, tree: t.Tree) -> Numeric | None:
        found = trial.worth(tree)
        self.left -= trial.setting.record.spent
        return found

    def _fits(self, tree: t.Tree) -> bool:
        """Whether a formula is worth what it should be in the first world."""
        for trial in (trial.of(tree) for trial in self.trials):
            found = self._worth(trial, tree)
            if found is not None and agree(found, trial.truth, trial.tolerance):
                return True
        return False

    def _fitting(self, printed: Printed, rules: Sequence[Rule] = RULES) -> Iterator[Repair]:
        """The repairs that fit in the first world."""
        for rule in rules:
            for repair in rule(printed):
                if self._is_late():
                    return
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
            found = self._worth(trial, repair.tree)
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
        self.left -= EFFORT_OF_A_CHECK + CHECKS * self._length
        try:
            return tree != self.question.given and self.question.holds(tree)
        except SympropError:
            return False


@dataclass(frozen=True)
class Trial:
    """A setting in which values are kept, what is right there, and how near that must be met.

    `light` is the same in floats, where there is one.
    """

    setting: Setting
    truth: Numeric
    tolerance: Any
    light: Trial | None = None

    def worth(self, tree: t.Tree) -> Numeric | None:
        """The value of a formula; None where it has none, or none in floats.

        No line is mended by a column that stands for every column of a matrix.
        """
        if self.tolerance == FLOATS and tree.is_moved:
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
        return self if self.light is None or tree.is_moved else self.light


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


def is_multiple(one: Numeric | None, other: Numeric, tolerance: Any) -> bool:
    """Whether a value is a number times another one, which is not 0."""
    if one is None or shape_of(one) != shape_of(other) or not np.any(other):
        return False
    place = int(np.argmax(np.abs(np.ravel(other))))
    return agree(one * np.ravel(other)[place], other * np.ravel(one)[place], tolerance)
