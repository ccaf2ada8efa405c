"""Functions of whole matrices, slices and blocks: never another value, and shorter where known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sympy import symbols

from symprop.errors import ShapeError
from symprop.expression.algebra import (
    ONE,
    add,
    apply,
    filled,
    matmul,
    multiply,
    power,
    scale,
    total,
    transpose,
)
from symprop.expression.blocks import fitted_together, place, slice_of, stack, whole
from symprop.expression.evaluation import evaluate
from symprop.expression.matrices import of_matrix
from symprop.expression.nodes import (
    Identity,
    Leaf,
    Node,
    Number,
    Ones,
    Slice,
    Span,
    Stack,
    walk,
)
from symprop.expression.text import text
from symprop.functions.activations import tanh
from symprop.functions.matrices import (
    determinant,
    diagonal,
    diagonal_matrix,
    inverse,
    logdet,
    trace,
)

N, K = symbols("N K", integer=True, positive=True)
SIZES = {"N": 3, "K": 2}
A, B = Leaf("A", (N, N), "weight", 0), Leaf("B", (N, N), "weight", 1)
x, y = Leaf("x", (N, 1), "weight", 2), Leaf("y", (N, 1), "weight", 3)
C, r = Leaf("C", (N, K), "weight", 4), Leaf("r", (1, N), "weight", 5)
s = Leaf("s", (), "weight", 6)


def values() -> dict[str, Any]:
    rng = np.random.default_rng(1)
    shapes = {"A": (3, 3), "B": (3, 3), "x": (3, 1), "y": (3, 1), "C": (3, 2), "r": (1, 3)}
    drawn: dict[str, Any] = {name: rng.uniform(0.5, 2, shape) for name, shape in shapes.items()}
    drawn["A"] += 3 * np.eye(3)
    drawn["s"] = 1.75
    return drawn


V = values()


def value(node: Node) -> Any:
    return np.asarray(evaluate(node, V, SIZES))


def assert_is(node: Node, expected: Any, written: str) -> None:
    assert text(node) == written
    found = value(node)
    assert found == pytest.approx(np.reshape(expected, found.shape), rel=1e-12, abs=1e-12)


# -- functions of a matrix ------------------------------------------------------------------------


def test_an_inverse_beside_its_matrix_cancels() -> None:
    inverted = of_matrix(inverse, A)
    assert matmul(inverted, A) == Identity((N, N))
    assert matmul(transpose(x), inverted, A, y) == matmul(transpose(x), y)
    assert matmul(transpose(A), transpose(inverted), x) == x
    assert of_matrix(inverse, inverted) == A


def test_numbers_and_transposes_come_out_of_an_inverse() -> None:
    inverted = of_matrix(inverse, multiply(Number(2), s, transpose(A)))
    assert_is(inverted, np.linalg.inv(2 * V["s"] * V["A"].T), "inverse(A).T/(2*s)")


def test_the_inverse_of_a_symmetric_matrix_is_symmetric() -> None:
    gram = add(matmul(transpose(C), C), Identity((K, K)))
    inverted = of_matrix(inverse, gram)
    assert transpose(inverted) is inverted


def test_determinants_of_powers_and_inverses() -> None:
    det = np.linalg.det(V["A"])
    assert_is(of_matrix(determinant, matmul(A, A)), det**2, "determinant(A)**2")
    assert_is(of_matrix(determinant, of_matrix(inverse, A)), 1 / det, "1/determinant(A)")
    assert_is(of_matrix(determinant, transpose(A)), det, "determinant(A)")
    assert of_matrix(determinant, Identity((N, N))) == ONE


def test_a_trace_of_columns_is_a_number_of_columns() -> None:
    assert_is(of_matrix(trace, matmul(A, x, transpose(x))), V["x"].T @ V["A"] @ V["x"], "x.T*A*x")
    assert_is(
        of_matrix(trace, add(scale(2, A), Identity((N, N)))), 2 * np.trace(V["A"]) + 3,
        "2*trace(A) + N",
    )  # fmt: skip
    assert of_matrix(trace, of_matrix(diagonal_matrix, x)) == total(x)


def test_diagonals_of_products_and_sums() -> None:
    assert_is(of_matrix(diagonal, matmul(x, transpose(y))), V["x"] * V["y"], "x.*y")
    assert_is(
        of_matrix(diagonal, add(multiply(A, B), s)), np.diag(V["A"] * V["B"])[:, None] + 1.75,
        "diagonal(A).*diagonal(B) + s",
    )  # fmt: skip
    assert of_matrix(diagonal, of_matrix(diagonal_matrix, x)) == x


def test_a_diagonal_matrix_scales_a_column() -> None:
    scaled = of_matrix(diagonal_matrix, x)
    assert matmul(scaled, y) == multiply(x, y)
    assert_is(matmul(r, scaled), V["r"] * V["x"].T, "r.*x.T")
    assert_is(matmul(A, scaled), V["A"] * V["x"].T, "A*diag(x)")


@pytest.mark.parametrize("entry", [inverse, determinant, logdet, trace, diagonal])
def test_only_a_square_matrix_has_a(entry: Any) -> None:
    with pytest.raises(ShapeError, match="square matrix, not N x K"):
        of_matrix(entry, C)


def test_of_a_scalar_the_functions_are_those_of_numbers() -> None:
    assert of_matrix(inverse, s) == power(s, Number(-1))
    assert of_matrix(determinant, s) == of_matrix(trace, s) == of_matrix(diagonal, s) == s
    assert text(of_matrix(logdet, s)) == "log(s)"


# -- slices ---------------------------------------------------------------------------------------

FIRST, LAST = Span(0, 1), Span(1, 3)


def test_slices_go_to_what_they_are_slices_of() -> None:
    expression = add(matmul(A, C), scale(2, apply(tanh, C)), s)
    expected = (V["A"] @ V["C"] + 2 * np.tanh(V["C"]) + V["s"])[1:3, :1]
    part = slice_of(expression, LAST, FIRST)
    assert value(part) == pytest.approx(expected)
    assert all(isinstance(n.children[0], Leaf) for n in walk(part) if isinstance(n, Slice))


def test_a_slice_of_a_slice_is_one_slice() -> None:
    steps = slice_of(slice_of(A, Span(0, 3, 2), whole(N)), Span(1, 2), LAST)
    assert isinstance(steps, Slice) and steps.children == (A,)
    assert value(steps) == pytest.approx(V["A"][0:3:2][1:2, 1:3])


def test_the_whole_of_a_matrix_is_the_matrix() -> None:
    assert slice_of(A, whole(N), whole(N)) == A


def test_an_entry_is_a_scalar() -> None:
    entry = slice_of(A, Span(1, 2), Span(0, 1))
    assert entry.shape == () and value(entry) == V["A"][1, 0] and text(entry) == "A[1, 0]"


def test_a_slice_of_blocks_is_a_slice_of_the_block() -> None:
    blocks = stack([x, y, s], 0)
    assert slice_of(blocks, Span(0, N), FIRST) == x
    assert slice_of(blocks, Span(2 * N, 2 * N + 1), FIRST) == s
    across = slice_of(stack([A, B], 1), whole(N), Span(N, 2 * N))
    assert across == B


# -- places ---------------------------------------------------------------------------------------


def test_a_place_is_the_adjoint_of_a_slice() -> None:
    rows, columns = Span(0, 3, 2), Span(1, 3)
    g = slice_of(B, rows, columns)
    placed = place(g, rows, columns, A.shape)
    inner = float((value(placed) * V["A"]).sum())
    assert inner == pytest.approx((value(g) * value(slice_of(A, rows, columns))).sum())
    assert slice_of(placed, rows, columns) == g


def test_places_that_fill_a_matrix_are_a_stack() -> None:
    column = whole(1)
    parts = [
        place(y, Span(N, 2 * N), column, (2 * N, 1)),
        place(x, Span(0, N), column, (2 * N, 1)),
        scale(-1, place(x, Span(N, 2 * N), column, (2 * N, 1))),
    ]
    (joined,) = fitted_together(parts)
    assert text(joined) == "[x; y - x]"
    assert value(joined) == pytest.approx(value(add(*parts)))
    assert fitted_together(parts[:1]) == parts[:1]


# -- blocks ---------------------------------------------------------------------------------------


def test_blocks_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ShapeError, match="cannot stack N x N and N x K"):
        stack([A, C], 0)
    with pytest.raises(ShapeError, match="cannot put side by side N x N and 1 x N"):
        stack([A, r], 1)


def test_stacks_of_stacks_are_one_stack() -> None:
    assert stack([stack([x, y], 0), s], 0) == stack([x, y, s], 0)
    assert stack([A], 0) == A
    assert stack([Ones((N, 1)), ONE], 0) == Ones((N + 1, 1))


def test_neighbouring_slices_are_one_slice_again() -> None:
    parts = [slice_of(x, Span(0, 1), whole(1)), slice_of(x, Span(1, N), whole(1))]
    assert stack([slice_of(A, FIRST, whole(N)), slice_of(A, Span(1, N), whole(N))], 0) == A
    assert value(stack(parts, 0)) == pytest.approx(V["x"])


def test_the_transpose_of_entries_is_written_row_by_row() -> None:
    entries = stack([stack([s, Number(2)], 1), stack([Number(3), ONE], 1)], 0)
    assert text(transpose(entries)) == "[s, 3; 2, 1]"
    assert isinstance(transpose(stack([A, B], 0)), Stack)
    assert value(transpose(stack([A, B], 0))) == pytest.approx(np.vstack([V["A"], V["B"]]).T)


def test_a_product_with_ones_is_a_sum_of_rows_or_columns() -> None:
    assert_is(matmul(C, Ones((K, 1))), V["C"].sum(axis=1, keepdims=True), "total(C, axis=1)")
    assert_is(matmul(Ones((K, N)), C), np.ones((2, 3)) @ V["C"], "ones(K, 1)*total(C, axis=0)")
    assert matmul(Ones((N, 1)), Ones((1, K))) == Ones((N, K))
    assert filled(ONE, (N, K)) == Ones((N, K))
