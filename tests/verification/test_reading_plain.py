"""Plain text: as people type it, and as symprop prints it for terminals."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import pytest
from example_networks import NETWORKS

from symprop.verification.reading import Symbols, UnreadableError, outline, read

PERCEPTRON = Symbols.of(NETWORKS["multilayer_perceptron"])
MATRICES = Symbols.of(NETWORKS["two_layer_network"])
DEEP = Symbols.of(NETWORKS["deep_network_3"])
SENTIMENT = Symbols.of(NETWORKS["sentiment"])

SAME = [
    (
        PERCEPTRON,
        "dL/dw3 = -(y - f3)*f3*(1 - f3)*f2",
        r"\frac{dL}{dw_3} = -(y - \hat{y}) \hat{y} (1 - \hat{y}) f_2",
    ),
    (PERCEPTRON, "∂L/∂w₁ = δ_{a₁} x", r"\frac{\partial L}{\partial w_1} = \delta_{a_1} x"),
    (
        PERCEPTRON,
        "∂ℒ/∂ŷ · ∂ŷ/∂a₃",
        r"\frac{\partial L}{\partial\hat{y}} \frac{\partial\hat{y}}{\partial a_3}",
    ),
    (PERCEPTRON, "delta_a1*w2 x", r"\delta_{a_1} \cdot w_2 x"),
    (PERCEPTRON, "f1**2 + x^-1 + x^(a1 + 1)", "f_1^2 + x^{-1} + x^{a_1 + 1}"),
    (PERCEPTRON, "f₁² x⁻¹", "f_1^2 x^{-1}"),
    (PERCEPTRON, "sigmoid(a1) + tanh(x) - exp(-x)", r"\sigma(a_1) + \tanh(x) - e^{-x}"),
    (PERCEPTRON, "σ(a₁) log(1 + x) sqrt(x) √(x)", r"\sigma(a_1) \log(1 + x) \sqrt{x} \sqrt{x}"),
    (PERCEPTRON, "d(w1*x)/dw1", r"\frac{d(w_1 \cdot x)}{dw_1}"),
    (PERCEPTRON, "d/dw1 (w1*x)", r"\frac{d}{dw_1} (w_1 \cdot x)"),
    (PERCEPTRON, "(dw1 x)/dw1", r"\frac{d w_1 x}{dw_1}"),
    (PERCEPTRON, "w1 <- w1 - eta*dL/dw1", r"w_1 \leftarrow w_1 - \eta \frac{dL}{dw_1}"),
    (PERCEPTRON, "w1 := w1 − η · ∂L/∂w₁", r"w_1 := w_1 - \eta \frac{\partial L}{\partial w_1}"),
    (PERCEPTRON, "y_hat*(1 - y_hat)", r"\hat{y}(1 - \hat{y})"),
    (PERCEPTRON, "1/2*(y - f3)**2", r"\frac{1}{2} (y - \hat{y})^2"),
    (PERCEPTRON, "sum_i w_i x", r"\sum_i w_i x"),
    (PERCEPTRON, "∑ᵢ wᵢ x", r"\sum_i w_i x"),
    (PERCEPTRON, "∂L/∂w1|_{direct} = 0", r"\frac{\partial L}{\partial w_1}|_{\text{direct}} = 0"),
    (MATRICES, "W1.T @ delta_a + x*h**2", r"W_1^\top @ \delta_a + x \cdot h^2"),
    (MATRICES, "W₂ᵀ δ_f ⊙ (1 − h^{⊙ 2})", r"W_2^\top \delta_f \odot (1 - h^{\odot 2})"),
    (
        MATRICES,
        "∂L/∂W₁ = δₐ xᵀ + 2 λ W₁",
        r"\frac{\partial L}{\partial W_1} = \delta_a x^\top + 2\lambda W_1",
    ),
    (MATRICES, "|x| + ‖x‖²", r"\lvert x \rvert + \|x\|^2"),
    (MATRICES, "∑ᵢ yᵢ log(fᵢ)", r"\sum_i y_i \log(f_i)"),
    (MATRICES, "[x > 0] ⊙ x", r"[x > 0] \odot x"),
    (
        DEEP,
        "∂ℓ/∂β⁽²⁾ = (∂h⁽²⁾/∂β⁽²⁾)ᵀ",
        r"\frac{\partial\ell}{\partial\beta^{(2)}}"
        r" = (\frac{\partial h^{(2)}}{\partial\beta^{(2)}})^\top",
    ),
    (SENTIMENT, "hᵢ⁽¹⁾ + h⁽¹⁾ᵀ", r"h_i^{(1)} + h^{(1)\top}"),
]


def meaning(text: str, names: Symbols, form: str) -> list[list[str]]:
    statements = read(text, names, form=form).statements  # type: ignore[arg-type]
    return [[outline(side) for side in statement.sides] for statement in statements]


@pytest.mark.parametrize("names, text, latex", SAME)
def test_plain_text_says_the_same_as_latex(names: Symbols, text: str, latex: str) -> None:
    rates = [
        [s.replace("(/ 1 2)", "(/ 1 2)") for s in sides] for sides in meaning(text, names, "plain")
    ]
    assert rates == meaning(latex, names, "latex")


@pytest.mark.parametrize("names, text, latex", SAME)
def test_the_form_is_found_out(names: Symbols, text: str, latex: str) -> None:
    assert read(text, names).form == "plain"
    assert read(latex, names).form == "latex" or "\\" not in latex


def test_an_identifier_is_one_name() -> None:
    reading = read("wx + w1x", PERCEPTRON, form="plain")
    assert [name.spelling.base for name in reading.unknown] == ["wx", "w1x"]


def test_a_matrix_on_one_line_has_rows_between_semicolons() -> None:
    (statement,) = read("[x, y; 1, 2] = [x; y]", PERCEPTRON, form="plain").statements
    assert [outline(side) for side in statement.sides] == ["[x y; 1 2]", "[x; y]"]


def test_a_box_is_what_is_in_it() -> None:
    text = "[∂ℒ/∂ŷ · ∂ŷ/∂a₃ = δ_{a₃}] · ∂a₃/∂w₃"
    (statement,) = read(text, PERCEPTRON, form="plain").statements
    assert outline(statement.sides[0]) == "(* (∂ L f3) (∂ f3 a3) (∂ a3 w3))"


def test_a_number_with_an_exponent_is_read_exactly() -> None:
    (statement,) = read("x = 1.80e-05", PERCEPTRON, form="plain").statements
    assert outline(statement.sides[1]) == "(* 1.80 (^ 10 (- 5)))"


def test_words_in_brackets_far_behind_a_formula_are_a_remark() -> None:
    text = "a1 = w1 x + b1    (definition of a₁)\n   = 3  # by hand\n"
    (statement,) = read(text, PERCEPTRON, form="plain").statements
    assert len(statement.links) == 2
    assert [remark.words for remark in statement.remarks] == ["(definition of a₁)"]


def test_a_line_that_begins_with_an_operator_goes_on() -> None:
    text = "dL/dw1 = x\n       + y\n       * w2\ny = 3"
    first, second = read(text, PERCEPTRON, form="plain").statements
    assert outline(first.sides[1]) == "(+ x (* y w2))"
    assert outline(second.sides[1]) == "3"


HOSTILE = ["__import__('os')", "x.__class__", "x[0]", "f3()", "x ? y", '"x"', "x; import os"]


@pytest.mark.parametrize("text", HOSTILE)
def test_python_is_no_formula(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(text, PERCEPTRON, form="plain")
