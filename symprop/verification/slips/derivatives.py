"""A value where its derivative should stand, h for dh/da; the derivative of another function."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.verification.reading import tree as t
from symprop.verification.slips.making import (
    as_factor,
    complement,
    entrywise,
    is_entrywise,
    multiplied,
    squared,
)
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said


def other_slopes(printed: Printed) -> Iterator[Repair]:
    """g (1 - g) for a tanh, and 1 - g^2 for a sigmoid."""
    for place in printed.places:
        if place.in_rate:
            continue
        if isinstance(place.node, t.Product):
            yield from _of_tanh(place, place.node)
        elif (name := _one_minus_square(place.node)) is not None:
            product = t.Product((name, complement(name)), ("",), span=place.node.span)
            sentence = (
                f"1 - {said(name)}^2 is the derivative of a tanh, that of a sigmoid is "
                f"{said(product)}"
            )
            parent = place.parent
            among = parent is not None and is_entrywise(parent)
            new = entrywise(product.factors, parent) if parent and among else product
            yield Repair(place.put(new), "wrong-function", sentence, place.node.span)


def _of_tanh(place: Place, found: t.Product) -> Iterator[Repair]:
    together = entrywise if is_entrywise(found) else multiplied
    for number, name in enumerate(found.factors):
        if not isinstance(name, t.Name) or complement(name) not in found.factors:
            continue
        behind = found.factors.index(complement(name))
        slope = complement(squared(name))
        factors = [slope if n == behind else f for n, f in enumerate(found.factors) if n != number]
        sentence = (
            f"{said(name)}*(1 - {said(name)}) is the derivative of a sigmoid, that of a tanh is "
            f"{said(slope)}"
        )
        span = name.span.to(found.factors[behind].span)
        yield Repair(place.put(together(factors, found)), "wrong-function", sentence, span)


def _one_minus_square(tree: t.Tree) -> t.Name | None:
    """The f of a (1 - f^2) in brackets."""
    body = t.bare(tree) if isinstance(tree, t.Group) else None
    square = body.terms[1] if isinstance(body, t.Sum) and len(body.terms) == 2 else None
    if not isinstance(square, t.Power) or not isinstance(square.base, t.Name):
        return None
    return square.base if tree == complement(squared(square.base)) else None


def undifferentiated(printed: Printed) -> Iterator[Repair]:
    """A step that stands where its derivative by its argument should."""
    chains = printed.vocabulary.chains
    for place in printed.places:
        node = place.node
        if place.in_rate or not isinstance(node, t.Name) or isinstance(place.parent, t.Call):
            continue
        entry = None if node.reference is None else node.reference.entry
        if entry is None or entry.kind != "step" or len(chains.arguments(entry.name)) != 1:
            continue
        for local in chains.locals_of(entry.name):
            sentence = f"{said(node)} should be its derivative, {said(local.tree)}"
            new = place.put(as_factor(local.tree))
            yield Repair(new, "missing-prime", sentence, node.span)
