"""Reading the values of symbols on the command line: `x=1,y=2/3,W=[[1, 2], [3, 4]]`.

The text is data: numbers, fractions of numbers and nested lists, and nothing is evaluated.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

from symprop.errors import PointError

LARGEST_EXPONENT = 400
HINT = "write --at x=1,y=0.5,v=2/3,W=[[1,2],[3,4]]"


def read_values(texts: Iterable[str]) -> dict[str, Any]:
    """Names and their values, exact: int, Fraction or nested lists of them.

    Raises PointError for anything else, and for a name that comes twice.
    """
    values: dict[str, Any] = {}
    for text in texts:
        for item in _items(text):
            name, equals, value = (part.strip() for part in item.partition("="))
            if not (name and equals and value):
                raise PointError(f"{item.strip()!r} is no name=value", hint=HINT)
            if name in values:
                raise PointError(f"{name} is given twice", hint="give one value")
            values[name] = _read(name, value)
    return values


def read_number(name: str, text: str) -> int | Fraction:
    """One number, exact; PointError for anything else."""
    number: int | Fraction | list[Any] = []
    with suppress(PointError):
        number = _read(name, text)
    if isinstance(number, list):
        raise PointError(f"{name} needs a number, not {text[:40]!r}", hint=f"write {name} 0.1")
    return number


def read_count(name: str, text: str) -> int:
    """A whole number; PointError for anything else."""
    with suppress(PointError):
        number = read_number(name, text)
        if number == int(number):
            return int(number)
    raise PointError(f"{name} needs a whole number, not {text[:40]!r}", hint=f"write {name} 3")


def _items(text: str) -> Iterator[str]:
    """The text between commas that stand outside of brackets."""
    depth = start = 0
    for place, character in enumerate(text):
        depth += (character in "[(") - (character in "])")
        if character == "," and depth == 0:
            yield text[start:place]
            start = place + 1
    if text[start:].strip():
        yield text[start:]


def _read(name: str, text: str) -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):  # of odd text; it is refused
            return _value(ast.parse(text, mode="eval").body, text)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        shown = text if len(text) <= 40 else text[:37] + "..."
        raise PointError(
            f"the value of {name} is neither a number nor a list of numbers: {shown}", hint=HINT
        ) from None


def _value(node: ast.expr, text: str) -> Any:
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(element, text) for element in node.elts]
    return _number(node, text)


def _number(node: ast.expr, text: str) -> int | Fraction:
    match node:
        case ast.UnaryOp(op=ast.USub()):
            return -_number(node.operand, text)
        case ast.UnaryOp(op=ast.UAdd()):
            return _number(node.operand, text)
        case ast.BinOp(op=ast.Div()):
            return Fraction(_number(node.left, text)) / _number(node.right, text)
        case ast.Constant(value=int() as number) if not isinstance(number, bool):
            return number
        case ast.Constant(value=float()):
            decimal = Decimal(ast.get_source_segment(text, node) or "")
            if abs(decimal.adjusted()) <= LARGEST_EXPONENT:
                return Fraction(decimal)
    raise ValueError
