"""The loop over the samples of a plain Python module: nothing in it costs more than it must.

That the numbers are right is tested elsewhere; here it is what the statements are made of.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

import pytest
from sympy import Expr, symbols

import symprop.functions as F
from symprop.derivation import derive
from symprop.emission import emit, load
from symprop.network import Network

x, y, w, b, v = symbols("x y w b v", real=True)

WRITTEN_OUT = {
    "sigmoid": F.sigmoid(w * x + b),
    "softplus": F.softplus(w * x + b),
    "relu": F.relu(w * x + b),
    "leaky relu": F.leaky_relu(w * x + b),
    "prelu": F.prelu(w * x + b, v),
    "sign": F.sign(w * x + b) * w,
    "maximum": F.maximum(w * x, v * x**2),
    "minimum": F.minimum(w * x, v * x**2),
}
"""Expressions of functions that are spelled without a call of one that is not in math."""


def network(expression: Expr) -> Network:
    weights = [symbol for symbol in (w, b, v) if expression.has(symbol)]
    net = Network("n", inputs=[x], targets=[y], weights=weights)
    net.loss(F.half_squared_error(y, net.step("h", expression)))
    return net


def loop(text: str, function: str = "loss_and_gradients") -> ast.For:
    """The loop over the samples in a function of a module."""
    (found,) = (
        node
        for part in ast.parse(text).body
        if isinstance(part, ast.FunctionDef) and part.name == function
        for node in part.body
        if isinstance(node, ast.For)
    )
    return found


def nodes(text: str) -> Iterator[ast.AST]:
    return (node for part in loop(text).body for node in ast.walk(part))


@pytest.mark.parametrize("name", WRITTEN_OUT)
def test_the_loop_calls_nothing_but_functions_of_math_by_their_names(name: str) -> None:
    text = emit(derive(network(WRITTEN_OUT[name])), "python")
    for node in nodes(text):
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name), ast.unparse(node)
            assert hasattr(math, node.func.id), ast.unparse(node)


def test_numbers_in_the_loop_are_floats_so_that_python_need_not_convert_them() -> None:
    text = emit(derive(network(2 * F.tanh(w * x + 3) * F.sigmoid(b * x) - 1)), "python")
    numbers = [node.value for node in nodes(text) if isinstance(node, ast.Constant)]
    assert numbers and all(type(number) is float for number in numbers)


def test_a_square_and_a_cube_are_products() -> None:
    text = emit(derive(network((w * x + b) ** 3)), "python")
    assert not any(isinstance(node, ast.Pow) for node in nodes(text))
    module = load(derive(network((w * x + b) ** 3)), "python")
    value, gradients = module.loss_and_gradients({"w": 2.0, "b": -1.0}, [1.5], [7.0])
    assert value == 0.5 and gradients == {"w": 18.0, "b": 12.0}


@pytest.mark.parametrize("name", WRITTEN_OUT)
def test_what_is_not_a_number_stays_so(name: str) -> None:
    """Training must see that the loss is no longer finite."""
    net = network(WRITTEN_OUT[name])
    module = load(derive(net), "python")
    params = {weight.name: math.nan for weight in net.weights}
    assert math.isnan(module.loss(params, [1.0], [0.0]))


@pytest.mark.parametrize("far", [-1e6, -800.0, -700.0, 700.0, 800.0, 1e6])
def test_a_sigmoid_that_is_written_out_does_not_overflow(far: float) -> None:
    module = load(derive(network(F.sigmoid(w * x))), "python")
    value, gradients = module.loss_and_gradients({"w": far}, [1.0], [0.0])
    assert value == pytest.approx(0.5 if far > 0 else 0.0, abs=1e-300)
    assert gradients["w"] == pytest.approx(0.0, abs=1e-300)


def test_a_workspace_holds_the_gradients_and_is_made_of_checked_arguments() -> None:
    module = load(derive(network(F.sigmoid(w * x + b))), "python")
    params, data = {"w": 0.5, "b": -0.25}, ([1.0, 2.0], [0.0, 1.0])
    workspace = module.make_workspace(params, *data)
    value, gradients = module.loss_and_gradients(params, *data, workspace=workspace)
    assert gradients is workspace
    assert (value, gradients) == module.loss_and_gradients(params, *data)
    with pytest.raises(ValueError, match="every sample needs all data"):
        module.make_workspace(params, [1.0], [0.0, 1.0])
    with pytest.raises(ValueError, match="the weights are w, b"):
        module.make_workspace({"w": 0.5}, *data)


def test_a_name_that_is_as_long_as_names_may_be_does_not_widen_a_line() -> None:
    long = symbols("a_weight_whose_name_is_very_long_indeed", real=True)
    net = Network("n", inputs=[x], weights=[long])
    h = net.step("a_step_whose_name_is_very_long_indeed", F.sigmoid(long * x))
    net.loss(F.relu(F.sign(F.leaky_relu(h) - 1) ** 2 * h))
    lines = emit(derive(net), "python").splitlines()
    statements = [line for line in lines if not line.lstrip().startswith("#")]
    assert max(map(len, statements[statements.index("import time") :])) <= 88
