"""What is the same however derivatives lie: worked out once for all layouts that are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from symprop.verification.meaning.applications import is_function
from symprop.verification.meaning.setting import USUAL, Record, Setting
from symprop.verification.meaning.values import value
from symprop.verification.reading import tree as t
from symprop.verification.worlds import Numeric, World

Value: TypeAlias = Callable[[t.Tree, Setting], Numeric]


def lies_in_layouts(tree: t.Tree) -> bool:
    """Whether something in a tree may be differentiated that lies as the conventions have it."""
    return any(map(_lies, _walk(tree)))


def _lies(part: t.Tree) -> bool:
    if isinstance(part, t.Rate | t.Derive | t.Nabla | t.Primed):
        return True
    reference = part.reference if isinstance(part, t.Name) else None
    entries = () if reference is None else (reference.entry, *(e for _, e in reference.members))
    return any(entry is not None and entry.definition is not None for entry in entries)


def _walk(tree: t.Tree) -> Iterator[t.Tree]:
    """The parts of a tree; a derivative of a function at its arguments has their shape."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, t.Call) and _is_of_function(part.head):
            waiting += part.arguments
        else:
            waiting += part.parts


def _is_of_function(head: t.Tree) -> bool:
    return isinstance(head, t.Rate) and isinstance(head.of, t.Name) and is_function(head.of)


def kept_for_layouts() -> Value:
    """The value of trees that do not lie in layouts, kept for the other conventions."""
    known: dict[Any, tuple[World, Numeric, Record]] = {}

    def worth(tree: t.Tree, setting: Setting) -> Numeric:
        meant, usual = setting.conventions, (USUAL.layout, USUAL.entrywise, USUAL.total)
        others = replace(meant, layout=usual[0], entrywise=usual[1], total=usual[2])
        world = setting.world
        key = (id(tree), id(world), others, *sorted(setting.indices.items()))
        if key not in known:
            record = Record(spent=setting.record.spent)
            known[key] = world, value(tree, replace(setting, record=record)), record
        _, found, record = known[key]  # the world is kept, so its id is its own
        setting.record.notes |= record.notes
        setting.record.spent = max(setting.record.spent, record.spent)
        return found

    return worth
