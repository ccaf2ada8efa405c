"""A worked example: one sample, a value for every symbol, and how many updates to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import Any

from symprop.declaration import by_name
from symprop.errors import DeclarationError
from symprop.rounding import Rounding

STEPS_LIMIT = 1_000_000


@dataclass(frozen=True)
class Example:
    """The numbers of a worked example.

    `values` are those of one sample, of the weights and of sizes that they do not show, by symbol
    or name. With a learning rate, `steps` updates of gradient descent are shown. `decimals` says
    how numbers are shown, if not as usual; see `Rounding`.
    """

    values: Mapping[Any, Any]
    learning_rate: Any = None
    steps: int = 0
    decimals: int | None = None

    @property
    def rounding(self) -> Rounding:
        """How numbers are shown."""
        return Rounding() if self.decimals is None else Rounding(self.decimals)


def checked_example(values: Any, learning_rate: Any, steps: Any, decimals: Any = None) -> Example:
    """An Example; DeclarationError for what makes none. Values are checked where they are used."""
    if not isinstance(values, Mapping):
        raise DeclarationError(
            f"an example needs values by their symbols, not {type(values).__name__}",
            hint="write net.example({x: 1, w: 0.5})",
        )
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise DeclarationError(
            f"{steps!r} is no number of steps", hint="give a whole number from 0 on"
        )
    if steps > STEPS_LIMIT:
        raise DeclarationError(
            f"{steps:,} steps are too many", hint=f"the most there can be are {STEPS_LIMIT:,}"
        )
    if decimals is not None:
        Rounding(decimals)
    if learning_rate is None:
        if steps:
            raise DeclarationError(
                f"{steps:,} steps need a learning rate", hint="give one, such as 0.1"
            )
        return Example(dict(values), decimals=decimals)
    number = isinstance(learning_rate, Real) and not isinstance(learning_rate, bool)
    if not number or not isfinite(learning_rate) or learning_rate <= 0:
        raise DeclarationError(
            f"{learning_rate} is no learning rate", hint="give a positive number, such as 0.1"
        )
    return Example(dict(values), learning_rate, steps or 1, decimals)


def overridden(
    base: Example | None,
    values: Mapping[Any, Any],
    learning_rate: Any = None,
    steps: Any = None,
    decimals: Any = None,
) -> Example:
    """The example of a network, with other values, another learning rate and other steps.

    With no steps at all nothing is learned: the numbers are those of one point.
    """
    base = base or Example({})
    merged = by_name("values", base.values) | by_name("values", values)
    rate = base.learning_rate if learning_rate is None else learning_rate
    count = base.steps if steps is None else steps
    if steps == 0 and learning_rate is None:
        rate = None
    return checked_example(merged, rate, count, base.decimals if decimals is None else decimals)
