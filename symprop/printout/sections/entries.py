"""The same for one weight: the gradients of matrices once more, entry by entry.

What a weight adds to one entry of a step is read off the rule that the derivation has for the
gradient: with the upstream gradient [i = m], which is 1 at the entry i alone, it gives the
derivative of that entry.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from symprop.expression.algebra import ONE, add, extent_node
from symprop.expression.entries import Entry, Equal, GradientOf, Index, Position, deltas_in
from symprop.expression.indexing import lettered
from symprop.expression.nodes import Leaf, Node, walk
from symprop.network import Step
from symprop.printout.expressions import Added, Chain, Expression, OverIndices, Rate
from symprop.printout.model import Block, Equations, Line, Paragraph, Part, Prose
from symprop.printout.sections.index_letters import Positions, entry
from symprop.printout.sections.material import Material
from symprop.printout.sections.order import backwards
from symprop.printout.sections.reasons import definitions, times
from symprop.printout.sections.uses import Use, Uses, in_any_order, pattern_of

MOST_PARTS = 6
"""So many entries are derived step by step; of the others the result is given."""
MOST_USES = 2
"""An entry that is used more often is not derived step by step."""


class Entries:
    """Writes gradients in index notation; what has no index form is left out."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.uses = Uses(material)

    def rate(self, step: Step, leaf: Leaf, at: Positions) -> Rate:
        """The derivative of an entry of a step by one of a value, by its name."""
        known = self.material.rate(step, leaf)
        return Rate(entry(step.leaf, at), entry(leaf, self.uses.at(leaf)), direct=known.direct)

    def by_chain_rule(self, leaf: Leaf, uses: list[Use]) -> Iterator[Line]:
        """The chain rule over all entries of the steps that take the value, then its terms."""
        loss = self.material.loss
        left: Expression | None = Rate(loss.leaf, entry(leaf, self.uses.at(leaf)))
        if [use.step for use in uses] != [loss]:
            terms = [self._chained(use, leaf) for use in uses]
            why: Prose = ("chain rule, over all entries of ", uses[0].step.leaf)
            if len(uses) > 1:
                why = times(uses)
            elif not uses[0].indices:
                why = ("chain rule",)
            yield Line(left, terms[0] if len(terms) == 1 else Added(tuple(terms)), why)
            for use in uses:
                yield from self._local_lines(use, leaf)
        if any(deltas_in(use.local) for use in uses):
            put_in = [OverIndices(use.indices, use.term) for use in uses]
            yield Line(left, _added(put_in), ("factors put in",))
            left = None
        kept = tuple(index.name for use in uses for index in use.kept)
        letters = (*kept, *self.uses.letters_inside(leaf))
        collapsed = lettered(add(*(use.collapsed for use in uses)), letters)
        gradient = self.uses.gradient(leaf, kept)
        alike = gradient is not None and in_any_order(gradient) == in_any_order(collapsed)
        shown = gradient if alike and gradient is not None else collapsed
        yield Line(left, shown, self._collapse_reason(uses))
        if gradient is not None and not alike:
            yield Line(None, gradient, self._written_otherwise(collapsed, gradient))

    def _chained(self, use: Use, leaf: Leaf) -> Expression:
        rate = self.rate(use.step, leaf, use.at)
        if use.step is self.material.loss:
            return rate
        upstream = Rate(self.material.loss.leaf, entry(use.step.leaf, use.at))
        return OverIndices(use.indices, Chain((upstream, rate)))

    def _local_lines(self, use: Use, leaf: Leaf) -> Iterator[Line]:
        if use.definition is not None:
            left = entry(use.step.leaf, use.at)
            yield Line(left, use.definition, ("definition of ", use.step.leaf))
        yield Line(self.rate(use.step, leaf, use.at), use.local, self._local_reason(use, leaf))

    def _local_reason(self, use: Use, leaf: Leaf) -> Prose:
        own = entry(leaf, self.uses.at(leaf))
        only = use.only_entry
        if only is not None:
            return (own, " stands in ", only, " alone")
        return self.material.reason(use.step)

    def _written_otherwise(self, collapsed: Node, gradient: Node) -> Prose:
        """Why the derivation has the same in other names."""
        upstream = self.material.upstream.values()
        inner = {found.delta for found in upstream if found.value != found.step.leaf}
        values = [value for value in _values_in(gradient) if isinstance(value, Leaf)]
        named = next((leaf for leaf in values if leaf in inner), None)
        if named is not None:
            return (named, " as in the matrix form")
        put_in = next((v for v in _values_in(collapsed) if isinstance(v, GradientOf)), None)
        if put_in is None:
            return ("as in the matrix form",)
        labels = [leaf for leaf in values if leaf.sums_to_one is not None]
        if labels:
            return (put_in, " put in; ", labels[0], " adds up to 1")
        return (put_in, " put in")

    def _collapse_reason(self, uses: list[Use]) -> Prose:
        deltas = [delta for use in uses for delta in deltas_in(use.local)]
        if not deltas:
            return ("factors put in",)
        if len(uses) == 1 and len(deltas) == 1 and uses[0].only_entry is not None:
            left, right = deltas[0].positions
            return ("only the term with ", _named(left), " = ", _named(right), " is left")
        return ("each bracket leaves one term of its sum",)


