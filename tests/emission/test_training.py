"""Training with emitted modules of real networks (tests of the loop itself: test_templates.py)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols

from symprop.derivation import derive
from symprop.emission import load
from symprop.functions import (
    cross_entropy,
    half_squared_error,
    l2,
    sigmoid,
    softmax,
    squared_norm,
    tanh,
)
from symprop.network import Network

D, N, V, n = symbols("D N V n", integer=True, positive=True)
x, y, w, b, v, lam = symbols("x y w b v lam", real=True)


def p1() -> Network:
    """The primer's simplest network: h = w*x + b, L = (y - h)^2/2."""
    net = Network("P1", inputs=[x], targets=[y], weights=[w, b])
    h = net.step("h", w * x + b)
    net.loss(half_squared_error(y, h))
    return net


TABLE = [  # h, L, dL/dh = dL/dw = dL/db, then w and b after the update; full precision
    (1.1, 1.805, -1.9, 0.48, 1.38),
    (1.86, 0.6498, -1.14, 0.708, 1.608),
    (2.316, 0.233928, -0.684, 0.8448, 1.7448),
    (2.5896, 0.08421408, -0.4104, 0.92688, 1.82688),
]


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_p1_gives_the_table_of_the_primer_to_full_precision(target: str) -> None:
    module = load(derive(p1()), target)
    start = {"w": 0.1, "b": 1.0}
    params: dict[str, Any] = start
    for steps, (h, loss, gradient, new_w, new_b) in enumerate(TABLE, start=1):
        assert float(module.forward(params, [1.0])[0]) == pytest.approx(h, rel=1e-14)
        value, gradients = module.loss_and_gradients(params, [1.0], [3.0])
        assert value == pytest.approx(loss, rel=1e-13)
        assert float(gradients["w"]) == pytest.approx(gradient, rel=1e-14)
        assert float(gradients["b"]) == pytest.approx(gradient, rel=1e-14)
        params, history = module.train(
            start, [1.0], [3.0], epochs=steps, batch_size=1, learning_rate=0.2
        )
        assert float(params["w"]) == pytest.approx(new_w, rel=1e-14)
        assert float(params["b"]) == pytest.approx(new_b, rel=1e-14)
        assert history == pytest.approx([row[1] for row in TABLE[:steps]], rel=1e-13)
    assert start == {"w": 0.1, "b": 1.0}


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_all_weights_are_updated_from_the_same_gradients(target: str) -> None:
    """In y_hat = v*w*x each gradient holds the other weight: a later one must see the old."""
    net = Network("product", inputs=[x], targets=[y], weights=[w, v])
    net.loss(half_squared_error(y, net.step("y_hat", v * (w * x))))
    module = load(derive(net), target)
    new, _ = module.train(
        {"w": 2.0, "v": 3.0}, [1.0], [0.0], epochs=1, batch_size=1, learning_rate=0.01
    )
    assert float(new["w"]) == pytest.approx(2.0 - 0.01 * 6.0 * 3.0, rel=1e-14)
    assert float(new["v"]) == pytest.approx(3.0 - 0.01 * 6.0 * 2.0, rel=1e-14)


def classifier() -> Network:
    X, Y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W1, b1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
    W2, b2 = MatrixSymbol("W2", V, N), MatrixSymbol("b2", V, 1)
    net = Network(
        "classifier",
        inputs=[X],
        targets=[Y],
        weights=[W1, b1, W2, b2],
        hyperparameters={lam: 0.0},
        labels={Y: "one-hot"},
    )
    h = net.step("h", tanh(W1 * X + b1))
    p = net.step("p", softmax(W2 * h + b2))
    net.loss(cross_entropy(Y, p) + lam * l2(W1, W2))
    return net


def clouds(samples: int = 60) -> tuple[Any, Any]:
    """Three clouds of points in the plane, and their classes."""
    rng = np.random.default_rng(0)
    classes = rng.integers(3, size=samples)
    centres = np.array([[2.0, 0.0], [-2.0, 1.0], [0.0, -2.0]])
    return centres[classes] + 0.4 * rng.normal(size=(samples, 2)), classes


@pytest.mark.parametrize("batch_size", [1, 16, None])
@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 0.1), ("momentum", 0.02), ("adam", 0.02)])
def test_every_optimizer_separates_three_clouds(
    optimizer: str, rate: float, batch_size: int | None
) -> None:
    module = load(derive(classifier()))
    data = clouds()
    params = module.init_params(1, D=2, N=5, V=3, init="glorot")
    epochs = 150 if batch_size is None else 30
    new, losses = module.train(
        params,
        *data,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=rate,
        optimizer=optimizer,
        rng=0,
    )
    assert len(losses) == epochs and losses[-1] < 0.3 * losses[0]
    scores = module.evaluate(new, *data)
    assert scores["accuracy"] >= 0.95
    assert scores["loss"] == pytest.approx(module.loss(new, *data))


