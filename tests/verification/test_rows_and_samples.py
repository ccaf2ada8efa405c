r"""Rows of matrices and sums over samples: `\frac2n\sum_i (w^T x_i - y_i) x_i` as authors write it.

A right line is right whether the row is written x_i, X_i or x^{(i)}; a mistake in it is found.
"""

from functools import cache

import pytest
from stranger_networks import NETWORKS
from sympy import MatrixSymbol, symbols

from symprop import Network, squared_norm, verify


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


def said(name: str, text: str) -> list[str]:
    return [str(line.verdict) for line in verify(network(name), text).lines]


ROWS = [
    ("mean_squares", r"\nabla_w J = \frac2n \sum_i (w^T x_i - y_i) x_i"),
    ("mean_squares", r"\nabla_w J = \frac{2}{n} \sum_{i=1}^n (x_i^\top w - y_i) x_i"),
    ("mean_squares", r"\nabla_w J = \frac2n \sum_i (w^T X_i - y_i) X_i"),
    ("mean_squares", r"\nabla_w J = \frac2n \sum_{i=1}^{n} (\hat y^{(i)} - y^{(i)}) x^{(i)}"),
    (
        "mean_squares",
        r"\frac{\partial J}{\partial w_j} = \frac2n \sum_{i=1}^n (\hat y^{(i)} - y^{(i)})x_j^{(i)}",
    ),
    ("mean_squares", r"w \leftarrow w - \eta \frac2n \sum_i (w^T x_i - y_i) x_i"),
    ("mean_squares", r"\hat y_i = x_i^\top w"),
    ("mean_squares", r"\frac{\partial \hat y_i}{\partial w} = x_i^\top"),
    ("logistic_batch", r"\nabla_w J = \frac1n \sum_{i=1}^n (\sigma(w^\top x_i) - y_i) x_i"),
    ("cs231n", r"\frac{\partial L}{\partial b_2} = \frac1n \sum_i (S_i - Y_i)"),
    ("cs231n", r"\frac{\partial L}{\partial S_i} = \frac1n (S_i - Y_i)"),
    ("cs231n", r"\frac{\partial L}{\partial W_2} = \frac1n \sum_i H_i^T (S_i - Y_i)"),
    ("attention", r"s_i = \frac{k_i^\top q}{\sqrt{d}}"),
    ("attention", r"\frac{\partial L}{\partial s_i} = \alpha_i (v_i - o)^\top (o - y)"),
    ("softmax_classifier", r"\frac{\partial l}{\partial w_i} = (\hat y_i - y_i) x"),
    ("softmax_classifier", r"\frac{\partial l}{\partial W_{i,:}} = (\hat y_i - y_i) x^T"),
    (
        "factorization",
        r"\frac{\partial J}{\partial u_i} = -\sum_j (R_{ij} - u_i^\top v_j) v_j + \lambda u_i",
    ),
]
WRONG_ROWS = [
    ("mean_squares", r"\nabla_w J = \frac1n \sum_i (w^T x_i - y_i) x_i"),
    ("mean_squares", r"\nabla_w J = \frac2n \sum_i (y_i - w^T x_i) x_i"),
    ("mean_squares", r"\nabla_w J = \frac2n \sum_i (w^T x_i - y_i) x_1"),
    ("mean_squares", r"\nabla_w J = \frac2n \sum_i (w^T x_i - y_i) x_i^T"),
    (
        "mean_squares",
        r"\frac{\partial J}{\partial w_j} = \frac2n \sum_{i=1}^n (\hat y^{(i)} - y^{(i)})x_i^{(j)}",
    ),
    ("mean_squares", r"w \leftarrow w + \eta \frac2n \sum_i (w^T x_i - y_i) x_i"),
    ("cs231n", r"\frac{\partial L}{\partial b_2} = \sum_i (S_i - Y_i)"),
    ("cs231n", r"\frac{\partial L}{\partial W_2} = \frac1n \sum_i H_i (S_i - Y_i)"),
    ("attention", r"\frac{\partial L}{\partial \alpha_i} = k_i^\top (o - y)"),
    ("softmax_classifier", r"\frac{\partial l}{\partial w_i} = (y_i - \hat y_i) x"),
]


