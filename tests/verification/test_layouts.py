r"""How a gradient lies: one text has one layout, and entries of dL/dW are dL/dW_ij in any."""

from functools import cache

import pytest
from stranger_networks import NETWORKS

from symprop import Network, verify

LINE = r"\frac{\partial l}{\partial W} &= "
TRANSPOSED = LINE + r"x (\hat y - y)^T"
RIGHT = LINE + r"(\hat y - y) x^T"


@cache
def network() -> Network:
    return NETWORKS["softmax_classifier"]()


def said(*rows: str, before: str = "") -> list[str]:
    text = before + r"\begin{align}" + r" \\ ".join(rows) + r"\end{align}"
    return [
        str(line.verdict) for line in verify(network(), text).lines if line.verdict != "skipped"
    ]


def test_a_transposed_gradient_alone_is_right_in_the_numerator_layout() -> None:
    (line,) = verify(network(), TRANSPOSED.replace("&", "")).lines
    assert line.verdict == "true-given" and "numerator layout" in line.reason


@pytest.mark.parametrize(
    "other",
    [
        RIGHT,
        r"\frac{\partial l}{\partial W} &= \frac{\partial l}{\partial o} x^T",
        r"\frac{\partial l}{\partial b} &= \hat y - y",
        r"W &\leftarrow W - \eta \frac{\partial l}{\partial W}",
    ],
)
def test_where_others_have_the_shape_of_what_they_are_taken_by_it_is_a_slip(other: str) -> None:
    assert said(TRANSPOSED, other) == ["false", "true"]
    lines = verify(network(), rf"\begin{{align}}{other} \\ {TRANSPOSED}\end{{align}}").lines
    assert [str(line.verdict) for line in lines] == ["true", "false"]
    slip = lines[1].slip
    assert slip is not None and slip.sentence.startswith("transposed")
    assert slip.correct == r"(\hat{y} - y) x^{\top}"
    assert "^" in lines[1].pointer


@pytest.mark.parametrize(
    "other",
    [
        r"\frac{\partial l}{\partial b} &= (\hat y - y)^T",
        r"\frac{\partial l}{\partial W} &= x \frac{\partial l}{\partial o}",
        r"\frac{\partial l}{\partial W_{ij}} &= (\hat y_i - y_i) x_j",
        r"\nabla_b l &= \hat y - y",
    ],
)
def test_a_text_that_has_no_other_layout_may_have_it(other: str) -> None:
    assert "false" not in said(TRANSPOSED, other)


def test_what_the_text_says_of_its_layout_counts() -> None:
    bias = r"\frac{\partial l}{\partial b} &= \hat y - y"
    assert said(TRANSPOSED, bias, before="All in numerator layout. ") == ["true-given", "true"]
    assert said(TRANSPOSED, before="We use the denominator layout. ") == ["false"]


@pytest.mark.parametrize(
    ("written", "verdict"),
    [(r"(\hat y_i - y_i) x_j", "true"), (r"(\hat y_j - y_j) x_i", "false")],
)
def test_an_entry_of_a_gradient_is_the_derivative_by_that_entry(written: str, verdict: str) -> None:
    left = r"\left(\frac{\partial l}{\partial W}\right)_{ij}"
    (line,) = verify(network(), f"{left} = {written}").lines
    assert line.verdict == verdict
