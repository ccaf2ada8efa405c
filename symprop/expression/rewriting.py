"""Replacing parts of an expression; what comes out is canonical again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_not

from symprop.expression.algebra import (
    along,
    entrywise_of,
    matmul,
    total,
    transpose,
)
from symprop.expression.blocks import place, slice_of, stack
from symprop.expression.matrices import of_matrix
from symprop.expression.nodes import (
    Along,
    Apply,
    Leaf,
    MatMul,
    Node,
    OfMatrix,
    Place,
    Power,
    Product,
    Slice,
    Stack,
    Sum,
    Total,
    Transpose,
    Unspecified,
    leaves,
    walk,
)
from symprop.expression.unspecified import unspecified


def acts_on_entries(node: Node, leaf: Leaf) -> bool:
    """Whether `leaf`, a scalar in `node`, may become a matrix: entry by entry all the way down."""
    return not any(
        leaf in leaves(found)
        for found in walk(node)
        if found.shape or not isinstance(found, Sum | Product | Power | Apply | Leaf)
    )


def substitute(node: Node, replacements: Mapping[Node, Node]) -> Node:
    """`node` with every occurrence of a key replaced; the result is canonical again."""
    return transform(node, lambda found: replacements.get(found))


def transform(node: Node, replace: Callable[[Node], Node | None]) -> Node:
    """Rebuild `node` top down: where `replace` gives a node it is taken, else children go on."""
    done: dict[Node, Node] = {}

    def visit(current: Node) -> Node:
        if current not in done:
            replaced = replace(current)
            if replaced is None and current.children:
                children = tuple([visit(child) for child in current.children])
                if any(map(is_not, children, current.children)):
                    replaced = rebuild(current, children)
            done[current] = current if replaced is None else replaced
        return done[current]

    return visit(node)


def rebuild(node: Node, children: tuple[Node, ...]) -> Node:
    """`node` with other children, in canonical form again."""
    match node:
        case Sum() | Product() | Power() | Apply():
            return entrywise_of(node, children)
        case MatMul():
            return matmul(*children)
        case Transpose():
            return transpose(children[0])
        case Total():
            return total(children[0], node.axis)
        case Along():
            return along(node.entry, children[0], node.axis)
        case OfMatrix():
            return of_matrix(node.entry, children[0])
        case Slice():
            return slice_of(children[0], *node.spans)
        case Place():
            return place(children[0], *node.spans, node.shape)
        case Stack():
            return stack(children, node.axis)
        case Unspecified():
            return unspecified(node.entry, node.value_shape, *children)
    raise TypeError(f"{type(node).__name__} has no children")
