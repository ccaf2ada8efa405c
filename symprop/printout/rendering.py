"""A document in a format: expressions spelled, lines broken, then laid out by a template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment

from symprop.errors import DeclarationError
from symprop.expression.depth import deep_expressions
from symprop.printout.formats import FORMATS, Format, cells, padded
from symprop.printout.model import (
    Algorithm,
    Block,
    Document,
    Equations,
    Figure,
    Instruction,
    Line,
    Listed,
    Paragraph,
    Part,
    Prose,
    Table,
)
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.gaps import in_lines
from symprop.printout.notation.markup import Styled, is_tall
from symprop.printout.tables import aligned, column_groups, row_groups
from symprop.printout.words import free, wrapped
from symprop.templating import environment

# -- what templates are given ---------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A line, spelled: `right` is broken into lines that fit."""

    left: str
    relation: str
    right: tuple[str, ...]
    reason: str
    wide: bool
    """Whether the left side is so wide that the right one goes below it."""
    long: bool = False
    """Whether the reason is so long that it takes several lines."""


@dataclass(frozen=True)
class ShownBlock:
    """A block, spelled; `kind` is equations, paragraph, list, part, algorithm or instruction."""

    kind: str
    text: str = ""
    lines: tuple[Shown, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    blocks: tuple[ShownBlock, ...] = ()
    depth: int = 0
    """How many loops an instruction stands in."""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    sides: str = ""
    """Of a table: l or r for each column."""
    tall: bool = False
    """Whether the rows of a table need more room above and below."""


@dataclass(frozen=True)
class ShownSection:
    """A section, spelled."""

    key: str
    title: str
    blocks: tuple[ShownBlock, ...]


REASON_LIMIT = 16.0
"""How wide a reason is at most that stands beside its line."""
INDENT = 2.0
"""How far the inside of a loop is moved to the right, in em."""

# -- rendering ------------------------------------------------------------------------------------


def render(document: Document, target: str, *, fragment: bool = False) -> str:
    """The text of a document in a format: "latex", "html" or "text".

    With `fragment` a part to be taken into a document of your own. Raises DeclarationError for
    another format.
    """
    if target not in FORMATS:
        raise DeclarationError(
            f"no format {target!r}", hint="the formats are " + ", ".join(FORMATS)
        )
    with deep_expressions():
        speller = _Speller(document, FORMATS[target])
        sections = speller.sections()
    template = _environment().get_template(FORMATS[target].template)
    words = FORMATS[target].words
    text = template.render(
        title=words(document.title),
        sections=sections,
        fragment=fragment,
        blackboard=speller.blackboard,
        figures=any(isinstance(b, Figure) for s in document.sections for b in s.blocks),
    )
    return free(text) if target == "text" else text


class _Speller:
    def __init__(self, document: Document, target: Format) -> None:
        self.document = document
        self.format = target
        self.formulas = Formulas(document.names.settled(), document.ordinary)
        self.blackboard = any(
            isinstance(part, Styled) and part.style in ("mathbb", "mathfrak")
            for part in document.names.alphabets()
        )

    def sections(self) -> list[ShownSection]:
        return [
            ShownSection(s.key, self.format.words(s.title), tuple(map(self.block, s.blocks)))
            for s in self.document.sections
            if s.blocks
        ]

    def prose(self, prose: Prose) -> str:
        spelled = [
            self.format.words(part)
            if isinstance(part, str)
            else self.format.inline(self.formulas.of(part))
            for part in prose
        ]
        text: str = self.format.joined(spelled)
        return text

    def block(self, block: Block) -> ShownBlock:
        match block:
            case Paragraph(prose):
                return ShownBlock("paragraph", self.prose(prose))
            case Listed(items):
                spelled = tuple((self.format.words(t), self.prose(said)) for t, said in items)
                return ShownBlock("list", items=spelled)
            case Part(heading, blocks):
                inner = tuple(map(self.block, blocks))
                return ShownBlock("part", self.prose(heading), blocks=inner)
            case Equations(lines):
                return ShownBlock("equations", lines=self.lines(lines))
            case Table():
                return ShownBlock("tables", blocks=tuple(self.tables(block)))
            case Figure(graph, legend):
                below = ShownBlock("paragraph", self.prose(legend))
                return ShownBlock("figure", self.format.figure(graph), blocks=(below,))
            case Algorithm(instructions):
                return ShownBlock("algorithm", blocks=tuple(map(self.instruction, instructions)))

    def instruction(self, instruction: Instruction) -> ShownBlock:
        text, depth = self.prose(instruction.prose), instruction.depth
        equations = instruction.equations or Equations(())
        lines = self.lines(equations.lines, INDENT * (depth + 1))
        return ShownBlock("instruction", text, lines, depth=depth)

    def tables(self, table: Table) -> Iterator[ShownBlock]:
        """A table, in parts where it is too wide or too long."""
        lines = [table.heads, *table.rows]
        widths = [max(map(self._width_of, cells)) for cells in zip(*lines, strict=True)]
        tall = any(self._is_tall(cell) for row in table.rows for cell in row)
        for columns in column_groups(widths, self.format.table):
            sides = "".join(table.sides[column] for column in columns)
            spelled = [tuple(self.prose(line[c]) for c in columns) for line in lines]
            for part in row_groups(len(table.rows), self.format.table_rows):
                rows = tuple(spelled[1:][part])
                yield ShownBlock("table", heads=spelled[0], rows=rows, sides=sides, tall=tall)

    def _is_tall(self, prose: Prose) -> bool:
        return any(not isinstance(part, str) and is_tall(self.formulas.of(part)) for part in prose)

    def lines(self, lines: tuple[Line, ...], indent: float = 0.0) -> tuple[Shown, ...]:
        measure = self.format.measure
        lefts = [None if line.left is None else self.formulas.of(line.left) for line in lines]
        sizes = [0.0 if left is None else measure(left) for left in lefts]
        widest = max((size for size in sizes if size <= self.format.left), default=0.0)
        reasons = [self._width_of(line.reason) for line in lines]
        reason_column = max(reasons, default=0.0)
        narrow = 0.4 * self.format.page
        tight = self.format.page - indent - widest - reason_column - 5.0 < narrow
        if tight:
            reason_column = min(reason_column, REASON_LIMIT)
        shown = []
        for line, left, size, reason in zip(lines, lefts, sizes, reasons, strict=True):
            beside = reason_column if self.format.columns else reason
            room = self.format.page - indent - widest - beside - 5.0
            right = in_lines(self.formulas.of(line.right), max(room, narrow), measure)
            shown.append(
                Shown(
                    "" if left is None else self.format.formula(left),
                    self.format.relations[line.relation],
                    tuple(self.format.formula(part) for part in right),
                    self.prose(line.reason),
                    size > self.format.left,
                    tight and reason > REASON_LIMIT,
                )
            )
        return tuple(shown)

    def _width_of(self, prose: Prose) -> float:
        """About how wide words are, in the smaller letters of reasons."""
        return sum(
            self.format.letter * len(part)
            if isinstance(part, str)
            else self.format.measure(self.formulas.of(part))
            for part in prose
        )


def guarded(left: str) -> str:
    r"""What opens a line of an alignment: a bracket there would be an argument of the last \\\\."""
    if not left:
        return ""
    return f"{{}}{left} " if left[0] in "[*" else f"{left} "


@cache
def _environment() -> Environment:
    found = environment(
        autoescape=lambda name: name is not None and name.endswith(".html.jinja"),
        comment_start_string="{##",
        comment_end_string="##}",
    )
    found.filters |= {"cells": cells, "guarded": guarded, "padded": padded, "wrapped": wrapped}
    found.filters["table_lines"] = lambda table: aligned(
        [table.heads, *table.rows], table.sides, cells
    )
    return found
