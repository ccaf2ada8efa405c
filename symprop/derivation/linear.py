"""Reading the matrix off an expression that is linear in a column g: v(g) = J'g.

What the chain rule makes of an upstream gradient g is linear in it, and J is the Jacobian that the
rules have multiplied it by. With J and K for v and w:

    v + w        J + K              A v                J A'
    d .* v       J diag(d)          v'a                J a
    d .* s       J d', s = J'g      total(d .* v)      J d
"""

from __future__ import annotations

from functools import singledispatch

from symprop.expression.algebra import ONE, ZERO, add, filled, matmul, multiply, transpose
from symprop.expression.blocks import extent_along, place, slice_of, stack, whole
from symprop.expression.matrices import of_matrix
from symprop.expression.nodes import (
    Extent,
    Identity,
    Leaf,
    MatMul,
    Node,
    Number,
    OfMatrix,
    Ones,
    Place,
    Product,
    Slice,
    Stack,
    Sum,
    Total,
    Transpose,
    leaves,
)
from symprop.expression.shapes import matrix_shape
from symprop.functions.matrices import diagonal, diagonal_matrix


class NotLinearError(Exception):
    """No rule below reads the matrix off an expression."""


def jacobian_in(node: Node, g: Leaf) -> Node:
    """The J of `node` = J'g, both vectors or numbers; NotLinearError where it is not seen.

    A row stands for the column of its entries.
    """
    if node == g:
        return Identity((g.shape[0], g.shape[0])) if g.shape else ONE
    if g not in leaves(node):
        if node == filled(ZERO, node.shape):
            return filled(ZERO, matrix_shape(length(g), length(node)))
        raise NotLinearError
    if node.shape and 1 not in node.shape:
        raise NotLinearError
    return _jacobian_in(node, g)


def length(node: Node) -> Extent:
    """The number of entries of a number, a column or a row."""
    return extent_along(node, 0 if extent_along(node, 1) == 1 else 1)


def _column(node: Node) -> Node:
    return transpose(node) if node.shape and node.shape[1] != 1 else node


def _row(node: Node) -> Node:
    return transpose(node) if node.shape and node.shape[0] != 1 else node


@singledispatch
def _jacobian_in(node: Node, g: Leaf) -> Node:
    raise NotLinearError


@_jacobian_in.register
def _(node: Sum, g: Leaf) -> Node:
    return add(*(_spread(jacobian_in(term, g), term, node) for term in node.children))


def _spread(jacobian: Node, term: Node, node: Node) -> Node:
    """That of a number that is added to every entry of a vector."""
    return jacobian if term.shape or not node.shape else matmul(jacobian, Ones((1, length(node))))


@_jacobian_in.register
def _(node: Product, g: Leaf) -> Node:
    holding, others = _held(node, g)
    scalars = [Number(node.coefficient), *(factor for factor in others if not factor.shape)]
    vectors = [factor for factor in others if factor.shape]
    if isinstance(holding, Sum) and vectors and any(not term.shape for term in holding.children):
        terms = (filled(multiply(*vectors, term), node.shape) for term in holding.children)
        return multiply(*scalars, add(*(jacobian_in(term, g) for term in terms)))
    jacobian = jacobian_in(holding, g)
    if vectors and holding.shape:
        jacobian = matmul(jacobian, of_matrix(diagonal_matrix, _column(multiply(*vectors))))
    elif vectors:
        jacobian = matmul(jacobian, _row(multiply(*vectors)))
    return multiply(*scalars, jacobian)


def _held(node: Node, g: Leaf) -> tuple[Node, list[Node]]:
    """The one child that holds g, and the others."""
    found = [child for child in node.children if g in leaves(child)]
    if len(found) != 1:
        raise NotLinearError
    return found[0], [child for child in node.children if child is not found[0]]


