"""Canonical form as one line of plain text: the formula comments, messages and `derive`.

`*` is the matrix product and the product of numbers, `.*` and `./` act entry by entry.
"""

from __future__ import annotations

from fractions import Fraction

from symprop.expression.algebra import divisor_of
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import (
    Along,
    Apply,
    Constant,
    Identity,
    Leaf,
    MatMul,
    Node,
    Number,
    Ones,
    Power,
    Product,
    Size,
    Sum,
    Total,
    Transpose,
    operations,
)

TEXT_LIMIT = 20_000
"""A formula of more operations is not written out."""

SUM, PRODUCT, UNARY, POWER, ATOM = range(5)


def text(node: Node) -> str:
    """`node` as one line, in the order in which it is kept; in words where it would be endless."""
    length = operations(node)
    if length > TEXT_LIMIT:
        return (
            f"(a formula of {length:,} operations)" if length < 10**15 else "(an endless formula)"
        )
    with deep_expressions():
        return _inside(node)


def _inside(node: Node) -> str:
    return _written(node)[0]


def number_text(value: Fraction | float) -> str:
    """A number as people write it: 1/2, 0.001."""
    return str(value) if isinstance(value, Fraction) else repr(value)


def _written(node: Node) -> tuple[str, int]:
    match node:
        case Leaf():
            return node.name, ATOM
        case Number():
            return number_text(node.value), _number_precedence(node.value)
        case Constant():
            return str(node.symbol), ATOM
        case Size():
            return str(node.extent), ATOM if node.extent.is_Symbol else SUM
        case Ones():
            return "ones({}, {})".format(*node.shape), ATOM
        case Identity():
            return f"eye({node.shape[0]})", ATOM
        case Sum():
            return _sum(node), SUM
        case Product():
            return _product(node), UNARY if node.coefficient < 0 else PRODUCT
        case Power():
            return _power(node), ATOM if _is_root(node) else POWER
        case MatMul():
            return "*".join(_within(child, PRODUCT + 1) for child in node.children), PRODUCT
        case Transpose():
            return f"{_within(node.children[0], ATOM)}.T", ATOM
        case Apply():
            return f"{node.entry.name}({_inside(node.children[0])})", ATOM
        case Total():
            axis = "" if node.axis is None else f", axis={node.axis}"
            return f"total({_inside(node.children[0])}{axis})", ATOM
        case Along():
            column = node.children[0].shape[1] == 1 and node.axis == 0
            axis = "" if column else f", axis={node.axis}"
            return f"{node.entry.name}({_inside(node.children[0])}{axis})", ATOM
    raise TypeError(type(node).__name__)


def _number_precedence(value: Fraction | float) -> int:
    if value < 0:
        return SUM
    return PRODUCT if isinstance(value, Fraction) and value.denominator != 1 else ATOM


def _within(node: Node, least: int) -> str:
    written, precedence = _written(node)
    return written if precedence >= least else f"({written})"


def _sum(node: Node) -> str:
    parts = []
    for index, term in enumerate(node.children):
        written = _within(term, PRODUCT) if not _negative(term) else _written(term)[0]
        if _negative(term):
            parts.append((" - " if index else "-") + written.removeprefix("-"))
        else:
            parts.append((" + " if index else "") + written)
    return "".join(parts)


def _negative(node: Node) -> bool:
    if isinstance(node, Number):
        return node.value < 0
    return isinstance(node, Product) and node.coefficient < 0


def _is_root(node: Power) -> bool:
    return isinstance(node.exponent, Number) and node.exponent.value == Fraction(1, 2)


def _power(node: Power) -> str:
    if _is_root(node):
        return f"sqrt({_inside(node.base)})"
    sign = ".**" if node.shape else "**"
    if isinstance(node.exponent, Number) and node.exponent.value < 0:
        return _product(Product(node.shape, (node,), (Fraction(1), "Fraction")))
    return f"{_within(node.base, ATOM)}{sign}{_within(node.exponent, ATOM)}"


def _product(node: Product) -> str:
    """Factors over divisors; `.*` between two matrices, `*` where a number scales."""
    coefficient = node.coefficient
    over: list[tuple[str, bool]] = []
    matrices = sum(1 for factor in node.children if factor.shape)
    under: list[tuple[str, bool]] = []
    for factor in node.children:
        inverse = divisor_of(factor)
        if inverse is None:
            first = isinstance(factor, MatMul) and matrices < 2 and (bool(factor.shape) or not over)
            least = PRODUCT if first else UNARY
            over.append((_within(factor, least), bool(factor.shape)))
        else:
            under.append((_within(inverse, UNARY + 1), bool(inverse.shape)))
    magnitude = abs(coefficient)
    if isinstance(magnitude, Fraction):
        if magnitude.numerator != 1 or not over:
            over.insert(0, (str(magnitude.numerator), False))
        if magnitude.denominator != 1:
            under.append((str(magnitude.denominator), False))
    elif magnitude != 1.0:
        over.insert(0, (repr(magnitude), False))
    written, matrix = over[0] if over else ("1", False)
    for part, is_matrix in over[1:]:
        written += (".*" if matrix and is_matrix else "*") + part
        matrix = matrix or is_matrix
    for part, is_matrix in under:
        written += ("./" if is_matrix else "/") + part
    return ("-" if coefficient < 0 else "") + written
