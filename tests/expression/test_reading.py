"""What a SymPy expression is taken to mean, against NumPy written by hand at many sizes.

Sizes are symbolic with values that may be 1 or equal, or whole numbers. The NumPy line has the
brackets that the user wrote; SymPy has dropped them by the time symprop reads the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import sympy
from differences import logsumexp, sigmoid, softmax
from sympy import (
    E,
    EulerGamma,
    HadamardPower,
    HadamardProduct,
    Identity,
    Lambda,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Pow,
    Rational,
    Symbol,
    Transpose,
    ZeroMatrix,
    hadamard_product,
    pi,
    symbols,
)

import symprop
from symprop import Network
from symprop.errors import ShapeError
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Node
from symprop.expression.writing import to_sympy

Values = Mapping[str, Any]
SIZES = [(3, 2), (2, 3), (1, 3), (3, 1), (2, 2), (1, 1)]
d, s, t = symbols("d s t", real=True)


class Symbols:
    """Matrices over two sizes: x, v, a, c are D x 1, z, z2 N x 1, r 1 x D, W, W2 N x D, Q N x N."""

    def __init__(self, rows: Any, columns: Any) -> None:
        self.D, self.N = columns, rows
        shapes = {
            "x": (self.D, 1),
            "v": (self.D, 1),
            "a": (self.D, 1),
            "c": (self.D, 1),
            "z": (self.N, 1),
            "z2": (self.N, 1),
            "r": (1, self.D),
            "W": (self.N, self.D),
            "W2": (self.N, self.D),
            "Q": (self.N, self.N),
            "m": (1, 1),
        }
        self.shapes = shapes
        for name, shape in shapes.items():
            setattr(self, name, MatrixSymbol(name, *shape))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def network(self) -> Network:
        return Network("n", weights=[getattr(self, name) for name in self.shapes] + [d, s, t])


SYMBOLIC = Symbols(*symbols("N D", integer=True, positive=True))


def arrays(rows: int, columns: int, seed: int = 0) -> dict[str, Any]:
    """Random two-dimensional arrays for all names; numbers for the scalars."""
    rng = np.random.default_rng(seed)
    sizes = {SYMBOLIC.N: rows, SYMBOLIC.D: columns, 1: 1}
    values: dict[str, Any] = {
        name: rng.uniform(0.2, 1.4, [sizes[extent] for extent in shape])
        for name, shape in SYMBOLIC.shapes.items()
    }
    return values | {"d": 0.7, "s": -1.3, "t": 0.4}


def for_symprop(node_values: Values, network: Network) -> dict[str, Any]:
    """A 1 x 1 that is declared as such is a number."""
    return {
        name: value if network.leaf(name).shape else np.reshape(value, ())[()]
        for name, value in node_values.items()
    }


def assert_means(node: Node, network: Network, values: Values, sizes: Any, expected: Any) -> None:
    found = np.asarray(evaluate(node, for_symprop(values, network), sizes))
    expected = np.asarray(expected)
    extents = [e if isinstance(e, int) else int(e.subs(_subs(sizes))) for e in node.shape]
    assert list(found.shape) == extents
    assert found.size == expected.size
    assert found.reshape(expected.shape) == pytest.approx(expected, rel=1e-12)


def _subs(sizes: Mapping[str, int]) -> dict[Any, int]:
    return {SYMBOLIC.N: sizes["N"], SYMBOLIC.D: sizes["D"]}


def positive_power(base: Any, exponent: Any) -> Any:
    return np.exp(exponent * np.log(base))


Case = tuple[Callable[[Any], Any], Callable[[Any], Any]]


class Bag:
    """Arrays by attribute, so that the NumPy line reads like the SymPy line."""

    def __init__(self, values: Values) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


def one(matrix: Any) -> Any:
    """The entry of a 1 x 1."""
    return matrix[0, 0]


SYMBOLIC_ONLY: dict[str, Case] = {
    # SymPy drops the brackets and gets the shape wrong; with whole sizes it raises itself
    "(x.T*x)*x": (lambda m: (m.x.T * m.x) * m.x, lambda v: one(v.x.T @ v.x) * v.x),
    "x*(x.T*x)": (lambda m: m.x * (m.x.T * m.x), lambda v: v.x * one(v.x.T @ v.x)),
    "((x.T*x)*x).T": (lambda m: ((m.x.T * m.x) * m.x).T, lambda v: one(v.x.T @ v.x) * v.x.T),
    "x.T*(x.T*v)": (lambda m: m.x.T * (m.x.T * m.v), lambda v: one(v.x.T @ v.v) * v.x.T),
    "(x.T*x)*W": (lambda m: (m.x.T * m.x) * m.W, lambda v: one(v.x.T @ v.x) * v.W),
    "W*(x.T*x)": (lambda m: m.W * (m.x.T * m.x), lambda v: one(v.x.T @ v.x) * v.W),
    "W*(x.T*x)*x": (lambda m: m.W * (m.x.T * m.x) * m.x, lambda v: one(v.x.T @ v.x) * v.W @ v.x),
    "Q*(x.T*v)*Q": (lambda m: m.Q * (m.x.T * m.v) * m.Q, lambda v: one(v.x.T @ v.v) * v.Q @ v.Q),
    "(x.T*v)*(a.T*c)*z": (
        lambda m: (m.x.T * m.v) * (m.a.T * m.c) * m.z,
        lambda v: one(v.x.T @ v.v) * one(v.a.T @ v.c) * v.z,
    ),
    "z*(r*x)": (lambda m: m.z * (m.r * m.x), lambda v: v.z * one(v.r @ v.x)),
    "r*(r*x)": (lambda m: m.r * (m.r * m.x), lambda v: v.r * one(v.r @ v.x)),
    "(r*x)*r*x": (lambda m: (m.r * m.x) * m.r * m.x, lambda v: one(v.r @ v.x) ** 2),
    "x.T*x*v*v.T*a": (
        lambda m: (m.x.T * m.x) * m.v * (m.v.T * m.a),
        lambda v: one(v.x.T @ v.x) * one(v.v.T @ v.a) * v.v,
    ),
    "(x.T*x)*z + z2": (
        lambda m: (m.x.T * m.x) * m.z + m.z2,
        lambda v: one(v.x.T @ v.x) * v.z + v.z2,
    ),
    "x/(x.T*x)": (lambda m: m.x / (m.x.T * m.x), lambda v: v.x / one(v.x.T @ v.x)),
    "sigmoid((x.T*x)*z)": (
        lambda m: symprop.sigmoid((m.x.T * m.x) * m.z),
        lambda v: sigmoid(one(v.x.T @ v.x) * v.z),
    ),
    "hadamard((x.T*x)*W, W2)": (
        lambda m: HadamardProduct((m.x.T * m.x) * m.W, m.W2),
        lambda v: one(v.x.T @ v.x) * v.W * v.W2,
    ),
    "total((x.T*x)*W)": (
        lambda m: symprop.total((m.x.T * m.x) * m.W),
        lambda v: one(v.x.T @ v.x) * v.W.sum(),
    ),
    "mean((x.T*x)*W)": (
        lambda m: symprop.mean((m.x.T * m.x) * m.W),
        lambda v: one(v.x.T @ v.x) * v.W.mean(),
    ),
    "mean((x.T*x)*z + z2)": (
        lambda m: symprop.mean((m.x.T * m.x) * m.z + m.z2),
        lambda v: (one(v.x.T @ v.x) * v.z + v.z2).mean(),
    ),
    "dot((x.T*x)*z, z2)": (
        lambda m: symprop.dot((m.x.T * m.x) * m.z, m.z2),
        lambda v: one(v.x.T @ v.x) * (v.z * v.z2).sum(),
    ),
    "mean_squared_error((x.T*x)*z, z2)": (
        lambda m: symprop.mean_squared_error((m.x.T * m.x) * m.z, m.z2),
        lambda v: ((one(v.x.T @ v.x) * v.z - v.z2) ** 2).mean(),
    ),
    "binary_cross_entropy(z, sigmoid((x.T*x)*z2))": (
        lambda m: symprop.binary_cross_entropy(m.z, symprop.sigmoid((m.x.T * m.x) * m.z2)),
        lambda v: (
            -(
                v.z * np.log(sigmoid(one(v.x.T @ v.x) * v.z2))
                + (1 - v.z) * np.log(1 - sigmoid(one(v.x.T @ v.x) * v.z2))
            ).sum()
        ),
    ),
    "x/sqrt(D)": (lambda m: m.x / sympy.sqrt(m.D), lambda v: v.x / np.sqrt(len(v.x))),
    "a mean by hand": (
        lambda m: symprop.total(m.W) / (m.N * m.D) + m.N,
        lambda v: v.W.mean() + len(v.z),
    ),
}

BOTH: dict[str, Case] = {
    # products that close to 1 x 1
    "x*x.T*x": (lambda m: m.x * m.x.T * m.x, lambda v: v.x @ v.x.T @ v.x),
    "a.T*x*c.T*v": (lambda m: m.a.T * m.x * m.c.T * m.v, lambda v: v.a.T @ v.x @ v.c.T @ v.v),
    "(x.T*v)**3": (lambda m: (m.x.T * m.v) ** 3, lambda v: (v.x.T @ v.v) ** 3),
    "(x.T*x)**(1/2)": (
        lambda m: (m.x.T * m.x) ** Rational(1, 2),
        lambda v: np.sqrt(v.x.T @ v.x),
    ),
    "scalar(x.T*x)*W": (
        lambda m: symprop.scalar(m.x.T * m.x) * m.W,
        lambda v: one(v.x.T @ v.x) * v.W,
    ),
    "scalar(x.T*x)*(z*OneMatrix)": (
        lambda m: symprop.scalar(m.x.T * m.x) * (m.z * OneMatrix(1, m.D)),
        lambda v: one(v.x.T @ v.x) * v.z + 0 * v.W,
    ),
    "total(W)*(W*x)": (lambda m: symprop.total(m.W) * (m.W * m.x), lambda v: v.W.sum() * v.W @ v.x),
    "scalar(x.T*v)**2 + d": (
        lambda m: symprop.scalar(m.x.T * m.v) ** 2 + d,
        lambda v: one(v.x.T @ v.v) ** 2 + v.d,
    ),
    "1/scalar(x.T*x)": (lambda m: 1 / symprop.scalar(m.x.T * m.x), lambda v: 1 / (v.x.T @ v.x)),
    "m[0, 0]*z": (lambda m: m.m[0, 0] * m.z, lambda v: one(v.m) * v.z),
    "z[-1, 0]": (lambda m: m.z[-1, 0] * m.x, lambda v: v.z[-1, 0] * v.x),
    "W[-1, 0]*W[0, -1]": (lambda m: m.W[-1, 0] * m.W[0, -1], lambda v: v.W[-1, 0] * v.W[0, -1]),
    "(W*x)[-1, 0]": (lambda m: (m.W * m.x)[-1, 0], lambda v: (v.W @ v.x)[-1, 0]),
    "(x.T*W.T)[0, -1]": (lambda m: (m.x.T * m.W.T)[0, -1], lambda v: (v.W @ v.x)[-1, 0]),
    "m*m + m": (lambda m: m.m * m.m + m.m, lambda v: v.m**2 + v.m),
    "m**3": (lambda m: m.m**3, lambda v: v.m**3),
    "x*m": (lambda m: m.x * m.m, lambda v: v.x * one(v.m)),
    "z*m*r": (lambda m: m.z * m.m * m.r, lambda v: one(v.m) * v.z @ v.r),
    # products, transposes, powers
    "W*x + z": (lambda m: m.W * m.x + m.z, lambda v: v.W @ v.x + v.z),
    "(W*x).T": (lambda m: (m.W * m.x).T, lambda v: (v.W @ v.x).T),
    "(W*W2.T*Q).T": (lambda m: (m.W * m.W2.T * m.Q).T, lambda v: (v.W @ v.W2.T @ v.Q).T),
    "Transpose unevaluated": (lambda m: Transpose(MatMul(m.Q, m.W)), lambda v: (v.Q @ v.W).T),
    "Q**3": (lambda m: m.Q**3, lambda v: v.Q @ v.Q @ v.Q),
    "Q**2*z": (lambda m: m.Q**2 * m.z, lambda v: v.Q @ v.Q @ v.z),
    "(Q**2).T*z": (lambda m: (m.Q**2).T * m.z, lambda v: (v.Q @ v.Q).T @ v.z),
    "Q*Q*Q.T": (lambda m: m.Q * m.Q * m.Q.T, lambda v: v.Q @ v.Q @ v.Q.T),
    "(z*z2.T)**2": (lambda m: (m.z * m.z2.T) ** 2, lambda v: v.z @ v.z2.T @ v.z @ v.z2.T),
    "(Q + Identity)**2": (
        lambda m: (m.Q + Identity(m.N)) ** 2,
        lambda v: (v.Q + np.eye(len(v.Q))) @ (v.Q + np.eye(len(v.Q))),
    ),
    "Q**0": (lambda m: m.Q**0, lambda v: np.eye(len(v.Q))),
    "d*W*x*s": (lambda m: d * m.W * m.x * s, lambda v: v.d * v.s * v.W @ v.x),
    "W*x/d": (lambda m: m.W * m.x / d, lambda v: v.W @ v.x / v.d),
    "-(z - z2)": (lambda m: -(m.z - m.z2), lambda v: v.z2 - v.z),
    "2*(z - W*x)": (lambda m: 2 * (m.z - m.W * m.x), lambda v: 2 * (v.z - v.W @ v.x)),
    "z - z": (lambda m: MatAdd(m.z, -m.z), lambda v: 0 * v.z),
    "x.T*W.T*Q*W*x": (
        lambda m: m.x.T * m.W.T * m.Q * m.W * m.x,
        lambda v: v.x.T @ v.W.T @ v.Q @ v.W @ v.x,
    ),
    "(W + W2)*(x + v)": (
        lambda m: (m.W + m.W2) * (m.x + m.v),
        lambda v: (v.W + v.W2) @ (v.x + v.v),
    ),
    "MatMul(1, z)": (lambda m: MatMul(1, m.z), lambda v: v.z),
    "Mul unevaluated": (lambda m: Mul(m.W, m.x, evaluate=False), lambda v: v.W @ v.x),
    "W.T.T": (lambda m: m.W.T.T, lambda v: v.W),
    # entry by entry
    "HadamardProduct": (lambda m: HadamardProduct(m.z, m.z2, m.z), lambda v: v.z**2 * v.z2),
    "HadamardProduct reversed": (
        lambda m: HadamardProduct(m.z2, m.W * m.x),
        lambda v: v.z2 * (v.W @ v.x),
    ),
    "hadamard_product": (lambda m: hadamard_product(m.W, m.W2), lambda v: v.W * v.W2),
    "HadamardPower 2": (lambda m: HadamardPower(m.W, 2), lambda v: v.W**2),
    "HadamardPower -1": (lambda m: HadamardPower(m.W, -1), lambda v: 1 / v.W),
    "HadamardPower 1/2": (lambda m: HadamardPower(m.W, Rational(1, 2)), lambda v: np.sqrt(v.W)),
    "HadamardPower s": (lambda m: HadamardPower(m.W, s), lambda v: positive_power(v.W, v.s)),
    "(Hadamard of d*z)**2": (lambda m: HadamardPower(d * m.z, 2), lambda v: (v.d * v.z) ** 2),
    "(W o W2)*x": (lambda m: HadamardProduct(m.W, m.W2) * m.x, lambda v: (v.W * v.W2) @ v.x),
    "(W o W2).T": (lambda m: HadamardProduct(m.W, m.W2).T, lambda v: (v.W * v.W2).T),
    "sqrt(W)": (lambda m: symprop.sqrt(m.W), lambda v: np.sqrt(v.W)),
    # functions entry by entry, SymPy's spelling
    "applyfunc(symprop.sigmoid)": (
        lambda m: m.W.applyfunc(symprop.sigmoid),
        lambda v: sigmoid(v.W),
    ),
    "applyfunc(sympy.tanh)": (lambda m: m.z.applyfunc(sympy.tanh), lambda v: np.tanh(v.z)),
    "applyfunc(Lambda)": (
        lambda m: m.W.applyfunc(Lambda(t, sympy.exp(t) * s + t**2)),
        lambda v: np.exp(v.W) * v.s + v.W**2,
    ),
    "applyfunc with the name of a weight": (
        lambda m: m.W.applyfunc(Lambda(d, d**2 + s)),
        lambda v: v.W**2 + v.s,
    ),
    "applyfunc inside applyfunc": (
        lambda m: m.W.applyfunc(sympy.tanh).applyfunc(sympy.exp),
        lambda v: np.exp(np.tanh(v.W)),
    ),
    "sigmoid(W).T*z": (lambda m: symprop.sigmoid(m.W).T * m.z, lambda v: sigmoid(v.W).T @ v.z),
    "exp(d)*exp(s)": (lambda m: sympy.exp(d) * symprop.exp(s), lambda v: np.exp(v.d + v.s)),
    "d**s": (lambda m: d**s, lambda v: v.d**v.s),
    "2**s": (lambda m: 2**s, lambda v: 2**v.s),
    "E**s + pi": (
        lambda m: E**s + pi * d + EulerGamma,
        lambda v: np.exp(v.s) + np.pi * v.d + np.euler_gamma,
    ),
    "numbers": (
        lambda m: Rational(1, 3) * d + 0.1 * s - 5 + sympy.sqrt(2),
        lambda v: v.d / 3 + 0.1 * v.s - 5 + np.sqrt(2),
    ),
    # constant matrices
    "OneMatrix as a column": (lambda m: m.z + d * OneMatrix(m.N, 1), lambda v: v.z + v.d),
    "OneMatrix - z": (lambda m: OneMatrix(m.N, 1) - m.z, lambda v: 1 - v.z),
    "OneMatrix*r + W": (lambda m: OneMatrix(m.N, 1) * m.r + m.W, lambda v: v.r + v.W),
    "z*OneMatrix o W": (
        lambda m: HadamardProduct(m.z * OneMatrix(1, m.D), m.W),
        lambda v: v.z * v.W,
    ),
    "W*OneMatrix": (lambda m: m.W * OneMatrix(m.D, 1), lambda v: v.W.sum(axis=1, keepdims=True)),
    "OneMatrix*W*OneMatrix": (
        lambda m: OneMatrix(1, m.N) * m.W * OneMatrix(m.D, 1),
        lambda v: v.W.sum(),
    ),
    "x.T*OneMatrix": (lambda m: m.x.T * OneMatrix(m.D, 1), lambda v: v.x.sum()),
    "OneMatrix*OneMatrix": (
        lambda m: OneMatrix(m.N, m.D) * OneMatrix(m.D, m.N) + m.Q,
        lambda v: v.Q + v.W.shape[1],
    ),
    "OneMatrix o W": (lambda m: HadamardProduct(OneMatrix(m.N, m.D), m.W), lambda v: v.W),
    "ZeroMatrix + z": (lambda m: ZeroMatrix(m.N, 1) + m.z, lambda v: v.z),
    "Identity*W": (lambda m: Identity(m.N) * m.W, lambda v: v.W),
    "Q + d*Identity": (lambda m: m.Q + d * Identity(m.N), lambda v: v.Q + v.d * np.eye(len(v.Q))),
    "Q o Identity": (
        lambda m: HadamardProduct(m.Q, Identity(m.N)) * m.z,
        lambda v: np.diag(v.Q)[:, None] * v.z,
    ),
    # reductions
    "total of columns": (lambda m: symprop.total(m.W, axis=0), lambda v: v.W.sum(0, keepdims=True)),
    "total of rows": (lambda m: symprop.total(m.W, axis=1), lambda v: v.W.sum(1, keepdims=True)),
    "total(d*W + 1)": (
        lambda m: symprop.total(d * m.W + OneMatrix(m.N, m.D)),
        lambda v: (v.d * v.W + 1).sum(),
    ),
    "total of rows of a sum": (
        lambda m: symprop.total(m.W - d * OneMatrix(m.N, m.D), axis=1),
        lambda v: (v.W - v.d).sum(1, keepdims=True),
    ),
    "mean of columns": (lambda m: symprop.mean(m.W, axis=0), lambda v: v.W.mean(0, keepdims=True)),
    "mean of rows": (lambda m: symprop.mean(m.W, axis=-1), lambda v: v.W.mean(1, keepdims=True)),
    "total(softmax(W))": (
        lambda m: symprop.total(symprop.softmax(m.W, axis=0) - m.W, axis=1),
        lambda v: (softmax(v.W, 0) - v.W).sum(1, keepdims=True),
    ),
    "softmax of a column": (lambda m: symprop.softmax(m.z), lambda v: softmax(v.z, 0)),
    "softmax of a column by rows": (lambda m: symprop.softmax(m.z, axis=1), lambda v: 1 + 0 * v.z),
    "softmax of rows": (lambda m: symprop.softmax(m.W, axis=1), lambda v: softmax(v.W, 1)),
    "softmax of a row": (lambda m: symprop.softmax(m.r, axis=1), lambda v: softmax(v.r, 1)),
    "softmax of rows, transposed": (
        lambda m: symprop.softmax(m.W, axis=1).T,
        lambda v: softmax(v.W, 1).T,
    ),
    "log_softmax of columns": (
        lambda m: symprop.log_softmax(m.W, axis=-2),
        lambda v: np.log(softmax(v.W, 0)),
    ),
    "logsumexp of a column": (lambda m: symprop.logsumexp(m.z), lambda v: logsumexp(v.z, 0)),
    "logsumexp of a row": (lambda m: symprop.logsumexp(m.r, axis=1), lambda v: logsumexp(v.r, 1)),
    "logsumexp of a row by columns": (lambda m: symprop.logsumexp(m.r, axis=0), lambda v: v.r),
    "logsumexp of columns": (lambda m: symprop.logsumexp(m.W, axis=0), lambda v: logsumexp(v.W, 0)),
    "logsumexp of rows": (lambda m: symprop.logsumexp(m.W, axis=1), lambda v: logsumexp(v.W, 1)),
    "dot of matrices": (lambda m: symprop.dot(m.W, m.W2), lambda v: (v.W * v.W2).sum()),
    "dot of columns": (lambda m: symprop.dot(m.x, m.v), lambda v: (v.x * v.v).sum()),
    "squared_norm": (lambda m: symprop.squared_norm(m.W * m.x), lambda v: ((v.W @ v.x) ** 2).sum()),
    "cross_entropy": (
        lambda m: symprop.cross_entropy(m.z, symprop.softmax(m.z2)),
        lambda v: -(v.z * np.log(softmax(v.z2, 0))).sum(),
    ),
    "binary_cross_entropy of matrices": (
        lambda m: symprop.binary_cross_entropy(m.W, symprop.sigmoid(m.W2)),
        lambda v: -(v.W * np.log(sigmoid(v.W2)) + (1 - v.W) * np.log(1 - sigmoid(v.W2))).sum(),
    ),
    "l2 of several": (
        lambda m: d * symprop.l2(m.W, m.z, s),
        lambda v: v.d * ((v.W**2).sum() + (v.z**2).sum() + v.s**2),
    ),
    "half_squared_error of rows": (
        lambda m: symprop.half_squared_error(m.r, m.x.T),
        lambda v: ((v.r - v.x.T) ** 2).sum() / 2,
    ),
}


@pytest.mark.parametrize("rows, columns", SIZES)
@pytest.mark.parametrize("case", [*SYMBOLIC_ONLY, *BOTH])
def test_expression_of_symbolic_sizes_means_what_its_brackets_say(
    case: str, rows: int, columns: int
) -> None:
    made, by_hand = (SYMBOLIC_ONLY | BOTH)[case]
    network, values = SYMBOLIC.network(), arrays(rows, columns)
    node = network.read(made(SYMBOLIC))
    sizes = {"N": rows, "D": columns}
    assert_means(node, network, values, sizes, by_hand(Bag(values)))


ONE_ENTRY = {
    "column": lambda rows, columns: rows == 1,
    "row": lambda rows, columns: columns == 1,
    "matrix": lambda rows, columns: rows == columns == 1,
}
REFUSED_OF_ONE_ENTRY = {
    "softmax of a column": "column",
    "softmax of a column by rows": "column",
    "softmax of rows": "matrix",
    "softmax of a row": "row",
    "softmax of rows, transposed": "matrix",
    "total(softmax(W))": "matrix",
    "log_softmax of columns": "matrix",
    "cross_entropy": "column",
}


def _of_one_entry(case: str, rows: int, columns: int) -> bool:
    """Whether the case is a softmax of a declared 1 x 1, which is refused."""
    kind = REFUSED_OF_ONE_ENTRY.get(case)
    return kind is not None and ONE_ENTRY[kind](rows, columns)


@pytest.mark.parametrize("rows, columns", SIZES)
@pytest.mark.parametrize("case", BOTH)
def test_expression_of_whole_sizes_means_what_its_brackets_say(
    case: str, rows: int, columns: int
) -> None:
    made, by_hand = BOTH[case]
    matrices = Symbols(rows, columns)
    network, values = matrices.network(), arrays(rows, columns)
    if _of_one_entry(case, rows, columns):
        with pytest.raises(ShapeError, match="not a scalar"):
            network.read(made(matrices))
        return
    node = network.read(made(matrices))
    sizes = {"N": rows, "D": columns}
    assert_means(node, network, values, sizes, by_hand(Bag(values)))


@pytest.mark.parametrize("case", [*SYMBOLIC_ONLY, *BOTH])
def test_what_is_written_back_means_the_same(case: str) -> None:
    made, by_hand = (SYMBOLIC_ONLY | BOTH)[case]
    network = SYMBOLIC.network()
    written = to_sympy(network.read(made(SYMBOLIC)), network.symbols)
    again = network.read(written)
    for rows, columns in SIZES:
        values, sizes = arrays(rows, columns, seed=3), {"N": rows, "D": columns}
        assert_means(again, network, values, sizes, by_hand(Bag(values)))


@pytest.mark.parametrize("case", BOTH)
def test_what_is_written_back_with_whole_sizes_means_the_same(case: str) -> None:
    made, by_hand = BOTH[case]
    matrices = Symbols(3, 2)
    network, values = matrices.network(), arrays(3, 2, seed=4)
    written = to_sympy(network.read(made(matrices)), network.symbols)
    again = network.read(written)
    assert_means(again, network, values, {"N": 3, "D": 2}, by_hand(Bag(values)))


def test_shape_of_a_step_is_the_inferred_one_not_that_of_sympy() -> None:
    m = SYMBOLIC
    for expression, shape in [
        ((m.x.T * m.x) * m.W, (m.N, m.D)),
        ((m.x.T * m.x) * m.x, (m.D, 1)),
        (m.x.T * m.x, ()),
        (m.x.T * (m.x.T * m.v), (1, m.D)),
        (symprop.softmax((m.x.T * m.x) * m.W, axis=0), (m.N, m.D)),
        (symprop.total(m.W, axis=0), (1, m.D)),
        (symprop.total(m.z, axis=0), ()),
        (symprop.logsumexp(m.r, axis=1), ()),
    ]:
        assert m.network().read(expression).shape == shape, expression


def test_bound_variables_capture_no_weight() -> None:
    """SymPy calls the bound variable of applyfunc(lambda ...) a Dummy("d")."""
    network, values = SYMBOLIC.network(), arrays(2, 3)
    node = network.read(SYMBOLIC.z.applyfunc(lambda entry: d * entry + d))
    assert_means(node, network, values, {"N": 2, "D": 3}, 0.7 * values["z"] + 0.7)


def test_two_equal_applyfuncs_are_one_node() -> None:
    network = SYMBOLIC.network()
    first = SYMBOLIC.z.applyfunc(sympy.tanh)
    second = SYMBOLIC.z.applyfunc(sympy.tanh)
    assert first != second  # SymPy's own comparison
    assert network.read(first) == network.read(second) == network.read(symprop.tanh(SYMBOLIC.z))


def test_equal_expressions_are_equal_nodes_whatever_sympy_compares() -> None:
    m, network = SYMBOLIC, SYMBOLIC.network()
    for left, right in [
        (HadamardProduct(m.z, m.z2), hadamard_product(m.z2, m.z)),
        (MatMul(1, m.z), m.z),
        ((m.W * m.x).T, m.x.T * m.W.T),
        (Symbol("d"), d),
        (symprop.exp(d), sympy.exp(Symbol("d"))),
        (symprop.sqrt(d), Pow(d, Rational(1, 2))),
        (HadamardPower(m.z, 2), HadamardProduct(m.z, m.z)),
        (m.z.applyfunc(symprop.sigmoid), symprop.sigmoid(m.z)),
    ]:
        assert {network.read(left), network.read(right)} == {network.read(left)}


def test_mismatch_is_refused_though_sympy_accepts_it() -> None:
    m, network = SYMBOLIC, SYMBOLIC.network()
    for expression, shapes in [
        (m.W * m.z, ("N x D", "N x 1")),
        (m.x + m.z, ("D x 1", "N x 1")),
        (m.W * m.x * m.W, ("N x 1", "N x D")),
        (HadamardProduct(m.x, m.z), ("D x 1", "N x 1")),
        (symprop.scalar(m.x), ("1 x 1", "D x 1")),
        (m.r + m.x.T * m.W, ("1 x D", "N x D")),
    ]:
        with pytest.raises(ShapeError) as caught:
            network.read(expression)
        for shape in shapes:
            assert shape in str(caught.value)
