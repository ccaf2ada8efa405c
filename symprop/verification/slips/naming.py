"""Names: another one in the place of the right one, another index, another argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symprop.verification.reading import tree as t
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said
from symprop.verification.substitution import with_names

VARIED = ("input", "target", "weight", "hyperparameter", "step", "rate", "delta", "local")


def names(printed: Printed) -> Iterator[Repair]:
    """One name for another, at one place; an upstream gradient where the line has such."""
    vocabulary = printed.vocabulary
    others = vocabulary.upstreams if vocabulary.has_upstreams else []
    yield from _exchanged(printed, [*vocabulary.names, *others])


def index_names(printed: Printed) -> Iterator[Repair]:
    """One name for another that differs in its subscript alone."""
    for place, other in _others(printed, printed.vocabulary.names, printed.places):
        if _are_alike(place.node, other):  # type: ignore[arg-type]
            yield _with(place, other, printed)


def argument_names(printed: Printed) -> Iterator[Repair]:
    """One name for another as the whole argument of a function: f'(x) for f'(u)."""
    found = [place for place in printed.places if _is_argument(place)]
    for place, other in _others(printed, printed.vocabulary.names, found):
        yield _with(place, other, printed)


def _is_argument(place: Place) -> bool:
    return isinstance(place.parent, t.Call) and not _is_head(place)


def upstreams(printed: Printed) -> Iterator[Repair]:
    """A name that stands where an upstream gradient should."""
    yield from _exchanged(printed, printed.vocabulary.upstreams)


def _exchanged(printed: Printed, others: list[t.Name]) -> Iterator[Repair]:
    for place, other in _others(printed, others, printed.places):
        yield _with(place, other, printed)


def _others(
    printed: Printed, others: list[t.Name], places: list[Place]
) -> Iterator[tuple[Place, t.Name]]:
    """The names at some places, each with those that may stand there instead."""
    bound = _bound(printed.tree)
    for place in sorted(places, key=lambda place: not place.in_rate):
        node = place.node
        if isinstance(node, t.Name) and _may_vary(node) and not _is_head(place):
            for other in others:
                if other.spelling != node.spelling and (_runs(node, bound) == _runs(other, bound)):
                    yield place, other


def _with(place: Place, other: t.Name, printed: Printed) -> Repair:
    node = place.node
    assert isinstance(node, t.Name)  # the places of names
    new = place.put(replace(other, span=node.span))
    return Repair(new, *_said(node, other, printed), node.span)


def _bound(tree: t.Tree) -> set[str]:
    """The indices of the sums in a formula."""
    return {i for part in t.walk(tree) if isinstance(part, t.IndexSum) for i in part.indices}


def _runs(name: t.Name, bound: set[str]) -> bool:
    """Whether a name has the index of a sum."""
    return name.reference is not None and bool(bound & set(name.reference.indices))


def arguments(printed: Printed) -> Iterator[Repair]:
    """One name for another everywhere in a part: the derivative taken at the wrong argument."""
    for place in printed.places:
        if place.in_rate or isinstance(place.node, t.Name):
            continue
        found = {n.spelling: n for n in t.names(place.node) if _may_vary(n)}
        for spelling, node in found.items():
            spans = [name.span for name in t.names(place.node) if name.spelling == spelling]
            if len(spans) < 2:
                continue
            whole = spans[0].to(spans[-1])
            for other in printed.vocabulary.names:
                if other.spelling != spelling:
                    new = renamed(place.node, node, other)
                    yield Repair(place.put(new), *_said(node, other, printed), whole)


def renamed(tree: t.Tree, old: t.Name, new: t.Name) -> t.Tree:
    """A part with one name for another wherever it stands."""
    return with_names(
        tree,
        lambda name: replace(new, span=name.span) if name.spelling == old.spelling else None,
    )


def _may_vary(node: t.Name) -> bool:
    reference = node.reference
    if reference is None:
        return True
    return reference.entry is None or reference.entry.kind in VARIED


def _is_head(place: Place) -> bool:
    parent = place.parent
    return isinstance(parent, t.Call) and place.node is parent.head


def _said(node: t.Name, other: t.Name, printed: Printed) -> tuple[str, str]:
    """The kind of a confusion of two names, and a sentence."""
    if _are_alike(node, other):
        return "wrong-index", f"the index is wrong: {said(node)} should be {said(other)}"
    one, two = (_name(name) for name in (node, other))
    chains = printed.vocabulary.chains
    if chains.arguments(one) == [two]:
        sentence = f"taken at {said(node)}, the value of the function, instead of its argument"
        return "wrong-variable", f"{sentence} {said(other)}"
    if chains.arguments(two) == [one]:
        return "wrong-variable", (
            f"{said(node)} should be {said(other)}, the value of the function, not its argument"
        )
    return "wrong-name", f"{said(node)} should be {said(other)}"


def _are_alike(one: t.Name, other: t.Name) -> bool:
    """Whether two names differ in their subscripts alone."""
    return (one.spelling.base, one.spelling.accents) == (
        other.spelling.base,
        other.spelling.accents,
    )


def _name(node: t.Name) -> str:
    entry = None if node.reference is None else node.reference.entry
    return "" if entry is None else entry.name
