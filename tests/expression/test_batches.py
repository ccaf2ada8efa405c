"""Expressions for a batch: what every sample gives, in rows, and what comes of the sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from example_networks import EMITTED, NETWORKS
from networks_by_torch import NETWORKS as BY_TORCH
from sympy import Symbol

from symprop import derive
from symprop.errors import DerivationError
from symprop.expression.algebra import matmul, multiply, transpose
from symprop.expression.batches import Batch, NoBatchFormError, is_vector, length
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node, Sum, leaves
from symprop.expression.shapes import numeric_extent
from symprop.network import Network

B = Symbol("B", integer=True, positive=True)
SAMPLES = 3


class Samples:
    """Random numbers for the names of a network, for each sample where they vary."""

    def __init__(self, network: Network) -> None:
        self.sizes = {name: 2 + place for place, name in enumerate(network.size_symbols)}
        self.sizes |= {"B": SAMPLES}
        self.varying = {*network.varying()} | {
            up.delta.name for up in derive(network).upstreams if up.delta.role == "delta"
        }
        self.rng = np.random.default_rng(11)
        self.samples: list[dict[str, Any]] = [{} for _ in range(SAMPLES)]
        self.stacked: dict[str, Leaf] = {}
        self.together: dict[str, Any] = {}

    def batch(self, node: Node) -> Batch:
        for leaf in leaves(node):
            if leaf.name not in self.samples[0]:
                self.draw(leaf)
        return Batch(B, self.varying, self.stacked)

    def draw(self, leaf: Leaf) -> None:
        shape = tuple(numeric_extent(extent, self.sizes) for extent in leaf.shape)
        varies = leaf.name in self.varying
        drawn = self.rng.uniform(0.2, 0.9, size=(SAMPLES, *shape))
        if len(shape) == 2 and shape[0] == shape[1]:
            drawn = drawn @ drawn.swapaxes(1, 2) + np.eye(shape[0])
        for place, sample in enumerate(self.samples):
            sample[leaf.name] = drawn[place if varies else 0]
        self.together[leaf.name] = drawn[0]
        if varies and is_vector(leaf.shape):
            rows = Leaf(f"all {leaf.name}", (B, length(leaf.shape)), leaf.role)
            self.stacked[leaf.name] = rows
            self.together[rows.name] = drawn.reshape(SAMPLES, -1)

    def single(self, node: Node) -> list[Any]:
        return [np.asarray(evaluate(node, sample, self.sizes)) for sample in self.samples]

    def whole(self, node: Node) -> Any:
        return np.asarray(evaluate(node, self.together, self.sizes), dtype=float)


def check_rows(samples: Samples, node: Node) -> bool:
    batch = samples.batch(node)
    try:
        rows = batch.rows(node)
    except DerivationError:
        return False
    if batch.varies(node):
        expected = np.stack([value.ravel() for value in samples.single(node)])
        np.testing.assert_allclose(samples.whole(rows), expected, rtol=1e-9)
    return True


def check_sum(samples: Samples, node: Node) -> bool:
    batch = samples.batch(node)
    terms = node.children if isinstance(node, Sum) else (node,)
    for term in filter(batch.varies, terms):
        try:
            found = batch.summed(term)
        except DerivationError:
            return False
        expected = sum(samples.single(term))
        assert found.shape == term.shape
        np.testing.assert_allclose(samples.whole(found), expected, rtol=1e-9)
    return True


NAMED: list[tuple[str, Callable[[], Network]]] = [
    *((name, lambda name=name: NETWORKS[name]) for name in EMITTED if name != "digits"),
    *((f"torch {name}", case.declare) for name, case in BY_TORCH.items()),
]
PER_SAMPLE = [
    (name, network)
    for name, declare in NAMED
    if (network := declare()).per_sample and not network.is_scalar
]


@pytest.mark.parametrize("network", [pytest.param(net, id=name) for name, net in PER_SAMPLE])
def test_what_is_written_for_a_batch_is_what_the_samples_give(network: Network) -> None:
    samples = Samples(network)
    derivation = derive(network)
    for step in network.steps.values():
        check_rows(samples, step.node)
    for upstream in derivation.upstreams:
        if upstream.delta.role == "delta":
            check_rows(samples, upstream.expression)
    for gradient in derivation.sweep.gradients.values():
        check_sum(samples, gradient)


COLUMNS = (
    "affine_layer",
    "crazy_layer",
    "deep_network_3",
    "lstm",
    "layer_norm",
    "sentiment",
    "two_layer_network",
    "tied_autoencoder",
    "vector_network_sigmoid",
    "mixture_of_losses",
)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_gradient_of_a_network_of_columns_is_a_product(name: str) -> None:
    samples = Samples(NETWORKS[name])
    for gradient in derive(NETWORKS[name]).sweep.gradients.values():
        assert check_sum(samples, gradient)


def test_a_sum_of_outer_products_is_a_transposed_product() -> None:
    delta, x = Leaf("delta", (3, 1), "delta"), Leaf("x", (2, 1), "input")
    stacked = {name: Leaf(name.upper(), (B, n), "x") for name, n in (("delta", 3), ("x", 2))}
    batch = Batch(B, {"delta", "x"}, stacked)
    expected = matmul(transpose(stacked["delta"]), stacked["x"])
    assert batch.summed(matmul(delta, transpose(x))) == expected


def test_a_number_times_a_fixed_row_makes_an_outer_product_not_a_broadcast() -> None:
    s, w = Leaf("s", (), "delta"), Leaf("w", (1, 3), "weight")
    batch = Batch(B, {"s"}, {"s": Leaf("S", (B, 1), "delta")})
    assert batch.rows(multiply(s, transpose(w))) == matmul(Leaf("S", (B, 1), "delta"), w)


def test_matrices_of_each_sample_are_refused() -> None:
    X, delta = Leaf("X", (4, 3), "input"), Leaf("delta", (4, 2), "delta")
    batch = Batch(B, {"X", "delta"}, {})
    with pytest.raises(NoBatchFormError):
        batch.summed(matmul(transpose(X), delta))
    with pytest.raises(NoBatchFormError):
        batch.rows(X)
