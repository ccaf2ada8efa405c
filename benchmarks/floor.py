"""The floor: what the matrix products of a loss and its gradients take, with nothing else done.

There are three products a layer: for the values, for the gradient of the weights and for that of
the inputs, which the first layer does not need. Each is done by np.dot or np.matmul with `out`,
whichever is faster; operands lie as declared, W (outputs, inputs) and data with the batch first.
At batch 1 this is no lower bound, since calling takes longer than multiplying.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from problems import Array, Classifier
from timing import Call, Pace, fastest

Product = tuple[Array, Array, Array]
"""Two factors and the array that their product is written to."""

Multiply = Callable[[Array, Array, Array], Array]

PACE = Pace(rounds=15, burst=5e-4)


def floor(problem: Classifier) -> Call:
    """A call that does the matrix products and nothing else."""
    steps = [(_spelling(product), *product) for product in products(problem)]

    def run() -> None:
        for multiply, left, right, out in steps:
            multiply(left, right, out)

    return run


def products(problem: Classifier) -> list[Product]:
    """The products in the order of a gradient: forward through the layers, then backward."""
    params, batch = problem.params, problem.batch
    values = [problem.x]
    values += [np.empty((batch, size), problem.dtype) for size in problem.sizes[1:]]
    forward = [(values[k - 1], params[f"W{k}"].T, values[k]) for k in problem.layers]
    for left, right, out in forward:
        np.dot(left, right, out)
    deltas = [array.copy() for array in values]
    backward: list[Product] = []
    for k in reversed(problem.layers):
        weight = params[f"W{k}"]
        backward.append((deltas[k].T, values[k - 1], np.empty_like(weight)))
        if k > 1:
            backward.append((deltas[k], weight, deltas[k - 1]))
    return forward + backward


def _spelling(product: Product) -> Multiply:
    """np.dot or np.matmul: the faster one here."""
    spellings: dict[str, Multiply] = {"dot": np.dot, "matmul": np.matmul}
    calls = {name: _bound(multiply, product) for name, multiply in spellings.items()}
    return spellings[fastest(calls, PACE)]


def _bound(multiply: Multiply, product: Product) -> Call:
    return lambda: multiply(*product)
