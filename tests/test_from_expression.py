"""One long equation comes back as the steps that a person would have declared."""

from __future__ import annotations

import random
import warnings
from typing import Any

import numpy as np
import pytest
from example_networks import NETWORKS
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_networks import Maker, differences, loss_at, make
from sympy import (
    Determinant,
    HadamardPower,
    Identity,
    Matrix,
    MatrixSymbol,
    Rational,
    Symbol,
    hadamard_product,
    sqrt,
    symbols,
)

import symprop
from symprop import (
    Network,
    binary_cross_entropy,
    cross_entropy,
    derive,
    exp,
    half_squared_error,
    l2,
    log,
    relu,
    scalar,
    sigmoid,
    softmax,
    softplus,
    squared_norm,
    tanh,
    total,
)
from symprop.derivation.text import describe
from symprop.errors import DeclarationError, ShapeError, SympropError, UnsupportedError
from symprop.expression.evaluation import evaluate
from symprop.expression.text import text
from symprop.expression.writing import to_sympy
from symprop.functions.classes import is_matrix
from symprop.functions.unspecified import activation, function
from symprop.network import UnusedStepWarning

x, y, z, w, b = symbols("x y z w b", real=True)
w0, w1, w2, w3, b1, v1, v2, x0, x1 = symbols("w0 w1 w2 w3 b1 v1 v2 x0 x1", real=True)
lam = Symbol("lambda", real=True)
D, N, V, n = symbols("D N V n", integer=True, positive=True)
X, Y = MatrixSymbol("X", D, 1), MatrixSymbol("Y", V, 1)
W1, B1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
W2, B2 = MatrixSymbol("W2", V, N), MatrixSymbol("b2", V, 1)
A, c = MatrixSymbol("A", N, N), MatrixSymbol("c", N, 1)
u, u0, t = MatrixSymbol("u", D, 1), MatrixSymbol("u0", 1, 1), MatrixSymbol("t", 1, 1)

LAYERS: dict[str, Any] = {"inputs": [X], "targets": [Y], "weights": [W1, B1, W2, B2]}
LONG = Rational(1, 2) * (y - sigmoid(w3 * sigmoid(w2 * sigmoid(w1 * x + b1)))) ** 2


def split(loss: Any, **declared: Any) -> Network:
    return Network.from_expression("net", loss, **declared)


def lines(network: Network) -> list[str]:
    return [f"{name} = {text(step.node)}" for name, step in network.steps.items()]


# -- the equation of the CMU slides ---------------------------------------------------------------


def stepwise() -> Network:
    net = Network("net", inputs=[x], targets=[y], weights=[w1, b1, w2, w3])
    a1 = net.step("a1", w1 * x + b1)
    f1 = net.step("f1", sigmoid(a1))
    a2 = net.step("a2", w2 * f1)
    f2 = net.step("f2", sigmoid(a2))
    a3 = net.step("a3", w3 * f2)
    f3 = net.step("f3", sigmoid(a3))
    net.loss(Rational(1, 2) * (y - f3) ** 2)
    return net


def test_the_long_equation_of_the_slides_is_derived_as_its_steps_are() -> None:
    net = split(LONG, inputs=[x], targets=[y], weights=[w1, b1, w2, w3])
    assert describe(derive(net)) == describe(derive(stepwise()))
    assert [(s.name, s.expression) for s in net.steps.values()] == [
        (s.name, s.expression) for s in stepwise().steps.values()
    ]


def test_its_loss_is_kept_under_its_name() -> None:
    prediction = sigmoid(w3 * sigmoid(w2 * sigmoid(w1 * x + b1)))
    loss = half_squared_error(y, prediction)
    net = split(loss, inputs=[x], targets=[y], weights=[w1, b1, w2, w3])
    assert describe(derive(net)) == describe(derive(stepwise()))
    assert net.require_loss().expression == half_squared_error(y, Symbol("f3", real=True))


# -- what gets a name -----------------------------------------------------------------------------

q = sigmoid(w * x + b)
powers = exp(v1 * q) + exp(v2 * q)
inner = tanh(W1 * X + B1)

