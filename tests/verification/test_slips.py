"""The slip behind a wrong line: its kind, where it stands, and the line as it should be."""

from collections.abc import Callable

import pytest
from sympy import MatrixSymbol, symbols

import symprop as sp
from symprop import Network
from symprop.verification.derivations import verify
from symprop.verification.slips import KINDS
from symprop.verification.verdicts import Slip


def residual() -> Network:
    x, y, u, v, c = symbols("x y u v c", real=True)
    net = Network("residual", inputs=[x], targets=[y], weights=[u, v, c])
    z = net.step("z", u * x + c)
    r = net.step("r", net.step("s", sp.tanh(z)) * v + z)
    net.loss((r - y) ** 2 / 2, name="E")
    net.example({x: 2, y: 1, u: 0.5, v: -1, c: 0.25})
    return net


def classes() -> Network:
    D, K = symbols("D K", integer=True, positive=True)
    x, t = MatrixSymbol("x", D, 1), MatrixSymbol("t", K, 1)
    A, c = MatrixSymbol("A", K, D), MatrixSymbol("c", K, 1)
    net = Network("classes", inputs=[x], targets=[t], weights=[A, c], labels={t: "one-hot"})
    net.loss(sp.cross_entropy(t, net.step("p", sp.softmax(net.step("z", A * x + c)))), name="J")
    return net


def hidden() -> Network:
    D, N, K = symbols("D N K", integer=True, positive=True)
    x, t = MatrixSymbol("x", D, 1), MatrixSymbol("t", K, 1)
    U, V, b = MatrixSymbol("U", N, D), MatrixSymbol("V", K, N), MatrixSymbol("b", N, 1)
    net = Network("hidden", inputs=[x], targets=[t], weights=[U, V, b])
    h = net.step("h", sp.sigmoid(net.step("a", U * x + b)))
    net.loss(sp.mean_squared_error(t, net.step("o", V * h)), name="J")
    return net


def batch() -> Network:
    n, D = symbols("n D", integer=True, positive=True)
    X, y, w = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1), MatrixSymbol("w", D, 1)
    net = Network("batch", inputs=[X], targets=[y], weights=[w], samples=n)
    net.loss(sp.squared_norm(net.step("r", X * w - y)) / (2 * n), name="J")
    return net


def logistic() -> Network:
    x, y, w, b = symbols("x y w b", real=True)
    net = Network("logistic", inputs=[x], targets=[y], weights=[w, b])
    g = net.step("g", sp.sigmoid(2 * net.step("a", w * x + b)))
    net.loss(-(y * sp.log(g) + (1 - y) * sp.log(1 - g)), name="J")
    return net


MADE: dict[Callable[[], Network], Network] = {
    make: make() for make in (residual, classes, hidden, batch, logistic)
}


def slip_in(make: Callable[[], Network], text: str) -> Slip:
    line = verify(MADE[make], text).lines[-1]
    assert line.verdict.value == "false", line
    assert line.slip is not None, line
    return line.slip


