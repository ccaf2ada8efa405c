"""The chain rule through a column or a matrix that depends on a matrix: three axes, or four.

No printed shape is agreed for such a derivative. In a product behind the derivative of a number by
the column the sum over the entries of the column is meant, and the product has the shape of the
matrix; so it is where either one is a row or a matrix.
"""

from __future__ import annotations

import numpy as np

from symprop.verification.meaning.names import VALUED, axes_of, split
from symprop.verification.meaning.setting import MisfitError, Setting, plain, shape_of
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry
from symprop.verification.worlds import Numeric

SUMMED = "the product is summed over the entries of "


def contracted(left: Numeric, right: Numeric, part: t.Tree, setting: Setting) -> Numeric | None:
    """A product with a derivative that is no matrix, summed over the entries of what is derived.

    None where `part`, which has the value `right`, is no such derivative or `left` does not fit.
    """
    entries = _with_many_axes(part)
    if entries is None:
        return None
    middle, matrix = (setting.values[entry.name] for entry in entries)
    count = middle.size
    blocks = np.asarray(right, dtype=object)
    fits = blocks.shape == (count * matrix.shape[0], matrix.shape[1])
    own = shape_of(left) in (middle.shape, middle.shape[::-1])
    if not fits or not own:
        return None
    setting.note(SUMMED + entries[0].name)
    lying = left if shape_of(left) == middle.shape else left.T
    found = np.tensordot(lying.ravel(), blocks.reshape(count, *matrix.shape), 1)
    return plain(found.T if setting.conventions.layout == "numerator" else found)


def is_no_matrix(part: t.Tree | None) -> bool:
    """Whether a factor is a derivative that has more axes than a matrix."""
    return part is not None and _with_many_axes(part) is not None


def require_number(left: Numeric, right: Numeric, part: t.Tree) -> None:
    """Only with a number such a derivative is multiplied as any matrix is."""
    if shape_of(left) and shape_of(right):
        raise MisfitError("no shape is agreed for a factor of this product", part.span)


def _with_many_axes(part: t.Tree) -> tuple[Entry, Entry] | None:
    """What is derived and what by, both whole, where not both are a column or a row."""
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
    middle, matrix = entries
    axes = len(axes_of(middle)), len(axes_of(matrix))
    return (middle, matrix) if 0 not in axes and axes != (1, 1) else None