EQUATIONS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "the smallest perceptron": (
        (y - w * x) ** 2 / 2,
        {"inputs": [x], "targets": [y], "weights": [w]},
        "a1 = w*x; L = (y - a1)**2/2",
    ),
    "the prediction on the left": (
        (w * x + b - y) ** 2,
        {"inputs": [x], "targets": [y], "weights": [w, b]},
        "a1 = w*x + b; L = (a1 - y)**2",
    ),
    "a circuit of sums and products": (
        (x + y) * z,
        {"weights": [x, y, z]},
        "L = z*(x + y)",
    ),
    "the outermost function": (
        sigmoid(w0 * x0 + w1 * x1 + w2),
        {"inputs": [x0, x1], "weights": [w0, w1, w2]},
        "a1 = w0*x0 + w1*x1 + w2; L = sigmoid(a1)",
    ),
    "a sigmoid written out": (
        1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2))),
        {"inputs": [x0, x1], "weights": [w0, w1, w2]},
        "a1 = -w0*x0 - w1*x1 - w2; f1 = exp(a1); L = 1/(f1 + 1)",
    ),
    "an argument that is a name": (
        relu(w) * sigmoid(x),
        {"inputs": [x], "weights": [w]},
        "f1 = relu(w); f2 = sigmoid(x); L = f1*f2",
    ),
    "one argument of two functions": (
        sigmoid(w * x) * tanh(w * x),
        {"inputs": [x], "weights": [w]},
        "a1 = w*x; f1 = sigmoid(a1); f2 = tanh(a1); L = f1*f2",
    ),
    "an argument that is a name but for its sign": (
        symprop.exp(-w) * x + w,
        {"inputs": [x], "weights": [w]},
        "f1 = exp(-w); L = x*f1 + w",
    ),
    "an argument that is a name but for its transpose": (
        total(softmax(A.T, axis=0) * c),
        {"weights": [A, c]},
        "f1 = softmax(A, axis=1).T; L = total(f1*c)",
    ),
    "a function of two arguments": (
        (y - symprop.prelu(w2 * symprop.prelu(w1 * x + b1, b), b)) ** 2,
        {"inputs": [x], "targets": [y], "weights": [w1, b1, w2, b]},
        "a1 = w1*x + b1; f1 = prelu(a1, b); a2 = w2*f1; f2 = prelu(a2, b); L = (y - f2)**2",
    ),
    "the larger of two": (
        symprop.maximum(w1 * x, w2 * x) + w3,
        {"inputs": [x], "weights": [w1, w2, w3]},
        "a1 = w1*x; a2 = w2*x; f2 = maximum(a1, a2); L = f2 + w3",
    ),
    "two outputs and their shared divisor": (
        -y * log(exp(v1 * q) / powers) - (1 - y) * log(exp(v2 * q) / powers),
        {"inputs": [x], "targets": [y], "weights": [w, b, v1, v2]},
        "a1 = w*x + b; f1 = sigmoid(a1); "
        "a2 = v1*f1; f2 = exp(a2); a3 = v2*f1; f3 = exp(a3); "
        "a4 = f2 + f3; a5 = f2/a4; a6 = f3/a4; "
        "L = -y*log(a5) - (1 - y)*log(a6)",
    ),
    "a loss of the product with a label": (
        log(1 + exp(-y * (w * x + b))),
        {"inputs": [x], "targets": [y], "weights": [w, b]},
        "a1 = w*x + b; L = log(exp(-y*a1) + 1)",
    ),
    "a hinge": (
        relu(1 - y * (w * x + b)) + lam * w**2,
        {"inputs": [x], "targets": [y], "weights": [w, b], "hyperparameters": {lam: 0.1}},
        "a1 = w*x + b; L = relu(1 - y*a1) + lambda*w**2",
    ),
    "a classifier with a penalty": (
        cross_entropy(Y, softmax(W2 * sigmoid(W1 * X + B1) + B2)) + lam * l2(W1, W2),
        {**LAYERS, "hyperparameters": {lam: 0.1}},
        "a1 = W1*X + b1; f1 = sigmoid(a1); a2 = W2*f1 + b2; f2 = softmax(a2); "
        "L = -total(Y.*log(f2)) + lambda*(total(W1.**2) + total(W2.**2))",
    ),
    "its loss written out": (
        -total(hadamard_product(Y, log(softmax(W2 * inner + B2)))),
        LAYERS,
        "a1 = W1*X + b1; f1 = tanh(a1); a2 = W2*f1 + b2; f2 = softmax(a2); L = -total(Y.*log(f2))",
    ),
    "an output without a function": (
        squared_norm(Y - (W2 * inner + B2)) / 2,
        LAYERS,
        "a1 = W1*X + b1; f1 = tanh(a1); a2 = W2*f1 + b2; L = total((Y - a2).**2)/2",
    ),
    "a weight used in every step": (
        total(tanh(A * tanh(A * c))),
        {"weights": [A, c]},
        "a1 = A*c; f1 = tanh(a1); a2 = A*f1; f2 = tanh(a2); L = total(f2)",
    ),
    "an inverse": (
        scalar(c.T * (A + Identity(N)).I * c),
        {"weights": [A, c]},
        "a1 = A + eye(N); f1 = inverse(a1); L = c.T*f1*c",
    ),
    "the logarithm of a determinant": (
        log(Determinant(A.T * A + Identity(N))) + squared_norm(A),
        {"weights": [A]},
        "a1 = A.T*A + eye(N); L = log(determinant(a1)) + total(A.**2)",
    ),
    "a quadratic form as SymPy has it": (
        tanh((c.T * A * c)[0, 0]) + b,
        {"weights": [A, c, b]},
        "a1 = c.T*A*c; f1 = tanh(a1); L = f1 + b",
    ),
    "a 1 x 1 output": (
        binary_cross_entropy(t, sigmoid(u.T * X + u0)),
        {"inputs": [X], "targets": [t], "weights": [u, u0]},
        "a1 = u.T*X + u0; f1 = sigmoid(a1); L = -t*log(f1) - (1 - t)*log(1 - f1)",
    ),
    "a 1 x 1 output beside a 1 x 1 target": (
        total(HadamardPower(t - sigmoid(u.T * X + u0), 2)),
        {"inputs": [X], "targets": [t], "weights": [u, u0]},
        "a1 = u.T*X + u0; f1 = sigmoid(a1); L = (t - f1)**2",
    ),
    "explicit entries": (
        total(Matrix([[tanh(w1 * x + b1)], [tanh(w2 * x)]])),
        {"inputs": [x], "weights": [w1, b1, w2]},
        "a1 = w1*x + b1; f1 = tanh(a1); a2 = w2*x; f2 = tanh(a2); L = f1 + f2",
    ),
    "functions that are not specified": (
        function("l")(function("f_2")(function("f_1")(x, w1), w2), y),
        {"inputs": [x], "targets": [y], "weights": [w1, w2]},
        "f1 = f_1(x, w1); f2 = f_2(f1, w2); L = l(f2, y)",
    ),
    "activations that are not specified": (
        (y - activation("f_2")(w2 * activation("f_1")(w1 * x + b1))) ** 2,
        {"inputs": [x], "targets": [y], "weights": [w1, b1, w2]},
        "a1 = w1*x + b1; f1 = f_1(a1); a2 = w2*f1; f2 = f_2(a2); L = (y - f2)**2",
    ),
    "a function that SymPy applies": (
        total((W1 * X + B1).applyfunc(tanh)),
        {"inputs": [X], "weights": [W1, B1]},
        "a1 = W1*X + b1; f1 = tanh(a1); L = total(f1)",
    ),
    "a short term used twice": (
        sigmoid(w * x) * (1 - sigmoid(w * x)) + b * (1 - sigmoid(w * x)),
        {"inputs": [x], "weights": [w, b]},
        "a1 = w*x; f1 = sigmoid(a1); L = b*(1 - f1) + f1*(1 - f1)",
    ),
    "a sum used twice, once as a divisor": (
        exp(x) / (w * x + b) + sqrt(w * x + b),
        {"inputs": [x], "weights": [w, b]},
        "a1 = w*x + b; f2 = exp(x); L = sqrt(a1) + f2/a1",
    ),
}


