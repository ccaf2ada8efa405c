"""Index notation: entries with their subscripts, sums over an index, Kronecker deltas, cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import sympy

from symprop.expression.entries import Entry, Equal, GradientOf, Index, Position, Summed
from symprop.expression.nodes import Along, Leaf, Node, Unspecified
from symprop.printout.notation.markup import (
    COMMA,
    EQUALS,
    PARTIAL,
    PLUS,
    PRIME,
    SUM_SIGN,
    TIMES,
    Cases,
    Fenced,
    Fraction,
    Grid,
    Letter,
    Markup,
    Scripts,
    Sign,
    Space,
    Words,
    bracketed,
    joined,
    parts_of,
    row,
    with_subscript,
    with_superscript,
)
from symprop.printout.notation.precedence import ATOM, BIG, POWER, Piece

if TYPE_CHECKING:
    from symprop.printout.notation.expressions import Notation

Holds: TypeAlias = tuple[Equal, bool]
IF = row(Words("if"), Space(r"\;", 0.28))
UNEQUAL = Sign(r"\neq", "≠", "relation")


def entry_piece(notation: Notation, node: Entry) -> Piece:
    """W_kj, softmax(z)_k, dL/dh_k."""
    index = subscript(notation, node.positions)
    if isinstance(node.of, GradientOf):
        by = subscripted(notation.names.of(node.of.by), node.of.by, index)[0]
        return _rate(notation, node.of, by), POWER
    return subscripted(notation.piece(node.of)[0], node.of, index)


def gradient_piece(notation: Notation, node: GradientOf) -> Piece:
    """dL/dh."""
    return _rate(notation, node, notation.names.of(node.by)), POWER


def _rate(notation: Notation, node: GradientOf, by: Markup) -> Markup:
    return Fraction(row(PARTIAL, notation.names.of(node.loss)), row(PARTIAL, by))


def subscripted(whole: Markup, node: Node, index: Markup) -> Piece:
    """What `node` looks like, with a subscript that picks an entry."""
    if isinstance(node, Leaf):
        return with_subscript(whole, index), ATOM
    called = parts_of(whole)
    if isinstance(node, Along | Unspecified) and isinstance(called[-1], Fenced):
        return row(*called[:-1], Scripts(called[-1], index)), ATOM
    return Scripts(whole if isinstance(whole, Grid) else bracketed(whole), index), ATOM


def subscript(notation: Notation, positions: Sequence[Position]) -> Markup:
    """Positions as a subscript: kj, or with commas where one is more than a letter."""
    shown = [position_markup(notation, position) for position in positions]
    plain = all(isinstance(part, Letter) for part in shown)
    return row(*shown) if plain else joined(shown, COMMA)


def position_markup(notation: Notation, position: Position) -> Markup:
    """A place along an axis, counted from 1."""
    if position.index is None:
        return notation.extent(sympy.S(position.offset) + 1)
    name = position.index.name
    letter: Markup = Letter(name.rstrip("'"), name.rstrip("'"))
    for _ in range(name.count("'")):
        letter = with_superscript(letter, PRIME)
    if position.offset == 0:
        return letter
    return row(letter, PLUS, notation.extent(position.offset))


def summed_piece(notation: Notation, node: Summed) -> Piece:
    """The sum over an index, or over several one inside the other."""
    indices, body = [node.index], node.children[0]
    while isinstance(body, Summed):
        indices.append(body.index)
        body = body.children[0]
    return summed_markup(notation, indices, notation.within(body, BIG)), BIG


def summed_markup(notation: Notation, indices: Sequence[Index], body: Markup) -> Markup:
    """A sum sign with indices below it, and what is summed."""
    below = subscript(notation, [Position(index) for index in indices])
    return row(Scripts(SUM_SIGN, below), TIMES, body)


def equal_piece(notation: Notation, node: Equal) -> Piece:
    """[i = k]."""
    return Fenced("[", "]", condition(notation, node)), ATOM


def condition(notation: Notation, node: Equal, holds: bool = True) -> Markup:
    """That two positions are equal, or that they are not."""
    left, right = (position_markup(notation, position) for position in node.positions)
    return row(left, EQUALS if holds else UNEQUAL, right)


def cases_markup(notation: Notation, rows: Sequence[tuple[Node, Sequence[Holds]]]) -> Markup:
    """Values, each with what must hold of the positions; without any in all other cases."""
    return Cases(
        tuple((notation.of(value), _conditions(notation, conditions)) for value, conditions in rows)
    )


def _conditions(notation: Notation, conditions: Sequence[Holds]) -> Markup:
    if not conditions:
        return Words("otherwise")
    parts: list[Markup] = []
    for index, (equality, holds) in enumerate(conditions):
        parts += [COMMA if index else IF, condition(notation, equality, holds)]
    return row(*parts)
