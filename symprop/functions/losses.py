"""Losses and penalties, each short for an expression in other functions.

The first argument of a loss is the target. Over a column the entries are added up (the mean
over the samples of a batch is taken by the emitted code).
"""

from __future__ import annotations

from typing import Any

from sympy import Add, OneMatrix, hadamard_product

from symprop.errors import UnsupportedError
from symprop.functions.activations import softplus
from symprop.functions.classes import is_matrix
from symprop.functions.elementary import log
from symprop.functions.piecewise import absolute, relu
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
        "signed": "use binary_cross_entropy((y + {one})/2, p) for -1/+1 labels",
        "real": "use mean_squared_error(y, y_hat) for real targets",
    },
)

binary_cross_entropy = Composite(
    "binary_cross_entropy",
    lambda y, p: -_sum(_times(y, log(p)) + _times(_one_minus(y), log(_one_minus(p)))),
    ("y", "p"),
    labels=("binary", "probabilities", "one-hot"),
    mend={
        "signed": "use binary_cross_entropy((y + {one})/2, p), which maps -1/+1 labels to 0/1",
        "real": "use mean_squared_error(y, y_hat) for real targets",
    },
)

logistic_loss = Composite(
    "logistic_loss",
    lambda y, z: _sum(softplus(-_times(y, z))),
    ("y", "z"),
    labels=("signed",),
    mend={
        "binary": "use binary_cross_entropy(y, sigmoid(z)) for 0/1 labels",
        "one-hot": "use cross_entropy(y, softmax(z)) for one-hot labels",
        "probabilities": "use cross_entropy(y, softmax(z)) for probabilities",
        "real": "use mean_squared_error(y, y_hat) for real targets",
    },
)

hinge_loss = Composite(
    "hinge_loss",
    lambda y, z: _sum(relu(_one_minus(_times(y, z)))),
    ("y", "z"),
    labels=("signed",),
    mend={
        "binary": "use hinge_loss(2*y - {one}, z), which maps 0/1 labels to -1/+1",
        "one-hot": "use cross_entropy(y, softmax(z)) for one-hot labels",
        "probabilities": "use cross_entropy(y, softmax(z)) for probabilities",
        "real": "use mean_squared_error(y, y_hat) for real targets",
    },
)


def _no_loss(y: Any, y_hat: Any) -> Any:
    raise UnsupportedError(
        "zero_one_loss cannot be trained with: it is piecewise constant, so that its derivative "
        "is 0 or undefined",
        hint="train with cross_entropy, binary_cross_entropy or hinge_loss; evaluate(...) of the "
        "emitted module gives the error rate",
    )


zero_one_loss = Composite("zero_one_loss", _no_loss, ("y", "y_hat"))
"""The share of wrong classes: no loss to train with, and refused as one."""

l1 = Composite(
    "l1",
    lambda *weights: Add(*(_sum(absolute(weight)) for weight in weights)),
    ("w", "..."),
)

l2 = Composite(
    "l2",
    lambda *weights: Add(*(_sum(square(weight)) for weight in weights)),
    ("w", "..."),
)
