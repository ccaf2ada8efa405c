"""Jacobians against the printed ones of the lectures, and all kinds of them against differences."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import sympy
from random_networks import Maker, make
from sympy import (
    DiagMatrix,
    HadamardProduct,
    Identity,
    ImmutableMatrix,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    Symbol,
    symbols,
)

import symprop
from symprop import Network, derive, log, sigmoid, softmax, tanh, total
from symprop.derivation import Derivation
from symprop.derivation.jacobian import Jacobians, NoMatrixError, is_matrix_by
from symprop.errors import DerivationError
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node
from symprop.expression.text import text

D, N, V = symbols("D N V", integer=True, positive=True)
w, b = symbols("w b", real=True)


def classifier(D: Any, N: Any, V: Any) -> Derivation:
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W1, b1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
    W2, b2 = MatrixSymbol("W2", V, N), MatrixSymbol("b2", V, 1)
    net = Network(
        "classifier", inputs=[x], targets=[y], weights=[W1, b1, W2, b2], labels={y: "one-hot"}
    )
    a = net.step("a", W1 * x + b1)
    h = net.step("h", sigmoid(a))
    z = net.step("z", W2 * h + b2)
    p = net.step("p", softmax(z))
    net.loss(symprop.cross_entropy(y, p))
    return derive(net)


def written(d: Derivation, step: str, argument: str) -> str:
    """A Jacobian as text, in the order of the chain."""
    network = d.network
    return text(Jacobians(network).of(network.steps[step], network.leaf(argument)))


# -- as printed in the lectures -------------------------------------------------------------------


def test_linear_map_by_its_argument_is_its_matrix() -> None:
    d = classifier(D, N, V)
    W1 = MatrixSymbol("W1", N, D)
    assert d.jacobian("a", "x") == W1
    assert d.jacobian("a", "x", layout="denominator") == W1.T
    assert d.jacobian("a", "b1") == Identity(N)
    assert d.jacobian("a", "a") == Identity(N)


def test_linear_map_by_its_matrix_is_the_four_by_two_block_of_the_primer() -> None:
    """P4: row (i, k), column j is dh_i/dw_kj."""
    d = classifier(2, 2, 3)
    (x1,), (x2,) = MatrixSymbol("x", 2, 1).as_explicit().tolist()
    expected = [[x1, x2], [0, 0], [0, 0], [x1, x2]]
    assert d.jacobian("a", "W1") == ImmutableMatrix(expected)
    assert d.jacobian("a", "W1", layout="denominator") == ImmutableMatrix(expected).T
    assert str(d.jacobian("a", "W1")) == (
        "Matrix([[x[0, 0], x[1, 0]], [0, 0], [0, 0], [x[0, 0], x[1, 0]]])"
    )


def test_explicit_symbols_of_the_primer_give_the_printed_block() -> None:
    w11, w12, w21, w22, x1, x2 = symbols("w11 w12 w21 w22 x1 x2", real=True)
    net = Network("P4", inputs=[x1, x2], weights=[w11, w12, w21, w22])
    h = net.step("h", ImmutableMatrix([[w11, w12], [w21, w22]]) * ImmutableMatrix([x1, x2]))
    net.loss(total(h))
    d = derive(net)
    columns = [d.jacobian("h", weight, explicit=True) for weight in (w11, w12, w21, w22)]
    assert columns == [ImmutableMatrix(c) for c in ([x1, 0], [x2, 0], [0, x1], [0, x2])]
    assert d.jacobian("h", x1) == ImmutableMatrix([w11, w21])


def test_sigmoid_by_its_argument_is_diagonal() -> None:
    d = classifier(D, N, V)
    h = MatrixSymbol("h", N, 1)
    assert written(d, "h", "a") == "diag(h.*(1 - h))"
    found = d.jacobian("h", "a")
    assert isinstance(found, DiagMatrix) and found.shape == (N, N)
    assert set(found.args[0].args) == {h, OneMatrix(N, 1) - h}


def test_softmax_by_its_argument_for_symbolic_sizes() -> None:
    d = classifier(D, N, V)
    p = MatrixSymbol("p", V, 1)
    assert d.jacobian("p", "z") == DiagMatrix(p) - p * p.T
    assert str(d.jacobian("p", "z")) == "DiagMatrix(p) - p*p.T"
    assert written(d, "p", "z") == "diag(p) - p*p.T"


def test_softmax_by_its_argument_in_two_cases() -> None:
    """y_j (1 - y_j) on the diagonal, -y_j y_k elsewhere; rows and columns sum to 0."""
    d = classifier(2, 2, 3)
    y = [MatrixSymbol("p", 3, 1)[j, 0] for j in range(3)]
    cases = [[y[j] * (1 - y[j]) if j == k else -y[j] * y[k] for k in range(3)] for j in range(3)]
    assert d.jacobian("p", "z", explicit=True) == ImmutableMatrix(cases)
    assert d.jacobian("p", "z").as_explicit() == ImmutableMatrix(cases).applyfunc(sympy.expand)
    line = "[-p[0, 0]*p[1, 0], (1 - p[1, 0])*p[1, 0], -p[1, 0]*p[2, 0]]"
    assert line in str(d.jacobian("p", "z", explicit=True))


def test_chains_multiply() -> None:
    d = classifier(D, N, V)
    assert written(d, "z", "x") == "W2*diag(h.*(1 - h))*W1"
    assert written(d, "p", "x") == "(diag(p) - p*p.T)*W2*diag(h.*(1 - h))*W1"
    assert written(d, "p", "b1") == "(diag(p) - p*p.T)*W2*diag(h.*(1 - h))"
    assert isinstance(d.jacobian("z", "x"), MatMul)
    assert d.jacobian("z", "x").shape == (V, D)
    assert d.jacobian("z", "x", layout="denominator").shape == (D, V)


def test_a_number_by_a_column_is_a_row_and_by_a_matrix_the_gradient() -> None:
    d = classifier(D, N, V)
    p, y = MatrixSymbol("p", V, 1), MatrixSymbol("y", V, 1)
    assert d.jacobian("L", "z").doit() == p.T - y.T
    assert d.jacobian("L", "z", layout="denominator") == p - y
    assert d.jacobian("L", "x").shape == (1, D)
    assert d.jacobian("L", "W1").shape == (N, D)
    assert d.jacobian("L", "W1") == d.partial("W1")


def test_numbers_by_numbers() -> None:
    x, y = symbols("x y", real=True)
    net = Network("numbers", inputs=[x], targets=[y], weights=[w, b])
    a = net.step("a", w * x + b)
    y_hat = net.step("y_hat", sigmoid(a))
    net.loss((y - y_hat) ** 2)
    d = derive(net)
    assert d.jacobian(y_hat, a) == y_hat * (1 - y_hat)
    assert d.jacobian(y_hat, w) == y_hat * (1 - y_hat) * x
    assert d.jacobian(a, y_hat) == 0 and d.jacobian(y_hat, y) == 0
    assert d.jacobian(a, a) == 1


def test_what_a_step_does_not_depend_on_gives_zeros() -> None:
    d = classifier(D, N, V)
    assert d.jacobian("h", "p") == sympy.ZeroMatrix(N, V)
    explicit = classifier(2, 2, 3).jacobian("h", "W2", explicit=True)
    assert explicit == sympy.zeros(2 * 3, 2)


def test_what_vanishes_between_steps_cancels() -> None:
    """log(softmax(z)) by z is I - 1 p', though it comes in two steps."""
    x = MatrixSymbol("x", V, 1)
    c = MatrixSymbol("c", V, 1)
    net = Network("logits", inputs=[x], weights=[c])
    p = net.step("p", softmax(HadamardProduct(c, x)))
    q = net.step("q", log(p))
    net.loss(total(q))
    d = derive(net)
    assert written(d, "q", "c") == "(eye(V) - ones(V, 1)*p.T)*diag(x)"


