"""Sequences and tokens: chains, filters, attention without softmax, turned positions."""

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


def conditional_random_field() -> Network:
    """The log-likelihood of a tag sequence: the forward recursion in logarithms, unrolled."""
    X, Y = MatrixSymbol("X", 4, D), MatrixSymbol("Y", 4, V)
    W, A = MatrixSymbol("W", D, V), MatrixSymbol("A", V, V)
    net = Network(
        "conditional random field", inputs=[X], targets=[Y], weights=[W, A], labels={Y: "real"}
    )
    S = net.step("S", X * W)
    a = S[0, :]
    for t in range(1, 4):
        B = a.T * OneMatrix(1, V) + A
        a = net.step(f"a{t}", F.logsumexp(B, axis=0) + S[t, :])
    pairs = F.trace(Y[1:4, :].T * Y[0:3, :] * A)
    net.loss(F.logsumexp(a.T) - F.total(hadamard_product(Y, S)) - pairs)
    return net


def conditional_random_field_twin(v: Any) -> tuple[Any, Arrays]:
    """Every sequence of tags is scored, not the recursion repeated."""
    s = v.X @ v.W
    tags = torch.cartesian_prod(*[torch.arange(len(v.A))] * 4)
    scores = s[torch.arange(4), tags].sum(1) + v.A[tags[:, :-1], tags[:, 1:]].sum(1)
    ends = [torch.logsumexp(scores[tags[:, -1] == tag], 0) for tag in range(len(v.A))]
    pairs = sum(v.Y[t] @ v.A @ v.Y[t + 1] for t in range(3))
    loss = torch.logsumexp(scores, 0) - (v.Y * s).sum() - pairs
    return loss, {"S": s, "a3": torch.stack(ends)[None]}


def kalman_filter() -> Network:
    """The likelihood of two observations by a linear filter; dynamics and noise are learned."""
    y1, y2 = MatrixSymbol("y1", V, 1), MatrixSymbol("y2", V, 1)
    A, C = MatrixSymbol("A", N, N), MatrixSymbol("C", V, N)
    q, r = symbols("q r", real=True)
    net = Network("Kalman filter", inputs=[y1, y2], weights=[A, C, q, r], sizes={N: 2})
    P, m, terms = Identity(N), None, []
    for t, y in enumerate((y1, y2), start=1):
        P = net.step(f"P{t}", A * P * A.T + F.exp(q) * Identity(N))
        S = net.step(f"S{t}", C * P * C.T + F.exp(r) * Identity(V))
        e = net.step(f"e{t}", y if m is None else y - C * A * m)
        terms.append(F.scalar(e.T * F.inverse(S) * e) + F.logdet(S))
        if t == 1:
            K = net.step("K", P * C.T * F.inverse(S))
            m, P = net.step("m", K * e), net.step("P", (Identity(N) - K * C) * P)
    net.loss(sum(terms) / 2)
    return net


def kalman_filter_twin(v: Any) -> tuple[Any, Arrays]:
    eye, one = torch.eye(len(v.A), dtype=v.A.dtype), torch.eye(len(v.C), dtype=v.A.dtype)
    p1 = v.A @ v.A.T + torch.exp(v.q) * eye
    p2 = torch.block_diag(p1, torch.exp(v.q) * eye)
    state = torch.cat([torch.cat([eye, 0 * eye], 1), torch.cat([v.A, eye], 1)])
    observed = torch.block_diag(v.C, v.C) @ state
    law = observed @ p2 @ observed.T + torch.exp(v.r) * torch.block_diag(one, one)
    y = torch.cat([v.y1, v.y2])
    loss = (y @ torch.linalg.solve(law, y) + torch.linalg.slogdet(law).logabsdet) / 2
    gain = p1 @ v.C.T @ torch.linalg.inv(v.C @ p1 @ v.C.T + torch.exp(v.r) * one)
    return loss, {"e1": v.y1, "e2": v.y2 - v.C @ v.A @ gain @ v.y1}


def sinkhorn() -> Network:
    """Two rounds of Sinkhorn's scaling: a soft matching of the rows of X with those of Z."""
    X, Z, Y = MatrixSymbol("X", T, D), MatrixSymbol("Z", T, D), MatrixSymbol("Y", T, T)
    W = MatrixSymbol("W", D, D)
    net = Network("Sinkhorn", inputs=[X, Z], targets=[Y], weights=[W])
    one = OneMatrix(T, 1)
    K = net.step("K", F.exp(X * W * Z.T))
    u, v = one, one
    for t in (1, 2):
        u = net.step(f"u{t}", HadamardPower(K * v, -1))
        v = net.step(f"v{t}", HadamardPower(K.T * u, -1))
    P = net.step("P", hadamard_product(u * v.T, K))
    net.loss(F.squared_error(Y, P))
    return net


