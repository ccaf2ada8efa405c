"""Weights used in several places: tied, siamese, embedded; several inputs, targets and losses."""

from __future__ import annotations

from typing import Any

from sympy import (
    MatrixSymbol,
    OneMatrix,
    Symbol,
    symbols,
)

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, functional, torch

D, N, V = symbols("D N V", integer=True, positive=True)


def tied_autoencoder() -> Network:
    """The decoder is the transpose of the encoder."""
    x = MatrixSymbol("x", D, 1)
    W, b, c = MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1), MatrixSymbol("c", D, 1)
    net = Network("tied autoencoder", inputs=[x], weights=[W, b, c], sizes={N: 2})
    h = net.step("h", F.sigmoid(W * x + b))
    x_hat = net.step("x_hat", W.T * h + c)
    net.loss(F.half_squared_error(x, x_hat))
    return net


def tied_autoencoder_twin(v: Any) -> tuple[Any, Arrays]:
    x_hat = v.W.T @ torch.sigmoid(v.W @ v.x + v.b) + v.c
    return ((v.x - x_hat) ** 2).sum() / 2, {"x_hat": x_hat}


def sparse_autoencoder() -> Network:
    """The hidden units are held near rho by KL(rho || h), the weights small by l1."""
    x = MatrixSymbol("x", D, 1)
    W, b, U = MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1), MatrixSymbol("U", D, N)
    rho, beta, lam = symbols("rho beta lam", real=True)
    net = Network(
        "sparse autoencoder",
        inputs=[x],
        weights=[W, b, U],
        hyperparameters={rho: 0.05, beta: 0.3, lam: 0.01},
        sizes={N: 2},
    )
    h = net.step("h", F.sigmoid(W * x + b))
    x_hat = net.step("x_hat", U * h)
    one = OneMatrix(N, 1)
    kl = -rho * F.log(h) - (1 - rho) * F.log(one - h)
    constant = N * (rho * F.log(rho) + (1 - rho) * F.log(1 - rho))
    net.loss(F.half_squared_error(x, x_hat) + beta * (F.total(kl) + constant) + lam * F.l1(W, U))
    return net


def sparse_autoencoder_twin(v: Any) -> tuple[Any, Arrays]:
    a = v.W @ v.x + v.b
    rho = torch.full_like(a, v.rho)
    kl = functional.binary_cross_entropy_with_logits(a, rho, reduction="sum")
    kl = kl - torch.special.entr(rho).sum() - torch.special.entr(1 - rho).sum()
    h = torch.sigmoid(a)
    loss = ((v.x - v.U @ h) ** 2).sum() / 2 + v.beta * kl
    return loss + v.lam * (v.W.abs().sum() + v.U.abs().sum()), {"h": h, "x_hat": v.U @ h}


def siamese() -> Network:
    """Two towers of shared weights, and the contrastive hinge of Hadsell, Chopra and LeCun."""
    x, z, y = MatrixSymbol("x", D, 1), MatrixSymbol("z", D, 1), Symbol("y", real=True)
    W, b = MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1)
    m = Symbol("m", real=True)
    net = Network(
        "siamese",
        inputs=[x, z],
        targets=[y],
        weights=[W, b],
        hyperparameters={m: 2.0},
        labels={y: "binary"},
        sizes={N: 4},
    )
    f, g = net.step("f", F.tanh(W * x + b)), net.step("g", F.tanh(W * z + b))
    e = net.step("e", F.norm(f - g))
    net.loss(y * e**2 / 2 + (1 - y) * F.maximum(0, m - e) ** 2 / 2)
    return net


def siamese_twin(v: Any) -> tuple[Any, Arrays]:
    e = torch.dist(torch.tanh(v.W @ v.x + v.b), torch.tanh(v.W @ v.z + v.b))
    return (v.y * e**2 + (1 - v.y) * torch.relu(v.m - e) ** 2) / 2, {"e": e}


def embedding() -> Network:
    """Two words, one-hot, share the columns of an embedding; the next word is predicted."""
    w1, w2, y = (MatrixSymbol(name, V, 1) for name in ("w1", "w2", "y"))
    E, C = MatrixSymbol("E", N, V), MatrixSymbol("C", V, 2 * N)
    net = Network(
        "embedding",
        inputs=[w1, w2],
        targets=[y],
        weights=[E, C],
        labels={y: "one-hot"},
        sizes={N: 8},
    )
    e = net.step("e", F.vstack(E * w1, E * w2))
    p = net.step("p", F.softmax(C * F.tanh(e)))
    net.loss(F.cross_entropy(y, p))
    return net


def embedding_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.C @ torch.tanh(torch.cat([v.E @ v.w1, v.E @ v.w2]))
    return -(v.y * torch.log_softmax(z, 0)).sum(), {"p": torch.softmax(z, 0)}


