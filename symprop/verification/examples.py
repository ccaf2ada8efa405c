"""The worked example of a network: its values at first, and after each update."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from symprop.derivation.course import Course
from symprop.derivation.point import point_of
from symprop.errors import SympropError
from symprop.network import Network
from symprop.verification.reading.symbols import RATE
from symprop.verification.worlds import PRECISION, World, with_values

MOST = 100
"""Behind so many updates numbers are not looked for."""


@dataclass
class WorkedExample:
    """The worlds of a worked example, one for each update, made when they are needed and kept."""

    network: Network
    _found: list[World] = field(default_factory=list)

    def __iter__(self) -> Iterator[World]:
        """The world at first, then that after each update; none where there is no example."""
        example = self.network.worked_example
        if example is None:
            return
        rate = example.learning_rate
        exact = Fraction(repr(rate) if isinstance(rate, float) else rate or 0)
        for number in range(min(example.steps, MOST) + 1):
            if number == len(self._found):
                made = self._updated(exact) if number else self._first()
                if made is None:
                    return
                self._found.append(made)
            yield self._found[number]

    @property
    def rates(self) -> dict[str, Any]:
        """The learning rate of the example by its name, where it has one."""
        example = self.network.worked_example
        rate = None if example is None else example.learning_rate
        return {} if rate is None else {RATE.name: str(rate)}

    def _first(self) -> World | None:
        example = self.network.worked_example
        assert example is not None  # the caller looked
        try:
            point = point_of(self.network, example.values)
            with mpmath.workdps(PRECISION):
                return World(self.network, Course(self.network), point, 0)
        except SympropError:
            return None

    def _updated(self, rate: Fraction) -> World | None:
        before = self._found[-1]
        with mpmath.workdps(PRECISION):
            step = before.arithmetic.number(rate)
            changed = {w.name: self._moved(before, w.name, step) for w in self.network.weights}
            try:
                return with_values(before, changed)
            except SympropError:
                return None

    def _moved(self, world: World, name: str, step: Any) -> Any:
        return np.asarray(world.values[name] - step * world.gradients[name], dtype=object)


def moment(update: int) -> str:
    """When the numbers of an example are so: at first, or after which update."""
    return "in the worked example" + (f", after update {update}" if update else "")
