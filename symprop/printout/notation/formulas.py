"""The expressions of a document in mathematical notation."""

from __future__ import annotations

from functools import singledispatchmethod

from symprop.expression.entries import Entry
from symprop.expression.nodes import Leaf, Node, Product, Sum, leaves
from symprop.printout.expressions import (
    ARGUMENT,
    VALUE,
    Added,
    Asked,
    BatchMean,
    Blank,
    Box,
    ByCases,
    Chain,
    Counting,
    DifferenceQuotient,
    Dots,
    Drawn,
    Equated,
    Expression,
    Gradient,
    IndexSum,
    Member,
    Numeral,
    Numerals,
    OverIndices,
    PutIn,
    Rate,
    RateOf,
    Repeated,
    Rule,
    ToDerive,
)
from symprop.printout.notation.entries import cases_markup, summed_markup
from symprop.printout.notation.expressions import Notation
from symprop.printout.notation.factors import times_between
from symprop.printout.notation.markup import (
    COMMA,
    EQUALS,
    MINUS,
    NEGATIVE,
    PARTIAL,
    PLUS,
    PRIME,
    SUM_SIGN,
    TIMES,
    TOP,
    Digits,
    Fenced,
    Fraction,
    Framed,
    Gap,
    Letter,
    Markup,
    Row,
    Scripts,
    Sign,
    Space,
    Styled,
    Words,
    bracketed,
    parts_of,
    row,
    with_subscript,
    with_superscript,
)
from symprop.printout.notation.names import Names
from symprop.printout.notation.numbers import numeral_markup, put_in
from symprop.printout.notation.numerals import magnitude, number_markup
from symprop.printout.notation.patterns import function_head
from symprop.printout.notation.precedence import BIG
from symprop.printout.notation.quotients import QUOTIENTS

