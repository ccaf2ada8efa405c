"""A document in a format: expressions spelled, lines broken, then laid out by a template."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup as Safe

from symprop.errors import DeclarationError
from symprop.expression.depth import deep_expressions
from symprop.printout.model import Block, Document, Equations, Line, Listed, Paragraph, Part, Prose
from symprop.printout.notation.breaking import broken, width
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.latex import escaped, latex_of
from symprop.printout.notation.markup import Markup, Styled
from symprop.printout.notation.mathml import mathml
from symprop.printout.notation.unicode import unicode_of
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


@dataclass(frozen=True)
class ShownBlock:
    """A block, spelled; `kind` is equations, paragraph, list or part."""

    kind: str
    text: str = ""
    lines: tuple[Shown, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    blocks: tuple[ShownBlock, ...] = ()


@dataclass(frozen=True)
class ShownSection:
    """A section, spelled."""

    key: str
    title: str
    blocks: tuple[ShownBlock, ...]


# -- formats --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Format:
    """A format: how notation and words are spelled, how wide a page is in em, its template.

    `inline` spells notation within words, `formula` a line of its own.
    """

    template: str
    formula: Callable[[Markup], Any]
    inline: Callable[[Markup], Any]
    words: Callable[[str], Any]
    relations: dict[str, str]
    page: float
    left: float
    joined: Callable[[list[Any]], Any]


def _text_words(text: str) -> str:
    return " ".join(text.split(" "))


FORMATS = {
    "latex": Format(
        template="latex/document.tex.jinja",
        formula=latex_of,
        inline=lambda markup: f"${latex_of(markup)}$",
        words=lambda text: _spaced(text, escaped),
        relations={"=": "=", "<-": r"\leftarrow"},
        page=46.0,
        left=9.0,
        joined="".join,
    ),
    "html": Format(
        template="html/document.html.jinja",
        formula=lambda markup: Safe(mathml(markup, display=True)),
        inline=lambda markup: Safe(mathml(markup)),
        words=lambda text: Safe.escape(text),
        relations={"=": "=", "<-": "←"},
        page=52.0,
        left=9.0,
        joined=lambda parts: Safe("").join(parts),
    ),
    "text": Format(
        template="text/document.txt.jinja",
        formula=unicode_of,
        inline=unicode_of,
        words=_text_words,
        relations={"=": "=", "<-": "←"},
        page=70.0,
        left=12.0,
        joined="".join,
    ),
}


def _spaced(text: str, spell: Callable[[str], str]) -> str:
    """Words spelled, the spaces around them kept."""
    before = " " if text[:1] == " " else ""
    after = " " if text[-1:] == " " and text.strip() else ""
    return before + spell(text) + after


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
    return template.render(
        title=words(document.title),
        sections=sections,
        fragment=fragment,
        blackboard=speller.blackboard,
    )


class _Speller:
    def __init__(self, document: Document, target: Format) -> None:
        self.document = document
        self.format = target
        self.formulas = Formulas(document.names, document.ordinary)
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

    def lines(self, lines: tuple[Line, ...]) -> tuple[Shown, ...]:
        lefts = [None if line.left is None else self.formulas.of(line.left) for line in lines]
        wide = [left is not None and width(left) > self.format.left for left in lefts]
        widths = [
            width(left) for left, w in zip(lefts, wide, strict=True) if left is not None and not w
        ]
        reasons = [self._width_of(line.reason) for line in lines]
        room = self.format.page - max(widths, default=0) - max(reasons, default=0) - 5.0
        room = max(room, 0.4 * self.format.page)
        shown = []
        for line, left, is_wide in zip(lines, lefts, wide, strict=True):
            right = broken(self.formulas.of(line.right), room, room)
            shown.append(
                Shown(
                    "" if left is None else self.format.formula(left),
                    self.format.relations[line.relation],
                    tuple(self.format.formula(part) for part in right),
                    self.prose(line.reason),
                    is_wide,
                )
            )
        return tuple(shown)

    def _width_of(self, prose: Prose) -> float:
        """About how wide words are, in the smaller letters of reasons."""
        parts = (
            0.45 * len(part) if isinstance(part, str) else width(self.formulas.of(part))
            for part in prose
        )
        return 0.92 * sum(parts)


def guarded(left: str) -> str:
    r"""What opens a line of an alignment: a bracket there would be an argument of the last \\\\."""
    if not left:
        return ""
    return f"{{}}{left} " if left[0] in "[*" else f"{left} "


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: marks above a letter take none."""
    return sum(1 for char in text if not unicodedata.combining(char))


def padded(text: str, size: int) -> str:
    """A text filled up to so many cells."""
    return text + " " * (size - cells(text))


@cache
def _environment() -> Environment:
    found = environment(
        autoescape=lambda name: name is not None and name.endswith(".html.jinja"),
        comment_start_string="{##",
        comment_end_string="##}",
    )
    found.filters |= {"cells": cells, "guarded": guarded, "padded": padded}
    return found
