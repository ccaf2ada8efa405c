r"""Derivatives of the loss in fewer signs: `dW`, where a text writes all gradients so; `L_w`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symprop.verification.reading.calling import entry_of, name_of
from symprop.verification.reading.items import Item
from symprop.verification.reading.names import Written, written_name
from symprop.verification.reading.scripts import raised
from symprop.verification.reading.symbols import Reference, spelling_of
from symprop.verification.reading.tree import Name, Rate, Spelling, Tree

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader


def short(reader: Reader, cursor: Cursor) -> Tree | None:
    """`dW`, the derivative of the loss, where the left side has one as well; None elsewhere.

    On the right there may be those of what follows from the left one, `dW = dZ A^T`, and in an
    update those of weights. Others, as in `dz = x dw`, are differentials, which are not read.
    """
    item = cursor.after(1)
    name = None if item is None else short_name(item, reader)
    return _gradient(reader, cursor, "short") if name and _is_short(reader, name) else None


def small_delta(reader: Reader, cursor: Cursor) -> Tree | None:
    r"""`\delta h`, the derivative of the loss, where the text has such a left side."""
    following = cursor.after(1)
    if not reader.symbols.has_small_deltas or not is_small_delta(cursor.next, following, reader):
        return None
    return _gradient(reader, cursor, "delta")


def is_small_delta(delta: Item | None, following: Item | None, reader: Reader) -> bool:
    r"""Whether a \delta that is nothing by itself stands before a name that has a gradient."""
    if delta is None or following is None or delta.text != r"\delta" or not delta.is_bare:
        return False
    return not reader.symbols.values(DELTA) and short_name(following, reader) is not None


DELTA = Spelling(r"\delta")


def _gradient(reader: Reader, cursor: Cursor, form: str) -> Tree | None:
    """A mark and a name as the derivative of the loss by what is called so."""
    item = cursor.after(1)
    name = None if item is None else short_name(item, reader)
    loss = next((entry for entry in reader.symbols.entries() if entry.kind == "loss"), None)
    if item is None or name is None or loss is None:
        return None
    first, _ = cursor.take(), cursor.take()
    of = Name(Spelling(loss.name), Reference(loss))
    span = first.span.to(item.span)
    written = written_name(item)
    rate: Tree = Rate(of, name, "d", form, span=span)
    return raised(reader, rate, written.rest, span) if written and written.rest else rate


def below(reader: Reader, item: Item, written: Written) -> Tree | None:
    """`L_w`, the loss with what it is differentiated by below it; None for any other name."""
    spelling = written.spelling
    if len(spelling.subscript) != 1 or written.rest or written.primes:
        return None
    if reader.symbols.is_declared(spelling):
        return None
    of = _one(reader, replace(spelling, subscript=()), ("loss",), item)
    lower = spelling_of(spelling.subscript[0])
    by = None if lower is None else _one(reader, lower, ("input", "weight", "step"), item)
    if of is None or by is None:
        return None
    return Rate(of, by, r"\partial", "below", span=item.span)


def _one(reader: Reader, spelling: Spelling, kinds: tuple[str, ...], item: Item) -> Name | None:
    """The name of the one thing of some kinds that is spelled so."""
    values = reader.symbols.values(spelling)
    entry = values[0].entry if len(values) == 1 else None
    known = entry is not None and entry.kind in kinds
    return Name(spelling, values[0], span=item.span) if known else None


def short_name(item: Item, reader: Reader) -> Name | None:
    """The input, the weight or the step that an item is."""
    written = written_name(item)
    values = [] if written is None else reader.symbols.values(written.spelling)
    if written is None or written.primes or len(values) != 1 or values[0].entry is None:
        return None
    name = name_of(item, written, values[0])
    return name if values[0].entry.kind in ("input", "weight", "step") else None


def is_known(item: Item, reader: Reader) -> bool:
    """Whether the gradient by what an item is has been written so, or is one of an update."""
    name = short_name(item, reader)
    entry = None if name is None else entry_of(name)
    if entry is None:
        return False
    return entry.name in reader.symbols.short or (reader.in_rule and entry.kind == "weight")


def _is_short(reader: Reader, name: Name) -> bool:
    entry, left = entry_of(name), reader.gradient_of
    if entry is None:
        return False
    if (reader.in_rule and entry.kind == "weight") or entry.name in reader.symbols.short:
        return True
    return left is not None and (entry == left or reader.symbols.depends_on(entry.name, left.name))
