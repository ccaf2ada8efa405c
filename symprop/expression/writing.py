"""Writing canonical form back as plain SymPy, in the user's symbols.

SymPy reorders sums and products as it likes; the order is kept only in the canonical form.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import (
    Add,
    HadamardPower,
    HadamardProduct,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Symbol,
)
from sympy.matrices.expressions.hadamard import canonicalize
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice

from symprop.errors import DerivationError
from symprop.expression import nodes
from symprop.expression.nodes import (
    Along,
    Apply,
    Constant,
    Extent,
    Identity,
    Leaf,
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
)
from symprop.expression.shapes import same
from symprop.functions.blocks import StackedMatrix
from symprop.functions.classes import is_matrix
from symprop.functions.reductions import scalar, total


def to_sympy(node: Node, symbols: Mapping[str, Any]) -> Any:
    """`node` as a SymPy expression; `symbols` gives the user's symbol for a name.

    Raises DerivationError for a power that SymPy cannot make.
    """
    written: dict[Node, Any] = {}

    def write(current: Node) -> Any:
        if current not in written:
            written[current] = _write(
                current, [write(child) for child in current.children], symbols
            )
        return written[current]

    return write(node)


def _write(node: Node, parts: list[Any], symbols: Mapping[str, Any]) -> Any:
    match node:
        case Leaf():
            return _symbol(node, symbols)
        case Number():
            return _number(node.value)
        case Constant():
            return node.symbol
        case Size():
            return node.extent
        case Ones():
            return OneMatrix(*node.shape)
        case Identity():
            return sympy.Identity(node.shape[0])
        case Sum():
            return _sum(node, parts)
        case Product():
            return _product(node, parts)
        case Power():
            return HadamardPower(*parts) if node.shape else _power(*parts)
        case nodes.MatMul():
            product = MatMul(*parts)
            return product if node.shape else scalar(product)
        case Transpose():
            return parts[0].T
        case Apply():
            return node.entry(*parts)
        case Total():
            return total(parts[0], node.axis)
        case Along():
            column = node.axis == 0 and node.children[0].shape[1] == 1
            return node.entry(parts[0], axis=None if column else node.axis)
        case OfMatrix():
            return node.entry.build(parts[0])
        case Slice():
            return _slice(node, parts[0])
        case Place():
            return _placed(node, parts[0])
        case Stack():
            return StackedMatrix(*parts, sympy.Integer(node.axis))
        case Unspecified():
            return node.entry.call(parts, node.value_shape)
    raise TypeError(type(node).__name__)


def _slice(node: Slice, part: Any) -> Any:
    rows, columns = node.spans
    if not node.shape:
        return MatrixElement(part, sympy.S(rows.start), sympy.S(columns.start))
    if rows.step == columns.step == 1:
        return MatrixSlice(part, *((span.start, span.stop, 1) for span in node.spans))
    (argument,) = node.children
    left, right = map(_selection, node.spans, argument.shape)
    return MatMul(*left, part, *(selection.T for selection in right))


def _placed(node: Place, part: Any) -> Any:
    """E*part*F, where E and F have a one wherever a row or a column goes."""
    rows, columns = map(_selection, node.spans, node.shape)
    before = [selection.T for selection in rows]
    return MatMul(*before, part, *columns) if is_matrix(part) else MatMul(part, *before, *columns)


def _selection(span: Span, extent: Extent) -> list[Any]:
    """The matrix that picks some rows, none where it is all of them.

    SymPy gives a slice with a step another shape than it has.
    """
    if span.step == 1:
        whole = span.start == 0 and same(span.stop, extent)
        picked = (span.start, span.stop, 1), (0, extent, 1)
        return [] if whole else [MatrixSlice(sympy.Identity(extent), *picked)]
    places = range(*map(int, (span.start, span.stop, span.step)))
    rows = [[int(i == j) for j in range(int(extent))] for i in places]
    return [sympy.ImmutableMatrix(rows)]


def _power(base: Any, exponent: Any) -> Any:
    try:
        return base**exponent
    except TypeError:  # it takes the exponent apart, and trips over the matrices a - 2*b inside
        raise DerivationError(
            f"SymPy makes no power whose exponent is {exponent}",
            hint='give the exponent a step of its own, and take form="steps" or "delta"',
        ) from None


def _symbol(leaf: Leaf, symbols: Mapping[str, Any]) -> Any:
    symbol = symbols.get(leaf.name)
    if symbol is None:
        return MatrixSymbol(leaf.name, *leaf.shape) if leaf.shape else Symbol(leaf.name, real=True)
    return symbol[0, 0] if is_matrix(symbol) and not leaf.shape else symbol


def _number(value: Fraction | float) -> Any:
    if isinstance(value, Fraction):
        return sympy.Rational(value.numerator, value.denominator)
    return sympy.Float(value)


def _filled(part: Any, node: Node) -> Any:
    """A scalar term of a sum of matrices is added to every entry."""
    return part * OneMatrix(*node.shape) if node.shape and not is_matrix(part) else part


def _sum(node: Sum, parts: list[Any]) -> Any:
    """SymPy's own `+` works through its terms again and again: here only the top is tidied."""
    if not node.shape:
        return Add(*parts)
    return _tidied(MatAdd(*(_filled(part, node) for part in parts)))


def _product(node: Product, parts: list[Any]) -> Any:
    scalars = [part for part in parts if not is_matrix(part)]
    matrices = [part for part in parts if is_matrix(part)]
    first, rest = (scalars[0], scalars[1:]) if scalars else (1, [])
    factor = Mul(_number(node.coefficient) * first, *rest)  # -(y - h)*x as SymPy has it: (h - y)*x
    if not matrices:
        return factor
    matrix = canonicalize(HadamardProduct(*matrices)) if len(matrices) > 1 else matrices[0]
    return matrix if factor == 1 else _tidied(MatMul(factor, matrix))


def _tidied(matrix: Any) -> Any:
    """SymPy asks whether scalar factors are zero, and trips over the matrices a - 2*b in some.

    There the factors have names meanwhile.
    """
    try:
        return matrix.doit(deep=False)
    except TypeError:
        products = [part for part in (matrix, *matrix.args) if isinstance(part, MatMul)]
        args = [arg for part in products for arg in part.args]
        factors = dict.fromkeys(arg for arg in args if not (arg.is_Atom or is_matrix(arg)))
        names = {factor: sympy.Dummy(real=True) for factor in factors}
        factor_of = {name: factor for factor, name in names.items()}
        return matrix.xreplace(names).doit(deep=False).xreplace(factor_of)
