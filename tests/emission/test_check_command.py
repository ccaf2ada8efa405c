"""`python module.py check` without data: a point is drawn at which the loss can be checked."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from sympy import Determinant, Inverse, MatrixSymbol, Trace, symbols

import symprop.functions as F
from symprop.derivation import derive
from symprop.emission import emit, load
from symprop.network import Network

D, N = symbols("D N", integer=True, positive=True)
W = MatrixSymbol("W", D, N)


def gram(product: Any, **declared: Any) -> Network:
    """The product is regular only if D is large beside N, or the other way round."""
    net = Network("gram", weights=[W], **declared)
    net.loss(F.log(Determinant(product)) + Trace(Inverse(product)) + F.squared_norm(W))
    return net


def with_data() -> Network:
    x = MatrixSymbol("x", D, 1)
    net = Network("ellipse", inputs=[x], weights=[W])
    net.loss(F.scalar(x.T * W * Inverse(W.T * W) * W.T * x) + F.squared_norm(W))
    return net


@pytest.mark.parametrize(
    "net", [gram(W.T * W), gram(W * W.T), with_data()], ids=["W.T*W", "W*W.T", "with data"]
)
def test_a_matrix_that_is_singular_for_some_sizes_is_checked_at_others(
    net: Network, capsys: pytest.CaptureFixture[str]
) -> None:
    module = load(derive(net))
    for seed in range(4):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert module.main(["check", "--seed", str(seed)]) == 0, capsys.readouterr().err
        assert "W: worst relative error" in capsys.readouterr().out


def test_given_sizes_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    module = load(derive(gram(W.T * W)))
    assert module.main(["check", "--D", "7", "--N", "3"]) == 0
    assert module.main(["check", "--D", "3", "--N", "7"]) == 1
    assert "the loss is finite at none of 20 random points" in capsys.readouterr().err


def test_a_module_without_inverses_draws_its_sizes_once() -> None:
    net = Network("plain", weights=[W])
    net.loss(F.squared_norm(F.tanh(W)))
    assert "reversed(SIZES)" not in emit(derive(net))
    assert "reversed(SIZES)" in emit(derive(gram(W.T * W)))
