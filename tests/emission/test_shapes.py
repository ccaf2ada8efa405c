"""Shapes of every kind: as inputs, targets, weights and outputs, per sample and whole batches.

The oracle is a loss written with NumPy for one sample (or for the batch, with samples=n), and its
complex step. Sizes coincide on purpose: N x N, n equal to N.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from differences import complex_step, logsumexp, relu, sigmoid, softmax, softplus
from sympy import (
    HadamardPower,
    Identity,
    MatrixSymbol,
    OneMatrix,
    hadamard_product,
    symbols,
    sympify,
)
from workspaces import alike, assert_same, workspace_of_nan

import symprop.functions as F
from symprop.derivation import derive
from symprop.emission import emit, load
from symprop.errors import EmissionError
from symprop.network import Network

n, D, N, V = symbols("n D N V", integer=True, positive=True)
w, v, b, x, y, lam = symbols("w v b x y lam", real=True)

Arrays = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A network; the shapes of its arrays; its loss of one sample, `loss(params, *data)`.

    `outputs(params, *data)` gives what `forward` returns for one sample. Shapes are array shapes
    without the batch. With `whole` the loss is that of the batch and the shapes are whole.
    """

    net: Callable[[], Network]
    weights: dict[str, tuple[int, ...]]
    data: tuple[tuple[int, ...], ...]
    loss: Callable[..., Any]
    outputs: Callable[..., Any] | None = None
    whole: bool = False
    labels: Callable[[np.random.Generator], Any] | None = None


def mlp(hidden: Any = N) -> Network:
    X, T = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W1, b1 = MatrixSymbol("W1", hidden, D), MatrixSymbol("b1", hidden, 1)
    W2, b2 = MatrixSymbol("W2", V, hidden), MatrixSymbol("b2", V, 1)
    net = Network("mlp", inputs=[X], targets=[T], weights=[W1, b1, W2, b2])
    h = net.step("h", F.tanh(W1 * X + b1))
    net.loss(F.half_squared_error(T, net.step("o", W2 * h + b2)))
    return net


def mlp_loss(p: Arrays, x: Any, y: Any) -> Any:
    return ((p["W2"] @ np.tanh(p["W1"] @ x + p["b1"]) + p["b2"] - y) ** 2).sum() / 2


def square(times: int = 1) -> Network:
    """h -> tanh(W*h), W being N x N, several times over."""
    X, T, W = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1), MatrixSymbol("W", N, N)
    net = Network("square", inputs=[X], targets=[T], weights=[W])
    h: Any = X
    for i in range(times):
        h = net.step(f"h{i}", F.tanh(W * h))
    net.loss(F.squared_error(T, h))
    return net


def square_loss(p: Arrays, x: Any, y: Any, times: int = 1) -> Any:
    for _ in range(times):
        x = np.tanh(p["W"] @ x)
    return ((y - x) ** 2).sum()


def row_network() -> Network:
    """Rows (1 x k) everywhere: inputs, weights, targets, steps."""
    X, T = MatrixSymbol("x", 1, D), MatrixSymbol("y", 1, V)
    W, B = MatrixSymbol("W", D, V), MatrixSymbol("b", 1, V)
    net = Network("rows", inputs=[X], targets=[T], weights=[W, B])
    o = net.step("o", F.sigmoid(X * W + B))
    net.loss(F.mean_squared_error(T, o))
    return net


def one_by_one() -> Network:
    """1 x 1 matrices: weight, input, target, each of them a number."""
    X, T = MatrixSymbol("x", 1, 1), MatrixSymbol("y", 1, 1)
    W, u = MatrixSymbol("W", 1, 1), MatrixSymbol("u", 3, 1)
    net = Network("one", inputs=[X], targets=[T], weights=[W, u])
    h = net.step("h", F.tanh(u * X))
    o = net.step("o", F.scalar(u.T * h + W))
    net.loss((F.scalar(T) - o) ** 2)
    return net


def scalars() -> Network:
    net = Network("scalars", inputs=[x], targets=[y], weights=[w, b], hyperparameters={lam: 0.3})
    a = net.step("a", w * x + b)
    net.loss((y - F.tanh(a)) ** 2 + lam * w**2)
    return net


def mixed() -> Network:
    """A scalar weight in a matrix, a scalar input beside a column, two inputs, two targets."""
    X, T, U = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1), MatrixSymbol("U", V, D)
    k, t = symbols("k t", real=True)
    net = Network("mixed", inputs=[X, k], targets=[T, t], weights=[U, w, b])
    h = net.step("h", F.softplus(w * (U * X) + k * OneMatrix(V, 1)))
    o = net.step("o", F.total(h) * b)
    net.loss(F.squared_error(T, h) + (t - o) ** 2)
    return net


