"""A grading: answers shared out to processes, and the rows as they come in."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from symprop.files import write_sealed
from symprop.grading.answers import Answer
from symprop.grading.gradebook import Row, written
from symprop.grading.grades import Grade, summary, ungraded
from symprop.tracing.progress import Progress
from symprop.workers import Failure, work_through

PAUSE = 2.0
"""Seconds between two savings of the table."""
NAMED = 5
"""So many answers that were not judged are named."""


class Session:
    """The rows of answers, those that are known from `earlier`, and the file that they are kept in.

    Rows of `earlier` that are about other answers stay, behind all others.
    """

    def __init__(
        self, answers: Sequence[Answer], earlier: Sequence[Row], target: Path | None
    ) -> None:
        self.answers = answers
        self.target = target
        known = {(row.file, row.checksum): row for row in earlier if row.checksum}
        self.rows = [known.get((answer.shown, answer.checksum)) for answer in answers]
        self.judged = 0
        self.kept = sum(row is not None for row in self.rows)
        names = {answer.shown for answer in answers}
        self.others = [row for row in earlier if row.file not in names]
        self.saved = time.monotonic()

    def judge(
        self,
        prepare: Callable[[Any], Callable[[Answer], Grade]],
        setting: object,
        *,
        jobs: int,
        seconds: float,
    ) -> None:
        """Judge the answers that have no row yet, and save the table, now and then and at the end.

        Where this is interrupted, what was judged by then is saved too. Arguments and errors as
        those of `work_through`.
        """
        tasks = []
        for index, answer in enumerate(self.answers):
            if answer.trouble:
                self.rows[index] = Row(answer.shown, ungraded(answer.trouble))
            elif self.rows[index] is None:
                tasks.append((index, answer))
        try:
            results = work_through(tasks, prepare, setting, jobs=jobs, seconds=seconds)
            with closing(results):
                for index, found in Progress(len(tasks), noun="file").watch(results):
                    self._enter(index, found)
        except BaseException:
            if self.judged:  # else an older table is better than none
                self._save()
            raise
        self._save()

    def _enter(self, index: int, found: Grade | Failure) -> None:
        answer = self.answers[index]
        self.judged += 1
        if isinstance(found, Failure):
            self.rows[index] = Row(answer.shown, ungraded(found.reason))
        else:
            self.rows[index] = Row(answer.shown, found, answer.checksum)
        if time.monotonic() >= self.saved + PAUSE:
            self._save()

    def _save(self) -> None:
        """Write the rows that there are, in the order of the answers, whole or not at all."""
        if self.target is not None:
            write_sealed(self.target, written([*self._known(), *self.others]), force=True)
            self.saved = time.monotonic()

    def _known(self) -> list[Row]:
        return [row for row in self.rows if row is not None]

    # -- what is said ------------------------------------------------------------------------------

    @property
    def progress(self) -> str:
        """How far it is, where it does not go to its end."""
        said = f"{len(self._known())} of {len(self.answers)} answers are judged"
        saved = self.target is not None and self.judged
        return f"{said}, and in {self.target}; the same command goes on" if saved else said

    def as_json(self) -> str:
        """The rows of the answers, as JSON."""
        return json.dumps([row.cells() for row in self._known()], indent=2, ensure_ascii=False)

    def __str__(self) -> str:
        """The outcome of each answer, where no table is written, and a summary."""
        rows = self._known()
        lines = [f"{self.target}: {len(rows)} rows"] if self.target else list(map(_said, rows))
        lines += [f"{self.kept} of them as before, not judged again"] if self.kept else []
        lines += [f"behind them {len(self.others)} of other answers, kept"] if self.others else []
        lines.append(summary(row.grade for row in rows))
        failed = [f"{row.file}: {row.grade.reason}" for row in rows if not row.checksum]
        if failed:
            rest = len(failed) - NAMED
            more = [f"and {rest} more"] if rest > 0 else []
            lines += ["not judged:", *(f"  {line}" for line in [*failed[:NAMED], *more])]
        return "\n".join(lines)


def _said(row: Row) -> str:
    """An answer in one line, for a terminal."""
    cells = row.cells()
    said = ": ".join(str(cells[column]) for column in ("slip", "reason") if cells[column])
    where = f", line {cells['line']}" if cells["line"] else ""
    return f"{cells['file']}: {cells['verdict']}{where}" + (f": {said}" if said else "")
