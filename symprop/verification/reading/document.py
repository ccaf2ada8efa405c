r"""Reading a whole file: the formulas of a LaTeX, a Markdown or a plain text file, in order.

Displayed formulas are read (`\[ \]`, `$$ $$`, `equation`, `align`, `gather` and their kin, the
block of Markdown that is marked math), and of those in the line of a text the ones that define a
name or say what a derivative is. Other formulas in a line, and what may hold formulas but is not
looked into, are listed as skipped. Prose is passed over. Macros without default arguments are put
in, as text. What a formula defines is known to the later ones, and to those before it where nothing
else in the file defines it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from symprop.verification.reading.abbreviations import (
    Later,
    definitions_behind_use,
    definitions_of,
    with_definitions,
)
from symprop.verification.reading.errors import Span, UnreadableError, place_of
from symprop.verification.reading.formula import Reading, read
from symprop.verification.reading.inline import is_claim, says_something
from symprop.verification.reading.macros import macros_of
from symprop.verification.reading.options import options_of
from symprop.verification.reading.prose import bared
from symprop.verification.reading.scanning import (
    Piece,
    Scanner,
    limited,
    plain_pieces,
)
from symprop.verification.reading.symbols import Symbols
from symprop.verification.reading.tokens import Macro

Kind: TypeAlias = Literal["latex", "markdown", "plain"]

LENGTH_LIMIT = 500_000
"""A file of more characters is refused."""
PASSES = 3
"""So often a file is read again for names that are defined behind their use."""
INLINE = "a formula within a line of text"
PROSE = "a formula among words that are not understood"
ALONE = "write the formula on a line of its own"


@dataclass(frozen=True)
class Formula:
    """A formula of a file.

    `offset` is where its `text` begins in the file, `line` the line of that, from 1 on; `kind` is
    the environment, or `$$`, or "inline", where `before` has the words that stand before it in its
    sentence. There is a `reading`, in which single sides may be unread, or else an `error`.
    """

    text: str
    offset: int
    line: int
    kind: str
    reading: Reading | None = None
    error: UnreadableError | None = None
    before: str = ""


@dataclass(frozen=True)
class Skipped:
    """What was not read and may be a formula, where it begins, and why.

    `unread`: it would not even be read, as long as no more names are known.
    """

    text: str
    line: int
    why: str
    unread: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Document:
    """The formulas of a file in order, what was skipped, and what its comments say.

    `options` are those of `% symprop: network=net.py, ...`; `symbols` all names, with those that
    the file defines.
    """

    text: str
    formulas: tuple[Formula, ...]
    skipped: tuple[Skipped, ...]
    options: dict[str, str]
    symbols: Symbols = field(repr=False)

    def place(self, formula: Formula, span: Span) -> tuple[int, int]:
        """The line and column in the file of a stretch of a formula, both from 1 on."""
        return place_of(self.text, formula.offset + span.start)


def read_document(text: str, symbols: Symbols, *, kind: Kind | None = None) -> Document:
    """Read the formulas of a file, given as text.

    `kind` says what the file is; without it a file with headings or blocks of Markdown is that, any
    other one with dollar signs or environments LaTeX, else plain text with a formula a line. A
    formula that cannot be read is kept with its error; UnreadableError is raised for a file that is
    too long.
    """
    if len(text) > LENGTH_LIMIT:
        hint = f"a file has at most {LENGTH_LIMIT:,}"
        raise UnreadableError(
            f"a file of {len(text):,} characters", text[:80], Span(0, 1), hint=hint
        )
    found = kind or _kind_of(text)
    bare = bared(text, symbols) if found == "plain" else text
    pieces = list(
        limited(plain_pieces(bare, symbols), text)
        if found == "plain"
        else limited(Scanner(text, found).pieces(), text)
    )
    macros = macros_of(text) if found != "plain" else {}
    formulas, skipped, symbols = _Passes(bare, found, macros).over(pieces, symbols)
    return Document(text, formulas, skipped, options_of(text), symbols)


_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("latex", re.compile(r"\\documentclass|\\begin\{document\}|\\section\b|\\usepackage")),
    ("markdown", re.compile(r"^(?:```|~~~|#{1,6} )|<!--", re.M)),
    ("latex", re.compile(r"\\begin\{|\\\[|\\newcommand|\\def\b|(?<!\\)\$")),
)
"""What shows what kind of file it is, the surest sign first."""
_MATH = re.compile(r"(?<!\\)\$|\\\[|\\\(|\\begin\{|^[`~]{3,}", re.M)


def _kind_of(text: str) -> Kind:
    """The kind of a file; without any sign of mathematics a `#` begins a comment of plain text."""
    _, sign = _KINDS[0]
    if sign.search(text) is None and _MATH.search(text) is None:
        return "plain"
    return next((kind for kind, sign in _KINDS if sign.search(text)), "plain")


def _whole(text: str) -> Span:
    """The place of a line without the spaces around it."""
    return Span(len(text) - len(text.lstrip()), len(text.rstrip()))


class _Passes:
    """Reads the pieces of a file in order, and again where a name is defined behind its use."""

    def __init__(self, text: str, kind: Kind, macros: dict[str, Macro]) -> None:
        self.text = text
        self.kind = kind
        self.macros = macros

    def over(
        self, pieces: Sequence[Piece], symbols: Symbols
    ) -> tuple[tuple[Formula, ...], tuple[Skipped, ...], Symbols]:
        """The formulas, what is skipped, and all names."""
        found, known = self._once(pieces, symbols, {})
        for _ in range(PASSES):
            later = definitions_behind_use(found)
            if not later:
                break
            found, known = self._once(pieces, symbols, later)
        formulas = tuple(each for each in found if isinstance(each, Formula))
        return formulas, tuple(each for each in found if isinstance(each, Skipped)), known

    def _once(
        self, pieces: Sequence[Piece], symbols: Symbols, later: Later
    ) -> tuple[list[Formula | Skipped], Symbols]:
        """One pass; `later` has for each piece the definitions behind it."""
        found: list[Formula | Skipped] = []
        for place, piece in enumerate(pieces):
            known = with_definitions(symbols, later.get(place, ()))
            each = self._one(piece, known)
            found.append(each)
            reading = each.reading if isinstance(each, Formula) else None
            if reading is not None and known is symbols:
                symbols = reading.symbols
            elif reading is not None:
                symbols = with_definitions(symbols, definitions_of(reading))
        return found, symbols

    def _one(self, piece: Piece, symbols: Symbols) -> Formula | Skipped:
        text = self.text[piece.start : piece.end]
        line = place_of(self.text, piece.start)[0]
        if piece.why:
            return Skipped(text, line, piece.why)
        form: Literal["latex", "plain"] = "plain" if self.kind == "plain" else "latex"
        made = Formula(text, piece.start, line, piece.kind, before=piece.before)
        if piece.kind == "prose":
            return replace(made, error=UnreadableError(PROSE, text, _whole(text), hint=ALONE))
        if piece.kind == "inline" and not says_something(text):
            return Skipped(text, line, INLINE)
        try:
            reading = read(text, symbols, form=form, macros=self.macros, tolerant=True)
        except UnreadableError as error:
            made = replace(made, error=error)
        else:
            made = replace(made, reading=reading)
        if piece.kind != "inline" or is_claim(made):
            return made
        return Skipped(text, line, INLINE, made.reading is None or bool(made.reading.errors))
