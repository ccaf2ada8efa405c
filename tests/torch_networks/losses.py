"""Networks by their loss: weighted, smoothed, contrastive, and likelihoods."""

from __future__ import annotations

from typing import Any

from sympy import (
    HadamardPower,
    MatrixSymbol,
    OneMatrix,
    Symbol,
    hadamard_product,
    symbols,
)

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, functional, torch

n, D, N, V = symbols("n D N V", integer=True, positive=True)


def focal_loss() -> Network:
    """Lin et al.: a class that is predicted well counts little, (1 - p)^2 log p."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W, b = MatrixSymbol("W", V, D), MatrixSymbol("b", V, 1)
    net = Network("focal loss", inputs=[x], targets=[y], weights=[W, b], labels={y: "one-hot"})
    p = net.step("p", F.softmax(W * x + b))
    rest = HadamardPower(OneMatrix(V, 1) - p, 2)
    net.loss(-F.total(hadamard_product(y, rest, F.log(p))))
    return net


def focal_loss_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.W @ v.x + v.b
    p = torch.softmax(z, 0)
    return -(v.y * (1 - p) ** 2 * torch.log_softmax(z, 0)).sum(), {"p": p}


def binary_focal_loss() -> Network:
    """The same for one logit, its weight alpha a hyperparameter."""
    x, w = MatrixSymbol("x", D, 1), MatrixSymbol("w", D, 1)
    y, alpha = symbols("y alpha", real=True)
    net = Network(
        "binary focal loss",
        inputs=[x],
        targets=[y],
        weights=[w],
        hyperparameters={alpha: 0.25},
        labels={y: "binary"},
    )
    q = net.step("q", F.sigmoid(F.dot(w, x)))
    right, wrong = alpha * (1 - q) ** 2 * F.log(q), (1 - alpha) * q**2 * F.log(1 - q)
    net.loss(-y * right - (1 - y) * wrong)
    return net


def binary_focal_loss_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.w @ v.x
    q = torch.sigmoid(z)
    right = v.alpha * torch.sigmoid(-z) ** 2 * functional.logsigmoid(z)
    wrong = (1 - v.alpha) * q**2 * functional.logsigmoid(-z)
    return -v.y * right - (1 - v.y) * wrong, {"q": q}


def label_smoothing() -> Network:
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W, b = MatrixSymbol("W", V, D), MatrixSymbol("b", V, 1)
    e = Symbol("e", real=True)
    net = Network(
        "label smoothing",
        inputs=[x],
        targets=[y],
        weights=[W, b],
        hyperparameters={e: 0.1},
        labels={y: "one-hot"},
    )
    p = net.step("p", F.softmax(W * x + b))
    net.loss(F.cross_entropy((1 - e) * y + e / V * OneMatrix(V, 1), p))
    return net


def label_smoothing_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.W @ v.x + v.b
    loss = functional.cross_entropy(z[None], v.y.argmax()[None], label_smoothing=v.e)
    return loss, {"p": torch.softmax(z, 0)}


def distillation() -> Network:
    """A student between the labels and the softened logits t of a teacher."""
    x, t, y = MatrixSymbol("x", D, 1), MatrixSymbol("t", V, 1), MatrixSymbol("y", V, 1)
    W, tau = MatrixSymbol("W", V, D), Symbol("tau", real=True)
    net = Network(
        "distillation",
        inputs=[x, t],
        targets=[y],
        weights=[W],
        hyperparameters={tau: 2.0},
        labels={y: "one-hot"},
    )
    z = net.step("z", W * x)
    soft = F.cross_entropy(F.softmax(t / tau), F.softmax(z / tau))
    net.loss(F.cross_entropy(y, F.softmax(z)) + tau**2 * soft)
    return net


def distillation_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.W @ v.x
    soft = functional.cross_entropy(z / v.tau, torch.softmax(v.t / v.tau, 0))
    return functional.cross_entropy(z, v.y) + v.tau**2 * soft, {"z": z}


def triplet_loss() -> Network:
    """An anchor nearer to its like than to another, by a margin; one tower for the three."""
    a, p, q = (MatrixSymbol(name, D, 1) for name in ("a", "p", "q"))
    W, m = MatrixSymbol("W", N, D), Symbol("m", real=True)
    net = Network(
        "triplet loss", inputs=[a, p, q], weights=[W], hyperparameters={m: 0.5}, sizes={N: 4}
    )
    f, g, h = (net.step(f"f_{x}", F.tanh(W * x)) for x in (a, p, q))
    net.loss(F.relu(F.squared_norm(f - g) - F.squared_norm(f - h) + m))
    return net


def triplet_loss_twin(v: Any) -> tuple[Any, Arrays]:
    f, g, h = (torch.tanh(v.W @ x) for x in (v.a, v.p, v.q))
    loss = torch.relu(torch.dist(f, g) ** 2 - torch.dist(f, h) ** 2 + v.m)
    return loss, {"f_a": f, "f_p": g, "f_q": h}


def info_nce() -> Network:
    """Contrast over the batch: row i of A belongs to row i of B, all other rows do not."""
    A, B = MatrixSymbol("A", n, D), MatrixSymbol("B", n, V)
    W, U = MatrixSymbol("W", D, N), MatrixSymbol("U", V, N)
    net = Network("InfoNCE", inputs=[A, B], weights=[W, U], samples=n, sizes={N: 4})
    S = net.step("S", A * W * (B * U).T)
    net.loss(-F.trace(F.log_softmax(S, axis=1)) / n)
    return net


def info_nce_twin(v: Any) -> tuple[Any, Arrays]:
    s = (v.A @ v.W) @ (v.B @ v.U).T
    return functional.cross_entropy(s, torch.arange(len(s))), {"S": s}


def pinball_loss() -> Network:
    """Two quantiles of y at once."""
    x, y = MatrixSymbol("x", D, 1), Symbol("y", real=True)
    w, v, c = MatrixSymbol("w", D, 1), MatrixSymbol("v", D, 1), Symbol("c", real=True)
    net = Network("pinball loss", inputs=[x], targets=[y], weights=[w, v, c])
    low = net.step("low", F.dot(w, x) + c)
    high = net.step("high", low + F.softplus(F.dot(v, x)))
    net.loss(
        F.maximum((y - low) / 10, -9 * (y - low) / 10)
        + F.maximum(9 * (y - high) / 10, -(y - high) / 10)
    )
    return net


def pinball_loss_twin(v: Any) -> tuple[Any, Arrays]:
    low = v.w @ v.x + v.c
    high = low + torch.logaddexp(v.v @ v.x, torch.zeros((), dtype=low.dtype))

    def pinball(r: Any, q: float) -> Any:
        return q * torch.relu(r) + (1 - q) * torch.relu(-r)

    return pinball(v.y - low, 0.1) + pinball(v.y - high, 0.9), {"low": low, "high": high}


def support_vectors() -> Network:
    """A linear machine: the hinge of signed labels, and the squared norm of the weights."""
    x, w = MatrixSymbol("x", D, 1), MatrixSymbol("w", D, 1)
    y, b, lam = symbols("y b lam", real=True)
    net = Network(
        "support vectors",
        inputs=[x],
        targets=[y],
        weights=[w, b],
        hyperparameters={lam: 0.05},
        labels={y: "signed"},
    )
    z = net.step("z", F.dot(w, x) + b)
    net.loss(F.hinge_loss(y, z) + lam * F.l2(w))
    return net


def support_vectors_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.w @ v.x + v.b
    return torch.clamp(1 - v.y * z, min=0) + v.lam * (v.w**2).sum(), {"z": z}


def logistic_network() -> Network:
    """A hidden layer, signed labels, and an l1 penalty."""
    x, y = MatrixSymbol("x", D, 1), Symbol("y", real=True)
    W, v, lam = MatrixSymbol("W", N, D), MatrixSymbol("v", N, 1), Symbol("lam", real=True)
    net = Network(
        "logistic network",
        inputs=[x],
        targets=[y],
        weights=[W, v],
        hyperparameters={lam: 0.02},
        labels={y: "signed"},
        sizes={N: 8},
    )
    z = net.step("z", F.dot(v, F.gelu(W * x)))
    net.loss(F.logistic_loss(y, z) + lam * F.l1(W, v))
    return net


def logistic_network_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.v @ functional.gelu(v.W @ v.x)
    penalty = v.lam * (v.W.abs().sum() + v.v.abs().sum())
    return -functional.logsigmoid(v.y * z) + penalty, {"z": z}


def pseudo_huber() -> Network:
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W, c = MatrixSymbol("W", V, D), Symbol("c", real=True)
    net = Network(
        "pseudo-Huber loss", inputs=[x], targets=[y], weights=[W], hyperparameters={c: 0.5}
    )
    r = net.step("r", (y - W * x) / c)
    one = OneMatrix(V, 1)
    net.loss(c**2 * F.total(F.sqrt(one + HadamardPower(r, 2)) - one))
    return net


def pseudo_huber_twin(v: Any) -> tuple[Any, Arrays]:
    r = (v.y - v.W @ v.x) / v.c
    return v.c**2 * (torch.hypot(r, torch.ones_like(r)) - 1).sum(), {}


CASES = [
    Case(focal_loss, focal_loss_twin, {"D": 3, "V": 4}, large={"x": 1e3}),
    Case(binary_focal_loss, binary_focal_loss_twin, {"D": 3}, large={"x": 1e3}),
    Case(label_smoothing, label_smoothing_twin, {"D": 3, "V": 4}, large={"x": 1e3}),
    Case(distillation, distillation_twin, {"D": 3, "V": 4}, large={"x": 1e3, "t": 1e3}),
    Case(triplet_loss, triplet_loss_twin, {"D": 3, "N": 2}, large={"a": 1e3}),
    Case(info_nce, info_nce_twin, {"D": 3, "V": 4, "N": 2}, large={"A": 1e3}),
    Case(pinball_loss, pinball_loss_twin, {"D": 3}, large={"x": 1e3}),
    Case(support_vectors, support_vectors_twin, {"D": 4}, large={"x": 1e3}),
    Case(logistic_network, logistic_network_twin, {"D": 3, "N": 4}, large={"x": 1e3}),
    Case(pseudo_huber, pseudo_huber_twin, {"D": 3, "V": 2}, large={"x": 1e3}),
]
