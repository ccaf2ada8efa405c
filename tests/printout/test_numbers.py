"""Numbers put in the place of names: brackets, dots, matrices."""

# ruff: noqa: RUF001 the characters are those of printouts

from __future__ import annotations

import pytest
from sympy import MatrixSymbol, exp, log, sqrt, symbols

from symprop import Network, maximum, sigmoid
from symprop.printout.expressions import Numeral, Numerals
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.names import Names
from symprop.printout.notation.numbers import numeral_markup, put_in
from symprop.printout.notation.unicode import unicode_of

a, b, c = symbols("a b c", real=True)
W, x = MatrixSymbol("W", 2, 2), MatrixSymbol("x", 2, 1)
NETWORK = Network("numbers", inputs=[x, c], weights=[a, b, W])
NUMBERS: dict[str, Numeral | Numerals] = {
    "a": Numeral("0.62"),
    "b": Numeral("-1.9"),
    "c": Numeral("3.2e-05"),
    "W": Numerals((("1", "-2"), ("0.5", "4"))),
    "x": Numerals((("1",), ("-1",))),
}


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (a * (1 - a), "0.62 · (1 − 0.62)"),
        (a * b, "0.62 · (−1.9)"),
        (b * (1 - b), "−1.9 · (1 − (−1.9))"),
        (a + b, "0.62 + (−1.9)"),
        (b + a, "0.62 + (−1.9)"),
        (b**2, "(−1.9)²"),
        (-b, "−(−1.9)"),
        (1 / b, "1/(−1.9)"),
        (b / a, "(−1.9)/0.62"),
        (sigmoid(b), "σ(−1.9)"),
        (exp(b), "e^{−1.9}"),
        (log(b * a), "log(0.62 · (−1.9))"),
        (sqrt(b), "√(−1.9)"),
        (maximum(b, a), "max(−1.9, 0.62)"),
        (a * c, "0.62 · (3.2 · 10⁻⁵)"),
        (c**2, "(3.2 · 10⁻⁵)²"),
        (b, "−1.9"),
        (W * x, "[1, −2; 0.5, 4] [1; −1]"),
        (W.T * x, "[1, −2; 0.5, 4]ᵀ [1; −1]"),
        (a * x, "0.62 · [1; −1]"),
    ],
)
def test_a_number_is_read_as_one_factor_or_term(expression: object, said: str) -> None:
    shown = unicode_of(put_in(NETWORK.read(expression), NUMBERS, Names(NETWORK)))
    assert shown == said


def test_a_name_without_a_number_stays() -> None:
    shown = put_in(NETWORK.read(a * b), {"a": Numeral("2")}, Names(NETWORK))
    assert unicode_of(shown) in ("2 · b", "b · 2")


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("1.80", "1.80"),
        ("-0.5", "-0.5"),
        ("3.2e-05", r"3.2 \cdot 10^{-5}"),
        ("-1e+08", "-10^8"),
        ("undefined", r"\text{undefined}"),
    ],
)
def test_a_number_alone(text: str, latex: str) -> None:
    assert latex_of(numeral_markup(Numeral(text))) == latex