@pytest.mark.parametrize("which", EQUATIONS)
def test_steps_are_named_as_a_person_would_name_them(which: str) -> None:
    loss, declared, expected = EQUATIONS[which]
    assert "; ".join(lines(split(loss, **declared))) == expected


@pytest.mark.parametrize("which", EQUATIONS)
def test_a_step_holds_what_a_user_would_have_declared(which: str) -> None:
    loss, declared, _ = EQUATIONS[which]
    net = split(loss, **declared)
    again = Network("net", **declared)
    for name, step in net.steps.items():
        if step is net.require_loss():
            again.loss(step.expression)
        else:
            assert again.step(name, step.expression) == step.symbol
    assert describe(derive(again)) == describe(derive(net))
    for step in list(net.steps.values())[:-1]:  # SymPy distributes the sign of a loss
        assert net.read(to_sympy(step.node, net.symbols)) == step.node


# -- names that are taken -------------------------------------------------------------------------


def test_names_of_the_user_are_passed_over() -> None:
    a1, f2, delta = (Symbol(name, real=True) for name in ("a1", "f2", "delta_a3"))
    loss = sigmoid(w * tanh(a1 * x) + f2 + delta) * b
    net = split(loss, inputs=[x], weights=[a1, w, f2, delta, b])
    assert list(net.steps) == ["a4", "f4", "a5", "f5", "L"]


