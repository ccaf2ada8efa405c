r"""An expression in mathematical notation, in the order in which it is kept.

Sizes are scalars, so `1 - p` of a column p means 1 minus every entry; \odot, \oslash and the
exponent \odot k act entry by entry, as functions do. A sum over all entries is written with an
index, and so is what it runs over: \sum_i y_i \log(p_i). Rows and columns are counted from 1.
"""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as Ratio
from typing import Any

import sympy

from symprop.expression.algebra import divisor_of
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import (
    Along,
    Apply,
    Constant,
    Extent,
    Identity,
    Leaf,
    MatMul,
    Node,
    Number,
    OfMatrix,
    Ones,
    Place,
    Power,
    Product,
    Shape,
    Size,
    Slice,
    Span,
    Stack,
    Sum,
    Total,
    Transpose,
    Unspecified,
    leaves,
    operations,
)
from symprop.expression.unspecified import argument_names
from symprop.printout.notation.factors import side_by_side
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.markup import (
    COLON,
    COMMA,
    MINUS,
    NEGATIVE,
    ODOT,
    OSLASH,
    PARTIAL,
    PLUS,
    TIMES,
    TOP,
    Digits,
    Fenced,
    Fraction,
    Grid,
    Hole,
    Letter,
    Markup,
    Named,
    Root,
    Row,
    Scripts,
    Sign,
    Styled,
    Words,
    bracketed,
    joined,
    parts_of,
    row,
    with_subscript,
    with_superscript,
)
from symprop.printout.notation.names import Names
from symprop.printout.notation.numerals import (
    inline_number,
    magnitude,
    number_level,
    number_markup,
    sympy_markup,
)
from symprop.printout.notation.patterns import (
    filled_pattern,
    may_be_raised,
    may_be_transposed,
    pattern_level,
)
from symprop.printout.notation.precedence import ADD, ATOM, BIG, MULTIPLY, POWER, Piece
from symprop.printout.notation.reading import named, read_latex, read_pattern

OPERATIONS_LIMIT = 400
"""An expression of more operations is not written out."""

ONE_MARKUP = Styled("mathbf", Digits("1"))
INVERSE = read_latex("-1")
SUM_SIGN = Sign(r"\sum", "∑", "big")
_INDICES = "ijklmnpqrst"


def notation(node: Node, names: Names | None = None) -> Markup:
    """`node` in mathematical notation; in words where it would be endless."""
    return Notation(names or Names()).of(node)


def latex(node: Node, names: Names | None = None) -> str:
    """`node` in LaTeX, for a formula; the order in which it is kept is kept."""
    return latex_of(notation(node, names))


