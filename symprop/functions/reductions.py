"""Functions of whole columns, rows or matrices, and the sums they are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy
from sympy import Add, Expr, HadamardPower, Integer, MatMul, S, hadamard_product
from sympy.matrices.expressions.matexpr import MatrixElement

from symprop.functions.classes import (
    ScalarOfMatrix,
    VocabularyMatrix,
    as_expression,
    axis_argument,
    checked_axis,
    is_matrix,
)
from symprop.functions.vocabulary import AlongAxis, Code, Composite


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


@dataclass(frozen=True, eq=False)
class Summation:
    """A sum or mean of entries, as the classes below need it to print and evaluate themselves."""

    name: str
    latex: str
    over: Callable[[int], Expr]


TOTAL = Summation("total", r"\sum {}", lambda count: S.One)
MEAN = Summation("mean", r"\operatorname{{mean}}\left({}\right)", lambda count: Integer(1) / count)


class SummedScalar(ScalarOfMatrix):
    """The sum or mean of all entries, or of the only column or row; the second argument: axis."""

    entry: ClassVar[Summation]

    def explicit(self, entries: list[Expr]) -> Expr:
        return Add(*entries) * self.entry.over(len(entries))


class SummedMatrix(VocabularyMatrix):
    """The sum or mean of each column (axis 0: one row) or of each row (axis 1: one column)."""

    entry: ClassVar[Summation]

    @property
    def shape(self) -> Any:
        rows, columns = self.args[0].shape
        return (rows, S.One) if self.args[1] == 1 else (S.One, columns)

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        argument, axis = self.args[0], int(self.args[1])
        if not argument.shape[axis].is_Integer:
            return MatrixElement(self, i, j)
        size = int(argument.shape[axis])
        line = (argument[k, j] if axis == 0 else argument[i, k] for k in range(size))
        return Add(*line) * self.entry.over(size)


class TotalScalar(SummedScalar):
    entry = TOTAL


class MeanScalar(SummedScalar):
    entry = MEAN


class TotalMatrix(SummedMatrix):
    entry = TOTAL


class MeanMatrix(SummedMatrix):
    entry = MEAN


class ScalarEntry(ScalarOfMatrix):
    """The one entry of a 1 x 1 matrix, unevaluated (SymPy's `[0, 0]` turns it into a Sum)."""

    entry = Summation("scalar", "{}", lambda count: S.One)

    def explicit(self, entries: list[Expr]) -> Expr:
        (only,) = entries
        return only


def total(argument: Any, axis: int | None = None) -> Any:
    """The sum of all entries; with `axis=0` of each column, with `axis=1` of each row."""
    return _summed("total", TotalScalar, TotalMatrix, argument, axis)


def mean(argument: Any, axis: int | None = None) -> Any:
    """The mean of all entries; with `axis=0` of each column, with `axis=1` of each row."""
    return _summed("mean", MeanScalar, MeanMatrix, argument, axis)


def _summed(name: str, scalar: type, matrix: type, argument: Any, axis: int | None) -> Any:
    argument = as_expression(argument)
    axis = checked_axis(name, argument, axis, whole=True)
    number = axis is None or argument.shape[1 - axis] == 1
    return (scalar if number else matrix)(argument, axis_argument(axis))


def scalar(argument: Any) -> Any:
    """The one entry of a 1 x 1 matrix, as a scalar: `scalar(x.T*A*x)`."""
    argument = as_expression(argument)
    return ScalarEntry(argument) if is_matrix(argument) else argument


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
