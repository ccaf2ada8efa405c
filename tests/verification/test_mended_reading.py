r"""Lines as strangers write them, which were misread or refused: each must be read as it is meant.

A right line is right, the same line with a mistake in it is wrong, and what is neither is refused.
"""

import pytest
import stranger_networks

from symprop import verify

Case = tuple[str, str, str]


def said(network: str, text: str) -> list[str]:
    report = verify(getattr(stranger_networks, network)(), text)
    return [str(line.verdict) for line in report.lines]


STEP = r"- \eta (\hat y - y) x"
RISE = r"+ \eta (\hat y - y) x"
MOMENTS = [
    ("w_{new}", "w_{old}"),
    (r"w_{\text{new}}", r"w_{\text{old}}"),
    ("w^{new}", "w^{old}"),
    ("w_{neu}", "w_{alt}"),
    ("w_{new}", "w"),
    ("w_{t+1}", "w_t"),
    ("w^{(k+1)}", "w^{(k)}"),
    ("w'", "w"),
]


@pytest.mark.parametrize("new, old", MOMENTS)
def test_old_and_new_are_an_update_and_no_entries_of_the_weight(new: str, old: str) -> None:
    assert said("logistic_column", f"{new} = {old} {STEP}") == ["true"]
    assert said("logistic_column", f"{new} = {old} {RISE}") == ["false"]


def test_the_letters_of_new_are_no_indices_of_a_matrix() -> None:
    line = r"W_{new} = W_{old} - \eta \frac{\partial l}{\partial W}"
    assert said("softmax_classifier", line) == ["true"]


def test_a_step_goes_on_over_a_chain() -> None:
    chain = r"w_{new} = w_{old} - \eta \frac{\partial L}{\partial w} = w_{old} - \eta (a - y) x"
    assert said("logistic_scalar", chain) == ["true", "true"]
    delta = r"\Delta w = -\eta \frac{\partial L}{\partial w} = -\eta (a - y) x"
    assert said("logistic_scalar", delta) == ["true", "true"]


def test_theta_below_a_hypothesis_is_no_sample() -> None:
    line = r"h_\theta(x) = \theta_0 + \theta_1 x"
    (only,) = verify(stranger_networks.simple_regression(), line).lines
    assert "sample" not in only.reason
    assert str(only.verdict) in ("true", "true-given")


def test_an_entry_of_an_input_that_has_none_makes_no_line_wrong() -> None:
    line = r"\frac{\partial J}{\partial \theta_j} = (h_\theta(x) - y) x_j"
    assert said("simple_regression", line) == ["undecidable"]


RIGHT: list[Case] = [
    ("a rate alpha", "logistic_scalar", r"w := w - \alpha (a - y) x"),
    ("a rate lambda", "logistic_scalar", r"w \leftarrow w - \lambda (a - y) x"),
    ("a step", "softmax_classifier", r"\Delta W = -\eta (\hat y - y) x^T"),
    ("an arrow", "nielsen", r"w^2 \to w^2 - \eta \frac{\partial C}{\partial w^2}"),
    (
        "a number behind brackets",
        "three_blue",
        r"\frac{\partial C_0}{\partial w^{(L)}} = a^{(L-1)} \sigma'(z^{(L)}) 2 (a^{(L)} - y)",
    ),
    ("the identity", "ridge", r"\nabla_w J = (X^\top X + \lambda I) w - X^\top y"),
    (
        "an entry of a name with a power",
        "nielsen",
        r"\frac{\partial C}{\partial w^2_{jk}} = (a^2_j - y_j) \sigma'(z^2_j) a^1_k",
    ),
    (
        "an entry of a layer",
        "nielsen",
        r"\frac{\partial C}{\partial b^l_j} = \frac{\partial C}{\partial z^l_j}",
    ),
    (
        "a sum without one index",
        "softmax_classifier",
        r"\frac{\partial l}{\partial o_j} = -y_j (1 - \hat y_j) + \sum_{i \ne j} y_i \hat y_j",
    ),
    ("sech", "fan_out", r"\frac{d \tanh(x)}{dx} = \mathrm{sech}^2(x)"),
    (
        "a sign behind a sum",
        "logistic_scalar",
        r"\frac{\partial L}{\partial w} = \frac{\sum_{i=1}^2 -(y - a) x}{2}",
    ),
    ("a gradient by its variable", "ng", r"dZ^{[2]} = \frac1m (A^{[2]} - Y)"),
    ("what follows from it", "ng", r"dW^{[2]} = dZ^{[2]} A^{[1]T}"),
    ("its step", "ng", r"W^{[1]} := W^{[1]} - \alpha dW^{[1]}"),
]
WRONG: list[Case] = [
    ("a rate alpha", "logistic_scalar", r"w := w - \alpha (a - y)"),
    ("a rate lambda", "logistic_scalar", r"w \leftarrow w + \lambda (a - y) x"),
    ("a step", "softmax_classifier", r"\Delta W = \eta (\hat y - y) x^T"),
    ("an arrow", "nielsen", r"w^2 \to w^2 + \eta \frac{\partial C}{\partial w^2}"),
    (
        "a number behind brackets",
        "three_blue",
        r"\frac{\partial C_0}{\partial w^{(L)}} = a^{(L-1)} \sigma'(z^{(L)}) 3 (a^{(L)} - y)",
    ),
    ("the identity", "ridge", r"\nabla_w J = (X^\top X - \lambda I) w - X^\top y"),
    (
        "an entry of a name with a power",
        "nielsen",
        r"\frac{\partial C}{\partial w^2_{jk}} = (a^2_j - y_j)^2 \sigma'(z^2_j) a^1_k",
    ),
    (
        "a sum without one index",
        "softmax_classifier",
        r"\frac{\partial l}{\partial o_j} = -y_j (1 - \hat y_j) + \sum_i y_i \hat y_j",
    ),
    ("sech", "fan_out", r"\frac{d \tanh(x)}{dx} = \mathrm{sech}(x)"),
    (
        "a sign behind a sum",
        "logistic_scalar",
        r"\frac{\partial L}{\partial w} = \frac{\sum_{i=1}^2 -(a - y) x}{2}",
    ),
    ("a gradient by its variable", "ng", r"dZ^{[2]} = \frac1m (Y - A^{[2]})"),
    ("what follows from it", "ng", r"dW^{[1]} = dZ^{[2]} X^T"),
]


