"""Indices: another one, two the other way round, one that should be summed over, a delta_{jk}."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, permutations

from symprop.verification.reading import tree as t
from symprop.verification.reading.entries import WHOLE
from symprop.verification.slips.making import ONE, as_factor, multiplied, summed
from symprop.verification.slips.places import Place
from symprop.verification.slips.repair import Printed, Repair, said
from symprop.verification.slips.sums import parts_of
from symprop.verification.substitution import with_names

MOST_OCCURRENCES = 7
"""Of more occurrences of an index not every choice is tried."""
FRESH = ("m", "q", "r", "s")


def indices(printed: Printed) -> Iterator[Repair]:
    """One index for another, two indices the other way round, a sum over another index."""
    letters = printed.vocabulary.letters
    for place in printed.places:
        node = place.node
        if isinstance(node, t.Name) and node.reference is not None:
            for other in _reindexed(node, letters):
                sentence = f"the index is wrong: {said(node)} should be {said(other)}"
                yield Repair(place.put(other), "wrong-index", sentence, node.span)
        elif isinstance(node, t.IndexSum):
            for letter in letters:
                if letter not in node.indices and len(node.indices) == 1:
                    new = replace(node, indices=(letter,))
                    sentence = f"the sum should run over {letter}, not over {node.indices[0]}"
                    yield Repair(place.put(new), "wrong-index", sentence, node.span)


def indices_of_groups(printed: Printed) -> Iterator[Repair]:
    """One index for another all over a pair of brackets or a denominator."""
    for place in printed.places:
        node = place.node
        if place.in_rate or not isinstance(node, t.Group | t.Fraction | t.Product):
            continue
        found = [index for _, index in _occurrences(node)]
        for old in dict.fromkeys(index for index in found if found.count(index) > 1):
            for new in printed.vocabulary.letters:
                if new != old and not (_bound(node) & {old, new}):
                    tree = with_names(node, _Renamed(old, new))
                    sentence = f"the index {old} of {said(node)} should be {new}"
                    yield Repair(place.put(tree), "wrong-index", sentence, node.span)


def _bound(tree: t.Tree) -> set[str]:
    return {i for part in t.walk(tree) if isinstance(part, t.IndexSum) for i in part.indices}


@dataclass(frozen=True)
class _Renamed:
    """A name with one index for another."""

    old: str
    new: str

    def __call__(self, name: t.Name) -> t.Name | None:
        found = () if name.reference is None else name.reference.indices
        if self.old not in found:
            return None
        return with_indices(name, tuple(self.new if i == self.old else i for i in found))


def sums_along(printed: Printed) -> Iterator[Repair]:
    """A sum along columns for one along rows, and the other way round."""
    for place in printed.places:
        node = place.node
        if not isinstance(node, t.IndexSum) or len(node.indices) != 1:
            continue
        for body in _other_lines(node, printed.vocabulary.letters):
            new = replace(node, body=body)
            sentence = f"the sum runs along the wrong index: it should be {said(new)}"
            yield Repair(place.put(new), "wrong-index", sentence, node.span)


def _other_lines(node: t.IndexSum, letters: list[str]) -> Iterator[t.Tree]:
    """The body of a sum with the index that runs and another in each other's places: A_il, A_lj."""
    running = set(node.indices)
    for letter in letters:
        if letter in running:
            continue

        def turned(name: t.Name, letter: str = letter) -> t.Name | None:
            found = name.reference.indices if name.reference is not None else ()
            if len(found) != 2 or not running & set(found) or WHOLE in found:
                return None
            there = [index if index in running else letter for index in reversed(found)]
            return with_indices(name, tuple(there))

        body = with_names(node.body, turned)
        if body != node.body:
            yield body


def _reindexed(node: t.Name, letters: list[str]) -> Iterator[t.Name]:
    assert node.reference is not None
    found = node.reference.indices
    if len(found) > 1 and WHOLE not in found:
        yield with_indices(node, (*found[1:], found[0]))
    for place, index in enumerate(found):
        for letter in letters:
            if index not in (letter, WHOLE) and letter.startswith("(") == index.startswith("("):
                yield with_indices(node, (*found[:place], letter, *found[place + 1 :]))


def with_indices(node: t.Name, indices: tuple[str, ...]) -> t.Name:
    """A name with other indices in the places of its own."""
    assert node.reference is not None
    spelling = node.spelling
    pairs = list(zip(node.reference.indices, indices, strict=True))
    marks = tuple(_mark(mark, dict(pairs)) for mark in spelling.marks)
    below = list(spelling.subscript)
    end = len(below)
    for old, new in reversed(pairs):
        place = next((n for n in range(end - 1, -1, -1) if below[n] == old), None)
        if place is not None:  # else it stands in a mark
            below[place], end = new, place
    return replace(
        node,
        spelling=replace(spelling, subscript=tuple(below), marks=marks),
        reference=replace(node.reference, indices=indices),
    )


def _mark(mark: str, new: dict[str, str]) -> str:
    """A mark such as `(l)`, of which the index may be known with its brackets or without."""
    if mark in new:
        return new[mark]
    inner = mark.strip("()")
    return f"({new[inner]})" if mark.startswith("(") and inner in new else mark


def swapped_indices(printed: Printed) -> Iterator[Repair]:
    """Two indices exchanged everywhere."""
    letters = printed.vocabulary.letters
    for one, other in combinations(letters, 2):
        exchanged = {one: other, other: one}

        def turned(name: t.Name, exchanged: dict[str, str] = exchanged) -> t.Name | None:
            if name.reference is None:
                return None
            found = name.reference.indices
            return with_indices(name, tuple(exchanged.get(index, index) for index in found))

        sentence = f"the indices {one} and {other} are the wrong way round"
        tree = with_names(printed.tree, turned)
        yield Repair(tree, "wrong-index", sentence, printed.tree.span)


