"""The values of an array program: few kinds of operation, axes by role, equal values once.

An axis is a position - sample, row, column - and never a size: W may be N x N. A value lacks an
axis along which it is constant, and the axes that it has stand in the order of `Axis`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction
from typing import Any

from symprop.expression.nodes import UNIT


class Axis(IntEnum):
    """The role of an axis."""

    SAMPLE = 0
    ROW = 1
    COLUMN = 2


Axes = tuple[Axis, ...]
Labels = tuple[int, ...]


@dataclass(eq=False, slots=True)
class Value:
    """One array or number. Values made by one `Values` are equal only if they are the same object.

    Nobody changes one; that is not enforced, as it takes four times as long to make them then.

    `kind` is one of

    - load (name), number (value), constant (SymPy's), size (extent), batch;
    - sum (a sign each), product (coefficient, how many operands are factors; the rest divide),
      power (an exponent, unless it is the second operand), apply (entry);
    - along (entry, axis of the array), reduce (axes summed over);
    - contract (labels of the first operand, of the second, of the result): the labels name
      positions; shared ones that the result lacks are summed over;
    - matrix (entry): a function of whole matrices, the last axes of the array;
    - full (a size for each axis): the operand repeated along the axes that it lacks;
    - slice (a span, a place or None for each axis of the operand);
    - place (the same for each operand, and the extents): zeros to which the operands are added;
    - stack (the axis of the array; whether the operands have it);
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
    """Makes values; what is computed twice is one value.

    `wishes` suggests names for parts that the derivation does not name, by number.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Value] = {}
        self._sealed: set[int] = set()
        self.wishes: dict[int, str] = {}

    def seal(self, value: Value) -> None:
        """Keep a value whole: it has a name, and what uses it must not look inside."""
        self._sealed.add(value.number)

    def is_sealed(self, value: Value) -> bool:
        """Whether a value is kept whole."""
        return value.number in self._sealed

    def is_open(self, value: Value, kind: str) -> bool:
        """Whether a value is of this kind and may be merged into what uses it."""
        return value.kind == kind and value.number not in self._sealed

    def make(
        self, kind: str, operands: tuple[Value, ...], axes: Axes, content: tuple[Any, ...] = ()
    ) -> Value:
        """The value of this description, made or met before."""
        key = _key(kind, operands, axes, content)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Value(kind, operands, axes, content, len(self._known))
        return found

    def known(
        self, kind: str, operands: tuple[Value, ...], axes: Axes, content: tuple[Any, ...]
    ) -> Value | None:
        """The value of this description if it was made before."""
        return self._known.get(_key(kind, operands, axes, content))

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
        terms = self._together(terms)
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        operands = tuple(value for _, value in terms)
        if len(terms) == 1:
            return self.product(-UNIT, list(operands), [])
        signs = tuple(sign for sign, _ in terms)
        return self.make("sum", operands, union(*operands), signs)

    def _together(self, terms: list[tuple[int, Value]]) -> list[tuple[int, Value]]:
        """Terms in which what is placed in arrays of one shape goes into one array."""
        if not any([value.kind == "place" for _, value in terms]):
            return terms
        placed: dict[tuple[Any, ...], list[tuple[int, Value]]] = {}
        for sign, value in terms:
            if self.is_open(value, "place"):
                placed.setdefault((value.axes, value.content[1]), []).append((sign, value))
        for (axes, extents), found in placed.items():
            if len(found) > 1:
                operands = tuple(self.sum([(sign, v.operands[0])]) for sign, v in found)
                index = tuple(v.content[0][0] for _, v in found)
                merged = self.make("place", operands, axes, (index, extents))
                terms = [(1, merged), *(term for term in terms if term not in found)]
        return terms

    def signed(self, value: Value) -> tuple[int, Value]:
        """A value as a sign and the rest, so that a sum is written with minus signs."""
        if self.is_open(value, "product"):
            coefficient, count = value.content
            if coefficient is UNIT or coefficient >= 0:
                return 1, value
            operands = list(value.operands)
            return -1, self.product(-coefficient, operands[:count], operands[count:])
        if value.kind == "number" and value.content[0] < 0:
            return -1, self.literal(-value.content[0])
        return 1, value

    def product(
        self, coefficient: Fraction | float, over: list[Value], under: list[Value]
    ) -> Value:
        """A number times factors over divisors, entry by entry."""
        if len(over) == 1 and not under and (coefficient is UNIT or coefficient == 1):
            return over[0]
        factors: list[Value] = []
        divisors = list(under)
        for value in over:
            if self.is_open(value, "product"):
                if value.content[0] is not UNIT:
                    coefficient = coefficient * value.content[0]
                factors.extend(value.operands[: value.content[1]])
                divisors.extend(value.operands[value.content[1] :])
            elif value.kind == "number":
                coefficient = coefficient * value.content[0]
            else:
                factors.append(value)
        for divisor in tuple(divisors):
            if divisor.kind == "number" and isinstance(divisor.content[0], Fraction):
                coefficient = coefficient / divisor.content[0]
                divisors.remove(divisor)
            elif divisor.kind in ("size", "batch") and divisor in factors:
                factors.remove(divisor)
                divisors.remove(divisor)
        if not factors and not divisors:
            return self.literal(coefficient)
        if coefficient is not UNIT and coefficient == 1 and type(coefficient) is Fraction:
            coefficient = UNIT
        if len(factors) == 1 and not divisors and coefficient == 1:
            return factors[0]
        operands = (*factors, *divisors)
        return self.make("product", operands, union(*operands), (coefficient, len(factors)))

    def reduce(self, value: Value, axes: Axes) -> Value:
        """The sum over `axes`, all of which `value` has; what is constant along them outside."""
        if not axes:
            return value
        if self.is_open(value, "product"):
            coefficient, count = value.content
            inside = [v for v in value.operands[:count] if set(v.axes) & set(axes)]
            outside = [v for v in value.operands[:count] if not set(v.axes) & set(axes)]
            below = [v for v in value.operands[count:] if set(v.axes) & set(axes)]
            constant = [v for v in value.operands[count:] if not set(v.axes) & set(axes)]
            if outside or constant or coefficient != 1:
                core = self.product(UNIT, inside, below)
                return self.product(coefficient, [*outside, self.reduce(core, axes)], constant)
        if self.is_open(value, "sum") and all(sign < 0 for sign in value.content):
            positive = self.sum([(1, operand) for operand in value.operands])
            return self.product(-UNIT, [self.reduce(positive, axes)], [])
        if self.is_open(value, "relabel"):
            (turned,) = value.operands
            roles = list(zip(turned.axes, value.content, strict=True))
            summed = self.reduce(turned, tuple(axis for axis, role in roles if role in axes))
            return self.relabel(summed, tuple(role for _, role in roles if role not in axes))
        if self.is_open(value, "reduce"):
            axes = tuple(sorted({*axes, *value.content}))
            value = value.operands[0]
        kept = tuple(axis for axis in value.axes if axis not in axes)
        return self.make("reduce", (value,), kept, axes)

    def full(
        self, value: Value, wanted: tuple[tuple[Axis, Any], ...], samples: bool = False
    ) -> Value:
        """`value` repeated along the wanted axes that it lacks, each with its extent.

        With `samples` along the sample axis too.
        """
        sample = samples or Axis.SAMPLE in value.axes
        axes = (*((Axis.SAMPLE,) if sample else ()), *(axis for axis, _ in wanted))
        if value.axes == axes:
            return value
        extents = (*(("n",) if sample else ()), *(extent for _, extent in wanted))
        return self.make("full", (value,), axes, extents)

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
    found = {value.axes for value in values if value.axes}
    if len(found) < 2:
        return found.pop() if found else ()
    return tuple(sorted(set[Axis]().union(*found)))


def _key(
    kind: str, operands: tuple[Value, ...], axes: Axes, content: tuple[Any, ...]
) -> tuple[Any, ...]:
    """What tells one value from another."""
    if kind == "product" and (content[0] is UNIT or content[0] == 1):
        content = content[1:]
    return kind, tuple([operand.number for operand in operands]), axes, content
