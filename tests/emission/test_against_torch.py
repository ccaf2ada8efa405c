"""H1, layers D -> N -> ... -> V: emitted losses and gradients against torch.autograd.

torch is an oracle from outside: it reads nothing of the SymPy expressions, so a misread
expression cannot hide in it.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from sympy import MatrixSymbol, OneMatrix, Symbol, symbols

from symprop.derivation import derive
from symprop.emission import load
from symprop.functions import (
    binary_cross_entropy,
    cross_entropy,
    l2,
    mean_squared_error,
    relu,
    sigmoid,
    softmax,
    tanh,
)
from symprop.network import Network

torch: Any = pytest.importorskip("torch")

INPUTS, HIDDEN, OUTPUTS = 4, 3, 2
HIDDENS: dict[str, Any] = {"sigmoid": sigmoid, "tanh": tanh, "relu": relu}
HEADS: dict[str, tuple[Any, Any, str]] = {
    "softmax": (softmax, cross_entropy, "one-hot"),
    "sigmoid": (sigmoid, binary_cross_entropy, "binary"),
    "identity": (lambda z: z, mean_squared_error, "real"),
}
LAM = 0.03

Arrays = dict[str, Any]


def widths(layers: int) -> list[Any]:
    """D, then N for every hidden layer, then V."""
    D, N, V = symbols("D N V", integer=True, positive=True)
    return [D, *[N] * (layers - 1), V]


def h1(layers: int, hidden: str, head: str, *, regularised: bool, augmented: bool) -> Network:
    """H1; augmented: the bias is the last column of W, and a constant 1 is joined to the input.

    Joining is written with products: W*x + b is W[:, :-1]*x + W[:, -1], and the two parts of W
    are cut out by constant matrices, here inputs of the network.
    """
    activation, loss, labels = HEADS[head]
    sizes = widths(layers)
    x, y = MatrixSymbol("x", sizes[0], 1), MatrixSymbol("y", sizes[-1], 1)
    lam = Symbol("lam", real=True)
    weights, biases, cuts = [], [], []
    for layer, (before, after) in enumerate(itertools.pairwise(sizes), start=1):
        if augmented:
            weights.append(MatrixSymbol(f"W{layer}", after, before + 1))
            cuts.append(
                (
                    MatrixSymbol(f"E{layer}", before + 1, before),
                    MatrixSymbol(f"e{layer}", before + 1, 1),
                )
            )
        else:
            weights.append(MatrixSymbol(f"W{layer}", after, before))
            biases.append(MatrixSymbol(f"b{layer}", after, 1))
    net = Network(
        f"H1 with {layers} layers",
        inputs=[x, *itertools.chain(*cuts)],
        targets=[y],
        weights=[*weights, *biases],
        hyperparameters={lam: LAM} if regularised else {},
        labels={y: labels},
    )
    h = x
    for layer, weight in enumerate(weights, start=1):
        if augmented:
            embed, last = cuts[layer - 1]
            z = net.step(f"z{layer}", weight * (embed * h + last))
        else:
            z = net.step(f"z{layer}", weight * h + biases[layer - 1])
        h = net.step(f"h{layer}", (HIDDENS[hidden] if layer < layers else activation)(z))
    net.loss(loss(y, h) + (lam * l2(*weights) if regularised else 0))
    return net


def point(layers: int, head: str, n: int, *, augmented: bool) -> tuple[Arrays, Any, Any]:
    """Weights, inputs and targets."""
    rng = np.random.default_rng(layers * 100 + n)
    sizes = [INPUTS, *[HIDDEN] * (layers - 1), OUTPUTS]
    params: Arrays = {}
    for layer, (before, after) in enumerate(itertools.pairwise(sizes), start=1):
        params[f"W{layer}"] = rng.normal(size=(after, before + augmented))
    if not augmented:
        for layer, after in enumerate(sizes[1:], start=1):
            params[f"b{layer}"] = rng.normal(size=after)
    x = rng.normal(size=(n, INPUTS))
    if head == "softmax":
        return params, x, np.eye(OUTPUTS)[rng.integers(OUTPUTS, size=n)]
    if head == "sigmoid":
        return params, x, rng.integers(2, size=(n, OUTPUTS)).astype(float)
    return params, x, rng.normal(size=(n, OUTPUTS))


def constants(layers: int, n: int) -> list[Any]:
    """What joins a constant 1 to a column: the first columns of the identity, and its last."""
    found = []
    for before in [INPUTS, *[HIDDEN] * (layers - 1)]:
        whole = np.eye(before + 1)
        found += [np.tile(whole[:, :-1], (n, 1, 1)), np.tile(whole[:, -1], (n, 1))]
    return found


def autograd(
    params: Arrays, x: Any, y: Any, hidden: str, head: str, *, regularised: bool
) -> tuple[float, Arrays]:
    """The mean loss of a batch, and its gradients."""
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    h, target = torch.tensor(x), torch.tensor(y)
    layers = sum(name.startswith("W") for name in params)
    for layer in range(1, layers + 1):
        weight = tensors[f"W{layer}"]
        if f"b{layer}" in tensors:
            z = h @ weight.T + tensors[f"b{layer}"]
        else:
            z = torch.cat([h, torch.ones(len(h), 1, dtype=h.dtype)], 1) @ weight.T
        h = getattr(torch, hidden)(z) if layer < layers else z
    if head == "softmax":
        value = -(target * torch.log_softmax(h, 1)).sum(1).mean()
    elif head == "sigmoid":
        bce = torch.nn.functional.binary_cross_entropy_with_logits(h, target, reduction="none")
        value = bce.sum(1).mean()
    else:
        value = ((h - target) ** 2).mean()
    if regularised:
        value = value + LAM * sum((tensors[f"W{i}"] ** 2).sum() for i in range(1, layers + 1))
    value.backward()
    return value.item(), {name: tensor.grad.numpy() for name, tensor in tensors.items()}


def assert_close(found: tuple[float, Arrays], expected: tuple[float, Arrays], rtol: float) -> None:
    """Equal to rtol relative to the largest entry of each array."""
    assert abs(found[0] - expected[0]) <= rtol * abs(expected[0])
    assert list(found[1]) == list(expected[1])
    for name, gradient in expected[1].items():
        assert found[1][name].shape == gradient.shape
        worst = np.abs(found[1][name] - gradient).max()
        assert worst <= rtol * np.abs(gradient).max(), f"{name} is off by {worst}"


@pytest.mark.parametrize("regularised", [False, True], ids=["plain", "regularised"])
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("hidden", HIDDENS)
@pytest.mark.parametrize("layers", range(1, 7))
def test_h1_equals_autograd(layers: int, hidden: str, head: str, regularised: bool) -> None:
    net = h1(layers, hidden, head, regularised=regularised, augmented=False)
    module = load(derive(net))
    for n in (1, 32):
        params, x, y = point(layers, head, n, augmented=False)
        expected = autograd(params, x, y, hidden, head, regularised=regularised)
        assert_close(module.loss_and_gradients(params, x, y), expected, 1e-10)
        assert module.loss(params, x, y) == pytest.approx(expected[0], rel=1e-10)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("layers", [1, 2, 4])
def test_h1_with_the_bias_as_a_column_of_its_weight_equals_autograd(layers: int, head: str) -> None:
    net = h1(layers, "tanh", head, regularised=True, augmented=True)
    module = load(derive(net))
    for n in (1, 32):
        params, x, y = point(layers, head, n, augmented=True)
        found = module.loss_and_gradients(params, x, *constants(layers, n), y)
        expected = autograd(params, x, y, "tanh", head, regularised=True)
        assert_close(found, expected, 1e-10)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("hidden", HIDDENS)
def test_float32_data_give_float32_results_close_to_autograd(hidden: str, head: str) -> None:
    module = load(derive(h1(3, hidden, head, regularised=True, augmented=False)))
    params, x, y = point(3, head, 32, augmented=False)
    single = {name: value.astype(np.float32) for name, value in params.items()}
    value, gradients = module.loss_and_gradients(single, x.astype(np.float32), y.astype(np.float32))
    assert {gradient.dtype for gradient in gradients.values()} == {np.dtype(np.float32)}
    assert module.forward(single, x.astype(np.float32)).dtype == np.float32
    expected = autograd(params, x, y, hidden, head, regularised=True)
    assert_close((value, gradients), expected, 1e-5)


def test_a_constant_1_joined_to_a_batch_of_columns_equals_autograd() -> None:
    """The bias as a row that multiplies ones: declared for the whole batch, with samples=n."""
    n, D, V = symbols("n D V", integer=True, positive=True)
    X, Y = MatrixSymbol("X", n, D), MatrixSymbol("Y", n, V)
    W, b = MatrixSymbol("W", V, D), MatrixSymbol("b", V, 1)
    net = Network("whole", inputs=[X], targets=[Y], weights=[W, b], samples=n)
    z = net.step("z", X * W.T + OneMatrix(n, 1) * b.T)
    net.loss(mean_squared_error(Y, z))
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(OUTPUTS, INPUTS)), "b": rng.normal(size=OUTPUTS)}
    x, y = rng.normal(size=(7, INPUTS)), rng.normal(size=(7, OUTPUTS))
    w, c = (torch.tensor(params[name], requires_grad=True) for name in ("W", "b"))
    value = ((torch.tensor(x) @ w.T + c - torch.tensor(y)) ** 2).mean()
    value.backward()
    expected = value.item(), {"W": w.grad.numpy(), "b": c.grad.numpy()}
    assert_close(load(derive(net)).loss_and_gradients(params, x, y), expected, 1e-10)
