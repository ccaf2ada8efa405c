"""Whether two sides are equal: tried at random points, under the conventions a text may mean.

Points come first: a wrong line differs at the first of them. The bound on the chance of an error:
values are decimals, about 1000 of them for each name, so that two polynomials of degree d that
differ agree at POINTS points by chance with a probability below (d/1000)^POINTS, at POINTS_OF_LARGE
points accordingly. Of exp, log and their kin no such bound is proved, but where they are analytic
two sides that differ agree at single values alone. What is made of pieces is bound by whether each
piece was seen: pieces of the network that half of the points have are missed by 20 points in one of
a million cases, those that constants of the line put far away are looked for (`magnitudes`). Equal
is what agrees to 18 digits, or to as many more as the constants of the line ask for (`digits`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any, TypeAlias

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.verification.claims import Claim
from symprop.verification.conditions import are_met, fulfilling, told
from symprop.verification.conventions import conventions_of, has_matrix_rate, rates_of
from symprop.verification.digits import digits_of, tolerance
from symprop.verification.indices import assignments, free_letters
from symprop.verification.layout_free import kept_for_layouts, lies_in_layouts
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
from symprop.verification.points import TRIES, TRIES_GIVEN, Change, Points
from symprop.verification.worlds import Numeric

SMALLEST = -33
"""Of numbers below this power of two it is not their relative difference that counts."""
ZERO = -(10**9)

NO_SHAPE = "no shape is agreed for a derivative with three or four axes: write it for one entry"


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


def compare(
    claim: Claim,
    points: Points,
    *,
    change: Change | None = None,
    conventions: Sequence[Conventions] = (),
) -> Comparison:
    """Try both sides of a claim under every convention that it may be meant in, or under some."""

    quick = not any(True for _ in rates_of(claim.right))  # it may have no value, at less cost
    worth = value if lies_in_layouts(claim.right) else kept_for_layouts()

    def sides(setting: Setting) -> tuple[Numeric, Numeric]:
        right = worth(claim.right, setting) if quick else None
        left = value(claim.left, setting)
        return left, right if quick else worth(claim.right, setting)

    return compare_sides(sides, claim, points, change=change, conventions=conventions)


def compare_sides(
    sides: Sides,
    claim: Claim,
    points: Points,
    *,
    change: Change | None = None,
    conventions: Sequence[Conventions] = (),
) -> Comparison:
    """Try what is worked out of a claim; that of the likeliest reading is given."""
    try:
        trial = _Trial(sides, claim, points.precise(digits_of(claim)), change)
    except TooLongError as error:
        return Comparison(Answer.UNDECIDABLE, error=error)
    answers: list[Comparison] = []
    for meant in conventions or conventions_of(claim.trees, points.network):
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
    claim: Claim
    points: Points
    change: Change | None

    @cached_property
    def _letters(self) -> list[str]:
        return free_letters(self.claim.trees)

    def under(self, conventions: Conventions) -> Comparison:
        """The answer under one reading of what the text leaves unsaid."""
        agreed = 0
        notes: dict[str, None] = {}
        given = self.claim.given
        for world in self.points.first(TRIES_GIVEN if given else TRIES):
            if agreed == self.points.wanted:
                break
            with mpmath.workdps(self.points.digits):
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
            what = f"{told(given)} holds" if given else "it has a real and finite value"
            missing = UndecidableError(f"at no point tried {what}")
            return Comparison(Answer.UNDECIDABLE, error=missing, conventions=conventions)
        return Comparison(Answer.EQUAL, agreed, conventions, tuple(notes))

    def _at(self, setting: Setting) -> Comparison | None:
        """The answer in one world, for all free indices; None where nothing has a value there."""
        conventions = setting.conventions
        met: list[tuple[dict[str, int], bool]] = []
        different: Comparison | None = None
        absent: UndecidableError | None = None
        try:
            setting = self._where_given(setting)
            for indices in assignments(self.claim.trees, setting, self._letters):
                here = setting.with_indices(indices)
                if not self.claim.where(indices) or not are_met(self.claim.given, here):
                    continue
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
        except NoValueError:
            return None
        except SympropError as error:
            return Comparison(Answer.UNDECIDABLE, 0, conventions, error=error)
        if different is not None and self._is_shorthand(different, setting):
            return _without_shape(conventions)
        if different is not None:
            return _with_holds(different, met)
        if not met and absent is not None:
            return Comparison(Answer.UNDECIDABLE, 0, conventions, error=absent)
        return Comparison(Answer.EQUAL, 1, conventions) if met else None

    def _where_given(self, setting: Setting) -> Setting:
        """The setting in which what is said to equal something does."""
        if not self.claim.given:
            return setting
        return replace(setting, world=fulfilling(self.claim.given, setting.world))

    def _is_shorthand(self, different: Comparison, setting: Setting) -> bool:
        """Whether only the shapes differ of a derivative that has none of its own, do/dW = x^T."""
        alone = sum(map(has_matrix_rate, self.claim.trees)) == 1
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
    least = max([SMALLEST, *map(_size, one), *map(_size, other)]) + int(mpmath.log(tolerance(), 2))
    return all(_size(a - b) <= least for a, b in zip(one, other, strict=True))


def _size(number: Numeric) -> int:
    """The power of two that a number is below; that of 0 is below all others."""
    _, mantissa, exponent, bits = mpmath.mp.convert(number)._mpf_
    return int(exponent) + int(bits) if mantissa else ZERO
