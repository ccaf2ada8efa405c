"""The numbers at one point: the printed ones of the lectures, and differences of any network."""

from __future__ import annotations

import random
import warnings
from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction
from math import e, exp, log, sqrt
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_networks import Maker, differences, loss_at, make
from sympy import Matrix, MatrixSymbol, Rational, Symbol, symbols

import symprop
from symprop import Network, cross_entropy, derive, half_squared_error, l2, sigmoid, softmax, tanh
from symprop.derivation.trace import Trace
from symprop.errors import DeclarationError, PointError, SympropError, UnsupportedError
from symprop.functions.unspecified import activation
from symprop.network import UnusedStepWarning

x, y, z, w, b = symbols("x y z w b", real=True)
w0, w1, w2, x0, x1 = symbols("w0 w1 w2 x0 x1", real=True)
D, N, V, n = symbols("D N V n", integer=True, positive=True)


def at(network: Network, values: Any, *, exact: bool = False) -> Trace:
    return derive(network).trace(values, exact=exact)


# -- the circuits of the lectures -----------------------------------------------------------------


def circuit() -> Network:
    """ECE 884, lecture 11: f = (x + y)*z."""
    net = Network("circuit", weights=[x, y, z])
    q = net.step("q", x + y)
    net.loss(q * z, name="f")
    return net


CIRCUIT = """\
circuit
    name          formula  value  df/d(name)
    x     weight              -2          -4
    y     weight               5          -4
    z     weight              -4           3
    q     step    x + y        3          -4
    f     loss    z*q        -12           1

Edges, from the loss backwards: downstream = local * upstream
    local derivative       local  upstream  downstream
    df/dz             = q      3         1           3
    df/dq             = z     -4         1          -4
    dq/dx             = 1      1        -4          -4
    dq/dy             = 1      1        -4          -4"""


@pytest.mark.parametrize("exact", [False, True])
def test_the_circuit_of_the_lecture_has_its_printed_numbers(exact: bool) -> None:
    trace = at(circuit(), {x: -2, y: 5, z: -4}, exact=exact)
    assert str(trace) == CIRCUIT
    assert (trace.value("q"), trace.value("f")) == (3, -12)
    assert [trace.gradient(name) for name in "fzqyx"] == [1, 3, -4, -4, -4]


def gates() -> Network:
    """The same lecture: a sigmoid of w0*x0 + w1*x1 + w2, gate by gate."""
    net = Network("gates", inputs=[x0, x1], weights=[w0, w1, w2])
    first, second = net.step("p0", w0 * x0), net.step("p1", w1 * x1)
    s = net.step("s", net.step("t", first + second) + w2)
    k = net.step("k", 1 + net.step("e", symprop.exp(net.step("m", -s))))
    net.loss(1 / k, name="f")
    return net


GATES = {w0: 2, x0: -1, w1: -3, x1: -2, w2: -3}


def test_the_sigmoid_circuit_has_its_printed_numbers() -> None:
    trace = at(gates(), GATES)
    values = {"p0": -2, "p1": 6, "t": 4, "s": 1, "m": -1}
    assert {name: trace.value(name) for name in values} == values
    assert [f"{trace.value(name):.6f}" for name in "ekf"] == ["0.367879", "1.367879", "0.731059"]
    backward = [f"{trace.gradient(name):.6f}" for name in ("k", "e", "m", "s", "w0", "x0")]
    assert backward == ["-0.534447", "-0.534447", "-0.196612", "0.196612", "-0.196612", "0.393224"]
    assert [f"{trace.gradient(name):.2f}" for name in ("w1", "x1", "w2")] == [
        "-0.39",
        "-0.59",
        "0.20",
    ]
    exponential = next(edge for edge in trace.edges if edge.step == "e")
    assert f"{exponential.downstream:.2f}" == "-0.20"  # of printed digits -0.19
    assert exponential.downstream == -e / (1 + e) ** 2


def test_exact_numbers_keep_exponentials() -> None:
    trace = at(gates(), GATES, exact=True)
    assert sympy.simplify(trace.value("f") - 1 / (1 + sympy.exp(-1))) == 0
    assert sympy.simplify(trace.gradient(x0) - 2 * sympy.E / (1 + sympy.E) ** 2) == 0


