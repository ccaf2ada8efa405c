"""Columns and matrices that are put together of their entries."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from symprop.verification.meaning.names import numbers_for
from symprop.verification.meaning.setting import Setting, UndecidableError, shape_of
from symprop.verification.reading import tree as t
from symprop.verification.worlds import Numeric


def entries(
    tree: t.Entries, setting: Setting, value: Callable[[t.Tree, Setting], Numeric]
) -> Numeric:
    """The column, or with two indices the matrix, of what a tree is for all their numbers."""
    ranges = [numbers_for(index, tree.body, setting) or [] for index in tree.indices]
    if not all(ranges):
        raise UndecidableError("nothing says how many entries this has", tree.span)
    found = []
    for numbers in product(*ranges):
        at = dict(zip(tree.indices, numbers, strict=True))
        found.append(value(tree.body, setting.with_indices(at)))
    if any(map(shape_of, found)):
        raise UndecidableError("a column of matrices", tree.span)
    made = np.empty(len(found), dtype=object)
    made[:] = found
    return made.reshape(len(ranges[0]), -1)