def mixed_loss(p: Arrays, x: Any, k: Any, y: Any, t: Any) -> Any:
    h = softplus(p["w"] * (p["U"] @ x) + k)
    return ((y - h) ** 2).sum() + (t - h.sum() * p["b"]) ** 2


def images() -> Network:
    """Per-sample matrices: x is p x q, y is p x p."""
    p, q = symbols("p q", integer=True, positive=True)
    X, T = MatrixSymbol("x", p, q), MatrixSymbol("y", p, p)
    A, B = MatrixSymbol("A", q, q), MatrixSymbol("B", p, q)
    net = Network("images", inputs=[X], targets=[T], weights=[A, B])
    h = net.step("h", F.tanh(X * A + B))
    g = net.step("g", h * X.T)
    net.loss(F.squared_error(T, g) + F.squared_norm(A))
    return net


def images_loss(p: Arrays, x: Any, y: Any) -> Any:
    g = np.tanh(x @ p["A"] + p["B"]) @ x.T
    return ((y - g) ** 2).sum() + (p["A"] ** 2).sum()


def attention() -> Network:
    """Scores of the rows of a per-sample matrix: softmax along an axis, an outer product."""
    p, q = symbols("p q", integer=True, positive=True)
    X, T = MatrixSymbol("x", p, q), MatrixSymbol("y", q, 1)
    A, c = MatrixSymbol("A", q, q), MatrixSymbol("c", q, 1)
    net = Network("attention", inputs=[X], targets=[T], weights=[A, c])
    s = net.step("s", F.softmax(X * A * X.T, axis=1))
    r = net.step("r", s * X)
    o = net.step("o", r.T * (r * c))
    net.loss(F.half_squared_error(T, o))
    return net


def attention_loss(p: Arrays, x: Any, y: Any) -> Any:
    r = softmax(x @ p["A"] @ x.T, axis=1) @ x
    return ((y - r.T @ (r @ p["c"])) ** 2).sum() / 2


def shared_weights() -> Network:
    """A step of weights alone, used by the data and by the regulariser."""
    X, T, W = MatrixSymbol("x", D, 1), MatrixSymbol("y", D, 1), MatrixSymbol("W", D, D)
    net = Network("shared", inputs=[X], targets=[T], weights=[W, w], hyperparameters={lam: 0.3})
    S = net.step("S", F.tanh(W + W.T) * w)
    o = net.step("o", S * X)
    net.loss(F.squared_error(T, o) + lam * F.squared_norm(S))
    return net


def shared_weights_loss(p: Arrays, x: Any, y: Any, strength: float = 0.3) -> Any:
    S = np.tanh(p["W"] + p["W"].T) * p["w"]
    return ((y - S @ x) ** 2).sum() + strength * (S**2).sum()


def norm_of_weights() -> Network:
    """A scalar of weights alone scales the data: its gradient is averaged once."""
    X, U = MatrixSymbol("x", D, 1), MatrixSymbol("U", D, 1)
    net = Network("norm", inputs=[X], targets=[y], weights=[U])
    r = net.step("r", F.sqrt(1 + F.squared_norm(U)))
    o = net.step("o", F.dot(U, X) / r)
    net.loss((y - o) ** 2 + r**3)
    return net


def norm_of_weights_loss(p: Arrays, x: Any, y: Any) -> Any:
    r = np.sqrt(1 + (p["U"] ** 2).sum())
    return (y - p["U"] @ x / r) ** 2 + r**3


def shared_scale() -> Network:
    """A step of the weight, used beside the data and, through another step, apart from them."""
    net = Network("scale", inputs=[x], targets=[y], weights=[w, v])
    s0, r = net.step("s0", x + v), net.step("r", 4 * w**3)
    c = net.step("c", w * r**2)
    net.loss(c**2 * F.tanh(c) - 2 * c * F.tanh(s0 * r) ** 2 + (y - s0) ** 2)
    return net


def shared_scale_loss(p: Arrays, x: Any, y: Any) -> Any:
    r, s0 = 4 * p["w"] ** 3, x + p["v"]
    c = p["w"] * r**2
    return c**2 * np.tanh(c) - 2 * c * np.tanh(s0 * r) ** 2 + (y - s0) ** 2


def constant_slope() -> Network:
    """A loss linear in the data: the gradient of every sample is the same, yet n of them add up."""
    net = Network("slope", inputs=[x], targets=[y], weights=[w, v])
    a = net.step("a", w * x)
    net.loss((a + v / 2) / (v**2 + 1) ** 2 + y)
    return net


def used_twice() -> Network:
    """A product used inside a power and beside it: part of its gradient is averaged already."""
    U = MatrixSymbol("U", D, 1)
    net = Network("twice", inputs=[x], weights=[U, v])
    net.loss((F.dot(U, U) + v * x) ** 2 - 2 * x * F.dot(U, U))
    return net


