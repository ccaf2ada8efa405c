"""The numbers that formulas are evaluated in: floats, numbers of many digits, exact numbers.

There is one evaluator for them all, `evaluate`; what differs stands in an `Arithmetic`. Floats may
be complex, for complex steps. The other numbers are objects, of mpmath and of SymPy: they are real,
and what has no real and finite value is nan, entry by entry. To them a float is the decimal that it
is written as: 0.1 is 1/10.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy import Expr, Float, Rational, Symbol
from sympy.matrices.exceptions import NonInvertibleMatrixError

from symprop.expression.nodes import Unspecified
from symprop.expression.unspecified import missing_formula
from symprop.functions.matrices import MatrixFunction
from symprop.functions.numeric import NUMERIC
from symprop.functions.unspecified import no_value
from symprop.functions.vocabulary import AlongAxis, Elementwise, EntryByEntry

Numeric = Any
Function = Callable[..., Numeric]

LARGEST_EXPONENT = 10**6
"""A number of mpmath beyond 2 to this power is not worked with: its exponential is endless."""


@dataclass(frozen=True)
class Arithmetic:
    """How numbers are made, and how functions of them are worked out.

    `number` makes one of an int, a Fraction, a float or a constant of SymPy, `array` an array of
    one of whole numbers. `power` raises to a power. `formula` gives the function that a formula
    over some symbols stands for, `column` that of a whole column, `of_matrix` that of a matrix.
    """

    number: Callable[[Any], Numeric]
    array: Callable[[Any], Numeric]
    power: Function
    formula: Callable[[tuple[Symbol, ...], Expr], Function]
    column: Callable[[AlongAxis, int], Function]
    of_matrix: Callable[[MatrixFunction], Function]

    def elementwise(self, entry: EntryByEntry) -> Function:
        """A function of the vocabulary, entry by entry."""
        if not isinstance(entry, Elementwise):
            return entry.numeric()  # unspecified: it says why it has no value
        return self.formula(entry.arguments, entry.value)

    def unspecified(
        self, node: Unspecified, arguments: list[Numeric], sizes: Mapping[str, int]
    ) -> Numeric:
        """A function without a formula: it says why it has no value."""
        symbol, hint = missing_formula(node) or (node.entry.symbol, "")
        raise no_value(symbol, hint)


@cache
def _formula(symbols: tuple[Symbol, ...], formula: Expr, modules: str) -> Function:
    found = [NUMERIC, modules] if modules == "numpy" else modules
    function: Function = sympy.lambdify(symbols, formula, found)
    return function


@cache
def _column(entry: AlongAxis, length: int, modules: str) -> Function:
    symbols = list(sympy.symbols(f"z:{length}", real=True))
    function: Function = sympy.lambdify(symbols, entry.value(symbols), modules)
    return function


FLOATS = Arithmetic(
    number=float,
    array=lambda whole: whole,
    power=np.power,
    formula=lambda symbols, formula: _formula(symbols, formula, "numpy"),
    column=lambda entry, length: _column(entry, length, "numpy"),
    of_matrix=lambda entry: entry.numeric,
)


# -- objects --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Objects:
    """A kind of numbers that are objects: what `lambdify` calls it, and its nan.

    `number` makes a number, `is_number` tells whether it is real and finite, `exact` gives it as a
    number of SymPy.
    """

    modules: str
    nan: Numeric
    number: Callable[[Any], Numeric]
    is_number: Callable[[Any], bool]
    exact: Callable[[Numeric], Expr]

    @property
    def arithmetic(self) -> Arithmetic:
        """These numbers, for the evaluator."""
        return Arithmetic(
            number=self.number,
            array=np.frompyfunc(lambda whole: self.number(int(whole)), 1, 1),
            power=np.frompyfunc(self._guarded(pow), 2, 1),
            formula=self._formula,
            column=self._column,
            of_matrix=self._of_matrix,
        )

    def _guarded(self, function: Function) -> Function:
        """A function that is nan where it has no real and finite value."""

        def value(*given: Any) -> Any:
            if not all(map(self.is_number, given)):
                return self.nan
            try:
                found = function(*given)
            except (ZeroDivisionError, TypeError):  # SymPy compares no complex numbers
                return self.nan
            return self._checked(found)

        return value

    def _checked(self, value: Any) -> Any:
        """A number as one of these numbers: formulas give Python's 0 and 1, too."""
        number = self.number(value) if isinstance(value, int) else value
        return number if self.is_number(number) else self.nan

    def _formula(self, symbols: tuple[Symbol, ...], formula: Expr) -> Function:
        function = self._guarded(_formula(symbols, formula, self.modules))
        return np.frompyfunc(function, len(symbols), 1)

    def _column(self, entry: AlongAxis, length: int) -> Function:
        function = _column(entry, length, self.modules)

        def values(*line: Any) -> Any:
            if all(map(self.is_number, line)):
                return [self._checked(value) for value in function(*line)]
            return [self.nan] * (1 if entry.reduces else length)

        return values

    def _of_matrix(self, entry: MatrixFunction) -> Function:
        """A function of a matrix, worked out exactly and rounded last."""

        def number(exact: Any) -> Any:
            found = self.number(exact)
            return found if self.is_number(found) else self.nan

        def value(matrix: Any) -> Any:
            if not all(map(self.is_number, matrix.flat)):
                return self._nothing(entry, len(matrix))
            try:
                exact = [[self.exact(number) for number in row] for row in matrix]
                found = entry.exact(sympy.Matrix(exact))
            except NonInvertibleMatrixError:
                return self._nothing(entry, len(matrix))
            if not isinstance(found, sympy.MatrixBase):
                return number(found)
            return np.frompyfunc(number, 1, 1)(np.array(found.tolist(), dtype=object))

        return value

    def _nothing(self, entry: MatrixFunction, rows: int) -> Any:
        if entry.result == "scalar":
            return self.nan
        return np.full((rows, 1 if entry.result == "column" else rows), self.nan, dtype=object)