@pytest.mark.parametrize("network, text", [case[1:] for case in RIGHT], ids=[c[0] for c in RIGHT])
def test_a_right_line_in_the_writing_of_textbooks_is_right(network: str, text: str) -> None:
    assert said(network, text) == ["true"]


@pytest.mark.parametrize("network, text", [case[1:] for case in WRONG], ids=[c[0] for c in WRONG])
def test_and_with_a_mistake_it_is_wrong(network: str, text: str) -> None:
    assert said(network, text) == ["false"]


def test_a_name_with_a_mark_above_may_be_defined_and_used() -> None:
    text = r"""\begin{align}
    \delta^2 &= (a^2 - y) \odot \sigma'(z^2) \\
    \delta^1 &= ((w^2)^T \delta^2) \odot \sigma'(z^1) \\
    \frac{\partial C}{\partial w^1} &= \delta^1 x^T \\
    \frac{\partial C}{\partial b^1} &= \delta^2
    \end{align}"""
    assert said("nielsen", text) == ["true-given", "true-given", "true", "false"]


def test_a_name_may_be_defined_behind_its_use() -> None:
    right = r"\frac{\partial L}{\partial w} = k x \quad \text{where } k = a - y"
    assert said("logistic_scalar", right) == ["true", "true-given"]
    wrong = r"\frac{\partial L}{\partial w} = k x, \quad k = y - a"
    assert said("logistic_scalar", wrong) == ["false", "true-given"]


@pytest.mark.parametrize("text", [r"da = a (1 - a) \, dz", r"dL = (a - y) \, dz", r"dz = x \, dw"])
def test_a_differential_is_no_gradient(text: str) -> None:
    assert said("logistic_scalar", text) == ["unreadable"]


@pytest.mark.parametrize(
    "text",
    [
        r"dl = (\hat y - y)^T do",
        r"\mathrm{d} l = \operatorname{tr}(x (\hat y - y)^T \mathrm{d}W)",
    ],
)
def test_the_d_of_a_differential_is_not_the_size_d(text: str) -> None:
    assert said("softmax_classifier", text) == ["unreadable"]


def test_the_name_below_the_loss_is_what_it_is_differentiated_by() -> None:
    assert said("logistic_scalar", "L_w = (a - y) x") == ["true"]
    assert said("logistic_scalar", "L_w = (y - a) x") == ["false"]
    assert said("softmax_classifier", r"l_W = (\hat y - y) x^T") == ["true"]


def test_a_rule_for_theta_is_one_for_every_weight() -> None:
    rule = r"\theta_{t+1} = \theta_t - \eta_t (\nabla_\theta \mathcal{L})"
    assert said("logistic_column", rule) == ["true-given"]
    assert said("logistic_column", rule.replace("- ", "+ ")) == ["false"]


@pytest.mark.parametrize("text", ["a = b I + 3", r"\frac{\partial L}{\partial w} = (a - y) I"])
def test_an_identity_is_not_guessed_where_nothing_has_a_size(text: str) -> None:
    assert said("logistic_scalar", text) == ["undecidable"]


def test_a_number_at_the_end_of_a_product_may_be_a_lost_power() -> None:
    assert said("logistic_scalar", r"\frac{\partial L}{\partial w} = x (a - y)2") == ["unreadable"]


@pytest.mark.parametrize(
    "text",
    [
        r"w_{new} = w_{old} - 0.1 \cdot 0.2",
        r"w \leftarrow w - \eta \cdot 0.2",
        r"\Delta w = 0.01",
        r"\Delta w = w_{new} - w_{old}",
        r"w_{t+1} = w_t - v_t",
        r"w_{t+1} - w_t = -\eta (a - y) x",
    ],
)
def test_a_rule_of_which_something_is_not_known_is_not_called_wrong(text: str) -> None:
    assert said("logistic_scalar", text) == ["undecidable"]


def test_a_sum_without_an_index_that_nothing_gives_is_not_worked_out() -> None:
    line = r"\frac{\partial l}{\partial o_k} = -y_k + \sum_{i \ne j} y_i \hat y_k"
    assert said("softmax_classifier", line) == ["undecidable"]
