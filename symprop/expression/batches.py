"""From one sample to a batch: an expression of one sample for all samples at once, one a row.

What varies with the sample is a number, a column or a row; of it, `Batch.rows` gives the matrix
that has it in its rows. A sum over samples of products u*v.T is then the product U.T*V.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import singledispatchmethod

from sympy import Symbol

from symprop.errors import DerivationError
from symprop.expression.algebra import (
    add,
    along,
    entrywise_of,
    filled,
    matmul,
    multiply,
    total,
    transpose,
)
from symprop.expression.blocks import slice_of, whole
from symprop.expression.nodes import (
    Along,
    Apply,
    Extent,
    Leaf,
    MatMul,
    Node,
    Number,
    Ones,
    Power,
    Product,
    Shape,
    Slice,
    Sum,
    Total,
    Transpose,
    leaves,
)


class NoBatchFormError(DerivationError):
    """An expression that no product of matrices gives for all samples at once."""


def is_vector(shape: Shape) -> bool:
    """Whether a value is a number, a column or a row."""
    return not shape or 1 in shape


def length(shape: Shape) -> Extent:
    """How many entries a number, a column or a row has."""
    return 1 if not shape else shape[1] if shape[0] == 1 else shape[0]


class Batch:
    """Writes expressions for a batch of `size` samples.

    `varying` has the names of what is another value for each sample, `stacked` the matrix that
    holds them in its rows, by name, where they are vectors.
    """

    def __init__(self, size: Symbol, varying: Collection[str], stacked: Mapping[str, Leaf]) -> None:
        self.size = size
        self.varying = varying
        self.stacked = stacked

    def varies(self, node: Node) -> bool:
        """Whether a value is another one for each sample."""
        return any(leaf.name in self.varying for leaf in leaves(node))

    # -- the rows ---------------------------------------------------------------------------------

    def rows(self, node: Node) -> Node:
        """A number, column or row of each sample, in the rows of a matrix.

        Raises NoBatchFormError where there is no product for it.
        """
        if not is_vector(node.shape):
            raise NoBatchFormError("a matrix of each sample does not stand in rows")
        if not self.varies(node):
            return matmul(Ones((self.size, 1)), self._as_row(node)) if node.shape else node
        return self._rows(node)

    @staticmethod
    def _as_row(node: Node) -> Node:
        return transpose(node) if node.shape and node.shape[0] != 1 else node

    @singledispatchmethod
    def _rows(self, node: Node) -> Node:
        """The rule for the class of `node`, a vector that varies."""
        raise NoBatchFormError(f"{type(node).__name__} has no form for a batch")

    @_rows.register
    def _(self, node: Leaf) -> Node:
        return self.stacked[node.name]

    @_rows.register(Sum)
    @_rows.register(Power)
    @_rows.register(Apply)
    def _(self, node: Node) -> Node:
        ones = Ones((1, length(node.shape)))
        return entrywise_of(node, [self._beside(child, node, ones) for child in node.children])

    @_rows.register
    def _(self, node: Product) -> Node:
        """Numbers of each sample times a vector that does not vary are a column times a row."""
        numbers = [f for f in node.children if not f.shape and self.varies(f)]
        fixed = [f for f in node.children if f.shape and not self.varies(f)]
        if not numbers or not fixed:
            ones = Ones((1, length(node.shape)))
            parts = [self._beside(child, node, ones) for child in node.children]
            return entrywise_of(node, parts)
        others = [f for f in node.children if f not in numbers and f not in fixed]
        column = multiply(*map(self.rows, numbers))
        front = matmul(column, self._as_row(multiply(*fixed)))
        return multiply(Number(node.coefficient), front, *map(self.rows, others))

    def _beside(self, child: Node, node: Node, ones: Node) -> Node:
        """A part of `node`; a number of each sample, beside vectors, once for each entry."""
        found = self.rows(child)
        widened = node.shape and not child.shape and self.varies(child)
        return matmul(found, ones) if widened else found

    @_rows.register
    def _(self, node: Transpose) -> Node:
        return self.rows(node.children[0])

    @_rows.register
    def _(self, node: MatMul) -> Node:
        before, after = node.children[:-1], node.children[1:]
        if node.shape[1:] == (1,) and not any(map(self.varies, before)):
            return matmul(self.rows(node.children[-1]), *map(transpose, reversed(before)))
        if node.shape[:1] == (1,) and not any(map(self.varies, after)):
            return matmul(self.rows(node.children[0]), *after)
        if node.shape:
            raise NoBatchFormError("a product of matrices of each sample")
        left, right = matmul(*before), node.children[-1]
        if not self.varies(right):
            return matmul(self.rows(left), right)
        if not self.varies(left):
            return matmul(self.rows(right), transpose(left))
        return total(multiply(self.rows(left), self.rows(right)), 1)

    @_rows.register
    def _(self, node: Total) -> Node:
        if node.axis is not None:
            raise NoBatchFormError("sums of columns have no form for a batch")
        return total(self.rows(node.children[0]), 1)

    @_rows.register
    def _(self, node: Along) -> Node:
        (inside,) = node.children
        if not is_vector(inside.shape) or length(inside.shape) != inside.shape[node.axis]:
            raise NoBatchFormError("a function along another axis has no form for a batch")
        return along(node.entry, self.rows(inside), 1)

    @_rows.register
    def _(self, node: Slice) -> Node:
        (inside,) = node.children
        span = node.spans[1 if inside.shape[0] == 1 else 0]
        return slice_of(self.rows(inside), whole(self.size), span)

    # -- sums over samples ------------------------------------------------------------------------

    def summed(self, node: Node) -> Node:
        """The sum over all samples of an expression that varies, as a product of matrices.

        Raises NoBatchFormError where there is none.
        """
        if isinstance(node, Sum):
            return add(*map(self.summed, node.children))
        return _sum_of(node.shape)(self, node)

    def _of_number(self, node: Node) -> Node:
        return total(self.rows(node))

    def _of_vector(self, node: Node) -> Node:
        """That of s*u, numbers s and vectors u, is a product; that of u the sum of the rows."""
        factors = list(node.children) if isinstance(node, Product) else [node]
        numbers = [f for f in factors if not f.shape and self.varies(f)]
        vector = [f for f in factors if f not in numbers]
        coefficient = Number(node.coefficient) if isinstance(node, Product) else Number(1)
        if numbers:
            column = self.rows(multiply(*numbers))
            row = matmul(transpose(column), self.rows(filled(multiply(*vector), node.shape)))
            summed = multiply(coefficient, row)
        else:
            summed = total(self.rows(node), 0)
        return summed if node.shape[0] == 1 else transpose(summed)

    def _of_matrix(self, node: Node) -> Node:
        """That of s*A*u*v.T*B: the vectors stand where a factor has one column."""
        factors = list(node.children) if isinstance(node, Product) else [node]
        numbers = [factor for factor in factors if not factor.shape]
        matrices = [factor for factor in factors if factor.shape]
        coefficient = Number(node.coefficient) if isinstance(node, Product) else Number(1)
        if len(matrices) != 1 or not isinstance(matrices[0], MatMul):
            raise NoBatchFormError("a matrix of each sample that is no product of vectors")
        parts = matrices[0].children
        middle = next((at for at, f in enumerate(parts, start=1) if f.shape[1] == 1), None)
        if middle is None:
            raise NoBatchFormError("a product of matrices of each sample")
        varying = [number for number in numbers if self.varies(number)]
        fixed = [number for number in numbers if not self.varies(number)]
        left = self.rows(multiply(*varying, matmul(*parts[:middle])))
        right = self.rows(matmul(*parts[middle:]))
        return multiply(coefficient, *fixed, matmul(transpose(left), right))


def _sum_of(shape: Shape) -> Callable[[Batch, Node], Node]:
    """The rule for the sum over samples of a value of some shape."""
    if not shape:
        return Batch._of_number
    return Batch._of_vector if is_vector(shape) else Batch._of_matrix
