"""Lowering: canonical form to array values.

The sample axis goes to what depends on data and to nothing else. A matrix product becomes
contractions of two, the cheapest association first, transposes absorbed into their labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import singledispatchmethod

from symprop.expression.algebra import (
    ONE,
    divisor_of,
    extent_node,
    matmul,
    multiply,
    total,
    transpose,
)
from symprop.expression.blocks import extent_along
from symprop.expression.calls import read_formula
from symprop.expression.definition import opened
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
    Shape,
    Size,
    Slice,
    Span,
    Stack,
    Sum,
    Total,
    Transpose,
)
from symprop.functions.classes import u
from symprop.functions.definition import Definition
from symprop.functions.matrices import diagonal, trace
from symprop.program.contractions import SAMPLE, Contractions
from symprop.program.values import Axes, Axis, Labels, Value, Values, union


class Lowering:
    """Lowers expressions; `environment` gives the value behind a name."""

    def __init__(self, values: Values, environment: Mapping[str, Value]) -> None:
        self.values = values
        self.environment = environment
        self._lowered: dict[Node, Value] = {}
        self._contractions = Contractions(values, self.lower)
        self._rule = self._lower  # found once: a singledispatchmethod is made anew at each look

    def lower(self, node: Node) -> Value:
        """The value of `node`, its axes sample, row, column as far as it varies along them."""
        if type(node) is Leaf:
            return self.environment[node.name]
        found = self._lowered.get(node)
        if found is None:
            found = self._lowered[node] = self._rule(node)
        return found

    @singledispatchmethod
    def _lower(self, node: Node) -> Value:
        raise TypeError(f"no lowering for {type(node).__name__}")

    @_lower.register
    def _(self, node: Leaf) -> Value:
        return self.environment[node.name]

    @_lower.register
    def _(self, node: Number) -> Value:
        return self.values.literal(node.value)

    @_lower.register
    def _(self, node: Constant) -> Value:
        return self.values.make("constant", (), (), (node.symbol,))

    @_lower.register
    def _(self, node: Size) -> Value:
        return self.values.make("size", (), (), (node.extent,))

    @_lower.register
    def _(self, node: Ones) -> Value:
        return self.values.literal(Fraction(1))

    @_lower.register
    def _(self, node: Identity) -> Value:
        size = self.lower(extent_node(node.shape[0]))
        return self.values.make("identity", (size,), (Axis.ROW, Axis.COLUMN))

    @_lower.register
    def _(self, node: Sum) -> Value:
        return self.values.sum([self.signed(term) for term in node.children])

    def signed(self, term: Node) -> tuple[int, Value]:
        """A term as a sign and a value, so that a sum is written with minus signs."""
        return self.values.signed(self.lower(term))

    @_lower.register
    def _(self, node: Product) -> Value:
        over: list[Value] = []
        under: list[Value] = []
        for factor in node.children:
            divisor = divisor_of(factor) if isinstance(factor, Power) else None
            if divisor is None:
                over.append(self.lower(factor))
            else:
                under.append(self.lower(divisor))
        return self.values.product(node.coefficient, over, under)

    @_lower.register
    def _(self, node: Power) -> Value:
        divisor = divisor_of(node)
        if divisor is not None:
            return self.values.product(UNIT, [], [self.lower(divisor)])
        base = self.lower(node.base)
        if isinstance(node.exponent, Number):
            return self.values.make("power", (base,), base.axes, (node.exponent.value,))
        exponent = self.lower(node.exponent)
        axes = tuple(sorted({*base.axes, *exponent.axes}))
        return self.values.make("power", (base, exponent), axes)

    @_lower.register
    def _(self, node: Apply) -> Value:
        if isinstance(node.entry, Definition):
            return self.lower(opened(node))
        arguments = tuple(map(self.lower, node.children))
        return self.values.make("apply", arguments, union(*arguments), (node.entry,))

    @_lower.register
    def _(self, node: Transpose) -> Value:
        argument = self.lower(node.children[0])
        swapped = {Axis.ROW: Axis.COLUMN, Axis.COLUMN: Axis.ROW, Axis.SAMPLE: Axis.SAMPLE}
        return self.values.relabel(argument, tuple(swapped[axis] for axis in argument.axes))

    @_lower.register
    def _(self, node: Total) -> Value:
        argument = node.children[0]
        axes = {None: (Axis.ROW, Axis.COLUMN), 0: (Axis.ROW,), 1: (Axis.COLUMN,)}[node.axis]
        value = self.lower(argument)
        return self._summed(value, argument.shape, axes)

    def _summed(self, value: Value, shape: Shape, axes: Axes) -> Value:
        """The sum over `axes`; along an axis that the value lacks it is a multiple."""
        constant = [axis for axis in axes if axis not in value.axes and shape[axis - 1] != 1]
        sizes = [self.lower(extent_node(shape[axis - 1])) for axis in constant]
        varying = tuple(axis for axis in axes if axis in value.axes)
        return self.values.product(UNIT, [*sizes, self.values.reduce(value, varying)], [])

    @_lower.register
    def _(self, node: Along) -> Value:
        argument = self.lower(node.children[0])
        axis = Axis.ROW if node.axis == 0 else Axis.COLUMN
        if axis not in argument.axes:
            same = self._along_constant(node)
            if same is not None:
                return same
            argument = self.full(node.children[0])
        kept = argument.axes
        if node.entry.reduces:
            kept = tuple(other for other in kept if other is not axis)
        place = argument.axes.index(axis)
        return self.values.make("along", (argument,), kept, (node.entry, place))

    def _along_constant(self, node: Along) -> Value | None:
        """A function of n equal entries u: softmax is 1/n, logsumexp u + log n.

        None where the results differ, as those of argmax_one_hot do.
        """
        (argument,) = node.children
        count = extent_node(argument.shape[node.axis])
        formula = node.entry.value([u])[0] if count == ONE else node.entry.of_equals
        return None if formula is None else self.lower(read_formula(formula, u=argument, n=count))

    # -- matrices as a whole ----------------------------------------------------------------------

    @_lower.register
    def _(self, node: OfMatrix) -> Value:
        (argument,) = node.children
        product = _trace_as_total(node)
        if product is not None:
            return self.lower(product)
        value = self.full(argument)
        kept = {"scalar": (), "column": (Axis.ROW,)}.get(node.entry.result, (Axis.ROW, Axis.COLUMN))
        axes = (*(axis for axis in value.axes if axis is Axis.SAMPLE), *kept)
        return self.values.make("matrix", (value,), axes, (node.entry,))

    def full(self, node: Node, shape: Shape = ()) -> Value:
        """The value of `node` with all axes of its shape, or of `shape`, however constant it is."""
        value = self.lower(node)
        shape = shape or node.shape
        wanted = [
            (axis, extent)
            for axis, extent in zip((Axis.ROW, Axis.COLUMN), shape, strict=True)
            if extent != 1
        ]
        return self.values.full(value, tuple(wanted))

    @_lower.register
    def _(self, node: Slice) -> Value:
        (argument,) = node.children
        value = self.lower(argument)
        index: list[Span | Extent | None] = []
        axes: list[Axis] = []
        for axis in value.axes:
            span = None if axis is Axis.SAMPLE else node.spans[axis - 1]
            whole = span is None or span == Span(0, argument.shape[axis - 1])
            single = span is not None and span.extent == 1
            index.append(None if span is None or whole else span.start if single else span)
            if not single:
                axes.append(axis)
        if all(at is None for at in index):
            return value
        return self.values.make("slice", (value,), tuple(axes), tuple(index))

    @_lower.register
    def _(self, node: Place) -> Value:
        return self._placed(node, self.lower(node.children[0]))

    def _placed(self, node: Place, value: Value) -> Value:
        """The value of the only child of `node`, summed over the samples or not, in its place."""
        axes: list[Axis] = [axis for axis in value.axes if axis is Axis.SAMPLE]
        index: list[Span | Extent | None] = [None] * len(axes)
        extents: list[Extent | None] = [None] * len(axes)
        for axis, span, extent in zip((Axis.ROW, Axis.COLUMN), node.spans, node.shape, strict=True):
            if extent != 1:
                axes.append(axis)
                index.append(span.start if span.extent == 1 else span)
                extents.append(extent)
        return self.values.make("place", (value,), tuple(axes), ((tuple(index),), tuple(extents)))

    @_lower.register
    def _(self, node: Stack) -> Value:
        return self._stacked(node, [self.lower(block) for block in node.children])

    def _stacked(self, node: Stack, parts: Sequence[Value]) -> Value:
        """The values of the blocks of `node`, summed over the samples or not, as one array."""
        along = Axis.ROW if node.axis == 0 else Axis.COLUMN
        across = Axis.COLUMN if node.axis == 0 else Axis.ROW
        extents = [extent_along(block, node.axis) for block in node.children]
        single = all(extent == 1 for extent in extents)
        sample = (Axis.SAMPLE,) if any(Axis.SAMPLE in part.axes for part in parts) else ()
        width = extent_along(node.children[0], 1 - node.axis)
        others = [(across, width)] if width != 1 else []
        blocks = []
        for part, extent in zip(parts, extents, strict=True):
            wanted = others if single else sorted([*others, (along, extent)])
            blocks.append(self.values.full(part, tuple(wanted), bool(sample)))
        axes = tuple(sorted((*sample, *(axis for axis, _ in others), along)))
        return self.values.make("stack", tuple(blocks), axes, (axes.index(along), not single))

    # -- matrix products --------------------------------------------------------------------------

    @_lower.register
    def _(self, node: MatMul) -> Value:
        return self._contractions.chain(node, [], over_samples=False)

    # -- sums over the batch ----------------------------------------------------------------------

    def over_samples(self, node: Node) -> Value:
        """The sum of `node` over the samples; it varies with the sample."""
        coefficient, scalars, rest = _factored(node)
        numbers = [*map(self.lower, scalars)]
        fixed = [v for v in numbers if Axis.SAMPLE not in v.axes]
        varying = [v for v in numbers if Axis.SAMPLE in v.axes]
        if len(rest) == 1 and isinstance(rest[0], MatMul):
            factors = [self.lower(factor) for factor in rest[0].children]
            if any(Axis.SAMPLE in factor.axes for factor in factors):
                summed = self._contractions.chain(rest[0], varying, over_samples=True)
            else:
                weight = self.values.reduce(self.values.product(UNIT, varying, []), (Axis.SAMPLE,))
                summed = self.values.product(UNIT, [weight, self.lower(rest[0])], [])
        elif len(rest) == 1 and isinstance(rest[0], Place) and not varying:
            summed = self._placed(rest[0], self._gathered(rest[0].children[0]))
        elif len(rest) == 1 and isinstance(rest[0], Stack) and not varying:
            summed = self._stacked(rest[0], [*map(self._gathered, rest[0].children)])
        else:
            summed = self._sum_of_product([*varying, *map(self.lower, rest)])
        return self.values.product(coefficient, [*fixed, summed], [])

    def _gathered(self, node: Node) -> Value:
        """The sum over the samples; n times what is the same for each."""
        value = self.lower(node)
        if Axis.SAMPLE in value.axes:
            return self.over_samples(node)
        return self.values.product(UNIT, [self.values.batch(), value], [])

    def _sum_of_product(self, factors: list[Value]) -> Value:
        """Sum over samples of a product entry by entry; of two factors it is a contraction."""
        if len(factors) == 2 and all([self._is_sampled_number(factor) for factor in factors]):
            labels: Labels = (SAMPLE,)
            left, right = ((factor, labels) for factor in factors)
            return self._contractions.contract(left, right, set())[0]
        flat = self.values.product(UNIT, factors, [])
        if self.values.is_open(flat, "product") and flat.content[1] == len(flat.operands) > 1:
            *head, last = flat.operands
            first = self.values.product(UNIT, head, [])
            if {*first.axes} & {*last.axes} == {Axis.SAMPLE}:
                left, right = ((value, _role_labels(value.axes)) for value in (first, last))
                kept = {*left[1], *right[1]} - {SAMPLE}
                value, labels = self._contractions.contract(left, right, kept)
                value = self.values.relabel(value, tuple(map(Axis, labels)))
                return self.values.product(flat.content[0], [value], [])
        return self.values.reduce(flat, (Axis.SAMPLE,))

    def _is_sampled_number(self, value: Value) -> bool:
        """Whether a value is one number for each sample, and no product that may be taken apart."""
        return value.axes == (Axis.SAMPLE,) and not self.values.is_open(value, "product")


def _trace_as_total(node: OfMatrix) -> Node | None:
    """tr(A B) = sum(A' .* B), and the diagonal of A B as sums of the rows of A .* B'."""
    (argument,) = node.children
    if not isinstance(argument, MatMul) or node.entry not in (trace, diagonal):
        return None
    first, rest = argument.children[0], matmul(*argument.children[1:])
    if node.entry is diagonal:
        return total(multiply(first, transpose(rest)), 1)
    return total(multiply(transpose(first), rest))


def _role_labels(axes: Axes) -> Labels:
    """Labels for a product entry by entry: one a role."""
    return tuple(SAMPLE if axis is Axis.SAMPLE else int(axis) for axis in axes)


def _factored(node: Node) -> tuple[Fraction | float, list[Node], list[Node]]:
    """A term as a number, scalar factors (with divisors), and the rest."""
    if not isinstance(node, Product):
        return UNIT, [], [node]
    matrices = [factor for factor in node.children if factor.shape]
    if len(matrices) == 1 and isinstance(matrices[0], MatMul):
        scalars = [factor for factor in node.children if not factor.shape]
        return node.coefficient, scalars, matrices
    return node.coefficient, [], list(node.children)