def reductions() -> Network:
    """Totals and log-sums of rows and columns of a weight and of a sample."""
    X, W = MatrixSymbol("x", N, D), MatrixSymbol("W", N, D)
    net = Network("reductions", inputs=[X], weights=[W])
    h = net.step("h", hadamard_product(X, W))
    c = net.step("c", F.total(h, axis=1))
    r = net.step("r", F.logsumexp(h + W, axis=0))
    m = net.step("m", F.mean(F.tanh(h), axis=1))
    net.loss(F.squared_norm(c) + F.total(F.tanh(r)) + F.dot(c, m))
    return net


def reductions_loss(p: Arrays, x: Any) -> Any:
    h = x * p["W"]
    c, m = h.sum(axis=1), np.tanh(h).mean(axis=1)
    r = logsumexp(h + p["W"], axis=0)
    return (c**2).sum() + np.tanh(r).sum() + c @ m


def spread() -> Network:
    """OneMatrix as a broadcast along rows and along columns."""
    X, T, W = MatrixSymbol("x", D, 1), MatrixSymbol("y", D, N), MatrixSymbol("r", 1, N)
    net = Network("spread", inputs=[X], targets=[T], weights=[W, w])
    o = net.step("o", F.tanh(X * OneMatrix(1, N) + OneMatrix(D, 1) * W))
    net.loss(F.squared_error(T, w * o))
    return net


def augmented() -> Network:
    """The bias as a last column: x has D + 1 entries, and D stands nowhere else."""
    X, T = MatrixSymbol("x", D + 1, 1), MatrixSymbol("y", V, 1)
    W = MatrixSymbol("W", V, D + 1)
    net = Network("augmented", inputs=[X], targets=[T], weights=[W])
    o = net.step("o", F.tanh(W * X))
    net.loss(F.squared_error(T, o) + F.squared_norm(W) / (D + 1) + F.squared_norm(o) / D)
    return net


def squares_of_sizes() -> Network:
    """N x N**2: a size that is a power of another."""
    X, W = MatrixSymbol("x", N**2, 1), MatrixSymbol("W", N, N**2)
    net = Network("squares", inputs=[X], weights=[W])
    net.loss(F.squared_norm(F.tanh(W * X)) / N**2)
    return net


def outer() -> Network:
    """An outer product of a sample and a weight, and powers of its entries."""
    X, U = MatrixSymbol("x", D, 1), MatrixSymbol("U", N, 1)
    net = Network("outer", inputs=[X], weights=[U])
    o = net.step("o", X * U.T)
    net.loss(F.total(HadamardPower(o, 3)) + F.total(F.exp(-HadamardPower(o, 2))))
    return net


def quadratic() -> Network:
    """A quadratic form of a sample, its matrix made symmetric by the identity and a weight."""
    X, A = MatrixSymbol("x", D, 1), MatrixSymbol("A", D, D)
    net = Network("quadratic", inputs=[X], targets=[y], weights=[A])
    q = net.step("q", F.scalar(X.T * (A.T * A + Identity(D)) * X))
    net.loss((y - F.log(q)) ** 2)
    return net


def relus() -> Network:
    """Two relus added: two steps of 0 and 1 add up to 2 where both are 1."""
    X, W, U = MatrixSymbol("x", D, 1), MatrixSymbol("W", N, D), MatrixSymbol("U", N, D)
    net = Network("relus", inputs=[X], weights=[W, U])
    z = net.step("z", W * X)
    h = net.step("h", F.relu(z) + F.relu(2 * z + U * X) - F.relu(-z))
    net.loss(F.squared_norm(h) + F.total(h))
    return net


def relus_loss(p: Arrays, x: Any) -> Any:
    z = p["W"] @ x
    h = relu(z) + relu(2 * z + p["U"] @ x) - relu(-z)
    return (h**2).sum() + h.sum()


# -- whole batches, and none ----------------------------------------------------------------------


def ridge() -> Network:
    X, T, U = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1), MatrixSymbol("U", D, 1)
    net = Network(
        "ridge", inputs=[X], targets=[T], weights=[U], samples=n, hyperparameters={lam: 0.3}
    )
    r = net.step("r", T - X * U)
    net.loss(F.scalar(r.T * r) + lam * F.scalar(U.T * U))
    return net


def softmax_regression() -> Network:
    X, T = MatrixSymbol("X", n, D), MatrixSymbol("Y", n, V)
    W, B = MatrixSymbol("W", D, V), MatrixSymbol("b", 1, V)
    net = Network(
        "regression", inputs=[X], targets=[T], weights=[W, B], samples=n, labels={T: "one-hot"}
    )
    p = net.step("P", F.softmax(X * W + OneMatrix(n, 1) * B, axis=1))
    net.loss(F.cross_entropy(T, p) / n)
    return net


def softmax_regression_loss(p: Arrays, x: Any, y: Any) -> Any:
    z = x @ p["W"] + p["b"]
    return ((logsumexp(z, axis=1) - z) * y).sum() / len(x)


