"""How one entry of a value goes into the steps that take it, in index notation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from symprop.errors import DerivationError
from symprop.expression.algebra import ZERO, apply, divide, multiply
from symprop.expression.entries import (
    Entry,
    Equal,
    GradientOf,
    Index,
    deltas_in,
    moved,
    summed,
    where,
)
from symprop.expression.indexing import Indexing, lettered
from symprop.expression.nodes import Along, Leaf, Node, Product, Sum, operations
from symprop.functions.elementary import exp
from symprop.functions.softmax import softmax
from symprop.network import Step
from symprop.printout.sections.index_letters import (
    Positions,
    entry,
    free_letters,
    local_entry,
    positions,
)
from symprop.printout.sections.material import Material

DEFINITION_LIMIT = 12
"""A definition of more operations is not written out in index form."""


@dataclass(frozen=True)
class Use:
    """How an entry of a value goes into one step.

    `at` is any entry of the step, `local` its derivative by the entry of the value, `definition`
    what the entry of the step is, None where it is long, `gradient` that of the step.
    """

    step: Step
    at: Positions
    local: Node
    definition: Node | None
    gradient: Leaf | None

    @property
    def indices(self) -> tuple[Index, ...]:
        """The indices of the entry of the step."""
        return tuple(position.index for position in self.at if position.index is not None)

    @property
    def kept(self) -> tuple[Index, ...]:
        """The indices that no Kronecker delta replaces."""
        replaced = {position.index for d in deltas_in(self.local) for position in d.positions}
        return tuple(index for index in self.indices if index not in replaced)

    @property
    def term(self) -> Node:
        """What it adds to the gradient of the value, before the sum."""
        if self.gradient is None:
            return self.local
        return multiply(entry(self.gradient, self.at), self.local)

    @property
    def collapsed(self) -> Node:
        """The same, summed over the entries of the step: Kronecker deltas leave one term."""
        total = self.term
        for index in reversed(self.indices):
            total = summed(index, total)
        return total

    @property
    def only_entry(self) -> Node | None:
        """The one entry of the step that a Kronecker delta leaves; None where there are more."""
        deltas = deltas_in(self.local)
        if not deltas or any(where(self.local, delta, False) != ZERO for delta in deltas):
            return None
        found = entry(self.step.leaf, self.at)
        for delta in deltas:
            left, right = delta.positions
            if left.index is None or left.offset != 0:
                return None
            found = moved(found, {left.index: right})
        return found


class Uses:
    """Finds the uses of entries, and the entries of gradients."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.letters = free_letters(material)

    def at(self, leaf: Leaf) -> Positions:
        """Any entry of a value: row k and column j; j of a column of values, as x_j in W_kj x_j."""
        k, j, *_ = self.letters
        vector = leaf.role == "step" and 1 in leaf.shape
        return positions(leaf.shape, (j, k) if vector else (k, j))

    def _inside(self, step: Step, leaf: Leaf) -> Positions:
        """Any entry of a step that takes a value, under other letters than those of the value."""
        return positions(step.shape, self.letters_inside(leaf))

    def letters_inside(self, leaf: Leaf) -> tuple[str, ...]:
        """Letters beside those of an entry of a value."""
        k, j, *further = self.letters
        vector = leaf.role == "step" and 1 in leaf.shape
        return (k, *further, j) if vector else (*further, k, j)

    def gradient(self, leaf: Leaf, first: Iterable[str] = ()) -> Node | None:
        """An entry of the gradient of a value, as the derivation has it; `first` are letters."""
        try:
            found = Indexing().entry(self.material.gradient(leaf), *self.at(leaf))
        except DerivationError:
            return None
        return lettered(found, (*first, *self.letters_inside(leaf)))

    def of(self, leaf: Leaf) -> list[Use] | None:
        """The uses of an entry of a value, that of the loss last; None where one has no form."""
        try:
            found = [self._use(step, leaf) for step in self.material.uses(leaf)]
        except DerivationError:
            return None
        return sorted(found, key=lambda use: use.gradient is None)

    def _use(self, step: Step, leaf: Leaf) -> Use:
        """How an entry of a value goes into a step; raises NoIndexFormError."""
        own, at = self.at(leaf), self._inside(step, leaf)
        local = local_entry(self.material, step, at, leaf, own)
        local = lettered(local, self.letters_inside(leaf)[sum(p.index is not None for p in at) :])
        definition = self._definition(step, at, own)
        return Use(step, at, local, definition, self._gradient_name(step))

    def _definition(self, step: Step, at: Positions, own: Positions) -> Node | None:
        """What an entry of a step is, where that is short; its sums have letters of their own."""
        if not step.shape or operations(step.node) > DEFINITION_LIMIT:
            return None
        try:
            found = _written(step.node, at)
        except DerivationError:
            return None
        used = {position.index.name for position in (*at, *own) if position.index is not None}
        others = (letter for letter in self.letters[2:] if letter not in used)
        return lettered(found, (*others, *self.letters[:2]))

    def _gradient_name(self, step: Step) -> Leaf | None:
        """The gradient of a step by its name; None for the loss."""
        if step is self.material.loss:
            return None
        upstream = self.material.upstream[step.name]
        return upstream.delta if upstream.named else GradientOf(self.material.loss.leaf, step.leaf)


def _written(node: Node, at: Positions) -> Node:
    """An entry of a step; a softmax written out."""
    if isinstance(node, Along) and node.entry is softmax:
        indexing = Indexing()
        (inside,) = node.children
        running = indexing.fresh(inside.shape[node.axis])
        others = (running, at[1]) if node.axis == 0 else (at[0], running)
        assert running.index is not None
        powers = apply(exp, indexing.entry(inside, *others))
        return divide(apply(exp, indexing.entry(inside, *at)), summed(running.index, powers))
    return Indexing().entry(node, *at)


def in_any_order(node: Node) -> Hashable:
    """An expression, whatever the order of its terms and factors."""
    parts = map(in_any_order, node.children)
    if isinstance(node, Sum | Product):
        return type(node).__name__, node.content, frozenset(Counter(parts).items())
    return (type(node).__name__, node.content, tuple(parts)) if node.children else node


def pattern_of(use: Use) -> Hashable:
    """The form of a use, whatever the names in it."""
    return use.gradient is None, bool(use.indices), _pattern(use.local)


def _pattern(node: Node) -> Hashable:
    if isinstance(node, Leaf):
        return "name"
    if isinstance(node, Entry):
        return "entry", tuple(p.index.name if p.index else p.offset for p in node.positions)
    if isinstance(node, Equal):
        return "equal", tuple(p.index.name if p.index else p.offset for p in node.positions)
    return type(node).__name__, node.content, tuple(map(_pattern, node.children))