class Notation:
    """Writes expressions; `index` is what the entry is called that is written, inside a sum."""

    def __init__(self, names: Names, index: tuple[Letter, Letter] | None = None) -> None:
        self.names = names
        self.index = index

    def of(self, node: Node) -> Markup:
        """A whole expression."""
        length = operations(node)
        if length > OPERATIONS_LIMIT:
            count = f"{length:,}" if length < 10**15 else "endlessly many"
            return Words(f"(a formula of {count} operations)")
        with deep_expressions():
            return self.piece(node)[0]

    def factor(self, node: Node, *, last: bool = True, alone: bool = False) -> Markup:
        """An expression as a factor of a product, in brackets where it needs them."""
        return self._factor(node, last=last, alone=alone, hadamard=False)

    def within(self, node: Node, least: int) -> Markup:
        """An expression in brackets, unless it holds together at least so tightly."""
        markup, level = self.piece(node)
        return markup if level >= least else bracketed(markup)

    def piece(self, node: Node) -> Piece:
        """An expression and how tightly it holds together."""
        if self.index is not None and node.shape and not isinstance(node, _ENTRYWISE):
            return self._entry_of(node), ATOM
        return _RULES[type(node)](self, node)

    def _entry_of(self, node: Node) -> Markup:
        """One entry of what is not worked out entry by entry."""
        assert self.index is not None
        if isinstance(node, Ones):
            return Digits("1")
        places = [
            letter for letter, extent in zip(self.index, node.shape, strict=True) if extent != 1
        ]
        index = row(*places)
        whole = Notation(self.names).piece(node)[0]
        if isinstance(node, Leaf):
            return with_subscript(whole, index)
        called = parts_of(whole)
        if isinstance(node, Along | Unspecified) and isinstance(called[-1], Fenced):
            return row(*called[:-1], Scripts(called[-1], index))
        return Scripts(whole if isinstance(whole, Grid) else bracketed(whole), index)

    # -- names and numbers --------------------------------------------------------------------

    def leaf(self, node: Leaf) -> Piece:
        return self.names.of(node), ATOM

    def number(self, node: Number) -> Piece:
        return number_markup(node.value), number_level(node.value)

    def constant(self, node: Constant) -> Piece:
        return sympy_markup(node.symbol), ATOM if node.symbol.is_Atom else ADD

    def size(self, node: Size) -> Piece:
        return self.extent(node.extent), ATOM if node.extent.is_Symbol else ADD

    def extent(self, extent: Extent) -> Markup:
        """A size: a whole number or a symbol, or what is made of them."""
        if isinstance(extent, int):
            return number_markup(Ratio(extent))
        return self.names.of(extent.name) if extent.is_Symbol else sympy_markup(extent)

    def shape(self, shape: Shape) -> Markup:
        """A shape: N times D."""
        return joined([self.extent(e) for e in shape], Sign(r"\times", "×", "binary"))

    def ones(self, node: Ones) -> Piece:
        return ONE_MARKUP, ATOM

    def identity(self, node: Identity) -> Piece:
        return Styled("mathbf", Letter("I", "I")), ATOM

    # -- entry by entry -----------------------------------------------------------------------

    def sum(self, node: Sum) -> Piece:
        parts: list[Markup] = []
        for index, term in enumerate(node.children):
            positive = magnitude(term)
            written = self.within(positive, BIG)
            if positive is not term:
                parts += [MINUS if index else NEGATIVE, written]
            else:
                parts += [PLUS, written] if index else [written]
        return row(*parts), ADD

    def product(self, node: Product) -> Piece:
        if node.coefficient < 0:
            return row(NEGATIVE, self._product(magnitude(node))), ADD
        return self._product(node), self._product_level(node)

    def _product_level(self, node: Product) -> int:
        last = node.children[-1] if node.children else None
        if isinstance(last, Total) and last.axis is None:
            return BIG
        return MULTIPLY

    def _product(self, node: Node) -> Markup:
        if not isinstance(node, Product):
            return self.within(node, BIG)
        above: list[Node] = []
        below: list[Node] = []
        for factor in node.children:
            divisor = divisor_of(factor)
            (above if divisor is None else below).append(factor if divisor is None else divisor)
        entries = self.index is not None
        scalar_below = [part for part in below if entries or not part.shape]
        matrix_below = [part for part in below if not entries and part.shape]
        front = self._fraction(node.coefficient, above, scalar_below, bool(matrix_below))
        written = side_by_side(front)
        if matrix_below:
            over = written if front else Digits("1")
            under = joined([self._entry_factor(part) for part in matrix_below], ODOT)
            return row(over, OSLASH, bracketed(under) if len(matrix_below) > 1 else under)
        return written

    def _entry_factor(self, node: Node) -> Markup:
        return self._factor(node, last=False, alone=False, hadamard=True)

    def _fraction(
        self, coefficient: Ratio | float, above: list[Node], below: list[Node], divided: bool
    ) -> list[tuple[Markup, bool]]:
        """The factors of a product, each with whether it is a matrix; divisors under a bar.

        `divided`: divisors that are matrices will follow.
        """
        kept = list(above)
        over: list[Markup] = []
        under: list[Markup] = []
        if isinstance(coefficient, Ratio):
            if below:
                over += [number_markup(coefficient.numerator)] * (coefficient.numerator != 1)
                under += [number_markup(coefficient.denominator)] * (coefficient.denominator != 1)
            elif coefficient != 1:
                over.append(number_markup(coefficient))
        elif coefficient != 1.0:
            over.append(number_markup(coefficient))
        found: list[tuple[Markup, bool]] = []
        if below:
            simple = self.index is not None or not any(part.shape for part in above)
            inside = [p for p in above if (simple or not p.shape) and not _is_big(p)]
            kept = [part for part in above if part not in inside]
            count = len(inside) + len(over)
            over += [self._factor(p, last=True, alone=count == 1, hadamard=False) for p in inside]
            count = len(below) + len(under)
            under += [self._factor(p, last=True, alone=count == 1, hadamard=False) for p in below]
            top = side_by_side([(part, False) for part in over]) if over else Digits("1")
            bottom = side_by_side([(part, False) for part in under])
            found.append((Fraction(top, bottom), False))
        else:
            found += [(part, False) for part in over]
        matrices = sum(1 for part in kept if part.shape) if self.index is None else 0
        for place, part in enumerate(kept):
            matrix = self.index is None and bool(part.shape)
            last = place == len(kept) - 1
            only = last and place == 0
            several = matrix and (matrices > 1 or divided)
            if only and not several:
                found.append((self.within(part, BIG), matrix))
            else:
                found.append((self._factor(part, last=last, alone=False, hadamard=several), matrix))
        return found

    def _factor(self, node: Node, *, last: bool, alone: bool, hadamard: bool) -> Markup:
        markup, level = self.piece(node)
        if alone:
            return markup
        if isinstance(node, MatMul) and last and not hadamard and node.shape:
            return markup
        if level == BIG:
            return markup if last and not hadamard else bracketed(markup)
        return markup if level >= POWER else bracketed(markup)

    def power(self, node: Power) -> Piece:
        if divisor_of(node) is not None:
            single = Product(node.shape, (node,), (Ratio(1), "Fraction"))
            return self._product(single), MULTIPLY
        exponent = node.exponent
        matrix = bool(node.shape) and self.index is None
        if isinstance(exponent, Number) and exponent.value == Ratio(1, 2):
            return Root(self.piece(node.base)[0]), ATOM
        above = self._exponent(exponent)
        base, level = self.piece(node.base)
        if level < ATOM or not may_be_raised(base):
            base = bracketed(base)
        if matrix:
            above = row(ODOT, above)
        return with_superscript(base, above), POWER

    def _exponent(self, node: Node) -> Markup:
        if isinstance(node, Number) and isinstance(node.value, Ratio):
            return inline_number(node.value)
        return Notation(self.names, self.index).piece(node)[0]

    def apply(self, node: Apply) -> Piece:
        shown = node.entry.shown(node.children, lambda child: getattr(child, "value", child))
        return self._called(node.entry.latex, node.entry.name, list(shown))

    def _called(self, latex: str, name: str, arguments: list[Node]) -> Piece:
        pattern = read_pattern(latex) or row(named(name), bracketed(Hole()))
        if len(arguments) != 1:
            inside = joined([self.piece(argument)[0] for argument in arguments], COMMA)
            return filled_pattern(pattern, lambda least: inside), pattern_level(pattern)
        (argument,) = arguments
        filled = filled_pattern(pattern, lambda least: self.within(argument, least))
        return filled, pattern_level(pattern)

    # -- matrices -----------------------------------------------------------------------------

    def matmul(self, node: MatMul) -> Piece:
        factors: list[Markup] = []
        for factor in node.children:
            markup, level = self.piece(factor)
            product = isinstance(factor, Product)
            factors.append(bracketed(markup) if level < POWER or product else markup)
        return side_by_side([(factor, False) for factor in factors]), MULTIPLY

    def transpose(self, node: Transpose) -> Piece:
        markup, level = self.piece(node.children[0])
        if isinstance(markup, Scripts) and markup.sup == INVERSE:
            return Scripts(markup.base, markup.sub, row(NEGATIVE, TOP)), POWER
        if level < ATOM or not may_be_transposed(markup):
            markup = bracketed(markup)
        return with_superscript(markup, TOP), POWER

    def total(self, node: Total) -> Piece:
        (inside,) = node.children
        if node.axis is not None:
            ones = with_superscript(ONE_MARKUP, TOP) if node.axis == 0 else ONE_MARKUP
            matrix = self.within(inside, POWER)
            ordered = (ones, TIMES, matrix) if node.axis == 0 else (matrix, TIMES, ones)
            return row(*ordered), MULTIPLY
        used = () if self.index is None else [letter.latex for letter in self.index]
        used = [*used, *(name for leaf in leaves(inside) for name in _letters(self.names.of(leaf)))]
        first = self.names.free(_INDICES, used)
        second = self.names.free(_INDICES, [*used, first])
        index = (Letter(first, first), Letter(second, second))
        column = inside.shape[1] == 1
        if inside.shape[0] == 1:
            index = (index[1], index[0])
        entry = Notation(self.names, index)
        running = index[0] if column else index[1] if inside.shape[0] == 1 else row(*index)
        body = entry.within(inside, BIG)
        return row(Scripts(SUM_SIGN, running), TIMES, body), BIG

    def along(self, node: Along) -> Piece:
        (argument,) = node.children
        markup, level = self._called(node.entry.latex, node.entry.name, [argument])
        if argument.shape[1] == 1 and node.axis == 0:
            return markup, level
        lines = Words("columns" if node.axis == 0 else "rows")
        *before, head, called = (Row(()), *parts_of(markup))
        if isinstance(head, Named):
            return row(*before, Scripts(head, lines), called), level
        return Scripts(bracketed(markup), lines), ATOM

    def of_matrix(self, node: OfMatrix) -> Piece:
        return self._called(node.entry.latex, node.entry.name, list(node.children))

    def slice(self, node: Slice) -> Piece:
        (inside,) = node.children
        markup = self.piece(inside)[0]
        places = self._places(node.spans, inside.shape)
        if isinstance(inside, Leaf) and not (isinstance(markup, Scripts) and markup.sub):
            return with_subscript(markup, places), ATOM
        return Scripts(bracketed(markup), places), ATOM

    def place(self, node: Place) -> Piece:
        places = self._places(node.spans, node.shape)
        inside = self.piece(node.children[0])[0]
        return row(Scripts(named("place"), places), bracketed(inside)), ATOM

    def _places(self, spans: tuple[Span, Span], shape: Shape) -> Markup:
        """The places in rows and columns, counted from 1; those of a column in its rows alone."""
        kept = 1 if shape[1] == 1 else 2
        pairs = zip(spans[:kept], shape[:kept], strict=True)
        return joined([self._span(span, extent) for span, extent in pairs], COMMA)

    def _span(self, span: Span, extent: Extent) -> Markup:
        first = self.extent(sympy.S(span.start) + 1)
        if span.extent == 1:
            return first
        if span.start == 0 and span.stop == extent and span.step == 1:
            return COLON
        if span.step == 1:
            return row(first, COLON, self.extent(span.stop))
        second = self.extent(sympy.S(span.start) + 1 + span.step)
        return joined([first, second, Sign(r"\dots", "…", "plain")], COMMA)

    def stack(self, node: Stack) -> Piece:
        if node.axis == 1:
            return Grid((tuple(self.piece(block)[0] for block in node.children),)), ATOM
        rows = [
            block.children if isinstance(block, Stack) and block.axis == 1 else (block,)
            for block in node.children
        ]
        if len({len(line) for line in rows}) > 1:
            rows = [(block,) for block in node.children]
        return Grid(tuple(tuple(self.piece(b)[0] for b in line) for line in rows)), ATOM

    def unspecified(self, node: Unspecified) -> Piece:
        entry = node.entry
        head = read_latex(entry.symbol_latex) or Words(entry.symbol)
        if len(entry.by) == 1 and argument_names(node)[entry.by[0]] is not None:
            by = self.piece(node.children[entry.by[0]])[0]
            head = Fraction(row(PARTIAL, head), row(PARTIAL, by))
        elif entry.by:
            numbers = joined([Digits(str(place + 1)) for place in entry.by], COMMA)
            head = row(Scripts(PARTIAL, numbers), head)
        arguments = joined([self.piece(child)[0] for child in node.children], COMMA)
        return row(head, bracketed(arguments)), ATOM


_ENTRYWISE = (Sum, Product, Power, Apply)

_RULES: dict[type[Node], Callable[[Notation, Any], Piece]] = {
    Leaf: Notation.leaf,
    Number: Notation.number,
    Constant: Notation.constant,
    Size: Notation.size,
    Ones: Notation.ones,
    Identity: Notation.identity,
    Sum: Notation.sum,
    Product: Notation.product,
    Power: Notation.power,
    Apply: Notation.apply,
    MatMul: Notation.matmul,
    Transpose: Notation.transpose,
    Total: Notation.total,
    Along: Notation.along,
    OfMatrix: Notation.of_matrix,
    Slice: Notation.slice,
    Place: Notation.place,
    Stack: Notation.stack,
    Unspecified: Notation.unspecified,
}


def _is_big(node: Node) -> bool:
    return isinstance(node, Total) and node.axis is None


def _letters(markup: Markup) -> list[str]:
    return [markup.latex] if isinstance(markup, Letter) else []
