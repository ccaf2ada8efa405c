"""The examples: derived as the lectures print it, emitted, checked, quick; their traced numbers."""

from __future__ import annotations

import ast
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from example_networks import (
    CONTENTS,
    EMITTED,
    FILES,
    NETWORKS,
    UNSPECIFIED,
    derivation_of,
    draw,
    lines_of,
    module_of,
)
from sympy import Matrix, Rational, exp, expand, simplify, symbols

from symprop.checking import check_gradients
from symprop.derivation import derive
from symprop.emission import emit
from symprop.errors import UnspecifiedError
from symprop.network import Network

x, y, z, w, b = symbols("x y z w b", real=True)

# -- what every example keeps to ------------------------------------------------------------------


def test_no_two_networks_have_one_name() -> None:
    """Each has a line in the tables by its name; none may hide behind another."""
    found = {
        (stem, value.name)
        for stem, names in CONTENTS.items()
        for value in names.values()
        if isinstance(value, Network)
    }
    assert {stem for stem, _ in found} == {file.stem for file in FILES}
    assert sorted(name for _, name in found) == sorted(NETWORKS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_says_what_it_is(file: Any) -> None:
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    assert docstring is not None and docstring.splitlines()[0].endswith((".", ":")), docstring


@pytest.mark.parametrize("name", NETWORKS)
def test_the_derivation_has_a_line_for_every_weight(name: str) -> None:
    assert {weight.name for weight in NETWORKS[name].weights} <= set(lines_of(name))


@pytest.mark.parametrize("name", EMITTED)
def test_the_emitted_gradients_agree_with_differences(name: str) -> None:
    report = check_gradients(derivation_of(name))
    assert report.ok, str(report)
    assert all(check.checked for check in report.weights), str(report)


@pytest.mark.parametrize("name", [name for name in EMITTED if NETWORKS[name].is_scalar])
def test_plain_python_agrees_with_differences(name: str) -> None:
    report = check_gradients(derivation_of(name), target="python")
    assert report.ok, str(report)


@pytest.mark.parametrize("name", sorted(UNSPECIFIED))
def test_nothing_is_emitted_where_a_function_has_no_formula(name: str) -> None:
    with pytest.raises(UnspecifiedError, match="is unspecified"):
        emit(derivation_of(name))


@pytest.mark.parametrize("name", NETWORKS)
def test_deriving_and_emitting_take_less_than_half_a_second(name: str) -> None:
    def seconds() -> float:
        begin = time.process_time()
        derivation = derive(NETWORKS[name])
        if name not in UNSPECIFIED:
            emit(derivation)
        return time.process_time() - begin

    assert min(seconds() for _ in range(2)) < 0.5


@pytest.mark.parametrize("scale", [800.0, -800.0])
@pytest.mark.parametrize("name", EMITTED)
def test_loss_and_gradients_are_finite_at_large_inputs(name: str, scale: float) -> None:
    weights, data = draw(NETWORKS[name], 7, scale=scale)
    loss, gradients = module_of(name).loss_and_gradients(weights, *data.values())
    assert np.isfinite(loss)
    assert all(np.isfinite(gradient).all() for gradient in gradients.values())


# -- what the lectures print ----------------------------------------------------------------------

SIGMOIDS = "-(y - f3)*f3*(1 - f3)*w3*f2*(1 - f2)*w2*f1*(1 - f1)"
ANY = "-(y - f3)*f_3'(a3)*w3*f_2'(a2)*w2*f_1'(a1)"
K3 = {
    "delta_a3": "-(y - f3)*f3*(1 - f3)",
    "delta_a2": "delta_a3*w3*f2*(1 - f2)",
    "delta_a1": "delta_a2*w2*f1*(1 - f1)",
    "w3": "-(y - f3)*f3*(1 - f3)*f2",
    "w2": "-(y - f3)*f3*(1 - f3)*w3*f2*(1 - f2)*f1",
    "w1": f"{SIGMOIDS}*x",
    "b1": SIGMOIDS,
}
WIDER = {
    "delta_o1": "p1 - y",
    "delta_h1": "(delta_o2*v21 + delta_o1*v11)*q1*(1 - q1)",
    "delta_h2": "(delta_o2*v22 + delta_o1*v12)*q2*(1 - q2)",
    "v11": "(p1 - y)*q1",
    "v12": "(p1 - y)*q2",
}

PRINTED: dict[str, Mapping[str, str]] = {
    "smallest_perceptron": {"w": "-(y - y_hat)*x"},
    "second_smallest_perceptron": {"w1": "-(y - y_hat)*x1", "w2": "-(y - y_hat)*x2"},
    "multilayer_perceptron": K3,
    "one_long_equation": K3,
    "unspecified_activations": {
        "delta_a3": "-(y - f3)*f_3'(a3)",
        "delta_a2": "delta_a3*w3*f_2'(a2)",
        "delta_a1": "delta_a2*w2*f_1'(a1)",
        "w3": "-(y - f3)*f_3'(a3)*f2",
        "w2": "-(y - f3)*f_3'(a3)*w3*f_2'(a2)*f1",
        "w1": f"{ANY}*x",
        "b1": ANY,
    },
    "learned_slope": {
        "delta_f3": "-(y - f3)",
        "w3": "-(y - f3)*leaky_step(a3, alpha)*f2",
    },
    "sum_times_z": {"x": "z", "y": "z", "z": "q"},
    "add_gate": {"x": "1", "y": "1"},
    "mul_gate": {"x": "y", "y": "x"},
    "vector_network_any_g": {
        "delta_a": "(W2.T*delta_f).*g'(a)",
        "W1": "-((W2.T*(y - f)).*g'(a))*x.T",
        "b1": "-(W2.T*(y - f)).*g'(a)",
        "W2": "-(y - f)*h.T",
        "b2": "-(y - f)",
    },
    "vector_network_sigmoid": {
        "delta_a": "(W2.T*delta_f).*h.*(1 - h)",
        "W2": "-(y - f)*h.T",
        "b2": "-(y - f)",
    },
    "vector_regression": {"w1": "-2*(y - h1)*x"},
    "positive_example": {"w1": "-(1 - h2)*x"},
    "deep_chain_1": {"w1": "(dl/dh1)(h1, y)*(df_1/dw1)(x, w1)"},
    "deep_chain_2": {
        "w2": "(dl/dh2)(h2, y)*(df_2/dw2)(h1, w2)",
        "w1": "(dl/dh2)(h2, y)*(df_2/dh1)(h1, w2)*(df_1/dw1)(x, w1)",
    },
    "deep_chain_3": {
        "delta_h2": "delta_h3*(df_3/dh2)(h2, w3)",
        "w1": "(dl/dh3)(h3, y)*(df_3/dh2)(h2, w3)*(df_2/dh1)(h1, w2)*(df_1/dw1)(x, w1)",
    },
    "linear_regression": {"w": "-(y - h)*x", "b": "-(y - h)"},
    "two_outputs": {
        "delta_o1": "p1 - y",
        "delta_h": "(delta_o2*v2 + delta_o1*v1)*q*(1 - q)",
        "v1": "(p1 - y)*q",
    },
    "wider_network_by_elements": WIDER,
    "deep_network_3": {
        "delta_beta3": "y_hat - y",
        "delta_beta2": "(W3.T*delta_beta3).*h2.*(1 - h2)",
        "delta_beta1": "(W2.T*delta_beta2).*h1.*(1 - h1)",
        "W3": "(y_hat - y)*h2.T",
        "b3": "y_hat - y",
    },
    "sentiment": {
        "delta_beta2": "-sigmoid(-y*beta2)*y",
        "delta_beta1": "delta_beta2*W2.T.*(1 - h.**2)",
    },
    "sentiment_by_margin": {
        "delta_beta2": "-unit_step(1 - y*beta2)*y",
        "delta_beta1": "delta_beta2*W2.T.*unit_step(beta1)",
    },
    "animal": {"delta_beta2": "y_hat - y", "W2": "(y_hat - y)*h.T"},
    "chess_position": {"delta_beta2": "-2*(y - beta2)"},
    "image_class": {
        "delta_beta2": "y_hat - y",
        "delta_beta1": "(W2.T*delta_beta2).*unit_step(beta1)",
    },
    "class_probabilities": {
        "delta_beta2": "y_hat - y",
        "delta_beta1": "(W2.T*delta_beta2).*(1 - h.**2)",
    },
    "clean_image": {
        "delta_beta2": "-2*(y - beta2)",
        "delta_beta1": "(W2.T*delta_beta2).*h.*(1 - h)",
    },
    "digits": {"delta_a2": "p - y", "delta_a1": "(W2.T*delta_a2).*unit_step(a1)"},
}


@pytest.mark.parametrize("name", PRINTED)
def test_the_derivation_is_printed_as_the_lecture_has_it(name: str) -> None:
    found = lines_of(name)
    assert {left: found.get(left) for left in PRINTED[name]} == PRINTED[name]


@pytest.mark.parametrize(
    ("name", "weight", "data", "penalty"),
    [
        ("any_penalty", "W", "(dL_i/df)(f, y)*x.T", "lambda*(dR/dW)(W)"),
        ("l2_penalty", "W", "(softmax(f) - y)*x.T", "2*lambda*W"),
        ("l1_penalty", "W", "(softmax(f) - y)*x.T", "lambda*sign(W)"),
        ("two_layer_network", "W2", "-(y - f)*h.T", "2*lambda*W2"),
        ("ridge_regression", "w", "-2*X.T*(y - y_hat)", "2*lambda*w"),
    ],
)
def test_the_gradient_of_a_penalty_is_added_to_that_of_the_data_loss(
    name: str, weight: str, data: str, penalty: str
) -> None:
    """In either order."""
    sums = {f"{data} + {penalty}", f"{penalty} + {data}".replace("+ -", "- ")}
    assert lines_of(name)[weight] in sums


def test_one_long_equation_is_derived_as_its_steps_are() -> None:
    assert lines_of("one_long_equation") == lines_of("multilayer_perceptron")


def test_the_chain_has_as_many_links_as_the_slides_count() -> None:
    for name in ("multilayer_perceptron", "unspecified_activations"):
        d = derivation_of(name)
        counts = {w: [len(path.factors) for path in d.paths(w)] for w in ("w3", "w2", "w1", "b1")}
        assert counts == {"w3": [3], "w2": [5], "w1": [7], "b1": [7]}


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_the_upstream_gradient_of_a_deep_chain_has_a_factor_for_each_step(depth: int) -> None:
    d = derive(CONTENTS["deep_chain"]["deep_chain"](depth))
    for k in range(1, depth + 1):
        (path,) = d.paths(f"w{k}")
        assert path.steps == ("e", *(f"h{i}" for i in range(depth, k - 1, -1)))
        assert len(path.factors) == depth - k + 2


def test_the_second_class_has_the_other_probability_as_its_target() -> None:
    p2 = symbols("p2", real=True)
    for name in ("two_outputs", "wider_network_by_elements"):
        assert expand(derivation_of(name).upstream("o2") - (p2 - (1 - y))) == 0


def test_matrices_of_symbols_give_what_their_elements_give() -> None:
    weights, data = draw(NETWORKS["wider_network"], 7)
    loss, gradients = module_of("wider_network").loss_and_gradients(weights, *data.values())
    by_elements = module_of("wider_network_by_elements")
    other, others = by_elements.loss_and_gradients(weights, *data.values())
    assert loss == pytest.approx(other, rel=1e-12)
    assert gradients == {name: pytest.approx(value, rel=1e-9) for name, value in others.items()}


def test_the_jacobians_of_the_affine_layer_are_those_of_the_primer() -> None:
    d = derivation_of("affine_layer")
    column, weight = (d.network.symbols[name] for name in ("x", "W"))
    x1, x2 = column[0, 0], column[1, 0]
    assert d.jacobian("h", "x") == weight
    assert d.jacobian("h", "W") == Matrix([[x1, x2], [0, 0], [0, 0], [x1, x2]])


# -- numbers --------------------------------------------------------------------------------------


def test_the_trace_of_sum_times_z_is_that_of_the_slides() -> None:
    trace = derivation_of("sum_times_z").trace({x: -2, y: 5, z: -4}, exact=True)
    assert (trace.value("q"), trace.value("f")) == (3, -12)
    assert [trace.gradient(name) for name in ("f", "q", "x", "y", "z")] == [1, -4, -4, -4, 3]
    for edge in trace.edges:
        assert edge.downstream == edge.local * edge.upstream
    (edge,) = (edge for edge in trace.edges if (edge.step, edge.argument) == ("q", "y"))
    assert (edge.local, edge.upstream, edge.downstream) == (1, -4, -4)


def test_the_trace_of_the_sigmoid_circuit_is_that_of_the_slides_unrounded() -> None:
    point = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
    trace = derivation_of("sigmoid_circuit").trace(point)
    values = {"m0": -2.0, "m1": 6.0, "s1": 4.0, "s2": 1.0, "n": -1.0}
    values |= {"E": 0.36787944117144233, "D": 1.3678794411714423, "f": 0.7310585786300049}
    gradients = {"f": 1.0, "D": -0.5344466453885238, "E": -0.5344466453885238}
    gradients |= {"n": -0.19661193324148185} | dict.fromkeys(
        ["s2", "s1", "w2", "m0", "m1"], 0.19661193324148185
    )
    for name, factor in (("w0", -1), ("x0", 2), ("w1", -2), ("x1", -3)):
        gradients[name] = 0.19661193324148185 * factor
    assert {name: trace.value(name) for name in values} == pytest.approx(values, rel=1e-14)
    assert {name: trace.gradient(name) for name in gradients} == pytest.approx(gradients, rel=1e-14)
    rounded = [f"{trace.gradient(name):.2f}" for name in ("D", "E", "n", "s2")]
    assert rounded == ["-0.53", "-0.53", "-0.20", "0.20"]
    assert [f"{trace.gradient(name):.2f}" for name in ("w0", "x0", "w1", "x1", "w2")] == [
        "-0.20", "0.39", "-0.39", "-0.59", "0.20",
    ]  # fmt: skip
    exact = derivation_of("sigmoid_circuit").trace(point, exact=True)
    assert simplify(exact.gradient("D") + 1 / (1 + exp(-1)) ** 2) == 0


def test_the_gates_distribute_swap_route_and_add_up() -> None:
    def gradients(name: str, **point: int) -> dict[str, Any]:
        trace = derivation_of(name).trace(point, exact=True)
        return {key: trace.gradient(key) for key in point}

    assert gradients("add_gate", x=3, y=-4) == {"x": 1, "y": 1}
    assert gradients("mul_gate", x=3, y=-4) == {"x": -4, "y": 3}
    assert gradients("max_gate", x=3, y=-4) == {"x": 1, "y": 0}
    assert gradients("max_gate", x=-4, y=3) == {"x": 0, "y": 1}
    assert gradients("max_gate", x=3, y=3) == {"x": 1, "y": 0}
    assert gradients("all_gates", x=1, y=2, z=-1) == {"x": 2, "y": 5, "z": 0}
    assert gradients("all_gates", x=1, y=2, z=4) == {"x": 4, "y": 4, "z": 3}


TABLE = """
    1.1     1.805       -1.9     0.48     1.38
    1.86    0.6498      -1.14    0.708    1.608
    2.316   0.233928    -0.684   0.8448   1.7448
    2.5896  0.08421408  -0.4104  0.92688  1.82688
"""
"""h, L, dL/dh = dL/dw = dL/db, then w and b after the update."""


def test_the_table_of_the_primer_comes_out_to_the_last_digit() -> None:
    d, rate = derivation_of("linear_regression"), Rational(1, 5)
    weights = {w: Rational(1, 10), b: Rational(1)}
    for line in TABLE.split("\n")[1:-1]:
        trace = d.trace({x: 1, y: 3, **weights}, exact=True)
        weights = {name: value - rate * trace.gradient(name) for name, value in weights.items()}
        slopes = {trace.gradient(name) for name in ("h", "w", "b")}
        row = [trace.value("h"), trace.value("L"), *slopes, weights[w], weights[b]]
        assert row == [Rational(number) for number in line.split()]


def test_the_emitted_trainer_takes_the_steps_of_the_table() -> None:
    module, params = module_of("linear_regression"), {"w": 0.1, "b": 1.0}
    for line in TABLE.split("\n")[1:-1]:
        params, losses = module.train(params, [1.0], [3.0], epochs=1, learning_rate=0.2)
        _, loss, _, new_w, new_b = map(float, line.split())
        assert losses == pytest.approx([loss], rel=1e-12)
        assert (params["w"], params["b"]) == pytest.approx((new_w, new_b), rel=1e-12)
