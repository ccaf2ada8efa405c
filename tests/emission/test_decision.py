"""The accuracy of emitted modules: where an output turns from one class to the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sympy import symbols

from symprop import (
    Network,
    binary_cross_entropy,
    derive,
    exp,
    hinge_loss,
    load,
    log,
    logistic_loss,
    normal_cdf,
    sigmoid,
    softplus,
    squared_error,
    tanh,
)

x, y, w = symbols("x y w", real=True)
Declare = Callable[[Network, Any], Any]

SCORES: dict[str, tuple[str, Declare]] = {
    "sigmoid in the loss": ("binary", lambda net, z: binary_cross_entropy(y, sigmoid(z))),
    "cross-entropy of a logit": ("binary", lambda net, z: softplus(z) - y * z),
    "spelt out": ("binary", lambda net, z: log(1 + exp(z)) - y * z),
    "hinge of 0/1 labels": ("binary", lambda net, z: hinge_loss(2 * y - 1, z)),
    "logistic loss of 0/1 labels": ("binary", lambda net, z: logistic_loss(2 * y - 1, z)),
    "logistic loss": ("signed", lambda net, z: logistic_loss(y, z)),
    "hinge": ("signed", lambda net, z: hinge_loss(y, z)),
    "tanh": ("signed", lambda net, z: squared_error(y, net.step("h", tanh(z)))),
    "regression": ("signed", lambda net, z: squared_error(y, z)),
}
PROBABILITIES: dict[str, tuple[str, Declare]] = {
    "sigmoid": ("binary", lambda net, z: binary_cross_entropy(y, net.step("p", sigmoid(z)))),
    "squared error": ("binary", lambda net, z: squared_error(y, net.step("p", sigmoid(z)))),
    "spelt out": (
        "binary",
        lambda net, z: squared_error(y, net.step("p", 1 / net.step("d", 1 + exp(-z)))),
    ),
    "probit": ("binary", lambda net, z: binary_cross_entropy(y, net.step("p", normal_cdf(z)))),
    "of any making": (
        "binary",
        lambda net, z: binary_cross_entropy(y, net.step("p", (1 + tanh(z)) / 2)),
    ),
    "of signed labels": (
        "signed",
        lambda net, z: binary_cross_entropy((y + 1) / 2, net.step("p", sigmoid(z))),
    ),
    "regression": ("binary", lambda net, z: squared_error(y, net.step("f", z / 2 + 0.5))),
}


def accuracy(kind: str, declare: Declare, target: str, outputs: Any = None) -> float:
    """Of the scores -3, -1/4, 1/4, 2 for labels that are wrong in the second place."""
    labels = {y: kind}
    net = Network("n", inputs=[x], targets=[y], weights=[w], labels=labels, outputs=outputs)
    net.loss(declare(net, net.step("z", w * x)))
    negative = 0.0 if kind == "binary" else -1.0
    data = [-3.0, -0.25, 0.25, 2.0], [negative, 1.0, 1.0, 1.0]
    scores = load(derive(net), target).evaluate({"w": 1.0}, *data)
    assert scores["error_rate"] == 1 - scores["accuracy"]
    return float(scores["accuracy"])


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize("name", SCORES)
def test_score_is_held_against_0(name: str, target: str) -> None:
    assert accuracy(*SCORES[name], target) == 0.75


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize("name", PROBABILITIES)
def test_probability_is_held_against_one_half(name: str, target: str) -> None:
    assert accuracy(*PROBABILITIES[name], target) == 0.75


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_a_logit_that_is_the_output_though_the_loss_reads_a_probability(target: str) -> None:
    assert accuracy(*PROBABILITIES["sigmoid"], target, outputs=["z"]) == 0.75
