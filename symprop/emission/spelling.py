"""Spelling values as Python expressions: what NumPy and plain Python have in common."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symprop.errors import EmissionError
from symprop.expression.nodes import UNIT
from symprop.functions.vocabulary import Code
from symprop.program.values import Axis, Value

COMPARISON, SUM, PRODUCT, UNARY, POWER, ATOM = range(6)
Spelled = tuple[str, int]


@dataclass(frozen=True)
class Blocks:
    """A call with a list of blocks as its first argument: the function, the blocks, the rest."""

    function: str
    items: Sequence[str]
    further: Sequence[str]


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
        return " ".join(self.sum_terms(value)), SUM

    def sum_terms(self, value: Value) -> list[str]:
        """The terms of a sum with their signs, one a line."""
        lines = []
        for index, (sign, operand) in enumerate(zip(value.content, value.operands, strict=True)):
            code = self.within(operand, PRODUCT, value)
            if index:
                lines.append(f"{'+' if sign > 0 else '-'} {code}")
            else:
                lines.append(code if sign > 0 else negative(code))
        return lines

    def product_parts(self, value: Value) -> tuple[str, list[str]]:
        """The sign of a product and its parts, each but the first with its operator."""
        coefficient, count = value.content
        over = self.factors(value)
        under = [self.within(v, UNARY + 1, value) for v in value.operands[count:]]
        if count > 1 and (coefficient is UNIT or coefficient == 1):
            return "", self._with_operators(over, under)
        magnitude = abs(coefficient)
        if count == magnitude == 1:
            over = [self.within(value.operands[0], PRODUCT, value)]
        if isinstance(magnitude, Fraction):
            if magnitude.numerator != 1 or not over:
                over.insert(0, self.whole(magnitude.numerator))
            if magnitude.denominator != 1:
                under.insert(0, self.whole(magnitude.denominator))
        elif magnitude != 1.0 or not over:
            over.insert(0, repr(magnitude))
        return ("-" if coefficient < 0 else ""), self._with_operators(over, under)

    @staticmethod
    def _with_operators(over: list[str], under: list[str]) -> list[str]:
        divisors = [f"/ {code}" for code in _divisors(under)] if under else []
        return [over[0], *(f"* {code}" for code in over[1:]), *divisors]

    def factors(self, value: Value) -> list[str]:
        """The factors of a product."""
        return [self.within(v, UNARY, value) for v in value.operands[: value.content[1]]]

    def whole(self, count: int) -> str:
        """A whole number among factors or terms."""
        return str(count)

    def _product(self, value: Value) -> Spelled:
        sign, parts = self.product_parts(value)
        precedence = UNARY if sign and len(parts) == 1 else PRODUCT
        code = " ".join(parts)
        return (negative(code) if sign else code), precedence

    def _power(self, value: Value) -> Spelled:
        base = value.operands[0]
        if len(value.operands) == 2:
            exponent = self.within(value.operands[1], UNARY, value)
        elif value.content[0] == Fraction(1, 2):
            return self.root(base, value), ATOM
        else:
            exponent, precedence = number(value.content[0])
            exponent = exponent if precedence >= UNARY else f"({exponent})"
        code = self.within(base, ATOM, value)
        tight = _is_simple(code) and _is_simple(exponent)
        return (f"{code}**{exponent}" if tight else f"{code} ** {exponent}"), POWER

    def _apply(self, value: Value) -> Spelled:
        entry = value.content[0]
        code = self.code(entry, value)
        compares = code.call.endswith(" > 0")
        shown = entry.shown(value.operands, _literal)
        arguments = [self.within(each, SUM if compares else COMPARISON, value) for each in shown]
        call, _ = self.call(entry.name, code, ", ".join(arguments))
        return call, COMPARISON if compares else ATOM

    def call(self, name: str, code: Code, arguments: str, **more: Any) -> Spelled:
        """A call of a function of the vocabulary, its helpers noted."""
        if code.helper:
            self.helpers.update({name: code.helper, **code.needs})
        return code.call.format(arguments, **more), ATOM

    # -- what differs between targets -------------------------------------------------------------

    def blocks(self, value: Value) -> Blocks | None:
        """The parts of a stack, or None of any other value."""
        return None

    def pieces(self, value: Value) -> list[str]:
        """What may stand one a line of an expression that is no sum or product, else nothing."""
        return []

    def arguments(self, value: Value) -> list[str] | None:
        """The arguments of a call that may stand one a line, or None of any other value."""
        return None

    @abstractmethod
    def code(self, entry: Any, value: Value) -> Code:
        """How the target calls a function."""

    @abstractmethod
    def root(self, base: Value, value: Value) -> str:
        """The square root of `base`, which is `value`."""


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
        base = extent_code(extent.base, sizes)
        return f"({base}) ** {extent.exp}" if extent.base.is_Add else f"{base}**{extent.exp}"
    if extent.is_Mul:
        if extent.args[0] == -1:
            return f"-{extent_code(-extent, sizes)}"
        parts = [extent_code(part, sizes) for part in extent.as_ordered_factors()]
        return " * ".join(f"({part})" if " + " in part or " - " in part else part for part in parts)
    if not extent.is_Add:
        raise EmissionError(
            f"the size {extent} cannot be emitted", hint="use sums and products of size symbols"
        )
    first, *terms = (extent_code(term, sizes) for term in extent.as_ordered_terms())
    signed = [f"- {t[1:]}" if t.startswith("-") else f"+ {t}" for t in terms]
    return " ".join([first, *signed])


def negative(code: str) -> str:
    """Code behind a minus, a power that it begins with in brackets as ruff writes it."""
    source = f"-{code}"
    node = ast.parse(source, mode="eval").body
    while isinstance(node, ast.BinOp):
        node = node.left
    power = node.operand if isinstance(node, ast.UnaryOp) else node
    if not (isinstance(power, ast.BinOp) and isinstance(power.op, ast.Pow)):
        return source
    text = source.encode()
    start, end = power.col_offset, power.end_col_offset
    return f"{text[:start].decode()}({text[start:end].decode()}){text[end:].decode()}"


def _divisors(codes: list[str]) -> list[str]:
    """Divisors, two or more simple ones as one product."""
    simple = [inner for code in codes if (inner := _simple_product(code))]
    if len(simple) < 2:
        return codes
    rest = [code for code in codes if not _simple_product(code)]
    return [f"({' * '.join(simple)})", *rest]


def _simple_product(code: str) -> str:
    """A name, a number or a product of these, without its brackets; "" where it is none."""
    inner = code[1:-1] if code.startswith("(") and code.endswith(")") else code
    simple = all(_is_simple(part.replace("**", "")) for part in inner.split(" * "))
    return inner if simple else ""


def _is_simple(code: str) -> bool:
    """Names, dotted names and numbers: what a power is written tightly around."""
    return code.replace(".", "").replace("_", "").isalnum()


def _literal(value: Value) -> Any:
    """The number that a value is, or None."""
    return value.content[0] if value.kind == "number" else None


def varies(value: Value) -> bool:
    """Whether a value has the sample axis."""
    return Axis.SAMPLE in value.axes