def embedding() -> Network:
    """A weight a sample: its first size is n, so minibatches make no sense."""
    X, T = MatrixSymbol("X", n, D), MatrixSymbol("Y", n, D)
    Z, W = MatrixSymbol("Z", n, N), MatrixSymbol("W", N, D)
    net = Network("embedding", inputs=[X], targets=[T], weights=[Z, W], samples=n)
    o = net.step("o", F.tanh(Z * W + X))
    net.loss(F.mean_squared_error(T, o) + F.l2(Z, W) / n)
    return net


def embedding_loss(p: Arrays, x: Any, y: Any) -> Any:
    o = np.tanh(p["Z"] @ p["W"] + x)
    return ((y - o) ** 2).mean() + ((p["Z"] ** 2).sum() + (p["W"] ** 2).sum()) / len(x)


def gram() -> Network:
    """Products of the batch with itself, over the samples and over the features."""
    X, W = MatrixSymbol("X", n, D), MatrixSymbol("W", D, D)
    net = Network("gram", inputs=[X], weights=[W], samples=n)
    K = net.step("K", X * W * X.T)
    C = net.step("C", X.T * X * W)
    net.loss(F.total(F.tanh(K)) + F.squared_norm(C) / n**2)
    return net


def function_of_matrices() -> Network:
    """No data: a plain function."""
    A, B = MatrixSymbol("A", N, D), MatrixSymbol("B", D, N)
    net = Network("function", weights=[A, B, w])
    P = net.step("P", A * B)
    net.loss(F.squared_norm(P * P) + w * F.total(F.exp(w * B)) + F.total(A, axis=None))
    return net


def function_loss(p: Arrays) -> Any:
    P = p["A"] @ p["B"]
    return ((P @ P) ** 2).sum() + p["w"] * np.exp(p["w"] * p["B"]).sum() + p["A"].sum()


def quadratic_of_weights() -> Network:
    A, U = MatrixSymbol("A", D, D), MatrixSymbol("u", D, 1)
    net = Network("quadratic of weights", weights=[A, U])
    net.loss(F.scalar(U.T * A * A.T * U) + F.scalar(U.T * A * U) ** 2)
    return net


def quadratic_of_weights_loss(p: Arrays) -> Any:
    A, u = p["A"], p["u"]
    return u @ A @ A.T @ u + (u @ A @ u) ** 2


