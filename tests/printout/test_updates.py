"""Update rules and the training loop: what is printed is what the emitted `train` does."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from example_networks import NETWORKS
from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, derive, load, sigmoid, squared_norm
from symprop.errors import DeclarationError
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node
from symprop.printout import make_document, render
from symprop.printout.model import Algorithm, Block, Equations, Line
from symprop.printout.sections.letters import Letters
from symprop.printout.sections.material import Material
from symprop.printout.sections.optimizers import (
    BETAS,
    EPSILON,
    INITIAL_DEVIATION,
    MOMENTUM,
    OPTIMIZERS,
)


def blocks_of(network: Network, key: str, optimizer: str = "sgd") -> tuple[Block, ...]:
    (section,) = make_document(derive(network), [key], optimizer=optimizer).sections
    return section.blocks


def printed(network: Network, key: str, target: str = "text", optimizer: str = "sgd") -> str:
    return render(make_document(derive(network), [key], optimizer=optimizer), target)


def loop_of(network: Network, optimizer: str = "sgd") -> list[tuple[int, str]]:
    """The instructions of the loop: how deep they stand, and their words."""
    found: list[tuple[int, str]] = []
    start = 0
    for line in printed(network, "training", optimizer=optimizer).splitlines():
        number, _, rest = line.strip().partition("  ")
        if number.isdigit():
            start = len(line) - len(rest.lstrip())
            found.append(((len(rest) - len(rest.lstrip())) // 4, rest.strip()))
        elif found and line.startswith(" " * start) and line[start] != " ":
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return found


# -- the rules are those of the emitted code ---


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_printed_rule_moves_weights_as_the_emitted_train_does(optimizer: str) -> None:
    derivation = derive(NETWORKS["multilayer_perceptron"])
    module = load(derivation)
    data = [np.array([0.5, -1.0]), np.array([1.0, 0.0])]
    start = {name: np.array(value) for name, value in module.init_params(1, std=1.0).items()}
    options = {"epochs": 3, "batch_size": None, "learning_rate": 0.3, "optimizer": optimizer}
    expected, _ = module.train(start, *data, **options)

    letters = Letters(Material(derivation))
    rule = OPTIMIZERS[optimizer](letters)
    weights: dict[str, Any] = dict(start)
    kept: dict[str, dict[str, float]] = {name: {} for name in weights}
    for update in range(1, 4):
        _, gradients = module.loss_and_gradients(weights, *data)
        moved = {}
        for name, weight in weights.items():
            values = {leaf.name: 0.0 for leaf in rule.memory}
            values |= {leaf.name: value for leaf, value in rule.settings}
            values |= kept[name]
            values |= {letters.rate.name: 0.3, letters.gradient.name: float(gradients[name])}
            values |= {letters.weight.name: float(weight)}
            if rule.counter is not None:
                values[rule.counter.name] = update
            for line in rule.rule:
                assert isinstance(line.left, Leaf)
                assert isinstance(line.right, Node)
                values[line.left.name] = float(evaluate(line.right, values, {}))
            moved[name] = values[letters.weight.name]
            kept[name] = {leaf.name: values[leaf.name] for leaf in rule.memory}
        weights = moved
    for name, value in expected.items():
        assert weights[name] == pytest.approx(float(value), rel=1e-12)


def test_the_usual_settings_are_those_of_the_emitted_code() -> None:
    module = load(derive(NETWORKS["multilayer_perceptron"]))
    settings = inspect.signature(module.train).parameters
    assert settings["momentum"].default == MOMENTUM
    assert settings["betas"].default == BETAS
    assert settings["epsilon"].default == EPSILON
    assert settings["optimizer"].default == next(iter(OPTIMIZERS))
    assert inspect.signature(module.init_params).parameters["std"].default == INITIAL_DEVIATION
    with pytest.raises(ValueError, match='"sgd", "momentum" or "adam"'):
        module.train(module.init_params(0), [1.0], [1.0], epochs=1, learning_rate=1, optimizer="x")
    assert list(OPTIMIZERS) == ["sgd", "momentum", "adam"]


def test_an_unknown_optimiser_is_refused() -> None:
    with pytest.raises(DeclarationError, match="no optimiser 'adan'") as caught:
        make_document(derive(NETWORKS["smallest_perceptron"]), optimizer="adan")
    assert caught.value.hint == "did you mean 'adam'?"


# -- how they are written ---


def test_adam_is_written_with_hats_and_betas() -> None:
    shown = printed(NETWORKS["multilayer_perceptron"], "updates", "latex", "adam")
    for line in (
        r"m &\leftarrow \beta_1 m + (1 - \beta_1) g ",
        r"v &\leftarrow \beta_2 v + (1 - \beta_2) g^2 ",
        r"\hat{m} &= \frac{m}{1 - \beta_1^t} ",
        r"\hat{v} &= \frac{v}{1 - \beta_2^t} ",
        r"\theta &\leftarrow \theta - \frac{\eta \hat{m}}{\sqrt{\hat{v}} + \epsilon}",
        r"$\beta_1 = 0.9$, $\beta_2 = 0.999$, $\epsilon = 10^{-8}$",
    ):
        assert line in shown


def test_momentum_is_a_fading_sum_of_gradients() -> None:
    shown = printed(NETWORKS["multilayer_perceptron"], "updates", "text", "momentum")
    assert "v \u2190 \u03bc v + g" in shown
    assert "\u03b8 \u2190 \u03b8 \u2212 \u03b7 v\n" in shown


def test_the_two_updates_of_the_second_smallest_perceptron_are_those_of_the_slide() -> None:
    shown = printed(NETWORKS["second_smallest_perceptron"], "updates", "latex")
    assert r"w_1 &\leftarrow w_1 - \eta" in shown
    assert r"= w_1 + \eta (y - \hat{y}) x_1" in shown
    assert r"= w_2 + \eta (y - \hat{y}) x_2" in shown


def test_long_updates_are_written_with_deltas() -> None:
    shown = printed(NETWORKS["multilayer_perceptron"], "updates", "latex")
    assert r"= w_1 - \eta \delta_{a_1} x" in shown
    assert r"= b_1 - \eta \delta_{a_1}" in shown


def test_a_single_weight_is_called_by_its_name() -> None:
    shown = printed(NETWORKS["smallest_perceptron"], "updates", "latex", "momentum")
    assert r"\theta" not in shown
    assert r"w &\leftarrow w - \eta v" in shown
    assert r"\frac{1}{B}\,\sum_{k = 1}^B\,\frac{d\mathcal{L}_k}{dw}" in shown


def clashing() -> Network:
    """A network whose names are those that the section would like to use."""
    names = "eta theta g v m t B k mu epsilon s"
    data, *weights = symbols(names + " beta_1 sigma", real=True)
    network = Network("clash", inputs=[data], weights=weights)
    network.loss(sum(w * data for w in weights) ** 2)
    return network


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_letter_of_the_section_is_a_name_of_the_network(optimizer: str) -> None:
    material = Material(derive(clashing()), optimizer=optimizer)
    letters = Letters(material)
    rule = OPTIMIZERS[optimizer](letters)
    used = [letters.rate, letters.gradient, letters.batch, letters.sample, letters.deviation]
    used += [letters.weight, *rule.memory, *(leaf for leaf, _ in rule.settings)]
    used += [line.left for line in rule.rule if isinstance(line.left, Leaf)]
    used += [rule.counter] if rule.counter else []
    assert not {leaf.name for leaf in used} & set(material.network.symbols)
    shown = {material.names.of(leaf) for leaf in used}
    assert not shown & {material.names.of(name) for name in material.network.symbols}
    assert len(shown) == len({leaf.name for leaf in used})


def test_a_letter_differs_from_names_that_only_look_like_it() -> None:
    x, w, u = symbols("x w u", real=True)
    network = Network("looks", inputs=[x], weights=[w, u], latex={x: r"\theta", u: r"\eta"})
    network.loss((w * x + u) ** 2)
    letters = Letters(Material(derive(network)))
    assert letters.weight.name == "omega"
    assert letters.rate.name == "gamma"


def test_the_deviation_is_no_sigma_beside_a_sigmoid() -> None:
    assert "s\u00b2" in printed(NETWORKS["multilayer_perceptron"], "training")
    assert "\u03c3\u00b2" in printed(NETWORKS["smallest_perceptron"], "training")


# -- the training loop ---


def test_the_loop_over_samples_batches_and_epochs() -> None:
    assert loop_of(NETWORKS["multilayer_perceptron"]) == [
        (
            0,
            "Draw every weight at random, \u03b8 \u223c \U0001d4a9(0, s\u00b2), "
            "usually with s = 0.1.",
        ),
        (
            0,
            "Repeat for some number of epochs, or until the loss changes by less than the "
            "tolerance from one epoch to the next:",
        ),
        (1, "Put the samples into a random order."),
        (1, "For each batch of B samples in this order:"),
        (2, "For each sample (x, y) of the batch:"),
        (3, "Forward pass: a\u2081, f\u2081, a\u2082, f\u2082, a\u2083, y\u0302."),
        (3, "Loss: \u2112 (a side computation: no gradient needs it)."),
        (3, "Backward pass:"),
        (3, "Gradients:"),
        (2, "The mean of the gradients over the batch:"),
        (2, "Update all weights at once:"),
        (0, "Return the weights."),
    ]


def lines_of(blocks: tuple[Block, ...]) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, Equations):
            yield from block.lines
        if isinstance(block, Algorithm):
            for instruction in block.instructions:
                yield from instruction.equations.lines if instruction.equations else ()


def test_the_backward_pass_has_every_delta_after_those_that_it_needs() -> None:
    for name, network in NETWORKS.items():
        known: set[str] = set()
        for line in lines_of(blocks_of(network, "training")):
            if isinstance(line.left, Leaf) and line.left.role == "delta":
                known.add(line.left.name)
            if isinstance(line.right, Node):
                needed = {leaf.name for leaf in deltas_in(line.right)}
                assert needed <= known, f"{name}: {needed - known} before they are worked out"


def deltas_in(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf) and node.role == "delta":
        yield node
    for child in node.children:
        yield from deltas_in(child)


def test_the_memory_of_an_optimiser_starts_before_the_loop() -> None:
    loop = loop_of(NETWORKS["multilayer_perceptron"], "adam")
    assert loop[1] == (0, "m and v start at 0 for each \u03b8, and so does t.")
    shown = printed(NETWORKS["multilayer_perceptron"], "training", "latex", "adam")
    assert r"t &\leftarrow t + 1" in shown


def test_a_network_without_data_has_no_batches() -> None:
    loop = loop_of(NETWORKS["mul_gate"])
    assert [depth for depth, _ in loop] == [0, 0, 1, 1, 1, 0]
    text = printed(NETWORKS["mul_gate"], "training")
    assert "batch" not in text
    assert "sample" not in text
    assert "from one update to the next" in text


def test_a_network_for_a_whole_batch_takes_its_rows() -> None:
    loop = loop_of(NETWORKS["ridge_regression"])
    assert (1, "For each batch of B samples in this order, thus n = B:") in loop
    assert not any("For each sample" in text or "mean" in text for _, text in loop)
    assert (2, "Update all weights at once, with g = \u2202L/\u2202\u03b8:") in loop


def test_data_that_cannot_be_cut_into_batches_are_taken_whole() -> None:
    n = Symbol("n", integer=True, positive=True)
    K, a = MatrixSymbol("K", n, n), MatrixSymbol("a", n, 1)
    network = Network("kernel", inputs=[K], weights=[a], samples=n)
    network.loss(squared_norm(K * a))
    assert "batch" not in printed(network, "training")
    module = load(derive(network))
    with pytest.raises(ValueError, match="batch_size"):
        module.train({"a": np.ones(3)}, np.eye(3), epochs=1, batch_size=2, learning_rate=0.1)


def test_a_gradient_that_needs_the_loss_makes_it_no_side_computation() -> None:
    from symprop import exp

    x, w = symbols("x w", real=True)
    network = Network("exponential", inputs=[x], weights=[w])
    network.loss(exp(w * x))
    assert "side computation" not in printed(network, "training")


def deep(layers: int) -> Network:
    x, y = symbols("x y", real=True)
    weights = symbols(f"w1:{layers + 1}", real=True)
    network = Network("deep", inputs=[x], targets=[y], weights=weights)
    value = x
    for number, weight in enumerate(weights, start=1):
        value = network.step(f"h{number}", sigmoid(weight * value))
    network.loss((y - value) ** 2)
    return network


def test_a_deep_network_has_a_loop_that_is_no_longer() -> None:
    lengths = [len(printed(deep(layers), "training")) for layers in (20, 40)]
    assert lengths[1] - lengths[0] < 20
    assert "as derived." in printed(deep(20), "training")


@pytest.mark.parametrize("target", ["latex", "html", "text"])
def test_every_network_has_its_loop_in_every_format(target: str) -> None:
    for network in NETWORKS.values():
        for optimizer in OPTIMIZERS:
            assert "Return the weights." in printed(network, "training", target, optimizer)


def test_an_algorithm_is_a_numbered_list_in_html() -> None:
    shown = printed(NETWORKS["smallest_perceptron"], "training", "html")
    assert '<ol class="algorithm">' in shown
    assert shown.count("<li>") == len(loop_of(NETWORKS["smallest_perceptron"])) + 1  # the contents
