"""Sums and means of entries, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Add, Expr, HadamardPower, Integer, MatMul, S, hadamard_product
from sympy.matrices.expressions.matexpr import MatrixElement

from symprop.errors import UnsupportedError
from symprop.functions.classes import (
    ScalarOfMatrix,
    VocabularyMatrix,
    as_expression,
    axis_argument,
    bound_arguments,
    checked_axis,
    is_matrix,
)
from symprop.functions.elementary import sqrt
from symprop.functions.piecewise import absolute
from symprop.functions.vocabulary import ALONG, Composite

# -- sums of entries ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Summation:
    """A sum or mean of entries, as the classes below need it to print and evaluate themselves."""

    name: str
    latex: str
    over: Callable[[int], Expr]


TOTAL = Summation("total", r"\operatorname{{sum}}\left({}\right)", lambda count: S.One)
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

    entry = Summation("scalar", r"\left({}\right)", lambda count: S.One)

    def explicit(self, entries: list[Expr]) -> Expr:
        (only,) = entries
        return only


def total(*given: Any, **named: Any) -> Any:
    """The sum of all entries; with `axis=0` of each column, with `axis=1` of each row.

    A scalar is the sum, and the mean, of itself: what is declared for a size goes for size 1 too.
    """
    return _summed(TotalScalar, TotalMatrix, given, named)


def mean(*given: Any, **named: Any) -> Any:
    """The mean of all entries; with `axis=0` of each column, with `axis=1` of each row."""
    return _summed(MeanScalar, MeanMatrix, given, named)


def _summed(scalar: Any, matrix: Any, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
    name = scalar.entry.name
    argument, axis = bound_arguments(name, ALONG, given, named)
    argument = as_expression(argument)
    axis = checked_axis(name, argument, axis, whole=True)
    if not is_matrix(argument):
        return argument
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


def _frobenius(a: Any) -> Any:
    return sqrt(total(square(a))) if is_matrix(a) else absolute(a)


def _norm(a: Any) -> Any:
    if is_matrix(a) and 1 not in a.shape:
        raise UnsupportedError(
            f"there are several norms of a matrix, {a.shape[0]} x {a.shape[1]}",
            hint="write frobenius(...) for the root of the sum of its squared entries",
        )
    return _frobenius(a)


norm = Composite("norm", _norm, ("a",))
"""The length of a column or row: the root of its squared norm."""

frobenius = Composite("frobenius", _frobenius, ("A",))
"""The Frobenius norm of a matrix: the root of the sum of its squared entries."""


def entries(argument: Any) -> Any:
    """The number of entries of a matrix; 1 for a scalar."""
    return argument.shape[0] * argument.shape[1] if is_matrix(argument) else S.One
