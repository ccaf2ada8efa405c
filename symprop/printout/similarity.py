"""Lines and parts of a printout that differ in the numbers of their names alone.

The form of one is what is left when these numbers are taken out: a_7 = w_7 f_6 and a_8 = w_8 f_7
have one form, with the numbers 7, 7, 6 and 8, 8, 7. Written for any k it is a_k = w_k f_{k-1}.
Numbers are those that are seen, in names as they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache, cached_property
from typing import Any, TypeVar

from symprop.expression.entries import Entry, GradientOf
from symprop.expression.nodes import SCALAR, Leaf, Node, operations
from symprop.functions.unspecified import Activation, UnspecifiedFunction
from symprop.printout.notation.expressions import OPERATIONS_LIMIT
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.markup import MINUS, PLUS, Digits, Letter, Markup, below, row
from symprop.printout.notation.names import Names
from symprop.printout.notation.reading import read_latex

T = TypeVar("T")
_LETTERS = "kjlmni"
_NUMBER = re.compile(r"0|[1-9]\d*")


@dataclass(frozen=True)
class Form:
    """What something looks like without the numbers of its names, and these in order."""

    blank: Any
    numbers: tuple[int, ...]


class Similarity:
    """Tells what is alike in a document with these names, and says it for any k.

    Each level has an index of its own, for what is said within what is said for any k.
    """

    def __init__(self, names: Names, level: int = 0) -> None:
        self._names = names
        self._index = Leaf(f"\0index {level}", SCALAR, "argument")
        self._numbered = cache(_taken_apart)

    def form(self, value: Any) -> Form:
        """The form of a line, a block, an expression."""
        numbers: list[int] = []

        def blank(markup: Markup) -> Markup:
            found, taken = self._numbered(markup)
            numbers.extend(taken)
            return found

        return Form(_rewritten(value, self._names, blank), tuple(numbers))

    def general(self, value: T, away: Sequence[int | None]) -> T:
        """`value` for any k: `away` says of each of its numbers how far it is from k, if at all."""
        remaining = iter(away)

        def indexed(markup: Markup) -> Markup:
            shown = self._with_index(markup, remaining)
            self._names.show(_name_of(shown), shown)
            return shown

        written: T = _rewritten(value, self._names, indexed)
        return written

    def has_index(self, value: Any) -> bool:
        """Whether something is said for any k already."""
        if "index" not in self.__dict__:  # nothing has been said yet
            return False
        index = self._names.of(self.index)
        found: list[bool] = []

        def look(markup: Markup) -> Markup:
            found.append(index in below(markup))
            return markup

        _rewritten(value, self._names, look)
        return any(found)

    @cached_property
    def index(self) -> Leaf:
        """The index k, by a letter that the network does not use."""
        used = {part.latex for part in self._names.alphabets() if isinstance(part, Letter)}
        letter = next((letter for letter in _LETTERS if letter not in used), _LETTERS[0])
        self._names.show(self._index.name, Letter(letter, letter))
        return self._index

    def _with_index(self, markup: Markup, remaining: Iterator[int | None]) -> Markup:
        def shown(part: Any) -> Markup | None:
            if not _is_number(part):
                return None
            away = next(remaining)
            return part if away is None else self._away(away)

        written: Markup = _changed(markup, shown)
        return written

    def _away(self, distance: int) -> Markup:
        """k, k + 1, k - 2."""
        index = self._names.of(self.index)
        if distance == 0:
            return index
        return row(index, PLUS if distance > 0 else MINUS, Digits(str(abs(distance))))


def _taken_apart(markup: Markup) -> tuple[Markup, tuple[int, ...]]:
    """A name without its numbers, and these."""
    numbers: list[int] = []

    def blank(part: Any) -> Markup | None:
        if not _is_number(part):
            return None
        numbers.append(int(part.text))
        return Digits("")

    return _changed(markup, blank), tuple(numbers)


def _is_number(part: Any) -> bool:
    return isinstance(part, Digits) and _NUMBER.fullmatch(part.text) is not None


def _rewritten(value: Any, names: Names, other: Callable[[Markup], Markup]) -> Any:
    """`value` with other names, which are asked for in the order in which they are met."""

    def visit(part: Any) -> Any:
        if isinstance(part, Leaf) and part.role == "argument":  # no name of the network
            return part
        if isinstance(part, GradientOf):
            return GradientOf(visit(part.loss), visit(part.by))
        if isinstance(part, Leaf):
            shown = names.of(part)
            found = other(shown)
            return part if found == shown else Leaf(_name_of(found), part.shape, part.role)
        if isinstance(part, Activation | UnspecifiedFunction):
            symbol = read_latex(part.symbol_latex)
            if symbol is None:
                return part
            renamed = other(symbol)
            if renamed == symbol:
                return part
            return replace(part, symbol=_name_of(renamed), symbol_latex=latex_of(renamed))
        if isinstance(part, Entry):
            return Entry(visit(part.of) or part.of, part.positions)
        if not isinstance(part, Node):
            return None
        if not part.children or operations(part) > OPERATIONS_LIMIT:
            return part
        content = tuple(_changed(inner, visit) for inner in part.content)
        children = tuple(_changed(child, visit) for child in part.children)
        return type(part)(part.shape, children, content)

    return _changed(value, visit)


def _name_of(markup: Markup) -> str:
    """A name that no symbol has, for what looks like this."""
    return f"\0{latex_of(markup)}"


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """`value` with parts of it replaced by what `change` gives, which is None to go on inside."""
    found = change(value)
    if found is not None:
        return found
    if isinstance(value, tuple):
        items = tuple(_changed(item, change) for item in value)
        return (
            items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        )
    if is_dataclass(value) and not isinstance(value, type):
        inside = {part.name: getattr(value, part.name) for part in fields(value)}
        new = {name: _changed(item, change) for name, item in inside.items()}
        changed = {name: item for name, item in new.items() if item is not inside[name]}
        return replace(value, **changed) if changed else value
    return value
