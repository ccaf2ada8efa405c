"""Lines of strangers that were judged wrongly: each is judged as a reader would."""

from functools import cache

import pytest
from stranger_networks import NETWORKS
from sympy import symbols

from symprop import Network, half_squared_error, verify
from symprop.verification import Line, verify_document

LAYERED = (
    r"\frac{\partial L}{\partial w} = "
    r"\frac{\partial L}{\partial h_2}\frac{\partial h_2}{\partial w}"
)


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


def lines(name: str, text: str) -> tuple[Line, ...]:
    return verify(network(name), text).lines


def said(name: str, text: str) -> list[str]:
    return [str(line.verdict) for line in lines(name, text)]


def only(name: str, text: str) -> Line:
    (line,) = lines(name, text)
    return line


def rows(*written: str) -> str:
    return r"\begin{align}" + r" \\ ".join(written) + r"\end{align}"


# -- one reading of a derivative within a chain ---------------------------------------------------


def test_a_chain_that_reads_a_derivative_in_two_ways_is_wrong() -> None:
    first, second = lines("rnn_two", LAYERED + r" = (h_2 - y)(1 - h_2^2) h_1")
    assert (first.verdict, second.verdict) == ("true-given", "false")
    assert second.judgement.slip is not None and second.judgement.slip.kind == "missing-path"


def test_a_chain_with_all_paths_is_right() -> None:
    whole = LAYERED + r" = (h_2 - y)(1 - h_2^2)(h_1 + w (1 - h_1^2) h_0)"
    assert said("rnn_two", whole) == ["true-given", "true-given"]


def test_a_path_is_not_counted_twice_by_reading_a_derivative_anew() -> None:
    written = (
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial h_2}"
        r"(\frac{\partial h_2}{\partial w} + "
        r"\frac{\partial h_2}{\partial h_1}\frac{\partial h_1}{\partial w})"
    )
    right = written + r" = (h_2 - y)(1 - h_2^2)(h_1 + w (1 - h_1^2) h_0)"
    assert said("rnn_two", right) == ["true", "true"]
    assert said("rnn_two", right.replace("h_1 + w", "h_1 + 2 w")) == ["true", "false"]


def test_an_update_with_numbers_behind_it_is_no_other_update() -> None:
    text = r"w_1 \leftarrow w_1 - 0.1 \frac{\partial L}{\partial w_1} = w_1 - 0.1 \frac{dL}{dw_1}"
    assert "false" not in said("relu_scalars", text)


def test_the_layout_may_change_back_to_that_of_the_first_side() -> None:
    product = (
        r"\frac{\partial l}{\partial x} = "
        r"\frac{\partial l}{\partial o}\frac{\partial o}{\partial x}"
    )
    right, changed = lines("softmax_classifier", product + r" = W^T (\hat y - y)")
    assert (right.verdict, changed.verdict) == ("true-given", "true-given")
    assert "layout" in changed.reason
    assert said("softmax_classifier", product + r" = W^T (y - \hat y)")[1] == "false"


def test_a_transpose_in_a_chain_that_has_the_shape_of_the_weight_is_wrong() -> None:
    text = r"\frac{\partial l}{\partial W} = \frac{\partial l}{\partial o} x^T = x (\hat y - y)^T"
    second = lines("softmax_classifier", text)[1]
    assert second.verdict == "false"
    assert second.judgement.slip is None or "no mistake" not in second.judgement.slip.sentence


# -- what cannot be worked out is never false -----------------------------------------------------


def test_a_frobenius_norm_is_read_as_one() -> None:
    loss = r"J = \frac12 \|R - U V^T\|_F^2 + \frac\lambda2 (\|U\|_F^2 + \|V\|_F^2)"
    assert only("factorization", loss).verdict == "true-given"
    assert only("factorization", loss.replace(r"\frac12", "", 1)).verdict == "false"


def test_a_norm_of_which_there_are_several_is_undecidable() -> None:
    loss = r"J = \frac12 \|R - U V^T\|^2 + \frac\lambda2 (\|U\|^2 + \|V\|^2)"
    assert only("factorization", loss).verdict == "undecidable"


@pytest.mark.parametrize(
    ("net", "text", "verdicts"),
    [
        ("autoencoder", r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial \hat x}"
         r"\frac{\partial \hat x}{\partial W}", ["true-given"]),
        ("autoencoder", r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial \hat x}"
         r"\frac{\partial \hat x}{\partial z}\frac{\partial z}{\partial W}", ["false"]),
        ("softmax_classifier", r"\frac{\partial l}{\partial W} = \frac{\partial l}{\partial o}"
         r"\frac{\partial o}{\partial W} = (\hat y - y) x^T", ["true-given", "true-given"]),
        ("softmax_classifier", r"\frac{\partial l}{\partial W} = \frac{\partial l}{\partial o}"
         r"\frac{\partial o}{\partial W} = (y - \hat y) x^T", ["true-given", "false"]),
        ("softmax_classifier", r"\frac{\partial o}{\partial W} = x^T", ["undecidable"]),
    ],
)  # fmt: skip
def test_the_chain_rule_through_a_column_by_a_matrix(
    net: str, text: str, verdicts: list[str]
) -> None:
    assert said(net, text) == verdicts


