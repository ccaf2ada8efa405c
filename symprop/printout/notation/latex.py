r"""Notation spelled in LaTeX, for pdfLaTeX with amsmath alone."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import re

from symprop.printout.notation import alphabets
from symprop.printout.notation.markup import (
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
    is_tall,
)

_ESCAPED = {
    **{char: f"\\{char}" for char in "{}$&#%_"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textquoteleft{}",
    "'": r"\textquoteright{}",
    '"': r"\textquotedblright{}",
    "-": "-{}",
    "−": r"\ensuremath{-}",
    "…": r"\dots{}",
    "\u201c": "``",
    "\u201d": "''",
    "⊙": r"\ensuremath{\odot}",
    "⊘": r"\ensuremath{\oslash}",
}
_COMMAND_END = re.compile(r"\\[A-Za-z]+\*?$")


def escaped(text: str) -> str:
    """Plain text for LaTeX; a character that it cannot set is given by its number."""
    return "".join(map(_escaped, " ".join(text.split())))


def _escaped(char: str) -> str:
    if char in _ESCAPED:
        return _ESCAPED[char]
    if char.isascii():
        return char if char.isprintable() else " "
    if char in alphabets.FROM_CHARACTER:
        return rf"\ensuremath{{\{alphabets.FROM_CHARACTER[char]}}}"
    return char if alphabets.is_plain_latin(char) else f"[U+{ord(char):04X}]"


def latex_of(markup: Markup) -> str:
    """The LaTeX of notation, inside a formula."""
    match markup:
        case Letter(latex, _) | Named(latex, _) | Sign(latex, _, _) | Space(latex, _):
            return latex
        case Digits(text):
            return text
        case Words(text):
            return rf"\text{{{escaped(text)}}}"
        case Row(parts):
            return _row(parts)
        case Fraction(above, below):
            return rf"\frac{{{latex_of(above)}}}{{{latex_of(below)}}}"
        case Scripts(base, sub, sup):
            return _scripts(base, sub, sup)
        case Over(base, accent, _):
            return rf"{accent}{{{latex_of(base)}}}"
        case Fenced(left, right, inside):
            return _fenced(left, right, inside)
        case Root(inside):
            return rf"\sqrt{{{latex_of(inside)}}}"
        case Styled(style, inside):
            return rf"\{style}{{{latex_of(inside)}}}"
        case Grid(rows):
            lines = (" & ".join(map(latex_of, line)) for line in rows)
            return r"\begin{pmatrix}" + r" \\ ".join(lines) + r"\end{pmatrix}"
        case Framed(inside, name):
            box = rf"\boxed{{{latex_of(inside)}}}"
            return box if name is None else rf"\underset{{{latex_of(name)}}}{{{box}}}"
        case Hole():
            return "{}"
    raise TypeError(type(markup).__name__)


def _row(parts: tuple[Markup, ...]) -> str:
    written = ""
    for index, part in enumerate(parts):
        text = latex_of(part)
        if isinstance(part, Sign) and part.kind in ("binary", "relation"):
            written += f"{text} " if index == 0 else f" {text} "
        elif isinstance(part, Sign) and part.kind == "times":
            written += " "
        elif isinstance(part, Sign) and part.kind == "punctuation":
            written += f"{text} "
        elif _COMMAND_END.search(written) and text[:1].isalnum():
            written += f" {text}"
        else:
            written += text
    return written.strip() if written.strip() else written


def _scripts(base: Markup, sub: Markup | None, sup: Markup | None) -> str:
    written = latex_of(base)
    if isinstance(base, Row) or (isinstance(base, Scripts) and base.sup is not None):
        written = f"{{{written}}}"
    if sub is not None:
        written += f"_{_argument(sub)}"
    if sup is not None:
        primes = latex_of(sup)
        written += primes if set(primes) == {"'"} else f"^{_argument(sup)}"
    return written


def _argument(markup: Markup) -> str:
    text = latex_of(markup)
    return text if len(text) == 1 else f"{{{text}}}"


def _fenced(left: str, right: str, inside: Markup) -> str:
    content = latex_of(inside)
    opening, closing = alphabets.FENCE_LATEX[left], alphabets.FENCE_LATEX[right]
    if is_tall(inside) or not left or not right:
        return rf"\left{opening}{content}\right{closing}"
    if left == right == "|":
        opening, closing = r"\lvert", r"\rvert"
    separator = " " if opening[-1:].isalpha() and content[:1].isalpha() else ""
    return f"{opening}{separator}{content}{closing}"
