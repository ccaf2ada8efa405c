"""The table of grades: a CSV file, a row an answer, with which a grading can go on later."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symprop.errors import FileError
from symprop.grading.grades import Grade, Outcome
from symprop.records import record, records_of
from symprop.verification.verdicts import Verdict

COLUMNS = (
    "file",
    "verdict",
    *map(str, Verdict),
    "line",
    "text",
    "slip",
    "reason",
    "correction",
    "checksum",
)
"""The first line of a table: a column for each verdict has how many lines have it."""
LONGEST = 500
"""A cell of text has at most so many characters."""


@dataclass(frozen=True)
class Row:
    """The grade of one answer.

    `checksum` is that of all that the grade depends on; "" where the answer was not judged, so that
    it is tried again another time.
    """

    file: str
    grade: Grade
    checksum: str = ""

    def cells(self) -> dict[str, str | int]:
        """The cells by their columns; numbers as such."""
        grade = self.grade
        counts = {str(verdict): grade.counts.get(verdict, 0) for verdict in Verdict}
        return {
            "file": in_one_line(self.file),
            "verdict": str(grade.outcome),
            **counts,
            "line": grade.line or "",
            "text": _text(grade.text),
            "slip": _text(grade.slip),
            "reason": _text(grade.reason),
            "correction": _text(grade.correction),
            "checksum": self.checksum,
        }


def written(rows: Iterable[Row]) -> str:
    """The table as a CSV file has it."""
    cells = [record(COLUMNS), *(record([*map(str, row.cells().values())]) for row in rows)]
    return "".join(cells)


def read_gradebook(text: str, name: str) -> list[Row]:
    """The rows of a table; those that are not whole are left out.

    Raises FileError where a file of that name is no table of grades.
    """
    try:
        heads, *records = records_of(text.removeprefix("\ufeff"))
    except (csv.Error, ValueError):
        heads, records = [], []
    if tuple(heads) != COLUMNS:
        raise FileError(
            f"{name} exists and is no table of grades",
            hint="choose another name, or overwrite it with --force",
        )
    rows = map(_row, records)
    return [row for row in rows if row is not None]


def in_one_line(name: str) -> str:
    """The name of a file, printable and on one line whatever is in it."""
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return "".join(shown)


def _row(cells: Sequence[str]) -> Row | None:
    """A row as it was written; None for another one."""
    if len(cells) != len(COLUMNS):
        return None
    named = dict(zip(COLUMNS, cells, strict=True))
    try:
        counts = {verdict: int(named[verdict]) for verdict in Verdict}
        grade = Grade(
            Outcome(named["verdict"]),
            {verdict: count for verdict, count in counts.items() if count},
            int(named["line"] or 0),
            *(named[column] for column in ("text", "slip", "reason", "correction")),
        )
    except ValueError:
        return None
    return Row(named["file"], grade, named["checksum"])


def _text(text: str) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "\u2026"
