"""Whether two sides are equal: tried at random points, under the conventions a text may mean.

Points come first: a wrong line differs at the first of them. Two sides that agree at POINTS points
of 60 digits, over thousands of values for each name, differ by chance with a probability that no
derivation lives to see: for polynomials of degree d it is below (d/3000)^POINTS, and functions such
as exp and log only make it smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any, TypeAlias

import mpmath
import numpy as np

from symprop.derivation.course import Course
from symprop.errors import SympropError
from symprop.expression.nodes import walk
from symprop.network import Network
from symprop.verification.claims import Claim, Where, everywhere
from symprop.verification.conventions import conventions_of, has_matrix_rate
from symprop.verification.indices import assignments
from symprop.verification.meaning.rates import BLOCKS
from symprop.verification.meaning.setting import (
    USUAL,
    Conventions,
    MisfitError,
    NoMemberError,
    NoValueError,
    Setting,
    TooLongError,
    UndecidableError,
    shape_of,
)
from symprop.verification.meaning.values import value
from symprop.verification.reading import tree as t
from symprop.verification.worlds import PRECISION, Numeric, World, worlds

POINTS = 5
"""Sides that agree at so many points are equal."""
POINTS_OF_LARGE = 2
LARGE = 1500
"""In a network of so many entries that are declared, whose sizes are numbers, fewer points do."""
POINTS_OF_SIDED = 20
"""Where functions have kinks, or labels are 0 or 1, so many: each side has to be seen."""
TRIES = 50
"""So many points are looked at for those with a value."""
TOLERANCE = mpmath.mpf(10) ** -18


NO_SHAPE = "no shape is agreed for the derivative of a column by a matrix: write it for one entry"


class NoShapeError(UndecidableError):
    """What does not fit as it has the derivative of a column by a matrix, which has three axes."""


class Answer(Enum):
    """What trying two sides gives."""

    EQUAL = "equal"
    DIFFERENT = "different"
    MISFIT = "misfit"
    UNDECIDABLE = "undecidable"


@dataclass(frozen=True)
class Comparison:
    """An answer, and what was taken for granted on the way.

    Where sides differ there are the setting and both values there; `holds` then has for a free
    index the numbers for which they do not.
    """

    answer: Answer
    points: int = 0
    conventions: Conventions = USUAL
    notes: tuple[str, ...] = ()
    error: SympropError | None = None
    setting: Setting | None = None
    left: Any = None
    right: Any = None
    holds: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_equal(self) -> bool:
        """Whether the sides are equal."""
        return self.answer is Answer.EQUAL


Sides: TypeAlias = Callable[[Setting], tuple[Numeric, Numeric]]
"""Two values that are to be compared, in a setting."""
Change: TypeAlias = Callable[[World], World | None]
"""An assumption as a change of worlds; None where it cannot be made in one."""


@dataclass
class Points:
    """The worlds of a network, made when they are needed and kept."""

    network: Network
    seed: int = 0
    _found: list[World] = field(default_factory=list)
    _source: Iterator[World] | None = None

    def __iter__(self) -> Iterator[World]:
        for place in range(TRIES):
            if place == len(self._found):
                if self._source is None:
                    self._source = worlds(self.network, Course(self.network), self.seed)
                self._found.append(next(self._source))
            yield self._found[place]

    @property
    def wanted(self) -> int:
        """At how many points sides have to agree."""
        if not self._found:
            return POINTS
        entries = sum(np.size(value) for value in self._found[0].point.values.values())
        if entries >= LARGE:
            return POINTS_OF_LARGE
        return POINTS_OF_SIDED if self._is_sided else POINTS

    @cached_property
    def _is_sided(self) -> bool:
        """Whether a line may be right on one side of a kink alone, or for one of two labels."""
        parts = (part for step in self.network.steps.values() for part in walk(step.node))
        kinked = any(getattr(getattr(p, "entry", None), "kink", None) is not None for p in parts)
        return kinked or not {"binary", "signed"}.isdisjoint(self.network.labels.values())


def compare(
    claim: Claim,
    points: Points,
    *,
    change: Change | None = None,
    conventions: Sequence[Conventions] = (),
) -> Comparison:
    """Try both sides of a claim under every convention that it may be meant in, or under some."""

    def sides(setting: Setting) -> tuple[Numeric, Numeric]:
        return value(claim.left, setting), value(claim.right, setting)

    return compare_sides(
        sides, claim.trees, points, where=claim.where, change=change, conventions=conventions
    )


def compare_sides(
    sides: Sides,
    trees: Sequence[t.Tree],
    points: Points,
    *,
    where: Where = everywhere,
    change: Change | None = None,
    conventions: Sequence[Conventions] = (),
) -> Comparison:
    """Try what is worked out of some trees; that of the likeliest reading is given."""
    trial = _Trial(sides, trees, points, where, change)
    answers: list[Comparison] = []
    for meant in conventions or conventions_of(trees, points.network):
        found = trial.under(meant)
        if found.is_equal or isinstance(found.error, TooLongError):
            return found
        answers.append(found)
    different = (found for found in answers if found.answer is Answer.DIFFERENT)
    unfit = answers[0].answer is Answer.MISFIT or isinstance(answers[0].error, NoShapeError)
    return next(different, answers[0]) if unfit else answers[0]


@dataclass(frozen=True)
class _Trial:
    """What is tried, and where."""

    sides: Sides
    trees: Sequence[t.Tree]
    points: Points
    where: Where
    change: Change | None

    def under(self, conventions: Conventions) -> Comparison:
        """The answer under one reading of what the text leaves unsaid."""
        agreed = 0
        notes: dict[str, None] = {}
        for world in self.points:
            if agreed == self.points.wanted:
                break
            with mpmath.workdps(PRECISION):
                changed = world if self.change is None else self.change(world)
                if changed is None:
                    continue
                setting = Setting(changed, conventions)
                found = self._at(setting)
            if found is None:
                continue
            if not found.is_equal:
                return found
            notes |= setting.record.notes
            agreed += 1
        if not agreed:
            missing = UndecidableError("it has no real and finite value at any point tried")
            return Comparison(Answer.UNDECIDABLE, error=missing, conventions=conventions)
        return Comparison(Answer.EQUAL, agreed, conventions, tuple(notes))

    def _at(self, setting: Setting) -> Comparison | None:
        """The answer in one world, for all free indices; None where nothing has a value there."""
        conventions = setting.conventions
        met: list[tuple[dict[str, int], bool]] = []
        different: Comparison | None = None
        absent: UndecidableError | None = None
        try:
            for indices in assignments(self.trees, setting):
                if not self.where(indices):
                    continue
                here = setting.with_indices(indices)
                try:
                    left, right = self.sides(here)
                except NoValueError:
                    continue
                except NoMemberError as error:
                    absent = error
                    continue
                equal = _same(left, right, spread=conventions.entrywise)
                met.append((indices, equal))
                if not equal and different is None:
                    different = Comparison(
                        Answer.DIFFERENT, 0, conventions, (), None, here, left, right
                    )
        except MisfitError as error:
            if BLOCKS in setting.record.notes:
                return _without_shape(conventions)
            return Comparison(Answer.MISFIT, 0, conventions, error=error)
        except SympropError as error:
            return Comparison(Answer.UNDECIDABLE, 0, conventions, error=error)
        if different is not None and self._is_shorthand(different, setting):
            return _without_shape(conventions)
        if different is not None:
            return _with_holds(different, met)
        if not met and absent is not None:
            return Comparison(Answer.UNDECIDABLE, 0, conventions, error=absent)
        return Comparison(Answer.EQUAL, 1, conventions) if met else None

    def _is_shorthand(self, different: Comparison, setting: Setting) -> bool:
        """Whether only the shapes differ of a derivative that has none of its own, do/dW = x^T."""
        alone = sum(map(has_matrix_rate, self.trees)) == 1
        shapes = shape_of(different.left), shape_of(different.right)
        return alone and BLOCKS in setting.record.notes and shapes[0] != shapes[1]


def _without_shape(conventions: Conventions) -> Comparison:
    return Comparison(Answer.UNDECIDABLE, 0, conventions, error=NoShapeError(NO_SHAPE))


def _with_holds(found: Comparison, met: list[tuple[dict[str, int], bool]]) -> Comparison:
    """A difference, with the numbers of each index for which there is none."""
    letters = list(met[0][0])
    wrong = {letter: {i[letter] for i, equal in met if not equal} for letter in letters}
    holds = {
        letter: tuple(dict.fromkeys(i[letter] for i, _ in met if i[letter] not in wrong[letter]))
        for letter in letters
    }
    return replace(found, holds={letter: numbers for letter, numbers in holds.items() if numbers})


def _same(left: Numeric, right: Numeric, *, spread: bool) -> bool:
    """Whether two values are equal but for rounding.

    A number is a matrix of that number only where it is `spread` over all entries.
    """
    shapes = shape_of(left), shape_of(right)
    if shapes[0] != shapes[1] and not (spread and () in shapes):
        return False
    sides = np.broadcast_arrays(*(np.asarray(side, dtype=object) for side in (left, right)))
    one, other = (side.ravel() for side in sides)
    scale = max([mpmath.mpf(1), *map(abs, one), *map(abs, other)])
    small = max([*map(abs, one), *map(abs, other)])
    scale = min(scale, max(small, mpmath.mpf(10) ** -10))
    return all(abs(a - b) <= TOLERANCE * scale for a, b in zip(one, other, strict=True))
