"""The free indices of trees: what each may be, and all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import product
from math import prod
from random import Random

from symprop.errors import SympropError
from symprop.verification.meaning.names import LETTER, letters, numbers_for
from symprop.verification.meaning.setting import Setting, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.reading import tree as t

MOST = 120
"""Of more combinations of indices so many are drawn in each world, those with equal ones first."""


def assignments(
    trees: Sequence[t.Tree], setting: Setting, given: Sequence[str] | None = None
) -> Iterator[dict[str, int]]:
    """What the free indices of some trees may be, all together; `given` are their letters."""
    own = free_letters(trees) if given is None else given
    free = {letter: found for letter in own if (found := _range(letter, trees, setting))}
    for numbers in _combinations(list(free.values()), setting.world.seed):
        yield dict(zip(free, numbers, strict=True))


def _combinations(ranges: list[list[int]], seed: int) -> Iterable[tuple[int, ...]]:
    if prod(map(len, ranges)) <= MOST:
        return product(*ranges)
    rng = Random(seed)
    shared = sorted(set.intersection(*map(set, ranges)))
    equal = [(number,) * len(ranges) for number in rng.sample(shared, min(len(shared), MOST // 4))]
    drawn = (tuple(map(rng.choice, ranges)) for _ in range(MOST - len(equal)))
    return dict.fromkeys([*equal, *drawn])


def member_letters(trees: Sequence[t.Tree]) -> set[str]:
    """The letters that say which of several names is meant, as the l of w^{(l)} does."""
    return {
        index.partition("+")[0].partition("-")[0]
        for tree in trees
        for name in t.names(tree)
        if name.reference is not None and name.reference.members
        for index in name.reference.indices[: name.reference.members[0][0].count(",") + 1]
    }


def free_letters(trees: Sequence[t.Tree]) -> list[str]:
    """The letters that are an index somewhere and not only that of a sum there."""
    known = dict.fromkeys(letter for tree in trees for letter in _letters(tree))
    return [letter for letter in known if not all(_only_bound(tree, letter) for tree in trees)]


def _letters(tree: t.Tree) -> Iterator[str]:
    yield from letters(tree)
    for part in t.walk(tree):
        if isinstance(part, t.Indexed):
            yield from (index for index in part.indices if LETTER.fullmatch(index))


def _only_bound(tree: t.Tree, letter: str) -> bool:
    """Whether an index stands only inside sums over it."""
    if isinstance(tree, t.IndexSum) and letter in tree.indices:
        return True
    if isinstance(tree, t.Name):
        return letter not in letters(tree)
    if isinstance(tree, t.Indexed) and letter in tree.indices:
        return False
    return all(_only_bound(part, letter) for part in t.children(tree))


def _range(letter: str, trees: Sequence[t.Tree], setting: Setting) -> list[int] | None:
    for tree in trees:
        numbers = numbers_for(letter, tree, setting)
        if numbers is not None:
            return numbers
        for part in t.walk(tree):
            if isinstance(part, t.Indexed) and letter in part.indices:
                with suppress(SympropError):
                    shape = shape_of(value(part.body, setting))
                    if not shape or len(part.indices) > 2:
                        continue
                    two = len(part.indices) == 2
                    extent = shape[part.indices.index(letter)] if two else max(shape)
                    return list(range(1, extent + 1))
    return None
