"""What cannot be read: where, why, and what would be read there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symprop.errors import SympropError

WINDOW = 76
"""How much of a long line is shown around the place of an error."""


@dataclass(frozen=True)
class Span:
    """A stretch of a text, from `start` up to, not including, `end`."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The stretch from the beginning of this one to the end of the other."""
        return Span(min(self.start, other.start), max(self.end, other.end))


NOWHERE = Span(0, 0)


def place_of(text: str, offset: int) -> tuple[int, int]:
    """The line and the column of a place in a text, both counted from 1."""
    before = text[: min(offset, len(text))]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def pointer(text: str, span: Span) -> str:
    """The line of a text that `span` begins in and, below it, carets under the span."""
    line, column = place_of(text, span.start)
    shown = text.split("\n")[line - 1]
    first = max(0, min(column - 1 - WINDOW // 2, len(shown) - WINDOW))
    cut = shown[first : first + WINDOW].replace("\t", " ")
    start = column - 1 - first
    size = max(1, min(span.end - span.start, len(cut) - start))
    ahead, under = _cells(cut[:start]), max(1, _cells(cut[start : start + size]))
    left = "..." if first else ""
    right = "..." if first + WINDOW < len(shown) else ""
    return f"{left}{cut}{right}\n{' ' * (len(left) + ahead)}{'^' * under}"


def _cells(text: str) -> int:
    return sum(1 for character in text if not unicodedata.combining(character))


class UnreadableError(SympropError):
    """A formula, or a part of one, that is not read.

    `line` and `column` count from 1; `span` is the stretch of `source` that is meant; `expected`
    says what would have been read there; `pointer` shows the line with carets under the place.
    """

    def __init__(
        self, reason: str, source: str, span: Span, *, expected: Sequence[str] = (), hint: str = ""
    ) -> None:
        self.reason = reason
        self.source = source
        self.span = span
        self.expected = tuple(expected)
        self.line, self.column = place_of(source, span.start)
        where = f"column {self.column}"
        if "\n" in source.strip("\n"):
            where = f"line {self.line}, {where}"
        if self.expected and not hint:
            hint = "expected " + " or ".join(self.expected)
        super().__init__(f"{where}: {reason}", hint=hint)

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (type(self), self.args, self.__dict__)

    @property
    def pointer(self) -> str:
        """The line and, below it, carets under the place."""
        return pointer(self.source, self.span)

    @property
    def said(self) -> str:
        """The reason and what would help, without the place."""
        return "; ".join(part for part in (self.reason, self.hint) if part)

    @property
    def shown(self) -> str:
        """Everything there is to say, on several lines."""
        return "\n".join(part for part in (self.message, self.pointer, self.hint) if part)


def _restored(
    kind: type[UnreadableError], args: tuple[object, ...], state: dict[str, Any]
) -> UnreadableError:
    """An error as it was, in another process."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__setstate__(state)
    return error


class AmbiguousError(UnreadableError):
    """What may mean two things; `readings` has both, in plain text."""

    def __init__(
        self, reason: str, source: str, span: Span, *, readings: tuple[str, str], hint: str = ""
    ) -> None:
        self.readings = readings
        one, other = (
            reading if len(reading) <= 60 else reading[:57] + "..." for reading in readings
        )
        super().__init__(f"{reason}: {one} or {other}?", source, span, hint=hint)
