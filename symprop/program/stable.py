"""Forms that do not overflow, found through step names before anything is lowered.

    log(sigmoid(u)) = -softplus(-u)          log(1 - sigmoid(u)) = -softplus(u)
    log(softmax(z)) = log_softmax(z)         log(sum(exp(z)))    = logsumexp(z)
    exp(u)/(exp(u) + exp(v)) = exp(u - logsumexp(u, v)), and so for every product with
    a power of a sum of exponentials.

The value is the same; the code computes it this way instead.
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
    multiply,
    scale,
    split_coefficient,
)
from symprop.expression.calls import read_formula
from symprop.expression.nodes import Along, Apply, Leaf, Node, Number, Power, Product, Sum, Total
from symprop.expression.rewriting import transform
from symprop.functions.activations import exp, log, sigmoid, softplus
from symprop.functions.reductions import log_softmax, logsumexp, softmax

TERM_LIMIT = 32
"""Sums and products of more exponentials than this are left as they are."""


class Stable:
    """Rewrites expressions of a network; `definitions` gives the expression behind a step."""

    def __init__(self, definitions: Mapping[str, Node]) -> None:
        self._definitions = definitions
        self._sums: dict[Node, list[Node] | None] = {}
        self._logs: dict[Node, Node | None] = {}
        for name, node in definitions.items():  # in order, so that no name is followed far
            leaf = Leaf(name, node.shape, "step")
            self._sums[leaf] = self._exponents(node)
            if isinstance(node, Power | Product):
                self._logs[leaf] = self._logarithm(node)

    def rewrite(self, node: Node) -> Node:
        """An equal expression that does not overflow where `node` would."""
        return transform(node, self._rule)

    def _rule(self, node: Node) -> Node | None:
        if isinstance(node, Apply) and node.entry is log:
            found = self._logarithm(node.children[0])
            return None if found is None else self.rewrite(found)
        if isinstance(node, Power | Product):
            found = self._exponential(node)
            return None if found is None else self.rewrite(found)
        return None

    def _behind(self, node: Node) -> Node:
        """What a name stands for; anything else is itself."""
        seen = node
        while isinstance(seen, Leaf) and seen.name in self._definitions:
            seen = self._definitions[seen.name]
        return seen

    def _logarithm(self, node: Node, first: Collection[Node] = ()) -> Node | None:
        """log(node) in a stable form, or None where there is nothing better.

        Of a sum of exponentials, the exponents in `first` are taken first: they will cancel.
        """
        if node in self._logs:
            return self._logs[node]
        inner = self._behind(node)
        if isinstance(inner, Apply) and inner.entry.name in log.stable:
            return read_formula(log.stable[inner.entry.name], u=inner.children[0])
        if isinstance(inner, Along) and inner.entry is softmax:
            return along(log_softmax, inner.children[0], inner.axis)
        if isinstance(inner, Sum):
            return self._log_complement(inner) or self._log_sum(inner, first)
        if isinstance(inner, Total):
            return self._log_sum(inner, first)
        if isinstance(inner, Power) and isinstance(inner.exponent, Number):
            found = self._logarithm(inner.base, first)
            return None if found is None else _times(inner.exponent.value, found)
        if isinstance(inner, Product) and inner.coefficient > 0:
            return self._log_product(inner)
        return None

    def _log_product(self, node: Product) -> Node | None:
        numerators = {u for factor in node.children for u in self._exponent(factor)}
        logs = [self._logarithm(factor, numerators) for factor in node.children]
        if None in logs or len(logs) > TERM_LIMIT:
            return None
        scale_log = [] if node.coefficient == 1 else [apply(log, Number(node.coefficient))]
        return add(*(found for found in logs if found is not None), *scale_log)

    def _log_complement(self, node: Sum) -> Node | None:
        """log(1 - sigmoid(u)) = -softplus(u), the sigmoid by name or spelt out."""
        rest = add(ONE, _times(-1, node))
        found = None if isinstance(rest, Sum | Number) else self._logarithm(rest)
        negative = None if found is None else _times(-1, found)
        if isinstance(negative, Apply) and negative.entry is softplus:
            return scale(-1, apply(softplus, _times(-1, negative.children[0])))
        return None

    def _log_sum(self, node: Node, first: Collection[Node]) -> Node | None:
        """log(exp(u) + exp(v) + ...), a number 1 standing for exp(0)."""
        exponents = self._exponents(node)
        if exponents is None:
            return None
        ordered = sorted(exponents, key=lambda u: (u not in first, u != ZERO))
        result = ordered[0]
        for exponent in ordered[1:]:
            result = add(result, apply(softplus, add(exponent, _times(-1, result))))
        return result

    def _exponent(self, node: Node) -> list[Node]:
        """The u of exp(u)."""
        inner = self._behind(node)
        is_exp = isinstance(inner, Apply) and inner.entry is exp
        return [inner.children[0]] if is_exp else []

    def _exponents(self, node: Node) -> list[Node] | None:
        """The u, v, ... of exp(u) + exp(v) + ..., or None for any other expression."""
        if node in self._sums:
            return self._sums[node]
        inner = self._behind(node)
        if isinstance(inner, Total):
            summand = self._behind(inner.children[0])
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
            return [add(u, shift) for u in self._exponent(inner.children[0])] or None
        if self._exponent(inner):
            return self._exponent(inner)
        if isinstance(inner, Sum):
            parts = [self._exponents(term) for term in inner.children]
            flat = [u for part in parts for u in part or ()]
            return None if None in parts or len(flat) > TERM_LIMIT else flat
        return None

    def _exponential(self, node: Power | Product) -> Node | None:
        """A product in which an exponential may overflow while another factor vanishes, as one.

        That is the case where a sum of exponentials divides, or where an exponential multiplies
        a sigmoid, a softmax or a quotient of exponentials.
        """
        factors = node.children if isinstance(node, Product) else (node,)
        numerators = {u for factor in factors for u in self._exponent(factor)}
        rest: list[Node] = [Number(node.coefficient) if isinstance(node, Product) else ONE]
        exponent: list[Node] = []
        vanishes = False
        for factor in factors:
            found = None if isinstance(factor, Number) else self._logarithm(factor, numerators)
            if found is None:
                rest.append(factor)
                continue
            exponent.append(found)
            vanishes = vanishes or not self._exponent(factor)
        divides = any(self._divides_by_sum(factor) for factor in factors)
        brackets = [factor for factor in rest if isinstance(factor, Sum)]
        vanishes = vanishes or any(self._may_meet(t) for b in brackets for t in b.children)
        if not divides and not (numerators and vanishes):
            return None
        for factor in rest:
            if isinstance(factor, Sum) and any(map(self._may_meet, factor.children)):
                others = [other for other in factors if other is not factor]
                return add(*(multiply(rest[0], *others, term) for term in factor.children))
        return multiply(*rest, _exp(add(*exponent)))

    def _may_meet(self, term: Node) -> bool:
        """Whether a term has a factor that an exponential in front of its bracket may meet."""
        rest = split_coefficient(term)[1]
        factors = rest.children if isinstance(rest, Product) else (rest,)
        return any(self._logarithm(f) is not None for f in factors if not isinstance(f, Number))

    def _divides_by_sum(self, factor: Node) -> bool:
        """Whether a factor is a negative power of a sum of exponentials."""
        return (
            isinstance(factor, Power)
            and isinstance(factor.exponent, Number)
            and factor.exponent.value < 0
            and not self._exponent(factor.base)
            and self._exponents(factor.base) is not None
        )


def _exp(exponent: Node) -> Node:
    """exp(exponent), by its name where it is the sigmoid: exp(-softplus(-u))."""
    negative = _times(-1, exponent)
    if isinstance(negative, Apply) and negative.entry is softplus:
        return apply(sigmoid, _times(-1, negative.children[0]))
    return apply(exp, exponent)


def _times(number: Fraction | float | int, node: Node) -> Node:
    """A number times every term of a sum, so that equal terms meet and cancel."""
    terms = node.children if isinstance(node, Sum) else (node,)
    return add(*(scale(number, term) for term in terms))
