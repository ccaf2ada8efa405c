"""Regression and factorisation over a whole batch, in matrix form."""

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

n, D, N, V = symbols("n D N V", integer=True, positive=True)


def ridge() -> Network:
    X, y, w = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1), MatrixSymbol("w", D, 1)
    lam = Symbol("lam", real=True)
    net = Network(
        "ridge", inputs=[X], targets=[y], weights=[w], samples=n, hyperparameters={lam: 0.3}
    )
    net.loss(F.scalar((y - X * w).T * (y - X * w)) + lam * F.scalar(w.T * w))
    return net


def ridge_twin(v: Any) -> tuple[Any, Arrays]:
    return ((v.X @ v.w - v.y) ** 2).sum() + v.lam * (v.w**2).sum(), {}


def logistic_regression() -> Network:
    """log(1 + exp(-y z)) summed over the batch, spelt out; a bias for all samples."""
    X, y = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1)
    w, b, lam = MatrixSymbol("w", D, 1), Symbol("b", real=True), Symbol("lam", real=True)
    net = Network(
        "logistic regression",
        inputs=[X],
        targets=[y],
        weights=[w, b],
        samples=n,
        labels={y: "signed"},
        hyperparameters={lam: 0.1},
    )
    one = OneMatrix(n, 1)
    z = net.step("z", X * w + b * one)
    net.loss(F.total(F.log(one + F.exp(-hadamard_product(y, z)))) + lam * F.squared_norm(w))
    return net


def logistic_regression_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.X @ v.w + v.b
    return -functional.logsigmoid(v.y * z).sum() + v.lam * (v.w**2).sum(), {"z": z}


def softmax_regression() -> Network:
    """A sample a row: the bias is a row too, joined by a column of ones."""
    X, Y = MatrixSymbol("X", n, D), MatrixSymbol("Y", n, V)
    W, b = MatrixSymbol("W", D, V), MatrixSymbol("b", 1, V)
    net = Network(
        "softmax regression",
        inputs=[X],
        targets=[Y],
        weights=[W, b],
        samples=n,
        labels={Y: "one-hot"},
    )
    P = net.step("P", F.softmax(X * W + OneMatrix(n, 1) * b, axis=1))
    net.loss(F.cross_entropy(Y, P) / n)
    return net


def softmax_regression_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.X @ v.W + v.b
    return functional.cross_entropy(z, v.Y), {"P": torch.softmax(z, 1)}


def two_layers_by_rows() -> Network:
    """A hidden layer over the whole batch, the biases columns of ones joined to the data."""
    X, Y = MatrixSymbol("X", n, D), MatrixSymbol("Y", n, V)
    W, U = MatrixSymbol("W", D + 1, N), MatrixSymbol("U", N + 1, V)
    net = Network(
        "two layers by rows", inputs=[X], targets=[Y], weights=[W, U], samples=n, sizes={N: 8}
    )
    one = OneMatrix(n, 1)
    H = net.step("H", F.tanh(F.hstack(X, one) * W))
    Z = net.step("Z", F.hstack(H, one) * U)
    net.loss(F.mean_squared_error(Y, Z))
    return net


def two_layers_by_rows_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.tanh(functional.linear(v.X, v.W[:-1].T, v.W[-1]))
    z = functional.linear(h, v.U[:-1].T, v.U[-1])
    return ((v.Y - z) ** 2).mean(), {"Z": z}


def matrix_factorisation() -> Network:
    """|X - U V|_F^2 and a penalty: U has a row for every sample."""
    X, U, W = MatrixSymbol("X", n, D), MatrixSymbol("U", n, N), MatrixSymbol("V", N, D)
    lam = Symbol("lam", real=True)
    net = Network(
        "matrix factorisation",
        inputs=[X],
        weights=[U, W],
        samples=n,
        hyperparameters={lam: 0.1},
        sizes={N: 2},
    )
    net.loss(F.squared_norm(X - U * W) + lam * F.l2(U, W))
    return net


def matrix_factorisation_twin(v: Any) -> tuple[Any, Arrays]:
    error = torch.linalg.matrix_norm(v.X - v.U @ v.V) ** 2
    return error + v.lam * ((v.U**2).sum() + (v.V**2).sum()), {}


def principal_components() -> Network:
    """The trace form: tr(X'X) - tr(W'X'XW) + |W'W - I|^2, X centred by a projection."""
    X, W = MatrixSymbol("X", n, D), MatrixSymbol("W", D, N)
    net = Network("principal components", inputs=[X], weights=[W], samples=n, sizes={N: 2})
    C = net.step("C", (Identity(n) - OneMatrix(n, n) / n) * X)
    S = net.step("S", C.T * C / n)
    net.loss(F.trace(S) - F.trace(W.T * S * W) + F.squared_norm(W.T * W - Identity(N)))
    return net


def principal_components_twin(v: Any) -> tuple[Any, Arrays]:
    s = (v.X - v.X.mean(0)).T @ (v.X - v.X.mean(0)) / len(v.X)
    gram = v.W.T @ v.W - torch.eye(v.W.shape[1], dtype=s.dtype)
    return torch.trace(s) - torch.trace(v.W.T @ s @ v.W) + (gram**2).sum(), {"S": s}


def kernel_regression() -> Network:
    """Nadaraya and Watson with a learned map: every sample is a mean of the others' targets."""
    X, y, W = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1), MatrixSymbol("W", D, N)
    net = Network("kernel regression", inputs=[X], targets=[y], weights=[W], samples=n)
    Z = net.step("Z", X * W)
    q, row = net.step("q", F.total(HadamardPower(Z, 2), axis=1)), OneMatrix(1, n)
    E = net.step("E", q * row + row.T * q.T - 2 * Z * Z.T)
    K = net.step("K", F.softmax(-E, axis=1))
    net.loss(F.squared_norm(y - K * y))
    return net


def kernel_regression_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.X @ v.W
    e = ((z[:, None, :] - z[None, :, :]) ** 2).sum(2)
    k = torch.softmax(-e, 1)
    return ((v.y - k @ v.y) ** 2).sum(), {"K": k}


CASES = [
    Case(ridge, ridge_twin, {"D": 3}),
    Case(logistic_regression, logistic_regression_twin, {"D": 3}, large={"X": 1e3}),
    Case(softmax_regression, softmax_regression_twin, {"D": 3, "V": 4}, large={"X": 1e3}),
    Case(two_layers_by_rows, two_layers_by_rows_twin, {"D": 3, "N": 4, "V": 2}, large={"X": 1e3}),
    Case(matrix_factorisation, matrix_factorisation_twin, {"D": 4, "N": 2}),
    Case(principal_components, principal_components_twin, {"D": 4, "N": 2}),
    Case(kernel_regression, kernel_regression_twin, {"D": 3, "N": 2}),
]
