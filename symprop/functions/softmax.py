"""The softmax of columns or rows, its logarithm and its complement."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Add, Expr

from symprop.functions.classes import n, u
from symprop.functions.extremes import argmax_one_hot
from symprop.functions.vocabulary import AlongAxis, Code

SOFTMAX = '''
def softmax(z, axis):
    """exp(z)/sum(exp(z)) along an axis, without overflow."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
'''
LOGSUMEXP = '''
def logsumexp(z, axis):
    """log(sum(exp(z))) along an axis, without overflow."""
    top = z.max(axis=axis)
    return top + np.log(np.exp(z - np.expand_dims(top, axis)).sum(axis=axis))
'''


def _softmax(z: list[Expr]) -> list[Expr]:
    powers = [sympy.exp(entry) for entry in z]
    return [power / Add(*powers) for power in powers]


def _logsumexp(z: list[Expr]) -> list[Expr]:
    return [sympy.log(Add(*(sympy.exp(entry) for entry in z)))]


softmax = AlongAxis(
    name="softmax",
    value=_softmax,
    of_equals=1 / n,
    pull=lambda g, f, total, of: f * (g - total(g * f)),
    reduces=False,
    latex=r"\operatorname{{softmax}}\left({}\right)",
    numpy=Code(
        "softmax({}, axis={axis})",
        SOFTMAX,
    ),
)

logsumexp = AlongAxis(
    name="logsumexp",
    value=_logsumexp,
    of_equals=u + sympy.log(n),
    pull=lambda g, f, total, of: g * of(softmax),
    reduces=True,
    latex=r"\operatorname{{logsumexp}}\left({}\right)",
    numpy=Code(
        "logsumexp({}, axis={axis})",
        LOGSUMEXP,
    ),
)

log_softmax = AlongAxis(
    name="log_softmax",
    value=lambda z: [entry - _logsumexp(z)[0] for entry in z],
    of_equals=-sympy.log(n),
    pull=lambda g, f, total, of: g - of(softmax) * total(g),
    reduces=False,
    latex=r"\log\operatorname{{softmax}}\left({}\right)",
    numpy=Code(
        "log_softmax({}, axis={axis})",
        '''
def log_softmax(z, axis):
    """z - log(sum(exp(z))) along an axis, without overflow."""
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))
''',
    ),
)


# -- 1 - softmax(z), where one entry takes all ----------------------------------------------------


def _of_rest(z: list[Expr]) -> list[Expr]:
    largest = argmax_one_hot.value(z)
    powers = [(1 - top) * sympy.exp(entry) for top, entry in zip(largest, z, strict=True)]
    return [power / Add(*powers) for power in powers]


def _odds_of_rest(z: list[Expr]) -> list[Expr]:
    p, largest = _softmax(z), argmax_one_hot.value(z)
    return [(1 - top) * part / (1 - part) for top, part in zip(largest, p, strict=True)]


def _pull_of_odds(g: Any, f: Any, total: Any, of: Any) -> Any:
    h = g * f + g * f * f
    return h - of(softmax) * total(h)


softmax_of_rest = AlongAxis(
    name="softmax_of_rest",
    value=_of_rest,
    of_equals=None,
    pull=lambda g, f, total, of: f * (g - total(g * f)),
    reduces=False,
    latex=r"\operatorname{{softmax}}_{{\setminus\max}}\left({}\right)",
    numpy=Code(
        "softmax_of_rest({}, axis={axis})",
        '''
def softmax_of_rest(z, axis):
    """The softmax along an axis without its first largest entry, which is 0."""
    rest = np.where(argmax_one_hot(z, axis) > 0, -np.inf, z)
    return softmax(rest, axis)
''',
        needs={"softmax": SOFTMAX, "argmax_one_hot": argmax_one_hot.numpy.helper},
    ),
)
"""The softmax without the first largest entry p_i, which is 0: p_j/(1 - p_i)."""

odds_of_rest = AlongAxis(
    name="odds_of_rest",
    value=_odds_of_rest,
    of_equals=None,
    pull=_pull_of_odds,
    reduces=False,
    latex=r"\operatorname{{odds}}_{{\setminus\max}}\left({}\right)",
    numpy=Code(
        "odds_of_rest({}, axis={axis})",
        '''
def odds_of_rest(z, axis):
    """p/(1 - p) of a softmax p along an axis, but 0 for its first largest entry."""
    p = np.where(argmax_one_hot(z, axis) > 0, 0, softmax(z, axis))
    return p / (1 - p)
''',
        needs={"softmax": SOFTMAX, "argmax_one_hot": argmax_one_hot.numpy.helper},
    ),
)
"""p/(1 - p) of a softmax p, without the first largest entry, which is 0."""


def _pull_of_complement(g: Any, f: Any, total: Any, of: Any) -> Any:
    """-g_j p_j, and for each other i: g_i p_i p_j/(1 - p_i).

    Where p_i is the largest, p_j/(1 - p_i) is the softmax of the rest; any other 1 - p_i is at
    least 1/2. So nothing is divided by what may vanish.
    """
    p, odds = of(softmax), g * of(odds_of_rest)
    largest = total(g * p * of(argmax_one_hot))
    return p * (total(odds) - odds - g) + of(softmax_of_rest) * largest


log_complement_softmax = AlongAxis(
    name="log_complement_softmax",
    value=lambda z: [sympy.log(1 - p) for p in _softmax(z)],
    of_equals=sympy.log(1 - 1 / n),
    pull=_pull_of_complement,
    reduces=False,
    latex=r"\log\left(1 - \operatorname{{softmax}}\left({}\right)\right)",
    numpy=Code(
        "log_complement_softmax({}, axis={axis})",
        '''
def log_complement_softmax(z, axis):
    """log(1 - softmax(z)) along an axis, also where one entry takes all."""
    largest = argmax_one_hot(z, axis) > 0
    rest = logsumexp(np.where(largest, -np.inf, z), axis) - logsumexp(z, axis)
    small = np.where(largest, 0, softmax(z, axis))
    return np.where(largest, np.expand_dims(rest, axis), np.log1p(-small))
''',
        needs={
            "softmax": SOFTMAX,
            "logsumexp": LOGSUMEXP,
            "argmax_one_hot": argmax_one_hot.numpy.helper,
        },
    ),
)
"""log(1 - softmax(z)), entry by entry."""