@_jacobian_in.register
def _(node: MatMul, g: Leaf) -> Node:
    holding, _ = _held(node, g)
    at = next(i for i, factor in enumerate(node.children) if factor is holding)
    before, after = node.children[:at], node.children[at + 1 :]
    if not after and holding.shape[1] == 1:
        return matmul(jacobian_in(holding, g), *map(transpose, reversed(before)))
    if not before and holding.shape[0] == 1:
        return matmul(jacobian_in(holding, g), *after)
    if isinstance(holding, Sum):
        return jacobian_in(add(*(matmul(*before, t, *after) for t in holding.children)), g)
    between, u, v = _weighted_outer(holding, g)
    if after and matmul(*after).shape[1:] == (1,):  # (D .* u v') a = u .* D (v .* a)
        inner = matmul(between, multiply(v, matmul(*after)))
        return jacobian_in(matmul(*before, multiply(u, inner)), g)
    if before and matmul(*before).shape[:1] == (1,):  # a'(D .* u v') = (a .* u)'D .* v'
        inner = matmul(transpose(multiply(transpose(matmul(*before)), u)), between)
        return jacobian_in(matmul(multiply(inner, transpose(v)), *after), g)
    raise NotLinearError


@_jacobian_in.register
def _(node: Transpose, g: Leaf) -> Node:
    return jacobian_in(node.children[0], g)


@_jacobian_in.register
def _(node: Total, g: Leaf) -> Node:
    (summed,) = node.children
    if node.axis is not None:
        raise NotLinearError
    if 1 not in summed.shape:
        return _of_matrix_total(summed, g)
    return _of_total(Ones(summed.shape), summed, g)


def _of_total(weights: Node, vector: Node, g: Leaf) -> Node:
    """That of total(w .* v), v a vector that is linear in g: w is gathered factor by factor."""
    if isinstance(vector, Product):
        holding, others = _held(vector, g)
        if holding.shape:
            gathered = multiply(Number(vector.coefficient), *others, weights)
            return _of_total(gathered, holding, g)
    if isinstance(vector, Sum):
        terms = (filled(term, vector.shape) for term in vector.children)
        return add(*(_of_total(weights, term, g) for term in terms))
    return matmul(jacobian_in(vector, g), _column(weights))


def _of_matrix_total(summed: Node, g: Leaf) -> Node:
    """That of total(D .* u v') = u'D v, where u or v holds g."""
    between, u, v = _weighted_outer(summed, g)
    if g in leaves(u):
        return matmul(jacobian_in(u, g), between, v)
    return matmul(jacobian_in(v, g), transpose(between), u)


def _weighted_outer(node: Node, g: Leaf) -> tuple[Node, Node, Node]:
    """The D, u and v of D .* u v', columns u or v of which hold g."""
    if isinstance(node, Transpose):
        between, u, v = _weighted_outer(node.children[0], g)
        return transpose(between), v, u
    parts = node.children if isinstance(node, Product) else (node,)
    weights = [part for part in parts if g not in leaves(part)]
    coefficient = Number(node.coefficient) if isinstance(node, Product) else ONE
    products = [part for part in parts if g in leaves(part)]
    if len(products) != 1 or not isinstance(products[0], MatMul):
        raise NotLinearError
    factors = products[0].children
    middle = next((i for i, f in enumerate(factors, start=1) if f.shape[1] == 1), None)
    if middle is None:
        raise NotLinearError
    u, v = matmul(*factors[:middle]), transpose(matmul(*factors[middle:]))
    return filled(multiply(coefficient, *weights), node.shape), u, v


@_jacobian_in.register
def _(node: OfMatrix, g: Leaf) -> Node:
    (argument,) = node.children
    if node.entry is diagonal and isinstance(argument, Sum):
        return add(*(jacobian_in(of_matrix(diagonal, term), g) for term in argument.children))
    raise NotLinearError


@_jacobian_in.register
def _(node: Slice, g: Leaf) -> Node:
    (sliced,) = node.children
    span = node.spans[1 if sliced.shape[0] == 1 else 0]
    jacobian = jacobian_in(sliced, g)
    height = extent_along(jacobian, 0)
    if isinstance(jacobian, Identity):
        size = span.extent
        identity = Identity((size, size)) if size != 1 else ONE
        return place(identity, span, whole(size), (height, size))
    return slice_of(jacobian, whole(height), span)


@_jacobian_in.register
def _(node: Place, g: Leaf) -> Node:
    jacobian = jacobian_in(node.children[0], g)
    span, height = node.spans[1 if node.shape[0] == 1 else 0], extent_along(jacobian, 0)
    return place(jacobian, whole(height), span, (height, length(node)))


@_jacobian_in.register
def _(node: Stack, g: Leaf) -> Node:
    return stack([jacobian_in(block, g) for block in node.children], 1)
