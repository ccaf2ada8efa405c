"""Likelihoods by inverse and determinant, flows and energies."""

from __future__ import annotations

from typing import Any

from sympy import (
    Determinant,
    HadamardPower,
    Identity,
    Inverse,
    MatrixSymbol,
    OneMatrix,
    Symbol,
    hadamard_product,
    log,
    pi,
    symbols,
)

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, functional, torch

n, D, N, V = symbols("n D N V", integer=True, positive=True)

MultivariateNormal = torch.distributions.MultivariateNormal


def gaussian_process() -> Network:
    """The log marginal likelihood of a radial kernel: its scale, width and noise are weights."""
    X, y = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1)
    a, g, s = symbols("a g s", real=True)
    net = Network("Gaussian process", inputs=[X], targets=[y], weights=[a, g, s], samples=n)
    q, row = net.step("q", F.total(HadamardPower(X, 2), axis=1)), OneMatrix(1, n)
    E = net.step("E", q * row + row.T * q.T - 2 * X * X.T)
    K = net.step("K", F.exp(a) * F.exp(-F.exp(g) * E) + F.exp(s) * Identity(n))
    net.loss((F.scalar(y.T * Inverse(K) * y) + F.log(Determinant(K)) + n * log(2 * pi)) / 2)
    return net


def gaussian_process_twin(v: Any) -> tuple[Any, Arrays]:
    e = ((v.X[:, None, :] - v.X[None, :, :]) ** 2).sum(2)
    k = torch.exp(v.a - torch.exp(v.g) * e) + torch.exp(v.s) * torch.eye(len(e), dtype=e.dtype)
    return -MultivariateNormal(torch.zeros_like(v.y), k).log_prob(v.y), {"K": k}


def linear_process() -> Network:
    """The same of K = X W W'X' + s I, spelt with inverse and logdet."""
    X, y, W = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1), MatrixSymbol("W", D, N)
    s = Symbol("s", real=True)
    net = Network("linear process", inputs=[X], targets=[y], weights=[W, s], samples=n)
    K = net.step("K", X * W * W.T * X.T + s * Identity(n))
    net.loss(F.dot(y, F.inverse(K) * y) + F.logdet(K))
    return net


def linear_process_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.X @ v.W
    k = z @ z.T + v.s * torch.eye(len(z), dtype=z.dtype)
    fit = v.y @ torch.cholesky_solve(v.y[:, None], torch.linalg.cholesky(k))[:, 0]
    return fit + torch.linalg.slogdet(k).logabsdet, {"K": k}


def low_rank_and_diagonal() -> Network:
    """A Gaussian over a sample, its covariance U U' + diag(exp(s)); mean by a layer."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    M, U, s = MatrixSymbol("M", V, D), MatrixSymbol("U", V, N), MatrixSymbol("s", V, 1)
    net = Network("low rank and diagonal", inputs=[x], targets=[y], weights=[M, U, s], sizes={N: 1})
    C = net.step("C", U * U.T + F.diag(F.exp(s)))
    r = net.step("r", y - net.step("mu", M * x))
    net.loss((F.scalar(r.T * F.inverse(C) * r) + F.logdet(C) + V * log(2 * pi)) / 2)
    return net


def low_rank_and_diagonal_twin(v: Any) -> tuple[Any, Arrays]:
    mu = v.M @ v.x
    law = torch.distributions.LowRankMultivariateNormal(mu, v.U, torch.exp(v.s))
    return -law.log_prob(v.y), {"mu": mu}


def low_rank_layer() -> Network:
    """The matrix of a layer is diag(d) + u v'."""
    x, y = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1)
    d, u, w = (MatrixSymbol(name, N, 1) for name in ("d", "u", "w"))
    net = Network("low-rank layer", inputs=[x], targets=[y], weights=[d, u, w])
    W = net.step("W", F.diag(d) + u * w.T)
    y_hat = net.step("y_hat", F.tanh(W * x))
    net.loss(F.mean_squared_error(y, y_hat))
    return net


def low_rank_layer_twin(v: Any) -> tuple[Any, Arrays]:
    y_hat = torch.tanh(v.d * v.x + v.u * (v.w @ v.x))
    return ((v.y - y_hat) ** 2).mean(), {"y_hat": y_hat}


