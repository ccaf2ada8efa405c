"""Other settings: those of an expression at a point, and of the terms of a sum over indices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symprop.errors import PointError
from symprop.verification.meaning.applications import Value
from symprop.verification.meaning.conditions import holds
from symprop.verification.meaning.names import label, numbers_for
from symprop.verification.meaning.setting import (
    MisfitError,
    NoValueError,
    Setting,
    UndecidableError,
    shape_of,
)
from symprop.verification.reading import tree as t
from symprop.verification.worlds import with_values

LARGEST_SUM = 10_000
"""A sum of more terms is not worked out."""


def at_point(tree: t.At, setting: Setting, value: Value) -> Setting:
    """A setting in which some declared names have the values that are written."""
    changed: dict[str, Any] = {}
    for point in tree.points:
        sides = point.sides if isinstance(point, t.Comparison) else ()
        name = t.bare(sides[0]) if len(sides) == 2 else None
        entry = name.reference.entry if isinstance(name, t.Name) and name.reference else None
        if entry is None or name is None or getattr(point, "relations", ()) != ("=",):
            raise UndecidableError("an expression at another point", tree.span)
        if entry.name not in setting.world.point.values:
            raise UndecidableError(f"{entry.name} follows from other values", tree.span)
        found = value(sides[1], setting)
        if shape_of(found) != shape_of(setting.world.values[entry.name]):
            raise MisfitError(f"{entry.name} does not have this shape", point.span)
        changed[entry.name] = found
    try:
        return replace(setting, world=with_values(setting.world, changed), moved=None)
    except PointError:
        raise NoValueError("no value at this point") from None


def ranges(tree: t.IndexSum, setting: Setting, value: Value) -> list[dict[str, int]]:
    """What the indices of a sum run through."""
    combined: list[dict[str, int]] = [{}]
    for index in tree.indices:
        if tree.lower is not None and tree.upper is not None:
            ends = [value(end, setting) for end in (tree.lower, tree.upper)]
            for name in (*t.names(tree.lower), *t.names(tree.upper)):
                if name.reference is None:
                    raise UndecidableError(f"{label(name)} is not declared", tree.span)
            if any(shape_of(end) or end != int(end) for end in ends):
                raise UndecidableError("the bounds of this sum are no whole numbers", tree.span)
            if ends[1] - ends[0] >= LARGEST_SUM:
                raise UndecidableError("a sum of very many terms", tree.span)
            numbers: list[int] | None = list(range(int(ends[0]), int(ends[1]) + 1))
        else:
            numbers = numbers_for(index, tree.body, setting)
        if numbers is None:
            raise UndecidableError(f"nothing says what {index} runs over", tree.span)
        combined = [{**known, index: number} for known in combined for number in numbers]
        if len(combined) > LARGEST_SUM:
            raise UndecidableError("a sum of very many terms", tree.span)
    if tree.condition is None:
        return combined
    met = tree.condition
    in_force = {*setting.indices, *tree.indices}
    for name in t.names(met):
        if label(name) not in in_force:
            raise UndecidableError(f"nothing says what {label(name)} is in this sum", tree.span)
    return [known for known in combined if holds(met, setting.with_indices(known), value)]
