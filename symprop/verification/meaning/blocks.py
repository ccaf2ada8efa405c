"""The chain rule through a column that depends on a matrix: its derivative has three axes.

No printed shape is agreed for it. In a product behind the derivative of a number by the column the
sum over the entries of the column is meant, and the product has the shape of the matrix.
"""

from __future__ import annotations

import numpy as np

from symprop.verification.meaning.names import VALUED, axes_of, split
from symprop.verification.meaning.setting import Setting, plain, shape_of
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry
from symprop.verification.worlds import Numeric

SUMMED = "the product is summed over the entries of "


def contracted(left: Numeric, right: Numeric, part: t.Tree, setting: Setting) -> Numeric | None:
    """A product with the derivative of a column by a matrix, summed over the entries of the column.

    None where `part`, which has the value `right`, is no such derivative or `left` does not fit.
    """
    entries = _of_column_by_matrix(part)
    if entries is None:
        return None
    column, matrix = (setting.values[entry.name] for entry in entries)
    count = len(column)
    blocks = np.asarray(right, dtype=object)
    fits = blocks.shape == (count * matrix.shape[0], matrix.shape[1])
    if not fits or sorted(shape_of(left)) != [1, count]:
        return None
    setting.note(SUMMED + entries[0].name)
    found = np.tensordot(left.ravel(), blocks.reshape(count, *matrix.shape), 1)
    return plain(found.T if setting.conventions.layout == "numerator" else found)


def _of_column_by_matrix(part: t.Tree) -> tuple[Entry, Entry] | None:
    """The column and the matrix of a derivative of the one by the other, both whole."""
    part = t.bare(part)
    if not isinstance(part, t.Rate):
        return None
    entries = []
    for name in (t.bare(part.of), t.bare(part.by)):
        reference = name.reference if isinstance(name, t.Name) else None
        if reference is None or reference.entry is None or reference.entry.kind not in VALUED:
            return None
        if split(reference.entry, reference.indices)[0]:
            return None
        entries.append(reference.entry)
    column, matrix = entries
    is_column = len(axes_of(column)) == 1 and (column.shape or ())[1:] == (1,)
    return (column, matrix) if is_column and len(axes_of(matrix)) == 2 else None
