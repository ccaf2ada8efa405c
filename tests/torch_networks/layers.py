"""Networks by their structure: residuals, gates, mixtures, pairs of inputs."""

from __future__ import annotations

from typing import Any

from sympy import (
    HadamardPower,
    Identity,
    MatrixSymbol,
    OneMatrix,
    Symbol,
    hadamard_product,
    symbols,
)

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, functional, torch

T, D, N, V = symbols("T D N V", integer=True, positive=True)


def residual_net() -> Network:
    """Three blocks h + W2 relu(W1 h + b), then a classifier."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    blocks = [
        (MatrixSymbol(f"W{i}", N, D), MatrixSymbol(f"b{i}", N, 1), MatrixSymbol(f"U{i}", D, N))
        for i in (1, 2, 3)
    ]
    C = MatrixSymbol("C", V, D)
    net = Network(
        "residual net",
        inputs=[x],
        targets=[y],
        weights=[*(weight for block in blocks for weight in block), C],
        labels={y: "one-hot"},
        sizes={N: 8},
    )
    h = x
    for i, (W, b, U) in enumerate(blocks, start=1):
        h = net.step(f"h{i}", h + U * F.relu(W * h + b))
    p = net.step("p", F.softmax(C * h))
    net.loss(F.cross_entropy(y, p))
    return net


def residual_net_twin(v: Any) -> tuple[Any, Arrays]:
    h = v.x
    for w, b, u in ((v.W1, v.b1, v.U1), (v.W2, v.b2, v.U2), (v.W3, v.b3, v.U3)):
        h = h + u @ torch.relu(w @ h + b)
    z = v.C @ h
    return -(v.y * torch.log_softmax(z, 0)).sum(), {"p": torch.softmax(z, 0)}


def highway() -> Network:
    """A gate t between a layer and its input, twice with the same weights."""
    x, y = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1)
    W, U = MatrixSymbol("W", N, N), MatrixSymbol("U", N, N)
    b, c = MatrixSymbol("b", N, 1), MatrixSymbol("c", N, 1)
    net = Network("highway", inputs=[x], targets=[y], weights=[W, b, U, c])
    h = x
    for i in (1, 2):
        t = net.step(f"t{i}", F.sigmoid(U * h + c))
        new = hadamard_product(t, F.relu(W * h + b))
        h = net.step(f"h{i}", new + hadamard_product(OneMatrix(N, 1) - t, h))
    net.loss(F.mean_squared_error(y, h))
    return net


def highway_twin(v: Any) -> tuple[Any, Arrays]:
    h = v.x
    for _ in range(2):
        h = torch.lerp(h, torch.relu(v.W @ h + v.b), torch.sigmoid(v.U @ h + v.c))
    return ((v.y - h) ** 2).mean(), {"h2": h}


def squeeze_excite() -> Network:
    """Every channel (a column) is scaled by a gate that sees the means of all channels."""
    X, Y = MatrixSymbol("X", T, D), MatrixSymbol("Y", T, D)
    W1, W2 = MatrixSymbol("W1", N, D), MatrixSymbol("W2", D, N)
    net = Network("squeeze-excite", inputs=[X], targets=[Y], weights=[W1, W2], sizes={N: 2})
    s = net.step("s", F.mean(X, axis=0).T)
    e = net.step("e", F.sigmoid(W2 * F.relu(W1 * s)))
    Z = net.step("Z", hadamard_product(X, OneMatrix(T, 1) * e.T))
    net.loss(F.mean_squared_error(Y, Z))
    return net


def squeeze_excite_twin(v: Any) -> tuple[Any, Arrays]:
    e = torch.sigmoid(v.W2 @ torch.relu(v.W1 @ v.X.mean(0)))
    return ((v.Y - v.X * e) ** 2).mean(), {"Z": v.X * e}


def summed_layers() -> Network:
    """Two layers whose outputs are added up: their gradients are equal along one axis."""
    X, y, z = MatrixSymbol("X", T, D), MatrixSymbol("y", T, 1), MatrixSymbol("z", 1, D)
    W, U = MatrixSymbol("W", D, N), MatrixSymbol("U", N, T)
    net = Network("summed layers", inputs=[X], targets=[y, z], weights=[W, U], sizes={N: 8})
    h, g = net.step("h", F.total(X * W, axis=1)), net.step("g", F.total(U * X, axis=0))
    net.loss(F.squared_error(y, h) + F.squared_error(z, g))
    return net


def summed_layers_twin(v: Any) -> tuple[Any, Arrays]:
    h, g = (v.X @ v.W).sum(1), (v.U @ v.X).sum(0, keepdim=True)
    return ((v.y - h) ** 2).sum() + ((v.z - g) ** 2).sum(), {"h": h, "g": g}


def mixture_of_experts() -> Network:
    """A softmax gate over linear experts, the columns of one matrix."""
    x, y = MatrixSymbol("x", D, 1), Symbol("y", real=True)
    E, G = MatrixSymbol("E", D, N), MatrixSymbol("G", N, D)
    net = Network("mixture of experts", inputs=[x], targets=[y], weights=[E, G], sizes={N: 4})
    g = net.step("g", F.softmax(G * x))
    y_hat = net.step("y_hat", F.dot(g, E.T * x))
    net.loss(F.half_squared_error(y, y_hat))
    return net


def mixture_of_experts_twin(v: Any) -> tuple[Any, Arrays]:
    y_hat = torch.softmax(v.G @ v.x, 0) @ (v.x @ v.E)
    return (v.y - y_hat) ** 2 / 2, {"y_hat": y_hat}


def learned_slope() -> Network:
    """PReLU, its slope a weight, in two layers."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W1, W2, b = MatrixSymbol("W1", N, D), MatrixSymbol("W2", V, N), MatrixSymbol("b", N, 1)
    s = Symbol("s", real=True)
    net = Network("learned slope", inputs=[x], targets=[y], weights=[W1, b, W2, s], sizes={N: 8})
    h = net.step("h", F.prelu(W1 * x + b, s))
    y_hat = net.step("y_hat", F.prelu(W2 * h, s))
    net.loss(F.half_squared_error(y, y_hat))
    return net


