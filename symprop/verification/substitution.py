"""Putting other trees in the place of parts of a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeAlias, TypeVar

from symprop.verification.reading.tree import Name, Tree

Rule: TypeAlias = Callable[[Tree], Tree | None]
"""What stands in the place of a part; None where it stays, and its own parts are looked at."""
Kind = TypeVar("Kind", bound=Tree)


def mapped(tree: Kind, rule: Rule) -> Kind:
    """A tree with other parts in the place of some; parts without any are the same objects."""
    return _mapped(tree, rule)  # type: ignore[no-any-return]


def _mapped(value: Any, rule: Rule) -> Any:
    if isinstance(value, tuple):
        parts = tuple(_mapped(part, rule) for part in value)
        return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
    if not isinstance(value, Tree):
        return value
    instead = rule(value)
    if instead is not None:
        return instead
    changed = {}
    for each in fields(value):
        before = getattr(value, each.name)
        after = _mapped(before, rule)
        if after is not before:
            changed[each.name] = after
    return replace(value, **changed) if changed else value


def with_names(tree: Kind, rule: Callable[[Name], Tree | None]) -> Kind:
    """A tree with other trees in the place of some of its names."""
    return mapped(tree, lambda part: rule(part) if isinstance(part, Name) else None)
