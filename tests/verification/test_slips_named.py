"""Slips named in lines of strangers: two at once, conditions, norms, cross terms, updates."""

import pytest
from example_networks import NETWORKS as EXAMPLES
from stranger_networks import NETWORKS
from sympy import symbols

from symprop import Network, sigmoid
from symprop.verification import Line, Verdict, verify
from symprop.verification.verdicts import GOOD

NAMED = [
    ("softmax_classifier", r"W \leftarrow W - \eta x (\hat y - y)^T", "transpose", "should be"),
    ("softmax_classifier", r"W \leftarrow W + \eta x (\hat y - y)^T", "sign", "two slips: "),
    ("logistic_scalar", r"w \leftarrow w + \eta (a - y)", "sign", "factor x of the chain"),
    (
        "hinge",
        r"\frac{\partial L}{\partial w} = \begin{cases} w - C y x & \text{if } y f > 1 \\"
        r" w & \text{otherwise}\end{cases}",
        "wrong-condition",
        "each other's case",
    ),
    ("hinge", r"\nabla_w L = w - C y x \mathbb{1}[y f > 1]", "wrong-condition", "y*f < 1"),
    (
        "hinge",
        r"\frac{\partial L}{\partial w} = \begin{cases} w - C y x & \text{if } y f < 1 \\"
        r" 0 & \text{otherwise}\end{cases}",
        "missing-term",
        "0 should be w",
    ),
    (
        "penalties",
        r"L = \frac12 (y - f)^2 + \lambda \|w\|_2 + \frac{\mu}{2} \|w\|_2^2",
        "wrong-function",
        "another norm",
    ),
    ("penalties", r"\nabla_w L = -(y - f) x + \lambda |w| + \mu w", "missing-prime", "sign(w)"),
    (
        "ridge",
        r"\nabla_w J = X^\top (Xw - y) + \lambda \|w\|",
        "wrong-function",
        "should be w",
    ),
    ("quadratic_form", r"\nabla_x f = 2 A x + b", "transpose", "symmetric A alone"),
    ("quadratic_form", r"\nabla_x f = 2 A^T x + b", "transpose", "symmetric A alone"),
    (
        "attention",
        r"\frac{\partial L}{\partial s_i} = \frac{\partial L}{\partial \alpha_i}"
        r" \alpha_i (1 - \alpha_i)",
        "missing-cross-term",
        "softmax",
    ),
    (
        "attention",
        r"\frac{\partial L}{\partial q} = K^\top \frac{\partial L}{\partial s}",
        "missing-factor",
        "1/sqrt(d)",
    ),
    (
        "chain",
        r"\frac{\partial E}{\partial a} = (t-r) c q (1-q) b (1-p) x",
        "missing-square",
        "and the sign is wrong",
    ),
    (
        "chain",
        r"\frac{\partial E}{\partial a} = -(t-r) c p (1-p) b (1-p^2) x",
        "wrong-name",
        "p should be q",
    ),
    (
        "chain",
        r"\frac{\partial E}{\partial b} = -2(t-r) c q^2(1-q) p",
        "power",
        "two slips: the factor 2 should not be there; and the square of q",
    ),
    (
        "unspecified_chain",
        r"\frac{\partial L}{\partial w_1} = (g(v) - y) g'(v) w_2 f'(x) x",
        "wrong-name",
        "x should be u",
    ),
    (
        "unspecified_chain",
        r"\frac{\partial L}{\partial w_1} = (g(v) - y) f'(v) w_2 g'(u) x",
        "wrong-name",
        "each other's place",
    ),
    (
        "gaussian",
        r"\frac{\partial \ell}{\partial \sigma} = \frac{1}{\sigma} - \frac{x - \mu}{\sigma^3}",
        "missing-square",
        "x - mu should be squared",
    ),
    (
        "temperature",
        r"\frac{\partial L}{\partial \tau} = -\frac{1}{\tau^2} \sum_i (p_i - y_i)",
        "missing-factor",
        "z_{i}",
    ),
    (
        "rnn_step",
        r"\frac{\partial L}{\partial h_t} = V (\mathrm{softmax}(o_t) - y)",
        "transpose",
        "given: the entries of y sum to 1",
    ),
    (
        "batch_norm",
        r"\frac{\partial L}{\partial \beta} = \frac{\partial L}{\partial y_i}",
        "missing-sum",
        "a sum over",
    ),
    (
        "layer_norm_gain",
        r"\frac{\partial L}{\partial g} = (\sigma(a) - y) \odot x",
        "missing-factor",
        "sigmoid'(a)",
    ),
    (
        "residual",
        r"\frac{\partial L}{\partial W} = (r - y) x^\top",
        "missing-factor",
        "[z > 0]",
    ),
]


