"""Conditions: of cases, and of what is 1 where they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symprop.verification.meaning.applications import Value
from symprop.verification.meaning.names import label
from symprop.verification.meaning.setting import Setting, UndecidableError, shape_of
from symprop.verification.reading import tree as t
from symprop.verification.worlds import Numeric

RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    r"\neq": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    ">": lambda a, b: bool(a > b),
    r"\leq": lambda a, b: bool(a <= b),
    r"\geq": lambda a, b: bool(a >= b),
}


OTHERWISE = ("otherwise", "else", "sonst", "andernfalls", "in all other cases", "elsewhere")
"""Words for the case that all others leave."""


def holds(condition: t.Tree, setting: Setting, value: Value) -> bool:
    if isinstance(condition, t.Text):
        if condition.words.strip(" .,;:").lower() in OTHERWISE:
            return True
        raise UndecidableError("a condition in words", condition.span)
    if not isinstance(condition, t.Comparison):
        raise UndecidableError("this condition", condition.span)
    sides = [side_of(side, setting, value) for side in condition.sides]
    pairs = zip(condition.relations, sides, sides[1:], strict=False)
    for sign, left, right in pairs:
        if sign not in RELATIONS or shape_of(left) or shape_of(right):
            raise UndecidableError("this condition", condition.span)
        if not RELATIONS[sign](left, right):
            return False
    return True


def side_of(side: t.Tree, setting: Setting, value: Value) -> Numeric:
    """A side of a condition, which may be an index."""
    if isinstance(side, t.Name) and label(side) in setting.indices:
        return setting.indices[label(side)]
    return value(side, setting)
