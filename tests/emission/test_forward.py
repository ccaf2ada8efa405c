"""What `forward` is given and gives: the hyperparameters that its steps read, the outputs."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols

import symprop.functions as F
from symprop.derivation import derive
from symprop.emission import load
from symprop.network import Network

D, N = symbols("D N", integer=True, positive=True)
x, y, w, dt, lam = symbols("x y w dt lam", real=True)


def euler_step() -> Network:
    """A step reads dt; lam is read by the loss alone."""
    net = Network(
        "Euler", inputs=[x], targets=[y], weights=[w], hyperparameters={dt: 0.5, lam: 0.1}
    )
    h = net.step("h", x + dt * F.tanh(w * x))
    net.loss((y - h) ** 2 + lam * w**2)
    return net


def signs() -> Network:
    """A hyperparameter in a step, and an accuracy, which needs the outputs."""
    net = Network(
        "signs",
        inputs=[x],
        targets=[y],
        weights=[w],
        hyperparameters={dt: 0.5},
        labels={y: "signed"},
    )
    h = net.step("h", F.tanh(dt * x + w))
    net.loss((y - h) ** 2)
    return net


def euler(x: float, w: float, dt: float) -> float:
    return x + dt * float(np.tanh(w * x))


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_forward_takes_the_hyperparameters_that_its_steps_read(target: str) -> None:
    module = load(derive(euler_step()), target)
    data = [1.0, -2.0, 0.3]
    for given, step in (({}, 0.5), ({"dt": 0.25}, 0.25)):
        found = module.forward({"w": 0.7}, data, **given)
        assert list(found) == pytest.approx([euler(each, 0.7, step) for each in data], rel=1e-14)
    keywords = inspect.signature(module.forward).parameters.values()
    assert [p.name for p in keywords if p.kind is p.KEYWORD_ONLY] == ["dt"]


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_accuracy_is_that_of_the_given_hyperparameters(target: str) -> None:
    """With dt = 0.5 both signs are right, with dt = -1 none is."""
    module = load(derive(signs()), target)
    data = [1.0, -2.0], [1.0, -1.0]
    assert module.evaluate({"w": 0.1}, *data)["accuracy"] == 1.0
    assert module.evaluate({"w": 0.1}, *data, dt=-1.0)["accuracy"] == 0.0


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_predict_takes_the_hyperparameters_of_forward_as_options(
    target: str, tmp_path: Path
) -> None:
    module = load(derive(euler_step()), target)
    weights, data, out = (
        str(tmp_path / name)
        for name in ("w.npz" if target == "numpy" else "w.json", "data.csv", "out.csv")
    )
    module.save_params(weights, {"w": 0.7})
    Path(data).write_text("1,0\n-2,0\n")
    command = ["predict", data, "--weights", weights, "--out", out]
    for options, step in (([], 0.5), (["--dt", "2", "--lam", "3"], 2.0)):
        assert module.main([*command, *options]) == 0
        expected = [euler(each, 0.7, step) for each in (1.0, -2.0)]
        np.testing.assert_allclose(np.loadtxt(out), expected, rtol=1e-14)


def test_forward_over_matrices_takes_the_hyperparameters_too() -> None:
    X, W, b = MatrixSymbol("x", D, 1), MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1)
    net = Network("leaky", inputs=[X], weights=[W, b], hyperparameters={dt: 0.1})
    h = net.step("h", dt * F.tanh(W * X) + b)
    net.loss(F.squared_norm(h))
    module = load(derive(net))
    rng = np.random.default_rng(0)
    params: dict[str, Any] = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=3)}
    data = rng.normal(size=(5, 2))
    expected = 0.7 * np.tanh(data @ params["W"].T) + params["b"]
    np.testing.assert_allclose(module.forward(params, data, dt=0.7), expected, rtol=1e-13)


def mixture_of_losses(reader: bool = True) -> Network:
    """Each loss is a step of its own; `features` is read by a regulariser as well."""
    X, Y, W = MatrixSymbol("x", D, 1), MatrixSymbol("t", N, 1), MatrixSymbol("W", N, D)
    net = Network("mixture", inputs=[X], targets=[Y, y], weights=[W, w])
    features = net.step("features", F.tanh(W * X))
    p = net.step("p", F.softmax(features))
    q = net.step("q", F.total(features) * w)
    first = net.step("first", F.cross_entropy(Y, p))
    second = net.step("second", (y - q) ** 2)
    net.loss(first + F.exp(w) * second + (F.l2(features) if reader else 0))
    return net


def test_forward_gives_what_meets_the_targets_in_the_loss_or_in_a_step() -> None:
    names = [step.name for step in mixture_of_losses(reader=False).outputs]
    assert names == ["p", "q"]
    names = [step.name for step in mixture_of_losses().outputs]
    assert names == ["features", "p", "q"]
    net = mixture_of_losses(reader=False)
    module = load(derive(net))
    rng = np.random.default_rng(0)
    params: dict[str, Any] = {"W": rng.normal(size=(3, 2)), "w": np.array(0.4)}
    data = rng.normal(size=(5, 2))
    p, q = module.forward(params, data)
    features = np.tanh(data @ params["W"].T)
    exponential = np.exp(features)
    np.testing.assert_allclose(p, exponential / exponential.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(q, 0.4 * features.sum(axis=1))


def test_a_residual_that_no_weight_leads_to_adds_no_output() -> None:
    """What a step reads that the loss does not use is no output."""
    net = Network("idle", inputs=[x], targets=[y], weights=[w])
    h = net.step("h", F.tanh(w * x))
    g = net.step("g", w * x)
    net.step("idle", y - g)
    with pytest.warns(UserWarning, match="nothing uses step"):
        net.loss((y - h) ** 2)
    assert [step.name for step in net.outputs] == ["h"]
