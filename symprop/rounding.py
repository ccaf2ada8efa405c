"""Numbers as they are shown: rounded once, from many digits, and by a rule that is said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

import mpmath
from sympy import Expr

from symprop.errors import DeclarationError

DECIMALS = 4
MOST_DECIMALS = 15
KEPT = 30
"""Significant digits that are looked at: a number that ends before them is exact."""
SMALL, LARGE = -4, 6
"""Powers of ten: a number below the one, or from the other on, is shown with a power of ten."""

_CONTEXT = Context(prec=KEPT, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Rounding:
    """So many decimals; below 0.1 so many significant digits, that small numbers keep some.

    What lies half-way goes to the even digit: 1.805 is shown as 1.80. A number that is shown with
    fewer decimals is exact: 1.1 is 1.1, and 1.10 is not. Raises DeclarationError for a number of
    decimals that is none from 1 to 15.
    """

    decimals: int = DECIMALS

    def __post_init__(self) -> None:
        number = isinstance(self.decimals, int) and not isinstance(self.decimals, bool)
        if not number or not 1 <= self.decimals <= MOST_DECIMALS:
            raise DeclarationError(
                f"{self.decimals!r} is no number of decimals",
                hint=f"give a whole number from 1 to {MOST_DECIMALS}",
            )

    def shown(self, number: Any) -> str:
        """A number as text: 1.80, -0.053 or 3.2e-05; see `as_decimal`."""
        exact = as_decimal(number)
        if not exact.is_finite():
            return "undefined"
        power = exact.adjusted()
        if exact and not SMALL <= power < LARGE:
            mantissa = self._rounded(exact.scaleb(-power, _CONTEXT), self.decimals)
            if abs(Decimal(mantissa)) == 10:  # 9.996 has become 10.00: 1.00
                mantissa, power = mantissa.replace("10.", "1."), power + 1
            return f"{mantissa}e{power:+03d}"
        return self._rounded(exact, self.decimals if power >= -1 else self.decimals - power - 1)

    @staticmethod
    def _rounded(exact: Decimal, places: int) -> str:
        rounded = exact.quantize(Decimal(1).scaleb(-places), context=_CONTEXT)
        if rounded != exact:
            return str(rounded)
        plain = f"{exact:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain

    @property
    def width(self) -> int:
        """How long a number may be, with its sign: -123456.78."""
        return self.decimals + 8

    def __str__(self) -> str:
        digits = f"{self.decimals} digit" + "s" * (self.decimals > 1)
        decimals = f"{self.decimals} decimal" + "s" * (self.decimals > 1)
        return (
            f"Numbers are computed unrounded and shown with {decimals}, those below 0.1 with "
            f"{digits}, half-way cases to the even digit; a number with fewer is exact."
        )


def as_decimal(number: Any) -> Decimal:
    """A number of mpmath or SymPy, an int, a Fraction or a Decimal, with the digits looked at."""
    if isinstance(number, Decimal):
        return _CONTEXT.plus(number)
    if isinstance(number, mpmath.mpf):
        if not mpmath.isfinite(number):
            return Decimal("nan")
        return _CONTEXT.create_decimal(mpmath.libmp.to_str(number._mpf_, KEPT))
    if isinstance(number, Fraction):
        return _CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))
    if isinstance(number, Expr):
        return _CONTEXT.create_decimal(str(number.evalf(KEPT + 5)))
    return _CONTEXT.create_decimal(number)