def learned_slope_twin(v: Any) -> tuple[Any, Arrays]:
    s = v.s.reshape(1)
    h = functional.prelu(v.W1 @ v.x + v.b, s)
    y_hat = functional.prelu((v.W2 @ h)[None], s)[0]
    return ((v.y - y_hat) ** 2).sum() / 2, {"y_hat": y_hat}


def maxout() -> Network:
    """The larger of two affine maps, entry by entry; leaky and silu layers above."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    A, B = MatrixSymbol("A", N, D), MatrixSymbol("B", N, D)
    C, E = MatrixSymbol("C", N, N), MatrixSymbol("E", V, N)
    net = Network("maxout", inputs=[x], targets=[y], weights=[A, B, C, E], sizes={N: 8})
    m = net.step("m", F.maximum(A * x, B * x))
    h = net.step("h", F.leaky_relu(C * m))
    y_hat = net.step("y_hat", E * F.silu(h))
    net.loss(F.total(F.absolute(y - y_hat)))
    return net


def maxout_twin(v: Any) -> tuple[Any, Arrays]:
    h = functional.leaky_relu(v.C @ torch.maximum(v.A @ v.x, v.B @ v.x), 0.01)
    y_hat = v.E @ functional.silu(h)
    return (v.y - y_hat).abs().sum(), {"y_hat": y_hat}


def bilinear() -> Network:
    """Whether x and z belong together: sigmoid(x'Wz + b)."""
    x, z = MatrixSymbol("x", D, 1), MatrixSymbol("z", N, 1)
    y, b = symbols("y b", real=True)
    W = MatrixSymbol("W", D, N)
    net = Network("bilinear", inputs=[x, z], targets=[y], weights=[W, b], labels={y: "binary"})
    p = net.step("p", F.sigmoid(F.scalar(x.T * W * z) + b))
    net.loss(F.binary_cross_entropy(y, p))
    return net


def bilinear_twin(v: Any) -> tuple[Any, Arrays]:
    a = functional.bilinear(v.x, v.z, v.W[None], v.b[None])[0]
    return functional.binary_cross_entropy_with_logits(a, v.y), {"p": torch.sigmoid(a)}


def factorisation_machine() -> Network:
    """Rendle's model: all pairs of entries, their weights of rank N, in linear time."""
    x, y = MatrixSymbol("x", D, 1), Symbol("y", real=True)
    w0, w, V = Symbol("w0", real=True), MatrixSymbol("w", D, 1), MatrixSymbol("V", D, N)
    net = Network(
        "factorisation machine", inputs=[x], targets=[y], weights=[w0, w, V], sizes={N: 3}
    )
    s = net.step("s", V.T * x)
    q = net.step("q", HadamardPower(V, 2).T * HadamardPower(x, 2))
    y_hat = net.step("y_hat", w0 + F.dot(w, x) + (F.squared_norm(s) - F.total(q)) / 2)
    net.loss((y - y_hat) ** 2)
    return net


def factorisation_machine_twin(v: Any) -> tuple[Any, Arrays]:
    pairs = torch.triu((v.V @ v.V.T) * torch.outer(v.x, v.x), 1).sum()
    y_hat = v.w0 + v.w @ v.x + pairs
    return (v.y - y_hat) ** 2, {"y_hat": y_hat}


def closed_form_head() -> Network:
    """A ridge regression is solved inside every sample: its features and penalty are learned."""
    X, t, z, y = (
        MatrixSymbol("X", T, D),
        MatrixSymbol("t", T, 1),
        MatrixSymbol("z", D, 1),
        Symbol("y", real=True),
    )
    W, s = MatrixSymbol("W", D, N), Symbol("s", real=True)
    net = Network("closed-form head", inputs=[X, t, z], targets=[y], weights=[W, s], sizes={N: 2})
    H = net.step("H", F.tanh(X * W))
    M = net.step("M", H.T * H + F.exp(s) * Identity(N))
    w = net.step("w", M.I * H.T * t)
    y_hat = net.step("y_hat", F.dot(w, F.tanh(W.T * z)))
    net.loss(F.half_squared_error(y, y_hat))
    return net


def closed_form_head_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.tanh(v.X @ v.W)
    m = h.T @ h + torch.exp(v.s) * torch.eye(h.shape[1], dtype=h.dtype)
    y_hat = torch.linalg.solve(m, h.T @ v.t) @ torch.tanh(v.z @ v.W)
    return (v.y - y_hat) ** 2 / 2, {"y_hat": y_hat}


def markov_chain() -> Network:
    """Three steps of a learned chain: a matrix power of a row-wise softmax."""
    x, y, W = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1), MatrixSymbol("W", N, N)
    net = Network(
        "Markov chain", inputs=[x], targets=[y], weights=[W], labels={y: "one-hot"}, outputs=["q"]
    )
    P = net.step("P", F.softmax(W, axis=1))
    q = net.step("q", (P**3).T * F.softmax(x))
    net.loss(F.cross_entropy(y, q))
    return net


