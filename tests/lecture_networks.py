"""The networks that the claims of five lectures are about, as a lecturer would declare them."""

from collections.abc import Callable
from typing import Any

from sympy import MatrixSymbol, Rational, ones, symbols

import symprop as sp
from symprop import Network, activation, function


def real(names: str) -> Any:
    return symbols(names, real=True)


def size(names: str) -> Any:
    return symbols(names, integer=True, positive=True)


def smallest_perceptron() -> Network:
    w, x, y = real("w x y")
    net = Network("smallest perceptron", inputs=[x], targets=[y], weights=[w])
    net.loss((y - net.step("y_hat", w * x)) ** 2 / 2, latex=r"\mathcal{L}")
    return net


def two_inputs() -> Network:
    w1, w2, x1, x2, y = real("w1 w2 x1 x2 y")
    net = Network("two inputs", inputs=[x1, x2], targets=[y], weights=[w1, w2])
    net.loss((y - net.step("y_hat", w1 * x1 + w2 * x2)) ** 2 / 2, latex=r"\mathcal{L}")
    return net


def three_layers(functions: list[Any]) -> Network:
    w1, b1, w2, w3, x, y = real("w1 b1 w2 w3 x y")
    net = Network("three layers", inputs=[x], targets=[y], weights=[w1, b1, w2, w3])
    f1 = net.step("f1", functions[0](net.step("a1", w1 * x + b1)))
    f2 = net.step("f2", functions[1](net.step("a2", w2 * f1)))
    f3 = net.step("f3", functions[2](net.step("a3", w3 * f2)))
    net.loss((y - net.step("y_hat", f3)) ** 2 / 2, latex=r"\mathcal{L}")
    return net


def activations_alone() -> Network:
    beta = real("beta")
    net = Network("activations", weights=[beta])
    net.loss(net.step("s", sp.sigmoid(beta)) + sp.tanh(beta))
    return net


def rectifier() -> Network:
    beta = real("beta")
    step = sp.define("u", lambda z: sp.unit_step(z))
    net = Network("rectifier", weights=[beta])
    net.loss(sp.relu(beta) * step(beta))
    return net


def sum_times_z() -> Network:
    x, y, z = real("x y z")
    net = Network("sum times z", weights=[x, y, z])
    net.loss(net.step("q", x + y) * z, name="f")
    net.example({x: -2, y: 5, z: -4})
    return net


def sigmoid_circuit() -> Network:
    w0, x0, w1, x1, w2 = real("w0 x0 w1 x1 w2")
    net = Network("sigmoid circuit", weights=[w0, x0, w1, x1, w2])
    net.loss(sp.sigmoid(w0 * x0 + w1 * x1 + w2), name="f")
    net.example({w0: 2, x0: -1, w1: -3, x1: -2, w2: -3})
    return net


def linear_regression() -> Network:
    x, w = (MatrixSymbol(name, size("D"), 1) for name in ("x", "w1"))
    y = real("y")
    net = Network("linear regression", inputs=[x], targets=[y], weights=[w])
    net.loss((y - net.step("h1", w.T * x)) ** 2, name="e")
    return net


def positive_example() -> Network:
    x, w = (MatrixSymbol(name, size("D"), 1) for name in ("x", "w1"))
    net = Network("positive example", inputs=[x], weights=[w])
    net.loss(-sp.log(net.step("h2", sp.sigmoid(net.step("h1", w.T * x)))), name="e")
    return net


def unspecified_layers(count: int) -> Network:
    x, y = real("x y")
    weights = [real(f"w{number}") for number in range(1, count + 1)]
    net = Network("layers", inputs=[x], targets=[y], weights=weights)
    h = x
    for number, w in enumerate(weights, 1):
        h = net.step(f"h{number}", function(f"f_{number}")(h, w))
    net.loss(function("l")(h, y), name="e")
    return net


def learned_slope() -> Network:
    w, b, x, y = real("w b x y")
    net = Network("learned slope", inputs=[x], targets=[y], weights=[w, b])
    net.loss((y - net.step("h", w * x + b)) ** 2 / 2)
    net.example({x: 1, y: 3, w: Rational(1, 10), b: 1}, learning_rate=0.2, steps=3)
    return net


def two_outputs() -> Network:
    w, b, v1, v2, x, y = real("w b v1 v2 x y")
    net = Network("two outputs", inputs=[x], targets=[y], weights=[w, b, v1, v2])
    q = net.step("q", sp.sigmoid(net.step("h", w * x + b)))
    o1, o2 = net.step("o1", v1 * q), net.step("o2", v2 * q)
    total = sp.log(sp.exp(o1) + sp.exp(o2))
    likelihood = net.step("LL", y * (o1 - total) + (1 - y) * (o2 - total), latex=r"\mathrm{LL}")
    net.loss(-likelihood)
    return net


