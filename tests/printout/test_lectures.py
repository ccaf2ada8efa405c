r"""The lines of the lectures, one by one: the formula of a slide, and the line of the printout.

    000, 002  Kris Kitani, CMU 16-385, "Back-Propagation"      networks K1, K2, K3
    001       ECE 884 Deep Learning, lecture 11                A1, A3, A4, A5, E1, E2
    003       "Backpropagation primer"                         P1, P2, P3
    004       Mark Hasegawa-Johnson, UIUC, lecture 28          H1, the losses

A formula is held against a line as an expression: at random numbers for every name in it, those of
steps and of derivatives included, so that a line in other names is not taken for it. Where a slide
is wrong (its claim is named), the formula is what it should have said.
"""

from __future__ import annotations

import zlib
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from deep_networks import chain_of_functions
from example_networks import NETWORKS
from printed_lines import Reading, lines, sides, spelled, told, worth
from sympy import Expr, MatrixSymbol, S, Symbol, exp, log, symbols

from symprop import derive, sigmoid
from symprop.printout import Document, make_document

SECTIONS = ["network", "forward", "chain-rule", "locals", "updates"]
ANY = {**NETWORKS, "deep_chain_50": chain_of_functions(50)}


class Slide(NamedTuple):
    """A formula of a slide; `left` tells of what it is, `latex` how it is printed, where exact."""

    network: str
    section: str
    left: str
    formula: Expr | None
    latex: str | None = None


def of(*names: str) -> list[Symbol]:
    """Derivatives by their names: of("L/f3", "f3/a3") is dL/df3 and df3/da3."""
    return [Symbol("d{}/d{}".format(*name.split("/"))) for name in names]


def chain(*names: str) -> Expr:
    """A product of derivatives."""
    product: Expr = 1
    for factor in of(*names):
        product *= factor
    return product


x, y, w, b, y_hat, eta, h, q, f, z = symbols("x y w b y_hat eta h q f z", real=True)
x0, x1, x2, w0, w1, w2, w3, b1, b2 = symbols("x0 x1 x2 w0 w1 w2 w3 b1 b2", real=True)
a1, a2, a3, f1, f2, f3 = symbols("a1 a2 a3 f1 f2 f3", real=True)
o1, o2, p1, p2, v1, v2, h1, h2, D, E, n = symbols("o1 o2 p1 p2 v1 v2 h1 h2 D E n", real=True)
delta_a1, delta_a2, delta_a3 = symbols("delta_a1 delta_a2 delta_a3")
delta_o1, delta_o2, delta_q, delta_h = symbols("delta_o1 delta_o2 delta_q delta_h")
X, W1 = MatrixSymbol("x", 3, 1), MatrixSymbol("w1", 3, 1)
inner = (W1.T * X)[0, 0]


def slope(expression: Expr, by: Symbol) -> Expr:
    return expression.diff(by)


def to_derive(expression: Expr, by: Symbol) -> Expr:
    """d/dw { ... }, still to be done."""
    return Symbol(f"d/d{by}") * expression


half = (y - y_hat) ** 2 / 2

K1 = [
    # cmu-01, cmu-05: the slide calls the output y, which is the target
    Slide("smallest_perceptron", "forward", "y_hat", w * x, r"w x"),
    Slide("smallest_perceptron", "forward", "L", half, r"\frac{1}{2} (y - \hat{y})^2"),
    Slide(
        "smallest_perceptron",
        "chain-rule",
        "dL/dw",
        to_derive(half, w),
        r"\frac{d}{dw}\left\{\frac{1}{2} (y - \hat{y})^2\right\}",
    ),
    Slide(
        "smallest_perceptron",
        "chain-rule",
        "dL/dw",
        -(y - y_hat) * slope(w * x, w),
        r"-(y - \hat{y}) \frac{dw x}{dw}",
    ),
    Slide(
        "smallest_perceptron",
        "chain-rule",
        "dL/dw",
        -(y - y_hat) * x,
        r"-(y - \hat{y}) x = \nabla w",
    ),
    # cmu-02, cmu-03, cmu-16: (y - y_hat) x is minus the gradient, and x has the index of y
    Slide("smallest_perceptron", "updates", "w", w - eta * of("L/w")[0]),
    Slide("smallest_perceptron", "updates", "w", w + eta * (y - y_hat) * x),
]