SLIPS = [
    # a network, a wrong right side of a derivative, the kind, what is pointed at
    (residual, r"\frac{\partial E}{\partial v} = -(r - y) s", "sign", "-(r - y) s"),
    (residual, r"\frac{\partial E}{\partial u} = (r - y)(1 - v (1 - s^2)) x",
     "sign", "v (1 - s^2)"),
    (residual, r"\frac{\partial E}{\partial u} = (r - y) x", "missing-path", "(r - y) x"),
    (residual, r"\frac{\partial r}{\partial z} = v (1 - s^2)", "missing-path", "v (1 - s^2)"),
    (residual, r"\frac{\partial E}{\partial u} = (r - y)(1 + v (1 - s)) x", "missing-square", "s"),
    (residual, r"\frac{\partial E}{\partial u} = (r - y)(1 + v \tanh'(s)) x",
     "wrong-variable", "s"),
    (residual, r"\frac{\partial E}{\partial v} = 2 (r - y) s", "wrong-constant", "2"),
    (residual, r"\frac{\partial E}{\partial v} = \eta (r - y) s", "extra-factor", r"\eta"),
    (residual, r"\frac{\partial E}{\partial c} = \frac{1}{2} (r - y)^2 (1 + v (1-s^2))", "power",
     "(r - y)^2"),
    (residual, r"\frac{ds}{dz} = 1 - \tanh z^2", "bracket", r"\tanh z^2"),
    (residual, r"\frac{ds}{dz} = \tanh(z)", "missing-prime", r"\tanh(z)"),
    (residual, "dE/du = (r - y)*(1 + v*(1 - s^2))", "missing-factor", "(r - y)*(1 + v*(1 - s^2))"),
    (residual, "dE/dv = (r - u)*s", "wrong-name", "u"),
    (residual, "r = v*s", "missing-term", "v*s"),
    (residual, "r = v*s + z + x", "extra-term", "x"),
    (residual, r"u \leftarrow u + \eta \frac{\partial E}{\partial u}", "sign",
     r"\eta \frac{\partial E}{\partial u}"),
    (residual, r"u \leftarrow \eta \frac{\partial E}{\partial u}", "missing-term",
     r"\eta \frac{\partial E}{\partial u}"),
    (residual, r"u \leftarrow u - (r - y) v(1 - s^2) x",
     "missing-path", "u - (r - y) v(1 - s^2) x"),
    (classes, r"\frac{\partial J}{\partial z} = - t \odot (1 - p)", "missing-cross-term",
     r"- t \odot (1 - p)"),
    (classes, r"\frac{\partial J}{\partial A} = - (t \odot (1 - p)) x^T", "missing-cross-term",
     r"- (t \odot (1 - p)) x^T"),
    (classes, r"\frac{\partial p_j}{\partial z_k} = p_j (1 - p_k)", "missing-cross-term", "1"),
    (classes, r"\frac{\partial J}{\partial A_{kj}} = (p_k - t_k) x_k", "wrong-index", "x_k"),
    (classes, r"\frac{\partial J}{\partial A_{kj}} = (p_j - t_j) x_k", "wrong-index",
     "(p_j - t_j) x_k"),
    (classes, r"\frac{\partial J}{\partial A} = (p - t) x", "transpose", "x"),
    (classes, r"\frac{\partial J}{\partial A} = x^T (p - t)", "order", "x^T (p - t)"),
    (hidden, r"\frac{\partial J}{\partial V} = 2 (o - t) h^T", "wrong-constant", "2 (o - t) h^T"),
    (hidden, r"\frac{\partial J}{\partial h} = \frac{2}{K} V (o - t)", "transpose", "V"),
    (hidden, r"\frac{\partial J}{\partial U} = \frac{2}{K} (V^T (o - t) \odot h) x^T",
     "missing-factor", r"V^T (o - t) \odot h"),
    (hidden, r"\frac{\partial J}{\partial U} = \frac{2}{K} V^T (o - t) h (1 - h) x^T",
     "elementwise",
     r"\frac{2}{K} V^T (o - t) h (1 - h) x^T"),
    (hidden,
     r"\frac{\partial J}{\partial b_n} = \frac{2}{K} \sum_k (o_k - t_k) V_{nk} h_n (1 - h_n)",
     "wrong-index", "V_{nk}"),
    (hidden, r"\frac{\partial J}{\partial b_n} = \frac{2}{K} (o_n - t_n) V_{nn} h_n (1-h_n)",
     "missing-sum", r"\frac{2}{K} (o_n - t_n) V_{nn} h_n (1-h_n)"),
    (hidden, r"\frac{\partial J}{\partial b_k} = \frac{2}{K} \sum_k (o_k - t_k) V_{kk} h_k (1-h_k)",
     "wrong-index", r"\sum_k (o_k - t_k) V_{kk} h_k (1-h_k)"),
    (hidden, r"V = V - \eta \frac{2}{K} (o - t) h", "transpose", "h"),
    (batch, r"\frac{\partial J}{\partial w} = X^T (X w - y)", "wrong-constant", "X^T (X w - y)"),
    (batch, r"\frac{\partial J}{\partial w} = \frac1n X (X w - y)", "transpose", "X"),
    (logistic, r"\frac{\partial J}{\partial w} = (g - y) x", "wrong-constant", "(g - y) x"),
    (logistic, r"\frac{\partial J}{\partial g} = -\frac{g}{y} + \frac{1-y}{1-g}",
     "swapped-fraction",
     r"\frac{g}{y}"),
    (logistic, r"\frac{\partial J}{\partial g} = -\frac{y}{g} + \frac{1-y}{g}",
     "missing-term", "g"),
    (logistic, r"\frac{\partial g}{\partial a} = 2 g \cdot 1 - g", "bracket", r"2 g \cdot 1 - g"),
    (logistic, r"\frac{\partial g}{\partial a} = 2 \sigma(2 a) (1 - \sigma(a))", "wrong-constant",
     r"a"),
    (classes, r"\frac{\partial p_j}{\partial z_k} = -p_j p_k", "missing-term", "-p_j p_k"),
    (classes, r"p_k = \frac{z_k}{\sum_j e^{z_j}}", "wrong-function", "z_k"),
    (classes, r"\frac{\partial J}{\partial z_k} = \sum_j \frac{\partial J}{\partial p_k}"
     r" \frac{\partial p_j}{\partial z_k}", "wrong-index", "p_k"),
    (hidden, r"\delta_o = \frac{2}{K} (o - t)^T", "layout", r"\frac{2}{K} (o - t)^T"),
    (residual, r"c = c - 2\eta \frac{\partial E}{\partial c}", "wrong-constant", "2"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "text", "kind", "place"), SLIPS, ids=[s[1] for s in SLIPS])
