"""Entries under letters: W_kj for any entry of W, and how one entry goes into another."""

from __future__ import annotations

from collections.abc import Iterable

from symprop.derivation.jacobian import UPSTREAM
from symprop.expression.algebra import ONE, multiply
from symprop.expression.entries import FIRST, Index, Position, entry_of, equal
from symprop.expression.indexing import Indexing
from symprop.expression.nodes import Leaf, Node, Shape
from symprop.network import Step
from symprop.printout.sections.material import Material

LETTERS = tuple("kjilmnpqrstuv")
"""A row, a column, and what sums run over."""

Positions = tuple[Position, Position]
"""A row and a column; FIRST along an axis of one place."""


def free_letters(material: Material) -> tuple[str, ...]:
    """The letters that no name of the network is made of; all where hardly one is left."""
    free = tuple(letter for letter in LETTERS if letter not in material.letters)
    return free if len(free) > 5 else LETTERS


def positions(shape: Shape, letters: Iterable[str]) -> Positions:
    """A row and a column under letters; an axis of one place takes none."""
    if not shape:
        return FIRST, FIRST
    taken = iter(letters)
    row, column = (
        FIRST if extent == 1 else Position(Index(next(taken), extent)) for extent in shape
    )
    return row, column


def entry(leaf: Leaf, at: Positions) -> Node:
    """An entry of a value, or the number that it is."""
    return entry_of(leaf, *at) if leaf.shape else leaf


def local_entry(
    material: Material, step: Step, at: Positions, argument: Leaf, own: Positions
) -> Node:
    """The derivative of an entry of a step by one of a direct argument, in index notation.

    It is read off the rule that the derivation has for gradients, with the upstream gradient that
    is 1 at the entry and 0 elsewhere. Raises DerivationError where there is no index form.
    """

    def unit(row: Position, column: Position) -> Node:
        return multiply(equal(at[0], row), equal(at[1], column))

    upstream = Leaf(UPSTREAM, step.shape, "argument") if step.shape else ONE
    receives = material.receives(step, argument, upstream)
    return Indexing({UPSTREAM: unit}).entry(receives, *own)
