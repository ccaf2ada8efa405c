r"""Statements out of rows: sides put together to chains, and what a text defines.

A row that begins with a relation goes on from the row above; words behind a formula are a remark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from symprop.verification.reading import echo, fidelity
from symprop.verification.reading.anew import is_free
from symprop.verification.reading.applications import is_undeclared
from symprop.verification.reading.arithmetic import entrywise
from symprop.verification.reading.columns import whole_of
from symprop.verification.reading.conditions import (
    before_statement,
    conditions_of,
    definition_of,
    is_alone,
)
from symprop.verification.reading.errors import Span, UnreadableError
from symprop.verification.reading.items import Item, Items, Row, parted
from symprop.verification.reading.iterations import iterated
from symprop.verification.reading.lefts import (
    gradient_of,
    has_small_delta,
    is_of_changes,
    is_rule,
    raised_names,
    with_assignment,
)
from symprop.verification.reading.names import written_name
from symprop.verification.reading.reader import Reader
from symprop.verification.reading.rows import (
    Line,
    joined,
    pieces_of,
    with_conditions,
    with_names_first,
    with_ranges,
)
from symprop.verification.reading.shapes import shape_of
from symprop.verification.reading.slices import sliced
from symprop.verification.reading.statements import Condition, Relation, Statement
from symprop.verification.reading.structures import (
    SIGNS_OF_RELATIONS,
    has_relation,
    spelled_words,
    without_trailing,
)
from symprop.verification.reading.symbols import Entry
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
        self.start = 0
        """How many sides the last statement had before the row that is read."""

    def line(self, line: Line) -> None:
        started = False
        for column in line:
            pieces = list(pieces_of(column, self.reader))
            pieces = with_conditions(with_ranges(pieces))
            for piece in pieces:
                items = without_trailing(piece.items)
                if not items:
                    continue
                if piece.words:
                    self.said(items, started)
                    continue
                for formula in with_names_first(items):
                    self.readable(formula, started)
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

    def said(self, items: Items, started: bool) -> None:
        """Words and the formulas among them; a condition in front of a formula is one of it."""
        words, rest = before_statement(items)
        if started or not rest:
            self.remark(words)
        place = len(self.found)
        if rest:
            self.line([rest])
        given = conditions_of(self.reader, words) if rest and not started else []
        for number, each in list(enumerate(self.found))[place:] if given else []:
            if isinstance(each, Statement):
                conditions = (*(Condition(tree, 0) for tree in given), *each.conditions)
                self.found[number] = replace(each, conditions=conditions)

    def remark(self, items: Items) -> None:
        """Words behind a statement, or on a row of their own."""
        if defined := definition_of(items, self.reader):
            return self.readable(defined, True)
        text = Text(spelled_words(items), span=items[0].span.to(items[-1].span))
        last = self.found[-1] if self.found else None
        if isinstance(last, Statement):
            given = (Condition(tree, self.start) for tree in conditions_of(self.reader, items))
            self.found[-1] = replace(
                last, remarks=(*last.remarks, text), conditions=(*last.conditions, *given)
            )
        else:
            self.found.append(text)
        return None

    def formula(self, items: Items, started: bool) -> None:
        reader = self.reader
        items = with_assignment(items)
        span = items[0].span.to(items[-1].span)
        parts = list(parted(items, *SIGNS_OF_RELATIONS))
        if not has_relation(items) and started:
            if _is_label(items):
                return self.remark(items)
            if _is_condition(items):
                return self.condition(items[0].parts[0])
            what = "a formula without a relation behind another one"
            hint = "write brackets around a list, or one formula a row"
            raise reader.fail(what, span, hint=hint)
        last = self.found[-1] if self.found else None
        if started and items[0].text == r"\forall":
            return self.remark(items)
        if started and isinstance(last, Statement) and is_alone(items, last, reader):
            return self.condition(items)
        relations = [Relation(sign.text, sign.span) for _, sign in parts if sign is not None]
        if not parts[-1][0] and relations:
            where = relations[-1].span
            raise reader.fail("nothing stands behind this sign", where, expected=("a side",))
        continuing = not parts[0][0]
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
            if reader.gradient_of is not None:
                reader.symbols.short.add(reader.gradient_of.name)
            small = has_small_delta(parts[0][0], relations[0].sign, reader)
            reader.symbols.has_small_deltas |= small
            reader.raised |= raised_names(parts[0][0], relations[0].sign, reader)
        sides = [self.side(part, span) for part, _ in parts[int(continuing) :]]
        self.start = len(last.sides) if continuing and isinstance(last, Statement) else 0
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

    def condition(self, items: Items) -> None:
        """A condition behind a statement, without a word before it."""
        self.remark((Item("word", "for", style="text", span=items[0].span), *items))

    def side(self, items: Items, span: Span) -> Tree:
        """One side, which must come out as it went in."""
        try:
            self.reader.depth = 0
            tree = self.reader.sequence(items, span)
            words = self.reader.symbols.words
            fidelity.check(tree, items, self.reader.source, tree.span, words)
            other = entrywise(tree)
            if other is not tree:
                self.reader.choose(tree, other, "\\otimes stands for a column times a row")
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
        call = made.sides[0]
        arguments = call.arguments if isinstance(call, Call) else ()
        parameters = tuple(a.spelling for a in arguments if isinstance(a, Name))
        right = sliced(made, self.reader.symbols).sides[1]
        entry = replace(made.defines, definition=right, parameters=parameters)
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
        if first.reference is not None and not is_free(first, self.reader.symbols, made.sides[1]):
            return made
        if made.relations[0].sign not in ("=", ":="):
            return made
        name = echo.latex(first)
        right = sliced(made, self.reader.symbols).sides[1]
        entry = Entry(name, "local", name, shape_of(right), definition=right)
        self.reader.symbols.add(first.spelling, entry)
        whole = whole_of(first, right)
        if whole is not None and not self.reader.symbols.values(whole[0]):
            self.reader.symbols.add(*whole)
        sides = (replace(first, reference=None), *made.sides[1:])
        return replace(made, sides=sides, defines=entry)


def is_name_of_call(tree: Tree) -> Name | None:
    """The name of the function that is called, if that is all."""
    head = tree.head if isinstance(tree, Call) else None
    return head if isinstance(head, Name) else None


def _is_condition(items: Items) -> bool:
    r"""Whether a piece is a condition in brackets, `(i \neq j)` or `[z > 0]`."""
    alone = len(items) == 1 and items[0].kind == "fence" and items[0].text in ("()", "[]")
    return alone and has_relation(items[0].parts[0])


def _is_label(items: Items) -> bool:
    r"""Whether a piece says for what a statement holds, or has its number: `\forall i`, (3)."""
    numbered = len(items) == 1 and items[0].kind == "fence" and items[0].text == "()"
    if numbered:
        inside = items[0].parts[0]
        return len(inside) == 1 and inside[0].kind in ("number", "sign", "word")
    return items[0].text in (r"\forall", r"\exists")
