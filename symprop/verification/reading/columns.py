r"""Columns that a text defines entry by entry: behind `e_j = y_j - t_j` there is an `e`, too."""

from __future__ import annotations

import re
from dataclasses import replace

from symprop.verification.reading.echo import latex
from symprop.verification.reading.entries import WHOLE, Entry
from symprop.verification.reading.shapes import axes
from symprop.verification.reading.tree import Entries, IndexSum, Name, Spelling, Tree, names, walk

_LETTER = re.compile(r"\\?[A-Za-z]")


def whole_of(left: Name, definition: Tree) -> tuple[Spelling, Entry] | None:
    """The column or the matrix of which a name with indices is defined to be the entry there.

    None where its indices are not those of the definition, or count nothing that is declared.
    """
    indices = left.spelling.subscript
    if not 1 <= len(indices) <= 2 or len(set(indices)) < len(indices):
        return None
    if not all(map(_LETTER.fullmatch, indices)) or _free(definition) != set(indices):
        return None
    extents = [_extent(index, definition) for index in indices]
    if None in extents:
        return None
    spelling = replace(left.spelling, subscript=())
    name = latex(Name(spelling))
    shape = (extents[0], extents[1] if len(extents) == 2 else 1)
    entries = Entries(definition, indices, span=definition.span)
    return spelling, Entry(name, "local", name, shape, definition=entries)


def _free(tree: Tree) -> set[str]:
    """The indices at the names of a tree, but for those of its sums."""
    bound = {i for part in walk(tree) if isinstance(part, IndexSum) for i in part.indices}
    found = {index for name in names(tree) for index in _indices(name) if not index.isdigit()}
    return found - bound


def _indices(name: Name) -> tuple[str, ...]:
    """The indices of a name, those of its definition where a text has defined it for an entry."""
    reference = name.reference
    if reference is None or reference.indices or _definition(name) is None:
        return () if reference is None else reference.indices
    return name.spelling.subscript


def _definition(name: Name) -> Tree | None:
    entry = None if name.reference is None else name.reference.entry
    return entry.definition if entry is not None and entry.kind == "local" else None


def _extent(index: str, tree: Tree) -> object:
    """The size that an index counts to, by the names it stands at; None where none tells."""
    for name in names(tree):
        entry = name.reference.entry if name.reference is not None else None
        if name.reference is None or entry is None or WHOLE in name.reference.indices:
            continue
        long = [extent for extent in entry.shape or () if extent != 1]
        if len(name.reference.indices) == axes(entry) == len(long):
            found = dict(zip(name.reference.indices, long, strict=True))
            if index in found:
                return found[index]
        own = _definition(name)
        if own is not None and not name.reference.indices and index in name.spelling.subscript:
            return _extent(index, own)
    return None
