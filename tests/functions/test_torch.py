"""Activations and losses in emitted modules against torch in float64: batches of 1 and 7."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol, hadamard_product, symbols

import symprop
from symprop import Network, derive, load
from symprop.errors import DeclarationError, UnsupportedError

torch: Any = pytest.importorskip("torch")
functional = torch.nn.functional

D, N = symbols("D N", integer=True, positive=True)
x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1)
W, b = MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1)
v = Symbol("v", real=True)
c = MatrixSymbol("c", N, 1)

Function = Callable[..., Any]

ONE: dict[str, tuple[Function, Function]] = {
    "leaky_relu": (symprop.leaky_relu, functional.leaky_relu),
    "leaky_relu_02": (
        lambda z: symprop.leaky_relu(z, 0.2),
        lambda z: functional.leaky_relu(z, 0.2),
    ),
    "elu": (symprop.elu, functional.elu),
    "elu_17": (lambda z: symprop.elu(z, alpha=1.7), lambda z: functional.elu(z, alpha=1.7)),
    "silu": (symprop.silu, functional.silu),
    "swish": (symprop.swish, functional.silu),
    "gelu": (symprop.gelu, functional.gelu),
    "softplus": (symprop.softplus, functional.softplus),
    "erf": (symprop.erf, torch.erf),
    "erfc": (symprop.erfc, torch.erfc),
    "normal_cdf": (symprop.normal_cdf, torch.special.ndtr),
    "absolute": (symprop.absolute, torch.abs),
    "sin": (symprop.sin, torch.sin),
    "cos": (symprop.cos, torch.cos),
    "expm1": (symprop.expm1, torch.expm1),
    "mish": (lambda z: hadamard_product(z, symprop.tanh(symprop.softplus(z))), functional.mish),
}
TWO: dict[str, tuple[Function, Function]] = {
    "prelu": (symprop.prelu, lambda z, s: torch.where(z > 0, z, s * z)),
    "elu": (symprop.elu, lambda z, a: torch.where(z > 0, z, a * torch.expm1(z.clamp(max=0)))),
    "silu": (symprop.silu, lambda z, beta: z * torch.sigmoid(beta * z)),
    "maximum": (symprop.maximum, torch.maximum),
    "minimum": (symprop.minimum, torch.minimum),
}
REDUCTIONS: dict[str, tuple[Function, Function]] = {
    "amax": (symprop.amax, lambda z: z.amax(1)),
    "amin": (symprop.amin, lambda z: z.amin(1)),
    "norm": (symprop.norm, lambda z: z.norm(dim=1)),
    "frobenius": (symprop.frobenius, lambda z: z.norm(dim=1)),
    "l1": (symprop.l1, lambda z: z.abs().sum(1)),
}


def assert_equal(net: Network, loss: Function, weights: dict[str, Any], data: list[Any]) -> None:
    """The emitted loss and gradients, for the batch and its first sample, are torch's."""
    module = load(derive(net))
    for batch in (data, [part[:1] for part in data]):
        value, gradients = module.loss_and_gradients(weights, *batch)
        leaves = {name: torch.tensor(w, requires_grad=True) for name, w in weights.items()}
        expected = loss(leaves, *map(torch.tensor, batch))
        expected.backward()
        assert value == pytest.approx(float(expected.detach()), rel=1e-9)
        for name, leaf in leaves.items():
            assert gradients[name] == pytest.approx(leaf.grad.numpy(), rel=1e-9, abs=1e-12), name
        assert module.loss(weights, *batch) == pytest.approx(value, rel=1e-14)


def drawn(seed: int = 0) -> tuple[dict[str, Any], list[Any]]:
    rng = np.random.default_rng(seed)
    weights = {"W": rng.normal(size=(4, 3)), "b": rng.normal(size=4)}
    return weights, [rng.normal(size=(7, 3)), rng.normal(size=(7, 4))]


def layer(leaves: Any, inputs: Any) -> Any:
    return inputs @ leaves["W"].T + leaves["b"]


@pytest.mark.parametrize("name", ONE)
def test_activation_of_a_layer_equals_torch(name: str) -> None:
    ours, theirs = ONE[name]
    net = Network(name, inputs=[x], targets=[y], weights=[W, b])
    h = net.step("h", ours(net.step("a", W * x + b)))
    net.loss(symprop.half_squared_error(y, h))
    weights, data = drawn()

    def loss(leaves: Any, inputs: Any, targets: Any) -> Any:
        return ((targets - theirs(layer(leaves, inputs))) ** 2).sum(1).mean() / 2

    assert_equal(net, loss, weights, data)


