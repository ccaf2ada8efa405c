"""Reading the text of one formula, or of one block of aligned rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from symprop.expression.depth import deep_expressions
from symprop.verification.reading.assembling import statements_of
from symprop.verification.reading.building import rows_of, rows_one_by_one
from symprop.verification.reading.errors import AmbiguousError, Span, UnreadableError
from symprop.verification.reading.items import Row
from symprop.verification.reading.later import with_later
from symprop.verification.reading.outlines import outline
from symprop.verification.reading.plain import plain_tokens
from symprop.verification.reading.reader import Choice, Reader
from symprop.verification.reading.slices import with_slices
from symprop.verification.reading.statements import Statement
from symprop.verification.reading.symbols import Symbols
from symprop.verification.reading.tokens import Macro, Token, check_length, latex_tokens
from symprop.verification.reading.tree import Name, Text, Unread, names, replaced, walk
from symprop.verification.reading.understanding import plain
from symprop.verification.reading.words import rows_with_words

Form: TypeAlias = Literal["latex", "plain"]

_MATH = re.compile(r"^\s*(\$\$|\\\[|\$|\\\()(.*?)(\$\$|\\\]|\$|\\\))\s*[.,;]?\s*$", re.DOTALL)
_CLOSING = {"$$": "$$", r"\[": r"\]", "$": "$", r"\(": r"\)"}


@dataclass(frozen=True)
class Reading:
    """What a text says.

    `source` is the text and `form` how it is written; `statements` are in order, `words` the rows
    that are words alone. `choices` has both readings wherever a rule decided between two. `symbols`
    are the names, with those that the text itself defines.
    """

    source: str
    form: Form
    statements: tuple[Statement, ...]
    words: tuple[Text, ...]
    choices: tuple[Choice, ...]
    symbols: Symbols

    def __str__(self) -> str:
        """The statements in plain text, as they were understood."""
        return "\n".join(map(understood, self.statements))

    @property
    def unknown(self) -> tuple[Name, ...]:
        """The names that nothing is declared for, each once."""
        found: dict[Name, Name] = {}
        for statement in self.statements:
            for side in statement.sides:
                for name in names(side):
                    if name.reference is None:
                        found.setdefault(name, name)
        return tuple(found)

    @property
    def errors(self) -> tuple[UnreadableError, ...]:
        """What was not read, in a reading that went on behind errors."""
        sides = (side for statement in self.statements for side in statement.sides)
        return tuple(side.error for side in sides if isinstance(side, Unread))

    @property
    def alternatives(self) -> Iterator[tuple[Choice, tuple[Statement, ...]]]:
        """For each choice, the statements with the other reading in its place."""
        for choice in self.choices:
            yield choice, tuple(_with(statement, choice) for statement in self.statements)


def _with(statement: Statement, choice: Choice) -> Statement:
    sides = tuple(replaced(side, choice.taken, choice.other) for side in statement.sides)
    return replace(statement, sides=sides)


def understood(statement: Statement) -> str:
    """A statement in plain text, as it was understood."""
    text = plain(statement.sides[0])
    for relation, side in zip(statement.relations, statement.sides[1:], strict=True):
        text += f" {_SHOWN.get(relation.sign, relation.sign)} {plain(side)}"
    return text


_SHOWN = {r"\leftarrow": "<-", r"\approx": "\u2248", r"\neq": "!=", r"\leq": "<=", r"\geq": ">="}


def read(
    text: str,
    symbols: Symbols,
    *,
    form: Form | None = None,
    macros: Mapping[str, Macro] | None = None,
    tolerant: bool = False,
) -> Reading:
    r"""Read a formula, or a block of rows such as the inside of an `align`.

    Parameters
    ----------
    text
        LaTeX, with or without dollar signs or its environment, or plain text.
    symbols
        the names that may occur; what the text defines itself is added in the reading.
    form
        "latex" or "plain". By default a text with a backslash is LaTeX; any other one is read both
        ways, and refused where both give a meaning and not the same one.
    macros
        what `\newcommand`s stand for, by the command with its backslash.
    tolerant
        read on behind an error: a side that cannot be read is an Unread, and `errors` has them.

    Raises
    ------
    UnreadableError
        where anything in the text is not read for certain; with `tolerant` only for a text that is
        empty or too long.
    """
    check_length(text)
    with deep_expressions():
        if form is None and "\\" not in text:
            return _either(text, symbols, tolerant)
        return _read(text, symbols, form or "latex", macros, tolerant)


def _read(
    text: str,
    symbols: Symbols,
    form: Form,
    macros: Mapping[str, Macro] | None = None,
    tolerant: bool = False,
) -> Reading:
    known = symbols.copy()
    inside, start = _unwrapped(text)
    if form == "plain":
        tokens = plain_tokens(inside, known.identifiers)
    else:
        tokens = latex_tokens(inside, macros)
    if start:
        tokens = [token.moved(start) for token in tokens]
    reader = Reader(text, known, plain=form == "plain", tolerant=tolerant)
    found = statements_of(_rows(tokens, reader), reader)
    statements = tuple(each for each in found if isinstance(each, Statement))
    words = tuple(each for each in found if isinstance(each, Text))
    if not found:
        raise UnreadableError(
            "there is no formula in this text", text, Span(0, 1), expected=("a formula",)
        )
    statements, chosen = with_later(statements, reader.choices, known)
    statements, chosen = with_slices(statements, chosen, known)
    trees = {id(tree) for each in statements for side in each.sides for tree in walk(side)}
    choices = tuple(choice for choice in chosen if id(choice.taken) in trees)
    return Reading(text, form, statements, words, choices, known)


def _rows(tokens: list[Token], reader: Reader) -> Sequence[Row | UnreadableError]:
    rows: Sequence[Row | UnreadableError]
    try:
        rows = rows_of(tokens, reader.source, plain=reader.plain)
    except UnreadableError:
        if not reader.tolerant:
            raise
        rows = list(rows_one_by_one(tokens, reader.source, plain=reader.plain))
    words = () if reader.plain else reader.symbols.words
    return [rows_with_words(row, words) if isinstance(row, Row) else row for row in rows]


def _unwrapped(text: str) -> tuple[str, int]:
    """A formula without the dollar signs around it, and where it begins."""
    match = _MATH.match(text)
    if match is None or _CLOSING[match[1]] != match[3] or "$" in match[2]:
        return text, 0
    return match[2], match.start(2)


def _either(text: str, symbols: Symbols, tolerant: bool) -> Reading:
    """Text that may be LaTeX or plain: as the form has it that knows its names."""
    readings: list[Reading] = []
    errors: list[UnreadableError] = []
    forms: tuple[Form, ...] = ("plain", "latex")
    for form in forms:
        try:
            readings.append(_read(text, symbols, form))
        except UnreadableError as error:
            errors.append(error)
    if not readings and tolerant:
        return _read(text, symbols, "plain", tolerant=True)
    if not readings:
        raise errors[0]
    readings.sort(key=lambda reading: len(reading.unknown))
    first = readings[0]
    if len(readings) == 2 and len(readings[1].unknown) == len(first.unknown):
        one, other = ([_outline(s) for s in reading.statements] for reading in readings)
        if one != other:
            raise AmbiguousError(
                "in LaTeX and in plain text this means two things",
                text,
                Span(0, len(text)),
                readings=(str(readings[0]), str(readings[1])),
                hint="say which form it has: form='latex' or form='plain'",
            )
    return first


def _outline(statement: Statement) -> str:
    return " ".join(map(outline, statement.sides))
