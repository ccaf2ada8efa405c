"""Straight-line instructions on arrays in memory: what a target spells, one a line.

A register is an array that a value is computed into, by one instruction that writes it whole and
others that go on in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from symprop.program.extents import Length
from symprop.program.values import Axes, Value


@dataclass(frozen=True, eq=False)
class Register:
    """An array: the axes in the order in which they lie in memory, their lengths, its entries.

    `entries` is "float", or "bool" for a mask, or "zeros", "ones" or "count" for a constant. A
    gradient lies where the caller wants it; what is `fresh` is made by the library function itself.
    """

    name: str
    order: Axes
    lengths: tuple[Length, ...]
    entries: str = "float"
    gradient: bool = False
    fresh: bool = False

    @property
    def turned(self) -> bool:
        """Whether the axes lie in memory the other way round."""
        return self.order != tuple(sorted(self.order))


class Itself:
    """Stands for what is in the target already, as an operand."""


ITSELF = Itself()
Operand = Value | Itself


@dataclass(frozen=True)
class Instruction:
    """`target = operation(operands)`, or `target operation= operand` where it `updates`.

    The operation is the NumPy name of an arithmetic function (add, subtract, multiply, divide,
    power, negative, square, sqrt), or apply (`content` the entry), step (a mask), contract
    (`content` its labels), sum and largest and smallest (`content` the axes), stack, copy, or
    expression: what is made by no instruction of its own. It `completes` the value that the
    register is read for.
    """

    target: Register
    operation: str
    operands: tuple[Operand, ...]
    updates: bool = False
    content: tuple[Any, ...] = ()
    constants: tuple[Register, ...] = ()
    scratch: tuple[Register, ...] = ()
    completes: Value | None = None

    @property
    def values(self) -> tuple[Value, ...]:
        """The operands but for what is in the target already."""
        return tuple(each for each in self.operands if isinstance(each, Value))


@dataclass(frozen=True)
class Number:
    """`name = value` for a value without axes; the arrays that it reads are in registers."""

    name: str
    value: Value


@dataclass(frozen=True)
class Group:
    """The instructions of one statement and its formula."""

    name: str
    formula: str
    instructions: Sequence[Instruction | Number]


@dataclass(frozen=True)
class Routine:
    """All groups in order; `registers` tells where a value is held, by its number."""

    groups: Sequence[Group]
    registers: dict[int, Register]
    numbers: dict[int, str]
    constants: Sequence[Register] = field(default=())

    @property
    def instructions(self) -> list[Instruction | Number]:
        """The instructions of all groups."""
        return [each for group in self.groups for each in group.instructions]