def _multiprecision(value: Any) -> Any:
    if isinstance(value, Fraction):
        return _quotient(value.numerator, value.denominator, mpmath.mp.prec)
    if isinstance(value, Expr):
        return _formula((), value, "mpmath")()
    return mpmath.mpf(repr(value) if isinstance(value, float) else value)


@lru_cache(maxsize=10_000)
def _quotient(above: int, below: int, bits: int) -> Any:
    return mpmath.mp.make_mpf(mpmath.libmp.from_rational(above, below, bits, "n"))


def _is_multiprecision(value: Any) -> bool:
    if isinstance(value, int):
        return True
    real = isinstance(value, mpmath.mpf) and mpmath.isfinite(value)
    return bool(real and mpmath.mag(value) <= LARGEST_EXPONENT)


def _rational(value: Any) -> Expr:
    if isinstance(value, int):
        return sympy.Integer(value)
    return Rational(*mpmath.libmp.to_rational(value._mpf_))


def _exact(value: Any) -> Expr:
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    if isinstance(value, Expr):
        return value.xreplace({number: Rational(str(number)) for number in value.atoms(Float)})
    return Rational(repr(value)) if isinstance(value, float) else sympy.Integer(value)


def _is_exact(value: Any) -> bool:
    if not isinstance(value, Expr):
        return isinstance(value, int)
    return not (value is sympy.nan or value.is_finite is False or value.is_extended_real is False)


DIGITS = Objects("mpmath", mpmath.nan, _multiprecision, _is_multiprecision, _rational).arithmetic
"""Numbers of mpmath, with as many digits as `mpmath.workdps` says."""

EXACT = Objects("sympy", sympy.nan, _exact, _is_exact, sympy.sympify).arithmetic
"""Numbers of SymPy: rational ones, and what functions make of them."""
