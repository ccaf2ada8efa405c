"""autograd (HIPS): NumPy recorded on a tape at every call."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad
from problems import Classifier, Evaluation, ScalarPerceptron, Weights

from peers import Measured, Training
from peers.textbook import RULES, batches


def gradients(problem: Classifier) -> Measured:
    """value_and_grad of the loss as a function of a dict."""
    call, params, x, y = value_and_grad(_loss), problem.params, problem.x, problem.y
    return Measured(lambda: call(params, x, y), lambda found: Evaluation(float(found[0]), found[1]))


def training(problem: Classifier, optimizer: str, batch_size: int | None) -> Training:
    """The loop and the update of textbook NumPy around value_and_grad."""
    call, update = value_and_grad(_loss), RULES[optimizer]

    def run(epochs: int) -> Weights:
        params = {key: weight.copy() for key, weight in problem.params.items()}
        rule, rng = update(params, 1e-3), np.random.default_rng(0)
        for _ in range(epochs):
            for rows in batches(len(problem.x), batch_size, rng):
                rule.step(call(params, problem.x[rows], problem.y[rows])[1])
        return params

    return run


def _loss(params: Any, x: Any, y: Any) -> Any:
    count = len(params) // 2
    h = x
    for k in range(1, count):
        h = anp.maximum(anp.dot(h, params[f"W{k}"].T) + params[f"b{k}"], 0)
    a = anp.dot(h, params[f"W{count}"].T) + params[f"b{count}"]
    z = a - anp.max(a, axis=1, keepdims=True)
    return anp.sum(y * (anp.log(anp.sum(anp.exp(z), axis=1, keepdims=True)) - z)) / len(x)


def scalars(problem: ScalarPerceptron) -> Measured:
    """value_and_grad by a dict of floats, at one sample."""
    call, params, sample = value_and_grad(_scalar_loss), problem.params, problem.sample
    return Measured(
        lambda: call(params, sample, problem), lambda found: Evaluation(float(found[0]), found[1])
    )


def _scalar_loss(params: Any, sample: Any, problem: ScalarPerceptron) -> Any:
    h = [sample[f"x{i}"] for i in range(1, problem.sizes[0] + 1)]
    for k in problem.layers:
        h = [_neuron(params, h, k, i) for i in range(1, problem.sizes[k] + 1)]
    return sum((sample[f"y{i}"] - value) ** 2 for i, value in enumerate(h, 1)) / 2


def _neuron(params: Any, h: list[Any], k: int, i: int) -> Any:
    a = sum(params[f"w{k}_{i}_{j}"] * value for j, value in enumerate(h, 1))
    return 1 / (1 + anp.exp(-(a + params.get(f"b{k}_{i}", 0.0))))