def two_by_two() -> Network:
    x, b, y = (MatrixSymbol(name, 2, 1) for name in ("x", "b", "y"))
    W, V = MatrixSymbol("W", 2, 2), MatrixSymbol("V", 2, 2)
    net = Network("two by two", inputs=[x], targets=[y], weights=[W, b, V])
    q = net.step("q", sp.sigmoid(net.step("h", W * x + b)))
    net.loss(sp.squared_error(y, net.step("o", V * q)))
    return net


def softmax_classifier() -> Network:
    beta, y = (MatrixSymbol(name, size("V"), 1) for name in ("beta", "y"))
    net = Network("softmax", targets=[y], weights=[beta])
    p = net.step("y_star", sp.softmax(beta))
    net.loss(sp.cross_entropy(y, p), name="ell", latex=r"\ell_{CE}")
    return net


def binary_classifier() -> Network:
    beta, y = real("beta y")
    net = Network("binary", targets=[y], weights=[beta])
    p = net.step("y_star", sp.sigmoid(beta))
    net.loss(sp.binary_cross_entropy(y, p), name="ell", latex=r"\ell_{BCE}")
    return net


def two_matrices() -> Network:
    x, y = MatrixSymbol("x", size("D"), 1), MatrixSymbol("y", size("V"), 1)
    W1, b1 = MatrixSymbol("W1", size("N"), size("D")), MatrixSymbol("b1", size("N"), 1)
    W2, b2 = MatrixSymbol("W2", size("V"), size("N")), MatrixSymbol("b2", size("V"), 1)
    net = Network("two matrices", inputs=[x], targets=[y], weights=[W1, b1, W2, b2])
    h = net.step("h", activation("g")(W1 * x + b1))
    net.loss(sp.half_squared_error(y, net.step("f", W2 * h + b2)))
    return net


def one_matrix() -> Network:
    """What a lecture writes J(W): a loss of all weights in one matrix."""
    x, y = MatrixSymbol("x", size("D"), 1), MatrixSymbol("y", size("N"), 1)
    W = MatrixSymbol("W", size("N"), size("D"))
    net = Network("one matrix", inputs=[x], targets=[y], weights=[W])
    net.loss(sp.squared_error(y, sp.tanh(W * x)), name="J")
    return net


def mean_of_squares() -> Network:
    star, y = (MatrixSymbol(name, size("V"), 1) for name in ("y_star", "y"))
    net = Network("mean of squares", targets=[y], weights=[star])
    net.loss(sp.mean_squared_error(y, star), name="ell", latex=r"\ell_{MSE}")
    return net


def two_layers_with_ones(loss: str = r"\ell") -> Network:
    """Layers by their numbers, each with a unit that is always 1: what a lecture writes w^{(l)}."""
    D, N, V = size("D N V")
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W1, W2 = MatrixSymbol("W1", N, D + 1), MatrixSymbol("W2", V, N + 1)
    names = {W1: "w^{(1)}", W2: "w^{(2)}"}
    net = Network("with ones", inputs=[x], targets=[y], weights=[W1, W2], latex=names)
    g = activation("g")
    h0 = net.step("h0", sp.vstack(x, ones(1, 1)), latex="h^{(0)}")
    first = net.step("beta1", W1 * h0, latex=r"\beta^{(1)}")
    h1 = net.step("h1", sp.vstack(g(first), ones(1, 1)), latex="h^{(1)}")
    second = net.step("beta2", W2 * h1, latex=r"\beta^{(2)}")
    h2 = net.step("h2", g(second), latex="h^{(2)}")
    net.loss(sp.half_squared_error(y, net.step("y_star", h2)), name="loss", latex=loss)
    return net


SIGMOIDS = [sp.sigmoid] * 3
UNSPECIFIED = [activation(f"f_{number}") for number in (1, 2, 3)]

NETWORKS: dict[str, Callable[[], Network]] = {
    "K1": smallest_perceptron,
    "K2": two_inputs,
    "K3g": lambda: three_layers(UNSPECIFIED),
    "K3s": lambda: three_layers(SIGMOIDS),
    "ACT": activations_alone,
    "E1": sum_times_z,
    "E2": sigmoid_circuit,
    "E3": sum_times_z,
    "A1": two_matrices,
    "A2": lambda: unspecified_layers(2),
    "A3": linear_regression,
    "A4": positive_example,
    "A5": lambda: unspecified_layers(4),
    "A5k1": lambda: unspecified_layers(1),
    "A5k2": lambda: unspecified_layers(2),
    "P1": learned_slope,
    "P2": two_outputs,
    "P3": two_by_two,
    "LOSS": mean_of_squares,
    "L3": mean_of_squares,
    "L4": mean_of_squares,
    "L8": mean_of_squares,
    "SM": softmax_classifier,
    "F4": softmax_classifier,
    "L5": softmax_classifier,
    "BCE": binary_classifier,
    "L6": binary_classifier,
    "F3": rectifier,
    "H1": two_layers_with_ones,
    "J": one_matrix,
    "H1 with a loss L": lambda: two_layers_with_ones(r"\mathcal{L}"),
}
"""By the names that the claims have."""
