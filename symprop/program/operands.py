"""Registers for values, and which values can be written as operands without one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symprop.functions.vocabulary import Code
from symprop.program.extents import Extents
from symprop.program.instructions import (
    ITSELF,
    Instruction,
    Number,
    Operand,
    Register,
)
from symprop.program.values import Axes, Axis, Value, Values

VIEWS = {"relabel", "slice"}
"""Kinds of values that are another array, seen otherwise."""
WITHOUT_ARRAYS = {"load", "number", "constant", "size", "batch"}
LONG = 6
"""A number of more operands than this gets a line of its own."""
Fresh = Callable[[str], str]


class Operands(ABC):
    """Puts values into registers as far as operands need it.

    `orders` tells which values do not lie in memory in the order of their axes; `fresh` gives
    names to parts that have none; `code` is how a function is called.
    """

    def __init__(
        self,
        values: Values,
        extents: Extents,
        orders: Mapping[int, Axes],
        fresh: Fresh,
        code: Callable[[Value], Code],
    ) -> None:
        self.values = values
        self.registers: dict[int, Register] = {}
        self.numbers: dict[int, str] = {}
        self.extents = extents
        self._orders = orders
        self.fresh = fresh
        self.code = code
        self.current: list[Instruction | Number] = []
        self.constants: dict[tuple[Any, ...], Register] = {}
        self.owner = ""

    @abstractmethod
    def compile(self, value: Value, target: Register, *, begins: bool = True) -> None:
        """Add the instructions that compute a value into a register."""

    def add(self, target: Register, operation: str, *operands: Operand, **more: Any) -> None:
        """Add `target = operation(operands)`."""
        if any(isinstance(each, Value) and each.kind == "batch" for each in operands):
            self.constant("count", ())
        self.current.append(Instruction(target, operation, operands, **more))

    def update(self, target: Register, operation: str, operand: Value) -> None:
        """Add `target operation= operand`."""
        self.add(target, operation, ITSELF, operand, updates=True)

    def number(self, name: str, value: Value) -> None:
        """Add `name = value` for a value without axes."""
        self.settle(value)
        self.current.append(Number(name, value))
        self.numbers[value.number] = name

    def _name(self, value: Value) -> str:
        """A name for a part of the statement."""
        return self.fresh(self.values.wishes.get(value.number, f"{self.owner}_1"))

    # -- registers --------------------------------------------------------------------------------

    def register(self, name: str, value: Value, entries: str = "float") -> Register:
        order = self.order_of(value)
        lengths = dict(zip(value.axes, self.extents.of(value), strict=True))
        return Register(name, order, tuple(lengths[axis] for axis in order), entries)

    def order_of(self, value: Value) -> Axes:
        """The axes of a value as they lie in memory."""
        return self._orders.get(value.number, value.axes)

    def _lies(self, value: Value) -> Axes:
        """The axes of a value as they lie; what NumPy makes itself may lie otherwise."""
        register = self.registers.get(value.number)
        return self.order_of(value) if register is None else register.order

    def hold(self, name: str, value: Value) -> None:
        """Compute a value into a register of its own."""
        self.compile(value, self.register(name, value), begins=False)
        last = self.current[-1]
        assert isinstance(last, Instruction)
        self.current[-1] = replace(last, completes=value)
        self.registers[value.number] = last.target

    def constant(self, entries: str, lengths: tuple[Any, ...]) -> Register:
        """An array of zeros or ones that is made once."""
        shown = "_".join(str(length) for length in lengths)
        key = entries, lengths  # a size may be called n as the batch is
        if key not in self.constants:
            order = (Axis.SAMPLE, Axis.ROW, Axis.COLUMN)[: len(lengths)]
            wish = f"ones_{shown}" if entries == "ones" else entries
            wish = "zero" if entries == "zeros" and not lengths else wish
            self.constants[key] = Register(self.fresh(wish), order, lengths, entries)
        return self.constants[key]

    def is_atom(self, value: Value) -> bool:
        """Whether a value can be written as an operand."""
        if value.number in self.registers or value.number in self.numbers:
            return True
        if value.kind in WITHOUT_ARRAYS:
            return True
        if not value.axes:
            return all(map(self.is_atom, value.operands)) and not self._sums(value)
        return value.kind in VIEWS and all(map(self.is_atom, value.operands))

    @staticmethod
    def _sums(value: Value) -> bool:
        return value.kind in ("reduce", "contract", "along", "matrix")

    def operand(self, value: Value) -> Value:
        """A value, after instructions that make it an operand."""
        if not self.is_atom(value):
            if value.kind in VIEWS:
                self.operand(value.operands[0])
            elif value.axes:
                self.hold(self._name(value), value)
            else:
                self.settle(value)
                if self._sums(value):
                    self.number(self._name(value), value)
        if not value.axes and self._size(value) > LONG:
            self.number(self._name(value), value)
        return value

    def _size(self, value: Value) -> int:
        """How many operands an expression has that have a name."""
        if value.number in self.registers or value.number in self.numbers:
            return 1
        return 1 + sum(map(self._size, value.operands))

    def settle(self, value: Value) -> None:
        """Put the arrays that an expression reads into registers."""
        if value.number in self.registers or value.number in self.numbers:
            return
        pair = self.dotted(value)
        self.ones_of(value)
        for operand in pair or value.operands:
            if operand.axes:
                self.operand(operand)
            else:
                self.settle(operand)

    def dotted(self, value: Value) -> tuple[Value, Value] | None:
        """The arrays whose products entry by entry a number is the sum of, if they lie alike."""
        if value.kind != "reduce" or value.axes:
            return None
        (operand,) = value.operands
        if operand.number in self.registers:
            return None
        if operand.kind == "power" and operand.content == (Fraction(2),):
            return operand.operands[0], operand.operands[0]
        if operand.kind != "product" or operand.content != (Fraction(1), 2):
            return None
        first, second, *rest = operand.operands
        alike = not rest and first.axes == second.axes == operand.axes
        alike = alike and self._lies(first) == self._lies(second)
        return (first, second) if alike and not {first.kind, second.kind} & VIEWS else None

    def ones_of(self, value: Value) -> Register | None:
        """The array of ones by which a number sums up a vector."""
        vector = value.operands[0] if value.kind == "reduce" and not value.axes else None
        if vector is None or len(vector.axes) != 1 or self.dotted(value):
            return None
        return self.constant("ones", self.extents.of(vector))