def test_a_size_is_a_name_that_is_taken() -> None:
    a1 = Symbol("a1", integer=True, positive=True)
    M = MatrixSymbol("M", a1, a1)
    net = split(total(tanh(M * M)), weights=[M])
    assert list(net.steps) == ["a2", "f2", "L"]


def test_the_loss_gives_way_to_a_weight_called_L() -> None:
    L = Symbol("L", real=True)
    assert list(split((y - L * x) ** 2, inputs=[x], targets=[y], weights=[L]).steps) == [
        "a1",
        "loss",
    ]


def test_branches_are_counted_in_the_order_of_their_weights() -> None:
    gates = sigmoid(v1 * x) * z + tanh(v2 * x) * sigmoid(w * x)
    forward = split(gates, inputs=[x], weights=[v1, z, v2, w])
    assert lines(forward)[:3:2] == ["a1 = v1*x", "a2 = v2*x"]
    backward = split(gates, inputs=[x], weights=[w, v2, v1, z])
    assert lines(backward)[:3:2] == ["a1 = w*x", "a2 = v2*x"]


# -- the options of a network ---------------------------------------------------------------------


def test_options_are_those_of_a_network() -> None:
    net = Network.from_expression(
        "ridge",
        squared_norm(MatrixSymbol("R", n, D) * u) + lam * l2(u),
        inputs=[MatrixSymbol("R", n, D)],
        weights=[u],
        samples=n,
        hyperparameters={lam: 0.5},
        sizes={D: 3},
        latex={lam: r"\lambda"},
    )
    assert (net.name, net.samples, net.sizes) == ("ridge", n, {"D": 3})
    assert net.hyperparameters == {"lambda": 0.5}
    with pytest.raises(TypeError, match="label"):
        split(w * x, inputs=[x], weights=[w], label={})


def test_labels_are_checked_and_used() -> None:
    W = MatrixSymbol("W", V, D)
    loss = cross_entropy(Y, softmax(W * X))
    declared: dict[str, Any] = {"inputs": [X], "targets": [Y], "weights": [W]}
    net = split(loss, **declared, labels={Y: "one-hot"})
    assert text(derive(net).gradient("a1")) == "f1 - Y"
    with pytest.raises(DeclarationError, match="does not fit the real labels of Y"):
        split(loss, **declared, labels={Y: "real"})


def test_outputs_are_the_predictions() -> None:
    net = split(half_squared_error(Y, W2 * inner + B2), **LAYERS)
    assert [step.name for step in net.outputs] == ["a2"]


# -- what is refused ------------------------------------------------------------------------------

BAD: dict[str, tuple[Any, dict[str, Any], type[SympropError], tuple[str, ...]]] = {
    "an unknown name": (
        (y - sigmoid(w * z)) ** 2,
        {"inputs": [x], "targets": [y], "weights": [w]},
        DeclarationError,
        ("'net'", "'z' is not defined", "x, y, w"),
    ),
    "factors that do not fit": (
        squared_norm(tanh(W2 * X)),
        {"inputs": [X], "weights": [W2]},
        ShapeError,
        ("in W2*X", "V x N", "D x 1"),
    ),
    "text": ("w*x", {"inputs": [x], "weights": [w]}, UnsupportedError, ("'w*x'",)),
    "a matrix": (tanh(W1 * X), {"inputs": [X], "weights": [W1]}, ShapeError, ("scalar", "N x 1")),
    "an unused weight": (
        sigmoid(w * x),
        {"inputs": [x], "weights": [w, b]},
        DeclarationError,
        ("does not depend on weight 'b'",),
    ),
}


@pytest.mark.parametrize("which", BAD)
def test_a_refusal_says_where(which: str) -> None:
    loss, declared, kind, parts = BAD[which]
    with pytest.raises(kind) as caught:
        split(loss, **declared)
    for part in parts:
        assert part in str(caught.value)
    assert caught.value.hint


# -- size -----------------------------------------------------------------------------------------


