"""Gradients of a plain NumPy function by complex steps: an oracle that knows nothing of symprop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

STEP = 1e-30

Arrays = Mapping[str, Any]


def complex_step(loss: Callable[[Arrays], Any], params: Arrays) -> dict[str, Any]:
    """The gradient of `loss(params)` by every entry, exact to rounding; `loss` is analytic."""
    gradients = {}
    for name, value in params.items():
        value = np.asarray(value, dtype=float)
        gradient = np.zeros(value.shape)
        for place in np.ndindex(value.shape):
            moved = value.astype(complex)
            moved[place] += 1j * STEP
            gradient[place] = np.imag(loss({**params, name: moved})) / STEP
        gradients[name] = gradient
    return gradients


def relu(z: Any) -> Any:
    """max(z, 0) of complex numbers close to the real line."""
    return np.where(np.real(z) > 0, z, 0)


def sigmoid(z: Any) -> Any:
    return (1 + np.tanh(z / 2)) / 2


def softplus(z: Any) -> Any:
    """log(1 + exp(z)), to first order in the imaginary part."""
    value = np.logaddexp(0, np.real(z))
    if not np.iscomplexobj(z):
        return value
    return value + 1j * np.imag(z) * np.exp(np.real(z) - value)


def softmax(z: Any, axis: int) -> Any:
    e = np.exp(z - np.real(z).max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def logsumexp(z: Any, axis: int) -> Any:
    """log(sum(exp(z))), its axis kept with size 1."""
    top = np.real(z).max(axis=axis, keepdims=True)
    return top + np.log(np.exp(z - top).sum(axis=axis, keepdims=True))
