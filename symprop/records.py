"""Records of a CSV file, as RFC 4180 has them, that no spreadsheet works out as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

FORMULA_SIGNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for the beginning of a formula, in full width too."""


def record(cells: Sequence[str]) -> str:
    """A record with its line end; what a spreadsheet would work out is put behind a '."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(_harmless, cells))
    return line.getvalue()


def records_of(text: str) -> Iterator[list[str]]:
    """The cells of each record that `record` made; csv.Error for what is no CSV."""
    for cells in csv.reader(io.StringIO(text, newline=""), strict=True):
        yield [
            cell[1:] if cell[:1] == "'" and _harmless(cell[1:]) == cell else cell for cell in cells
        ]


def _harmless(cell: str) -> str:
    """A cell, behind one more ' where a formula stands in it, behind any number of them."""
    opens_formula = cell.lstrip("'").startswith(FORMULA_SIGNS)
    return f"'{cell}" if opens_formula and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
