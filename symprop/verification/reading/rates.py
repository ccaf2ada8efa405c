r"""Derivatives: `\frac{\partial L}{\partial w}`, `dL/dw`, `\frac{d}{dw}\{...\}`, `\nabla w`.

None is taken. What stands behind the upper d may be any expression: `\frac{dwx}{dw}` is the
derivative of the product.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from symprop.verification.reading.arithmetic import MULTIPLY, starts_factor
from symprop.verification.reading.calling import behind
from symprop.verification.reading.errors import Span, UnreadableError
from symprop.verification.reading.items import Item, Items
from symprop.verification.reading.names import written_name
from symprop.verification.reading.shorthand import DELTA, is_known, short
from symprop.verification.reading.symbols import Reference
from symprop.verification.reading.tree import (
    Call,
    DerivativeSign,
    Derive,
    Fraction,
    Group,
    Indexed,
    Listing,
    Nabla,
    Name,
    Power,
    Product,
    Rate,
    Spelling,
    Transpose,
    Tree,
    bare,
    names,
)

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader

PARTIAL = r"\partial"
SECOND = "second derivatives are not read"
ITEMS_ABOVE = 12
"""At most so many names and brackets stand above a slash without brackets around them."""
FIRST = "derivatives by one name are"


def differential(item: Item | None) -> DerivativeSign | None:
    r"""Whether an item is the d or the \partial of a derivative, whatever its scripts."""
    if item is None:
        return None
    if item.kind == "sign" and item.text == PARTIAL:
        return cast(DerivativeSign, PARTIAL)
    upright = item.kind == "command" and item.text == "mathrm" and len(item.parts[0]) == 1
    letter = item.parts[0][0] if upright else item
    if item.kind == "word" and item.text == "d" and item.is_bare:
        return "d"
    return "d" if letter.kind == "letter" and letter.text == "d" and letter.is_bare else None


def fraction(reader: Reader, cursor: Cursor) -> Tree:
    """A fraction with a bar, or the derivative that it is."""
    item = cursor.take()
    above, below = (tuple(i for i in part if i.kind != "gap") for part in item.parts)
    if above and below and all(differential(replace(i, sup=None)) for i in (above[0], below[0])):
        _check_first_order(reader, above[0])
    sign = differential(above[0]) if above else None
    other = differential(below[0]) if below else None
    if _is_varied(above, below, reader):
        sign = other = r"\delta"
    if sign == PARTIAL or (sign is not None and other == sign):
        return _rate(reader, cursor, item, above, below, sign)
    top = reader.sequence(above, item.span)
    return Fraction(top, reader.sequence(below, item.span), span=item.span)


def _is_varied(above: Items, below: Items, reader: Reader) -> bool:
    r"""Whether it is `\frac{\delta L}{\delta w}`, with a \delta that is nothing by itself."""
    first = [part[0] for part in (above, below) if len(part) > 1]
    deltas = [item for item in first if item.text == r"\delta" and item.is_bare]
    return len(deltas) == 2 and not reader.symbols.values(DELTA)


def _rate(
    reader: Reader, cursor: Cursor, item: Item, above: Items, below: Items, sign: DerivativeSign
) -> Tree:
    if not below or (sign != r"\delta" and differential(below[0]) != sign):
        where = below[0].span if below else item.span
        raise reader.fail(f"{sign} above, and none below", where, expected=(f"{sign} and a name",))
    _check_first_order(reader, above[0], *below[:1])
    by = by_what(reader, below[1:], below[0].span)
    if len(above) == 1:
        return derive(reader, cursor, by, sign, item.span)
    of = what_of(reader, above[1:], item.span)
    rate = Rate(of, by, sign, span=item.span)
    if _is_function(of) and item.is_bare:
        return _at_arguments(reader, cursor, rate)
    beside = _beside_name(reader, cursor, rate) if item.is_bare else None
    if beside is not None:
        return beside
    if sign == "d" and reader.symbols.values(Spelling("d")):
        quotient = Fraction(
            reader.sequence(above, item.span), reader.sequence(below, item.span), span=item.span
        )
        return reader.choose(rate, quotient, "d above and below stand for a derivative")
    return rate


def _check_first_order(reader: Reader, *signs: Item) -> None:
    for sign in signs:
        if not sign.is_bare:
            raise reader.fail(SECOND, sign.span, hint=FIRST)


def by_what(reader: Reader, items: Items, span: Span) -> Tree:
    """What is derived by: one name, or something in brackets."""
    if not items:
        raise reader.fail("nothing to derive by", span, expected=("a name",))
    second = next((item for item in items if differential(item)), None)
    if second is not None and not reader.symbols.values(Spelling(second.text)):
        raise reader.fail(SECOND, second.span, hint=FIRST)
    by = reader.sequence(items, span)
    inner = by.body if isinstance(by, Transpose) else by
    entry = isinstance(inner, Indexed) and isinstance(bare(inner.body), Name)
    square = isinstance(inner, Power) and isinstance(inner.base, Name)
    if not (entry or square) and not isinstance(inner, Name | Group | Listing):
        what = "one name is needed behind the lower d"
        raise reader.fail(what, by.span, expected=("a name", "brackets"))
    return by


def derive(
    reader: Reader, cursor: Cursor, by: Tree, sign: DerivativeSign, span: Span, form: str = "frac"
) -> Tree:
    """The operator in front of what it derives: brackets, or all factors that follow."""
    following = cursor.next
    if following is None or (following.kind == "sign" and following.text in ("+", "-", ",", ")")):
        what = "a derivative of nothing"
        raise reader.fail(what, span, expected=("what is to be derived, in brackets",))
    bracketed = following.kind == "fence"
    body = reader.factor(cursor) if bracketed else reader.term(cursor)
    tree = Derive(by, body, sign, form, span=span.to(body.span))
    if isinstance(body, Product) and isinstance(body.factors[0], Name):
        first = Derive(by, body.factors[0], sign, span=tree.span)
        other_tree = Product((first, *body.factors[1:]), body.signs, span=tree.span)
        return reader.choose(tree, other_tree, "a derivative is taken of all factors behind it")
    return tree


def continues(item: Item) -> bool:
    """Whether a product may go on with an item without a sign before it."""
    return item.kind not in ("sign", "gap") or item.text in (PARTIAL, r"\nabla", r"\sum")


def what_of(reader: Reader, items: Items, span: Span) -> Tree:
    """What is derived; a function may stand there without its argument."""
    written = written_name(items[0]) if len(items) == 1 else None
    if written is None or written.rest or written.primes:
        return reader.sequence(items, span)
    functions = reader.symbols.functions(written.spelling)
    if len(functions) != 1 or reader.symbols.is_declared(written.spelling):
        return reader.sequence(items, span)
    return Name(
        written.spelling, Reference(functions[0]), commas=written.commas, span=items[0].span
    )


def _is_function(tree: Tree) -> bool:
    reference = tree.reference if isinstance(tree, Name) else None
    return (
        reference is not None and reference.entry is not None and reference.entry.kind == "function"
    )


def _at_arguments(reader: Reader, cursor: Cursor, rate: Rate) -> Tree:
    r"""`\frac{\partial l}{\partial h}(h, y)`: the derivative of a function at its arguments."""
    bracket = cursor.next
    if bracket is None or bracket.kind != "fence" or bracket.text != "()":
        return rate
    if bracket.sup is not None or bracket.primes:
        return rate
    arguments, separators = reader.inside(bracket)
    span = rate.span.to(bracket.span)
    call = Call(rate, arguments, "()", separators, span=span)
    if len(arguments) > 1 or isinstance(arguments[0], Name):
        return behind(reader, cursor, call, bracket)
    if bracket.sub is not None:
        return rate
    product = Product((rate, reader.factor(cursor)), ("",), span=span)
    return reader.choose(product, call, "brackets with a formula behind a derivative are a factor")


def _beside_name(reader: Reader, cursor: Cursor, rate: Rate) -> Tree | None:
    r"""`\frac{dL}{dw}(w)`: a factor in brackets, or where the derivative is taken."""
    bracket = cursor.next
    if bracket is None or bracket.kind != "fence" or bracket.text != "()" or not bracket.is_bare:
        return None
    if len(bracket.parts[0]) != 1 or written_name(bracket.parts[0][0]) is None:
        return None
    arguments, separators = reader.inside(bracket)
    span = rate.span.to(bracket.span)
    call = Call(rate, arguments, "()", separators, span=span)
    product = Product((rate, reader.factor(cursor)), ("",), span=span)
    return reader.choose(product, call, "a name in brackets behind a derivative is a factor")


# -- on one line ----------------------------------------------------------------------------------


def inline_rate(reader: Reader, cursor: Cursor) -> Tree | None:
    """`dL/dw` or `d/dw {...}`; None where the d is a declared name, and nothing is taken then."""
    first = cursor.next
    sign = differential(first)
    assert first is not None and sign is not None
    if sign == PARTIAL and first.sub is not None:
        return _lowered(reader, cursor)
    slash = _slash(cursor)
    below = cursor.after(slash + 1)
    if not slash or below is None or differential(below) != sign:
        if (
            sign == "d"
            and reader.symbols.values(Spelling("d"))
            and not _is_differential(cursor, reader)
        ):
            return None
        gradient = short(reader, cursor)
        if gradient is not None:
            return gradient
        raise _alone(reader, first)
    _check_first_order(reader, first, below)
    items = [cursor.take() for _ in range(slash + 2)]
    if cursor.next is None:
        raise reader.fail("nothing to derive by", below.span, expected=("a name",))
    name = cursor.take()
    by = by_what(reader, (name,), below.span)
    span = first.span.to(name.span)
    if slash == 1:
        return derive(reader, cursor, by, sign, span, "/")
    rate = Rate(what_of(reader, tuple(items[1:slash]), span), by, sign, "/", span=span)
    return _at_arguments(reader, cursor, rate) if _is_function(rate.of) else rate


def _lowered(reader: Reader, cursor: Cursor) -> Tree:
    r"""`\partial_w L`: what it is taken by stands below the sign."""
    item = cursor.take()
    if item.sup is not None or item.primes:
        raise reader.fail(SECOND, item.span, hint=FIRST)
    by = by_what(reader, item.sub or (), item.span)
    if cursor.next is None or not continues(cursor.next):
        raise reader.fail("a derivative of nothing", item.span, expected=("a name",))
    body = reader.factor(cursor)
    return Rate(body, by, cast(DerivativeSign, PARTIAL), "_", span=item.span.to(body.span))


def _is_differential(cursor: Cursor, reader: Reader) -> bool:
    r"""Whether a d is no size that is called so: `dl = ... do` is about changes of names.

    In an update, `w := w - \alpha dw`, it is the gradient by a weight; behind `dP = ...` any dP is.
    """
    item = cursor.after(1)
    if item is not None and is_known(item, reader):
        return True
    written = None if item is None else written_name(item)
    return (
        reader.of_changes and written is not None and bool(reader.symbols.values(written.spelling))
    )


def _slash(cursor: Cursor) -> int:
    """How far ahead the slash is behind which the lower d stands; 0 where there is none."""
    for ahead in range(1, ITEMS_ABOVE + 2):
        item = cursor.after(ahead)
        if item is None or item.kind == "sign":
            return ahead if item is not None and item.text == "/" else 0
    return 0


def _alone(reader: Reader, item: Item) -> UnreadableError:
    shown = item.text if item.kind != "command" else "d"
    hint = rf"write \frac{{{shown} L}}{{{shown} w}}, or {shown}L/{shown}w"
    if shown == "d":
        hint += "; a name d is to be declared"
    return reader.fail(f"{shown} outside of a derivative", item.span, hint=hint)


def bracketed_rate(reader: Reader, cursor: Cursor) -> Tree | None:
    """`(d w x)/dw`: brackets around what is above a slash; None where there is no such thing."""
    item = cursor.next
    assert item is not None
    inside = tuple(i for i in item.parts[0] if i.kind != "gap") if item.text == "()" else ()
    sign = differential(inside[0]) if len(inside) > 1 and item.is_bare else None
    slash, below = cursor.after(1), cursor.after(2)
    if sign is None or slash is None or slash.text != "/" or differential(below) != sign:
        return None
    _check_first_order(reader, inside[0], below) if below else None
    if cursor.after(3) is None or not inside[1:] or inside[1].text == "/":
        return None
    _, _, lower, name = (cursor.take() for _ in range(4))
    by = by_what(reader, (name,), lower.span)
    of = reader.sequence(inside[1:], item.span)
    return Rate(of, by, sign, "(/)", span=item.span.to(name.span))


# -- nabla ----------------------------------------------------------------------------------------


def nabla(reader: Reader, cursor: Cursor) -> Tree:
    r"""`\nabla w`, or `\nabla_w L`."""
    item = cursor.take()
    if item.sup is not None or item.primes:
        raise reader.fail(SECOND, item.span, hint=FIRST)
    by = None if item.sub is None else reader.sequence(item.sub, item.span)
    if cursor.next is None or not continues(cursor.next):
        raise reader.fail(r"\nabla of nothing", item.span, expected=("a name",))
    body = reader.factor(cursor)
    if by is not None and _is_constant(body):
        body = _with_rest(reader, cursor, body)
    return Nabla(body, by, span=item.span.to(body.span))


def _is_constant(tree: Tree) -> bool:
    r"""Whether a factor is no function of anything, as the 1/2 of `\nabla_w \frac12 \|w\|^2`."""
    entries = [name.reference.entry if name.reference else None for name in names(tree)]
    return all(e is not None and e.kind in ("size", "hyperparameter") for e in entries)


def _with_rest(reader: Reader, cursor: Cursor, first: Tree) -> Tree:
    """A constant with the factors behind it, which a derivative is meant to be of."""
    following = cursor.next
    if following is None or not (cursor.sees(*MULTIPLY) or starts_factor(following)):
        return first
    sign = cursor.take().text if cursor.sees(*MULTIPLY) else ""
    rest = reader.term(cursor)
    return Product((first, rest), (sign,), span=first.span.to(rest.span))
