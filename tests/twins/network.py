"""A random network with its twin: what every name is worth, and the gradients by complex steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from differences import complex_step
from sympy import Expr

from symprop.network import Network
from twins.maker import SCALAR, Shape, Twin, Values


def as_declared(shape: Shape, value: Any) -> Any:
    """A two-dimensional value as an array of the emitted module: a second size 1 is dropped."""
    value = np.asarray(value)
    return value[:, 0] if len(shape) == 2 and shape[1] == 1 else value


def number(extent: Any, sizes: Mapping[str, int]) -> int:
    """An extent as a whole number."""
    if isinstance(extent, Expr):
        extent = extent.subs({symbol: sizes[symbol.name] for symbol in extent.free_symbols})
    return int(extent)


def drawn(
    rng: np.random.Generator, declared: Shape, sizes: Mapping[str, int], kind: str | None
) -> Any:
    """Random values of a declared shape; those of a target are labels of its kind."""
    shape = tuple(number(extent, sizes) for extent in declared)
    if kind == "binary":
        return rng.integers(0, 2, size=shape).astype(float)
    if kind == "signed":
        return rng.integers(0, 2, size=shape) * 2.0 - 1
    if kind in ("one-hot", "probabilities"):
        column = declared[1] == 1
        rows = shape[::-1] if column else shape  # a class an entry of each row
        classes = rows[-1]
        if kind == "one-hot":
            found = np.eye(classes)[rng.integers(0, classes, size=rows[0])]
        else:
            found = rng.dirichlet(np.ones(classes), size=rows[0])
        return found.T if column else found
    return rng.uniform(-1.5, 1.5, size=shape)


@dataclass
class RandomNetwork:
    """A network, its twin, and sizes for it.

    `whole`: declared with samples=n. `defaults` are the values of hyperparameters, `labels` the
    kinds of targets by name.
    """

    network: Network
    whole: bool
    sizes: dict[str, int]
    inputs: list[Twin] = field(default_factory=list)
    targets: list[Twin] = field(default_factory=list)
    weights: list[Twin] = field(default_factory=list)
    steps: list[tuple[str, Twin]] = field(default_factory=list)
    loss: Twin = field(default_factory=lambda: Twin(None, lambda values: 0.0, SCALAR))
    defaults: dict[str, float] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> list[Twin]:
        return self.inputs + self.targets

    @property
    def per_sample(self) -> bool:
        return not self.whole and bool(self.data)

    def point(
        self, seed: int, samples: int | None = None
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Random weights, and one dict of data a sample."""
        rng = np.random.default_rng(seed)

        def draw(twins: list[Twin]) -> dict[str, Any]:
            names = [(twin.sympy.name, twin.shape) for twin in twins]
            return {
                name: drawn(rng, shape, self.sizes, self.labels.get(name)) for name, shape in names
            }

        count = (samples or self.sizes["n"]) if self.per_sample else 1
        return draw(self.weights), [draw(self.data) for _ in range(count)]

    def values(self, params: Values, sample: Values) -> dict[str, Any]:
        """The value of every name, for one sample."""
        values = {**self.defaults, **params, **sample}
        for name, twin in self.steps:
            values[name] = twin.value(values)
        return values

    def loss_at(self, values: Values) -> Any:
        """The loss of one sample, all that is declared being given."""
        return self.loss.value(self.values(values, {}))

    def mean_loss(self, params: Values, data: list[dict[str, Any]]) -> Any:
        losses = [self.loss.value(self.values(params, sample)) for sample in data]
        return sum(losses) / len(losses)

    def gradients(self, params: Values, data: list[dict[str, Any]]) -> dict[str, Any]:
        return complex_step(lambda moved: self.mean_loss(moved, data), params)

    def arrays(
        self, params: Values, data: list[dict[str, Any]]
    ) -> tuple[dict[str, Any], list[Any]]:
        """Weights and data as the emitted module takes them."""
        weights = {t.sympy.name: as_declared(t.shape, params[t.sympy.name]) for t in self.weights}
        batch = []
        for twin in self.data:
            found = [as_declared(twin.shape, sample[twin.sympy.name]) for sample in data]
            batch.append(np.stack(found) if self.per_sample else found[0])
        return weights, batch
