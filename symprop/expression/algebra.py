"""Making nodes: sums, products, powers, matrix products and totals in canonical form.

Canonical means: sums and products flat, like terms and equal bases collected where they first
stand, scalars pulled out of matrix products, runs of a matrix product that close to 1 x 1 made
scalars, transposes at the leaves. Nothing is expanded and nothing is reordered beyond that, except
that a sum does not begin with a minus where a plain positive term could come first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial, singledispatch
from typing import TYPE_CHECKING

from sympy import Rational

from symprop.errors import ShapeError
from symprop.expression.nodes import (
    SCALAR,
    UNIT,
    Along,
    Apply,
    Extent,
    Identity,
    Leaf,
    MatMul,
    Node,
    Number,
    OfMatrix,
    Ones,
    Power,
    Product,
    Shape,
    Size,
    Stack,
    Sum,
    Total,
    Transpose,
)
from symprop.expression.shapes import common_shape, matrix_shape, same, shape_text
from symprop.functions.matrices import diagonal_matrix, inverse
from symprop.functions.softmax import softmax

if TYPE_CHECKING:
    from symprop.functions.vocabulary import AlongAxis, EntryByEntry

Coefficient = Fraction | float
ZERO, ONE = Number(0), Number(1)


def extent_node(extent: Extent) -> Node:
    """A size as a number in an expression."""
    if isinstance(extent, int):
        return Number(extent)
    return Number(int(extent)) if extent.is_Integer else Size(extent)


def filled(scalar: Node, shape: Shape) -> Node:
    """A matrix of `shape` whose entries all are `scalar`."""
    return multiply(scalar, Ones(shape)) if shape and not scalar.shape else scalar


# -- sums -----------------------------------------------------------------------------------------


def split_coefficient(node: Node) -> tuple[Coefficient, Node]:
    """`node` as a number times the rest (1 for a plain number)."""
    if isinstance(node, Number):
        return node.value, ONE
    if isinstance(node, Product):
        coefficient = node.coefficient
        if coefficient is not UNIT and coefficient != 1:
            return coefficient, _product(UNIT, node.children, node.shape)
    return UNIT, node


def add(*terms: Node) -> Node:
    """The sum of `terms`, like terms collected; raises ShapeError for two different shapes."""
    if len(terms) == 1:
        return terms[0]
    terms = _like_sums(terms)
    flat = [part for term in terms for part in (term.children if type(term) is Sum else (term,))]
    shape = common_shape((*flat, *terms), "add")
    collected: dict[Node, Coefficient] = {}
    met: dict[object, Node] = {}
    for term in flat:
        coefficient, rest = split_coefficient(term)
        if shape and rest.shape:
            rest = _without_ones(rest)
        if type(rest) is Product:
            rest = met.setdefault(frozenset(rest.children), rest)  # whatever their order
        collected[rest] = collected[rest] + coefficient if rest in collected else coefficient
    kept = [scale(coefficient, rest) for rest, coefficient in collected.items() if coefficient != 0]
    if not kept:
        return filled(ZERO, shape)
    if any(type(term) is Sum for term in kept):
        return add(*kept, *([filled(ZERO, shape)] if shape else []))
    if shape and not any(term.shape for term in kept):
        return filled(add(*kept), shape)
    if len(kept) == 1:
        return kept[0]
    turned = _turned_back(kept) if shape else None
    if turned is not None:
        return transpose(add(*turned))
    return Sum(shape, _positive_first(tuple(kept), shape))


def _like_sums(terms: tuple[Node, ...]) -> tuple[Node, ...]:
    """(y - h) + (y - h) as 2*(y - h): equal sums are collected before their brackets go."""
    if sum(map(_is_scaled_sum, terms)) < 2:
        return terms
    sums: dict[Node, Coefficient] = {}
    for term in terms:
        coefficient, rest = split_coefficient(term)
        if type(rest) is Sum:
            sums[rest] = sums.get(rest, Fraction(0)) + coefficient
    if sum(type(split_coefficient(term)[1]) is Sum for term in terms) == len(sums):
        return terms
    collected: list[Node] = []
    for term in terms:
        _, rest = split_coefficient(term)
        if rest not in sums:
            collected.append(term if type(rest) is not Sum else ZERO)
        else:
            collected.append(scale(sums.pop(rest), rest))
    return tuple(collected)


def _is_scaled_sum(term: Node) -> bool:
    """Whether a term is a number times a sum."""
    inner = term.children[0] if type(term) is Product and len(term.children) == 1 else term
    return type(inner) is Sum


def _without_ones(node: Node) -> Node:
    """In a sum of matrices `s*Ones` is the scalar `s`."""
    if isinstance(node, Ones):
        return ONE
    if isinstance(node, Product) and any(isinstance(factor, Ones) for factor in node.children):
        rest = [factor for factor in node.children if not isinstance(factor, Ones)]
        return multiply(Number(node.coefficient), *rest)
    return node


def _positive_first(terms: tuple[Node, ...], shape: Shape) -> tuple[Node, ...]:
    """`p - y`, not `-y + p`; a number that begins with a reduction keeps its order."""
    head = terms[0]
    reduction = not shape and any(isinstance(part, Total) for part in head.children)
    if split_coefficient(head)[0] >= 0 or reduction:
        return terms
    for index, term in enumerate(terms):
        if split_coefficient(term)[0] > 0:
            return (term, *terms[:index], *terms[index + 1 :])
    return terms


def subtract(a: Node, b: Node) -> Node:
    """`a - b`, entry by entry."""
    return add(a, scale(-1, b))


# -- products entry by entry ----------------------------------------------------------------------


def _product(coefficient: Coefficient, factors: Sequence[Node], shape: Shape) -> Node:
    if not factors:
        return Number(coefficient)
    if coefficient == 1:
        if len(factors) == 1:
            return factors[0]
        if type(coefficient) is Fraction:
            coefficient = UNIT
    return Product(shape, tuple(factors), (coefficient, type(coefficient).__name__))


def scale(coefficient: Coefficient | int, node: Node) -> Node:
    """A number times `node`."""
    if coefficient is UNIT or coefficient == 1:
        return node
    return multiply(Number(coefficient), node)


_NAMES = (Leaf, Apply)
"""What is never taken apart in a product of numbers."""


def multiply(*factors: Node) -> Node:
    """The product entry by entry, equal bases collected; raises ShapeError for two shapes."""
    if len(factors) == 1:
        return factors[0]
    if len(factors) == 2:
        a, b = factors
        if type(a) in _NAMES and type(b) in _NAMES and not a.shape and not b.shape and a != b:
            return Product(SCALAR, factors, (UNIT, "Fraction"))
        if ONE in factors:
            return b if a == ONE else a
    shape = common_shape(factors, "multiply entry by entry")
    coefficient: Coefficient = UNIT
    exponents: dict[Node, Node] = {}
    pending = list(reversed(factors))
    while pending:
        factor = pending.pop()
        if isinstance(factor, Number):
            coefficient = coefficient * factor.value
        elif isinstance(factor, Product):
            if factor.coefficient is not UNIT:
                coefficient = coefficient * factor.coefficient
            pending.extend(reversed(factor.children))
        elif not isinstance(factor, Ones):
            is_power = isinstance(factor, Power)
            base, exponent = factor.children if is_power else (factor, ONE)
            exponents[base] = add(exponents[base], exponent) if base in exponents else exponent
    if coefficient == 0:
        exponents.clear()
    kept = [
        base if exponent is ONE else power(base, exponent)
        for base, exponent in exponents.items()
        if exponent is ONE or not (isinstance(exponent, Number) and exponent.value == 0)
    ]
    if any(isinstance(factor, (Number, Product)) for factor in kept):
        return multiply(Number(coefficient), *kept, *([Ones(shape)] if shape else []))
    if shape and not any(factor.shape for factor in kept):
        kept.append(Ones(shape))
    matrices = [factor for factor in kept if factor.shape]
    turned = _turned_back(matrices) if len(matrices) > 1 else None
    if turned is not None:
        scalars = [factor for factor in kept if not factor.shape]
        return multiply(Number(coefficient), *scalars, transpose(multiply(*turned)))
    return _product(coefficient, kept, shape)


def power(base: Node, exponent: Node) -> Node:
    """`base` to the power `exponent`, entry by entry; the exponent is a scalar."""
    if exponent.shape:
        raise ShapeError(
            f"an exponent must be a scalar, not {shape_text(exponent.shape)}",
            hint="write exp(hadamard_product(B, log(A))) for entries of A to those of B",
        )
    if isinstance(base, Ones) or ONE in (base, exponent):
        return base
    if isinstance(base, Transpose):
        return transpose(power(base.children[0], exponent))
    if isinstance(exponent, Number) and exponent.value == 0:
        return filled(ONE, base.shape)
    if isinstance(exponent, Number) and exponent.value == int(exponent.value):
        whole = int(exponent.value)
        if isinstance(base, Number) and (base.value != 0 or whole > 0):
            return Number(base.value**whole)
        if isinstance(base, Product):
            raised = [power(factor, exponent) for factor in base.children]
            return multiply(Number(base.coefficient**whole), *raised)
        if isinstance(base, Power):
            return power(base.base, multiply(base.exponent, exponent))
    if isinstance(base, Power) and _is_odd(base.exponent):
        return power(base.base, multiply(base.exponent, exponent))
    return Power(base.shape, (base, exponent))


def _is_odd(exponent: Node) -> bool:
    """Whether a power has the sign of its base: (1/u)**(1/2) is u**(-1/2)."""
    return isinstance(exponent, Number) and exponent.value % 2 == 1


def divide(a: Node, b: Node) -> Node:
    """`a / b`, entry by entry."""
    return multiply(a, power(b, Number(-1)))


def divisor_of(factor: Node) -> Node | None:
    """What a factor divides by: 1/factor of a negative power, None of anything else."""
    if isinstance(factor, Power) and isinstance(factor.exponent, Number):
        if factor.exponent.value < 0:
            return power(factor.base, Number(-factor.exponent.value))
    return None


# -- matrix products ------------------------------------------------------------------------------


def matmul(*factors: Node) -> Node:
    """The matrix product in order; scalar factors scale, runs that close to 1 x 1 become scalars.

    Raises ShapeError where neighbours do not fit.
    """
    scalars: list[Node] = []
    runs: list[list[Node]] = []
    for factor in factors:
        scalar, matrix = _split_scalars(factor)
        scalars.extend(scalar)
        if matrix is not None:
            _append_to_run(matrix, runs, scalars)
    if len(runs) > 1:
        left, right = (shape_text(_run_shape(run)) for run in runs[-2:])
        raise ShapeError(
            f"cannot multiply {left} by {right}",
            hint="transpose a factor, change the order, or use hadamard_product entry by entry",
        )
    return multiply(*scalars, *(_chain(run) for run in runs))


def _split_scalars(factor: Node) -> tuple[list[Node], Node | None]:
    """The scalar factors of `factor`, and the matrix that remains."""
    if not factor.shape:
        return [factor], None
    if isinstance(factor, Product):
        scalars: list[Node] = [part for part in factor.children if not part.shape]
        matrices = [part for part in factor.children if part.shape]
        return [Number(factor.coefficient), *scalars], multiply(*matrices)
    return [], factor


def _append_to_run(matrix: Node, runs: list[list[Node]], scalars: list[Node]) -> None:
    """Add a factor to the product so far; SymPy has flattened its brackets, shapes restore them."""
    parts = matrix.children if isinstance(matrix, MatMul) else (matrix,)
    for part in parts:
        if runs and same(_run_shape(runs[-1])[1], part.shape[0]):
            runs[-1].append(part)
        else:
            runs.append([part])
        if matrix_shape(*_run_shape(runs[-1])) == SCALAR:
            scalars.append(_chain(runs.pop()))
        elif len(runs) > 1 and same(_run_shape(runs[-2])[1], _run_shape(runs[-1])[0]):
            last = runs.pop()
            runs[-1].extend(last)


def _run_shape(run: Sequence[Node]) -> Shape:
    return run[0].shape[0], run[-1].shape[1]


def _chain(factors: list[Node]) -> Node:
    """A matrix product whose neighbours fit, its inner 1 x 1 runs taken out."""
    for start in range(len(factors)):
        if factors[start].shape[0] != 1:
            continue
        for end in range(start + 2, len(factors) + 1):
            if factors[end - 1].shape[1] == 1 and end - start < len(factors):
                inner = _chain(factors[start:end])
                return multiply(inner, _chain(factors[:start] + factors[end:]))
    shape = matrix_shape(*_run_shape(factors))
    kept = _without_inverses([f for f in factors if not isinstance(f, Identity)])
    if not kept:
        return Identity(shape)
    if len(kept) == 1:
        return kept[0]
    shorter = _with_totals(kept) or _scaled_by_diagonal(kept)
    return MatMul(shape, tuple(kept)) if shorter is None else matmul(*shorter)


def _with_totals(factors: Sequence[Node]) -> list[Node] | None:
    """A product with a matrix of ones beside it as sums of rows or columns; None without one."""
    for place, ones in enumerate(factors):
        if not isinstance(ones, Ones):
            continue
        before, after = list(factors[:place]), list(factors[place + 1 :])
        rows, columns = ones.shape
        if before and rows != 1:  # A 1 1' = total(A, axis=1) 1'
            rest = [Ones((1, columns))] if columns != 1 else []
            return [*before[:-1], total(before[-1], 1), *rest, *after]
        if after and columns != 1:
            rest = [Ones((rows, 1))] if rows != 1 else []
            return [*before, *rest, total(after[0], 0), *after[1:]]
        if after and isinstance(after[0], Ones):
            return [*before, Ones((rows, after[0].shape[1])), *after[1:]]
    return None


def _without_inverses(factors: Sequence[Node]) -> list[Node]:
    """A product in which a matrix and its inverse beside it have cancelled."""
    kept: list[Node] = []
    for factor in factors:
        if kept and (_is_inverse(kept[-1], factor) or _is_inverse(factor, kept[-1])):
            kept.pop()
        else:
            kept.append(factor)
    return kept


def _is_inverse(node: Node, other: Node) -> bool:
    """Whether `node` is written as the inverse of `other`."""
    if isinstance(node, Transpose) and isinstance(other, Transpose):
        node, other = node.children[0], other.children[0]
    return isinstance(node, OfMatrix) and node.entry is inverse and node.children[0] == other


def _scaled_by_diagonal(factors: Sequence[Node]) -> list[Node] | None:
    """diag(a) x = a .* x for a column x, and x' diag(a) = x' .* a' for a row."""
    last, first = factors[-2:], factors[:2]
    if last[1].shape[1] == 1 and _is_diagonal(last[0]):
        column = multiply(last[0].children[0], last[1])
        return [*factors[:-2], column]
    if first[0].shape[0] == 1 and _is_diagonal(first[1]):
        row = multiply(first[0], transpose(first[1].children[0]))
        return [row, *factors[2:]]
    return None


