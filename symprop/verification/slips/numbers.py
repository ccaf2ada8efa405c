"""Printed numbers that are wrong: the last digit, the sign, the decimal point, a factor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import mpmath

from symprop.verification.meaning.setting import shape_of
from symprop.verification.reading import tree as t
from symprop.verification.verdicts import Slip
from symprop.verification.worlds import Numeric

LAST_DIGIT = 2
"""So many units of the last digit may come of numbers that were rounded on the way."""
SHOWN = 6
NOISE = mpmath.mpf(10) ** -12


def slip_of_number(expected: Numeric, printed: t.Tree) -> Slip | None:
    """The mistake that explains a wrong number; None where none does, and for a matrix."""
    found = _printed(expected, printed)
    if found is None:
        return None
    for rule in (_sign, _rounding, _decimal_point, _factor):
        said = rule(found)
        if said is not None:
            return Slip(*said, printed.span, found.corrected)
    return None


@dataclass(frozen=True)
class _Printed:
    """A printed number, what it should be, and how many decimals it has; None of a whole number."""

    value: Any
    expected: Any
    decimals: int | None

    @property
    def half_unit(self) -> Any:
        """Half a unit of the last digit; 0 for a whole number."""
        return 0 if self.decimals is None else mpmath.mpf(10) ** -self.decimals / 2

    @property
    def corrected(self) -> str:
        """The number as it should be, with as many decimals."""
        if self.decimals is None:
            return str(mpmath.nstr(self.expected, SHOWN)).removesuffix(".0")
        units = int(mpmath.nint(self.expected * mpmath.mpf(10) ** self.decimals))
        digits = f"{abs(units):0{self.decimals + 1}d}"
        whole, behind = digits[: -self.decimals], digits[-self.decimals :]
        return f"{'-' if units < 0 else ''}{whole}.{behind}"

    def is_times(self, factor: Any) -> bool:
        """Whether it is so many times what it should be, rounded."""
        allowed = self.half_unit * max(1, abs(factor)) + NOISE * abs(self.value)
        return self.expected != 0 and bool(abs(self.expected * factor - self.value) <= allowed)


def _printed(expected: Numeric, tree: t.Tree) -> _Printed | None:
    number = None if shape_of(expected) else _worked_out(tree)
    if number is None:
        return None
    last = [part for part in t.walk(tree) if isinstance(part, t.Number)]
    behind = last[0].text.lower().partition("e")[0].partition(".")[2] if len(last) == 1 else ""
    return _Printed(number, expected, len(behind) or None)


def _worked_out(tree: t.Tree) -> Any:
    """The value of a formula of numbers alone; None of any other one."""
    body = t.bare(tree)
    if isinstance(body, t.Number):
        return mpmath.mpf(body.text)
    if isinstance(body, t.Sum):
        terms = [_worked_out(term) for term in body.terms]
        signed = zip(terms, body.signs, strict=True)
        return None if None in terms else sum(-a if sign == "-" else a for a, sign in signed)
    if isinstance(body, t.Product):
        factors = [_worked_out(factor) for factor in body.factors]
        return None if None in factors else mpmath.fprod(factors)
    if isinstance(body, t.Fraction):
        above, below = _worked_out(body.above), _worked_out(body.below)
        return above / below if above is not None and below else None
    return None


_Said: TypeAlias = "tuple[str, str] | None"
"""A kind and a sentence."""
_Rule: TypeAlias = Callable[[_Printed], _Said]


def _sign(found: _Printed) -> _Said:
    return ("sign", "the sign is wrong") if found.is_times(-1) else None


def _rounding(found: _Printed) -> _Said:
    if abs(found.expected - found.value) > 2 * LAST_DIGIT * found.half_unit:
        return None
    exact = mpmath.nstr(found.expected, SHOWN)
    return "rounding", f"the last digit is off, it is {exact}: a rounded number was carried along"


def _decimal_point(found: _Printed) -> _Said:
    if any(found.is_times(mpmath.mpf(10) ** power) for power in (-1, 1, -2, 2, -3, 3)):
        return "wrong-constant", "the decimal point is at the wrong place"
    return None


_FACTORS = {"2": 2, "1/2": mpmath.mpf(1) / 2, "-2": -2, "-1/2": -mpmath.mpf(1) / 2, "3": 3}


def _factor(found: _Printed) -> _Said:
    for text, factor in _FACTORS.items():
        if found.is_times(factor):
            return "wrong-constant", f"the printed number is {text} times the right one"
    return None
