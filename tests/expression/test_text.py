"""Canonical form as text: exact lines, and lines that mean what they say."""

from __future__ import annotations

import random
import warnings
from functools import reduce
from typing import Any

import numpy as np
import pytest
from differences import logsumexp, relu, sigmoid, softmax, softplus
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import Maker, make
from sympy import (
    HadamardPower,
    HadamardProduct,
    Identity,
    MatrixSymbol,
    OneMatrix,
    Rational,
    pi,
    sqrt,
    symbols,
)

import symprop
from symprop import Network, derive, scalar, total
from symprop.errors import DeclarationError
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Node, Number
from symprop.expression.text import number_text, text

a, b, c = symbols("a b c", real=True)
D, N = symbols("D N", integer=True, positive=True)
x, v, z = MatrixSymbol("x", D, 1), MatrixSymbol("v", D, 1), MatrixSymbol("z", N, 1)
W, U, Q = MatrixSymbol("W", N, D), MatrixSymbol("U", N, D), MatrixSymbol("Q", N, N)
y, r = MatrixSymbol("y", 4, 1), MatrixSymbol("r", 1, D)

LINES: list[tuple[Any, str]] = [
    (a * b + c, "a*b + c"),
    (a - b, "a - b"),
    (-a * b, "-a*b"),
    (-a - b, "-a - b"),
    (a * (b + c), "a*(b + c)"),
    (a / b, "a/b"),
    (a / (b * c), "a/(b*c)"),
    (a / (2 * b * (b + c) ** 2), "a/(2*b*(b + c)**2)"),
    (Rational(2, 3) * a / b, "2*a/(3*b)"),
    (1 / (2 * a), "1/(2*a)"),
    (a / (b * scalar(x.T * v)), "a/(b*(x.T*v))"),
    (a / (b + c), "a/(b + c)"),
    (1 / a, "1/a"),
    (-1 / a, "-1/a"),
    (a**2 / 2, "a**2/2"),
    (Rational(2, 3) * a, "2*a/3"),
    (-Rational(1, 2) * (a - b) ** 2, "-(a - b)**2/2"),
    (0.5 * a, "0.5*a"),
    (a**b, "a**b"),
    (a ** (b + 1), "a**(b + 1)"),
    ((a**b) ** c, "(a**b)**c"),
    (a**-2, "1/a**2"),
    (sqrt(a + b), "sqrt(a + b)"),
    (1 / sqrt(a), "1/sqrt(a)"),
    (a ** Rational(2, 3), "a**(2/3)"),
    (pi * a + 2, "a*pi + 2"),
    (b * (1 - symprop.sigmoid(a)), "b*(1 - sigmoid(a))"),
    (W * x + z, "W*x + z"),
    ((W + U) * x, "(W + U)*x"),
    (W.T * z, "W.T*z"),
    (2 * W * x, "2*W*x"),
    (HadamardProduct(z, W * x), "z.*(W*x)"),
    (HadamardProduct(U, W) * x, "(U.*W)*x"),
    (HadamardPower(W, 2), "W.**2"),
    (HadamardProduct(z, HadamardPower(W * x, -1)), "z./(W*x)"),
    (z / (D * N), "z/(D*N)"),
    (HadamardProduct(z, HadamardPower(W * x, -1)) / (2 * a), "z./(2*a*(W*x))"),
    (HadamardPower(z, -1) / 2, "1./(2*z)"),
    (OneMatrix(N, 1) * HadamardPower(r, -1), "ones(N, 1)*(1./r)"),
    (OneMatrix(N, 1) * HadamardPower(r, -2), "ones(N, 1)*(1./r.**2)"),
    (OneMatrix(N, 1) * HadamardPower(r, b), "ones(N, 1)*r.**b"),
    (y[1:3, :], "y[1:3]"),
    (y[2, 0] * y[:3, :], "y[2]*y[:3]"),
    (y[-1, 0] * a, "a*y[3]"),
    (z[-1, 0] * a, "a*z[N - 1]"),
    (r[:, 2:], "r[0, 2:]"),
    (W[1, 0] + W[-1, -2], "W[1, 0] + W[N - 1, D - 2]"),
    (W[:, 1:3], "W[:, 1:3]"),
    (symprop.sqrt(W), "sqrt(W)"),
    (OneMatrix(N, 1) - z, "1 - z"),
    (z / a, "z/a"),
    (Q + Identity(N), "Q + eye(N)"),
    (OneMatrix(N, 1) * x.T, "ones(N, 1)*x.T"),
    (x / sqrt(D), "x/sqrt(D)"),
    (x / (D + 1), "x/(D + 1)"),
    (total(W), "total(W)"),
    (total(W, axis=0), "total(W, axis=0)"),
    (symprop.softmax(z), "softmax(z)"),
    (symprop.softmax(z, axis=1), "softmax(z, axis=1)"),
    (symprop.logsumexp(z, axis=1), "logsumexp(z, axis=1)"),
    (symprop.softmax(W, axis=1), "softmax(W, axis=1)"),
    (symprop.logsumexp(x.T, axis=1), "logsumexp(x)"),
    (scalar(x.T * v), "x.T*v"),
    (scalar(x.T * v) ** 2, "(x.T*v)**2"),
    (a / scalar(x.T * v), "a/(x.T*v)"),
]


