"""What instructions cost: calls, operations on numbers, bytes that go over memory.

A call is one function or operator of NumPy on arrays, those inside of helpers included. A product
of matrices of sizes m x k and k x n is 2*m*k*n operations, anything entry by entry one an entry.
The bytes are those of the arrays that an instruction reads and writes, each as often as it names
them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod

from symprop.program.extents import Extents, Length
from symprop.program.instructions import Instruction, Number, Routine
from symprop.program.values import Value

Count = Callable[[Length], int]
SUMMING = ("reduce", "contract", "along", "matrix")


@dataclass(frozen=True)
class Work:
    """Calls, operations on numbers, bytes read and written."""

    calls: int = 0
    operations: int = 0
    bytes: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(
            self.calls + other.calls,
            self.operations + other.operations,
            self.bytes + other.bytes,
        )

    def __sub__(self, other: Work) -> Work:
        return Work(
            self.calls - other.calls,
            self.operations - other.operations,
            self.bytes - other.bytes,
        )


@dataclass(frozen=True)
class Meter:
    """Counts the work of a routine; `count` is a length as a number, `width` bytes an entry."""

    extents: Extents
    count: Count
    width: int

    def routine(self, routine: Routine) -> Work:
        """All of it."""
        return self._total(self._of(each, routine) for each in routine.instructions)

    def products(self, routine: Routine) -> Work:
        """The products of matrices alone, which nothing saves: the floor."""
        return self._total(
            self._of(each, routine)
            for each in routine.instructions
            if isinstance(each, Instruction)
            and each.operation == "contract"
            and all(len(value.axes) > 1 for value in each.values)
        )

    @staticmethod
    def _total(parts: Iterable[Work]) -> Work:
        return sum(parts, Work())

    def size(self, value: Value) -> int:
        """How many entries a value has."""
        return prod(map(self.count, self.extents.of(value)))

    def _of(self, each: Instruction | Number, routine: Routine) -> Work:
        if isinstance(each, Number):
            return self._number(each.value, routine)
        target = prod(map(self.count, each.target.lengths))
        read = sum(self.size(value) for value in each.values if value.axes)
        again = target * (len(each.operands) - len(each.values))
        largest = max([target, *(self.size(value) for value in each.values)])
        if each.operation == "contract":
            terms = self._terms(each.values, each.content)
            return Work(1, 2 * terms, (target + read + again) * self.width)
        calls = helper_calls(each)
        moved = target + read + again + 2 * largest * (calls - 1)
        return Work(calls, calls * largest, moved * self.width)

    def _number(self, value: Value, routine: Routine) -> Work:
        """A number: the sums over arrays that it is made of."""
        work = Work()
        for operand in value.operands:
            known = operand.number in routine.numbers or operand.number in routine.registers
            if not known and not operand.axes:
                work += self._number(operand, routine)
        if value.kind in SUMMING:
            sizes = [self.size(operand) for operand in value.operands]
            work += Work(1, 2 * max(sizes), sum(sizes) * self.width)
        return work

    def _terms(self, values: Iterable[Value], labels: Iterable[Iterable[int]]) -> int:
        """How many products a contraction sums up in all."""
        lengths = {
            label: self.count(length)
            for value, names in zip(values, labels, strict=False)
            for label, length in zip(names, self.extents.of(value), strict=True)
        }
        return prod(lengths.values())


def helper_calls(each: Instruction) -> int:
    """How many passes over memory an instruction makes: a helper has some inside of it."""
    value = each.content[1] if each.operation == "apply" else each.values[:1] and each.values[0]
    if not isinstance(value, Value) or value.kind not in ("apply", "along"):
        return 1
    helper = value.content[0].numpy.helper
    nodes = ast.walk(ast.parse(helper))
    return max(1, sum(isinstance(node, ast.Call | ast.BinOp) for node in nodes))
