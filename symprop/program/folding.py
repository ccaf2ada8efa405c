"""Sums, products and powers, operand by operand into one register."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symprop.functions.piecewise import unit_step
from symprop.program.instructions import ITSELF, Operand, Register
from symprop.program.operands import Operands
from symprop.program.values import Axes, Value, union

Factors = tuple[Any, list[Value], list[Value]]
"""A number as its coefficient, its factors without axes, its divisors without axes."""


class Folding(Operands):
    """What is computed entry by entry."""

    def _inner(self, candidates: Sequence[Value], axes: Axes, order: Axes) -> Value | None:
        """The operand to begin with in the register: one without a name, a product if possible."""
        found = [
            value
            for value in candidates
            if value.axes == axes
            and not self.is_atom(value)
            and self.order_of(value) == order
            and hasattr(self, f"_compile_{value.kind}")
        ]
        return max(found, key=lambda value: value.kind == "contract", default=None)

    # -- sums and products ------------------------------------------------------------------------

    def _compile_sum(self, value: Value, target: Register) -> bool:
        terms = list(zip(value.content, value.operands, strict=True))
        numbers = [(sign, v) for sign, v in terms if not v.axes]
        arrays = [(sign, v) for sign, v in terms if v.axes]
        if len(numbers) > 1:
            numbers = [(1, self.values.sum(numbers))]
        left = [*arrays, *numbers]
        inner = self._inner([v for _, v in arrays], value.axes, target.order)
        if inner is not None:
            sign = next(sign for sign, v in arrays if v is inner)
            left.remove((sign, inner))
            self.compile(inner, target)
            if sign < 0:
                plus = next((term for term in left if term[0] > 0), None)
                if plus is None:
                    self.add(target, "negative", ITSELF)
                else:
                    left.remove(plus)
                    self.add(target, "subtract", self.operand(plus[1]), ITSELF)
        else:
            pair = self._first_pair(left, value.axes)
            if pair is None:
                return False
            for term in pair:
                left.remove(term)
            self._add_pair(target, *pair)
        for sign, each in left:
            self.update(target, "add" if sign > 0 else "subtract", self.operand(each))
        return True

    def _add_pair(self, target: Register, a: tuple[int, Value], b: tuple[int, Value]) -> None:
        """Write the sum of two signed operands."""
        if a[0] < 0 < b[0]:
            a, b = b, a
        first, second = self.operand(a[1]), self.operand(b[1])
        if a[0] < 0:
            self.add(target, "negative", first)
            self.update(target, "subtract", second)
        else:
            self.add(target, "add" if b[0] > 0 else "subtract", first, second)

    @staticmethod
    def _first_pair(
        terms: Sequence[tuple[int, Value]], axes: Axes
    ) -> tuple[tuple[int, Value], tuple[int, Value]] | None:
        """Two operands that together have all axes, the first of them positive if possible."""
        for i, a in enumerate(terms):
            for b in terms[i + 1 :]:
                both_minus = a[0] < 0 and b[0] < 0
                if union(a[1], b[1]) == axes and not (both_minus and a[1].axes != axes):
                    return a, b
        return None

    def _compile_product(self, value: Value, target: Register) -> bool:
        coefficient, count = value.content
        over = [v for v in value.operands[:count] if v.axes]
        under = [v for v in value.operands[count:] if v.axes]
        numbers = [v for v in value.operands[:count] if not v.axes]
        divisors = [v for v in value.operands[count:] if not v.axes]
        small = [v for v in (*over, *under) if set(v.axes) < set(value.axes)]
        if (numbers or divisors) and small and len(small) < len(over) + len(under):
            one = self._small_factor(coefficient, small[0], over, under, (numbers, divisors))
            over = [one, *over]
            coefficient, numbers, divisors = Fraction(1), [], []
        masks = [v for v in over if self._is_mask(v)]
        if len(masks) == len(over):
            masks = []
        over = [v for v in over if v not in masks]
        inner = self._inner(over, value.axes, target.order)
        if inner is not None:
            over.remove(inner)
            self.compile(inner, target)
        else:
            numbers, divisors, coefficient, begun = self._begin_product(
                value.axes, target, over, under, (numbers, divisors, coefficient)
            )
            if not begun:
                return False
        for factor in over:
            self.update(target, "multiply", self.operand(factor))
        for mask in masks:
            self.update(target, "multiply", self._mask(mask))
        for divisor in under:
            self.update(target, "divide", self.operand(divisor))
        self._scale(target, coefficient, numbers, divisors)
        return True

    def _small_factor(
        self, coefficient: Any, small: Value, over: list[Value], under: list[Value], numbers: Any
    ) -> Value:
        """The numbers of a product times one of its factors that has fewer axes; it is taken off.

        Once: the same factor may stand there twice.
        """
        factors, divisors = numbers
        if small in over:
            over.remove(small)
            return self.values.product(coefficient, [*factors, small], divisors)
        under.remove(small)
        return self.values.product(coefficient, factors, [small, *divisors])

    def _begin_product(
        self, axes: Axes, target: Register, over: list[Value], under: list[Value], scale: Any
    ) -> tuple[list[Value], list[Value], Any, bool]:
        """Write the first two factors, or a factor and a number; take them off the lists."""
        numbers, divisors, coefficient = scale
        pair = self._first_pair([(1, v) for v in over], axes)
        if pair is not None:
            (_, a), (_, b) = pair
            over.remove(a)
            over.remove(b)
            self.add(target, "multiply", self.operand(a), self.operand(b))
            return numbers, divisors, coefficient, True
        for a in over:
            for b in under:
                if union(a, b) == axes:
                    over.remove(a)
                    under.remove(b)
                    self.add(target, "divide", self.operand(a), self.operand(b))
                    return numbers, divisors, coefficient, True
        whole = next((v for v in (*over, *under) if v.axes == axes), None)
        if whole is None:
            return numbers, divisors, coefficient, False
        factor = self.values.product(coefficient, numbers, divisors)
        if whole in under:
            under.remove(whole)
            self.add(target, "divide", self.operand(factor), self.operand(whole))
        else:
            over.remove(whole)
            self._add_scaled(target, whole, coefficient, numbers, divisors)
        return [], [], Fraction(1), True

    def _add_scaled(
        self,
        target: Register,
        operand: Value,
        coefficient: Any,
        numbers: list[Value],
        divisors: list[Value],
    ) -> None:
        """Write an array times a number."""
        found = self._factor(coefficient, numbers, divisors)
        if found is None:
            self.add(target, "multiply", self.operand(operand), self.values.literal(Fraction(1)))
        elif found[0] == "negative":
            self.add(target, "negative", self.operand(operand))
        else:
            self.add(target, found[0], self.operand(operand), self.operand(found[1]))

    def _scale(
        self, target: Register, coefficient: Any, numbers: list[Value], divisors: list[Value]
    ) -> None:
        """Go on with a number."""
        found = self._factor(coefficient, numbers, divisors)
        if found is None:
            return
        if found[0] == "negative":
            self.add(target, "negative", ITSELF)
        else:
            self.update(target, found[0], self.operand(found[1]))

    def _factor(
        self, coefficient: Any, numbers: list[Value], divisors: list[Value]
    ) -> tuple[str, Value] | None:
        """A number to multiply or to divide by; None for 1."""
        if not numbers and not divisors and coefficient in (1, -1):
            return None if coefficient == 1 else ("negative", self.values.literal(coefficient))
        if not numbers and divisors and coefficient in (1, -1):
            return "divide", self.values.product(Fraction(coefficient), divisors, [])
        return "multiply", self.values.product(coefficient, numbers, divisors)

    def _is_mask(self, value: Value) -> bool:
        return (
            value.kind == "apply"
            and value.content[0] is unit_step
            and value.number not in self.registers
        )

    def _mask(self, value: Value) -> Value:
        """A unit step as a mask of booleans."""
        (argument,) = value.operands
        self.operand(argument)
        target = self.register(self.fresh("positive_1"), value, "bool")
        zero = self.constant("zeros", ())
        self.add(target, "step", argument, constants=(zero,), completes=value)
        self.registers[value.number] = target
        return value

    def _compile_power(self, value: Value, target: Register) -> bool:
        base = value.operands[0]
        start: Operand = self.begun(base, value, target)
        if len(value.operands) == 2:
            self.add(target, "power", start, self.operand(value.operands[1]))
            return True
        (exponent,) = value.content
        if exponent in (2, Fraction(1, 2)):
            self.add(target, "square" if exponent == 2 else "sqrt", start)
        elif exponent == 4:
            self.add(target, "square", start)
            self.add(target, "square", ITSELF)
        elif exponent == 3 and start is base:
            self.add(target, "square", base)
            self.update(target, "multiply", base)
        else:
            self.add(target, "power", start, self.values.literal(exponent))
        return True

    def begun(self, argument: Value, value: Value, target: Register) -> Operand:
        """The argument of a function, in the register of the function if nothing else uses it."""
        if self._inner([argument], value.axes, target.order) is not None:
            self.compile(argument, target)
            return ITSELF
        return self.operand(argument)
