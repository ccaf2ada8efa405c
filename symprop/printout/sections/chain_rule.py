"""The chain rule for each weight of a network of numbers, as a lecturer writes it on the board.

A chain is written in full while it is short; what an earlier weight has computed stands in a box.
Where a chain would be long, or a value is used more than once, the chain ends at that value, whose
gradient gets lines of its own: the sum over its direct uses, never over all paths.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.expression.nodes import Leaf, Node, Product, Sum, leaves
from symprop.network import Step
from symprop.printout.expressions import Box, Chain, Dots, Expression, Rate, ToDerive
from symprop.printout.model import Block, Equations, Line, Paragraph, Part, Prose
from symprop.printout.notation.formulas import Formulas
from symprop.printout.sections.chains import Chains, Rates, added, leaf_of, size_of
from symprop.printout.sections.closing import closing_lines
from symprop.printout.sections.material import CLOSED_FORM_LIMIT, Material
from symprop.printout.sections.perceptron import is_perceptron, perceptron_lines
from symprop.printout.sections.reasons import times

CHAIN_LIMIT = 8
"""A chain of more factors than this is not written in full."""

LONG_CHAINS = (
    "The chains are long. What stands in a box is an upstream gradient, known by its name \u03b4; "
    "the factor behind it is the local gradient."
)


class ChainRule:
    """Writes the parts for all weights, from the loss backwards."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.loss = material.loss
        self.chains = Chains(material)
        self.done: set[str] = set()
        """The weights that have their part, and the gradients inside the loss with a name."""
        self.long = self._longest() > CHAIN_LIMIT
        self._deltas: set[Expression] = {u.delta for u in material.upstream.values()}
        self._steps = {step.leaf for step in material.visited}

    def parts(self) -> Iterator[Block]:
        """A part for each weight, and for each value whose gradient stands alone."""
        weights = self.material.network.weights
        if is_perceptron(self.material):
            for entry in weights:
                yield self._part(entry.leaf, perceptron_lines(self.material, entry.leaf))
            return
        if self.long:
            yield Paragraph((LONG_CHAINS,))
        remaining = {entry.name: len(self.material.uses(entry.leaf)) for entry in weights}
        for step in self.material.visited:
            if step is not self.loss:
                yield from self._reach(step)
            used = {leaf.name for leaf in leaves(step.node)}
            for entry in weights:
                if entry.name in used:
                    remaining[entry.name] -= 1
                    if remaining[entry.name] == 0:
                        self.done.add(entry.name)
                        yield self._part(entry.leaf, self._weight(entry.leaf))

    def _part(self, weight: Leaf, lines: Iterator[Line]) -> Part:
        return Part(self.material.heading(weight), (Equations(tuple(lines)),))

    def _longest(self) -> int:
        """How many factors the longest chain would have, written in full."""
        lengths = {self.loss.name: 0}
        for step in self.material.visited[1:]:
            uses = self.material.uses(step.leaf)
            lengths[step.name] = lengths[uses[0].name] + 1 if len(uses) == 1 else 1
        return 1 + max(lengths.values())

    # -- the gradient of a step -------------------------------------------------------------------

    def _reach(self, step: Step) -> Iterator[Block]:
        """Take the chain on to a step; lines of its own where it does not simply go on."""
        uses = self.material.uses(step.leaf)
        if len(uses) == 1 and not (self.long and self._is_kept(step, uses[0])):
            self.chains.go_on(step, uses[0])
            return
        lines = tuple(self._gradient(step, uses))
        self.chains.begin(step, uses)
        yield Part(("The gradient of ", step.leaf), (Equations(lines),))

    def _is_kept(self, step: Step, user: Step) -> bool:
        """Whether the gradient of a step is worth a name: used again, or far from the loss."""
        several = len(self.material.arguments(step)) > 1
        return several or self.chains.length(user) >= CHAIN_LIMIT

    def _gradient(self, step: Step, uses: list[Step]) -> Iterator[Line]:
        """The gradient of a step under its name, from the steps that use it."""
        delta = self.material.upstream[step.name].delta
        yield Line(delta, Rate(self.loss.leaf, step.leaf), ("for short",))
        ways = [self.chains.down_to(step.leaf, user) for user in uses]
        if uses == [self.loss]:
            ((rate,),) = ways
            yield Line(None, self.chains.local(rate), self.material.reason(self.loss))
            return
        chains = list(map(self.chains.boxed, ways))
        yield Line(None, added(chains), _why(ways, boxed=_has_box(chains)))
        yield from self._worked_out(ways)
        yield from self._results(delta, ways, step.leaf)

    # -- a weight ---------------------------------------------------------------------------------

    def _weight(self, weight: Leaf) -> Iterator[Line]:
        uses = self.material.uses(weight)
        rate = Rate(self.loss.leaf, weight)
        if uses == [self.loss]:
            yield from self._in_loss(weight)
            return
        ways = [self.chains.down_to(weight, user) for user in uses]
        chains = [self.chains.boxed(way, whole=self.long) for way in ways]
        why = _why(ways, boxed=_has_box(chains))
        if _has_dots(chains):
            why = ("chain rule; box: upstream gradient",)
        yield Line(rate, added(chains), why)
        yield from self._worked_out(ways)
        yield from self._results(rate, ways, weight)

    def _in_loss(self, weight: Leaf) -> Iterator[Line]:
        """A weight that the loss takes directly."""
        rate, gradient = Rate(self.loss.leaf, weight), self.material.gradient(weight)
        yield Line(rate, ToDerive(self.loss.node, weight), ("definition of ", self.loss.leaf))
        why = _held_fixed(self.loss.node, weight) or ("derivative of ", self.loss.leaf)
        inside = list(self._inside(gradient))
        yield from inside
        yield Line(rate if inside else None, gradient, why)
        yield from closing_lines(self.material, gradient)

    def _inside(self, gradient: Node) -> Iterator[Line]:
        """What the names of gradients inside the loss stand for, where they are new."""
        for upstream in self.material.upstream.values():
            delta = upstream.delta
            if upstream.value in self._steps or delta not in leaves(gradient):
                continue
            if delta.name not in self.done:
                self.done.add(delta.name)
                yield from self._inside(upstream.expression)
                rate = Rate(self.loss.leaf, upstream.value)
                yield Line(delta, rate, ("inside ", upstream.step.leaf))
                yield Line(None, upstream.expression)

    # -- lines --------------------------------------------------------------------------------

    def _worked_out(self, ways: list[Rates]) -> Iterator[Line]:
        """The factors that are new, and what of them will be used again."""
        for way in ways:
            yield from self.chains.factors(way)
        steps = self.material.network.steps
        self.done.update(leaf_of(way[-1].by).name for way in ways)
        names = dict.fromkeys(leaf_of(rate.by).name for way in ways for rate in way[:-1])
        self.done.update(names)
        for step in (steps[name] for name in names):
            if any(leaf.name not in self.done for leaf in self.material.arguments(step)):
                yield from self.chains.keep(step)

    def _results(self, left: Expression, ways: list[Rates], leaf: Leaf) -> Iterator[Line]:
        """The product of all factors, and the closed form where it says more."""
        products = [self.chains.product(way) for way in ways]
        product = added(products)
        yield Line(left, product, ("all factors together",))
        shown = sum(map(size_of, products))
        closed = self.material.closed_form(leaf, shown if self.long else CLOSED_FORM_LIMIT)
        if closed is None:
            return
        formulas = Formulas(self.material.names)
        if formulas.of(closed) != formulas.of(product):
            named = self._deltas & {factor for chain in products for factor in chain.factors}
            yield Line(None, closed, ("in the names of the steps" if named else "simplified",))
        yield from closing_lines(self.material, closed)


def _why(ways: list[Rates], *, boxed: bool) -> Prose:
    if len(ways) > 1:
        return times(ways)
    return ("chain rule; box: already computed",) if boxed else ("chain rule",)


def _has_box(chains: list[Chain]) -> bool:
    return any(isinstance(factor, Box) for chain in chains for factor in chain.factors)


def _has_dots(chains: list[Chain]) -> bool:
    boxes = (factor for chain in chains for factor in chain.factors if isinstance(factor, Box))
    return any(isinstance(box.inside, Chain) and Dots() in box.inside.factors for box in boxes)


def _held_fixed(node: Node, leaf: Leaf) -> Prose:
    """What is constant beside a name that stands alone in an expression."""
    if leaf in node.children and isinstance(node, Product):
        return ("the other factors are constant",)
    if leaf in node.children and isinstance(node, Sum):
        return ("the other terms are constant",)
    return ()
