"""Attention over the rows of a per-sample matrix X, T x D: a token a row."""

from __future__ import annotations

from typing import Any

from sympy import HadamardPower, MatrixSymbol, OneMatrix, hadamard_product, sqrt, symbols

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, functional, torch

T, D, N, V, d = symbols("T D N V d", integer=True, positive=True)


def attention() -> Network:
    X, Y = MatrixSymbol("X", T, D), MatrixSymbol("Y", T, N)
    Wq, Wk, Wv = MatrixSymbol("Wq", D, d), MatrixSymbol("Wk", D, d), MatrixSymbol("Wv", D, N)
    net = Network("attention", inputs=[X], targets=[Y], weights=[Wq, Wk, Wv], sizes={d: 2})
    Q, K = net.step("Q", X * Wq), net.step("K", X * Wk)
    S = net.step("S", Q * K.T / sqrt(d))
    A = net.step("A", F.softmax(S, axis=1))
    Z = net.step("Z", A * net.step("V", X * Wv))
    net.loss(F.mean_squared_error(Y, Z))
    return net


def attention_twin(v: Any) -> tuple[Any, Arrays]:
    z = functional.scaled_dot_product_attention(v.X @ v.Wq, v.X @ v.Wk, v.X @ v.Wv)
    return ((v.Y - z) ** 2).mean(), {"Z": z}


def masked_attention() -> Network:
    """Attention in one step, its mask an input: 0 where a token may look, else far below."""
    X, M, y = MatrixSymbol("X", T, D), MatrixSymbol("M", T, T), MatrixSymbol("y", T, 1)
    Wq, Wk, w = MatrixSymbol("Wq", D, D), MatrixSymbol("Wk", D, D), MatrixSymbol("w", D, 1)
    net = Network("masked attention", inputs=[X, M], targets=[y], weights=[Wq, Wk, w])
    Z = net.step("Z", F.softmax(X * Wq * Wk.T * X.T + M, axis=1) * X)
    y_hat = net.step("y_hat", Z * w)
    net.loss(F.half_squared_error(y, y_hat))
    return net


def masked_attention_twin(v: Any) -> tuple[Any, Arrays]:
    scores = (v.X @ v.Wq) @ (v.X @ v.Wk).T
    y_hat = torch.softmax(scores + v.M, 1) @ v.X @ v.w
    return ((v.y - y_hat) ** 2).sum() / 2, {"y_hat": y_hat}


def heads_by_slices() -> Network:
    """Two heads: the columns of one projection are cut in two."""
    X, Y = MatrixSymbol("X", 3, 4), MatrixSymbol("Y", 3, 2)
    Wq, Wk, Wv = (MatrixSymbol(name, 4, 4) for name in ("Wq", "Wk", "Wv"))
    Wo = MatrixSymbol("Wo", 4, 2)
    net = Network("heads by slices", inputs=[X], targets=[Y], weights=[Wq, Wk, Wv, Wo])
    Q, K, U = net.step("Q", X * Wq), net.step("K", X * Wk), net.step("U", X * Wv)
    heads = []
    for index, start in enumerate((0, 2), start=1):
        cut = slice(start, start + 2)
        A = net.step(f"A{index}", F.softmax(Q[:, cut] * K[:, cut].T / sqrt(2), axis=1))
        heads.append(net.step(f"H{index}", A * U[:, cut]))
    Z = net.step("Z", F.hstack(*heads) * Wo)
    net.loss(F.squared_error(Y, Z))
    return net


def heads_by_slices_twin(v: Any) -> tuple[Any, Arrays]:
    q, k, u = ((v.X @ w).reshape(3, 2, 2).transpose(0, 1) for w in (v.Wq, v.Wk, v.Wv))
    heads = functional.scaled_dot_product_attention(q, k, u)
    z = heads.transpose(0, 1).reshape(3, 4) @ v.Wo
    return ((v.Y - z) ** 2).sum(), {"Z": z}


def heads_stacked() -> Network:
    """Two heads with weights of their own, laid side by side; sizes symbolic."""
    X, Y = MatrixSymbol("X", T, D), MatrixSymbol("Y", T, V)
    weights, heads = [], []
    names = [f"{kind}{head}" for head in (1, 2) for kind in ("Q", "K", "U")]
    weights = [MatrixSymbol(name, D, d) for name in names]
    Wo = MatrixSymbol("Wo", 2 * d, V)
    net = Network("stacked heads", inputs=[X], targets=[Y], weights=[*weights, Wo], sizes={d: 2})
    for head in (0, 1):
        Q, K, U = weights[3 * head : 3 * head + 3]
        A = net.step(f"A{head + 1}", F.softmax(X * Q * (X * K).T / sqrt(d), axis=1))
        heads.append(net.step(f"H{head + 1}", A * X * U))
    Z = net.step("Z", F.hstack(*heads) * Wo)
    net.loss(F.mean_squared_error(Y, Z))
    return net


def heads_stacked_twin(v: Any) -> tuple[Any, Arrays]:
    heads = [
        functional.scaled_dot_product_attention(v.X @ q, v.X @ k, v.X @ u)
        for q, k, u in ((v.Q1, v.K1, v.U1), (v.Q2, v.K2, v.U2))
    ]
    z = torch.cat(heads, 1) @ v.Wo
    return ((v.Y - z) ** 2).mean(), {"Z": z}


