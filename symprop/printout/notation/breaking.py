"""How wide notation is, and where a line that is too wide is broken.

Widths are estimates in em; they only have to be safe. A line is broken before a plus or minus, else
between factors, at the outermost brackets that make it fit.
"""

from __future__ import annotations

from dataclasses import dataclass

from symprop.printout.notation.alphabets import FENCE_LATEX
from symprop.printout.notation.markup import (
    DOT,
    MINUS,
    ODOT,
    OSLASH,
    PLUS,
    SLASH,
    TIMES,
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
    bracketed,
    is_tall,
    parts_of,
    row,
)

_SIGN_WIDTHS = {
    "binary": 1.25,
    "relation": 1.4,
    "prefix": 0.8,
    "plain": 0.5,
    "punctuation": 0.5,
    "times": 0.0,
    "big": 1.6,
    "open": 0.5,
    "close": 0.5,
}


def width(markup: Markup) -> float:
    """About how wide notation is, in em."""
    match markup:
        case Letter(_, char):
            return 0.85 if char.isupper() or char in "mw" else 0.58
        case Digits(text):
            return 0.5 * len(text)
        case Sign(_, _, kind):
            return _SIGN_WIDTHS[kind]
        case Named(_, text) | Words(text):
            return 0.52 * len(text) + 0.2
        case Space(_, size):
            return size
        case Row(parts):
            return sum(map(width, parts))
        case Fraction(above, below):
            return max(width(above), width(below)) + 0.3
        case Scripts(base, sub, sup):
            marks = [width(mark) for mark in (sub, sup) if mark is not None]
            return width(base) + 0.75 * max(marks, default=0) + 0.05
        case Over(base) | Styled(_, base):
            return 1.15 * width(base)
        case Fenced(_, _, inside):
            return width(inside) + (1.5 if is_tall(inside) else 0.85)
        case Root(inside):
            return width(inside) + 1.0
        case Grid(rows):
            columns = zip(*rows, strict=True)
            return sum(max(map(width, column)) + 1.0 for column in columns) + 0.8
        case Framed(inside, name):
            return max(width(inside) + 0.8, 0 if name is None else width(name))
        case Hole():
            return 0.6
    raise TypeError(type(markup).__name__)


@dataclass(frozen=True)
class _Place:
    """A part of a line: what it is, how deep in brackets, how good a place to break before."""

    markup: Markup
    depth: int
    cost: int | None


_COSTS: dict[Markup, int] = {PLUS: 0, MINUS: 0, ODOT: 1, OSLASH: 1, DOT: 2, TIMES: 2, SLASH: 2}
_INDENT = 2.0


def broken(markup: Markup, first: float, further: float) -> list[Markup]:
    """Notation in lines of at most so many em, the first one and the further ones."""
    if width(markup) <= first:
        return [markup]
    rest = _opened(markup, 0, min(first, further))
    lines: list[Markup] = []
    budget = first
    while rest:
        taken = _break(rest, budget)
        line = [place.markup for place in rest[:taken]]
        if lines and line[0] == TIMES:
            line[0] = DOT
        lines.append(row(*line))
        rest = rest[taken:]
        budget = further - _INDENT
    return lines


def _opened(markup: Markup, depth: int, budget: float) -> list[_Place]:
    """The parts of a line; a part that is too wide in its turn is taken apart."""
    found: list[_Place] = []
    for index, part in enumerate(parts_of(markup)):
        cost = _COSTS.get(part) if index else None
        if isinstance(part, Sign) and part.kind == "relation" and index:
            cost = 0
        if width(part) > 0.7 * budget and isinstance(part, Fenced):
            found.append(_Place(_bracket(part, "open"), depth, cost))
            found.extend(_opened(part.inside, depth + 1, budget))
            found.append(_Place(_bracket(part, "close"), depth, None))
        elif width(part) > 0.7 * budget and isinstance(part, Fraction):
            found.extend(_opened(_level(part), depth, budget))
        else:
            found.append(_Place(part, depth, cost))
    return found


def _bracket(fenced: Fenced, kind: str) -> Sign:
    """One bracket of a pair that may stand on two lines."""
    char = fenced.left if kind == "open" else fenced.right
    grown = ({"open": r"\bigl", "close": r"\bigr"}[kind]) if is_tall(fenced.inside) else ""
    return Sign(grown + (FENCE_LATEX[char] if char or grown else ""), char, kind)


def _level(fraction: Fraction) -> Row:
    """A fraction on one line."""
    above, below = fraction.above, fraction.below
    if len(parts_of(below)) > 1:
        below = bracketed(below)
    return Row((bracketed(above), SLASH, below))


def _break(places: list[_Place], budget: float) -> int:
    """How many parts go on the line: up to the best place to break that fits."""
    used = 0.0
    best: tuple[int, int] | None = None
    for index, place in enumerate(places):
        if index and place.cost is not None and used >= 0.35 * budget:
            rank = 10 * place.depth + place.cost
            if best is None or rank <= best[0]:
                best = (rank, index)
        used += width(place.markup)
        if used > budget and (best is not None or used > 4 * budget):
            break
    else:
        if used <= budget or best is None:
            return len(places)
    return len(places) if best is None else best[1]