STEPS = [  # h, L, dL/dh = dL/dw = dL/db, and w and b after the update
    ("1.1", "1.805", "-1.9", "0.48", "1.38"),
    ("1.86", "0.6498", "-1.14", "0.708", "1.608"),
    ("2.316", "0.233928", "-0.684", "0.8448", "1.7448"),
    ("2.5896", "0.08421408", "-0.4104", "0.92688", "1.82688"),
]


def line() -> Network:
    net = Network("line", inputs=[x], targets=[y], weights=[w, b])
    net.loss((y - net.step("h", w * x + b)) ** 2 / 2)
    return net


def test_the_table_of_the_primer_comes_out_to_the_last_digit() -> None:
    derivation, weights = derive(line()), {w: Fraction(1, 10), b: Fraction(1)}
    for h, loss, slope, *updated in STEPS:
        rounded = derivation.trace({x: 1, y: 3, **weights})
        assert (rounded.value("h"), rounded.value("L")) == (float(h), float(loss))
        exact = derivation.trace({x: 1, y: 3, **weights}, exact=True)
        assert (exact.value("h"), exact.value("L")) == (Rational(h), Rational(loss))
        for symbol in ("h", w, b):
            assert rounded.gradient(symbol) == float(slope)
            assert exact.gradient(symbol) == Rational(slope)
        for symbol in weights:
            gradient = exact.gradient(symbol)
            weights[symbol] -= Fraction(int(gradient.p), int(gradient.q)) / 5
        assert [weights[w], weights[b]] == [Fraction(number) for number in updated]


def test_a_value_used_several_times_gathers_what_comes_down_its_edges() -> None:
    net = Network("fan", inputs=[x], targets=[y], weights=[w])
    q = net.step("q", sigmoid(w * x))
    first, second = net.step("a", q**2 + q), net.step("c", q * x)
    net.loss((y - first * second) ** 2 + q)
    for exact in (False, True):
        trace = at(net, {x: 2, y: 1, w: Rational(1, 3)}, exact=exact)
        for name in ("q", "x", "w", "a"):
            down = sum(edge.downstream for edge in trace.edges if edge.argument == name)
            assert float(down) == pytest.approx(float(trace.gradient(name)), rel=1e-14)
        for edge in trace.edges:
            product = float(edge.local) * float(edge.upstream)
            assert float(edge.downstream) == pytest.approx(product, rel=1e-14)


# -- numbers are not rounded on the way -----------------------------------------------------------


def test_a_float_is_the_decimal_that_it_is_written_as() -> None:
    for tenth in (0.1, np.float64(0.1), Decimal("0.1"), Fraction(1, 10), Rational(1, 10)):
        trace = at(line(), {x: 3, y: 0, w: tenth, b: -0.3})
        assert trace.value("h") == 0
    assert at(line(), {x: 3, y: 0, w: 0.1, b: -0.3}, exact=True).value("w") == Rational(1, 10)


def test_nothing_is_lost_where_numbers_cancel() -> None:
    net = Network("cancel", inputs=[x], weights=[w])
    s = net.step("s", w + x)
    net.loss((net.step("d", s - w)) * symprop.exp(w))
    assert at(net, {x: 1e-40, w: 1}).value("d") == 1e-40


@pytest.mark.parametrize("excitation", [-800, -90, 90, 800])
def test_a_saturated_sigmoid_has_its_loss_and_gradient(excitation: int) -> None:
    net = Network("bce", inputs=[x], targets=[y], weights=[w])
    p = net.step("p", sigmoid(net.step("a", w * x)))
    net.loss(-y * symprop.log(p) - (1 - y) * symprop.log(1 - p))
    trace = at(net, {x: 1, w: excitation, y: 0})
    loss = float(excitation) if excitation > 0 else exp(excitation)
    assert trace.value("L") == pytest.approx(loss, rel=1e-15)
    assert trace.gradient(w) == pytest.approx(1 / (1 + exp(-min(excitation, 700))) if excitation > 0
                                              else exp(excitation), rel=1e-14)  # fmt: skip


