"""The networks of examples/*.py by name, and random points for them."""

from __future__ import annotations

import re
import runpy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from symprop.declaration import Declared
from symprop.derivation import Derivation, derive
from symprop.derivation.text import describe
from symprop.emission import load
from symprop.expression.shapes import numeric_extent
from symprop.network import Network

FILES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))
CONTENTS = {file.stem: runpy.run_path(str(file)) for file in FILES}
"""The names of each file."""

NETWORKS: dict[str, Network] = {
    value.name: value
    for names in CONTENTS.values()
    for value in names.values()
    if isinstance(value, Network)
}

UNSPECIFIED = {
    "unspecified_activations",
    "vector_network_any_g",
    "deep_chain_1",
    "deep_chain_2",
    "deep_chain_3",
    "any_penalty",
}
"""The networks with functions that have no formula: nothing is emitted of them."""

EMITTED = [name for name in NETWORKS if name not in UNSPECIFIED]

COVARIANCES = {"S"}
"""The weights that are drawn symmetric and positive definite."""

Arrays = dict[str, Any]


@cache
def derivation_of(name: str) -> Derivation:
    return derive(NETWORKS[name])


@cache
def module_of(name: str) -> Any:
    return load(derivation_of(name))


# -- the text -------------------------------------------------------------------------------------


@cache
def lines_of(name: str) -> Mapping[str, str]:
    """The right sides of the derivation as printed, by what stands on the left.

    `delta_a3` is an upstream gradient, `w3` the gradient of a weight in its closed form, or as it
    is printed before where it has no other.
    """
    lines = re.findall(r"^    (\S+) = (.*?)(?:  \(.*\))?$", describe(derivation_of(name)), re.M)
    return {re.sub(r"^d\w+/d", "", left): right for left, right in lines}


# -- points ---------------------------------------------------------------------------------------


def per_sample(network: Network) -> bool:
    return network.samples is None and bool(network.inputs or network.targets)


def draw(network: Network, n: int, *, scale: float = 1.0) -> tuple[Arrays, Arrays]:
    """Weights and data as the emitted module takes them, for n samples.

    Inputs are multiplied by `scale`; where there are none, every other weight is.
    """
    rng = np.random.default_rng([n, *network.name.encode()])
    sizes = {name: 3 + index for index, name in enumerate(network.size_symbols)}
    sizes[str(network.samples)] = n
    large = network.inputs or network.weights[::2]

    def value(entry: Declared) -> Any:
        array = _drawn(network, entry, sizes, rng)
        if entry in large and entry.name not in COVARIANCES:
            array = array * scale
        return array[:, 0] if entry.shape and entry.shape[1] == 1 else array

    weights = {entry.name: value(entry) for entry in network.weights}
    entries = [*network.inputs, *network.targets]
    if not per_sample(network):
        return weights, {entry.name: value(entry) for entry in entries}
    return weights, {entry.name: np.stack([value(entry) for _ in range(n)]) for entry in entries}


def _drawn(network: Network, entry: Declared, sizes: Mapping[str, int], rng: Any) -> Any:
    shape = tuple(numeric_extent(extent, sizes) for extent in entry.shape)
    match network.labels.get(entry.name):
        case "one-hot":
            return np.eye(shape[0])[:, rng.integers(shape[0], size=1)]
        case "probabilities":
            return rng.dirichlet(np.ones(shape[0]))[:, None]
        case "binary":
            return rng.integers(2, size=shape).astype(float)
        case "signed":
            return 2.0 * rng.integers(2, size=shape) - 1
    drawn = rng.normal(size=shape)
    return drawn @ drawn.T + np.eye(shape[0]) if entry.name in COVARIANCES else drawn
