r"""Factors: what the first item of one decides, in a table from kinds and commands to rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from symprop.verification.reading import fidelity, rates
from symprop.verification.reading.applications import named
from symprop.verification.reading.commands import MATRICES
from symprop.verification.reading.errors import UnreadableError
from symprop.verification.reading.functions import EXTREMA
from symprop.verification.reading.indicators import bold, capital, indicated, sized
from symprop.verification.reading.items import Item, Items, parted
from symprop.verification.reading.names import spelled
from symprop.verification.reading.scripts import is_transpose, raised, with_points, with_scripts
from symprop.verification.reading.shorthand import small_delta
from symprop.verification.reading.structures import (
    INEQUALITIES,
    SIGNS_OF_RELATIONS,
    bars,
    cases,
    condition,
    fenced_bars,
    index_sum,
    inner_product,
    listing,
    matrix,
)
from symprop.verification.reading.tree import (
    Boxed,
    Constant,
    Dots,
    Group,
    Indicator,
    Listing,
    Number,
    Product,
    Rate,
    Root,
    Sum,
    Text,
    Tree,
    walk,
)

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader

Rule: TypeAlias = "Callable[[Reader, Cursor], Tree]"


def factor(reader: Reader, cursor: Cursor) -> Tree:
    """One factor with its scripts; the cursor goes behind it."""
    item = cursor.next
    if item is None:
        raise reader.fail("a factor is missing", cursor.here, expected=("a factor",))
    rule = RULES.get((item.kind, item.text)) or RULES.get((item.kind, ""))
    if rates.differential(item):
        rate = rates.inline_rate(reader, cursor)
        tree = rate if rate is not None else named(reader, cursor)
    elif rule is None:
        raise _no_factor(reader, item)
    else:
        tree = rule(reader, cursor)
    return with_points(reader, tree, cursor)


def _no_factor(reader: Reader, item: Item) -> UnreadableError:
    if item.kind == "group":
        hint = "braces do not show on paper: write brackets"
        return reader.fail("scripts at braces around more than a name", item.span, hint=hint)
    if item.kind == "sign" and item.text in _UNREAD:
        reason, hint = _UNREAD[item.text]
        return reader.fail(reason, item.span, hint=hint)
    if item.kind == "sign" and item.text in ("+", "-"):
        return reader.fail("two signs in a row", item.span, hint="put brackets around the second")
    return reader.unexpected(item, "a name", "a number", "a bracket")


_UNREAD = {
    r"\prod": (
        "products over an index are not read",
        r"write the factors, with \dots between them",
    ),
    r"\int": ("integrals are not read", "only sums, products and functions are"),
    r"\pm": ("plus or minus is two formulas", "write the two one by one"),
    **dict.fromkeys(
        (r"\vdots", r"\ddots"),
        ("a matrix with dots is not read", "write the line for one entry, with an index"),
    ),
}


# -- numbers, roots, brackets ---------------------------------------------------------------------


def _number(reader: Reader, cursor: Cursor) -> Tree:
    item = cursor.take()
    indicator = indicated(reader, cursor, item, "1") if item.text == "1" else None
    if indicator is not None:
        return indicator
    transposed = len(item.sup or ()) == 1 and is_transpose((item.sup or ())[0])
    if item.text == "1" and not item.primes and (item.sub is not None or transposed):
        return sized(reader, item, "1")
    if item.sub is not None or item.primes:
        hint = "only names have subscripts"
        raise reader.fail("a number with a subscript or a prime", item.span, hint=hint)
    tree = Number(item.text, span=item.span)
    return tree if item.sup is None else raised(reader, tree, item.sup, item.span)


def _root(reader: Reader, cursor: Cursor) -> Tree:
    item = cursor.take()
    body = reader.sequence(item.parts[0], item.span)
    return with_scripts(reader, Root(body, span=item.span), item)


def _fraction(reader: Reader, cursor: Cursor) -> Tree:
    item = cursor.next
    assert item is not None
    return with_scripts(reader, rates.fraction(reader, cursor), item)


def _bracket(reader: Reader, cursor: Cursor) -> Tree:
    rate = rates.bracketed_rate(reader, cursor)
    if rate is not None:
        return rate
    item = cursor.take()
    if item.text in (r"\lvert\rvert", r"\lVert\rVert"):
        tree, item = fenced_bars(reader, item)
    elif item.text == r"\langle\rangle":
        tree = inner_product(reader, item)
    else:
        tree = _inside(reader, item)
    return with_scripts(reader, tree, item)


def _inside(reader: Reader, item: Item) -> Tree:
    inside = item.parts[0]
    if not inside:
        raise reader.fail("nothing is in these brackets", item.span, expected=("an expression",))
    if item.text == "[]" and any(i.text in SIGNS_OF_RELATIONS for i in inside if i.kind == "sign"):
        return _indicator(reader, item)
    if item.text == "()" and any(i.text in INEQUALITIES for i in inside if i.kind == "sign"):
        return Indicator(condition(reader, inside, item.span), "", "()", span=item.span)
    several = listing(reader, item)
    if several is not None:
        return several
    (body,), _ = reader.inside(item)
    if item.text == "[]" and _is_list(body):
        assert isinstance(body, Product)
        listed = Listing(body.factors, "[]", body.signs, span=item.span)
        why = "derivatives of one thing by several, side by side in [ ], are a list"
        return reader.choose(listed, Group(body, "[]", span=item.span), why)
    return Group(body, item.text, span=item.span)


def _is_list(body: Tree) -> bool:
    """Whether a product is one of derivatives of the same thing by different names."""
    if not isinstance(body, Product) or set(body.signs) != {""}:
        return False
    rates_found = [factor for factor in body.factors if isinstance(factor, Rate)]
    if len(rates_found) < len(body.factors):
        return False
    by = [rate.by for rate in rates_found]
    return all(rate.of == rates_found[0].of for rate in rates_found) and len(set(by)) == len(by)


def _indicator(reader: Reader, item: Item) -> Tree:
    """`[a > 0]`; in plain text `[dL/da = delta]` is a box with its name."""
    inside = item.parts[0]
    parts = list(parted(inside, "="))
    if reader.plain and len(parts) == 2 and not _compares(inside):
        body = reader.sequence(parts[0][0], item.span)
        if any(isinstance(part, Rate) for part in walk(body)):
            label = reader.sequence(parts[1][0], item.span)
            return Boxed(body, "[=]", label, span=item.span)
    return Indicator(condition(reader, inside, item.span), span=item.span)


def _compares(items: Items) -> bool:
    return any(i.text in SIGNS_OF_RELATIONS - {"="} for i in items if i.kind == "sign")


def _bars(reader: Reader, cursor: Cursor) -> Tree:
    tree, last = bars(reader, cursor)
    return with_scripts(reader, tree, last)


# -- boxes and words ------------------------------------------------------------------------------


def _boxed(reader: Reader, cursor: Cursor) -> Tree:
    item = cursor.take()
    inside = item.parts[-1]
    if len(inside) == 1 and inside[0].text == r"\cdot":
        body: Tree = Dots(r"\cdot", span=inside[0].span)  # what stood in the box before
    else:
        body = reader.sequence(inside, item.span)
    if item.text not in ("underbrace", "overbrace"):
        return with_scripts(reader, Boxed(body, item.text, span=item.span), item)
    label, beside = (item.sub, item.sup) if item.text == "underbrace" else (item.sup, item.sub)
    if beside is not None or item.primes:
        raise reader.fail("a script beside a brace", item.span, hint="put brackets around it")
    _check_brace(reader, cursor, body, item)
    tree = None if label is None else _label(reader, label, item)
    return Boxed(body, item.text, tree, span=item.span)


def _check_brace(reader: Reader, cursor: Cursor, body: Tree, item: Item) -> None:
    """Refuse a sum over a brace beside factors: a brace is no bracket."""
    if not isinstance(body, Sum):
        return
    before = cursor.items[cursor.place - 2] if cursor.place > 1 else None
    alone = cursor.next is None or cursor.next.text in ("+", "-")
    first = before is None or before.text == "+"
    if not (first and (alone or len(body.terms) == 1)):
        hint = "write brackets around it"
        raise reader.fail("a sum at a brace, beside other factors", item.span, hint=hint)


def _labelled(reader: Reader, cursor: Cursor) -> Tree:
    r"""`\underset{label}{...}`: a name for a box, or what varies below a `\min`."""
    item = cursor.next
    assert item is not None
    label, base = item.parts
    if len(base) == 1 and base[0].kind == "word" and base[0].text in EXTREMA:
        moved = Item("word", base[0].text, sub=label, style="named", span=item.span)
        cursor.items = (*cursor.items[: cursor.place], moved, *cursor.items[cursor.place + 1 :])
        return named(reader, cursor)
    cursor.take()
    body = reader.sequence(base, item.span)
    if not isinstance(body, Boxed) or body.label is not None:
        hint = r"write \underset{label}{\boxed{...}}"
        raise reader.fail(rf"\{item.text} is read at boxes alone", item.span, hint=hint)
    labelled = Boxed(body.body, body.frame, _label(reader, label, item), span=item.span)
    return with_scripts(reader, labelled, item)


def _label(reader: Reader, label: Items, item: Item) -> Tree:
    """What is written at a box or a brace: an expression, or else words."""
    try:
        tree = reader.sequence(label, item.span)
        fidelity.check(tree, label, reader.source, item.span)
    except UnreadableError:
        return Text(spelled(label), span=item.span)
    return tree


def _environment(reader: Reader, cursor: Cursor) -> Tree:
    item = cursor.take()
    if item.text == "cases":
        return with_scripts(reader, cases(reader, item), item)
    if item.text in MATRICES:
        return with_scripts(reader, matrix(reader, item), item)
    hint = "an environment of rows is a formula of its own"
    raise reader.fail(rf"\begin{{{item.text}}} inside of a formula", item.span, hint=hint)


def _delta(reader: Reader, cursor: Cursor) -> Tree:
    return small_delta(reader, cursor) or named(reader, cursor)


def _dots(reader: Reader, cursor: Cursor) -> Tree:
    item = cursor.take()
    if not item.is_bare:
        raise reader.fail("dots with scripts", item.span, hint="write the dots alone")
    return Dots(item.text, span=item.span)


def _infinity(reader: Reader, cursor: Cursor) -> Tree:
    item = cursor.take()
    return with_scripts(reader, Constant(item.text, span=item.span), item)


RULES: dict[tuple[str, str], Rule] = {
    ("number", ""): _number,
    ("letter", ""): named,
    ("letter", "I"): capital,
    ("letter", r"\delta"): _delta,
    ("word", ""): named,
    ("command", ""): named,
    ("command", "mathbf"): bold,
    ("command", "mathbb"): bold,
    ("command", "frac"): _fraction,
    ("command", "sqrt"): _root,
    ("command", "boxed"): _boxed,
    ("command", "underbrace"): _boxed,
    ("command", "overbrace"): _boxed,
    ("command", "underset"): _labelled,
    ("command", "overset"): _labelled,
    ("fence", ""): _bracket,
    ("environment", ""): _environment,
    ("sign", r"\nabla"): rates.nabla,
    ("sign", r"\sum"): index_sum,
    ("sign", r"\dots"): _dots,
    ("sign", r"\infty"): _infinity,
    ("sign", "|"): _bars,
    ("sign", r"\|"): _bars,
}
