"""In what a formula is worked out: a world, the indices in force, conventions, unknown names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.verification.reading.errors import NOWHERE, Span
from symprop.verification.worlds import Numeric, Values, World

LAYOUTS = ("gradient", "numerator", "denominator")
"""How derivatives lie.

"gradient": that of a number has the shape of what it is taken by, Jacobians are in numerator
layout; "numerator": that of a number by a column is a row; "denominator": Jacobians are transposed.
"""


class UndecidableError(SympropError):
    """A formula means nothing certain; the message says what is missing."""

    def __init__(self, message: str, span: Span = NOWHERE, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.span = span


class MisfitError(SympropError):
    """Shapes that do not fit together, so that a formula means nothing at all."""

    def __init__(self, message: str, span: Span = NOWHERE, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.span = span


class TooLongError(UndecidableError):
    """A formula that takes too long to be worked out, whatever it means."""


class NoMemberError(UndecidableError):
    """One of several names is meant that is not there, such as h_5 of h_1, ..., h_4."""


class NoValueError(SympropError):
    """A number that is not real and finite: no evidence for anything."""


@dataclass(frozen=True)
class Conventions:
    """What a text may leave unsaid.

    `layout` is one of LAYOUTS. With `entrywise` the derivative of one column by another is the
    column of the derivatives entry by entry. `sample` is the index of the sample that the network
    is declared for; another index means another sample. With `total` a partial derivative of a
    step follows the steps between, too. `constants` has the sizes of the columns of ones and of the
    identities by their places in the text: a number or the name of a size. With `rows` a row of a
    matrix is a row, else it is written as a column. `batch` is how the number of samples is called
    that a sum runs over; the loss is their mean then, or where `summed` their sum.
    """

    layout: str = "gradient"
    entrywise: bool = False
    sample: str = ""
    total: bool = False
    constants: tuple[tuple[int, int | str], ...] = ()
    rows: bool = False
    batch: str = ""
    summed: bool = False


USUAL = Conventions()
"""What is meant where a text says nothing else."""


@dataclass
class Record:
    """What is kept in mind while formulas are worked out in one world.

    `notes` are sentences: what a text leaves to the reader and is taken for granted. `spent` is
    how many parts of formulas were worked out. With a `memo` the values of parts are kept, by the
    part itself and the indices in force.
    """

    notes: dict[str, None] = field(default_factory=dict)
    spent: int = 0
    memo: dict[Any, tuple[Any, Numeric]] | None = None

    def spend(self) -> None:
        """Count one part; UndecidableError where there have been too many."""
        self.spent += 1
        if self.spent > BUDGET:
            raise TooLongError("it takes too long to work this out")


BUDGET = 40_000
"""Of a formula that needs more parts in one world no value is worked out."""


@dataclass(frozen=True)
class Setting:
    """A world, the values of names in it (perhaps moved a little), indices in force, conventions.

    `indices` counts from 1. `fixed` are values that undeclared names are given, such as eta = 1;
    all others get a random number of their own.
    """

    world: World
    conventions: Conventions = USUAL
    indices: Mapping[str, int] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    moved: Values | None = None
    record: Record = field(default_factory=Record, compare=False)

    @property
    def values(self) -> Values:
        """The values of declared names and steps."""
        return self.world.values if self.moved is None else self.moved

    def at(self, values: Values) -> Setting:
        """The same with other values of the names."""
        return replace(self, moved=values)

    def with_indices(self, indices: Mapping[str, int]) -> Setting:
        """The same with further indices in force."""
        return replace(self, indices={**self.indices, **indices})

    def with_free(self, name: str, value: Numeric) -> Setting:
        """The same with another value of a name that is not declared."""
        return replace(self, fixed={**self.fixed, name: value})

    def in_layout(self, layout: str) -> Setting:
        """The same with derivatives that lie in a certain way."""
        return replace(self, conventions=replace(self.conventions, layout=layout, entrywise=False))

    @property
    def batch_size(self) -> int:
        """Over how many samples the sums over samples run here."""
        name = self.conventions.batch
        return int(name) if name.isdigit() else 2 + self.world.seed % 3

    def note(self, sentence: str) -> None:
        """Keep in mind what is taken for granted."""
        self.record.notes[sentence] = None

    def free(self, name: str) -> Numeric:
        """The value of a name that is not declared: its own in each world, never 0 or 1."""
        if name in self.fixed:
            return mpmath.mpf(self.fixed[name])
        if name == self.conventions.batch:
            return mpmath.mpf(self.batch_size)
        return mpmath.mpf(Random(f"{self.world.seed} {name}").randint(1101, 1899)) / 1000


def shape_of(value: Numeric) -> tuple[int, ...]:
    """The shape of a value, () for a number."""
    return tuple(value.shape) if isinstance(value, np.ndarray) else ()


def plain(value: Numeric) -> Numeric:
    """A 1 x 1 is a number."""
    if isinstance(value, np.ndarray):
        return value[0, 0] if value.shape == (1, 1) else value
    return value


def shape_text(value: Numeric) -> str:
    """A shape in words."""
    shape = shape_of(value)
    return " x ".join(map(str, shape)) if shape else "a number"
