r"""Names of several letters without a font of their own: `net_{h1}`, `out_{h1}`, `\Delta t`.

Letters side by side are a product, but where a name is declared so. If each of the letters is
declared, too, they are the product all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from symprop.verification.reading.items import Item, Items, Row

Letters: TypeAlias = "tuple[str, ...]"

_LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_BY_WHAT = (r"\nabla", r"\partial")
"""Signs that have a name below them."""


def letters_of(base: str) -> Letters:
    """The letters of a name, () for one letter."""
    letters = tuple(_LETTER.findall(base))
    return letters if len(letters) > 1 and spelled_word(letters) == base else ()


def spelled_word(letters: Sequence[str]) -> str:
    """Letters as one name, in LaTeX."""
    parts = (letter + " " * letter.startswith("\\") for letter in letters)
    return "".join(parts).rstrip()


def as_word(items: Items) -> Items:
    """All of the items as one name, if they are letters and only the last of them has scripts."""
    letters = all(item.kind == "letter" for item in items)
    if len(items) < 2 or not letters or not all(item.is_bare for item in items[:-1]):
        return items
    text = spelled_word([item.text for item in items])
    return (replace(items[-1], kind="word", text=text, span=items[0].span.to(items[-1].span)),)


def with_words(items: Items, words: Collection[Letters]) -> Items:
    """Items with the letters that are a declared name put together, the longest name first."""
    return tuple(_put_together(items, words)) if words else items


def rows_with_words(row: Row, words: Collection[Letters]) -> Row:
    """A row in which the letters of declared names are put together."""
    return replace(row, cells=tuple(with_words(cell, words) for cell in row.cells))


def _put_together(items: Items, words: Collection[Letters]) -> Iterator[Item]:
    longest = max(map(len, words))
    place = 0
    while place < len(items):
        for size in range(min(longest, len(items) - place), 1, -1):
            run = items[place : place + size]
            word = as_word(run)
            if len(word) == 1 and tuple(item.text for item in run) in words:
                yield word[0]
                place += size
                break
        else:
            yield _inside(items[place], words)
            place += 1


def _inside(item: Item, words: Collection[Letters]) -> Item:
    """An item with the same done to its arguments, and to what a nabla has below."""
    below = item.sub is not None and item.text in _BY_WHAT
    if not (item.parts or item.rows or below):
        return item
    return replace(
        item,
        parts=tuple(with_words(part, words) for part in item.parts),
        rows=tuple(tuple(with_words(cell, words) for cell in row) for row in item.rows),
        sub=with_words(item.sub, words) if below and item.sub is not None else item.sub,
    )
