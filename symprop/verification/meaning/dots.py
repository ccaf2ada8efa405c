r"""What dots leave out: the terms between the last one before them and the first one behind.

In `w_1 x_1 + \dots + w_4 x_4` both are written alike but for indices, which all go on by the same
number. Where the two are one and the same, it stands once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symprop.verification.meaning.names import member_of, number_of, of_members
from symprop.verification.meaning.setting import Setting, UndecidableError
from symprop.verification.reading.entries import WHOLE
from symprop.verification.reading.tree import Dots, Name, Tree, names
from symprop.verification.substitution import with_names

Signed = tuple[str, Tree]
"""A term or a factor, and the sign before it."""
MOST = 1000
"""Dots that stand for more are not filled in."""


def filled(parts: Sequence[Signed], setting: Setting) -> list[Signed]:
    """Terms or factors without dots; UndecidableError where it is not certain what is left out."""
    if not any(isinstance(part, Dots) for _, part in parts):
        return list(parts)
    found: list[Signed] = []
    for place, (sign, part) in enumerate(parts):
        if not isinstance(part, Dots):
            found.append((sign, part))
            continue
        if not 0 < place < len(parts) - 1:
            raise UndecidableError("dots with nothing behind them", part.span)
        first, last = parts[place - 1][1], parts[place + 1][1]
        between, same = _between(first, last, part, setting)
        found += [(parts[place + 1][0], each) for each in between]
        if same:
            return [*found, *filled(parts[place + 2 :], setting)]
    return found


def _between(first: Tree, last: Tree, dots: Tree, setting: Setting) -> tuple[list[Tree], bool]:
    """What is left out between two trees, and whether they are the same."""
    unclear = UndecidableError("it is not certain what the dots leave out", dots.span)
    if _without_indices(first) != _without_indices(last):
        raise unclear
    start, end = list(_indices(first, setting)), list(_indices(last, setting))
    steps = {b - a for a, b in zip(start, end, strict=True)} - {0}
    if len(steps) > 1 or any(abs(step) > MOST for step in steps):
        raise unclear
    if not steps:
        return [], True
    (step,) = steps
    way = 1 if step > 0 else -1
    moving = [a != b for a, b in zip(start, end, strict=True)]
    return [
        _with_indices(first, [a + way * k if m else a for a, m in zip(start, moving, strict=True)])
        for k in range(1, abs(step))
    ], False


def _without_indices(tree: Tree) -> Tree:
    def bare(name: Name) -> Tree | None:
        reference = name.reference
        if reference is None or not reference.indices:
            return None
        spelling = replace(name.spelling, subscript=("#",) * len(reference.indices))
        return replace(name, spelling=spelling)

    return with_names(tree, bare)


def _indices(tree: Tree, setting: Setting) -> Iterator[int]:
    for name in names(tree):
        reference = name.reference
        if reference is None:
            continue
        own, others = of_members(reference)
        yield from (member_of(place, reference, name, setting) for place in range(len(own)))
        yield from (number_of(index, name, setting) for index in others if index != WHOLE)


def _with_indices(tree: Tree, numbers: Sequence[int]) -> Tree:
    given = iter(numbers)

    def numbered(name: Name) -> Tree | None:
        reference = name.reference
        if reference is None or not reference.indices:
            return None
        indices = tuple(i if i == WHOLE else str(next(given)) for i in reference.indices)
        return replace(name, reference=replace(reference, indices=indices))

    return with_names(tree, numbered)
