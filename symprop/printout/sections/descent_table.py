"""The table of a descent: what its columns are, and a row for each update.

In the order of the primer: the values of the steps, the gradients backwards, the weights after the
update. A matrix has a column for each entry. Where that is too much, the steps are left out but for
the loss, then the gradients, then the weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from symprop.derivation.descent import Moment, Update
from symprop.derivation.record import Derivation
from symprop.derivation.sweep import leading_to
from symprop.expression.entries import Entry, Position
from symprop.expression.nodes import Leaf, Node
from symprop.printout.expressions import Numeral, Rate
from symprop.printout.model import Prose, Table
from symprop.rounding import Rounding

COLUMNS_LIMIT = 12
"""A table to be read has no more columns than this, but for the number of the update."""


@dataclass(frozen=True)
class Column:
    """A column: its head as text and as notation, and where its number is found.

    `kind` is value, gradient or weight; `place` is that of an entry of a matrix.
    """

    kind: str
    name: str
    place: tuple[int, int] | None
    text: str
    head: Prose

    def of(self, update: Update) -> Any:
        """Its number in an update."""
        found = {
            "value": update.before.values,
            "gradient": update.before.gradients,
            "weight": update.weights,
        }[self.kind][self.name]
        return found if self.place is None else found[self.place]


class DescentTable:
    """The columns of a network, for the shapes that its values have."""

    def __init__(self, derivation: Derivation, moment: Moment) -> None:
        self.network = derivation.network
        self.loss = derivation.loss
        self.moment = moment

    @cached_property
    def all(self) -> list[Column]:
        """Every column that there is."""
        steps = [step.leaf for step in self.network.steps.values()]
        weights = [entry.leaf for entry in self.network.weights]
        gradients = [leaf for leaf in reversed(steps) if leaf != self.loss.leaf]
        useful = leading_to(self.network, weights)
        return [
            *self._columns("value", steps),
            *self._columns("gradient", filter(useful, gradients)),
            *self._columns("gradient", weights),
            *self._columns("weight", weights),
        ]

    @cached_property
    def few(self) -> list[Column]:
        """As many columns as can be read."""
        weights = {entry.name for entry in self.network.weights}
        loss = [c for c in self.all if c.kind == "value" and c.name == self.loss.name]
        gradients = [c for c in self.all if c.kind == "gradient" and c.name in weights]
        after = [c for c in self.all if c.kind == "weight"]
        choices = (self.all, loss + gradients + after, loss + after)
        return next((choice for choice in choices if len(choice) <= COLUMNS_LIMIT), loss)

    @property
    def left_out(self) -> str:
        """What the columns that can be read leave out, in a sentence; nothing where they do not."""
        count = len(self.all) - len(self.few)
        return f"{count:,} more numbers of each update are left out." if count else ""

    def _columns(self, kind: str, leaves: Iterable[Leaf]) -> Iterator[Column]:
        for leaf in leaves:
            value = self.moment.values[leaf.name]
            places = list(np.ndindex(value.shape)) if isinstance(value, np.ndarray) else [None]
            for place in places:
                yield self._column(kind, leaf, place)

    def _column(self, kind: str, leaf: Leaf, place: Any) -> Column:
        text, node = leaf.name, self._entry(leaf, place)
        if place is not None:
            kept = place[:1] if leaf.shape[1] == 1 else place
            text += f"[{','.join(str(index + 1) for index in kept)}]"
        if kind != "gradient":
            return Column(kind, leaf.name, place, text, (node,))
        return Column(
            kind, leaf.name, place, f"d{self.loss.name}/d{text}", (Rate(self.loss.leaf, node),)
        )

    @staticmethod
    def _entry(leaf: Leaf, place: Any) -> Node:
        if place is None:
            return leaf
        pairs = zip(leaf.shape, place, strict=True)
        return Entry(leaf, tuple(Position(None, index) for extent, index in pairs if extent != 1))

    def table(self, updates: Iterable[Update | None], rounding: Rounding) -> Table:
        """The table of some updates; None stands for those that are left out."""
        rows = []
        for update in updates:
            cells: Iterable[Prose]
            if update is None:
                cells = (("\u2026",) for _ in self.few)
            else:
                cells = ((Numeral(rounding.shown(column.of(update))),) for column in self.few)
            rows.append((("\u2026",) if update is None else (str(update.number),), *cells))
        heads = (("update",), *(column.head for column in self.few))
        return Table(heads, tuple(rows), "r" * len(heads))
