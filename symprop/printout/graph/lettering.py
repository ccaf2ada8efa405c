"""Notation on one line, in letters: how wide it is, and the runs of letters that it is made of.

Labels of a graph are small, so fractions are written with a slash.
"""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from symprop.printout.notation import alphabets
from symprop.printout.notation.latex import escaped
from symprop.printout.notation.markup import (
    MINUS,
    PLUS,
    SLASH,
    Cases,
    Digits,
    Fenced,
    Fraction,
    Framed,
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
    below,
    bracketed,
    parts_of,
    row,
)
from symprop.printout.notation.widths import width
from symprop.user_text import visible

SCRIPT = 0.7
"""How large scripts are beside their base."""
RAISED, LOWERED = 0.38, -0.2
"""How far scripts stand above and below the line, in em of their base."""
WIDE = 1.1
"""How much wider the letters of some fonts are."""
_SIGNS = {"binary": " {} ", "relation": " {} ", "punctuation": "{} ", "times": "\u200a"}
"""Space around signs, by their kind."""


UPRIGHT = set("ΓΔΘΛΞΠΣΥΦΨΩ∂∇∞ℓ")
"""Letters that stand upright in formulas."""


@dataclass(frozen=True)
class Run:
    """Letters of one kind: `size` and `rise` are in em, `back` how far to step back before."""

    text: str
    italic: bool = False
    bold: bool = False
    size: float = 1.0
    rise: float = 0.0
    back: float = 0.0


def is_flat(markup: Markup) -> bool:
    """Whether notation can stand on one line."""
    return not any(isinstance(part, Grid | Cases | Framed) for part in below(markup))


def flat(markup: Markup) -> Markup:
    """Notation on one line: fractions with a slash, but for those of two numbers."""
    match markup:
        case Fraction(Digits(), Digits()):
            return markup
        case Fraction(above, under):
            top, bottom = flat(above), flat(under)
            if any(part in (PLUS, MINUS) for part in parts_of(top)):
                top = bracketed(top)
            bottom = bracketed(bottom) if len(parts_of(bottom)) > 1 else bottom
            return row(top, SLASH, bottom)
        case Row(parts):
            return row(*(bracketed(p) if _is_quotient(p) else p for p in map(flat, parts)))
        case Scripts(base, sub, sup):
            return Scripts(flat(base), sub and flat(sub), sup and flat(sup))
        case Fenced() | Styled() | Root():
            return replace(markup, inside=flat(markup.inside))
    return markup


def _is_quotient(markup: Markup) -> bool:
    """Whether notation is a fraction with a slash."""
    return SLASH in parts_of(markup)


def measured(markup: Markup) -> float:
    """About how wide notation is in em, in a wide font; characters beyond Latin are wider."""
    words = [part.text for part in below(markup) if isinstance(part, Words)]
    signs = [part for part in below(markup) if isinstance(part, Sign) and part.kind == "plain"]
    more = sum(0.52 * (len(escaped(text)) - len(text)) for text in words)
    return WIDE * (width(markup) + more) + 0.3 * len(signs)


def runs(markup: Markup) -> list[Run]:
    """The letters of notation from left to right."""
    return [run for run in _runs(markup) if run.text]


def _runs(markup: Markup) -> Iterator[Run]:
    match markup:
        case Letter(_, char):
            yield Run(char, italic=char.isalpha() and char not in UPRIGHT)
        case Digits(text) | Named(_, text):
            yield Run(text)
        case Words(text):
            yield Run(visible(text))
        case Sign(_, char, kind):
            yield Run(_SIGNS.get(kind, "{}").format(char))
        case Space():
            yield Run("\u2009")
        case Row(parts):
            for part in parts:
                yield from _runs(part)
        case Fraction(above, under):
            yield from _moved(_runs(above), SCRIPT, RAISED)
            yield Run("\u2044")
            yield from _moved(_runs(under), SCRIPT, 0.0)
        case Scripts(base, sub, sup):
            yield from _runs(base)
            yield from _scripts(sub, sup)
        case Over(base, _, mark):
            yield from _accented(list(_runs(base)), mark)
        case Fenced(left, right, inside):
            yield Run(left)
            yield from _runs(inside)
            yield Run(right)
        case Root(Letter() | Digits() as inside):
            yield Run("√")
            yield from _runs(inside)
        case Root(inside):
            yield from _runs(row(Sign("", "√", "plain"), bracketed(inside)))
        case Styled(style, inside):
            yield from (_restyled(run, style) for run in _runs(inside))
        case Hole() | Grid() | Cases() | Framed():
            yield Run("…")


def _scripts(sub: Markup | None, sup: Markup | None) -> Iterator[Run]:
    if sub is not None:
        yield from _moved(_runs(sub), SCRIPT, LOWERED)
    if sup is not None:
        moved = list(_moved(_runs(sup), SCRIPT, RAISED))
        back = 0.0 if sub is None else SCRIPT * width(sub)
        yield from [replace(run, back=0.0 if index else back) for index, run in enumerate(moved)]


def _moved(found: Iterator[Run], size: float, rise: float) -> Iterator[Run]:
    for run in found:
        yield replace(run, size=size * run.size, rise=rise + size * run.rise)


def _accented(found: list[Run], mark: str) -> list[Run]:
    """Letters with a mark above the first one."""
    head, *rest = found
    marked = unicodedata.normalize("NFC", head.text[:1] + mark) + head.text[1:]
    return [replace(head, text=marked), *rest]


def _restyled(run: Run, style: str) -> Run:
    if style in ("mathrm", "mathtt", "mathsf"):
        return replace(run, italic=False)
    if style in ("mathbf", "boldsymbol"):
        return replace(run, italic=run.italic and style == "boldsymbol", bold=True)
    text = "".join(alphabets.styled_character(style, char) for char in run.text)
    return replace(run, text=text, italic=run.italic and text == run.text)
