"""Making nodes: sums, products, powers, matrix products and totals in canonical form.

Canonical means: sums and products flat, like terms and equal bases collected where they first
stand, scalars pulled out of matrix products, runs of a matrix product that close to 1 x 1 made
scalars, transposes at the leaves. Nothing is expanded and nothing is reordered beyond that, except
that a sum does not begin with a minus where a plain positive term could come first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from symprop.errors import ShapeError
from symprop.expression.nodes import (
    SCALAR,
    Along,
    Apply,
    Extent,
    Identity,
    Leaf,
    MatMul,
    Node,
    Number,
    Ones,
    Power,
    Product,
    Shape,
    Size,
    Sum,
    Total,
    Transpose,
)
from symprop.expression.shapes import common_shape, matrix_shape, same, shape_text

if TYPE_CHECKING:
    from symprop.functions.vocabulary import AlongAxis, Elementwise

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
    if isinstance(node, Product) and node.coefficient != 1:
        return node.coefficient, _product(Fraction(1), node.children, node.shape)
    return Fraction(1), node


def add(*terms: Node) -> Node:
    """The sum of `terms`, like terms collected; raises ShapeError for two different shapes."""
    flat = [part for term in terms for part in (term.children if type(term) is Sum else (term,))]
    shape = common_shape((*flat, *terms), "add")
    collected: dict[Node, Coefficient] = {}
    for term in flat:
        coefficient, rest = split_coefficient(term)
        if shape and rest.shape:
            rest = _without_ones(rest)
        collected[rest] = collected.get(rest, Fraction(0)) + coefficient
    kept = [scale(coefficient, rest) for rest, coefficient in collected.items() if coefficient != 0]
    if not kept:
        return filled(ZERO, shape)
    if any(type(term) is Sum for term in kept):
        return add(*kept, *([filled(ZERO, shape)] if shape else []))
    if shape and not any(term.shape for term in kept):
        return filled(add(*kept), shape)
    if len(kept) == 1:
        return kept[0]
    return Sum(shape, _positive_first(tuple(kept)))


def _without_ones(node: Node) -> Node:
    """In a sum of matrices `s*Ones` is the scalar `s`."""
    if isinstance(node, Ones):
        return ONE
    if isinstance(node, Product) and any(isinstance(factor, Ones) for factor in node.children):
        rest = [factor for factor in node.children if not isinstance(factor, Ones)]
        return multiply(Number(node.coefficient), *rest)
    return node


def _positive_first(terms: tuple[Node, ...]) -> tuple[Node, ...]:
    """`p - y`, not `-y + p`; a sum that begins with a reduction keeps its order."""
    head = terms[0]
    if split_coefficient(head)[0] >= 0 or any(isinstance(part, Total) for part in head.children):
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
    if coefficient == 1 and len(factors) == 1:
        return factors[0]
    return Product(shape, tuple(factors), (coefficient, type(coefficient).__name__))


def scale(coefficient: Coefficient | int, node: Node) -> Node:
    """A number times `node`."""
    return node if coefficient == 1 else multiply(Number(coefficient), node)


def multiply(*factors: Node) -> Node:
    """The product entry by entry, equal bases collected; raises ShapeError for two shapes."""
    shape = common_shape(factors, "multiply entry by entry")
    coefficient: Coefficient = Fraction(1)
    exponents: dict[Node, Node] = {}
    pending = list(reversed(factors))
    while pending:
        factor = pending.pop()
        if isinstance(factor, Number):
            coefficient = coefficient * factor.value
        elif isinstance(factor, Product):
            coefficient = coefficient * factor.coefficient
            pending.extend(reversed(factor.children))
        elif not isinstance(factor, Ones):
            is_power = isinstance(factor, Power)
            base, exponent = factor.children if is_power else (factor, ONE)
            exponents[base] = add(exponents[base], exponent) if base in exponents else exponent
    if coefficient == 0:
        exponents.clear()
    kept = [
        power(base, exponent)
        for base, exponent in exponents.items()
        if not (isinstance(exponent, Number) and exponent.value == 0)
    ]
    if any(isinstance(factor, Number | Product) for factor in kept):
        return multiply(Number(coefficient), *kept, *([Ones(shape)] if shape else []))
    if shape and not any(factor.shape for factor in kept):
        kept.append(Ones(shape))
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
    return Power(base.shape, (base, exponent))


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
    kept = [factor for factor in factors if not isinstance(factor, Identity)] or factors[:1]
    if len(kept) == 1:
        return kept[0]
    if not shape and len(kept) == 2 and any(isinstance(factor, Ones) for factor in kept):
        return total(next((f for f in kept if not isinstance(f, Ones)), kept[0]))
    return MatMul(shape, tuple(kept))


def transpose(node: Node) -> Node:
    """The transpose, pushed to the leaves; what is used twice is transposed once."""
    return _transposed(node, {})


def _transposed(node: Node, known: dict[Node, Node]) -> Node:
    if node not in known:
        known[node] = _transpose(node, lambda child: _transposed(child, known))
    return known[node]


def _transpose(node: Node, inner: Callable[[Node], Node]) -> Node:
    if not node.shape:
        return node
    rows, columns = node.shape
    match node:
        case Transpose():
            return node.children[0]
        case Ones():
            return Ones((columns, rows))
        case Identity():
            return node
        case Sum():
            return add(*map(inner, node.children))
        case Product():
            return multiply(Number(node.coefficient), *map(inner, node.children))
        case Power():
            return power(inner(node.base), node.exponent)
        case MatMul():
            return matmul(*map(inner, reversed(node.children)))
        case Apply():
            return apply(node.entry, *map(inner, node.children))
    return Transpose((columns, rows), (node,))


# -- functions and reductions ---------------------------------------------------------------------


def apply(entry: Elementwise, *arguments: Node) -> Node:
    """An elementwise function of the vocabulary."""
    return Apply(common_shape(arguments, f"apply {entry.name} to"), tuple(arguments), (entry,))


def along(entry: AlongAxis, argument: Node, axis: int) -> Node:
    """A function of whole columns (axis 0) or rows (axis 1)."""
    if not argument.shape:
        raise ShapeError(f"{entry.name} needs a column or a matrix, not a scalar")
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
    if isinstance(node, Leaf) and _sums_to_one(node, axis):
        return filled(ONE, kept)
    if isinstance(node, Product):
        scalars = [factor for factor in node.children if not factor.shape]
        if scalars or node.coefficient != 1:
            matrices = [factor for factor in node.children if factor.shape]
            return multiply(Number(node.coefficient), *scalars, total(multiply(*matrices), axis))
    if isinstance(node, Sum):
        parts = [total(filled(term, node.shape), axis) for term in node.children]
        if any(not any(isinstance(n, Total) for n in (p, *p.children)) for p in parts):
            return add(*parts)
    return Total(kept, (node,), (axis,))


def _sums_to_one(leaf: Leaf, axis: int | None) -> bool:
    if leaf.sums_to_one is None:
        return False
    if axis is None:
        return leaf.shape[1 - leaf.sums_to_one] == 1
    return axis == leaf.sums_to_one


def count_entries(shape: Shape) -> Node:
    """The number of entries of a matrix, as a number of the expression."""
    return multiply(*map(extent_node, shape))
