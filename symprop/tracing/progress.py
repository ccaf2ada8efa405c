"""How far a long descent is: a bar on standard error, where that is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")

WIDTH = 30
DELAY, PAUSE = 0.3, 0.1
"""Seconds before a bar is shown at all, and between two pictures of it."""


class Progress:
    """A bar of so many updates; it keeps out of the way of what is printed to the same terminal.

    `noun` says what they are, where they are no updates.
    """

    def __init__(self, total: int, stream: TextIO | None = None, noun: str = "update") -> None:
        self.total = total
        self.noun = noun
        self.stream = sys.stderr if stream is None else stream
        self.active = self.stream.isatty()
        self.next = time.monotonic() + DELAY
        self.shown = False

    def watch(self, updates: Iterable[T]) -> Iterator[T]:
        """The same updates; the bar moves with them, and is gone after the last."""
        try:
            for done, update in enumerate(updates, start=1):
                self._advance(done)
                yield update
        finally:
            self.clear()

    def clear(self) -> None:
        """Take the bar away, for what is to be printed next."""
        if self.shown:
            self._write("\r\x1b[K")
            self.shown = False

    def _advance(self, done: int) -> None:
        if self.active and time.monotonic() >= self.next:
            filled = WIDTH * done // self.total
            bar = "\u2588" * filled + "\u2591" * (WIDTH - filled)
            self._write(f"\r{self.noun} {done:,}/{self.total:,} {bar} {done / self.total:.0%}")
            self.shown = True
            self.next = time.monotonic() + PAUSE

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
        except UnicodeEncodeError:  # a terminal of a few characters
            self.stream.write(text.replace("\u2588", "#").replace("\u2591", "."))
        self.stream.flush()