def _is_diagonal(node: Node) -> bool:
    return isinstance(node, OfMatrix) and node.entry is diagonal_matrix


def transpose(node: Node) -> Node:
    """The transpose, pushed to the leaves; what is used twice is transposed once."""
    return _known_transpose(node, {})


def _known_transpose(node: Node, known: dict[Node, Node]) -> Node:
    if node not in known:
        inner = partial(_known_transpose, known=known)
        known[node] = transposed(node, inner) if node.shape else node
    return known[node]


@singledispatch
def transposed(node: Node, inner: Callable[[Node], Node]) -> Node:
    """The rule for the class of `node`, a matrix; `inner` transposes its children."""
    rows, columns = node.shape
    return Transpose((columns, rows), (node,))


@transposed.register
def _(node: Transpose, inner: Callable[[Node], Node]) -> Node:
    return node.children[0]


@transposed.register
def _(node: Ones, inner: Callable[[Node], Node]) -> Node:
    rows, columns = node.shape
    return Ones((columns, rows))


@transposed.register
def _(node: Identity, inner: Callable[[Node], Node]) -> Node:
    return node


@transposed.register
def _(node: Leaf, inner: Callable[[Node], Node]) -> Node:
    return node if node.symmetric else Transpose(node.shape[::-1], (node,))


