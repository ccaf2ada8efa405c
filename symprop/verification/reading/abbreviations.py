"""Names that a file defines anywhere, once: they are known to the formulas before them, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from symprop.verification.reading.anew import is_free
from symprop.verification.reading.formula import Reading
from symprop.verification.reading.statements import Statement
from symprop.verification.reading.symbols import Entry, Symbols
from symprop.verification.reading.tree import Call, Name, Spelling, Tree, names

if TYPE_CHECKING:
    from symprop.verification.reading.document import Formula, Skipped

Definition: TypeAlias = tuple[Spelling, Entry]
Later: TypeAlias = dict[int, tuple[Definition, ...]]
"""For the place of each piece of a file what is defined behind it."""


def definitions_of(reading: Reading) -> list[Definition]:
    """The names and functions that a formula defines."""
    found = (_defined(statement) for statement in reading.statements)
    return [definition for definition in found if definition is not None]


def _defined(statement: Statement) -> Definition | None:
    name = _name(statement.sides[0])
    if name is None or statement.defines is None or statement.defines.definition is None:
        return None
    return name.spelling, statement.defines


def _name(left: Tree) -> Name | None:
    """The name that a left side says something of: its own, or that of a function."""
    head = left.head if isinstance(left, Call) else left
    return head if isinstance(head, Name) else None


def with_definitions(symbols: Symbols, definitions: Iterable[Definition]) -> Symbols:
    """Names, and those that are defined; the same object where there are none."""
    listed = list(definitions)
    if not listed:
        return symbols
    made = symbols.copy()
    for spelling, entry in listed:
        made.add(spelling, entry)
    return made


def definitions_behind_use(found: Sequence[Formula | Skipped]) -> Later:
    """What is defined behind each piece, where a piece needs one; {} where none does.

    A name that is defined twice may mean two things, and is known from its definition on alone.
    """
    readings = [getattr(each, "reading", None) for each in found]
    lefts = (s.sides[0] for r in readings if r for s in r.statements if s.links)
    times = Counter(name.spelling for left in lefts if (name := _name(left)) is not None)
    later: Later = {}
    behind: list[Definition] = []
    needed = False
    for place in range(len(found) - 1, -1, -1):
        reading = readings[place]
        needed = needed or (bool(behind) and _needs(found[place], reading, behind))
        own = [d for d in definitions_of(reading) if times[d[0]] == 1] if reading else []
        later[place] = tuple(behind)
        behind = [*own, *behind]
    return later if needed else {}


def _needs(piece: object, reading: Reading | None, behind: Iterable[Definition]) -> bool:
    """Whether a formula has a name that is defined behind it, or was not read as it is."""
    if reading is None:
        return getattr(piece, "unread", True)
    if reading.errors:
        return True
    spellings = {spelling for spelling, _ in behind}
    return any(name.spelling in spellings for name in _unknown(reading))


def _unknown(reading: Reading) -> Iterator[Name]:
    """The names that nothing is known of, those in definitions among them."""
    waiting = [side for statement in reading.statements for side in statement.sides]
    seen: set[int] = set()
    while waiting:
        for name in names(waiting.pop()):
            entry = None if name.reference is None else name.reference.entry
            if name.reference is None or is_free(name, reading.symbols):
                yield name
            elif entry is not None and entry.definition is not None and id(entry) not in seen:
                seen.add(id(entry))
                waiting.append(entry.definition)