def judged(name: str, line: str) -> Line:
    return verify(NETWORKS[name](), line, form="latex").lines[-1]


@pytest.mark.parametrize(("name", "line", "kind", "sentence"), NAMED)
def test_the_slip_is_named_and_the_correction_is_right(
    name: str, line: str, kind: str, sentence: str
) -> None:
    found = judged(name, line)

    assert found.verdict is Verdict.FALSE
    assert found.slip is not None
    assert found.slip.kind == kind
    assert sentence in found.slip.sentence
    if found.slip.correct:
        sign = r"\leftarrow" if r"\leftarrow" in line else "="
        left = line.split(f" {sign} ")[0]
        assert judged(name, f"{left} {sign} {found.slip.correct}").verdict in GOOD


def test_the_signs_between_factors_stay_as_they_are_printed() -> None:
    found = judged("chain", r"\frac{\partial E}{\partial b} = -(t-r) c \cdot q p")

    assert found.correct == r"-(t - r) c \cdot q (1 - q) p"


def test_a_line_is_not_mended_by_what_it_is_about() -> None:
    found = judged(
        "batch_norm", r"\frac{\partial L}{\partial \beta} = \frac{\partial L}{\partial y_i}"
    )

    assert found.correct != r"\frac{\partial L}{\partial \beta}"


def test_the_square_of_a_delta_is_no_delta_of_a_layer() -> None:
    net = EXAMPLES["sentiment"]
    line = r"\frac{\partial \ell}{\partial b_2} = \delta_{\beta^{(2)}}"

    assert verify(net, line).lines[0].verdict in GOOD
    assert verify(net, line + "^2").lines[0].verdict is Verdict.FALSE


def test_factors_behind_a_function_may_belong_into_its_argument() -> None:
    w, x, b = symbols("w x b", real=True)
    net = Network("argument", inputs=[x], weights=[w, b])
    s = net.step("s", sigmoid(w * x * b))
    net.loss(s**2)

    line = verify(net, r"s = \sigma(w) x b").lines[0]

    assert line.slip is not None
    assert line.slip.kind == "bracket"
    assert line.correct == r"\sigma(w x b)"


def test_an_upstream_gradient_inside_of_a_step_has_its_own_value() -> None:
    u, y, a, b, tau = symbols("u y a b tau", real=True)
    net = Network(
        "euler", inputs=[u], targets=[y], weights=[a, b], hyperparameters={tau: 0.1},
        latex={u: "u_0"},
    )  # fmt: skip
    u1 = net.step("u1", u + tau * (a * u - b * u**3), latex="u_1")
    u2 = net.step("u2", u1 + tau * (a * u1 - b * u1**3), latex="u_2")
    net.loss((u2 - y) ** 2 / 2, name="J")

    line = verify(net, r"\frac{\partial u_2}{\partial u_1} = 1+a-3bu_1^2").lines[-1]

    assert line.verdict is Verdict.FALSE


def test_what_is_tried_in_floats_has_slopes_of_functions_too() -> None:
    """Floats have too few digits to move an argument a little."""
    line = r"\frac{\partial L}{\partial g} = (\sigma(a) - y) \odot x"

    assert judged("layer_norm_gain", line).slip is not None
    assert judged("layer_norm_gain", line + " + y").verdict is Verdict.FALSE
