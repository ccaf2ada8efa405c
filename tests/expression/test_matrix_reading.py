"""Entries, slices, blocks and sums over an index: read as meant, or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy
from sympy import BlockMatrix, DiagMatrix, Identity, Matrix, MatrixSymbol, Symbol, Trace, symbols

import symprop
from symprop import Network, total
from symprop.errors import SympropError
from symprop.expression.evaluation import evaluate
from symprop.expression.text import text

N, K = symbols("N K", integer=True, positive=True)
i = Symbol("i", integer=True)
p, q = MatrixSymbol("p", N, 1), MatrixSymbol("q", N, 1)
M, R = MatrixSymbol("M", N, N), MatrixSymbol("R", N, K)
w = Symbol("w", real=True)

READ_BACK: dict[str, Callable[[], tuple[Any, str]]] = {
    "x'Ax": lambda: ((p.T * M * p)[0, 0], "p.T*M*p"),
    "x'A**2x": lambda: ((p.T * M**2 * p)[0, 0], "p.T*M*M*p"),
    "an entry of a product": lambda: ((M * R)[1, 0], "M[1, :]*R[:, 0]"),
    "a sum of squares": lambda: (sympy.Sum(p[i, 0] ** 2, (i, 0, N - 1)), "p.T*p"),
    "a sum of some entries": lambda: (sympy.Sum(p[i, 0], (i, 0, 1)), "total(p[:2])"),
    "a sum along the diagonal": lambda: (sympy.Sum(M[i, i], (i, 0, N - 1)), "total(diagonal(M))"),
    "blocks": lambda: (Trace(BlockMatrix([[M, p], [q.T, Matrix([[w]])]])), "trace([M, p; q.T, w])"),
    "an explicit matrix": lambda: (
        total(Matrix([[w, 1], [2, w**2]]) * Matrix([w, 3])),
        "4*w**2 + 3 + 2*w",
    ),
    "a diagonal matrix": lambda: (total(DiagMatrix(p) * q), "total(p.*q)"),
    "the last entry": lambda: (p[-1, 0] * p[N - 1, 0], "p[N - 1]**2"),
    "the sum of a sum": lambda: (
        sympy.Sum(p[i, 0] + 2 * q[i, 0], (i, 0, N - 1)),
        "2*total(q) + total(p)",
    ),
}


@pytest.mark.parametrize("name", READ_BACK)
def test_a_sum_over_entries_is_read_back_as_the_product_it_was(name: str) -> None:
    expression, expected = READ_BACK[name]()
    network = Network("n", weights=[p, q, M, R, w])
    assert text(network.read(expression)) == expected


REFUSED_ENTRIES: dict[str, Callable[[], Any]] = {
    "neither a whole number nor made of sizes": lambda: M[i, 0],
    "is no product of matrices": lambda: sympy.Sum(sympy.tanh(p[i, 0]), (i, 0, N - 1)),
    "square matrix, not N x K": lambda: sympy.Determinant(M[:, :K]),
    "the matrix power": lambda: total(M**N),
}


@pytest.mark.parametrize("cause", REFUSED_ENTRIES)
def test_an_entry_or_power_that_means_nothing_is_refused(cause: str) -> None:
    network = Network("n", weights=[p, q, M, R, w])
    with pytest.raises(SympropError, match=cause):
        network.loss(REFUSED_ENTRIES[cause]() + symprop.l2(p, q, M, R, w))


WITH_IDENTITY: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "the last": ((M + Identity(N))[0, N - 1], lambda m: (m + np.eye(len(m)))[0, -1]),
    "one beside": ((M - 2 * Identity(N))[1, 0], lambda m: (m - 2 * np.eye(len(m)))[1, 0]),
    "one on the diagonal": ((M - 2 * Identity(N))[1, 1], lambda m: (m - 2 * np.eye(len(m)))[1, 1]),
    "of a product": (
        (M * (M + Identity(N)))[0, N - 1],
        lambda m: (m @ (m + np.eye(len(m))))[0, -1],
    ),
    "of a product of two": (
        ((M + Identity(N)) * (M - Identity(N)))[N - 1, 1],
        lambda m: ((m + np.eye(len(m))) @ (m - np.eye(len(m))))[-1, 1],
    ),
}


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("name", WITH_IDENTITY)
def test_an_entry_of_a_sum_with_an_identity_is_a_number_for_every_size(
    name: str, size: int
) -> None:
    """SymPy writes the entry of the identity as a KroneckerDelta, which depends on the size."""
    expression, by_hand = WITH_IDENTITY[name]
    network = Network("n", weights=[M])
    matrix = np.random.default_rng(size).normal(size=(size, size))
    found = evaluate(network.read(expression), {"M": matrix}, {"N": size})
    assert float(found) == pytest.approx(float(by_hand(matrix)), rel=1e-12)
    network.loss(expression**2)
    assert symprop.check_gradients(symprop.derive(network)).ok


def test_a_constant_function_of_every_entry_is_a_matrix() -> None:
    network = Network("n", weights=[p])
    assert text(network.read(p.applyfunc(lambda u: 3))) == "3*ones(N, 1)"