def captured_indices(printed: Printed) -> Iterator[Repair]:
    """A sum over an index that the other side has, too."""
    others = [tree for tree in printed.vocabulary.trees if tree is not printed.tree]
    free = {index for tree in others for _, index in _occurrences(tree)}
    fresh = next((f for f in FRESH if f not in printed.vocabulary.letters), None)
    for place in printed.places:
        node = place.node
        if fresh is None or not isinstance(node, t.IndexSum) or len(node.indices) != 1:
            continue
        (letter,) = node.indices
        if letter not in free:
            continue
        sentence = (
            f"the sum runs over {letter}, which is an index of the other side, too: "
            f"it should run over another one"
        )
        for body in _with_some_fresh(node.body, letter, fresh):
            tree = place.put(replace(node, indices=(fresh,), body=body))
            yield Repair(tree, "wrong-index", sentence, node.span)


def deltas(printed: Printed) -> Iterator[Repair]:
    """A 1 that is one for equal indices alone."""
    for place in printed.places:
        if isinstance(place.node, t.Sum) and not place.in_rate:
            yield from _of_the_diagonal(place, place.node, printed.vocabulary.letters)
        if place.node != ONE or place.in_rate:
            continue
        for one, other in combinations(printed.vocabulary.letters, 2):
            delta = t.Name(t.Spelling(r"\delta", subscript=(one, other)), span=place.node.span)
            sentence = (
                f"the 1 belongs to {one} = {other} alone: for {one} != {other} there is another "
                f"entry, without it"
            )
            yield Repair(place.put(delta), "missing-cross-term", sentence, place.node.span)


def _of_the_diagonal(place: Place, found: t.Sum, letters: list[str]) -> Iterator[Repair]:
    """p_i (1 - p_i), which is the entry for j = i of p_i (delta_{ij} - p_j)."""
    if len(found.terms) != 2 or found.terms[0] != ONE or found.signs[1] != "-":
        return
    name = found.terms[1]
    if not isinstance(name, t.Name) or name.reference is None:
        return
    indices = name.reference.indices
    for one, other in permutations(letters, 2):
        if indices == (one,):
            delta = t.Name(t.Spelling(r"\delta", subscript=(one, other)), span=found.span)
            entry = with_indices(name, (other,))
            new = replace(found, terms=(delta, entry))
            sentence = (
                f"this is the entry for {one} = {other} alone: for {one} != {other} there are "
                f"cross terms, with {said(entry)} and without the 1"
            )
            yield Repair(place.put(new), "missing-cross-term", sentence, found.span)


def diagonal_terms(printed: Printed) -> Iterator[Repair]:
    """A term for equal indices alone that is missing: delta_{jk} p_j."""
    whole, vocabulary = printed.tree, printed.vocabulary
    named = [name for name in vocabulary.names if name.reference and name.reference.indices]
    for one, other in combinations(vocabulary.letters, 2):
        delta = t.Name(t.Spelling(r"\delta", subscript=(one, other)))
        for name in named:
            for sign in "+-":
                term = multiplied([delta, name], ONE)
                tree = summed([*parts_of(whole), (term, sign)], whole)
                sentence = f"the term for {one} = {other} is missing: {sign}{said(name)}"
                yield Repair(tree, "missing-term", sentence, whole.span)


def missing_sums(printed: Printed) -> Iterator[Repair]:
    """A sum over an index that is missing: some of the indices should run."""
    whole = printed.tree
    fresh = next((f for f in FRESH if f not in printed.vocabulary.letters), None)
    if fresh is None or any(isinstance(part, t.IndexSum) for part in t.walk(whole)):
        return
    for letter in printed.vocabulary.letters:
        for body in _with_some_fresh(whole, letter, fresh):
            tree = t.IndexSum((fresh,), as_factor(body), span=whole.span)
            sentence = f"a sum over {fresh} is missing: it is {said(tree)}"
            yield Repair(tree, "missing-sum", sentence, whole.span)


def _with_some_fresh(tree: t.Tree, letter: str, fresh: str) -> Iterator[t.Tree]:
    """A formula with another letter at some of the places of an index, the fewest first."""
    found = [place for place, index in _occurrences(tree) if index == letter]
    if len(found) <= MOST_OCCURRENCES:
        for count in range(1, len(found) + 1):
            for chosen in combinations(found, count):
                yield _with_fresh(tree, list(chosen), fresh)


def _occurrences(tree: t.Tree) -> list[tuple[tuple[int, int], str]]:
    """The indices of a formula, each by the number of its name and its place there."""
    return [
        ((number, place), index)
        for number, name in enumerate(t.names(tree))
        if name.reference is not None
        for place, index in enumerate(name.reference.indices)
    ]


def _with_fresh(tree: t.Tree, chosen: list[tuple[int, int]], fresh: str) -> t.Tree:
    """A formula with another letter for some of its indices."""
    numbers = {id(name): number for number, name in enumerate(t.names(tree))}

    def renamed(name: t.Name) -> t.Name | None:
        number = numbers.get(id(name))
        if name.reference is None or number is None:
            return None
        found = enumerate(name.reference.indices)
        new = tuple(fresh if (number, p) in chosen else i for p, i in found)
        return with_indices(name, new) if new != name.reference.indices else None

    return with_names(tree, renamed)
