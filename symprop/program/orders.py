"""The order of axes in memory: a column a sample, (rows, samples), as the formula has it.

The products are then W @ h of two arrays as they lie in memory, which BLAS is quickest at, and a
sum or a maximum over ten classes is ten passes over the samples, not as many short loops as there
are samples. Only what is combined entry by entry with data of long rows stays (samples, rows), as
the data lie.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symprop.network import Network
from symprop.program.cost import below
from symprop.program.extents import Extents, Length
from symprop.program.values import Axes, Axis, Value

SHORT = 64
"""The longest row of data, in entries, that is read column by column without loss."""

BY_ENTRY = {"sum", "product", "power", "apply"}
MADE = {*BY_ENTRY, "contract"}
COLUMNS = (Axis.SAMPLE, Axis.ROW)


def orders(roots: Sequence[Value], network: Network, extents: Extents) -> Mapping[int, Axes]:
    """The values that lie sample last, by number, with their axes as they lie in memory."""
    everything = below(roots).values()
    values = [value for value in everything if value.axes == COLUMNS and value.kind in MADE]
    groups = _groups(values)
    reduced = {groups[v.operands[0].number] for v in everything
               if _reduces_row(v) and v.operands[0].number in groups}  # fmt: skip
    kept = {
        groups[value.number]
        for value in values
        if value.kind in BY_ENTRY
        for operand in value.operands
        if operand.axes == COLUMNS and operand.kind not in MADE
        and not _is_short(
            extents.of(operand)[1], network, unknown=groups[value.number] in reduced
        )
    }  # fmt: skip
    return {
        value.number: (Axis.ROW, Axis.SAMPLE)
        for value in values
        if groups[value.number] not in kept
    }


def _groups(values: Sequence[Value]) -> Mapping[int, int]:
    """What is combined entry by entry lies alike: the leader of the group of each value."""
    parent = {value.number: value.number for value in values}

    def leader(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for value in values:
        if value.kind in BY_ENTRY:
            for operand in value.operands:
                if operand.number in parent:
                    parent[leader(operand.number)] = leader(value.number)
    return {number: leader(number) for number in parent}


def _reduces_row(value: Value) -> bool:
    """Whether a value is reduced over its row, sample by sample."""
    if value.kind not in ("reduce", "along") or value.operands[0].axes != COLUMNS:
        return False
    if value.kind == "along":
        entry, place = value.content
        return bool(entry.reduces) and place == 1
    return bool(value.content == (Axis.ROW,))


def _is_short(length: Length, network: Network, *, unknown: bool) -> bool:
    """Whether a row is short; `unknown` where neither declaration nor sizes tell."""
    if isinstance(length, int):
        return length <= SHORT
    default = network.sizes.get(str(length))
    return unknown if default is None else default <= SHORT
