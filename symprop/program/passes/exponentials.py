"""softmax, its logarithm and logsumexp by the same exponentials.

With m the largest entry along the axis, which keeps exp from overflowing:

    c = z - m        e = exp(c)        s = sum(e)
    softmax(z) = e/s        log(softmax(z)) = c - log(s)        logsumexp(z) = m + log(s)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from symprop.functions.elementary import exp, log
from symprop.functions.extremes import amax
from symprop.functions.softmax import log_softmax, logsumexp, softmax
from symprop.program.build import Program
from symprop.program.passes.rewriting import Rule
from symprop.program.values import Value, Values


@dataclass(frozen=True)
class Exponentials:
    """The parts of a softmax: largest entries, what lies below them, exponentials, their sums."""

    values: Values
    largest: Value
    below: Value
    powers: Value
    sums: Value

    @property
    def log_sums(self) -> Value:
        return self.values.make("apply", (self.sums,), self.sums.axes, (log,))

    @property
    def softmax(self) -> Value:
        return self.values.make(
            "product", (self.powers, self.sums), self.powers.axes, (Fraction(1), 1)
        )

    @property
    def log_softmax(self) -> Value:
        return self.values.make("sum", (self.below, self.log_sums), self.below.axes, (1, -1))

    @property
    def logsumexp(self) -> Value:
        return self.values.make("sum", (self.largest, self.log_sums), self.largest.axes, (1, 1))


def exponentials(values: Values, z: Value, place: int) -> Exponentials:
    """The parts of a softmax of `z` along the axis at a place."""
    axis = z.axes[place]
    kept = tuple(other for other in z.axes if other is not axis)
    largest = values.make("along", (z,), kept, (amax, place))
    below = values.make("sum", (z, largest), z.axes, (1, -1))
    powers = values.make("apply", (below,), z.axes, (exp,))
    sums = values.make("reduce", (powers,), kept, (axis,))
    named = {"largest": largest, "shifted": below, "powers": powers, "sums": sums}
    values.wishes.update({value.number: name for name, value in named.items()})
    return Exponentials(values, largest, below, powers, sums)


FORMS: dict[object, Callable[[Exponentials], Value]] = {
    softmax: lambda parts: parts.softmax,
    log_softmax: lambda parts: parts.log_softmax,
    logsumexp: lambda parts: parts.logsumexp,
}


def exponentials_once(program: Program) -> Rule:
    """Write the functions of the softmax family by shared parts."""

    def rule(value: Value, values: Values) -> Value | None:
        if value.kind != "along" or value.content[0] not in FORMS:
            return None
        entry, place = value.content
        return FORMS[entry](exponentials(values, value.operands[0], place))

    return rule