def inverse_covariance() -> Network:
    """Penalised precision of a sample: -log det P + tr(S P), P = A A' + I."""
    X, A = MatrixSymbol("X", n, D), MatrixSymbol("A", D, D)
    net = Network("inverse covariance", inputs=[X], weights=[A], samples=n)
    P = net.step("P", A * A.T + Identity(D))
    net.loss(F.trace(X.T * X * P) / n - F.logdet(P))
    return net


def inverse_covariance_twin(v: Any) -> tuple[Any, Arrays]:
    p = v.A @ v.A.T + torch.eye(len(v.A), dtype=v.A.dtype)
    return torch.einsum("ni,ij,nj->", v.X, p, v.X) / len(v.X) - torch.logdet(p), {"P": p}


def discriminant() -> Network:
    """A function of matrices: log det(W'SW) - log det(W'TW), no data."""
    W, A, B = MatrixSymbol("W", D, N), MatrixSymbol("A", D, D), MatrixSymbol("B", D, D)
    net = Network("discriminant", weights=[W, A, B])
    S = net.step("S", A * A.T + Identity(D))
    R = net.step("R", B * B.T + Identity(D))
    net.loss(F.logdet(W.T * S * W) - F.logdet(W.T * R * W))
    return net


def discriminant_twin(v: Any) -> tuple[Any, Arrays]:
    eye = torch.eye(len(v.A), dtype=v.A.dtype)
    s, r = v.A @ v.A.T + eye, v.B @ v.B.T + eye
    return torch.logdet(v.W.T @ s @ v.W) - torch.logdet(v.W.T @ r @ v.W), {"S": s, "R": r}


def coupling_flow() -> Network:
    """Affine coupling: one half of x scales and shifts the other half, by exp of a bounded s."""
    x = MatrixSymbol("x", 2 * D, 1)
    W, U, b = MatrixSymbol("W", D, D), MatrixSymbol("U", D, D), MatrixSymbol("b", D, 1)
    net = Network("coupling flow", inputs=[x], weights=[W, U, b])
    s = net.step("s", F.tanh(W * x[0:D, :] + b))
    z = net.step("z", hadamard_product(x[D : 2 * D, :], F.exp(s)) + U * x[0:D, :])
    net.loss((F.squared_norm(x[0:D, :]) + F.squared_norm(z)) / 2 - F.total(s))
    return net


def coupling_flow_twin(v: Any) -> tuple[Any, Arrays]:
    first, second = v.x.chunk(2)
    s = torch.tanh(v.W @ first + v.b)
    z = torch.cat([first, second * torch.exp(s) + v.U @ first])
    return (z @ z) / 2 - s.sum(), {"s": s, "z": z[len(s) :]}


def planar_flow() -> Network:
    """Rezende and Mohamed: z = x + u tanh(a), a = w'x + b; log|1 + u'psi|, psi = tanh'(a) w."""
    x, u, w = (MatrixSymbol(name, D, 1) for name in ("x", "u", "w"))
    b = Symbol("b", real=True)
    net = Network("planar flow", inputs=[x], weights=[u, w, b])
    h = net.step("h", F.tanh(F.dot(w, x) + b))
    z = net.step("z", x + h * u)
    psi = net.step("psi", (1 - h**2) * w)
    net.loss(F.squared_norm(z) / 2 - F.log(F.absolute(1 + F.dot(u, psi))))
    return net


def planar_flow_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.tanh(v.w @ v.x + v.b)
    psi = (1 - h**2) * v.w
    z = v.x + v.u * h
    return (z @ z) / 2 - torch.log(torch.abs(1 + v.u @ psi)), {"z": z, "psi": psi}


def linear_flow() -> Network:
    """z = W x: the loss has -log|det W|, once for all samples."""
    x, W, b = MatrixSymbol("x", D, 1), MatrixSymbol("W", D, D), MatrixSymbol("b", D, 1)
    net = Network("linear flow", inputs=[x], weights=[W, b])
    z = net.step("z", W * x + b)
    net.loss(F.total(F.softplus(z) + F.softplus(-z)) - F.log(F.absolute(Determinant(W))))
    return net