def _values_in(node: Node) -> list[Node]:
    """The matrices and numbers that an expression over entries is made of."""
    return [found.of if isinstance(found, Entry) else found for found in walk(node)]


def _named(position: Position) -> Node:
    """A position, counted from 1: a letter or a number."""
    if position.index is None:
        return add(extent_node(position.offset), ONE)
    return add(Leaf(position.index.name, (), "argument"), extent_node(position.offset))


def _added(terms: list[OverIndices]) -> Expression:
    return terms[0] if len(terms) == 1 else Added(tuple(terms))


# -- the section ----------------------------------------------------------------------------------


def entry_blocks(material: Material) -> Iterator[Block]:
    """A part for each weight and each step backwards; where it goes as before, its result alone."""
    entries = Entries(material)
    shown: set[Hashable] = set()
    parts: list[Part] = []
    from_loss: list[Line] = []
    results: list[Line] = []
    brackets = False
    if not any(weight.leaf.shape for weight in material.network.weights):
        return
    for leaf in backwards(material):
        if not leaf.shape:
            continue
        uses = entries.uses.of(leaf)
        pattern = None if uses is None else tuple(map(pattern_of, uses))
        gradient = entries.uses.gradient(leaf)
        at_once = material.uses(leaf) == [material.loss]
        in_full = not at_once and pattern not in shown and len(parts) < MOST_PARTS
        if in_full and uses is not None and len(uses) <= MOST_USES:
            shown.add(pattern)
            brackets = brackets or any(deltas_in(use.local) for use in uses)
            lines = tuple(entries.by_chain_rule(leaf, uses))
            parts.append(Part(("One entry of ", leaf), (Equations(lines),)))
        elif gradient is not None:
            left = Rate(material.loss.leaf, entry(leaf, entries.uses.at(leaf)))
            line = Line(left, gradient, _reason(material, leaf))
            (from_loss if at_once else results).append(line)
    if parts:
        yield Paragraph(_introduction(entries, brackets))
    if from_loss:
        yield Equations(tuple(from_loss))
    yield from parts
    if results:
        yield Part(("In the same way",) if parts else ("Further",), (Equations(tuple(results)),))


def _introduction(entries: Entries, brackets: bool) -> Prose:
    """What the letters stand for that occur."""
    k, j, i = (Position(Index(letter, 2)) for letter in entries.uses.letters[:3])
    weights = [weight.leaf for weight in entries.material.network.weights]
    matrices = any(leaf.shape and 1 not in leaf.shape for leaf in weights)
    prose: Prose = ("The same once more, entry by entry: ", _named(k), " stands for any row")
    if matrices:
        prose += (", ", _named(j), " for any column")
    prose += (f", and a sum runs over all rows{' or columns' if matrices else ''} that there are.",)
    if brackets:
        prose += (" ", Equal(i, k), " is 1 where ", _named(i), " and ", _named(k))
        prose += (" are equal, else 0.",)
    return prose


def _reason(material: Material, leaf: Leaf) -> Prose:
    uses = material.uses(leaf)
    return material.reason(material.loss) if uses == [material.loss] else definitions(uses)
