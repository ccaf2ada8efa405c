"""Logarithms and exponents in forms that do not over- or underflow, through step names.

    log(sigmoid(u)) = -softplus(-u)          log(1 - sigmoid(u)) = -softplus(u)
    log(softmax(z)) = log_softmax(z)         log(1 - softmax(z)) = log_complement_softmax(z)
    log(sum(exp(z))) = logsumexp(z)          log(softplus(u))    = log_softplus(u)
    log(1 - tanh(u)) = log(2) - softplus(2u)
    log(det(A))     = logdet(A)              log|det(A)|         = logabsdet(A)

A form is None where there is nothing better.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from symprop.expression.algebra import (
    ONE,
    ZERO,
    add,
    along,
    apply,
    scale,
    split_coefficient,
)
from symprop.expression.calls import read_formula
from symprop.expression.matrices import of_matrix
from symprop.expression.nodes import (
    Along,
    Apply,
    Leaf,
    Node,
    Number,
    OfMatrix,
    Power,
    Product,
    Sum,
    Total,
)
from symprop.functions.activations import log_softplus, softplus, tanh
from symprop.functions.elementary import exp, log
from symprop.functions.matrices import determinant, logabsdet, logdet
from symprop.functions.piecewise import absolute
from symprop.functions.softmax import log_complement_softmax, log_softmax, logsumexp, softmax

TERM_LIMIT = 32
"""Sums and products of more exponentials than this are left as they are."""


class Logarithms:
    """The logarithms of expressions of a network; `definitions` gives what is behind a step."""

    def __init__(self, definitions: Mapping[str, Node]) -> None:
        self._definitions = definitions
        self._sums: dict[Node, list[Node] | None] = {}
        self._logs: dict[Node, Node | None] = {}
        for name, node in definitions.items():  # in order, so that no name is followed far
            leaf = Leaf(name, node.shape, "step")
            self._sums[leaf] = self.exponents(node)
            if isinstance(node, Power | Product):
                self._logs[leaf] = self.of(node)

    def behind(self, node: Node) -> Node:
        """What a name stands for; anything else is itself."""
        seen = node
        while isinstance(seen, Leaf) and seen.name in self._definitions:
            seen = self._definitions[seen.name]
        return seen

    def of(self, node: Node, first: Collection[Node] = ()) -> Node | None:
        """log(node) in a stable form, or None where there is nothing better.

        Of a sum of exponentials, the exponents in `first` are taken first: they will cancel.
        """
        if node in self._logs:
            return self._logs[node]
        inner = self.behind(node)
        if isinstance(inner, Apply) and inner.entry.name in log.stable:
            return read_formula(log.stable[inner.entry.name], u=inner.children[0])
        if isinstance(inner, Apply) and inner.entry is log:
            positive = self.of(inner.children[0])
            return None if positive is None else self._log_softplus(positive)
        if isinstance(inner, Along) and inner.entry is softmax:
            return along(log_softmax, inner.children[0], inner.axis)
        if isinstance(inner, Sum):
            return self.of_complement(inner) or self._log_sum(inner, first)
        if isinstance(inner, Total):
            return self._log_sum(inner, first)
        if isinstance(inner, Power) and isinstance(inner.exponent, Number):
            found = self.of(inner.base, first)
            return None if found is None else times(inner.exponent.value, found)
        if isinstance(inner, Product) and inner.coefficient > 0:
            return self._log_product(inner)
        return None

    @staticmethod
    def _log_softplus(node: Node) -> Node | None:
        """log(softplus(u)), where `node` is that."""
        is_softplus = isinstance(node, Apply) and node.entry is softplus
        return apply(log_softplus, *node.children) if is_softplus else None

    def of_determinant(self, node: Node) -> Node | None:
        """log(det(A)) and log|det(A)|, which neither over- nor underflow."""
        inner = self.behind(node)
        entry = logdet
        if isinstance(inner, Apply) and inner.entry is absolute:
            inner, entry = self.behind(inner.children[0]), logabsdet
        if isinstance(inner, OfMatrix) and inner.entry is determinant:
            return of_matrix(entry, inner.children[0])
        return None

    def _log_product(self, node: Product) -> Node | None:
        numerators = {u for factor in node.children for u in self.exponent(factor)}
        logs = [self.of(factor, numerators) for factor in node.children]
        if None in logs or len(logs) > TERM_LIMIT:
            return None
        return add(*(found for found in logs if found is not None), log_number(node.coefficient))

    def of_complement(self, node: Sum) -> Node | None:
        """log(1 - sigmoid(u)) = -softplus(u), the sigmoid by name or spelt out; and its like."""
        if (found := self._log_hyperbolic(node)) is not None:
            return found
        rest = add(ONE, times(-1, node))
        inner = self.behind(rest)
        if isinstance(inner, Along) and inner.entry is softmax:
            return along(log_complement_softmax, inner.children[0], inner.axis)
        if isinstance(rest, Sum):
            found = self._log_hyperbolic(rest)
        elif not isinstance(rest, Number):
            found = self.of(rest)
        negative = None if found is None else times(-1, found)
        if isinstance(negative, Apply) and negative.entry is softplus:
            return scale(-1, apply(softplus, times(-1, negative.children[0])))
        return None

    def _log_hyperbolic(self, node: Sum) -> Node | None:
        """log(c - c*tanh(u)) = log(2c) - softplus(2u); log(c - c*tanh(u)**2) from two of them."""
        numbers = [term.value for term in node.children if isinstance(term, Number)]
        if len(node.children) != 2 or not numbers or numbers[0] <= 0:
            return None
        sign, inner = split_coefficient(add(ONE, times(-1 / numbers[0], node)))
        squared = isinstance(inner, Power) and inner.exponent == Number(2) and sign == 1
        tangent = self.behind(inner.children[0] if squared else inner)
        if not (isinstance(tangent, Apply) and tangent.entry is tanh and abs(sign) == 1):
            return None
        double = times(2 * sign, tangent.children[0])
        found = [apply(softplus, double), *([apply(softplus, times(-1, double))] * squared)]
        scaled = log_number(numbers[0] * 2 ** len(found))
        return add(scaled, *(scale(-1, term) for term in found))

    def _log_sum(self, node: Node, first: Collection[Node]) -> Node | None:
        """log(exp(u) + exp(v) + ...), a number 1 standing for exp(0)."""
        exponents = self.exponents(node)
        if exponents is None:
            return None
        ordered = sorted(exponents, key=lambda u: (u not in first, u != ZERO))
        result = ordered[0]
        for exponent in ordered[1:]:
            result = add(result, apply(softplus, add(exponent, times(-1, result))))
        return result

    def exponent(self, node: Node) -> list[Node]:
        """The u of exp(u)."""
        inner = self.behind(node)
        is_exp = isinstance(inner, Apply) and inner.entry is exp
        return [inner.children[0]] if is_exp else []

    def exponents(self, node: Node) -> list[Node] | None:
        """The u, v, ... of exp(u) + exp(v) + ..., or None for any other expression."""
        if node in self._sums:
            return self._sums[node]
        inner = self.behind(node)
        if isinstance(inner, Total):
            summand = self.behind(inner.children[0])
            if isinstance(summand, Apply) and summand.entry is exp:
                (exponents,) = summand.children
                if inner.axis is None and 1 not in summand.shape:
                    return [along(logsumexp, along(logsumexp, exponents, 0), 1)]
                axis = inner.axis if inner.axis is not None else int(summand.shape[0] == 1)
                return [along(logsumexp, exponents, axis)]
            return None
        if inner == ONE:
            return [Number(0)]
        if isinstance(inner, Product) and inner.coefficient > 0 and len(inner.children) == 1:
            shift = apply(log, Number(inner.coefficient))
            return [add(u, shift) for u in self.exponent(inner.children[0])] or None
        if self.exponent(inner):
            return self.exponent(inner)
        if isinstance(inner, Sum):
            parts = [self.exponents(term) for term in inner.children]
            flat = [u for part in parts for u in part or ()]
            return None if None in parts or len(flat) > TERM_LIMIT else flat
        return None


def log_number(value: Fraction | float) -> Node:
    """log(value); log(1/2) is -log(2), so that the two cancel."""
    if value < 1:
        return scale(-1, log_number(1 / value))
    return ZERO if value == 1 else apply(log, Number(value))


def times(number: Fraction | float | int, node: Node) -> Node:
    """A number times every term of a sum, so that equal terms meet and cancel."""
    terms = node.children if isinstance(node, Sum) else (node,)
    return add(*(scale(number, term) for term in terms))