def test_ways_that_part_and_meet_add_up() -> None:
    x, c = MatrixSymbol("x", N, 1), MatrixSymbol("c", N, 1)
    Q = MatrixSymbol("Q", N, N)
    net = Network("residual", inputs=[x], weights=[Q, c])
    h = net.step("h", x + tanh(Q * x))
    k = net.step("k", h + Q * h)
    net.loss(symprop.dot(c, k))
    d = derive(net)
    assert written(d, "k", "h") == "eye(N) + Q"
    found = evaluated(
        d, "k", "x", {"x": 3 * [0.3], "Q": np.arange(9).reshape(3, 3) / 9.0}, {"N": 3}
    )
    at = np.arange(9).reshape(3, 3) / 9.0
    slope = np.eye(3) + np.diag(1 - np.tanh(at @ np.full(3, 0.3)) ** 2) @ at
    assert found == pytest.approx((np.eye(3) + at) @ slope)


def evaluated(
    d: Derivation, step: str, argument: str, at: Mapping[str, Any], sizes: Mapping[str, int]
) -> Any:
    """A Jacobian at a point, columns given as lists; steps are worked out."""
    network = d.network
    values = {n: np.reshape(v, (-1, 1)) if np.ndim(v) == 1 else v for n, v in at.items()}
    for name, found in network.steps.items():
        if all(leaf in values for leaf in _names(found.node)):
            values[name] = evaluate(found.node, values, sizes)
    node = Jacobians(network).of(network.steps[step], network.leaf(argument))
    return evaluate(node, values, sizes)


