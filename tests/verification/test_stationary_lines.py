"""Conditions for a minimum: right where the gradient is 0, and there alone."""

from functools import cache

import pytest
from stranger_networks import NETWORKS

from symprop import Network, verify
from symprop.verification import verify_answer


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


@pytest.mark.parametrize(
    ("name", "written", "verdict"),
    [
        ("mean_squares", r"X^T X w = X^T y", "true-given"),
        ("mean_squares", r"X^T (y - X w) = 0", "true-given"),
        ("mean_squares", r"w = (X^T X)^{-1} X^T y", "true-given"),
        ("ridge", r"(X^T X + \lambda I) w = X^T y", "true-given"),
        ("gaussian", r"\mu = x", "true-given"),
        ("mean_squares", r"\nabla_w J = 0", "undecidable"),
        ("mean_squares", r"\frac{\partial J}{\partial w_j} = 0", "undecidable"),
        ("simple_regression", r"\frac{\partial J}{\partial \theta_0} = 0", "undecidable"),
        ("gaussian", r"\sigma^2 = (x - \mu)^2", "undecidable"),
        ("mean_squares", r"X^T X w = -X^T y", "false"),
        ("mean_squares", r"w = (X^T X)^{-1} X y", "false"),
        ("ridge", r"(X^T X - \lambda I) w = X^T y", "false"),
        ("simple_regression", r"\theta_0 = y + \theta_1 x", "false"),
        ("mean_squares", r"\nabla_w J = X^T (X w - y)", "false"),
    ],
)
def test_what_holds_at_a_minimum_is_not_wrong(name: str, written: str, verdict: str) -> None:
    (line,) = verify(network(name), written).lines
    assert line.verdict == verdict, line.reason
    if verdict != "false":
        assert "as at a minimum" in line.reason


def test_a_multiple_of_the_gradient_is_not_what_holds_at_a_minimum() -> None:
    text = r"\frac{\partial J}{\partial w} = \frac2n X^T(Xw-y) = \frac1n X^T(Xw-y)"
    lines = verify(network("mean_squares"), text).lines
    assert [line.verdict for line in lines] == ["true", "false"]


def test_that_a_gradient_is_0_is_no_answer() -> None:
    assert not verify_answer(network("mean_squares"), r"\nabla_w J", "0").ok
