"""A value where its derivative should stand: h for dh/da."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.verification.reading import tree as t
from symprop.verification.slips.making import as_factor
from symprop.verification.slips.repair import Printed, Repair, said


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