@transposed.register
def _(node: MatMul, inner: Callable[[Node], Node]) -> Node:
    return matmul(*map(inner, reversed(node.children)))


def _entrywise_transposed(node: Node, inner: Callable[[Node], Node]) -> Node:
    """The transpose stays outside, unless that of a part is shorter or the part itself."""
    matrices = [child for child in node.children if child.shape]
    turned = [inner(child) for child in matrices]
    in_any_order = isinstance(node, Sum | Product) and set(turned) == set(matrices)
    if in_any_order or turned == matrices:
        return node
    scaled = type(node) is Product and len(matrices) == 1
    if scaled or any(_turned(child) is not None for child in matrices):
        return entrywise_of(node, [inner(child) for child in node.children])
    return Transpose(node.shape[::-1], (node,))


for _class in (Sum, Product, Power, Apply):
    transposed.register(_class, _entrywise_transposed)


def entrywise_of(node: Node, children: Sequence[Node]) -> Node:
    """An operation entry by entry with other children, in canonical form."""
    match node:
        case Sum():
            return add(*children)
        case Product():
            return multiply(Number(node.coefficient), *children)
        case Power():
            return power(*children)
        case Apply():
            return apply(node.entry, *children)
    raise TypeError(type(node).__name__)


def is_symmetric(node: Node) -> bool:
    """Whether a matrix is written so that it equals its transpose."""
    return len(node.shape) == 2 and same(*node.shape) and transpose(node) == node


