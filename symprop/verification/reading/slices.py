r"""Rows and columns of matrices: `x_i`, `X_i` and `x^{(i)}` of X, `w_j` of W; and samples in sums.

Of a matrix with one index a row or a column is meant: that of which the index counts, by the other
names it stands at. In a network for a whole batch the mark `(i)` counts samples, which are rows; in
a network for one sample an index is that of the sample where it counts no entries at some name, or
where the sum over it is a mean, `\frac1N \sum_{n=1}^N`, of an N that is not declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from symprop.verification.reading.entries import WHOLE, Entry, Reference
from symprop.verification.reading.families import inner
from symprop.verification.reading.reader import Choice
from symprop.verification.reading.rewriting import Found, rewritten
from symprop.verification.reading.shapes import axes
from symprop.verification.reading.statements import Statement
from symprop.verification.reading.symbols import Symbols
from symprop.verification.reading.tree import (
    IndexSum,
    Name,
    Number,
    Product,
    Transpose,
    Tree,
    names,
    walk,
)
from symprop.verification.substitution import Rule

Meant = dict[int, tuple[Name, Reference]]
"""What names refer to that are to be read anew, by the object; each with the name itself."""


def with_slices(
    statements: Sequence[Statement], choices: Sequence[Choice], symbols: Symbols
) -> Found:
    """Statements and choices in which the indices of rows and of samples say what they count."""
    meant: Meant = {}
    for each in statements:
        meant |= _meant(each, symbols)
    rule = _instead(meant)
    return rewritten(statements, choices, rule) if meant else (tuple(statements), tuple(choices))


def sliced(statement: Statement, symbols: Symbols) -> Statement:
    """One statement in which indices say what they count."""
    (found,), _ = with_slices([statement], (), symbols)
    return found


def _meant(statement: Statement, symbols: Symbols) -> Meant:
    known: Meant = dict(_samples_of_sums(statement, symbols) if symbols.per_sample else ())
    counted = dict(_counted(statement, known))
    return (
        known
        | dict(_rows(statement, symbols, known, counted))
        | dict(_ends(statement, symbols, known))
    )


def _instead(meant: Meant) -> Rule:
    def rule(part: Tree) -> Tree | None:
        found = meant.get(id(part))
        return None if found is None else replace(found[0], reference=found[1])

    return rule


# -- rows and columns -----------------------------------------------------------------------------


def _rows(
    statement: Statement, symbols: Symbols, known: Meant, counted: dict[str, set[str]]
) -> Iterator[tuple[int, tuple[Name, Reference]]]:
    for side in (*statement.sides, *(given.tree for given in statement.conditions)):
        lying = {id(n): axis for part in walk(side) for n, axis in _beside(part, counted, symbols)}
        for name in names(side):
            reference = name.reference
            entry = None if reference is None else reference.entry
            if reference is None or entry is None or id(name) in known:
                continue
            indices = _unmarked(reference.indices, entry, symbols)
            if len(indices) == 1 and axes(entry) == 2:
                whole = _whole(indices[0], entry, counted, symbols)
                place = lying.get(id(name), -1)
                beside = {0: (indices[0], WHOLE), 1: (WHOLE, indices[0])}.get(place, indices)
                indices = whole or beside
            if indices != reference.indices:
                yield id(name), (name, replace(reference, indices=indices))


def _beside(
    part: Tree, counted: dict[str, set[str]], symbols: Symbols
) -> Iterator[tuple[Name, int]]:
    r"""The `u_w` of `u_w^\top v`, and of which axis it has one index, as only that fits the v."""
    factors = part.factors if isinstance(part, Product) else ()
    for one, other in pairwise(factors):
        pair = (one.body, other) if isinstance(one, Transpose) else ()
        for name, beside in (pair, pair[::-1]) if pair else ():
            shape, long = _shape(name), _length(beside, counted, symbols)
            if isinstance(name, Name) and len(shape) == 2 and long and 1 not in shape:
                fitting = [axis for axis in (0, 1) if shape[1 - axis] == long]
                yield from [(name, axis) for axis in fitting if len(fitting) == 1]


def _length(tree: Tree, counted: dict[str, set[str]], symbols: Symbols) -> Any:
    """How many entries a column has, or a row of a matrix; None where that is not known."""
    shape = _shape(tree)
    long = [extent for extent in shape if extent != 1]
    if len(long) == 1:
        return long[0]
    reference = tree.reference if isinstance(tree, Name) else None
    if reference is None or reference.entry is None or len(long) != 2:
        return None
    one = reference.indices if len(reference.indices) == 1 else ()
    whole = _whole(one[0], reference.entry, counted, symbols) if one else None
    return None if whole is None else shape[whole.index(WHOLE)]


def _shape(tree: Tree) -> tuple[Any, ...]:
    entry = tree.reference.entry if isinstance(tree, Name) and tree.reference else None
    return tuple(entry.shape or ()) if entry is not None else ()


def _unmarked(indices: tuple[str, ...], entry: Entry, symbols: Symbols) -> tuple[str, ...]:
    """Indices in which `(i)` stands for a row, where the rows are the samples."""
    if not indices or indices[-1][:1] != "(" or not _has_samples(entry, symbols):
        return indices
    sample, others = inner(indices[-1]), indices[:-1]
    if axes(entry) == 2 and not others:
        return (sample, WHOLE)
    return (sample, *others) if len(others) == axes(entry) - 1 else indices


def _has_samples(entry: Entry, symbols: Symbols) -> bool:
    """Whether the rows of a value are the samples of the batch."""
    size, shape = symbols.samples, entry.shape
    return size is not None and bool(shape) and shape is not None and str(shape[0]) == str(size)


def _whole(
    index: str, entry: Entry, counted: dict[str, set[str]], symbols: Symbols
) -> tuple[str, ...] | None:
    """The indices of the row or the column that one index means; None where that is not certain."""
    assert entry.shape is not None  # a matrix has one
    of_rows, of_columns = (str(extent) in counted.get(index, ()) for extent in entry.shape)
    if of_rows != of_columns:
        return (index, WHOLE) if of_rows else (WHOLE, index)
    of_data = entry.kind in ("input", "target", "step", "delta")
    return (index, WHOLE) if of_data and _has_samples(entry, symbols) else None


def _counted(statement: Statement, known: Meant) -> Iterator[tuple[str, set[str]]]:
    """How far each index of a statement runs, by the names and the sums it stands at."""
    found: dict[str, set[str]] = {}
    for side in statement.sides:
        for part in walk(side):
            for index, extent in _extents(_read(part, known)):
                found.setdefault(index, set()).add(extent)
    yield from found.items()


def _read(part: Tree, known: Meant) -> Tree:
    """A part, as it is to be read anew."""
    named = known.get(id(part))
    return part if named is None else replace(named[0], reference=named[1])


def _extents(part: Tree) -> Iterator[tuple[str, str]]:
    if isinstance(part, IndexSum) and len(part.indices) == 1:
        upper = part.upper
        entry = upper.reference.entry if isinstance(upper, Name) and upper.reference else None
        if isinstance(upper, Number):
            yield part.indices[0], upper.text
        elif entry is not None:
            yield part.indices[0], entry.name
    if not isinstance(part, Name) or part.reference is None or part.reference.entry is None:
        return
    shape = part.reference.entry.shape or ()
    indices = [index for index in part.reference.indices if index[:1] != "("]
    long = [str(extent) for extent in shape if extent != 1]
    if len(indices) == len(long):
        yield from zip(indices, long, strict=True)


def _ends(
    statement: Statement, symbols: Symbols, known: Meant
) -> Iterator[tuple[int, tuple[Name, Reference]]]:
    r"""The K of `\sum_{j=1}^K` that is not declared, where j counts entries of one known number."""
    sizes = {entry.name: entry for entry in symbols.entries() if entry.kind == "size"}
    parts = [part for side in statement.sides for part in walk(side)]
    for part in parts:
        upper = part.upper if isinstance(part, IndexSum) and len(part.indices) == 1 else None
        if not isinstance(part, IndexSum) or not isinstance(upper, Name) or upper.reference:
            continue
        inside = (_read(each, known) for each in walk(part.body))
        extents = {e for each in inside for index, e in _extents(each) if index in part.indices}
        size = sizes.get(next(iter(extents))) if len(extents) == 1 else None
        if size is None or not (part.lower is None or part.lower == Number("1")):
            continue
        for name in parts:
            if isinstance(name, Name) and name == upper and name.reference is None:
                yield id(name), (name, Reference(size))


# -- samples that sums run over -------------------------------------------------------------------


def _samples_of_sums(
    statement: Statement, symbols: Symbols
) -> Iterator[tuple[int, tuple[Name, Reference]]]:
    """The names in sums over the samples, with the index of the sample as a mark."""
    parts = (part for side in statement.sides for part in walk(side))
    sums = [part for part in parts if isinstance(part, IndexSum) and len(part.indices) == 1]
    letters: set[str] = set()
    for total in sums:
        if _is_over_samples(total, statement, letters):
            letters.add(total.indices[0])
    known: set[int] = set()
    for total in sums:
        (letter,) = total.indices
        for name in names(total.body):
            reference = name.reference
            if reference is None or id(name) in known or not _has_data(reference.entry):
                continue
            if letter in letters and letter in reference.indices:
                others = tuple(index for index in reference.indices if index != letter)
                known.add(id(name))
                yield id(name), (name, replace(reference, indices=(*others, f"({letter})")))


def _is_over_samples(total: IndexSum, statement: Statement, letters: set[str]) -> bool:
    """Whether a sum runs over samples, as those over some letters do."""
    (letter,), upper = total.indices, total.upper
    found = [name.reference for name in names(total.body) if name.reference is not None]
    again = [name for side in statement.sides for name in names(side) if name == upper]
    if isinstance(upper, Name) and upper.reference is None and len(again) > 1:
        return any(_has_data(each.entry) and letter in each.indices for each in found)
    return any(_is_sample(letter, each, letters) for each in found)


def _is_sample(letter: str, reference: Reference, letters: set[str]) -> bool:
    """Whether an index can only be that of a sample at a name."""
    entry = reference.entry
    indices = [index for index in reference.indices if index == letter or index not in letters]
    if entry is None or not _has_data(entry) or not indices:
        return False
    return indices[-1] == f"({letter})" or (indices[-1] == letter and len(indices) > axes(entry))


def _has_data(entry: Entry | None) -> bool:
    """Whether a value is another one for each sample."""
    return entry is not None and entry.kind in ("input", "target", "step", "loss", "delta")
