"""Tables of numbers to be filled in: their cells have no numbers of their own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import TypeAlias

from symprop.printout.exercise.places import Key
from symprop.printout.expressions import Blank, Expression
from symprop.printout.model import Block, Document, Part, Prose, Table

CELL = 3.0
"""How wide a cell is to write in, in em."""

Cells: TypeAlias = Collection[tuple[int, int]]
"""Rows and columns, counted from 0."""


def tables_of(document: Document) -> Iterator[tuple[Key, Table]]:
    """All tables, in order."""
    for number, section in enumerate(document.sections):
        yield from _tables(section.blocks, (number,))


def _tables(blocks: tuple[Block, ...], key: Key) -> Iterator[tuple[Key, Table]]:
    for number, block in enumerate(blocks):
        if isinstance(block, Table):
            yield (*key, number), block
        elif isinstance(block, Part):
            yield from _tables(block.blocks, (*key, number))


def with_blank_cells(table: Table, cells: Cells) -> Table:
    """A table with some cells to write in."""
    return _with_cells(table, cells, lambda prose: (Blank(None, CELL),))


def filled_table(table: Table, cells: Cells) -> Table:
    """A table with these cells marked."""
    return _with_cells(table, cells, lambda prose: tuple(map(_filled, prose)))


def _filled(part: str | Expression) -> str | Expression:
    return part if isinstance(part, str) else Blank(None, 0.0, part)


def _with_cells(table: Table, cells: Cells, change: Callable[[Prose], Prose]) -> Table:
    rows = tuple(
        tuple(
            change(prose) if (row, column) in cells and prose != ("\u2026",) else prose
            for column, prose in enumerate(line)
        )
        for row, line in enumerate(table.rows)
    )
    return replace(table, rows=rows)
