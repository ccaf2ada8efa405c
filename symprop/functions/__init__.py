"""The vocabulary: the functions that a network may use, one entry in one place each."""

from symprop.functions.activations import (
    exp,
    log,
    relu,
    sigmoid,
    softplus,
    sqrt,
    tanh,
    unit_step,
)
from symprop.functions.losses import (
    binary_cross_entropy,
    cross_entropy,
    half_squared_error,
    l2,
    mean_squared_error,
    squared_error,
)
from symprop.functions.reductions import (
    dot,
    log_softmax,
    logsumexp,
    mean,
    scalar,
    softmax,
    squared_norm,
    total,
)

__all__ = [
    "binary_cross_entropy",
    "cross_entropy",
    "dot",
    "exp",
    "half_squared_error",
    "l2",
    "log",
    "log_softmax",
    "logsumexp",
    "mean",
    "mean_squared_error",
    "relu",
    "scalar",
    "sigmoid",
    "softmax",
    "softplus",
    "sqrt",
    "squared_error",
    "squared_norm",
    "tanh",
    "total",
    "unit_step",
]
