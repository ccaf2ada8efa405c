"""How long the axes of a value are: what buffers are made by, and what a step costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Expr, Integer

from symprop.expression.nodes import Extent, Shape, Span
from symprop.program.values import Axis, Value

BATCH = "n"
"""The extent of the sample axis."""

Length = Extent | str
Lengths = dict[Axis, Length]


class Extents:
    """Finds the lengths of the axes of values; `shapes` gives the shape of a declared symbol."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._shapes = shapes
        self._found: dict[int, Lengths] = {}

    def of(self, value: Value) -> tuple[Length, ...]:
        """The length of each axis of a value, in their order."""
        lengths = self._lengths(value)
        return tuple(lengths[axis] for axis in value.axes)

    def _lengths(self, value: Value) -> Lengths:
        if value.number not in self._found:
            self._visit(value)
        return self._found[value.number]

    def _visit(self, root: Value) -> None:
        """Operands first; without recursion, for a thousand layers."""
        pending = [root]
        while pending:
            value = pending[-1]
            left = [v for v in value.operands if v.number not in self._found]
            if left:
                pending.extend(left)
                continue
            pending.pop()
            rule = RULES.get(value.kind)
            below = [self._found[operand.number] for operand in value.operands]
            found = rule(value, below) if rule else self._load(value) if _is_load(value) else {}
            merged = {axis: length for lengths in below for axis, length in lengths.items()}
            self._found[value.number] = {
                axis: found.get(axis, merged.get(axis, BATCH)) for axis in value.axes
            }

    def _load(self, value: Value) -> Lengths:
        shape = self._shapes[value.content[0]]
        return dict(zip((Axis.ROW, Axis.COLUMN), shape, strict=False))


def _is_load(value: Value) -> bool:
    return value.kind == "load"


def _contract(value: Value, below: list[Lengths]) -> Lengths:
    lengths: dict[int, Length] = {}
    for operand, labels, known in zip(value.operands, value.content[:2], below, strict=True):
        for axis, label in zip(operand.axes, labels, strict=True):
            lengths[label] = known[axis]
    return dict(zip(value.axes, (lengths[label] for label in value.content[2]), strict=True))


def _relabel(value: Value, below: list[Lengths]) -> Lengths:
    (operand,) = value.operands
    return {role: below[0][a] for a, role in zip(operand.axes, value.content, strict=True)}


def _full(value: Value, below: list[Lengths]) -> Lengths:
    return dict(zip(value.axes, value.content, strict=True))


def _slice(value: Value, below: list[Lengths]) -> Lengths:
    (operand,) = value.operands
    return {
        axis: at.extent if isinstance(at, Span) else below[0][axis]
        for axis, at in zip(operand.axes, value.content, strict=True)
    }


def _place(value: Value, below: list[Lengths]) -> Lengths:
    known = zip(value.axes, value.content[1], strict=True)
    return {axis: BATCH if extent is None else extent for axis, extent in known}


def _stack(value: Value, below: list[Lengths]) -> Lengths:
    place, concatenates = value.content
    along = value.axes[place]
    lengths = {axis: length for known in below for axis, length in known.items()}
    if not concatenates:
        return lengths | {along: len(below)}
    return lengths | {along: _total(known[along] for known in below)}


def _total(extents: Any) -> Extent:
    added: Expr = Integer(0)
    for extent in extents:
        added = added + extent
    return int(added) if added.is_Integer else added


def _identity(value: Value, below: list[Lengths]) -> Lengths:
    (size,) = value.operands
    extent = int(size.content[0]) if size.kind == "number" else size.content[0]
    return {Axis.ROW: extent, Axis.COLUMN: extent}


def _matrix(value: Value, below: list[Lengths]) -> Lengths:
    """Square matrices, or a column of the diagonal: every axis is as long as the rows."""
    rows = below[0].get(Axis.ROW, below[0].get(Axis.COLUMN, 1))
    return dict.fromkeys((Axis.ROW, Axis.COLUMN), rows)


RULES: Mapping[str, Callable[[Value, list[Lengths]], Lengths]] = {
    "contract": _contract,
    "relabel": _relabel,
    "full": _full,
    "slice": _slice,
    "place": _place,
    "stack": _stack,
    "identity": _identity,
    "matrix": _matrix,
}
"""The kinds of values whose axes are not simply those of their operands."""
