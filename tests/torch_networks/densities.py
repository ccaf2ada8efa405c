"""Likelihoods and energies of one sample: mixtures, variances, metrics."""

from __future__ import annotations

from typing import Any

from sympy import (
    HadamardPower,
    Identity,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Symbol,
    hadamard_product,
    log,
    pi,
    symbols,
)

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, functional, torch

D, N, V = symbols("D N V", integer=True, positive=True)


def poisson_regression() -> Network:
    x, y = MatrixSymbol("x", D, 1), Symbol("y", real=True)
    W, b, w = MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1), MatrixSymbol("w", N, 1)
    net = Network("Poisson regression", inputs=[x], targets=[y], weights=[W, b, w], sizes={N: 8})
    eta = net.step("eta", F.dot(w, F.softplus(W * x + b)))
    net.loss(F.exp(eta) - y * eta)
    return net


def poisson_regression_twin(v: Any) -> tuple[Any, Arrays]:
    eta = v.w @ functional.softplus(v.W @ v.x + v.b, threshold=1000)
    return functional.poisson_nll_loss(eta, v.y, log_input=True), {"eta": eta}


def learned_variance() -> Network:
    """A Gaussian whose mean and log-variance are both learned, entry by entry."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W, M, S = MatrixSymbol("W", N, D), MatrixSymbol("M", V, N), MatrixSymbol("S", V, N)
    net = Network("learned variance", inputs=[x], targets=[y], weights=[W, M, S], sizes={N: 8})
    h = net.step("h", F.tanh(W * x))
    mu, s = net.step("mu", M * h), net.step("s", S * h)
    errors = hadamard_product(HadamardPower(y - mu, 2), F.exp(-s))
    net.loss((F.total(s + errors) + V * log(2 * pi)) / 2)
    return net


def learned_variance_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.tanh(v.W @ v.x)
    mu, s = v.M @ h, v.S @ h
    normal = torch.distributions.Normal(mu, torch.exp(s / 2))
    return -normal.log_prob(v.y).sum(), {"mu": mu, "s": s}


def mixture_density() -> Network:
    """Bishop: the weights, means and scales of a mixture of Gaussians from one hidden layer."""
    x, y = MatrixSymbol("x", D, 1), Symbol("y", real=True)
    W, b = MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1)
    A, M, S = (MatrixSymbol(name, V, N) for name in ("A", "M", "S"))
    net = Network(
        "mixture density", inputs=[x], targets=[y], weights=[W, b, A, M, S], sizes={N: 8, V: 3}
    )
    h = net.step("h", F.tanh(W * x + b))
    a = net.step("a", F.log_softmax(A * h))
    mu, s = net.step("mu", M * h), net.step("s", S * h)
    r = net.step("r", hadamard_product(y * OneMatrix(V, 1) - mu, F.exp(-s)))
    net.loss(-F.logsumexp(a - s - HadamardPower(r, 2) / 2) + log(2 * pi) / 2)
    return net


def mixture_density_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.tanh(v.W @ v.x + v.b)
    a, mu, s = torch.log_softmax(v.A @ h, 0), v.M @ h, v.S @ h
    parts = torch.distributions.Normal(mu, torch.exp(s))
    mixture = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(logits=a), parts
    )
    return -mixture.log_prob(v.y), {"a": a, "mu": mu, "s": s}


def variational_autoencoder() -> Network:
    """The noise is an input: reconstruction by cross-entropy, and KL to N(0, 1)."""
    x, e = MatrixSymbol("x", D, 1), MatrixSymbol("e", N, 1)
    A, M, S, B = (
        MatrixSymbol("A", V, D),
        MatrixSymbol("M", N, V),
        MatrixSymbol("S", N, V),
        MatrixSymbol("B", D, N),
    )
    net = Network(
        "variational autoencoder",
        inputs=[x, e],
        weights=[A, M, S, B],
        sizes={V: 8},
        outputs=["q"],
    )
    h = net.step("h", F.relu(A * x))
    mu, s = net.step("mu", M * h), net.step("s", S * h)
    z = net.step("z", mu + hadamard_product(F.exp(s / 2), e))
    q = net.step("q", F.sigmoid(B * z))
    one = OneMatrix(N, 1)
    kl = -Rational(1, 2) * F.total(one + s - HadamardPower(mu, 2) - F.exp(s))
    net.loss(F.binary_cross_entropy(x, q) + kl)
    return net


def variational_autoencoder_twin(v: Any) -> tuple[Any, Arrays]:
    h = torch.relu(v.A @ v.x)
    mu, s = v.M @ h, v.S @ h
    logits = v.B @ (mu + torch.exp(s / 2) * v.e)
    found = torch.distributions.Normal(mu, torch.exp(s / 2))
    kl = torch.distributions.kl_divergence(found, torch.distributions.Normal(0.0, 1.0)).sum()
    loss = functional.binary_cross_entropy_with_logits(logits, v.x, reduction="sum")
    return loss + kl, {"q": torch.sigmoid(logits)}


def orthogonal_penalty() -> Network:
    """A layer kept near an isometry: |W'W - I|_F^2."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1)
    W, lam = MatrixSymbol("W", N, D), Symbol("lam", real=True)
    net = Network(
        "orthogonal penalty", inputs=[x], targets=[y], weights=[W], hyperparameters={lam: 0.1}
    )
    y_hat = net.step("y_hat", F.tanh(W * x))
    net.loss(F.squared_error(y, y_hat) + lam * F.squared_norm(W.T * W - Identity(D)))
    return net


def orthogonal_penalty_twin(v: Any) -> tuple[Any, Arrays]:
    y_hat = torch.tanh(v.W @ v.x)
    gram = v.W.T @ v.W - torch.eye(v.W.shape[1], dtype=torch.float64)
    penalty = v.lam * torch.linalg.matrix_norm(gram) ** 2
    return ((v.y - y_hat) ** 2).sum() + penalty, {"y_hat": y_hat}


def metric_learning() -> Network:
    """A Mahalanobis distance of rank N, and the logistic loss of alike or not."""
    x, z, y = MatrixSymbol("x", D, 1), MatrixSymbol("z", D, 1), Symbol("y", real=True)
    W, t = MatrixSymbol("W", N, D), Symbol("t", real=True)
    net = Network(
        "metric learning",
        inputs=[x, z],
        targets=[y],
        weights=[W, t],
        labels={y: "signed"},
        sizes={N: 2},
    )
    d = net.step("d", F.scalar((x - z).T * W.T * W * (x - z)))
    net.loss(F.logistic_loss(y, t - d))
    return net


def metric_learning_twin(v: Any) -> tuple[Any, Arrays]:
    d = ((v.W @ (v.x - v.z)) ** 2).sum()
    return -functional.logsigmoid(v.y * (v.t - d)), {"d": d}


CASES = [
    Case(poisson_regression, poisson_regression_twin, {"D": 3, "N": 4}, ("y",)),
    Case(learned_variance, learned_variance_twin, {"D": 3, "V": 2, "N": 4}, large={"x": 1e3}),
    Case(mixture_density, mixture_density_twin, {"D": 3, "V": 2, "N": 4}, large={"y": 1e3}),
    Case(
        variational_autoencoder,
        variational_autoencoder_twin,
        {"D": 4, "V": 5, "N": 2},
        ("x",),
        large={"e": 1e3},
    ),
    Case(orthogonal_penalty, orthogonal_penalty_twin, {"D": 3, "N": 4}, large={"x": 1e3}),
    Case(metric_learning, metric_learning_twin, {"D": 3, "N": 2}, large={"x": 1e3}),
]
