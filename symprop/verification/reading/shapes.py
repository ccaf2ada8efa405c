"""The shape of what a text defines, where it follows from the declared shapes without a value."""

from __future__ import annotations

from functools import singledispatch

from symprop.expression.nodes import Shape
from symprop.functions.vocabulary import VOCABULARY, Elementwise
from symprop.verification.reading import tree as t
from symprop.verification.reading.entries import WHOLE, Entry


@singledispatch
def shape_of(tree: t.Tree) -> Shape | None:
    """The shape of an expression, () for a number; None where it is not known."""
    return None


@shape_of.register
def _(tree: t.Number | t.IndexSum | t.Nabla) -> Shape | None:
    return () if isinstance(tree, t.Number) else shape_of(tree.body)


@shape_of.register
def _(tree: t.Name) -> Shape | None:
    reference = tree.reference
    entry = None if reference is None else reference.entry
    if reference is None or entry is None or entry.shape is None:
        return None
    if not reference.indices:
        return entry.shape
    if WHOLE in reference.indices and len(reference.indices) == len(entry.shape):
        kept = [e for e, i in zip(entry.shape, reference.indices, strict=True) if i == WHOLE]
        return (kept[0], 1) if len(kept) == 1 else entry.shape
    return () if len(reference.indices) == axes(entry) else None


def axes(entry: Entry) -> int:
    """How many indices an entry of a value has."""
    return len(entry.shape or ()) - (1 if entry.shape and 1 in entry.shape else 0)


@shape_of.register
def _(tree: t.Group | t.Boxed | t.Primed) -> Shape | None:
    return shape_of(tree.body)


@shape_of.register
def _(tree: t.Sum) -> Shape | None:
    return _largest([shape_of(term) for term in tree.terms])


@shape_of.register
def _(tree: t.Fraction) -> Shape | None:
    return _largest([shape_of(tree.above), shape_of(tree.below)])


@shape_of.register
def _(tree: t.Product) -> Shape | None:
    shapes = [shape_of(factor) for factor in tree.factors]
    if r"\otimes" in tree.signs:
        first, last = shapes[0], shapes[-1]
        return (first[0], last[0]) if len(shapes) == 2 and first and last else None
    if {r"\odot", r"\circ"} & set(tree.signs):
        return _largest(shapes)
    if None in shapes:
        return None
    matrices = [shape for shape in shapes if shape]
    if len(matrices) < 2:
        return matrices[0] if matrices else ()
    shape = (matrices[0][0], matrices[-1][-1])
    return () if shape == (1, 1) else shape


@shape_of.register
def _(tree: t.Bars | t.Inner | t.Indexed) -> Shape | None:
    return () if not isinstance(tree, t.Bars) or tree.brackets != "||" else shape_of(tree.body)


@shape_of.register
def _(tree: t.Power) -> Shape | None:
    r"""`h^2` of a column is that of its entries; a matrix may be multiplied by itself."""
    base = shape_of(tree.base)
    return base if shape_of(tree.exponent) == () and (base == () or 1 in (base or ())) else None


@shape_of.register
def _(tree: t.Transpose) -> Shape | None:
    shape = shape_of(tree.body)
    return None if shape is None else shape[::-1]


@shape_of.register
def _(tree: t.Rate) -> Shape | None:
    r"""That of what a number is differentiated by."""
    return shape_of(tree.by) if shape_of(tree.of) == () else None


@shape_of.register
def _(tree: t.Call) -> Shape | None:
    head = tree.head
    entry = head.reference.entry if isinstance(head, t.Name) and head.reference else None
    if entry is not None and entry.kind in ("step", "loss"):
        return entry.shape
    if len(tree.arguments) == 1 and (isinstance(head, t.Primed) or _acts_entrywise(entry)):
        return shape_of(tree.arguments[0])
    return () if all(shape_of(argument) == () for argument in tree.arguments) else None


def _acts_entrywise(entry: Entry | None) -> bool:
    """Whether a function of the vocabulary takes a matrix entry by entry."""
    return entry is not None and isinstance(VOCABULARY.get(entry.name), Elementwise)


def _largest(shapes: list[Shape | None]) -> Shape | None:
    """The shape of what is put together entry by entry: numbers go with any other shape.

    So what is not known says nothing beside a matrix.
    """
    found = set(shapes) - {(), None}
    if len(found) > 1 or (not found and None in shapes):
        return None
    return found.pop() if found else ()