@pytest.mark.parametrize("expression, expected", LINES, ids=[line for _, line in LINES])
def test_line_reads_as_a_person_writes_it(expression: Any, expected: str) -> None:
    network = Network("n", weights=[a, b, c, x, v, z, W, U, Q, y, r])
    assert text(network.read(expression)) == expected


def test_numbers_are_written_exactly() -> None:
    assert [number_text(Number(v).value) for v in (2, 0.001, -3)] == ["2", "0.001", "-3"]
    assert number_text(1e-30) == "1e-30" and float(number_text(0.1 + 0.2)) == 0.1 + 0.2


def test_deep_expression_is_refused_or_written_but_never_a_recursion_error() -> None:
    expression = reduce(lambda inner, _: 1 / (1 + inner) + 1, range(150), a * b)
    network = Network("deep", inputs=[b], weights=[a])
    try:
        network.loss(expression)
    except DeclarationError as error:
        assert "deep" in str(error)
        return
    d = derive(network)
    assert text(d.gradient(a)).count("(") == text(d.gradient(a)).count(")")


# -- lines are evaluated by Python, from left to right --------------------------------------------


class Matrix:
    """Numbers and arrays whose `*` is the matrix product, `@` and `//` act entry by entry."""

    def __init__(self, array: Any) -> None:
        array = np.asarray(array, dtype=float)
        self.array = array[0, 0] if array.shape == (1, 1) else array

    @staticmethod
    def _array(other: Any) -> Any:
        return other.array if isinstance(other, Matrix) else np.asarray(other, dtype=float)

    def _both(self, other: Any) -> tuple[Any, Any]:
        return self.array, self._array(other)

    def __add__(self, other: Any) -> Matrix:
        return Matrix(self.array + self._array(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Matrix:
        return Matrix(self.array - self._array(other))

    def __rsub__(self, other: Any) -> Matrix:
        return Matrix(self._array(other) - self.array)

    def __neg__(self) -> Matrix:
        return Matrix(-self.array)

    def __mul__(self, other: Any) -> Matrix:
        left, right = self._both(other)
        return Matrix(left * right if np.ndim(left) == 0 or np.ndim(right) == 0 else left @ right)

    def __rmul__(self, other: Any) -> Matrix:
        return Matrix(other) * self

    def __matmul__(self, other: Any) -> Matrix:
        left, right = self._both(other)
        assert np.shape(left) == np.shape(right), "entry by entry of two shapes"
        return Matrix(left * right)

    def __truediv__(self, other: Any) -> Matrix:
        left, right = self._both(other)
        assert np.ndim(right) == 0, "division by a matrix"
        return Matrix(left / right)

    def __rtruediv__(self, other: Any) -> Matrix:
        return Matrix(other) / self

    def __floordiv__(self, other: Any) -> Matrix:
        return Matrix(self.array / self._array(other))

    def __rfloordiv__(self, other: Any) -> Matrix:
        return Matrix(self._array(other) / self.array)

    def __pow__(self, other: Any) -> Matrix:
        return Matrix(self.array ** self._array(other))

    def __rpow__(self, other: Any) -> Matrix:
        return Matrix(self._array(other) ** self.array)

    @property
    def T(self) -> Matrix:
        return Matrix(np.transpose(self.array))


def _entrywise(function: Any) -> Any:
    return lambda argument: Matrix(function(Matrix._array(argument)))


def _along(function: Any) -> Any:
    return lambda argument, axis=0: Matrix(function(np.atleast_2d(argument.array), axis))


def _total(argument: Matrix, axis: int | None = None) -> Matrix:
    return Matrix(np.sum(argument.array, axis=axis, keepdims=axis is not None))


def _shape(extents: tuple[Any, ...]) -> list[int]:
    return [int(Matrix._array(extent)) for extent in extents]


FUNCTIONS: dict[str, Any] = {
    "tanh": _entrywise(np.tanh),
    "sigmoid": _entrywise(sigmoid),
    "softplus": _entrywise(softplus),
    "relu": _entrywise(relu),
    "exp": _entrywise(np.exp),
    "log": _entrywise(np.log),
    "sqrt": _entrywise(np.sqrt),
    "unit_step": _entrywise(lambda array: (array > 0) * 1.0),
    "softmax": _along(softmax),
    "log_softmax": _along(lambda array, axis: array - logsumexp(array, axis)),
    "logsumexp": _along(logsumexp),
    "total": _total,
    "ones": lambda *extents: Matrix(np.ones(_shape(extents))),
    "eye": lambda extent: Matrix(np.eye(_shape((extent,))[0])),
}


def read_aloud(line: str, values: dict[str, Any], sizes: dict[str, int]) -> Any:
    """The value of a line of text, by Python's own rules of precedence."""
    names = {name: Matrix(array) for name, array in {**values, **sizes}.items()}
    code = line.replace(".**", "**").replace(".*", "@").replace("./", "//")
    result = eval(code, {"__builtins__": {}}, FUNCTIONS | names)
    return Matrix._array(result)


def lines_of(maker: Maker) -> tuple[list[Node], dict[str, Any]]:
    derivation = derive(maker.network)
    values = {
        name: array if maker.network.leaf(name).shape else np.reshape(array, ())[()]
        for name, array in maker.values.items()
    }
    nodes = [step.node for step in maker.network.steps.values()]
    for up in derivation.upstreams:
        nodes.append(up.expression)
        if up.named:
            values[up.delta.name] = evaluate(up.expression, values, maker.sizes)
    nodes += [derivation.gradient(name) for name in maker.weights]
    return nodes, values


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_line_read_from_left_to_right_has_the_value_of_its_node(seed: int, matrices: bool) -> None:
    """Only where no symbolic size is 1: there `*` with a 1 x 1 is read either way."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            maker = make(random.Random(seed), matrices=matrices)
        except DeclarationError:
            return
        if 1 in maker.sizes.values():
            return
        nodes, values = lines_of(maker)
        for node in nodes:
            expected = np.asarray(evaluate(node, values, maker.sizes))
            if np.isfinite(expected).all():
                found = read_aloud(text(node), values, maker.sizes)
                assert found.size == expected.size, text(node)
                assert found.reshape(expected.shape) == pytest.approx(
                    expected, rel=1e-8, abs=1e-9
                ), text(node)
