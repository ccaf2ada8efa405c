"""Numbers in notation, and what stands behind a minus sign."""

from __future__ import annotations

from fractions import Fraction as Ratio
from typing import Any

import sympy

from symprop.expression.nodes import Node, Number, Product
from symprop.printout.notation.markup import (
    DOT,
    NEGATIVE,
    SLASH,
    Digits,
    Fraction,
    Markup,
    Scripts,
    Words,
    row,
)
from symprop.printout.notation.precedence import ADD, ATOM, MULTIPLY
from symprop.printout.notation.reading import read_latex


def magnitude(node: Node) -> Node:
    """What stands behind a minus sign; the node itself where it is not negative."""
    if isinstance(node, Number) and node.value < 0:
        return Number(-node.value)
    if isinstance(node, Product) and node.coefficient < 0:
        positive = -node.coefficient
        return Product(node.shape, node.children, (positive, type(positive).__name__))
    return node


def number_markup(value: Ratio | float | int) -> Markup:
    """A number: 2, a fraction, 0.001, or with a power of ten."""
    if value < 0:
        return row(NEGATIVE, number_markup(-value))
    if isinstance(value, Ratio) and value.denominator != 1:
        return Fraction(Digits(str(value.numerator)), Digits(str(value.denominator)))
    digits, _, exponent = (repr(value) if isinstance(value, float) else str(value)).partition("e")
    if not exponent:
        return Digits(digits)
    power = Scripts(Digits("10"), None, number_markup(int(exponent)))
    return power if float(digits) == 1 else row(Digits(digits), DOT, power)


def number_level(value: Ratio | float) -> int:
    """How tightly a number holds together: not at all with a minus, a fraction as a factor."""
    if value < 0:
        return ADD
    plain = not (isinstance(value, Ratio) and value.denominator != 1) and "e" not in repr(value)
    return ATOM if plain else MULTIPLY


def inline_number(value: Ratio) -> Markup:
    """A number as an exponent, on one line."""
    if value < 0:
        return row(NEGATIVE, inline_number(-value))
    if value.denominator == 1:
        return Digits(str(value))
    return row(Digits(str(value.numerator)), SLASH, Digits(str(value.denominator)))


def sympy_markup(expression: Any) -> Markup:
    """A constant or a size as SymPy writes it."""
    return read_latex(sympy.latex(expression)) or Words(str(expression))