def _names(node: Node) -> set[str]:
    return {leaf.name for leaf in symprop.expression.nodes.leaves(node)}


# -- against differences --------------------------------------------------------------------------


def difference(maker: Maker, step: str, argument: str) -> Any:
    """The Jacobian of a step by complex steps of the NumPy functions made beside it."""
    computes = dict(maker.steps)
    after = list(computes)
    if argument in computes:
        after = after[after.index(argument) + 1 :]
    base = np.asarray(maker.values[argument], dtype=complex)
    columns = []
    for place in np.ndindex(*base.shape):
        moved = base.copy()
        moved[place] += 1e-30j
        values = {**maker.values, argument: moved}
        for name in after:
            values[name] = computes[name](values)
        columns.append(np.imag(np.asarray(values[step])).reshape(-1) / 1e-30)
    return np.array(columns).T


def point(maker: Maker) -> dict[str, Any]:
    """What every name is worth, numbers as numbers."""
    leaf = maker.network.leaf
    known = {*maker.network.declared, *maker.network.steps}
    return {
        name: value if leaf(name).shape else np.asarray(value).reshape(())[()]
        for name, value in maker.values.items()
        if name in known
    }


def pairs(maker: Maker) -> list[tuple[Any, Leaf]]:
    """Steps, and what they might be differentiated by: targets whose sum is known left out."""
    net = maker.network
    arguments = [e.leaf for e in net.declared.values() if e.leaf.sums_to_one is None]
    arguments += [step.leaf for step in net.steps.values()]
    return [
        (step, argument)
        for step in net.steps.values()
        for argument in arguments
        if argument.rank <= step.leaf.rank and is_matrix_by(step, argument)
    ]


@pytest.mark.filterwarnings("ignore:.*nothing uses step")
def test_random_jacobians_equal_complex_steps() -> None:
    """Sizes are random, symbolic and whole ones, 1 included; a few go through whole matrices."""
    checked, refused = 0, 0
    for seed in range(40):
        maker = make(random.Random(seed), matrices=True)
        jacobians, values = Jacobians(maker.network), point(maker)
        for step, argument in pairs(maker):
            try:
                node = jacobians.of(step, argument)
            except NoMatrixError:
                refused += 1
                continue
            found = np.asarray(evaluate(node, values, maker.sizes))
            expected = difference(maker, step.name, argument.name)
            if 1 not in argument.shape and argument.shape:
                expected = expected.reshape(found.shape)
            assert found.ndim == 0 or found.shape == expected.shape, (seed, step.name, argument)
            scale = 1 + np.abs(expected).max()
            assert np.abs(found - expected).max() < 1e-9 * scale, (seed, step.name, argument)
            checked += 1
    assert checked > 1000 and refused < checked / 100