def sinkhorn_twin(v: Any) -> tuple[Any, Arrays]:
    p = v.X @ v.W @ v.Z.T
    for _ in range(2):
        p = torch.log_softmax(torch.log_softmax(p, 1), 0)
    return ((v.Y - torch.exp(p)) ** 2).sum(), {"P": torch.exp(p)}


def linear_attention() -> Network:
    """Attention without softmax: elu + 1 as the feature map, rows normalised by their sums."""
    X, Y = MatrixSymbol("X", T, D), MatrixSymbol("Y", T, D)
    Wq, Wk = MatrixSymbol("Wq", D, N), MatrixSymbol("Wk", D, N)
    net = Network("linear attention", inputs=[X], targets=[Y], weights=[Wq, Wk], sizes={N: 4})
    one = OneMatrix(T, N)
    Q, K = net.step("Q", F.elu(X * Wq) + one), net.step("K", F.elu(X * Wk) + one)
    s = net.step("s", Q * F.total(K, axis=0).T)
    Z = net.step("Z", hadamard_product(Q * (K.T * X), HadamardPower(s, -1) * OneMatrix(1, D)))
    net.loss(F.mean_squared_error(Y, Z))
    return net


def linear_attention_twin(v: Any) -> tuple[Any, Arrays]:
    scores = (functional.elu(v.X @ v.Wq) + 1) @ (functional.elu(v.X @ v.Wk) + 1).T
    z = (scores / scores.sum(1, keepdim=True)) @ v.X
    return ((v.Y - z) ** 2).mean(), {"Z": z}


def graph_attention() -> Network:
    """Velickovic: softmax over neighbours of leaky_relu(a'Wh_i + b'Wh_j), a mask as an input."""
    X, M, Y = MatrixSymbol("X", T, D), MatrixSymbol("M", T, T), MatrixSymbol("Y", T, N)
    W, a, b = MatrixSymbol("W", D, N), MatrixSymbol("a", N, 1), MatrixSymbol("b", N, 1)
    net = Network("graph attention", inputs=[X, M], targets=[Y], weights=[W, a, b])
    H = net.step("H", X * W)
    E = net.step("E", H * a * OneMatrix(1, T) + OneMatrix(T, 1) * (H * b).T)
    A = net.step("A", F.softmax(F.leaky_relu(E) + M, axis=1))
    Z = net.step("Z", F.elu(A * H))
    net.loss(F.squared_error(Y, Z))
    return net


def graph_attention_twin(v: Any) -> tuple[Any, Arrays]:
    h = v.X @ v.W
    e = functional.leaky_relu((h @ v.a)[:, None] + (h @ v.b)[None], 0.01)
    z = functional.elu(torch.softmax(e + v.M, 1) @ h)
    return ((v.Y - z) ** 2).sum(), {"Z": z}


def rotary_positions() -> Network:
    """The halves of two tokens, turned by an angle each; their product is the score."""
    x, z, y = MatrixSymbol("x", D, 1), MatrixSymbol("z", D, 1), Symbol("y", real=True)
    Q, K, w = MatrixSymbol("Q", 4, D), MatrixSymbol("K", 4, D), MatrixSymbol("w", 2, 1)
    net = Network("rotary positions", inputs=[x, z], targets=[y], weights=[Q, K, w])

    def turned(name: str, u: Any, place: int) -> Any:
        c, s = F.cos(place * w), F.sin(place * w)
        a, b = u[0:2, :], u[2:4, :]
        first = hadamard_product(a, c) - hadamard_product(b, s)
        return net.step(name, F.vstack(first, hadamard_product(a, s) + hadamard_product(b, c)))

    q = turned("q", net.step("a", Q * x), 1)
    k = turned("k", net.step("b", K * z), 3)
    score = net.step("score", F.dot(q, k) / 2)
    net.loss((y - score) ** 2)
    return net


def rotary_positions_twin(v: Any) -> tuple[Any, Arrays]:
    a, b = (torch.complex(u[:2], u[2:]) for u in (v.Q @ v.x, v.K @ v.z))
    turn = torch.polar(torch.ones_like(v.w), 2 * v.w)
    score = (a * (b * turn).conj()).sum().real / 2
    return (v.y - score) ** 2, {"score": score}


CASES = [
    Case(
        conditional_random_field,
        conditional_random_field_twin,
        {"D": 3, "V": 4},
        large={"X": 1e3},
    ),
    Case(kalman_filter, kalman_filter_twin, {"N": 3, "V": 2}),
    Case(sinkhorn, sinkhorn_twin, {"T": 3, "D": 2}),
    Case(linear_attention, linear_attention_twin, {"T": 4, "D": 3, "N": 2}),
    Case(graph_attention, graph_attention_twin, {"T": 4, "D": 3, "N": 2}, large={"X": 1e3}),
    Case(rotary_positions, rotary_positions_twin, {"D": 3}),
]
