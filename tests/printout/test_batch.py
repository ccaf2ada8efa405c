"""From one sample to a batch: every line worth what the samples give, and the emitted gradients."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_networks import NETWORKS, draw, module_of
from printed_values import lines_of

from symprop import derive
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node, walk
from symprop.network import Network
from symprop.printout import make_document, render
from symprop.printout.expressions import BatchMean
from symprop.printout.model import Section

SAMPLES = 5
PRODUCTS = [
    "affine_layer",
    "crazy_layer",
    "deep_network_3",
    "l1_penalty",
    "l2_penalty",
    "layer_norm",
    "lstm",
    "mixture_of_losses",
    "positive_example",
    "sentiment",
    "tied_autoencoder",
    "two_layer_network",
    "vector_network_sigmoid",
    "vector_regression",
]


def section(name: str) -> Section:
    (found,) = make_document(derive(NETWORKS[name]), ["batch"]).sections
    return found


def text(name: str) -> list[str]:
    document = make_document(derive(NETWORKS[name]), ["batch"])
    return [line.strip() for line in render(document, "text").splitlines()]


class Samples:
    """All values of all samples of a network, at a random point; also stacked, a sample a row."""

    def __init__(self, network: Network) -> None:
        weights, data = draw(network, SAMPLES)
        self.weights, self.data = weights, data
        shapes = {entry.name: entry.leaf.shape for entry in network.declared.values()}
        fixed = {name: as_matrix(value, shapes[name]) for name, value in weights.items()}
        fixed |= {name: np.asarray(value) for name, value in network.hyperparameters.items()}
        self.sizes = {
            extent.name: size
            for name, shape in shapes.items()
            for extent, size in zip(
                shape, self.shape_of(fixed.get(name), data.get(name), shape), strict=True
            )
            if not isinstance(extent, int) and extent.is_Symbol
        }
        self.sizes["B"] = SAMPLES
        singles = []
        for place in range(SAMPLES):
            values = dict(fixed)
            for name, value in data.items():
                values[name] = as_matrix(value[place], shapes[name])
            for step in network.steps.values():
                values[step.name] = evaluate(step.node, values, self.sizes)
            for upstream in derive(network).upstreams:
                found = evaluate(upstream.expression, values, self.sizes)
                values[upstream.delta.name] = found
            singles.append(values)
        self.known = dict(singles[0])
        for name in singles[0]:
            rows = [np.ravel(values[name]) for values in singles]
            if all(len(row) == len(rows[0]) for row in rows):
                self.known[f"\0rows {name}"] = np.stack(rows)

    @staticmethod
    def shape_of(weight: Any, data: Any, shape: Any) -> tuple[int, ...]:
        if weight is not None or data is None:
            return np.shape(weight)
        return (*np.shape(data)[1:], *[1] * (len(shape) - np.ndim(data) + 1))

    def of(self, node: Node) -> Any:
        return np.asarray(evaluate(node, self.known, self.sizes), dtype=float)


def as_matrix(value: Any, shape: Any) -> Any:
    """An array as the emitted modules take it, as one with two axes or a number."""
    if not shape:
        return np.asarray(value).item()
    return np.asarray(value)[:, None] if shape[1] == 1 else np.asarray(value)


def is_evaluated(node: object) -> bool:
    return isinstance(node, Node) and not any(
        isinstance(part, Leaf) and part.name.startswith("\0one ") for part in walk(node)
    )


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_product_is_worth_what_the_samples_give(name: str) -> None:
    """Forward and backward lines give the stacked values, the last ones the emitted gradients."""
    network = NETWORKS[name]
    samples = Samples(network)
    module = module_of(name)
    given = [samples.data[entry.name] for entry in (*network.inputs, *network.targets)]
    _, gradients = module.loss_and_gradients(samples.weights, *given)
    left: Any = None
    checked = set()
    for line in lines_of(section(name).blocks):
        left = line.left if line.left is not None else left
        if not is_evaluated(line.right):
            continue
        assert isinstance(line.right, Node)
        found = samples.of(line.right)
        if isinstance(left, BatchMean):
            assert isinstance(left.rate.by, Leaf)
            expected = gradients[left.rate.by.name]
            checked.add(left.rate.by.name)
        else:
            expected = samples.of(left)
        np.testing.assert_allclose(found.ravel(), np.ravel(expected), rtol=1e-8, atol=1e-12)
    assert checked == {entry.name for entry in network.weights}


def test_the_sum_over_samples_becomes_a_product_in_the_layout_of_the_code() -> None:
    """`delta_a.T @ x / n` of the emitted module; a penalty stands outside of the mean."""
    lines = text("two_layer_network")
    left = "1/B ∑_{k = 1}^B ∂Lₖ/∂W₁ = "
    assert (
        f"{left}1/B · ∑ₖ δ_{{a, k}} xₖᵀ + 2 λ W₁    (what holds no data is its own mean)" in lines
    )
    assert "= 1/B · Δₐᵀ X + 2 λ W₁" in lines
    assert "= 1/B · Δₐᵀ 𝟏" in lines
    assert "A = X W₁ᵀ + 𝟏 b₁ᵀ" in lines
    assert "Δₐ  = (Δ_f W₂) ⊙ (1 − H^{⊙ 2})" in lines


def test_matrices_of_each_sample_keep_their_sums() -> None:
    lines = text("attention")
    assert "1/B ∑_{k = 1}^B ∂Lₖ/∂Wᵥ  = 1/B · ∑ₖ Xₖᵀ δ_{V, k}" in lines
    assert not any("𝟏" in line for line in lines)


@pytest.mark.parametrize("name", ["ridge_regression", "gaussian_log_likelihood"])
def test_what_is_declared_for_a_batch_or_has_no_data_has_no_such_section(name: str) -> None:
    assert section(name).blocks == ()


def test_the_matrix_of_a_value_never_looks_like_another_name() -> None:
    """W is a weight: the rows of w are not called W, nor those of b like the batch size B."""
    from sympy import MatrixSymbol

    from symprop import half_squared_error, sigmoid

    x, y = MatrixSymbol("w", 3, 1), MatrixSymbol("b", 3, 1)
    W, X = MatrixSymbol("W", 3, 3), MatrixSymbol("B", 3, 1)
    net = Network("clash", inputs=[x], targets=[y], weights=[W, X])
    h = net.step("h", sigmoid(W * x + X))
    net.loss(half_squared_error(y, h))
    source = render(make_document(derive(net), ["batch"]), "latex")
    assert r"\mathbf{W} W^{\top}" in source
    assert r"\mathbf{B} - H" in source
