"""Emitted statements read as a careful person writes them: exact lines of small networks.

That the lines compute the right numbers is tested elsewhere; here it is how they are written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sympy import HadamardPower, MatrixSymbol, OneMatrix, hadamard_product, sqrt, symbols

import symprop.functions as F
from symprop.derivation import derive
from symprop.emission import emit, load
from symprop.emission.spelling import extent_code, negative
from symprop.network import Network

n, T, D, N, H = symbols("n T D N H", integer=True, positive=True)
s, tau = symbols("s tau", real=True)
x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", N, 1)
X, Y, Q, K = (MatrixSymbol(name, T, D) for name in "XYQK")
W, U, b = MatrixSymbol("W", N, D), MatrixSymbol("U", D, D), MatrixSymbol("b", N, 1)


def network(**declared: Any) -> Network:
    return Network("lines", **{"inputs": [x], "targets": [y], "weights": [W], **declared})


def statements(net: Network, function: str = "loss_and_gradients") -> list[str]:
    """The statements of a function, without their comments and indents."""
    body = emit(derive(net)).split(f"def {function}(")[1].split("\ndef ")[0]
    return [line.split("  # ")[0].strip() for line in body.splitlines()]


def mean_of_squares() -> Network:
    net = network()
    net.loss(F.mean_squared_error(y, W * x))
    return net


def squares_of_a_matrix() -> Network:
    net = network(inputs=[X], targets=[Y], weights=[U])
    net.loss(F.mean_squared_error(Y, X * U))
    return net


def sum_of_squares() -> Network:
    net = network()
    net.loss(F.squared_error(y, W * x))
    return net


def cross_entropy_of_a_column() -> Network:
    net = network(labels={y: "binary"})
    net.loss(F.binary_cross_entropy(y, F.sigmoid(W * x)))
    return net


def layer_norm() -> Network:
    net = network(weights=[W, b], hyperparameters={tau: 0.1})
    a = net.step("a", W * x + b)
    c = net.step("c", a - F.mean(a) * OneMatrix(N, 1))
    h = net.step("h", c / sqrt(F.squared_norm(c) / N + tau**2))
    net.loss(F.squared_error(y, h) + F.l1(h))
    return net


def attention() -> Network:
    net = network(inputs=[X], targets=[Y], weights=[U, MatrixSymbol("V", D, D)])
    q = net.step("q", X * U)
    S = net.step("S", q * MatrixSymbol("V", D, D) * X.T / sqrt(D))
    net.loss(F.squared_error(Y, F.softmax(S, axis=1) * X))
    return net


def bias_of_rows() -> Network:
    net = network(inputs=[X], targets=[Y], weights=[U, MatrixSymbol("c", 1, D)])
    net.loss(F.squared_error(Y, F.tanh(X * U + OneMatrix(T, 1) * MatrixSymbol("c", 1, D))))
    return net


def halves() -> Network:
    v, w = MatrixSymbol("v", 2 * H, 1), MatrixSymbol("w", H, 1)
    net = network(inputs=[v], targets=[], weights=[w])
    net.loss(F.squared_norm(hadamard_product(v[:H, :], w) - v[H:, :]))
    return net


def tempered() -> Network:
    net = network(hyperparameters={tau: 2.0})
    net.loss(-(tau**2) * F.total(hadamard_product(y, F.tanh(W * x))))
    return net


def factors_of_weights() -> Network:
    """sum_s delta_s * q_s stands beside a weight: a product, not a sum of products."""
    V = MatrixSymbol("V", D, N)
    net = network(targets=[s], weights=[V])
    q = net.step("q", HadamardPower(x, 2))
    y_hat = net.step("y_hat", F.dot(q, F.total(HadamardPower(V, 2), axis=1)))
    net.loss(F.log(1 + (s - y_hat) ** 2))
    return net


def slice_beside_a_row() -> Network:
    c = MatrixSymbol("c", 1, D)
    net = network(inputs=[X], targets=[Y], weights=[c, MatrixSymbol("U", D, D)])
    h = F.tanh(X * U) + X[:, 1] * c + OneMatrix(T, 1) * X[2, :]
    net.loss(F.squared_error(Y, h))
    return net


LINES: list[tuple[Callable[[], Network], str]] = [
    (mean_of_squares, "value = np.sum((y - x @ W.T) ** 2) / (n * N)"),
    (squares_of_a_matrix, "value = np.sum((Y - X @ U) ** 2) / (n * D * T)"),
    (sum_of_squares, "value = np.sum((y - x @ W.T) ** 2) / n"),
    (
        cross_entropy_of_a_column,
        "np.sum(y * np.logaddexp(0, -L_1) + (1 - y) * np.logaddexp(0, L_1))",
    ),
    (layer_norm, "c = a - np.sum(a, axis=1, keepdims=True) / N"),
    (attention, "S = q @ (V @ X.swapaxes(1, 2)) / math.sqrt(D)"),
    (halves, "v[:, :H] * w - v[:, H : 2 * H]"),
    (slice_beside_a_row, "X[:, :, 1, None] * c + np.tanh(X @ U) + X[:, 2, None]"),
    (tempered, "value = -(tau**2) * np.sum(y * np.tanh(x @ W.T)) / n"),
]


@pytest.mark.parametrize(("make", "line"), LINES, ids=[make.__name__ for make, _ in LINES])
def test_a_statement_is_written_as_a_person_writes_it(
    make: Callable[[], Network], line: str
) -> None:
    found = statements(make(), "loss")
    assert any(line in statement for statement in found), "\n".join(found)


def test_no_sum_is_taken_of_a_sum() -> None:
    for make in (mean_of_squares, squares_of_a_matrix, sum_of_squares, bias_of_rows, layer_norm):
        text = emit(derive(make()))
        assert "np.sum(np.sum(" not in text
    line = 'np.add.reduce(delta_L_1, axis=(0, 1), out=gradients["c"][0])'
    assert line in statements(bias_of_rows())


def test_a_sum_of_products_over_the_batch_is_a_matrix_product() -> None:
    found = statements(factors_of_weights())
    product = found.index("grad_V_1 = grad_V_2.dot(q, out=y_hat_1)")
    assert found[product - 1] == "grad_V_2 = np.divide(L_1, grad_V_3, out=y_hat)"
    assert found[product + 1 : product + 3] == [
        "grad_V_1 *= -4 / n",
        'np.multiply(grad_V_1[:, None], V, out=gradients["V"])',
    ]


def test_an_array_has_one_name() -> None:
    """A transposed column is the same array; no line says so."""
    net = network(targets=[], weights=[U])
    r = net.step("r", F.tanh(U * x).T)
    net.loss(F.squared_norm(r.T * r) + F.total(r))
    found = statements(net)
    assert {"x.dot(U.T, out=r)", "np.tanh(r, out=r)"} <= set(found)
    aliases = [line for line in found if line.replace(" = ", "").isidentifier()]
    assert not aliases


def test_a_comment_never_gives_a_value_another_name() -> None:
    """tanh(W*x) inside takes the name h_1 that the argument of relu was to have."""
    net = network(weights=[W, b])
    h = net.step("h", F.relu(F.tanh(W * x) - b))
    net.loss(F.squared_error(y, h))
    body = emit(derive(net)).split("def loss_and_gradients(")[1]
    assert "    # h = relu(tanh(W*x) - b)\n    np.subtract(h_1, " in body
    comments = [line.partition("# ")[2] for line in body.splitlines()]
    assert not any(comment.startswith(("h_1 =", "h_2 =")) for comment in comments)


def test_a_loss_that_is_just_a_step_is_returned() -> None:
    net = Network("step", weights=[b])
    net.loss(net.step("q", F.squared_norm(b)))
    module = load(derive(net))
    value, gradients = module.loss_and_gradients({"b": [1.0, 2.0]})
    assert value == 5.0 and list(gradients["b"]) == [2.0, 4.0]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a", "-a"),
        ("a * b", "-a * b"),
        ("a**2", "-(a**2)"),
        ("a**2 * b / c**2", "-(a**2) * b / c**2"),
        ("(a - b) ** 2 @ c", "-((a - b) ** 2) @ c"),
        ("f(a**2) * b**2", "-f(a**2) * b**2"),
        ("(a**2)[:, None] * b", "-(a**2)[:, None] * b"),
        ("\u03b2**2 * \u03b3", "-(\u03b2**2) * \u03b3"),
    ],
)
def test_a_minus_before_a_power_is_written_as_ruff_writes_it(code: str, expected: str) -> None:
    assert negative(code) == expected


@pytest.mark.parametrize(
    ("extent", "code"),
    [
        (N - 1, "N - 1"),
        (2 * N + D - 3, "D + 2 * N - 3"),
        (N * (D + 1), "N * (D + 1)"),
        ((D + 1) ** 2, "(D + 1) ** 2"),
        (N**2, "N**2"),
        (1 - N + D**2, "D**2 - N + 1"),
    ],
)
def test_a_size_is_written_with_its_signs_and_brackets(extent: Any, code: str) -> None:
    assert extent_code(extent, {"N": "N", "D": "D"}) == code
    values = {"N": 4, "D": 7}
    assert eval(code, values) == extent.subs({N: 4, D: 7})
