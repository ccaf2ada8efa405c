r"""Names of functions with their arguments: `\sigma(x)`, `\tanh^2(x)`, `\log x`, `\arg\min_w L`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from symprop.verification.reading.calling import behind, bracket_of, entry_of, first_of, name_of
from symprop.verification.reading.commands import MATRICES
from symprop.verification.reading.definitions import is_argument
from symprop.verification.reading.functions import EXTREMA, LOSSES, WITHOUT_BRACKETS
from symprop.verification.reading.items import Item, Items, parted
from symprop.verification.reading.names import Written, spelled
from symprop.verification.reading.scripts import raised
from symprop.verification.reading.symbols import Entry, Reference
from symprop.verification.reading.tree import (
    Call,
    Extremum,
    Group,
    Name,
    Power,
    Primed,
    Product,
    Transpose,
    Tree,
)

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader


def function_of(
    reader: Reader,
    cursor: Cursor,
    item: Item,
    written: Written,
    function: Entry,
    values: Sequence[Reference],
) -> Tree | None:
    """The name of a function with its argument; None where it is a value of that name."""
    bracket = bracket_of(cursor) or _set(cursor, written)
    if values and (bracket is None or _is_value(reader, bracket, values[0])):
        return None
    name = name_of(item, written, Reference(function))
    if written.spelling.base in EXTREMA and written.spelling.subscript:
        return _extremum(reader, cursor, item, written)
    head = name if not written.primes else Primed(name, written.primes, span=item.span)
    if bracket is not None:
        arguments, separators = reader.inside(bracket)
        call: Tree = Call(
            head, arguments, bracket.text, separators, span=item.span.to(bracket.span)
        )
        certain = not values or is_argument(arguments, first_of(values[0]), reader.symbols)
        if not certain and len(arguments) == 1:
            product = Product((name, Group(arguments[0], bracket.text)), ("",), span=call.span)
            call = reader.choose(call, product, "with a name alone in brackets it is a call")
        call = _raised_head(reader, call, written.rest, item)
        return behind(reader, cursor, call, bracket)
    if cursor.next is not None and cursor.next.text in MATRICES and cursor.next.is_bare:
        matrix = reader.factor(cursor)  # its brackets are those of the call
        call = Call(head, (matrix,), "", span=item.span.to(matrix.span))
        return _raised_head(reader, call, written.rest, item)
    if function.definition is not None and not written.rest:
        return head  # of a function that the text defines, as it is defined
    if written.spelling.style == "named" and written.spelling.base in WITHOUT_BRACKETS:
        return _without_brackets(reader, cursor, head, written.rest, item)
    if function.name in LOSSES and written.spelling.style in _WORDS and not written.rest:
        return Name(written.spelling, None, commas=written.commas, span=item.span)
    shown = spelled((item,))
    raise reader.fail(
        f"{shown} is a function, and has no argument here",
        item.span,
        hint=f"write {shown}(...) ; a value of that name is to be declared",
    )


_WORDS = ("mathrm", "text", "textrm", "operatorname")


def _is_value(reader: Reader, bracket: Item, value: Reference) -> bool:
    """Whether a name of both a function and a step is a factor in front of brackets."""
    entry = first_of(value)
    if len(list(parted(bracket.parts[0], ",", ";"))) > 1:
        return False
    arguments, _ = reader.inside(bracket)
    if is_argument(arguments, entry, reader.symbols):
        return False
    return not (isinstance(arguments[0], Name) and entry_of(arguments[0]) != entry)


def _set(cursor: Cursor, written: Written) -> Item | None:
    r"""`\max\{0, x\}` has braces around its arguments."""
    item = cursor.next
    braces = item is not None and item.kind == "fence" and item.text == r"\{\}"
    return item if braces and written.spelling.base in EXTREMA else None


def _raised_head(reader: Reader, call: Tree, exponent: Items, item: Item) -> Tree:
    r"""`\tanh^2(x)`: an exponent at the name is one of the value; of -1 nobody knows."""
    if not exponent:
        return call
    tree = raised(reader, call, exponent, item.span)
    if isinstance(tree, Transpose):
        hint = "write it behind the brackets"
        raise reader.fail("a transpose at the name of a function", item.span, hint=hint)
    assert isinstance(tree, Power)
    if exponent[0].text == "-":
        hint = "write 1/f(x), or a name of its own"
        raise reader.fail("a negative power at a function may be its inverse", item.span, hint=hint)
    return replace(tree, on_head=True, span=item.span.to(call.span))


def _without_brackets(
    reader: Reader, cursor: Cursor, head: Tree, exponent: Items, item: Item
) -> Tree:
    r"""`\log x`: the argument is one factor, and no other may follow side by side."""
    from symprop.verification.reading.arithmetic import MULTIPLY, starts_factor

    if cursor.next is None or not starts_factor(cursor.next):
        shown = spelled((item,))
        raise reader.fail(f"{shown} has no argument here", item.span, hint=f"write {shown}(...)")
    argument = reader.factor(cursor)
    call: Tree = Call(head, (argument,), "", span=item.span.to(argument.span))
    call = _raised_head(reader, call, exponent, item)
    following = cursor.next
    if following is not None and (starts_factor(following) or cursor.sees(*MULTIPLY, "/")):
        shown = "\\" * (item.style == "named" and not reader.plain) + spelled((item,))
        hint = f"write brackets: {shown}(...)"
        what = "how far the argument of this function goes is not certain"
        raise reader.fail(what, item.span.to(following.span), hint=hint)
    return call


def _extremum(reader: Reader, cursor: Cursor, item: Item, written: Written) -> Tree:
    r"""`\arg\min_w L(w)`."""
    if item.sup is not None or item.primes:
        raise reader.fail("a superscript at a minimum", item.span, hint="write brackets")
    by = reader.sequence(item.sub or (), item.span)
    body = reader.term(cursor)
    return Extremum(written.spelling.base, by, body, span=item.span.to(body.span))
