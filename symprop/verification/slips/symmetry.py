"""Matrices that were taken for symmetric: 2 A x for (A + A^T) x, A x for (A + A^T) x / 2."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.verification.meaning.names import axes_of
from symprop.verification.reading import tree as t
from symprop.verification.slips.making import (
    ONE,
    factors_of,
    is_plain_product,
    multiplied,
    transposed,
)
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said

TWO = t.Number("2")


def symmetric(printed: Printed) -> Iterator[Repair]:
    """A matrix or twice it, where it and its transpose should be added up."""
    for place in printed.places:
        if not place.in_rate and _is_matrix(place.node):
            yield from _halved(place)
        if place.in_rate or not is_plain_product(place.node):
            continue
        factors = list(factors_of(place.node))
        for twice, two in enumerate(factors):
            for number, factor in enumerate(factors):
                if two != TWO or not _is_matrix(factor):
                    continue
                both = t.Sum((factor, transposed(factor)), ("", "+"), span=factor.span)
                group = t.Group(both, span=factor.span)
                new = [group if f is factor else f for n, f in enumerate(factors) if n != twice]
                sentence = (
                    f"2*{said(factor)} is right for a symmetric {said(_body(factor))} alone: "
                    f"it should be {said(both)}"
                )
                tree = place.put(multiplied(new, place.node))
                span = two.span.to(factors[number].span)
                yield Repair(tree, "transpose", sentence, span)


def _halved(place: Place) -> Iterator[Repair]:
    matrix = place.node
    both = t.Group(t.Sum((matrix, transposed(matrix)), ("", "+"), span=matrix.span))
    half = t.Fraction(ONE, TWO, span=matrix.span)
    new = t.Product((half, both), ("",), span=matrix.span)
    sentence = (
        f"{said(matrix)} is right for a symmetric {said(_body(matrix))} alone: "
        f"it should be {said(new)}"
    )
    yield Repair(place.put(_grouped(new, place)), "transpose", sentence, matrix.span)


def _grouped(tree: t.Tree, place: Place) -> t.Tree:
    """A product in brackets, unless it is alone or a term."""
    alone = place.parent is None or isinstance(place.parent, t.Sum | t.Group | t.Product)
    return tree if alone else t.Group(tree, span=tree.span)


def _body(tree: t.Tree) -> t.Tree:
    return tree.body if isinstance(tree, t.Transpose) else tree


def _is_matrix(tree: t.Tree) -> bool:
    name = t.bare(_body(tree))
    entry = name.reference.entry if isinstance(name, t.Name) and name.reference else None
    return entry is not None and entry.shape is not None and len(axes_of(entry)) == 2
