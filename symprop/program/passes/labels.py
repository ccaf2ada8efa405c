"""Labels that sum to one, under a cross-entropy.

    sum(y*log(softmax(z))) = sum(y*c) - sum(log(s))        with c and s as for a softmax

because log(s) is the same for all entries of y, whose sum is 1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symprop.functions.softmax import log_softmax
from symprop.program.build import Program
from symprop.program.passes.exponentials import exponentials
from symprop.program.passes.rewriting import Rule
from symprop.program.values import Axis, Value, Values

SUMMING = ("one-hot", "probabilities")
"""The kinds of labels whose entries sum to 1."""


def labels_sum_to_one(program: Program) -> Rule:
    """Take what is equal for all labels of a sample out of their sum."""
    network = program.network
    columns = {
        target.name
        for target in network.targets
        if network.labels.get(target.name) in SUMMING and target.shape[1:] == (1,)
    }

    def rule(value: Value, values: Values) -> Value | None:
        if value.kind != "reduce" or Axis.ROW not in value.content:
            return None
        found = _labels_times_logarithms(value.operands[0], columns)
        if found is None:
            return None
        coefficient, labels, logarithms = found
        parts = exponentials(values, logarithms.operands[0], logarithms.content[1])
        chosen = values.reduce(
            values.product(Fraction(1), [labels, parts.below], []), value.content
        )
        others = tuple(axis for axis in value.content if axis is not Axis.ROW)
        summed = values.sum([(1, values.reduce(parts.log_sums, others)), (-1, chosen)])
        return values.product(-coefficient, [summed], [])

    return rule


def _labels_times_logarithms(value: Value, columns: set[str]) -> tuple[Any, Value, Value] | None:
    """A product of labels and the logarithm of a softmax: its coefficient and the two."""
    if value.kind != "product" or len(value.operands) != 2 or value.content[1] != 2:
        return None
    labels, logarithms = sorted(value.operands, key=lambda operand: operand.kind != "load")
    if labels.kind != "load" or labels.content[0] not in columns:
        return None
    if logarithms.kind != "along" or logarithms.content[0] is not log_softmax:
        return None
    along = logarithms.axes[logarithms.content[1]]
    fits = along is Axis.ROW and logarithms.axes == labels.axes
    return (value.content[0], labels, logarithms) if fits else None