@pytest.mark.parametrize("second", [v, c, W * x], ids=["scalar", "column", "per sample"])
@pytest.mark.parametrize("name", TWO)
def test_second_argument_gets_its_gradient_as_in_torch(name: str, second: Any) -> None:
    ours, theirs = TWO[name]
    extra = [] if second == W * x else [second]
    net = Network(name, inputs=[x], targets=[y], weights=[W, b, *extra])
    h = net.step("h", ours(net.step("a", W * x + b), second))
    net.loss(symprop.half_squared_error(y, h))
    weights, data = drawn(1)
    if extra:
        weights[extra[0].name] = np.array(0.3) if second == v else np.array([0.3, -0.2, 1.1, 0.7])

    def loss(leaves: Any, inputs: Any, targets: Any) -> Any:
        other = leaves[extra[0].name] if extra else inputs @ leaves["W"].T
        made = theirs(layer(leaves, inputs), other)
        return ((targets - made) ** 2).sum(1).mean() / 2

    assert_equal(net, loss, weights, data)


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reduction_of_a_layer_equals_torch(name: str) -> None:
    ours, theirs = REDUCTIONS[name]
    net = Network(name, inputs=[x], targets=[y], weights=[W, b])
    m = net.step("m", ours(net.step("a", W * x + b)))
    net.loss((m - symprop.total(y)) ** 2)
    weights, data = drawn(2)

    def loss(leaves: Any, inputs: Any, targets: Any) -> Any:
        return ((theirs(layer(leaves, inputs)) - targets.sum(1)) ** 2).mean()

    assert_equal(net, loss, weights, data)


# -- losses ---------------------------------------------------------------------------------------


def logistic(targets: Any, z: Any) -> Any:
    return functional.soft_margin_loss(z, targets, reduction="none")


def hinge(targets: Any, z: Any) -> Any:
    return torch.relu(1 - targets * z)


LOSSES: dict[str, tuple[Function, Function]] = {
    "logistic_loss": (symprop.logistic_loss, logistic),
    "hinge_loss": (symprop.hinge_loss, hinge),
}


@pytest.mark.parametrize("name", LOSSES)
def test_loss_of_signed_labels_equals_torch(name: str) -> None:
    ours, theirs = LOSSES[name]
    net = Network(name, inputs=[x], targets=[y], weights=[W, b], labels={y: "signed"})
    z = net.step("z", W * x + b)
    net.loss(ours(y, z) + symprop.l1(W) / 10)
    weights, data = drawn(3)
    data[1] = np.sign(data[1])

    def loss(leaves: Any, inputs: Any, targets: Any) -> Any:
        fitted = theirs(targets, layer(leaves, inputs)).sum(1).mean()
        return fitted + leaves["W"].abs().sum() / 10

    assert_equal(net, loss, weights, data)


def test_logistic_loss_is_finite_and_right_at_large_arguments() -> None:
    net = Network("n", inputs=[x], targets=[y], weights=[W], labels={y: "signed"})
    net.loss(symprop.logistic_loss(y, W * x))
    module = load(derive(net))
    weights = {"W": np.ones((2, 1))}
    for z in (800.0, -800.0):
        value, gradients = module.loss_and_gradients(weights, [[z]], [[1.0, -1.0]])
        assert value == pytest.approx(800.0)
        expected = [[0.0], [800.0]] if z > 0 else [[800.0], [0.0]]
        assert gradients["W"] == pytest.approx(np.array(expected))


@pytest.mark.parametrize("loss", [symprop.logistic_loss, symprop.hinge_loss], ids=str)
@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("binary", r"binary_cross_entropy\(y, sigmoid\(z\)\)|2\*y - OneMatrix\(N, 1\)"),
        ("one-hot", r"cross_entropy\(y, softmax\(z\)\)"),
        ("probabilities", r"cross_entropy\(y, softmax\(z\)\)"),
        ("real", "mean_squared_error"),
    ],
)
def test_loss_of_signed_labels_refuses_other_labels(loss: Any, kind: str, way: str) -> None:
    net = Network("n", inputs=[x], targets=[y], weights=[W], labels={y: kind})
    with pytest.raises(DeclarationError, match=way):
        net.loss(loss(y, W * x))


def test_zero_one_loss_is_refused_with_the_reason_and_the_way_out() -> None:
    net = Network("n", inputs=[x], targets=[y], weights=[W])
    with pytest.raises(
        UnsupportedError, match=r"loss 'L': zero_one_loss .*piecewise constant"
    ) as e:
        net.loss(symprop.zero_one_loss(y, W * x))
    assert "hinge_loss" in e.value.hint and "evaluate" in e.value.hint
    with pytest.raises(UnsupportedError, match="piecewise constant"):
        net.step("e", symprop.zero_one_loss(y, W * x) / 2)
