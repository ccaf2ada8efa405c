r"""Notation spelled in LaTeX, for pdfLaTeX with amsmath alone."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import re

from symprop.printout.notation import alphabets
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
    "\u201c": "``",
    "\u201d": "''",
    "\u2018": "`",
    "\u2019": "'",
    "\u2013": "--",
    "\u2014": "---",
    "¬": r"\ensuremath{\neg}",
    **{
        char: rf"\ensuremath{{\{name}}}"
        for name, (char, _) in alphabets.SIGNS.items()
        if not char.isascii()
    },
    **{char: rf"\ensuremath{{^{digit}}}" for digit, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{char: rf"\ensuremath{{_{digit}}}" for digit, char in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}
PMATRIX_COLUMNS = 10
_COMMAND_END = re.compile(r"\\[A-Za-z]+\*?$")


NUMBERS_LIMIT = 3
"""Of a name, so many characters are given by their numbers, and then dots."""
_BREAK_AFTER = 24
"""A word of more characters may be broken anywhere."""


def escaped(text: str) -> str:
    """Plain text for LaTeX; a character that it cannot set is given by its number."""
    return "".join(map(_escaped, " ".join(text.split())))


def running(text: str) -> str:
    """Plain text for a paragraph or a heading, where a word may be longer than the line."""
    return " ".join(map(_word, text.split()))


def _word(word: str) -> str:
    chars = list(map(_escaped, word))
    size = sum(len(char) if char.startswith("[U+") else 1 for char in chars)
    return (r"\allowbreak{}" if size > _BREAK_AFTER else "").join(chars)


def named_text(text: str) -> str:
    """A name as plain text, shortened where most of it would be numbers."""
    chars = [_escaped(char) for char in " ".join(text.split())]
    numbers = [place for place, char in enumerate(chars) if char.startswith("[U+")]
    if len(numbers) <= NUMBERS_LIMIT:
        return "".join(chars)
    return "".join(chars[: numbers[NUMBERS_LIMIT]]) + r"\dots{}"


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
        case Letter(latex, _) | Named(latex, _) | Sign(latex, _, _):
            return latex
        case Space(latex, _):
            return f"{latex}{{}}" if latex == "\\ " else latex
        case Digits(text):
            return text
        case Words(text):
            return rf"\text{{{named_text(text)}}}"
        case Row(parts):
            return _row(parts)
        case Fraction(above, below):
            return rf"\frac{{{latex_of(above)}}}{{{latex_of(below)}}}"
        case Scripts(base, sub, sup):
            return _scripts(base, sub, sup)
        case Over(base, accent, _):
            return rf"{accent}{{{latex_of(base)}}}"
        case Fenced(left, right, inside):
            return _fenced(left, right, inside, markup.is_tall)
        case Root(inside):
            return rf"\sqrt{{{latex_of(inside)}}}"
        case Styled(style, inside):
            return rf"\{style}{{{latex_of(inside)}}}"
        case Grid(rows):
            return _grid(rows)
        case Cases(rows):
            cases = (rf"{latex_of(value)} & {latex_of(when)}" for value, when in rows)
            return r"\begin{cases} " + r" \\ ".join(cases) + r" \end{cases}"
        case Framed(inside, name):
            box = rf"\boxed{{{latex_of(inside)}}}"
            return box if name is None else rf"\underset{{{latex_of(name)}}}{{{box}}}"
        case Gap(label, length, inside):
            return _gap(label, length, inside)
        case Hole():
            return "{}"
    raise TypeError(type(markup).__name__)


def _gap(label: str, length: float, inside: Markup | None) -> str:
    """A line to write on, with room for a fraction above it, or what is written on it."""
    number = rf"\text{{\bfseries {label}}}\;" if label else ""
    if inside is not None:
        return rf"{number}\underline{{{latex_of(inside)}}}"
    return rf"{number}\rule{{0pt}}{{2.2em}}\rule[-0.3em]{{{length:g}em}}{{0.4pt}}"


def _grid(rows: tuple[tuple[Markup, ...], ...]) -> str:
    """A matrix; pmatrix takes 10 columns and no more."""
    tall = any(is_tall(entry) for line in rows for entry in line)
    end = r" \\[2pt] " if tall else r" \\ "
    lines = end.join(" & ".join(map(latex_of, line)) for line in rows)
    columns = len(rows[0])
    if columns <= PMATRIX_COLUMNS:
        return rf"\begin{{pmatrix}}{lines}\end{{pmatrix}}"
    array = rf"\begin{{array}}{{@{{}}*{{{columns}}}{{c}}@{{}}}}{lines}\end{{array}}"
    return rf"\left({array}\right)"


def _row(parts: tuple[Markup, ...]) -> str:
    written = ""
    for index, part in enumerate(parts):
        text = latex_of(part)
        if isinstance(part, Sign) and part.kind in ("binary", "relation"):
            written += f"{text} " if index == 0 else f" {text} "
        elif isinstance(part, Sign) and part.kind == "times":
            written += r"\, " if _touches_a_box(parts[index - 1 : index + 2]) else " "
        elif isinstance(part, Sign) and part.kind == "punctuation":
            written += f"{text} "
        elif _COMMAND_END.search(written) and text[:1].isalnum():
            written += f" {text}"
        else:
            written += text
    return written.strip() if written.strip() else written


def _touches_a_box(around: tuple[Markup, ...]) -> bool:
    """Whether one of two factors is a box, which the other would touch."""
    return any(isinstance(part, Framed) for part in around)


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


def _fenced(left: str, right: str, inside: Markup, tall: bool) -> str:
    content = latex_of(inside)
    opening, closing = alphabets.FENCE_LATEX[left], alphabets.FENCE_LATEX[right]
    if tall or not left or not right:
        return rf"\left{opening}{content}\right{closing}"
    if left == right == "|":
        opening, closing = r"\lvert", r"\rvert"
    separator = " " if opening[-1:].isalpha() and content[:1].isalpha() else ""
    return f"{opening}{separator}{content}{closing}"
