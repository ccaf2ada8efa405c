"""The lines of a document, each by its place, and the same document with some of them changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import reduce
from typing import Any, TypeAlias

from symprop.expression.entries import Entry
from symprop.expression.nodes import Leaf, Node
from symprop.printout.expressions import (
    BatchMean,
    Equated,
    Expression,
    Gradient,
    Rate,
    RateOf,
    ToDerive,
)
from symprop.printout.model import Block, Document, Equations, Line, Part, Section

Key: TypeAlias = tuple[int, ...]
"""Where something stands: the number of its section, of its block in there, and so on."""

PENDING = (Rate, RateOf, ToDerive, BatchMean)
"""Derivatives by their names, still to be worked out."""
NUMBERS = "example"
"""The section of numbers; the lines before its first part are what is given."""


class Stage(Enum):
    """What is left of the work in what can be asked for."""

    STATED = "nothing is worked out yet"
    BEGUN = "some derivatives are worked out"
    DONE = "none is left"


@dataclass(frozen=True)
class Place:
    """A line of equations where it stands.

    Of its right-hand side, a = b = c, the first members may only state what is to be done, and
    stay; `asked` is the rest. `head` is the left side of the line, or of the one that it goes on
    from. `final`: that is the last one of its equations, or they are a table of many.
    `follows`: it goes on from a line that is done.
    """

    key: Key
    section: str
    line: Line
    head: Expression | None
    asked: Expression | None
    stage: Stage
    final: bool
    follows: bool

    @property
    def block(self) -> Key:
        """The equations that it belongs to."""
        return self.key[:-1]

    @property
    def question(self) -> tuple[Expression | None, Expression | None]:
        """What is asked, and what is right."""
        return self.head, self.asked

    def with_asked(self, other: Expression) -> Expression:
        """The right-hand side with something else for what is asked."""
        last = _members(self.line.right)[-1]
        tail = [last] if isinstance(last, Gradient) else []
        return _equated([*_stated(self.line), other, *tail])

    def only_stated(self) -> Line | None:
        """The line without what can be asked; None where nothing is left."""
        stated = _stated(self.line)
        return replace(self.line, right=_equated(stated)) if stated else None


def places_of(document: Document) -> Iterator[Place]:
    """All lines of equations, in order; those of algorithms are none."""
    for number, section in enumerate(document.sections):
        for key, block, in_part in _blocks(section.blocks, (number,), in_part=False):
            if isinstance(block, Equations) and (in_part or section.key != NUMBERS):
                yield from _lines(block, key, section.key, in_part)


def lines_in(value: Any) -> Iterator[Line]:
    """All lines in anything that a document is made of, those of algorithms too."""
    if isinstance(value, Line):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from lines_in(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from lines_in(getattr(value, field.name))


def _blocks(
    blocks: tuple[Block, ...], key: Key, *, in_part: bool
) -> Iterator[tuple[Key, Block, bool]]:
    for number, block in enumerate(blocks):
        inner = (*key, number)
        yield inner, block, in_part
        if isinstance(block, Part):
            yield from _blocks(block.blocks, inner, in_part=True)


def _lines(block: Equations, key: Key, section: str, in_part: bool) -> Iterator[Place]:
    head: Expression | None = None
    before = Stage.STATED
    headed = [number for number, line in enumerate(block.lines) if line.left is not None]
    for number, line in enumerate(block.lines):
        if line.left is not None:
            head, before = line.left, Stage.STATED
        asked = _asked(line)
        stage = Stage.STATED if asked is None else _stage(asked)
        final = not in_part or number >= max(headed, default=0)
        follows = line.left is None and before is Stage.DONE
        yield Place((*key, number), section, line, head, asked, stage, final, follows)
        before = stage


# -- what of a line can be asked for --------------------------------------------------------------


def _members(right: Expression) -> list[Expression]:
    """The members of a = b = c."""
    if isinstance(right, Equated):
        return [*_members(right.left), *_members(right.right)]
    return [right]


def _equated(members: Iterable[Expression]) -> Expression:
    return reduce(Equated, members)


def _asked(line: Line) -> Expression | None:
    members = _members(line.right)
    rest = members[len(_stated(line)) :]
    rest = rest[:-1] if rest and isinstance(rest[-1], Gradient) else rest
    return _equated(rest) if rest else None


def _stated(line: Line) -> list[Expression]:
    """The first members, which only say what is to be done: a chain of names, a definition."""
    members = _members(line.right)
    first = line.relation == "<-" or _is_definition(line)
    count = 0
    for member in members:
        if not (count == 0 and first) and _stage(member) is not Stage.STATED:
            break
        count += 1
    return members[:count]


def _is_definition(line: Line) -> bool:
    """Whether a line says what a step is, and not what a gradient is."""
    name = line.left.of if isinstance(line.left, Entry) else line.left
    return isinstance(name, Leaf) and name.role != "delta"


def _stage(expression: Expression) -> Stage:
    parts = list(atoms(expression))
    if not any(isinstance(part, PENDING) for part in parts):
        return Stage.DONE
    worked = any(isinstance(part, Node) and not isinstance(part, Leaf) for part in parts)
    return Stage.BEGUN if worked else Stage.STATED


def atoms(value: Any) -> Iterator[Any]:
    """The nodes, the pending derivatives and the words that anything is put together of."""
    if isinstance(value, Node | str) or isinstance(value, PENDING):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from atoms(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from atoms(getattr(value, field.name))


# -- changing -------------------------------------------------------------------------------------

Change: TypeAlias = "Section | Block | Line | None"
"""What stands at a place instead; None: nothing."""
Changes: TypeAlias = Mapping[Key, Change]


def changed(document: Document, changes: Changes) -> Document:
    """A document with changes; a block or a section that has nothing left is left out."""
    sections = []
    for number, section in enumerate(document.sections):
        found = changes.get((number,), section)
        if isinstance(found, Section):
            blocks = _changed_blocks(found.blocks, (number,), changes)
            if blocks:
                sections.append(replace(found, blocks=blocks))
    return replace(document, sections=tuple(sections))


def _changed_blocks(blocks: tuple[Block, ...], key: Key, changes: Changes) -> tuple[Block, ...]:
    kept: list[Block] = []
    for number, block in enumerate(blocks):
        inner = (*key, number)
        found: Any = changes.get(inner, block)
        if isinstance(found, Part):
            found = replace(found, blocks=_changed_blocks(found.blocks, inner, changes))
            found = found if found.blocks else None
        elif isinstance(found, Equations):
            lines = tuple(changes.get((*inner, n), line) for n, line in enumerate(found.lines))
            found = replace(found, lines=tuple(line for line in lines if isinstance(line, Line)))
            found = found if found.lines else None
        if found is not None:
            kept.append(found)
    return tuple(kept)
