"""Simplifying where a person would, and never by blowing up.

A product is written out only where something cancels: a divisor of one factor meets itself in
another, as in p(-y/p + 1) = p - y and h(1 - h)((1 - y)/(1 - h) - y/h) = h - y. Of the forms met
the shortest is kept.
"""

from __future__ import annotations

from symprop.derivation.parts import kind_of
from symprop.expression.algebra import (
    add,
    apply,
    filled,
    multiply,
    power,
    scale,
    split_coefficient,
)
from symprop.expression.contents import marks_of, roles
from symprop.expression.nodes import Apply, Leaf, Node, Number, Power, Product, Sum, operations
from symprop.expression.shapes import common_shape
from symprop.functions.piecewise import absolute, sign

_TIDIED = marks_of(Sum, Apply)
TERM_LIMIT = 32
"""Written-out forms of more terms than this are not tried."""


def tidy(node: Node) -> Node:
    """`node`, or an equal and shorter form in which divisors have cancelled."""
    if not node.marks & _TIDIED:
        return node
    if isinstance(node, Product):
        reciprocal = _sign_over_absolute(node)
        return _cancelled(node) if reciprocal is None else tidy(reciprocal)
    if isinstance(node, Sum) and len(node.children) <= TERM_LIMIT:
        terms = add(*map(tidy, node.children))
        shorter = shortest(terms, expanded(terms)) if _may_cancel(terms) else terms
        return with_common_scalars(shorter)
    return node


def _sign_over_absolute(node: Product) -> Node | None:
    """sign(u)/|u| = 1/u, so that log|u| has the derivative 1/u; None where there is none."""
    for index, factor in enumerate(node.children):
        if isinstance(factor, Apply) and factor.entry is sign:
            (u,) = factor.children
            size = apply(absolute, u)
            if _exponents(node).get(size, 1) < 0:
                others = [*node.children[:index], *node.children[index + 1 :]]
                return multiply(Number(node.coefficient), *others, size, power(u, Number(-1)))
    return None


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
            inner = with_common_scalars(shortest(written, expanded(written)))
            return multiply(Number(sign * node.coefficient), *before, inner, *after)
        inner = shortest(bracket, expanded(bracket)) if _may_cancel(bracket) else bracket
        if inner is not bracket:
            return tidy(multiply(Number(node.coefficient), *others, filled(inner, node.shape)))
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


def _meets(factor: Node, bracket: Node) -> bool:
    """Whether a factor and a term in the bracket, or in a bracket of the term, hold one base.

    One of them holds it as a divisor.
    """
    ((base, sign),) = _exponents(factor).items()
    for term in bracket.children:
        exponents = _exponents(split_coefficient(term)[1])
        if sign * exponents.get(base, 0) < 0:
            return True
        if any(isinstance(inner, Sum) and _meets(factor, inner) for inner in exponents):
            return True
    return False


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


def with_common_scalars(node: Node) -> Node:
    """p/n - y/n as (p - y)/n: scalars that all terms share are taken out.

    Terms that are averaged in different ways stay apart.
    """
    if not isinstance(node, Sum) or len({kind_of(term) for term in node.children}) > 1:
        return node
    terms = [split_coefficient(term) for term in node.children]
    factors = [set(rest.children if isinstance(rest, Product) else (rest,)) for _, rest in terms]
    first = terms[0][1]
    common = [
        factor
        for factor in (first.children if isinstance(first, Product) else (first,))
        if all(factor in others for others in factors)
        and not (factor.shape or isinstance(factor, Number))
        and (is_fixed(factor) or _is_column(node))
    ]
    if not common:
        return node
    divided = [power(factor, Number(-1)) for factor in common]
    rest = add(*(multiply(term, *divided) for term in node.children))
    return filled(multiply(*common, rest), node.shape)


def is_fixed(factor: Node) -> bool:
    """Whether a scalar is made of sizes, weights and hyperparameters, the same for every sample."""
    return roles(factor) <= {"weight", "hyperparameter"}


def _is_column(node: Node) -> bool:
    """Not so a matrix: d*(x y' + y x') would be an outer product of each sample, then summed."""
    return 1 in node.shape
