"""Textbook NumPy: the formulas one after the other, each with an array of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
from problems import Array, Classifier, Evaluation, Weights

from peers import Measured, Training


def gradients(problem: Classifier) -> Measured:
    """Loss and gradients, pure."""
    params, x, y = problem.params, problem.x, problem.y
    count = len(problem.layers)
    return Measured(
        lambda: loss_and_gradients(params, x, y, count), lambda result: Evaluation(*result)
    )


def training(problem: Classifier, optimizer: str, batch_size: int | None) -> Training:
    """Epochs of minibatches with an update that allocates, too."""
    x, y, count = problem.x, problem.y, len(problem.layers)
    update = RULES[optimizer]

    def train(epochs: int) -> Weights:
        params = {key: weight.copy() for key, weight in problem.params.items()}
        rule, rng = update(params, 1e-3), np.random.default_rng(0)
        for _ in range(epochs):
            for rows in batches(len(x), batch_size, rng):
                _, slopes = loss_and_gradients(params, x[rows], y[rows], count)
                rule.step(slopes)
        return params

    return train


def loss_and_gradients(params: Weights, x: Array, y: Array, count: int) -> tuple[float, Weights]:
    """The mean cross-entropy of `count` layers and its gradients."""
    n = len(x)
    a: dict[int, Array] = {}
    h = {0: x}
    for k in range(1, count + 1):
        a[k] = h[k - 1] @ params[f"W{k}"].T + params[f"b{k}"]
        h[k] = np.maximum(a[k], 0)
    z = a[count] - a[count].max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    loss = -np.sum(y * (z - np.log(total))) / n
    delta = (e / total - y) / n
    slopes = {}
    for k in range(count, 0, -1):
        slopes[f"W{k}"] = delta.T @ h[k - 1]
        slopes[f"b{k}"] = delta.sum(axis=0)
        if k > 1:
            delta = (delta @ params[f"W{k}"]) * (a[k - 1] > 0)
    return float(loss), slopes


def batches(n: int, size: int | None, rng: np.random.Generator) -> Iterator[Any]:
    """The samples of each batch of an epoch, in random order; all of them as they are for None."""
    if size is None:
        yield slice(None)
        return
    order = rng.permutation(n)
    for start in range(0, n, size):
        yield order[start : start + size]


class Rule(Protocol):
    """An optimiser that changes weights in place."""

    def step(self, slopes: Weights) -> None:
        """Move against the slopes."""


class Descent:
    """Plain gradient descent."""

    def __init__(self, params: Weights, rate: float) -> None:
        self.params, self.rate = params, rate

    def step(self, slopes: Weights) -> None:
        """Move against the slopes."""
        for key, weight in self.params.items():
            weight -= self.rate * slopes[key]


class Adam:
    """Adam as in the paper (Kingma and Ba, 2015, algorithm 1)."""

    def __init__(self, params: Weights, rate: float) -> None:
        self.params, self.rate, self.steps = params, rate, 0
        self.mean = {key: np.zeros_like(weight) for key, weight in params.items()}
        self.square = {key: np.zeros_like(weight) for key, weight in params.items()}

    def step(self, slopes: Weights) -> None:
        """Move against the slopes."""
        self.steps += 1
        for key, weight in self.params.items():
            slope = slopes[key]
            self.mean[key] = 0.9 * self.mean[key] + 0.1 * slope
            self.square[key] = 0.999 * self.square[key] + 0.001 * slope**2
            mean = self.mean[key] / (1 - 0.9**self.steps)
            square = self.square[key] / (1 - 0.999**self.steps)
            weight -= self.rate * mean / (np.sqrt(square) + 1e-8)


RULES: dict[str, Callable[[Weights, float], Rule]] = {"sgd": Descent, "adam": Adam}
"""The optimisers by name, made from weights and learning rate."""
