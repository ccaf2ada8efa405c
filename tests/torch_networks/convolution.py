"""Convolution by slices of a signal or an image, and pooling."""

from __future__ import annotations

from typing import Any

from sympy import MatrixSymbol, OneMatrix, Symbol, symbols

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, functional, torch

D, N, V = symbols("D N V", integer=True, positive=True)


def convolution() -> Network:
    """A kernel of three entries over a signal: valid, two layers, then a linear read-out."""
    x, y = MatrixSymbol("x", 9, 1), MatrixSymbol("y", V, 1)
    k, q, W = MatrixSymbol("k", 3, 1), MatrixSymbol("q", 3, 1), MatrixSymbol("W", V, 5)
    b = Symbol("b", real=True)
    net = Network(
        "convolution", inputs=[x], targets=[y], weights=[k, b, q, W], labels={y: "one-hot"}
    )
    a = k[0, 0] * x[0:7, :] + k[1, 0] * x[1:8, :] + k[2, 0] * x[2:9, :] + b * OneMatrix(7, 1)
    h = net.step("h", F.relu(a))
    g = net.step("g", F.tanh(q[0, 0] * h[0:5, :] + q[1, 0] * h[1:6, :] + q[2, 0] * h[2:7, :]))
    p = net.step("p", F.softmax(W * g))
    net.loss(F.cross_entropy(y, p))
    return net


def _conv(x: Any, k: Any, **options: Any) -> Any:
    return functional.conv1d(x[None, None], k[None, None], **options)[0, 0]


def convolution_twin(v: Any) -> tuple[Any, Arrays]:
    g = torch.tanh(_conv(torch.relu(_conv(v.x, v.k) + v.b), v.q))
    z = v.W @ g
    return -(v.y * torch.log_softmax(z, 0)).sum(), {"p": torch.softmax(z, 0)}


def strided_convolution() -> Network:
    """Stride 2 by slices with a step; the mean over the places is the output."""
    x, y = MatrixSymbol("x", 9, 1), Symbol("y", real=True)
    k, w = MatrixSymbol("k", 3, 1), Symbol("w", real=True)
    net = Network("strided convolution", inputs=[x], targets=[y], weights=[k, w])
    a = net.step("a", k[0, 0] * x[0:7:2, :] + k[1, 0] * x[1:8:2, :] + k[2, 0] * x[2:9:2, :])
    y_hat = net.step("y_hat", w * F.mean(F.softplus(a)))
    net.loss(F.half_squared_error(y, y_hat))
    return net


def strided_convolution_twin(v: Any) -> tuple[Any, Arrays]:
    y_hat = v.w * functional.softplus(_conv(v.x, v.k, stride=2), threshold=1000).mean()
    return (v.y - y_hat) ** 2 / 2, {"y_hat": y_hat}


def convolution_by_stacking() -> Network:
    """im2col: three shifted signals side by side, times the kernels of N channels; max pooling."""
    x, y = MatrixSymbol("x", 8, 1), MatrixSymbol("y", V, 1)
    K, b, W = MatrixSymbol("K", 3, N), MatrixSymbol("b", N, 1), MatrixSymbol("W", V, N)
    net = Network(
        "convolution by stacking",
        inputs=[x],
        targets=[y],
        weights=[K, b, W],
        labels={y: "one-hot"},
    )
    P = net.step("P", F.hstack(x[0:6, :], x[1:7, :], x[2:8, :]))
    H = net.step("H", F.relu(P * K + OneMatrix(6, 1) * b.T))
    m = net.step("m", F.amax(H, axis=0).T)
    p = net.step("p", F.softmax(W * m))
    net.loss(F.cross_entropy(y, p))
    return net


def convolution_by_stacking_twin(v: Any) -> tuple[Any, Arrays]:
    a = functional.conv1d(v.x[None, None], v.K.T[:, None], v.b)
    m = functional.adaptive_max_pool1d(torch.relu(a), 1)[0, :, 0]
    z = v.W @ m
    return -(v.y * torch.log_softmax(z, 0)).sum(), {"p": torch.softmax(z, 0)}