@pytest.mark.filterwarnings("ignore:.*nothing uses step")
def test_random_paths_multiply_in_order_and_add_up_to_the_gradient() -> None:
    checked = 0
    for seed in range(100, 140):
        maker = make(random.Random(seed), matrices=True)
        d, values = derive(maker.network), point(maker)
        for entry in maker.network.declared.values():
            if entry.leaf.sums_to_one is not None or not is_matrix_by(d.loss, entry.leaf):
                continue
            try:
                routes = list(itertools.islice(d.paths(entry.name), 30))
            except NoMatrixError:
                continue
            if not routes or len(routes) == 30 or (entry.leaf.shape and 1 not in entry.leaf.shape):
                continue
            total_of_paths: Any = 0
            for route in routes:
                product: Any = np.eye(1)
                for factor in route.factors:
                    node = maker.network.read(factor)
                    number = np.asarray(evaluate(node, values, maker.sizes))
                    product = product @ number if number.ndim else product * number
                total_of_paths = total_of_paths + product
            expected = difference(maker, "L", entry.name)
            assert np.abs(total_of_paths - expected).max() < 1e-9 * (1 + np.abs(expected).max())
            checked += 1
    assert checked > 30


def numeric_entries(matrix: Any, values: Mapping[str, Any]) -> Any:
    """An explicit SymPy matrix over entries of matrices as numbers."""
    found = {}
    for symbol in matrix.atoms(sympy.matrices.expressions.matexpr.MatrixElement):
        found[symbol] = values[symbol.parent.name][int(symbol.i), int(symbol.j)]
    for symbol in matrix.free_symbols:
        if isinstance(symbol, Symbol) and symbol.name in values:
            found[symbol] = values[symbol.name]
    return np.array(matrix.xreplace(found).evalf().tolist(), dtype=float)


@pytest.mark.parametrize("rows", [2, 3])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_explicit_jacobians_by_matrices_and_of_matrices_equal_differences(
    rows: int, columns: int
) -> None:
    x, c = MatrixSymbol("x", columns, 1), MatrixSymbol("c", rows, 1)
    W, A = MatrixSymbol("W", rows, columns), MatrixSymbol("A", rows, rows)
    net = Network("explicit", inputs=[x], weights=[W, A, c, w])
    outer = net.step("outer", tanh(c * x.T + w * W))
    h = net.step("h", sigmoid(A * outer * x) * total(HadamardProduct(outer, W)))
    net.loss(total(symprop.exp(h)) + total(outer))
    d = derive(net)
    rng = np.random.default_rng(rows + 10 * columns)
    at: dict[str, Any] = {"w": 0.7}
    for name, symbol in (("x", x), ("c", c), ("W", W), ("A", A)):
        at[name] = rng.normal(size=symbol.shape)

    def forward(v: Mapping[str, Any]) -> dict[str, Any]:
        outer = v.get("outer", np.tanh(v["c"] @ v["x"].T + v["w"] * v["W"]))
        h = (1 + np.tanh(v["A"] @ outer @ v["x"] / 2)) / 2 * (outer * v["W"]).sum()
        return {**v, "outer": outer, "h": h}

    known = forward(at)
    for step, name in itertools.product(("outer", "h"), ("x", "c", "W", "A", "w", "outer")):
        if (step, name) == ("outer", "outer"):
            continue
        found = numeric_entries(d.jacobian(step, name, explicit=True), known)
        base = np.atleast_2d(np.asarray(known[name], dtype=complex))
        block = base.shape if 1 not in base.shape else (1, base.size)
        slopes = np.zeros((known[step].size, *base.shape))
        for place in np.ndindex(*base.shape):
            moved = base.copy()
            moved[place] += 1e-30j
            value = moved if name != "w" else moved[0, 0]
            start = {k: v for k, v in at.items()} | {name: value}
            slopes[(slice(None), *place)] = np.imag(forward(start)[step]).reshape(-1) / 1e-30
        expected = slopes.reshape(known[step].size * block[0], block[1])
        assert found.shape == expected.shape
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_rows_count_as_columns() -> None:
    x, r = MatrixSymbol("x", D, 1), MatrixSymbol("r", 1, N)
    W = MatrixSymbol("W", N, D)
    net = Network("rows", inputs=[x], weights=[r, W])
    s = net.step("s", tanh(r * W))
    net.loss(symprop.scalar(s * x))
    d = derive(net)
    assert written(d, "s", "r") == "diag((1 - s.**2).T)*W.T"
    assert d.jacobian("s", "r").shape == (D, N)
    assert d.jacobian("L", "r").shape == (1, N)
    assert written(d, "L", "s") == "x.T"


