"""What a notebook shows: formulas in the declared names, in the order of the chain."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from unicodedata import normalize

import pytest
from example_networks import NETWORKS
from hostile_networks import layer_norm
from sympy import MatrixSymbol, Symbol, latex, symbols

import symprop as sp
from symprop import Network, derive
from symprop.errors import DerivationError

N = Symbol("N", integer=True, positive=True)
p, q = MatrixSymbol("p", N, 1), MatrixSymbol("q", N, 1)
A = MatrixSymbol("A", N, N)
x, y = symbols("x y", real=True)


def written(shown: object) -> str:
    """As a terminal shows it, letters and their accents in one."""
    return normalize("NFC", str(shown))


def test_a_gradient_is_shown_in_the_declared_names_and_in_the_order_of_the_chain() -> None:
    shown = derive(NETWORKS["multilayer_perceptron"]).show("w2")
    assert shown._repr_latex_() == (
        "$$\\begin{aligned}\n"
        "\\frac{\\partial\\mathcal{L}}{\\partial w_2} &= "
        "-(y - \\hat{y}) \\hat{y} (1 - \\hat{y}) w_3 f_2 (1 - f_2) f_1\n"
        "\\end{aligned}$$"
    )
    assert written(shown) == "∂ℒ/∂w₂ = −(y − ŷ) ŷ (1 − ŷ) w₃ f₂ (1 − f₂) f₁"


def test_a_gradient_is_shown_in_each_of_its_forms_and_of_steps_and_inputs_too() -> None:
    derivation = derive(NETWORKS["multilayer_perceptron"])
    assert written(derivation.show("w2", form="delta")) == "∂ℒ/∂w₂ = δ_{a₂} f₁"
    assert written(derivation.show("a3")) == "∂ℒ/∂a₃ = −(y − ŷ) ŷ (1 − ŷ)"
    with pytest.raises(DerivationError, match="no form 'short'"):
        derivation.show("w2", form="short")


def test_a_derivative_by_the_only_weight_is_written_with_d() -> None:
    assert str(derive(NETWORKS["smallest_perceptron"]).show("w")).startswith("dℒ/dw = ")


def test_a_long_gradient_is_broken_into_lines() -> None:
    lines = str(derive(layer_norm()).show("W")).splitlines()
    assert len(lines) > 1
    assert all(len(line) < 120 for line in lines)
    assert {line[:8] for line in lines[1:]} == {" " * 8}


def test_what_is_shown_ends_with_dots_where_a_network_is_long() -> None:
    ws = symbols("w1:60", real=True)
    net = Network("long", inputs=[x], weights=ws)
    h = x
    for i, w in enumerate(ws):
        h = net.step(f"h{i}", w * h)
    net.loss(h**2)
    assert r"\vdots" in derive(net)._repr_latex_()
    assert derive(net)._repr_latex_().count("&=") == 40


def test_an_expression_nested_hundreds_deep_is_shown() -> None:
    w = Symbol("w", real=True)
    net = Network("deep", inputs=[x], weights=[w])
    nested = w * x
    for _ in range(350):
        nested = sp.sigmoid(nested)
    net.loss(net.step("a", nested) ** 2)
    assert net._repr_latex_().count(r"\sigma") == 350
    derivation = derive(net)
    assert "operations" in str(derivation.show("w"))
    assert "dL" in derivation._repr_latex_()


# -- SymPy's own printing of our functions --------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (sp.total(p + q), r"\operatorname{sum}\left(p + q\right)"),
        (sp.total(p) ** 2, r"\operatorname{sum}\left(p\right)^{2}"),
        (sp.total(A, axis=1), r"\operatorname{sum}\left(A, \text{axis} = 1\right)"),
        (sp.softmax(A, axis=0), r"\operatorname{softmax}\left(A, \text{axis} = 0\right)"),
        (sp.softmax(p), r"\operatorname{softmax}\left(p\right)"),
        (sp.dot(p, q) ** 2, r"\left(p^{T} q\right)^{2}"),
        (sp.scalar(p.T * q) * x, r"x \left(p^{T} q\right)"),
        (sp.log1p(-x), r"\log\left(1 - x\right)"),
        (sp.sigmoid(x) ** 2, r"\left(\sigma\left(x\right)\right)^{2}"),
    ],
    ids=str,
)
def test_sympy_prints_our_functions_so_that_they_are_read_as_they_are(
    expression: object, expected: str
) -> None:
    assert latex(expression) == expected


def test_sympy_s_settings_reach_what_is_inside_a_loss() -> None:
    shown = latex(sp.half_squared_error(x, y), symbol_names={y: r"\hat{y}"})
    assert r"\hat{y}" in shown
