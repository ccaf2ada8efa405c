"""Normalisation: of a column, of the rows or columns of a matrix, of weights."""

from __future__ import annotations

from typing import Any

from sympy import HadamardPower, MatrixSymbol, OneMatrix, Symbol, hadamard_product, symbols

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, functional, torch

T, D, N, V = symbols("T D N V", integer=True, positive=True)
eps = Symbol("eps", real=True)


def layer_norm() -> Network:
    """Of a column, with learned scale and shift."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W, U = MatrixSymbol("W", N, D), MatrixSymbol("U", V, N)
    g, b = MatrixSymbol("g", N, 1), MatrixSymbol("b", N, 1)
    net = Network(
        "layer norm",
        inputs=[x],
        targets=[y],
        weights=[W, g, b, U],
        hyperparameters={eps: 1e-5},
        sizes={N: 8},
    )
    a = net.step("a", W * x)
    c = net.step("c", a - F.mean(a) * OneMatrix(N, 1))
    s = net.step("s", F.sqrt(F.mean(HadamardPower(c, 2)) + eps))
    h = net.step("h", F.relu(hadamard_product(g, c / s) + b))
    y_hat = net.step("y_hat", U * h)
    net.loss(F.half_squared_error(y, y_hat))
    return net


def layer_norm_twin(v: Any) -> tuple[Any, Arrays]:
    normal = functional.layer_norm(v.W @ v.x, v.g.shape, v.g, v.b, v.eps)
    y_hat = v.U @ torch.relu(normal)
    return ((v.y - y_hat) ** 2).sum() / 2, {"y_hat": y_hat}


def layer_norm_of_rows() -> Network:
    """Of every row of a matrix, in one step; scale and shift are rows."""
    X, Y = MatrixSymbol("X", T, D), MatrixSymbol("Y", T, N)
    W, g, b = MatrixSymbol("W", D, N), MatrixSymbol("g", 1, N), MatrixSymbol("b", 1, N)
    net = Network("layer norm of rows", inputs=[X], targets=[Y], weights=[W, g, b])
    one, across = OneMatrix(T, 1), OneMatrix(1, N)
    A = net.step("A", X * W)
    C = net.step("C", A - F.mean(A, axis=1) * across)
    v = net.step("v", F.mean(HadamardPower(C, 2), axis=1))
    r = HadamardPower(v + one / 1000, -1)
    Z = net.step("Z", hadamard_product(C, F.sqrt(r) * across))
    Y_hat = net.step("Y_hat", hadamard_product(one * g, Z) + one * b)
    net.loss(F.mean_squared_error(Y, Y_hat))
    return net


def layer_norm_of_rows_twin(v: Any) -> tuple[Any, Arrays]:
    y_hat = functional.layer_norm(v.X @ v.W, (v.W.shape[1],), v.g[0], v.b[0], 1e-3)
    return ((v.Y - y_hat) ** 2).mean(), {"Y_hat": y_hat}


def norm_over_a_set() -> Network:
    """As batch norm, over the T members of a per-sample set: every column is normalised."""
    X, y = MatrixSymbol("X", T, D), MatrixSymbol("y", V, 1)
    W, g, b = MatrixSymbol("W", D, N), MatrixSymbol("g", N, 1), MatrixSymbol("b", N, 1)
    U = MatrixSymbol("U", V, N)
    net = Network(
        "norm over a set",
        inputs=[X],
        targets=[y],
        weights=[W, g, b, U],
        hyperparameters={eps: 1e-3},
        labels={y: "binary"},
    )
    one = OneMatrix(T, 1)
    A = net.step("A", X * W)
    m = net.step("m", F.mean(A, axis=0))
    C = net.step("C", A - one * m)
    s = net.step("s", F.sqrt(F.mean(HadamardPower(C, 2), axis=0) + eps * OneMatrix(1, N)))
    Z = net.step("Z", hadamard_product(C, one * HadamardPower(s, -1)))
    H = net.step("H", F.relu(hadamard_product(Z, one * g.T) + one * b.T))
    q = net.step("q", F.sigmoid(U * F.mean(H, axis=0).T))
    net.loss(F.binary_cross_entropy(y, q))
    return net


def norm_over_a_set_twin(v: Any) -> tuple[Any, Arrays]:
    a = v.X @ v.W
    variance, m = torch.var_mean(a, 0, correction=0)
    z = v.g * (a - m) * torch.rsqrt(variance + v.eps) + v.b
    logits = v.U @ torch.relu(z).mean(0)
    loss = functional.binary_cross_entropy_with_logits(logits, v.y, reduction="sum")
    return loss, {"q": torch.sigmoid(logits)}


def rms_norm() -> Network:
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W, g = MatrixSymbol("W", V, D), MatrixSymbol("g", D, 1)
    net = Network("RMS norm", inputs=[x], targets=[y], weights=[W, g], labels={y: "one-hot"})
    r = net.step("r", 1 / F.sqrt(F.squared_norm(x) / D + 1e-6))
    p = net.step("p", F.softmax(W * hadamard_product(g, r * x)))
    net.loss(F.cross_entropy(y, p))
    return net


def rms_norm_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.W @ functional.rms_norm(v.x, v.g.shape, v.g, 1e-6)
    return -(v.y * torch.log_softmax(z, 0)).sum(), {"p": torch.softmax(z, 0)}


def rms_norm_of_a_layer() -> Network:
    """The weights stand below the norm."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1)
    W, g = MatrixSymbol("W", N, D), MatrixSymbol("g", N, 1)
    net = Network("RMS norm of a layer", inputs=[x], targets=[y], weights=[W, g])
    a = net.step("a", W * x)
    y_hat = net.step("y_hat", hadamard_product(g, a) / F.sqrt(F.mean(HadamardPower(a, 2))))
    net.loss(F.squared_error(y, y_hat))
    return net