def _turned(node: Node) -> Node | None:
    """The transpose of what is written with a transpose, None of anything else.

    Of a row such as x'A it is the column A'x.
    """
    match node:
        case Transpose():
            return node.children[0]
        case MatMul():
            first = isinstance(node.children[0], Transpose)
            row = node.shape[0] == 1
            if first and (row or all(isinstance(f, Transpose) for f in node.children)):
                return transpose(node)
        case Product():
            matrices = [factor for factor in node.children if factor.shape]
            if len(matrices) == 1 and _turned(matrices[0]) is not None:
                return transpose(node)
    return None


def _turned_back(parts: Sequence[Node]) -> list[Node] | None:
    """The transposes of matrices that are all written with one; None where one is not.

    Scalars, matrices of ones and symmetric matrices are their own.
    """
    found: list[Node] = []
    turning = False
    for part in parts:
        turned = _turned(part) if part.shape else part
        if turned is None:
            turned = transpose(part) if isinstance(part, Ones | Identity | Leaf) else None
            if turned is None or isinstance(turned, Transpose):
                return None
        else:
            turning = turning or bool(part.shape)
        found.append(turned)
    return found if turning else None


# -- functions and reductions ---------------------------------------------------------------------


def apply(entry: EntryByEntry, *arguments: Node) -> Node:
    """A function applied entry by entry."""
    turned = _turned_back(arguments)
    if turned is not None:
        return transpose(apply(entry, *turned))
    numbers = [argument for argument in arguments if isinstance(argument, Number)]
    if entry.kink is not None and len(numbers) == len(arguments):
        known = _of_numbers(entry, numbers)
        if known is not None:
            return known
    return Apply(common_shape(arguments, f"apply {entry.name} to"), tuple(arguments), (entry,))


