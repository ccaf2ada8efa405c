"""The chain rule for each weight of a network of numbers, as a lecturer writes it on the board.

A chain is a product of derivatives by their names, from the loss down to a weight. It is written
in full while it is short; what an earlier weight has computed stands in a box under its name delta.
Where a chain would be long, or a value is used more than once, the chain ends at that value, whose
gradient gets lines of its own: the sum over its direct uses, never over all paths.
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.derivation.simplification import tidy
from symprop.expression.algebra import ONE, add, multiply
from symprop.expression.nodes import Leaf, Node, Number, Product, Sum, leaves, operations
from symprop.network import Step
from symprop.printout.expressions import (
    Added,
    Box,
    Chain,
    Equated,
    Expression,
    Gradient,
    Rate,
    RateOf,
    ToDerive,
)
from symprop.printout.model import Block, Equations, Line, Part, Prose
from symprop.printout.notation.formulas import Formulas
from symprop.printout.sections.indices import index_sum
from symprop.printout.sections.material import Material

CHAIN_LIMIT = 8
"""A chain of more factors than this is not written in full."""


class ChainRule:
    """Writes the parts for all weights, from the loss backwards."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.loss = material.loss
        self.chains: dict[str, tuple[Rate, ...]] = {self.loss.name: ()}
        """For each step the factors of dL/d(step)."""
        self.started: dict[str, Leaf] = {}
        """Where the gradient of a step begins: at a value whose gradient is known by name."""
        self.known: dict[str, Node] = {self.loss.name: ONE}
        """The gradients that have been worked out, by step: a delta, or an expression."""
        self.done: set[Leaf] = set()
        """The weights that have their part."""
        lengths = self._lengths()
        self.long = max(lengths.values(), default=0) > CHAIN_LIMIT

    def parts(self) -> Iterator[Block]:
        """A part for each weight, and for each value whose gradient stands alone."""
        remaining = {w.name: len(self.material.uses(w.leaf)) for w in self.material.network.weights}
        for step in self.material.visited:
            if step is not self.loss:
                yield from self._reach(step)
            used = {leaf.name for leaf in leaves(step.node)}
            for entry in self.material.network.weights:
                if entry.name in used:
                    remaining[entry.name] -= 1
                    if remaining[entry.name] == 0:
                        self.done.add(entry.leaf)
                        yield self._weight(entry.leaf)

    def _lengths(self) -> dict[str, int]:
        """How many factors the chain down to each step would have, written in full."""
        lengths = {self.loss.name: 0}
        for step in self.material.visited[1:]:
            uses = self.material.uses(step.leaf)
            lengths[step.name] = lengths[uses[0].name] + 1 if len(uses) == 1 else 1
        return {name: length + 1 for name, length in lengths.items()}

    # -- the gradient of a step -------------------------------------------------------------------

    def _reach(self, step: Step) -> Iterator[Block]:
        """Take the chain on to a step; lines of its own where it does not simply go on."""
        uses = self.material.uses(step.leaf)
        if len(uses) == 1 and not (self.long and self._is_kept(step)):
            (user,) = uses
            self.chains[step.name] = (*self.chains[user.name], self.material.rate(user, step.leaf))
            return
        self.chains[step.name] = (Rate(self.loss.leaf, step.leaf),)
        yield self._own_part(step, uses)
        self.known[step.name] = self.material.upstream[step.name].delta

    def _is_kept(self, step: Step) -> bool:
        """Whether the gradient of a step is used more than once: worth a name."""
        return len(self.material.arguments(step)) > 1

    def _own_part(self, step: Step, uses: list[Step]) -> Part:
        delta = self.material.upstream[step.name].delta
        rate = Rate(self.loss.leaf, step.leaf)
        terms = [
            self._with_box((*self.chains[u.name], self.material.rate(u, step.leaf))) for u in uses
        ]
        why: Prose = ("chain rule",)
        if len(uses) > 1:
            why = ("used ", f"{len(uses)} times: the parts add up")
        lines = [Line(delta, rate, ("for short",)), Line(None, _added(terms), why)]
        for user in uses:
            lines += self._factors((*self.chains[user.name], self.material.rate(user, step.leaf)))
        products = [
            self._product((*self.chains[u.name], self.material.rate(u, step.leaf))) for u in uses
        ]
        lines += self._results(delta, products, step.leaf)
        heading: Prose = ("The gradient of ", step.leaf)
        return Part(heading, (Equations(tuple(lines)),))

    # -- a weight ---------------------------------------------------------------------------------

    def _weight(self, weight: Leaf) -> Part:
        uses = self.material.uses(weight)
        heading: Prose = ("The weight ", weight)
        if uses == [self.loss]:
            return Part(heading, (Equations(tuple(self._in_loss(weight))),))
        if len(uses) == 1 and self.chains[uses[0].name] == (Rate(self.loss.leaf, uses[0].leaf),):
            if self.material.uses(uses[0].leaf) == [self.loss]:
                return Part(heading, (Equations(tuple(self._one_layer(weight, uses[0]))),))
        rate = Rate(self.loss.leaf, weight)
        chains = [(*self.chains[user.name], self.material.rate(user, weight)) for user in uses]
        terms = [self._with_box(chain) for chain in chains]
        boxed = any(isinstance(f, Box) for term in terms for f in term.factors)
        why: Prose = ("chain rule; box: already computed",) if boxed else ("chain rule",)
        if len(uses) > 1:
            why = (f"used {len(uses)} times: the parts add up",)
        lines = [Line(rate, _added(terms), why)]
        for chain in chains:
            lines += self._factors(chain)
        for user in uses:
            lines += self._keep(user)
        products = [self._product(chain) for chain in chains]
        lines += self._results(rate, products, weight)
        return Part(heading, (Equations(tuple(lines)),))

    def _in_loss(self, weight: Leaf) -> Iterator[Line]:
        """A weight that the loss takes directly."""
        rate = Rate(self.loss.leaf, weight)
        yield Line(rate, ToDerive(self.loss.node, weight), ("definition of ", self.loss.leaf))
        yield Line(None, self.material.gradient(weight), self.material.reason(self.loss))

    def _one_layer(self, weight: Leaf, step: Step) -> Iterator[Line]:
        """A weight of the step that the loss takes: everything in one go, down to one term."""
        first = self._local(self.loss, step.leaf)
        rate = Rate(self.loss.leaf, weight)
        yield Line(rate, ToDerive(self.loss.node, weight), ("definition of ", self.loss.leaf))
        why: Prose = ("chain rule",)
        if isinstance(step.node, Sum):
            yield Line(None, Chain((first, Rate(step.leaf, weight))), why)
            summed = index_sum(step.node) or step.node
            definition: Prose = ("definition of ", step.leaf)
            yield Line(None, Chain((first, RateOf(summed, weight))), definition)
            kept = [term for term in step.node.children if weight in leaves(term)]
            why = ("the other terms are constant",)
            if kept[0] != weight:
                yield Line(None, Chain((first, RateOf(add(*kept), weight))), why)
        elif step.node != weight:
            yield Line(None, Chain((first, RateOf(step.node, weight))), why)
        local = self._local(step, weight)
        product = tidy(multiply(first, local))
        result: Expression = _signed([first, local])
        closed = self.material.closed_form(weight)
        if closed is not None and closed not in (product, multiply(first, local)):
            yield Line(None, result, self.material.reason(step))
            result = closed
        yield Line(None, Equated(result, Gradient(weight)), ("just shorthand",))

    # -- lines --------------------------------------------------------------------------------

    def _with_box(self, chain: tuple[Rate, ...]) -> Chain:
        """A chain, its longest part that is already known in a box."""
        for length in range(len(chain) - 1, 0, -1):
            name = _leaf(chain[length - 1].by).name
            delta = self.known.get(name)
            if delta is not None and self.chains.get(name) == chain[:length]:
                inside = Chain(tuple(chain[:length]))
                return Chain((Box(inside, delta), *chain[length:]))
        return Chain(tuple(chain))

    def _new(self, chain: tuple[Rate, ...]) -> tuple[Node, tuple[Rate, ...]]:
        """What of a chain is known, and the factors behind it."""
        boxed = self._with_box(chain).factors
        if isinstance(boxed[0], Box) and boxed[0].name is not None:
            return boxed[0].name, chain[len(chain) - len(boxed) + 1 :]
        return ONE, chain

    def _factors(self, chain: tuple[Rate, ...]) -> Iterator[Line]:
        """Each factor that is new, worked out on a line of its own."""
        for rate in self._new(chain)[1]:
            step = self.material.network.steps[_leaf(rate.of).name]
            yield Line(rate, self._local(step, _leaf(rate.by)), self.material.reason(step))

    def _product(self, chain: tuple[Rate, ...]) -> Chain:
        """A chain with the values of its factors."""
        start, rates = self._new(chain)
        steps = self.material.network.steps
        values = [self._local(steps[_leaf(r.of).name], _leaf(r.by)) for r in rates]
        factors = [factor for factor in (start, *values) if factor != ONE]
        return _signed(factors or [ONE])

    def _keep(self, step: Step) -> Iterator[Line]:
        """The gradient of a step under its name, where it will be used again."""
        later = [leaf for leaf in self.material.arguments(step) if leaf not in self.done]
        if step.name in self.known or not later:
            return
        chain = self.chains[step.name]
        delta = self.material.upstream[step.name].delta
        product = self._product(chain)
        yield Line(delta, product, ("used again below",))
        closed = self.material.closed_form(step.leaf)
        shorter = closed is not None and operations(closed) < sum(map(_size, product.factors))
        if closed is not None and shorter:
            yield Line(None, closed, ("simplified",))
        self.known[step.name] = delta

    def _results(self, left: Expression, products: list[Chain], leaf: Leaf) -> Iterator[Line]:
        """The product of all factors, and the closed form where it says more."""
        product = _added(products)
        yield Line(left, product, ("all factors together",))
        closed = self.material.closed_form(leaf)
        formulas = Formulas(self.material.names)
        if closed is not None and formulas.of(closed) != formulas.of(product):
            deltas = any(isinstance(f, Leaf) and f in self.known.values() for f in _nodes(products))
            yield Line(None, closed, ("in the names of the steps" if deltas else "simplified",))

    def _local(self, step: Step, leaf: Leaf) -> Node:
        found = self.material.local(step, leaf)
        assert found is not None  # numbers have derivatives
        return found


def _nodes(products: list[Chain]) -> list[Expression]:
    return [factor for chain in products for factor in chain.factors]


def _size(factor: Expression) -> int:
    return operations(factor) if isinstance(factor, Node) else 0


def _leaf(node: Node) -> Leaf:
    assert isinstance(node, Leaf)
    return node


def _added(terms: list[Chain]) -> Expression:
    return terms[0] if len(terms) == 1 else Added(tuple(terms))


def _signed(factors: list[Node]) -> Chain:
    """Factors with one sign in front, if any: two minus signs cancel."""
    negative = 0
    positive: list[Node] = []
    for factor in factors:
        if isinstance(factor, Number) and factor.value < 0:
            negative, factor = negative + 1, Number(-factor.value)
        elif isinstance(factor, Product) and factor.coefficient < 0:
            negative, factor = negative + 1, multiply(Number(-1), factor)
        if factor != ONE:
            positive.append(factor)
    if not positive:
        positive = [ONE]
    if negative % 2:
        positive[0] = multiply(Number(-1), positive[0])
    return Chain(tuple(positive))
