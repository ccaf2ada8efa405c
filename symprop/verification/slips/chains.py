"""The local derivatives of a network as printed formulas: the factors that a chain may lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symprop.derivation.forms import Forms
from symprop.derivation.local import local_derivative
from symprop.derivation.record import Derivation
from symprop.derivation.sweep import sweep
from symprop.errors import SympropError
from symprop.expression.nodes import Leaf, Node, leaves, operations
from symprop.network import Network, Step
from symprop.printout.notation.expressions import latex
from symprop.printout.notation.names import Names
from symprop.printout.sections.material import Material
from symprop.verification.reading import Symbols, read
from symprop.verification.reading import tree as t

LONGEST = 30
"""A local derivative of more operations is no factor that is forgotten as a whole."""


@dataclass(frozen=True)
class Local:
    """The derivative of a step by a direct argument, as a formula."""

    step: str
    argument: str
    tree: t.Tree


class Chains:
    """The steps of a network as they hang together, and formulas for what the derivation has."""

    def __init__(self, derivation: Derivation, symbols: Symbols) -> None:
        self.derivation = derivation
        self.network: Network = derivation.network
        self.symbols = symbols
        self._locals: dict[str, tuple[Local, ...]] = {}
        self._gradients: dict[str, t.Tree | None] = {}

    @cached_property
    def names(self) -> Names:
        """How the names are written in LaTeX."""
        return Names(self.network, self.derivation.upstreams)

    # -- what depends on what ---------------------------------------------------------------------

    def arguments(self, name: str) -> list[str]:
        """What a step is made of directly."""
        step = self.network.steps.get(name)
        return [] if step is None else [leaf.name for leaf in leaves(step.node)]

    @cached_property
    def users(self) -> dict[str, list[str]]:
        """The steps that a name stands in."""
        found: dict[str, list[str]] = {}
        for step in self.network.steps:
            for name in self.arguments(step):
                found.setdefault(name, []).append(step)
        return found

    def behind(self, name: str) -> set[str]:
        """What a step is made of, directly or by other steps."""
        found: set[str] = set()
        pending = self.arguments(name)
        while pending:
            one = pending.pop()
            pending += () if one in found else self.arguments(one)
            found.add(one)
        return found

    def between(self, name: str) -> list[str]:
        """The steps on the way from a name to the loss, in order."""
        found = {name}
        for step in self.network.steps:
            if found & set(self.arguments(step)):
                found.add(step)
        return [step for step in self.network.steps if step in found and step != name]

    def near(self, names: list[str]) -> Iterator[str]:
        """Names by how near they are to some: these, what they are made of, what uses them."""
        seen = dict.fromkeys(names)
        layer = list(seen)
        while layer:
            yield from layer
            around = [
                n for name in layer for n in (*self.arguments(name), *self.users.get(name, ()))
            ]
            layer = [n for n in dict.fromkeys(around) if n not in seen]
            seen |= dict.fromkeys(layer)

    # -- formulas ---------------------------------------------------------------------------------

    def locals_of(self, name: str) -> tuple[Local, ...]:
        """The local derivatives of a step that are numbers, columns entry by entry or Jacobians."""
        if name not in self._locals:
            step = self.network.steps.get(name)
            self._locals[name] = () if step is None else tuple(self._local_derivatives(step))
        return self._locals[name]

    def _local_derivatives(self, step: Step) -> Iterator[Local]:
        for leaf in leaves(step.node):
            try:
                node = local_derivative(step, leaf, self.derivation.jacobians)
            except SympropError:
                continue
            tree = self.formula(node) if operations(node) <= LONGEST else None
            if tree is not None:
                yield Local(step.name, leaf.name, tree)

    def definition(self, name: str) -> t.Tree | None:
        """The defining formula of a step."""
        step = self.network.steps.get(name)
        return None if step is None else self.formula(step.node)

    def gradient(self, name: str) -> t.Tree | None:
        """The derivative of the loss by a name, in closed form; None where that is long."""
        if name not in self._gradients:
            node = self._closed_form(name)
            self._gradients[name] = None if node is None else self.formula(node)
        return self._gradients[name]

    def _closed_form(self, name: str) -> Node | None:
        try:
            leaf = self.network.leaf(name)
            if leaf.name in self._visited:
                return self._material.closed_form(leaf)
            return self._beside_the_way(leaf)
        except SympropError:
            return None

    @cached_property
    def _material(self) -> Material:
        return Material(self.derivation)

    @cached_property
    def _visited(self) -> set[str]:
        return {*self._material.upstream, *self.derivation.sweep.gradients}

    def _beside_the_way(self, leaf: Leaf) -> Node | None:
        """The gradient by an input, or by a step that leads to no weight."""
        found = sweep(self.network, [leaf])
        gradient = found.gradients.get(leaf.name)
        if gradient is None:
            return None
        written = Forms(self.network, found).write(gradient, "steps")
        return written if operations(written) <= LONGEST else None

    def formula(self, node: Node) -> t.Tree | None:
        """An expression as it is printed; None where it is not read back."""
        try:
            reading = read(f"0 = {latex(node, self.names)}", self.symbols, form="latex")
        except SympropError:
            return None
        statement = reading.statements[0]
        found = len(reading.statements) == 1 and len(statement.sides) == 2 and not reading.unknown
        return statement.sides[1] if found else None
