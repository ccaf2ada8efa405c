"""What stands in an expression, told by its marks: nobody goes through it to see.

A node has a bit for each class of nodes in it, for each role of its leaves, and for a shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from symprop.expression.nodes import MARKS, Along, Apply, Node, OfMatrix, Unspecified, walk


def marks_of(*classes: type[Node]) -> int:
    """The bits of these very classes, to be held against the marks of a node."""
    return sum({found.mark for found in classes})


def holds(node: Node, *classes: type[Node]) -> bool:
    """Whether a node of one of these very classes stands in `node`, or is it."""
    return bool(node.marks & marks_of(*classes))


def holds_matrix(node: Node) -> bool:
    """Whether a matrix stands in `node`, or it is one."""
    return bool(node.marks & MARKS[tuple])


CALLS = (Apply, Along, OfMatrix, Unspecified)
"""The nodes that call a function of the vocabulary or an unspecified one."""


def calls(node: Node) -> Iterator[Node]:
    """Every distinct call of a function in `node`, parents before their first child."""
    if holds(node, *CALLS):
        yield from (found for found in walk(node) if isinstance(found, CALLS))


def roles(node: Node) -> frozenset[str]:
    """The roles of the leaves of `node`."""
    return _roles(node.marks)


@cache
def _roles(marks: int) -> frozenset[str]:
    return frozenset(key for key, bit in MARKS.items() if isinstance(key, str) and marks & bit)
