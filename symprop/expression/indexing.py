"""One entry of a matrix expression, in index notation: (A*x)[k] is the sum of A_kj*x_j over j.

A rule for each class of node; what has no index form, such as an inverse, is refused. Every index
has a name of its own, so that none is caught by a sum; `lettered` gives them letters in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import singledispatchmethod
from itertools import count

from symprop.expression.algebra import ONE, entrywise_of, multiply
from symprop.expression.entries import (
    FIRST,
    Entry,
    Equal,
    Index,
    NoIndexFormError,
    Position,
    Summed,
    entry_of,
    equal,
    rebuilt,
    summed,
)
from symprop.expression.nodes import (
    Along,
    Apply,
    Extent,
    Identity,
    Leaf,
    MatMul,
    Node,
    OfMatrix,
    Ones,
    Power,
    Product,
    Slice,
    Span,
    Stack,
    Sum,
    Total,
    Transpose,
    Unspecified,
    leaves,
)
from symprop.functions.matrices import diagonal, diagonal_matrix, trace

Given = Callable[[Position, Position], Node]


class Indexing:
    """Makes index notation; `given` has the entries of some names."""

    def __init__(self, given: Mapping[str, Given] | None = None) -> None:
        self._given = given or {}
        self._numbers = count()

    def fresh(self, extent: Extent) -> Position:
        """A place along an axis, under an index of its own; the only one of an axis of one."""
        if extent == 1:
            return FIRST
        return Position(Index(f"\0{next(self._numbers)}", extent))

    def entry(self, node: Node, row: Position = FIRST, column: Position = FIRST) -> Node:
        """An entry of `node`, or the number that it is; NoIndexFormError where there is no form."""
        return self._of(node, row, column) if node.shape else self._of(node, FIRST, FIRST)

    def _opaque(self, node: Node, row: Position, column: Position) -> Node:
        """An entry of what is not worked out entry by entry."""
        if any(leaf.name in self._given for leaf in leaves(node)):
            raise NoIndexFormError(f"{type(node).__name__} has no index form")
        return entry_of(node, row, column) if node.shape else node

    def _total(self, body: Node, *positions: Position) -> Node:
        for position in reversed(positions):
            if position.index is not None:
                body = summed(position.index, body)
        return body

    @singledispatchmethod
    def _of(self, node: Node, row: Position, column: Position) -> Node:
        """The rule for the class of `node`."""
        if node.shape:
            raise NoIndexFormError(f"{type(node).__name__} has no index form")
        return self._opaque(node, row, column)

    @_of.register
    def _(self, node: Leaf, row: Position, column: Position) -> Node:
        if node.name in self._given:
            return self._given[node.name](row, column)
        return entry_of(node, row, column) if node.shape else node

    @_of.register
    def _(self, node: Ones, row: Position, column: Position) -> Node:
        return ONE

    @_of.register
    def _(self, node: Identity, row: Position, column: Position) -> Node:
        return equal(row, column)

    @_of.register(Sum)
    @_of.register(Product)
    @_of.register(Power)
    @_of.register(Apply)
    def _(self, node: Node, row: Position, column: Position) -> Node:
        return entrywise_of(node, [self.entry(child, row, column) for child in node.children])

    @_of.register
    def _(self, node: MatMul, row: Position, column: Position) -> Node:
        between = [self.fresh(factor.shape[1]) for factor in node.children[:-1]]
        places = [row, *between, column]
        entries = [
            self.entry(factor, places[at], places[at + 1])
            for at, factor in enumerate(node.children)
        ]
        return self._total(multiply(*entries), *between)

    @_of.register
    def _(self, node: Transpose, row: Position, column: Position) -> Node:
        return self.entry(node.children[0], column, row)

    @_of.register
    def _(self, node: Total, row: Position, column: Position) -> Node:
        (inside,) = node.children
        rows, columns = inside.shape
        row = self.fresh(rows) if node.axis in (None, 0) else row
        column = self.fresh(columns) if node.axis in (None, 1) else column
        running = {None: (row, column), 0: (row,), 1: (column,)}[node.axis]
        return self._total(self.entry(inside, row, column), *running)

    @_of.register(Along)
    @_of.register(Stack)
    @_of.register(Unspecified)
    def _(self, node: Node, row: Position, column: Position) -> Node:
        return self._opaque(node, row, column)

    @_of.register
    def _(self, node: OfMatrix, row: Position, column: Position) -> Node:
        (inside,) = node.children
        if node.entry is diagonal_matrix:
            return multiply(equal(row, column), self.entry(inside, row))
        if node.entry is diagonal:
            return self.entry(inside, row, row)
        if node.entry is trace:
            place = self.fresh(inside.shape[0])
            return self._total(self.entry(inside, place, place), place)
        if node.shape:
            raise NoIndexFormError(f"the entries of {node.entry.name} have no index form")
        return self._opaque(node, row, column)

    @_of.register
    def _(self, node: Slice, row: Position, column: Position) -> Node:
        rows, columns = node.spans
        return self.entry(node.children[0], _in_span(rows, row), _in_span(columns, column))


def _in_span(span: Span, position: Position) -> Position:
    """A place of a slice as one of what it is a slice of."""
    if span.extent == 1:
        return Position(None, span.start)
    if span.step != 1:
        raise NoIndexFormError("of a slice with a step the entries have no index form")
    return position.after(span.start)


# -- letters --------------------------------------------------------------------------------------


def lettered(node: Node, letters: Iterable[str]) -> Node:
    """An expression whose sums run over letters: the first ones that are free where a sum stands.

    Indices that are not bound keep their names; with no letter left the last one gets primes.
    """
    supply = tuple(letters)

    def free(used: frozenset[str]) -> str:
        names = (letter + "'" * primes for primes in count() for letter in supply)
        return next(name for name in names if name not in used)

    def visit(current: Node, names: Mapping[Index, Index], used: frozenset[str]) -> Node:
        def place(position: Position) -> Position:
            known = names.get(position.index) if position.index is not None else None
            return position if known is None else replace(position, index=known)

        match current:
            case Entry():
                return Entry(current.of, tuple(map(place, current.positions)))
            case Equal():
                return Equal(*map(place, current.positions))
            case Summed():
                index = Index(free(used), current.index.extent)
                inner = visit(
                    current.children[0], {**names, current.index: index}, used | {index.name}
                )
                return Summed(current.shape, (inner,), (index,))
        return rebuilt(current, lambda child: visit(child, names, used))

    return visit(node, {}, frozenset(free_names(node)))


def free_names(node: Node) -> set[str]:
    """The names of the indices that no sum binds."""
    match node:
        case Entry() | Equal():
            return {p.index.name for p in node.positions if p.index is not None}
        case Summed():
            return free_names(node.children[0]) - {node.index.name}
    return {name for child in node.children for name in free_names(child)}
