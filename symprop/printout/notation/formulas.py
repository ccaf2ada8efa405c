"""The expressions of a document in mathematical notation."""

from __future__ import annotations

from functools import singledispatchmethod

from symprop.expression.nodes import Leaf, Node, Product, Sum, leaves
from symprop.printout.expressions import (
    ARGUMENT,
    VALUE,
    Added,
    Box,
    Chain,
    Equated,
    Expression,
    Gradient,
    IndexSum,
    Member,
    Rate,
    RateOf,
    Rule,
    ToDerive,
)
from symprop.printout.notation.expressions import SUM_SIGN, Notation
from symprop.printout.notation.factors import times_between
from symprop.printout.notation.markup import (
    EQUALS,
    MINUS,
    NEGATIVE,
    PARTIAL,
    PLUS,
    PRIME,
    TIMES,
    TOP,
    Digits,
    Fenced,
    Fraction,
    Framed,
    Hole,
    Letter,
    Markup,
    Row,
    Scripts,
    Sign,
    Styled,
    Words,
    bracketed,
    parts_of,
    row,
    with_superscript,
)
from symprop.printout.notation.names import Names
from symprop.printout.notation.numerals import magnitude
from symprop.printout.notation.reading import read_pattern

ELEMENT = Sign(r"\in", "∈", "relation")
REALS = Styled("mathbf", Letter("R", "R"))


class Formulas:
    """Makes notation of expressions; `ordinary`: derivatives are written with d."""

    def __init__(self, names: Names, ordinary: bool = False) -> None:
        self.names = names
        self.notation = Notation(names)
        self.d: Markup = Letter("d", "d") if ordinary else PARTIAL

    @singledispatchmethod
    def of(self, expression: Expression) -> Markup:
        """An expression in notation."""
        raise TypeError(type(expression).__name__)

    @of.register
    def _(self, expression: Node) -> Markup:
        return self.notation.of(expression)

    @of.register
    def _(self, expression: Rate) -> Markup:
        found = Fraction(self._d(expression.of), self._d(expression.by))
        if expression.direct:
            return Scripts(Fenced("", "|", found), Words("direct"))
        return with_superscript(bracketed(found), TOP) if expression.turned else found

    @of.register
    def _(self, expression: ToDerive) -> Markup:
        inside = Fenced("{", "}", self.notation.of(expression.node))
        return row(Fraction(self.d, self._d(expression.by)), inside)

    @of.register
    def _(self, expression: IndexSum) -> Markup:
        shown = [self.names.of(leaf) for leaf in expression.term]
        bare = [s.base for s in shown if isinstance(s, Scripts) and isinstance(s.sub, Digits)]
        if len(bare) < len(shown):
            return self.notation.of(expression.node)
        letter = self.names.free("ijklmn")
        index = Letter(letter, letter)
        factors = [part for base in bare for part in (TIMES, Scripts(base, index))]
        return row(Scripts(SUM_SIGN, index), *factors)

    @of.register
    def _(self, expression: RateOf) -> Markup:
        inside = self.of(expression.of)
        if isinstance(expression.of, Sum):
            inside = bracketed(inside)
        return Fraction(row(self.d, inside), self._d(expression.by))

    def _d(self, node: Node) -> Markup:
        """dL, or d(...) of an expression."""
        shown = self.notation.of(node)
        return row(self.d, shown if isinstance(node, Leaf) else bracketed(shown))

    @of.register
    def _(self, expression: Chain) -> Markup:
        return self._chain(expression.factors)

    def _chain(self, factors: tuple[Expression, ...]) -> Markup:
        parts: list[Markup] = []
        for index, factor in enumerate(factors):
            last = index == len(factors) - 1
            if isinstance(factor, Node):
                shown = self._factor(factor, first=index == 0, last=last)
            else:
                shown = self.of(factor)
                shown = bracketed(shown) if isinstance(factor, Added) else shown
            if parts:
                parts.append(times_between(parts[-1], shown))
            parts.append(shown)
        return row(*parts)

    def _factor(self, node: Node, *, first: bool, last: bool) -> Markup:
        positive = magnitude(node)
        flat = isinstance(positive, Product) and (first or positive is node)
        if flat or (first and positive is not node):
            shown = self.notation.of(positive)
            if isinstance(shown, Row) and isinstance(positive, Sum):
                shown = bracketed(shown)
            return row(NEGATIVE, shown) if positive is not node else shown
        return self.notation.factor(node, last=last)

    @of.register
    def _(self, expression: Added) -> Markup:
        parts: list[Markup] = []
        for index, term in enumerate(expression.terms):
            shown = self.of(term)
            if index and parts_of(shown)[0] == NEGATIVE:
                parts += [MINUS, *parts_of(shown)[1:]]
            else:
                parts += [PLUS, shown] if index else [shown]
        return row(*parts)

    @of.register
    def _(self, expression: Equated) -> Markup:
        return row(self.of(expression.left), EQUALS, self.of(expression.right))

    @of.register
    def _(self, expression: Box) -> Markup:
        name = None if expression.name is None else self.notation.of(expression.name)
        return Framed(self.of(expression.inside), name)

    @of.register
    def _(self, expression: Gradient) -> Markup:
        return row(Letter(r"\nabla", "∇"), self.notation.of(expression.by))

    @of.register
    def _(self, expression: Member) -> Markup:
        space = REALS
        shown: Markup = space
        if expression.shape:
            rows, columns = expression.shape
            shape = expression.shape if columns != 1 else (rows,)
            shown = Scripts(space, None, self.notation.shape(shape))
        return row(self.names.of(expression.leaf), ELEMENT, shown)

    @of.register
    def _(self, expression: Rule) -> Markup:
        head = function_head(expression.pattern) or Letter("f", "f")
        argument = bracketed(self.names.of(ARGUMENT))
        called = ARGUMENT in leaves(expression.derivative)
        names = Names()
        names.show(VALUE.name, row(head, argument) if called else head)
        left = row(with_superscript(head, PRIME), *([argument] if called else []))
        return row(left, EQUALS, Notation(names).of(expression.derivative))


def function_head(pattern: str) -> Markup | None:
    r"""The name of a function that is written with brackets, such as \sigma; else None."""
    parts = parts_of(read_pattern(pattern) or Hole())
    called = len(parts) == 2 and isinstance(parts[1], Fenced) and parts[1].inside == Hole()
    return parts[0] if called else None
