"""Plain Python: how each kind of value is spelled on numbers, one sample at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from symprop.emission.spelling import ATOM, COMPARISON, PRODUCT, SUM, Spelled, Spelling, number
from symprop.functions.vocabulary import Code
from symprop.program.values import Value

REPEATED = {Fraction(2), Fraction(3)}
"""Exponents for which a product of the base with itself is the quicker power."""

MATH_CALL = re.compile(r"\bmath\.(\w+)(?=\()")
BRANCH = re.compile(r" (?=if |else )")


class PythonSpelling(Spelling):
    """Spells values as Python numbers; sums over the samples are accumulated by name.

    Whole numbers are written as floats, which Python multiplies and subtracts without converting
    them first. `imports` are the functions of math that are called by their names.
    """

    def __init__(self, loads: Mapping[str, str], sizes: Mapping[str, str]) -> None:
        super().__init__(loads, sizes)
        self.imports: set[str] = set()

    def within(self, value: Value, least: int, align: Value | None = None) -> str:
        if (name := self.named.get(value.number)) is not None:
            return name
        code, precedence = self.spelled(value)  # a number has no axes to align
        return code if precedence >= least else f"({code})"

    def code(self, entry: Any, value: Value) -> Code:
        code: Code = entry.python
        return code

    def root(self, base: Value, value: Value) -> str:
        return f"math.sqrt({self.within(base, SUM)})"

    def whole(self, count: int) -> str:
        return f"{count}.0"

    def call(self, name: str, code: Code, arguments: str, **more: Any) -> Spelled:
        spelled, precedence = super().call(name, code, arguments, **more)
        return self._imported(spelled), precedence

    def _imported(self, code: str) -> str:
        self.imports.update(MATH_CALL.findall(code))
        return MATH_CALL.sub(r"\1", code)

    def pieces(self, value: Value) -> list[str]:
        if is_repeated(value):
            first, *further = self.expression(value).split(" * ")
            return [first, *(f"* {factor}" for factor in further)]
        if is_written_out(value):
            return BRANCH.split(self.expression(value))
        return []

    def _number(self, value: Value) -> Spelled:
        content = value.content[0]
        code, precedence = number(content)
        whole = isinstance(content, Fraction) and content.denominator == 1
        return self.whole(int(content)) if whole else code, precedence

    def _power(self, value: Value) -> Spelled:
        base = value.operands[0]
        if is_repeated(value):
            code = self.within(base, ATOM)
            return " * ".join([code] * int(value.content[0])), PRODUCT
        return super()._power(value)

    def _apply(self, value: Value) -> Spelled:
        if not is_written_out(value):
            return super()._apply(value)
        arguments = [self.within(each, ATOM) for each in value.operands]
        return self._imported(value.content[0].python.call.format(*arguments)), COMPARISON

    def _relabel(self, value: Value) -> Spelled:
        return self.spelled(value.operands[0])


def is_repeated(value: Value) -> bool:
    """Whether a value is a power that is written as a product."""
    return value.kind == "power" and len(value.operands) == 1 and value.content[0] in REPEATED


def is_written_out(value: Value) -> bool:
    """Whether a value is a call with its arguments in it more than once."""
    return value.kind == "apply" and value.content[0].python.repeats
