"""What is said to be computed in another form: it is equal, and it is what the code computes."""

from __future__ import annotations

import numpy as np
import pytest
from example_networks import EMITTED, NETWORKS, derivation_of, draw
from printed_lines import lines_of
from sympy import symbols

from symprop import Network, derive, emit, log, sigmoid
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node
from symprop.printout import make_document, render
from symprop.printout.notation.names import Names
from symprop.printout.sections.material import Material
from symprop.printout.sections.stable_forms import gradient_forms, step_forms


def values_of(network: Network) -> tuple[dict[str, object], dict[str, int]]:
    """The numbers of one sample, those of steps included; columns are of two dimensions."""
    sizes = {name: 3 + index for index, name in enumerate(network.size_symbols)}
    weights, data = draw(network, 1)
    values: dict[str, object] = {}
    for name, value in {**weights, **data}.items():
        entry = network.declared[name]
        array = np.asarray(value, dtype=float)
        if name in data and network.samples is None:
            array = array[0]
        shape = entry.shape
        values[name] = array.reshape(-1, 1) if shape and shape[1] == 1 else array
    values |= {name: float(value) for name, value in network.hyperparameters.items()}
    for name, step in network.steps.items():
        values[name] = evaluate(step.node, values, sizes)
    return values, sizes


PRINTED = [
    name
    for name in EMITTED
    if list(step_forms(NETWORKS[name], Names(NETWORKS[name]))) and NETWORKS[name].samples is None
]


@pytest.mark.parametrize("name", PRINTED)
def test_what_is_computed_is_equal(name: str) -> None:
    network = NETWORKS[name]
    values, sizes = values_of(network)
    for line in lines_of(tuple(step_forms(network, Names(network)))):
        assert isinstance(line.left, Node)
        assert isinstance(line.right, Node)
        left, right = (evaluate(side, values, sizes) for side in (line.left, line.right))
        np.testing.assert_allclose(right, left, rtol=1e-12)


@pytest.mark.parametrize("name", ["sigmoid_circuit", "mixture_of_losses", "crazy_layer"])
def test_gradients_in_other_forms_are_equal(name: str) -> None:
    derivation = derivation_of(name)
    values, sizes = values_of(NETWORKS[name])
    for upstream in reversed(derivation.upstreams):  # any value will do
        shape = np.shape(evaluate(upstream.value, values, sizes))
        values[upstream.delta.name] = np.full(shape, 0.7)
    expected = {upstream.delta.name: upstream.expression for upstream in derivation.upstreams}
    found = 0
    for line in lines_of(tuple(gradient_forms(Material(derivation)))):
        if isinstance(line.left, Leaf):
            left, right = (
                evaluate(side, values, sizes)
                for side in (expected[line.left.name], line.right)
                if isinstance(side, Node)
            )
            np.testing.assert_allclose(right, left, rtol=1e-12)
        found += 1
    assert found


def test_the_loss_of_a_positive_example_says_why_it_is_equal() -> None:
    text = render(make_document(derivation_of("positive_example"), ["forward"]), "latex")
    assert r"\log(h_2) &= -\log(1 + e^{-h_1}) &&\qquad \text{\small as $h_2 = \sigma(h_1)$}" in text
    assert r"e &= \log(1 + e^{-h_1})" in text
    assert r"$\log(1 + e^u)$ is computed as $\max(u, 0) + \log(1 + e^{-\lvert u\rvert})$" in text
    assert "np.logaddexp(0, -h1)" in emit(derivation_of("positive_example"))


def test_a_network_that_is_computed_as_it_is_written_says_nothing() -> None:
    text = render(make_document(derivation_of("multilayer_perceptron"), ["forward"]), "text")
    assert "computed" not in text


def test_a_replaced_part_is_named_once() -> None:
    x, u, v = symbols("x u v", real=True)
    network = Network("twice", inputs=[x], weights=[u, v])
    p = network.step("p", sigmoid(u * x + v))
    q = network.step("q", log(p) * u)
    network.loss(log(p) * v - q)
    text = render(make_document(derive(network), ["forward"]), "text")
    assert text.count("log(p) = ") == 1
