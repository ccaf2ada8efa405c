"""What reading a value and reading a function share: brackets, arguments, scripts behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symprop.verification.reading.items import Item
from symprop.verification.reading.names import Written
from symprop.verification.reading.scripts import with_scripts
from symprop.verification.reading.structures import has_relation
from symprop.verification.reading.symbols import Entry, Reference
from symprop.verification.reading.tree import Call, Name, Primed, Tree

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader


def name_of(item: Item, written: Written, reference: Reference | None) -> Name:
    """A name as it is written, and what it refers to."""
    return Name(
        written.spelling,
        reference,
        commas=written.commas,
        wrapped=written.wrapped,
        span=item.span,
    )


def bracket_of(cursor: Cursor) -> Item | None:
    """The brackets that follow, if any."""
    item = cursor.next
    if item is None or item.kind != "fence" or item.text not in ("()", "[]"):
        return None
    return None if item.text == "[]" and has_relation(item.parts[0]) else item


def entry_of(tree: Tree) -> Entry | None:
    """What a name stands for; one of several stands for the first of them here."""
    if not isinstance(tree, Name) or tree.reference is None:
        return None
    if tree.reference.entry is None and tree.reference.members:
        return tree.reference.members[0][1]
    return tree.reference.entry


def first_of(value: Reference) -> Entry:
    """What a value refers to, of several things the first."""
    return value.entry if value.entry is not None else value.members[0][1]


def call_of(
    name: Name, primes: int, arguments: tuple[Tree, ...], separators: tuple[str, ...], bracket: Item
) -> Call:
    """A name called, or its derivative by primes."""
    head: Tree = Primed(name, primes, span=name.span) if primes else name
    return Call(head, arguments, bracket.text, separators, span=name.span.to(bracket.span))


def behind(reader: Reader, cursor: Cursor, call: Tree, bracket: Item) -> Tree:
    """A call with the scripts at its closing bracket, which is taken."""
    cursor.take()
    return with_scripts(reader, call, replace(bracket, span=call.span))
