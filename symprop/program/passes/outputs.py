"""The derivative of relu from its output: relu(z) > 0 exactly where z > 0.

So z itself need not be kept until the gradients, and relu can be computed in its place.
"""

from __future__ import annotations

from symprop.functions.piecewise import relu, unit_step
from symprop.program.build import Program
from symprop.program.passes.rewriting import Rule
from symprop.program.values import Value, Values


def steps_from_outputs(program: Program) -> Rule:
    """Take the unit step of relu(z), where that is computed, for the unit step of z."""

    def rule(value: Value, values: Values) -> Value | None:
        if value.kind != "apply" or value.content[0] is not unit_step:
            return None
        (argument,) = value.operands
        output = values.known("apply", (argument,), argument.axes, (relu,))
        if output is None:
            return None
        return values.make("apply", (output,), value.axes, (unit_step,))

    return rule
