"""Networks whose difficulty is in their matrices: blocks, explicit matrices, slices, inverses."""

from __future__ import annotations

from typing import Any

from sympy import (
    BlockMatrix,
    Determinant,
    Identity,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Symbol,
    Trace,
    ZeroMatrix,
    cos,
    hadamard_product,
    sin,
    symbols,
)

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, functional, torch

n, T, D, N, V = symbols("n T D N V", integer=True, positive=True)


def block_matrix() -> Network:
    """A symmetric-looking matrix of four blocks, one of them used twice."""
    x, z, y = MatrixSymbol("x", D, 1), MatrixSymbol("z", N, 1), MatrixSymbol("y", D + N, 1)
    A, B, C = MatrixSymbol("A", D, D), MatrixSymbol("B", D, N), MatrixSymbol("C", N, N)
    net = Network("block matrix", inputs=[x, z], targets=[y], weights=[A, B, C])
    M = BlockMatrix([[A, B], [B.T, C]])
    h = net.step("h", F.tanh(M * BlockMatrix([[x], [z]])))
    net.loss(F.squared_error(y, h))
    return net


def block_matrix_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.tanh(torch.cat([v.A @ v.x + v.B @ v.z, v.x @ v.B + v.C @ v.z]))
    return ((v.y - h) ** 2).sum(), {"h": h}


def rotation() -> Network:
    """A turn by an angle that is a weight times an input, as an explicit matrix of scalars."""
    x, y = MatrixSymbol("x", 2, 1), MatrixSymbol("y", 2, 1)
    a, t = symbols("a t", real=True)
    net = Network("rotation", inputs=[x, t], targets=[y], weights=[a])
    R = Matrix([[cos(a * t), -sin(a * t)], [sin(a * t), cos(a * t)]])
    y_hat = net.step("y_hat", R * x)
    net.loss(F.half_squared_error(y, y_hat))
    return net


def rotation_twin(v: Any) -> tuple[Any, Arrays]:
    turned = torch.complex(v.x[0], v.x[1]) * torch.polar(torch.ones_like(v.a), v.a * v.t)
    y_hat = torch.view_as_real(turned)
    return ((v.y - y_hat) ** 2).sum() / 2, {"y_hat": y_hat}


def overlapping_slices() -> Network:
    """Parts of one weight that overlap, and entries of it, add up in its gradient."""
    x, y, W = MatrixSymbol("x", 3, 1), MatrixSymbol("y", 3, 1), MatrixSymbol("W", 3, 3)
    net = Network("overlapping slices", inputs=[x], targets=[y], weights=[W])
    h = net.step("h", W * x)
    penalty = F.squared_norm(W[0:2, :]) + F.squared_norm(W[:, 1:3]) + W[0, 0] * W[2, 1]
    net.loss(F.squared_error(y, h) + penalty)
    return net


def overlapping_slices_twin(v: Any) -> tuple[Any, Arrays]:
    h = v.W @ v.x
    uses = torch.tensor([[1.0, 2, 2], [1, 2, 2], [0, 1, 1]], dtype=h.dtype)
    penalty = (uses * v.W**2).sum() + v.W[0, 0] * v.W[2, 1]
    return ((v.y - h) ** 2).sum() + penalty, {"h": h}


def columns_of_the_batch() -> Network:
    """Some columns of the data go one way, one goes another: slices of X, declared for all."""
    X, Y = MatrixSymbol("X", n, 3), MatrixSymbol("Y", n, V)
    W, b = MatrixSymbol("W", 2, V), MatrixSymbol("b", 1, V)
    net = Network("columns of the batch", inputs=[X], targets=[Y], weights=[W, b], samples=n)
    Z = net.step("Z", F.tanh(X[:, 0:2] * W) + X[:, 2] * b)
    net.loss(F.mean_squared_error(Y, Z))
    return net


def columns_of_the_batch_twin(v: Any) -> tuple[Any, Arrays]:
    z = torch.tanh(v.X[:, :2] @ v.W) + torch.outer(v.X[:, 2], v.b[0])
    return ((v.Y - z) ** 2).mean(), {"Z": z}


def reference_class() -> Network:
    """Logits of all classes but one, whose logit is 0: a block of zeros below."""
    x, y, W = MatrixSymbol("x", D, 1), MatrixSymbol("y", N + 1, 1), MatrixSymbol("W", N, D)
    net = Network("reference class", inputs=[x], targets=[y], weights=[W], labels={y: "one-hot"})
    p = net.step("p", F.softmax(F.vstack(W * x, ZeroMatrix(1, 1))))
    net.loss(F.cross_entropy(y, p))
    return net


def reference_class_twin(v: Any) -> tuple[Any, Arrays]:
    z = functional.pad(v.W @ v.x, (0, 1))
    return functional.cross_entropy(z, v.y), {"p": torch.softmax(z, 0)}


def stack_of_scalars() -> Network:
    """Numbers of different making in one column; its entries are taken out again."""
    x, w, y = MatrixSymbol("x", D, 1), MatrixSymbol("w", D, 1), Symbol("y", real=True)
    net = Network("stack of scalars", inputs=[x], targets=[y], weights=[w])
    h = net.step("h", F.softmax(F.vstack(F.dot(w, x), F.squared_norm(w), x[0, 0])))
    net.loss((y - h[0, 0] * h[1, 0]) ** 2 + F.total(x[0, 0] * h))
    return net


