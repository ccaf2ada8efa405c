"""The table of local derivatives: as a lecture has it, and against complex steps."""

from __future__ import annotations

import random
import warnings
from typing import Any

import numpy as np
import pytest
from differences import complex_step
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_networks import Maker, loss_at, make
from sympy import MatrixSymbol, symbols

import symprop
from symprop import Network, cross_entropy, derive, half_squared_error, sigmoid, softmax, tanh
from symprop.derivation.local_table import LocalDerivative
from symprop.derivation.text import describe
from symprop.errors import DeclarationError, DerivationError
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf
from symprop.network import UnusedStepWarning

x, y, w, b, v1, v2 = symbols("x y w b v1 v2", real=True)
D, N, V = symbols("D N V", integer=True, positive=True)
X, Y = MatrixSymbol("X", D, 1), MatrixSymbol("Y", V, 1)
W, c = MatrixSymbol("W", N, D), MatrixSymbol("c", N, 1)
U = MatrixSymbol("U", V, N)


def layers() -> Network:
    net = Network("layers", inputs=[X], targets=[Y], weights=[W, c, U], labels={Y: "one-hot"})
    h = net.step("h", tanh(net.step("a", W * X + c)))
    net.loss(cross_entropy(Y, net.step("p", softmax(net.step("z", U * h)))))
    return net


def test_the_table_of_a_network_of_layers() -> None:
    table = derive(layers()).table()
    assert str(table).splitlines() == [
        "da/dW: dW receives delta_a*X.T",
        "da/dX = W  (Jacobian)",
        "da/dc = 1  (entry by entry)",
        "dh/da = 1 - h.**2  (entry by entry)",
        "dz/dU: dU receives delta_z*h.T",
        "dz/dh = U  (Jacobian)",
        "dp/dz = diag(p) - p*p.T  (Jacobian)",
        "dL/dp = -Y./p",
    ]
    kinds = [row.kind for row in table]
    assert kinds[:4] == ["rule", "Jacobian", "entry by entry", "entry by entry"]
    assert kinds[4:] == ["rule", "Jacobian", "Jacobian", "gradient"]
    first, second, *_ = table
    assert len(table) == 8 and first.derivative is None
    assert first.rule == MatrixSymbol("delta_a", N, 1) * X.T
    assert second.derivative == W and second.rule == W.T * MatrixSymbol("delta_a", N, 1)


def test_the_table_of_scalars_folds_the_values_of_other_steps() -> None:
    net = Network("two", inputs=[x], targets=[y], weights=[w, b, v1, v2])
    q = net.step("q", sigmoid(w * x + b))
    o1, o2 = net.step("o1", v1 * q), net.step("o2", v2 * q)
    both = symprop.exp(o1) + symprop.exp(o2)
    p1, p2 = net.step("p1", symprop.exp(o1) / both), net.step("p2", symprop.exp(o2) / both)
    net.loss(-y * symprop.log(p1) - (1 - y) * symprop.log(p2))
    lines = str(derive(net).table()).splitlines()
    assert lines[:3] == ["dq/dw = q*(1 - q)*x", "dq/dx = q*(1 - q)*w", "dq/db = q*(1 - q)"]
    assert "dp1/do1 = p1*(1 - p1)" in lines and "dp1/do2 = -p1*p2" in lines
    assert derive(net).local(p1, o2) == -p1 * p2


def test_a_step_that_is_a_name_has_the_derivative_1() -> None:
    net = Network("net", inputs=[x], targets=[y], weights=[w])
    net.loss(half_squared_error(y, net.step("h", net.step("a", w))))
    assert [row.text for row in derive(net).table()][:2] == ["da/dw = 1", "dh/da = 1"]


def test_the_printout_has_what_leads_to_a_weight() -> None:
    described = describe(derive(layers()))
    _, local, *_ = described.split("Local derivatives, all other arguments held fixed\n")
    lines = [line.strip() for line in local.split("\n\n")[0].splitlines()]
    assert "da/dc = 1  (entry by entry)" in lines and "dL/dp = -Y./p" in lines
    assert not any(line.startswith(("da/dX", "dL/dY")) for line in lines)


# -- any network ----------------------------------------------------------------------------------


def drawn(seed: int) -> Maker:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusedStepWarning)
        try:
            maker = make(random.Random(seed), matrices=seed % 4 > 0)
        except DeclarationError:
            assume(False)
    assume(np.isfinite(loss_at(maker, maker.values)))
    return maker


def differences(maker: Maker, row: LocalDerivative, upstream: Any) -> Any:
    """The derivative of the sum of upstream*step by the argument."""
    compute = dict(maker.steps)[row.step]

    def weighed(values: Any) -> Any:
        return (np.asarray(compute(values)) * upstream).sum()

    rest = {name: value for name, value in maker.values.items() if name != row.argument}
    moved = {row.argument: maker.values[row.argument]}
    return complex_step(lambda values: weighed({**rest, **values}), moved)[row.argument]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_row_is_right_for_any_upstream_gradient(seed: int) -> None:
    maker = drawn(seed)
    network = maker.network
    rng = np.random.default_rng(seed)
    values = {
        name: value if network.leaf(name).shape else np.reshape(value, ())[()]
        for name, value in maker.values.items()
    }
    derivation = derive(network)
    for row in derivation.table():
        step = network.steps[row.step]
        upstream: Any = np.ones(np.shape(values[row.step]))
        if step is not network.loss_step:
            upstream = rng.normal(size=upstream.shape)
        delta = Leaf(f"delta_{row.step}", step.shape, "delta")
        network._scope.names[delta.name] = delta  # to read the rule again
        known = values | {delta.name: upstream if step.shape else float(upstream)}
        rule = evaluate(network.read(row.rule), known, maker.sizes)
        expected = differences(maker, row, upstream)
        scale = max(1.0, float(np.abs(expected).max()))
        assert np.allclose(rule, np.reshape(expected, np.shape(rule)), rtol=0, atol=1e-8 * scale)
        if row.derivative is None:
            continue
        local = evaluate(network.read(row.derivative), known, maker.sizes)
        if row.kind == "Jacobian":
            applied: Any = np.ravel(np.atleast_2d(local).T @ np.ravel(upstream)[:, None])
        else:
            applied = np.ravel(local * upstream * np.ones(np.shape(values[row.argument])))
        assert np.allclose(applied, np.ravel(expected), rtol=0, atol=1e-8 * scale), row.text


def test_an_unknown_derivative_is_refused() -> None:
    net = Network("net", inputs=[X], weights=[W])
    h = net.step("h", symprop.function("f", shape=(N, 1))(W, X))
    net.loss(symprop.total(h))
    with pytest.raises(DerivationError, match="f"):
        derive(net).table()
