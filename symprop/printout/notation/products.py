r"""Products, quotients and powers: what stands under a bar, what is bracketed, \odot or a dot."""

from __future__ import annotations

from fractions import Fraction as Ratio
from typing import TYPE_CHECKING

from symprop.expression.algebra import divisor_of
from symprop.expression.entries import Summed
from symprop.expression.nodes import MatMul, Node, Number, Power, Product, Size, Total
from symprop.printout.notation.factors import side_by_side
from symprop.printout.notation.markup import (
    NEGATIVE,
    ODOT,
    OSLASH,
    Digits,
    Fraction,
    Markup,
    Root,
    bracketed,
    joined,
    row,
    with_superscript,
)
from symprop.printout.notation.numerals import inline_number, magnitude, number_markup
from symprop.printout.notation.patterns import may_be_raised
from symprop.printout.notation.precedence import ADD, ATOM, BIG, MULTIPLY, POWER, Piece

if TYPE_CHECKING:
    from symprop.printout.notation.expressions import Notation


def product_piece(notation: Notation, node: Product) -> Piece:
    """Numbers and entries side by side, divisors under a bar or behind an oslash."""
    if node.coefficient < 0:
        return row(NEGATIVE, _product(notation, magnitude(node))), ADD
    return _product(notation, node), _level(node)


def _level(node: Product) -> int:
    last = node.children[-1] if node.children else None
    if last is not None and is_big(last):
        return BIG
    return MULTIPLY


def _product(notation: Notation, node: Node) -> Markup:
    if not isinstance(node, Product):
        return notation.within(node, BIG)
    above: list[Node] = []
    below: list[Node] = []
    for factor in node.children:
        divisor = divisor_of(factor)
        (above if divisor is None else below).append(factor if divisor is None else divisor)
    entries = notation.index is not None
    scalar_below = [part for part in below if entries or not part.shape]
    matrix_below = [part for part in below if not entries and part.shape]
    front = _front(notation, node.coefficient, above, scalar_below, bool(matrix_below))
    written = side_by_side(front)
    if matrix_below:
        over = written if front else Digits("1")
        under = joined(
            [factor_of(notation, part, last=False, hadamard=True) for part in matrix_below], ODOT
        )
        return row(over, OSLASH, bracketed(under) if len(matrix_below) > 1 else under)
    return written


def _front(
    notation: Notation,
    coefficient: Ratio | float,
    above: list[Node],
    below: list[Node],
    divided: bool,
) -> list[tuple[Markup, bool]]:
    """The factors of a product, each with whether it is a matrix; divisors under a bar.

    `divided`: divisors that are matrices will follow.
    """
    over, under = _coefficient(coefficient, split=bool(below))
    if not below:
        return [(part, False) for part in over] + _side_by_side(notation, above, divided)
    whole = notation.index is not None or not any(part.shape for part in above)
    inside = [part for part in above if (whole or not part.shape) and not is_big(part)]
    behind = [part for part in above if part not in inside]
    below = sorted(below, key=lambda part: not isinstance(part, Size))
    bar = Fraction(_part(notation, over, inside), _part(notation, under, below))
    return [(bar, False), *_side_by_side(notation, behind, divided)]


def _coefficient(value: Ratio | float, *, split: bool) -> tuple[list[Markup], list[Markup]]:
    """A number in front, above and below the bar where it is to be `split`; none for a 1."""
    over, under = value, 1
    if split and isinstance(value, Ratio):
        over, under = Ratio(value.numerator), value.denominator
    above, below = ([] if number == 1 else [number_markup(number)] for number in (over, under))
    return above, below


def _part(notation: Notation, numbers: list[Markup], factors: list[Node]) -> Markup:
    """What stands above or below a bar."""
    alone = len(numbers) + len(factors) == 1
    shown = [factor_of(notation, factor, alone=alone) for factor in factors]
    return side_by_side([(part, False) for part in (*numbers, *shown)])


def _side_by_side(
    notation: Notation, factors: list[Node], divided: bool
) -> list[tuple[Markup, bool]]:
    """Factors that stand on the line, each with whether it is a matrix."""
    is_matrix = [notation.index is None and bool(factor.shape) for factor in factors]
    entrywise = divided or sum(is_matrix) > 1
    found: list[tuple[Markup, bool]] = []
    for factor, matrix in zip(factors, is_matrix, strict=True):
        hadamard = matrix and entrywise
        if len(factors) == 1 and not hadamard:
            shown = notation.within(factor, BIG)
        else:
            last = len(found) == len(factors) - 1
            shown = factor_of(notation, factor, last=last, hadamard=hadamard)
        found.append((shown, matrix))
    return found


def factor_of(
    notation: Notation,
    node: Node,
    *,
    last: bool = True,
    alone: bool = False,
    hadamard: bool = False,
) -> Markup:
    """A factor of a product, in brackets where it needs them.

    `last` of its product, `alone` above or below a bar, or multiplied entry by entry (`hadamard`).
    """
    markup, level = notation.piece(node)
    if alone:
        return markup
    if isinstance(node, MatMul) and last and not hadamard and node.shape:
        return markup
    if level == BIG:
        return markup if last and not hadamard else bracketed(markup)
    return markup if level >= POWER else bracketed(markup)


def power_piece(notation: Notation, node: Power) -> Piece:
    """A power, a root, or one over a power."""
    if divisor_of(node) is not None:
        single = Product(node.shape, (node,), (Ratio(1), "Fraction"))
        return _product(notation, single), MULTIPLY
    exponent = node.exponent
    matrix = bool(node.shape) and notation.index is None
    if isinstance(exponent, Number) and exponent.value == Ratio(1, 2):
        return Root(notation.piece(node.base)[0]), ATOM
    above = _exponent(notation, exponent)
    base, level = notation.piece(node.base)
    if level < ATOM or not may_be_raised(base):
        base = bracketed(base)
    if matrix:
        above = row(ODOT, above)
    return with_superscript(base, above), POWER


def _exponent(notation: Notation, node: Node) -> Markup:
    if isinstance(node, Number) and isinstance(node.value, Ratio):
        return inline_number(node.value)
    return notation.piece(node)[0]


def is_big(node: Node) -> bool:
    """Whether an expression begins with a sum sign, which takes in all that follows."""
    return isinstance(node, Summed) or (isinstance(node, Total) and node.axis is None)
