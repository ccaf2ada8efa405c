r"""`X W + b`: a row that is added to every row of a matrix, or a column to every column.

So it is with `\odot`, and with fractions.
"""

from __future__ import annotations

import numpy as np

from symprop.verification.meaning.setting import Setting, shape_of
from symprop.verification.worlds import Numeric

REPEATED = (
    "a column stands for every column of a matrix",
    "a row stands for every row of a matrix",
)
"""What is noted, by the axis that both are as long along."""


def repeated(one: Numeric, other: Numeric, setting: Setting) -> tuple[Numeric, Numeric]:
    """Two values that go entry by entry, the row or the column as often as it is meant."""
    for small, large in ((one, other), (other, one)):
        axis = _axis(shape_of(small), shape_of(large))
        if axis is not None:
            setting.note(REPEATED[axis])
            again = np.repeat(small, shape_of(large)[1 - axis], axis=1 - axis)
            return (again, other) if small is one else (one, again)
    return one, other


def _axis(small: tuple[int, ...], large: tuple[int, ...]) -> int | None:
    """The axis that both are as long along, where the smaller is 1 along the other one."""
    if len(small) != 2 or len(large) != 2 or 1 in large:
        return None
    return next((k for k in (0, 1) if small[k] == large[k] and small[1 - k] == 1), None)
