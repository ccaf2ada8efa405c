"""Derivations as textbooks have them, right and wrong, over networks of several kinds."""

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sympy import MatrixSymbol, symbols

import symprop as sp
from symprop import Network, derive, verify
from symprop.commands.networks import networks_of
from symprop.printout import make_document, render
from symprop.verification import Verdict, verify_document

RIGHT = {Verdict.TRUE, Verdict.TRUE_GIVEN}


def classifier() -> Network:
    D, N, V = symbols("D N V", integer=True, positive=True)
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W1, b1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
    W2, b2 = MatrixSymbol("W2", V, N), MatrixSymbol("b2", V, 1)
    weights, labels = [W1, b1, W2, b2], {y: "one-hot"}
    net = Network("classifier", inputs=[x], targets=[y], weights=weights, labels=labels)
    h = net.step("h", sp.tanh(net.step("z1", W1 * x + b1)))
    net.loss(sp.cross_entropy(y, net.step("p", sp.softmax(net.step("z2", W2 * h + b2)))))
    return net


def logistic_regression() -> Network:
    x, w = (MatrixSymbol(name, symbols("D", integer=True, positive=True), 1) for name in "xw")
    y, b, lam = symbols("y b lam", real=True)
    net = Network(
        "logistic regression",
        inputs=[x],
        targets=[y],
        weights=[w, b],
        labels={y: "binary"},
        hyperparameters={lam: 0.1},
        latex={lam: r"\lambda"},
    )
    p = net.step("p", sp.sigmoid(net.step("z", sp.dot(w, x) + b)))
    net.loss(sp.binary_cross_entropy(y, p) + lam / 2 * sp.squared_norm(w), name="J")
    return net


def batch() -> Network:
    m, D = symbols("m D", integer=True, positive=True)
    X, Y, theta = MatrixSymbol("X", m, D), MatrixSymbol("Y", m, 1), MatrixSymbol("theta", D, 1)
    net = Network("batch", inputs=[X], targets=[Y], weights=[theta], samples=m)
    net.loss(sp.squared_norm(net.step("r", X * theta - Y)) / (2 * m))
    return net


def recurrent() -> Network:
    x1, x2, u, v, c, y = symbols("x1 x2 u v c y", real=True)
    net = Network("recurrent", inputs=[x1, x2], targets=[y], weights=[u, v, c])
    s1 = net.step("s1", sp.tanh(u * x1))
    s2 = net.step("s2", sp.tanh(u * x2 + v * s1))
    net.loss((net.step("o", c * s2) - y) ** 2 / 2)
    return net


def rectified() -> Network:
    x, y, w, b, v = symbols("x y w b v", real=True)
    net = Network("rectified", inputs=[x], targets=[y], weights=[w, b, v])
    net.loss((v * net.step("h", sp.relu(net.step("a", w * x + b))) - y) ** 2)
    return net


NETWORKS: dict[str, Callable[[], Network]] = {
    "classifier": classifier,
    "logistic": logistic_regression,
    "batch": batch,
    "recurrent": recurrent,
    "rectified": rectified,
}


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


LINES = tomllib.loads((Path(__file__).parent / "textbook_lines.toml").read_text())["line"]
TRUE, FALSE = (
    [(line["network"], line["text"]) for line in LINES if line["verdict"] == verdict]
    for verdict in ("true", "false")
)


@pytest.mark.parametrize(("name", "text"), TRUE)
def test_a_right_line_is_not_called_wrong(name: str, text: str) -> None:
    for line in verify(network(name), text).lines:
        assert line.verdict in RIGHT, f"{line.text}: {line.reason}"


@pytest.mark.parametrize(("name", "text"), FALSE)
def test_a_wrong_line_is_not_called_right(name: str, text: str) -> None:
    assert verify(network(name), text).lines[-1].verdict is Verdict.FALSE


# -- symprop's own derivations --------------------------------------------------------------------

EXAMPLES = Path(__file__).parents[2] / "examples"
PRINTED = (
    *("smallest_perceptron", "multilayer_perceptron", "two_layer_network", "two_outputs"),
    *("attention", "unspecified_activations", "vector_regression", "learned_slope"),
)


def printed() -> Iterator[tuple[str, Network]]:
    for name in PRINTED:
        for found in networks_of(EXAMPLES / f"{name}.py"):
            yield f"{name}: {found.name}", found


@pytest.mark.parametrize("found", [pytest.param(net, id=name) for name, net in printed()])
def test_no_line_of_a_printout_is_called_wrong(found: Network) -> None:
    report = verify_document(found, render(make_document(derive(found)), "latex"))
    wrong = [line for line in report.lines if line.verdict in (Verdict.FALSE, Verdict.FOLLOWS)]
    assert [f"{line.text}: {line.reason}" for line in wrong] == []
    judged = [line.verdict in RIGHT for line in report.lines if line.verdict != Verdict.SKIPPED]
    assert sum(judged) > len(judged) / 2
