"""Statements within the width of a line, broken as ruff formats them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from symprop.emission.module import Line
from symprop.emission.schedule import TRIVIAL
from symprop.emission.spelling import Spelling, negative
from symprop.program.values import Value

WIDTH = 88
WHOLE_FLOAT = re.compile(r"\b(\d+)\.0\b")


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
        if value.number in self.spelling.named:
            yield Line(f"{name} {operator} {self.spelling.named[value.number]}", formula)
            return
        head = f"{name} {operator} "
        code = self._broken(head, value)
        if code is None:
            yield from replace(self, owner=self.owner or name)._fitted(head, value)
            code = self._broken(head, value) or head + self.spelling.expression(value)
        yield Line(code, "" if says_the_same(code, name, formula) else formula)

    def _fitted(self, head: str, value: Value) -> Iterator[Line]:
        """Statements for parts of a value, as few and as small as let the rest of it fit."""
        while self._broken(head, value) is None:
            parts = self._long_parts(value)
            if not parts:
                return
            for part in parts:
                yield from self._fitted(f"{self.owner}_1 = ", part)
                left = self._is_long(part) if len(parts) > 1 else self._broken(head, value) is None
                if left and part.number not in self.spelling.named:
                    name = self.fresh(f"{self.owner}_1")
                    yield from self.assign(name, part, "")
                    self.spelling.named[part.number] = name

    def _broken(self, head: str, value: Value) -> str | None:
        """The statement on one line or several, or None where it does not fit."""
        terms = self.spelling.sum_terms(value) if value.kind == "sum" else []
        code = " ".join(terms) or self.spelling.expression(value)
        if len(head) + len(code) <= self.width:
            return head + code
        if not (parts := terms or self._pieces(value)):
            return (
                self._broken_call(head, code)
                or self._broken_stack(head, value)
                or self._broken_arguments(head, code, value)
            )
        if len(parts) == 1:
            return self._broken_call(head, code)
        if len(parts) == 2 and (code.startswith("(") or code.endswith((")", "]"))):
            return self._broken_last(head, code)
        if len(code) + 4 <= self.width:
            parts = [code]
        if any(len(part) + 4 > self.width for part in parts):
            return None
        return "\n".join([f"{head}(", *(f"    {part}" for part in parts), ")"])

    def _pieces(self, value: Value) -> list[str]:
        """What may stand one a line of a value that is no sum, nothing of a call."""
        if value.kind != "product":
            return self.spelling.pieces(value)
        sign, parts = self.spelling.product_parts(value)
        parts[0] = negative(parts[0]) if sign else parts[0]
        return [piece for part in parts for piece in _at_products(part)]

    def _broken_last(self, head: str, code: str) -> str | None:
        """Two operands, the last one a bracket that is broken after it opens, as ruff does."""
        start, bracket, inner = code.partition("(")
        if not bracket or "[" in start or not _closes_last(code):
            return None
        if len(inner) + 3 > self.width or len(head + start) + 1 > self.width:
            return None
        return f"{head}{start}(\n    {inner[:-1]}\n)"

    def _broken_call(self, head: str, code: str) -> str | None:
        """A call with its arguments on a line of their own, a minus before it or not."""
        name, bracket, arguments = code.partition("(")
        plain = name.removeprefix("-").replace(".", "").isidentifier()
        whole = bracket and plain and _closes_last(code)
        if not whole or len(arguments) + 3 > self.width or len(head + name) + 1 > self.width:
            return None
        return f"{head}{name}(\n    {arguments[:-1]}\n)"

    def _broken_stack(self, head: str, value: Value) -> str | None:
        """Stacked blocks one a line, the arguments behind them one a line too."""
        blocks = self.spelling.blocks(value)
        if blocks is None or any(len(block) + 9 > self.width for block in blocks.items):
            return None
        listed = "".join(f"        {block},\n" for block in blocks.items)
        further = "".join(f"    {argument},\n" for argument in blocks.further)
        comma = "," if further else ""
        return f"{head}{blocks.function}(\n    [\n{listed}    ]{comma}\n{further})"

    def _broken_arguments(self, head: str, code: str, value: Value) -> str | None:
        """A call with its arguments one a line."""
        arguments = self.spelling.arguments(value) or []
        if not arguments or any(len(argument) + 5 > self.width for argument in arguments):
            return None
        listed = "".join(f"    {argument},\n" for argument in arguments)
        return f"{head}{code.partition('(')[0]}(\n{listed})"

    def _long_parts(self, value: Value) -> list[Value]:
        """The operands without a name that are too long for a line, or the longest one."""
        parts = {
            operand: len(self.spelling.expression(operand))
            for operand in map(_whole, value.operands)
            if operand.number not in self.spelling.named and operand.kind not in TRIVIAL
        }
        long = [part for part, length in parts.items() if length + 4 > self.width]
        if len(long) > 1 and value.kind in ("sum", "product", "stack"):
            return long
        return [max(parts, key=parts.__getitem__)] if parts else []

    def _is_long(self, part: Value) -> bool:
        """Whether a part is too long for a line of its own."""
        return len(self.spelling.expression(part)) + 4 > self.width


def _whole(value: Value) -> Value:
    """What a value is a part or a transpose of."""
    while value.kind in TRIVIAL and value.operands:
        value = value.operands[0]
    return value


def _at_products(code: str) -> list[str]:
    """Code divided before each `@` outside of brackets, which binds no tighter than `*`."""
    pieces = [""]
    depth = 0
    for word in code.split(" "):
        if word == "@" and depth == 0:
            pieces.append("")
        depth += sum(map(word.count, "([{")) - sum(map(word.count, ")]}"))
        pieces[-1] += f" {word}" if pieces[-1] else word
    return pieces


def _beside(formula: str, name: str) -> str:
    """A formula as a comment beside `name = ...`, which need not say the name again."""
    return formula.removeprefix(f"{name} = ")


def says_the_same(code: str, name: str, formula: str) -> bool:
    """Whether a formula would only repeat the code."""
    if not formula:
        return False
    plain = code.removeprefix(f"{name} = ").replace(" ", "")
    plain = WHOLE_FLOAT.sub(r"\1", plain) if ".0" in plain else plain
    said = formula.replace(" ", "")
    call = said.removesuffix(")")
    return plain == said or (call != said and plain.startswith((f"{call},", f"np.{call},")))


def _closes_last(code: str) -> bool:
    """Whether the first bracket of `code` is closed by its last character."""
    depth = 0
    for place, character in enumerate(code):
        depth += (character == "(") - (character == ")")
        if depth == 0 and character == ")":
            return place == len(code) - 1
    return False