@pytest.mark.parametrize(("name", "text"), ROWS)
def test_a_small_letter_with_one_index_is_a_row(name: str, text: str) -> None:
    (line,) = verify(network(name), text).lines
    assert str(line.verdict) in ("true", "true-given"), line.reason


@pytest.mark.parametrize(("name", "text"), WRONG_ROWS)
def test_a_mistake_among_rows_is_one(name: str, text: str) -> None:
    assert said(name, text) == ["false"]


def test_a_row_or_a_column_is_not_guessed() -> None:
    """Of a square matrix no index says what it counts."""
    n = symbols("n", integer=True, positive=True)
    W, x = MatrixSymbol("W", n, n), MatrixSymbol("x", n, 1)
    net = Network("square", inputs=[x], weights=[W])
    net.loss(squared_norm(W * x) / 2)
    (line,) = verify(net, r"\frac{\partial L}{\partial w_i} = (w_i^\top x) x").lines
    assert str(line.verdict) == "undecidable"
    assert "row or a column" in line.reason


def test_a_row_of_a_weight_may_be_the_name_of_something_else() -> None:
    text = r"v_i = s_i + 1, \quad \frac{\partial L}{\partial o} = o - y"
    assert said("attention", text) == ["true-given", "true"]


# -- samples of a network that is declared for one ------------------------------------------------

SAMPLES = [
    ("logistic_column", r"\nabla_w L = \frac1m \sum_{i=1}^m (\hat y^{(i)} - y^{(i)}) x^{(i)}"),
    ("logistic_column", r"\frac{\partial L}{\partial w} = \frac1m \sum_i (\hat y_i - y_i) x_i"),
    ("logistic_column", r"w := w - \alpha \frac1m \sum_{i=1}^m (\hat y^{(i)} - y^{(i)}) x^{(i)}"),
    (
        "logistic_column",
        r"\frac{\partial L}{\partial w_j} = \frac1m \sum_{i=1}^m "
        r"(\sigma(w^T x^{(i)} + b) - y^{(i)}) x_j^{(i)}",
    ),
    (
        "logistic_column",
        r"\frac{\partial L}{\partial w} = \frac1m \sum_{i=1}^m \frac{\partial L^{(i)}}{\partial w}",
    ),
    ("logistic_scalar", r"\frac{\partial L}{\partial w} = \frac1N \sum_{n=1}^N (a_n - y_n) x_n"),
    ("logistic_scalar", r"\frac{\partial J}{\partial w} = \frac1m \sum_{i=1}^m (a_i - y_i) x_i"),
    ("simple_regression", r"J = \frac1{2m} \sum_{i=1}^m (h_\theta(x^{(i)}) - y^{(i)})^2"),
    (
        "softmax_classifier",
        r"\frac{\partial l}{\partial W} = \frac1N \sum_{n=1}^N (\hat y_n - y_n) x_n^T",
    ),
    ("softmax_classifier", r"l = -\frac1N \sum_{i=1}^N \sum_{j=1}^k y_{ij} \log \hat y_{ij}"),
]
WRONG_SAMPLES = [
    ("logistic_column", r"\nabla_w L = \frac1m \sum_{i=1}^m (y^{(i)} - \hat y^{(i)}) x^{(i)}"),
    ("logistic_column", r"\nabla_w L = \frac1{2m} \sum_{i=1}^m (\hat y^{(i)} - y^{(i)}) x^{(i)}"),
    ("logistic_column", r"\nabla_w L = \frac1m \sum_{i=1}^m (\hat y^{(i)} - y^{(i)})"),
    ("logistic_column", r"w := w + \alpha \frac1m \sum_{i=1}^m (\hat y^{(i)} - y^{(i)}) x^{(i)}"),
    ("logistic_scalar", r"\frac{\partial L}{\partial w} = \frac1N \sum_{n=1}^N (a_n - y_n)"),
    ("simple_regression", r"J = \frac1m \sum_{i=1}^m (h_\theta(x^{(i)}) - y^{(i)})^2"),
]


