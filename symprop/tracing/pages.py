"""A trace as a document: lines with their numbers put in, the table of updates, or values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

import numpy as np

from symprop.derivation.descent import Update
from symprop.derivation.record import Derivation
from symprop.derivation.trace import Edge, Row, Trace
from symprop.example import Example
from symprop.expression.depth import deep_expressions
from symprop.printout.expressions import Expression, Numeral, Numerals, Rate
from symprop.printout.model import Block, Document, Paragraph, Part, Prose, Section, Table
from symprop.printout.sections.example import WorkedExample
from symprop.printout.sections.material import Material
from symprop.printout.sections.substitution import ENTRIES_SHOWN

UPDATES_SHOWN = 10
"""Of more updates the lines are not shown, only the rows of the table."""


class Pages:
    """The documents of an example."""

    def __init__(self, derivation: Derivation, example: Example) -> None:
        self.example = example
        self.material = Material(derivation, example)
        with deep_expressions():
            self.worked = WorkedExample(self.material)

    def first_updates(self) -> Iterator[Update]:
        """As many updates as have their lines shown, as far as the descent goes."""
        return islice(self.worked.updates(), UPDATES_SHOWN)

    def of_lines(self, updates: Iterable[Update]) -> Document:
        """Every line with its numbers put in; no table of updates."""
        with deep_expressions():
            return self._document([*self.worked.givens(), *self._lines(list(updates))])

    def of_descent(self, updates: Iterable[Update], *, lines: bool) -> Document:
        """The table of all updates, behind their lines where these are asked for."""
        with deep_expressions():
            found = list(updates)
            shown = self._lines(found) if lines else ()
            table = self.worked.table_of_updates(found, whole=True)
            return self._document([*self.worked.givens(), *shown, table])

    def of_values(self, found: Trace) -> Document:
        """The tables of a trace: values and gradients, and what comes down every edge."""
        with deep_expressions():
            values = Part(("Values and gradients",), (self._values(found.rows),))
            blocks: list[Block] = [*self.worked.givens(), values]
            if found.edges:
                blocks.append(Part(("Downstream = local \u00b7 upstream",), (self._edges(found),)))
            blocks += [Paragraph((note,)) for note in found.notes]
            return self._document(blocks)

    def _document(self, blocks: list[Block]) -> Document:
        title = " ".join(self.material.network.name.split())
        section = Section("example", "A worked example", tuple(blocks))
        return Document(title, (section,), self.material.names, self.material.ordinary)

    def _lines(self, updates: list[Update]) -> Iterator[Block]:
        if self.example.learning_rate is None:
            yield from self.worked.lines(self.worked.first)
            return
        for update in updates[:UPDATES_SHOWN]:
            blocks = tuple(self.worked.lines(update))
            yield from (
                blocks if len(updates) == 1 else (Part((f"Update {update.number}",), blocks),)
            )
        if self.example.steps > UPDATES_SHOWN:
            yield Paragraph((f"The lines of the first {UPDATES_SHOWN} updates are shown.",))

    def _values(self, rows: tuple[Row, ...]) -> Table:
        loss = self.material.loss.leaf
        heads: tuple[Prose, ...] = (("name",), ("role",), ("value",), ("gradient of ", loss))
        network = self.material.network
        shown = tuple(
            (
                (network.leaf(row.name),),
                (row.role,),
                self._cell(row.value),
                self._cell(row.gradient),
            )
            for row in rows
        )
        return Table(heads, shown, "llrr")

    def _edges(self, found: Trace) -> Table:
        heads: tuple[Prose, ...] = (("edge",), ("local",), ("upstream",), ("downstream",))
        return Table(heads, tuple(map(self._edge, found.edges)), "lrrr")

    def _edge(self, edge: Edge) -> tuple[Prose, ...]:
        leaf = self.material.network.leaf
        numbers = (edge.local, edge.upstream, edge.downstream)
        rate: Expression = Rate(leaf(edge.step), leaf(edge.argument))
        return ((rate,), *map(self._cell, numbers))

    def _cell(self, value: Any) -> Prose:
        """A number, a matrix of few of them, or how many there are."""
        if value is None:
            return ("",)
        if not isinstance(value, np.ndarray):
            return (Numeral(self._shown(value)),)
        if value.size > ENTRIES_SHOWN:
            return (f"{value.size:,} entries",)
        rows = value if value.ndim == 2 else value.reshape(-1, 1)
        return (Numerals(tuple(tuple(map(self._shown, line)) for line in rows)),)

    def _shown(self, value: float) -> str:
        return self.example.rounding.shown(Decimal(repr(float(value))))
