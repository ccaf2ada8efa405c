r"""Signs of authors that mean one thing alone: `\otimes`, `\langle u, v \rangle`, `w -= ...`.

A right line is right, the same line with a mistake in it is wrong, and what is neither is refused.
"""

import pytest
import stranger_networks

from symprop import verify

RIGHT = [
    ("softmax_classifier", r"\frac{\partial l}{\partial W} = (\hat y - y) \otimes x"),
    ("goodfellow", r"\frac{\partial J}{\partial W} = x \otimes \frac{\partial J}{\partial a}"),
    ("gru", r"h_t = (1 - z) \otimes h_{t-1} + z \otimes \tilde{h}"),
    ("logistic_column", r"z = \langle w, x \rangle + b"),
    ("determinants", r"g = \ln|X| + \operatorname{tr}(A X^{-1})"),
    ("determinants", r"\frac{\partial \ln|X|}{\partial X} = X^{-T}"),
    ("determinants", r"g = \log \det X + \operatorname{tr}(A X^{-1})"),
    ("goodfellow", r"\frac{\partial J}{\partial a} = 2(f-y) w \odot 1_{a > 0}"),
    ("goodfellow", r"\frac{\partial J}{\partial a} = 2(f-y) w \odot 1_{\{a > 0\}}"),
    ("goodfellow", r"\frac{\partial J}{\partial a} = 2(f-y) w \odot I(a > 0)"),
    ("goodfellow", r"\frac{\partial J}{\partial a} = 2(f-y) w \odot \mathbb{1}[a > 0]"),
    ("logistic_column", r"w^{+} = w - \eta (\hat y - y) x"),
    ("logistic_column", r"w \mathrel{-}= \eta (\hat y - y) x"),
    ("logistic_column", r"w -= \eta (\hat y - y) x"),
    ("softmax_classifier", r"W' = W - \eta (\hat y - y) x^T"),
    ("softmax_classifier", r"\frac{\partial l}{\partial [W]_{ij}} = (\hat y_i - y_i) x_j"),
    (
        "softmax_classifier",
        r"\frac{\partial l}{\partial W_{ij}} = (\hat y_i - y_i) x_j \quad (i = 1, \ldots, k)",
    ),
    ("softmax_classifier", r"\partial_W l = (\hat y - y) x^T"),
    ("mean_squares", r"\mathrm{MSE} = \frac1n \sum_i (y_i - \hat y_i)^2"),
    (
        "relu_scalars",
        r"\frac{\partial L}{\partial z_1} = \begin{cases} 2(o-y) w_2 & \text{if $z_1 > 0$,} \\ "
        r"0 & \text{otherwise.} \end{cases}",
    ),
    (
        "relu_scalars",
        r"\frac{\partial L}{\partial z_1} = \begin{cases} 2(o-y) w_2 & \text{falls } z_1 > 0 \\ "
        r"0 & \text{sonst} \end{cases}",
    ),
]
WRONG = [
    ("goodfellow", r"\frac{\partial J}{\partial W} = \frac{\partial J}{\partial a} \otimes x"),
    ("logistic_column", r"z = \langle w, w \rangle + b"),
    ("determinants", r"g = \ln|X| - \operatorname{tr}(A X^{-1})"),
    ("goodfellow", r"\frac{\partial J}{\partial a} = 2(f-y) w \odot 1_{a < 0}"),
    ("logistic_column", r"w^{+} = w + \eta (\hat y - y) x"),
    ("logistic_column", r"w += \eta (\hat y - y) x"),
    ("logistic_column", r"w -= \eta (\hat y + y) x"),
    ("softmax_classifier", r"\frac{\partial l}{\partial [W]_{ij}} = (\hat y_j - y_j) x_i"),
    ("softmax_classifier", r"\partial_b l = y - \hat y"),
    (
        "relu_scalars",
        r"\frac{\partial L}{\partial z_1} = \begin{cases} 0 & \text{if $z_1 > 0$,} \\ "
        r"2(o-y) w_2 & \text{otherwise.} \end{cases}",
    ),
]
REFUSED = [
    ("chain", r"\frac{dE}{da} = 1 - \tanh^2 ax", 21, r"write brackets: \tanh^{2}(...)"),
    ("chain", r"\frac{d^2 E}{d r^2} = 1", 7, "derivatives by one name are"),
    ("mean_squares", r"\nabla^2 J = \frac2n X^T X", 1, "derivatives by one name are"),
    (
        "softmax_classifier",
        r"\frac{\partial l}{\partial o} = \begin{pmatrix} o_1 \\ \vdots \\ o_k \end{pmatrix}",
        56,
        "write the line for one entry, with an index",
    ),
    ("softmax_classifier", r"o = x \otimes y \odot b", 5, "write brackets"),
    ("logistic_column", r"z = \langle w, x, b \rangle", 5, r"\langle u, v \rangle"),
]


def verdicts(network: str, text: str) -> list[str]:
    report = verify(getattr(stranger_networks, network)(), text)
    return [str(line.verdict) for line in report.lines]


@pytest.mark.parametrize(("network", "text"), RIGHT)
def test_a_right_line_is_right(network: str, text: str) -> None:
    (found,) = verdicts(network, text)
    assert found in ("true", "true-given")


@pytest.mark.parametrize(("network", "text"), WRONG)
def test_with_a_mistake_it_is_wrong(network: str, text: str) -> None:
    assert verdicts(network, text) == ["false"]


@pytest.mark.parametrize(("network", "text", "column", "hint"), REFUSED)
def test_what_is_not_read_is_refused_with_its_place(
    network: str, text: str, column: int, hint: str
) -> None:
    (line,) = verify(getattr(stranger_networks, network)(), text).lines
    assert str(line.verdict) == "unreadable"
    assert hint in line.reason
    assert line.span.start + 1 == column


def test_the_mean_squared_error_may_be_differentiated_by_its_name() -> None:
    text = r"""\begin{align} \mathrm{MSE} &= \frac1n \sum_i (y_i - \hat y_i)^2 \\
    \frac{\partial \mathrm{MSE}}{\partial w} &= \frac2n X^T (\hat y - y) \\
    \frac{\partial \mathrm{MSE}}{\partial w} &= \frac1n X^T (\hat y - y) \end{align}"""
    assert verdicts("mean_squares", text) == ["true-given", "true-given", "false"]