K2 = [
    Slide("second_smallest_perceptron", "forward", "y_hat", w1 * x1 + w2 * x2, r"\sum_i w_i x_i"),
    # cmu-40: the slide has lost the square
    Slide("second_smallest_perceptron", "forward", "L", half),
    *(
        Slide("second_smallest_perceptron", "chain-rule", f"dL/d{by}", formula, latex)
        for by, at in ((w1, x1), (w2, x2))
        for formula, latex in (
            (to_derive(half, by), None),
            (-(y - y_hat) * of(f"y_hat/{by}")[0], None),
            # cmu-33: the slide derives by w_1 where it is about w_2
            (
                -(y - y_hat) * slope(w1 * x1 + w2 * x2, by),
                rf"-(y - \hat{{y}}) \frac{{\partial\sum_i w_i x_i}}{{\partial w_{str(by)[1]}}}",
            ),
            (
                -(y - y_hat) * slope(by * at, by),
                rf"-(y - \hat{{y}}) \frac{{\partial w_{str(by)[1]} x_{str(by)[1]}}}"
                rf"{{\partial w_{str(by)[1]}}}",
            ),
            (
                -(y - y_hat) * at,
                rf"-(y - \hat{{y}}) x_{str(by)[1]} = \nabla w_{str(by)[1]}",
            ),
        )
    ),
    # cmu-43, cmu-44: the weights have no index of the sample
    Slide("second_smallest_perceptron", "updates", "w1", w1 + eta * (y - y_hat) * x1),
    Slide("second_smallest_perceptron", "updates", "w2", w2 + eta * (y - y_hat) * x2),
]

CHAINS = {
    "w3": chain("L/f3", "f3/a3", "a3/w3"),
    "w2": chain("L/f3", "f3/a3", "a3/f2", "f2/a2", "a2/w2"),
    "w1": chain("L/f3", "f3/a3", "a3/f2", "f2/a2", "a2/f1", "f1/a1", "a1/w1"),
    "b1": chain("L/f3", "f3/a3", "a3/f2", "f2/a2", "a2/f1", "f1/a1", "a1/b1"),
}
BOXED = {
    "w3": r"\frac{\partial\mathcal{L}}{\partial\hat{y}} \frac{\partial\hat{y}}{\partial a_3}"
    r" \frac{\partial a_3}{\partial w_3}",
    "w2": r"\underset{\delta_{a_3}}{\boxed{\frac{\partial\mathcal{L}}{\partial\hat{y}}"
    r" \frac{\partial\hat{y}}{\partial a_3}}}\, \frac{\partial a_3}{\partial f_2}"
    r" \frac{\partial f_2}{\partial a_2} \frac{\partial a_2}{\partial w_2}",
    "w1": None,
    "b1": None,
}

K3_ANY = [
    *(
        Slide("unspecified_activations", "chain-rule", f"dL/d{by}", CHAINS[by], BOXED[by])
        for by in CHAINS
    ),
    # cmu-61 to cmu-65: the slide has a factor eta in the derivative
    Slide("unspecified_activations", "chain-rule", "dL/df3", -(y - f3), r"-(y - \hat{y})"),
    Slide("unspecified_activations", "chain-rule", "da3/dw3", f2),
    Slide("unspecified_activations", "chain-rule", "df3/da3", None, r"f_3'(a_3)"),
    # cmu-01 again: the output is y_hat
    Slide(
        "unspecified_activations",
        "network",
        "f3",
        None,
        r"f_3(w_3 f_2(w_2 f_1(w_1 x + b_1)))",
    ),
]

