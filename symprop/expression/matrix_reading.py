"""The rules that read functions of whole matrices, entries, slices, blocks, explicit matrices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy
from sympy import BlockDiagMatrix, BlockMatrix, Expr, KroneckerDelta, MatPow, Number
from sympy.matrices.expressions.diagonal import DiagonalMatrix
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.matrices.matrixbase import MatrixBase

from symprop.errors import ShapeError, UnsupportedError
from symprop.expression.algebra import ONE, ZERO, add, filled, matmul, multiply, power, transpose
from symprop.expression.blocks import sign_of, slice_of, stack
from symprop.expression.matrices import of_matrix
from symprop.expression.nodes import Extent, Identity, Node, Span
from symprop.expression.scope import Scope, as_taken, read
from symprop.expression.shapes import matrix_shape, same, shape_text
from symprop.expression.showing import shortened
from symprop.expression.ways_out import way_out
from symprop.functions.blocks import StackedMatrix
from symprop.functions.matrices import MATRIX_FUNCTIONS, diagonal, diagonal_matrix, inverse

LARGEST_POWER = 64
"""A power of a matrix is a product of so many factors at most."""

LARGEST_EXPLICIT = 10_000
"""Of a matrix that is given entry by entry every one is read, differentiated and written out."""

# -- functions of a matrix ------------------------------------------------------------------------


def _of_matrix(expression: Any, scope: Scope) -> Node:
    entry, argument = MATRIX_FUNCTIONS[type(expression)], scope.read(expression.args[0])
    if entry is diagonal_matrix and argument.shape[:1] == (1,):  # SymPy makes it of x.T
        argument = transpose(argument)
    return as_taken(expression, of_matrix(entry, argument))


for _class in MATRIX_FUNCTIONS:
    read.register(_class, _of_matrix)


@read.register(DiagonalMatrix)
def _(expression: DiagonalMatrix, scope: Scope) -> Node:
    """The matrix with its diagonal alone."""
    return of_matrix(diagonal_matrix, of_matrix(diagonal, scope.read(expression.arg)))


@read.register(MatPow)
def _(expression: MatPow, scope: Scope) -> Node:
    base, exponent = scope.read(expression.base), expression.exp
    if not base.shape:
        return power(base, scope.read(exponent))
    if not same(*base.shape):
        raise ShapeError(
            f"{expression.base} is {shape_text(base.shape)}: only a square matrix has powers",
            hint=f"write HadamardPower({expression.base}, {exponent}) for entry by entry",
        )
    if not exponent.is_Integer or abs(exponent) > LARGEST_POWER:
        raise UnsupportedError(
            f"the matrix power {shortened(expression)} is not supported",
            hint=f"whole exponents up to {LARGEST_POWER} are; HadamardPower({expression.base}, "
            f"{exponent}) acts entry by entry",
        )
    if exponent == 0:
        return Identity(base.shape)
    factor = base if exponent > 0 else of_matrix(inverse, base)
    return matmul(*[factor] * abs(int(exponent)))


# -- entries and slices ---------------------------------------------------------------------------


@read.register(MatrixElement)
def _(expression: MatrixElement, scope: Scope) -> Node:
    matrix = scope.read(expression.parent)
    spans = _entry(matrix, (expression.i, expression.j), scope)
    _check_inside(expression, matrix, spans)
    return slice_of(matrix, *spans)


@read.register(KroneckerDelta)
def _(expression: KroneckerDelta, scope: Scope) -> Node:
    """An entry of an identity matrix, as SymPy writes it: (A + Identity(n))[0, n - 1]."""
    i, j = (read_extent(index, scope) for index in expression.args[:2])
    sign = sign_of(i - j)
    if sign is not None:
        return ONE if sign == 0 else ZERO
    if not expression.delta_range:
        raise UnsupportedError(
            f"{shortened(expression)} is 1 or 0, depending on the sizes", hint=way_out(expression)
        )
    identity = _identity_of(expression, scope)
    return slice_of(identity, one(i, identity.shape[0]), one(j, identity.shape[1]))


def _identity_of(expression: KroneckerDelta, scope: Scope) -> Node:
    """The identity matrix that has a KroneckerDelta as its entry."""
    rows = read_extent(expression.delta_range[1] + 1, scope)
    return Identity((rows, rows))


@read.register(MatrixSlice)
def _(expression: MatrixSlice, scope: Scope) -> Node:
    matrix = scope.read(expression.parent)
    spans = []
    for start, stop, step in (expression.rowslice, expression.colslice):
        if not step.is_Integer or step < 1:
            raise UnsupportedError(
                f"the slice {shortened(expression)} has the step {step}",
                hint="steps are whole numbers from 1 on",
            )
        spans.append(Span(read_extent(start, scope), read_extent(stop, scope), int(step)))
    _check_inside(expression, matrix, spans)
    return slice_of(matrix, *spans)


def one(index: Extent, extent: Extent) -> Span:
    """A single place along an axis of this extent; a negative one is counted from the end."""
    start = extent + index if isinstance(index, int) and index < 0 else index
    return Span(start, start + 1)


def _entry(matrix: Node, indices: Iterable[Any], scope: Scope) -> list[Span]:
    pairs = zip(indices, matrix.shape or (1, 1), strict=True)
    return [one(read_extent(index, scope), extent) for index, extent in pairs]


def read_extent(index: Any, scope: Scope) -> Extent:
    """An index or a bound as a whole number, or as an expression in sizes."""
    expression = sympy.S(index)
    if expression.is_Integer:
        return int(expression)
    if (
        not isinstance(expression, Expr)
        or not all(symbol.name in scope.sizes for symbol in expression.free_symbols)
        or expression.is_integer is False
    ):
        raise UnsupportedError(
            f"the index {expression} is neither a whole number nor made of sizes",
            hint="write a number, as in A[0, 1]; to choose a row by data, multiply by a one-hot "
            "row",
        )
    whole = all(number.is_Integer for number in expression.atoms(Number))
    if not whole or not expression.is_polynomial(*expression.free_symbols):
        raise UnsupportedError(
            f"the index {expression} is not a whole number for all sizes",
            hint="declare a size for it: a matrix of 2*M rows has the halves A[:M, :], A[M:, :]",
        )
    return expression


def _check_inside(expression: Any, matrix: Node, spans: list[Span]) -> None:
    shape = matrix.shape or (1, 1)
    for span, extent in zip(spans, shape, strict=True):
        outside = sign_of(extent - span.stop) == -1 or sign_of(span.start) == -1
        if outside or sign_of(span.stop - span.start) in (-1, 0):
            raise ShapeError(
                f"{shortened(expression)} is outside of {shape_text(shape)}",
                hint="rows and columns are counted from 0, or from -1 backwards",
            )


# -- blocks and explicit matrices -----------------------------------------------------------------


@read.register(StackedMatrix)
def _(expression: StackedMatrix, scope: Scope) -> Node:
    return stack([scope.read(block) for block in expression.blocks], int(expression.args[-1]))


@read.register(BlockMatrix)
def _(expression: BlockMatrix, scope: Scope) -> Node:
    return _explicit(expression.blocks, scope)


@read.register(BlockDiagMatrix)
def _(expression: BlockDiagMatrix, scope: Scope) -> Node:
    return _explicit(expression.blocks, scope)


@read.register(MatrixBase)
def _(expression: Any, scope: Scope) -> Node:
    return _explicit(expression, scope)


def _explicit(matrix: Any, scope: Scope) -> Node:
    """A matrix given entry by entry, or block by block."""
    if 0 in matrix.shape:
        raise ShapeError(
            f"a {shape_text(matrix.shape)} matrix is empty", hint="give it a row and a column"
        )
    if matrix.rows * matrix.cols > LARGEST_EXPLICIT:
        raise UnsupportedError(
            f"a {shape_text(matrix.shape)} matrix is too large to be given entry by entry",
            hint='declare it as an input, MatrixSymbol("A", D, N), and give its values as data',
        )
    rows = []
    for i in range(matrix.rows):
        entries = [matrix[i, j] for j in range(matrix.cols)]
        rows.append(stack([as_taken(entry, scope.read(entry)) for entry in entries], 1))
    return stack(rows, 0)


# -- sums over an index ---------------------------------------------------------------------------


@read.register(sympy.Sum)
def _(expression: sympy.Sum, scope: Scope) -> Node:
    """What SymPy makes of an entry of a product, `(x.T*A*x)[0, 0]`, read as the product again."""
    terms = sympy.Add.make_args(sympy.expand_mul(expression.function))
    return add(*(_Contraction(expression, scope).of(term) for term in terms))


def _spans(expression: Any, scope: Scope) -> dict[Any, Span]:
    """The indices of a sum and the places that they go through."""
    return {
        index: Span(read_extent(lower, scope), read_extent(upper, scope) + 1)
        for index, lower, upper in expression.limits
    }


Labelled = tuple[Node, Any, Any]
"""A matrix with the index that counts its rows and the one that counts its columns, or None."""


class _Contraction:
    """A product of entries, summed over the indices of a sum, as a product of matrices."""

    def __init__(self, expression: Any, scope: Scope) -> None:
        self.expression = expression
        self.spans = _spans(expression, scope)
        self.scope = scope

    def of(self, term: Any) -> Node:
        """The sum of one product."""
        factors = [self._labelled(f) for f in self._factors(term)]
        for index in reversed(self.spans):
            holding = [factor for factor in factors if index in factor[1:]]
            others = [factor for factor in factors if index not in factor[1:]]
            factors = [*others, self._eliminated(index, holding)]
        return multiply(*(node for node, _, _ in factors))

    def _factors(self, term: Any) -> list[Any]:
        """The factors of a product; whole powers, and sums inside it, are written out."""
        found = []
        for factor in sympy.Mul.make_args(term):
            if factor.is_Pow and factor.exp.is_Integer and factor.exp > 0:
                found.extend(self._factors(factor.base) * int(factor.exp))
            elif isinstance(factor, sympy.Sum):
                self.spans.update(_spans(factor, self.scope))
                found.extend(self._factors(factor.function))
            else:
                found.append(factor)
        return found

    def _refused(self) -> UnsupportedError:
        return UnsupportedError(
            f"the sum {shortened(self.expression)} is no product of matrices",
            hint="write dot(a, b), total(...) or scalar(x.T*A*x) for it",
        )

    def _labelled(self, factor: Any) -> Labelled:
        if not self.spans.keys() & factor.free_symbols:
            return self.scope.read(factor), None, None
        matrix, indices = self._entry(factor)
        spans, labels = [], []
        for index, extent in zip(indices, matrix.shape or (1, 1), strict=True):
            summed = index in self.spans
            if not summed and self.spans.keys() & index.free_symbols:
                raise self._refused()
            place = None if summed else one(read_extent(index, self.scope), extent)
            spans.append(place or self.spans[index])
            labels.append(index if summed else None)
        _check_inside(factor, matrix, spans)
        return slice_of(matrix, *spans), labels[0], labels[1]

    def _entry(self, factor: Any) -> tuple[Node, tuple[Any, Any]]:
        """The matrix that a factor is an entry of, and its indices."""
        if isinstance(factor, MatrixElement):
            return self.scope.read(factor.parent), (factor.i, factor.j)
        if isinstance(factor, KroneckerDelta) and factor.delta_range:
            return _identity_of(factor, self.scope), factor.args[:2]
        raise self._refused()

    def _eliminated(self, index: Any, holding: list[Labelled]) -> Labelled:
        """The factors that hold an index, multiplied and summed over it."""
        vectors: list[Node] = []
        matrices: dict[Any, Node] = {}
        for node, row, column in holding:
            if row == column == index:
                vectors.append(of_matrix(diagonal, node))
                continue
            partner = column if row == index else row
            turned = node if row == index else transpose(node)  # the index counts the rows
            if partner is None:
                vectors.append(turned)
            else:
                known = matrices.get(partner)
                matrices[partner] = turned if known is None else multiply(known, turned)
        extent = self.spans[index].extent
        if len(matrices) > 2:
            raise self._refused()
        ones = filled(ONE, matrix_shape(extent, 1))
        if not matrices:
            first, *rest = vectors or [ones]
            return matmul(transpose(first), multiply(ones, *rest)), None, None
        vector = multiply(ones, *vectors)
        (first_label, left), *other = matrices.items()
        if not other:
            return matmul(transpose(left), vector), first_label, None
        ((label, right),) = other
        if not vectors:
            return matmul(transpose(left), right), first_label, label
        weighted = matmul(transpose(left), of_matrix(diagonal_matrix, vector), right)
        return weighted, first_label, label
