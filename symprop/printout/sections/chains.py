"""Chains of derivatives from the loss down to a value, and what of them is known already.

A chain is a product of derivatives by their names. It begins at the loss, or at a value whose
gradient has lines of its own. What an earlier part has worked out stands in a box, under its name
delta where it has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symprop.expression.algebra import ONE, multiply
from symprop.expression.nodes import Leaf, Node, Number, Product, operations
from symprop.network import Step
from symprop.printout.expressions import Added, Box, Chain, Dots, Expression, Rate
from symprop.printout.model import Line
from symprop.printout.sections.material import Material

SHORT = 4
"""A gradient of at most so many operations needs no name."""

Rates = tuple[Rate, ...]


@dataclass(frozen=True)
class Known:
    """A gradient that has been worked out: what it is written as, and the name of its box."""

    value: Node
    name: Leaf | None


class Chains:
    """The chains of a network of numbers, from the loss backwards."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.loss = material.loss
        self._chains: dict[str, Rates] = {self.loss.name: ()}
        self._routes: dict[str, tuple[Expression, ...]] = {self.loss.name: ()}
        self._known: dict[str, Known] = {}

    # -- where chains lead ------------------------------------------------------------------------

    def go_on(self, step: Step, user: Step) -> None:
        """Take the chain of the only step that uses a value on to that value."""
        self._chains[step.name] = self.down_to(step.leaf, user)
        self._lead(step, user)

    def begin(self, step: Step, users: list[Step]) -> None:
        """Begin again at a value: its gradient is known by its name from now on."""
        self._chains[step.name] = (Rate(self.loss.leaf, step.leaf),)
        delta = self.material.upstream[step.name].delta
        self._known[step.name] = Known(delta, delta)
        if len(users) == 1:
            self._lead(step, users[0])

    def length(self, step: Step) -> int:
        """How many factors the chain down to a step has."""
        return len(self._chains[step.name])

    def down_to(self, leaf: Leaf, user: Step) -> Rates:
        """The chain to a value by way of a step that uses it."""
        return (*self._chains[user.name], self.material.rate(user, leaf))

    def _lead(self, step: Step, user: Step) -> None:
        """Remember the whole way from the loss, where there is only one; its middle is left out."""
        period = self.material.layer_steps
        if user.name not in self._routes or period is None:
            return
        route = (*self._routes[user.name], self.material.rate(user, step.leaf))
        if len(route) >= 2 * period + 1:
            route = (*route[: period + 1], Dots(), *route[-period:])
        self._routes[step.name] = route

    # -- what is known ----------------------------------------------------------------------------

    def boxed(self, chain: Rates, *, whole: bool = False) -> Chain:
        """A chain, its longest part that is known already in a box.

        With `whole`, the whole way from the loss is in the box, where that is remembered.
        """
        length, known = self._known_part(chain)
        if known is None:
            return Chain(chain)
        inside: tuple[Expression, ...] = chain[:length]
        if whole and length == 1:
            inside = self._routes.get(leaf_of(chain[0].by).name, inside)
        return Chain((Box(Chain(inside), known.name), *chain[length:]))

    def _known_part(self, chain: Rates) -> tuple[int, Known | None]:
        for length in range(len(chain) - 1, 0, -1):
            name = leaf_of(chain[length - 1].by).name
            if name in self._known and self._chains.get(name) == chain[:length]:
                return length, self._known[name]
        return 0, None

    def factors(self, chain: Rates) -> Iterator[Line]:
        """Each factor that is new, worked out on a line of its own."""
        for rate in chain[self._known_part(chain)[0] :]:
            yield Line(rate, self.local(rate), self.material.reason(self._step(rate)))

    def product(self, chain: Rates) -> Chain:
        """A chain with the values of its factors."""
        length, known = self._known_part(chain)
        values = [known.value] if known is not None else []
        return signed([*values, *map(self.local, chain[length:])])

    def keep(self, step: Step) -> Iterator[Line]:
        """The gradient of a step, under a name where it is long, as it will be used again."""
        if step.name in self._known:
            return
        chain = self._chains[step.name]
        product = self.product(chain)
        _, known = self._known_part(chain)
        if known is not None and product.factors == (known.value,):
            self._known[step.name] = known
            return
        if len(chain) == 1 and operations(self.local(chain[0])) <= SHORT:
            self._known[step.name] = Known(self.local(chain[0]), None)
            return
        delta = self.material.upstream[step.name].delta
        yield Line(delta, product, ("used again below",))
        closed = self.material.closed_form(step.leaf)
        if closed is not None and operations(closed) < size_of(product):
            yield Line(None, closed, ("simplified",))
        self._known[step.name] = Known(delta, delta)

    # -- values -----------------------------------------------------------------------------------

    def local(self, rate: Rate) -> Node:
        """What a local derivative is."""
        found = self.material.local(self._step(rate), leaf_of(rate.by))
        assert found is not None  # numbers have derivatives
        return found

    def _step(self, rate: Rate) -> Step:
        return self.material.network.steps[leaf_of(rate.of).name]


def leaf_of(node: Node) -> Leaf:
    """A node that is a name."""
    assert isinstance(node, Leaf)
    return node


def size_of(chain: Chain) -> int:
    """How many operations the factors of a chain have."""
    return sum(operations(factor) for factor in chain.factors if isinstance(factor, Node))


def added(terms: list[Chain]) -> Expression:
    """Terms in a sum; one alone is itself."""
    return terms[0] if len(terms) == 1 else Added(tuple(terms))


def signed(factors: list[Node]) -> Chain:
    """Factors with one sign in front, if any: two minus signs cancel, and no 1 is written."""
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
