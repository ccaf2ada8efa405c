r"""Tokens put together as TeX does it: scripts to what they stand at, arguments to their command.

Items know no mathematics. `x_{12}` and `x_12` differ here as they do on paper, and `\hat y_1` and
`{\hat{y}}_{1}` do not. Brackets are matched, what is inside them is one item. Two items are equal
when they look the same, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from symprop.verification.reading.errors import NOWHERE, Span

DEPTH_LIMIT = 100
"""Brackets, arguments and scripts nest at most so deep."""

Items: TypeAlias = "tuple[Item, ...]"


@dataclass(frozen=True)
class Item:
    r"""One thing on paper with its scripts.

    `kind` is letter, number, word, sign, gap, command (with `parts` for its arguments), fence
    (brackets, `text` both of them, one part), group (braces, one part) or environment (`rows` of
    cells). `text` of a command or an environment is its name, of a letter or a sign its LaTeX.
    `braced`: braces of its own stand around it and its scripts.
    """

    kind: str
    text: str
    parts: tuple[Items, ...] = ()
    rows: tuple[tuple[Items, ...], ...] = ()
    sub: Items | None = None
    sup: Items | None = None
    primes: int = 0
    style: str = ""
    braced: bool = field(default=False, compare=False)
    spaced: bool = field(default=False, compare=False)
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def is_bare(self) -> bool:
        """Whether it has no scripts."""
        return self.sub is None and self.sup is None and not self.primes


@dataclass(frozen=True)
class Row:
    """A row of a block: its cells, between `&`."""

    cells: tuple[Items, ...]
    span: Span


def parted(items: Items, *signs: str) -> Iterator[tuple[Items, Item | None]]:
    """The items between some signs, each with the sign that follows, None at the end."""
    part: list[Item] = []
    for item in items:
        if item.kind == "sign" and item.text in signs and item.is_bare:
            yield tuple(part), item
            part = []
        else:
            part.append(item)
    yield tuple(part), None
