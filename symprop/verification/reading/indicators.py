r"""What is 1 where a condition holds, `1[a > 0]` or `\mathbf{1}_{a > 0}`; a bold 1 and I."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symprop.verification.reading.applications import named
from symprop.verification.reading.items import Item
from symprop.verification.reading.names import spelled
from symprop.verification.reading.scripts import with_scripts
from symprop.verification.reading.structures import condition, has_relation
from symprop.verification.reading.tree import Constant, Indexed, Indicator, Spelling, Tree

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader

TIMES = r"\times"


def bold(reader: Reader, cursor: Cursor) -> Tree:
    r"""`\mathbf{1}` and `\mathbf{I}` of fitting size; else a name."""
    item = cursor.next
    assert item is not None
    inside = item.parts[0]
    shown = inside[0].text if len(inside) == 1 and inside[0].is_bare else ""
    if shown == "1" or (shown == "I" and not reader.symbols.values(Spelling("I"))):
        cursor.take()
        sign = rf"\{item.text}{{{shown}}}"
        indicator = indicated(reader, cursor, item, sign)
        return indicator or sized(reader, item, sign)
    return named(reader, cursor)


def sized(reader: Reader, item: Item, sign: str) -> Tree:
    r"""Ones or an identity with scripts: the size stands below, as n or as n \times 1."""
    constant = Constant(sign, span=item.span)
    if item.sub is None or all(part.text != TIMES for part in item.sub):
        return with_scripts(reader, constant, item)
    whole = Indexed(constant, (spelled(item.sub),), span=item.span)
    return with_scripts(reader, whole, replace(item, sub=None))


def capital(reader: Reader, cursor: Cursor) -> Tree:
    """The `I` of `I(a > 0)`; else a name."""
    item = cursor.take()
    declared = reader.symbols.values(Spelling("I"))
    indicator = None if declared else indicated(reader, cursor, item, "I")
    if indicator is not None:
        return indicator
    cursor.place -= 1
    return named(reader, cursor)


def indicated(reader: Reader, cursor: Cursor, item: Item, sign: str) -> Tree | None:
    """What is 1 where a condition below a sign or in brackets behind it holds; None for all else.

    The item, which is taken, is the sign.
    """
    if item.sup is not None or item.primes:
        return None
    if item.sub is not None:
        below, brackets = item.sub, "_"
        if len(below) == 1 and below[0].kind == "fence" and below[0].is_bare:
            below, brackets = below[0].parts[0], f"_{below[0].text}"
        if not has_relation(below):
            return None
        return Indicator(condition(reader, below, item.span), sign, brackets, span=item.span)
    bracket = cursor.next
    if bracket is None or bracket.kind != "fence" or bracket.text not in ("[]", "()", r"\{\}"):
        return None
    if not has_relation(bracket.parts[0]):
        return None
    cursor.take()
    inside = condition(reader, bracket.parts[0], bracket.span)
    tree = Indicator(inside, sign, bracket.text, span=item.span.to(bracket.span))
    return with_scripts(reader, tree, bracket)