def _of_numbers(entry: EntryByEntry, numbers: Sequence[Number]) -> Node | None:
    """A function of pieces at whole numbers and fractions, such as unit_step(0) = 0."""
    formula = getattr(entry, "value", None)
    if formula is None or any(isinstance(number.value, float) for number in numbers):
        return None
    exact = [Rational(*number.value.as_integer_ratio()) for number in numbers]
    value = formula.subs(dict(zip(entry.arguments, exact, strict=True)))
    return Number(Fraction(int(value.p), int(value.q))) if value.is_Rational else None


def along(entry: AlongAxis, argument: Node, axis: int) -> Node:
    """A function of whole columns (axis 0) or rows (axis 1)."""
    if not argument.shape:
        number: Node = entry.of_number(argument)
        return number
    if isinstance(argument, Transpose):
        return transpose(along(entry, argument.children[0], 1 - axis))
    rows, columns = argument.shape
    kept = (1, columns) if axis == 0 else (rows, 1)
    shape = matrix_shape(*kept) if entry.reduces else argument.shape
    return Along(shape, (argument,), (entry, axis))


def total(node: Node, axis: int | None = None) -> Node:
    """The sum of all entries, of each column (axis 0) or of each row (axis 1)."""
    if not node.shape:
        return node
    rows, columns = node.shape
    summed = {None: (rows, columns), 0: (rows, 1), 1: (1, columns)}[axis]
    kept = {None: SCALAR, 0: matrix_shape(1, columns), 1: matrix_shape(rows, 1)}[axis]
    if not kept:
        axis = None
    if summed == (1, 1):
        return node
    if isinstance(node, Ones):
        return filled(multiply(*map(extent_node, summed)), kept)
    if isinstance(node, Identity):
        return Ones(kept) if kept else extent_node(rows)
    if isinstance(node, Stack) and axis in (None, node.axis):
        return add(*(total(block, axis if block.shape else None) for block in node.children))
    if isinstance(node, Transpose):
        (turned,) = node.children
        return total(turned) if axis is None else transpose(total(turned, 1 - axis))
    if isinstance(node, Leaf | Along) and _sums_to_one(node, axis):
        return filled(ONE, kept)
    if isinstance(node, Product):
        scalars = [factor for factor in node.children if not factor.shape]
        if scalars or node.coefficient != 1:
            matrices = [factor for factor in node.children if factor.shape]
            return multiply(Number(node.coefficient), *scalars, total(multiply(*matrices), axis))
    if isinstance(node, Sum):
        parts = [total(filled(term, node.shape), axis) for term in node.children]
        shorter = add(*parts)
        terms = len(shorter.children) if isinstance(shorter, Sum) else 0
        simple = any(not any(isinstance(n, Total) for n in (p, *p.children)) for p in parts)
        if simple or terms < len(node.children):
            return shorter
    return Total(kept, (node,), (axis,))


def _sums_to_one(node: Leaf | Along, axis: int | None) -> bool:
    """Whether the sum of labels, or of a softmax, is 1 along an axis."""
    along_axis = node.sums_to_one if isinstance(node, Leaf) else node.axis
    if along_axis is None or (isinstance(node, Along) and node.entry is not softmax):
        return False
    if axis is None:
        return node.shape[1 - along_axis] == 1
    return axis == along_axis


def count_entries(shape: Shape) -> Node:
    """The number of entries of a matrix, as a number of the expression."""
    return multiply(*map(extent_node, shape))
