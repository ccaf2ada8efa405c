"""The gradient of log(1 - p) by z, p = softmax(z), where one entry of p takes all.

Derived as it stands, with c./(1 - p) as the gradient by p, it is

    p.*c./(1 - p) - p.*total(p.*c./(1 - p))

and divides by 0 where an entry of p is 1. The vocabulary has a form of it that does not.
"""

from __future__ import annotations

from collections.abc import Callable

from symprop.derivation.rules import pull
from symprop.derivation.simplification import expanded
from symprop.expression.algebra import ONE, add, along, filled, multiply, power, subtract, total
from symprop.expression.nodes import (
    Along,
    MatMul,
    Node,
    Number,
    Ones,
    Product,
    Sum,
    Total,
    walk,
)
from symprop.expression.rewriting import substitute
from symprop.functions.softmax import log_complement_softmax, softmax

Behind = Callable[[Node], Node]


def without_complement(node: Sum | Product, behind: Behind) -> Node | None:
    """`node` in a form that does not divide by 1 - p, or None where it is no such gradient.

    `behind` gives what a name stands for.
    """
    for p in dict.fromkeys(factor for term in _terms(node) for factor in _factors(term)):
        made = behind(p)
        if isinstance(made, Along) and made.entry is softmax:
            found = _Gradient(p, made).without_complement(node)
            if found is not None:
                return found
    return None


class _Gradient:
    """The terms of a gradient that goes through p, the value of `made`."""

    def __init__(self, p: Node, made: Along) -> None:
        self.p, self.made = p, made
        self.divisor = power(subtract(ONE, p), Number(-1))
        self.c: list[Node] = []
        self.c_of_total: list[Node] = []
        self.others: list[Node] = []

    def without_complement(self, node: Sum | Product) -> Node | None:
        if self.divisor not in walk(node):
            return None
        written = expanded(node)
        for term in [] if written is None else _terms(written):
            self._sort(term)
        if not self.c or not _is_zero(add(*self.c, *self.c_of_total)):
            return None
        (argument,) = self.made.children
        logarithm = along(log_complement_softmax, argument, self.made.axis)
        g = filled(multiply(Number(-1), add(*self.c)), self.p.shape)
        ((_, gradient),) = pull(logarithm, g, logarithm)
        return add(*self.others, gradient)

    def _sort(self, term: Node) -> None:
        """Put c of p.*c./(1 - p) with its like, c of p.*total(...) with its like."""
        for factor in _factors(term):
            inside = _repeated(factor)
            outside = multiply(term, power(factor, Number(-1)))
            if isinstance(inside, Sum) and factor != inside:
                for part in inside.children:
                    one = substitute(factor, {inside: filled(part, inside.shape)})
                    self._sort(multiply(outside, one))
                return
            if isinstance(inside, Total):
                self._sort_total(outside, factor, inside)
                return
        if self._is_odds(term):
            self.c.append(self._over_odds(term))
        else:
            self.others.append(term)

    def _sort_total(self, outside: Node, factor: Node, inside: Total) -> None:
        (argument,) = inside.children
        for part in _terms(expanded(argument) or argument):
            if self._is_odds(part) and self.p in _factors(outside):
                scaled = multiply(outside, power(self.p, Number(-1)))
                self.c_of_total.append(multiply(scaled, self._over_odds(part)))
            else:
                again = total(filled(part, argument.shape), inside.axis)
                self.others.append(multiply(outside, substitute(factor, {inside: again})))

    def _is_odds(self, term: Node) -> bool:
        """Whether `term` is a product with p./(1 - p)."""
        factors = _factors(term)
        return self.p in factors and self.divisor in factors

    def _over_odds(self, term: Node) -> Node:
        """`term` without its p./(1 - p)."""
        return multiply(term, power(self.p, Number(-1)), power(self.divisor, Number(-1)))


def _terms(node: Node) -> tuple[Node, ...]:
    return node.children if isinstance(node, Sum) else (node,)


def _factors(term: Node) -> tuple[Node, ...]:
    return term.children if isinstance(term, Product) else (term,)


def _repeated(factor: Node) -> Node:
    """What a factor repeats by a product with ones, or the factor itself."""
    parts = factor.children if isinstance(factor, MatMul) else (factor,)
    found = [part for part in parts if not isinstance(part, Ones)]
    return found[0] if len(found) == 1 else factor


def _is_zero(node: Node) -> bool:
    return node in (Number(0), filled(Number(0), node.shape))
