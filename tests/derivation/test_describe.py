"""The derivation as plain text: its headings say what holds, long closed forms are left out."""

from __future__ import annotations

import pytest
from sympy import MatrixSymbol, symbols

import symprop.functions as F
from symprop.derivation import derive
from symprop.derivation.text import describe
from symprop.network import Network

n, D, N = symbols("n D N", integer=True, positive=True)
x, y, w, v = symbols("x y w v", real=True)


def plain() -> Network:
    net = Network("plain", inputs=[x], targets=[y], weights=[w, v])
    a = net.step("a", F.tanh(w * x))
    net.loss((y - net.step("f", F.sigmoid(a * v + F.exp(a)))) ** 2)
    return net


def heading(net: Network) -> str:
    (found,) = (line for line in describe(derive(net)).splitlines() if line.startswith("Backward"))
    return found


def test_only_a_network_of_one_sample_has_deltas_of_one_sample() -> None:
    assert heading(plain()) == "Backward: delta_v is dL/dv, for one sample"
    X, W, U = MatrixSymbol("X", n, D), MatrixSymbol("W", D, N), MatrixSymbol("U", N, 1)
    net = Network("whole", inputs=[X], weights=[W, U], samples=n)
    H = net.step("H", F.tanh(X * W))
    net.loss(F.squared_norm(F.tanh(H * U)) + F.l1(H))
    assert heading(net) == "Backward: delta_v is dL/dv"
    A = MatrixSymbol("A", D, D)
    net = Network("function", weights=[A])
    B = net.step("B", F.exp(A) * A)
    net.loss(F.squared_norm(B * B))
    assert heading(net) == "Backward: delta_v is dL/dv"


def test_a_gradient_is_one_of_the_loss_by_its_own_name() -> None:
    net = Network("circuit", weights=[x, y])
    q = net.step("q", x + y)
    net.loss(F.exp(q * x), name="f")
    printed = describe(derive(net))
    assert "delta_v is df/dv" in printed
    assert "df/dy = delta_q" in printed
    assert "dL/d" not in printed


@pytest.mark.parametrize("whole", [False, True])
def test_zeros_that_hold_a_part_are_explained_where_they_occur(whole: bool) -> None:
    X, A = MatrixSymbol("x", 2 * N, 1), MatrixSymbol("A", 2 * N, 2 * N)
    net = Network("part", inputs=[X], weights=[A])
    a = net.step("a", F.tanh(A * X))
    net.loss(F.squared_norm(a[:N, :]) + (F.total(a) if whole else 0))
    described = describe(derive(net))
    assert "zeros(2*N, 1)[:N = a[:N]]" in described
    assert described.endswith(
        "Notation\n    zeros(n, 1)[:k = u] is zero but for u in the rows :k\n"
    )
    assert "Notation" not in describe(derive(plain()))


def test_a_closed_form_too_long_to_read_is_left_out() -> None:
    """Of a chain of tanh the last weights have short closed forms, the first have not."""
    weights = symbols("w1:13", real=True)
    net = Network("chain", inputs=[x], targets=[y], weights=weights)
    h = x
    for index, weight in enumerate(weights, start=1):
        h = net.step(f"h{index}", F.tanh(weight * h))
    net.loss((y - h) ** 2)
    _, closed = describe(derive(net)).split("Closed forms")
    assert "dL/dw12 = " in closed and "dL/dw1 = " not in closed
    assert max(map(len, closed.splitlines())) < 140
