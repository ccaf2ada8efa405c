"""Gradient descent by hand: its numbers beside fractions, long decimals and emitted modules."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import islice
from typing import Any

import mpmath
import numpy as np
import pytest
from example_networks import NETWORKS, derivation_of, module_of
from sympy import MatrixSymbol, Symbol, log, symbols

from symprop import Network, derive, half_squared_error, relu, sigmoid
from symprop.derivation.course import as_float
from symprop.derivation.descent import Descent, Update
from symprop.errors import DeclarationError, PointError

P1 = {"x": 1, "y": 3, "w": 0.1, "b": 1}


def updates(name: str, values: Any, rate: Any, steps: int) -> list[Update]:
    return list(derivation_of(name).descent(values, learning_rate=rate).updates(steps))


def test_the_numbers_of_the_primer() -> None:
    """The table of the catalogue, every digit: h, L, dL/dh = dL/dw = dL/db, w, b."""
    wanted = [
        (1.1, 1.805, -1.9, 0.48, 1.38),
        (1.86, 0.6498, -1.14, 0.708, 1.608),
        (2.316, 0.233928, -0.684, 0.8448, 1.7448),
        (2.5896, 0.08421408, -0.4104, 0.92688, 1.82688),
    ]
    found = updates("linear_regression", P1, 0.2, 4)
    for update, (h, loss, gradient, w, b) in zip(found, wanted, strict=True):
        values, gradients = update.before.values, update.before.gradients
        assert [as_float(values[name]) for name in ("h", "L")] == [h, loss]
        assert [as_float(gradients[name]) for name in ("h", "w", "b")] == [gradient] * 3
        assert [as_float(update.weights[name]) for name in ("w", "b")] == [w, b]


def test_a_thousand_updates_are_those_of_exact_fractions() -> None:
    """Long after floats have come to a standstill: 0.6**1000 is still told from 0."""
    w, b, rate = Fraction(1, 10), Fraction(1), Fraction(1, 5)
    for update in updates("linear_regression", P1, 0.2, 1000):
        gradient = w + b - 3
        assert as_float(update.before.gradients["h"]) == float(gradient)
        w, b = w - rate * gradient, b - rate * gradient
        assert as_float(update.weights["w"]) == float(w)
    assert gradient == Fraction(-19, 10) * Fraction(3, 5) ** 999


def chaotic() -> Network:
    """A loss whose gradient descent with rate 1 is the logistic map w <- 4 w (1 - w)."""
    w = Symbol("w", real=True)
    network = Network("chaos", weights=[w])
    network.loss(4 * w**3 / 3 - 3 * w**2 / 2)
    return network


def test_rounding_errors_that_double_with_every_update_are_noticed() -> None:
    """In floats the logistic map has no right digit left after 60 updates."""
    descent = derive(chaotic()).descent({"w": 0.3}, learning_rate=1)
    with mpmath.workdps(1000):
        w = mpmath.mpf(3) / 10
        for update in descent.updates(300):
            w = 4 * w * (1 - w)
            assert as_float(update.weights["w"]) == float(w)
    assert update.before.digits > 100


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("multilayer_perceptron", 0.5),
        ("learned_slope", 0.1),
        ("two_outputs", 1.0),
        ("two_layer_network", 0.1),
        ("l2_penalty", 0.5),
        ("vector_regression", 0.05),
        ("wider_network", 0.5),
    ],
)
def test_the_weights_are_those_that_the_emitted_module_trains(name: str, rate: float) -> None:
    network, module = NETWORKS[name], module_of(name)
    example = network.worked_example
    assert example is not None
    values = {str(getattr(key, "name", key)): value for key, value in example.values.items()}
    data = [np.array([values[e.name]], float) for e in (*network.inputs, *network.targets)]
    weights = {e.name: np.array(values[e.name], float) for e in network.weights}
    trained, _ = module.train(weights, *data, epochs=3, batch_size=1, learning_rate=rate)
    *_, last = updates(name, example.values, rate, 3)
    for weight, value in trained.items():
        number = last.weights[weight]
        found = np.vectorize(as_float, otypes=[float])(number)
        np.testing.assert_allclose(found.reshape(np.shape(value)), value, rtol=1e-12)


def test_an_update_is_there_before_the_next_one_is_worked_out() -> None:
    descent = derivation_of("linear_regression").descent(P1, learning_rate=0.2)
    (first,) = islice(descent.updates(10**6), 1)
    assert as_float(first.weights["b"]) == 1.38


def test_time_grows_with_the_updates_alone() -> None:
    descent = derivation_of("multilayer_perceptron").descent(
        {"x": 1, "y": 1, "w1": 0.5, "b1": 0.1, "w2": 0.4, "w3": -0.3}, learning_rate=0.1
    )

    def taken(steps: int) -> float:
        start = time.process_time()
        for _ in descent.updates(steps):
            pass
        return time.process_time() - start

    assert min(taken(200) for _ in range(2)) < 3 * max(min(taken(100) for _ in range(2)), 0.02)


# -- where there is no way on ---------------------------------------------------------------------


def test_a_descent_that_runs_away_stops_with_the_update() -> None:
    found = derivation_of("linear_regression").descent(P1, learning_rate=100).updates(1000)
    fine: list[Update] = []
    with pytest.raises(
        PointError, match=r"^update (\d+): \w+ is beyond the largest float"
    ) as caught:
        fine.extend(found)
    assert caught.value.message.startswith(f"update {len(fine) + 1}:") and len(fine) > 10
    assert "smaller learning rate" in caught.value.hint


def test_a_value_outside_the_domain_is_named_with_its_update() -> None:
    x, w = symbols("x w", real=True)
    network = Network("logarithm", inputs=[x], weights=[w])
    q = network.step("q", w * x)
    p = network.step("p", log(q))
    network.loss(p + 2 * q)
    found = derive(network).descent({x: 1, w: 0.5}, learning_rate=0.2).updates(5)
    assert as_float(next(found).weights["w"]) == -0.3
    with pytest.raises(PointError) as caught:
        next(found)
    assert caught.value.message == (
        "update 2: step 'p' has no finite real value at this point: log(q), where q = -0.3"
    )


def tied() -> Network:
    x, w, b, y = symbols("x w b y", real=True)
    network = Network("tied", inputs=[x], targets=[y], weights=[w, b])
    a = network.step("a", w * x + b)
    network.loss(half_squared_error(y, relu(a)))
    return network


def test_a_tie_at_the_start_is_seen_though_no_decimal_shows_it() -> None:
    """0.1*3 - 0.3 is 0, and relu'(0) = 0 by convention; in decimals of any length it is not."""
    third = Fraction(1, 3)
    descent = derive(tied()).descent({"x": 3, "w": third / 7, "b": -third * 3 / 7, "y": 1},
                                     learning_rate=0.1)  # fmt: skip
    (first,) = descent.updates(1)
    assert first.before.values["a"] == 0
    assert first.before.gradients["w"] == 0
    assert "kink" in first.before.notes[0]


