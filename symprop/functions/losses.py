"""Losses and penalties, each short for an expression in other functions.

The first argument of a loss is the target. Over a column the entries are added up (the mean
over the samples of a batch is taken by the emitted code).
"""

from __future__ import annotations

from typing import Any

from sympy import Add, OneMatrix, hadamard_product

from symprop.functions.activations import log
from symprop.functions.classes import is_matrix
from symprop.functions.reductions import entries, square, total
from symprop.functions.vocabulary import Composite


def _sum(expression: Any) -> Any:
    return total(expression) if is_matrix(expression) else expression


def _times(a: Any, b: Any) -> Any:
    return hadamard_product(a, b) if is_matrix(a) else a * b


def _one_minus(a: Any) -> Any:
    return OneMatrix(*a.shape) - a if is_matrix(a) else 1 - a


half_squared_error = Composite(
    "half_squared_error",
    lambda y, y_hat: _sum(square(y - y_hat)) / 2,
    ("y", "y_hat"),
)

squared_error = Composite(
    "squared_error",
    lambda y, y_hat: _sum(square(y - y_hat)),
    ("y", "y_hat"),
)

mean_squared_error = Composite(
    "mean_squared_error",
    lambda y, y_hat: _sum(square(y - y_hat)) / entries(y),
    ("y", "y_hat"),
)

cross_entropy = Composite(
    "cross_entropy",
    lambda y, p: -_sum(_times(y, log(p))),
    ("y", "p"),
    labels=("one-hot", "probabilities"),
    mend={
        "binary": "use binary_cross_entropy(y, p) for 0/1 labels",
        "signed": "use binary_cross_entropy((y + 1)/2, p) for -1/+1 labels",
        "real": "use mean_squared_error(y, y_hat) for real targets",
    },
)

binary_cross_entropy = Composite(
    "binary_cross_entropy",
    lambda y, p: -_sum(_times(y, log(p)) + _times(_one_minus(y), log(_one_minus(p)))),
    ("y", "p"),
    labels=("binary", "probabilities", "one-hot"),
    mend={
        "signed": "use binary_cross_entropy((y + 1)/2, p): (y + 1)/2 maps -1/+1 labels to 0/1",
        "real": "use mean_squared_error(y, y_hat) for real targets",
    },
)

l2 = Composite(
    "l2",
    lambda *weights: Add(*(_sum(square(weight)) for weight in weights)),
    ("w", "..."),
)
