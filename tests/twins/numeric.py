"""Functions of complex numbers close to the real line, so that a complex step differentiates them.

Where a function has a kink it is continued from the side of the real part, and how near that came
to the kink is told to whoever watches.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from differences import logsumexp, softplus

Numeric = Callable[..., Any]

_watching: list[list[float]] = []


@contextmanager
def watched_kinks() -> Iterator[list[float]]:
    """The distances of all that is computed meanwhile from the nearest kink."""
    distances: list[float] = []
    _watching.append(distances)
    try:
        yield distances
    finally:
        _watching.pop()


def _tell(distance: Any) -> None:
    for distances in _watching:
        distances.append(float(np.min(distance, initial=math.inf)))


def positive(z: Any) -> Any:
    """Where the real part is positive."""
    _tell(np.abs(np.real(z)))
    return np.real(z) > 0


def continued(value: Numeric, slope: Numeric) -> Numeric:
    """A real function continued to first order: f(a) + i b f'(a)."""

    def function(z: Any) -> Any:
        result = value(np.real(z))
        return result + 1j * np.imag(z) * slope(np.real(z)) if np.iscomplexobj(z) else result

    return function


def _sigmoid(x: Any) -> Any:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1 + e)


sigmoid = continued(_sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x))
"""With all digits where it is small."""


def bell(z: Any) -> Any:
    """The density of the standard normal distribution."""
    return np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


_erf, _erfc = np.vectorize(math.erf, otypes=[float]), np.vectorize(math.erfc, otypes=[float])
erf = continued(_erf, lambda x: 2 * np.exp(-(x**2)) / math.sqrt(math.pi))
erfc = continued(_erfc, lambda x: -2 * np.exp(-(x**2)) / math.sqrt(math.pi))
normal_cdf = continued(lambda x: _erfc(-x / math.sqrt(2)) / 2, bell)


def gelu(z: Any) -> Any:
    return z * normal_cdf(z)


def silu(z: Any, beta: Any = 1) -> Any:
    return z * sigmoid(beta * z)


def unit_step(z: Any) -> Any:
    return np.where(positive(z), 1.0, 0.0)


def relu(z: Any) -> Any:
    return np.where(positive(z), z, 0)


def leaky_relu(z: Any, slope: Any = 0.01) -> Any:
    return np.where(positive(z), z, slope * z)


def elu(z: Any, alpha: Any = 1) -> Any:
    return np.where(positive(z), z, alpha * np.expm1(np.where(np.real(z) > 0, 0, z)))


def absolute(z: Any) -> Any:
    """Its slope is 0 at 0."""
    return np.where(positive(z), z, np.where(np.real(z) < 0, -z, 0))


def sign(z: Any) -> Any:
    return np.sign(np.real(z) + 0 * positive(z))


def maximum(a: Any, b: Any) -> Any:
    return np.where(positive(b - a), b, a)


def minimum(a: Any, b: Any) -> Any:
    return np.where(positive(a - b), b, a)


def amax(z: Any, axis: int) -> Any:
    """The largest entries along an axis, the axis kept with size 1."""
    order = np.argsort(-np.real(z), axis=axis, kind="stable")
    ordered = np.take_along_axis(z, order, axis=axis)
    _tell(np.maximum(-np.diff(np.real(ordered), axis=axis), 1e-300))  # equal ones are beside it too
    return np.take(ordered, [0], axis=axis)


def amin(z: Any, axis: int) -> Any:
    return -amax(-z, axis)


def log_softmax(z: Any, axis: int) -> Any:
    return z - logsumexp(z, axis)


def frobenius(z: Any) -> Any:
    """The root of the sum of squares."""
    squares = np.sum(z**2)
    if np.real(squares) == 0:
        _tell(1e-300)  # no derivative at all
        return 0.0
    return np.sqrt(squares)


def cross_entropy(y: Any, z: Any, axis: int) -> Any:
    """Of softmax(z), from z itself."""
    return -np.sum(y * log_softmax(z, axis))


def binary_cross_entropy(y: Any, z: Any) -> Any:
    """Of sigmoid(z), from z itself."""
    return np.sum(y * softplus(-z) + (1 - y) * softplus(z))
