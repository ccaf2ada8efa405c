"""About how wide notation is, in em of the letters around it; only to be on the safe side."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from symprop.printout.notation import alphabets
from symprop.printout.notation.latex import NUMBERS_LIMIT
from symprop.printout.notation.markup import (
    Cases,
    Digits,
    Fenced,
    Fraction,
    Framed,
    Gap,
    Grid,
    Hole,
    Letter,
    Markup,
    Named,
    Over,
    Root,
    Row,
    Scripts,
    Sign,
    Space,
    Styled,
    Words,
)

_SIZES = (1.0, 1.0, 0.75, 0.6)
"""How large letters are on the line, in a fraction, in a script, in a script of a script."""

_SIGN_WIDTHS = {
    "binary": 1.25,
    "inner": 1.5,
    "relation": 1.4,
    "prefix": 0.8,
    "plain": 0.5,
    "punctuation": 0.5,
    "times": 0.0,
    "big": 1.6,
    "open": 0.5,
    "close": 0.5,
}
_WIDE_SIGNS = {"⊤": 0.8, "†": 0.6, "⋯": 1.2, "…": 1.2}
_STYLES = {"mathrm": 0.9, "mathsf": 0.9, "mathtt": 1.0}


def width(markup: Markup, style: int = 0) -> float:
    """About how wide notation is; `style` says how deep it stands in fractions and scripts."""
    size = _SIZES[min(style, 3)]
    match markup:
        case Letter(_, char):
            return size * (0.85 if char.isupper() or char in "mw" else 0.58)
        case Digits(text):
            return size * 0.5 * len(text)
        case Sign(_, char, kind):
            spaced = kind in ("binary", "relation") and style >= 2
            known = 0.8 if spaced else _WIDE_SIGNS.get(char, _SIGN_WIDTHS[kind])
            return size * known
        case Named(_, text):
            return size * (0.52 * len(text) + 0.2)
        case Words(text):
            return size * (0.52 * _letters(text) + 0.2)
        case Space(_, space):
            return size * space
        case Row(parts):
            return sum(width(part, style) for part in parts)
        case Fraction(above, below):
            return max(width(above, style + 1), width(below, style + 1)) + 0.3
        case Scripts(base, sub, sup):
            script = max(style + 1, 2)
            marks = [width(mark, script) for mark in (sub, sup) if mark is not None]
            if isinstance(base, Sign) and base.kind == "big":
                return max(width(base, style), *marks) + 0.2
            return width(base, style) + max(marks, default=0) + 0.05
        case Over(base):
            return 1.1 * width(base, style)
        case Styled(name, base):
            return _STYLES.get(name, 1.15) * width(base, style)
        case Fenced(_, _, inside):
            return width(inside, style) + size * (1.5 if markup.is_tall else 0.85)
        case Root(inside):
            return width(inside, style) + 1.0
        case Grid(rows):
            columns = zip(*rows, strict=True)
            inner = max(style, 1)
            return sum(max(width(c, inner) for c in column) + 1.0 for column in columns) + 0.8
        case Cases(rows):
            values, conditions = zip(*rows, strict=True)
            return max(map(width, values)) + max(map(width, conditions)) + 2.2
        case Framed(inside, name):
            return max(width(inside, style) + 0.8, 0 if name is None else width(name, 2))
        case Gap(label, length, inside):
            numbered = 0.5 * len(label) + 0.4 if label else 0.0
            return numbered + (length if inside is None else width(inside, style) + 0.6)
        case Hole():
            return 0.6
    raise TypeError(type(markup).__name__)


def _letters(text: str) -> int:
    """How many letters a text takes, one that LaTeX gives by its number as many as that has."""
    numbered = sum(not (char.isascii() or alphabets.is_plain_latin(char)) for char in text)
    return len(text) + 7 * min(numbered, NUMBERS_LIMIT)
