"""Random points of a network, at which its formulas keep their digits.

Weights are drawn small enough that layers do not saturate, and sizes in several orders, as W.T*W
or W*W.T may have to be regular. log(1 - p) of a p near 1 has lost its digits, and so has the
inverse of a nearly singular matrix: a point without such is looked for first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice
from math import sqrt
from typing import Any

import numpy as np

from symprop.declaration import Declared
from symprop.expression.definition import opened
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Apply, Node, OfMatrix, Shape, walk
from symprop.expression.shapes import numeric_extent
from symprop.functions.matrices import determinant, inverse, logabsdet, logdet
from symprop.network import Network

TRIES = 40
NEAR = 1e-3
"""A logarithm of less than this may have lost digits."""
CONDITION = 1e4
"""A matrix with a larger condition number is as good as singular."""
LARGEST_SIZE = 16
"""Declared sizes above this are not drawn."""

INVERTING = (inverse, determinant, logdet, logabsdet)
"""Functions that have an inverse in themselves or in their gradient."""
ZEROS = {"log": 0.0, "log1p": -1.0}
"""Where logarithms have no value."""

Values = dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """A point: sizes, weights with the hyperparameters, and data, a dictionary a sample."""

    sizes: dict[str, int]
    weights: Values
    data: tuple[Values, ...]


def draw(network: Network, rng: np.random.Generator, samples: int) -> Iterator[Drawn]:
    """Yield points, those first at which all formulas keep their digits.

    Every other point is positive, as a logarithm or a root may ask for it.
    """
    doubtful = []
    for point in islice(candidates(network, rng, samples), TRIES):
        if keeps_digits(network, point):
            yield point
        else:
            doubtful.append(point)
    yield from doubtful


def candidates(network: Network, rng: np.random.Generator, samples: int) -> Iterator[Drawn]:
    """Yield points without an end, whatever the formulas are there."""
    for attempt in count():
        yield _Draw(network, rng, samples, attempt).point()


class _Draw:
    def __init__(
        self, network: Network, rng: np.random.Generator, samples: int, attempt: int
    ) -> None:
        self.network = network
        self.rng = rng
        self.samples = samples if network.per_sample else 1
        self.positive = attempt % 2 == 1
        self.sizes = self._sizes(samples, order=attempt // 2 % 4)

    def _sizes(self, samples: int, *, order: int) -> dict[str, int]:
        """Small sizes, distinct from each other and from the number of samples."""
        names = list(self.network.size_symbols)
        rising = list(range(samples + 1, samples + 1 + len(names)))
        declared = self.network.sizes
        if order == 0:
            return dict(zip(names, rising, strict=True))
        if order == 1:
            return dict(zip(names, reversed(rising), strict=True))
        mixed = dict(zip(names, self.rng.permutation(rising).tolist(), strict=True))
        fits = declared and max(declared.values()) <= LARGEST_SIZE
        return mixed | declared if order == 2 and fits else mixed

    def point(self) -> Drawn:
        network = self.network
        weights = {entry.name: self._value(entry) for entry in network.weights}
        data = [*network.inputs, *network.targets]
        samples = tuple({d.name: self._value(d) for d in data} for _ in range(self.samples))
        return Drawn(self.sizes, {**network.hyperparameters, **weights}, samples)

    def _value(self, entry: Declared) -> Any:
        shape = self._shape(entry.leaf.shape)
        kind = self.network.labels.get(entry.name)
        if kind in ("one-hot", "probabilities") and shape:
            return self._distributions(shape, entry.leaf.sums_to_one, hot=kind == "one-hot")
        if kind in ("one-hot", "probabilities", "binary", "signed"):
            drawn = self.rng.integers(2, size=shape).astype(float)
            return 2 * drawn - 1 if kind == "signed" else drawn
        scale = 1 / sqrt(max(shape)) if shape and entry.role == "weight" else 1.0
        if self.positive:
            return self.rng.uniform(0.2, 1.2, shape) * scale
        return self.rng.normal(0.0, scale, shape)

    def _shape(self, shape: Shape) -> tuple[int, ...]:
        return tuple(numeric_extent(extent, self.sizes) for extent in shape)

    def _distributions(self, shape: tuple[int, ...], axis: int | None, *, hot: bool) -> Any:
        rows = shape if axis == 1 else shape[::-1]
        if hot:
            drawn = np.eye(rows[1])[self.rng.integers(rows[1], size=rows[0])]
        else:
            drawn = self.rng.dirichlet(np.ones(rows[1]), size=rows[0])
        return drawn if axis == 1 else drawn.T


# -- digits ---------------------------------------------------------------------------------------


def keeps_digits(network: Network, point: Drawn) -> bool:
    """Whether no step takes the logarithm of what is nearly 0, or inverts what is singular."""
    with np.errstate(all="ignore"), suppress(np.linalg.LinAlgError):
        return all(_sample_keeps_digits(network, point, sample) for sample in point.data)
    return False


def _sample_keeps_digits(network: Network, point: Drawn, sample: Values) -> bool:
    values = {**point.weights, **sample}
    for name, step in network.steps.items():
        found = (node for node in walk(opened(step.node)) if isinstance(node, Apply | OfMatrix))
        if not all(_keeps_digits(node, values, point.sizes) for node in found):
            return False
        values[name] = evaluate(step.node, values, point.sizes)
    return True


def _keeps_digits(node: Node, values: Mapping[str, Any], sizes: Mapping[str, int]) -> bool:
    if isinstance(node, OfMatrix) and node.entry in INVERTING:
        argument = evaluate(node.children[0], values, sizes)
        return bool(np.isfinite(argument).all() and np.linalg.cond(argument) < CONDITION)
    if isinstance(node, Apply) and node.entry.name in ZEROS:
        argument = evaluate(node.children[0], values, sizes)
        return bool(np.min(np.abs(argument - ZEROS[node.entry.name])) >= NEAR)
    return True
