"""The gradient of a perceptron, y_hat = w_1 x_1 + w_2 x_2 + ..., all in one go down to one term.

The lines are those of Kris Kitani, CMU 16-385, "Back-Propagation".
"""

from __future__ import annotations

from collections.abc import Iterator

from symprop.derivation.simplification import tidy
from symprop.expression.algebra import add, multiply
from symprop.expression.nodes import Leaf, Node, Product, leaves
from symprop.network import Step
from symprop.printout.expressions import (
    Chain,
    Equated,
    Expression,
    Gradient,
    Rate,
    RateOf,
    ToDerive,
)
from symprop.printout.model import Line
from symprop.printout.sections.chains import signed
from symprop.printout.sections.indices import index_sum
from symprop.printout.sections.material import Material


def is_perceptron(material: Material) -> bool:
    """Whether a network is a product, or a sum of products, and a loss of that."""
    if len(material.visited) != 2:
        return False
    loss, step = material.visited
    product = isinstance(step.node, Product) and all(
        isinstance(f, Leaf) for f in step.node.children
    )
    single = material.arguments(loss) == [step.leaf]
    return single and material.is_scalar and (product or index_sum(step.node) is not None)


def perceptron_lines(material: Material, weight: Leaf) -> Iterator[Line]:
    """From the definition of the loss to the gradient of a weight."""
    loss, step = material.visited
    rate = Rate(loss.leaf, weight)
    first, local = _local(material, loss, step.leaf), _local(material, step, weight)
    yield Line(rate, ToDerive(loss.node, weight), ("definition of ", loss.leaf))
    summed = index_sum(step.node)
    if summed is None:
        yield Line(None, Chain((first, RateOf(step.node, weight))), ("chain rule",))
    else:
        yield Line(None, Chain((first, Rate(step.leaf, weight))), ("chain rule",))
        yield Line(None, Chain((first, RateOf(summed, weight))), ("definition of ", step.leaf))
        kept = add(*(term for term in step.node.children if weight in leaves(term)))
        why = ("the other terms are constant",)
        yield Line(None, Chain((first, RateOf(kept, weight))), why)
    product = signed([first, local])
    result: Expression = product
    closed = material.closed_form(weight)
    if closed is not None and closed not in (multiply(first, local), tidy(multiply(first, local))):
        yield Line(None, product, material.reason(step))
        result = closed
    yield Line(None, Equated(result, Gradient(weight)), ("just shorthand",))


def _local(material: Material, step: Step, leaf: Leaf) -> Node:
    found = material.local(step, leaf)
    assert found is not None  # numbers have derivatives
    return found
