"""Where the side at fault is tried, and what it should be worth there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import mpmath

from symprop.errors import SympropError
from symprop.verification.claims import Claim
from symprop.verification.conditions import are_met
from symprop.verification.conventions import samples_of
from symprop.verification.equality import Comparison
from symprop.verification.indices import assignments
from symprop.verification.meaning.rates import rate
from symprop.verification.meaning.setting import Conventions, Setting, shape_of
from symprop.verification.meaning.values import loss_name, value
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.slips.search import valued
from symprop.verification.slips.solutions import solution
from symprop.verification.updates import learning_rate
from symprop.verification.worlds import PRECISION, Numeric


def usual(claim: Claim, comparison: Comparison, points: Points) -> list[Conventions]:
    """The conventions of the comparison, with every sample that may be meant."""
    meant = comparison.conventions
    if meant.batch:
        return [meant]
    return [replace(meant, sample=sample) for sample in samples_of(claim.trees)]


@dataclass(frozen=True)
class Trying:
    """Where the side at fault may be tried, and what it should be worth there.

    `solved` is the weight that the line solves for; "" for none.
    """

    claim: Claim
    comparison: Comparison
    given: t.Tree
    swapped: bool
    is_update: bool
    points: Points
    solved: str = ""

    def settings(self) -> Iterator[tuple[Setting, Numeric]]:
        """The setting of the comparison where the truth is not 0 there; one for each sample."""
        found = self._of_the_comparison()
        if found is None or _vanishes(found[1]):
            found = self._elsewhere() or found
        if found is None:
            return
        yield found
        setting = found[0]
        if self.is_update:
            return
        for conventions in usual(self.claim, self.comparison, self.points):
            if conventions.sample != setting.conventions.sample:
                other = replace(setting, conventions=conventions)
                truth = self._truth(other)
                if truth is not None:
                    yield other, truth

    def _of_the_comparison(self) -> tuple[Setting, Numeric] | None:
        setting = self.comparison.setting
        if setting is None or self.solved:
            return None
        return setting, self.comparison.right if self.swapped else self.comparison.left

    def _elsewhere(self) -> tuple[Setting, Numeric] | None:
        """A world in which what is right is not 0."""
        conventions = self.comparison.conventions
        with mpmath.workdps(PRECISION):
            for world in self.points:
                setting = Setting(world, conventions)
                for indices in assignments(self.claim.trees, setting):
                    here = setting.with_indices(indices)
                    truth = self._truth(here)
                    meant = self.claim.where(indices) and _is_met(self.claim, here)
                    if meant and truth is not None and not _vanishes(truth):
                        return here, truth
        return None

    def _truth(self, setting: Setting) -> Numeric | None:
        with mpmath.workdps(PRECISION):
            if self.solved:
                return solution(self.solved, setting)
            if not self.is_update:
                return valued(self.given, setting)
            try:
                return updated(self.claim, setting)
            except SympropError:
                return None


def _is_met(claim: Claim, setting: Setting) -> bool:
    try:
        return are_met(claim.given, setting)
    except SympropError:
        return False


def updated(claim: Claim, setting: Setting) -> Numeric:
    """What gradient descent makes of the weight that an update is of."""
    weight, step = t.bare(claim.left), learning_rate(claim.right)
    slope = rate(loss_name(setting), weight, "d", setting, value)
    factor = mpmath.mpf(1) if step is None else value(step, setting)
    return value(weight, setting) - factor * slope


def _vanishes(found: Numeric) -> bool:
    return all(entry == 0 for entry in (found.flat if shape_of(found) else (found,)))
