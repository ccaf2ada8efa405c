"""Simplifying where a person would, and never by blowing up.

A product is written out only where something cancels: a divisor of one factor meets itself in
another, as in p(-y/p + 1) = p - y and h(1 - h)((1 - y)/(1 - h) - y/h) = h - y. Of the forms met
the shortest is kept.
"""

from __future__ import annotations

from symprop.expression.algebra import add, filled, multiply, power, scale, split_coefficient
from symprop.expression.nodes import Leaf, Node, Number, Power, Product, Sum, operations
from symprop.expression.shapes import common_shape

TERM_LIMIT = 32
"""Written-out forms of more terms than this are not tried."""


def tidy(node: Node) -> Node:
    """`node`, or an equal and shorter form in which divisors have cancelled."""
    if isinstance(node, Product):
        return _cancelled(node)
    if isinstance(node, Sum) and len(node.children) <= TERM_LIMIT:
        terms = add(*map(tidy, node.children))
        return shortest(terms, expanded(terms)) if _may_cancel(terms) else terms
    return node


def _may_cancel(node: Node) -> bool:
    """Whether terms of a sum might cancel once a bracket in one of them is written out."""
    return isinstance(node, Sum) and 0 < sum(
        any(isinstance(factor, Sum) for factor in term.children)
        for term in node.children
        if isinstance(term, Product)
    )


def _cancelled(node: Product) -> Node:
    for index, bracket in enumerate(node.children):
        if not isinstance(bracket, Sum) or len(bracket.children) > TERM_LIMIT:
            continue
        others = [*node.children[:index], *node.children[index + 1 :]]
        meeting = [factor for factor in others if _meets(factor, bracket)]
        if meeting:
            sign = -1 if node.coefficient < 0 else 1
            terms = [tidy(scale(sign, multiply(*meeting, term))) for term in bracket.children]
            shape = common_shape((bracket, *meeting), "multiply")
            written = filled(add(*terms), shape)
            before = [factor for factor in node.children[:index] if factor not in meeting]
            after = [factor for factor in node.children[index + 1 :] if factor not in meeting]
            inner = shortest(written, expanded(written))
            return multiply(Number(sign * node.coefficient), *before, inner, *after)
    return node


def _exponents(node: Node) -> dict[Node, int]:
    """The sign of the exponent of every base in a product."""
    signs: dict[Node, int] = {}
    for factor in node.children if isinstance(node, Product) else (node,):
        if isinstance(factor, Power) and isinstance(factor.exponent, Number):
            signs[factor.base] = 1 if factor.exponent.value > 0 else -1
        else:
            signs[factor] = 1
    return signs


def _meets(factor: Node, bracket: Sum) -> bool:
    """Whether a factor and a term in the bracket hold one base, one of them as a divisor."""
    ((base, sign),) = _exponents(factor).items()
    return any(
        sign * _exponents(split_coefficient(term)[1]).get(base, 0) < 0 for term in bracket.children
    )


def shortest(*forms: Node | None) -> Node:
    """The form of fewest operations, the earlier of two equals."""
    return min((form for form in forms if form is not None), key=operations)


def expanded(node: Node) -> Node | None:
    """Every product of sums written out, or None where that makes more than TERM_LIMIT terms."""
    terms = _terms(node, {})
    return None if terms is None else filled(add(*terms), node.shape)


def _terms(node: Node, known: dict[Node, list[Node] | None]) -> list[Node] | None:
    if node not in known:
        known[node] = _written_out(node, known)
    return known[node]


def _written_out(node: Node, known: dict[Node, list[Node] | None]) -> list[Node] | None:
    if isinstance(node, Sum):
        flat: list[Node] = []
        for child in node.children:
            terms = _terms(child, known)
            if terms is None or len(flat) + len(terms) > TERM_LIMIT:
                return None
            flat.extend(terms)
        return flat
    factors = node.children if isinstance(node, Product) else ()
    if isinstance(node, Power) and isinstance(node.base, Sum) and node.exponent == Number(2):
        factors = (node.base, node.base)
    if not factors:
        return [node]
    written: list[Node] = [Number(node.coefficient if isinstance(node, Product) else 1)]
    for factor in factors:
        terms = _terms(factor, known)
        if terms is None or len(written) * len(terms) > TERM_LIMIT:
            return None
        written = [multiply(left, right) for left in written for right in terms]
    return written


def with_common_factor(node: Node) -> Node:
    """p - p**2 as p*(1 - p): what all terms of a short sum share is taken out."""
    if not isinstance(node, Sum) or len(node.children) > TERM_LIMIT:
        return node
    shared: dict[Node, Node] | None = None
    for term in node.children:
        powers = {
            factor.base if isinstance(factor, Power) else factor: factor
            for factor in (term.children if isinstance(term, Product) else (term,))
            if not isinstance(factor, Number)
        }
        if shared is None:
            shared = powers
        else:
            shared = {base: base for base in shared if base in powers}
    common = [base for base, factor in (shared or {}).items() if isinstance(base, Leaf)]
    if not common:
        return node
    inverse = multiply(*(power(base, Number(-1)) for base in common))
    rest = add(*(multiply(term, inverse) for term in node.children))
    return filled(multiply(*common, rest), node.shape)
