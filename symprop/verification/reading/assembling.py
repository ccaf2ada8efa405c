r"""Statements out of rows: sides put together to chains, and what a text defines.

A row that begins with a relation goes on from the row above; words behind a formula are a remark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from symprop.verification.reading import echo, fidelity
from symprop.verification.reading.applications import is_undeclared
from symprop.verification.reading.errors import Span, UnreadableError
from symprop.verification.reading.items import Item, Items, Row, parted
from symprop.verification.reading.iterations import iterated
from symprop.verification.reading.lefts import (
    gradient_of,
    is_of_changes,
    is_rule,
    raised_names,
    with_assignment,
)
from symprop.verification.reading.names import written_name
from symprop.verification.reading.reader import Reader
from symprop.verification.reading.rows import Line, Piece, joined, pieces_of
from symprop.verification.reading.shapes import shape_of
from symprop.verification.reading.statements import Relation, Statement
from symprop.verification.reading.structures import (
    SIGNS_OF_RELATIONS,
    has_relation,
    spelled_words,
    without_trailing,
)
from symprop.verification.reading.symbols import Entry, Reference
from symprop.verification.reading.tree import Call, Name, Text, Tree, Unread


def statements_of(rows: Iterable[Row | UnreadableError], reader: Reader) -> list[Statement | Text]:
    """The statements of a block in order, and the rows that are words alone.

    A row that is an error becomes a statement of which nothing is read.
    """
    builder = _Builder(reader)
    together: list[Row] = []
    for row in (*rows, None):
        if isinstance(row, Row):
            together.append(row)
            continue
        for line in joined(together, reader):
            builder.line(line)
        together = []
        if row is not None:
            builder.unread(row, row.span)
    return [
        iterated(found, reader.symbols) if isinstance(found, Statement) else found
        for found in builder.found
    ]


# -- statements -----------------------------------------------------------------------------------


class _Builder:
    """Puts sides together to statements, row by row."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.found: list[Statement | Text] = []

    def line(self, line: Line) -> None:
        started = False
        for column in line:
            pieces = list(pieces_of(column, self.reader))
            pieces = _with_ranges(pieces)
            for piece in pieces:
                items = without_trailing(piece.items)
                if not items:
                    continue
                if piece.words:
                    self.remark(items)
                else:
                    self.readable(items, started)
                    started = True

    def readable(self, items: Items, started: bool) -> None:
        """A formula; where it cannot be read it is kept as that, if so wished."""
        try:
            self.formula(items, started)
        except UnreadableError as error:
            if not self.reader.tolerant:
                raise
            self.unread(error, items[0].span.to(items[-1].span))

    def unread(self, error: UnreadableError, span: Span) -> None:
        """A statement of which nothing is read."""
        self.found.append(Statement((Unread(error, span=span),), span=span))

    def remark(self, items: Items) -> None:
        """Words behind a statement, or on a row of their own."""
        text = Text(spelled_words(items), span=items[0].span.to(items[-1].span))
        last = self.found[-1] if self.found else None
        if isinstance(last, Statement):
            self.found[-1] = replace(last, remarks=(*last.remarks, text))
        else:
            self.found.append(text)

    def formula(self, items: Items, started: bool) -> None:
        reader = self.reader
        items = with_assignment(items)
        span = items[0].span.to(items[-1].span)
        parts = list(parted(items, *SIGNS_OF_RELATIONS))
        if not has_relation(items) and started:
            if _is_label(items):
                return self.remark(items)
            what = "a formula without a relation behind another one"
            hint = "write brackets around a list, or one formula a row"
            raise reader.fail(what, span, hint=hint)
        relations = [Relation(sign.text, sign.span) for _, sign in parts if sign is not None]
        if not parts[-1][0] and relations:
            where = relations[-1].span
            raise reader.fail("nothing stands behind this sign", where, expected=("a side",))
        continuing = not parts[0][0]
        last = self.found[-1] if self.found else None
        if continuing and not isinstance(last, Statement):
            what = f"{relations[0].sign} stands behind nothing"
            hint = "a row goes on from the row above, and here is none"
            raise reader.fail(what, relations[0].span, hint=hint)
        entry = None if continuing else self.function(parts[0][0], relations)
        if entry is not None:
            written = written_name(parts[0][0][0])
            assert written is not None
            reader.symbols.add(written.spelling, entry)
        if not continuing and relations:
            reader.in_rule = is_rule(parts[0][0], relations[0].sign, parts[1][0])
            reader.of_changes = is_of_changes(parts[0][0], reader)
            reader.gradient_of = gradient_of(parts[0][0], relations[0].sign, reader)
            reader.raised |= raised_names(parts[0][0], relations[0].sign, reader)
        sides = [self.side(part, span) for part, _ in parts[int(continuing) :]]
        if continuing:
            assert isinstance(last, Statement)
            made = replace(
                last,
                sides=(*last.sides, *sides),
                relations=(*last.relations, *relations),
                span=last.span.to(span),
            )
            self.found[-1] = self.defined(made) if last.defines is None else made
            return None
        made = Statement(tuple(sides), tuple(relations), defines=entry, span=span)
        self.found.append(self.defined(made))
        return None

    def side(self, items: Items, span: Span) -> Tree:
        """One side, which must come out as it went in."""
        try:
            self.reader.depth = 0
            tree = self.reader.sequence(items, span)
            fidelity.check(tree, items, self.reader.source, tree.span)
        except UnreadableError as error:
            if not self.reader.tolerant:
                raise
            return Unread(error, span=items[0].span.to(items[-1].span) if items else span)
        return tree

    def function(self, left: Items, relations: list[Relation]) -> Entry | None:
        """The function that a left side `g(z)` defines, if g is not declared and z is a name."""
        bare = tuple(item for item in left if item.kind != "gap")
        if len(bare) != 2 or not relations or relations[0].sign not in ("=", ":="):
            return None
        if bare[1].kind != "fence" or bare[1].text != "()" or not bare[1].is_bare:
            return None
        written = is_undeclared(bare[0], self.reader)
        arguments = [part for part, _ in parted(bare[1].parts[0], ",", ";")]
        if written is None or not all(len(a) == 1 and written_name(a[0]) for a in arguments):
            return None
        name = echo.latex(Name(written.spelling))
        return Entry(name, "function", name)

    def with_definition(self, made: Statement) -> Statement:
        """A statement that defines a function, which is known with its formula from here on."""
        written = is_name_of_call(made.sides[0])
        if made.defines is None or len(made.sides) < 2 or written is None:
            return made
        entry = replace(made.defines, definition=made.sides[1])
        self.reader.symbols.add(written.spelling, entry)
        return replace(made, defines=entry)

    def defined(self, made: Statement) -> Statement:
        """A statement, with what it defines: the undeclared name that is its left side."""
        first = made.sides[0]
        if made.defines is not None or not made.links or made.links[0].is_update:
            return self.with_definition(made)
        if iterated(made, self.reader.symbols) is not made:
            return made
        if not isinstance(first, Name):
            return made
        if first.reference is not None and not is_index_at_number(first.reference):
            return made
        if made.relations[0].sign not in ("=", ":="):
            return made
        name = echo.latex(first)
        entry = Entry(name, "local", name, shape_of(made.sides[1]), definition=made.sides[1])
        self.reader.symbols.add(first.spelling, entry)
        return replace(made, defines=entry)


