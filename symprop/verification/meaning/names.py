"""The values of names, of their entries, and of what runs over an index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from symprop.expression.shapes import numeric_extent
from symprop.verification.meaning.setting import (
    NoMemberError,
    NoValueError,
    Setting,
    UndecidableError,
)
from symprop.verification.reading.entries import WHOLE
from symprop.verification.reading.symbols import Entry, Reference, spelling_of
from symprop.verification.reading.tree import Call, Name, Tree, bare, names, walk
from symprop.verification.worlds import Numeric

LETTER = re.compile(r"\\?[A-Za-z]+'*")
"""An index that may run."""
VALUED = ("input", "target", "weight", "hyperparameter", "step", "loss")
"""The kinds of names that have a value in every world."""


def named(name: Name, setting: Setting) -> Numeric:
    """The value of a name; UndecidableError where it has none."""
    reference = name.reference
    if reference is None and is_kronecker(name):
        one, other = (number_of(index, name, setting) for index in name.spelling.subscript)
        return setting.world.arithmetic.number(int(one == other))
    if reference is None:
        return setting.free(label(name))
    entry, indices = chosen(reference, name, setting)
    entry_indices, sample = split(entry, indices)
    whole = _whole(entry, name, setting, sample)
    return entry_of(whole, entry_indices, name, setting) if entry_indices else whole


def is_kronecker(name: Name) -> bool:
    r"""Whether an undeclared name is `\delta_{jk}`: 1 where its indices are equal, else 0."""
    spelling = name.spelling
    return (
        name.reference is None
        and spelling.base == r"\delta"
        and len(spelling.subscript) == 2
        and not spelling.accents
    )


def chosen(reference: Reference, name: Name, setting: Setting) -> tuple[Entry, tuple[str, ...]]:
    """What a name means with the indices in force, and the indices that are left."""
    if not reference.members:
        assert reference.entry is not None  # a reference has one or the other
        return reference.entry, reference.indices
    own, others = of_members(reference)
    found = [member_of(place, reference, name, setting) for place in range(len(own))]
    numbers = ",".join(map(str, found))
    for known, entry in reference.members:
        if known == numbers:
            return entry, others
    wanted = ", ".join(f"{i} = {n}" for i, n in zip(own, found, strict=True))
    raise NoMemberError(f"there is no {label(name)} for {wanted}", name.span)


def of_members(reference: Reference) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The indices that say which of several names is meant, and those that are left."""
    count = reference.members[0][0].count(",") + 1 if reference.members else 0
    return reference.indices[:count], reference.indices[count:]


def member_of(place: int, reference: Reference, name: Name, setting: Setting) -> int:
    """The number at an index of several names; K, where nothing is declared so, is the last.

    K - 1 is the one before it then.
    """
    index = reference.indices[place]
    if not is_last(index) or _letter(index) in setting.indices:
        return number_of(index, name, setting)
    last = max(int(number.split(",")[place]) for number, _ in reference.members)
    setting.note(f"{_letter(index)} is {last}, the last {name.spelling.base}")
    return number_of(index, name, setting.with_indices({_letter(index): last}))


def is_last(index: str) -> bool:
    """Whether an index is the last of several, as K and L are, or is counted from it."""
    letter = _letter(index)
    return len(letter) == 1 and letter.isupper()


def _letter(index: str) -> str:
    return index.partition("+")[0].partition("-")[0]


