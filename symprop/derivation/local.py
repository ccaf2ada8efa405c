"""Local derivatives: a step by one direct argument, the rest held fixed."""

from __future__ import annotations

from symprop.derivation.contributions import contributions
from symprop.derivation.entrywise import ENTRYWISE, local_derivatives
from symprop.derivation.folding import Fold, own_value
from symprop.derivation.jacobian import Jacobians
from symprop.derivation.simplification import shortest, tidy, with_common_factor
from symprop.errors import DerivationError
from symprop.expression.algebra import ONE, ZERO, add, filled
from symprop.expression.nodes import Leaf, Node, leaves
from symprop.expression.rewriting import transform
from symprop.network import Step


def local_derivative(step: Step, argument: Leaf, jacobians: Jacobians) -> Node:
    """d(step)/d(argument) in canonical form; raises DerivationError where it is not defined."""
    if argument not in leaves(step.node):
        names = ", ".join(leaf.name for leaf in leaves(step.node))
        raise DerivationError(
            f"{argument.name!r} is not a direct argument of step {step.name!r}",
            hint=f"its arguments are {names}",
        )
    fold = jacobians.folding.of(step)
    factor = entrywise_factor(step, argument, fold)
    if factor is not None:
        return factor
    return jacobians.direct(step, argument) if step.shape else pulled(step, argument, ONE, fold)


def entrywise_factor(step: Step, argument: Leaf, fold: Fold) -> Node | None:
    """The derivative of a step that acts entry by entry on a direct argument; None of any other."""
    if isinstance(step.node, Leaf):
        return filled(ONE, step.shape)
    if not isinstance(step.node, ENTRYWISE) or (step.shape and not argument.shape):
        return None
    found = local_derivatives(step.node, lambda node: argument in leaves(node))
    if list(found) != [argument]:
        return None
    factor = transform(found[argument], own_value(step).get)
    return shortest(tidy(factor), with_common_factor(tidy(fold(factor))))


def pulled(step: Step, argument: Leaf, upstream: Node, fold: Fold) -> Node:
    """What a step with this upstream gradient adds to the gradient of a direct argument."""
    found = contributions(step.node, upstream, lambda node: argument in leaves(node), fold)
    return tidy(add(*found.get(argument, [ZERO])))
