"""Mathematical notation as a tree: made once from an expression, spelled by each format.

What is bracketed, what is a fraction and which name has which hat is decided where the tree is
made (`notation`, `names`); `latex`, `mathml` and `unicode` only spell it. Text of the user stands
in `Words` alone, so no format ever interprets it.
"""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias


@dataclass(frozen=True)
class Letter:
    r"""A letter as a name: "x", or r"\alpha" with the character that it shows."""

    latex: str
    char: str


@dataclass(frozen=True)
class Digits:
    """A number as it is written."""

    text: str


@dataclass(frozen=True)
class Sign:
    """An operator or a relation; `kind` is binary, relation, prefix, plain or punctuation."""

    latex: str
    char: str
    kind: str


@dataclass(frozen=True)
class Named:
    r"""A function by its upright name; `latex` is \log, or \operatorname{relu}."""

    latex: str
    text: str


@dataclass(frozen=True)
class Words:
    """Plain text, of symprop or of the user: shown, never interpreted."""

    text: str


@dataclass(frozen=True)
class OddName(Words):
    """A name as text that would read as a formula itself, as a+b: in plain text it has quotes."""


@dataclass(frozen=True)
class Space:
    """A space of so many em."""

    latex: str
    width: float


@dataclass(frozen=True)
class Row:
    """Parts side by side."""

    parts: tuple[Markup, ...]


@dataclass(frozen=True)
class Fraction:
    """One above the other."""

    above: Markup
    below: Markup


@dataclass(frozen=True)
class Scripts:
    """A base with a subscript, a superscript or both."""

    base: Markup
    sub: Markup | None = None
    sup: Markup | None = None


@dataclass(frozen=True)
class Over:
    r"""A base under an accent: `latex` is \hat, `char` what stands above."""

    base: Markup
    latex: str
    char: str


@dataclass(frozen=True)
class Fenced:
    """Something in brackets, as tall as it is."""

    left: str
    right: str
    inside: Markup

    @cached_property
    def is_tall(self) -> bool:
        """Whether the brackets must grow; kept, as brackets in brackets are asked again."""
        return is_tall(self.inside)


@dataclass(frozen=True)
class Root:
    """A square root."""

    inside: Markup


@dataclass(frozen=True)
class Styled:
    r"""Letters in another alphabet: `style` is mathcal, mathbf, ..."""

    style: str
    inside: Markup


@dataclass(frozen=True)
class Grid:
    """A matrix written out, in brackets."""

    rows: tuple[tuple[Markup, ...], ...]


@dataclass(frozen=True)
class Cases:
    """Values, each with the condition under which it holds."""

    rows: tuple[tuple[Markup, Markup], ...]


@dataclass(frozen=True)
class Framed:
    """Something in a box, named below it where it has a name."""

    inside: Markup
    name: Markup | None = None


@dataclass(frozen=True)
class Gap:
    """A numbered line to write on, so many em long; or underlined what is written there."""

    label: str
    length: float
    inside: Markup | None = None


@dataclass(frozen=True)
class Hole:
    """Where an argument goes, in the pattern of a function."""


Markup: TypeAlias = (
    Letter
    | Digits
    | Sign
    | Named
    | Words
    | Space
    | Row
    | Fraction
    | Scripts
    | Over
    | Fenced
    | Root
    | Styled
    | Grid
    | Cases
    | Framed
    | Gap
    | Hole
)

TIMES = Sign("", "\u2062", "times")
"""Factors side by side: nothing is written between them."""
DOT = Sign(r"\cdot", "·", "binary")
PLUS, MINUS = Sign("+", "+", "binary"), Sign("-", "−", "binary")
NEGATIVE = Sign("-", "−", "prefix")
COMMA = Sign(",", ",", "punctuation")
ODOT, OSLASH = Sign(r"\odot", "⊙", "binary"), Sign(r"\oslash", "⊘", "binary")
SLASH, COLON = Sign("/", "/", "plain"), Sign(":", ":", "plain")
TOP = Sign(r"\top", "⊤", "plain")
PRIME = Sign("'", "′", "plain")
PARTIAL = Letter(r"\partial", "∂")
EQUALS = Sign("=", "=", "relation")
SUM_SIGN = Sign(r"\sum", "∑", "big")


def row(*parts: Markup) -> Markup:
    """Parts side by side, in one row without rows inside it."""
    flat: list[Markup] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Row) else (part,))
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def joined(parts: list[Markup], sign: Markup) -> Markup:
    """Parts with a sign between each two."""
    filled: list[Markup] = []
    for index, part in enumerate(parts):
        filled.extend([sign, part] if index else [part])
    return row(*filled)


def bracketed(inside: Markup) -> Markup:
    """Something in round brackets."""
    return Fenced("(", ")", inside)


def parts_of(markup: Markup) -> tuple[Markup, ...]:
    """The parts of a row; anything else is one part."""
    return markup.parts if isinstance(markup, Row) else (markup,)


def inside_of(markup: Markup) -> list[Markup]:
    """What a piece of notation is made of."""
    match markup:
        case Row(parts):
            return list(parts)
        case Fraction(above, under):
            return [above, under]
        case Scripts(base, sub, sup):
            return [part for part in (base, sub, sup) if part is not None]
        case Over(base) | Root(base) | Fenced(_, _, base) | Styled(_, base):
            return [base]
        case Framed(base, name):
            return [base] if name is None else [base, name]
        case Gap(_, _, written):
            return [] if written is None else [written]
        case Grid(rows) | Cases(rows):
            return [entry for line in rows for entry in line]
    return []


def below(markup: Markup) -> Iterator[Markup]:
    """`markup` and everything inside it, from left to right."""
    pending = [markup]
    while pending:
        part = pending.pop()
        yield part
        pending.extend(reversed(inside_of(part)))


def is_drawn(markup: Markup) -> bool:
    """Whether there is anything to be seen of it."""
    seen = Letter | Digits | Sign | Named
    return any(
        isinstance(part, seen) or (isinstance(part, Words) and bool(part.text.strip()))
        for part in below(markup)
    )


def is_tall(markup: Markup) -> bool:
    """Whether brackets around it must grow."""
    match markup:
        case Fraction() | Grid() | Cases() | Framed() | Scripts(base=Sign()):
            return True
        case Fenced():
            return markup.is_tall
    return any(map(is_tall, inside_of(markup)))


def with_subscript(base: Markup, index: Markup) -> Markup:
    """A further subscript: x_i, w_{1,i}."""
    if not isinstance(base, Scripts):
        return Scripts(base, index)
    if base.sub is None:
        return Scripts(base.base, index, base.sup)
    return Scripts(base.base, row(base.sub, COMMA, index), base.sup)


def with_superscript(base: Markup, mark: Markup) -> Markup:
    """A further mark as superscript, such as the top of a transpose: no power."""
    if not isinstance(base, Scripts):
        return Scripts(base, None, mark)
    sup = mark if base.sup is None else row(base.sup, mark)
    return Scripts(base.base, base.sub, sup)