def split(entry: Entry, indices: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The indices of an entry of it, and that of the sample, which is the last one too many."""
    axes = axes_of(entry)
    if indices and indices[-1].startswith("("):
        return indices[:-1], indices[-1].strip("()")
    return indices[: len(axes)], "".join(indices[len(axes) :])


def axes_of(entry: Entry) -> tuple[int, ...]:
    """The axes that an index may run over: one of a column or a row."""
    return _long_axes(entry.shape or ())


@lru_cache(maxsize=1000)
def _long_axes(shape: tuple[Any, ...]) -> tuple[int, ...]:
    long = tuple(axis for axis, extent in enumerate(shape) if extent != 1)
    return long if len(shape) == 2 else ()


def label(name: Name) -> str:
    """A name as a word, for messages and for random numbers of its own."""
    spelling = name.spelling
    marks = "".join(f"^{mark}" for mark in spelling.marks)
    below = "_" + ",".join(spelling.subscript) if spelling.subscript else ""
    accents = "".join(f"{accent} " for accent in spelling.accents)
    return f"{accents}{spelling.base}{below}{marks}"


def nameless(tree: Tree) -> Iterator[Name]:
    """The names that nothing is declared for, but those of J(W, b; x, y): the brackets say no more.

    They are behind the loss, or a step, where it is written as a function.
    """
    calls = (part for part in walk(tree) if isinstance(part, Call) and is_value(part.head))
    silent = {id(bare(argument)) for call in calls for argument in call.arguments}
    return (name for name in names(tree) if name.reference is None and id(name) not in silent)


def is_value(tree: Tree, *kinds: str) -> bool:
    """Whether a tree is the name of a step or the loss, as a whole."""
    reference = tree.reference if isinstance(tree, Name) else None
    entry = None if reference is None else reference.entry
    return entry is not None and entry.kind in (kinds or ("step", "loss"))


def number_of(index: str, name: Name, setting: Setting) -> int:
    """The value of an index, counted from 1."""
    if index.isdigit():
        return int(index)
    if index in setting.indices:
        return setting.indices[index]
    before, sign, behind = index.partition("+") if "+" in index else index.partition("-")
    if sign and before in setting.indices and behind.isdigit():
        moved = int(behind) if sign == "+" else -int(behind)
        return setting.indices[before] + moved
    if _CLASS.fullmatch(index):
        return _class_of_sample(index, name, setting)
    raise UndecidableError(
        f"nothing says what the index {index} of {label(name)} runs over", name.span
    )


_CLASS = re.compile(r"[a-z]\([a-z]\)")


def _class_of_sample(index: str, name: Name, setting: Setting) -> int:
    """The index c(i): the place of the 1 in the target of the sample."""
    world = setting.world
    columns = [target.name for target in world.network.targets if target.shape]
    if len(columns) == 1:
        entries = list(np.asarray(world.values[columns[0]], dtype=object).flat)
        if sorted(entries) == [0] * (len(entries) - 1) + [1]:
            setting.note(f"{index} is the class of the sample: the place of the 1 in {columns[0]}")
            return entries.index(1) + 1
    raise UndecidableError(f"{index} is not declared: {label(name)} has this index", name.span)


def _whole(entry: Entry, name: Name, setting: Setting, sample: str) -> Numeric:
    """The value of what is declared, for the sample meant."""
    world = setting.world
    if sample and not world.network.per_sample:
        what = f"{label(name)}: {entry.name} is not declared with a row for each sample"
        raise UndecidableError(what, name.span)
    if entry.kind in VALUED:
        if sample and setting.conventions.sample not in ("", sample):
            return world.of_another_sample(sample)[entry.name]
        return setting.values[entry.name]
    if entry.kind == "delta":
        return world.upstream(entry.name)
    if entry.kind == "size":
        if name.spelling != spelling_of(entry.latex):
            setting.note(f"{label(name)} is {entry.name}")
        return world.arithmetic.number(world.point.sizes[entry.name])
    if entry.kind == "rate":
        return setting.free(entry.name)
    if entry.kind == "index":
        return world.arithmetic.number(number_of(entry.name, name, setting))
    raise UndecidableError(
        f"{label(name)} is a function, and stands here without an argument", name.span
    )


def entry_of(whole: Numeric, indices: tuple[str, ...], name: Name, setting: Setting) -> Numeric:
    """The entry of a matrix, or with one index of a column or a row; UndecidableError for none."""
    if not isinstance(whole, np.ndarray):
        raise UndecidableError(f"{label(name)} is a number: it has no entries", name.span)
    if len(indices) > 2 and WHOLE in indices:
        return _part_of(whole, indices, name, setting)
    return whole[place_of(indices, whole.shape, name, setting)]


def _part_of(whole: Numeric, indices: tuple[str, ...], name: Name, setting: Setting) -> Numeric:
    """Some entries of a column or a row, from one to another: `h_{1:N}`."""
    if len(indices) != 3 or indices[1] != WHOLE or 1 not in whole.shape:
        raise UndecidableError("a part of a matrix", name.span)
    sizes = setting.world.point.sizes
    ends = (indices[0], indices[2])
    first, last = (sizes[e] if e in sizes else number_of(e, name, setting) for e in ends)
    if not 1 <= first <= last <= whole.size:
        raise NoValueError(f"{label(name)} has no entries from {first} to {last} here")
    return whole[first - 1 : last] if whole.shape[1] == 1 else whole[:, first - 1 : last]


def place_of(
    indices: tuple[str, ...], shape: tuple[int, ...], name: Name, setting: Setting
) -> tuple[Any, ...]:
    """Where an entry stands in a matrix of some shape, or a row or a column of it."""
    long = [axis for axis, extent in enumerate(shape) if extent != 1] or [0]
    place: list[Any] = [0, 0]
    axes = range(2) if len(indices) == 2 else long[:1]
    for axis, index in zip(axes, indices, strict=False):
        place[axis] = slice(None) if index == WHOLE else number_of(index, name, setting) - 1
        if index != WHOLE and not 0 <= place[axis] < shape[axis]:
            raise NoValueError(f"{label(name)} has no entry {index} here")
    if len(indices) < len(long):
        what = f"{label(name)} may be a row or a column"
        raise UndecidableError(what, name.span, hint="write it for one entry")
    return _lying(place, indices, name, setting) if WHOLE in indices else tuple(place)


def _lying(
    place: list[Any], indices: tuple[str, ...], name: Name, setting: Setting
) -> tuple[Any, ...]:
    """The place of a row or a column, which lies as the conventions have it."""
    if indices == (WHOLE, WHOLE):
        return tuple(place)
    row = indices[1] == WHOLE
    lies_down = row and setting.conventions.rows
    part = f"{'a row' if row else 'a column'} of a matrix"
    if row:
        part += f", written as {'a row' if lies_down else 'a column'}"
    setting.note(f"{label(name)} is {part}")
    (index,) = (each for each in place if not isinstance(each, slice))
    if lies_down:
        return slice(index, index + 1), slice(None)
    return (index, slice(None), None) if row else (slice(None), slice(index, index + 1))


# -- what runs over an index ----------------------------------------------------------------------


def letters(tree: Tree) -> Iterator[str]:
    """The letters at names of a tree that may be indices of entries or of several names."""
    for name in names(tree):
        reference = name.reference
        if is_kronecker(name):
            yield from _letters(name.spelling.subscript)
        if reference is None:
            continue
        if reference.members:
            own, others = of_members(reference)
            yield from _letters(tuple(index for index in own if not is_last(index)))
            yield from _letters(split(reference.members[0][1], others)[0])
        elif reference.entry is not None:
            yield from _letters(split(reference.entry, reference.indices)[0])


def _letters(indices: tuple[str, ...]) -> Iterator[str]:
    for index in indices:
        letter = _letter(index)
        if LETTER.fullmatch(letter):
            yield letter


def samples(tree: Tree) -> Iterator[str]:
    """The letters that stand for a sample."""
    for name in names(tree):
        reference = name.reference
        if reference is None:
            continue
        entry = reference.entry or reference.members[0][1]
        sample = split(entry, of_members(reference)[1])[1]
        if sample:
            yield sample


def numbers_for(letter: str, tree: Tree, setting: Setting) -> list[int] | None:
    """The numbers that an index runs through by the names it stands at; None where none tells."""
    for name in names(tree):
        reference = name.reference
        if reference is None:
            continue
        for place, index in enumerate(of_members(reference)[0]):
            if _letter(index) == letter:
                numbers = (int(number.split(",")[place]) for number, _ in reference.members)
                return list(dict.fromkeys(numbers))
        entries = _candidates(reference, name, setting)
        found = (_extent(entry, reference, letter, name, setting) for entry in entries)
        extents = [extent for extent in found if extent]
        if extents:
            return list(range(1, max(extents) + 1))
        own = reference.entry.definition if reference.entry is not None else None
        if own is not None and letter in name.spelling.subscript:
            inside = numbers_for(letter, own, setting)
            if inside is not None:
                return inside
    return None


def _candidates(reference: Reference, name: Name, setting: Setting) -> list[Entry]:
    """What a name may mean: with the indices in force one of several, or any of them."""
    try:
        return [chosen(reference, name, setting)[0]]
    except UndecidableError:
        return [entry for _, entry in reference.members]


def _extent(
    entry: Entry, reference: Reference, letter: str, name: Name, setting: Setting
) -> int | None:
    """How far an index runs at a name; None where it does not stand there."""
    found = split(entry, of_members(reference)[1])[0]
    if letter not in found:
        return None
    if entry.kind == "local":
        sizes = setting.world.point.sizes
        shape = tuple(numeric_extent(extent, sizes) for extent in entry.shape or ())
    else:
        shape = np.shape(_whole(entry, name, setting, ""))
    if not shape:
        return None
    extents = shape if len(found) == 2 else (max(shape),)
    return int(extents[found.index(letter)])
