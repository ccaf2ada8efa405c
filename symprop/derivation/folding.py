"""Folding values back into derivatives: sigma(a)(1 - sigma(a)) is f(1 - f) where f is the step.

Two ways. The value of the step itself is replaced by its name wherever it stands whole. A quotient
that is a step, such as exp(u)/(exp(u) + exp(v)), is found inside longer products as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeGuard

from symprop.expression.algebra import ONE, multiply, power, split_coefficient, subtract
from symprop.expression.nodes import Leaf, Node, Number, Power, Product, Sum
from symprop.expression.rewriting import transform
from symprop.network import Step

Fold = Callable[[Node], Node]
Exponents = dict[Node, Fraction]


class Folding:
    """What can be folded in the derivatives of steps, given by name."""

    def __init__(self, steps: Mapping[str, Step]) -> None:
        self._quotients: dict[Node, list[tuple[Exponents, Node]]] = {}
        self._complements: dict[Node, Node] = {}
        for step in steps.values():
            if _is_complement(step.node):
                self._complements[step.node] = step.leaf
            exponents = exponents_of(step.node) if _is_quotient(step.node) else {}
            for base, exponent in exponents.items():
                value = steps[base.name].node if _is_step(base) else base
                if exponent < 0 and not isinstance(value, Leaf):
                    self._add(base, value, exponents, step.leaf)
        for found in self._quotients.values():
            found.sort(key=lambda pattern: (-len(pattern[0]), not isinstance(pattern[1], Leaf)))

    def _add(self, divisor: Node, value: Node, exponents: Exponents, name: Leaf) -> None:
        """The quotient p = a/(a + b), and what is left of 1 beside it: b/(a + b) = 1 - p."""
        patterns = self._quotients.setdefault(divisor, [])
        patterns.append((exponents, name))
        if exponents[divisor] != -1 or not isinstance(value, Sum):
            return
        above = [power(base, Number(e)) for base, e in exponents.items() if base is not divisor]
        rest = subtract(value, multiply(*above))
        number, _ = split_coefficient(rest)
        if not isinstance(rest, Sum) and number != 0:  # of p = a/(a + c*b): b/(a + c*b) = (1 - p)/c
            found = multiply(Number(1 / number), subtract(ONE, name))
            patterns.append((exponents_of(rest) | {divisor: Fraction(-1)}, found))

    def of(self, step: Step) -> Fold:
        """Folds the derivatives of one step."""
        own = own_value(step)

        def fold(node: Node) -> Node:
            folded = transform(node, own.get) if own else node
            if self._complements:
                folded = transform(folded, self._complements.get)
            if not self._quotients:
                return folded
            return transform(transform(folded, self._in_product), self._complements.get)

        return fold

    def _in_product(self, node: Node) -> Node | None:
        if not isinstance(node, Product):
            return None
        exponents = exponents_of(node)
        found: list[Node] = []
        for base, exponent in list(exponents.items()):
            for wanted, name in self._quotients.get(base, []) if exponent < 0 else ():
                while _contains(exponents, wanted):
                    found.append(name)
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


def _is_step(node: Node) -> TypeGuard[Leaf]:
    return isinstance(node, Leaf) and node.role == "step"


def _is_quotient(node: Node) -> bool:
    return isinstance(node, Power) or (isinstance(node, Product) and node.coefficient == 1)


def exponents_of(node: Node) -> Exponents:
    """The bases of a product, its number aside, and their exponents."""
    exponents: Exponents = {}
    for factor in node.children if isinstance(node, Product) else (node,):
        if isinstance(factor, Power) and isinstance(factor.exponent, Number):
            exponents[factor.base] = Fraction(factor.exponent.value)
        elif not isinstance(factor, Number):
            exponents[factor] = Fraction(1)
    return exponents


def divides_by(gradient: Node, value: Node) -> bool:
    """Whether a gradient, or a term of it, has `value` as a divisor.

    The derivative of what makes the value, such as p(1 - p), will cancel it.
    """
    terms = (gradient, *gradient.children)
    return any(exponents_of(term).get(value, 1) < 0 for term in terms)


def _contains(exponents: Exponents, wanted: Exponents) -> bool:
    """Whether a product holds all factors of another one."""
    return all(
        exponents.get(base, Fraction(0)) * count > 0 and abs(exponents[base]) >= abs(count)
        for base, count in wanted.items()
    )


def _is_complement(node: Node) -> bool:
    """1 - p."""
    return isinstance(node, Sum) and len(node.children) == 2 and node.children[0] == Number(1)
