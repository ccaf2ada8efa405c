"""Making functions of whole matrices: inverse, determinant, trace, diagonals.

Canonical means here: numbers and transposes taken out, and a function of a product that is really a
number or a column worked out.
"""

from __future__ import annotations

from collections.abc import Callable

from symprop.errors import ShapeError, UnsupportedError
from symprop.expression.algebra import (
    ONE,
    add,
    apply,
    extent_node,
    filled,
    matmul,
    multiply,
    power,
    total,
    transpose,
    transposed,
)
from symprop.expression.nodes import (
    SCALAR,
    Identity,
    MatMul,
    Node,
    Number,
    OfMatrix,
    Ones,
    Product,
    Shape,
    Sum,
    Transpose,
)
from symprop.expression.shapes import same, shape_text
from symprop.functions.elementary import log
from symprop.functions.matrices import (
    MatrixFunction,
    determinant,
    diagonal,
    diagonal_matrix,
    inverse,
    logdet,
    trace,
)

# -- functions of a matrix ------------------------------------------------------------------------


def of_matrix(entry: MatrixFunction, argument: Node) -> Node:
    """A function of a square matrix, or for a diagonal matrix of a column.

    Raises ShapeError for an argument of another shape.
    """
    if not argument.shape:
        return apply(log, argument) if entry is logdet else OF_SCALAR.get(entry, _same)(argument)
    rows, columns = argument.shape
    if entry is diagonal_matrix:
        if columns != 1:
            raise ShapeError(
                f"diag needs a column, not {shape_text(argument.shape)}",
                hint="write diagonal(A) for the diagonal of a square matrix",
            )
        result: Shape = (rows, rows)
    elif not same(rows, columns):
        raise entry.not_square(rows, columns)
    else:
        result = {"scalar": SCALAR, "matrix": argument.shape, "column": (rows, 1)}[entry.result]
    shorter = SHORTER.get(entry, _none)(argument)
    return OfMatrix(result, (argument,), (entry,)) if shorter is None else shorter


def _same(node: Node) -> Node:
    return node


def _none(node: Node) -> None:
    return None


def _reciprocal(node: Node) -> Node:
    return power(node, Number(-1))


def scaled(node: Node) -> tuple[Node, Node]:
    """A product as its scalar factors and the matrix that remains."""
    if not isinstance(node, Product):
        return ONE, node
    scalars = [factor for factor in node.children if not factor.shape]
    matrices = [factor for factor in node.children if factor.shape]
    if node.coefficient == 1 and not scalars:
        return ONE, node
    return multiply(Number(node.coefficient), *scalars), multiply(*matrices)


def _shorter_inverse(node: Node) -> Node | None:
    if isinstance(node, Identity):
        return node
    if isinstance(node, Transpose):
        return transpose(of_matrix(inverse, node.children[0]))
    if isinstance(node, OfMatrix) and node.entry is inverse:
        return node.children[0]
    if isinstance(node, Ones):
        raise UnsupportedError(
            "a matrix of equal entries has no inverse", hint="A + lam*Identity(n) may have one"
        )
    if isinstance(node, OfMatrix) and node.entry is diagonal_matrix:
        return of_matrix(diagonal_matrix, _reciprocal(node.children[0]))
    scalar, matrix = scaled(node)
    return None if scalar == ONE else multiply(_reciprocal(scalar), of_matrix(inverse, matrix))


def _shorter_determinant(node: Node) -> Node | None:
    if isinstance(node, Identity):
        return ONE
    if isinstance(scaled(node)[1], Ones):
        raise UnsupportedError(
            "the determinant of a matrix of equal entries is 0",
            hint="A + lam*Identity(n) may have another one",
        )
    if isinstance(node, Transpose):
        return of_matrix(determinant, node.children[0])
    if isinstance(node, OfMatrix) and node.entry is inverse:
        return _reciprocal(of_matrix(determinant, node.children[0]))
    if isinstance(node, MatMul) and len(set(node.children)) == 1:  # det(A**k) = det(A)**k
        return power(of_matrix(determinant, node.children[0]), Number(len(node.children)))
    return None


def _shorter_trace(node: Node) -> Node | None:
    if isinstance(node, Identity | Ones):
        return extent_node(node.shape[0])
    if isinstance(node, Transpose):
        return of_matrix(trace, node.children[0])
    if isinstance(node, OfMatrix) and node.entry is diagonal_matrix:
        return total(node.children[0])
    if isinstance(node, Sum):
        return add(*(of_matrix(trace, filled(term, node.shape)) for term in node.children))
    scalar, matrix = scaled(node)
    if scalar != ONE:
        return multiply(scalar, of_matrix(trace, matrix))
    if isinstance(node, MatMul):
        for place, factor in enumerate(node.children):
            if factor.shape[0] == 1:  # tr(A x x') = x'A x
                return matmul(*node.children[place:], *node.children[:place])
    return None


def _shorter_diagonal(node: Node) -> Node | None:
    rows = node.shape[0]
    match node:
        case Identity() | Ones():
            return Ones((rows, 1))
        case Transpose():
            return of_matrix(diagonal, node.children[0])
        case OfMatrix() if node.entry is diagonal_matrix:
            return node.children[0]
        case Sum():
            return filled(add(*map(_diagonal, node.children)), (rows, 1))
        case Product():
            return multiply(Number(node.coefficient), *map(_diagonal, node.children))
        case MatMul() if any(factor.shape[0] == 1 for factor in node.children):
            place = next(i for i, factor in enumerate(node.children) if factor.shape[0] == 1)
            left, right = node.children[:place], node.children[place:]
            return multiply(matmul(*left), transpose(matmul(*right)))  # the diagonal of a b'
    return None


def _diagonal(node: Node) -> Node:
    return of_matrix(diagonal, node) if node.shape else node


def _shorter_diagonal_matrix(node: Node) -> Node | None:
    rows = node.shape[0]
    if isinstance(node, Ones):
        return Identity((rows, rows))
    scalar, column = scaled(node)
    return None if scalar == ONE else multiply(scalar, of_matrix(diagonal_matrix, column))


OF_SCALAR: dict[MatrixFunction, Callable[[Node], Node]] = {inverse: _reciprocal}
SHORTER: dict[MatrixFunction, Callable[[Node], Node | None]] = {
    inverse: _shorter_inverse,
    determinant: _shorter_determinant,
    trace: _shorter_trace,
    diagonal: _shorter_diagonal,
    diagonal_matrix: _shorter_diagonal_matrix,
}


@transposed.register
def _(node: OfMatrix, inner: Callable[[Node], Node]) -> Node:
    symmetric = node.entry is inverse and inner(node.children[0]) == node.children[0]
    if symmetric or node.entry is diagonal_matrix:
        return node
    return Transpose(node.shape[::-1], (node,))
