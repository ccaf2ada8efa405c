"""Index notation in printouts: every line true for all indices, and the lines of the lectures."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest
from example_networks import EMITTED, NETWORKS
from networks_by_torch import NETWORKS as BY_TORCH
from printed_values import EntryValues, Values, lines_of
from sympy import MatrixSymbol, symbols

from symprop import Network, derive, half_squared_error, sigmoid, softmax, total
from symprop.expression.entries import Entry
from symprop.expression.nodes import Leaf, Node, leaves, walk
from symprop.functions.piecewise import unit_step
from symprop.network import Network as Declared
from symprop.printout import make_document, render
from symprop.printout.expressions import Expression, Rate
from symprop.printout.model import Document


def has_kink(network: Declared) -> bool:
    nodes = (node for step in network.steps.values() for node in walk(step.node))
    return any(getattr(node, "entry", None) is unit_step for node in nodes)


MATRICES = [
    name
    for name in EMITTED
    if any(w.leaf.shape for w in NETWORKS[name].weights)
    and name != "digits"
    and not has_kink(NETWORKS[name])
]


def document(name: str, section: str) -> Document:
    return make_document(derive(NETWORKS[name]), [section])


def text(name: str, section: str) -> list[str]:
    """The lines of a section as text, without their reasons."""
    written = render(document(name, section), "text").splitlines()
    return [line.split("    (")[0].strip() for line in written]


FURTHER = ("masked_attention", "classical_hopfield", "markov_chain", "gru")
"""Networks with Kronecker deltas in sums within sums, and with values that are used often."""
MOST_PLACES = 12


@pytest.mark.parametrize("name", [*MATRICES, *FURTHER])
@pytest.mark.parametrize("section", ["entries", "jacobians"])
def test_every_line_is_true_for_all_indices(name: str, section: str) -> None:
    network = NETWORKS[name] if name in NETWORKS else BY_TORCH[name].declare()
    values = EntryValues(network)
    left: Any = None
    counted = 0
    for found in make_document(derive(network), [section]).sections:
        for line in lines_of(found.blocks):
            left = line.left if line.left is not None else left
            if not isinstance(left, Rate | Entry) or _has_whole_matrix(left):
                continue
            for at in islice(values.all_places(left), MOST_PLACES):
                expected = values.of(left, at)
                found_value = values.of(line.right, at)
                np.testing.assert_allclose(
                    found_value, expected, rtol=2e-4, atol=2e-6, err_msg=f"{line} at {at}"
                )
                counted += 1
    assert counted or section == "jacobians"


def _has_whole_matrix(left: Rate | Entry) -> bool:
    ends = (left.of, left.by) if isinstance(left, Rate) else ()
    return any(isinstance(end, Leaf) and bool(end.shape) for end in ends)


@pytest.mark.parametrize("name", MATRICES)
def test_every_whole_jacobian_is_that_of_finite_differences(name: str) -> None:
    """Written out, a matrix argument stands in its shape, one block below the other."""
    values: Any = Values(NETWORKS[name])
    for section in document(name, "jacobians").sections:
        for line in lines_of(section.blocks):
            whole = isinstance(line.left, Rate) and isinstance(line.left.of, Leaf)
            if not whole or any(leaf.name.startswith("\0") for leaf in leaves_of(line.right)):
                continue  # with units, or in cases
            expected = np.asarray(values.of(line.left), dtype=float)
            found = np.asarray(values.of(line.right), dtype=float)
            found = found.reshape(expected.shape) if found.size == expected.size else found
            np.testing.assert_allclose(found, expected, rtol=2e-4, atol=2e-6, err_msg=str(line))


def leaves_of(expression: Expression) -> list[Leaf]:
    return leaves(expression) if isinstance(expression, Node) else [UNIT]


UNIT = Leaf("\0", (), "argument")


def test_the_same_for_one_weight_has_the_steps_of_a_lecture() -> None:
    """ECE 884 lecture 11: W1 of W2*g(W1*x + b1) + b2, its entry in row k and column j."""
    lines = "\n".join(text("vector_network_sigmoid", "entries"))
    for line in (
        "∂L/∂W_{2, kj}  = ∑ᵢ ∂L/∂fᵢ · ∂fᵢ/∂W_{2, kj}",
        "fᵢ             = ∑ₗ W_{2, il} hₗ + b_{2, i}",
        "∂fᵢ/∂W_{2, kj} = [i = k] hⱼ",
        "∂L/∂W_{2, kj}  = ∑ᵢ δ_{f, i} [i = k] hⱼ",
        "= δ_{f, k} hⱼ",
        "∂L/∂hⱼ  = ∑ₖ W_{2, kj} δ_{f, k}",
        "∂L/∂W_{1, kj} = δ_{a, k} xⱼ",
    ):
        assert line in lines


def test_an_entry_of_softmax_has_two_cases() -> None:
    """UIUC lecture 28: y_j (1 - y_j) if j = k, else -y_j y_k; the corner of the matrix form."""
    written = text("deep_network_3", "jacobians")
    assert "∂y^∗/∂β⁽³⁾   = diag(y^∗) − y^∗ (y^∗)ᵀ" in written
    assert "∂yᵢ^∗/∂βⱼ⁽³⁾ = {yᵢ^∗ (1 − yᵢ^∗) if i = j; −yᵢ^∗ yⱼ^∗ otherwise}" in written
    source = render(document("deep_network_3", "jacobians"), "latex")
    equal = r"y_i^* (1 - y_i^*) & \text{if}\;i = j"
    other = r"-y_i^* y_j^* & \text{otherwise}"
    assert rf"\begin{{cases}} {equal} \\ {other} \end{{cases}}" in source


def test_an_affine_layer_by_its_matrix_is_the_matrix_of_the_primer() -> None:
    """The primer prints it as a 4 x 2 matrix, a 2 x 2 block for each entry of h."""
    lines = text("affine_layer", "jacobians")
    assert "∂h/∂W    = [x₁, x₂; 0, 0; 0, 0; x₁, x₂]" in lines
    assert "∂h/∂x    = W" in lines
    assert "∂hᵢ/∂W   = 𝐞ᵢ xᵀ" in lines
    assert "∂hᵢ/∂Wₖⱼ = {xⱼ if i = k; 0 otherwise}" in lines


def test_symbolic_sizes_have_blocks_with_dots() -> None:
    lines = text("two_layer_network", "jacobians")
    assert "∂a/∂W₁         = [𝐞₁ xᵀ; ⋮; 𝐞_N xᵀ]" in lines


def test_a_matrix_by_a_matrix_has_three_cases() -> None:
    """The softmax of rows, as in attention."""
    (line,) = (line for line in text("attention", "jacobians") if line.startswith("∂Aₗₘ/∂Sⱼᵢ"))
    assert line.endswith("{Aₗₘ (1 − Aₗₘ) if l = j, m = i; −Aₗᵢ Aₗₘ if l = j, m ≠ i; 0 otherwise}")


def network_with_names_of_indices() -> Network:
    i, j, k = (MatrixSymbol(name, 3, 1) for name in "ijk")
    W = MatrixSymbol("W", 3, 3)
    net = Network("indices", inputs=[i], targets=[j], weights=[W, k])
    h = net.step("h", sigmoid(W * i + k))
    net.loss(half_squared_error(j, h))
    return net


def test_letters_of_indices_are_never_those_of_names() -> None:
    document = make_document(derive(network_with_names_of_indices()), ["entries"])
    source = render(document, "latex")
    assert r"\partial W_{lm}" in source
    assert not any(rf"W_{{{a}{b}}}" in source for a in "ijk" for b in "ijkln")


def test_what_has_no_index_form_is_left_out_not_misprinted() -> None:
    n = symbols("n", integer=True, positive=True)
    A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    net = Network("inverse", weights=[A, x])
    p = net.step("p", softmax(A.I * x))
    net.loss(total(p))
    (section,) = make_document(derive(net), ["entries"]).sections or (None,)
    assert section is None or all(
        not isinstance(line.left, Rate) or "A" not in str(line.left.by)
        for line in lines_of(section.blocks)
    )


def test_networks_of_numbers_have_neither_entries_nor_batches() -> None:
    for section in ("entries", "batch"):
        (found,) = document("multilayer_perceptron", section).sections
        assert found.blocks == ()
