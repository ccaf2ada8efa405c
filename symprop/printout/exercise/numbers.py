"""Convenient numbers for the worked example of an exercise, drawn by a seed.

Whole numbers and numbers of one decimal, small enough to be worked with by hand, at a point where
every step has a value, no function has a kink and no gradient vanishes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np

from symprop.declaration import Declared
from symprop.derivation.course import entries
from symprop.derivation.descent import Descent
from symprop.derivation.record import Derivation
from symprop.derivation.trace import Trace, trace
from symprop.errors import PointError, UnsupportedError
from symprop.example import Example
from symprop.expression.shapes import numeric_extent
from symprop.network import Network

TRIES = 60
STEPS = 3
"""So many updates of a descent are looked at."""
ENTRIES_LIMIT = 24
"""With more numbers than this nothing is worked out by hand."""
DATA = tuple(Fraction(n) for n in (1, 2, 3, -1, -2))
WEIGHTS = tuple(Fraction(n, 10) for n in (1, 2, 3, 4, 5, 6, 8, 10, 20, -1, -2, -3, -5, -10))
SMALL, LARGE = 0.005, 50.0
"""A gradient should be larger than this, and every number smaller than that."""


def drawn_example(derivation: Derivation, given: Example | None, seed: int) -> Example | None:
    """An example with numbers of its own; the given one where there is nothing to draw.

    That is so with too many numbers to work with, and with functions that have no formula. Learning
    rate and steps are those of the given example. Raises PointError where no
    numbers were found at which every step has a value.
    """
    network = derivation.network
    draw = _Draw(network, Random(seed))
    if draw.count > ENTRIES_LIMIT:
        return given
    best: tuple[float, Mapping[str, Any]] | None = None
    for attempt in range(TRIES):
        values = draw.values(positive=attempt % 2 == 1)
        try:
            flaws = _flaws(network, trace(network, values))
            flaws += _flaws_of_descent(derivation, values, given) if flaws == 0 else 1
        except UnsupportedError:
            return given
        except PointError:
            continue
        if best is None or flaws < best[0]:
            best = flaws, values
        if flaws == 0:
            break
    if best is None:
        raise PointError(
            f"network {network.name!r}: every step has a value at none of {TRIES} random points",
            hint="give numbers with net.example({...}), and leave the seed out",
        )
    if given is None:
        return Example(best[1])
    return Example(best[1], given.learning_rate, given.steps, given.decimals)


class _Draw:
    """Draws values for everything that is declared; sizes are as small as can be."""

    def __init__(self, network: Network, random: Random) -> None:
        self.network = network
        self.random = random
        self.sizes = {
            name: size if (size := network.sizes.get(name, 2)) <= 3 else 2
            for name in network.size_symbols
        }
        self.entries = [e for e in network.declared.values() if e.role != "hyperparameter"]

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return sum(int(np.prod(self._shape(entry))) for entry in self.entries)

    def values(self, *, positive: bool) -> dict[str, Any]:
        """A value for each name, and for sizes that are not shown by any."""
        found: dict[str, Any] = {entry.name: self._value(entry, positive) for entry in self.entries}
        shown = {str(extent) for entry in self.entries for extent in entry.shape}
        return found | {name: size for name, size in self.sizes.items() if name not in shown}

    def _shape(self, entry: Declared) -> tuple[int, ...]:
        return tuple(numeric_extent(extent, self.sizes) for extent in entry.shape)

    def _value(self, entry: Declared, positive: bool) -> Any:
        shape = self._shape(entry)
        kind = self.network.labels.get(entry.name, "")
        if kind in ("one-hot", "probabilities") and shape:
            return self._distributions(shape, entry.leaf.sums_to_one, hot=kind == "one-hot")
        choices = {"binary": (0, 1), "one-hot": (0, 1), "probabilities": (0, 1), "signed": (-1, 1)}
        numbers: Sequence[Any] = choices.get(kind) or (WEIGHTS if entry.role == "weight" else DATA)
        if positive and kind == "":
            numbers = [number for number in numbers if number > 0]
        if not shape:
            return self.random.choice(numbers)
        rows, columns = shape
        return [[self.random.choice(numbers) for _ in range(columns)] for _ in range(rows)]

    def _distributions(
        self, shape: tuple[int, ...], axis: int | None, *, hot: bool
    ) -> list[list[Any]]:
        rows = shape if axis == 1 else shape[::-1]
        drawn = [self._distribution(rows[1], hot=hot) for _ in range(rows[0])]
        return drawn if axis == 1 else [list(line) for line in zip(*drawn, strict=True)]

    def _distribution(self, length: int, *, hot: bool) -> list[Any]:
        """A 1 for one class; or tenths that add up to 1, as they come."""
        if hot:
            place = self.random.randrange(length)
            return [Fraction(index == place) for index in range(length)]
        tenths = [0] * length
        for _ in range(10):
            tenths[self.random.randrange(length)] += 1
        return [Fraction(count, 10) for count in tenths]


def _flaws(network: Network, found: Trace) -> int:
    """How inconvenient numbers are: kinks, what is large, weights whose gradient is nearly 0."""
    large = sum(1 for number in _numbers(found) if abs(number) > LARGE)
    gradients = (found.gradient(weight.name) for weight in network.weights)
    flat = sum(1 for gradient in gradients if np.max(np.abs(gradient)) < SMALL)
    return len(found.notes) + large + flat


def _flaws_of_descent(
    derivation: Derivation, values: Mapping[str, Any], given: Example | None
) -> int:
    """How inconvenient the first updates are: the loss rises, or there is nothing left to learn."""
    if given is None or given.learning_rate is None:
        return 0
    network = derivation.network
    steps = min(given.steps, STEPS)
    try:
        updates = list(Descent(derivation, values, given.learning_rate).updates(steps))
    except PointError:
        return 2
    losses = [update.before.values[network.require_loss().name] for update in updates]
    slopes = (
        max(abs(entry) for weight in network.weights for entry in entries(found[weight.name]))
        for found in (update.before.gradients for update in updates)
    )
    return any(a <= b for a, b in pairwise(losses)) + any(slope < SMALL for slope in slopes)


def _numbers(found: Trace) -> Iterator[float]:
    for row in found.rows:
        for values in (row.value, row.gradient):
            if values is not None:
                yield from np.ravel(values).tolist()
