r"""Names: every form in which a declared name is written, and what is not it."""

from __future__ import annotations

import pytest
from example_networks import NETWORKS
from sympy import Symbol, symbols

from symprop import Network, activation, sigmoid
from symprop.verification.reading import Entry, Symbols, outline, plain, read
from symprop.verification.reading.symbols import spelling_of

PERCEPTRON = Symbols.of(NETWORKS["multilayer_perceptron"])
UNSPECIFIED = Symbols.of(NETWORKS["unspecified_activations"])
MATRICES = Symbols.of(NETWORKS["two_layer_network"])
ATTENTION = Symbols.of(NETWORKS["attention"])
DEEP = Symbols.of(NETWORKS["deep_network_3"])
WIDE = Symbols.of(NETWORKS["wider_network_by_elements"])


def meaning(latex: str, names: Symbols) -> str:
    """The outline of one expression."""
    (statement,) = read(latex, names, form="latex").statements
    return outline(statement.sides[0])


FORMS: list[tuple[Symbols, str, list[str]]] = [
    (PERCEPTRON, "w1", ["w_1", "w_{1}", "{w}_1", "{w_1}", r"\mathbf{w}_1", r"\boldsymbol{w_1}"]),
    (PERCEPTRON, "f3", [r"\hat{y}", r"\hat y", r"\widehat{y}", r"\mathbf{\hat{y}}", "f_3"]),
    (PERCEPTRON, "L", ["L", r"\mathcal{L}", r"\mathcal L", r"\mathscr{L}"]),
    (PERCEPTRON, "delta_a3", [r"\delta_{a_3}", r"\delta_{a_{3}}", "δ_{a₃}"]),
    (PERCEPTRON, "delta_f3", [r"\delta_{f_3}", r"\delta_{\hat{y}}", r"\delta_{\hat y}"]),
    (PERCEPTRON, "eta", [r"\eta", "η"]),
    (MATRICES, "W1", ["W_1", r"\mathbf{W}_1", r"\mathbf{W_1}", r"\boldsymbol{W}_{1}"]),
    (MATRICES, "x", ["x", r"\vec{x}", r"\vec x", r"\mathbf{x}", r"\bm{x}"]),
    (DEEP, "beta2", [r"\beta^{(2)}", r"\boldsymbol{\beta}^{(2)}", r"\beta_2"]),
    (DEEP, "y_hat", ["y^*", "y^{*}", r"y^\star", r"y^{\ast}", r"\hat{y}"]),
    (DEEP, "L", [r"\ell", "L"]),
]


@pytest.mark.parametrize(
    "names, name, latex", [(n, name, form) for n, name, forms in FORMS for form in forms]
)
def test_a_declared_name_is_known_in_every_form(names: Symbols, name: str, latex: str) -> None:
    assert meaning(latex, names) == name


OTHERS = [
    (PERCEPTRON, r"\hat{w}_1", r"?\hat{w}_{1}"),
    (PERCEPTRON, r"\bar{y}", r"?\bar{y}"),
    (PERCEPTRON, "x_1", "?x_{1}"),
    (PERCEPTRON, "x^{(2)}", "?x^{(2)}"),
    (PERCEPTRON, r"x^{\text{in}}", r"?x^{in}"),
    (PERCEPTRON, "y^*", "?y^{*}"),
    (PERCEPTRON, r"\mathcal{L}_{MSE}", r"?\mathcal{L}_{MSE}"),
    (PERCEPTRON, "b", "?b"),
    (PERCEPTRON, "y'", "?y'"),
    (PERCEPTRON, "w_1'", "?w_{1}'"),
    (DEEP, "h^{(7)}", "?h^{(7)}"),
]


@pytest.mark.parametrize("names, latex, outlined", OTHERS)
def test_another_decoration_is_another_name(names: Symbols, latex: str, outlined: str) -> None:
    assert meaning(latex, names) == outlined


INDEXED = [
    (PERCEPTRON, "y_i", "y[i]"),
    (PERCEPTRON, r"\mathcal{L}_i", "L[i]"),
    (PERCEPTRON, r"\hat{y}_i", "f3[i]"),
    (PERCEPTRON, "w_{1i}", "w1[i]"),
    (PERCEPTRON, "w_{1,i}", "w1[i]"),
    (PERCEPTRON, "x^{(i)}", "x[(i)]"),
    (PERCEPTRON, "w_k", "{w1,w2,w3}[k]"),
    (PERCEPTRON, "f_{K-1}", "{f1,f2,f3}[K-1]"),
    (MATRICES, "x_j", "x[j]"),
    (MATRICES, "x_3", "x[3]"),
    (MATRICES, "x_{ji}", "x[j,i]"),
    (MATRICES, r"\delta_{f,k}", "delta_f[k]"),
    (ATTENTION, "A_{12}", "A[1,2]"),
    (ATTENTION, "A_{1,12}", "A[1,12]"),
    (DEEP, r"\beta^{(l)}", "{beta1,beta2,beta3}[l]"),
    (WIDE, "w_{1j}", "{w11,w12}[j]"),
    (WIDE, "w_{kj}", "{w11,w12,w21,w22}[k,j]"),
    (WIDE, "w_{12}", "w12"),
]


