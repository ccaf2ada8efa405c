"""The derivatives of a user's own functions: by the rules entry by entry, folded where shorter.

For f = u*sigmoid(2*u) it is sigmoid(2*u) + 2*f*(1 - sigmoid(2*u)).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sympy import Symbol

from symprop.derivation.entrywise import derivatives, local_derivatives
from symprop.derivation.folding import Folding, exponents_of
from symprop.derivation.simplification import shortest, tidy, with_common_factor
from symprop.expression.algebra import ONE, ZERO, add, multiply, power
from symprop.expression.definition import formula_of
from symprop.expression.nodes import SCALAR, Apply, Leaf, Node, Number, Product, leaves
from symprop.expression.rewriting import substitute, transform
from symprop.functions.definition import Definition
from symprop.network import Step

OWN = Leaf("\0value", SCALAR, "step")
"""The own value of a function, in its derivatives."""


@derivatives.register
def _(entry: Definition, node: Apply) -> Iterator[Node]:
    filled: dict[Node, Node] = dict(zip(formula_of(entry).arguments, node.children, strict=True))
    for derivative in _derivatives(entry):
        yield substitute(derivative, filled | {OWN: node})


@cache
def _derivatives(entry: Definition) -> tuple[Node, ...]:
    """The derivative by each argument, over the leaves of the formula and the own value."""
    formula = formula_of(entry)
    return tuple(
        _folded(_derivative(formula.node, argument), formula.node) for argument in formula.arguments
    )


def _derivative(node: Node, argument: Leaf) -> Node:
    """The derivative of `node`, through the inner expressions at which the rules stop."""
    if node == argument:
        return ONE
    if argument not in leaves(node):
        return ZERO
    found = local_derivatives(node, lambda inner: argument in leaves(inner))
    return add(*(multiply(local, _derivative(inner, argument)) for inner, local in found.items()))


def _folded(derivative: Node, formula: Node) -> Node:
    """A derivative with the own value for its formula, where that makes it shorter."""
    plain = tidy(derivative)
    step = Step(OWN.name, Symbol(OWN.name, real=True), None, OWN, formula, None)
    by_quotients = tidy(Folding({OWN.name: step}).of(step)(plain))
    by_factors = transform(plain, lambda node: _product(node, formula))
    forms = (by_quotients, by_factors, plain)
    return shortest(*map(with_common_factor, forms), *forms)


def _product(node: Node, formula: Node) -> Node | None:
    """A product that holds all factors of the formula, with the own value for them."""
    if not isinstance(node, Product) or not isinstance(formula, Product):
        return None
    held, wanted = exponents_of(node), exponents_of(formula)
    if any(held.get(base, 0) * count <= 0 or abs(held[base]) < abs(count)
           for base, count in wanted.items()):  # fmt: skip
        return None
    rest = [power(base, Number(count - wanted.get(base, 0))) for base, count in held.items()]
    return multiply(Number(node.coefficient / formula.coefficient), OWN, *rest)