def test_a_probability_of_nearly_1_has_a_loss_of_nearly_0() -> None:
    """-log(sigmoid(z)) is e^-z for large z: with fewer than 100 digits nothing is left of it."""
    network = Network("certain", weights=[z := Symbol("z", real=True)])
    network.loss(-log(network.step("p", sigmoid(z))))
    for z_value in (150, 300, 600):
        (first,) = derive(network).descent({z: z_value}, learning_rate=0.1).updates(1)
        assert as_float(first.before.values["L"]) == pytest.approx(np.exp(-z_value), rel=1e-12)


def test_noise_of_rounding_is_shown_as_zero() -> None:
    network = Network("third", weights=[w := Symbol("w", real=True)])
    network.loss((3 * w - 1) ** 2)
    (first,) = derive(network).descent({w: Fraction(1, 3)}, learning_rate=0.1).updates(1)
    assert first.before.values["L"] == 0
    assert first.before.gradients["w"] == 0


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), "0.1", True])
def test_what_is_no_learning_rate_is_refused(rate: Any) -> None:
    with pytest.raises(DeclarationError, match="no learning rate"):
        Descent(derivation_of("linear_regression"), P1, rate)


def test_matrices_are_arrays_of_two_dimensions() -> None:
    x, w = MatrixSymbol("x", 2, 1), MatrixSymbol("w", 2, 1)
    network = Network("columns", inputs=[x], weights=[w])
    network.loss((w.T * x)[0, 0] ** 2)
    (first,) = derive(network).descent({x: [1, 2], w: [3, 4]}, learning_rate=0.5).updates(1)
    assert first.weights["w"].shape == (2, 1)
    assert [as_float(entry) for entry in first.weights["w"].flat] == [-8, -18]