@pytest.mark.parametrize("names, latex, outlined", INDEXED)
def test_indices_are_kept_in_their_order(names: Symbols, latex: str, outlined: str) -> None:
    assert meaning(latex, names) == outlined


def test_h_ij_is_not_h_ji() -> None:
    one, other = spelling_of("h_{ij}"), spelling_of("h_{ji}")
    assert one is not None and other is not None and one != other
    assert meaning("h_{ij} - h_{ji}", PERCEPTRON) == "(+ ?h_{ij} (- ?h_{ji}))"


SPELLINGS = [
    ("x_{12}", ("12",)),
    ("x_{1,2}", ("1", "2")),
    ("x_{1i}", ("1", "i")),
    ("h_{K-1}", ("K-1",)),
    ("y_{c(i),i}", ("c(i)", "i")),
    (r"\delta_{a_3}", ("a_{3}",)),
    (r"f_{\text{MLP}}", ("MLP",)),
]


@pytest.mark.parametrize("latex, subscript", SPELLINGS)
def test_a_subscript_is_never_arithmetic(latex: str, subscript: tuple[str, ...]) -> None:
    spelling = spelling_of(latex)
    assert spelling is not None and spelling.subscript == subscript


def test_a_declared_latex_name_goes_before_every_other_form() -> None:
    x, w1, w2, y = symbols("x w1 w2 y", real=True)
    net = Network(
        "net", inputs=[x], targets=[y], weights=[w1, w2], latex={w1: r"\omega", w2: "w_1"}
    )
    net.loss(sigmoid(w1 * x + w2) * y)
    names = Symbols.of(net)
    assert meaning(r"\omega + w_1 + w_2", names) == "(+ w1 w2 w2)"


def test_declared_names_go_before_constants_and_functions() -> None:
    names = Symbols().declaring(
        Entry("e", "loss", "e", ()),
        Entry("p", "weight", r"\pi", ()),
        Entry("s", "weight", r"\sigma", ()),
        Entry("h", "step", "h", ()),
    )
    assert meaning(r"\pi \sigma (1 - \sigma)", names) == "(* p s (+ 1 (- s)))"
    reading = read("e^{-h}", names, form="latex")
    assert outline(reading.statements[0].sides[0]) == "(^ e (- h))"
    assert [plain(choice.other) for choice in reading.choices] == ["exp(-h)"]
    assert meaning("e^{-x}", PERCEPTRON) == "(exp (- x))"
    assert meaning(r"2 \pi", PERCEPTRON) == "(* 2 π)"


def test_braces_around_a_name_show_nothing() -> None:
    assert meaning(r"{\beta^{(2)}}^\top", DEEP) == "(T beta2)"
    assert meaning("{y^*}^2", DEEP) == "(^ y_hat 2)"
    assert meaning("{w_1}^2 {x}", PERCEPTRON) == "(* (^ w1 2) x)"


def test_T_is_a_transpose_unless_it_may_be_a_power() -> None:
    names = MATRICES.declaring(Entry("T", "hyperparameter", "T", ()), Entry("a", "weight", "a", ()))
    assert meaning("W_1^T x", MATRICES) == "(* (T W1) x)"
    assert not read("W_1^T x", names, form="latex").choices
    (choice,) = read("a^T", names, form="latex").choices
    assert (plain(choice.taken), plain(choice.other)) == ("aᵀ", "a^T")


