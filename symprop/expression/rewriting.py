"""Replacing parts of an expression; what comes out is canonical again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symprop.expression.algebra import (
    add,
    along,
    apply,
    matmul,
    multiply,
    power,
    total,
    transpose,
)
from symprop.expression.nodes import (
    Along,
    Apply,
    MatMul,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Total,
    Transpose,
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
                replaced = rebuild(current, tuple(visit(child) for child in current.children))
            done[current] = current if replaced is None else replaced
        return done[current]

    return visit(node)


def rebuild(node: Node, children: tuple[Node, ...]) -> Node:
    """`node` with other children, in canonical form again."""
    match node:
        case Sum():
            return add(*children)
        case Product():
            return multiply(Number(node.coefficient), *children)
        case Power():
            return power(*children)
        case Apply():
            return apply(node.entry, *children)
        case MatMul():
            return matmul(*children)
        case Transpose():
            return transpose(children[0])
        case Total():
            return total(children[0], node.axis)
        case Along():
            return along(node.entry, children[0], node.axis)
    raise TypeError(f"{type(node).__name__} has no children")