def tied_embedding() -> Network:
    """The embedding of the input is the output layer, transposed."""
    x, y = MatrixSymbol("x", V, 1), MatrixSymbol("y", V, 1)
    E, W = MatrixSymbol("E", V, N), MatrixSymbol("W", N, N)
    net = Network(
        "tied embedding",
        inputs=[x],
        targets=[y],
        weights=[E, W],
        labels={y: "one-hot"},
        sizes={N: 8},
    )
    h = net.step("h", F.tanh(W * E.T * x))
    p = net.step("p", F.softmax(E * h))
    net.loss(F.cross_entropy(y, p))
    return net


def tied_embedding_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.E @ torch.tanh(v.W @ (v.x @ v.E))
    return -(v.y * torch.log_softmax(z, 0)).sum(), {"p": torch.softmax(z, 0)}


def two_inputs_two_targets() -> Network:
    """A class and a number from a picture and a number, through one trunk."""
    x, t = MatrixSymbol("x", D, 1), Symbol("t", real=True)
    y, r = MatrixSymbol("y", V, 1), Symbol("r", real=True)
    W, u, C, c = (
        MatrixSymbol("W", N, D),
        MatrixSymbol("u", N, 1),
        MatrixSymbol("C", V, N),
        MatrixSymbol("c", N, 1),
    )
    net = Network(
        "two inputs, two targets",
        inputs=[x, t],
        targets=[y, r],
        weights=[W, u, C, c],
        labels={y: "one-hot", r: "real"},
        sizes={N: 8},
    )
    h = net.step("h", F.tanh(W * x + t * u))
    p, r_hat = net.step("p", F.softmax(C * h)), net.step("r_hat", F.dot(c, h))
    net.loss(F.cross_entropy(y, p) + 3 * F.half_squared_error(r, r_hat))
    return net


def two_inputs_two_targets_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.tanh(v.W @ v.x + v.t * v.u)
    z, r_hat = v.C @ h, v.c @ h
    loss = -(v.y * torch.log_softmax(z, 0)).sum() + 1.5 * (v.r - r_hat) ** 2
    return loss, {"p": torch.softmax(z, 0), "r_hat": r_hat}


def learned_loss_weights() -> Network:
    """Kendall, Gal and Cipolla: exp(-s) L + s for every task, s learned."""
    x = MatrixSymbol("x", D, 1)
    y, z, c = MatrixSymbol("y", V, 1), Symbol("z", real=True), Symbol("c", real=True)
    W, A, a, b = (
        MatrixSymbol("W", N, D),
        MatrixSymbol("A", V, N),
        MatrixSymbol("a", N, 1),
        MatrixSymbol("b", N, 1),
    )
    s1, s2, s3 = symbols("s1 s2 s3", real=True)
    net = Network(
        "learned loss weights",
        inputs=[x],
        targets=[y, z, c],
        weights=[W, A, a, b, s1, s2, s3],
        labels={y: "one-hot", c: "binary"},
        sizes={N: 8},
    )
    h = net.step("h", F.relu(W * x))
    p = net.step("p", F.softmax(A * h))
    z_hat = net.step("z_hat", F.dot(a, h))
    q = net.step("q", F.sigmoid(F.dot(b, h)))
    losses = [F.cross_entropy(y, p), F.squared_error(z, z_hat), F.binary_cross_entropy(c, q)]
    steps = [net.step(f"L{i}", loss) for i, loss in enumerate(losses, start=1)]
    net.loss(sum(F.exp(-s) * loss + s for s, loss in zip((s1, s2, s3), steps, strict=True)))
    return net


def learned_loss_weights_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.relu(v.W @ v.x)
    z = v.A @ h
    losses = (
        -(v.y * torch.log_softmax(z, 0)).sum(),
        (v.z - v.a @ h) ** 2,
        functional.binary_cross_entropy_with_logits(v.b @ h, v.c),
    )
    total = sum(torch.exp(-s) * L + s for s, L in zip((v.s1, v.s2, v.s3), losses, strict=True))
    outputs = {"p": torch.softmax(z, 0), "z_hat": v.a @ h, "q": torch.sigmoid(v.b @ h)}
    return total, outputs


CASES = [
    Case(tied_autoencoder, tied_autoencoder_twin, {"D": 4, "N": 3}, large={"x": 1e3}),
    Case(sparse_autoencoder, sparse_autoencoder_twin, {"D": 4, "N": 3}, large={"x": 1e3}),
    Case(siamese, siamese_twin, {"D": 3, "N": 2}, large={"x": 1e3}),
    Case(embedding, embedding_twin, {"V": 4, "N": 3}),
    Case(tied_embedding, tied_embedding_twin, {"V": 4, "N": 3}, large={"x": 1e3}),
    Case(
        two_inputs_two_targets,
        two_inputs_two_targets_twin,
        {"D": 3, "N": 4, "V": 2},
        large={"x": 1e3},
    ),
    Case(
        learned_loss_weights,
        learned_loss_weights_twin,
        {"D": 3, "N": 4, "V": 2},
        large={"x": 1e3},
    ),
]
