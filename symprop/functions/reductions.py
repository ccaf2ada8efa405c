"""Functions of whole columns, rows or matrices, and the sums they are made of."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Add, Expr, HadamardPower, Integer, MatMul, S, hadamard_product

from symprop.functions.vocabulary import (
    AlongAxis,
    Code,
    Composite,
    ScalarOfMatrix,
    VocabularyMatrix,
    as_expression,
    checked_axis,
    has_whole_sizes,
    is_matrix,
)


def _softmax(z: list[Expr]) -> list[Expr]:
    powers = [sympy.exp(entry) for entry in z]
    return [power / Add(*powers) for power in powers]


def _logsumexp(z: list[Expr]) -> list[Expr]:
    return [sympy.log(Add(*(sympy.exp(entry) for entry in z)))]


softmax = AlongAxis(
    name="softmax",
    value=_softmax,
    pull=lambda g, f, total, softmax: f * (g - total(g * f)),
    reduces=False,
    latex=r"\operatorname{{softmax}}\left({}\right)",
    numpy=Code(
        "softmax({}, axis={axis})",
        '''
def softmax(z, axis):
    """exp(z)/sum(exp(z)) along an axis, without overflow."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
''',
    ),
)

logsumexp = AlongAxis(
    name="logsumexp",
    value=_logsumexp,
    pull=lambda g, f, total, softmax: g * softmax(),
    reduces=True,
    latex=r"\operatorname{{logsumexp}}\left({}\right)",
    numpy=Code(
        "logsumexp({}, axis={axis})",
        '''
def logsumexp(z, axis):
    """log(sum(exp(z))) along an axis, without overflow."""
    top = z.max(axis=axis)
    return top + np.log(np.exp(z - np.expand_dims(top, axis)).sum(axis=axis))
''',
    ),
)

log_softmax = AlongAxis(
    name="log_softmax",
    value=lambda z: [entry - _logsumexp(z)[0] for entry in z],
    pull=lambda g, f, total, softmax: g - softmax() * total(g),
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


# -- sums of entries ------------------------------------------------------------------------------


class total_scalar(ScalarOfMatrix):
    """The sum of all entries of a matrix."""

    def doit(self, **hints: Any) -> Any:
        argument = self.args[0].doit(**hints)
        if has_whole_sizes(argument):
            return Add(*argument.as_explicit())
        return self.func(argument)


class total_matrix(VocabularyMatrix):
    """The sum of each column (axis 0: one row) or of each row (axis 1: one column)."""

    @property
    def shape(self) -> Any:
        rows, columns = self.args[0].shape
        return (S.One, columns) if self.args[1] == 0 else (rows, S.One)

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        argument, axis = self.args
        size = int(argument.shape[int(axis)])
        return Add(*(argument[k, j] if axis == 0 else argument[i, k] for k in range(size)))


class scalar_entry(ScalarOfMatrix):
    """The one entry of a 1 x 1 matrix, unevaluated (SymPy's `[0, 0]` turns it into a Sum)."""

    def doit(self, **hints: Any) -> Any:
        argument = self.args[0].doit(**hints)
        whole = has_whole_sizes(argument) and argument.shape == (1, 1)
        return argument.as_explicit()[0, 0] if whole else self.func(argument)


class _Name:
    """What a class needs of an entry to print itself."""

    def __init__(self, name: str, latex: str) -> None:
        self.name = name
        self.latex = latex


total_scalar.entry = total_matrix.entry = _Name("total", r"\sum {}")
scalar_entry.entry = _Name("scalar", "{}")


def total(argument: Any, axis: int | None = None) -> Any:
    """The sum of all entries; with `axis=0` of each column, with `axis=1` of each row."""
    argument = as_expression(argument)
    axis = checked_axis("total", argument, axis, whole=True)
    if axis is None or argument.shape[1 - axis] == 1:
        return total_scalar(argument)
    return total_matrix(argument, Integer(axis))


def mean(argument: Any, axis: int | None = None) -> Any:
    """The mean of all entries; with `axis=0` of each column, with `axis=1` of each row."""
    argument = as_expression(argument)
    sums = total(argument, axis)
    axis = checked_axis("mean", argument, axis, whole=True)
    rows, columns = argument.shape
    return sums / ({None: rows * columns, 0: rows, 1: columns}[axis])


def scalar(argument: Any) -> Any:
    """The one entry of a 1 x 1 matrix, as a scalar: `scalar(x.T*A*x)`."""
    argument = as_expression(argument)
    return scalar_entry(argument) if is_matrix(argument) else argument


def _dot(a: Any, b: Any) -> Any:
    if not is_matrix(a):
        return a * b
    return scalar(MatMul(a.T, b)) if a.shape[1] == 1 else total(hadamard_product(a, b))


def square(argument: Any) -> Any:
    """The square of a scalar or of every entry of a matrix."""
    argument = as_expression(argument)
    return HadamardPower(argument, 2) if is_matrix(argument) else argument**2


dot = Composite("dot", _dot, ("a", "b"))
squared_norm = Composite(
    "squared_norm", lambda a: total(square(a)) if is_matrix(a) else a**2, ("a",)
)


def entries(argument: Any) -> Any:
    """The number of entries of a matrix; 1 for a scalar."""
    return argument.shape[0] * argument.shape[1] if is_matrix(argument) else S.One
