r"""What is laid out: sums with an index, matrices, cases, conditions, lists, bars."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symprop.verification.reading.commands import RELATIONS
from symprop.verification.reading.errors import Span
from symprop.verification.reading.items import Item, Items, parted
from symprop.verification.reading.names import spelled, subscript_of
from symprop.verification.reading.shapes import shape_of
from symprop.verification.reading.tree import (
    Bars,
    Cases,
    Comparison,
    Indexed,
    IndexSum,
    Inner,
    Listing,
    Matrix,
    Name,
    Sum,
    Text,
    Tree,
    children,
)

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader

SIGNS_OF_RELATIONS = set(RELATIONS)
INEQUALITIES = ("<", ">", r"\leq", r"\geq", r"\neq")
NORM = r"\|\|"
"""The bars of norms; others are those of absolute values, or of determinants."""
DETERMINANT = "det"
"""The brackets of `|X|` where X is a square matrix."""


def index_sum(reader: Reader, cursor: Cursor) -> Tree:
    r"""`\sum_{i=1}^N`, and all that follows up to the end of its term."""
    item = cursor.take()
    if not item.sub:
        hint = r"write \sum_i or \sum_{i=1}^{n}"
        raise reader.fail("a sum without an index", item.span, hint=hint)
    if item.primes:
        raise reader.fail("a prime at a sum sign", item.span, hint="write it behind the sum")
    over, besides = _over(reader, item)
    parts = list(parted(over, "="))
    found = subscript_of(parts[0][0])
    if found is None or len(parts) > 2 or not all(map(_is_index, found[0])):
        hint = r"indices are letters: \sum_i, \sum_{i,j}, \sum_{i=1}^{n}"
        raise reader.fail("this index of a sum is not read", item.sub[0].span, hint=hint)
    lower = reader.sequence(parts[1][0], item.span) if len(parts) == 2 else None
    upper = reader.sequence(item.sup, item.span) if item.sup is not None else None
    if cursor.next is None:
        raise reader.fail("a sum of nothing", item.span, expected=("what is added up",))
    body = _added_up(reader, cursor)
    span = item.span.to(body.span)
    return IndexSum(found[0], body, lower, upper, found[1], besides, span=span)


def _added_up(reader: Reader, cursor: Cursor) -> Tree:
    """The term behind a sum sign, which may have a sign of its own."""
    if not cursor.sees("+", "-"):
        return reader.term(cursor)
    sign = cursor.take()
    body = reader.term(cursor)
    return Sum((body,), (sign.text,), span=sign.span.to(body.span))


def _over(reader: Reader, item: Item) -> tuple[Items, Tree | None]:
    r"""What stands below a sum sign: the indices, and the condition of `\sum_{i \neq j}`."""
    below = item.sub or ()
    parts = list(parted(below, r"\neq"))
    if len(parts) != 2 or len(parts[0][0]) != 1 or has_relation(parts[1][0]):
        return below, None
    return parts[0][0], condition(reader, below, item.span)


def _is_index(text: str) -> bool:
    """Whether a subscript is one letter, perhaps with a prime or a subscript of its own."""
    return text[:1].isalpha() or text[:1] == "\\"


def free_index(tree: Tree, index: str) -> bool:
    """Whether an index is used in an expression, outside of the sums that run over it."""
    if isinstance(tree, IndexSum) and index in tree.indices:
        return False
    if isinstance(tree, Name):
        spelling, reference = tree.spelling, tree.reference
        entry = None if reference is None else reference.entry
        if reference is not None and entry is not None and entry.kind != "local":
            return index in reference.indices or f"({index})" in reference.indices
        return (
            index in spelling.subscript or spelling.base == index or f"({index})" in spelling.marks
        )
    if isinstance(tree, Indexed) and index in tree.indices:
        return True
    return any(free_index(part, index) for part in children(tree))


# -- conditions -----------------------------------------------------------------------------------


def condition(reader: Reader, items: Items, span: Span) -> Tree:
    """Sides with relations between them; one side alone is an expression."""
    parts = list(parted(items, *SIGNS_OF_RELATIONS))
    sides = tuple(reader.sequence(part, span) for part, _ in parts)
    relations = tuple(sign.text for _, sign in parts if sign is not None)
    if not relations:
        return sides[0]
    return Comparison(sides, relations, span=sides[0].span.to(sides[-1].span))


def has_relation(items: Items) -> bool:
    """Whether there is an equals sign, or another relation, outside of brackets."""
    return any(i.kind == "sign" and i.text in SIGNS_OF_RELATIONS for i in items)


def has_words(items: Items) -> bool:
    """Whether there is some text among items."""
    return any(i.kind == "word" and i.style in ("text", "textrm", "mbox", "textit") for i in items)


# -- matrices and cases ---------------------------------------------------------------------------


def matrix(reader: Reader, item: Item) -> Tree:
    """A matrix written out; every row as long as the others."""
    rows = tuple(tuple(reader.sequence(cell, item.span) for cell in row) for row in item.rows)
    if not rows:
        raise reader.fail("a matrix without entries", item.span, expected=("entries",))
    if len({len(row) for row in rows}) > 1:
        counts = ", ".join(str(len(row)) for row in rows)
        hint = "every row has as many entries as the others"
        raise reader.fail(f"a matrix with rows of {counts} entries", item.span, hint=hint)
    return Matrix(rows, item.text, span=item.span)


def cases(reader: Reader, item: Item) -> Tree:
    """Values with their conditions."""
    branches = tuple(_branch(reader, row, item.span) for row in item.rows)
    if not branches:
        raise reader.fail("cases without a value", item.span, expected=("a value",))
    return Cases(branches, span=item.span)


def _branch(reader: Reader, row: tuple[Items, ...], span: Span) -> tuple[Tree, Tree | None]:
    if len(row) > 2:
        raise reader.fail("a case has a value and a condition", span, hint="one & is enough")
    value = reader.sequence(without_trailing(row[0]), span)
    when = condition_of(row)
    if not when:
        return value, None
    if has_words(when) or not has_relation(when):
        return value, _in_words(reader, when)
    return value, condition(reader, when, span)


def _in_words(reader: Reader, when: Items) -> Tree:
    """The one comparison that a condition in words has, `if $z > 0$`; else the words."""
    from symprop.verification.reading.conditions import conditions_of

    found = conditions_of(reader, when)
    if len(found) == 1 and isinstance(found[0], Comparison):
        return replace(found[0], worded=True)
    return Text(spelled_words(when), span=when[0].span.to(when[-1].span))


def condition_of(row: tuple[Items, ...]) -> Items:
    """The condition of a case, without the word `if` that may stand before it."""
    when = without_trailing(row[1]) if len(row) == 2 else ()
    when = tuple(item for item in when if item.kind != "gap")
    if (
        len(when) == 1
        and when[0].text == "()"
        and when[0].is_bare
        and has_relation(when[0].parts[0])
    ):
        when = when[0].parts[0]
    if len(when) > 1 and when[0].kind == "word" and when[0].text.lower() in _IF:
        return when[1:] if not has_words(when[1:]) else when
    return when


_IF = ("if", "for", "when", "where", "falls", "wenn", "für")
"""Words in front of a condition."""


def without_trailing(items: Items) -> Items:
    """Items without the spaces and the comma, full stop or semicolon at their end."""
    end = len(items)
    while end and (items[end - 1].kind == "gap" or items[end - 1].text in (",", ".", ";")):
        end -= 1
    return items[:end]


def spelled_words(items: Items) -> str:
    """Text and the formulas in it, as one text."""
    return " ".join(spelled((item,)) for item in items)


# -- brackets -------------------------------------------------------------------------------------


def listing(reader: Reader, item: Item) -> Tree | None:
    """Several things in brackets; None where there is one alone."""
    inside = item.parts[0]
    parts = list(parted(inside, ",", ";"))
    if len(parts) == 1:
        return None
    if reader.plain and item.text == "[]" and any(sign and sign.text == ";" for _, sign in parts):
        return _plain_matrix(reader, item)
    items, separators = reader.inside(item)
    return Listing(items, item.text, separators, span=item.span)


def _plain_matrix(reader: Reader, item: Item) -> Tree:
    """`[a, b; c, d]`, as a matrix is written on one line."""
    rows = tuple(
        tuple(part for part, _ in parted(row, ",")) for row, _ in parted(item.parts[0], ";")
    )
    return matrix(reader, Item("environment", "[]", rows=rows, span=item.span))


def inner_product(reader: Reader, item: Item) -> Tree:
    r"""`\langle u, v \rangle`."""
    parts, separators = reader.inside(item)
    if len(parts) != 2 or separators != (",",):
        what = f"{len(parts)} things in these brackets"
        hint = r"\langle u, v \rangle is the product of two columns"
        raise reader.fail(what, item.span, hint=hint)
    return Inner(parts[0], parts[1], span=item.span)


def bars(reader: Reader, cursor: Cursor) -> tuple[Tree, Item]:
    r"""`|x|` or `\|x\|`: what is between two bars, and the second one with its scripts."""
    first = cursor.take()
    if not first.is_bare:
        hint = r"write what is between two bars, |x|, or \lvert x \rvert"
        raise reader.fail("a bar with scripts behind nothing", first.span, hint=hint)
    inside: list[Item] = []
    while cursor.next is not None and not (
        cursor.next.kind == "sign" and cursor.next.text == first.text
    ):
        inside.append(cursor.take())
    if cursor.next is None:
        raise reader.fail(
            "this bar is not closed", first.span, hint=r"write |x| or \lvert x \rvert"
        )
    last = cursor.take()
    body = reader.sequence(inside, first.span)
    return _bars(reader, body, first.text * 2, first.span.to(last.span), last)


def fenced_bars(reader: Reader, item: Item) -> tuple[Tree, Item]:
    r"""`\lvert x \rvert` and `\lVert x \rVert`."""
    body = reader.sequence(item.parts[0], item.span)
    kind = r"\|\|" if item.text == r"\lVert\rVert" else "||"
    return _bars(reader, body, kind, item.span, item, item.text)


def _bars(
    reader: Reader, body: Tree, brackets: str, span: Span, item: Item, written: str = ""
) -> tuple[Tree, Item]:
    subscript: tuple[str, ...] = ()
    if item.sub is not None and brackets == NORM:
        found = subscript_of(item.sub)
        if found is None:
            hint = "write a number or a letter"
            raise reader.fail("this subscript of a norm is not read", item.span, hint=hint)
        subscript, item = found[0], replace(item, sub=None)
    tree = Bars(body, brackets, subscript, written or brackets, span=span)
    shape = shape_of(body)
    if brackets == NORM or not shape or shape[0] != shape[-1] or shape[0] == 1:
        return tree, item
    why = "bars around a square matrix stand for its determinant"
    return reader.choose(replace(tree, brackets=DETERMINANT), tree, why), item
