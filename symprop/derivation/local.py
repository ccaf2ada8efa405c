"""Local derivatives: a step by one direct argument, the rest held fixed."""

from __future__ import annotations

from symprop.derivation.folding import own_value
from symprop.derivation.rules import ENTRYWISE, contributions, local_derivatives
from symprop.derivation.simplification import tidy
from symprop.errors import DerivationError
from symprop.expression.algebra import ONE, ZERO, add, filled, matmul, scale, split_coefficient
from symprop.expression.nodes import Identity, Leaf, MatMul, Node, Sum, leaves
from symprop.expression.rewriting import transform
from symprop.expression.shapes import shape_text
from symprop.network import Step


def local_derivative(step: Step, argument: Leaf) -> Node:
    """d(step)/d(argument) in canonical form; raises DerivationError where it is not defined."""
    if argument not in leaves(step.node):
        names = ", ".join(leaf.name for leaf in leaves(step.node))
        raise DerivationError(
            f"{argument.name!r} is not a direct argument of step {step.name!r}",
            hint=f"its arguments are {names}",
        )
    if isinstance(step.node, Leaf):
        return filled(ONE, step.shape)

    def useful(node: Node) -> bool:
        return argument in leaves(node)

    own = own_value(step)

    def fold(node: Node) -> Node:
        return transform(node, own.get)

    if isinstance(step.node, ENTRYWISE):
        found = local_derivatives(step.node, useful)
        if list(found) == [argument] and (argument.shape or not step.shape):
            return tidy(fold(found[argument]))
    if not step.shape:
        terms = contributions(step.node, ONE, useful, fold).get(argument, [ZERO])
        return tidy(add(*terms))
    linear = _linear_factor(step.node, argument)
    if linear is not None:
        return linear
    raise DerivationError(
        f"d({step.name})/d({argument.name}), {shape_text(step.shape)} by "
        f"{shape_text(argument.shape)}, is no single matrix entry by entry",
        hint=f"ask for upstream({argument.name})",
    )


def _linear_factor(node: Node, argument: Leaf) -> Node | None:
    """The A of A*x + (terms without x), by the column x; None of any other expression."""
    terms = node.children if isinstance(node, Sum) else (node,)
    holding = [term for term in terms if argument in leaves(term)]
    factors = []
    for term in holding:
        coefficient, product = split_coefficient(term)
        if product == argument:
            factors.append(scale(coefficient, Identity((argument.shape[0], argument.shape[0]))))
            continue
        if not isinstance(product, MatMul) or product.children[-1] != argument:
            return None
        before = product.children[:-1]
        if any(argument in leaves(factor) for factor in before):
            return None
        factors.append(scale(coefficient, matmul(*before)))
    return add(*factors)
