"""Matrix products as contractions of two operands, the cheapest association first.

Transposes are absorbed into the labels of the axes; a label names a position along the chain.
"""

from __future__ import annotations

from collections.abc import Callable

from symprop.expression.algebra import extent_node
from symprop.expression.nodes import UNIT, MatMul, Node
from symprop.program.values import Axes, Axis, Labels, Value, Values

SAMPLE = -1
"""The label of the sample axis; rows and columns are counted along the chain."""

Operand = tuple[Value, Labels]


class Contractions:
    """Makes the values of matrix products; `lower` gives the value of a factor."""

    def __init__(self, values: Values, lower: Callable[[Node], Value]) -> None:
        self.values = values
        self.lower = lower

    def chain(self, node: MatMul, scalars: list[Value], *, over_samples: bool) -> Value:
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
            operands[place] = (self.values.product(UNIT, [scalar, value], []), labels)
        while len(operands) > 2:
            place = self._first_pair(operands, ends)
            left, right = operands[place : place + 2]
            pair = self.contract(left, right, self._open(operands, place, ends))
            operands[place : place + 2] = [pair]
        kept = set(ends) if over_samples else {SAMPLE, *ends}
        value, labels = self.contract(operands[0], operands[1], kept)
        roles = {SAMPLE: Axis.SAMPLE, 0: Axis.ROW, len(node.children): Axis.COLUMN}
        value = self.values.relabel(value, tuple(roles[label] for label in labels))
        return self.values.product(UNIT, [*outside, value], [])

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

    def _first_pair(self, operands: list[Operand], ends: set[int]) -> int:
        """The neighbours to multiply first: of the cheapest, those whose product is known."""
        ranks = [self._rank(operands, place) for place in range(len(operands) - 1)]
        cheapest = [i for i in range(len(ranks)) if ranks[i][0] == min(ranks)[0]]
        for place in cheapest:
            left, right = operands[place : place + 2]
            if self._known(left, right, self._open(operands, place, ends)) is not None:
                return place
        return min(cheapest, key=lambda place: ranks[place])

    @staticmethod
    def _open(operands: list[Operand], place: int, ends: set[int]) -> set[int]:
        """The labels that are still needed once two neighbours are one."""
        others = operands[:place] + operands[place + 2 :]
        return {SAMPLE, *ends}.union(*(labels for _, labels in others))

    def _known(self, left: Operand, right: Operand, kept: set[int]) -> Value | None:
        """The product of two operands, or of the two turned round, if it was made before."""
        for (a, la), (b, lb) in ((left, right), (right, left)):
            content = self._numbered(la, lb, kept)
            found = self.values.known("contract", (a, b), _axes_of(content[2]), content)
            if found is not None:
                return found
        return None

    @staticmethod
    def _numbered(la: Labels, lb: Labels, kept: set[int]) -> tuple[Labels, Labels, Labels]:
        """The labels of two operands and of their product, numbered as they are met."""
        used = dict.fromkeys(label for label in (*la, *lb) if label != SAMPLE)
        result = sorted({*la, *lb} & kept)
        if not used:  # scalars
            return la, lb, tuple(result)
        number = {SAMPLE: SAMPLE} | {label: place for place, label in enumerate(used)}
        a, b, c = (tuple(number[label] for label in labels) for labels in (la, lb, result))
        return a, b, c

    def contract(self, left: Operand, right: Operand, kept: set[int]) -> Operand:
        """The product of two operands, summed over the labels not in `kept`."""
        (a, la), (b, lb) = left, right
        if la == lb == (SAMPLE,) and not kept:  # numbers of each sample
            known = self.values.known("contract", (b, a), (), (lb, la, ()))
            return known or self.values.make("contract", (a, b), (), (la, lb, ())), ()
        for label in (set(la) ^ set(lb)) - kept:
            if label in la:
                a, la = self._drop((a, la), label)
            else:
                b, lb = self._drop((b, lb), label)
        result = tuple(sorted({*la, *lb} & kept))
        if {*la, *lb} == set(result) and not (set(la) & set(lb)) - {SAMPLE}:
            return self._outer((a, la), (b, lb), result), result
        content = self._numbered(la, lb, kept)
        known = self._known((a, la), (b, lb), kept)
        return known or self.values.make("contract", (a, b), _axes_of(result), content), result

    def _outer(self, left: Operand, right: Operand, result: Labels) -> Value:
        """A product without a sum: entry by entry, each operand along its own axes."""
        roles = dict(zip(result, _axes_of(result), strict=True))
        parts = [
            self.values.relabel(value, tuple(roles[label] for label in labels))
            for value, labels in (left, right)
        ]
        return self.values.product(UNIT, parts, [])


def _axes_of(labels: Labels) -> Axes:
    """Sample, then row and column in the order of the labels."""
    places = [label for label in labels if label != SAMPLE]
    roles: list[Axis] = [Axis.ROW, Axis.COLUMN][: len(places)]
    return (*([Axis.SAMPLE] if SAMPLE in labels else []), *roles)
