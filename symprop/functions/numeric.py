"""Functions of numbers, real or complex, that NumPy lacks: for evaluating formulas.

Slow and exact. Complex numbers are taken because a complex step differentiates by a tiny imaginary
part, whose digits must be right on their own: so mpmath works with many more than needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

DIGITS = 80


def _entry_by_entry(real: Callable[[float], float], exact: Callable[[Any], Any]) -> Any:
    def value(z: Any) -> Any:
        if not np.iscomplexobj(z):
            return real(z)
        with mpmath.workdps(DIGITS):
            return complex(exact(mpmath.mpmathify(z)))

    return np.vectorize(value)


NUMERIC: dict[str, Any] = {
    "erf": _entry_by_entry(math.erf, mpmath.erf),
    "erfc": _entry_by_entry(math.erfc, mpmath.erfc),
}
"""Functions by the names that formulas call them by."""