# -- any network ----------------------------------------------------------------------------------


def drawn(seed: int, *, matrices: bool) -> Maker:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusedStepWarning)
        try:
            maker = make(random.Random(seed), matrices=matrices)
        except DeclarationError:
            assume(False)
    assume(np.isfinite(loss_at(maker, maker.values)))
    return maker


def sized(maker: Maker) -> dict[str, Any]:
    return {name: maker.values[name] for name in maker.network.declared}


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_values_and_gradients_are_those_of_differences(seed: int) -> None:
    maker = drawn(seed, matrices=seed % 3 > 0)
    trace = at(maker.network, sized(maker))
    for name in maker.network.steps:
        found, expected = np.asarray(trace.value(name)), np.asarray(maker.values[name])
        assert np.allclose(found, expected.reshape(found.shape), rtol=1e-10, atol=1e-10)
    for name, expected in differences(maker).items():
        if name in maker.network.labels:
            assert trace.gradient(name) is None
            continue
        found, scale = np.asarray(trace.gradient(name)), max(1.0, np.abs(expected).max())
        assert np.allclose(found, expected.reshape(found.shape), rtol=0, atol=1e-8 * scale)


def test_exact_numbers_are_the_unrounded_ones() -> None:
    net = Network("net", inputs=[x], targets=[y], weights=[w, b])
    a = net.step("a", w * x + b)
    p = net.step("p", sigmoid(a) * tanh(a))
    r = net.step("r", symprop.softplus(p) + symprop.sqrt(p**2 + 1))
    net.loss((y - net.step("t", symprop.exp(-r) / (1 + r))) ** 2 + symprop.log(1 + a**2))
    point = {x: 1.5, y: -0.25, w: 0.7, b: Rational(1, 3)}
    exact, rounded = at(net, point, exact=True), at(net, point)
    for row, other in zip(exact.rows, rounded.rows, strict=True):
        assert float(row.value.evalf(30)) == pytest.approx(other.value, rel=1e-15)
        assert float(row.gradient.evalf(30)) == pytest.approx(other.gradient, rel=1e-15)


def test_a_constant_step_has_a_gradient_too() -> None:
    net = Network("net", weights=[w])
    c = net.step("c", sympy.Integer(3))
    net.loss(w * c**2)
    assert at(net, {w: 2}).gradient(c) == 12
    assert derive(net).upstream(c) == 2 * c * w


# -- what may be given ----------------------------------------------------------------------------


def classifier() -> Network:
    X, Y = MatrixSymbol("X", D, 1), MatrixSymbol("Y", V, 1)
    W, c = MatrixSymbol("W", V, D), MatrixSymbol("c", V, 1)
    net = Network("net", inputs=[X], targets=[Y], weights=[W, c], labels={Y: "one-hot"})
    net.loss(cross_entropy(Y, net.step("p", softmax(net.step("a", W * X + c)))))
    return net


POINT: dict[str, Any] = {
    "X": [1, 2],
    "Y": [0, 1, 0],
    "W": [[1, 0], [0, 1], [1, 1]],
    "c": [0, 0, -1],
}


def test_a_column_is_a_flat_array_and_a_matrix_has_two_axes() -> None:
    trace = at(classifier(), POINT)
    powers = np.exp([1.0, 2.0, 2.0])
    p = powers / powers.sum()
    assert np.allclose(trace.value("p"), p, rtol=1e-15)
    assert np.allclose(trace.gradient("a"), p - [0, 1, 0], rtol=1e-15)
    assert np.allclose(trace.gradient("W"), np.outer(p - [0, 1, 0], [1, 2]), rtol=1e-15)
    assert np.allclose(trace.gradient("X"), np.array(POINT["W"]).T @ (p - [0, 1, 0]), rtol=1e-15)
    assert trace.gradient("Y") is None
    assert [trace.value(name).shape for name in ("X", "W", "p")] == [(2,), (3, 2), (3,)]


def test_exact_matrices_are_those_of_sympy() -> None:
    trace = at(classifier(), POINT, exact=True)
    assert trace.value("a") == sympy.ImmutableMatrix([1, 2, 2])
    assert sympy.simplify(trace.gradient("a")[0] - 1 / (1 + 2 * sympy.E)) == 0


