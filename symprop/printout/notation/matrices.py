"""Products and transposes of matrices, sums over their entries, slices and blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy

from symprop.expression.nodes import (
    Along,
    Extent,
    Leaf,
    MatMul,
    Ones,
    Place,
    Product,
    Shape,
    Slice,
    Span,
    Stack,
    Total,
    Transpose,
    leaves,
)
from symprop.printout.notation.factors import side_by_side
from symprop.printout.notation.markup import (
    COLON,
    COMMA,
    NEGATIVE,
    SUM_SIGN,
    TIMES,
    TOP,
    Digits,
    Grid,
    Letter,
    Markup,
    Named,
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
from symprop.printout.notation.patterns import may_be_transposed
from symprop.printout.notation.precedence import ATOM, BIG, MULTIPLY, POWER, Piece
from symprop.printout.notation.reading import named, read_latex

if TYPE_CHECKING:
    from symprop.printout.notation.expressions import Notation

ONE_MARKUP = Styled("mathbf", Digits("1"))
INVERSE = read_latex("-1")
_INDICES = "ijklmnpqrst"


def matmul_piece(notation: Notation, node: MatMul) -> Piece:
    """Matrices side by side."""
    factors: list[Markup] = []
    for factor in node.children:
        markup, level = notation.piece(factor)
        product = isinstance(factor, Product)
        factors.append(bracketed(markup) if level < POWER or product else markup)
    return side_by_side([(factor, False) for factor in factors]), MULTIPLY


def ones_piece(notation: Notation, node: Ones) -> Piece:
    """A matrix of ones, or a row of them."""
    if notation.index is None and node.shape[0] == 1:
        return with_superscript(ONE_MARKUP, TOP), POWER
    return ONE_MARKUP, ATOM


def transpose_piece(notation: Notation, node: Transpose) -> Piece:
    """A transpose, or the inverse of one; that of a row of sums is A.T times ones."""
    (inside,) = node.children
    if isinstance(inside, Total) and inside.axis == 0:
        (summed,) = inside.children
        turned = Transpose(summed.shape[::-1], (summed,))
        return row(notation.within(turned, POWER), TIMES, ONE_MARKUP), MULTIPLY
    markup, level = notation.piece(node.children[0])
    if isinstance(markup, Scripts) and markup.sup == INVERSE:
        return Scripts(markup.base, markup.sub, row(NEGATIVE, TOP)), POWER
    if level < ATOM or not may_be_transposed(markup):
        markup = bracketed(markup)
    return with_superscript(markup, TOP), POWER


def total_piece(notation: Notation, node: Total) -> Piece:
    """A sum over all entries with an index; over rows or columns a product with ones."""
    (inside,) = node.children
    if node.axis is not None:
        ones = with_superscript(ONE_MARKUP, TOP) if node.axis == 0 else ONE_MARKUP
        matrix = notation.within(inside, POWER)
        ordered = (ones, TIMES, matrix) if node.axis == 0 else (matrix, TIMES, ones)
        return row(*ordered), MULTIPLY
    used = () if notation.index is None else [letter.latex for letter in notation.index]
    used = [*used, *(name for leaf in leaves(inside) for name in _letters(notation.names.of(leaf)))]
    first = notation.names.free(_INDICES, used)
    second = notation.names.free(_INDICES, [*used, first])
    index = (Letter(first, first), Letter(second, second))
    column = inside.shape[1] == 1
    if inside.shape[0] == 1:
        index = (index[1], index[0])
    entry = notation.of_entries(index)
    running = index[0] if column else index[1] if inside.shape[0] == 1 else row(*index)
    body = entry.within(inside, BIG)
    return row(Scripts(SUM_SIGN, running), TIMES, body), BIG


def along_piece(notation: Notation, node: Along) -> Piece:
    """A function along an axis, such as softmax: of rows or of columns."""
    (argument,) = node.children
    markup, level = notation.called(node.entry.latex, node.entry.name, [argument])
    if argument.shape[1] == 1 and node.axis == 0:
        return markup, level
    lines = Words("columns" if node.axis == 0 else "rows")
    *before, head, called = (Row(()), *parts_of(markup))
    if isinstance(head, Named):
        return row(*before, Scripts(head, lines), called), level
    return Scripts(bracketed(markup), lines), ATOM


def slice_piece(notation: Notation, node: Slice) -> Piece:
    """Some rows and columns, as a subscript."""
    (inside,) = node.children
    markup = notation.piece(inside)[0]
    places = _places(notation, node.spans, inside.shape)
    if isinstance(inside, Leaf) and not (isinstance(markup, Scripts) and markup.sub):
        return with_subscript(markup, places), ATOM
    return Scripts(bracketed(markup), places), ATOM


def place_piece(notation: Notation, node: Place) -> Piece:
    """Zeros but for some rows and columns."""
    places = _places(notation, node.spans, node.shape)
    inside = notation.piece(node.children[0])[0]
    return row(Scripts(named("place"), places), bracketed(inside)), ATOM


def _places(notation: Notation, spans: tuple[Span, Span], shape: Shape) -> Markup:
    """The places in rows and columns, counted from 1; those of a column in its rows alone."""
    kept = 1 if shape[1] == 1 else 2
    pairs = zip(spans[:kept], shape[:kept], strict=True)
    return joined([_span(notation, span, extent) for span, extent in pairs], COMMA)


def _span(notation: Notation, span: Span, extent: Extent) -> Markup:
    first = notation.extent(sympy.S(span.start) + 1)
    if span.extent == 1:
        return first
    if span.start == 0 and span.stop == extent and span.step == 1:
        return COLON
    if span.step == 1:
        return row(first, COLON, notation.extent(span.stop))
    second = notation.extent(sympy.S(span.start) + 1 + span.step)
    return joined([first, second, Sign(r"\dots", "…", "plain")], COMMA)


def stack_piece(notation: Notation, node: Stack) -> Piece:
    """Blocks beside or above one another."""
    if node.axis == 1:
        return Grid((tuple(notation.piece(block)[0] for block in node.children),)), ATOM
    rows = [
        block.children if isinstance(block, Stack) and block.axis == 1 else (block,)
        for block in node.children
    ]
    if len({len(line) for line in rows}) > 1:
        rows = [(block,) for block in node.children]
    return Grid(tuple(tuple(notation.piece(b)[0] for b in line) for line in rows)), ATOM


def _letters(markup: Markup) -> list[str]:
    return [markup.latex] if isinstance(markup, Letter) else []