def additive_attention() -> Network:
    """Bahdanau's scores v' tanh(W x_t + U s), pooling the tokens into one column."""
    X, s, y = MatrixSymbol("X", T, D), MatrixSymbol("s", N, 1), MatrixSymbol("y", D, 1)
    W, U, v = MatrixSymbol("W", D, d), MatrixSymbol("U", N, d), MatrixSymbol("v", d, 1)
    net = Network("additive attention", inputs=[X, s], targets=[y], weights=[W, U, v])
    h = net.step("h", F.tanh(X * W + OneMatrix(T, 1) * s.T * U))
    alpha = net.step("alpha", F.softmax(h * v))
    c = net.step("c", X.T * alpha)
    net.loss(F.squared_error(y, c))
    return net


def additive_attention_twin(v: Any) -> tuple[Any, Arrays]:
    alpha = torch.softmax(torch.tanh(v.X @ v.W + v.s @ v.U) @ v.v, 0)
    c = alpha @ v.X
    return ((v.y - c) ** 2).sum(), {"c": c}


def _rows_normalised(net: Network, name: str, X: Any, g: Any, b: Any) -> Any:
    """Layer norm of every row, with learned scale and shift."""
    one, across = OneMatrix(T, 1), OneMatrix(1, D)
    C = net.step(f"C{name}", X - F.mean(X, axis=1) * across)
    s = net.step(f"s{name}", F.sqrt(F.mean(HadamardPower(C, 2), axis=1) + one / 100000))
    Z = hadamard_product(C, HadamardPower(s, -1) * across)
    return net.step(f"N{name}", hadamard_product(one * g.T, Z) + one * b.T)


def transformer_block() -> Network:
    """Attention and a gelu layer, each with a residual and a layer norm; the mean is classified."""
    X, y = MatrixSymbol("X", T, D), MatrixSymbol("y", V, 1)
    Wq, Wk, Wv = (MatrixSymbol(name, D, D) for name in ("Wq", "Wk", "Wv"))
    W1, b1 = MatrixSymbol("W1", D, N), MatrixSymbol("b1", N, 1)
    W2, b2 = MatrixSymbol("W2", N, D), MatrixSymbol("b2", D, 1)
    g1, g2, s1, s2 = (MatrixSymbol(name, D, 1) for name in ("g1", "g2", "o1", "o2"))
    Wc = MatrixSymbol("Wc", V, D)
    net = Network(
        "transformer block",
        inputs=[X],
        targets=[y],
        weights=[Wq, Wk, Wv, g1, s1, W1, b1, W2, b2, g2, s2, Wc],
        labels={y: "one-hot"},
        sizes={N: 8},
    )
    A = net.step("A", F.softmax(X * Wq * (X * Wk).T / sqrt(D), axis=1))
    N1 = _rows_normalised(net, "1", net.step("R1", X + A * X * Wv), g1, s1)
    M = net.step("M", F.gelu(N1 * W1 + OneMatrix(T, 1) * b1.T))
    R2 = net.step("R2", N1 + M * W2 + OneMatrix(T, 1) * b2.T)
    N2 = _rows_normalised(net, "2", R2, g2, s2)
    p = net.step("p", F.softmax(Wc * F.mean(N2, axis=0).T))
    net.loss(F.cross_entropy(y, p))
    return net


def transformer_block_twin(v: Any) -> tuple[Any, Arrays]:
    a = functional.scaled_dot_product_attention(v.X @ v.Wq, v.X @ v.Wk, v.X @ v.Wv)
    n1 = functional.layer_norm(v.X + a, v.g1.shape, v.g1, v.o1, 1e-5)
    m = functional.gelu(n1 @ v.W1 + v.b1)
    n2 = functional.layer_norm(n1 + m @ v.W2 + v.b2, v.g2.shape, v.g2, v.o2, 1e-5)
    z = v.Wc @ n2.mean(0)
    return -(v.y * torch.log_softmax(z, 0)).sum(), {"p": torch.softmax(z, 0)}


def graph_convolution() -> Network:
    """Two layers over a graph: the neighbours are a per-sample matrix, every node is classified."""
    A, X, Y = MatrixSymbol("A", T, T), MatrixSymbol("X", T, D), MatrixSymbol("Y", T, V)
    W1, W2 = MatrixSymbol("W1", D, N), MatrixSymbol("W2", N, V)
    net = Network(
        "graph convolution", inputs=[A, X], targets=[Y], weights=[W1, W2], labels={Y: "one-hot"}
    )
    H = net.step("H", F.relu(A * X * W1))
    P = net.step("P", F.softmax(A * H * W2, axis=1))
    net.loss(F.cross_entropy(Y, P) / T)
    return net


def graph_convolution_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.A @ torch.relu(v.A @ v.X @ v.W1) @ v.W2
    loss = -(v.Y * torch.log_softmax(z, 1)).sum(1).mean()
    return loss, {"P": torch.softmax(z, 1)}


CASES = [
    Case(attention, attention_twin, {"T": 3, "D": 4, "d": 2, "N": 5}, large={"X": 1e3}),
    Case(masked_attention, masked_attention_twin, {"T": 4, "D": 3}, large={"M": 1e4}),
    Case(heads_by_slices, heads_by_slices_twin, large={"X": 1e2}),
    Case(heads_stacked, heads_stacked_twin, {"T": 3, "D": 4, "d": 2, "V": 3}),
    Case(additive_attention, additive_attention_twin, {"T": 4, "D": 3, "N": 2, "d": 5}),
    Case(
        transformer_block,
        transformer_block_twin,
        {"T": 3, "D": 4, "N": 5, "V": 2},
        large={"X": 1e3},
    ),
    Case(
        graph_convolution,
        graph_convolution_twin,
        {"T": 4, "D": 3, "N": 5, "V": 3},
        large={"X": 1e4},
    ),
]
