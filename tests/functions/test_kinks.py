"""What is taken at kinks and ties: in the derivation, in both targets, and by a gradient check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy
from sympy import MatrixSymbol, Max, Min, Symbol, symbols

import symprop
from symprop import Network, checking, derive
from symprop.emission import emit, load
from symprop.errors import UnsupportedError
from symprop.expression.text import text

x, w, v, s = symbols("x w v s", real=True)


def slopes(expression: Any, **values: float) -> dict[str, dict[str, float]]:
    """The gradients of an expression by its weights, from both targets."""
    symbols_ = [symbol for symbol in (w, v, s) if expression.has(symbol)]
    net = Network("n", weights=symbols_)
    net.loss(expression)
    found = {}
    for target in ("numpy", "python"):
        params = {symbol.name: values[symbol.name] for symbol in symbols_}
        _, gradients = load(derive(net), target).loss_and_gradients(params)
        found[target] = {name: float(gradient) for name, gradient in gradients.items()}
    return found


def both(**gradients: float) -> dict[str, dict[str, float]]:
    return {target: gradients for target in ("numpy", "python")}


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (symprop.relu, 0.0),
        (symprop.unit_step, 0.0),
        (symprop.absolute, 0.0),
        (symprop.sign, 0.0),
        (symprop.leaky_relu, 0.01),
        (symprop.elu, 1.0),
        (lambda z: symprop.elu(z, alpha=0.5), 0.5),
        (lambda z: symprop.prelu(z, 0.25), 0.25),
        (lambda z: symprop.leaky_relu(z, slope=0.25), 0.25),
    ],
)
def test_slope_at_zero(function: Callable[[Any], Any], slope: float) -> None:
    assert slopes(function(w), w=0.0) == both(w=slope)


def test_prelu_at_zero_has_its_slope_and_the_slope_gets_the_negative_part() -> None:
    """torch's rule; max(u, 0) + slope*min(u, 0) would have slope 0 at 0 in either part."""
    assert slopes(symprop.prelu(w, s), w=0.0, s=0.25) == both(w=0.25, s=0.0)
    assert slopes(symprop.prelu(w, s), w=-2.0, s=0.25) == both(w=0.25, s=-2.0)
    assert slopes(symprop.prelu(w, s), w=2.0, s=0.25) == both(w=1.0, s=0.0)


@pytest.mark.parametrize("function", [symprop.maximum, symprop.minimum])
def test_tie_goes_to_the_first_argument(function: Callable[[Any, Any], Any]) -> None:
    assert slopes(function(w, v), w=1.5, v=1.5) == both(w=1.0, v=0.0)
    assert slopes(function(v, w), w=1.5, v=1.5) == both(w=0.0, v=1.0)
    assert slopes(function(w, 0), w=0.0) == both(w=1.0)
    assert slopes(function(0, w), w=0.0) == both(w=0.0)


def test_maximum_of_a_value_and_itself_has_slope_1() -> None:
    assert slopes(symprop.maximum(w, w), w=1.0) == both(w=1.0)


# -- SymPy's own Max and Min ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "meaning"),
    [
        (Max(0, w), "relu(w)"),
        (Max(w, 0), "relu(w)"),
        (Max(0, w, v), "relu(maximum(v, w))"),
        (Max(w, 1), "maximum(w, 1)"),
        (Min(w, 0), "minimum(w, 0)"),
        (Min(2, w, v), "minimum(minimum(v, w), 2)"),
        (sympy.Abs(w), "absolute(w)"),
        (sympy.sign(w), "sign(w)"),
        (sympy.erf(w) + sympy.erfc(w), "erf(w) + erfc(w)"),
        (sympy.sin(w) * sympy.cos(v), "sin(w)*cos(v)"),
    ],
)
def test_sympy_spelling_is_read(expression: Any, meaning: str) -> None:
    net = Network("n", weights=[w, v])
    assert text(net.read(expression)) == meaning


def test_relu_spelt_by_max_has_slope_0_at_0() -> None:
    assert slopes(Max(0, w), w=0.0) == both(w=0.0)
    assert slopes(Max(1, w), w=1.0) == both(w=1.0)


def test_symbols_that_sympy_takes_for_complex_are_real() -> None:
    a, b = symbols("a b")
    net = Network("n", weights=[a, b])
    assert text(net.read(symprop.absolute(symprop.exp(a) * b))) == "absolute(b*exp(a))"
    assert text(net.read(symprop.absolute(a) ** 2)) == "absolute(a)**2"


def test_max_inside_applyfunc_acts_on_every_entry() -> None:
    a = MatrixSymbol("A", 2, 3)
    net = Network("n", weights=[a])
    applied = a.applyfunc(sympy.Lambda(x, Max(0, x)))
    assert text(net.read(applied)) == text(net.read(symprop.relu(a)))


