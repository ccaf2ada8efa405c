"""Numbers as they stand on an edge: a few decimals, short vectors in brackets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from symprop.printout.expressions import Numeral
from symprop.printout.notation.markup import COMMA, Markup, Words, bracketed, joined
from symprop.printout.notation.numbers import numeral_markup
from symprop.rounding import Rounding

DECIMALS = 2
"""As in the pictures of lectures, where the example does not say how many."""
ENTRIES = 3
"""A column of more entries is not written out."""


def numeral(value: float, rounding: Rounding) -> Numeral:
    """A number as it is shown."""
    return Numeral(rounding.shown(Decimal(repr(float(value)))))


def value_markup(value: Any, rounding: Rounding) -> Markup | None:
    """A number or a short vector in notation; None for a larger one, and for none at all."""
    if value is None:
        return None
    if isinstance(value, np.ndarray):
        if value.ndim != 1 or len(value) > ENTRIES:
            return None
        if len(value) == 1:
            return _number(float(value[0]), rounding)
        return bracketed(joined([_number(float(entry), rounding) for entry in value], COMMA))
    return _number(float(value), rounding)


def _number(value: float, rounding: Rounding) -> Markup:
    shown = numeral(value, rounding)
    return Words(shown.text) if shown.text.isalpha() else numeral_markup(shown)