CASES: dict[str, Case] = {
    "mlp": Case(
        mlp,
        {"W1": (3, 4), "b1": (3,), "W2": (2, 3), "b2": (2,)},
        ((4,), (2,)),
        mlp_loss,
        lambda p, x, y: p["W2"] @ np.tanh(p["W1"] @ x + p["b1"]) + p["b2"],
    ),
    "mlp with all sizes 3, and 3 samples": Case(
        mlp, {"W1": (3, 3), "b1": (3,), "W2": (3, 3), "b2": (3,)}, ((3,), (3,)), mlp_loss
    ),
    "mlp with all sizes 1": Case(
        mlp, {"W1": (1, 1), "b1": (1,), "W2": (1, 1), "b2": (1,)}, ((1,), (1,)), mlp_loss
    ),
    "mlp with a literal width of 1": Case(
        lambda: mlp(1),
        {"W1": (1, 4), "b1": (1,), "W2": (2,), "b2": (2,)},
        ((4,), (2,)),
        lambda p, x, y: mlp_loss({**p, "W2": p["W2"][:, None]}, x, y),
    ),
    "mlp with a literal width of 3": Case(
        lambda: mlp(3),
        {"W1": (3, 4), "b1": (3,), "W2": (2, 3), "b2": (2,)},
        ((4,), (2,)),
        mlp_loss,
    ),
    "square weights": Case(square, {"W": (3, 3)}, ((3,), (3,)), square_loss),
    "square weights, used three times": Case(
        lambda: square(3),
        {"W": (3, 3)},
        ((3,), (3,)),
        lambda p, x, y: square_loss(p, x, y, 3),
    ),
    "rows": Case(
        row_network,
        {"W": (4, 2), "b": (1, 2)},
        ((1, 4), (1, 2)),
        lambda p, x, y: ((y - sigmoid(x @ p["W"] + p["b"])) ** 2).mean(),
        lambda p, x, y: sigmoid(x @ p["W"] + p["b"]),
    ),
    "1 x 1 matrices": Case(
        one_by_one,
        {"W": (1,), "u": (3,)},
        ((1,), (1,)),
        lambda p, x, y: ((y - p["u"] @ np.tanh(p["u"] * x) - p["W"]) ** 2)[0],
        lambda p, x, y: (p["u"] @ np.tanh(p["u"] * x) + p["W"])[0],
    ),
    "scalars": Case(
        scalars,
        {"w": (), "b": ()},
        ((), ()),
        lambda p, x, y: (y - np.tanh(p["w"] * x + p["b"])) ** 2 + 0.3 * p["w"] ** 2,
        lambda p, x, y: p["w"] * x + p["b"],
    ),
    "scalars and columns, two inputs, two targets": Case(
        mixed, {"U": (2, 4), "w": (), "b": ()}, ((4,), (), (2,), ()), mixed_loss
    ),
    "a matrix a sample": Case(
        images,
        {"A": (3, 3), "B": (2, 3)},
        ((2, 3), (2, 2)),
        images_loss,
        lambda p, x, y: np.tanh(x @ p["A"] + p["B"]) @ x.T,
    ),
    "a square matrix a sample, as many samples as rows": Case(
        images, {"A": (3, 3), "B": (3, 3)}, ((3, 3), (3, 3)), images_loss
    ),
    "attention": Case(attention, {"A": (3, 3), "c": (3,)}, ((2, 3), (3,)), attention_loss),
    "a step of weights alone, in data and regulariser": Case(
        shared_weights, {"W": (3, 3), "w": ()}, ((3,), (3,)), shared_weights_loss
    ),
    "a norm of weights that scales the data": Case(
        norm_of_weights, {"U": (3,)}, ((3,), ()), norm_of_weights_loss
    ),
    "a scale of weights, used beside the data and apart from them": Case(
        shared_scale, {"w": (), "v": ()}, ((), ()), shared_scale_loss
    ),
    "a slope that is the same for every sample": Case(
        constant_slope,
        {"w": (), "v": ()},
        ((), ()),
        lambda p, x, y: (p["w"] * x + p["v"] / 2) / (p["v"] ** 2 + 1) ** 2 + y,
    ),
    "a product used inside a power and beside it": Case(
        used_twice,
        {"U": (3,), "v": ()},
        ((),),
        lambda p, x: (p["U"] @ p["U"] + p["v"] * x) ** 2 - 2 * x * (p["U"] @ p["U"]),
    ),
    "totals and means along axes": Case(reductions, {"W": (3, 4)}, ((3, 4),), reductions_loss),
    "ones as a broadcast": Case(
        spread,
        {"r": (1, 3), "w": ()},
        ((4,), (4, 3)),
        lambda p, x, y: ((y - p["w"] * np.tanh(x[:, None] + p["r"])) ** 2).sum(),
        lambda p, x, y: np.tanh(x[:, None] + p["r"]),
    ),
    "ones as a broadcast, all sizes 3": Case(
        spread,
        {"r": (1, 3), "w": ()},
        ((3,), (3, 3)),
        lambda p, x, y: ((y - p["w"] * np.tanh(x[:, None] + p["r"])) ** 2).sum(),
    ),
    "a bias as a last column": Case(
        augmented,
        {"W": (2, 4)},
        ((4,), (2,)),
        lambda p, x, y: (
            ((y - np.tanh(p["W"] @ x)) ** 2).sum()
            + (p["W"] ** 2).sum() / 4
            + (np.tanh(p["W"] @ x) ** 2).sum() / 3
        ),
    ),
    "a size that is a power of another": Case(
        squares_of_sizes,
        {"W": (2, 4)},
        ((4,),),
        lambda p, x: (np.tanh(p["W"] @ x) ** 2).sum() / 4,
    ),
    "an outer product": Case(
        outer,
        {"U": (3,)},
        ((4,),),
        lambda p, x: (np.outer(x, p["U"]) ** 3).sum() + np.exp(-(np.outer(x, p["U"]) ** 2)).sum(),
    ),
    "a quadratic form with the identity": Case(
        quadratic,
        {"A": (3, 3)},
        ((3,), ()),
        lambda p, x, y: (y - np.log(x @ (p["A"].T @ p["A"] + np.eye(3)) @ x)) ** 2,
    ),
    "sums of relus": Case(relus, {"W": (3, 4), "U": (3, 4)}, ((4,),), relus_loss),
    "ridge": Case(
        ridge,
        {"U": (3,)},
        ((5, 3), (5,)),
        lambda p, x, y: ((y - x @ p["U"]) ** 2).sum() + 0.3 * (p["U"] ** 2).sum(),
        whole=True,
    ),
    "ridge, as many samples as features": Case(
        ridge,
        {"U": (3,)},
        ((3, 3), (3,)),
        lambda p, x, y: ((y - x @ p["U"]) ** 2).sum() + 0.3 * (p["U"] ** 2).sum(),
        whole=True,
    ),
    "softmax regression": Case(
        softmax_regression,
        {"W": (4, 3), "b": (1, 3)},
        ((5, 4), (5, 3)),
        softmax_regression_loss,
        lambda p, x, y: softmax(x @ p["W"] + p["b"], axis=1),
        whole=True,
        labels=lambda rng: np.eye(3)[rng.integers(3, size=5)],
    ),
    "a weight a sample": Case(
        embedding,
        {"Z": (5, 2), "W": (2, 3)},
        ((5, 3), (5, 3)),
        embedding_loss,
        lambda p, x, y: np.tanh(p["Z"] @ p["W"] + x),
        whole=True,
    ),
    "the batch times itself": Case(
        gram,
        {"W": (3, 3)},
        ((4, 3),),
        lambda p, x: (
            np.tanh(x @ p["W"] @ x.T).sum() + ((x.T @ x @ p["W"]) ** 2).sum() / len(x) ** 2
        ),
        whole=True,
    ),
    "a function of matrices": Case(
        function_of_matrices, {"A": (3, 4), "B": (4, 3), "w": ()}, (), function_loss, whole=True
    ),
    "a function of square matrices": Case(
        function_of_matrices, {"A": (3, 3), "B": (3, 3), "w": ()}, (), function_loss, whole=True
    ),
    "a quadratic form of weights": Case(
        quadratic_of_weights,
        {"A": (3, 3), "u": (3,)},
        (),
        quadratic_of_weights_loss,
        whole=True,
    ),
}


