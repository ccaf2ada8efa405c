r"""Rows of a block: which belong together, and what is a formula in them and what are words.

A row that begins with an operator is the rest of the one above it. `\quad`, a comma, a semicolon,
an arrow and some words part what stands on a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from symprop.verification.reading.arithmetic import OPERATORS
from symprop.verification.reading.commands import CONNECTIVES
from symprop.verification.reading.conditions import BEHIND
from symprop.verification.reading.errors import place_of
from symprop.verification.reading.functions import builtin
from symprop.verification.reading.items import Item, Items, Row
from symprop.verification.reading.names import written_name
from symprop.verification.reading.reader import Reader
from symprop.verification.reading.structures import (
    INEQUALITIES,
    SIGNS_OF_RELATIONS,
    has_relation,
    without_trailing,
)

_PREPOSITIONS = BEHIND | set("by from using at of in".split())
"""Words at the beginning, or at the end, of a text that what follows on the row belongs to."""
_JOINING = set("and so hence thus therefore then or also i.e. while where let".split())
"""Words between two statements."""


@dataclass(frozen=True)
class Piece:
    """A part of a row: a formula, or words."""

    items: Items
    words: bool = False
    parted_by_comma: bool = False


# -- rows -----------------------------------------------------------------------------------------

Line: TypeAlias = "list[Items]"
"""The formulas of a row, between every second `&`."""


def joined(rows: Sequence[Row], reader: Reader) -> Iterator[Line]:
    """The rows, each with the further ones that go on in the middle of a formula."""
    line: Line = []
    for row in rows:
        columns = [_stripped(_unframed(first + second)) for first, second in _pairs(row.cells)]
        while columns and not columns[-1]:
            columns.pop()
        if not columns:
            continue
        if line and _goes_on(row, line[0], columns[0], reader):
            line = [
                _formula(line[0], reader) + columns[0],
                *line[1:],
                _remark(line[0], reader),
                *columns[1:],
            ]
        else:
            if line:
                yield line
            line = columns
    if line:
        yield line


def _pairs(cells: tuple[Items, ...]) -> Iterator[tuple[Items, Items]]:
    if len(cells) == 3 and len(cells[1]) == 1 and cells[1][0].text in SIGNS_OF_RELATIONS:
        cells = (cells[0] + cells[1], cells[2])  # as eqnarray has it
    for place in range(0, len(cells), 2):
        yield cells[place], cells[place + 1] if place + 1 < len(cells) else ()


def _unframed(items: Items) -> Items:
    r"""A formula without the frame around a whole equation, `\boxed{a = b}`."""
    found: list[Item] = []
    for item in items:
        framed = item.kind == "command" and item.text == "boxed" and has_relation(item.parts[0])
        found += item.parts[0] if framed else (item,)
    return tuple(found)


def with_names_first(items: Items) -> list[Items]:
    r"""A formula, and behind it the definition that it ends with: of `a = b =: c` the `c := b`."""
    place = next((k for k, item in enumerate(items) if item.text == "=:"), 0)
    if not 0 < place < len(items) - 1:
        return [items]
    before, sign, name = items[:place], items[place], items[place + 1 :]
    relations = [k for k, item in enumerate(before) if item.text in SIGNS_OF_RELATIONS]
    side = before[relations[-1] + 1 :] if relations else before
    definition = (*name, replace(sign, text=":="), *side)
    return [before, definition] if relations else [definition]


def _stripped(items: Items) -> Items:
    start = next((place for place, item in enumerate(items) if item.kind != "gap"), len(items))
    return items[start:]


def _goes_on(row: Row, before: Items, items: Items, reader: Reader) -> bool:
    """Whether a row is the rest of the formula on the row before."""
    formula = [item for item in _formula(before, reader) if item.kind != "gap"]
    if not items:
        return False
    last = formula[-1] if formula else None
    if last is not None and last.kind == "sign" and last.text in (*OPERATORS, *SIGNS_OF_RELATIONS):
        return True
    first = items[0]
    if first.kind != "sign" or first.text not in OPERATORS:
        return False
    if first.text != "-" or not has_relation(items):
        return True
    if reader.plain:
        return _column(first, reader) > _column(before[0], reader)
    return len(row.cells) > 1 and not _stripped(row.cells[0])


def _column(item: Item, reader: Reader) -> int:
    return place_of(reader.source, item.span.start)[1]


def _formula(items: Items, reader: Reader) -> Items:
    """A row without the words at its end and what is before them."""
    end = _words_at(items, reader)
    return without_trailing(items[:end]) if end < len(items) else items


def _remark(items: Items, reader: Reader) -> Items:
    return items[_words_at(items, reader) :]


def _words_at(items: Items, reader: Reader) -> int:
    """Where the words behind a formula begin."""
    places = (place for place in range(1, len(items)) if _is_text(items, place, reader))
    return next(places, len(items))


def _is_text(items: Items, place: int, reader: Reader) -> bool:
    """Whether an item is words, no name and no function."""
    item = items[place]
    if item.kind != "word" or item.style not in ("text", "textrm", "textit", "textnormal", "mbox"):
        return False
    behind = items[place + 1] if place + 1 < len(items) else None
    called = behind is not None and behind.kind == "fence" and " " not in item.text
    written = written_name(item)
    known = written is not None and (
        builtin(written.spelling) is not None or bool(reader.symbols.values(written.spelling))
    )
    return item.is_bare and not called and not known


# -- pieces ---------------------------------------------------------------------------------------


def pieces_of(items: Items, reader: Reader) -> Iterator[Piece]:
    r"""The parts of a row between spaces, commas, words and \Rightarrow."""
    part: list[Item] = []
    comma = False
    place = 0
    while place < len(items):
        item = items[place]
        separator = item.kind == "gap" or (item.kind == "sign" and item.text in (",", ";"))
        if item.kind == "sign" and item.text in CONNECTIVES:
            separator = True
        if separator:
            if part:
                yield Piece(tuple(part), parted_by_comma=comma)
                part = []
            comma = item.text in (",", ";") or (comma and item.kind == "gap")
            place += 1
        elif _is_text(items, place, reader) and _is_side(part, items, place):
            end = _next_gap(items, place)
            yield Piece((*part, *items[place:end]), words=True)
            part, place = [], end
        elif _is_text(items, place, reader):
            if part:
                yield Piece(tuple(part), parted_by_comma=comma)
                part = []
            end = _end_of_words(items, place)
            if end:
                yield Piece(items[place:end], words=True)
            place = end or place + 1
            comma = False
        else:
            part.append(item)
            place += 1
    if part:
        yield Piece(tuple(part), parted_by_comma=comma)


def _is_side(part: list[Item], items: Items, place: int) -> bool:
    """Whether words are what a formula is said to equal, so that all of it is prose."""
    last = part[-1] if part else None
    if last is not None:
        named = last.kind == "word" and last.style == "named"
        return named or (last.kind == "sign" and last.text in (*OPERATORS, *SIGNS_OF_RELATIONS))
    behind = next((i for i in items[place + 1 :] if not _is_words(i)), None)
    return behind is not None and behind.kind == "sign" and behind.text in SIGNS_OF_RELATIONS


def _is_words(item: Item) -> bool:
    return item.kind == "word" and item.style == "text"


def _next_gap(items: Items, place: int) -> int:
    while place < len(items) and items[place].kind != "gap":
        place += 1
    return place


def _end_of_words(items: Items, place: int) -> int:
    """Where a remark that begins with words ends; 0 where the words only join.

    Words with a condition reach to the end of the row; a formula behind other words stands alone.
    """
    words = items[place].text.lower().replace(",", " ").split()
    words = [word.strip(".:;()") for word in words if word.strip(".:;()")]
    if all(word in _JOINING for word in words):
        return 0
    if words[0] in BEHIND or words[-1] in _PREPOSITIONS:
        return len(items)
    end = place + 1
    while end < len(items) and items[end].kind != "gap" and items[end].text not in (",", ";"):
        end += 1
    return place + 1 if has_relation(items[place:end]) else end


def with_ranges(pieces: list[Piece]) -> list[Piece]:
    r"""The pieces, with `i = 1, \dots, n` as a remark of one piece."""
    found: list[Piece] = []
    for piece in pieces:
        dotted = any(item.text == r"\dots" for item in piece.items)
        going_on = found and found[-1].words and _is_range(found[-1].items)
        bare = piece.parted_by_comma and not piece.words and not has_relation(piece.items)
        if (
            bare
            and found
            and len(found) > 1
            and (going_on or (dotted and _is_start(found[-1].items)))
        ):
            before = found.pop()
            comma = Item("sign", ",", span=piece.items[0].span)
            items = (*before.items, comma, *piece.items)
            found.append(Piece(items, words=True))
        else:
            found.append(piece)
    return found


def with_conditions(pieces: list[Piece]) -> list[Piece]:
    r"""The pieces, with the `(z > 0)` or `(\text{if } z > 0)` that an equation ends with as one."""
    found: list[Piece] = []
    for piece in pieces:
        *rest, last = without_trailing(piece.items) or piece.items
        if piece.words or not has_relation(tuple(rest)) or not _is_condition(last, rest[-1]):
            found.append(piece)
            continue
        found.append(replace(piece, items=tuple(rest)))
        inside = last.parts[0]
        found.append(Piece(inside if _is_words(inside[0]) else (last,), words=_is_words(inside[0])))
    return found


def _is_condition(item: Item, before: Item) -> bool:
    """Whether brackets behind a product hold a comparison, which is no argument and no factor."""
    if item.kind != "fence" or item.text != "()" or not item.is_bare or not item.parts[0]:
        return False
    if before.kind in ("sign", "word") or before.text in _TAKING_CONDITIONS:
        return False
    first = item.parts[0][0]
    if _is_words(first):
        return bool(BEHIND.intersection(first.text.lower().split()[:1]))
    return any(each.kind == "sign" and each.text in INEQUALITIES for each in item.parts[0])


_TAKING_CONDITIONS = ("1", "I", "P", "H", "mathbf", "mathbb")
"""Signs of what is 1 where the comparison behind them holds."""


def _is_start(items: Items) -> bool:
    """Whether a piece is `i = 1`."""
    return len(items) == 3 and items[0].kind == "letter" and items[1].text == "="


def _is_range(items: Items) -> bool:
    return any(item.text == r"\dots" for item in items)