def test_what_has_no_rule_is_refused_with_a_way_out() -> None:
    a, b = MatrixSymbol("A", 2, 3), MatrixSymbol("B", 2, 1)
    net = Network("n", weights=[w, a, b])
    with pytest.raises(UnsupportedError, match="unit_step"):
        net.read(sympy.Heaviside(w))
    with pytest.raises(UnsupportedError, match="leaky_relu"):
        net.read(sympy.Piecewise((w, w > 0), (0, True)))
    with pytest.raises(UnsupportedError, match="did you mean erf"):
        net.read(sympy.erfi(w))
    with pytest.raises(UnsupportedError, match=r"write silu\(u, beta=1\)"):
        symprop.silu(w, 1, 2)
    with pytest.raises(UnsupportedError, match=r"unexpected keyword argument 'alpha'"):
        symprop.leaky_relu(w, alpha=1)
    with pytest.raises(UnsupportedError, match="frobenius"):
        net.read(symprop.norm(a))
    with pytest.raises(UnsupportedError, match="axis=0"):
        symprop.amax(a)


# -- along an axis --------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("function", [symprop.amax, symprop.amin], ids=str)
def test_first_of_equal_entries_takes_the_gradient(function: Any, axis: int) -> None:
    """A matrix for each of 3 samples; the weight is added to every one of them."""
    data, weights = MatrixSymbol("X", 3, 2), MatrixSymbol("W", 3, 2)
    net = Network("n", inputs=[data], weights=[weights])
    m = net.step("m", function(data + weights, axis=axis))
    net.loss(symprop.total(m))
    sign = 1 if function is symprop.amax else -1
    batch = sign * np.array(
        [[[1, 2], [1, 2], [0, 2]], [[5, 0], [3, 0], [4, 1]], [[0, 0], [0, 0], [0, 0]]], float
    )
    _, gradients = load(derive(net)).loss_and_gradients({"W": np.zeros((3, 2))}, batch)
    wanted = np.zeros((3, 2))
    for sample in batch:
        where = (sign * sample).argmax(axis=axis)
        for k, place in enumerate(where):
            wanted[(place, k) if axis == 0 else (k, place)] += 1 / 3
    assert gradients["W"] == pytest.approx(wanted)


@pytest.mark.parametrize("function", [symprop.amax, symprop.amin], ids=str)
def test_float32_stays_float32(function: Any) -> None:
    data, weights = MatrixSymbol("x", 3, 1), MatrixSymbol("W", 2, 3)
    net = Network("n", inputs=[data], weights=[weights])
    net.loss(function(weights * data) ** 2)
    params = {"W": np.array([[1, 2, 3], [3, 2, 1]], np.float32)}
    _, gradients = load(derive(net)).loss_and_gradients(params, np.ones((1, 3), np.float32))
    assert gradients["W"].dtype == np.float32
    assert gradients["W"].tolist() == [[12, 12, 12], [0, 0, 0]]


def test_largest_of_equal_entries_by_construction_shares_its_gradient() -> None:
    """All entries of b*1' in a row are one number, so the number gets all of the gradient."""
    size = Symbol("N", integer=True, positive=True)
    b = MatrixSymbol("b", size, 1)
    net = Network("n", weights=[b])
    net.loss(symprop.total(symprop.amax(b * sympy.OneMatrix(1, 4), axis=1)))
    loss, gradients = load(derive(net)).loss_and_gradients({"b": np.array([2.0, -1.0, 3.0])})
    assert loss == 4.0
    assert gradients["b"] == pytest.approx(np.ones(3))


@pytest.mark.parametrize("function", [symprop.maximum, symprop.minimum], ids=str)
def test_gradient_check_skips_and_names_a_tie_of_two(function: Any) -> None:
    net = Network("tie", weights=[w, v])
    net.loss(net.step("h", function(w, v)) ** 2)
    reference = checking._Reference(net, np.random.default_rng(0), 3)
    reference.weights |= {"w": np.array(0.5), "v": np.array(0.5)}
    check = reference.check(net.declared["w"], np.array(7.0))
    assert check.checked == 0 and check.kinks == (f"{function} in step 'h'",)


@pytest.mark.parametrize("function", [symprop.amax, symprop.amin], ids=str)
def test_gradient_check_skips_and_names_a_tie_of_entries(function: Any) -> None:
    column = MatrixSymbol("a", 3, 1)
    net = Network("tie", weights=[column])
    net.loss(net.step("h", function(column)) ** 2)
    reference = checking._Reference(net, np.random.default_rng(0), 3)
    sign = 1 if function is symprop.amax else -1
    reference.weights |= {"a": sign * np.array([[2.0], [2.0], [1.0]])}
    check = reference.check(net.declared["a"], np.zeros((3, 1)))
    assert check.checked == 1 and check.ok and check.entry == (2, 0)
    assert check.kinks == (f"{function} in step 'h'",)


def test_emitted_code_says_what_is_taken_at_kinks() -> None:
    a = MatrixSymbol("a", 3, 1)
    net = Network("n", weights=[a, w])
    net.loss(symprop.amax(symprop.prelu(a, w)) + symprop.maximum(w, 1))
    source = emit(derive(net))
    assert "prelu has no derivative at 0; its slope is taken there." in source
    assert "Of two equal arguments, maximum takes the first" in source
    assert "Of equal largest entries, amax takes the first" in source