def rms_norm_of_a_layer_twin(v: Any) -> tuple[Any, Arrays]:
    y_hat = functional.rms_norm(v.W @ v.x, v.g.shape, v.g, 0.0)
    return ((v.y - y_hat) ** 2).sum(), {"y_hat": y_hat}


def weight_norm() -> Network:
    """Salimans and Kingma: w = g v/|v|."""
    x = MatrixSymbol("x", D, 1)
    y, g, b = symbols("y g b", real=True)
    v = MatrixSymbol("v", D, 1)
    net = Network("weight norm", inputs=[x], targets=[y], weights=[v, g, b])
    w = net.step("w", g * v / F.norm(v))
    y_hat = net.step("y_hat", F.tanh(F.dot(w, x) + b))
    net.loss(F.half_squared_error(y, y_hat))
    return net


def weight_norm_twin(v: Any) -> tuple[Any, Arrays]:
    w = torch._weight_norm(v.v[None, :], v.g.reshape(1, 1), 0)[0]
    y_hat = torch.tanh(w @ v.x + v.b)
    return (v.y - y_hat) ** 2 / 2, {"y_hat": y_hat}


def weight_norm_of_rows() -> Network:
    """A scale for each row of a matrix."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1)
    U, g = MatrixSymbol("U", N, D), MatrixSymbol("g", N, 1)
    net = Network("weight norm of rows", inputs=[x], targets=[y], weights=[U, g])
    r = net.step("r", F.sqrt(F.total(HadamardPower(U, 2), axis=1)))
    W = net.step(
        "W", hadamard_product(U, hadamard_product(g, HadamardPower(r, -1)) * OneMatrix(1, D))
    )
    y_hat = net.step("y_hat", W * x)
    net.loss(F.mean_squared_error(y, y_hat))
    return net


def weight_norm_of_rows_twin(v: Any) -> tuple[Any, Arrays]:
    y_hat = torch._weight_norm(v.U, v.g[:, None], 0) @ v.x
    return ((v.y - y_hat) ** 2).mean(), {"y_hat": y_hat}


def cosine_similarity() -> Network:
    """Two towers of shared weights; the cosine of their outputs is learned."""
    x, z = MatrixSymbol("x", D, 1), MatrixSymbol("z", D, 1)
    y, W = Symbol("y", real=True), MatrixSymbol("W", N, D)
    net = Network("cosine similarity", inputs=[x, z], targets=[y], weights=[W], sizes={N: 8})
    a, b = net.step("a", F.tanh(W * x)), net.step("b", F.tanh(W * z))
    s = net.step("s", F.dot(a, b) / (F.norm(a) * F.norm(b)))
    net.loss((y - s) ** 2)
    return net


def cosine_similarity_twin(v: Any) -> tuple[Any, Arrays]:
    a, b = torch.tanh(v.W @ v.x), torch.tanh(v.W @ v.z)
    s = functional.cosine_similarity(a, b, 0)
    return (v.y - s) ** 2, {"s": s}


CASES = [
    Case(layer_norm, layer_norm_twin, {"D": 3, "N": 4, "V": 2}, large={"x": 1e3}),
    Case(layer_norm_of_rows, layer_norm_of_rows_twin, {"T": 4, "D": 3, "N": 5}, large={"X": 1e3}),
    Case(norm_over_a_set, norm_over_a_set_twin, {"T": 5, "D": 3, "N": 4, "V": 2}, large={"X": 1e3}),
    Case(rms_norm, rms_norm_twin, {"D": 4, "V": 3}, large={"x": 1e3}),
    Case(rms_norm_of_a_layer, rms_norm_of_a_layer_twin, {"D": 3, "N": 4}, large={"x": 1e3}),
    Case(weight_norm, weight_norm_twin, {"D": 4}, large={"x": 1e3}),
    Case(weight_norm_of_rows, weight_norm_of_rows_twin, {"D": 4, "N": 3}),
    Case(cosine_similarity, cosine_similarity_twin, {"D": 3, "N": 4}),
]