closed = -(y - f3) * f3 * (1 - f3)
K3 = [
    *(Slide("multilayer_perceptron", "chain-rule", f"dL/d{by}", CHAINS[by]) for by in CHAINS),
    Slide("multilayer_perceptron", "forward", "a1", w1 * x + b1),
    Slide("multilayer_perceptron", "forward", "a2", w2 * f1),
    Slide("multilayer_perceptron", "forward", "a3", w3 * f2),
    Slide(
        "multilayer_perceptron",
        "network",
        "f3",
        sigmoid(w3 * sigmoid(w2 * sigmoid(w1 * x + b1))),
        r"\sigma(w_3 \sigma(w_2 \sigma(w_1 x + b_1)))",
    ),
    Slide("multilayer_perceptron", "chain-rule", "dL/df3", -(y - f3)),
    Slide("multilayer_perceptron", "chain-rule", "df3/da3", f3 * (1 - f3)),
    # cmu-65, 70, 71, 72: without the factor eta
    Slide(
        "multilayer_perceptron",
        "chain-rule",
        "dL/dw3",
        closed * f2,
        r"-(y - \hat{y}) \hat{y} (1 - \hat{y}) f_2",
    ),
    Slide("multilayer_perceptron", "chain-rule", "dL/dw2", closed * w3 * f2 * (1 - f2) * f1),
    Slide(
        "multilayer_perceptron",
        "chain-rule",
        "dL/dw1",
        closed * w3 * f2 * (1 - f2) * w2 * f1 * (1 - f1) * x,
        r"-(y - \hat{y}) \hat{y} (1 - \hat{y}) w_3 f_2 (1 - f_2) w_2 f_1 (1 - f_1) x",
    ),
    Slide(
        "multilayer_perceptron",
        "chain-rule",
        "dL/db1",
        closed * w3 * f2 * (1 - f2) * w2 * f1 * (1 - f1),
    ),
    # "already computed. re-use (propagate)!"
    Slide("multilayer_perceptron", "chain-rule", "delta_a3", closed),
    Slide("multilayer_perceptron", "chain-rule", "delta_a2", delta_a3 * w3 * f2 * (1 - f2)),
    Slide("multilayer_perceptron", "chain-rule", "delta_a1", delta_a2 * w2 * f1 * (1 - f1)),
    Slide("multilayer_perceptron", "chain-rule", "dL/dw2", delta_a2 * f1),
    Slide("multilayer_perceptron", "chain-rule", "dL/db1", delta_a1),
    # cmu-80: the last slide adds the gradient
    Slide("multilayer_perceptron", "updates", "w3", w3 - eta * of("L/w3")[0]),
]

A3 = [
    Slide("vector_regression", "forward", "h1", inner, r"w_1^{\top} x"),
    Slide("vector_regression", "forward", "h1", None, r"\sum_i w_{1, i} x_i"),
    Slide("vector_regression", "forward", "e", (y - h1) ** 2, r"(y - h_1)^2"),
    Slide("vector_regression", "chain-rule", "de/dw1", chain("e/h1", "h1/w1")),
    Slide("vector_regression", "chain-rule", "dh1/dw1", X, "x"),
    Slide("vector_regression", "chain-rule", "de/dh1", -2 * (y - h1), r"-2 (y - h_1)"),
    Slide(
        "vector_regression",
        "chain-rule",
        "de/dw1",
        -2 * (y - inner) * X,
        r"-2 (y - w_1^{\top} x) x",
    ),
]

A4 = [
    Slide("positive_example", "forward", "e", -log(h2), r"-\log(h_2)"),
    Slide("positive_example", "chain-rule", "de/dh2", -1 / h2, r"-\frac{1}{h_2}"),
    Slide("positive_example", "chain-rule", "dh2/dh1", h2 * (1 - h2)),
    Slide("positive_example", "chain-rule", "dh1/dw1", X),
    Slide("positive_example", "chain-rule", "de/dh1", -1 / h2 * (h2 * (1 - h2))),
    Slide("positive_example", "chain-rule", "de/dw1", -(1 - h2) * X, r"-(1 - h_2) x"),
    Slide("positive_example", "chain-rule", "de/dw1", -sigmoid(-h1) * X, r"-\sigma(-h_1) x"),
    Slide(
        "positive_example",
        "chain-rule",
        "de/dw1",
        -sigmoid(-inner) * X,
        r"-\sigma(-w_1^{\top} x) x",
    ),
]

