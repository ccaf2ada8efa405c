"""Folding values back into derivatives: sigma(a)(1 - sigma(a)) is f(1 - f) where f is the step.

Two ways. The value of the step itself is replaced by its name wherever it stands whole. A quotient
that is a step, such as exp(u)/(exp(u) + exp(v)), is found inside longer products as well.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symprop.expression.algebra import multiply, power
from symprop.expression.nodes import Leaf, Node, Number, Power, Product, Sum, transform
from symprop.network import Network, Step

Fold = Callable[[Node], Node]
Exponents = dict[Node, Fraction]


class Folding:
    """What can be folded in the derivatives of a network."""

    def __init__(self, network: Network) -> None:
        self._quotients: dict[Node, list[tuple[Exponents, Leaf]]] = {}
        self._complements: dict[Node, Node] = {}
        for step in network.steps.values():
            if _is_complement(step.node):
                self._complements[step.node] = step.leaf
            exponents = exponents_of(step.node)
            for base, exponent in (exponents or {}).items():
                if exponents and exponent < 0 and not isinstance(base, Leaf):
                    self._quotients.setdefault(base, []).append((exponents, step.leaf))

    def of(self, step: Step) -> Fold:
        """Folds the derivatives of one step."""
        names = own_value(step) | self._complements

        def fold(node: Node) -> Node:
            folded = transform(node, names.get)
            return transform(folded, self._in_product) if self._quotients else folded

        return fold

    def _in_product(self, node: Node) -> Node | None:
        if not isinstance(node, Product):
            return None
        exponents = exponents_of(node, whole=False)
        if not exponents:
            return None
        found: list[Leaf] = []
        for base, exponent in list(exponents.items()):
            for wanted, leaf in self._quotients.get(base, []) if exponent < 0 else ():
                while _contains(exponents, wanted):
                    found.append(leaf)
                    for factor, count in wanted.items():
                        exponents[factor] -= count
        if not found:
            return None
        rest = [power(base, Number(exponent)) for base, exponent in exponents.items() if exponent]
        return multiply(Number(node.coefficient), *rest, *found)


def own_value(step: Step) -> dict[Node, Node]:
    """The name of a step for its value, and one over it for a root in a divisor."""
    if isinstance(step.node, Leaf | Sum | Number):
        return {}
    names: dict[Node, Node] = {step.node: step.leaf}
    if isinstance(step.node, Power) and step.node.exponent == Number(Fraction(1, 2)):
        inverse = Number(-1)
        names[power(step.node, inverse)] = power(step.leaf, inverse)
        names[power(step.node.base, Number(Fraction(-1, 2)))] = power(step.leaf, inverse)
    return names


def exponents_of(node: Node, *, whole: bool = True) -> Exponents | None:
    """The bases of a product and their exponents; `whole` refuses a coefficient but 1."""
    if not isinstance(node, Product) or (whole and node.coefficient != 1):
        return None
    exponents: Exponents = {}
    for factor in node.children:
        if isinstance(factor, Power) and isinstance(factor.exponent, Number):
            exponents[factor.base] = Fraction(factor.exponent.value)
        else:
            exponents[factor] = Fraction(1)
    return exponents


def _contains(exponents: Exponents, wanted: Exponents) -> bool:
    """Whether a product holds all factors of another one."""
    return all(
        exponents.get(base, Fraction(0)) * count > 0 and abs(exponents[base]) >= abs(count)
        for base, count in wanted.items()
    )


def _is_complement(node: Node) -> bool:
    """1 - p."""
    return isinstance(node, Sum) and len(node.children) == 2 and node.children[0] == Number(1)