def drawn(case: Case, samples: int) -> tuple[Arrays, list[Any]]:
    """Weights and data of the shapes of a case."""
    rng = np.random.default_rng(samples)
    params = {name: rng.normal(size=shape) for name, shape in case.weights.items()}
    batch = () if case.whole else (samples,)
    data = [rng.normal(size=(*batch, *shape)) for shape in case.data]
    if case.labels is not None:
        data[-1] = case.labels(rng)
    return params, data


def mean_loss(case: Case, data: list[Any]) -> Callable[[Any], Any]:
    """The loss of a batch as a function of the weights."""
    if case.whole:
        return lambda params: case.loss(params, *data)
    samples = list(zip(*data, strict=True))
    return lambda params: sum(case.loss(params, *sample) for sample in samples) / len(samples)


def samples_of(case: Case) -> tuple[int, ...]:
    return (1,) if case.whole else (1, 3, 5)


@pytest.mark.parametrize("name", CASES)
def test_loss_is_the_mean_of_the_loss_of_one_sample(name: str) -> None:
    case = CASES[name]
    module = load(derive(case.net()))
    for samples in samples_of(case):
        params, data = drawn(case, samples)
        expected = float(np.real(mean_loss(case, data)(params)))
        assert module.loss(params, *data) == pytest.approx(expected, rel=1e-12)
        assert module.loss_and_gradients(params, *data)[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_right_and_shaped_like_their_weights(name: str) -> None:
    case = CASES[name]
    module = load(derive(case.net()))
    for samples in samples_of(case):
        params, data = drawn(case, samples)
        gradients = module.loss_and_gradients(params, *data)[1]
        expected = complex_step(mean_loss(case, data), params)
        assert list(gradients) == list(params)
        scale = max(np.abs(gradient).max() for gradient in expected.values())
        for key, gradient in expected.items():
            assert gradients[key].shape == params[key].shape, key
            np.testing.assert_allclose(gradients[key], gradient, rtol=1e-9, atol=1e-11 * scale)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.outputs])
