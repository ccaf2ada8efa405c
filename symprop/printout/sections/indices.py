"""Sums that a lecture writes with an index: w1*x1 + w2*x2, w'*x and the entries of W*x + b.

w1*x1 + w2*x2 + b  is  sum_i w_i x_i + b           a = W*x + b  is  a_k = sum_j W_kj x_j + b_k
"""

from __future__ import annotations

import re

from symprop.errors import DerivationError
from symprop.expression.algebra import add
from symprop.expression.entries import FIRST, Entry, Index, Position, Summed, entry_of
from symprop.expression.indexing import Indexing, lettered
from symprop.expression.nodes import Leaf, MatMul, Node, Product, Sum, operations, walk
from symprop.network import Step
from symprop.printout.expressions import Added, IndexSum
from symprop.printout.model import Line
from symprop.printout.notation.names import Names

LETTERS = "kjilmnpqrs"
LIMIT = 6
"""An entry of more operations is not written out."""

_NUMBERED = re.compile(r"(.*?)_?(\d+)")


# -- numbered names -------------------------------------------------------------------------------


def index_sum(node: Node) -> IndexSum | None:
    """A sum of products of numbered names, each number once and in order; else None."""
    found = index_form(node)
    return found if isinstance(found, IndexSum) else None


def index_form(node: Node) -> IndexSum | Added | None:
    """A sum that begins with products of numbered names, with an index; else None."""
    if not isinstance(node, Sum):
        return None
    terms = [_numbered(term) for term in node.children]
    first = _first_number(terms[0])
    if first is None:
        return None
    pattern = _pattern(terms[0], first)
    count = 0
    while count < len(terms) and _pattern(terms[count], first + count) == pattern:
        count += 1
    if count < 2:
        return None
    leaves = tuple(factor for factor in node.children[0].children if isinstance(factor, Leaf))
    summed = IndexSum(add(*node.children[:count]), leaves, first)
    rest = node.children[count:]
    return Added((summed, add(*rest))) if rest else summed


def _numbered(term: Node) -> list[tuple[str, str]]:
    """The stems and numbers of a product of names; empty where it is anything else."""
    if not isinstance(term, Product) or term.coefficient != 1:
        return []
    found = []
    for factor in term.children:
        match = _NUMBERED.fullmatch(factor.name) if isinstance(factor, Leaf) else None
        if match is None:
            return []
        found.append((match[1], match[2]))
    return found


def _first_number(term: list[tuple[str, str]]) -> int | None:
    """The number with which all names of a product end: 1 of w11*x1."""
    ends = [{number[at:] for at in range(len(number))} for _, number in term]
    common = {end for end in set.intersection(*ends) if end == "0" or end[0] != "0"} if ends else ()
    return int(max(common, key=len)) if common else None


def _pattern(term: list[tuple[str, str]], number: int) -> list[tuple[str, str]] | None:
    """The names of a product without the number with which they end."""
    end = str(number)
    if not term or not all(found.endswith(end) for _, found in term):
        return None
    return [(stem, found.removesuffix(end)) for stem, found in term]


# -- matrices -------------------------------------------------------------------------------------


def index_line(step: Step, names: Names) -> Line | None:
    """A step of matrix products entry by entry; None where that says nothing new, or is long."""
    if not step.shape and (found := index_form(step.node)) is not None:
        return Line(None, found, ("with an index",))
    if not any(isinstance(node, MatMul) for node in walk(step.node)):
        return None
    letters = _free_letters(names)
    free = iter(letters)
    row, column = (
        FIRST if extent == 1 else Position(Index(next(free), extent))
        for extent in step.shape or (1, 1)
    )
    try:
        further = letters if step.shape else sorted(letters)
        entry = lettered(Indexing().entry(step.node, row, column), further)
    except DerivationError:
        return None
    if operations(entry) > LIMIT or not _is_plain(entry):
        return None
    if not step.shape:
        return Line(None, entry, ("with an index",))
    return Line(entry_of(step.leaf, row, column), entry)


def _is_plain(entry: Node) -> bool:
    """Whether there is a sum, over entries of names alone."""
    found = [*walk(entry)]
    named = all(isinstance(part.of, Leaf) for part in found if isinstance(part, Entry))
    return named and any(isinstance(part, Summed) for part in found)


def _free_letters(names: Names) -> list[str]:
    """Letters that no name is made of."""
    free = [letter for letter in LETTERS if letter not in names.letters]
    return free if len(free) > 5 else list(LETTERS)
