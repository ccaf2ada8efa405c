"""Algorithms unrolled into networks, and losses of other fields: policies, survival, groups."""

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


def group_norm() -> Network:
    """Two groups of a column are normalised apart and stacked again."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", 2 * N, 1)
    W, g = MatrixSymbol("W", 2 * N, D), MatrixSymbol("g", 2 * N, 1)
    net = Network("group norm", inputs=[x], targets=[y], weights=[W, g], sizes={N: 3})
    a, one = net.step("a", W * x), OneMatrix(N, 1)
    parts = []
    for k, part in enumerate((a[0:N, :], a[N : 2 * N, :]), start=1):
        c = net.step(f"c{k}", part - F.mean(part) * one)
        parts.append(c / F.sqrt(F.mean(HadamardPower(c, 2)) + 0.01))
    z = net.step("z", hadamard_product(g, F.vstack(*parts)))
    net.loss(F.squared_error(y, z))
    return net


def group_norm_twin(v: Any) -> tuple[Any, Arrays]:
    groups = (v.W @ v.x).reshape(2, -1)
    z = v.g * functional.layer_norm(groups, groups.shape[1:], eps=0.01).flatten()
    return ((v.y - z) ** 2).sum(), {"z": z}


def gated_linear_unit() -> Network:
    """SwiGLU: the two halves of one product, one of them the gate, above a residual."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", D, 1)
    W, U = MatrixSymbol("W", 2 * N, D), MatrixSymbol("U", D, N)
    net = Network("gated linear unit", inputs=[x], targets=[y], weights=[W, U], sizes={N: 8})
    a = net.step("a", W * x)
    h = net.step("h", hadamard_product(F.silu(a[0:N, :]), a[N : 2 * N, :]))
    z = net.step("z", x + U * h)
    net.loss(F.half_squared_error(y, z))
    return net


def gated_linear_unit_twin(v: Any) -> tuple[Any, Arrays]:
    gate, value = (v.W @ v.x).chunk(2)
    z = v.x + v.U @ (functional.silu(gate) * value)
    return ((v.y - z) ** 2).sum() / 2, {"z": z}


