"""A network and its twin in torch: what both are given, and what must be equal.

The twin is written from the mathematics, beside the declaration and never read off it, so that a
misread expression shows as a wrong value. It is written for one sample, or for the whole batch
where the network is declared with `samples=n`; the mean over the samples is taken here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from symprop.declaration import Declared
from symprop.expression.shapes import numeric_extent
from symprop.network import Network

torch: Any = pytest.importorskip("torch")
functional: Any = torch.nn.functional

Arrays = dict[str, Any]
Twin = Callable[[Any], tuple[Any, Arrays]]


@dataclass(frozen=True)
class Case:
    """A network, its twin, and where the two are compared.

    `twin` is given the values of all names as attributes of one object, columns as vectors, and
    gives the loss and the outputs by name. `sizes` gives the size symbols numbers. Names in
    `positive` are drawn between 0.3 and 1.3, all others from N(0, spread^2) or as their labels
    say. `large` multiplies data or weights, for a point where a plain formula would overflow.
    """

    declare: Callable[[], Network]
    twin: Twin
    sizes: Mapping[str, int] = field(default_factory=dict)
    positive: tuple[str, ...] = ()
    large: Mapping[str, float] = field(default_factory=dict)
    spread: float = 0.8

    @property
    def name(self) -> str:
        return self.declare.__name__


@dataclass(frozen=True)
class Point:
    """Weights and data as the emitted module takes them."""

    weights: Arrays
    data: Arrays


@dataclass(frozen=True)
class Results:
    """Loss, gradients by weight, outputs by step."""

    loss: float
    gradients: Arrays
    outputs: Arrays


def per_sample(network: Network) -> bool:
    return network.samples is None and bool(network.inputs or network.targets)


def draw(case: Case, network: Network, n: int, *, large: bool = False) -> Point:
    """A random point, with n samples."""
    rng = np.random.default_rng([n, *case.name.encode()])
    sizes = {**case.sizes, str(network.samples): n}

    def value(entry: Declared, count: int | None) -> Any:
        shape = tuple(numeric_extent(extent, sizes) for extent in entry.shape)
        drawn = [_drawn(case, network, entry, shape, rng) for _ in range(count or 1)]
        whole = np.stack(drawn) if count else drawn[0]
        whole = whole * case.large.get(entry.name, 1.0) if large else whole
        return whole[..., 0] if entry.shape and entry.shape[1] == 1 else whole

    count = n if per_sample(network) else None
    weights = {entry.name: value(entry, None) for entry in network.weights}
    data = {entry.name: value(entry, count) for entry in (*network.inputs, *network.targets)}
    return Point(weights, data)


def _drawn(case: Case, network: Network, entry: Declared, shape: Any, rng: Any) -> Any:
    kind = network.labels.get(entry.name)
    if kind == "binary":
        return rng.integers(2, size=shape).astype(float)
    if kind == "signed":
        return 2.0 * rng.integers(2, size=shape) - 1
    if kind in ("one-hot", "probabilities"):
        along = 1 if entry.leaf.sums_to_one == 1 else 0
        rows, classes = (shape[0], shape[1]) if along else (shape[1], shape[0])
        if kind == "one-hot":
            found = np.eye(classes)[rng.integers(classes, size=rows)]
        else:
            found = rng.dirichlet(np.ones(classes), size=rows)
        return found if along else found.T
    if entry.name in case.positive:
        return rng.uniform(0.3, 1.3, size=shape)
    return rng.normal(0.0, case.spread, size=shape)


def expected(case: Case, network: Network, point: Point) -> Results:
    """Loss, gradients and outputs by torch, in float64."""
    weights = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in point.weights.items()
    }
    data = {name: torch.tensor(np.asarray(value)) for name, value in point.data.items()}
    defaults = network.hyperparameters
    if per_sample(network):
        count = len(next(iter(data.values())))
        samples = [{name: value[i] for name, value in data.items()} for i in range(count)]
        found = [case.twin(SimpleNamespace(**weights, **defaults, **sample)) for sample in samples]
        loss = sum(one for one, _ in found) / count
        outputs = {key: torch.stack([outs[key] for _, outs in found]) for key in found[0][1]}
    else:
        loss, outputs = case.twin(SimpleNamespace(**weights, **defaults, **data))
    loss.backward()
    gradients = {name: tensor.grad.numpy() for name, tensor in weights.items()}
    values = {name: value.detach().numpy() for name, value in outputs.items()}
    return Results(loss.item(), gradients, values)


def emitted(network: Network, module: Any, point: Point) -> Results:
    """The same by an emitted module."""
    data = [point.data[entry.name] for entry in (*network.inputs, *network.targets)]
    loss, gradients = module.loss_and_gradients(point.weights, *data)
    found = module.forward(point.weights, *data[: len(network.inputs)])
    names = [step.name for step in network.outputs]
    outputs = {names[0]: found} if len(names) == 1 else dict(zip(names, found, strict=True))
    return Results(loss, dict(gradients), outputs)