@pytest.mark.parametrize(
    "given",
    [
        {"X": np.array([1.0, 2.0]), "Y": np.array([0, 1, 0])},
        {"X": [[1], [2]], "Y": ((0,), (1,), (0,))},
        {"X": Matrix([1, 2]), "W": Matrix([[1, 0], [0, 1], [1, 1]])},
        {
            "W": np.array([[1, 0], [0, 1], [1, 1]], dtype=np.float32),
            "c": np.array([[0], [0], [-1]]),
        },
        {"X": (1, Fraction(2)), "c": [False, 0, -1.0]},
    ],
)
def test_lists_arrays_and_matrices_mean_the_same(given: dict[str, Any]) -> None:
    assert str(at(classifier(), POINT | given)) == str(at(classifier(), POINT))


def test_a_network_for_the_whole_batch_takes_a_sample_a_row() -> None:
    X, u, t = MatrixSymbol("X", n, D), MatrixSymbol("u", D, 1), MatrixSymbol("t", n, 1)
    lam = Symbol("lam", real=True)
    net = Network(
        "ridge", inputs=[X], targets=[t], weights=[u], samples=n, hyperparameters={lam: 0.5}
    )
    net.loss(half_squared_error(t, net.step("r", X * u)) + lam * l2(u))
    point = {X: [[1, 2], [3, 4], [5, 6]], t: [1, 0, 1], u: [1, -1]}
    data, residual = np.array(point[X]), np.array([-2, -1, -2])
    assert np.allclose(at(net, point).gradient(u), data.T @ residual + [1, -1], rtol=1e-15)
    assert np.allclose(
        at(net, point | {lam: 2}).gradient(u), data.T @ residual + [4, -4], rtol=1e-15
    )
    assert at(net, point).gradient(lam) == 2


def test_a_row_and_a_1_x_1_may_be_plain_too() -> None:
    r, m = MatrixSymbol("r", 1, D), MatrixSymbol("m", 1, 1)
    net = Network("net", weights=[r, m])
    net.loss(symprop.scalar(r * r.T * m))
    for row, one in (([1, 2], 3), ([[1, 2]], [3]), (np.array([[1, 2]]), [[3]])):
        trace = at(net, {r: row, m: one})
        assert np.array_equal(trace.gradient(r), [[6, 12]]) and trace.gradient(m) == 5
        assert trace.value(m) == 3


def test_sizes_in_sums_are_found() -> None:
    X, W = MatrixSymbol("X", D + 1, 1), MatrixSymbol("W", N, D + 1)
    net = Network("net", inputs=[X], weights=[W])
    net.loss(symprop.squared_norm(W * X) / D)
    assert at(net, {X: [1, 1, 1], W: [[1, 2, 3]]}).value("L") == 18


def test_a_size_that_nothing_shows_may_be_given() -> None:
    W = MatrixSymbol("W", N + D, 1)
    net = Network("net", weights=[W])
    net.loss(symprop.squared_norm(W) * N)
    assert at(net, {W: [1, 2, 3], N: 2}).value("L") == 28
    with pytest.raises(PointError, match="do not show the size"):
        at(net, {W: [1, 2, 3]})


# -- where there is no derivative -----------------------------------------------------------------


@pytest.mark.parametrize("exact", [False, True])
def test_a_kink_is_noted(exact: bool) -> None:
    net = Network("net", inputs=[x], weights=[w, b])
    h = net.step("h", w * x + b)
    net.loss(net.step("r", symprop.relu(h)) + symprop.absolute(h - 1))
    trace = at(net, {x: 3, w: 0.1, b: -0.3}, exact=exact)
    assert trace.notes == ("r is at a kink. relu has no derivative at 0; 0 is taken there.",)
    assert (trace.value(h), trace.gradient(h)) == (0, -1)
    assert "Notes\n    r is at a kink." in str(trace)
    assert at(net, {x: 3, w: 0.1, b: -0.2}, exact=exact).notes == ()


