"""The derivation: steps, local derivatives, upstream gradients, partials - one record for all.

Code, printouts and verdicts are read off this record; nobody downstream differentiates again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symprop.derivation.forms import Forms
from symprop.derivation.local import local_derivative
from symprop.derivation.sweep import Sweep, Upstream, leading_to, sweep
from symprop.errors import DerivationError
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import Leaf, Node, leaves
from symprop.expression.writing import to_sympy
from symprop.network import Network, Step


@dataclass(frozen=True)
class Path:
    """One route from the loss to a symbol: its steps, and dL/d(first) times local derivatives.

    `factors[i]` is the derivative of `steps[i]` by `steps[i + 1]`, the last one by the symbol.
    """

    steps: tuple[str, ...]
    factors: tuple[Any, ...]


class Derivation:
    """The chain rule applied to a network, backwards, one named step at a time.

    Made by `derive`. Expressions are given in the user's symbols. A gradient has the shape of what
    it is taken by; Jacobians are in numerator layout.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        with deep_expressions():
            self.sweep: Sweep = sweep(network, [entry.leaf for entry in network.weights])

    @property
    def loss(self) -> Step:
        """The loss, as the last step."""
        return self.network.require_loss()

    @property
    def upstreams(self) -> tuple[Upstream, ...]:
        """The upstream gradients that lead to weights, from the loss backwards."""
        return tuple(self.sweep.upstream.values())

    def gradient(self, symbol: Any) -> Node:
        """dL/d(symbol) over step and delta names, in canonical form."""
        return self._sweep_to(self.network.leaf(symbol)).gradients[self.network.leaf(symbol).name]

    def partial(self, weight: Any, form: str = "steps") -> Any:
        """dL/d(weight) as a SymPy expression.

        `form` is "steps" (in the names of steps), "delta" (upstream gradients by name, always
        short: what the emitted code computes) or "expanded" (inputs and weights only). Raises
        DerivationError where a written-out form would be too long.
        """
        return self._written(self.network.leaf(weight), form)

    def upstream(self, symbol: Any, form: str = "steps") -> Any:
        """dL/d(step), dL/d(input) or dL/d(weight); forms as in `partial`."""
        return self._written(self.network.leaf(symbol), form)

    def local(self, step: Any, argument: Any) -> Any:
        """The derivative of a step by one of its direct arguments, the rest held fixed.

        A scalar; the factor entry by entry; the matrix W of a linear step W*x + b by x; the
        gradient, where the step is a scalar. Raises DerivationError where it is none of these,
        or where `argument` is not a direct argument.
        """
        found = self._step(step)
        return self._sympy(local_derivative(found, self.network.leaf(argument)))

    def paths(self, symbol: Any) -> Iterator[Path]:
        """Every path from the loss to `symbol`, lazily: their number can be exponential.

        Raises DerivationError at a step whose local derivative is not defined (see `local`).
        """
        target = self.network.leaf(symbol)
        useful = leading_to(self.network, [target])
        pending: list[tuple[Step, tuple[str, ...], tuple[Any, ...]]] = [(self.loss, (), ())]
        while pending:
            step, steps, factors = pending.pop()
            onward = []
            for leaf in filter(useful, leaves(step.node)):
                taken = (*steps, step.name), (*factors, self.local(step.name, leaf.name))
                if leaf == target:
                    yield Path(*taken)
                else:
                    onward.append((self.network.steps[leaf.name], *taken))
            pending.extend(reversed(onward))

    def _step(self, step: Any) -> Step:
        leaf = self.network.leaf(step)
        if leaf.name not in self.network.steps:
            raise DerivationError(
                f"{leaf.name!r} is not a step but a {leaf.role}",
                hint="the steps are " + ", ".join(self.network.steps),
            )
        return self.network.steps[leaf.name]

    def _sweep_to(self, leaf: Leaf) -> Sweep:
        if leaf.name in self._known.gradients:
            return self._known
        if leaf.name not in self._further:
            self._further[leaf.name] = sweep(self.network, [leaf])
        return self._further[leaf.name]

    @cached_property
    def _known(self) -> Sweep:
        """The sweep to the weights, the upstream gradients on the way among its gradients."""
        steps = {name: found.expression for name, found in self.sweep.upstream.items()}
        return Sweep(self.sweep.upstream, steps | self.sweep.gradients)

    @cached_property
    def _further(self) -> dict[str, Sweep]:
        """Sweeps to what does not lie on the way to a weight, made when asked for."""
        return {}

    def _written(self, leaf: Leaf, form: str) -> Any:
        with deep_expressions():
            found = self._sweep_to(leaf)
            forms = Forms(self.network, found)
            return self._sympy(forms.write(found.gradients[leaf.name], form))

    def _sympy(self, node: Node) -> Any:
        return to_sympy(node, self.network.symbols)

    def __repr__(self) -> str:
        return f"<Derivation of {self.network.name!r}: {len(self.network.weights)} partials>"
