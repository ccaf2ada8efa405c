"""scikit-learn: MLPClassifier; its gradients by the method that its solvers call."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from problems import Array, Classifier, Evaluation, Weights
from sklearn.neural_network import MLPClassifier

from peers import Measured, Training


def gradients(problem: Classifier) -> Measured:
    """`_backprop` on lists of arrays, as its solvers prepare them."""
    network = _network(problem)
    x, y = problem.x, problem.y.astype(problem.dtype)
    values = [x] + [np.empty((problem.batch, size), problem.dtype) for size in problem.sizes[1:]]
    deltas: list[Any] = [None] * len(problem.layers)
    slopes, bias_slopes = [np.empty_like(w) for w in network.coefs_], list(network.intercepts_)

    def run() -> tuple[float, list[Array], list[Array]]:
        found: tuple[float, list[Array], list[Array]] = network._backprop(
            x, y, None, values, deltas, slopes, list(bias_slopes)
        )
        return found

    return Measured(run, lambda found: Evaluation(float(found[0]), _named(found[1], found[2])))


def training(problem: Classifier, optimizer: str, batch_size: int | None) -> Training:
    """`partial_fit`, which trains for one epoch; it draws the order of the samples itself."""

    def run(epochs: int) -> Weights:
        network = _network(problem, optimizer, batch_size or problem.batch)
        for _ in range(epochs):
            network.partial_fit(problem.x, problem.labels)
        return _named(network.coefs_, network.intercepts_)

    return run


def _network(problem: Classifier, optimizer: str = "adam", batch_size: int = 1) -> Any:
    """A classifier with the weights of the problem; its first fit allocates the rest."""
    network = MLPClassifier(
        problem.sizes[1:-1],
        solver=optimizer,
        alpha=0.0,
        batch_size=batch_size,
        learning_rate_init=1e-3,
        momentum=0.0,
        random_state=0,
    )
    classes = np.arange(problem.sizes[-1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a batch that is larger than the first data
        network.partial_fit(problem.x[:1], problem.labels[:1], classes=classes)
    for k in problem.layers:
        network.coefs_[k - 1][...] = problem.params[f"W{k}"].T
        network.intercepts_[k - 1][...] = problem.params[f"b{k}"]
    del network._optimizer  # it has taken a step
    return network


def _named(matrices: list[Array], biases: list[Array]) -> Weights:
    """scikit-learn's lists as W1, b1, ...; it keeps matrices as (inputs, outputs)."""
    found: Weights = {}
    for k, (matrix, bias) in enumerate(zip(matrices, biases, strict=True), 1):
        found[f"W{k}"], found[f"b{k}"] = matrix.T, bias
    return found
