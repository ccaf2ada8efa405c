"""Sums of products that a lecture writes with an index: w1*x1 + w2*x2 is the sum of w_i*x_i."""

from __future__ import annotations

import re

from symprop.expression.nodes import Leaf, Node, Product, Sum
from symprop.printout.expressions import IndexSum

_NUMBERED = re.compile(r"(.*?)_?(\d+)")


def index_sum(node: Node) -> IndexSum | None:
    """A sum of products of numbered names, each number once and in order; else None."""
    if not isinstance(node, Sum):
        return None
    terms = [_numbered(term) for term in node.children]
    stems = {tuple(stem for stem, _ in term) for term in terms}
    numbers = [{number for _, number in term} for term in terms]
    if len(stems) != 1 or not all(len(found) == 1 for found in numbers):
        return None
    order = [number for found in numbers for number in found]
    if order != list(range(order[0], order[0] + len(order))):
        return None
    first = node.children[0]
    return IndexSum(node, tuple(leaf for leaf in first.children if isinstance(leaf, Leaf)))


def _numbered(term: Node) -> list[tuple[str, int]]:
    """The stems and numbers of a product of names; empty where it is anything else."""
    if not isinstance(term, Product) or term.coefficient != 1:
        return []
    found = []
    for factor in term.children:
        match = _NUMBERED.fullmatch(factor.name) if isinstance(factor, Leaf) else None
        if match is None:
            return []
        found.append((match[1], int(match[2])))
    return found
