"""Canonical form as one line of plain text: the formula comments, messages and `derive`.

`*` is the matrix product and the product of numbers, `.*` and `./` act entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symprop.expression.algebra import divisor_of
from symprop.expression.definition import definitions_in, formula_of
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import (
    UNIT,
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
    Size,
    Slice,
    Span,
    Stack,
    Sum,
    Total,
    Transpose,
    Unspecified,
    operations,
)
from symprop.expression.unspecified import argument_names
from symprop.user_text import reads_as_formula

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


def definition_texts(nodes: Iterable[Node]) -> list[str]:
    """The user's own functions that `nodes` use, a line each: swish2(u) = u*sigmoid(2*u)."""
    lines = []
    for entry in definitions_in(nodes):
        formula = formula_of(entry)
        called = ", ".join(argument.name for argument in formula.arguments)
        lines.append(f"{entry.name}({called}) = {text(formula.node)}")
    return lines


def _inside(node: Node) -> str:
    return _written(node)[0]


def name_text(name: str) -> str:
    """A name in a formula: in quotes where it would read as a formula itself, as a+b or 0.5."""
    return f"'{name}'" if reads_as_formula(name) else name


def number_text(value: Fraction | float) -> str:
    """A number as people write it: 1/2, 0.001."""
    return str(value) if isinstance(value, Fraction) else repr(value)


def _written(node: Node) -> tuple[str, int]:
    match node:
        case Leaf():
            return name_text(node.name), ATOM
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
            return _product(node), UNARY if _negative(node) else PRODUCT
        case Power():
            return _power(node), _power_precedence(node)
        case MatMul():
            return "*".join(_within(child, PRODUCT + 1) for child in node.children), PRODUCT
        case Transpose():
            return f"{_within(node.children[0], ATOM)}.T", ATOM
        case Apply():
            shown = node.entry.shown(node.children, lambda child: getattr(child, "value", child))
            return f"{node.entry.name}({', '.join(map(_inside, shown))})", ATOM
        case Total():
            axis = "" if node.axis is None else f", axis={node.axis}"
            return f"total({_inside(node.children[0])}{axis})", ATOM
        case Along():
            column = node.children[0].shape[1] == 1 and node.axis == 0
            axis = "" if column else f", axis={node.axis}"
            return f"{node.entry.name}({_inside(node.children[0])}{axis})", ATOM
        case OfMatrix():
            return f"{node.entry.name}({_inside(node.children[0])})", ATOM
        case Slice():
            return f"{_within(node.children[0], ATOM)}[{_spans(node)}]", ATOM
        case Place():
            shape = ", ".join(map(str, node.shape))
            return f"zeros({shape})[{_spans(node)} = {_inside(node.children[0])}]", ATOM
        case Stack():
            return f"[{_blocks(node)}]", ATOM
        case Unspecified():
            written = list(map(_inside, node.children))
            return node.entry.text(written, argument_names(node)), ATOM
    raise TypeError(type(node).__name__)


def _spans(node: Slice | Place) -> str:
    """The places in rows and columns; those of a column in its rows alone."""
    shape = _sliced(node).shape
    kept = 1 if shape[1] == 1 else 2
    return ", ".join(map(span_text, node.spans[:kept], shape[:kept]))


def _sliced(node: Slice | Place) -> Node:
    return node.children[0] if isinstance(node, Slice) else node


def span_text(span: Span, extent: Extent) -> str:
    """Places along an axis as NumPy has it, the last one left out: 0, 1:3, :k, ::2."""
    if span.extent == 1:
        return str(span.start)
    start = "" if span.start == 0 else str(span.start)
    stop = "" if span.stop == extent else str(span.stop)
    return f"{start}:{stop}" + ("" if span.step == 1 else f":{span.step}")


def _blocks(node: Node) -> str:
    """Blocks as MATLAB has it: rows below one another after semicolons."""
    if not isinstance(node, Stack):
        return _inside(node)
    separator = "; " if node.axis == 0 else ", "
    nested = [_blocks(block) if node.axis == 0 else _inside(block) for block in node.children]
    return separator.join(nested)


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
        negative = _negative(term)
        written = _written(term)[0] if negative else _within(term, PRODUCT)
        if negative:
            parts.append((" - " if index else "-") + written.removeprefix("-"))
        else:
            parts.append((" + " if index else "") + written)
    return "".join(parts)


def _negative(node: Node) -> bool:
    if isinstance(node, Number):
        return node.value < 0
    return isinstance(node, Product) and node.coefficient is not UNIT and node.coefficient < 0


def _is_root(node: Power) -> bool:
    return isinstance(node.exponent, Number) and node.exponent.value == Fraction(1, 2)


def _power_precedence(node: Power) -> int:
    if _is_root(node):
        return ATOM
    return PRODUCT if _is_divisor(node) else POWER


def _is_divisor(node: Power) -> bool:
    return isinstance(node.exponent, Number) and node.exponent.value < 0


def _power(node: Power) -> str:
    if _is_root(node):
        return f"sqrt({_inside(node.base)})"
    sign = ".**" if node.shape else "**"
    if _is_divisor(node):
        return _product(Product(node.shape, (node,), (Fraction(1), "Fraction")))
    return f"{_within(node.base, ATOM)}{sign}{_within(node.exponent, ATOM)}"


def _product(node: Product) -> str:
    """Factors over divisors; `.*` between two matrices, `*` where a number scales."""
    coefficient = node.coefficient
    over: list[tuple[str, bool]] = []
    matrices = sum(1 for factor in node.children if factor.shape)
    under: list[Node] = []
    for factor in node.children:
        inverse = divisor_of(factor) if isinstance(factor, Power) else None
        if inverse is None:
            first = isinstance(factor, MatMul) and matrices < 2 and (bool(factor.shape) or not over)
            least = PRODUCT if first else UNARY
            over.append((_within(factor, least), bool(factor.shape)))
        else:
            under.append(inverse)
    magnitude = coefficient if coefficient is UNIT else abs(coefficient)
    if magnitude is UNIT:
        pass
    elif isinstance(magnitude, Fraction):
        if magnitude.numerator != 1 or not over:
            over.insert(0, (str(magnitude.numerator), False))
        if magnitude.denominator != 1:
            under.insert(0, Number(magnitude.denominator))
    elif magnitude != 1.0:
        over.insert(0, (repr(magnitude), False))
    written, matrix = over[0] if over else ("1", False)
    for part, is_matrix in over[1:]:
        written += (".*" if matrix and is_matrix else "*") + part
        matrix = matrix or is_matrix
    sign = "-" if _negative(node) else ""
    return sign + written + _divisor(under) if under else sign + written


def _divisor(under: list[Node]) -> str:
    """Several divisors as one product, numbers before matrices: `/(2*n)`, `./(2*n*X)`."""
    ordered = sorted(under, key=lambda divisor: bool(divisor.shape))
    parts = [_within(divisor, UNARY + 1) for divisor in ordered]
    matrices = [divisor for divisor in under if divisor.shape]
    if not parts:
        return ""
    last = len(parts) - max(len(matrices) - 1, 0)
    product = ".*".join(["*".join(parts[:last]), *parts[last:]])
    sign = "./" if matrices else "/"
    return sign + (product if len(parts) == 1 else f"({product})")
