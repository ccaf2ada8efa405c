"""Index notation: expressions over single entries, W_kj beside x_j, with sums over an index.

They are numbers, so the algebra of `symprop.expression.algebra` holds for them. An index is bound
by a sum, or free: it then means any row or column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from symprop.errors import DerivationError
from symprop.expression.algebra import (
    ONE,
    ZERO,
    add,
    entrywise_of,
    extent_node,
    multiply,
)
from symprop.expression.nodes import (
    SCALAR,
    Apply,
    Extent,
    Leaf,
    Node,
    Number,
    Power,
    Product,
    Sum,
    walk,
)
from symprop.expression.shapes import same


class NoIndexFormError(DerivationError):
    """An expression whose entries have no form of their own, such as those of an inverse."""


@dataclass(frozen=True)
class Index:
    """A letter that runs over so many places, or stands for any of them."""

    name: str
    extent: Extent


@dataclass(frozen=True)
class Position:
    """A place along an axis, counted from 0: `index` and so many more, or without one a number."""

    index: Index | None
    offset: Extent = 0

    def after(self, start: Extent) -> Position:
        """The place that is so many further on."""
        return replace(self, offset=self.offset + start)


Moves: TypeAlias = Mapping[Index, Position]

FIRST = Position(None)


class Entry(Node):
    """One entry of `of`, a matrix; along an axis of one place there is no position."""

    __slots__ = ()

    def __init__(self, of: Node, positions: tuple[Position, ...]) -> None:
        super().__init__(SCALAR, (), (of, positions))

    @property
    def of(self) -> Node:
        matrix: Node = self.content[0]
        return matrix

    @property
    def positions(self) -> tuple[Position, ...]:
        positions: tuple[Position, ...] = self.content[1]
        return positions


class Equal(Node):
    """1 where two positions are equal, else 0: the Kronecker delta."""

    __slots__ = ()

    def __init__(self, left: Position, right: Position) -> None:
        super().__init__(SCALAR, (), (left, right))

    @property
    def positions(self) -> tuple[Position, Position]:
        left, right = self.content
        return left, right


class Summed(Node):
    """The sum of `children[0]` over an index."""

    __slots__ = ()

    @property
    def index(self) -> Index:
        index: Index = self.content[0]
        return index


class GradientOf(Leaf):
    """The gradient of the loss by a value, by its name alone: dL/dh."""

    __slots__ = ("by", "loss")

    def __init__(self, loss: Leaf, by: Leaf) -> None:
        super().__init__(f"\0d{loss.name}/d{by.name}", by.shape, "delta")
        self.loss = loss
        self.by = by


def entry_of(matrix: Node, row: Position, column: Position) -> Entry:
    """An entry of a matrix, as one of its rows and columns that are several."""
    pairs = zip((row, column), matrix.shape, strict=True)
    return Entry(matrix, tuple(position for position, extent in pairs if extent != 1))


def equal(left: Position, right: Position) -> Node:
    """The Kronecker delta of two positions, 1 or 0 where that is known."""
    if left == right:
        return ONE
    numbers = left.index is None and right.index is None
    if numbers and isinstance(left.offset, int) and isinstance(right.offset, int):
        return ZERO
    return Equal(left, right)


def positions_in(node: Node) -> Iterator[Position]:
    """The positions that stand in an expression, in order."""
    for found in walk(node):
        if isinstance(found, Entry | Equal):
            yield from found.positions


def has_index(node: Node, index: Index) -> bool:
    """Whether an expression depends on an index."""
    return any(position.index == index for position in positions_in(node))


def rebuilt(node: Node, visit: Callable[[Node], Node]) -> Node:
    """An expression over entries, `visit` applied to its parts; in canonical form again."""
    match node:
        case Sum() | Product() | Power() | Apply():
            return entrywise_of(node, [visit(child) for child in node.children])
        case Summed():
            return summed(node.index, visit(node.children[0]))
    return node


def moved(node: Node, moves: Moves) -> Node:
    """An expression with positions put in for indices."""

    def place(position: Position) -> Position:
        to = None if position.index is None else moves.get(position.index)
        return position if to is None else to.after(position.offset)

    def visit(current: Node) -> Node:
        match current:
            case Entry():
                return Entry(current.of, tuple(map(place, current.positions)))
            case Equal():
                return equal(*map(place, current.positions))
        return rebuilt(current, visit)

    return visit(node)


# -- sums -----------------------------------------------------------------------------------------


def summed(index: Index, body: Node) -> Node:
    """The sum of `body` over an index: what does not depend on it goes before the sum.

    Of a sum with a Kronecker delta one term is left. Where the delta is of places that are shifted
    against each other, or stands in a power or a function, the sum is kept.
    """
    if body == ZERO:
        return ZERO
    if not has_index(body, index):
        return multiply(extent_node(index.extent), body)
    factors = list(body.children) if isinstance(body, Product) else [body]
    coefficient = Number(body.coefficient) if isinstance(body, Product) else ONE
    for delta in factors:
        other = _other(delta, index)
        if other is not None:
            rest = [factor for factor in factors if factor is not delta]
            return moved(multiply(coefficient, *rest), {index: other})
    fixed = [factor for factor in factors if not has_index(factor, index)]
    if fixed or coefficient != ONE:
        running = [factor for factor in factors if has_index(factor, index)]
        return multiply(coefficient, *fixed, summed(index, multiply(*running)))
    return _by_terms(index, factors)


def _has_delta(node: Node, index: Index) -> bool:
    """Whether a sum over the index collapses for a term in a sum, however deep in products."""
    if isinstance(node, Sum | Product | Summed):
        return any(_has_delta(child, index) for child in node.children)
    return _other(node, index) is not None


def _by_terms(index: Index, factors: list[Node]) -> Node:
    """The sum over a product; where terms in it hold a Kronecker delta, term by term."""
    at = next((i for i, part in enumerate(factors) if _has_delta(part, index)), None)
    if at is None:
        return Summed(SCALAR, (multiply(*factors),), (index,))
    before, holding, after = factors[:at], factors[at], factors[at + 1 :]
    terms = [summed(index, multiply(*before, term, *after)) for term in holding.children]
    return summed(holding.index, terms[0]) if isinstance(holding, Summed) else add(*terms)


def _other(delta: Node, index: Index) -> Position | None:
    """The one place at which a Kronecker delta of an index is not 0; None of anything else."""
    if not isinstance(delta, Equal) or not has_index(delta, index):
        return None
    left, right = delta.positions
    own, other = (left, right) if left.index == index else (right, left)
    whole = other.index is None or same(other.index.extent, index.extent)
    shifted = own.offset != 0 or (other.index is not None and other.offset != 0)
    return None if shifted or not whole else other


# -- cases ----------------------------------------------------------------------------------------


def deltas_in(node: Node) -> list[Equal]:
    """The distinct Kronecker deltas of an expression, in order, but for those in bound indices."""
    bound = {found.index for found in walk(node) if isinstance(found, Summed)}
    deltas = (found for found in walk(node) if isinstance(found, Equal))
    return [found for found in deltas if not any(p.index in bound for p in found.positions)]


def where(node: Node, delta: Equal, holds: bool) -> Node:
    """An expression where the positions of a Kronecker delta are equal, or where they are not."""
    if holds:
        left, right = delta.positions
        later, earlier = (right, left) if right.index is not None else (left, right)
        if later.index is not None and later.offset == 0:
            return moved(node, {later.index: earlier})

    def visit(current: Node) -> Node:
        if current == delta:
            return ONE if holds else ZERO
        return rebuilt(current, visit)

    return visit(node)
