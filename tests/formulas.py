"""The functions of the vocabulary once more, in mpmath: what tests hold symprop against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath


def _normal_cdf(v: Any) -> Any:
    return mpmath.erfc(-v / mpmath.sqrt(2)) / 2


FORMULAS: dict[str, Callable[..., Any]] = {
    "absolute": abs,
    "atan": mpmath.atan,
    "cos": mpmath.cos,
    "cosh": mpmath.cosh,
    "direction": lambda v, length: v / length if length > 0 else mpmath.mpf(0),
    "elu": lambda v, alpha: v if v > 0 else alpha * mpmath.expm1(v),
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "gelu": lambda v: v * _normal_cdf(v),
    "leaky_relu": lambda v, slope: v if v > 0 else slope * v,
    "leaky_step": lambda v, slope: mpmath.mpf(1) if v > 0 else slope,
    "log1p": mpmath.log1p,
    "log_softplus": lambda v: mpmath.log(mpmath.log1p(mpmath.exp(v))),
    "maximum": max,
    "minimum": min,
    "normal_cdf": _normal_cdf,
    "normal_pdf": mpmath.npdf,
    "prelu": lambda v, slope: v if v > 0 else slope * v,
    "sign": mpmath.sign,
    "silu": lambda v, beta: v / (1 + mpmath.exp(-beta * v)),
    "sin": mpmath.sin,
    "sinh": mpmath.sinh,
    "tan": mpmath.tan,
    "log": mpmath.log,
    "tanh": lambda v: (mpmath.exp(v) - mpmath.exp(-v)) / (mpmath.exp(v) + mpmath.exp(-v)),
    "sigmoid": lambda v: 1 / (1 + mpmath.exp(-v)),
    "softplus": lambda v: mpmath.log(1 + mpmath.exp(v)),
    "relu": lambda v: max(v, mpmath.mpf(0)),
    "unit_step": lambda v: mpmath.mpf(1 if v > 0 else 0),
}


def _top(z: Any) -> int:
    return list(z).index(max(z))


def _others(z: Any, place: int) -> list[Any]:
    return [mpmath.exp(entry) for k, entry in enumerate(z) if k != place]


COLUMNS: dict[str, Callable[[Any], list[Any]]] = {
    "softmax": lambda z: [mpmath.exp(e) / sum(map(mpmath.exp, z)) for e in z],
    "log_softmax": lambda z: [e - mpmath.log(sum(map(mpmath.exp, z))) for e in z],
    "logsumexp": lambda z: [mpmath.log(sum(map(mpmath.exp, z)))],
    "log_complement_softmax": lambda z: [
        mpmath.log(mpmath.fsum(_others(z, k))) - mpmath.log(mpmath.fsum(map(mpmath.exp, z)))
        for k in range(len(z))
    ],
    "softmax_of_rest": lambda z: [
        0 if k == _top(z) else mpmath.exp(z[k]) / mpmath.fsum(_others(z, _top(z)))
        for k in range(len(z))
    ],
    "odds_of_rest": lambda z: [
        0 if k == _top(z) else mpmath.exp(z[k]) / mpmath.fsum(_others(z, k)) for k in range(len(z))
    ],
    "amax": lambda z: [max(z)],
    "amin": lambda z: [min(z)],
    "argmax_one_hot": lambda z: [int(k == _top(z)) for k in range(len(z))],
    "argmin_one_hot": lambda z: [int(k == list(z).index(min(z))) for k in range(len(z))],
}
OVERFLOWING = {"exp", "expm1", "sinh", "cosh"}
"""What is itself too large for a float at 800."""