def clipped_policy() -> Network:
    """Proximal policy optimisation: the ratio of probabilities clipped, and an entropy bonus."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    g, p0 = symbols("g p0", real=True)
    W = MatrixSymbol("W", V, D)
    e, c = symbols("e c", real=True)
    net = Network(
        "clipped policy",
        inputs=[x, g, p0],
        targets=[y],
        weights=[W],
        labels={y: "one-hot"},
        hyperparameters={e: 0.2, c: 0.01},
    )
    p = net.step("p", F.softmax(W * x))
    r = net.step("r", F.dot(y, p) / p0)
    clipped = F.minimum(F.maximum(r, 1 - e), 1 + e)
    entropy = -F.total(hadamard_product(p, F.log(p)))
    net.loss(-F.minimum(r * g, clipped * g) - c * entropy)
    return net


def clipped_policy_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.W @ v.x
    p = torch.softmax(z, 0)
    r = (v.y @ p) / v.p0
    gain = torch.minimum(r * v.g, torch.clamp(r, 1 - v.e, 1 + v.e) * v.g)
    return -gain + v.c * (p * torch.log_softmax(z, 0)).sum(), {"p": p}


def preference() -> Network:
    """Direct preference: log sigmoid of the margin between two log-probabilities."""
    x, a, b = MatrixSymbol("x", D, 1), MatrixSymbol("a", V, 1), MatrixSymbol("b", V, 1)
    W, m, beta = MatrixSymbol("W", V, D), Symbol("m", real=True), Symbol("beta", real=True)
    net = Network("preference", inputs=[x, a, b, m], weights=[W], hyperparameters={beta: 0.5})
    q = net.step("q", F.log_softmax(W * x))
    net.loss(-F.log(F.sigmoid(beta * (F.dot(a, q) - F.dot(b, q) - m))))
    return net


def preference_twin(v: Any) -> tuple[Any, Arrays]:
    q = torch.log_softmax(v.W @ v.x, 0)
    return -functional.logsigmoid(v.beta * ((v.a - v.b) @ q - v.m)), {"q": q}


def cox_regression() -> Network:
    """The partial likelihood of survival: a matrix of who is at risk (0, else far below)."""
    X, R, c = MatrixSymbol("X", n, D), MatrixSymbol("R", n, n), MatrixSymbol("c", n, 1)
    w = MatrixSymbol("w", D, 1)
    net = Network("Cox regression", inputs=[X, R], targets=[c], weights=[w], samples=n)
    z = net.step("z", X * w)
    risk = net.step("risk", F.logsumexp(OneMatrix(n, 1) * z.T + R, axis=1))
    net.loss(F.dot(c, risk - z))
    return net


def cox_regression_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.X @ v.w
    risk = torch.logsumexp(z[None] + v.R, 1)
    return (v.c * (risk - z)).sum(), {"z": z, "risk": risk}


def power_iteration() -> Network:
    """Spectral norm by two normalised products, held near 1."""
    W, u, x = MatrixSymbol("W", N, D), MatrixSymbol("u", N, 1), MatrixSymbol("x", D, 1)
    net = Network("power iteration", inputs=[x], weights=[W, u])
    for t in (1, 2):
        v = net.step(f"v{t}", W.T * u / F.norm(W.T * u))
        u = net.step(f"u{t}", W * v / F.norm(W * v))
    s = net.step("s", F.scalar(u.T * W * v))
    z = net.step("z", W * x / s)
    net.loss((s - 1) ** 2 + F.squared_norm(z))
    return net


def power_iteration_twin(v: Any) -> tuple[Any, Arrays]:
    u = v.u
    for _ in range(2):
        right = functional.normalize(v.W.T @ u, dim=0, eps=0.0)
        u = functional.normalize(v.W @ right, dim=0, eps=0.0)
    s = u @ v.W @ right
    z = v.W @ v.x / s
    return (s - 1) ** 2 + (z**2).sum(), {"z": z}


def group_lasso() -> Network:
    """A linear model whose rows vanish together: the sum of their norms is the penalty."""
    X, Y, W = MatrixSymbol("X", n, D), MatrixSymbol("Y", n, V), MatrixSymbol("W", D, V)
    lam = Symbol("lam", real=True)
    net = Network(
        "group lasso", inputs=[X], targets=[Y], weights=[W], samples=n, hyperparameters={lam: 0.2}
    )
    rows = F.sqrt(F.total(HadamardPower(W, 2), axis=1))
    net.loss(F.squared_norm(Y - X * W) / (2 * n) + lam * F.total(rows))
    return net


def group_lasso_twin(v: Any) -> tuple[Any, Arrays]:
    error = ((v.Y - v.X @ v.W) ** 2).sum() / (2 * len(v.X))
    return error + v.lam * torch.linalg.vector_norm(v.W, dim=1).sum(), {}


def learned_power() -> Network:
    """Generalised-mean pooling: the exponent is a weight."""
    x, y = MatrixSymbol("x", D, 1), Symbol("y", real=True)
    W, p = MatrixSymbol("W", N, D), Symbol("p", real=True)
    net = Network("learned power", inputs=[x], targets=[y], weights=[W, p], sizes={N: 4})
    h = net.step("h", F.softplus(W * x))
    y_hat = net.step("y_hat", F.mean(HadamardPower(h, p)) ** (1 / p))
    net.loss((y - y_hat) ** 2)
    return net


def learned_power_twin(v: Any) -> tuple[Any, Arrays]:
    h = functional.softplus(v.W @ v.x, threshold=1000)
    y_hat = torch.exp(torch.log(torch.mean(torch.exp(v.p * torch.log(h)))) / v.p)
    return (v.y - y_hat) ** 2, {"y_hat": y_hat}


CASES = [
    Case(group_norm, group_norm_twin, {"D": 3, "N": 2}, large={"x": 1e3}),
    Case(gated_linear_unit, gated_linear_unit_twin, {"D": 3, "N": 2}, large={"x": 1e3}),
    Case(clipped_policy, clipped_policy_twin, {"D": 3, "V": 4}, ("p0",)),
    Case(preference, preference_twin, {"D": 3, "V": 4}, large={"x": 1e3}),
    Case(cox_regression, cox_regression_twin, {"D": 3}, ("c",), large={"X": 1e3, "R": 1e4}),
    Case(power_iteration, power_iteration_twin, {"D": 3, "N": 4}),
    Case(group_lasso, group_lasso_twin, {"D": 3, "V": 2}),
    Case(learned_power, learned_power_twin, {"D": 3, "N": 4}, ("p",)),
]
