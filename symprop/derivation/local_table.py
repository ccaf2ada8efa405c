"""The table of local derivatives: every step by each of its direct arguments, the rest held fixed.

What is no number, factor entry by entry, gradient or Jacobian, such as a column by a matrix, has a
rule instead: what the gradient of the argument receives from the upstream gradient of the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from symprop.derivation.entrywise import Useful
from symprop.derivation.jacobian import Jacobians
from symprop.derivation.local import entrywise_factor, local_derivative, pulled
from symprop.errors import DerivationError
from symprop.expression.algebra import ONE
from symprop.expression.nodes import Leaf, Node, leaves, operations
from symprop.expression.text import text
from symprop.expression.writing import to_sympy
from symprop.network import Step

REMARKS = ("entry by entry", "Jacobian")
LONG = 30
"""Of a Jacobian of more operations than this the rule is shown instead."""


@dataclass(frozen=True)
class LocalDerivative:
    """The derivative of one step by one direct argument.

    `kind` is "number", "entry by entry", "gradient", "Jacobian", or "rule" where it is none of
    them. `derivative` is None of a rule; `rule` is what the gradient of the argument receives, over
    `delta_<step>`. Both are SymPy expressions in the user's symbols; `text` is a line for reading,
    of so many operations.
    """

    step: str
    argument: str
    kind: str
    derivative: Any
    rule: Any
    text: str
    operations: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class LocalTable:
    """All local derivatives of a network, in the order of its steps; `str` has a line for each."""

    rows: tuple[LocalDerivative, ...]

    def __iter__(self) -> Iterator[LocalDerivative]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        return "\n".join(map(str, self.rows))


def local_table(jacobians: Jacobians, wanted: Useful = lambda argument: True) -> LocalTable:
    """The table of a network, for the arguments that are wanted.

    Labels that sum to 1 have no row: they cannot vary one by one. Raises DerivationError where an
    unspecified function has no derivative.
    """
    rows = [
        _row(step, argument, jacobians)
        for step in jacobians.network.steps.values()
        for argument in leaves(step.node)
        if wanted(argument) and argument.sums_to_one is None
    ]
    return LocalTable(tuple(rows))


def _row(step: Step, argument: Leaf, jacobians: Jacobians) -> LocalDerivative:
    network = jacobians.network
    kind, derivative = _derivative(step, argument, jacobians)
    is_loss = step is network.loss_step
    delta = ONE if is_loss else Leaf(f"delta_{step.name}", step.shape, "delta")
    rule = pulled(step, argument, delta, jacobians.folding.of(step))
    long = kind == "Jacobian" and derivative is not None and operations(derivative) > LONG
    shown = rule if derivative is None or long else derivative
    return LocalDerivative(
        step=step.name,
        argument=argument.name,
        kind=kind,
        derivative=None if derivative is None else to_sympy(derivative, network.symbols),
        rule=to_sympy(rule, network.symbols),
        text=_text(step, argument, kind if shown is derivative else "rule", shown),
        operations=operations(shown),
    )


def _derivative(step: Step, argument: Leaf, jacobians: Jacobians) -> tuple[str, Node | None]:
    """What kind of derivative it is, and the derivative where it is one."""
    try:
        derivative = local_derivative(step, argument, jacobians)
    except DerivationError:
        return "rule", None
    if not step.shape:
        return ("gradient" if argument.shape else "number"), derivative
    fold = jacobians.folding.of(step)
    entrywise = entrywise_factor(step, argument, fold) is not None
    return ("entry by entry" if entrywise else "Jacobian"), derivative


def _text(step: Step, argument: Leaf, kind: str, shown: Node) -> str:
    name = f"d{step.name}/d{argument.name}"
    if kind == "rule":
        return f"{name}: d{argument.name} receives {text(shown)}"
    return f"{name} = {text(shown)}" + (f"  ({kind})" if kind in REMARKS else "")
