"""Words beside formulas: where a line of text may be broken, and where it may not."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from markupsafe import Markup as Safe

from symprop.user_text import visible

TEXT_WIDTH = 90
"""Plain text is broken into lines of at most so many cells."""

_CLOSING = (",", ".", ";", ":", ")", "?", "!")
_HELD = "\u00a0"


def spaced(text: str, spell: Callable[[str], str]) -> str:
    """Words spelled, the spaces around them kept."""
    before = " " if text[:1] == " " else ""
    after = " " if text[-1:] == " " and text.strip() else ""
    return before + spell(visible(text)) + after


def glued(parts: list[Safe]) -> Safe:
    """Words and formulas of a page, a formula and the comma behind it in one piece."""
    written: list[Safe] = []
    for part in parts:
        if written and written[-1].endswith("</math>") and part.startswith(_CLOSING):
            comma, part = Safe(part[0]), Safe(part[1:])
            written[-1] = Safe('<span class="whole">{}{}</span>').format(written[-1], comma)
        written.append(part)
    return Safe("").join(written)


def held(formula: str) -> str:
    """A formula in a text, not to be broken."""
    return formula.replace(" ", _HELD)


def free(text: str) -> str:
    """A text that is laid out, its formulas as they are written."""
    return text.replace(_HELD, " ")


def wrapped(text: str, indent: str = "", further: str = "    ") -> str:
    """A text in lines, the further ones indented a little more."""
    lines = textwrap.wrap(
        text,
        TEXT_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)
