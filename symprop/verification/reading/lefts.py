r"""What the left side of a formula says of the rest of it, before anything is read.

`w \to w - ...` is an update, in an update `\alpha(...)` is a product, and where `\delta^2` is
defined, the 2 is a mark and no power.
"""

from __future__ import annotations

from dataclasses import replace

from symprop.verification.reading.applications import is_undeclared
from symprop.verification.reading.calling import entry_of
from symprop.verification.reading.items import Item, Items
from symprop.verification.reading.names import with_raised, written_name
from symprop.verification.reading.rates import differential
from symprop.verification.reading.reader import Reader
from symprop.verification.reading.scripts import is_transpose
from symprop.verification.reading.shorthand import is_small_delta, short_name
from symprop.verification.reading.statements import ASSIGNMENT
from symprop.verification.reading.structures import has_relation
from symprop.verification.reading.symbols import Entry
from symprop.verification.reading.tree import Spelling

_ARROWS = (r"\to", r"\rightarrow", r"\mapsto")


def with_assignment(items: Items) -> Items:
    r"""A formula in which `w \to w - ...` and `w -= ...` are `w \leftarrow w - ...`."""
    return _with_arrow(_with_sign(items))


def _with_sign(items: Items) -> Items:
    r"""A formula in which `w -= a + b` is `w \leftarrow w - (a + b)`."""
    shown = _without_gaps(items)
    if len(shown) < 4 or [item.text for item in shown[1:3]] not in (["-", "="], ["+", "="]):
        return items
    name, sign, equals, *rest = shown
    if has_relation(tuple(rest)) or written_name(name) is None:
        return items
    arrow = replace(equals, text=ASSIGNMENT)
    inside = Item("fence", "()", (tuple(rest),), span=rest[0].span.to(rest[-1].span))
    return (name, arrow, name, sign, inside)


def _with_arrow(items: Items) -> Items:
    places = [p for p, item in enumerate(items) if item.text in _ARROWS and item.kind == "sign"]
    if len(places) != 1:
        return items
    (place,) = places
    left = _without_gaps(items[:place])
    if len(left) != 1 or has_relation(left) or left[0] not in items[place:]:
        return items
    arrow = replace(items[place], text=ASSIGNMENT)
    return (*items[:place], arrow, *items[place + 1 :])


def is_rule(left: Items, sign: str, right: Items) -> bool:
    r"""Whether a name on the left becomes something, `w := w - ...`; `\Delta w = ...` too."""
    bare = _without_gaps(left)
    if sign == ASSIGNMENT or (len(bare) == 2 and bare[0].text == r"\Delta"):
        return True
    return len(bare) == 1 and any(_is_alike(bare[0], item) for item in right)


def _is_alike(one: Item, other: Item) -> bool:
    """Whether two items are the same but for their scripts."""
    return (one.kind, one.text, one.parts) == (other.kind, other.text, other.parts)


def gradient_of(left: Items, sign: str, reader: Reader) -> Entry | None:
    """The W of a left side `dW`, which stands for the derivative of the loss by W."""
    bare = _without_gaps(left)
    if len(bare) != 2 or sign not in ("=", ":=") or differential(bare[0]) != "d":
        return None
    return entry_of(name) if (name := short_name(bare[1], reader)) is not None else None


def has_small_delta(left: Items, sign: str, reader: Reader) -> bool:
    r"""Whether a left side is `\delta h`, which stands for the derivative of the loss by h."""
    bare = _without_gaps(left)
    return len(bare) == 2 and sign in ("=", ":=") and is_small_delta(*bare, reader)


def is_of_changes(left: Items, reader: Reader) -> bool:
    """Whether a left side is a d and a name that has values; a d that is declared is a size."""
    bare = _without_gaps(left)
    declared = [reference.entry for reference in reader.symbols.values(Spelling("d"))]
    if len(bare) != 2 or differential(bare[0]) != "d":
        return False
    return written_name(bare[1]) is not None and all(e and e.kind == "size" for e in declared)


def raised_names(left: Items, sign: str, reader: Reader) -> set[Spelling]:
    r"""The name `\delta^2` that a left side defines, where nothing is declared as \delta."""
    bare = _without_gaps(left)
    if len(bare) != 1 or sign not in ("=", ":=") or bare[0].sup is None:
        return set()
    (item,) = bare
    written = written_name(item)
    base = is_undeclared(replace(item, sup=None, primes=0), reader)
    if written is None or base is None or len(written.rest) != 1 or item.primes:
        return set()
    if base.spelling == Spelling("e"):
        return set()  # e^x = ... is about Euler's number
    top = written.rest[0]
    if is_transpose(top) or top.kind not in ("letter", "number", "word") or not top.is_bare:
        return set()
    return {with_raised(written).spelling}


def _without_gaps(items: Items) -> Items:
    return tuple(item for item in items if item.kind != "gap")
