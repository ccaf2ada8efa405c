"""Derivations against the closed forms of the lectures, and what may be asked of a derivation."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Mapping
from functools import reduce
from operator import add, mul
from typing import Any

import numpy as np
import pytest
import sympy
from differences import complex_step
from differences import sigmoid as numpy_sigmoid
from sympy import (
    HadamardPower,
    HadamardProduct,
    Identity,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Symbol,
    ZeroMatrix,
    hadamard_product,
    symbols,
)

import symprop
from symprop import Network, derive, exp, log, relu, scalar, sigmoid, softmax, tanh, total
from symprop.derivation import Derivation
from symprop.derivation.forms import Forms
from symprop.errors import DerivationError
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import operations
from symprop.expression.text import text

x, y, w, b = symbols("x y w b", real=True)
x1, x2, w1, w2, w3, b1, v1, v2 = symbols("x1 x2 w1 w2 w3 b1 v1 v2", real=True)
D, N, V = symbols("D N V", integer=True, positive=True)
X, Y, Z = MatrixSymbol("X", D, 1), MatrixSymbol("Y", V, 1), MatrixSymbol("Z", D, 1)
W, Q, c = MatrixSymbol("W", N, D), MatrixSymbol("Q", N, N), MatrixSymbol("c", N, 1)


def equal(found: Any, expected: Any) -> bool:
    """Whether two expressions are equal when written out."""
    difference = found - expected
    if getattr(difference, "is_Matrix", False):
        return isinstance(difference.expand().doit(), ZeroMatrix)
    return bool(sympy.simplify(sympy.expand(difference)) == 0)


def closed_form(derivation: Derivation, symbol: Any) -> str:
    """The partial in the names of steps, in the order of the chain."""
    gradient = derivation.gradient(symbol)
    return text(Forms(derivation.network, derivation.sweep).write(gradient, "steps"))


def value_of(expression: Any, at: Mapping[Any, float]) -> float:
    return float(expression.subs(at).evalf())


# -- 000, 002: perceptrons of Kitani --------------------------------------------------------------


def test_k1_smallest_perceptron() -> None:
    net = Network("K1", inputs=[x], targets=[y], weights=[w])
    y_hat = net.step("y_hat", w * x)
    net.loss(Rational(1, 2) * (y - y_hat) ** 2)
    d = derive(net)
    assert equal(d.partial(w), -(y - y_hat) * x)
    assert closed_form(d, w) == "-(y - y_hat)*x"
    assert equal(d.partial(w, form="expanded"), -(y - w * x) * x)


def test_k2_two_weights_of_a_sum() -> None:
    net = Network("K2", inputs=[x1, x2], targets=[y], weights=[w1, w2])
    y_hat = net.step("y_hat", w1 * x1 + w2 * x2)
    net.loss(symprop.half_squared_error(y, y_hat))
    d = derive(net)
    assert closed_form(d, w1) == "-(y - y_hat)*x1"
    assert closed_form(d, w2) == "-(y - y_hat)*x2"
    assert equal(d.partial(w2), -(y - y_hat) * x2)


def k3() -> tuple[Derivation, dict[str, Any]]:
    net = Network("K3", inputs=[x], targets=[y], weights=[w3, w2, w1, b1])
    s: dict[str, Any] = {}
    s["a1"] = net.step("a1", w1 * x + b1)
    s["f1"] = net.step("f1", sigmoid(s["a1"]))
    s["a2"] = net.step("a2", w2 * s["f1"])
    s["f2"] = net.step("f2", sigmoid(s["a2"]))
    s["a3"] = net.step("a3", w3 * s["f2"])
    s["f3"] = net.step("f3", sigmoid(s["a3"]))
    s["L"] = net.loss(Rational(1, 2) * (y - s["f3"]) ** 2)
    return derive(net), s


def test_k3_four_closed_forms_in_the_order_of_the_chain() -> None:
    d, s = k3()
    f1, f2, f3 = s["f1"], s["f2"], s["f3"]
    to_a3 = -(y - f3) * f3 * (1 - f3)
    to_a2 = to_a3 * w3 * f2 * (1 - f2)
    to_a1 = to_a2 * w2 * f1 * (1 - f1)
    for weight, expected in [(w3, to_a3 * f2), (w2, to_a2 * f1), (w1, to_a1 * x), (b1, to_a1)]:
        found = d.partial(weight)
        assert equal(found, expected)
        factors = {f for f in sympy.Mul.make_args(found) if f.has(Symbol)}
        wanted = {f for f in sympy.Mul.make_args(sympy.sympify(expected)) if f.has(Symbol)}
        assert {abs_sign(f) for f in factors} == {abs_sign(f) for f in wanted}
    assert closed_form(d, w3) == "-(y - f3)*f3*(1 - f3)*f2"
    assert closed_form(d, w2) == "-(y - f3)*f3*(1 - f3)*w3*f2*(1 - f2)*f1"
    assert closed_form(d, w1) == "-(y - f3)*f3*(1 - f3)*w3*f2*(1 - f2)*w2*f1*(1 - f1)*x"
    assert closed_form(d, b1) == "-(y - f3)*f3*(1 - f3)*w3*f2*(1 - f2)*w2*f1*(1 - f1)"


def abs_sign(factor: Any) -> Any:
    """A factor up to its sign."""
    return min(factor, -factor, key=sympy.default_sort_key)


def test_k3_shared_factors_are_named_once() -> None:
    d, _ = k3()
    named = {up.delta.name: text(up.expression) for up in d.upstreams if up.named}
    assert named == {
        "delta_a3": "-(y - f3)*f3*(1 - f3)",
        "delta_a2": "delta_a3*w3*f2*(1 - f2)",
        "delta_a1": "delta_a2*w2*f1*(1 - f1)",
    }
    deltas = {n: Symbol(n, real=True) for n in named}
    f1, f2 = symbols("f1 f2", real=True)
    assert d.partial(w3, form="delta") == deltas["delta_a3"] * f2
    assert d.partial(w2, form="delta") == deltas["delta_a2"] * f1
    assert d.partial(w1, form="delta") == deltas["delta_a1"] * x
    assert d.partial(b1, form="delta") == deltas["delta_a1"]


def test_k3_expanded_form_is_over_declared_symbols_and_right() -> None:
    d, _ = k3()
    expanded = d.partial(w1, form="expanded")
    assert expanded.free_symbols == {x, y, w1, w2, w3, b1}
    at = {x: 0.7, y: 0.2, w1: -0.4, b1: 0.3, w2: 1.2, w3: -0.8}

    def loss(p: Any) -> Any:
        a1 = p["w1"] * 0.7 + 0.3
        return 0.5 * (0.2 - numpy_sigmoid(-0.8 * numpy_sigmoid(1.2 * numpy_sigmoid(a1)))) ** 2

    expected = complex_step(loss, {"w1": -0.4})["w1"]
    assert value_of(expanded, at) == pytest.approx(float(expected), rel=1e-12)


def test_k3_as_one_long_equation_has_the_same_gradients() -> None:
    d, _ = k3()
    net = Network("K3", inputs=[x], targets=[y], weights=[w3, w2, w1, b1])
    net.loss((y - sigmoid(w3 * sigmoid(w2 * sigmoid(w1 * x + b1)))) ** 2 / 2)
    long = derive(net)
    at = {x: 0.7, y: 0.2, w1: -0.4, b1: 0.3, w2: 1.2, w3: -0.8}
    for weight in (w1, w2, w3, b1):
        steps, line = d.partial(weight, form="expanded"), long.partial(weight, form="expanded")
        assert value_of(steps, at) == pytest.approx(value_of(line, at), rel=1e-13)


# -- 003: the primer ------------------------------------------------------------------------------


def test_p1_linear_regression() -> None:
    net = Network("P1", inputs=[x], targets=[y], weights=[w, b])
    h = net.step("h", w * x + b)
    net.loss(symprop.half_squared_error(y, h))
    d = derive(net)
    assert equal(d.partial(w), (h - y) * x)
    assert equal(d.partial(b), h - y)
    assert d.upstream(h) == d.partial(b)


def test_p1_table_of_the_primer_to_full_precision() -> None:
    net = Network("P1", inputs=[x], targets=[y], weights=[w, b])
    h = net.step("h", w * x + b)
    net.loss(symprop.half_squared_error(y, h))
    d = derive(net)
    at_w, at_b = Rational(1, 10), Rational(1)
    rows = []
    for _ in range(4):
        at = {x: 1, y: 3, w: at_w, b: at_b}
        gradient = d.partial(w, form="expanded").subs(at)
        assert gradient == d.partial(b, form="expanded").subs(at)
        at_w, at_b = at_w - gradient / 5, at_b - gradient / 5
        rows.append((gradient, at_w, at_b))
    assert [[str(float(v)) for v in row] for row in rows] == [
        ["-1.9", "0.48", "1.38"],
        ["-1.14", "0.708", "1.608"],
        ["-0.684", "0.8448", "1.7448"],
        ["-0.4104", "0.92688", "1.82688"],
    ]


@pytest.mark.parametrize("labels", [{}, {y: "binary"}], ids=["undeclared", "binary"])
def test_p2_softmax_of_two_scalars(labels: dict[Any, str]) -> None:
    net = Network("P2", inputs=[x], targets=[y], weights=[w, b, v1, v2], labels=labels)
    h = net.step("h", w * x + b)
    q = net.step("q", sigmoid(h))
    o1, o2 = net.step("o_1", v1 * q), net.step("o_2", v2 * q)
    p1 = net.step("p_1", exp(o1) / (exp(o1) + exp(o2)))
    p2 = net.step("p_2", exp(o2) / (exp(o1) + exp(o2)))
    net.loss(-y * log(p1) - (1 - y) * log(p2))
    d = derive(net)
    values = {p1: exp(o1) / (exp(o1) + exp(o2)), p2: exp(o2) / (exp(o1) + exp(o2))}
    assert equal(d.upstream(o1).subs(values), exp(o1) / (exp(o1) + exp(o2)) - y)
    assert equal(d.upstream(o2).subs(values), exp(o2) / (exp(o1) + exp(o2)) - (1 - y))
    assert equal(
        d.upstream(q).subs(values), (v1 * d.upstream(o1) + v2 * d.upstream(o2)).subs(values)
    )
    assert equal(d.upstream(h), d.upstream(q) * q * (1 - q))
    assert equal(d.partial(v1), d.upstream(o1) * q)
    assert equal(d.partial(v2), d.upstream(o2) * q)
    assert equal(d.partial(w), d.upstream(h) * x)
    assert equal(d.partial(b), d.upstream(h))
    assert text(d.gradient(o1)) == "p_1 - y"


# -- 001: the ECE lecture -------------------------------------------------------------------------


def test_a1_two_layer_vector_network() -> None:
    W1, c1 = MatrixSymbol("W1", N, D), MatrixSymbol("c1", N, 1)
    W2, c2 = MatrixSymbol("W2", V, N), MatrixSymbol("c2", V, 1)
    lam = Symbol("lam", real=True)
    net = Network(
        "A1", inputs=[X], targets=[Y], weights=[W1, c1, W2, c2], hyperparameters={lam: 0.1}
    )
    h = net.step("h", sigmoid(W1 * X + c1))
    f = net.step("f", W2 * h + c2)
    net.loss(symprop.half_squared_error(Y, f) + lam * symprop.l2(W1, W2))
    d = derive(net)
    to_h = hadamard_product(W2.T * (f - Y), h, OneMatrix(N, 1) - h)
    assert equal(d.partial(c2), f - Y)
    assert equal(d.partial(W2), (f - Y) * h.T + 2 * lam * W2)
    assert evaluated(d, d.partial(c1) - to_h) == pytest.approx(0, abs=1e-12)
    assert evaluated(d, d.partial(W1) - (to_h * X.T + 2 * lam * W1)) == pytest.approx(0, abs=1e-12)


def evaluated(d: Derivation, expression: Any, seed: int = 0) -> Any:
    """An expression over declared symbols and steps, all of them drawn at random."""
    sizes = {name: 2 + index for index, name in enumerate(d.network.size_symbols)}
    rng = np.random.default_rng(seed)
    values = {}
    for name in (*d.network.declared, *d.network.steps):
        shape = [
            e if isinstance(e, int) else int(e.subs({s: sizes[s.name] for s in e.free_symbols}))
            for e in d.network.leaf(name).shape
        ]
        values[name] = rng.uniform(0.1, 0.9, shape)
    return np.asarray(evaluate(d.network.read(expression), values, sizes))


def test_a3_squared_error_of_vectors_without_the_half() -> None:
    v = MatrixSymbol("v", D, 1)
    net = Network("A3", inputs=[X], targets=[y], weights=[v])
    h1 = net.step("h_1", v.T * X)
    net.loss((y - h1) ** 2, name="e")
    d = derive(net)
    assert d.local(h1, v) == X
    assert equal(d.local("e", h1), -2 * (y - h1))
    assert equal(d.partial(v), -2 * (y - h1) * X)
    assert equal(d.partial(v, form="expanded"), -2 * (y - scalar(v.T * X)) * X)
    assert closed_form(d, v) == "-2*(y - h_1)*X"


def test_a4_negative_log_of_a_sigmoid() -> None:
    v = MatrixSymbol("v", D, 1)
    net = Network("A4", inputs=[X], weights=[v])
    h1 = net.step("h_1", v.T * X)
    h2 = net.step("h_2", sigmoid(h1))
    net.loss(-log(h2), name="e")
    d = derive(net)
    assert equal(d.local("e", h2), -1 / h2)
    assert equal(d.local(h2, h1), h2 * (1 - h2))
    assert equal(d.partial(v), -(1 - h2) * X)


def test_a5_general_chain_of_any_depth() -> None:
    depth = 6
    weights = symbols(f"u1:{depth + 1}", real=True)
    net = Network("A5", inputs=[x], targets=[y], weights=weights)
    value = x
    for k, weight in enumerate(weights, 1):
        value = net.step(f"h_{k}", tanh(weight * value))
    net.loss((y - value) ** 2, name="e")
    d = derive(net)
    product = d.local("e", f"h_{depth}")
    for k in range(depth, 0, -1):
        assert equal(d.upstream(f"h_{k}"), product)
        assert equal(d.partial(weights[k - 1]), product * d.local(f"h_{k}", weights[k - 1]))
        if k > 1:
            product = product * d.local(f"h_{k}", f"h_{k - 1}")


def test_e1_circuit() -> None:
    z = Symbol("z", real=True)
    net = Network("E1", weights=[x, y, z])
    q = net.step("q", x + y)
    net.loss(q * z, name="f")
    d = derive(net)
    at = {x: -2, y: 5, z: -4}
    assert [d.partial(s, "expanded").subs(at) for s in (x, y, z)] == [-4, -4, 3]
    assert (d.local(q, x), d.local(q, y), d.upstream(q), d.upstream("f")) == (1, 1, z, 1)


def test_e2_sigmoid_circuit_to_four_digits() -> None:
    w0, x0, w1_, x1_, w2_ = symbols("w0 x0 w1 x1 w2", real=True)
    net = Network("E2", inputs=[x0, x1_], weights=[w0, w1_, w2_])
    parts = [net.step("p0", w0 * x0), net.step("p1", w1_ * x1_)]
    s = net.step("s", parts[0] + parts[1])
    t = net.step("t", s + w2_)
    m = net.step("m", -t)
    e = net.step("e", exp(m))
    o = net.step("o", e + 1)
    net.loss(1 / o, name="f")
    d = derive(net)
    at = {w0: 2, x0: -1, w1_: -3, x1_: -2, w2_: -3}
    found = [value_of(d.upstream(q, "expanded"), at) for q in (o, e, m, t, w2_, w0, x0, w1_, x1_)]
    assert [round(v, 4) for v in found] == [
        -0.5344, -0.5344, -0.1966, 0.1966, 0.1966, -0.1966, 0.3932, -0.3932, -0.5898,
    ]  # fmt: skip


# -- 004: layers, losses, cross-entropy -----------------------------------------------------------


@pytest.mark.parametrize("kind", [None, "one-hot", "probabilities"])
@pytest.mark.parametrize("spelling", ["cross_entropy", "total", "product", "log_softmax"])
def test_softmax_with_cross_entropy_gives_p_minus_y(kind: str | None, spelling: str) -> None:
    A, a = MatrixSymbol("A", V, D), MatrixSymbol("a", V, 1)
    labels = {Y: kind} if kind else {}
    net = Network("F4", inputs=[X], targets=[Y], weights=[A, a], labels=labels)
    beta = net.step("beta", A * X + a)
    if spelling == "log_softmax":
        net.loss(-symprop.dot(Y, symprop.log_softmax(beta)))
        p = softmax(beta)
    else:
        p = net.step("p", softmax(beta))
        losses = {
            "cross_entropy": symprop.cross_entropy(Y, p),
            "total": -total(hadamard_product(Y, log(p))),
            "product": -scalar(Y.T * log(p)),
        }
        net.loss(losses[spelling])
    d = derive(net)
    expected = p - Y if kind else p * total(Y) - Y
    assert equal(d.partial(a), expected)
    assert equal(d.upstream(beta), expected)
    assert equal(d.partial(A), expected * X.T)
    assert not d.partial(a).has(HadamardPower) and not d.partial(a).has(HadamardProduct)


def test_softmax_with_cross_entropy_of_a_batch_in_rows() -> None:
    data, labels = MatrixSymbol("data", N, D), MatrixSymbol("labels", N, V)
    A = MatrixSymbol("A", D, V)
    net = Network(
        "batch",
        inputs=[data],
        targets=[labels],
        weights=[A],
        samples=N,
        labels={labels: "one-hot"},
    )
    z = net.step("z", data * A)
    p = net.step("p", softmax(z, axis=1))
    net.loss(symprop.cross_entropy(labels, p))
    d = derive(net)
    assert equal(d.upstream(z), p - labels)
    assert equal(d.partial(A), data.T * (p - labels))


def test_sigmoid_with_binary_cross_entropy_gives_p_minus_y_for_a_scalar() -> None:
    net = Network("F1", inputs=[x], targets=[y], weights=[w, b])
    z = net.step("z", w * x + b)
    p = net.step("p", sigmoid(z))
    net.loss(symprop.binary_cross_entropy(y, p))
    d = derive(net)
    assert d.upstream(z) == p - y
    assert (d.partial(w), d.partial(b)) == ((p - y) * x, p - y)
    assert closed_form(d, w) == "(p - y)*x"


@pytest.mark.parametrize("shape", [(V, 1), (1, V), (V, N), (3, 1)], ids=str)
def test_sigmoid_with_binary_cross_entropy_gives_p_minus_y_for_every_shape(shape: Any) -> None:
    A, T = MatrixSymbol("A", *shape), MatrixSymbol("T", *shape)
    net = Network("F1", targets=[T], weights=[A])
    p = net.step("p", sigmoid(A))
    net.loss(symprop.binary_cross_entropy(T, p))
    assert equal(derive(net).partial(A), p - T)


def test_binary_cross_entropy_of_signed_labels_through_the_map() -> None:
    net = Network("signed", inputs=[x], targets=[y], weights=[w], labels={y: "signed"})
    p = net.step("p", sigmoid(w * x))
    net.loss(symprop.binary_cross_entropy((y + 1) / 2, p))
    assert equal(derive(net).partial(w), (p - (y + 1) / 2) * x)


def test_logistic_regression_of_vectors() -> None:
    v = MatrixSymbol("v", D, 1)
    net = Network("logistic", inputs=[X], targets=[y], weights=[v, b], labels={y: "binary"})
    p = net.step("p", sigmoid(v.T * X + b * OneMatrix(1, 1)))
    net.loss(symprop.binary_cross_entropy(y, p))
    d = derive(net)
    assert equal(d.partial(b), p - y)
    assert equal(d.partial(v), (p - y) * X)


def test_ridge_regression_for_a_whole_batch() -> None:
    lam = Symbol("lam", real=True)
    data, target = MatrixSymbol("A", N, D), MatrixSymbol("t", N, 1)
    v = MatrixSymbol("v", D, 1)
    net = Network(
        "ridge",
        inputs=[data],
        targets=[target],
        weights=[v],
        hyperparameters={lam: 0.1},
        samples=N,
    )
    r = net.step("r", data * v - target)
    net.loss(symprop.squared_norm(r) + lam * symprop.squared_norm(v))
    d = derive(net)
    assert equal(d.partial(v), 2 * data.T * r + 2 * lam * v)
    assert equal(d.partial(v, "expanded"), 2 * data.T * (data * v - target) + 2 * lam * v)


def test_h1_three_layers_with_augmented_inputs() -> None:
    shapes = [(N, D), (N, N), (V, N)]
    weights = [MatrixSymbol(f"W{k}", *shape) for k, shape in enumerate(shapes, 1)]
    net = Network("H1", inputs=[X], targets=[Y], weights=weights, labels={Y: "one-hot"})
    h1 = net.step("h1", relu(weights[0] * X))
    h2 = net.step("h2", tanh(weights[1] * h1))
    p = net.step("p", softmax(weights[2] * h2))
    net.loss(symprop.cross_entropy(Y, p))
    d = derive(net)
    sizes, rng = {"N": 4, "D": 3, "V": 2}, np.random.default_rng(3)
    at: dict[str, Any] = {
        w.name: rng.normal(size=[sizes[str(e)] for e in w.shape]) for w in weights
    }
    data = {"X": rng.normal(size=(3, 1)), "Y": np.array([[0.0], [1.0]])}

    def loss(v: Any) -> Any:
        z1 = v["W1"] @ data["X"]
        z3 = v["W3"] @ np.tanh(v["W2"] @ np.where(z1.real > 0, z1, 0))
        return -(data["Y"] * (z3 - np.log(np.exp(z3).sum()))).sum()

    expected = complex_step(loss, at)
    values = {**at, **data}
    for name, step in net.steps.items():
        values[name] = evaluate(step.node, values, sizes)
    for upstream in d.upstreams:
        values[upstream.delta.name] = evaluate(upstream.expression, values, sizes)
    for name in at:
        assert evaluate(d.gradient(name), values, sizes) == pytest.approx(expected[name])
    assert equal(d.partial(weights[2]), (p - Y) * h2.T)


def test_regulariser_alone() -> None:
    net = Network("l2", weights=[W, w])
    net.loss(symprop.l2(W, w))
    d = derive(net)
    assert (d.partial(W), d.partial(w)) == (2 * W, 2 * w)


# -- uses add up ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["steps", "delta", "expanded"])
def test_uses_of_a_step_add_up_each_once(form: str) -> None:
    net = Network("five", weights=[x])
    a = net.step("a", x + 1)
    net.loss(sympy.Add(2 * a, 3 * a, evaluate=False))
    assert derive(net).partial(x, form) == 5


def test_uses_in_separate_steps_add_up() -> None:
    net = Network("fan-out", weights=[x, w])
    a = net.step("a", tanh(w * x))
    left, right = net.step("l", 2 * a), net.step("r", a**2)
    net.loss(left * right + a)
    d = derive(net)
    assert equal(d.upstream(a, "expanded"), (6 * a**2 + 1).subs(a, tanh(w * x)))
    assert equal(d.partial(w), d.upstream(a) * (1 - a**2) * x)


def test_weight_used_twice_also_transposed() -> None:
    net = Network("tied", inputs=[X], weights=[Q])
    u = MatrixSymbol("u", N, 1)
    net = Network("tied", inputs=[u], weights=[Q])
    net.loss(u.T * Q.T * Q * u)
    d = derive(net)
    assert equal(d.partial(Q), 2 * Q * u * u.T)


def test_weight_that_is_also_a_step_and_a_direct_argument() -> None:
    net = Network("direct", weights=[w])
    a = net.step("a", w**2)
    net.loss(a * w)
    assert equal(derive(net).partial(w, "expanded"), 3 * w**2)


# -- sympy's own silent errors: regression tests (#26561, #26585, #27406, #30527) -----------------


def test_quadratic_form_has_the_gradient_that_sympy_gets_wrong() -> None:
    net = Network("quadratic", weights=[Z, MatrixSymbol("A", D, D)])
    A = MatrixSymbol("A", D, D)
    net.loss(scalar(Z.T * A * Z))
    d = derive(net)
    assert equal(d.partial(Z), A * Z + A.T * Z)
    assert equal(d.partial(A), Z * Z.T)


def test_exponential_of_a_product_has_the_gradient_that_sympy_gets_wrong() -> None:
    net = Network("exp", inputs=[X], weights=[Z])
    s = net.step("s", exp(scalar(X.T * Z)))
    net.loss(s)
    assert equal(derive(net).partial(Z), s * X)


def test_scalar_times_column_has_a_gradient_of_the_right_shape() -> None:
    net = Network("scaled", inputs=[X], weights=[Z])
    net.loss(total((Z.T * Z) * Z))
    d = derive(net)
    assert equal(d.partial(Z), 2 * total(Z) * Z + scalar(Z.T * Z) * OneMatrix(D, 1))


def test_norm_of_a_column_as_a_power_of_a_product() -> None:
    net = Network("norm", weights=[Z])
    r = net.step("r", (Z.T * Z) ** Rational(1, 2))
    net.loss(r)
    assert equal(derive(net).partial(Z), Z / r)


def test_broadcast_is_summed_back() -> None:
    row, col = MatrixSymbol("row", 1, D), MatrixSymbol("col", N, 1)
    net = Network("broadcast", inputs=[W], weights=[row, col, w])
    s = net.step("s", OneMatrix(N, 1) * row + col * OneMatrix(1, D) + w * OneMatrix(N, D))
    net.loss(symprop.dot(W, s))
    d = derive(net)
    assert evaluated(d, d.partial(row) - total(W, axis=0)) == pytest.approx(0, abs=1e-12)
    assert evaluated(d, d.partial(col) - total(W, axis=1)) == pytest.approx(0, abs=1e-12)
    assert evaluated(d, d.partial(w) - total(W)) == pytest.approx(0, abs=1e-12)


def test_matrix_power_has_a_term_for_every_factor() -> None:
    net = Network("power", weights=[Q])
    net.loss(total(Q**3))
    d = derive(net)
    J = OneMatrix(N, N)
    T = Q.T
    assert evaluated(d, d.partial(Q) - (J * T * T + T * J * T + T * T * J)) == pytest.approx(
        0, abs=1e-12
    )


def test_size_in_an_expression_is_a_constant() -> None:
    net = Network("attention", inputs=[X], weights=[Z])
    net.loss(symprop.dot(X, Z) / sympy.sqrt(D) + D * total(Z))
    assert equal(derive(net).partial(Z), X / sympy.sqrt(D) + D * OneMatrix(D, 1))


def test_gradient_through_a_zero_is_zero_of_the_right_shape() -> None:
    net = Network("zero", inputs=[X], weights=[Z, w])
    net.loss(total(net.step("p", softmax(Z))) + w)
    d = derive(net)
    found = evaluated(d, d.partial(Z, form="expanded"))
    assert found.size in (1, 2) and found == pytest.approx(0, abs=1e-12)
    assert d.gradient(Z).shape == (D, 1)


# -- the face -------------------------------------------------------------------------------------


def test_upstream_of_inputs_targets_and_steps() -> None:
    d, s = k3()
    to_a1 = d.partial(b1)
    assert equal(d.upstream(x), to_a1 * w1)
    assert equal(d.upstream(s["a1"]), to_a1)
    assert equal(d.upstream(y), y - s["f3"])
    assert equal(d.upstream(s["f3"]), -(y - s["f3"]))
    assert d.upstream(s["L"]) == 1
    assert d.upstream(w1) == d.partial(w1) == d.partial("w1")


def test_upstream_of_data_of_a_matrix_network() -> None:
    net = Network("data", inputs=[X], targets=[Y], weights=[MatrixSymbol("A", V, D)])
    A = MatrixSymbol("A", V, D)
    f = net.step("f", A * X)
    net.loss(symprop.half_squared_error(Y, f))
    d = derive(net)
    assert equal(d.upstream(X), A.T * (f - Y))
    assert equal(d.upstream(Y), Y - f)


def test_gradient_of_an_input_that_leads_nowhere_is_zero() -> None:
    net = Network("idle", inputs=[x, X], weights=[w])
    net.loss(w**2)
    d = derive(net)
    assert d.upstream(x) == 0
    assert equal(d.upstream(X), ZeroMatrix(D, 1))


def test_local_derivatives() -> None:
    d, s = k3()
    assert equal(d.local(s["f1"], s["a1"]), s["f1"] * (1 - s["f1"]))
    assert d.local("a1", "x") == w1 and d.local("a1", "w1") == x and d.local("a1", "b1") == 1
    assert equal(d.local("L", "f3"), -(y - s["f3"]))
    with pytest.raises(DerivationError, match="not a direct argument"):
        d.local("f3", "w1")


def test_local_derivatives_of_matrix_steps() -> None:
    net = Network("local", inputs=[X], weights=[W, c, w])
    z = net.step("z", W * X + w * c)
    h = net.step("h", tanh(z))
    s = net.step("s", c.T * h)
    net.loss(s + total(h))
    d = derive(net)
    one = OneMatrix(N, 1)
    assert evaluated(d, d.local(h, z) - (one - HadamardPower(h, 2))) == pytest.approx(0, abs=1e-12)
    assert d.local(s, h) == c
    assert d.local(s, c) == h
    assert equal(d.local("L", h), one)
    assert d.local("L", s) == 1
    with pytest.raises(DerivationError, match="N x 1 by N x D"):
        d.local(z, W)


def test_local_derivative_of_a_column_by_a_column_is_the_jacobian() -> None:
    net = Network("jacobian", inputs=[X], weights=[W, c, Q])
    z = net.step("z", W * X + c)
    t = net.step("t", Q * z + 2 * z)
    p = net.step("p", softmax(t))
    net.loss(symprop.dot(c, p))
    d = derive(net)
    assert d.local(z, X) == W
    assert equal(d.local(t, z), Q + 2 * Identity(N))
    assert d.local("L", p) == c


def test_paths_multiply_and_add_up_to_the_partial() -> None:
    net = Network("paths", inputs=[x], targets=[y], weights=[w, b])
    value = net.step("s0", w * x + b)
    for k in range(1, 4):
        left, right = net.step(f"l{k}", tanh(value)), net.step(f"r{k}", sigmoid(value))
        value = net.step(f"s{k}", left * right + w)
    net.loss((y - value) ** 2)
    d = derive(net)
    for weight, count in [(b, 8), (w, 8 + 4 + 2 + 1), (x, 8)]:
        paths = list(d.paths(weight))
        assert len(paths) == count
        assert len({path.steps for path in paths}) == count
        products = reduce(add, (reduce(mul, path.factors) for path in paths))
        assert equal(products, d.upstream(weight))
        assert all(len(path.steps) == len(path.factors) for path in paths)
        assert all(path.steps[0] == "L" for path in paths)


def test_factors_of_the_paths_of_k3_are_as_many_as_the_lecture_counts() -> None:
    d, s = k3()
    for weight, count in [(w3, 3), (w2, 5), (w1, 7), (b1, 7)]:
        (path,) = d.paths(weight)
        assert len(path.factors) == count
        assert equal(reduce(mul, path.factors), d.partial(weight))
    (path,) = d.paths(s["a2"])
    assert path.steps == ("L", "f3", "a3", "f2")


def test_paths_are_lazy_where_there_are_too_many() -> None:
    net = Network("doubling", inputs=[x], weights=[w])
    value = net.step("s0", w * x)
    for k in range(1, 61):
        left, right = net.step(f"l{k}", tanh(value)), net.step(f"r{k}", sigmoid(value))
        value = net.step(f"s{k}", left * right)
    net.loss(value)
    paths = list(itertools.islice(derive(net).paths(w), 5))
    assert len({path.steps for path in paths}) == 5


# -- size and time --------------------------------------------------------------------------------


def residual_chain(blocks: int) -> Network:
    weights = symbols(f"u0:{blocks}", real=True)
    net = Network("residual", inputs=[x], weights=weights)
    value = x
    for k, weight in enumerate(weights):
        value = net.step(f"h{k}", value + tanh(weight * value))
    net.loss(value**2)
    return net


def test_written_out_forms_of_a_long_chain_are_refused_and_the_short_one_is_given() -> None:
    d = derive(residual_chain(60))
    for symbol, form in [("u0", "steps"), ("u0", "expanded"), ("x", "expanded")]:
        with pytest.raises(DerivationError, match="operations") as caught:
            d.partial(symbol, form=form)
        assert 'form="delta"' in str(caught.value)
    assert len(d.partial("u0", form="delta").atoms(Symbol)) <= 6
    h0, u1 = symbols("h0 u1", real=True)
    assert equal(d.local("h1", "h0"), 1 + (1 - tanh(u1 * h0) ** 2) * u1)


def test_written_out_forms_of_a_very_long_chain_are_refused_in_words() -> None:
    d = derive(residual_chain(1500))
    for form in ("steps", "expanded"):
        with pytest.raises(DerivationError, match="operations"):
            d.partial("u0", form=form)
    assert len(d.partial("u0", form="delta").atoms(Symbol)) <= 6


def test_paths_of_a_very_long_chain_need_no_deep_stack() -> None:
    d = derive(residual_chain(1500))
    (path,) = itertools.islice(d.paths("u0"), 1)
    assert len(path.steps) == len(path.factors) == 1501


def test_written_out_forms_take_time_in_proportion() -> None:
    weights, inputs = symbols("u0:2000", real=True), symbols("x0:2000", real=True)
    net = Network("sum", inputs=inputs, weights=weights)
    net.loss(sympy.Add(*map(mul, weights, inputs)) ** 2)
    d = derive(net)
    start = time.process_time()
    assert len(d.partial(weights[7]).free_symbols) == 4000
    assert time.process_time() - start < 5


def test_shared_subexpressions_of_one_long_equation_are_visited_once() -> None:
    """Each value has one upstream gradient; otherwise the visits double with every level."""
    for weights, start in [([w], w), ([w], w * x), ([w, b], w * x + b)]:
        expression = start
        for _ in range(9):
            expression = sigmoid(expression) * tanh(expression)
        net = Network("scalar", inputs=[x], weights=weights)
        net.loss(expression)
        d = derive(net)
        count, distinct = len(d.upstreams), len({up.value for up in d.upstreams})
        length = sum(operations(up.expression) for up in d.upstreams)
        length += operations(d.gradient(w))
        assert count == distinct and count <= 20
        assert length < 50_000  # written out once an occurrence it would be over a million


def test_shared_matrix_subexpressions_of_one_long_equation_are_visited_once() -> None:
    R, u = MatrixSymbol("R", N, N), MatrixSymbol("u", N, 1)
    expression = u
    for _ in range(9):
        expression = HadamardProduct(Q * expression, R * expression)
    net = Network("matrix", inputs=[u], weights=[Q, R])
    net.loss(total(expression))
    d = derive(net)
    count, distinct = len(d.upstreams), len({up.value for up in d.upstreams})
    assert count == distinct and count <= 30


def test_shared_subexpressions_add_up() -> None:
    net = Network("shared", inputs=[x], weights=[w])
    inner = tanh(w * x)
    net.loss(sigmoid(inner) * exp(inner) + inner**2)
    at = {x: 0.4, w: -0.7}

    def loss(v: Any) -> Any:
        t = np.tanh(v["w"] * 0.4)
        return numpy_sigmoid(t) * np.exp(t) + t**2

    expected = float(complex_step(loss, {"w": -0.7})["w"])
    found = value_of(derive(net).partial(w, "expanded"), at)
    assert found == pytest.approx(expected, rel=1e-12)


def test_gradients_of_a_long_chain_stay_short() -> None:
    d = derive(residual_chain(300))
    assert max(len(text(up.expression)) for up in d.upstreams) < 100
    assert len(d.upstreams) <= 2 * 300 + 2


def test_names_of_deltas_never_collide() -> None:
    net = Network("names", weights=[w, Symbol("delta_q_1", real=True)])
    inner = Symbol("delta_q_1", real=True)
    a = net.step("a", w * inner)
    q = net.step("q", tanh(sigmoid(a * w + inner) * (a + w)))
    net.loss(q**2)
    d = derive(net)
    names = [up.delta.name for up in d.upstreams]
    assert len(names) == len(set(names))
    assert not set(names) & {"w", "delta_q_1", "q", "a"}


def test_derivation_does_not_depend_on_the_order_of_hashing() -> None:
    first = [text(up.expression) for up in k3()[0].upstreams]
    assert first == [text(up.expression) for up in k3()[0].upstreams]


def test_value_of_a_step_is_folded_back() -> None:
    net = Network("folding", inputs=[x], weights=[w])
    f = net.step("f", exp(w * x))
    g = net.step("g", tanh(f))
    net.loss(sigmoid(g))
    d = derive(net)
    L = Symbol("L", real=True)
    assert equal(d.partial(w), L * (1 - L) * (1 - g**2) * f * x)
    assert not d.partial(w).has(sympy.exp)


def test_constants_have_no_gradient_and_do_no_harm() -> None:
    net = Network("constants", weights=[w])
    a = net.step("a", sympy.pi * w + sympy.E + Rational(1, 3))
    net.loss(a**2 + math.pi)
    found = derive(net).partial(w, "expanded")
    assert equal(found, 2 * sympy.pi * (sympy.pi * w + sympy.E + Rational(1, 3)))


def test_exponents_have_gradients_too() -> None:
    net = Network("power", inputs=[x], weights=[w])
    net.loss(x**w)
    assert equal(derive(net).partial(w, "expanded"), x**w * log(x))


def test_partial_is_in_the_symbols_of_the_user() -> None:
    plain, positive = Symbol("u"), Symbol("v", positive=True)
    one = MatrixSymbol("m", 1, 1)
    net = Network("symbols", weights=[plain, positive, one])
    net.loss(plain * positive**2 + plain * one[0, 0])
    d = derive(net)
    assert equal(d.partial(positive), 2 * plain * positive)
    assert equal(d.partial(plain), positive**2 + one[0, 0])
    assert d.partial(one) == plain


def test_matmul_of_a_gradient_is_a_plain_sympy_product() -> None:
    net = Network("plain", inputs=[X], weights=[W])
    net.loss(total(W * X))
    found = derive(net).partial(W)
    assert found == MatMul(OneMatrix(N, 1), X.T)
