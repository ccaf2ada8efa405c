"""The values of an array program: few kinds of operation, axes by role, equal values once.

An axis is a position - sample, row, column - and never a size: W may be N x N. A value lacks an
axis along which it is constant, and the axes that it has stand in the order of `Axis`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction
from typing import Any


class Axis(IntEnum):
    """The role of an axis."""

    SAMPLE = 0
    ROW = 1
    COLUMN = 2


Axes = tuple[Axis, ...]
Labels = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Value:
    """One array or number. Values made by one `Values` are equal only if they are the same object.

    `kind` is one of

    - load (name), number (value), constant (SymPy's), size (extent), batch;
    - sum (a sign each), product (coefficient, how many operands are factors; the rest divide),
      power (an exponent, unless it is the second operand), apply (entry);
    - along (entry, axis of the array), reduce (axes summed over);
    - contract (labels of the first operand, of the second, of the result): the labels name
      positions; shared ones that the result lacks are summed over;
    - relabel: the same array with its axes in other roles, transposed where their order changes.
    """

    kind: str
    operands: tuple[Value, ...]
    axes: Axes
    content: tuple[Any, ...] = ()
    number: int = field(default=0, compare=False)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.content} {[operand.number for operand in self.operands]}>"


class Values:
    """Makes values; what is computed twice is one value."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Value] = {}
        self._sealed: set[int] = set()

    def seal(self, value: Value) -> None:
        """Keep a value whole: it has a name, and what uses it must not look inside."""
        self._sealed.add(value.number)

    def is_open(self, value: Value, kind: str) -> bool:
        """Whether a value is of this kind and may be merged into what uses it."""
        return value.kind == kind and value.number not in self._sealed

    def make(
        self, kind: str, operands: tuple[Value, ...], axes: Axes, content: tuple[Any, ...] = ()
    ) -> Value:
        """The value of this description, made or met before."""
        key = (kind, tuple(operand.number for operand in operands), axes, content)
        if key not in self._known:
            self._known[key] = Value(kind, operands, axes, content, len(self._known))
        return self._known[key]

    def load(self, name: str, axes: Axes) -> Value:
        """A declared symbol."""
        return self.make("load", (), axes, (name,))

    def literal(self, value: Fraction | float) -> Value:
        """A number."""
        return self.make("number", (), (), (value, type(value).__name__))

    def batch(self) -> Value:
        """The number of samples."""
        return self.make("batch", (), ())

    def sum(self, terms: list[tuple[int, Value]]) -> Value:
        """Terms with their signs, added entry by entry."""
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        operands = tuple(value for _, value in terms)
        if len(terms) == 1:
            return self.product(Fraction(-1), list(operands), [])
        signs = tuple(sign for sign, _ in terms)
        return self.make("sum", operands, union(*operands), signs)

    def signed(self, value: Value) -> tuple[int, Value]:
        """A value as a sign and the rest, so that a sum is written with minus signs."""
        if self.is_open(value, "product") and value.content[0] < 0:
            coefficient, count = value.content
            operands = list(value.operands)
            return -1, self.product(-coefficient, operands[:count], operands[count:])
        if value.kind == "number" and value.content[0] < 0:
            return -1, self.literal(-value.content[0])
        return 1, value

    def product(
        self, coefficient: Fraction | float, over: list[Value], under: list[Value]
    ) -> Value:
        """A number times factors over divisors, entry by entry."""
        factors: list[Value] = []
        divisors = list(under)
        for value in over:
            if self.is_open(value, "product"):
                coefficient = coefficient * value.content[0]
                factors.extend(value.operands[: value.content[1]])
                divisors.extend(value.operands[value.content[1] :])
            elif value.kind == "number":
                coefficient = coefficient * value.content[0]
            else:
                factors.append(value)
        for divisor in list(divisors):
            if divisor.kind == "number" and isinstance(divisor.content[0], Fraction):
                coefficient = coefficient / divisor.content[0]
                divisors.remove(divisor)
            elif divisor.kind in ("size", "batch") and divisor in factors:
                factors.remove(divisor)
                divisors.remove(divisor)
        if not factors and not divisors:
            return self.literal(coefficient)
        if coefficient == 1 and len(factors) == 1 and not divisors:
            return factors[0]
        operands = (*factors, *divisors)
        return self.make("product", operands, union(*operands), (coefficient, len(factors)))

    def reduce(self, value: Value, axes: Axes) -> Value:
        """The sum over `axes`, all of which `value` has."""
        if not axes:
            return value
        if self.is_open(value, "product"):
            coefficient, count = value.content
            inside = [v for v in value.operands[:count] if set(v.axes) & set(axes)]
            outside = [v for v in value.operands[:count] if not set(v.axes) & set(axes)]
            under = value.operands[count:]
            if (outside or coefficient != 1) and not any(set(v.axes) & set(axes) for v in under):
                core = self.product(Fraction(1), inside, [])
                return self.product(coefficient, [*outside, self.reduce(core, axes)], list(under))
        if self.is_open(value, "reduce"):
            axes = tuple(sorted({*axes, *value.content}))
            value = value.operands[0]
        kept = tuple(axis for axis in value.axes if axis not in axes)
        return self.make("reduce", (value,), kept, axes)

    def relabel(self, value: Value, axes: Axes) -> Value:
        """The array of `value` with its axes, in their order, taken for `axes`."""
        if value.axes == axes:
            return value
        if value.kind == "relabel":
            return self.relabel(value.operands[0], self._composed(value, axes))
        return self.make("relabel", (value,), tuple(sorted(axes)), axes)

    @staticmethod
    def _composed(value: Value, axes: Axes) -> Axes:
        roles = dict(zip(value.axes, axes, strict=True))
        return tuple(roles[axis] for axis in value.content)


def union(*values: Value) -> Axes:
    """The axes that a combination entry by entry has."""
    return tuple(sorted({axis for value in values for axis in value.axes}))