def stack_of_scalars_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.softmax(torch.stack([v.w @ v.x, v.w @ v.w, v.x[0]]), 0)
    return (v.y - h[:2].prod()) ** 2 + v.x[0], {"h": h}


def every_axis() -> Network:
    """Reductions of one matrix along both axes."""
    X, W = MatrixSymbol("X", T, D), MatrixSymbol("W", D, N)
    net = Network("every axis", inputs=[X], weights=[W])
    H = net.step("H", X * W)
    net.loss(
        F.total(F.logsumexp(H, axis=0))
        + F.total(F.amax(H, axis=1))
        + F.squared_norm(F.softmax(H, axis=0))
        + F.squared_norm(F.mean(F.sigmoid(H), axis=1))
    )
    return net


def every_axis_twin(v: Any) -> tuple[Any, Arrays]:
    h = v.X @ v.W
    loss = h.logsumexp(0).sum() + h.amax(1).sum() + (torch.softmax(h, 0) ** 2).sum()
    return loss + (torch.sigmoid(h).mean(1) ** 2).sum(), {"H": h}


def process_per_sample() -> Network:
    """A Gaussian process inside every sample: an inverse and a determinant for each."""
    X, t, W = MatrixSymbol("X", T, D), MatrixSymbol("t", T, 1), MatrixSymbol("W", D, N)
    s = Symbol("s", real=True)
    net = Network("process per sample", inputs=[X], targets=[t], weights=[W, s], sizes={N: 2})
    K = net.step("K", X * W * W.T * X.T + F.exp(s) * Identity(T))
    net.loss(F.log(Determinant(K)) + F.scalar(t.T * K.I * t))
    return net


def process_per_sample_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.X @ v.W
    k = z @ z.T + torch.exp(v.s) * torch.eye(len(z), dtype=z.dtype)
    fit = v.t @ torch.linalg.solve(k, v.t)
    return fit + torch.linalg.slogdet(k).logabsdet, {"K": k}


def inverse_of_weights() -> Network:
    """An inverse of weights, used by every sample and once more by a penalty."""
    x, y, B = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1), MatrixSymbol("B", N, N)
    lam = Symbol("lam", real=True)
    net = Network(
        "inverse of weights", inputs=[x], targets=[y], weights=[B], hyperparameters={lam: 0.1}
    )
    P = net.step("P", (B * B.T + Identity(N)).I)
    z = net.step("z", P * x)
    net.loss(F.squared_error(y, z) + lam * (Trace(P) + F.squared_norm(P)))
    return net


def inverse_of_weights_twin(v: Any) -> tuple[Any, Arrays]:
    p = torch.linalg.inv(v.B @ v.B.T + torch.eye(len(v.B), dtype=v.B.dtype))
    penalty = torch.trace(p) + (p**2).sum()
    return ((v.y - p @ v.x) ** 2).sum() + v.lam * penalty, {"z": p @ v.x}


def diagonal_of_data() -> Network:
    """diag of an input times a weight; its rows are added up, its trace is held small."""
    x, y, W = MatrixSymbol("x", D, 1), MatrixSymbol("y", D, 1), MatrixSymbol("W", D, D)
    net = Network("diagonal of data", inputs=[x], targets=[y], weights=[W])
    M = net.step("M", F.diag(x) * W)
    h = net.step("h", F.total(M, axis=1))
    net.loss(F.squared_error(y, h) + F.trace(M * M) + F.dot(F.diagonal(M), x))
    return net


def diagonal_of_data_twin(v: Any) -> tuple[Any, Arrays]:
    m = v.x[:, None] * v.W
    loss = ((v.y - m.sum(1)) ** 2).sum() + (m * m.T).sum() + m.diagonal() @ v.x
    return loss, {"M": m, "h": m.sum(1)}


def negative_power() -> Network:
    """A function without data: the square of an inverse, and a Hadamard product of powers."""
    A, b = MatrixSymbol("A", D, D), MatrixSymbol("b", D, 1)
    net = Network("negative power", weights=[A, b])
    S = net.step("S", A * A.T + 2 * Identity(D))
    net.loss(F.scalar(b.T * S**-2 * b) + F.total(hadamard_product(S**2, OneMatrix(D, D) - A)))
    return net


def negative_power_twin(v: Any) -> tuple[Any, Arrays]:
    s = v.A @ v.A.T + 2 * torch.eye(len(v.A), dtype=v.A.dtype)
    found = torch.linalg.solve(s, v.b)
    return found @ found + (s @ s * (1 - v.A)).sum(), {"S": s}


CASES = [
    Case(block_matrix, block_matrix_twin, {"D": 2, "N": 3}),
    Case(rotation, rotation_twin),
    Case(overlapping_slices, overlapping_slices_twin),
    Case(columns_of_the_batch, columns_of_the_batch_twin, {"V": 2}),
    Case(reference_class, reference_class_twin, {"D": 3, "N": 2}, large={"x": 1e3}),
    Case(stack_of_scalars, stack_of_scalars_twin, {"D": 3}),
    Case(every_axis, every_axis_twin, {"T": 3, "D": 2, "N": 4}, large={"X": 1e3}),
    Case(process_per_sample, process_per_sample_twin, {"T": 4, "D": 3, "N": 2}, large={"X": 1e3}),
    Case(inverse_of_weights, inverse_of_weights_twin, {"N": 3}),
    Case(diagonal_of_data, diagonal_of_data_twin, {"D": 3}),
    Case(negative_power, negative_power_twin, {"D": 3}),
]
