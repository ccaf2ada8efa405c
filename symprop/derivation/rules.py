"""The rules of the operations on whole matrices, each beside its mathematics.

From the upstream gradient g of a node its `pull` makes the contributions to the gradients of its
children,

    Y = A B      gA = g B'    gB = A' g
    Y = A'       gA = g'
    t = sum(A)   gA = g in every entry
    B = A[i, j]  gA = zeros, but g at i, j
    C = [A; B]   gA, gB = the rows of g that are A's and B's
    p = softmax(z), Y = inverse(A) and their kin: the rule stands in the vocabulary.
    s = f(A, ..)     gA = g df/dA, unspecified     h = f(x, ..), a column: gx = (dh/dx)' g

A gradient has the shape of what it is taken by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from symprop.derivation.simplification import tidy
from symprop.expression.algebra import (
    add,
    along,
    filled,
    matmul,
    multiply,
    scale,
    subtract,
    total,
    transpose,
)
from symprop.expression.blocks import extent_along, place, slice_of, whole
from symprop.expression.matrices import of_matrix
from symprop.expression.nodes import (
    Along,
    Extent,
    Identity,
    MatMul,
    Node,
    OfMatrix,
    Ones,
    Place,
    Slice,
    Span,
    Stack,
    Total,
    Transpose,
    Unspecified,
)
from symprop.expression.unspecified import derivative
from symprop.functions.matrices import MatrixFunction


@singledispatch
def pull(node: Node, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    """Pairs of a child and its contribution, g being the upstream gradient of `node`.

    `own` is what the value of `node` is called: the name of its step, or `node` itself.
    """
    raise TypeError(f"no rule for {type(node).__name__}")


@pull.register
def _(node: MatMul, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    for index, factor in enumerate(node.children):
        before = [transpose(other) for other in reversed(node.children[:index])]
        after = [transpose(other) for other in reversed(node.children[index + 1 :])]
        gradient = matmul(*before, g, *after)
        if isinstance(factor, Transpose):  # at once, so that x'Ax gives A x + A'x in this order
            yield factor.children[0], transpose(gradient)
        else:
            yield factor, gradient


@pull.register
def _(node: Transpose, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    yield node.children[0], transpose(g)


@pull.register
def _(node: Total, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    yield node.children[0], spread(g, node.children[0], node.axis)


@pull.register
def _(node: Along, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    (argument,) = node.children
    if node.entry.pull is None:
        return

    def totalled(value: Entrywise) -> Entrywise:
        summed = total(filled(tidy(value.node), argument.shape), node.axis)
        return Entrywise(spread(summed, argument, node.axis))

    gradient = node.entry.pull(
        Entrywise(spread(g, argument, node.axis) if node.entry.reduces else g),
        Entrywise(own),
        totalled,
        lambda entry: Entrywise(along(entry, argument, node.axis)),
    )
    yield argument, gradient.node


@pull.register
def _(node: OfMatrix, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    (argument,) = node.children
    yield argument, node.entry.pull(Matrix(g), Matrix(own), Matrix(argument)).node


@pull.register
def _(node: Slice, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    (argument,) = node.children
    yield argument, place(g, *node.spans, argument.shape)


@pull.register
def _(node: Place, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    yield node.children[0], slice_of(g, *node.spans)


@pull.register
def _(node: Stack, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    at: Extent = 0
    for block in node.children:
        end = at + extent_along(block, node.axis)
        spans = [whole(extent) for extent in g.shape]
        spans[node.axis] = Span(at, end)
        yield block, slice_of(g, *spans)
        at = end


@pull.register
def _(node: Unspecified, g: Node, own: Node) -> Iterator[tuple[Node, Node]]:
    for index, argument in enumerate(node.children):
        local = derivative(node, index)
        if local is None:
            continue  # refused where it is needed
        if not node.shape:
            yield argument, multiply(g, local)
        elif argument.shape:
            yield argument, matmul(transpose(local), g)
        else:
            yield argument, total(multiply(g, local))


def spread(reduced: Node, argument: Node, axis: int | None) -> Node:
    """What was reduced along an axis, repeated along it; a scalar needs no repeating."""
    if not reduced.shape:
        return reduced
    rows, columns = argument.shape
    if (rows if axis == 0 else columns) == 1:
        return reduced
    return matmul(Ones((rows, 1)), reduced) if axis == 0 else matmul(reduced, Ones((1, columns)))


@dataclass(frozen=True)
class Entrywise:
    """A node with the operators that the formulas of the vocabulary use."""

    node: Node

    def __mul__(self, other: Entrywise) -> Entrywise:
        return Entrywise(tidy(multiply(self.node, other.node)))

    def __add__(self, other: Entrywise) -> Entrywise:
        return Entrywise(add(self.node, other.node))

    def __sub__(self, other: Entrywise) -> Entrywise:
        return Entrywise(subtract(self.node, other.node))


@dataclass(frozen=True)
class Matrix:
    """A node with the operators on matrices that the formulas of the vocabulary use."""

    node: Node

    def __matmul__(self, other: Matrix) -> Matrix:
        return Matrix(matmul(self.node, other.node))

    def __mul__(self, other: Matrix) -> Matrix:
        return Matrix(multiply(self.node, other.node))

    def __neg__(self) -> Matrix:
        return Matrix(scale(-1, self.node))

    @property
    def T(self) -> Matrix:
        return Matrix(transpose(self.node))

    def of(self, entry: MatrixFunction) -> Matrix:
        """A function of this matrix."""
        return Matrix(of_matrix(entry, self.node))

    def identity(self) -> Matrix:
        """The identity matrix of this shape."""
        return Matrix(Identity(self.node.shape))
