"""Statements within the width of a line, broken as ruff formats them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from symprop.emission.module import Line
from symprop.emission.schedule import TRIVIAL
from symprop.emission.spelling import Spelling
from symprop.program.values import Value

WIDTH = 88


@dataclass(frozen=True)
class Layout:
    """Lays statements out within `width` columns; `fresh` gives names to parts taken out."""

    spelling: Spelling
    fresh: Callable[[str], str]
    width: int
    owner: str = ""

    def assign(self, name: str, value: Value, formula: str, operator: str = "=") -> Iterator[Line]:
        """`name = value` as lines; parts of a statement that fits no other way get a name first."""
        formula = _beside(formula, name)
        while True:
            if value.number in self.spelling.named:
                yield Line(f"{name} {operator} {self.spelling.named[value.number]}", formula)
                return
            code = self._broken(f"{name} {operator} ", value)
            part = None if code is not None else self._longest_part(value)
            if part is None:
                code = code or f"{name} {operator} {self.spelling.expression(value)}"
                yield Line(code, "" if _says_the_same(code, name, formula) else formula)
                return
            owner = self.owner or name
            part_name = self.fresh(f"{owner}_1")
            yield from replace(self, owner=owner).assign(part_name, part, "")
            self.spelling.named[part.number] = part_name

    def _broken(self, head: str, value: Value) -> str | None:
        """The statement on one line or several, or None where it does not fit."""
        code = self.spelling.expression(value)
        if len(head) + len(code) <= self.width:
            return head + code
        if value.kind == "sum":
            parts = self.spelling.sum_terms(value)
        elif value.kind == "product":
            sign, parts = self.spelling.product_parts(value)
            parts[0] = sign + parts[0]
        else:
            return self._broken_call(head, code)
        if len(parts) == 1:
            return self._broken_call(head, code)
        if len(parts) == 2 and (code.startswith("(") or code.endswith((")", "]"))):
            return None  # ruff would break inside the bracket instead
        if len(code) + 4 <= self.width:
            parts = [code]
        if any(len(part) + 4 > self.width for part in parts):
            return None
        return "\n".join([f"{head}(", *(f"    {part}" for part in parts), ")"])

    def _broken_call(self, head: str, code: str) -> str | None:
        """A call with its arguments on a line of their own, a minus before it or not."""
        name, bracket, arguments = code.partition("(")
        plain = name.removeprefix("-").replace(".", "").isidentifier()
        whole = bracket and plain and _closes_last(code)
        if not whole or len(arguments) + 3 > self.width or len(head + name) + 1 > self.width:
            return None
        return f"{head}{name}(\n    {arguments[:-1]}\n)"

    def _longest_part(self, value: Value) -> Value | None:
        """The operand of `value` that takes most room and has no name."""
        parts = [
            operand
            for operand in value.operands
            if operand.number not in self.spelling.named and operand.kind not in TRIVIAL
        ]
        return max(parts, key=lambda v: len(self.spelling.expression(v)), default=None)


def _beside(formula: str, name: str) -> str:
    """A formula as a comment beside `name = ...`, which need not say the name again."""
    return formula.removeprefix(f"{name} = ")


def _says_the_same(code: str, name: str, formula: str) -> bool:
    """Whether a formula would only repeat the code."""
    plain = code.removeprefix(f"{name} = ").replace(" ", "")
    return plain == formula.replace(" ", "")


def _closes_last(code: str) -> bool:
    """Whether the first bracket of `code` is closed by its last character."""
    depth = 0
    for place, character in enumerate(code):
        depth += (character == "(") - (character == ")")
        if depth == 0 and character == ")":
            return place == len(code) - 1
    return False
