"""Counting the operations of a program, on the values that its statements compute.

An operation entry by entry, a function call or a reduction counts once, whatever the size of its
array; a contraction counts as a multiplication and a sum. For a scalar network these are the
operations on numbers for one sample.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symprop.program.build import Program
from symprop.program.values import Value


@dataclass(frozen=True)
class Cost:
    """Operations of the forward pass with the loss, and those that the gradients need besides."""

    forward: int
    gradient: int

    @property
    def ratio(self) -> float:
        """Gradient operations per forward operation."""
        return self.gradient / max(self.forward, 1)


def cost(program: Program) -> Cost:
    """Count the operations of a program; what is shared counts once."""
    loss = below([program.loss.value])
    everything = below([program.loss.value, *(g.value for g in program.gradients)])
    forward = sum(map(operations, loss.values()))
    return Cost(forward, sum(map(operations, everything.values())) - forward)


def below(roots: Iterable[Value]) -> dict[int, Value]:
    """The distinct values that `roots` are computed from, by number."""
    found: dict[int, Value] = {}
    pending = list(roots)
    while pending:
        value = pending.pop()
        if value.number not in found:
            found[value.number] = value
            pending.extend(value.operands)
    return found


def operations(value: Value) -> int:
    """The operations of one value, its operands given."""
    match value.kind:
        case "sum":
            return len(value.operands) - (0 if value.content[0] < 0 else 1)
        case "product":
            coefficient = value.content[0]
            numbers = 0 if coefficient == 1 else 1
            return len(value.operands) - 1 + numbers
        case "contract":
            return 2
        case "power" | "apply" | "along" | "reduce" | "matrix":
            return 1
    return 0
