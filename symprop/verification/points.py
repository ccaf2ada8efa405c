"""The points that a line is tried at, and an assumption made in all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import mpmath
import numpy as np

from symprop.derivation.course import Course
from symprop.expression.nodes import walk
from symprop.network import Network
from symprop.verification.drawn import worlds
from symprop.verification.worlds import PRECISION, World

POINTS = 5
"""Sides that agree at so many points are equal."""
POINTS_OF_LARGE = 2
LARGE = 1500
"""In a network of so many entries that are declared, whose sizes are numbers, fewer points do."""
POINTS_OF_SIDED = 20
"""Where functions have kinks, or labels are 0 or 1, so many: each side has to be seen."""
TRIES = 50
"""So many points are looked at for those with a value."""
TRIES_GIVEN = 300
"""So many where a condition has to hold, too."""
Change: TypeAlias = Callable[[World], World | None]
"""An assumption as a change of worlds; None where it cannot be made in one."""


@dataclass
class Points:
    """The worlds of a network, made when they are needed and kept."""

    network: Network
    seed: int = 0
    digits: int = PRECISION
    _finer: dict[int, Points] = field(default_factory=dict)
    _found: list[World] = field(default_factory=list)
    _source: Iterator[World] | None = None

    def __iter__(self) -> Iterator[World]:
        return self.first(TRIES)

    def first(self, count: int) -> Iterator[World]:
        """So many worlds."""
        for place in range(count):
            if place == len(self._found):
                if self._source is None:
                    self._source = worlds(
                        self.network, Course(self.network), self.seed, self.digits
                    )
                self._found.append(next(self._source))
            yield self._found[place]

    def precise(self, digits: int) -> Points:
        """The same points with so many digits."""
        if digits == self.digits:
            return self
        if digits not in self._finer:
            self._finer[digits] = Points(self.network, self.seed, digits)
        return self._finer[digits]

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


class Changed(Points):
    """The worlds of some points with an assumption made in them."""

    def __init__(self, points: Points, change: Change) -> None:
        super().__init__(points.network, points.seed, points.digits)
        self.points = points
        self.change = change
        self._made: dict[int, World | None] = {}

    def first(self, count: int) -> Iterator[World]:
        """So many worlds, those left out in which the assumption cannot be made."""
        for place, world in enumerate(self.points.first(count)):
            if place not in self._made:
                with mpmath.workdps(self.digits):
                    self._made[place] = self.change(world)
            changed = self._made[place]
            if changed is not None:
                yield changed

    def precise(self, digits: int) -> Points:
        """The same points with so many digits."""
        finer = self.points.precise(digits)
        return self if finer is self.points else Changed(finer, self.change)

    @property
    def wanted(self) -> int:
        """As many as without the assumption."""
        return self.points.wanted
