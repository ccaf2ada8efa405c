"""A workspace holds all that is written: same numbers, nothing read before, nothing made anew."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from example_networks import module_of as example
from networks_by_torch import NETWORKS
from sympy import MatrixSymbol, symbols
from torch_networks.case import draw, per_sample
from workspaces import alike, assert_same, watched_call, workspace_of_nan

import symprop.functions as F
from symprop.derivation import derive
from symprop.emission import load
from symprop.network import Network

D, N = symbols("D N", integer=True, positive=True)
BATCHES = [name for name, case in NETWORKS.items() if per_sample(case.declare())]


@cache
def module_of(name: str) -> tuple[Network, Any]:
    derivation = derive(NETWORKS[name].declare())
    return derivation.network, load(derivation)


def point(name: str, samples: int = 5) -> tuple[Any, Any, list[Any]]:
    """A module, weights and data, as a call with a workspace takes them."""
    network, module = module_of(name)
    drawn = draw(NETWORKS[name], network, samples)
    data = [drawn.data[entry.name] for entry in (*network.inputs, *network.targets)]
    return module, *alike(module, drawn.weights, data)


# -- the same numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_is_read_that_this_call_did_not_write(name: str) -> None:
    """Not on the first call, where nan would show, nor on a second one with other weights."""
    module, params, data = point(name)
    pure = module.loss_and_gradients(params, *data)
    workspace = workspace_of_nan(module, params, data)
    for _ in range(2):
        assert_same(module.loss_and_gradients(params, *data, workspace=workspace), pure)
    others = {key: 0.9 * weight for key, weight in params.items()}
    pure = module.loss_and_gradients(others, *data)
    found = module.loss_and_gradients(others, *data, workspace=workspace)
    assert_same(found, pure)
    for key, gradient in found[1].items():
        assert not np.shares_memory(gradient, others[key])
        assert not np.shares_memory(gradient, pure[1][key])


@pytest.mark.parametrize("samples", [1, 5])
@pytest.mark.parametrize("name", NETWORKS)
def test_every_array_has_the_shape_of_what_is_written_to_it(name: str, samples: int) -> None:
    """NumPy would broadcast into a longer one without a word, and the loss count it twice."""
    module, params, data = point(name, samples)
    assert_same(watched_call(module, params, data), module.loss_and_gradients(params, *data))


@pytest.mark.parametrize("name", BATCHES)
def test_a_workspace_for_batches_of_another_size_is_refused(name: str) -> None:
    """A batch of one above all: it would be broadcast."""
    module, params, _ = point(name)
    batches = {samples: point(name, samples)[2] for samples in (1, 3, 5)}
    for made, given in ((5, 1), (1, 5), (5, 3), (3, 5)):
        workspace = module.make_workspace(params, *batches[made])
        if any(made in array.shape for array in workspace[1]):
            with pytest.raises(ValueError, match="a batch of another size"):
                module.loss_and_gradients(params, *batches[given], workspace=workspace)


def test_a_workspace_is_refused_where_the_arguments_would_be() -> None:
    """Its arguments are checked as those of a call without one."""
    module = example("digits")
    params, x = module.init_params(0), np.ones((3, 64))
    with pytest.raises(ValueError, match="classes are numbered 0 to 9"):
        module.make_workspace(params, x, [0, 1, 10])
    with pytest.raises(ValueError, match="x has the shape"):
        module.make_workspace(params, x[:, :5], [0, 1, 2])


# -- layouts and types ----------------------------------------------------------------------------


@pytest.mark.parametrize("lie", [np.asfortranarray, lambda a: np.repeat(a, 2, axis=0)[::2]])
def test_arrays_may_lie_in_memory_as_they_like(lie: Callable[[Any], Any]) -> None:
    """BLAS writes to an array in C order alone: gradients do not lie as the weights do."""
    module = example("digits")
    rng = np.random.default_rng(0)
    params, x, y = module.init_params(1), rng.normal(size=(6, 64)), np.eye(10)[:6]
    value, gradients = module.loss_and_gradients(params, x, y)
    turned = {key: lie(weight) for key, weight in params.items()}
    again, others = module.loss_and_gradients(turned, lie(x), lie(y))
    assert again == pytest.approx(value, rel=1e-13)
    for key, gradient in gradients.items():
        np.testing.assert_allclose(others[key], gradient, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kinds", [("f4", "f8"), ("f8", "f4"), ("f4", "f4"), ("f8", "i4")])
def test_weights_and_data_of_two_types_are_taken_in_the_wider_one(kinds: tuple[str, str]) -> None:
    module = example("digits")
    params = {key: w.astype(kinds[0]) for key, w in module.init_params(1).items()}
    x, y = np.arange(128).reshape(2, 64).astype(kinds[1]) % 7, [3, 4]
    value, gradients = module.loss_and_gradients(params, x, y)
    wider = np.float32 if kinds == ("f4", "f4") else np.float64
    assert {gradient.dtype for gradient in gradients.values()} == {np.dtype(wider)}
    wide = {key: weight.astype(np.float64) for key, weight in params.items()}
    assert value == pytest.approx(module.loss(wide, x.astype(np.float64), y), rel=1e-5)


def test_a_size_that_is_called_n_is_not_taken_for_the_batch() -> None:
    """They shared one array of ones."""
    n = symbols("n", integer=True, positive=True)
    x, a = MatrixSymbol("x", n, 1), MatrixSymbol("a", n, 1)
    net = Network("distance", inputs=[a], weights=[x])
    net.loss(F.norm(x - a))
    module = load(derive(net))
    x_0, rows = np.array([1.0, 2.0, 4.0]), np.zeros((5, 3))
    value, gradients = module.loss_and_gradients({"x": x_0}, rows)
    assert value == pytest.approx(np.sqrt(21))
    np.testing.assert_allclose(gradients["x"], x_0 / np.sqrt(21))


@pytest.mark.parametrize("role", ["input", "target", "hyperparameter"])
@pytest.mark.parametrize("name", ["arrays", "gradients", "kind", "n", "workspace", "ones_n"])
def test_names_of_a_workspace_are_free_for_the_user(role: str, name: str) -> None:
    given = {each: each for each in ("input", "target", "hyperparameter")} | {role: name}
    x, y, lam, w = symbols([*given.values(), "w"], real=True)
    net = Network("named", inputs=[x], targets=[y], weights=[w], hyperparameters={lam: 0.5})
    net.loss((F.tanh(w * x) - y) ** 2 + lam * w**2)
    module = load(derive(net))
    params, data = {"w": 0.3}, ([1.0, 2.0], [0.5, 0.25])
    assert module.check_gradients(params, *data)["w"] < 1e-6
    loss = np.mean((np.tanh(0.3 * np.array(data[0])) - data[1]) ** 2) + 0.5 * 0.09
    assert module.loss_and_gradients(params, *data)[0] == pytest.approx(loss, rel=1e-14)


# -- memory ---------------------------------------------------------------------------------------

SAMPLES = 2**14
"""A number each is 128 KiB, more than the 64 KiB in which NumPy converts a mask to numbers."""


def sigmoids() -> tuple[Any, Any, Any]:
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1)
    W, U, b = MatrixSymbol("W", N, D), MatrixSymbol("U", N, N), MatrixSymbol("b", N, 1)
    net = Network("sigmoids", inputs=[x], targets=[y], weights=[W, U, b])
    h = net.step("h", F.sigmoid(W * x + b))
    net.loss(F.half_squared_error(y, F.sigmoid(U * h)))
    module = load(derive(net))
    rng = np.random.default_rng(0)
    data = rng.normal(size=(SAMPLES, 5)), rng.uniform(size=(SAMPLES, 4))
    return module, module.init_params(0, D=5, N=4), data


def digits() -> tuple[Any, Any, Any]:
    module = example("digits")
    rng = np.random.default_rng(0)
    y = np.eye(10)[rng.integers(10, size=SAMPLES)]
    return module, module.init_params(0), (rng.normal(size=(SAMPLES, 64)), y)


def peak(call: Callable[[], Any]) -> int:
    """The most memory that a call holds beside what was there before."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("make", [digits, sigmoids])
def test_a_step_makes_no_array_with_an_entry_a_sample(make: Callable[[], Any]) -> None:
    module, params, data = make()
    params, data = alike(module, params, data)
    workspace = module.make_workspace(params, *data)
    arguments = params, *data
    module.loss_and_gradients(*arguments, workspace=workspace)
    held = peak(lambda: module.loss_and_gradients(*arguments, workspace=workspace))
    assert held < SAMPLES * 8


@pytest.mark.parametrize("make", [digits, sigmoids])
def test_training_makes_its_arrays_before_the_first_step(make: Callable[[], Any]) -> None:
    """Ten epochs hold no more than one, less than a number a sample."""
    module, params, data = make()

    def train(epochs: int) -> Callable[[], Any]:
        return lambda: module.train(
            params, *data, epochs=epochs, batch_size=512, learning_rate=0.01, rng=0
        )

    train(1)()
    assert peak(train(10)) < peak(train(1)) + SAMPLES * 8