@pytest.mark.parametrize(("name", "text"), SAMPLES)
def test_the_loss_of_a_batch_is_the_mean_over_its_samples(name: str, text: str) -> None:
    (line,) = verify(network(name), text).lines
    assert str(line.verdict) == "true-given", line.reason


@pytest.mark.parametrize(("name", "text"), WRONG_SAMPLES)
def test_a_mistake_in_a_sum_over_samples_is_one(name: str, text: str) -> None:
    assert said(name, text) == ["false"]


def test_a_sum_without_the_number_of_samples_is_not_called_wrong() -> None:
    line = r"\nabla_w L = \sum_{i=1}^m (\hat y^{(i)} - y^{(i)}) x^{(i)}"
    assert said("logistic_column", line) == ["undecidable"]


def test_a_text_says_what_its_loss_is() -> None:
    text = r"""\begin{align}
    J &= \frac1m \sum_{i=1}^m L^{(i)} \\
    \frac{\partial J}{\partial w} &= \frac1m \sum_{i=1}^m (a^{(i)} - y^{(i)}) x^{(i)} \\
    \frac{\partial J}{\partial b} &= \sum_{i=1}^m (a^{(i)} - y^{(i)})
    \end{align}"""
    assert said("logistic_scalar", text) == ["true-given", "true", "false"]


def test_a_step_outside_of_the_sum_belongs_to_no_sample() -> None:
    line = r"\frac{\partial L}{\partial z} = \frac1m \sum_{i=1}^m (a^{(i)} - y^{(i)})"
    assert said("logistic_scalar", line) == ["undecidable"]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("mean_squares", r"\nabla_w J = \frac2n \sum_i (y_i - w^T x_i) x_i", "sign"),
        ("mean_squares", r"\nabla_w J = \frac1n \sum_i (w^T x_i - y_i) x_i", "wrong-constant"),
        (
            "logistic_column",
            r"\nabla_w L = \frac1m \sum_{i=1}^m (y^{(i)} - \hat y^{(i)}) x^{(i)}",
            "sign",
        ),
        (
            "logistic_column",
            r"\nabla_w L = \frac1{2m} \sum_{i=1}^m (\hat y^{(i)} - y^{(i)}) x^{(i)}",
            "wrong-constant",
        ),
        (
            "logistic_scalar",
            r"\frac{\partial L}{\partial w} = \frac1m \sum_{i=1}^m (a^{(i)} - y^{(i)})",
            "missing-factor",
        ),
    ],
)
def test_the_slip_in_a_sum_is_named(name: str, text: str, kind: str) -> None:
    (line,) = verify(network(name), text).lines
    assert line.slip is not None
    assert line.slip.kind == kind


ENDS = [
    ("softmax_classifier", r"l = -\sum_{j=1}^{C} y_j \log \hat y_j", "true-given"),
    ("softmax_classifier", r"l = \sum_{j=1}^{C} y_j \log \hat y_j", "false"),
    ("softmax_classifier", r"\hat y_i = \frac{e^{o_i}}{\sum_{j=1}^{C} e^{o_j}}", "true-given"),
    ("logistic_batch", r"\nabla J = \frac1N \sum_{n=1}^{N} (p_n - y_n) x_n", "true-given"),
    ("logistic_batch", r"\nabla J = \frac1N \sum_{n=1}^{N} (y_n - p_n) x_n", "false"),
    ("attention", r"o = \sum_{j=1}^{N} \alpha_j v_j", "true-given"),
]


@pytest.mark.parametrize(("name", "text", "verdict"), ENDS)
def test_the_end_of_a_sum_is_what_its_index_counts(name: str, text: str, verdict: str) -> None:
    assert said(name, text) == [verdict]


def test_an_index_that_may_count_samples_or_entries_makes_no_line_wrong() -> None:
    line = r"l = -\frac1N \sum_{i=1}^{N} y_i \log \hat y_i"
    assert said("softmax_classifier", line) == ["undecidable"]