# -- what is refused ------------------------------------------------------------------------------


def test_a_column_by_a_matrix_of_symbolic_sizes_names_the_way_out() -> None:
    d = classifier(D, N, V)
    for step, explicit in (("a", False), ("p", True)):
        with pytest.raises(DerivationError, match=r"(N|V) x 1 by N x D") as caught:
            d.jacobian(step, "W1", explicit=explicit)
        assert caught.value.hint == "declare whole numbers for the sizes, or ask for upstream(W1)"


def test_other_refusals() -> None:
    d = classifier(D, N, V)
    with pytest.raises(DerivationError, match="no layout 'rows'"):
        d.jacobian("p", "z", layout="rows")
    with pytest.raises(DerivationError, match="'x' is not a step but an input"):
        d.jacobian("x", "z")
    with pytest.raises(symprop.SympropError, match="'nothing' is not in network"):
        d.jacobian("p", "nothing")
    with pytest.raises(DerivationError, match="N x 1 by N x D"):
        list(d.paths("W1"))


def test_a_matrix_by_a_column_of_symbolic_sizes_is_refused() -> None:
    x, c = MatrixSymbol("x", D, 1), MatrixSymbol("c", N, 1)
    net = Network("outer", inputs=[x], weights=[c])
    net.loss(total(net.step("A", c * x.T)))
    with pytest.raises(DerivationError, match="N x D by D x 1"):
        derive(net).jacobian("A", "x")


def test_a_jacobian_of_very_many_ways_is_refused() -> None:
    x, c = MatrixSymbol("x", N, 1), MatrixSymbol("c", N, 1)
    net = Network("ways", inputs=[x], weights=[c])
    value: Any = net.step("s0", HadamardProduct(c, x))
    for k in range(1, 30):
        left, right = net.step(f"l{k}", tanh(value)), net.step(f"r{k}", sigmoid(value))
        value = net.step(f"s{k}", HadamardProduct(left, right))
    net.loss(total(value))
    d = derive(net)
    assert d.jacobian("s2", "s0").shape == (N, N)
    with pytest.raises(DerivationError, match="would take more than 20000 operations"):
        d.jacobian("s29", "s0")


def test_a_long_chain_is_linear() -> None:
    x, Q, c = MatrixSymbol("x", N, 1), MatrixSymbol("Q", N, N), MatrixSymbol("c", N, 1)
    net = Network("long", inputs=[x], weights=[Q, c])
    value: Any = x
    for k in range(60):
        value = net.step(f"h{k}", value + tanh(Q * value))
    net.loss(symprop.dot(c, value))
    d = derive(net)
    found = d.jacobian("h59", "h9")
    assert found.shape == (N, N) and len(found.args) == 50
