"""What a printout says, before it is laid out: sections of equations, each line with its reason.

Formats make notation of the expressions and lay it out; none of them decides any mathematics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from symprop.printout.expressions import Expression
from symprop.printout.graph.model import Graph
from symprop.printout.notation.names import Names

Prose: TypeAlias = tuple["str | Expression", ...]
"""Words, with expressions between them."""


@dataclass(frozen=True)
class Line:
    """One line of a calculation; without `left` it goes on from the line before."""

    left: Expression | None
    right: Expression
    reason: Prose = ()
    relation: str = "="
    """Also "<-", for an update, and "~", for about the same."""


@dataclass(frozen=True)
class Equations:
    """Lines that are aligned at their relation signs."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Paragraph:
    """A sentence or two."""

    prose: Prose


@dataclass(frozen=True)
class Listed:
    """A list of terms and what is said of each."""

    items: tuple[tuple[str, Prose], ...]


@dataclass(frozen=True)
class Part:
    """A part of a section under a small heading."""

    heading: Prose
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Table:
    """Cells in rows, below the heads of their columns; `sides` says l or r for each column.

    The first column says what a row is about: it is repeated where a table is too wide.
    """

    heads: tuple[Prose, ...]
    rows: tuple[tuple[Prose, ...], ...]
    sides: str


@dataclass(frozen=True)
class Instruction:
    """A line of an algorithm, `depth` loops deep, with formulas below it or without."""

    prose: Prose
    depth: int = 0
    equations: Equations | None = None


@dataclass(frozen=True)
class Algorithm:
    """Instructions to be followed in order; what stands deeper belongs to the loop above it."""

    instructions: tuple[Instruction, ...]


@dataclass(frozen=True)
class Figure:
    """A computational graph; `legend` says what is drawn how, where it is drawn."""

    graph: Graph
    legend: Prose


Block: TypeAlias = Equations | Paragraph | Listed | Part | Algorithm | Table | Figure


@dataclass(frozen=True)
class Section:
    """A section of a document; `key` is what it is called in options."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A printout. `ordinary`: there is one scalar weight, so derivatives are written with d."""

    title: str
    sections: tuple[Section, ...]
    names: Names
    ordinary: bool