def linear_flow_twin(v: Any) -> tuple[Any, Arrays]:
    z = v.W @ v.x + v.b
    base = -(functional.logsigmoid(z) + functional.logsigmoid(-z)).sum()
    return base - torch.linalg.slogdet(v.W).logabsdet, {"z": z}


def hopfield() -> Network:
    """The energy of a modern Hopfield network: -lse(beta, M'x)/beta + |x|^2/2, M learned."""
    x, M, b = MatrixSymbol("x", D, 1), MatrixSymbol("M", D, N), Symbol("beta", real=True)
    net = Network("Hopfield energy", inputs=[x], weights=[M], hyperparameters={b: 2.0})
    net.loss(-F.logsumexp(b * M.T * x) / b + F.scalar(x.T * x) / 2 + F.amax(M.T * x) / 4)
    return net


def hopfield_twin(v: Any) -> tuple[Any, Arrays]:
    overlap = v.x @ v.M
    lse = torch.logsumexp(v.beta * overlap, 0) / v.beta
    return -lse + (v.x @ v.x) / 2 + overlap.amax(0) / 4, {}


def classical_hopfield() -> Network:
    """-x'Wx/2 - b'x at the state that two steps of tanh lead to, W made symmetric."""
    x, A, b = MatrixSymbol("x", N, 1), MatrixSymbol("A", N, N), MatrixSymbol("b", N, 1)
    net = Network("classical Hopfield", inputs=[x], weights=[A, b])
    W = net.step("W", (A + A.T) / 2)
    s = net.step("s", F.tanh(W * F.tanh(W * x + b) + b))
    net.loss(-F.scalar(s.T * W * s) / 2 - F.dot(b, s))
    return net


def classical_hopfield_twin(v: Any) -> tuple[Any, Arrays]:
    w = (v.A + v.A.T) / 2
    s = torch.tanh(w @ torch.tanh(w @ v.x + v.b) + v.b)
    return -(s @ w @ s) / 2 - v.b @ s, {"s": s}


def boltzmann_free_energy() -> Network:
    """A restricted Boltzmann machine: the free energy of data x less that of a chain's state z."""
    x, z = MatrixSymbol("x", D, 1), MatrixSymbol("z", D, 1)
    W, b, c = MatrixSymbol("W", N, D), MatrixSymbol("b", D, 1), MatrixSymbol("c", N, 1)
    net = Network("Boltzmann machine", inputs=[x, z], weights=[W, b, c], sizes={N: 8})

    def energy(state: Any) -> Any:
        return -F.dot(b, state) - F.total(F.softplus(W * state + c))

    net.loss(energy(x) - energy(z))
    return net


def boltzmann_free_energy_twin(v: Any) -> tuple[Any, Arrays]:
    def energy(state: Any) -> Any:
        return -v.b @ state + functional.logsigmoid(-(v.W @ state + v.c)).sum()

    return energy(v.x) - energy(v.z), {}


CASES = [
    Case(gaussian_process, gaussian_process_twin, {"D": 2}, ("s",), large={"s": 800.0}),
    Case(linear_process, linear_process_twin, {"D": 3, "N": 2}, ("s",), large={"s": 1e120}),
    Case(
        low_rank_and_diagonal,
        low_rank_and_diagonal_twin,
        {"D": 3, "V": 4, "N": 2},
        ("s",),
        large={"s": 400.0},
    ),
    Case(low_rank_layer, low_rank_layer_twin, {"N": 4}),
    Case(inverse_covariance, inverse_covariance_twin, {"D": 3}, large={"A": 1e60}),
    Case(discriminant, discriminant_twin, {"D": 4, "N": 2}, large={"A": 1e90}),
    Case(coupling_flow, coupling_flow_twin, {"D": 2}),
    Case(planar_flow, planar_flow_twin, {"D": 3}),
    Case(linear_flow, linear_flow_twin, {"D": 3}, large={"W": 1e120}),
    Case(hopfield, hopfield_twin, {"D": 3, "N": 4}, large={"x": 1e3}),
    Case(classical_hopfield, classical_hopfield_twin, {"N": 4}),
    Case(boltzmann_free_energy, boltzmann_free_energy_twin, {"D": 4, "N": 3}, large={"x": 1e3}),
]