def markov_chain_twin(v: Any) -> tuple[Any, Arrays]:
    q = torch.softmax(v.x, 0) @ torch.linalg.matrix_power(torch.softmax(v.W, 1), 3)
    return -torch.log(v.y @ q), {"q": q}


CASES = [
    Case(residual_net, residual_net_twin, {"D": 3, "N": 5, "V": 2}, large={"x": 1e3}),
    Case(highway, highway_twin, {"N": 4}, large={"x": 1e3}),
    Case(squeeze_excite, squeeze_excite_twin, {"T": 4, "D": 3, "N": 2}, large={"X": 1e3}),
    Case(summed_layers, summed_layers_twin, {"T": 4, "D": 3, "N": 2}),
    Case(mixture_of_experts, mixture_of_experts_twin, {"D": 3, "N": 4}, large={"x": 1e3}),
    Case(learned_slope, learned_slope_twin, {"D": 3, "N": 5, "V": 2}, large={"x": 1e3}),
    Case(maxout, maxout_twin, {"D": 3, "N": 4, "V": 2}, large={"x": 1e3}),
    Case(bilinear, bilinear_twin, {"D": 3, "N": 4}, large={"x": 1e3}),
    Case(factorisation_machine, factorisation_machine_twin, {"D": 5, "N": 3}),
    Case(closed_form_head, closed_form_head_twin, {"T": 5, "D": 3, "N": 2}, large={"X": 1e3}),
    Case(markov_chain, markov_chain_twin, {"N": 4}),
]