def test_forward_gives_the_outputs_batch_first(name: str) -> None:
    case = CASES[name]
    assert case.outputs is not None
    module = load(derive(case.net()))
    inputs = len(case.net().inputs)
    for samples in samples_of(case):
        params, data = drawn(case, samples)
        found = module.forward(params, *data[:inputs])
        if case.whole:
            expected = case.outputs(params, *data)
        else:
            rows = zip(*data, strict=True)
            expected = np.stack([case.outputs(params, *row) for row in rows])
        found = found[-1] if isinstance(found, tuple) else found
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", CASES)
def test_loss_and_gradients_changes_nothing_and_gives_the_same_again(name: str) -> None:
    case = CASES[name]
    module = load(derive(case.net()))
    params, data = drawn(case, 3)
    held = {key: value.copy() for key, value in params.items()}
    kept = [array.copy() for array in data]
    for array in (*params.values(), *data):
        array.flags.writeable = False
    first, gradients = module.loss_and_gradients(params, *data)
    again, same = module.loss_and_gradients(params, *data)
    assert first == again
    for key, value in params.items():
        np.testing.assert_array_equal(value, held[key])
        np.testing.assert_array_equal(gradients[key], same[key])
        assert not np.shares_memory(gradients[key], value)
        assert not np.shares_memory(gradients[key], same[key])
    for array, copy in zip(data, kept, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("name", CASES)
def test_a_workspace_is_filled_with_the_same_gradients(name: str) -> None:
    case = CASES[name]
    module = load(derive(case.net()))
    params, data = drawn(case, 3)
    pure = module.loss_and_gradients(params, *data)
    workspace = workspace_of_nan(module, params, data)
    arguments = alike(module, params, data)
    for _ in range(2):
        found = module.loss_and_gradients(arguments[0], *arguments[1], workspace=workspace)
        assert_same(found, pure)
        assert found[1] is workspace[0]


@pytest.mark.parametrize("name", CASES)
def test_init_params_gives_weights_of_the_declared_shapes(name: str) -> None:
    case = CASES[name]
    net = case.net()
    module = load(derive(net))
    extents = [sympify(extent) for entry in net.weights for extent in entry.shape]
    symbols_of_weights = {size for extent in extents for size in extent.free_symbols}
    params = module.init_params(0, **{size.name: 3 for size in symbols_of_weights})
    threes = dict.fromkeys(symbols_of_weights, 3)
    for entry in net.weights:
        shape = [int(sympify(extent).subs(threes)) for extent in entry.shape]
        kept = shape[:1] if len(entry.shape) == 2 and entry.shape[1] == 1 else shape
        assert params[entry.name].shape == tuple(kept)
        assert params[entry.name].dtype == np.float64


def test_a_hyperparameter_is_a_keyword_with_its_default() -> None:
    case = CASES["a step of weights alone, in data and regulariser"]
    module = load(derive(case.net()))
    params, data = drawn(case, 3)
    rows = list(zip(*data, strict=True))
    for strength in (0.0, 0.3, 2.0):
        expected = np.mean([shared_weights_loss(params, a, b, strength) for a, b in rows])
        assert module.loss(params, *data, lam=strength) == pytest.approx(expected, rel=1e-12)
        value, _ = module.loss_and_gradients(params, *data, lam=strength)
        assert value == pytest.approx(expected, rel=1e-12)
    assert module.loss(params, *data) == module.loss(params, *data, lam=0.3)


def test_minibatches_are_refused_where_a_weight_has_a_size_n() -> None:
    case = CASES["a weight a sample"]
    module = load(derive(case.net()))
    params, data = drawn(case, 5)
    with pytest.raises(ValueError, match="batch_size is 2; Z has the 5 samples in its shape"):
        module.train(params, *data, epochs=1, learning_rate=0.1, batch_size=2)
    new, losses = module.train(params, *data, epochs=40, learning_rate=0.1)
    assert losses[-1] < losses[0] and new["Z"].shape == (5, 2)


@pytest.mark.parametrize("columns", [n, n + 1])
def test_minibatches_are_refused_where_data_count_the_samples_twice(columns: Any) -> None:
    """Rows of a matrix of pairs cannot be cut out without its columns."""
    X, R, W = MatrixSymbol("X", n, D), MatrixSymbol("R{s}", n, columns), MatrixSymbol("W", D, 1)
    net = Network("pairs", inputs=[X, R], weights=[W], samples=n)
    z = net.step("z", F.tanh(X * W))
    net.loss(F.squared_norm(R.T * z))
    module = load(derive(net))
    rng = np.random.default_rng(0)
    data = rng.normal(size=(5, 2)), rng.normal(size=(5, 6 if columns != n else 5))
    params = module.init_params(0, D=2)
    with pytest.raises(ValueError, match=r"batch_size is 3; R\{s\} has the 5 samples"):
        module.train(params, *data, epochs=1, learning_rate=0.1, batch_size=3)
    new, losses = module.train(params, *data, epochs=9, learning_rate=0.1, batch_size=5)
    assert losses[-1] < losses[0] and set(new) == {"W"}
    assert "n" not in module.SIZES and "its mean" not in module.loss.__doc__
    assert module.main(["check"]) == 0


def test_a_network_with_samples_takes_minibatches_of_rows() -> None:
    case = CASES["softmax regression"]
    module = load(derive(case.net()))
    params, data = drawn(case, 5)
    new, losses = module.train(params, *data, epochs=60, learning_rate=0.5, batch_size=2, rng=0)
    assert losses[-1] < losses[0]
    assert module.loss(new, *data) < module.loss(params, *data)


def test_no_batch_axis_is_added_with_samples() -> None:
    """The loss is taken as declared: a sum over the samples stays a sum."""
    case = CASES["ridge"]
    module = load(derive(case.net()))
    params, (data, targets) = drawn(case, 1)
    twice = module.loss(params, np.vstack([data, data]), np.hstack([targets, targets]), lam=0.0)
    assert twice == pytest.approx(2 * module.loss(params, data, targets, lam=0.0), rel=1e-12)


def declared_outputs(*outputs: str) -> Network:
    X, T, W = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1), MatrixSymbol("W", N, D)
    net = Network("outputs", inputs=[X], targets=[T], weights=[W, w], outputs=outputs)
    z = net.step("z", W * X)
    net.step("row", F.tanh(z).T)
    net.step("g", z * z.T)
    net.step("total_z", F.total(z))
    net.step("constant", OneMatrix(N, 1) * w**2)
    net.step("across", F.total(X) * OneMatrix(N, 2))
    net.step("column", F.dot(X, X) * OneMatrix(3, 1))
    net.step("weights", F.tanh(W))
    net.step("rows", OneMatrix(N, 1) * X.T)
    net.loss(F.squared_error(T, z) + w**2)
    return net


