"""The derivation: steps, local derivatives, upstream gradients, partials - one record for all.

Code, printouts and verdicts are read off this record; nobody downstream differentiates again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symprop.declaration import with_article
from symprop.derivation.descent import Descent
from symprop.derivation.explicit import explicit_jacobian, has_whole_sizes, picks_entries
from symprop.derivation.forms import Forms
from symprop.derivation.jacobian import Jacobians, NoMatrixError
from symprop.derivation.local import local_derivative
from symprop.derivation.local_table import LocalTable, local_table
from symprop.derivation.sweep import Sweep, Upstream, leading_to, sweep
from symprop.derivation.trace import Trace, trace
from symprop.errors import DerivationError
from symprop.expression.algebra import transpose
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import Leaf, Node, leaves
from symprop.expression.writing import to_sympy
from symprop.network import Network, Step


@dataclass(frozen=True)
class Path:
    """One route from the loss to a symbol: its steps, and the local derivatives along it.

    `factors[i]` is the derivative of `steps[i]` by `steps[i + 1]`, the last one by the symbol. They
    are Jacobians in numerator layout: multiplied in this order they give the transpose of the part
    of the gradient that comes this way.
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
        leaf = self.network.leaf(symbol)
        return self._sweep_to(leaf).gradients[leaf.name]

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

    def show(self, symbol: Any, form: str = "steps") -> Any:
        """dL/d(symbol) as an equation in the declared names, in the order of the chain.

        A notebook shows it as a formula, a terminal as a line of text; forms as in `partial`.
        """
        from symprop.printout import gradient_formula  # printouts are made of derivations

        leaf = self.network.leaf(symbol)
        with deep_expressions():
            return gradient_formula(self, leaf, self._form(leaf, form))

    def local(self, step: Any, argument: Any) -> Any:
        """The derivative of a step by one of its direct arguments, the rest held fixed.

        A scalar; the factor entry by entry; the gradient, where the step is a scalar; otherwise the
        Jacobian of a column by a column, such as the W of W*x + b. Raises DerivationError where it
        is none of these, or where `argument` is not a direct argument.
        """
        found, leaf = self._step(step), self.network.leaf(argument)
        with deep_expressions():
            return self._sympy(local_derivative(found, leaf, self.jacobians))

    def table(self) -> LocalTable:
        """The local derivatives of every step by each of its direct arguments, in a table.

        Where one is no matrix, as that of W*x by W, the row has the rule for the gradient instead.
        """
        with deep_expressions():
            return local_table(self.jacobians)

    def jacobian(
        self, step: Any, argument: Any, layout: str = "numerator", *, explicit: bool = False
    ) -> Any:
        """The derivative of a step by what it depends on, directly or further back, as a matrix.

        In numerator layout (`layout="denominator"`: the transpose) a column of m entries by one of
        n is m x n, a number by a column 1 x n; a row counts as a column. Sizes may be symbolic:
        softmax gives diag(p) - p*p.T. Of a number by a matrix it is the gradient.

        Of a column by a matrix W, and of a matrix by anything, it is written out entry by entry, as
        any Jacobian is with `explicit=True`; the sizes then are whole numbers. Below one another
        stand, for each entry of the step row by row, its derivatives, for a matrix in its own
        shape: row (i, k), column j of dh/dW holds dh_i/dw_kj.

        Raises DerivationError for symbolic sizes where entries are written out, and where the
        derivative is not seen to be a matrix or would be too long.
        """
        if layout not in ("numerator", "denominator"):
            raise DerivationError(
                f"no layout {layout!r}", hint='the layouts are "numerator" and "denominator"'
            )
        found, leaf = self._step(step), self.network.leaf(argument)
        with deep_expressions():
            node = None if explicit else self._jacobian(found, leaf)
            if node is None:
                written = explicit_jacobian(self.jacobians, found, leaf)
                return written if layout == "numerator" else written.T
            return self._sympy(node if layout == "numerator" else transpose(node))

    def _jacobian(self, step: Step, argument: Leaf) -> Node | None:
        """A Jacobian as a matrix expression, or None where it is better written out."""
        whole = has_whole_sizes(step, argument)
        try:
            node = self.jacobians.of(step, argument)
        except NoMatrixError:
            if not whole:
                raise
            return None
        return None if whole and picks_entries(node) else node

    def trace(self, values: Mapping[Any, Any], *, exact: bool = False) -> Trace:
        """Every value and every gradient at one point, for one sample, as floats or exactly.

        `values` gives numbers, lists, NumPy arrays or SymPy matrices by symbol or name for every
        input, target and weight; a float is the decimal that it prints as. Hyperparameters have
        their defaults. Where `exact`, the numbers are SymPy's and keep roots and exponentials.
        Raises PointError for values that do not fit, and where a step has no finite real value.
        """
        return trace(self.network, values, exact=exact)

    def descent(self, values: Mapping[Any, Any], *, learning_rate: Any) -> Descent:
        """Gradient descent on one sample, from values as in `trace`.

        `descent.updates(steps)` gives the updates one by one, each with all numbers before it and
        the weights after it, as numbers of mpmath that are right beyond the digits of a float.
        """
        return Descent(self, values, learning_rate)

    def paths(self, symbol: Any) -> Iterator[Path]:
        """Every path from the loss to `symbol`, lazily: their number can be exponential.

        Raises DerivationError at a step whose local derivative is no matrix, such as that of a
        column by a matrix (see `jacobian`).
        """
        target = self.network.leaf(symbol)
        useful = leading_to(self.network, [target])
        pending: list[tuple[Step, tuple[str, ...], tuple[Any, ...]]] = [(self.loss, (), ())]
        while pending:
            step, steps, factors = pending.pop()
            onward = []
            for leaf in filter(useful, leaves(step.node)):
                taken = (*steps, step.name), (*factors, self._factor(step, leaf))
                if leaf == target:
                    yield Path(*taken)
                else:
                    onward.append((self.network.steps[leaf.name], *taken))
            pending.extend(reversed(onward))

    def _factor(self, step: Step, argument: Leaf) -> Any:
        """A local derivative of a path: a number, or a Jacobian in numerator layout."""
        if not step.shape and not argument.shape:
            return self.local(step.name, argument.name)
        with deep_expressions():
            return self._sympy(self.jacobians.direct(step, argument))

    @cached_property
    def jacobians(self) -> Jacobians:
        """What works out Jacobians, in canonical form."""
        return Jacobians(self.network)

    def _step(self, step: Any) -> Step:
        leaf = self.network.leaf(step)
        if leaf.name not in self.network.steps:
            raise DerivationError(
                f"{leaf.name!r} is not a step but {with_article(leaf.role)}",
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
            return self._sympy(self._form(leaf, form))

    def _form(self, leaf: Leaf, form: str) -> Node:
        found = self._sweep_to(leaf)
        return Forms(self.network, found).write(found.gradients[leaf.name], form)

    def _sympy(self, node: Node) -> Any:
        return to_sympy(node, self.network.symbols)

    @staticmethod
    def checked(value: Any, taker: str) -> Derivation:
        """`value` where it is a derivation, else a DerivationError for the one who takes it."""
        if not isinstance(value, Derivation):
            raise DerivationError(
                f"{taker} needs a derivation, not {type(value).__name__}",
                hint=f"write {taker}(derive(net))",
            )
        return value

    def __repr__(self) -> str:
        return f"<Derivation of {self.network.name!r}: {len(self.network.weights)} partials>"

    def _repr_html_(self) -> str:
        from symprop.printout import page_html  # printouts are made of derivations

        return page_html(self)

    def _repr_latex_(self) -> str:
        from symprop.printout import formula_latex

        return formula_latex(self)
