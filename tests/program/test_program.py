"""Programs: axes by role, the spelling of products, stable forms, nothing dead, nothing twice."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sympy import Identity, MatrixSymbol, OneMatrix, hadamard_product, symbols

import symprop.functions as F
from symprop.checking import check_gradients
from symprop.derivation import derive
from symprop.emission import emit, load
from symprop.expression.text import text
from symprop.network import Network
from symprop.program import Program, build_program
from symprop.program.stable import Stable
from symprop.program.values import Axis, Value

D, N, V, n = symbols("D N V n", integer=True, positive=True)
s, t, w, v = symbols("s t w v", real=True)
SAMPLE, ROW, COLUMN = Axis.SAMPLE, Axis.ROW, Axis.COLUMN

x, X, r = MatrixSymbol("x", D, 1), MatrixSymbol("X", D, N), MatrixSymbol("r", 1, D)
W, Q, B = MatrixSymbol("W", N, D), MatrixSymbol("Q", D, D), MatrixSymbol("B", N, V)
u, b, q = MatrixSymbol("u", D, 1), MatrixSymbol("b", N, 1), MatrixSymbol("q", 1, D)
one = MatrixSymbol("one", 1, 1)
WEIGHTS = [W, Q, B, u, b, q, one, w]


def network(*steps: Any, outputs: list[str] | None = None) -> Network:
    """Steps t0, t1, ...; the loss is the sum of their squares and of the squares of all weights."""
    net = Network("program", inputs=[x, X, r, s], weights=WEIGHTS, outputs=outputs)
    named = [
        net.step(f"t{i}", step(net) if callable(step) else step) for i, step in enumerate(steps)
    ]
    net.loss(sum(map(squares, named)) + F.l2(*WEIGHTS))
    return net


def squares(step: Any) -> Any:
    return F.squared_norm(step) if getattr(step, "is_Matrix", False) else step**2


def function(source: str, name: str) -> str:
    """The source of a function of a module, without its docstring and comments."""
    (node,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )
    return ast.unparse(node)


def lines(net: Network, name: str) -> list[str]:
    return function(emit(derive(net)), name).splitlines()


# -- axes -----------------------------------------------------------------------------------------

AXES = {
    "a scalar of the data": (s * w, (SAMPLE,)),
    "a scalar of weights": (w**2 + 1, ()),
    "a column of the data": (W * x, (SAMPLE, ROW)),
    "a column of weights": (Q * u, (ROW,)),
    "a row of the data": (r * Q, (SAMPLE, COLUMN)),
    "a row of weights": (q * Q, (COLUMN,)),
    "a matrix of the data": (X * B, (SAMPLE, ROW, COLUMN)),
    "a matrix of weights": (W * Q, (ROW, COLUMN)),
    "a square matrix times itself": (Q * Q, (ROW, COLUMN)),
    "an outer product": (x * u.T, (SAMPLE, ROW, COLUMN)),
    "ones times a row is constant along the rows": (OneMatrix(N, 1) * x.T, (SAMPLE, COLUMN)),
    "a column times ones is constant along the columns": (b * OneMatrix(1, D), (ROW,)),
    "a number times ones has no axis": (w * OneMatrix(N, D), ()),
    "a quadratic form": (F.scalar(x.T * Q * x), (SAMPLE,)),
    "the total of weights": (F.total(W), ()),
    "the total of every row": (F.total(X, axis=1), (SAMPLE, ROW)),
    "a 1 x 1": (F.scalar(one) + w, ()),
    "the transpose of a sample": (X.T, (SAMPLE, ROW, COLUMN)),
    "weights and data": (Q + x * u.T, (SAMPLE, ROW, COLUMN)),
}


@pytest.mark.parametrize("name", AXES)
def test_a_value_has_the_axes_along_which_it_varies(name: str) -> None:
    expression, axes = AXES[name]
    program = build_program(derive(network(expression)))
    assert program.per_sample
    (step,) = program.steps
    assert step.value.axes == axes
    assert program.loss.value.axes == ()


@pytest.mark.parametrize("name", AXES)
def test_a_gradient_has_the_axes_of_its_weight(name: str) -> None:
    program = build_program(derive(network(AXES[name][0])))
    declared = {"W": 2, "Q": 2, "B": 2, "u": 1, "b": 1, "q": 1, "one": 0, "w": 0}
    for gradient in program.gradients:
        assert SAMPLE not in gradient.value.axes
        assert len(gradient.value.axes) <= declared[gradient.name]


def test_a_whole_batch_has_no_sample_axis() -> None:
    Y, U = MatrixSymbol("Y", n, D), MatrixSymbol("U", D, 1)
    net = Network("whole", inputs=[Y], weights=[U], samples=n)
    p = net.step("p", Y * U)
    net.loss(F.squared_norm(p))
    program = build_program(derive(net))
    assert not program.per_sample
    assert program.steps[0].value.axes == (ROW,)
    assert all(SAMPLE not in value.axes for value in everything(program))


def everything(program: Program) -> list[Value]:
    """Every value of a program, once."""
    found: dict[int, Value] = {}
    pending = [
        statement.value
        for statement in (*program.steps, program.loss, *program.deltas, *program.gradients)
    ]
    while pending:
        value = pending.pop()
        if value.number not in found:
            found[value.number] = value
            pending.extend(value.operands)
    return list(found.values())


@pytest.mark.parametrize("name", AXES)
def test_axes_stand_in_the_order_sample_row_column(name: str) -> None:
    for value in everything(build_program(derive(network(AXES[name][0])))):
        assert list(value.axes) == sorted(set(value.axes))


# -- products -------------------------------------------------------------------------------------

SPELLINGS: dict[str, tuple[Any, str]] = {
    "W*x": (W * x, "x @ W.T"),
    "x.T*W.T": (x.T * W.T, "x @ W.T"),
    "Q.T*x": (Q.T * x, "x @ Q"),
    "Q*Q*x, from the right": (Q * Q * x, "x @ Q.T @ Q.T"),
    "W*x + b": (W * x + b, "x @ W.T + b"),
    "Q*u": (Q * u, "Q @ u"),
    "W.T*b": (W.T * b, "W.T @ b"),
    "W*Q": (W * Q, "W @ Q"),
    "W.T*B": (W.T * B, "W.T @ B"),
    "r*Q": (r * Q, "r @ Q"),
    "X*W": (X * W, "X @ W"),
    "W*X": (W * X, "W @ X"),
    "X.T*Q": (X.T * Q, "X.swapaxes(1, 2) @ Q"),
    "X.T*X": (X.T * X, "X.swapaxes(1, 2) @ X"),
    "X*b": (X * b, "X @ b"),
    "q*X": (q * X, "q @ X"),
    "u.T*x": (F.dot(u, x), "x @ u"),
    "u.T*u": (F.dot(u, u), "u @ u"),
    "x.T*x": (F.dot(x, x), "np.einsum('si,si->s', x, x)"),
    "x.T*Q*x": (F.scalar(x.T * Q * x), "np.einsum('si,si->s', x, x @ Q.T)"),
    "r*X": (r * X, "np.einsum('si,sij->sj', r, X)"),
    "x*u.T": (x * u.T, "x[:, :, None] * u"),
    "b*x.T": (b * x.T, "b[:, None] * x[:, None]"),
    "b*q": (b * q, "b[:, None] * q"),
    "s*W*x": (s * W * x, "s[:, None] * (x @ W.T)"),
    "ones*X": (OneMatrix(1, D) * X, "np.sum(X, axis=1)"),
    "X*ones": (X * OneMatrix(N, 1), "np.sum(X, axis=2)"),
    "(Q + ones)*x": ((Q + OneMatrix(D, D)) * x, "x @ (Q + 1).T"),
    "total(X.*W.T)": (F.total(hadamard_product(X, W.T)), "np.sum(X * W.T, axis=(1, 2))"),
    "softmax of rows": (F.softmax(X, axis=1), "softmax(X, axis=2)"),
    "softmax of columns": (F.softmax(X, axis=0), "softmax(X, axis=1)"),
    "softmax of a column": (F.softmax(W * x), "softmax(x @ W.T, axis=1)"),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_product_is_spelled_as_a_person_would(name: str) -> None:
    expression, code = SPELLINGS[name]
    found = [line.strip() for line in lines(network(expression), "loss")]
    assert f"t0 = {code}" in found, [line for line in found if line.startswith("t0")]


BY_W = (
    "delta_t0.dot(x, out=gradients['W'])",  # where the samples come last
    "delta_t0.T.dot(x, out=gradients['W'])",
    "x.T.dot(delta_t0, out=gradients['W'].T)",  # where W is kept transposed
)
BY_B = ("delta_t0.dot(ones_n, out=gradients['b'])", "ones_n.dot(delta_t0, out=gradients['b'])")
GRADIENTS: dict[str, tuple[Any, str, list[str | tuple[str, ...]]]] = {
    "W*x + b by W": (W * x + b, "W", [BY_W]),
    "W*x + b by b": (W * x + b, "b", [BY_B]),
    "Q*u by Q": (Q * u, "Q", ["np.multiply(delta_t0[:, None], u, out=gradients['Q'])"]),
    "Q*u by u": (Q * u, "u", ["Q.T.dot(delta_t0, out=gradients['u'])"]),
    "W*Q by W": (W * Q, "W", ["delta_t0.dot(Q.T, out=gradients['W'])"]),
    "W*Q by Q": (W * Q, "Q", ["W.T.dot(delta_t0, out=gradients['Q'])"]),
    "Q*Q by Q": (
        Q * Q,
        "Q",
        ["delta_t0.dot(Q.T, out=gradients['Q'])", "gradients['Q'] += grad_Q_1"],
    ),
    "b*q by b": (b * q, "b", ["delta_t0.dot(q, out=gradients['b'])"]),
    "b*q by q": (b * q, "q", ["b.dot(delta_t0, out=gradients['q'][0])"]),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_the_gradient_of_a_product_is_one_call_that_writes_it(name: str) -> None:
    """A product of matrices, by BLAS and without an array between; a second term is added."""
    expression, weight, code = GRADIENTS[name]
    net = Network(
        "gradient",
        inputs=[each for each in (x, X, r, s) if expression.has(each)],
        weights=[each for each in WEIGHTS if expression.has(each)],
    )
    t0 = net.step("t0", expression)
    net.loss(squares(net.step("t1", F.tanh(t0))) + squares(net.step("t2", F.sigmoid(t0))))
    found = [line.strip() for line in lines(net, "loss_and_gradients")]
    written = [line for line in found if f"gradients['{weight}']" in line]
    assert len(written) == len(code), found
    for line, allowed in zip(written, code, strict=True):
        assert line in (allowed if isinstance(allowed, tuple) else (allowed,)), found


def test_the_value_of_every_spelling_is_right() -> None:
    """Against the loss of one sample, evaluated with two-dimensional arrays."""
    rng = np.random.default_rng(0)
    sizes = {"D": 3, "N": 2, "V": 4}
    module = load(derive(network(*(expression for expression, _ in SPELLINGS.values()))))
    params = module.init_params(rng, **sizes, std=0.5)
    batch = [rng.normal(size=shape) for shape in ((5, 3), (5, 3, 2), (5, 1, 3), (5,))]
    found = module.loss_and_gradients(params, *batch)
    module.check_gradients(params, *batch)
    values = {key: value[:, None] if key in "ub" else value for key, value in params.items()}
    expected = np.mean([by_hand(values, *row) for row in zip(*batch, strict=True)])
    assert found[0] == pytest.approx(expected, rel=1e-12)


def by_hand(p: dict[str, Any], column: Any, X: Any, r: Any, s: float) -> Any:
    """The sum of the squares of all entries of SPELLINGS, in their order, and of the weights."""
    x, W, Q, B, u, b, q = column[:, None], p["W"], p["Q"], p["B"], p["u"], p["b"], p["q"]

    def soft(z: Any, axis: int) -> Any:
        e = np.exp(z)
        return e / e.sum(axis=axis, keepdims=True)

    steps = [
        W @ x, x.T @ W.T, Q.T @ x, Q @ Q @ x, W @ x + b, Q @ u, W.T @ b, W @ Q, W.T @ B, r @ Q,
        X @ W, W @ X, X.T @ Q, X.T @ X, X @ b, q @ X, u.T @ x, u.T @ u, x.T @ x, x.T @ Q @ x,
        r @ X, x @ u.T, b @ x.T, b @ q, s * W @ x, X.sum(0), X.sum(1), (Q + 1) @ x,
        (X * W.T).sum(), soft(X, 1), soft(X, 0), soft(W @ x, 0),
    ]  # fmt: skip
    assert len(steps) == len(SPELLINGS)
    return sum((step**2).sum() for step in (*steps, *p.values()))


# -- stable forms ---------------------------------------------------------------------------------


def definitions() -> Network:
    """Steps of every kind that a stable form looks through."""
    z, Z = MatrixSymbol("z", N, 1), MatrixSymbol("Z", N, N)
    net = Network("stable", inputs=[s, z, Z], weights=[w])
    a = net.step("a", w * s)
    c = net.step("c", -2 * a)
    p = net.step("p", F.sigmoid(a))
    net.step("q", 1 - p)
    e1, e2 = net.step("e1", F.exp(a)), net.step("e2", F.exp(c))
    net.step("e", e1 + e2)
    d = net.step("d", 1 + F.exp(-a))
    net.step("g", 1 / d)
    net.step("m", F.softmax(z))
    net.step("M", F.softmax(Z, axis=1))
    E = net.step("E", F.exp(z))
    net.step("T", F.total(E))
    return net


a, c, p, p_, e1, e2, e, d, g, T = symbols("a c p q e1 e2 e d g T", real=True)
z, Z = MatrixSymbol("z", N, 1), MatrixSymbol("Z", N, N)
m, M, E = MatrixSymbol("m", N, 1), MatrixSymbol("M", N, N), MatrixSymbol("E", N, 1)

STABLE = {
    "log of a sigmoid by name": (F.log(p), "-softplus(-a)"),
    "log of a sigmoid": (F.log(F.sigmoid(s)), "-softplus(-s)"),
    "log of its complement": (F.log(1 - p), "-softplus(a)"),
    "log of its complement by name": (F.log(p_), "-softplus(a)"),
    "log of a sigmoid spelt out": (F.log(g), "-softplus(-a)"),
    "log of the complement of one": (F.log(1 - g), "-softplus(a)"),
    "log of 1 + exp": (F.log(1 + e1), "softplus(a)"),
    "log of 1 + exp by name": (F.log(d), "softplus(-a)"),
    "log of an exponential": (F.log(e1), "a"),
    "log of two exponentials": (F.log(e), "a + softplus(c - a)"),
    "log of a quotient of exponentials": (F.log(e1 / e), "-softplus(c - a)"),
    "log of a square": (F.log(p**2), "-2*softplus(-a)"),
    "log of a product": (F.log(p * p_), "-softplus(-a) - softplus(a)"),
    "log of a softmax by name": (F.log(m), "log_softmax(z)"),
    "log of a softmax of rows": (F.log(M), "log_softmax(Z, axis=1)"),
    "log of a total of exponentials": (F.log(F.total(F.exp(z))), "logsumexp(z)"),
    "log of a total by name": (F.log(T), "logsumexp(z)"),
    "log of totals of rows": (F.log(F.total(F.exp(Z), axis=1)), "logsumexp(Z, axis=1)"),
    "a sigmoid spelt out": (1 / d, "sigmoid(a)"),
    "a softmax of two, the first": (e1 / e, "sigmoid(a - c)"),
    "a softmax of two, the second": (e2 / e, "sigmoid(c - a)"),
    "exp over 1 + exp": (e1 / (1 + e1), "sigmoid(a)"),
    "a square of a sigmoid": ((1 + e1) ** -2, "exp(-2*softplus(a))"),
    "a softmax spelt out": (E / T, "exp(z - logsumexp(z))"),
    "left alone: a log of anything else": (F.log(s), "log(s)"),
    "a log of 1 and more": (F.log(s**2 + 1), "log1p(s**2)"),
    "a log of 1 + sigmoid": (F.log(p + 1), "log1p(p)"),
    "left alone: a log of 2 and more": (F.log(s**2 + 2), "log(s**2 + 2)"),
    "an exponential less 1": (2 * F.exp(s) + s - 2, "s + 2*expm1(s)"),
    "left alone: an exponential less 2": (F.exp(s) - 2, "exp(s) - 2"),
    "a log of softplus": (F.log(F.softplus(s)), "log_softplus(s)"),
    "a log of 1 - tanh": (F.log(1 - F.tanh(s)), "log(2) - softplus(2*s)"),
    "a slope of tanh over what cancels it": (
        (1 - F.tanh(s) ** 2) / (1 - F.tanh(s)),
        "2*sigmoid(2*s)",
    ),
    "left alone: a product of exponentials": (e1 * e2, "e1*e2"),
    "left alone: a named sigmoid": (p * s, "s*p"),
}


@pytest.mark.parametrize("name", STABLE)
def test_the_stable_form_of(name: str) -> None:
    expression, expected = STABLE[name]
    net = definitions()
    stable = Stable({name: step.node for name, step in net.steps.items()})
    assert text(stable.rewrite(net.read(expression))) == expected


# -- dead values, shared values -------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
def test_a_step_that_nothing_uses_is_not_in_the_program() -> None:
    net = Network("dead", inputs=[s], targets=[t], weights=[w])
    h = net.step("h", F.tanh(w * s))
    net.step("idle", F.exp(h))
    net.loss((t - h) ** 2)
    derivation = derive(net)
    assert [step.name for step in build_program(derivation).steps] == ["h"]
    for target in ("numpy", "python"):
        assert "exp(" not in function(emit(derivation, target), "loss_and_gradients")


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
def test_a_step_for_an_output_is_computed_in_forward_alone() -> None:
    net = Network("output", inputs=[s], targets=[t], weights=[w], outputs=["half"])
    h = net.step("h", F.tanh(w * s))
    net.step("half", h / 2)
    net.loss((t - h) ** 2)
    source = emit(derive(net))
    assert "half = h / 2" in function(source, "forward")
    assert "half" not in function(source, "loss") + function(source, "loss_and_gradients")


def test_the_loss_is_left_out_of_forward_and_gradients_out_of_the_loss() -> None:
    net = network(F.tanh(W * x))
    assert "value" not in "\n".join(lines(net, "forward"))
    assert "delta" not in "\n".join(lines(net, "loss"))


def product(left: str, right: str) -> str:
    """A pattern for the product of a matrix and the samples, whichever way they lie."""
    return rf"{right}\.dot\({left}\.T|{left}\.dot\({right}\.T"


SHARED: dict[str, tuple[tuple[Any, ...], str]] = {
    "the same function in two steps": ((F.tanh(W * x), F.tanh(W * x) + b), r"np\.tanh\("),
    "the same product in two steps": ((F.tanh(W * x), F.sigmoid(W * x)), product("W", "x")),
    "the same power in one step": ((F.exp(-(w**2)) + F.tanh(w**2),), r"w \*\* 2"),
    "the same softmax in two steps": ((F.softmax(W * x), F.softmax(W * x) + b), r"np\.exp\("),
    "the same total": ((F.total(W) * s, F.total(W) * w), r"np\.add\.reduce\(W"),
}


@pytest.mark.parametrize("name", SHARED)
def test_an_equal_value_is_computed_once(name: str) -> None:
    steps, pattern = SHARED[name]
    source = "\n".join(lines(network(*steps), "loss_and_gradients"))
    assert len(re.findall(pattern, source)) == 1, source


def test_equal_values_are_one_object_of_the_program() -> None:
    program = build_program(derive(network(F.tanh(W * x), F.sigmoid(W * x))))
    first, second = (step.value for step in program.steps)
    assert first.operands[0] is second.operands[0]


def test_the_forward_values_are_not_computed_again_for_the_gradients() -> None:
    """As many calls of expensive functions as the forward pass needs."""
    net = network(F.tanh(W * x), lambda net: F.sigmoid(net.steps["t0"].symbol))
    source = "\n".join(lines(net, "loss_and_gradients"))
    assert source.count("np.tanh(") == source.count("sigmoid(") == 1
    assert len(re.findall(product("W", "x"), source)) == 1


def test_names_of_equal_steps_are_all_kept() -> None:
    """Two steps of one value: both names are right, whichever is computed."""
    net = network(F.tanh(W * x), F.tanh(W * x))
    module = load(derive(net))
    params = module.init_params(0, D=2, N=3, V=1)
    batch = np.ones((4, 2)), np.ones((4, 2, 3)), np.ones((4, 1, 2)), np.ones(4)
    first, second = module.forward(params, *batch)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(first, np.tanh(batch[0] @ params["W"].T))


# -- cost -----------------------------------------------------------------------------------------


def size(make: Callable[[int], Network], layers: int) -> int:
    return len(everything(build_program(derive(make(layers)))))


def residual(layers: int) -> Network:
    """h + tanh(W*h): paths part and meet again in every layer."""
    ws = [MatrixSymbol(f"W{i}", D, D) for i in range(layers)]
    net = Network("residual", inputs=[x], weights=ws)
    h: Any = x
    for i, weight in enumerate(ws):
        h = net.step(f"h{i}", h + F.tanh(weight * h))
    net.loss(F.squared_norm(h))
    return net


def test_a_residual_chain_has_as_many_values_as_layers() -> None:
    """Not 2^layers: 40 layers are twice 20."""
    assert size(residual, 40) <= 2.1 * size(residual, 20)


def test_a_step_that_reads_data_but_is_constant_is_averaged_once() -> None:
    net = Network("constant", inputs=[s], targets=[t], weights=[w, b])
    half = net.step("half", w * F.softmax(s * OneMatrix(N, 1)))  # w/N, whatever s is
    net.loss((t - F.dot(b, half) * s) ** 2 + F.total(half))
    assert check_gradients(derive(net)).ok


def _slices_in_two_ways(net: Network) -> Any:
    """A part of the weights in the data loss, another one in a penalty of its own step."""
    rest = net.step("rest", B[:, 1:])
    return F.squared_norm(W * x - B[:, :1]) + F.squared_norm(rest)


def _stack_and_a_fixed_block(net: Network) -> Any:
    """A stack of weights met by data, one of its blocks by a penalty too."""
    stacked = net.step("stacked", F.vstack(W, Q))
    double = net.step("double", 2 * W)
    return F.squared_norm(stacked * x) + F.squared_norm(double) + F.squared_norm(B)


def _fixed_stack_cut_open(net: Network) -> Any:
    """A stack of weights alone: one cut of it meets data, all of it a penalty."""
    stacked = net.step("stacked", F.hstack(Q, W.T))
    grown = net.step("grown", F.exp(stacked))
    cut = net.step("cut", stacked[:, :D])
    return F.squared_norm(cut * x) + F.squared_norm(grown) + F.squared_norm(B)


@pytest.mark.parametrize(
    "loss", [_slices_in_two_ways, _stack_and_a_fixed_block, _fixed_stack_cut_open]
)
def test_blocks_that_are_averaged_in_different_ways_do_not_lose_the_mean(
    loss: Callable[[Network], Any],
) -> None:
    net = Network("blocks", inputs=[x], weights=[W, Q, B])
    extra = F.squared_norm(Q)
    net.loss(loss(net) + extra + F.squared_norm(W))
    assert check_gradients(derive(net)).ok


def test_a_product_is_computed_once_wherever_it_stands_in_a_longer_one() -> None:
    net = Network("shared", inputs=[x], weights=[W, Q, B])
    first = net.step("first", W * Q * x)
    net.loss(F.squared_norm(first) + F.squared_norm(B.T * W * Q * x))
    body = emit(derive(net)).partition("def loss_and_gradients")[2].partition("\ndef ")[0]
    assert len(re.findall(product("Q", "x"), body)) == 1


def test_a_gradient_that_is_constant_along_columns_fills_the_columns() -> None:
    net = Network("rows", weights=[Q])
    net.loss(F.squared_norm(F.total(Q * Q, axis=1)))
    assert check_gradients(derive(net)).ok


def test_slices_of_a_shared_matrix_do_not_compute_it_again() -> None:
    net = Network("slices", weights=[Q, W])
    inverted = (W.T * W + Identity(D)).I
    net.loss(F.scalar(inverted[0, :] * Q * inverted[:, 0]))
    body = emit(derive(net)).partition("def loss_and_gradients")[2].partition("\ndef ")[0]
    assert body.count("np.linalg.inv(") == 1