CALLS = [
    (UNSPECIFIED, "f_3(a_3)", "(f_3 a3)"),
    (
        UNSPECIFIED,
        r"f_3(w_3 \cdot f_2(w_2 f_1(b_1 + w_1 x)))",
        "(f_3 (* w3 (f_2 (* w2 (f_1 (+ b1 (* w1 x)))))))",
    ),
    (UNSPECIFIED, "f_3(1 - f_3)", "(* f3 (+ 1 (- f3)))"),
    (UNSPECIFIED, "f_3 (y - f_3) x", "(* f3 (+ y (- f3)) x)"),
    (UNSPECIFIED, "f_3'(a_3)", "((' f_3) a3)"),
    (PERCEPTRON, "f_3(a_3)", "(f3 a3)"),
    (PERCEPTRON, "f_3(w_3 f_2)", "(f3 (* w3 f2))"),
    (PERCEPTRON, r"\hat{y}(f_2 w_3)", "(f3 (* f2 w3))"),
    (PERCEPTRON, r"f_2(1 - f_2) w_2 f_1(1 - f_1)", "(* f2 (+ 1 (- f2)) w2 f1 (+ 1 (- f1)))"),
    (PERCEPTRON, r"x(y - \hat{y})", "(* x (+ y (- f3)))"),
    (PERCEPTRON, r"\eta(y - \hat{y})", "(* eta (+ y (- f3)))"),
    (PERCEPTRON, r"\delta_{a_1}(x)", "(* delta_a1 x)"),
    (PERCEPTRON, r"\mathcal{L}(w_1)", "(L w1)"),
    (PERCEPTRON, r"\mathcal{L}(w_1, b_1)", "(L w1 b1)"),
    (PERCEPTRON, r"\sigma(a_1)(1 - \sigma(a_1))", "(* (sigmoid a1) (+ 1 (- (sigmoid a1))))"),
    (PERCEPTRON, r"q(x, y)", "(?q x y)"),
    (PERCEPTRON, r"q(1 - q)", "(* ?q (+ 1 (- ?q)))"),
    (MATRICES, "h(a)", "(h a)"),
    (MATRICES, "h(W_1 x + b_1)", "(h (+ (* W1 x) b1))"),
    (MATRICES, "f(x)", "(f x)"),
]


@pytest.mark.parametrize("names, latex, outlined", CALLS)
def test_the_declarations_decide_what_is_called(names: Symbols, latex: str, outlined: str) -> None:
    reading = read(latex, names, form="latex")
    assert [outline(statement.sides[0]) for statement in reading.statements] == [outlined]
    assert not reading.choices


UNCERTAIN = [
    (PERCEPTRON, "f_3(w_2 f_2)", "f3*(w2*f2)", "f3(w2*f2)"),
    (UNSPECIFIED, "f_3(w_2 f_2)", "f3*(w2*f2)", "f3(w2*f2)"),
    (PERCEPTRON, "q(x)", "q(x)", "q*(x)"),
    (PERCEPTRON, r"\frac{dL}{dw_1}(w_1)", "dL/dw1*(w1)", "dL/dw1(w1)"),
]


@pytest.mark.parametrize("names, latex, taken, other", UNCERTAIN)
def test_where_both_are_mathematics_the_other_reading_is_kept(
    names: Symbols, latex: str, taken: str, other: str
) -> None:
    (choice,) = read(latex, names, form="latex").choices
    assert (plain(choice.taken), plain(choice.other)) == (taken, other)


def test_what_a_text_defines_is_known_behind_it() -> None:
    text = r"\delta = \hat{y} - y, \quad g(z) = z^2, \quad w_1 = \delta(1 - \delta) g(\delta)"
    reading = read(text, PERCEPTRON, form="latex")
    assert [s.defines.name for s in reading.statements if s.defines] == [r"\delta", "g"]
    (last,) = reading.statements[2].sides[1:]
    assert outline(last) == r"(* \delta (+ 1 (- \delta)) (g \delta))"
    assert not PERCEPTRON.values(spelling_of(r"\delta"))  # type: ignore[arg-type]


def test_the_functions_of_a_network_are_known() -> None:
    x, w = Symbol("x", real=True), Symbol("w", real=True)
    net = Network("net", inputs=[x], weights=[w])
    net.loss(activation("phi", latex=r"\phi")(w * x))
    assert meaning(r"\phi(w x) + \phi'(w x) w", Symbols.of(net)) == (
        "(+ (phi (* w x)) (* ((' phi) (* w x)) w))"
    )


def test_a_name_that_is_shown_as_text_is_no_remark() -> None:
    name = Symbol("w__first__layer", real=True)
    net = Network("net", weights=[name])
    net.loss(name**2)
    names = Symbols.of(net)
    reading = read(f"L = {names.identifiers[name.name]}^2", names, form="latex")
    assert [outline(side) for side in reading.statements[0].sides] == ["L", f"(^ {name.name} 2)"]
    reading = read(f"L = {name.name}**2", names, form="plain")
    assert [outline(side) for side in reading.statements[0].sides] == ["L", f"(^ {name.name} 2)"]
