"""Recurrence unrolled: the same weights in every step."""

from __future__ import annotations

from typing import Any

from sympy import MatrixSymbol, OneMatrix, Symbol, hadamard_product, symbols

import symprop.functions as F
from symprop.network import Network
from torch_networks.case import Arrays, Case, torch

D, N, V = symbols("D N V", integer=True, positive=True)
STEPS = 3


def _inputs() -> list[Any]:
    return [MatrixSymbol(f"x{t}", D, 1) for t in range(1, STEPS + 1)]


def _xs(v: Any) -> list[Any]:
    return [v.x1, v.x2, v.x3]


def recurrent() -> Network:
    """Elman's network, read out at the end."""
    xs, y = _inputs(), MatrixSymbol("y", V, 1)
    W, U, b = MatrixSymbol("W", N, D), MatrixSymbol("U", N, N), MatrixSymbol("b", N, 1)
    C, h = MatrixSymbol("C", V, N), MatrixSymbol("h0", N, 1)
    net = Network(
        "RNN", inputs=xs, targets=[y], weights=[W, U, b, C, h], labels={y: "one-hot"}, sizes={N: 8}
    )
    for t, x in enumerate(xs, start=1):
        h = net.step(f"h{t}", F.tanh(W * x + U * h + b))
    p = net.step("p", F.softmax(C * h))
    net.loss(F.cross_entropy(y, p))
    return net


def recurrent_twin(v: Any) -> tuple[Any, Arrays]:
    h = v.h0
    for x in _xs(v):
        h = torch.tanh(v.W @ x + v.U @ h + v.b)
    z = v.C @ h
    return -(v.y * torch.log_softmax(z, 0)).sum(), {"p": torch.softmax(z, 0)}


def recurrent_over_rows() -> Network:
    """The sequence is one matrix, a moment a row; every state has a target of its own."""
    X, y = MatrixSymbol("X", 4, D), MatrixSymbol("y", 4, 1)
    W, U, c = MatrixSymbol("W", N, D), MatrixSymbol("U", N, N), MatrixSymbol("c", N, 1)
    net = Network("RNN over rows", inputs=[X], targets=[y], weights=[W, U, c], sizes={N: 8})
    h = net.step("h0", F.tanh(W * X[0, :].T))
    terms = [(y[0, 0] - F.dot(c, h)) ** 2]
    for t in range(1, 4):
        h = net.step(f"h{t}", F.tanh(W * X[t, :].T + U * h))
        terms.append((y[t, 0] - F.dot(c, h)) ** 2)
    net.loss(sum(terms) / 4)
    return net


def recurrent_over_rows_twin(v: Any) -> tuple[Any, Arrays]:
    states, h = [], torch.zeros_like(v.c)
    for x in v.X:
        h = torch.tanh(v.W @ x + v.U @ h)
        states.append(h)
    predicted = torch.stack(states) @ v.c
    outputs = {f"h{t}": state for t, state in enumerate(states)}
    return ((v.y - predicted) ** 2).mean(), outputs


def gru() -> Network:
    xs, y = _inputs(), MatrixSymbol("y", N, 1)
    W = {gate: MatrixSymbol(f"W{gate}", N, D) for gate in "zrh"}
    U = {gate: MatrixSymbol(f"U{gate}", N, N) for gate in "zrh"}
    b = {gate: MatrixSymbol(f"b{gate}", N, 1) for gate in "zrh"}
    h, one = MatrixSymbol("h0", N, 1), OneMatrix(N, 1)
    net = Network(
        "GRU",
        inputs=[h, *xs],
        targets=[y],
        weights=[*W.values(), *U.values(), *b.values()],
    )
    for t, x in enumerate(xs, start=1):
        z = net.step(f"z{t}", F.sigmoid(W["z"] * x + U["z"] * h + b["z"]))
        r = net.step(f"r{t}", F.sigmoid(W["r"] * x + U["r"] * h + b["r"]))
        c = net.step(f"c{t}", F.tanh(W["h"] * x + U["h"] * hadamard_product(r, h) + b["h"]))
        h = net.step(f"h{t}", hadamard_product(one - z, h) + hadamard_product(z, c))
    net.loss(F.half_squared_error(y, h))
    return net


