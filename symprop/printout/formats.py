"""The formats of printouts: how each spells notation and words, and how wide its page is."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

from markupsafe import Markup as Safe

from symprop.printout.graph.drawing import picture_of
from symprop.printout.graph.listing import listing
from symprop.printout.graph.model import Graph
from symprop.printout.graph.svg import svg
from symprop.printout.graph.tikz import tikz
from symprop.printout.notation.latex import latex_of, running
from symprop.printout.notation.markup import Markup
from symprop.printout.notation.mathml import breakable, mathml
from symprop.printout.notation.unicode import in_formula, unicode_of
from symprop.printout.notation.widths import width
from symprop.printout.words import glued, held, spaced


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: marks above a letter take none."""
    return sum(1 for char in text if not unicodedata.combining(char))


def padded(text: str, size: int) -> str:
    """A text filled up to so many cells."""
    return text + " " * (size - cells(text))


@dataclass(frozen=True)
class Format:
    """A format: how notation and words are spelled, how wide a page is, its template.

    `inline` spells notation within words, `formula` a line of its own. `measure` says how wide
    notation is: in em where formulas are drawn, in cells where they are written on one line; the
    same unit is that of the page, of the widest left side and of tables.
    """

    template: str
    formula: Callable[[Markup], Any]
    inline: Callable[[Markup], Any]
    words: Callable[[str], Any]
    relations: dict[str, str]
    page: float
    left: float
    joined: Callable[[list[Any]], Any]
    figure: Callable[[Graph], Any]
    table: float = 48.5
    """How wide a table may be."""
    table_rows: int | None = None
    measure: Callable[[Markup], float] = width
    letter: float = 0.42
    """How wide a letter of a reason is."""
    columns: bool = True
    """Whether reasons stand in a column of their own."""


FORMATS = {
    "latex": Format(
        template="latex/document.tex.jinja",
        formula=latex_of,
        inline=lambda markup: f"${latex_of(markup)}$",
        words=lambda text: spaced(text, running),
        relations={"=": "=", "<-": r"\leftarrow", "~": r"\approx"},
        page=46.0,
        left=9.0,
        joined="".join,
        figure=lambda graph: tikz(picture_of(graph)),
        table_rows=40,
    ),
    "html": Format(
        template="html/document.html.jinja",
        formula=lambda markup: Safe(breakable(markup)),
        inline=lambda markup: Safe(mathml(markup)),
        words=lambda text: spaced(text, Safe.escape),
        relations={"=": "=", "<-": "←", "~": "≈"},
        page=52.0,
        left=9.0,
        joined=glued,
        figure=lambda graph: Safe(svg(picture_of(graph))),
        table=inf,
    ),
    "text": Format(
        template="text/document.txt.jinja",
        formula=in_formula,
        inline=lambda markup: held(unicode_of(markup)),
        words=lambda text: spaced(text, str),
        relations={"=": "=", "<-": "←", "~": "≈"},
        page=100.0,
        left=24.0,
        table=92.0,
        measure=lambda markup: cells(in_formula(markup)),
        letter=1.0,
        columns=False,
        joined="".join,
        figure=listing,
    ),
}