@pytest.mark.parametrize("exact", [False, True])
def test_a_number_that_nearly_vanishes_is_on_its_side_of_a_kink(exact: bool) -> None:
    net = Network("net", inputs=[x], weights=[w, b])
    net.loss(symprop.relu(w * x + b))
    above = at(net, {x: 3, w: 0.1, b: Fraction(-3, 10) + Fraction(1, 10**60)}, exact=exact)
    assert above.gradient(b) == 1 and above.notes == ()
    below = at(net, {x: 3, w: 0.1, b: Fraction(-3, 10) - Fraction(1, 10**60)}, exact=exact)
    assert below.gradient(b) == 0 and below.notes == ()


@pytest.mark.parametrize("exact", [False, True])
def test_ties_are_noted_and_the_first_is_taken(exact: bool) -> None:
    X = MatrixSymbol("X", 3, 1)
    net = Network("net", weights=[X, w])
    net.loss(symprop.amax(X) + net.step("m", symprop.maximum(w, 2 * w)))
    trace = at(net, {X: [1, 2, 2], w: 0}, exact=exact)
    assert list(trace.gradient(X)) == [0, 1, 0] and trace.gradient(w) == 1
    assert [note.split()[0] for note in trace.notes] == ["m", "L"]
    assert at(net, {X: [1, 2, 3], w: 1}, exact=exact).notes == ()


@pytest.mark.parametrize("exact", [False, True])
def test_an_infinite_derivative_is_undefined_and_the_others_are_not(exact: bool) -> None:
    X = MatrixSymbol("X", 2, 1)
    net = Network("net", weights=[X, w])
    net.loss(symprop.total(symprop.sqrt(X)) + w**2)
    trace = at(net, {X: [0, 4], w: 3}, exact=exact)
    assert (trace.value("L"), trace.gradient(w)) == (11, 6)
    assert str(trace.gradient(X)[0]) == "nan"
    assert float(trace.gradient(X)[1]) == 0.25
    assert "[undefined, " in str(trace)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("value", [0, -1])
def test_a_value_that_is_not_real_and_finite_is_refused_by_its_step(
    value: int, exact: bool
) -> None:
    net = Network("net", weights=[w])
    net.loss(net.step("logarithm", symprop.log(w)) ** 2 + w)
    with pytest.raises(PointError, match=r"step 'logarithm' has no finite real value.*log\(w\)"):
        at(net, {w: value}, exact=exact)


@pytest.mark.parametrize("exact", [False, True])
def test_functions_of_matrices_are_worked_out(exact: bool) -> None:
    A = MatrixSymbol("A", N, N)
    net = Network("net", weights=[A])
    net.loss(symprop.logdet(A) + symprop.trace(net.step("B", A.I)))
    trace = at(net, {A: [[2, 1], [0, 4]]}, exact=exact)
    inverse = np.array([[0.5, -0.125], [0, 0.25]])
    assert float(trace.value("L")) == pytest.approx(log(8) + 0.75, rel=1e-15)
    assert np.allclose(np.array(trace.value("B"), float), inverse, rtol=1e-15)
    expected = inverse.T - inverse.T @ inverse.T
    assert np.allclose(np.array(trace.gradient(A), float), expected, rtol=1e-14)
    with pytest.raises(PointError, match="step 'B'"):
        at(net, {A: [[1, 1], [1, 1]]}, exact=exact)


def test_what_is_not_specified_has_no_numbers() -> None:
    net = Network("net", inputs=[x], weights=[w])
    net.loss(activation("f_1")(w * x))
    with pytest.raises(UnsupportedError, match="f_1 is unspecified"):
        at(net, {x: 1, w: 1})


# -- what is refused ------------------------------------------------------------------------------

