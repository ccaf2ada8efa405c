r"""What stands at a base: exponents, the top of a transpose, indices, primes, points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symprop.verification.reading.errors import Span
from symprop.verification.reading.items import Item, Items, parted
from symprop.verification.reading.names import subscript_of
from symprop.verification.reading.structures import condition
from symprop.verification.reading.tree import (
    At,
    Fraction,
    Group,
    Indexed,
    Name,
    Number,
    Power,
    Primed,
    Product,
    Spelling,
    Sum,
    Text,
    Transpose,
    Tree,
    names,
)

if TYPE_CHECKING:
    from symprop.verification.reading.reader import Cursor, Reader

LARGEST_EXPONENT = 1000.0


def with_scripts(reader: Reader, tree: Tree, item: Item) -> Tree:
    """A base that is no name, with the scripts of its item."""
    if item.sub is not None:
        tree = indexed(reader, tree, item.sub, item.span)
    if item.primes:
        tree = Primed(tree, item.primes, span=item.span)
    if item.sup is not None:
        tree = raised(reader, tree, item.sup, item.span)
    return tree


def indexed(reader: Reader, tree: Tree, sub: Items, span: Span) -> Tree:
    """One entry of an expression."""
    found = subscript_of(sub)
    if found is None:
        where = sub[0].span if sub else span
        raise reader.fail("this subscript is not read", where, expected=("indices",))
    return Indexed(tree, found[0], found[1], span=span)


def raised(reader: Reader, base: Tree, items: Items, span: Span) -> Tree:
    """A base with a superscript: a transpose, a power, a power entry by entry."""
    items = tuple(item for item in items if item.kind != "gap")
    if not items:
        raise reader.fail("an empty superscript", span, expected=("an exponent",))
    first, *rest = items
    if len(items) > 1 and items[-1].text == r"\top" and first.text != "-":
        return Transpose(raised(reader, base, items[:-1], span), r"\top", span=span)
    if len(items) == 1 and is_transpose(first):
        return _transposed(reader, base, first, span)
    if len(items) == 2 and first.text == "-" and is_transpose(items[1]):
        return Transpose(base, transpose_sign(items[1]), inverted=True, span=span)
    if len(items) == 1 and first.text in ("*", r"\dagger", "+"):
        hint = "only names have marks"
        raise reader.fail(f"the mark {first.text} at what is no name", first.span, hint=hint)
    if first.text in (r"\odot", r"\circ") and rest and first.is_bare:
        exponent = reader.sequence(rest, span)
        return Power(base, checked(reader, exponent), first.text, span=span)
    exponent = reader.sequence(items, span)
    if isinstance(base, Name):
        unknown = next((name for name in names(exponent) if name.reference is None), None)
        if unknown is not None:
            reason = "this may be a power or a mark: a name in it is not declared"
            raise reader.fail(reason, unknown.span, hint="write ^{(...)} for a mark")
    return Power(base, checked(reader, exponent), span=span)


def _transposed(reader: Reader, base: Tree, top: Item, span: Span) -> Tree:
    """A transpose; where T is a declared name, of what is no matrix for certain a power too."""
    tree = Transpose(base, transpose_sign(top), span=span)
    declared = top.kind == "letter" and reader.symbols.values(Spelling("T"))
    entry = base.reference.entry if isinstance(base, Name) and base.reference else None
    if not declared or (entry is not None and entry.shape):
        return tree
    other = Power(base, reader.sequence((top,), span), span=span)
    return reader.choose(tree, other, "T above stands for a transpose")


def is_transpose(item: Item) -> bool:
    r"""Whether a superscript is the top of a transpose: T, \top, an upright T."""
    if not item.is_bare:
        return False
    if item.text == r"\top" or (item.kind == "word" and item.text == "T"):
        return True
    if item.kind == "command" and len(item.parts) == 1:
        return len(item.parts[0]) == 1 and item.parts[0][0].text == "T"
    return item.kind == "letter" and item.text == "T"


def transpose_sign(item: Item) -> str:
    """How the top of a transpose is written."""
    return "T" if item.text != r"\top" else r"\top"


def checked(reader: Reader, exponent: Tree) -> Tree:
    """Refuse an exponent that is a number beyond all use."""
    try:
        size = _size(exponent)
    except OverflowError:
        size = 2 * LARGEST_EXPONENT
    if size is not None and abs(size) > LARGEST_EXPONENT:
        hint = f"exponents go up to {LARGEST_EXPONENT:.0f}"
        raise reader.fail("this exponent is too large", exponent.span, hint=hint)
    return exponent


def _size(tree: Tree) -> float | None:
    """The value of an expression of numbers alone, roughly; None where it holds a name."""
    match tree:
        case Number(text):
            return float(text)
        case Group(body):
            return _size(body)
        case Power(base, exponent):
            below, above = _size(base), _size(exponent)
            if not below or above is None:
                return None
            return float(abs(below) ** min(above, LARGEST_EXPONENT))
        case Product(factors) | Sum(factors):
            sizes = [_size(factor) for factor in factors]
            if any(size is None for size in sizes):
                return None
            numbers = [abs(size) for size in sizes if size is not None]
            return max(numbers) if isinstance(tree, Sum) else _multiplied(numbers)
        case Fraction(above, below):
            return _size(above)
    return None


def _multiplied(numbers: list[float]) -> float:
    size = 1.0
    for number in numbers:
        size *= number
    return size


def with_points(reader: Reader, tree: Tree, cursor: Cursor) -> Tree:
    """An expression at a point: `f|_{x=1}`."""
    bar = cursor.next
    while bar is not None and bar.text == "|" and bar.kind == "sign" and bar.sub is not None:
        cursor.take()
        if bar.sup is not None or bar.primes:
            raise reader.fail("a superscript at a bar", bar.span, hint="put brackets around it")
        points = tuple(_points(reader, bar.sub, bar.span))
        tree = At(tree, points, span=tree.span.to(bar.span))
        bar = cursor.next
    return tree


def _points(reader: Reader, items: Items, span: Span) -> list[Tree]:
    found: list[Tree] = []
    for part, _ in parted(items, ",", ";"):
        if (
            len(part) == 1
            and part[0].kind == "word"
            and not reader.symbols.identifiers.get(part[0].text)
        ):
            found.append(Text(part[0].text, span=part[0].span))
        else:
            found.append(condition(reader, part, span))
    return found
