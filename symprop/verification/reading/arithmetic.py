r"""Sums and products: the signs between terms and factors, and what binds how tightly.

From loosely to tightly: `+` and `-`; `\odot`, `\circ` and `\oslash`, which go entry by entry, and
`\otimes`;
factors side by side and with `\cdot`, `\times`, `*`, `@` or `/` between them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symprop.verification.reading.items import Item
from symprop.verification.reading.structures import free_index, has_relation
from symprop.verification.reading.tree import (
    Call,
    Derive,
    Fraction,
    Group,
    IndexSum,
    Name,
    Number,
    Product,
    Rate,
    Sum,
    Tree,
    bare,
)
from symprop.verification.substitution import mapped

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader

OUTER = r"\otimes"
ENTRYWISE = (r"\odot", r"\circ", r"\oslash", OUTER)
MULTIPLY = (r"\cdot", r"\times", "*", "@")
DIVIDE = ("/", r"\div")
OPERATORS = ("+", "-", *ENTRYWISE, *MULTIPLY, *DIVIDE)
"""The signs between two terms or factors."""


def expression(reader: Reader, cursor: Cursor) -> Tree:
    """Terms with a plus or a minus between them."""
    start = cursor.here
    signs = [cursor.take().text if cursor.sees("+", "-") else ""]
    terms = [term(reader, cursor)]
    while cursor.sees("+", "-"):
        signs.append(cursor.take().text)
        terms.append(term(reader, cursor))
    if cursor.sees(r"\pm", r"\mp"):
        hint = "write the two formulas one by one"
        raise reader.fail("plus or minus is two formulas", cursor.here, hint=hint)
    if len(terms) == 1 and not signs[0]:
        return terms[0]
    tree = Sum(tuple(terms), tuple(signs), span=start.to(terms[-1].span))
    _check_open_ends(reader, tree)
    return tree


def _check_open_ends(reader: Reader, tree: Sum) -> None:
    """What a sum sign or a d/dw without brackets in front of a sum may also reach over."""
    for place, found in enumerate(tree.terms[:-1]):
        last = found
        while isinstance(last, Product):
            last = last.factors[-1]
        rest = tree.terms[place:]
        if isinstance(last, IndexSum) and any(
            free_index(later, index) for later in rest[1:] for index in last.indices
        ):
            hint = "put brackets around what is added up"
            raise reader.fail("its index is used behind this sum as well", last.span, hint=hint)
        if isinstance(last, Derive) and bare(last.body) is last.body and last is found:
            body = Sum((last.body, *rest[1:]), ("", *tree.signs[place + 1 :]), span=tree.span)
            other: Tree = Derive(last.by, body, last.sign, span=tree.span)
            if place or tree.signs[0]:
                terms, signs = (*tree.terms[:place], other), tree.signs[: place + 1]
                other = Sum(terms, signs, span=tree.span)
            reader.choose(tree, other, "a derivative is taken of the next term alone")


def term(reader: Reader, cursor: Cursor) -> Tree:
    """Products with signs between them that go entry by entry."""
    parts = [product(reader, cursor)]
    signs: list[str] = []
    while cursor.sees(*ENTRYWISE):
        sign = cursor.take().text
        following = product(reader, cursor)
        if sign == r"\oslash":
            above = _entrywise(reader, parts, signs)
            parts, signs = (
                [Fraction(above, following, sign, span=above.span.to(following.span))],
                [],
            )
        else:
            parts.append(following)
            signs.append(sign)
    return _entrywise(reader, parts, signs)


def _entrywise(reader: Reader, parts: list[Tree], signs: list[str]) -> Tree:
    """A product entry by entry; `A b \\odot c` may also mean A (b \\odot c)."""
    if not signs:
        return parts[0]
    span = parts[0].span.to(parts[-1].span)
    taken = Product(tuple(parts), tuple(signs), span=span)
    if OUTER in signs:
        if len(set(signs)) > 1:
            hint = "write brackets"
            raise reader.fail(rf"{OUTER} beside another product", span, hint=hint)
        return taken
    if all(_is_scaled(part) for part in parts):
        return taken
    factors: list[Tree] = []
    between: list[str] = []
    for place, part in enumerate(parts):
        inner = part.factors if isinstance(part, Product) else (part,)
        inner_signs = part.signs if isinstance(part, Product) else ()
        if place:
            before = factors.pop()
            pair = before.span.to(inner[0].span)
            inner = (Product((before, inner[0]), (signs[place - 1],), span=pair), *inner[1:])
        factors += inner
        between += inner_signs
    if len(factors) == 1:
        return taken
    other = Product(tuple(factors), tuple(between), span=span)
    return reader.choose(taken, other, "products entry by entry bind less tightly than others")


def entrywise(tree: Tree) -> Tree:
    r"""A tree in which `\otimes` goes entry by entry, as some write it; the same without any."""

    def rule(part: Tree) -> Tree | None:
        if not isinstance(part, Product) or OUTER not in part.signs:
            return None
        factors = tuple(map(entrywise, part.factors))
        return replace(part, factors=factors, signs=(r"\odot",) * len(part.signs))

    return mapped(tree, rule)


def _is_scaled(part: Tree) -> bool:
    """Whether a product holds one factor that is no number for certain, at most."""
    factors = part.factors if isinstance(part, Product) else (part,)
    return sum(not _is_number(factor) for factor in factors) <= 1


def _is_number(tree: Tree) -> bool:
    """Whether an expression is a number, no matrix, by its form."""
    tree = bare(tree)
    if isinstance(tree, Fraction):
        return _is_number(tree.above) and _is_number(tree.below)
    if isinstance(tree, Name) and tree.reference and tree.reference.entry:
        return tree.reference.entry.shape == ()
    return isinstance(tree, Number)


def product(reader: Reader, cursor: Cursor) -> Tree:
    """Factors side by side, or with signs between them."""
    factors = [reader.factor(cursor)]
    signs: list[str] = []
    slashed = False
    while cursor.next is not None:
        if cursor.sees(*MULTIPLY):
            signs.append(cursor.take().text)
            factors.append(_signed(reader, cursor))
            slashed = False
        elif cursor.sees(*DIVIDE):
            slash = cursor.take()
            if slashed:
                raise reader.fail("two slashes in a row", slash.span, hint="write brackets")
            below = _signed(reader, cursor)
            above = _product(factors, signs)
            span = above.span.to(below.span)
            factors, signs, slashed = [Fraction(above, below, slash.text, span=span)], [], True
        elif starts_factor(cursor.next):
            item = cursor.next
            if not _may_be_followed(factors[-1], cursor):
                check_side_by_side(reader, factors[-1], item)
            following = reader.factor(cursor)
            if slashed:
                factors[-1] = _after_slash(reader, factors[-1], following)
                slashed = False
            signs.append("")
            factors.append(following)
        else:
            break
    return _with_derivative(reader, _product(factors, signs))


def _with_derivative(reader: Reader, tree: Tree) -> Tree:
    """What a d/dw with brackets in front of further factors may also reach over."""
    if not isinstance(tree, Product):
        return tree
    for place, found in enumerate(tree.factors[:-1]):
        if isinstance(found, Derive):
            inside = Product(
                (found.body, *tree.factors[place + 1 :]), tree.signs[place:], span=tree.span
            )
            reaching = Derive(found.by, inside, found.sign, span=tree.span)
            other = _product([*tree.factors[:place], reaching], list(tree.signs[:place]))
            return reader.choose(tree, other, "a derivative is taken of the brackets behind it")
    return tree


def _product(factors: list[Tree], signs: list[str]) -> Tree:
    if len(factors) == 1:
        return factors[0]
    span = factors[0].span.to(factors[-1].span)
    return Product(tuple(factors), tuple(signs), span=span)


def _signed(reader: Reader, cursor: Cursor) -> Tree:
    """A factor behind a sign, which may be negative: `2 * -3`."""
    if not cursor.sees("+", "-"):
        if cursor.next is None:
            raise reader.fail("a factor is missing", cursor.here, expected=("a factor",))
        return reader.factor(cursor)
    sign = cursor.take()
    inside = reader.factor(cursor)
    return Sum((inside,), (sign.text,), span=sign.span.to(inside.span))


def _after_slash(reader: Reader, fraction: Tree, following: Tree) -> Tree:
    """What `1/2 x` means: a number over a number is a factor, and what is in front of a sum sign.

    Of names it is not certain.
    """
    assert isinstance(fraction, Fraction)
    below = Product((fraction.below, following), ("",), span=fraction.below.span.to(following.span))
    span = fraction.span.to(following.span)
    over = Fraction(fraction.above, below, "/", span=span)
    numbers = isinstance(fraction.above, Number) and isinstance(fraction.below, Number)
    if numbers or isinstance(following, IndexSum):
        return fraction
    taken = Product((fraction, following), ("",), span=span)
    hint = "write brackets or a fraction with a bar"
    raise reader.ambiguous("a product behind a slash", taken, over, hint=hint)


_STARTS = {r"\partial", r"\nabla", r"\sum", r"\prod", r"\int", r"\dots", r"\infty", "|", r"\|"}


def starts_factor(item: Item) -> bool:
    """Whether a factor may begin with an item."""
    return item.kind != "sign" or (item.text in _STARTS)


def _may_be_followed(before: Tree, cursor: Cursor) -> bool:
    """Whether a number behind a factor is one of the product: what is before it is closed."""
    following = cursor.after(1)
    if following is None or following.kind == "number" or not starts_factor(following):
        return False
    if isinstance(before, Fraction | Rate):
        return getattr(before, "sign", "") == "frac" or getattr(before, "form", "") == "frac"
    return isinstance(before, Group) or (isinstance(before, Call) and before.brackets != "")


def check_side_by_side(reader: Reader, before: Tree, item: Item) -> None:
    """Refuse a number directly behind a factor: `w1` and `x 2` may mean anything."""
    if item.kind != "number" or has_relation(item.sub or ()):
        return  # 1_{a > 0} is one of two numbers, and no digit of a name
    while isinstance(before, Product | Sum):
        before = before.factors[-1] if isinstance(before, Product) else before.terms[-1]
    if isinstance(before, Number):
        raise reader.fail("two numbers side by side", item.span, hint=r"write \cdot between them")
    raise reader.fail(
        f"the number {item.text} directly behind a factor",
        item.span,
        hint=rf"write _{{{item.text}}} for a subscript, ^{{{item.text}}} for a power, "
        rf"\cdot {item.text} for a product",
    )
