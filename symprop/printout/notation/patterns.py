"""Functions in notation: the pattern of a call, filled in, with the brackets it needs."""

from __future__ import annotations

from collections.abc import Callable

from symprop.printout.notation.markup import (
    MINUS,
    NEGATIVE,
    PLUS,
    Digits,
    Fenced,
    Fraction,
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
    Styled,
    Words,
    below,
    bracketed,
    parts_of,
    row,
)
from symprop.printout.notation.precedence import ADD, ATOM, BIG, MULTIPLY, POWER
from symprop.printout.notation.reading import read_pattern
from symprop.printout.notation.widths import width

E = Letter("e", "e")
EXPONENT_LIMIT = 8.0
"""An exponential with a wider exponent, in em, is written exp(..)."""


def may_be_raised(base: Markup) -> bool:
    r"""Whether an exponent is read as one of the whole: x, x_1, (..), \sigma(..), no \log(..)."""
    if isinstance(base, Row):
        head = base.parts[0]
        name = head.base if isinstance(head, Scripts) else head
        bare = not (isinstance(head, Scripts) and head.sup is not None)
        called = len(base.parts) == 2 and isinstance(base.parts[1], Fenced)
        return called and bare and isinstance(name, Letter)
    return not (isinstance(base, Scripts) and base.sup is not None)


def may_be_transposed(markup: Markup) -> bool:
    if isinstance(markup, Scripts):
        return markup.sup is None or isinstance(markup.sup, Fenced)
    return isinstance(markup, Letter | Digits | Words | Styled | Over | Fenced | Grid)


def filled_pattern(pattern: Markup, argument: Callable[[int], Markup]) -> Markup:
    """A pattern with its argument in it, which is asked for by how tightly it must hold."""

    def fill(markup: Markup, least: int) -> Markup:
        match markup:
            case Hole():
                return argument(least)
            case Row(parts) if parts[-2:] == (PLUS, Hole()):
                last = argument(ADD)
                if parts_of(last)[0] == NEGATIVE:
                    return row(*parts[:-2], MINUS, *parts_of(last)[1:])
                return row(*parts[:-1], last)
            case Row(parts):
                inner = _least_in(parts)
                return row(*(fill(part, inner) for part in parts))
            case Scripts(base, sub, sup):
                return Scripts(
                    fill(base, ATOM),
                    None if sub is None else fill(sub, ADD),
                    None if sup is None else fill(sup, ADD),
                )
            case Fenced(left, right, inside):
                filled = fill(inside, ADD)
                if left == right == "|" and isinstance(filled, Fenced) and filled.left == "|":
                    filled = bracketed(filled)
                return Fenced(left, right, filled)
            case Fraction(above, below):
                return Fraction(fill(above, ADD), fill(below, ADD))
            case Root(inside):
                return Root(fill(inside, ADD))
        return markup

    filled = fill(pattern, ADD)
    if isinstance(filled, Scripts) and filled.base == E and _is_heavy(filled.sup):
        return row(Named(r"\exp", "exp"), bracketed(filled.sup or Hole()))
    if isinstance(pattern, Scripts) and isinstance(pattern.base, Hole):
        assert isinstance(filled, Scripts)
        if not may_be_raised(filled.base):
            return Scripts(bracketed(filled.base), filled.sub, filled.sup)
        if isinstance(filled.base, Scripts):
            return Scripts(filled.base.base, filled.base.sub, filled.sup)
    return filled


def _is_heavy(exponent: Markup | None) -> bool:
    """Whether an exponent is too much to be read in small letters."""
    if exponent is None:
        return False
    brackets = any(isinstance(p, Fenced) and p.is_tall for p in below(exponent))
    return brackets or width(exponent, 2) > EXPONENT_LIMIT


def _least_in(parts: tuple[Markup, ...]) -> int:
    """How tightly an argument must hold in a row: beside a sum, a relation, a function name."""
    kinds = {part.kind for part in parts if isinstance(part, Sign)}
    if "relation" in kinds:
        return ADD
    if "binary" in kinds or "prefix" in kinds:
        return BIG
    return ATOM


def pattern_level(pattern: Markup) -> int:
    parts = parts_of(pattern)
    if isinstance(pattern, Fenced) or isinstance(parts[-1], Fenced):
        return ATOM
    if isinstance(pattern, Scripts):
        return POWER
    return MULTIPLY


def function_head(pattern: str) -> Markup | None:
    r"""The name of a function that is written with brackets, such as \sigma; else None."""
    parts = parts_of(read_pattern(pattern) or Hole())
    called = len(parts) == 2 and isinstance(parts[1], Fenced) and parts[1].inside == Hole()
    return parts[0] if called else None