def convolution_of_an_image() -> Network:
    """A 3 x 3 kernel over a 5 x 6 image, then the largest of each pair of columns."""
    X, y = MatrixSymbol("X", 5, 6), Symbol("y", real=True)
    K, w = MatrixSymbol("K", 3, 3), MatrixSymbol("w", 3, 1)
    net = Network(
        "convolution of an image", inputs=[X], targets=[y], weights=[K, w], labels={y: "binary"}
    )
    terms = [K[i, j] * X[i : i + 3, j : j + 4] for i in range(3) for j in range(3)]
    A = net.step("A", sum(terms[1:], terms[0]))
    H = net.step("H", F.maximum(A[:, 0:4:2], A[:, 1:4:2]))
    q = net.step("q", F.sigmoid(F.total(H.T * w)))
    net.loss(F.binary_cross_entropy(y, q))
    return net


def convolution_of_an_image_twin(v: Any) -> tuple[Any, Arrays]:
    a = functional.conv2d(v.X[None, None], v.K[None, None])
    h = functional.max_pool2d(a, (1, 2))[0, 0]
    z = (h.T @ v.w).sum()
    loss = functional.binary_cross_entropy_with_logits(z, v.y)
    return loss, {"q": torch.sigmoid(z)}


def deep_sets() -> Network:
    """The members of a set through one layer; their mean and their maximum are read out."""
    X, y = MatrixSymbol("X", 5, D), Symbol("y", real=True)
    W, u, v = MatrixSymbol("W", D, N), MatrixSymbol("u", N, 1), MatrixSymbol("v", N, 1)
    net = Network("deep sets", inputs=[X], targets=[y], weights=[W, u, v], sizes={N: 8})
    H = net.step("H", F.tanh(X * W))
    m, t = net.step("m", F.mean(H, axis=0)), net.step("t", F.amax(H, axis=0))
    y_hat = net.step("y_hat", F.scalar(m * u) + F.scalar(t * v))
    net.loss((y - y_hat) ** 2)
    return net


def deep_sets_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.tanh(v.X @ v.W)
    y_hat = h.mean(0) @ v.u + h.amax(0) @ v.v
    return (v.y - y_hat) ** 2, {"y_hat": y_hat}


def pendulum() -> Network:
    """A trajectory by a small network, held against data and against u'' = -k sin(u)."""
    x, y = MatrixSymbol("x", 6, 1), MatrixSymbol("y", 6, 1)
    w1, b1 = MatrixSymbol("w1", 1, N), MatrixSymbol("b1", 1, N)
    w2, k, dt = MatrixSymbol("w2", N, 1), Symbol("k", real=True), Symbol("dt", real=True)
    net = Network(
        "pendulum",
        inputs=[x],
        targets=[y],
        weights=[w1, b1, w2, k],
        hyperparameters={dt: 0.5},
        sizes={N: 8},
    )
    u = net.step("u", F.tanh(x * w1 + OneMatrix(6, 1) * b1) * w2)
    middle = u[1:5, :]
    r = net.step("r", (u[2:6, :] - 2 * middle + u[0:4, :]) / dt**2 + k * F.sin(middle))
    net.loss(F.mean_squared_error(y, u) + F.squared_norm(r) / 4)
    return net


def pendulum_twin(v: Any) -> tuple[Any, Arrays]:
    u = (torch.tanh(v.x[:, None] * v.w1 + v.b1) @ v.w2[:, None])[:, 0]
    r = torch.diff(u, 2) / v.dt**2 + v.k * torch.sin(u[1:-1])
    return ((v.y - u) ** 2).mean() + (r**2).mean(), {"u": u, "r": r}


CASES = [
    Case(convolution, convolution_twin, {"V": 3}, large={"x": 1e3}),
    Case(strided_convolution, strided_convolution_twin, large={"x": 1e3}),
    Case(convolution_by_stacking, convolution_by_stacking_twin, {"V": 3, "N": 4}, large={"x": 1e3}),
    Case(convolution_of_an_image, convolution_of_an_image_twin, large={"X": 1e3}),
    Case(deep_sets, deep_sets_twin, {"D": 3, "N": 4}, large={"X": 1e3}),
    Case(pendulum, pendulum_twin, {"N": 4}),
]