def test_a_slip_is_named_and_pointed_at(
    make: Callable[[], Network], text: str, kind: str, place: str
) -> None:
    slip = slip_in(make, text)

    assert slip.kind == kind
    assert text[slip.span.start : slip.span.end] == place
    assert slip.kind in KINDS
    assert slip.sentence


@pytest.mark.parametrize(("make", "text", "kind", "place"), SLIPS, ids=[s[1] for s in SLIPS])
def test_what_a_line_should_say_is_true_when_it_is_read_again(
    make: Callable[[], Network], text: str, kind: str, place: str
) -> None:
    line = verify(MADE[make], text).lines[-1]
    if not line.correct:
        return  # a path of a derivative that is not of the loss

    sign = r"\leftarrow" if r"\leftarrow" in text else "="
    repaired = f"{text.split(sign)[0]}{sign} {line.correct}"

    again = verify(MADE[make], repaired, form="latex" if "\\" in text else "plain").lines[-1]
    assert again.verdict.value in ("true", "true-given"), repaired


def test_the_line_is_mended_where_it_is_wrong_and_left_as_it_was_elsewhere() -> None:
    slip = slip_in(residual, r"\frac{\partial E}{\partial u} = \eta (r - y)(1 + v \tanh'(z)) x")

    assert slip.correct == r"(r - y) (1 + v \tanh'(z)) x"


def test_two_slips_of_which_one_is_the_sign_are_both_named() -> None:
    slip = slip_in(residual, "dE/dv = -2*(r - y)*s")

    assert "2" in slip.sentence and "sign" in slip.sentence
    assert slip.correct == "(r - y)*s"


def test_a_missing_factor_of_the_chain_is_named_as_a_derivative() -> None:
    slip = slip_in(logistic, r"\frac{\partial J}{\partial w} = 2 (g - y)")

    assert "da/dw" in slip.sentence and "x" in slip.sentence


def test_a_line_without_a_slip_that_is_known_is_held_against_the_right_one() -> None:
    slip = slip_in(residual, r"\frac{\partial E}{\partial v} = r s u x - y s u x")

    assert slip.sentence == "the printed side is u*x times the right one"


def test_a_line_that_is_wrong_all_over_has_no_slip_but_says_what_is_right() -> None:
    line = verify(MADE[residual], r"\frac{\partial E}{\partial v} = 7 x y + s^3").lines[-1]

    assert line.slip is None
    assert line.correct


def test_the_number_of_rows_is_looked_at() -> None:
    W, x = MatrixSymbol("W", 2, 2), MatrixSymbol("x", 2, 1)
    net = Network("rows", inputs=[x], weights=[W])
    net.loss(sp.total(net.step("h", W * x)))

    line = verify(net, r"h = W_{11} x_1 + W_{12} x_2").lines[-1]

    assert line.slip is not None and line.slip.kind == "missing-term"
    assert "rows" in line.slip.sentence


@pytest.mark.parametrize(
    ("text", "kind", "correct"),
    [
        ("z = 1.35", "wrong-constant", "1.25"),
        ("z = -1.25", "sign", "1.25"),
        ("z = 12.50", "wrong-constant", "1.25"),
        ("z = 2.50", "wrong-constant", "1.25"),
        ("s = 0.86", "rounding", "0.85"),
    ],
)
def test_a_wrong_number_is_explained(text: str, kind: str, correct: str) -> None:
    line = verify(MADE[residual], text, form="latex").lines[-1]

    assert line.verdict.value == "false"
    if text != "z = 1.35":
        assert line.slip is not None and line.slip.kind == kind
    assert line.correct == correct


def test_a_third_is_no_one_over_K_although_K_may_be_3() -> None:
    line = verify(MADE[hidden], r"\frac{\partial J}{\partial V} = \frac{2}{3} (o - t) h^T").lines[
        -1
    ]

    assert line.verdict.value == "false"
