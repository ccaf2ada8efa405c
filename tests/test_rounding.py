"""Numbers as they are shown: rounded once, half-way cases to the even digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import sqrt

from symprop.errors import DeclarationError
from symprop.rounding import LARGE, SMALL, Rounding


@pytest.mark.parametrize(
    ("number", "two", "four"),
    [
        ("1.1", "1.1", "1.1"),
        ("1.805", "1.80", "1.805"),
        ("1.815", "1.82", "1.815"),
        ("0.6498", "0.65", "0.6498"),
        ("-0.684", "-0.68", "-0.684"),
        ("1.7448", "1.74", "1.7448"),
        ("0.233928", "0.23", "0.2339"),
        ("0.0534447", "0.053", "0.05344"),
        ("0.0996", "0.100", "0.0996"),
        ("999999.999", "1000000.00", "999999.999"),
        ("0.00001234", "1.23e-05", "1.234e-05"),
        ("9.9999e-9", "1.00e-08", "9.9999e-09"),
        ("-123456789", "-1.23e+08", "-1.2346e+08"),
        ("1e300", "1e+300", "1e+300"),
        ("0", "0", "0"),
        ("120", "120", "120"),
    ],
)
def test_a_number_is_shown_with_its_decimals(number: str, two: str, four: str) -> None:
    with mpmath.workdps(100):
        for value in (Decimal(number), mpmath.mpf(number), Fraction(number)):
            assert (Rounding(2).shown(value), Rounding(4).shown(value)) == (two, four)


@given(
    st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=9),
    st.integers(1, 9),
)
def test_what_is_shown_is_the_number_to_half_a_unit(number: Decimal, decimals: int) -> None:
    shown = Decimal(Rounding(decimals).shown(number))
    if number == 0:
        assert shown == 0
        return
    power = number.adjusted()
    plain = SMALL <= power < LARGE
    last = -decimals if plain and power >= -1 else power - decimals + (1 if plain else 0)
    assert abs(shown - number) <= Decimal(10) ** last / 2


@given(st.floats(1e-4, 99_999), st.integers(1, 9))
def test_numbers_keep_to_their_column(number: float, decimals: int) -> None:
    rounding = Rounding(decimals)
    assert len(rounding.shown(Decimal(repr(-number)))) <= rounding.width


def test_other_numbers_are_shown_as_well() -> None:
    assert Rounding(3).shown(2) == "2"
    assert Rounding(3).shown(Fraction(1, 3)) == "0.333"
    assert Rounding(3).shown(sqrt(2)) == "1.414"
    assert Rounding(3).shown(mpmath.nan) == "undefined"


@pytest.mark.parametrize("decimals", [0, 16, -1, 2.0, "2", True, None])
def test_what_is_no_number_of_decimals_is_refused(decimals: Any) -> None:
    with pytest.raises(DeclarationError, match="no number of decimals"):
        Rounding(decimals)