def gru_twin(v: Any) -> tuple[Any, Arrays]:
    h = v.h0
    for x in _xs(v):
        z = torch.sigmoid(v.Wz @ x + v.Uz @ h + v.bz)
        r = torch.sigmoid(v.Wr @ x + v.Ur @ h + v.br)
        h = torch.lerp(h, torch.tanh(v.Wh @ x + v.Uh @ (r * h) + v.bh), z)
    return ((v.y - h) ** 2).sum() / 2, {"h3": h}


def lstm() -> Network:
    """Weights of its own for each gate; classified at the end."""
    xs, y = _inputs(), MatrixSymbol("y", V, 1)
    W = {gate: MatrixSymbol(f"W{gate}", N, D) for gate in "ifog"}
    U = {gate: MatrixSymbol(f"U{gate}", N, N) for gate in "ifog"}
    b = {gate: MatrixSymbol(f"b{gate}", N, 1) for gate in "ifog"}
    C = MatrixSymbol("C", V, N)
    net = Network(
        "LSTM",
        inputs=xs,
        targets=[y],
        weights=[*W.values(), *U.values(), *b.values(), C],
        labels={y: "one-hot"},
        sizes={N: 8},
    )
    h = c = None
    for t, x in enumerate(xs, start=1):
        a = {gate: W[gate] * x + b[gate] for gate in "ifog"}
        if h is not None:
            a = {gate: a[gate] + U[gate] * h for gate in "ifog"}
        i, g = net.step(f"i{t}", F.sigmoid(a["i"])), net.step(f"g{t}", F.tanh(a["g"]))
        state = hadamard_product(i, g)
        if c is not None:
            f = net.step(f"f{t}", F.sigmoid(a["f"]))
            state = hadamard_product(f, c) + state
        c = net.step(f"c{t}", state)
        o = net.step(f"o{t}", F.sigmoid(a["o"]))
        h = net.step(f"h{t}", hadamard_product(o, F.tanh(c)))
    p = net.step("p", F.softmax(C * h))
    net.loss(F.cross_entropy(y, p))
    return net


def lstm_twin(v: Any) -> tuple[Any, Arrays]:
    h = c = torch.zeros_like(v.bi)
    for x in _xs(v):
        i = torch.sigmoid(v.Wi @ x + v.Ui @ h + v.bi)
        f = torch.sigmoid(v.Wf @ x + v.Uf @ h + v.bf)
        o = torch.sigmoid(v.Wo @ x + v.Uo @ h + v.bo)
        c = f * c + i * torch.tanh(v.Wg @ x + v.Ug @ h + v.bg)
        h = o * torch.tanh(c)
    z = v.C @ h
    return -(v.y * torch.log_softmax(z, 0)).sum(), {"p": torch.softmax(z, 0)}


def lstm_by_slices() -> Network:
    """The four gates are slices of one product, of 4N entries; h_0 and c_0 are inputs."""
    xs, y = _inputs(), MatrixSymbol("y", N, 1)
    W, U, b = MatrixSymbol("W", 4 * N, D), MatrixSymbol("U", 4 * N, N), MatrixSymbol("b", 4 * N, 1)
    h, c = MatrixSymbol("h0", N, 1), MatrixSymbol("c0", N, 1)
    net = Network("LSTM by slices", inputs=[h, c, *xs], targets=[y], weights=[W, U, b])
    for t, x in enumerate(xs, start=1):
        a = net.step(f"a{t}", W * x + U * h + b)
        i = net.step(f"i{t}", F.sigmoid(a[0:N, :]))
        f = net.step(f"f{t}", F.sigmoid(a[N : 2 * N, :]))
        g = net.step(f"g{t}", F.tanh(a[2 * N : 3 * N, :]))
        o = net.step(f"o{t}", F.sigmoid(a[3 * N : 4 * N, :]))
        c = net.step(f"c{t}", hadamard_product(f, c) + hadamard_product(i, g))
        h = net.step(f"h{t}", hadamard_product(o, F.tanh(c)))
    net.loss(F.squared_error(y, h))
    return net


