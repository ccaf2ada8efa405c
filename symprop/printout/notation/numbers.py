r"""Numbers in the place of names: f (1 - f) becomes 0.62 \cdot (1 - 0.62).

A negative number stands in brackets wherever something is before it, and between two numbers there
is always a dot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from symprop.expression.nodes import Leaf, Node
from symprop.printout.expressions import Numeral, Numerals
from symprop.printout.notation.expressions import Notation
from symprop.printout.notation.markup import (
    COMMA,
    DOT,
    MINUS,
    NEGATIVE,
    PLUS,
    TIMES,
    Digits,
    Fenced,
    Fraction,
    Grid,
    Markup,
    Root,
    Row,
    Scripts,
    Sign,
    Words,
    below,
    bracketed,
    joined,
    row,
)
from symprop.printout.notation.names import Names
from symprop.printout.notation.numerals import number_markup


def numeral_markup(numeral: Numeral | Numerals) -> Markup:
    """A number or a matrix of numbers as it is shown: 1.80, or with a power of ten."""
    if isinstance(numeral, Numerals):
        return Grid(tuple(tuple(_number(text) for text in line) for line in numeral.rows))
    return _number(numeral.text)


def _number(text: str) -> Markup:
    if text.startswith("-"):
        return row(NEGATIVE, _number(text[1:]))
    if text.isalpha():  # undefined
        return Words(text)
    digits, _, exponent = text.partition("e")
    if not exponent:
        return Digits(digits)
    power = Scripts(Digits("10"), None, number_markup(int(exponent)))
    return power if digits == "1" else row(Digits(digits), DOT, power)


def put_in(node: Node, numbers: Mapping[str, Numeral | Numerals], names: Names) -> Markup:
    """`node` with numbers for the names that have one."""
    shown = {name: numeral_markup(numeral) for name, numeral in numbers.items()}
    guarded = {name: bracketed(m) if isinstance(m, Row) else m for name, m in shown.items()}
    numbered = {markup for markup in guarded.values() if isinstance(markup, Fenced)}
    return _dotted(_Opened(numbered).of(Notation(_Filled(names, guarded)).of(node)))


class _Filled(Names):
    """Names that look like numbers; all others as they always do."""

    def __init__(self, names: Names, shown: Mapping[str, Markup]) -> None:
        super().__init__()
        self.names = names
        self.shown = shown

    def of(self, name: str | Leaf) -> Markup:
        text = name.name if isinstance(name, Leaf) else name
        return self.shown.get(text) or self.names.of(text)

    def free(self, letters: str, taken: Iterable[str] = ()) -> str:
        """As `Names.free`."""
        return self.names.free(letters, taken)


class _Opened:
    """Takes the brackets from numbers that stand alone, or first in a sum."""

    def __init__(self, numbered: set[Fenced]) -> None:
        self.numbered = numbered

    def of(self, markup: Markup) -> Markup:
        """Notation that stands for itself, such as what is under a fraction bar."""
        match markup:
            case Row(parts) if COMMA in parts:
                return joined([self.of(item) for item in _items(parts)], COMMA)
            case Fenced(_, _, inside) if markup in self.numbered:
                return inside
            case Row((Fenced(_, _, inside), Sign() as sign, *_)) if markup.parts[
                0
            ] in self.numbered and sign in (PLUS, MINUS, TIMES, DOT):
                return row(inside, *(self._within(part) for part in markup.parts[1:]))
        return self._within(markup)

    def _within(self, markup: Markup) -> Markup:
        """Notation that something stands beside."""
        match markup:
            case Fenced("(", ")", Grid() as grid):
                return grid
            case Fenced(left, right, inside) if markup not in self.numbered:
                return Fenced(left, right, self.of(inside))
            case Fraction(above, below):
                return Fraction(self.of(above), self.of(below))
            case Root(inside):
                return Root(self.of(inside))
            case Scripts(base, sub, sup):
                return Scripts(self._within(base), sub, None if sup is None else self.of(sup))
            case Grid(rows):
                return Grid(tuple(tuple(map(self.of, line)) for line in rows))
            case Row(parts):
                return Row(tuple(map(self._within, parts)))
        return markup


def _items(parts: tuple[Markup, ...]) -> Iterator[Markup]:
    """What stands between commas."""
    item: list[Markup] = []
    for part in parts:
        if part == COMMA:
            yield row(*item)
            item = []
        else:
            item.append(part)
    yield row(*item)


def _dotted(markup: Markup) -> Markup:
    """Notation with a dot between factors, but for matrices and what a sum sign runs over."""
    if isinstance(markup, Row):
        parts = tuple(map(_dotted, markup.parts))
        return Row(
            tuple(
                DOT if part == TIMES and _needs_dot(parts[i - 1], parts[i + 1]) else part
                for i, part in enumerate(parts)
            )
        )
    changed = {
        field.name: _dotted_inside(getattr(markup, field.name))
        for field in fields(markup)
        if not isinstance(getattr(markup, field.name), str | float)
    }
    return replace(markup, **changed) if changed else markup


def _dotted_inside(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_dotted_inside, value))
    return None if value is None else _dotted(value)


def _needs_dot(left: Markup, right: Markup) -> bool:
    base = left.base if isinstance(left, Scripts) else left
    if isinstance(base, Sign):
        return False
    return not (_has_matrix(left) and _has_matrix(right))


def _has_matrix(markup: Markup) -> bool:
    return any(isinstance(part, Grid) for part in below(markup))