BAD: dict[str, tuple[dict[Any, Any], tuple[str, ...]]] = {
    "an unknown name": ({"Z": 1}, ("'Z' is not a declared symbol", "X, Y, W, c")),
    "a step": ({"a": [1, 2, 3]}, ("'a' is a step",)),
    "a number for a column": ({"X": 1}, ("X is declared D x 1", "a number")),
    "a list for a matrix": ({"W": [1, 2]}, ("W is declared V x D", "a list of 2", "list of rows")),
    "sizes that differ": ({"X": [1, 2, 3]}, ("W is declared V x D", "D = 3", "3 x 2")),
    "rows that differ": ({"W": [[1, 2], [1], [2, 3]]}, ("W", "different lengths")),
    "an empty list": ({"X": []}, ("X is empty",)),
    "text": ({"X": ["1", 2]}, ("X", "'1'", "no finite real number")),
    "not a number": ({"X": [float("nan"), 2]}, ("X", "'nan'")),
    "an infinity": ({"X": [np.inf, 2]}, ("X", "'inf'")),
    "a complex number": ({"c": [1j, 0, 0]}, ("c", "1j")),
    "a symbol": ({"c": [x, 0, 0]}, ("c", "'x'")),
    "none": ({"c": None}, ("c", "'None'")),
    "two classes": ({"Y": [1, 1, 0]}, ("Y is declared one-hot",)),
    "no class": ({"Y": [0.5, 0.5, 0]}, ("Y is declared one-hot",)),
    "a symbol and its name": ({MatrixSymbol("X", D, 1): [1, 2]}, ("a symbol and its name",)),
}


@pytest.mark.parametrize("which", BAD)
def test_values_that_do_not_fit_are_refused_with_their_name(which: str) -> None:
    given, parts = BAD[which]
    with pytest.raises(PointError) as caught:
        at(classifier(), POINT | given)
    for part in parts:
        assert part in str(caught.value)
    assert caught.value.hint


def test_all_that_is_missing_is_named() -> None:
    with pytest.raises(PointError, match="no value is given for target Y, weight W") as caught:
        at(classifier(), {"X": [1, 2], "c": [0, 0, 1]})
    assert "every input, target and weight" in caught.value.hint


def test_a_point_is_a_dictionary() -> None:
    with pytest.raises(SympropError, match="not a dictionary"):
        at(line(), [1, 2])


@pytest.mark.parametrize(
    ("kind", "value"), [("binary", 2), ("binary", 0.5), ("signed", 0), ("signed", 2)]
)
def test_labels_are_what_they_are_declared_to_be(kind: str, value: float) -> None:
    net = Network("net", inputs=[x], targets=[y], weights=[w], labels={y: kind})
    net.loss((y - w * x) ** 2)
    with pytest.raises(PointError, match=f"y is declared {kind}"):
        at(net, {x: 1, y: value, w: 1})
    assert at(net, {x: 1, y: 1, w: 1}).value("L") == 0


# -- the record -----------------------------------------------------------------------------------


def test_a_trace_cannot_be_changed() -> None:
    trace = at(classifier(), POINT)
    with pytest.raises(ValueError, match="read-only"):
        trace.value("W")[0, 0] = 1
    with pytest.raises(FrozenInstanceError):
        trace.rows[0].value = 1  # type: ignore[misc]


def test_an_unknown_name_is_not_in_a_trace() -> None:
    trace = at(line(), {x: 1, y: 3, w: 1, b: 0})
    assert trace.value(w) == trace.value("w") == 1
    with pytest.raises(PointError, match="'q' is not in the trace of 'line'"):
        trace.gradient("q")


def test_long_numbers_and_large_matrices_are_shown_in_short() -> None:
    X, W = MatrixSymbol("X", D, 1), MatrixSymbol("W", N, D)
    net = Network("net", inputs=[X], weights=[W])
    net.loss(symprop.total(tanh(net.step("a", W * X))))
    point = {X: [1, 2], W: np.arange(10).reshape(5, 2)}
    shown = str(at(net, point))
    assert "(5 x 2 numbers from 0 to 9)" in shown and "[2, 8, 14, 20, 26]" in shown
    exact = str(at(net, point, exact=True))
    assert "(5 x 2 numbers)" in exact
    assert "~4.96403" in exact and max(map(len, exact.splitlines())) < 150
    values: Mapping[str, Any] = {row.name: row.value for row in at(net, point, exact=True).rows}
    assert values["L"] == sum(sympy.tanh(k) for k in (2, 8, 14, 20, 26))
    assert float(values["L"]) == pytest.approx(sum(np.tanh([2, 8, 14, 20, 26])), rel=sqrt(1e-30))