def lstm_by_slices_twin(v: Any) -> tuple[Any, Arrays]:
    cell = torch.nn.LSTMCell(len(v.x1), len(v.h0), dtype=torch.float64)
    weights = {"weight_ih": v.W, "weight_hh": v.U, "bias_ih": v.b, "bias_hh": 0 * v.b.detach()}
    h, c = v.h0, v.c0
    for x in _xs(v):
        h, c = torch.func.functional_call(cell, weights, (x, (h, c)))
    return ((v.y - h) ** 2).sum(), {"h3": h}


def lstm_of_scalars() -> Network:
    """One unit, three moments: a network of scalars."""
    names = [f"{kind}{gate}" for gate in "ifog" for kind in "wub"]
    w = {name: Symbol(name, real=True) for name in names}
    x1, x2, x3, y = symbols("x1 x2 x3 y", real=True)
    net = Network("scalar LSTM", inputs=[x1, x2, x3], targets=[y], weights=w.values())
    h = c = 1
    for t, x in enumerate((x1, x2, x3), start=1):
        a = {k: w[f"w{k}"] * x + w[f"u{k}"] * h + w[f"b{k}"] for k in "ifog"}
        i, f, o = (net.step(f"{gate}{t}", F.sigmoid(a[gate])) for gate in "ifo")
        c = net.step(f"c{t}", f * c + i * F.tanh(a["g"]))
        h = net.step(f"h{t}", o * F.tanh(c))
    net.loss(F.half_squared_error(y, h))
    return net


def lstm_of_scalars_twin(v: Any) -> tuple[Any, Arrays]:
    h = c = 1.0
    for x in _xs(v):
        i = torch.sigmoid(v.wi * x + v.ui * h + v.bi)
        f = torch.sigmoid(v.wf * x + v.uf * h + v.bf)
        o = torch.sigmoid(v.wo * x + v.uo * h + v.bo)
        c = f * c + i * torch.tanh(v.wg * x + v.ug * h + v.bg)
        h = o * torch.tanh(c)
    return (v.y - h) ** 2 / 2, {"h3": h}


def euler_chain() -> Network:
    """A neural ODE: h' = tanh(W h + b) by k steps of Euler, weights shared."""
    x, y = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1)
    W, b = MatrixSymbol("W", N, N), MatrixSymbol("b", N, 1)
    dt = Symbol("dt", real=True)
    net = Network(
        "Euler chain", inputs=[x], targets=[y], weights=[W, b], hyperparameters={dt: 0.125}
    )
    h = x
    for t in range(1, 9):
        h = net.step(f"h{t}", h + dt * F.tanh(W * h + b))
    net.loss(F.mean_squared_error(y, h))
    return net


def euler_chain_twin(v: Any) -> tuple[Any, Arrays]:
    h = v.x
    for _ in range(8):
        h = h + 0.125 * torch.tanh(v.W @ h + v.b)
    return ((v.y - h) ** 2).mean(), {"h8": h}


SIZES = {"D": 3, "N": 4, "V": 2}

CASES = [
    Case(recurrent, recurrent_twin, SIZES, large={"x1": 1e3, "x3": 1e3}),
    Case(recurrent_over_rows, recurrent_over_rows_twin, SIZES),
    Case(gru, gru_twin, SIZES, large={"x1": 1e3, "x2": 1e3}),
    Case(lstm, lstm_twin, SIZES, large={"x1": 1e3, "x2": 1e3}),
    Case(lstm_by_slices, lstm_by_slices_twin, SIZES, large={"x3": 1e3}),
    Case(lstm_of_scalars, lstm_of_scalars_twin, large={"x2": 1e3}),
    Case(euler_chain, euler_chain_twin, {"N": 3}, large={"x": 1e3}),
]