def is_index_at_number(reference: Reference) -> bool:
    r"""Whether an index stands at a name that the text has defined as a number.

    A number has no entries: behind `\delta = y - t` the `\delta_j` is another name.
    """
    entry = reference.entry
    local = entry is not None and entry.kind == "local" and entry.shape == ()
    return local and bool(reference.indices)


def is_name_of_call(tree: Tree) -> Name | None:
    """The name of the function that is called, if that is all."""
    head = tree.head if isinstance(tree, Call) else None
    return head if isinstance(head, Name) else None


def _with_ranges(pieces: list[Piece]) -> list[Piece]:
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


def _is_start(items: Items) -> bool:
    """Whether a piece is `i = 1`."""
    return len(items) == 3 and items[0].kind == "letter" and items[1].text == "="


def _is_range(items: Items) -> bool:
    return any(item.text == r"\dots" for item in items)


def _is_label(items: Items) -> bool:
    r"""Whether a piece says for what a statement holds, or has its number: `\forall i`, (3)."""
    numbered = len(items) == 1 and items[0].kind == "fence" and items[0].text == "()"
    if numbered:
        inside = items[0].parts[0]
        return len(inside) == 1 and inside[0].kind in ("number", "sign", "word")
    return items[0].text in (r"\forall", r"\exists")
