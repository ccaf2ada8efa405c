"""What the peers compute: networks with weights and data; and how far two answers lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from networks import sigmoid_perceptron
from numpy.typing import NDArray

from symprop import Network

Array = NDArray[np.floating]
Weights = dict[str, Array]

TOLERANCES = {"float64": 1e-10, "float32": 1e-4}
"""How far the answer of a peer may lie from that of symprop, relative to the largest entry."""


@dataclass(frozen=True)
class Classifier:
    """Relu layers, softmax and mean cross-entropy: sizes such as (784, 128, 10), and a batch."""

    sizes: tuple[int, ...]
    batch: int
    dtype: str

    @property
    def name(self) -> str:
        """The sizes as in 784-128-10."""
        return "-".join(map(str, self.sizes))

    @property
    def layers(self) -> range:
        """The numbers of the layers with weights: 1, 2, ..."""
        return range(1, len(self.sizes))

    @cached_property
    def params(self) -> Weights:
        """W1, b1, W2, ...: W (outputs, inputs), C-ordered, by He; biases about 0.1."""
        rng = np.random.default_rng(1)
        found: Weights = {}
        for k in self.layers:
            inputs, outputs = self.sizes[k - 1], self.sizes[k]
            draw = rng.normal(0.0, np.sqrt(2 / inputs), (outputs, inputs))
            found[f"W{k}"] = draw.astype(self.dtype)
            found[f"b{k}"] = rng.normal(0.0, 0.1, outputs).astype(self.dtype)
        return found

    @cached_property
    def x(self) -> Array:
        """Inputs, (batch, inputs)."""
        return np.random.default_rng(2).normal(size=(self.batch, self.sizes[0])).astype(self.dtype)

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """The number of the class of each sample, (batch,)."""
        return np.random.default_rng(3).integers(0, self.sizes[-1], self.batch)

    @cached_property
    def y(self) -> Array:
        """The classes as one-hot rows, (batch, classes)."""
        return np.eye(self.sizes[-1], dtype=self.dtype)[self.labels]


@dataclass(frozen=True)
class Digits(Classifier):
    """The handwritten digits of the examples, the first `batch` of them."""

    @cached_property
    def x(self) -> Array:
        """The pixels, (batch, 64)."""
        return _digits()["x"][: self.batch].astype(self.dtype)

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """The digits, (batch,)."""
        return _digits()["y"][: self.batch].astype(np.int64)


@cache
def _digits() -> dict[str, NDArray[Any]]:
    """The arrays of the file."""
    with np.load(Path(__file__).parents[1] / "examples" / "data" / "digits.npz") as arrays:
        return dict(arrays)


@dataclass(frozen=True)
class ScalarPerceptron:
    """Layers of sigmoids written out neuron by neuron, and one sample."""

    sizes: tuple[int, ...]
    biases: bool = True

    @property
    def name(self) -> str:
        """The sizes as in 2-3-2."""
        return "-".join(map(str, self.sizes)) + ("" if self.biases else ", no biases")

    @cached_property
    def network(self) -> Network:
        """The declared network."""
        return sigmoid_perceptron(self.sizes, self.biases)

    @property
    def layers(self) -> range:
        """The numbers of the layers with weights: 1, 2, ..."""
        return range(1, len(self.sizes))

    @cached_property
    def params(self) -> dict[str, float]:
        """A value for each weight."""
        rng = Random(1)
        return {weight.name: rng.gauss(0.0, 1.0) for weight in self.network.weights}

    @cached_property
    def sample(self) -> dict[str, float]:
        """A value for each input, then for each target."""
        rng = Random(2)
        names = (*self.network.inputs, *self.network.targets)
        return {declared.name: rng.random() for declared in names}


@dataclass(frozen=True)
class Evaluation:
    """A loss and its gradients."""

    loss: float
    gradients: Mapping[str, Array | float]


def difference(found: Evaluation, expected: Evaluation) -> float:
    """The largest difference of two answers, relative to the largest entry of each array."""
    pairs: list[tuple[Array | float, Array | float]] = [(found.loss, expected.loss)]
    pairs += [(found.gradients[key], value) for key, value in expected.gradients.items()]
    return max(_distance(*pair) for pair in pairs)


def _distance(one: Array | float, two: Array | float) -> float:
    """The largest difference of two arrays over the largest entry of the second."""
    if np.shape(one) != np.shape(two):
        return float("inf")
    return float(np.max(np.abs(one - two)) / (np.max(np.abs(two)) + np.finfo(np.float64).tiny))
