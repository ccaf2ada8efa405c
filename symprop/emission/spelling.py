"""Spelling values as Python expressions: what NumPy and plain Python have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from symprop.errors import EmissionError
from symprop.functions.vocabulary import Code
from symprop.program.values import Axis, Value

COMPARISON, SUM, PRODUCT, UNARY, POWER, ATOM = range(6)
Spelled = tuple[str, int]


class Spelling(ABC):
    """Writes a value as an expression; values that have a name are written by it.

    `loads` gives the identifier of a declared symbol, `sizes` that of a size symbol.
    """

    def __init__(self, loads: Mapping[str, str], sizes: Mapping[str, str]) -> None:
        self.loads = loads
        self.sizes = sizes
        self.named: dict[int, str] = {}
        self.helpers: dict[str, str] = {}
        self.used_sizes: dict[str, None] = {}
        self.uses_math = False

    def expression(self, value: Value) -> str:
        """The code of a value that is to be assigned."""
        return self.spelled(value)[0]

    def within(self, value: Value, least: int, align: Value | None = None) -> str:
        """The code of an operand, in brackets where it binds less than `least`."""
        if value.number in self.named:
            code, precedence = self.named[value.number], ATOM
        else:
            code, precedence = self.spelled(value)
        if align is not None:
            code, precedence = self.aligned(code, precedence, value, align)
        return code if precedence >= least else f"({code})"

    def aligned(self, code: str, precedence: int, value: Value, parent: Value) -> Spelled:
        """An operand with the axes that `parent` has and it lacks, as far as they matter."""
        return code, precedence

    def spelled(self, value: Value) -> Spelled:
        """The code of a value and how tightly it binds."""
        rule: Callable[[Value], Spelled] = getattr(self, f"_{value.kind}")
        return rule(value)

    # -- the kinds of values ----------------------------------------------------------------------

    def _load(self, value: Value) -> Spelled:
        return self.loads[value.content[0]], ATOM

    def _number(self, value: Value) -> Spelled:
        return number(value.content[0])

    def _constant(self, value: Value) -> Spelled:
        self.uses_math = self.uses_math or str(value.content[0]) in ("pi", "E")
        known = {"pi": "math.pi", "E": "math.e"}
        return known.get(str(value.content[0]), repr(float(value.content[0]))), ATOM

    def _size(self, value: Value) -> Spelled:
        extent = value.content[0]
        for symbol in sorted(extent.free_symbols, key=str):
            self.used_sizes[symbol.name] = None
        return extent_code(extent, self.sizes), ATOM if extent.is_Symbol else SUM

    def _batch(self, value: Value) -> Spelled:
        return "n", ATOM

    def _sum(self, value: Value) -> Spelled:
        parts = []
        for index, (sign, operand) in enumerate(zip(value.content, value.operands, strict=True)):
            code = self.within(operand, PRODUCT, value)
            if sign < 0 and not index and self.is_power(operand):
                code = f"({code})"
            mark = (" + " if index else "") if sign > 0 else (" - " if index else "-")
            parts.append(mark + code)
        return "".join(parts), SUM

    def sum_terms(self, value: Value) -> list[str]:
        """The terms of a sum with their signs, one a line."""
        lines = []
        for index, (sign, operand) in enumerate(zip(value.content, value.operands, strict=True)):
            mark = ("+ " if index else "") if sign > 0 else ("- " if index else "-")
            lines.append(mark + self.within(operand, PRODUCT, value))
        return lines

    def product_parts(self, value: Value) -> tuple[str, list[str]]:
        """The sign of a product and its parts, each but the first with its operator."""
        coefficient, count = value.content
        over = self.factors(value)
        under = [self.within(v, UNARY + 1, value) for v in value.operands[count:]]
        magnitude = abs(coefficient)
        plain = not isinstance(coefficient, Fraction) or coefficient.numerator == -1
        if coefficient < 0 and plain and over and self.is_power(value.operands[0]):
            over[0] = f"({over[0]})"  # as ruff writes a minus before a power
        if isinstance(magnitude, Fraction):
            if magnitude.numerator != 1 or not over:
                over.insert(0, str(magnitude.numerator))
            if magnitude.denominator != 1:
                under.insert(0, str(magnitude.denominator))
        elif magnitude != 1.0 or not over:
            over.insert(0, repr(magnitude))
        parts = [over[0], *(f"* {code}" for code in over[1:])]
        if len(under) == 2 and all(_is_simple(code) for code in under):
            parts.append(f"/ ({under[0]} * {under[1]})")
        else:
            parts.extend(f"/ {code}" for code in under)
        return ("-" if coefficient < 0 else ""), parts

    def is_power(self, value: Value) -> bool:
        """Whether a value is written as a power."""
        root = value.kind == "power" and value.content == (Fraction(1, 2),)
        return value.kind == "power" and not root and value.number not in self.named

    def factors(self, value: Value) -> list[str]:
        """The factors of a product."""
        return [self.within(v, UNARY, value) for v in value.operands[: value.content[1]]]

    def _product(self, value: Value) -> Spelled:
        sign, parts = self.product_parts(value)
        precedence = UNARY if sign and len(parts) == 1 else PRODUCT
        return sign + " ".join(parts), precedence

    def _power(self, value: Value) -> Spelled:
        base = value.operands[0]
        if len(value.operands) == 2:
            exponent = self.within(value.operands[1], UNARY, value)
        elif value.content[0] == Fraction(1, 2):
            return self.root(base), ATOM
        else:
            exponent, precedence = number(value.content[0])
            exponent = exponent if precedence >= UNARY else f"({exponent})"
        code = self.within(base, ATOM, value)
        tight = _is_simple(code) and _is_simple(exponent)
        return (f"{code}**{exponent}" if tight else f"{code} ** {exponent}"), POWER

    def _apply(self, value: Value) -> Spelled:
        code = self.code(value.content[0], value)
        return self.call(value.content[0].name, code, value.operands[0])

    def call(self, name: str, code: Code, argument: Value, **more: Any) -> Spelled:
        """A call of a function of the vocabulary, its helper noted."""
        if code.helper:
            self.helpers[name] = code.helper
        self.uses_math = self.uses_math or code.call.startswith("math.")
        if code.call.endswith(" > 0"):
            return code.call.format(self.within(argument, SUM)), COMPARISON
        return code.call.format(self.within(argument, COMPARISON), **more), ATOM

    # -- what differs between targets -------------------------------------------------------------

    @abstractmethod
    def code(self, entry: Any, value: Value) -> Code:
        """How the target calls a function."""

    @abstractmethod
    def root(self, base: Value) -> str:
        """A square root."""


def number(value: Fraction | float) -> Spelled:
    """A number as code."""
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return str(value.numerator), ATOM if value >= 0 else UNARY
        exact = Fraction(str(float(value))) == value
        return (repr(float(value)), ATOM if value >= 0 else UNARY) if exact else (
            f"{value.numerator} / {value.denominator}", PRODUCT)  # fmt: skip
    return repr(value), ATOM if value >= 0 else UNARY


def extent_code(extent: Any, sizes: Mapping[str, str]) -> str:
    """A size, with identifiers for its symbols, as ruff formats it."""
    if isinstance(extent, int):
        return str(extent)
    if extent.is_Symbol:
        return sizes[extent.name]
    if extent.is_Integer:
        return str(int(extent))
    if extent.is_Pow and extent.exp.is_Integer and extent.exp > 0:
        return f"{extent_code(extent.base, sizes)}**{extent.exp}"
    if not (extent.is_Add or extent.is_Mul):
        raise EmissionError(
            f"the size {extent} cannot be emitted", hint="use sums and products of size symbols"
        )
    parts = extent.as_ordered_terms() if extent.is_Add else extent.as_ordered_factors()
    return (" + " if extent.is_Add else " * ").join(extent_code(part, sizes) for part in parts)


def _is_simple(code: str) -> bool:
    """Names, dotted names and numbers: what a power is written tightly around."""
    return code.replace(".", "").replace("_", "").isalnum()


def varies(value: Value) -> bool:
    """Whether a value has the sample axis."""
    return Axis.SAMPLE in value.axes
