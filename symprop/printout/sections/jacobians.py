"""Jacobians on request: every step by each of its direct arguments, in numerator layout.

Vectors by vectors are matrices. What has more axes is given entry by entry, and in blocks: for
each entry of the step its derivatives in the shape of the argument, one block below the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from symprop.derivation.explicit import has_whole_sizes, picks_entries
from symprop.errors import DerivationError
from symprop.expression.algebra import ZERO, multiply, split_coefficient
from symprop.expression.entries import FIRST, Entry, Equal, Position, deltas_in, positions_in, where
from symprop.expression.indexing import lettered
from symprop.expression.nodes import (
    Identity,
    Leaf,
    Node,
    Number,
    Product,
    Stack,
    Total,
    Transpose,
    leaves,
    operations,
    walk,
)
from symprop.network import Step
from symprop.printout.expressions import ByCases, Rate
from symprop.printout.model import Block, Equations, Line, Paragraph, Part
from symprop.printout.notation.entries import subscript
from symprop.printout.notation.expressions import Notation
from symprop.printout.notation.markup import Letter, Scripts, Sign, Styled
from symprop.printout.sections.index_letters import (
    Positions,
    entry,
    free_letters,
    local_entry,
    positions,
)
from symprop.printout.sections.material import Material

LONG = 30
"""A Jacobian of more operations than this is not written out."""
CASE = 12
"""A case of more operations is not put beside others."""
SHORT = 4
"""The blocks of a step of more operations are not written below one another."""
WRITTEN_OUT = 32
"""A Jacobian of more entries than this is not written out entry by entry."""

LAYOUT = (
    "Numerator layout: the Jacobian of m entries by n entries has m rows and n columns. "
    "That of a number by a column is a row, that of a number by a matrix has its shape."
)
BLOCKS = (
    " What has more axes stands in blocks: for each entry of the step in turn, row by row, its "
    "derivatives in the shape of the argument, one block below the other; "
)
NUMBERS = "All values are numbers: their Jacobians are the local derivatives."
DOTS = "\0dots"
DOTS_SIGN = Sign(r"\vdots", "\u22ee", "plain")
UNIT = Styled("mathbf", Letter("e", "e"))


def jacobian_blocks(material: Material) -> Iterator[Block]:
    """What the layout is, and a part for each step that has Jacobians."""
    letters = free_letters(material)
    steps = [StepJacobians(material, s, letters) for s in material.network.steps.values()]
    parts = [part for step in steps if (part := step.part()) is not None]
    stacked = any(step.is_stacked(leaf) for step in steps for leaf in step.arguments())
    if stacked:
        unit = Leaf("\0unit", (), "argument")
        material.names.show(unit.name, UNIT)
        yield Paragraph((LAYOUT + BLOCKS, unit, " is 1 at the entry in its index and 0 elsewhere."))
    else:
        yield Paragraph((LAYOUT if parts else NUMBERS,))
    yield from parts


@dataclass(frozen=True)
class StepJacobians:
    """Writes the Jacobians of one step."""

    material: Material
    step: Step
    letters: tuple[str, ...]

    def part(self) -> Part | None:
        """The Jacobians by all direct arguments, numbers by numbers left out; None without any."""
        lines = tuple(line for leaf in self.arguments() for line in self.by(leaf))
        if not lines:
            return None
        return Part(("The Jacobians of ", self.step.leaf), (Equations(lines),))

    def arguments(self) -> list[Leaf]:
        """The direct arguments by which it has a Jacobian."""
        return [leaf for leaf in leaves(self.step.node) if self._has_jacobian(leaf)]

    def _has_jacobian(self, leaf: Leaf) -> bool:
        """Labels that sum to 1 cannot vary one by one; numbers by numbers have derivatives."""
        varies = leaf.role != "hyperparameter" and leaf.sums_to_one is None
        return varies and bool(self.step.shape or leaf.shape)

    def is_stacked(self, leaf: Leaf) -> bool:
        """Whether the Jacobian by an argument has more than two axes."""
        return bool(leaf.shape) and self.material.jacobian(self.step, leaf) is None

    def by(self, leaf: Leaf) -> Iterator[Line]:
        """The Jacobian by an argument: as a matrix, by its entries, in blocks."""
        matrix = self.material.jacobian(self.step, leaf)
        rate = self.material.rate(self.step, leaf)
        if matrix is not None and picks_entries(matrix):
            matrix = self._written_out(leaf) or matrix
        if matrix is not None and operations(matrix) <= LONG:
            yield Line(rate, matrix, self.material.reason(self.step))
        if self.step.shape and leaf.shape and not _is_plain(matrix):
            yield from self._by_entries(leaf)
        if self.is_stacked(leaf):
            yield from self._in_blocks(leaf, rate)

    # -- entry by entry -----------------------------------------------------------------------

    def _by_entries(self, leaf: Leaf) -> Iterator[Line]:
        k, j, i, *further = self.letters
        at = positions(self.step.shape, (i, *further))
        own = positions(leaf.shape, (j, k) if 1 in leaf.shape else (k, j))
        local = self._entry(at, leaf, own)
        if local is None or _written_size(local) > LONG:
            return
        left = Rate(entry(self.step.leaf, at), entry(leaf, own))
        local = lettered(local, (*further[1:], k, *further))
        cases = by_cases(local)
        rows = cases.rows if isinstance(cases, ByCases) else ()
        if all(_written_size(value) <= CASE for value, _ in rows):
            yield Line(left, cases)
        else:
            yield Line(left, local, (deltas_in(local)[0], " is 1 where both are equal, else 0"))

    def _entry(self, at: Positions, leaf: Leaf, own: Positions) -> Node | None:
        try:
            return local_entry(self.material, self.step, at, leaf, own)
        except DerivationError:
            return None

    # -- blocks -------------------------------------------------------------------------------

    def _in_blocks(self, leaf: Leaf, rate: Rate) -> Iterator[Line]:
        """One block for each entry of the step."""
        _, _, *further = self.letters
        at = positions(self.step.shape, further)
        block = self._block(leaf, at)
        if block is None or any(isinstance(part, Total) for part in walk(block)):
            return
        of = entry(self.step.leaf, at)
        yield Line(Rate(of, leaf), block, ("the block of ", of))
        written = self._written_out(leaf) or self._with_dots(leaf)
        if written is not None:
            yield Line(rate, written, ("block below block",))

    def _block(self, leaf: Leaf, at: Positions) -> Node | None:
        """The derivatives of one entry: what the gradient 1 at this entry alone gives."""
        try:
            return self.material.receives(self.step, leaf, self._unit(at))
        except DerivationError:
            return None

    def _unit(self, at: Positions) -> Leaf:
        """What is 1 at one entry of the step, and 0 elsewhere."""
        places = [place for place, extent in zip(at, self.step.shape, strict=True) if extent != 1]
        names = self.material.names
        shown = Scripts(UNIT, subscript(Notation(names), places))
        name = f"\0unit {shown}"
        names.show(name, shown)
        return Leaf(name, self.step.shape, "argument")

    def _written_out(self, leaf: Leaf) -> Node | None:
        """The whole Jacobian entry by entry, where its sizes are small whole numbers."""
        network = self.material.network
        if not has_whole_sizes(self.step, leaf):
            return None
        if prod(int(extent) for extent in (*self.step.shape, *leaf.shape)) > WRITTEN_OUT:
            return None
        try:
            found = self.material.derivation.jacobian(self.step.name, leaf.name, explicit=True)
        except DerivationError:
            return None
        return _grid([[network.read(entry) for entry in line] for line in found.tolist()])

    def _with_dots(self, leaf: Leaf) -> Node | None:
        """The first block and the last, for a step that is a column or a row."""
        if 1 not in self.step.shape or operations(self.step.node) > SHORT:
            return None
        axis = 0 if self.step.shape[1] == 1 else 1
        ends = [Position(None, 0), Position(None, self.step.shape[axis] - 1)]
        pairs: list[Positions] = [(end, FIRST) if axis == 0 else (FIRST, end) for end in ends]
        first, last = (self._block(leaf, at) for at in pairs)
        if first is None or last is None:
            return None
        self.material.names.show(DOTS, DOTS_SIGN)
        return _grid([[first], [Leaf(DOTS, (), "argument")], [last]])


def _grid(rows: list[list[Node]]) -> Node:
    """A matrix written out, whatever stands in it."""
    lines = [Stack((1, len(line)), tuple(line), (1,)) for line in rows]
    return Stack((len(lines), len(rows[0])), tuple(lines), (0,))


# -- cases ----------------------------------------------------------------------------------------


def _written_size(node: Node) -> int:
    """The operations of an expression over entries, those of what the entries are of included."""
    entries = (part for part in walk(node) if isinstance(part, Entry))
    return operations(node) + sum(operations(part.of) for part in entries)


def by_cases(node: Node) -> Node | ByCases:
    """An expression by which of its positions are equal; itself where that makes no difference."""
    rows = list(_cases(node, ()))
    if len(rows) == 1:
        return node
    kept = [(_in_order(value), conditions) for value, conditions in rows if value != ZERO]
    if len(kept) < len(rows):
        return ByCases((*kept, (ZERO, ())))
    return ByCases((*kept[:-1], (kept[-1][0], ())))


def _cases(
    node: Node, conditions: tuple[tuple[Equal, bool], ...]
) -> Iterator[tuple[Node, tuple[tuple[Equal, bool], ...]]]:
    deltas = deltas_in(node)
    if not deltas:
        yield node, conditions
        return
    for holds in (True, False):
        value = where(node, deltas[0], holds)
        yield from _cases(value, (*conditions, (deltas[0], holds)))


def _in_order(node: Node) -> Node:
    """p_j p_i as p_i p_j: entries of one matrix in the order of their letters."""
    if not isinstance(node, Product):
        return node
    factors = list(node.children)
    entries = [part for part in factors if isinstance(part, Entry)]
    for matrix in {part.of for part in entries}:
        at = [i for i, part in enumerate(factors) if isinstance(part, Entry) and part.of == matrix]
        for place, part in zip(at, sorted((factors[i] for i in at), key=_letters), strict=True):
            factors[place] = part
    return multiply(Number(node.coefficient), *factors)


def _letters(node: Node) -> list[str]:
    return [p.index.name if p.index else "" for p in positions_in(node)]


def _is_plain(matrix: Node | None) -> bool:
    """Whether a Jacobian says by itself what its entries are: W, I, written out."""
    _, rest = (None, None) if matrix is None else split_coefficient(matrix)
    turned = rest.children[0] if isinstance(rest, Transpose) else rest
    return isinstance(turned, Leaf | Identity | Stack)
