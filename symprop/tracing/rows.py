"""The table of a descent as text or CSV, row by row as the updates are worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from textwrap import wrap

import numpy as np

from symprop.derivation.course import as_float, entries
from symprop.derivation.descent import Descent, Update
from symprop.derivation.trace import Trace
from symprop.errors import PointError
from symprop.example import Example
from symprop.printout.sections.descent_table import DescentTable
from symprop.records import record

COLLECTED = 2000
"""A descent of so few numbers is laid out when it is whole; a longer one has fixed widths."""
NAME_LIMIT = 24
ENTRIES_NAMED = 4
"""The values of a matrix of more entries are not repeated above the table."""
INDENT = "    "
WIDTH = 88


# -- text -----------------------------------------------------------------------------------------


def text_opening(table: DescentTable, example: Example, descent: Descent) -> Iterator[str]:
    """What is said above the table: the network, the numbers given, how numbers are shown."""
    yield plain(table.network.name)
    said = (
        f"Gradient descent, {_givens(descent, example)}.",
        f"The weights of each row are those after the update. {table.left_out}",
        str(example.rounding),
    )
    for sentence in said:
        yield from wrap(sentence, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    yield ""


def text_rows(table: DescentTable, example: Example, updates: Iterable[Update]) -> Iterator[str]:
    """The lines of the table as text, each as soon as it is known.

    What `updates` raises is raised behind the rows that came before it.
    """
    shown = example.rounding.shown
    heads = ["update", *(plain(column.text) for column in table.few)]
    rows = ([str(u.number), *(shown(c.of(u)) for c in table.few)] for u in updates)
    widths = [len(head) for head in heads]
    failed: PointError | None = None
    collected: list[list[str]] = []
    if example.steps * len(table.all) <= COLLECTED:
        try:
            collected.extend(rows)
        except PointError as error:
            failed = error
        widths = [max(map(len, cells)) for cells in zip(heads, *collected, strict=True)]
    else:
        widths[1:] = [max(width, example.rounding.width) for width in widths[1:]]
    for cells in chain([heads], collected, rows):
        padded = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        yield INDENT + "  ".join(padded)
    if failed is not None:
        raise failed


def _givens(descent: Descent, example: Example) -> str:
    shown = example.rounding.shown
    parts = [f"learning rate {shown(descent.learning_rate)}"]
    for name, value in descent.point.values.items():
        numbers = [shown(entry) for entry in entries(value)]
        listed = f"[{', '.join(numbers)}]" if isinstance(value, np.ndarray) else numbers[0]
        if len(numbers) <= ENTRIES_NAMED:
            parts.append(f"{plain(name)} = {listed}")
    return ", ".join(parts)


def plain(name: str) -> str:
    """A name on one line of a terminal."""
    text = "".join(char if char.isprintable() else " " for char in name)
    text = " ".join(text.split())
    return text if len(text) <= NAME_LIMIT else text[: NAME_LIMIT - 1] + "\u2026"


# -- CSV ------------------------------------------------------------------------------------------


def csv_rows(table: DescentTable, updates: Iterable[Update]) -> Iterator[str]:
    """The records of the table as RFC 4180 has them, every column, every digit of a float."""
    yield record(["update", *(column.text for column in table.all)])
    for update in updates:
        numbers = (repr(as_float(column.of(update))) for column in table.all)
        yield record([str(update.number), *numbers])


def csv_of_trace(found: Trace) -> Iterator[str]:
    """The values and gradients at one point, a record for each number."""
    loss = found.rows[-1].name
    yield record(["name", "role", "value", f"d{loss}/d(name)"])
    for row in found.rows:
        if not isinstance(row.value, np.ndarray):
            yield record([row.name, row.role, repr(row.value), _or_empty(row.gradient)])
            continue
        for place in np.ndindex(row.value.shape):
            name = f"{row.name}[{','.join(str(index + 1) for index in place)}]"
            gradient = None if row.gradient is None else row.gradient[place]
            yield record([name, row.role, repr(float(row.value[place])), _or_empty(gradient)])


def _or_empty(number: float | None) -> str:
    return "" if number is None else repr(float(number))
