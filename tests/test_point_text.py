"""Values on the command line are data: what is not a number or a list is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from symprop.errors import PointError
from symprop.point_text import read_values

GOOD: dict[str, dict[str, Any]] = {
    "x=1,y=-3": {"x": 1, "y": -3},
    "x=0.1": {"x": Fraction(1, 10)},
    "x = 2/3 , y = -1/4": {"x": Fraction(2, 3), "y": Fraction(-1, 4)},
    "x=1e-3,y=+2.5E2,z=1_000": {"x": Fraction(1, 1000), "y": 250, "z": 1000},
    "x=0.10000000000000000000001": {"x": Fraction(10**22 + 1, 10**23)},
    "x=[1,2/3],W=[[1, 2.5], [-3, 4]]": {
        "x": [1, Fraction(2, 3)],
        "W": [[1, Fraction(5, 2)], [-3, 4]],
    },
    "x=(1,2),y=[]": {"x": [1, 2], "y": []},
    "λ=1,y_hat=2,": {"λ": 1, "y_hat": 2},
}


@pytest.mark.parametrize("text", GOOD)
def test_numbers_and_lists_are_read_exactly(text: str) -> None:
    assert read_values([text]) == GOOD[text]


def test_values_may_come_in_several_pieces() -> None:
    assert read_values(["x=1,y=2", "z=3"]) == {"x": 1, "y": 2, "z": 3}
    assert read_values([]) == read_values([""]) == {}


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x=",
        "=1",
        "1,2",
        "x=1,x=2",
        "x=1 2",
        "x=[1,2",
        "x=1]",
        "x=abc",
        "x='1'",
        "x=True",
        "x=None",
        "x=1j",
        "x=1+1",
        "x=2*3",
        "x=2**10",
        "x=1/0",
        "x=[1]/2",
        "x=-[1]",
        "x={1: 2}",
        "x=[i for i in range(3)]",
        "x=__import__('os').getcwd()",
        "x=(lambda: 1)()",
        "x=1e999999999",
        "x=1e-999999999",
        "x=" + "9" * 5000,
        "x=" + "[" * 5000 + "]" * 5000,
        "x=1\0",
        "x=nan",
        "x=inf",
        "x=1if 2else 3",
        "x='\\d'",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PointError) as caught:
        read_values([text])
    assert caught.value.hint and len(caught.value.message) < 120