def test_weights_that_are_given_stay_as_they_are() -> None:
    module = load(derive(classifier()))
    params = module.init_params(1, D=2, N=5, V=3)
    kept = {key: value.copy() for key, value in params.items()}
    new, _ = module.train(params, *clouds(), epochs=2, learning_rate=0.1, rng=0)
    for key, value in params.items():
        np.testing.assert_array_equal(value, kept[key])
        assert new[key] is not value and not np.array_equal(new[key], value)


def test_the_same_seed_trains_the_same_and_another_in_another_order() -> None:
    module = load(derive(classifier()))
    params, data = module.init_params(1, D=2, N=5, V=3), clouds()
    settings = {"epochs": 3, "batch_size": 7, "learning_rate": 0.1}
    first, again, other = (
        module.train(params, *data, rng=seed, **settings)[1] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_hyperparameter_reaches_the_training() -> None:
    """Strong decay pulls the weights in."""
    module = load(derive(classifier()))
    params, data = module.init_params(1, D=2, N=5, V=3), clouds()
    settings = {"epochs": 40, "learning_rate": 0.1, "rng": 0}
    free, _ = module.train(params, *data, **settings)
    held, losses = module.train(params, *data, lam=0.3, **settings)
    assert np.linalg.norm(held["W1"]) < 0.5 * np.linalg.norm(free["W1"])
    assert losses[-1] == pytest.approx(module.loss(held, *data, lam=0.3), rel=0.1)


def test_training_stops_when_the_loss_no_longer_changes() -> None:
    module = load(derive(p1()))
    data = [0.0, 1.0, 2.0], [1.0, 3.0, 5.0]
    new, losses = module.train(
        {"w": 0.0, "b": 0.0},
        *data,
        epochs=10_000,
        batch_size=None,
        learning_rate=0.3,
        tolerance=1e-12,
    )
    assert 10 < len(losses) < 1_000
    assert abs(losses[-1] - losses[-2]) < 1e-12 <= abs(losses[-2] - losses[-3])
    assert float(new["w"]) == pytest.approx(2, abs=1e-4)
    assert float(new["b"]) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_both_targets_take_the_same_full_batch_steps(target: str) -> None:
    """Gradient descent written out by hand, for a network with sigmoid and decay."""
    net = Network("s", inputs=[x], targets=[y], weights=[w, b], hyperparameters={lam: 0.1})
    a = net.step("a", w * x + b)
    net.loss(half_squared_error(y, sigmoid(a)) + lam * w**2)
    xs, ys = np.array([-1.0, 0.5, 2.0]), np.array([0.0, 1.0, 1.0])
    at = {"w": 0.3, "b": -0.2}
    new, losses = load(derive(net), target).train(
        dict(at), xs.tolist(), ys.tolist(), epochs=5, batch_size=None, learning_rate=0.7
    )
    expected = []
    for _ in range(5):
        p = 1 / (1 + np.exp(-(at["w"] * xs + at["b"])))
        expected.append(((ys - p) ** 2).mean() / 2 + 0.1 * at["w"] ** 2)
        slope = (p - ys) * p * (1 - p)
        at = {
            "w": at["w"] - 0.7 * ((slope * xs).mean() + 0.2 * at["w"]),
            "b": at["b"] - 0.7 * slope.mean(),
        }
    assert losses == pytest.approx(expected, rel=1e-12)
    assert {key: float(value) for key, value in new.items()} == pytest.approx(at, rel=1e-12)


def test_a_function_without_data_is_minimised() -> None:
    """|A*B|^2/2 + (|A|^2 + |B|^2)/10, over two matrices."""
    A, B = MatrixSymbol("A", N, D), MatrixSymbol("B", D, N)
    net = Network("factors", weights=[A, B])
    net.loss(squared_norm(A * B) / 2 + l2(A, B) / 10)
    module = load(derive(net))
    params = module.init_params(0, N=3, D=2, std=1.0)
    new, losses = module.train(params, epochs=300, learning_rate=0.1)
    assert losses[-1] < 1e-4 * losses[0]
    assert max(np.abs(value).max() for value in new.values()) < 1e-2
