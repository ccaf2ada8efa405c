"""Whether what was read is what was written.

A tree is printed again, taken apart into items once more, and refused unless these look the same:
no sign, no script and no name may have been lost or moved on the way.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from symprop.verification.reading.building import rows_of
from symprop.verification.reading.echo import latex
from symprop.verification.reading.errors import Span, UnreadableError
from symprop.verification.reading.items import Item, Items
from symprop.verification.reading.names import spelled
from symprop.verification.reading.structures import (
    condition_of,
    has_relation,
    has_words,
    without_trailing,
)
from symprop.verification.reading.tokens import latex_tokens
from symprop.verification.reading.tree import Tree
from symprop.verification.reading.words import Letters, with_words


def check(
    tree: Tree, items: Items, source: str, span: Span, words: Collection[Letters] = ()
) -> None:
    """Refuse a tree that, printed again, is not what was read; `words` are names of letters."""
    again = rows_of(latex_tokens(latex(tree)), source)
    found = again[0].cells[0] if len(again) == 1 and len(again[0].cells) == 1 else ()
    if _same(with_words(found, words)) != _same(items):
        reason = "this cannot be read for certain"
        raise UnreadableError(reason, source, span, hint=f"it would be read as {latex(tree)[:60]}")


def _same(items: Items) -> list[Any]:
    """Items as something that is equal where they look the same."""
    return [_seen(_normal(item)) for item in items if item.kind != "gap"]


def _normal(item: Item) -> Item:
    """An item in the form in which it is printed: an upright d, e or T is the letter."""
    upright = item.kind == "command" and item.text in ("mathrm", "mathsf", "mathit")
    if upright and len(item.parts[0]) == 1:
        letter = item.parts[0][0]
        if letter.text in ("d", "e", "T") and letter.is_bare:
            item = replace(item, kind="letter", text=letter.text, parts=())
    if item.kind == "word" and item.text in ("T", "d"):
        item = replace(item, kind="letter")
    return item


def _script(items: Items | None) -> str | None:
    return None if items is None else spelled(tuple(_normal(i) for i in items if i.kind != "gap"))


def _seen(item: Item) -> Any:
    parts: list[Any] = [_same(part) for part in item.parts]
    rows: list[Any] = [[_same(cell) for cell in row] for row in item.rows]
    if item.text == "cases":
        rows = [_seen_case(row) for row in item.rows]
    if item.text in ("underset", "overset", "underbrace", "overbrace"):
        return [item.text, parts[-1]]  # labels are looked at where they are read
    return [item.kind, item.text, parts, rows, _script(item.sub), _script(item.sup), item.primes]


def _seen_case(row: tuple[Items, ...]) -> Any:
    when = condition_of(row)
    words = has_words(when) or not has_relation(when)
    return [_same(without_trailing(row[0])), "words" if words and when else _same(when)]
