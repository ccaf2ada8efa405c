"""Where a line that is too wide is broken.

Before a plus or minus if possible, else between factors, at the outermost brackets that make it
fit. A part that is too wide in its turn is taken apart: brackets are opened, a fraction is written
on one line, e^(..) as exp(..), a box is named instead of shown again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from symprop.printout.notation.alphabets import FENCE_LATEX
from symprop.printout.notation.markup import (
    COMMA,
    DOT,
    EQUALS,
    MINUS,
    ODOT,
    OSLASH,
    PARTIAL,
    PLUS,
    SLASH,
    TIMES,
    Digits,
    Fenced,
    Fraction,
    Framed,
    Grid,
    Letter,
    Markup,
    Named,
    Root,
    Row,
    Scripts,
    Sign,
    Space,
    bracketed,
    joined,
    parts_of,
    row,
)
from symprop.printout.notation.widths import width

Measure: TypeAlias = Callable[[Markup], float]

_COSTS: dict[Markup, int] = {
    PLUS: 0,
    MINUS: 0,
    EQUALS: 0,
    ODOT: 1,
    OSLASH: 1,
    DOT: 2,
    TIMES: 2,
    SLASH: 3,
}
_BEHIND = (COMMA, Sign(";", ";", "punctuation"))
"""A line is broken behind these, not before them."""

_INDENT = 2.0
_EARLY = 0.35
"""A line that is less full than this is only broken where there is no other way."""
_DEEPEST = 4
"""Further lines are indented by how deep they stand in brackets, up to this deep."""
_MOST_ROWS = 24
"""A matrix of more rows is written on the line: no page is broken within it."""
_WIDE = 0.6
"""A part that takes more of a line than this is taken apart."""


@dataclass(frozen=True)
class _Place:
    """A part of a line, how deep it stands in brackets, and what a break before it costs."""

    markup: Markup
    depth: int
    cost: int | None


def broken(markup: Markup, first: float, further: float, measure: Measure = width) -> list[Markup]:
    """Notation in lines that are no wider than that, the first one and the further ones."""
    if measure(markup) <= first and not any(map(_is_too_tall, parts_of(markup))):
        return [markup]
    rest = _Opening(min(first, further - _INDENT), measure).of(markup, 0)
    lines: list[Markup] = []
    budget = first
    while rest:
        taken = _break(rest, budget, measure)
        lines.append(_line([place.markup for place in rest[:taken]], rest[0].depth, bool(lines)))
        rest = rest[taken:]
        depth = min(rest[0].depth, _DEEPEST) if rest else 0
        budget = further - _INDENT - depth
    return lines


def _line(parts: list[Markup], depth: int, further: bool) -> Markup:
    """One of several lines; no sign stands where nothing is beside it."""
    if not further:
        return row(*parts)
    if parts[0] == TIMES:
        parts[0] = DOT
    indent = [Space(r"\quad", 1.0)] * min(depth, _DEEPEST)
    return row(*indent, *parts)


def _break(places: list[_Place], budget: float, measure: Measure) -> int:
    """How many parts go on the line: up to the best place to break that fits."""
    used = 0.0
    best: tuple[float, int] | None = None
    for index, place in enumerate(places):
        if index and place.cost is not None:
            if used > budget:
                return index if best is None else best[1]
            rank = 10 * place.depth + place.cost + (1000 if used < _EARLY * budget else 0)
            if best is None or rank <= best[0]:
                best = rank, index
        used += measure(place.markup)
    return len(places) if used <= budget or best is None else best[1]


# -- taking apart ---------------------------------------------------------------------------------


def _cost(before: Markup | None, part: Markup) -> int | None:
    """What a break before a part costs; None where there can be none."""
    if before is None:
        return None
    if before in _BEHIND:
        return 0
    big = before.base if isinstance(before, Scripts) else before
    if isinstance(big, Sign) and big.kind == "big":
        return None
    if isinstance(part, Sign) and part.kind == "relation":
        return 0
    return _COSTS.get(part)


class _Opening:
    """Takes a line apart, so that no part is much of it that could be parts in its turn."""

    def __init__(self, budget: float, measure: Measure) -> None:
        self.widest = _WIDE * budget
        self.measure = measure

    def of(self, markup: Markup, depth: int) -> list[_Place]:
        """The parts of a line, so deep in brackets."""
        found: list[_Place] = []
        before: Markup | None = None
        for part in parts_of(markup):
            cost = _cost(before, part)
            if self.measure(part) <= self.widest and not _is_too_tall(part):
                found.append(_Place(part, depth, cost))
            else:
                found.extend(self._apart(part, depth, cost))
            before = part
        return found

    def _apart(self, part: Markup, depth: int, cost: int | None) -> list[_Place]:
        """A part that is too wide, in parts of its own."""
        match part:
            case Fenced():
                return self._in_brackets(part, part, depth, cost)
            case Scripts(Fenced() as base):
                return self._in_brackets(base, part, depth, cost)
        other = _on_the_line(part)
        if other is None:
            return [_Place(part, depth, cost)]
        opened = self.of(other, depth)
        return [_Place(opened[0].markup, depth, cost), *opened[1:]]

    def _in_brackets(
        self, fenced: Fenced, whole: Markup, depth: int, cost: int | None
    ) -> list[_Place]:
        """What stands in brackets, each of the two a part of its own, scripts at the second one."""
        opening, closing = (_bracket(fenced, kind) for kind in ("open", "close"))
        if isinstance(whole, Scripts):
            closing = Scripts(closing, whole.sub, whole.sup)
        inside = self.of(fenced.inside, depth + 1)
        return [_Place(opening, depth, cost), *inside, _Place(closing, depth, None)]


def _on_the_line(part: Markup) -> Markup | None:
    """Another way to write what cannot be broken as it is; None where there is none."""
    match part:
        case Scripts(Letter("e"), None, sup) if sup is not None:
            return row(Named(r"\exp", "exp"), bracketed(sup))
        case Scripts(Row() as base, sub, sup) if isinstance(base.parts[-1], Fenced):
            return row(*base.parts[:-1], Scripts(base.parts[-1], sub, sup))
        case Root(inside):
            half = row(Digits("1"), SLASH, Digits("2"))
            return Scripts(bracketed(inside), None, half)
        case Fraction(above, below):
            return _level(above, below)
        case Framed(inside, name):
            return inside if name is None else name
        case Grid(rows):
            lines = [joined(list(line), COMMA) for line in rows]
            return Fenced("[", "]", joined(list(lines), _BEHIND[1]))
        case Scripts(Grid() as base, sub, sup):
            level = _on_the_line(base)
            return None if level is None else Scripts(level, sub, sup)
    return None


def _is_too_tall(part: Markup) -> bool:
    """Whether a matrix has more rows than stand well on a page."""
    grid = part.base if isinstance(part, Scripts) else part
    return isinstance(grid, Grid) and len(grid.rows) > _MOST_ROWS


def _bracket(fenced: Fenced, kind: str) -> Markup:
    """One bracket of a pair that may stand on two lines."""
    char = fenced.left if kind == "open" else fenced.right
    grown = {"open": r"\biggl", "close": r"\biggr"}[kind] if fenced.is_tall else ""
    return Sign(grown + (FENCE_LATEX[char] if char or grown else ""), char, kind)


def _level(above: Markup, below: Markup) -> Markup | None:
    """A fraction on one line: d/dw (..) or dL/d(..) of a derivative, else a/(..).

    None for dL/dw, which is one name.
    """
    (d, *inside), (other, *rest) = parts_of(above), parts_of(below)
    if rest and d == other and d in (PARTIAL, Letter("d", "d")):
        if not inside or (len(inside) == 1 and not isinstance(inside[0], Fenced)):
            return row(above, SLASH, below) if isinstance(rest[0], Fenced) else None
        whole = row(*inside)
        return row(Fraction(d, below), whole if isinstance(whole, Fenced) else bracketed(whole))
    over, under = (m if len(parts_of(m)) == 1 else bracketed(m) for m in (above, below))
    return row(over, SLASH, under)
