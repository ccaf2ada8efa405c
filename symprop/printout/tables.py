"""Tables that fit a page: which columns go side by side, how many rows below one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

COLUMN_GAP = 1.3
"""The space between two columns, in em."""


def column_groups(widths: Sequence[float], page: float) -> list[list[int]]:
    """The columns of each table that a wide one is divided into; the first column opens each.

    The tables are about equally wide. `widths` and `page` are in em; a column that is wider than
    the page has a table of its own.
    """
    if not widths:
        return []
    groups = _filled_up(widths, page)
    narrower = max(sum(widths) / len(groups), max(widths)) if len(groups) > 1 else page
    while narrower < page:
        even = _filled_up(widths, narrower)
        if len(even) == len(groups):
            return even
        narrower += 1.0
    return groups


def _filled_up(widths: Sequence[float], page: float) -> list[list[int]]:
    """As many columns in each table as have room."""
    key, *others = range(len(widths))
    groups: list[list[int]] = [[key]]
    used = widths[key]
    for column in others:
        if used + COLUMN_GAP + widths[column] > page and len(groups[-1]) > 1:
            groups.append([key])
            used = widths[key]
        groups[-1].append(column)
        used += COLUMN_GAP + widths[column]
    return groups


def row_groups(count: int, limit: int | None) -> Iterator[slice]:
    """The rows of each table that a long one is divided into: as even as can be."""
    tables = max(1, -(-count // limit)) if limit else 1
    for table in range(tables):
        yield slice(count * table // tables, count * (table + 1) // tables)


def aligned(
    lines: Sequence[Sequence[str]], sides: str, cells: Callable[[str], int]
) -> Iterator[str]:
    """The lines of a table as text, its columns two spaces apart; `cells` measures a text."""
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (
            " " * (width - cells(text)) + text
            if side == "r"
            else text + " " * (width - cells(text))
            for text, width, side in zip(line, widths, sides, strict=True)
        )
        yield "  ".join(padded).rstrip()
