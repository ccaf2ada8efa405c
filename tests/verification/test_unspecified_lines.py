"""Lines over functions without a formula: right for some, wrong for all, or nobody knows."""

from functools import cache

import pytest
from stranger_networks import NETWORKS

from symprop import Network, verify

W1 = r"\frac{\partial L}{\partial w_1} = "
W2 = r"\frac{\partial L}{\partial w_2} = "
W = r"\frac{\partial L}{\partial W} = "


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


@pytest.mark.parametrize(
    ("name", "written", "verdict", "reason"),
    [
        ("unspecified_chain", "f'(u) = f(u)(1 - f(u))", "true-given", "f is the sigmoid"),
        ("unspecified_chain", "f'(u) = 1 - f(u)^2", "true-given", "f is tanh"),
        ("unspecified_chain", r"\frac{\partial s}{\partial u} = s(1 - s)", "true-given", "sigmoid"),
        ("unspecified_chain", W1 + r"(g(v)-y) g(v)(1-g(v)) w_2 (1-s^2) x",
         "true-given", "f is tanh and g is the sigmoid"),
        ("unspecified_columns", W + r"(V^T (o-y) \odot h \odot (1-h)) x^T",
         "true-given", "phi is the sigmoid"),
        ("unspecified_chain", "f'(u) = 1 - f(u)", "undecidable", "f'(u) = 1 - f(u)"),
        ("unspecified_chain", W2 + r"(g(v)-y) g(v)(1 + g(v)) s",
         "undecidable", "g'(v) = g(v)*(1 + g(v))"),
        ("unspecified_columns", W + r"(V^T (o-y) \odot h \odot (1+h)) x^T",
         "undecidable", "phi'(z) = h*(1 + h)"),
        ("unspecified_chain", W2 + r"(g(v)-y) s", "false", ""),
        ("unspecified_chain", W2 + r"(g(v)-y) g(v) s", "false", ""),
        ("unspecified_chain", W2 + r"(y-g(v)) g(v)(1-g(v)) s", "false", ""),
        ("unspecified_chain", W1 + r"(g(v)-y) f'(v) w_2 f'(u) x",
         "false", ""),
    ],
)  # fmt: skip
def test_what_nobody_knows_of_a_function_is_neither_right_nor_wrong(
    name: str, written: str, verdict: str, reason: str
) -> None:
    (line,) = verify(network(name), written).lines
    assert line.verdict == verdict, line.reason
    assert reason in line.reason
