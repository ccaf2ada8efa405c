"""From the values of a program to instructions: each value into a register, part by part.

An operand that nothing else uses is computed in the register of what uses it, which then goes on
in place: `W*x + b` is one product and one addition into the same array.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symprop.functions.extremes import amax, amin
from symprop.functions.piecewise import relu
from symprop.program.folding import Folding
from symprop.program.instructions import Group, Register, Routine
from symprop.program.values import Axis, Value

EXTREMES: Mapping[Any, str] = {amax: "largest", amin: "smallest"}


class Flattening(Folding):
    """Collects the groups of a routine."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._groups: list[Group] = []

    def routine(self) -> Routine:
        """All that was added."""
        return Routine(self._groups, self.registers, self.numbers, tuple(self.constants.values()))

    # -- statements -------------------------------------------------------------------------------

    def assign(self, name: str, value: Value, formula: str) -> None:
        """Add `name = value`."""
        self.owner = name
        if value.number in self.registers:  # a part of a statement before is equal to it
            return
        if value.axes:
            self.hold(name, value)
        else:
            self.number(name, value)
        self._close(name, formula)

    def gradient(self, target: Register, owner: str, value: Value, formula: str) -> None:
        """Add a gradient, written to the array of the caller that `target` is."""
        self.owner = owner
        axes = tuple(sorted(target.order))
        whole = value.axes == axes != () and not self.is_atom(value) and value.kind != "full"
        if whole:
            self.compile(value, target)
        else:
            self.settle(value)
            self.add(target, "copy", value)
        self._close(target.name, formula)

    def _close(self, name: str, formula: str) -> None:
        self._groups.append(Group(name, formula, tuple(self.current)))
        self.current = []

    def compile(self, value: Value, target: Register, *, begins: bool = True) -> None:
        """Add the instructions that compute a value into a register.

        What `begins` in the register of something else must be written into its buffer.
        """
        rule = getattr(self, f"_compile_{value.kind}", None)
        if self.is_atom(value) or rule is None or not rule(value, target):
            self._expression(value, target, fresh=not begins and not target.gradient)

    def _expression(self, value: Value, target: Register, *, fresh: bool) -> None:
        """What NumPy makes itself: written as an expression, its arrays in registers."""
        if not self.is_atom(value):
            self.settle(value)
        if not fresh:
            self.add(target, "copy", value)
            return
        lengths = self.extents.of(value)
        standard = replace(target, order=value.axes, lengths=lengths, fresh=True)
        self.add(standard, "expression", value)

    # -- functions --------------------------------------------------------------------------------

    def _compile_apply(self, value: Value, target: Register) -> bool:
        (entry,) = value.content
        code = self.code(value)
        if not code.writes:
            return False
        first, *others = value.operands
        rest = [self.operand(other) for other in others]
        start = self.begun(first, value, target)
        constants: tuple[Register, ...] = ()
        if entry is relu and value.axes:
            constants = (self.constant("zeros", target.lengths),)
        scratch = tuple(
            replace(target, name=self.fresh("scratch_1"), gradient=False) for _ in code.scratch
        )
        self.add(target, "apply", start, *rest, content=(entry, value), constants=constants,
                  scratch=scratch)  # fmt: skip
        return True

    def _compile_along(self, value: Value, target: Register) -> bool:
        entry, place = value.content
        if entry not in EXTREMES:
            return False
        (operand,) = value.operands
        self.operand(operand)
        self.add(target, EXTREMES[entry], operand, content=(operand.axes[place],))
        return True

    # -- products of matrices, sums over axes -----------------------------------------------------

    def _compile_contract(self, value: Value, target: Register, *, turned: bool = False) -> bool:
        operands = [self.operand(operand) for operand in value.operands]
        left, right, result = value.content
        if turned != target.turned:
            result = tuple(reversed(result))
        self.add(target, "contract", *operands, content=(left, right, result))
        return True

    def _compile_relabel(self, value: Value, target: Register) -> bool:
        """A product of matrices with its axes in other roles, turned round or not."""
        (operand,) = value.operands
        if operand.kind != "contract" or self.is_atom(operand):
            return False
        straight = value.content == value.axes
        if not straight and len(value.axes) != 2:
            return False
        self._compile_contract(operand, target, turned=not straight)
        return True

    def _compile_reduce(self, value: Value, target: Register) -> bool:
        (operand,) = value.operands
        found = self._weighted(value)
        if found is not None:
            vector, rest, labels = found
            self.add(target, "contract", self.operand(vector), self.operand(rest),
                      content=labels)  # fmt: skip
            return True
        self.operand(operand)
        constants: tuple[Register, ...] = ()
        if len(operand.axes) == 2:
            lengths = dict(zip(operand.axes, self.extents.of(operand), strict=True))
            constants = (self.constant("ones", (lengths[value.content[0]],)),)
        self.add(target, "sum", operand, content=value.content, constants=constants)
        return True

    def _weighted(self, value: Value) -> tuple[Value, Value, Any] | None:
        """A sum over the one axis that a vector and the rest of a product share."""
        (operand,) = value.operands
        if operand.kind != "product" or operand.number in self.registers or len(value.content) > 1:
            return None
        coefficient, count = operand.content
        over, under = operand.operands[:count], operand.operands[count:]
        vectors = [v for v in over if v.axes == value.content]
        others = [v for v in over if v.axes != value.content]
        if not vectors or not others or coefficient != 1:
            return None
        if any(divisor.axes != value.content for divisor in under):
            return None
        vector = self.values.product(Fraction(1), vectors, list(under))
        rest = self.values.product(Fraction(1), others, [])
        if len(rest.axes) != 2:
            return None
        labels = tuple(-1 if axis is Axis.SAMPLE else int(axis) for axis in rest.axes)
        (summed,) = value.content
        at = -1 if summed is Axis.SAMPLE else int(summed)
        return vector, rest, ((at,), labels, tuple(label for label in labels if label != at))

    def _compile_stack(self, value: Value, target: Register) -> bool:
        """Blocks side by side; numbers among them are put into an array by NumPy itself."""
        if not all(operand.axes for operand in value.operands):
            return False
        if any(operand.kind == "stack" for operand in value.operands) or not self._is_full(value):
            return False
        for operand in value.operands:
            self.operand(operand)
        self.add(target, "stack", *value.operands, content=value.content)
        return True

    @staticmethod
    def _is_full(value: Value) -> bool:
        """Whether all blocks of a stack have the axes of the whole, but for one that is new."""
        place, concatenates = value.content
        kept = value.axes if concatenates else (*value.axes[:place], *value.axes[place + 1 :])
        return all(operand.axes == kept for operand in value.operands)
