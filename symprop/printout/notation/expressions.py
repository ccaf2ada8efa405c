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

from symprop.expression.depth import deep_expressions
from symprop.expression.entries import Entry, Equal, GradientOf, Summed
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
    Stack,
    Sum,
    Total,
    Transpose,
    Unspecified,
    operations,
)
from symprop.expression.unspecified import argument_names
from symprop.printout.notation.entries import (
    entry_piece,
    equal_piece,
    gradient_piece,
    subscripted,
    summed_piece,
)
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.markup import (
    COMMA,
    MINUS,
    NEGATIVE,
    PARTIAL,
    PLUS,
    Digits,
    Fraction,
    Hole,
    Letter,
    Markup,
    Scripts,
    Sign,
    Styled,
    Words,
    bracketed,
    joined,
    row,
)
from symprop.printout.notation.matrices import (
    along_piece,
    matmul_piece,
    ones_piece,
    place_piece,
    slice_piece,
    stack_piece,
    total_piece,
    transpose_piece,
)
from symprop.printout.notation.names import Names
from symprop.printout.notation.numerals import (
    magnitude,
    number_level,
    number_markup,
    sympy_markup,
)
from symprop.printout.notation.patterns import (
    filled_pattern,
    pattern_level,
)
from symprop.printout.notation.precedence import ADD, ATOM, BIG, Piece
from symprop.printout.notation.products import factor_of, power_piece, product_piece
from symprop.printout.notation.reading import named, read_latex, read_pattern

OPERATIONS_LIMIT = 400
"""An expression of more operations is not written out."""


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

    def of_entries(self, index: tuple[Letter, Letter]) -> Notation:
        """The same, of the entries of matrices."""
        return Notation(self.names, index)

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
        return factor_of(self, node, last=last, alone=alone)

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
        whole = Notation(self.names).piece(node)[0]
        return subscripted(whole, node, row(*places))[0]

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

    def apply(self, node: Apply) -> Piece:
        shown = node.entry.shown(node.children, lambda child: getattr(child, "value", child))
        return self.called(node.entry.latex, node.entry.name, list(shown))

    def called(self, latex: str, name: str, arguments: list[Node]) -> Piece:
        """A call, by the LaTeX of its function."""
        pattern = read_pattern(latex) or row(named(name), bracketed(Hole()))
        if len(arguments) != 1:
            inside = joined([self.piece(argument)[0] for argument in arguments], COMMA)
            return filled_pattern(pattern, lambda least: inside), pattern_level(pattern)
        (argument,) = arguments
        filled = filled_pattern(pattern, lambda least: self.within(argument, least))
        return filled, pattern_level(pattern)

    def of_matrix(self, node: OfMatrix) -> Piece:
        return self.called(node.entry.latex, node.entry.name, list(node.children))

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
    Ones: ones_piece,
    Identity: Notation.identity,
    Sum: Notation.sum,
    Product: product_piece,
    Power: power_piece,
    Apply: Notation.apply,
    MatMul: matmul_piece,
    Transpose: transpose_piece,
    Total: total_piece,
    Along: along_piece,
    OfMatrix: Notation.of_matrix,
    Slice: slice_piece,
    Place: place_piece,
    Stack: stack_piece,
    Unspecified: Notation.unspecified,
    GradientOf: gradient_piece,
    Entry: entry_piece,
    Equal: equal_piece,
    Summed: summed_piece,
}
