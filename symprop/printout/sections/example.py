"""A worked example: one sample forward and backward with its numbers, then update after update."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symprop.derivation.descent import Descent, Update
from symprop.errors import PointError
from symprop.expression.nodes import Leaf
from symprop.printout.expressions import Equated, Expression, Member, Numeral
from symprop.printout.model import Block, Equations, Line, Paragraph, Part, Prose
from symprop.printout.sections.descent_table import DescentTable
from symprop.printout.sections.letters import Letters
from symprop.printout.sections.material import Material
from symprop.printout.sections.substitution import Substitution

ROWS_LIMIT = 20
"""A table of more updates shows the first ones and the last ones."""
FIRST, LAST = 10, 3


def example_blocks(material: Material) -> Iterator[Block]:
    """The numbers of the material's example; nothing where it has none.

    A descent that comes to an end before its last update is shown up to there, with the reason.
    Raises PointError for values that do not fit, or at which the network has no value.
    """
    if material.example is None:
        return
    worked = WorkedExample(material)
    yield from worked.givens()
    yield from worked.lines(worked.first)
    if material.example.learning_rate is not None:
        yield worked.table_of_updates(worked.updates())


class WorkedExample:
    """Writes the parts of a worked example."""

    def __init__(self, material: Material) -> None:
        assert material.example is not None
        self.material = material
        self.example = material.example
        self.rounding = self.example.rounding
        self.rate: Leaf = Letters(material).rate
        learning_rate = self.example.learning_rate
        self.descent = Descent(material.derivation, self.example.values, learning_rate)
        (self.first,) = self.descent.updates(1)
        self.table = DescentTable(material.derivation, self.first.before)
        self.ended: PointError | None = None
        """What brought the descent to its end, once its table is made."""

    def givens(self) -> Iterator[Block]:
        """The numbers that are given, and how numbers are rounded."""
        shown = Substitution(self.material, self.first.before, self.rounding)
        prose: list[Prose] = []
        lines: list[Line] = []
        for entry in self.material.network.declared.values():
            value = self.first.before.values[entry.name]
            numeral = shown.numeral(value)
            if numeral is None:
                prose.append((Member(entry.leaf, entry.leaf.shape), ": ", *shown.range(value)))
            elif isinstance(numeral, Numeral):
                prose.append((Equated(entry.leaf, numeral),))
            else:
                lines.append(Line(entry.leaf, numeral))
        if self.example.learning_rate is not None:
            rate = Numeral(self.rounding.shown(self.descent.learning_rate))
            prose.append(("learning rate ", Equated(self.rate, rate)))
        if prose:
            yield Paragraph(("Given ", *_with_commas(prose), "."))
        if lines:
            yield Equations(tuple(lines))
        yield Paragraph((str(self.rounding),))

    def lines(self, update: Update) -> Iterator[Block]:
        """An update with its numbers put in: forward, backward, and the weights."""
        shown = Substitution(self.material, update.before, self.rounding)
        yield Part(("Forward, with numbers",), (Equations(tuple(shown.forward_lines())),))
        yield Part(("Backward, with numbers",), (Equations(tuple(shown.backward_lines())),))
        for note in update.before.notes:
            yield Paragraph((note,))
        if self.example.learning_rate is not None:
            rate = self.descent.learning_rate
            changed = tuple(shown.update_lines(update, self.rate, rate))
            yield Part(("The update",), (Equations(changed),))

    def updates(self) -> Iterator[Update]:
        """All updates, as far as the descent goes."""
        try:
            yield from self.descent.updates(self.example.steps)
        except PointError as error:
            self.ended = error

    def table_of_updates(self, updates: Iterable[Update], *, whole: bool = False) -> Block:
        """A row for each update; of many the first and the last, but for a `whole` table."""
        shown: list[Update | None] = list(updates)
        if len(shown) > ROWS_LIMIT and not whole:
            shown[FIRST:-LAST] = [None]
        said = ["The weights of each row are those after the update.", self.table.left_out]
        if self.ended is not None:
            said.append(f"The descent ends here: {self.ended.message}.")
        blocks = (
            self.table.table(shown, self.rounding),
            Paragraph((" ".join(filter(None, said)),)),
        )
        return Part(("Update after update",), blocks)


def _with_commas(parts: list[Prose]) -> Iterator[str | Expression]:
    for index, part in enumerate(parts):
        if index:
            yield ", "
        yield from part