# -- updates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("w1 := w1 - 0.1 dL/dw1", "true-given"),
        (r"w_1 \leftarrow w_1 - 0.1 \frac{\partial L}{\partial w_1}", "true-given"),
        (r"w_2 := w_2 - 0.01 \cdot 2 (o - y) h_1", "true-given"),
        ("w1 := w1 + 0.1 dL/dw1", "false"),
        ("w1 := w1 - 0.1 dL/dw2", "false"),
        (r"w_2 := w_2 - 0.1 (o - y) h_1", "false"),
    ],
)
def test_a_learning_rate_may_be_a_number(text: str, verdict: str) -> None:
    line = only("relu_scalars", text)
    assert line.verdict == verdict
    assert verdict == "false" or "the learning rate is 0." in line.reason


# -- names that the text defines ------------------------------------------------------------------


def test_an_index_at_a_number_makes_another_name() -> None:
    text = rows(
        r"\delta &= y - t", r"\delta_j &= (1 - z_j^2) v_j \delta",
        r"\frac{\partial E}{\partial W_{ji}} &= \delta_j x_i",
        r"\frac{\partial E}{\partial v_j} &= \delta z_j",
        r"\frac{\partial E}{\partial W_{ji}} &= \delta x_i",
    )  # fmt: skip
    assert said("bishop", text) == ["true-given", "true-given", "true", "true", "false"]


def test_an_index_at_a_column_is_that_of_its_entry() -> None:
    text = rows(
        r"\delta &= \hat y - y",
        r"\frac{\partial l}{\partial W_{ji}} &= \delta_j x_i",
        r"\frac{\partial l}{\partial b_j} &= -\delta_j",
        r"\delta_1 &= y_1 - \hat y_1",
    )
    assert said("softmax_classifier", text) == ["true-given", "true", "false", "false"]


def test_a_letter_for_two_things_is_undecidable_and_a_wrong_value_is_not() -> None:
    twice = rows(r"\delta &= o - y", r"\delta &= V^T (o - y)")
    second = lines("unspecified_columns", twice)[1]
    assert second.verdict == "undecidable"
    assert "is defined already, as o - y" in second.reason
    wrong = rows(r"\delta &= \frac{\partial L}{\partial o}", r"\delta &= y - o")
    assert said("unspecified_columns", wrong) == ["true-given", "false"]


# -- labels and layouts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "text", "verdict", "reason"),
    [
        ("logistic_scalar", r"\frac{dL}{dz} = a - y^2", "true-given", "y is 0 or 1"),
        ("logistic_scalar", r"\frac{dL}{dz} = a - y", "true", ""),
        ("softmax_classifier", r"\frac{\partial l}{\partial o_j} = \hat y_j - 1", "true-given",
         "y_j = 1"),
        ("softmax_classifier", r"\frac{\partial l}{\partial o_j} = \hat y_j", "true-given",
         "y_j = 0"),
        ("softmax_classifier", r"\frac{\partial l}{\partial o_j} = 1 - \hat y_j", "false", ""),
        ("logistic_column", r"\nabla_w \mathcal L = (\hat y - y) x", "true", ""),
        ("logistic_column", r"\nabla_w \mathcal L = (\hat y - y) x^T", "false", ""),
    ],
)  # fmt: skip
def test_what_a_right_line_takes_for_granted(
    net: str, text: str, verdict: str, reason: str
) -> None:
    line = only(net, text)
    assert line.verdict == verdict
    assert reason in line.reason


def test_the_layout_of_a_derivative_by_a_matrix_is_not_said_of_a_column() -> None:
    line = only("traces", r"\frac{\partial}{\partial X} \operatorname{tr}(AX) = A")
    assert line.verdict == "true-given"
    assert "matrix" in line.reason and "column" not in line.reason


def test_a_remark_behind_a_line_or_a_word_before_it_does_not_hide_the_line() -> None:
    x, y, w, b = symbols("x y w b", real=True)
    network = Network("line", inputs=[x], targets=[y], weights=[w, b])
    h = network.step("h", w * x + b)
    network.loss(half_squared_error(y, h))
    text = "dL/dw = (h - y)*x   # chain rule\nso dL/db = (y - h)\ndL/dh = y - h  // a slip, too\n"
    found = [line.verdict for line in verify_document(network, text).lines]
    assert found == ["true", "false", "false"]
