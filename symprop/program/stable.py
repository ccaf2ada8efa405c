"""Forms that do not overflow, found through step names before anything is lowered.

    log(sigmoid(u)) = -softplus(-u), and so for every logarithm of `logarithms`
    exp(u)/(exp(u) + exp(v)) = exp(u - logsumexp(u, v)), and so for every product with a power of
    a sum of exponentials, or of another value that may vanish
    log(1 + u) = log1p(u)      exp(u) - 1 = expm1(u)
    x/|x| = direction(x, |x|), which is 0 where x is 0

The value is the same; the code computes it this way instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symprop.expression.algebra import (
    ONE,
    add,
    apply,
    divisor_of,
    multiply,
    power,
    scale,
    split_coefficient,
)
from symprop.expression.contents import CALLS, holds
from symprop.expression.definition import opened
from symprop.expression.nodes import (
    Along,
    Apply,
    Leaf,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Total,
    leaves,
)
from symprop.expression.rewriting import transform
from symprop.functions.activations import sigmoid, softplus
from symprop.functions.elementary import exp, expm1, log, log1p
from symprop.functions.piecewise import direction
from symprop.functions.softmax import softmax
from symprop.program.complement import without_complement
from symprop.program.logarithms import Logarithms, times

HALF = Number(Fraction(1, 2))


@dataclass(frozen=True)
class Rewriting:
    """A part of an expression, and what is computed in its place."""

    before: Node
    after: Node


class Stable:
    """Rewrites expressions of a network; `definitions` gives the expression behind a step.

    A user's own functions are replaced by their formulas, which have their own stable forms.
    """

    def __init__(self, definitions: Mapping[str, Node]) -> None:
        self._logs = Logarithms({name: opened(node) for name, node in definitions.items()})
        self._telling = {
            name
            for name, node in definitions.items()
            if self._tells(self._logs.behind(Leaf(name, node.shape, "step")))
        }

    def rewrite(self, node: Node) -> Node:
        """An equal expression that does not overflow where `node` would."""
        return node if self._is_quiet(node) else self._rewritten(opened(node))

    @staticmethod
    def _tells(node: Node) -> bool:
        """Whether there are rules for what stands beside `node`: an exponential or a softmax."""
        return isinstance(node, (Apply, Along)) and node.entry in (exp, softmax)

    def _is_quiet(self, node: Node) -> bool:
        """Whether there is no rule for any part of `node`: no call, no divisor, no exponential."""
        if holds(node, Power, *CALLS):
            return False
        return not self._telling or self._telling.isdisjoint(leaf.name for leaf in leaves(node))

    def _is_plain(self, node: Node) -> bool:
        """Whether a node is a product of names, none of an exponential: no rule is for those."""
        factors = node.children if isinstance(node, Product) else (node,)
        return all(isinstance(f, Leaf) and not self._logs.exponent(f) for f in factors)

    def rewritings(self, node: Node) -> tuple[Rewriting, ...]:
        """What `rewrite` replaces in an expression, the outermost parts."""
        found: dict[Node, Rewriting] = {}

        def record(part: Node) -> Node | None:
            after = self._rule(part)
            if after is not None:
                found[part] = Rewriting(part, after)
            return after

        transform(opened(node), record)
        return tuple(found.values())

    def _rewritten(self, node: Node) -> Node:
        return transform(node, self._rule)

    def _rule(self, node: Node) -> Node | None:
        """What is computed in the place of `node`; None where nothing is better."""
        found = self._form(node)
        return None if found is None else self._rewritten(found)

    def _form(self, node: Node) -> Node | None:
        """The form by the rules above, parts of which may have better forms in their turn."""
        if isinstance(node, Apply) and node.entry is log:
            (argument,) = node.children
            return (
                self._logs.of_determinant(argument)
                or self._logs.of(argument)
                or _log_near_1(argument)
            )
        if isinstance(node, Sum):
            return without_complement(node, self._logs.behind) or _exp_less_1(node)
        if isinstance(node, Product):
            if self._is_plain(node):
                return None
            return (
                without_complement(node, self._logs.behind)
                or self._exponential(node)
                or self._direction(node)
            )
        return self._exponential(node) if isinstance(node, Power) else None

    def _exponential(self, node: Power | Product) -> Node | None:
        """A product in which an exponential may overflow while another factor vanishes, as one.

        That is the case where a sum of exponentials divides, or where an exponential multiplies
        a sigmoid, a softmax or a quotient of exponentials.
        """
        factors = node.children if isinstance(node, Product) else (node,)
        numerators = {u for factor in factors for u in self._logs.exponent(factor)}
        if not numerators and not any(isinstance(factor, (Power, Sum)) for factor in factors):
            return None
        rest: list[Node] = [Number(node.coefficient) if isinstance(node, Product) else ONE]
        exponent: list[Node] = []
        vanishes = False
        for factor in factors:
            found = None if isinstance(factor, Number) else self._logs.of(factor, numerators)
            if found is None:
                rest.append(factor)
                continue
            exponent.append(found)
            vanishes = vanishes or not self._logs.exponent(factor)
        divides = any(self._divides_by_sum(factor) for factor in factors)
        divides = divides or (len(exponent) > 1 and any(map(self._divides_by_vanishing, factors)))
        brackets = [factor for factor in rest if isinstance(factor, Sum)]
        inside = (f for b in brackets for term in b.children for f in _factors(term))
        divides = divides or (bool(exponent) and any(map(self._divides_by_vanishing, inside)))
        vanishes = vanishes or any(self._may_meet(t) for b in brackets for t in b.children)
        if not divides and not (numerators and vanishes):
            return None
        for factor in rest:
            if isinstance(factor, Sum) and any(map(self._may_meet, factor.children)):
                others = [other for other in factors if other is not factor]
                return add(*(multiply(rest[0], *others, term) for term in factor.children))
        return multiply(*rest, _exp(add(*exponent)))

    def _direction(self, node: Product) -> Node | None:
        """x/|x| in a product, 0 where x is 0 and not 0/0."""
        for factor in node.children:
            length = self._length(factor)
            if length is None:
                continue
            vector, norm = length
            if vector in node.children:
                others = [other for other in node.children if other not in (factor, vector)]
                unit = apply(direction, vector, norm)
                return multiply(Number(node.coefficient), *others, unit)
        for bracket in node.children:
            if isinstance(bracket, Sum) and self._divides_by_length(bracket, node.children):
                others = [other for other in node.children if other is not bracket]
                front = multiply(Number(node.coefficient), *others)
                return add(*(multiply(front, term) for term in bracket.children))
        return None

    def _divides_by_length(self, bracket: Sum, beside: Collection[Node]) -> bool:
        """Whether a term divides by the length of a vector that stands beside the bracket."""
        lengths = (self._length(f) for term in bracket.children for f in _factors(term))
        return any(length is not None and length[0] in beside for length in lengths)

    def _length(self, factor: Node) -> tuple[Node, Node] | None:
        """The x and |x| of 1/|x|, where |x| = sqrt(total(x**2))."""
        divisor = divisor_of(factor)
        root = None if divisor is None else self._logs.behind(divisor)
        if divisor is None or not isinstance(root, Power) or root.exponent != HALF:
            return None
        squares = self._logs.behind(root.base)
        if not isinstance(squares, Total) or not isinstance(squares.children[0], Power):
            return None
        vector, exponent = squares.children[0].children
        return (vector, divisor) if exponent == Number(2) else None

    def _may_meet(self, term: Node) -> bool:
        """Whether a term has a factor that an exponential in front of its bracket may meet."""
        return any(self._logs.of(f) is not None for f in _factors(term))

    def _divides_by_sum(self, factor: Node) -> bool:
        """Whether a factor is a negative power of a sum of exponentials."""
        return (
            isinstance(factor, Power)
            and isinstance(factor.exponent, Number)
            and factor.exponent.value < 0
            and not self._logs.exponent(factor.base)
            and self._logs.exponents(factor.base) is not None
        )

    def _divides_by_vanishing(self, factor: Node) -> bool:
        """Whether a factor is a negative power of what may vanish: softplus, 1 - tanh."""
        if not (isinstance(factor, Power) and isinstance(factor.exponent, Number)):
            return False
        inner = self._logs.behind(factor.base)
        if isinstance(inner, Sum):
            vanishes = self._logs.of_complement(inner) is not None
        else:
            vanishes = isinstance(inner, Apply) and inner.entry in (log, softplus)
        return vanishes and factor.exponent.value < 0 and self._logs.of(inner) is not None


def _factors(term: Node) -> list[Node]:
    """The factors of a term, its number aside."""
    rest = split_coefficient(term)[1]
    factors = rest.children if isinstance(rest, Product) else (rest,)
    return [factor for factor in factors if not isinstance(factor, Number)]


def _log_near_1(node: Node) -> Node | None:
    """log(1 + u) = log1p(u), for any other u than those above."""
    if not (isinstance(node, Sum) and ONE in node.children):
        return None
    return apply(log1p, add(*(term for term in node.children if term != ONE)))


def _exp_less_1(node: Sum) -> Node | None:
    """exp(u) - 1 = expm1(u), also several times over and among other terms."""
    numbers = [term for term in node.children if isinstance(term, Number)]
    for term in node.children:
        coefficient, inner = split_coefficient(term)
        is_exp = isinstance(inner, Apply) and inner.entry is exp
        if is_exp and numbers and numbers[0].value == -coefficient:
            others = [other for other in node.children if other not in (term, numbers[0])]
            return add(*others, scale(coefficient, apply(expm1, *inner.children)))
    return None


def _exp(exponent: Node) -> Node:
    """exp(exponent), by its name where it is the sigmoid: exp(-softplus(-u))."""
    numbers: list[Node] = []
    rest: list[Node] = []
    for term in exponent.children if isinstance(exponent, Sum) else (exponent,):
        count, inner = split_coefficient(term)
        is_log = isinstance(inner, Apply) and inner.entry is log and count == int(count)
        if is_log and isinstance(inner.children[0], Number):
            numbers.append(power(inner.children[0], Number(count)))
        else:
            rest.append(term)
    negative = times(-1, add(*rest))
    if isinstance(negative, Apply) and negative.entry is softplus:
        return multiply(*numbers, apply(sigmoid, times(-1, negative.children[0])))
    return multiply(*numbers, apply(exp, add(*rest)) if rest else ONE)
