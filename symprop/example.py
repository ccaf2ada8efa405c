"""A worked example: one sample, a value for every symbol, and how many updates to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import Any

from symprop.errors import DeclarationError


@dataclass(frozen=True)
class Example:
    """The numbers of a worked example.

    `values` are those of one sample, of the weights and of sizes that they do not show, by symbol
    or name. With a learning rate, `steps` updates of gradient descent are shown.
    """

    values: Mapping[Any, Any]
    learning_rate: Any = None
    steps: int = 0


def checked_example(values: Any, learning_rate: Any, steps: Any) -> Example:
    """An Example; DeclarationError for what makes none. Values are checked where they are used."""
    if not isinstance(values, Mapping):
        raise DeclarationError(
            f"an example needs values by their symbols, not {type(values).__name__}",
            hint="write net.example({x: 1, w: 0.5})",
        )
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise DeclarationError(f"{steps!r} is no number of steps", hint="write steps=3")
    if learning_rate is None:
        if steps:
            raise DeclarationError(
                "steps need a learning rate", hint="write learning_rate=0.1, steps=3"
            )
        return Example(dict(values))
    number = isinstance(learning_rate, Real) and not isinstance(learning_rate, bool)
    if not number or not isfinite(learning_rate) or learning_rate <= 0:
        raise DeclarationError(
            f"{learning_rate!r} is no learning rate", hint="write a positive number, such as 0.1"
        )
    return Example(dict(values), learning_rate, steps or 1)