OUTPUTS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "z": lambda x, W, w: W @ x,
    "row": lambda x, W, w: np.tanh(W @ x)[None],
    "g": lambda x, W, w: np.outer(W @ x, W @ x),
    "total_z": lambda x, W, w: (W @ x).sum(),
    "across": lambda x, W, w: np.full((len(W), 2), x.sum()),
    "column": lambda x, W, w: np.full(3, x @ x),
    "rows": lambda x, W, w: np.tile(x, (len(W), 1)),
}


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
@pytest.mark.parametrize("samples", [1, 2, 3])
@pytest.mark.parametrize("name", OUTPUTS)
def test_a_declared_output_has_the_shape_of_its_step(name: str, samples: int) -> None:
    module = load(derive(declared_outputs(name)))
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(3, 2)), "w": np.array(0.7)}
    data = rng.normal(size=(samples, 2))
    expected = np.stack([OUTPUTS[name](row, params["W"], params["w"]) for row in data])
    found = module.forward(params, data)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
def test_several_outputs_are_a_tuple_in_the_declared_order() -> None:
    module = load(derive(declared_outputs("total_z", "weights", "constant", "z")))
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(3, 2)), "w": np.array(0.7)}
    data = rng.normal(size=(4, 2))
    sums, weights, constant, z = module.forward(params, data)
    np.testing.assert_allclose(z, data @ params["W"].T)
    np.testing.assert_allclose(sums, z.sum(axis=1))
    np.testing.assert_allclose(weights, np.tanh(params["W"]))
    np.testing.assert_allclose(constant, np.full(3, 0.49))


def test_forward_never_reads_a_target() -> None:
    """The loss reads only the residual, which needs the target: forward gives what comes before."""
    X, T, W = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1), MatrixSymbol("W", N, D)
    net = Network("residual", inputs=[X], targets=[T], weights=[W])
    o = net.step("o", W * X)
    r = net.step("r", T - o)
    net.loss(F.squared_norm(r))
    module = load(derive(net))
    rng = np.random.default_rng(0)
    params, data = {"W": rng.normal(size=(3, 2))}, rng.normal(size=(4, 2))
    module.forward(params, data)
    assert "y" not in emit(derive(net)).split("def forward(")[1].split("):")[0]


def test_a_wrong_shape_is_refused_and_not_broadcast() -> None:
    case = CASES["mlp"]
    module = load(derive(case.net()))
    params, (data, targets) = drawn(case, 4)
    for wrong in (targets[:1], targets[:, :1], targets[..., None], targets[0]):
        with pytest.raises(ValueError, match="y has the shape"):
            module.loss_and_gradients(params, data, wrong)
    with pytest.raises(ValueError, match="b1 has the shape"):
        module.loss({**params, "b1": params["b1"][:, None]}, data, targets)


def test_float32_stays_float32_through_an_identity() -> None:
    """Data and weights of float32 are not widened by a constant matrix."""
    X, A = MatrixSymbol("x", D, 1), MatrixSymbol("A", D, D)
    net = Network("identity", inputs=[X], weights=[A])
    net.loss(F.squared_norm(net.step("o", (A + Identity(D)) * X)))
    module = load(derive(net))
    rng = np.random.default_rng(0)
    params = {"A": rng.normal(size=(3, 3)).astype(np.float32)}
    data = rng.normal(size=(4, 3)).astype(np.float32)
    assert module.forward(params, data).dtype == np.float32
    assert module.loss_and_gradients(params, data)[1]["A"].dtype == np.float32


def test_an_identity_alone_is_as_exact_as_the_weights() -> None:
    """A function of a constant matrix is computed in float64 where the weights are float64."""
    A = MatrixSymbol("A", D, D)
    net = Network("constant", weights=[A])
    net.loss(F.squared_norm(A) + F.total(F.exp(F.tanh(Identity(D) / 3))))
    module = load(derive(net))
    expected = 4.0 + np.exp(np.tanh(np.eye(2) / 3)).sum()
    assert module.loss({"A": np.ones((2, 2))}) == pytest.approx(expected, rel=1e-14)


def test_a_size_that_only_a_target_shows_is_refused_where_forward_needs_it() -> None:
    x, w = symbols("x w", real=True)
    target = MatrixSymbol("target", D, 1)
    net = Network("unseen", inputs=[x], targets=[target], weights=[w])
    share = net.step("share", w * x / D)
    net.loss(F.squared_error(target, share * OneMatrix(D, 1)))
    with pytest.raises(EmissionError, match="no weight or input of forward has an axis of"):
        emit(derive(net))
