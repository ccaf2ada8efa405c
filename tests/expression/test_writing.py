"""Canonical form written back as SymPy, in the user's symbols; meaning is tested beside reading."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sympy
from sympy import (
    Dummy,
    HadamardPower,
    HadamardProduct,
    Identity,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Sum,
    Symbol,
    hadamard_product,
    symbols,
)

import symprop
from symprop import Network, derive, scalar, softmax, total
from symprop.expression.nodes import Leaf
from symprop.expression.writing import to_sympy

a, b = symbols("a b", real=True)
D, N = symbols("D N", integer=True, positive=True)
x, v, z = MatrixSymbol("x", D, 1), MatrixSymbol("v", D, 1), MatrixSymbol("z", N, 1)
W, U, Q = MatrixSymbol("W", N, D), MatrixSymbol("U", N, D), MatrixSymbol("Q", N, N)
r, m = MatrixSymbol("r", 1, D), MatrixSymbol("m", 1, 1)

SAME: list[Any] = [
    a * b + 1,
    a**2 / b,
    a**b,
    sympy.sqrt(a) + Rational(1, 3) * b - 0.25,
    sympy.pi * a,
    symprop.sigmoid(a) * symprop.tanh(b),
    W * x + z,
    W.T * z,
    2 * W * x,
    W + U,
    x * x.T,
    hadamard_product(W, U),
    HadamardPower(W, 2),
    symprop.sigmoid(W * x),
    softmax(z),
    softmax(W, axis=0),
    softmax(W, axis=1),
    symprop.log_softmax(z),
    symprop.logsumexp(z),
    symprop.logsumexp(W, axis=0),
    symprop.logsumexp(r, axis=1),
    total(W),
    total(W, axis=0),
    total(W, axis=1),
    scalar(x.T * v),
    scalar(x.T * v) * W,
    total(z) * z,
    a * W,
    OneMatrix(N, 1) * r,
    Q + Identity(N),
    z + a * OneMatrix(N, 1),
    x / sympy.sqrt(D),
    m[0, 0] * a,
]


def network() -> Network:
    return Network("n", weights=[a, b, x, v, z, W, U, Q, r, m])


@pytest.mark.parametrize("expression", SAME, ids=str)
def test_plain_expression_comes_back_as_it_was_written(expression: Any) -> None:
    net = network()
    assert to_sympy(net.read(expression), net.symbols) == expression


@pytest.mark.parametrize("expression", SAME, ids=str)
def test_nothing_is_written_over_indices(expression: Any) -> None:
    """A gradient is never a Sum over Dummies, which SymPy makes of (x.T*v)[0, 0]."""
    net = network()
    net.loss(
        symprop.l2(a, b, x, v, z, W, U, Q, r, m)
        + (total(expression) if getattr(expression, "is_Matrix", False) else expression)
    )
    d = derive(net)
    for weight in (a, x, z, W):
        for form in ("steps", "delta", "expanded"):
            assert not d.partial(weight, form).has(Sum, Dummy)


def test_symbols_are_those_of_the_user() -> None:
    plain, positive = Symbol("p"), Symbol("q", positive=True)
    net = Network("n", weights=[plain, positive])
    written = to_sympy(net.read(Symbol("p", real=True) * Symbol("q")), net.symbols)
    assert written == plain * positive and written.free_symbols == {plain, positive}


def test_1_x_1_matrix_is_written_as_its_entry() -> None:
    net = network()
    assert to_sympy(net.read(m * m), net.symbols) == m[0, 0] ** 2


def test_names_without_a_symbol_are_made_up() -> None:
    delta, column = Leaf("delta_a", (), "delta"), Leaf("delta_h", (N, 1), "delta")
    assert to_sympy(delta, {}) == Symbol("delta_a", real=True)
    assert to_sympy(column, {}) == MatrixSymbol("delta_h", N, 1)


def test_equal_sums_and_hadamard_products_compare_equal_in_either_order() -> None:
    net = network()
    assert to_sympy(net.read(U + W), net.symbols) == W + U
    written = to_sympy(net.read(HadamardProduct(U, W)), net.symbols)
    assert hadamard_product(*written.args) == hadamard_product(W, U)


def test_written_out_matrix_gradients_take_time_in_proportion() -> None:
    """SymPy's `+` and `*` evaluate the whole tree below again: 60 s for 990 operations."""
    net = Network("chain", inputs=[z], weights=[Q, a])
    value = z
    for k in range(5):
        value = net.step(f"h{k}", HadamardProduct(symprop.tanh(Q * value + a * z), value + z))
    net.loss(total(value))
    d = derive(net)
    start = time.process_time()
    assert MatrixSymbol("h3", N, 1) in d.partial(a, form="steps").free_symbols
    assert time.process_time() - start < 5