def test_a_chain_deeper_than_one_expression_may_be_is_split() -> None:
    weights = symbols("w1:601", real=True)
    chain: Any = x
    for weight in weights:
        chain = sigmoid(weight * chain)
    net = split((y - chain) ** 2, inputs=[x], targets=[y], weights=weights)
    assert len(net.steps) == 1201
    assert lines(net)[-3:] == ["a600 = w600*f599", "f600 = sigmoid(a600)", "L = (y - f600)**2"]


def doubled(levels: int) -> Any:
    """Each level uses the one below twice: 2**levels terms when written out."""
    value: Any = x
    for weight in symbols(f"w1:{levels + 1}", real=True):
        value = sigmoid(weight * value) * softplus(value + weight)
    return value


def test_parts_used_twice_are_written_once() -> None:
    levels = 60
    weights = symbols(f"w1:{levels + 1}", real=True)
    one, other = doubled(levels), doubled(levels)  # equal, and not to be compared by SymPy
    net = split(symprop.dot(one, other), inputs=[x], weights=weights)
    assert len(net.steps) == 4 * levels + 2


# -- any network ----------------------------------------------------------------------------------


def inlined(network: Network) -> Any:
    """The loss as one long equation."""
    values: dict[Any, Any] = {}
    for step in network.steps.values():
        value = step.expression.xreplace(values)
        scalar_matrix = is_matrix(value) and not is_matrix(step.symbol)
        values[step.symbol] = scalar(value) if scalar_matrix else value
    return values[network.require_loss().symbol]


WHOLE = ["lstm", "attention", "layer_norm", "crazy_layer", "mixture_of_losses", "tied_autoencoder"]


@pytest.mark.parametrize("name", WHOLE)
def test_an_example_written_as_one_equation_has_the_same_numbers(name: str) -> None:
    network = NETWORKS[name]
    sizes = {size: place for place, size in enumerate(network.size_symbols, start=2)}
    rng = np.random.default_rng(0)
    point: dict[str, Any] = {}
    for entry in (*network.inputs, *network.targets, *network.weights):
        shape = [sizes.get(str(extent)) or int(extent) for extent in entry.shape]
        point[entry.name] = rng.uniform(0.2, 1.2, shape)
        if entry.leaf.sums_to_one is not None:
            point[entry.name] = np.eye(shape[0], shape[1])
    net = split(
        inlined(network),
        inputs=[entry.symbol for entry in network.inputs],
        targets=[entry.symbol for entry in network.targets],
        weights=[entry.symbol for entry in network.weights],
        hyperparameters={Symbol(k, real=True): v for k, v in network.hyperparameters.items()},
        labels=network.labels,
    )
    found, expected = derive(net).trace(point), derive(network).trace(point)
    assert found.rows[-1].value == pytest.approx(expected.rows[-1].value, rel=1e-15)
    for entry in network.weights:
        difference = found.gradient(entry.name) - expected.gradient(entry.name)
        assert np.abs(difference).max() < 1e-14


def drawn(seed: int) -> Maker:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusedStepWarning)
        try:
            maker = make(random.Random(seed), matrices=seed % 4 > 0)
        except DeclarationError:
            assume(False)
    assume(np.isfinite(loss_at(maker, maker.values)))
    return maker


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_a_network_written_as_one_equation_keeps_its_loss_and_gradients(seed: int) -> None:
    maker = drawn(seed)
    declared = maker.network
    net = split(
        inlined(declared),
        inputs=[entry.symbol for entry in declared.inputs],
        targets=[entry.symbol for entry in declared.targets],
        weights=[entry.symbol for entry in declared.weights],
        labels=declared.labels,
    )
    values: dict[str, Any] = {
        name: maker.values[name] if entry.leaf.shape else np.reshape(maker.values[name], ())[()]
        for name, entry in net.declared.items()
    }
    for step in net.steps.values():
        values[step.name] = evaluate(step.node, values, maker.sizes)
    loss = values[net.require_loss().name]
    assert np.isclose(loss, loss_at(maker, maker.values), rtol=1e-9)
    derivation = derive(net)
    for upstream in derivation.upstreams:
        values[upstream.delta.name] = evaluate(upstream.expression, values, maker.sizes)
    expected = differences(maker)
    for weight in net.weights:
        found = evaluate(derivation.gradient(weight.symbol), values, maker.sizes)
        scale = max(1.0, float(np.abs(expected[weight.name]).max()))
        assert np.allclose(found, expected[weight.name], rtol=0, atol=1e-7 * scale)