BOX = (
    r"\underset{\delta_{h_k}}{\boxed{\frac{\partial e}{\partial h_{50}}"
    r" \frac{\partial h_{50}}{\partial h_{49}} \cdots"
    r" \frac{\partial h_{k + 1}}{\partial h_k}}}\, \frac{\partial h_k}{\partial w_k}"
)
A5 = [
    Slide("deep_chain_1", "chain-rule", "de/dw1", chain("e/h1", "h1/w1")),
    # ece-41: the slide drops y
    Slide("deep_chain_2", "forward", "e", None, r"l(h_2, y)"),
    Slide("deep_chain_2", "chain-rule", "de/dw2", chain("e/h2", "h2/w2")),
    Slide("deep_chain_2", "chain-rule", "de/dw1", chain("e/h2", "h2/h1", "h1/w1")),
    Slide("deep_chain_50", "chain-rule", "", None, BOX),
]

E1 = [
    Slide("sum_times_z", "network", "f", (x + y) * z, r"z (x + y)"),
    Slide("sum_times_z", "forward", "q", x + y),
    Slide("sum_times_z", "forward", "f", q * z),
    Slide("sum_times_z", "chain-rule", "df/dz", q, "q"),
    Slide("sum_times_z", "chain-rule", "df/dq", z, "z"),
    Slide("sum_times_z", "chain-rule", "df/dy", chain("q/y", "f/q")),
    Slide("sum_times_z", "chain-rule", "df/dx", chain("q/x", "f/q")),
    Slide("sum_times_z", "chain-rule", "dq/dy", S.One),
    Slide("sum_times_z", "chain-rule", "dq/dx", S.One),
    Slide("sum_times_z", "chain-rule", "df/dy", z),
    Slide("sum_times_z", "chain-rule", "df/dx", z),
    Slide("mul_gate", "chain-rule", "df/dx", y, "y"),
    Slide("mul_gate", "chain-rule", "df/dy", x, "x"),
]

E2 = [
    Slide(
        "sigmoid_circuit",
        "network",
        "f",
        1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2))),
    ),
    Slide("sigmoid_circuit", "chain-rule", "df/dD", -1 / D**2, r"-\frac{1}{D^2}"),
    Slide("sigmoid_circuit", "chain-rule", "dE/dn", E, "E"),
    Slide("sigmoid_circuit", "chain-rule", "dn/ds2", S.NegativeOne),
    Slide(
        "sigmoid_circuit",
        "chain-rule",
        "df/dw2",
        chain("f/D", "D/E", "E/n", "n/s2", "s2/w2"),
    ),
    Slide("sigmoid_circuit", "chain-rule", "delta_s2", E / D**2),
    Slide("sigmoid_circuit", "chain-rule", "df/dw0", Symbol("delta_s2") * x0),
    Slide("sigmoid_circuit", "chain-rule", "df/dx1", Symbol("delta_s2") * w1),
]

P1 = [
    Slide("linear_regression", "chain-rule", "dL/dw", chain("L/h", "h/w")),
    Slide("linear_regression", "chain-rule", "dL/db", chain("L/h", "h/b")),
    Slide("linear_regression", "chain-rule", "dL/dh", h - y, r"-(y - h)"),
    Slide("linear_regression", "chain-rule", "dL/dw", (h - y) * x, r"-(y - h) x"),
    Slide("linear_regression", "chain-rule", "dL/db", h - y),
    # pri-31, pri-32: the slide sets w to eta times the gradient
    Slide("linear_regression", "updates", "w", w - eta * of("L/w")[0]),
    Slide("linear_regression", "updates", "b", b - eta * of("L/b")[0]),
]

