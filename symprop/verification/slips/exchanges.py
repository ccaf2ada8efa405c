"""Two names in each other's places; one name for another at two places, not at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from symprop.verification.reading import tree as t
from symprop.verification.slips.naming import VARIED
from symprop.verification.slips.repair import Printed, Repair, said
from symprop.verification.substitution import with_names

MOST_NAMES = 12
"""In formulas of more names no two are exchanged."""


def exchanged_names(printed: Printed) -> Iterator[Repair]:
    """Two names that stand in each other's places, wherever they stand or at one place each."""
    found = {name.spelling: name for name in t.names(printed.tree) if _may_vary(name)}
    if len(found) > MOST_NAMES:
        return
    for one, other in combinations(found.values(), 2):
        if _kind(one) != _kind(other):
            continue
        sentence = f"{said(one)} and {said(other)} stand in each other's place"
        new = with_names(printed.tree, _exchange(one, other))
        yield Repair(new, "wrong-name", sentence, one.span.to(other.span))
        yield from _once(printed.tree, one, other, sentence)


def _exchange(one: t.Name, other: t.Name) -> _Renaming:
    return _Renaming({one.spelling: other, other.spelling: one})


class _Renaming:
    def __init__(self, names: dict[t.Spelling, t.Name]) -> None:
        self.names = names

    def __call__(self, name: t.Name) -> t.Name | None:
        return self.names.get(name.spelling)


def _once(tree: t.Tree, one: t.Name, other: t.Name, sentence: str) -> Iterator[Repair]:
    """One place of each, where there are several."""
    places = [[n for n in t.names(tree) if n.spelling == m.spelling] for m in (one, other)]
    if max(map(len, places)) < 2:
        return
    for first in places[0]:
        for second in places[1]:
            new = t.replaced(t.replaced(tree, first, _copy(second)), second, _copy(first))
            yield Repair(new, "wrong-name", sentence, first.span.to(second.span))


def _copy(name: t.Name) -> t.Name:
    return t.Name(name.spelling, name.reference, name.commas, name.wrapped, span=name.span)


def neighbours(printed: Printed) -> Iterator[Repair]:
    """One name for another at two places side by side: p (1 - p) for q (1 - q)."""
    found = {name.spelling: name for name in t.names(printed.tree) if _may_vary(name)}
    for spelling, name in found.items():
        places = [n for n in t.names(printed.tree) if n.spelling == spelling]
        if len(places) < 3:
            continue  # all of them are tried elsewhere
        for one, two in pairwise(places):
            for other in printed.vocabulary.names:
                if other.spelling == spelling:
                    continue
                new = t.replaced(t.replaced(printed.tree, one, _copy(other)), two, _copy(other))
                sentence = f"{said(name)} should be {said(other)}"
                yield Repair(new, "wrong-name", sentence, one.span.to(two.span))


def _kind(name: t.Name) -> bool:
    """Whether a name is that of a function."""
    entry = None if name.reference is None else name.reference.entry
    return entry is not None and entry.kind == "function"


def _may_vary(name: t.Name) -> bool:
    entry = None if name.reference is None else name.reference.entry
    return entry is None or entry.kind in (*VARIED, "function")
