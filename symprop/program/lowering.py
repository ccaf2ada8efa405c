"""Lowering: canonical form to array values.

The sample axis goes to what depends on data and to nothing else. A matrix product becomes
contractions of two, the cheapest association first, transposes absorbed into their labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import singledispatchmethod

from symprop.expression.algebra import divisor_of, extent_node
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
    Shape,
    Size,
    Sum,
    Total,
    Transpose,
)
from symprop.functions.activations import log
from symprop.program.values import Axes, Axis, Labels, Value, Values

SAMPLE = -1
"""The label of the sample axis in contractions; rows and columns are counted along the chain."""

Operand = tuple[Value, Labels]


class Lowering:
    """Lowers expressions; `environment` gives the value behind a name."""

    def __init__(self, values: Values, environment: Mapping[str, Value]) -> None:
        self.values = values
        self.environment = environment
        self._lowered: dict[Node, Value] = {}

    def lower(self, node: Node) -> Value:
        """The value of `node`, its axes sample, row, column as far as it varies along them."""
        if node not in self._lowered:
            self._lowered[node] = self._lower(node)
        return self._lowered[node]

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
            divisor = divisor_of(factor)
            if divisor is None:
                over.append(self.lower(factor))
            else:
                under.append(self.lower(divisor))
        return self.values.product(node.coefficient, over, under)

    @_lower.register
    def _(self, node: Power) -> Value:
        divisor = divisor_of(node)
        if divisor is not None:
            return self.values.product(Fraction(1), [], [self.lower(divisor)])
        base = self.lower(node.base)
        if isinstance(node.exponent, Number):
            return self.values.make("power", (base,), base.axes, (node.exponent.value,))
        exponent = self.lower(node.exponent)
        axes = tuple(sorted({*base.axes, *exponent.axes}))
        return self.values.make("power", (base, exponent), axes)

    @_lower.register
    def _(self, node: Apply) -> Value:
        argument = self.lower(node.children[0])
        return self.values.make("apply", (argument,), argument.axes, (node.entry,))

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
        return self.values.product(Fraction(1), [*sizes, self.values.reduce(value, varying)], [])

    @_lower.register
    def _(self, node: Along) -> Value:
        argument = self.lower(node.children[0])
        axis = Axis.ROW if node.axis == 0 else Axis.COLUMN
        if axis not in argument.axes:
            return self._along_constant(node, argument)
        kept = argument.axes
        if node.entry.reduces:
            kept = tuple(other for other in kept if other is not axis)
        place = argument.axes.index(axis)
        return self.values.make("along", (argument,), kept, (node.entry, place))

    def _along_constant(self, node: Along, argument: Value) -> Value:
        """softmax, log_softmax and logsumexp of n equal entries u: 1/n, -log n, u + log n."""
        size = self.lower(extent_node(node.children[0].shape[node.axis]))
        if node.entry.name == "softmax":
            return self.values.product(Fraction(1), [], [size])
        logarithm = self.values.make("apply", (size,), (), (log,))
        if node.entry.name == "logsumexp":
            return self.values.sum([(1, argument), (1, logarithm)])
        return self.values.sum([(-1, logarithm)])

    # -- matrix products --------------------------------------------------------------------------

    @_lower.register
    def _(self, node: MatMul) -> Value:
        return self._chain(node, [], over_samples=False)

    def _chain(self, node: MatMul, scalars: list[Value], *, over_samples: bool) -> Value:
        """A matrix product times scalars of each sample, summed over the samples if asked."""
        operands = [self._labelled(factor, place) for place, factor in enumerate(node.children)]
        sizes = [factor.shape[1] for factor in node.children[:-1]]
        ends = {0, len(operands)} - ({0, len(operands)} if not node.shape else set())
        outside: list[Value] = []
        for label, extent in enumerate(sizes, start=1):
            holders = [i for i, (_, labels) in enumerate(operands) if label in labels]
            if not holders and extent != 1:
                outside.append(self.lower(extent_node(extent)))
            elif len(holders) == 1:
                operands[holders[0]] = self._drop(operands[holders[0]], label)
        for scalar in scalars:
            place = next(i for i, (_, labels) in enumerate(operands) if SAMPLE in labels)
            value, labels = operands[place]
            operands[place] = (self.values.product(Fraction(1), [scalar, value], []), labels)
        while len(operands) > 2:
            place = min(range(len(operands) - 1), key=lambda i: self._rank(operands, i))
            needed = {SAMPLE, *self._open(operands, place, ends)}
            pair = self._contract(operands[place], operands[place + 1], needed)
            operands[place : place + 2] = [pair]
        kept = set(ends) if over_samples else {SAMPLE, *ends}
        value, labels = self._contract(operands[0], operands[1], kept)
        roles = {SAMPLE: Axis.SAMPLE, 0: Axis.ROW, len(node.children): Axis.COLUMN}
        value = self.values.relabel(value, tuple(roles[label] for label in labels))
        return self.values.product(Fraction(1), [*outside, value], [])

    def _labelled(self, factor: Node, place: int) -> Operand:
        value = self.lower(factor)
        names = {Axis.SAMPLE: SAMPLE, Axis.ROW: place, Axis.COLUMN: place + 1}
        if value.kind == "relabel":
            (argument,) = value.operands
            return argument, tuple(names[axis] for axis in value.content)
        return value, tuple(names[axis] for axis in value.axes)

    def _drop(self, operand: Operand, label: int) -> Operand:
        """Sum an operand over a label that nothing else has."""
        value, labels = operand
        axis = value.axes[labels.index(label)]
        left = tuple(other for other in labels if other != label)
        return self.values.reduce(value, (axis,)), left

    @staticmethod
    def _rank(operands: list[Operand], place: int) -> tuple[int, int]:
        """How many axes the product of two neighbours has: vectors first, from the right."""
        left, right = set(operands[place][1]), set(operands[place + 1][1])
        return len((left ^ right) - {SAMPLE}), -place

    @staticmethod
    def _open(operands: list[Operand], place: int, ends: set[int]) -> set[int]:
        """The labels that are still needed once two neighbours are one."""
        others = operands[:place] + operands[place + 2 :]
        return ends.union(*(labels for _, labels in others))

    def _contract(self, left: Operand, right: Operand, kept: set[int]) -> Operand:
        """The product of two operands, summed over the labels not in `kept`."""
        (a, la), (b, lb) = left, right
        for label in (set(la) ^ set(lb)) - kept:
            if label in la:
                a, la = self._drop((a, la), label)
            else:
                b, lb = self._drop((b, lb), label)
        result = tuple(sorted({*la, *lb} & kept))
        if {*la, *lb} == set(result) and not (set(la) & set(lb)) - {SAMPLE}:
            return self._outer((a, la), (b, lb), result), result
        axes = _axes_of(result)
        return self.values.make("contract", (a, b), axes, (la, lb, result)), result

    def _outer(self, left: Operand, right: Operand, result: Labels) -> Value:
        """A product without a sum: entry by entry, each operand along its own axes."""
        roles = dict(zip(result, _axes_of(result), strict=True))
        parts = [
            self.values.relabel(value, tuple(roles[label] for label in labels))
            for value, labels in (left, right)
        ]
        return self.values.product(Fraction(1), parts, [])

    # -- sums over the batch ----------------------------------------------------------------------

    def over_samples(self, node: Node) -> Value:
        """The sum of `node` over the samples; it varies with the sample."""
        coefficient, scalars, rest = _factored(node)
        fixed = [v for v in map(self.lower, scalars) if Axis.SAMPLE not in v.axes]
        varying = [v for v in map(self.lower, scalars) if Axis.SAMPLE in v.axes]
        if len(rest) == 1 and isinstance(rest[0], MatMul):
            factors = [self.lower(factor) for factor in rest[0].children]
            if any(Axis.SAMPLE in factor.axes for factor in factors):
                summed = self._chain(rest[0], varying, over_samples=True)
            else:
                weight = self.values.reduce(
                    self.values.product(Fraction(1), varying, []), (Axis.SAMPLE,)
                )
                summed = self.values.product(Fraction(1), [weight, self.lower(rest[0])], [])
        else:
            summed = self._sum_of_product([*varying, *map(self.lower, rest)])
        return self.values.product(coefficient, [*fixed, summed], [])

    def _sum_of_product(self, factors: list[Value]) -> Value:
        """Sum over samples of a product entry by entry; of two factors it is a contraction."""
        flat = self.values.product(Fraction(1), factors, [])
        if self.values.is_open(flat, "product") and flat.content[1] == len(flat.operands) > 1:
            *head, last = flat.operands
            first = self.values.product(Fraction(1), head, [])
            if set(first.axes) & set(last.axes) == {Axis.SAMPLE}:
                left, right = ((value, _role_labels(value.axes)) for value in (first, last))
                kept = {*left[1], *right[1]} - {SAMPLE}
                value, labels = self._contract(left, right, kept)
                value = self.values.relabel(value, tuple(map(Axis, labels)))
                return self.values.product(flat.content[0], [value], [])
        return self.values.reduce(flat, (Axis.SAMPLE,))


def _role_labels(axes: Axes) -> Labels:
    """Labels for a product entry by entry: one a role."""
    return tuple(SAMPLE if axis is Axis.SAMPLE else int(axis) for axis in axes)


def _axes_of(labels: Labels) -> Axes:
    """Sample, then row and column in the order of the labels."""
    places = [label for label in labels if label != SAMPLE]
    roles: list[Axis] = [Axis.ROW, Axis.COLUMN][: len(places)]
    return (*([Axis.SAMPLE] if SAMPLE in labels else []), *roles)


def _factored(node: Node) -> tuple[Fraction | float, list[Node], list[Node]]:
    """A term as a number, scalar factors (with divisors), and the rest."""
    if not isinstance(node, Product):
        return Fraction(1), [], [node]
    matrices = [factor for factor in node.children if factor.shape]
    if len(matrices) == 1 and isinstance(matrices[0], MatMul):
        scalars = [factor for factor in node.children if not factor.shape]
        return node.coefficient, scalars, matrices
    return node.coefficient, [], list(node.children)
