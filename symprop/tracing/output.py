"""What a trace says, in parts: one table or page, or row after row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symprop.derivation.descent import Descent
from symprop.derivation.record import Derivation
from symprop.derivation.tables import trace_text
from symprop.example import Example
from symprop.printout import render
from symprop.printout.sections.descent_table import DescentTable
from symprop.tracing.pages import Pages
from symprop.tracing.progress import Progress
from symprop.tracing.rows import csv_of_trace, csv_rows, text_opening, text_rows


@dataclass(frozen=True)
class Output:
    """A trace in a format: "text", "latex", "html" or "csv".

    `substitute` asks for every line with its numbers put in, `exact` for exact numbers.
    """

    derivation: Derivation
    example: Example
    target: str
    substitute: bool
    exact: bool
    progress: Progress

    def parts(self) -> Iterator[str]:
        """The text in parts, each as soon as it is known.

        Raises PointError, behind all that came before it, where the descent comes to an end.
        """
        if self.exact or self.example.learning_rate is None:
            return self._at_one_point()
        return self._rows() if self.target in ("text", "csv") else self._page()

    def _at_one_point(self) -> Iterator[str]:
        if self.substitute:
            yield render(Pages(self.derivation, self.example).of_lines(()), self.target)
            return
        found = self.derivation.trace(self.example.values, exact=self.exact)
        if self.target == "text":
            rounding = None if self.example.decimals is None else self.example.rounding
            yield f"{trace_text(found, rounding)}\n"
        elif self.target == "csv":
            yield from csv_of_trace(found)
        else:
            yield render(Pages(self.derivation, self.example).of_values(found), self.target)

    def _rows(self) -> Iterator[str]:
        """The table row by row, behind the lines of the first updates where they are asked for."""
        example = self.example
        descent = Descent(self.derivation, example.values, example.learning_rate)
        (first,) = descent.updates(1)
        table = DescentTable(self.derivation, first.before)
        updates = self.progress.watch(descent.updates(example.steps))
        if self.target == "csv":
            yield from csv_rows(table, updates)
            return
        if self.substitute:
            pages = Pages(self.derivation, example)
            yield render(pages.of_lines(pages.first_updates()), self.target)
            yield "\nUpdate after update\n"
        else:
            yield from (f"{line}\n" for line in text_opening(table, example, descent))
        yield from (f"{line}\n" for line in text_rows(table, example, updates))

    def _page(self) -> Iterator[str]:
        pages = Pages(self.derivation, self.example)
        updates = self.progress.watch(pages.worked.updates())
        yield render(pages.of_descent(updates, lines=self.substitute), self.target)
        if pages.worked.ended is not None:
            raise pages.worked.ended
