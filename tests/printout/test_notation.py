"""Expressions in LaTeX, held against what a person would write, character by character."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import (
    HadamardPower,
    Identity,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Symbol,
    hadamard_product,
    symbols,
)

import symprop
from symprop import (
    Network,
    absolute,
    activation,
    determinant,
    elu,
    exp,
    function,
    gelu,
    hstack,
    leaky_relu,
    log,
    log1p,
    log_softmax,
    logdet,
    logsumexp,
    maximum,
    mean,
    norm,
    normal_cdf,
    prelu,
    relu,
    scalar,
    sigmoid,
    sign,
    softmax,
    softplus,
    sqrt,
    tanh,
    total,
    unit_step,
    vstack,
)
from symprop.expression.algebra import add, matmul, multiply, power, transpose
from symprop.expression.algebra import total as sum_of
from symprop.expression.nodes import Leaf, Node, Number
from symprop.functions.matrices import MATRIX_FUNCTIONS
from symprop.functions.vocabulary import VOCABULARY
from symprop.printout.notation.expressions import latex
from symprop.printout.notation.latex import escaped, latex_of
from symprop.printout.notation.names import Names, declared_markup, name_markup
from symprop.printout.notation.reading import read_latex, read_pattern

D, N, V = symbols("D N V", integer=True, positive=True)
x, y, z, w, a, b, lam, w1, x1, a3, y_hat = symbols("x y z w a b lambda w1 x1 a3 y_hat", real=True)
X, W = (MatrixSymbol(name, N, D) for name in "XW")
A, B = (MatrixSymbol(name, D, D) for name in "AB")
p, q, y_i = (MatrixSymbol(name, V, 1) for name in ("p", "q", "y_hat_1"))
v, r, h = MatrixSymbol("v", D, 1), MatrixSymbol("r", D, 1), MatrixSymbol("h", 2, 1)
x3, M, ones = MatrixSymbol("x3", 3, 1), MatrixSymbol("M", 2, 2), OneMatrix(V, 1)

DECLARED = [x, z, a, b, x1, a3, y_hat, p, q, v, r, y_i, x3, M, X, A, B, h, lam]

TABLE = [
    (x + y, r"y + x"),
    (x - y, r"x - y"),
    (-x, r"-x"),
    (-(x + y), r"-y - x"),
    (x - (y + z), r"x - y - z"),
    (x * (y + z), r"x (y + z)"),
    (-(x + y) * z, r"z (-y - x)"),
    (2 * x, r"2 x"),
    (-2 * x, r"-2 x"),
    (x / 2, r"\frac{1}{2} x"),
    (x / y, r"\frac{x}{y}"),
    (-x / y, r"-\frac{x}{y}"),
    ((x + y) / z, r"\frac{y + x}{z}"),
    (x / (y * z), r"\frac{x}{y z}"),
    (1 / x, r"\frac{1}{x}"),
    (1 / (1 + x), r"\frac{1}{x + 1}"),
    (x**2, r"x^2"),
    ((x + y) ** 2, r"(y + x)^2"),
    ((-x) ** 3, r"-x^3"),
    (x ** (y + 1), r"x^{y + 1}"),
    ((x * y) ** y, r"(y x)^y"),
    (2**x, r"2^x"),
    (3 * 2**x, r"3 \cdot 2^x"),
    (x ** Rational(2, 3), r"x^{2/3}"),
    (sqrt(x), r"\sqrt{x}"),
    (1 / sqrt(x), r"\frac{1}{\sqrt{x}}"),
    (sqrt(x + y) / z, r"\frac{\sqrt{y + x}}{z}"),
    ((x**y) ** z, r"(x^y)^z"),
    (Rational(2, 3) * x, r"\frac{2}{3} x"),
    (x * Rational(-1, 2), r"-\frac{1}{2} x"),
    (0.5 * x, r"0.5 x"),
    (1e-5 * x, r"10^{-5} x"),
    (1.5e-7 * x, r"1.5 \cdot 10^{-7} x"),
    (x**0.5, r"\sqrt{x}"),
    (sympy.pi * x, r"x \pi"),
    (exp(x), r"e^x"),
    (exp(-x) ** 2, r"e^{-2 x}"),
    (exp(x) ** y, r"e^{y x}"),
    (log(x), r"\log(x)"),
    (log(x) ** 2, r"(\log(x))^2"),
    (-log(x), r"-\log(x)"),
    (log(x / y), r"\log\left(\frac{x}{y}\right)"),
    (sigmoid(x), r"\sigma(x)"),
    (sigmoid(x) ** 2, r"{\sigma(x)}^2"),
    (sigmoid(x) * (1 - sigmoid(x)), r"(1 - \sigma(x)) \sigma(x)"),
    (sigmoid(w1 * x + b), r"\sigma(w_1 x + b)"),
    (1 - tanh(x) ** 2, r"1 - (\tanh(x))^2"),
    (log1p(x), r"\log(1 + x)"),
    (log1p(-x), r"\log(1 - x)"),
    (log1p(x + y), r"\log(1 + y + x)"),
    (softplus(x), r"\log(1 + e^x)"),
    (absolute(x), r"\lvert x\rvert"),
    (absolute(absolute(x) - 1), r"\lvert\lvert x\rvert - 1\rvert"),
    (maximum(x, y), r"\max(x, y)"),
    (relu(x - 1), r"\operatorname{relu}(x - 1)"),
    (relu(x) * y, r"y \operatorname{relu}(x)"),
    (leaky_relu(x), r"\operatorname{leaky\,relu}(x)"),
    (leaky_relu(x, a), r"\operatorname{leaky\,relu}(x, a)"),
    (prelu(x, a), r"\operatorname{prelu}(x, a)"),
    (elu(x), r"\operatorname{elu}(x)"),
    (gelu(x), r"\operatorname{gelu}(x)"),
    (normal_cdf(x), r"\Phi(x)"),
    (unit_step(x), r"[x > 0]"),
    (sign(x) * absolute(x), r"\lvert x\rvert \operatorname{sign}(x)"),
    (w1 * x1 + a3, r"w_1 x_1 + a_3"),
    (y - y_hat, r"y - \hat{y}"),
    ((y - y_hat) ** 2 / 2, r"\frac{1}{2} (y - \hat{y})^2"),
    (lam * w**2, r"\lambda w^2"),
    (W * v, r"W v"),
    (W * (v + r), r"W (v + r)"),
    ((A + B) * v, r"(A + B) v"),
    (A * B, r"A B"),
    (A.T * v, r"A^{\top} v"),
    ((A * B).T, r"B^{\top} A^{\top}"),
    ((A + B).T, r"(A + B)^{\top}"),
    (A.inv(), r"A^{-1}"),
    (A.inv().T, r"A^{-\top}"),
    ((A * B).inv(), r"B^{-1} A^{-1}"),
    ((A + B).inv() * v, r"(A + B)^{-1} v"),
    (scalar(v.T * A * v), r"v^{\top} A v"),
    (scalar(v.T * r) * x, r"x (v^{\top} r)"),
    (scalar(v.T * r) * scalar(v.T * v), r"(v^{\top} r) (v^{\top} v)"),
    (2 * W * v, r"2 W v"),
    (-W * v, r"-W v"),
    (x * W * v, r"x W v"),
    ((x + y) * W * v, r"(y + x) W v"),
    (hadamard_product(p, q), r"p \odot q"),
    (hadamard_product(W * v, W * r), r"(W r) \odot (W v)"),
    (2 * hadamard_product(p, q), r"2 p \odot q"),
    (hadamard_product(p, ones - p), r"(1 - p) \odot p"),
    (hadamard_product(p + q, q), r"(p + q) \odot q"),
    (HadamardPower(p, 2), r"p^{\odot 2}"),
    (HadamardPower(p, -1), r"1 \oslash p"),
    (hadamard_product(p, HadamardPower(q, -1)), r"p \oslash q"),
    (
        hadamard_product(p, HadamardPower(hadamard_product(q, y_i), -1)),
        r"p \oslash (q \odot \hat{y}_1)",
    ),
    (ones - p, r"1 - p"),
    (p + x * ones, r"x + p"),
    (x * ones, r"x \mathbf{1}"),
    (total(p), r"\sum_i p_i"),
    (total(hadamard_product(p, log(q))), r"\sum_i p_i \log(q_i)"),
    (-total(hadamard_product(p, log(q))), r"-\sum_i p_i \log(q_i)"),
    (total(HadamardPower(p - q, 2)) / 2, r"\frac{1}{2} \sum_i (p_i - q_i)^2"),
    (total(HadamardPower(p - q, 2)) / V, r"\frac{1}{V} \sum_i (p_i - q_i)^2"),
    (total(X), r"\sum_{ij} X_{ij}"),
    (total(HadamardPower(X, 2)) * lam, r"\lambda \sum_{ij} X_{ij}^2"),
    (total(X, axis=0), r"\mathbf{1}^{\top} X"),
    (total(X, axis=1), r"X \mathbf{1}"),
    (total(X, axis=0).T, r"X^{\top} \mathbf{1}"),
    (total(p) * x, r"x \sum_i p_i"),
    (total(p) ** 2, r"\left(\sum_i p_i\right)^2"),
    (total(p) + x, r"\sum_i p_i + x"),
    (total(p + q), r"\sum_i (p_i + q_i)"),
    (total(W * v), r"\sum_i (W v)_i"),
    (total(sigmoid(W * v)), r"\sum_i \sigma((W v)_i)"),
    (total(hadamard_product(p, softmax(q))), r"\sum_i p_i \operatorname{softmax}(q)_i"),
    (mean(p), r"\frac{1}{V} \sum_i p_i"),
    (softmax(p), r"\operatorname{softmax}(p)"),
    (hadamard_product(W * v, HadamardPower(W * r, -1)), r"(W v) \oslash (W r)"),
    (2 * hadamard_product(W * v, HadamardPower(W * r, -2)), r"2 (W v) \oslash (W r)^{\odot 2}"),
    (softmax(X, axis=1), r"\operatorname{softmax}_{\text{rows}}(X)"),
    (log_softmax(X, axis=1), r"\log\operatorname{softmax}_{\text{rows}}(X)"),
    (softmax(X, axis=0), r"\operatorname{softmax}_{\text{columns}}(X)"),
    (logsumexp(p), r"\operatorname{logsumexp}(p)"),
    (log_softmax(p), r"\log\operatorname{softmax}(p)"),
    (norm(p), r"\sqrt{\sum_i p_i^2}"),
    (symprop.trace(A), r"\operatorname{tr}(A)"),
    (determinant(A), r"\det A"),
    (determinant(A) * x, r"x (\det A)"),
    (logdet(A), r"\log(\det A)"),
    (symprop.diag(v), r"\operatorname{diag}(v)"),
    (symprop.diag(A), r"\operatorname{diagonal}(A)"),
    (Identity(D) + A, r"A + \mathbf{I}"),
    (x3[0, 0], r"(x_3)_1"),
    (x3[1:3, 0], r"(x_3)_{2:3}"),
    (M[0, 1], r"M_{1, 2}"),
    (X[0:2, :], r"X_{1:2, :}"),
    (W[:, 0], r"W_{:, 1}"),
    (vstack(v, r), r"\begin{pmatrix}v \\ r\end{pmatrix}"),
    (hstack(v, r), r"\begin{pmatrix}v & r\end{pmatrix}"),
    (vstack(hstack(x, y), hstack(z, w)), r"\begin{pmatrix}x & y \\ z & w\end{pmatrix}"),
    (sympy.Matrix([[x, y], [z, w]]) * h, r"\begin{pmatrix}x & y \\ z & w\end{pmatrix} h"),
    (x / sympy.sqrt(D), r"\frac{x}{\sqrt{D}}"),
    (activation("f_1")(a), r"f_1(a)"),
    (activation("f_1")(a) ** 2, r"{f_1(a)}^2"),
    (activation("g")(W * v), r"g(W v)"),
    (function("l")(x, y), r"l(x, y)"),
    (sigmoid(x / y), r"\sigma\left(\frac{x}{y}\right)"),
    ((x / y) ** 2, r"\frac{x^2}{y^2}"),
    (x * (-y), r"-y x"),
    (x - 2 * y, r"x - 2 y"),
    (x * y**2 / (z * (a + b)), r"\frac{x y^2}{z (a + b)}"),
    ((a + b) * (a - b), r"(a + b) (a - b)"),
    (exp(x) / (exp(x) + exp(y)), r"\frac{e^x}{e^y + e^x}"),
    (exp(-(x**2) / 2), r"e^{-\frac{1}{2} x^2}"),
    (exp(-((x / y - z) ** 2)), r"\exp\left(-\left(\frac{x}{y} - z\right)^2\right)"),
    (exp(x + y + z + a + b + w + w1 + x1), r"\exp(y + x + z + a + b + x_1 + w + w_1)"),
    (symprop.sin(x) * symprop.cos(x), r"\cos(x) \sin(x)"),
    (1 / (x * y**2), r"\frac{1}{y^2 x}"),
    (x ** (-2), r"\frac{1}{x^2}"),
    (-(x**2), r"-x^2"),
    ((2 * x) ** 2, r"4 x^2"),
    (x * (y * z), r"y x z"),
    (x / 3 - y / 4, r"\frac{1}{3} x - \frac{1}{4} y"),
]


@pytest.mark.parametrize(("expression", "expected"), TABLE, ids=lambda value: str(value)[:40])
def test_an_expression_reads_as_a_person_writes_it(expression: Any, expected: str) -> None:
    network = Network("table", inputs=DECLARED, targets=[y], weights=[w, w1, W])
    assert latex(network.read(expression)) == expected


# -- nodes that SymPy would reorder ---------------------------------------------------------------

la, lb, lc = (Leaf(name, (), "input") for name in "abc")
lp, lq = (Leaf(name, (V, 1), "input") for name in "pq")
minus = Number(-1)


def negative(node: Node) -> Node:
    return multiply(minus, node)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (negative(add(la, lb)), "-(a + b)"),
        (add(la, negative(add(lb, lc))), "a - (b + c)"),
        (multiply(negative(add(la, negative(lb))), lc), "-(a - b) c"),
        (multiply(la, add(lb, lc), la), "a^2 (b + c)"),
        (multiply(sum_of(lp), la), r"\left(\sum_i p_i\right) a"),
        (multiply(la, sum_of(lp)), r"a \sum_i p_i"),
        (add(sum_of(lp), sum_of(lq)), r"\sum_i p_i + \sum_i q_i"),
        (matmul(transpose(lp), lq), r"p^{\top} q"),
        (multiply(matmul(transpose(lp), lq), la), r"(p^{\top} q) a"),
        (multiply(la, matmul(lp, transpose(lq))), r"a p q^{\top}"),
        (multiply(lp, add(Number(1), negative(lp))), r"p \odot (1 - p)"),
        (negative(multiply(lp, power(lq, minus))), r"-p \oslash q"),
        (power(negative(la), Number(2)), "a^2"),
        (power(add(la, minus), lb), "(a - 1)^b"),
        (multiply(la, negative(lb)), "-a b"),
        (add(negative(la), negative(lb)), "-a - b"),
    ],
    ids=str,
)
def test_order_and_signs_are_kept(node: Node, expected: str) -> None:
    assert latex(node) == expected


def test_the_index_of_a_sum_is_no_name_of_the_expression() -> None:
    i, j = (Leaf(name, (V, 1), "input") for name in "ij")
    assert latex(sum_of(multiply(i, j))) == r"\sum_k i_k j_k"


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x", "x"),
        ("w1", "w_1"),
        ("w_1", "w_1"),
        ("w12", "w_{12}"),
        ("w_1_2", "w_{1, 2}"),
        ("W_xh", "W_{xh}"),
        ("alpha", r"\alpha"),
        ("sigma2", r"\sigma_2"),
        ("y_hat", r"\hat{y}"),
        ("x_bar", r"\bar{x}"),
        ("y_hat_1", r"\hat{y}_1"),
        ("y_star", "y^*"),
        ("h__2", "h^{(2)}"),
        ("h_1__2", "h_1^{(2)}"),
        ("delta_a3", r"\delta_{a_3}"),
        ("loss", r"\mathrm{loss}"),
        ("\u03c3", r"\sigma"),
        ("w\u00e9", "\\text{w\u00e9}"),
        ("my weight", r"\text{my weight}"),
        ("_private", r"\text{\_private}"),
        ("50%", r"\text{50\%}"),
        (r"\input{secret}", r"\text{\textbackslash{}input\{secret\}}"),
        ("$x$", r"\text{\$x\$}"),
        ("a & b", r"\text{a \& b}"),
        ("{{ 7*7 }}", r"\text{\{\{ 7*7 \}\}}"),
        ("<script>", r"\text{\textless{}script\textgreater{}}"),
        ("x\n\ny", r"\text{x y}"),
        ("重み", r"\text{[U+91CD][U+307F]}"),
    ],
)
def test_a_name_is_shown_and_never_interpreted(name: str, expected: str) -> None:
    assert latex_of(name_markup(name)) == expected


@pytest.mark.parametrize(
    "given",
    [
        r"\input{secret}",
        r"\write18{ls}",
        "x}",
        "{x",
        "x$y",
        "x%",
        r"\def\a{b}",
        r"\end{document}",
        r"\left( x",
        "x^a^b",
        r"\csname x\endcsname",
        "x & y",
        r"x \\ y",
        "#1",
        "a" * 400,
        "{" * 50,
    ],
)
def test_a_declared_name_that_is_no_plain_formula_is_shown_as_text(given: str) -> None:
    assert read_latex(given) is None
    shown = latex_of(declared_markup("x", given))
    assert shown.startswith(r"\text{")
    assert escaped(given)[:20] in shown


@pytest.mark.parametrize(
    "given",
    [
        r"\hat{y}",
        r"\mathcal{L}",
        r"\omega_1",
        r"h^{(l)}",
        r"\boldsymbol{w}",
        r"\beta^{(1)}_k",
        r"\operatorname{swish}",
        r"\mathbf{W}_{xh}",
        r"y^*",
        r"\tilde{x}'",
        r"\ell",
        r"\text{cost}",
    ],
)
def test_a_declared_name_is_kept(given: str) -> None:
    shown = declared_markup("x", given)
    assert read_latex(latex_of(shown)) == shown
    assert r"\textbackslash" not in latex_of(shown)


def test_two_names_never_look_alike() -> None:
    one, other = Symbol("w1", real=True), Symbol("w_1", real=True)
    network = Network("alike", inputs=[one], weights=[other])
    network.loss(one * other)
    names = Names(network)
    assert latex_of(names.of("w1")) == "w_1"
    assert latex_of(names.of("w_1")) == r"\text{w\_1}"


def test_the_name_of_a_gradient_carries_the_declared_name_of_its_step() -> None:
    network = Network("delta", inputs=[x], weights=[w])
    f3 = network.step("f3", w * x, latex=r"\hat{y}")
    network.loss(f3**2)
    assert latex_of(Names(network).of("delta_f3")) == r"\delta_{\hat{y}}"


def test_the_derivative_of_an_unspecified_function_is_named_by_its_argument() -> None:
    network = Network("unspecified", inputs=[x], weights=[w])
    h1 = network.step("h1", function("f")(x, w))
    network.loss(function("l")(h1, 2 * x))
    found = symprop.derive(network)
    assert latex(found.gradient(w)) == (
        r"\frac{\partial l}{\partial h_1}(h_1, 2 x) \frac{\partial f}{\partial w}(x, w)"
    )


def test_an_endless_expression_is_given_in_words() -> None:
    node: Node = la
    for _ in range(60):
        node = power(add(multiply(node, lc), power(add(node, lb), Number(2))), lb)
    assert latex(node).startswith(r"\text{(a formula of ")


def test_every_function_of_the_vocabulary_has_a_pattern_that_is_read() -> None:
    entries: list[Any] = [*VOCABULARY.values(), *MATRIX_FUNCTIONS.values()]
    written = [entry for entry in entries if hasattr(entry, "latex")]
    assert len(written) > 40
    assert [entry.name for entry in written if read_pattern(entry.latex) is None] == []
