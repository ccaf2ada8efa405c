r"""Reading a whole file: the formulas of a LaTeX, a Markdown or a plain text file, in order.

Displayed formulas are read (`\[ \]`, `$$ $$`, `equation`, `align`, `gather` and their kin, the
block of Markdown that is marked math); formulas in the line of a text, and what may hold formulas
but is not looked into, are listed as skipped. Prose is passed over. Macros without default
arguments are put in, as text. What a formula defines is known to the later ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from symprop.verification.reading.errors import Span, UnreadableError, place_of
from symprop.verification.reading.formula import Reading, read
from symprop.verification.reading.macros import macros_of
from symprop.verification.reading.scanning import (
    Piece,
    Scanner,
    limited,
    plain_pieces,
    without_asides,
)
from symprop.verification.reading.symbols import Symbols
from symprop.verification.reading.tokens import Macro

Kind: TypeAlias = Literal["latex", "markdown", "plain"]

LENGTH_LIMIT = 500_000
"""A file of more characters is refused."""


@dataclass(frozen=True)
class Formula:
    """A displayed formula of a file.

    `offset` is where its `text` begins in the file, `line` the line of that, from 1 on; `kind` is
    the environment, or `$$`. There is a `reading`, in which single sides may be unread, or else
    an `error`.
    """

    text: str
    offset: int
    line: int
    kind: str
    reading: Reading | None = None
    error: UnreadableError | None = None


@dataclass(frozen=True)
class Skipped:
    """What was not read and may be a formula, where it begins, and why."""

    text: str
    line: int
    why: str


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
    pieces = list(
        limited(plain_pieces(text, symbols), text)
        if found == "plain"
        else limited(Scanner(text, found).pieces(), text)
    )
    macros = macros_of(text) if found != "plain" else {}
    formulas: list[Formula] = []
    for piece in pieces:
        if not piece.why:
            formula = _formula(text, piece, symbols, macros, found)
            formulas.append(formula)
            symbols = formula.reading.symbols if formula.reading else symbols
    skipped = tuple(
        Skipped(text[p.start : p.end], place_of(text, p.start)[0], p.why) for p in pieces if p.why
    )
    return Document(text, tuple(formulas), skipped, options_of(text), symbols)


_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("latex", re.compile(r"\\documentclass|\\begin\{document\}|\\section\b|\\usepackage")),
    ("markdown", re.compile(r"^(?:```|~~~|#{1,6} )|<!--", re.M)),
    ("latex", re.compile(r"\\begin\{|\\\[|\\newcommand|\\def\b|(?<!\\)\$")),
)
"""What shows what kind of file it is, the surest sign first."""


def _kind_of(text: str) -> Kind:
    return next((kind for kind, sign in _KINDS if sign.search(text)), "plain")


def _formula(
    text: str, piece: Piece, symbols: Symbols, macros: dict[str, Macro], kind: Kind
) -> Formula:
    inside = text[piece.start : piece.end]
    line = place_of(text, piece.start)[0]
    form: Literal["latex", "plain"] = "plain" if kind == "plain" else "latex"
    if kind == "plain":
        inside = without_asides(inside)
    try:
        reading = read(inside, symbols, form=form, macros=macros, tolerant=True)
    except UnreadableError as error:
        return Formula(inside, piece.start, line, piece.kind, error=error)
    return Formula(inside, piece.start, line, piece.kind, reading)


_OPTIONS = re.compile(r"(?:%|<!--|\#|//)[ \t]*symprop:([^\n]*)")
_OPTION = re.compile(r"(?<![\w-])([\w-]+)[ \t]*=[ \t]*(\"[^\"]*\"|[^\s,]+)")


def options_of(text: str) -> dict[str, str]:
    """What the comments of symprop say: key=value, with commas or spaces between them."""
    found: dict[str, str] = {}
    for match in _OPTIONS.finditer(text):
        for pair in _OPTION.finditer(match[1].removesuffix("-->")):
            found[pair[1]] = pair[2].strip('"')
    return found
