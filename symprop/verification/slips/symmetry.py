"""Matrices that were taken for symmetric: 2 A x for (A + A^T) x."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.verification.meaning.names import axes_of
from symprop.verification.reading import tree as t
from symprop.verification.slips.making import factors_of, is_plain_product, multiplied, transposed
from symprop.verification.slips.repair import Printed, Repair, said

TWO = t.Number("2")


def symmetric(printed: Printed) -> Iterator[Repair]:
    """Twice a matrix, where it and its transpose should be added up."""
    for place in printed.places:
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


def _body(tree: t.Tree) -> t.Tree:
    return tree.body if isinstance(tree, t.Transpose) else tree


def _is_matrix(tree: t.Tree) -> bool:
    name = t.bare(_body(tree))
    entry = name.reference.entry if isinstance(name, t.Name) and name.reference else None
    return entry is not None and entry.shape is not None and len(axes_of(entry)) == 2
