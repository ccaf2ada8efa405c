"""Which register lies in which buffer: as few arrays as the lives of the registers allow.

A register lives from the instruction that writes it whole to the last one that reads it. It may
lie in the buffer of one that is read for the last time by that instruction, if this works entry
by entry, or in any buffer of its shape that is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from symprop.program.instructions import Instruction, Itself, Number, Register, Routine
from symprop.program.values import Value

BY_ENTRY = {
    "add", "subtract", "multiply", "divide", "power", "negative", "square", "sqrt", "apply",
}  # fmt: skip
"""Operations that may write over an operand."""


@dataclass(frozen=True)
class Buffers:
    """The buffers in the order of their first use, and the one that each register lies in."""

    made: Sequence[Register]
    of: Mapping[Register, Register]


def assigned(routine: Routine, *, share: bool = True) -> Buffers:
    """A buffer for each register; without `share` each has its own."""
    return _Assignment(routine, share).run()


class _Assignment:
    def __init__(self, routine: Routine, share: bool) -> None:
        self._routine = routine
        self._share = share
        self._instructions = routine.instructions
        self._aliases: dict[Register, list[Register]] = {}
        self._last = self._last_uses()
        self._free: list[Register] = []
        self._of: dict[Register, Register] = {}
        self._made: list[Register] = []
        self._tenant: dict[Register, Register] = {}

    def run(self) -> Buffers:
        for place, each in enumerate(self._instructions):
            if isinstance(each, Instruction):
                self._place(place, each)
            self._release(place, each)
        return Buffers(self._made, self._of)

    # -- lives ------------------------------------------------------------------------------------

    def _last_uses(self) -> dict[Register, int]:
        last: dict[Register, int] = {}
        for place, each in enumerate(self._instructions):
            for register in self._touched(each):
                last[register] = place
            if isinstance(each, Instruction) and each.target.fresh:
                self._aliases[each.target] = list(self._read(each))
        return last

    def _touched(self, each: Instruction | Number) -> Iterator[Register]:
        yield from self._read(each)
        if isinstance(each, Instruction):
            yield each.target
            yield from each.scratch

    def _read(self, each: Instruction | Number) -> Iterator[Register]:
        """The registers that an instruction reads, and those that they are views of."""
        for value in self._values_read(each):
            for register in self._below(value):
                yield register
                yield from self._aliases.get(register, ())

    @staticmethod
    def _values_read(each: Instruction | Number) -> Iterator[Value]:
        if isinstance(each, Number):
            yield from each.value.operands
            return
        for operand in each.operands:
            if operand is each.completes:  # an expression: what it is made of
                yield from each.completes.operands
            elif not isinstance(operand, Itself):
                yield operand

    def _below(self, value: Value) -> Iterator[Register]:
        """The registers that an operand or an expression is read from."""
        if value.number in self._routine.registers:
            yield self._routine.registers[value.number]
        elif value.number not in self._routine.numbers:
            for operand in value.operands:
                yield from self._below(operand)

    # -- places -----------------------------------------------------------------------------------

    def _place(self, place: int, each: Instruction) -> None:
        for register in (each.target, *each.scratch):
            if register.gradient or register.fresh or register in self._of:
                continue
            buffer = self._over_operand(place, each, register) or self._from_free(register)
            if buffer is None:
                buffer = register
                self._made.append(register)
            self._of[register] = buffer
            self._tenant[buffer] = register

    def _over_operand(self, place: int, each: Instruction, register: Register) -> Register | None:
        """The buffer of an operand that is read here for the last time."""
        if not self._share or each.operation not in BY_ENTRY or register in each.scratch:
            return None
        for operand in each.operands:
            if isinstance(operand, Itself):
                continue
            held = self._routine.registers.get(operand.number)
            if held is None or held not in self._of or self._last[held] != place:
                continue
            if self._alike(held, register):
                return self._of[held]
        return None

    def _from_free(self, register: Register) -> Register | None:
        for buffer in reversed(self._free):
            if self._share and self._alike(buffer, register, order=False):
                self._free.remove(buffer)
                return buffer
        return None

    @staticmethod
    def _alike(a: Register, b: Register, *, order: bool = True) -> bool:
        same = a.lengths == b.lengths and a.entries == b.entries
        return same and (a.order == b.order or not order)

    def _release(self, place: int, each: Instruction | Number) -> None:
        """Free the buffers of registers that are not used any more."""
        for register in dict.fromkeys(self._touched(each)):
            buffer = self._of.get(register)
            dead = self._last[register] == place
            if buffer is not None and dead and self._tenant.get(buffer) is register:
                del self._tenant[buffer]
                self._free.append(buffer)