ELEMENT = Sign(r"\in", "∈", "relation")
REALS = Styled("mathbf", Letter("R", "R"))
DOTS = Sign(r"\cdots", "\u22ef", "binary")
LISTED = Sign(r"\dots", "\u2026", "plain")
SIMILAR = Sign(r"\sim", "\u223c", "relation")
THIN = Space(r"\,", 0.17)
NORMAL = Styled("mathcal", Letter("N", "N"))


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
        given = isinstance(expression.by, Leaf) and expression.by.role in ("input", "target")
        d = PARTIAL if given else self.d  # what is given varies beside the only weight
        found = Fraction(self._d(expression.of, d), self._d(expression.by, d))
        if expression.direct:
            return Scripts(Fenced("", "|", found), Words("direct"))
        return with_superscript(bracketed(found), TOP) if expression.turned else found

    @of.register
    def _(self, expression: ToDerive) -> Markup:
        inside = Fenced("{", "}", self.notation.of(expression.node))
        return row(Fraction(self.d, self._d(expression.by)), inside)

    @of.register
    def _(self, expression: IndexSum) -> Markup:
        letter = self.names.free("ijklmn")
        index = Letter(letter, letter)
        shown = [
            _with_index(self.names.of(leaf), str(expression.first), index)
            for leaf in expression.term
        ]
        factors = [part for found in shown if found is not None for part in (TIMES, found)]
        if len(factors) < 2 * len(shown):
            return self.notation.of(expression.node)
        return row(Scripts(SUM_SIGN, index), *factors)

    @of.register
    def _(self, expression: RateOf) -> Markup:
        inside = self.of(expression.of)
        if not _may_follow_d(expression.of):
            inside = bracketed(inside)
        return Fraction(row(self.d, inside), self._d(expression.by))

    def _d(self, node: Node, d: Markup | None = None) -> Markup:
        """dL, or d(...) of an expression."""
        shown = self.notation.of(node)
        return row(d or self.d, shown if isinstance(node, Leaf | Entry) else bracketed(shown))

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
            if parts and DOTS not in (parts[-1], shown):
                parts.append(times_between(parts[-1], shown))
            parts.append(shown)
        return row(*parts)

    @of.register
    def _(self, expression: OverIndices) -> Markup:
        inside = self.of(expression.inside)
        if not expression.indices:
            return inside
        if isinstance(expression.inside, Node):
            inside = self.notation.within(expression.inside, BIG)
        return summed_markup(self.notation, expression.indices, inside)

    @of.register
    def _(self, expression: ByCases) -> Markup:
        return cases_markup(self.notation, expression.rows)

    @of.register
    def _(self, expression: Dots) -> Markup:
        return DOTS

    @of.register
    def _(self, expression: Repeated) -> Markup:
        counting = expression.counting
        below = row(self.names.of(counting.index), EQUALS, number_markup(counting.first))
        term = parts_of(self.of(expression.term))
        sign = Scripts(SUM_SIGN, below, number_markup(counting.last))
        if any(part in (PLUS, MINUS) for part in term):
            return row(sign, TIMES, bracketed(row(*term)))
        if term[0] == NEGATIVE:
            return row(NEGATIVE, sign, TIMES, *term[1:])
        return row(sign, TIMES, *term)

    @of.register
    def _(self, expression: Counting) -> Markup:
        ends = [number_markup(end) for end in (expression.first, expression.last)]
        index = self.names.of(expression.index)
        return row(index, EQUALS, ends[0], COMMA, LISTED, COMMA, ends[1])

    def _factor(self, node: Node, *, first: bool, last: bool) -> Markup:
        positive = magnitude(node)
        flat = isinstance(positive, Product) and (first or positive is node)
        if flat or (first and positive is not node):
            shown = self.notation.of(positive)
            if isinstance(shown, Row) and isinstance(positive, Sum):
                shown = bracketed(shown)
            return row(NEGATIVE, shown) if positive is not node else shown
        shown = self.notation.of(node)
        return shown if isinstance(shown, Fraction) else self.notation.factor(node, last=last)

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

    @of.register
    def _(self, expression: BatchMean) -> Markup:
        size, index = self.names.of(expression.size), self.names.of(expression.index)
        bounds = Scripts(SUM_SIGN, row(index, EQUALS, Digits("1")), size)
        loss = with_subscript(self.notation.of(expression.rate.of), index)
        rate = Fraction(row(self.d, loss), self._d(expression.rate.by))
        return row(Fraction(Digits("1"), size), THIN, bounds, THIN, rate)

    @of.register
    def _(self, expression: DifferenceQuotient) -> Markup:
        loss, by = self.names.of(expression.of), self.names.of(expression.by)
        return QUOTIENTS[expression.method](loss, by, self.names.of(expression.step))

    @of.register
    def _(self, expression: Drawn) -> Markup:
        variance = Scripts(self.names.of(expression.deviation), None, Digits("2"))
        parameters = bracketed(row(Digits("0"), COMMA, variance))
        return row(self.names.of(expression.leaf), SIMILAR, NORMAL, parameters)

    @of.register(Numeral)
    @of.register(Numerals)
    def _(self, expression: Numeral | Numerals) -> Markup:
        return numeral_markup(expression)

    @of.register
    def _(self, expression: PutIn) -> Markup:
        return put_in(expression.node, dict(expression.numbers), self.names)

    @of.register
    def _(self, expression: Blank) -> Markup:
        label = "" if expression.number is None else f"({expression.number})"
        answer = expression.answer
        return Gap(label, expression.length, None if answer is None else self.of(answer))

    @of.register
    def _(self, expression: Asked) -> Markup:
        return Framed(Words(f"({expression.number})"))


def _with_index(name: Markup, number: str, index: Markup) -> Markup | None:
    """A name with an index for the number at the end of its subscript; None if there is none."""
    if not isinstance(name, Scripts) or name.sub is None:
        return None
    *before, last = parts_of(name.sub)
    if not isinstance(last, Digits) or not last.text.endswith(number):
        return None
    front = last.text.removesuffix(number)
    kept = [*before, Digits(front)] if front else before
    return Scripts(name.base, row(*kept, index), name.sup)


def _may_follow_d(expression: Node | IndexSum) -> bool:
    """Whether it is clear how far a d reaches: over a name, w x, or a sum with an index."""
    if isinstance(expression, Product):
        names = all(isinstance(factor, Leaf) for factor in expression.children)
        return names and expression.coefficient == 1
    return isinstance(expression, Leaf | IndexSum)