share = exp(o1) / (exp(o1) + exp(o2))
P2 = [
    Slide("two_outputs", "forward", "p1", share),
    # pri-40, pri-41: the slide divides y by o, and has the sign of both terms wrong
    Slide("two_outputs", "chain-rule", "delta_o1", p1 - y, r"p_1 - y"),
    Slide("two_outputs", "chain-rule", "delta_o2", p2 - (1 - y)),
    Slide("two_outputs", "chain-rule", "delta_q", chain("L/o1", "o1/q") + chain("L/o2", "o2/q")),
    Slide("two_outputs", "chain-rule", "delta_q", v1 * delta_o1 + v2 * delta_o2),
    Slide("two_outputs", "chain-rule", "dL/dv1", delta_o1 * q),
    Slide("two_outputs", "chain-rule", "dL/dv2", delta_o2 * q),
    # pri-47: the slide has q where h should be; e^-h/(1 + e^-h)^2 is q (1 - q)
    Slide("two_outputs", "chain-rule", "dq/dh", q * (1 - q), r"q (1 - q)"),
    Slide("two_outputs", "chain-rule", "delta_h", delta_q * q * (1 - q)),
    Slide("two_outputs", "chain-rule", "dL/dw", delta_h * x, r"\delta_h x"),
    Slide("two_outputs", "chain-rule", "dL/db", delta_h),
]

P3 = [
    Slide("wider_network_by_elements", "forward", "h1", None, r"\sum_i w_{1i} x_i + b_1"),
    Slide("wider_network_by_elements", "forward", "o2", None, r"\sum_i v_{2i} q_i"),
]

A1_H1 = [
    Slide("vector_network_any_g", "network", "f", None, r"W_2 g(W_1 x + b_1) + b_2"),
    Slide("affine_layer", "forward", "h[k]", None, r"\sum_j W_{kj} x_j + b_k"),
    Slide(
        "deep_network_3",
        "forward",
        "beta2[k]",
        None,
        r"\sum_j W_{2, kj} h_j^{(1)} + b_{2, k}",
    ),
    Slide("deep_network_3", "forward", "L", None, r"-\sum_i y_i \log(y_i^*)"),
]

SLIDES = [*K1, *K2, *K3_ANY, *K3, *A3, *A4, *A5, *E1, *E2, *P1, *P2, *P3, *A1_H1]


@cache
def printout(name: str) -> Document:
    return make_document(derive(ANY[name]), SECTIONS)


class Drawn(dict[str, Any]):
    """Any value for any name; the vectors x and w_1 of the lecture have three entries."""

    def __init__(self, *vectors: str) -> None:
        super().__init__()
        self.vectors = vectors

    def __missing__(self, name: str) -> Any:
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        shape = (3, 1) if name in self.vectors else ()
        self[name] = rng.uniform(0.2, 0.9, size=shape)
        return self[name]


def is_worth(expression: Any, formula: Expr, values: Drawn) -> bool:
    expected = worth(formula, values)
    found = [Reading(values).of(side) for side in sides(expression)]
    return any(
        np.shape(side) == np.shape(expected) and np.allclose(side, expected, rtol=1e-6)
        for side in found
    )


@pytest.mark.parametrize(
    "slide", SLIDES, ids=[f"{s.network}-{s.left}-{i}" for i, s in enumerate(SLIDES)]
)
def test_the_line_of_the_slide_stands_in_the_printout(slide: Slide) -> None:
    document = printout(slide.network)
    vectors = {"vector_regression", "positive_example"}
    values = Drawn("x", "w1") if slide.network in vectors else Drawn()
    about = [line for line in lines(document, slide.section) if slide.left in ("", told(line.left))]
    assert about
    assert any(
        (slide.latex is None or spelled(document, line.right) == slide.latex)
        and (slide.formula is None or is_worth(line.right, slide.formula, values))
        for line in about
    ), [spelled(document, line.right) for line in about]
