"""Emitted text is a product: formatted, free of lint, standing alone, the same in every process."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from sympy import (
    BlockMatrix,
    Determinant,
    Expr,
    Inverse,
    Matrix,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Rational,
    Symbol,
    hadamard_product,
    symbols,
)
from twins import random_network

import symprop.functions as F
from symprop.derivation import derive
from symprop.emission import emit, load
from symprop.network import Network

WIDTH = 88
D, N, V, n = symbols("D N V n", integer=True, positive=True)
x, y, w, b, v, lam = symbols("x y w b v lam", real=True)
ROOT = Path(__file__).resolve().parents[2]


# -- networks of every kind -----------------------------------------------------------------------


def k1() -> Network:
    net = Network("K1", inputs=[x], targets=[y], weights=[w])
    y_hat = net.step("y_hat", w * x)
    net.loss(F.half_squared_error(y, y_hat))
    return net


def k3() -> Network:
    w1, b1, w2, w3 = symbols("w1 b1 w2 w3", real=True)
    net = Network("K3", inputs=[x], targets=[y], weights=[w1, b1, w2, w3])
    f1 = net.step("f1", F.sigmoid(net.step("a1", w1 * x + b1)))
    f2 = net.step("f2", F.sigmoid(net.step("a2", w2 * f1)))
    y_hat = net.step("y_hat", F.sigmoid(net.step("a3", w3 * f2)))
    net.loss(F.half_squared_error(y, y_hat))
    return net


def e2() -> Network:
    net = Network("E2", inputs=[x], targets=[y], weights=[w, b], hyperparameters={lam: 0.1})
    a = net.step("a", w * x + b)
    f = net.step("f", 1 / net.step("d", 1 + net.step("e", F.exp(-a))))
    net.loss((y - f) ** 2 + lam * w**2)
    return net


def classifier() -> Network:
    X, Y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W1, b1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
    W2, b2 = MatrixSymbol("W2", V, N), MatrixSymbol("b2", V, 1)
    net = Network(
        "classifier",
        inputs=[X],
        targets=[Y],
        weights=[W1, b1, W2, b2],
        hyperparameters={lam: 1e-3},
        labels={Y: "one-hot"},
        sizes={N: 32},
    )
    h = net.step("h", F.relu(W1 * X + b1))
    p = net.step("p", F.softmax(W2 * h + b2))
    net.loss(F.cross_entropy(Y, p) + lam * F.l2(W1, W2))
    return net


def images() -> Network:
    X, Y = MatrixSymbol("x", D, N), MatrixSymbol("y", 1, N)
    A, B = MatrixSymbol("A", D, D), MatrixSymbol("B", N, N)
    net = Network("images", inputs=[X], targets=[Y], weights=[A, B], outputs=["h", "r"])
    h = net.step("h", F.tanh(A * X * B))
    r = net.step("r", F.total(hadamard_product(h, X), axis=0))
    net.loss(F.binary_cross_entropy(Y, F.sigmoid(r)))
    return net


def ridge() -> Network:
    X, Y, U = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1), MatrixSymbol("U", D, 1)
    net = Network(
        "ridge", inputs=[X], targets=[Y], weights=[U], samples=n, hyperparameters={lam: 0.5}
    )
    r = net.step("r", Y - X * U)
    net.loss(F.scalar(r.T * r) + lam * F.squared_norm(U))
    return net


def whole_batch_rows() -> Network:
    X, Y = MatrixSymbol("X", n, D), MatrixSymbol("Y", n, V)
    W, B = MatrixSymbol("W", D, V), MatrixSymbol("b", 1, V)
    net = Network("rows", inputs=[X], targets=[Y], weights=[W, B], samples=n, labels={Y: "one-hot"})
    p = net.step("P", F.softmax(X * W + OneMatrix(n, 1) * B, axis=1))
    net.loss(F.cross_entropy(Y, p) / n)
    return net


def embedding() -> Network:
    X, Z, W = MatrixSymbol("X", n, D), MatrixSymbol("Z", n, N), MatrixSymbol("W", N, D)
    net = Network("embedding", inputs=[X], weights=[Z, W], samples=n)
    net.loss(F.squared_norm(X - Z * W) / n)
    return net


def function() -> Network:
    A, B = MatrixSymbol("A", N, D), MatrixSymbol("B", D, N)
    net = Network("a function of matrices", weights=[A, B])
    P = net.step("P", A * B)
    net.loss(F.squared_norm(P * P) + F.total(F.exp(A)))
    return net


def scalar_function() -> Network:
    net = Network("Rosenbrock", weights=[w, v])
    net.loss((1 - w) ** 2 + 100 * (v - w**2) ** 2)
    return net


def data_without_use() -> Network:
    """Declared data that the loss does not read."""
    net = Network("idle", inputs=[x], weights=[w])
    net.loss((w - 3) ** 2)
    return net


def long_sum(terms: int) -> Network:
    xs, ws = symbols(f"x1:{terms + 1}", real=True), symbols(f"w1:{terms + 1}", real=True)
    net = Network(f"a sum of {terms}", inputs=xs, targets=[y], weights=ws)
    s = net.step("s", sum(p * q for p, q in zip(ws, xs, strict=True)))
    net.loss((y - F.tanh(s)) ** 2)
    return net


def long_product(factors: int) -> Network:
    ws = symbols(f"w1:{factors + 1}", real=True)
    net = Network(f"a product of {factors}", inputs=[x], targets=[y], weights=ws)
    s = net.step("s", F.tanh(x * Mul(*ws)))
    net.loss((y - s) ** 2)
    return net


def long_matrix_sum(terms: int) -> Network:
    X = MatrixSymbol("x", D, 1)
    ws = [MatrixSymbol(f"weight_{i}", D, D) for i in range(terms)]
    net = Network(f"a matrix sum of {terms}", inputs=[X], weights=ws)
    total = X
    for i, weight in enumerate(ws, start=1):
        total = total + weight * X / i
    net.loss(F.squared_norm(F.tanh(total)))
    return net


def many_terms() -> Network:
    net = Network("many terms", inputs=[x], targets=[y], weights=[w])
    net.loss(sum(Rational(1, k + 1) * F.tanh(k * w * x + y) ** 2 for k in range(1, 40)))
    return net


def nested() -> Network:
    net = Network("nested", inputs=[x], targets=[y], weights=[w, v])
    e: Any = w * x
    for i in range(9):
        e = F.sigmoid(w * e + x) if i > 3 else F.softplus(e + v) * (1 + e) / (2 + F.sigmoid(e))
    net.loss((y - e) ** 2)
    return net


def scalar_mlp(width: int, layers: int) -> Network:
    """A dense network written out in scalars."""
    xs = symbols(f"x1:{width + 1}", real=True)
    weights: list[Expr] = []

    def weight(name: str) -> Expr:
        weights.append(Symbol(name, real=True))
        return weights[-1]

    rows = [
        [[weight(f"w{k}_{i}_{j}") for j in range(width)] for i in range(width)]
        for k in range(layers)
    ]
    biases = [[weight(f"b{k}_{i}") for i in range(width)] for k in range(layers)]
    last = [weight(f"v{i}") for i in range(width)]
    net = Network(f"width {width}", inputs=xs, targets=[y], weights=weights)
    h: list[Any] = list(xs)
    for k in range(layers):
        sums = [
            sum(p * q for p, q in zip(row, h, strict=True)) + bias
            for row, bias in zip(rows[k], biases[k], strict=True)
        ]
        a = [net.step(f"a{k}_{i}", total) for i, total in enumerate(sums)]
        h = [net.step(f"h{k}_{i}", F.tanh(entry)) for i, entry in enumerate(a)]
    o = net.step("o", sum(p * q for p, q in zip(last, h, strict=True)))
    net.loss(F.half_squared_error(y, o))
    return net


def deep_matrix(layers: int) -> Network:
    X, Y = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1)
    ws = [MatrixSymbol(f"W{i}", N, N) for i in range(layers)]
    net = Network(f"{layers} layers", inputs=[X], targets=[Y], weights=ws)
    h: Any = X
    for i, weight in enumerate(ws):
        h = net.step(f"h{i}", h + F.tanh(weight * h))
    net.loss(F.mean_squared_error(Y, h))
    return net


def slices() -> Network:
    """Bounds that are names, numbers and expressions; parts that are put into zeros."""
    X, W, b = MatrixSymbol("x", 3 * N, 1), MatrixSymbol("W", 2 * N + 1, 2 * D), Symbol("b")
    net = Network("slices", inputs=[X], weights=[W, b], sizes={N: 2})
    s = net.step("s", F.tanh(X[0:N, :]) - b * X[N : 2 * N, :] + X[N : 3 * N : 2, :][0:N, :])
    q = net.step("q", W[0 : 2 * N : 2, 0:D] - W[1 : 2 * N + 1 : 2, D : 2 * D])
    net.loss(F.squared_norm(X[2 * N :, :].T * W[:N, :D] - s.T * q) + b**2)
    return net


def stacks(rows: int) -> Network:
    """Explicit matrices and blocks, some too long for a line."""
    X, A = MatrixSymbol("x", rows, 1), MatrixSymbol("A", N, N)
    ws = symbols(f"weight_1:{rows + 1}", real=True)
    net = Network(f"stacks of {rows}", inputs=[X], weights=[*ws, A])
    rotation = Matrix(rows, rows, lambda i, j: ws[i] * ws[j] if i < j else ws[j] + i - 2 * j)
    column = net.step("column", Matrix([F.tanh(each) for each in ws]))
    h = net.step("h", rotation * X + column)
    blocks = BlockMatrix([[A] * rows, [A.T * each for each in ws]])
    net.loss(F.squared_norm(h) + F.squared_norm(blocks) / N)
    return net


def tempered() -> Network:
    """A power behind a minus at the head of a term, and of a sum; an input in steps of weights."""
    X, Y, W = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1), MatrixSymbol("W", V, D)
    net = Network("tempered", inputs=[X], targets=[Y], weights=[W], hyperparameters={lam: 2.0})
    z = net.step("z", W * X)
    q = net.step("q", F.softmax(z / lam))
    g = net.step("g", -(lam**2) * F.tanh(z) - z)
    net.loss(-(lam**2) * F.total(hadamard_product(Y, F.log(q))) - lam**3 + F.squared_norm(g))
    return net


def gram() -> Network:
    """Inverses, whose check draws sizes in several orders; a hyperparameter in the loss."""
    X, W = MatrixSymbol("x", D, 1), MatrixSymbol("W", D, N)
    net = Network("gram", inputs=[X], weights=[W], hyperparameters={lam: 0.1})
    M = net.step("M", Inverse(W.T * W + lam * W.T * X * X.T * W))
    net.loss(F.log(Determinant(W.T * W)) + F.scalar(X.T * W * M * W.T * X))
    return net


def early() -> Network:
    """A value that is met before the step that names it, and a step that is a number."""
    W = MatrixSymbol("W", N, D)
    net = Network("early", weights=[W])
    a = net.step("a", F.exp(F.total(W)) + F.sigmoid(Rational(1, 2)))
    total = net.step("total", F.total(W))
    half = net.step("half", OneMatrix(D, 1) / 2)
    net.loss(a + total**2 + total * F.squared_norm(half) + F.l2(W))
    return net


def tagger() -> Network:
    """A class for each row, and hyperparameters that forward reads."""
    X, Y, W = MatrixSymbol("X", V, D), MatrixSymbol("Y", V, N), MatrixSymbol("W", D, N)
    net = Network(
        "tagger",
        inputs=[X],
        targets=[Y],
        weights=[W],
        labels={Y: "one-hot"},
        hyperparameters={lam: 2.0, b: 0.25},
    )
    P = net.step("P", F.softmax(X * W / lam, axis=1))
    net.loss(F.cross_entropy(Y, P) + b * F.l2(W))
    return net


NETWORKS: dict[str, Callable[[], Network]] = {
    "K1": k1,
    "K3": k3,
    "E2": e2,
    "classifier": classifier,
    "images": images,
    "ridge": ridge,
    "rows of a whole batch": whole_batch_rows,
    "embedding": embedding,
    "function": function,
    "scalar function": scalar_function,
    "data without use": data_without_use,
    "sum of 40": lambda: long_sum(40),
    "sum of 500": lambda: long_sum(500),
    "product of 40": lambda: long_product(40),
    "matrix sum of 20": lambda: long_matrix_sum(20),
    "many terms": many_terms,
    "nested": nested,
    "scalar MLP of width 8": lambda: scalar_mlp(8, 2),
    "scalar MLP of width 32": lambda: scalar_mlp(32, 1),
    "deep scalar MLP": lambda: scalar_mlp(2, 20),
    "deep matrix network": lambda: deep_matrix(40),
    "slices": slices,
    "stacks of 2": lambda: stacks(2),
    "stacks of 4": lambda: stacks(4),
    "stacks of 7": lambda: stacks(7),
    "tempered": tempered,
    "tagger": tagger,
    "gram": gram,
    "early": early,
}


def emitted(net: Network) -> Iterator[tuple[str, str]]:
    """The targets that can express a network, and their texts."""
    derivation = derive(net)
    for target in ("numpy", "python"):
        if target == "numpy" or net.is_scalar:
            yield target, emit(derivation, target)


def ruff() -> str:
    found = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip("ruff is not installed")
    return found


def assert_tidy(folder: Path) -> None:
    """All files of a folder pass ruff format and ruff check as they are."""
    for command in (
        ["format", "--isolated", "--diff"],
        ["check", "--isolated", "--output-format=concise", "--select=E,F,I,UP,B,RUF"],
    ):
        run = subprocess.run(
            [ruff(), *command, "--no-cache", str(folder)], capture_output=True, text=True
        )
        assert run.returncode == 0, (run.stdout + run.stderr)[:4000]


# -- tidy, and standing alone ---------------------------------------------------------------------


def test_every_emitted_module_passes_ruff_as_it_comes_out(tmp_path: Path) -> None:
    for name, make in NETWORKS.items():
        for target, text in emitted(make()):
            (tmp_path / f"{name.replace(' ', '_')}_{target}.py").write_text(text, encoding="utf-8")
    assert_tidy(tmp_path)


@pytest.mark.parametrize("name", [name for name in NETWORKS if name != "product of 40"])
def test_no_line_is_wider_than_88_where_a_formula_has_spaces(name: str) -> None:
    for target, text in emitted(NETWORKS[name]()):
        wide = [line for line in text.splitlines() if len(line) > WIDTH]
        assert not wide, f"{target}: {wide[:3]}"


@pytest.mark.parametrize("name", NETWORKS)
def test_an_emitted_module_imports_numpy_and_the_standard_library_alone(name: str) -> None:
    for target, text in emitted(NETWORKS[name]()):
        allowed = set(sys.stdlib_module_names) | ({"numpy"} if target == "numpy" else set())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= allowed
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0 and str(node.module).split(".")[0] in allowed


def test_an_emitted_module_runs_where_there_is_no_symprop(tmp_path: Path) -> None:
    """`python mlp.py check`, in isolated mode, from an empty folder."""
    for name in ("K3", "E2", "classifier", "images", "ridge", "function", "embedding"):
        for target, text in emitted(NETWORKS[name]()):
            path = tmp_path / f"{name}_{target}.py"
            path.write_text(text, encoding="utf-8")
            run = subprocess.run(
                [sys.executable, "-I", str(path), "check"],
                capture_output=True,
                text=True,
                cwd=tmp_path,
            )
            assert run.returncode == 0, run.stdout + run.stderr
            assert "symprop" not in re.sub(r'^""".*?"""', "", text, flags=re.DOTALL)


HASHES = """
import hashlib, sys
sys.path[:0] = [{root!r}, {tests!r}, {here!r}]
from test_text import NETWORKS, emitted
for name, make in NETWORKS.items():
    for target, text in emitted(make()):
        print(name, target, hashlib.sha256(text.encode()).hexdigest())
"""


def test_the_text_is_the_same_under_every_hash_seed() -> None:
    here = Path(__file__).resolve().parent
    script = HASHES.format(root=str(ROOT), tests=str(here.parent), here=str(here))
    found = set()
    for seed in ("0", "1", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert run.returncode == 0, run.stderr
        found.add(run.stdout)
    assert len(found) == 1
    here_and_now = "".join(
        f"{name} {target} {hashlib.sha256(text.encode()).hexdigest()}\n"
        for name, make in NETWORKS.items()
        for target, text in emitted(make())
    )
    assert found == {here_and_now}


def test_no_path_and_no_date_is_in_the_text() -> None:
    for make in (k3, classifier):
        for _, text in emitted(make()):
            assert str(ROOT) not in text and str(Path.home()) not in text
            assert not re.search(r"\b20\d\d-\d\d-\d\d\b", text)


# -- shared factors, formulas ---------------------------------------------------------------------


def functions(text: str) -> dict[str, str]:
    """The source of each function of a module."""
    tree = ast.parse(text)
    nodes = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_source_segment(text, node) or "" for node in nodes}


def assignments(source: str, name: str) -> int:
    """How often a name is bound in a function."""
    nodes = [
        target
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return sum(isinstance(node, ast.Name) and node.id == name for node in nodes)


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_the_shared_factors_of_k3_are_computed_once(target: str) -> None:
    source = functions(emit(derive(k3()), target))["loss_and_gradients"]
    source = ast.unparse(ast.parse(source))  # without the comments
    for name in ("delta_a3", "delta_a2", "delta_a1"):
        begun = len(re.findall(rf"np\.\w+\([^\n]*out={name}\)", source))
        assert (begun or assignments(source, name)) >= 1, name
        assert len(re.findall(rf"^    {name} = ", source, flags=re.MULTILINE)) <= 1, name
    for name in ("a1", "f1", "a2", "f2", "a3", "y_hat"):
        assert len(re.findall(rf"^ *{name} = ", source, flags=re.MULTILINE)) <= 1, name
    complement = r"np\.subtract\(1, {}," if target == "numpy" else r"\(1(\.0)? - {}\)"
    for name in ("y_hat", "f2", "f1"):
        assert len(re.findall(complement.format(name), source)) == 1, name
    assert source.count("sigmoid(" if target == "numpy" else "else exp(") == 3


@pytest.mark.parametrize("name", ["K3", "E2", "classifier", "ridge", "nested"])
def test_no_value_is_computed_that_nothing_reads(name: str) -> None:
    for _, text in emitted(NETWORKS[name]()):
        for function in ("forward", "loss", "loss_and_gradients"):
            source = functions(text)[function]
            names = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
            stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
            read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
            assert stored <= read | {"params"}, stored - read


def test_a_line_carries_the_formula_that_it_computes() -> None:
    source = functions(emit(derive(k3())))["loss_and_gradients"]
    lines = source.splitlines()
    delta = lines.index("    # delta_a3 = -(y - y_hat)*y_hat*(1 - y_hat)/n")
    assert "(1, y_hat, out=" in lines[delta + 1]
    assert "# dL/dw1 = delta_a1*x" in source
    header = emit(derive(k3())).split('"""')[1]
    for line in ("a1 = w1*x + b1", "f1 = sigmoid(a1)", "L = (y - y_hat)**2/2"):
        assert line in header


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_a_comment_names_the_loss_by_its_own_name(target: str) -> None:
    net = Network("cost", inputs=[x], targets=[y], weights=[w])
    net.loss((y - net.step("h", w * x)) ** 2, name="cost")
    source = emit(derive(net), target=target)
    assert "# dcost/dw = " in source
    assert "each delta is dcost/d(value)" in " ".join(source.split())
    assert "dL/d" not in source


# -- names ----------------------------------------------------------------------------------------

WORDS = """
class lambda def None True match type np math loss params x t n value forward train workspace print
sum max float len dict init std epochs sigmoid softmax e z axis top delta delta_a grad_w L L_1
samples self key arrays sizes gradients options main os sys GradientError WEIGHTS DATA TOLERANCE row
betas epsilon momentum rng progress save weights out seed data path run _draw _checked _ __ w__
"""
LETTERS = ["\u03b1", "\u03b21", "\u03c3", "\u00e9", "\ufb01", "x\u00b2", "\u2112", "\uff21\uff22"]
SIGNS = ["it's", 'a"b', '"""', "a\nb", "a{b}", "{{x}}", "{% raw %}", r"\hat{y}", "\\", "2x", "a b"]
MORE = ["w_1", "w1", "n_2", "%s", "#", "\u200b", "-", "x" * 40]
NAMES = [*WORDS.split(), *LETTERS, *SIGNS, *MORE]
ROLES = ("weight", "input", "target", "hyperparameter", "step", "size")


def with_name(role: str, name: str) -> Network:
    """A small network in which one thing has this name."""
    names = {"weight": "w", "input": "xx", "target": "yy", "hyperparameter": "mu", "step": "aa"}
    names[role] = name
    if role == "size":
        size = Symbol(name, integer=True, positive=True)
        X, W = MatrixSymbol("xx", size, 1), MatrixSymbol("W", 3, size)
        net = Network("named", inputs=[X], weights=[W], sizes={size: 4})
        h = net.step("h", F.sigmoid(W * X))
        net.loss(F.squared_norm(h) + F.softplus(F.total(h)) + F.l2(W) / size, name="Loss")
        return net
    symbol = {key: Symbol(value, real=True) for key, value in names.items()}
    net = Network(
        "named",
        inputs=[symbol["input"]],
        targets=[symbol["target"]],
        weights=[symbol["weight"]],
        hyperparameters={symbol["hyperparameter"]: 0.5},
    )
    a = net.step(names["step"], F.sigmoid(symbol["weight"] * symbol["input"]))
    net.loss(
        (symbol["target"] - a) ** 2 + symbol["hyperparameter"] * F.softplus(symbol["weight"]),
        name="Loss",
    )
    return net


@pytest.mark.parametrize("role", ROLES)
def test_any_name_gives_a_right_and_tidy_module(role: str, tmp_path: Path) -> None:
    """Keywords, builtins, names of the module's own, other alphabets, quotes, braces, newlines."""
    W, X = np.full((3, 4), 0.1), np.full((2, 4), 0.3)
    a = 1 / (1 + np.exp(-0.7 * np.array([1.0, 2.0])))
    scalar = ((np.array([0.3, 0.1]) - a) ** 2).mean() + 0.5 * np.log1p(np.exp(0.7))
    h = 1 / (1 + np.exp(-X @ W.T))
    matrix = ((h**2).sum(1) + np.log1p(np.exp(h.sum(1)))).mean() + (W**2).sum() / 4
    for number, name in enumerate(NAMES):
        net = with_name(role, name)
        for target, text in emitted(net):
            (tmp_path / f"named_{number}_{target}.py").write_text(text, encoding="utf-8")
            module = load(derive(net), target)
            if role == "size":
                value, gradients = module.loss_and_gradients({"W": W}, X)
                module.check_gradients({"W": W}, X)
                expected = matrix
            else:
                params = {name if role == "weight" else "w": 0.7}
                data = [1.0, 2.0], [0.3, 0.1]
                value, gradients = module.loss_and_gradients(params, *data)
                module.check_gradients(params, *data)
                assert list(gradients) == list(params)
                np.testing.assert_allclose(module.forward(params, data[0]), a, rtol=1e-12)
                expected = scalar
            assert value == pytest.approx(expected, rel=1e-12), (name, target)
            assert module.main(["check"]) == 0, (name, target)
    assert_tidy(tmp_path)


def test_names_that_look_alike_stay_apart() -> None:
    """w_1 and w1, a-b and a_b, a step and the inner value of another: each its own identifier."""
    names = ["w_1", "w1", "a-b", "a_b", "L_1", "grad_w1", "value_2"]
    ws = [Symbol(name, real=True) for name in names]
    net = Network("alike", inputs=[x], targets=[y], weights=ws)
    a = net.step("a", sum(F.tanh(k * weight * x) for k, weight in enumerate(ws, start=1)))
    a_1 = net.step("a_1", F.tanh(a) * a)
    net.loss((y - a_1) ** 2 + F.l2(*ws))
    values = dict(zip(names, np.linspace(-0.5, 0.7, len(names)), strict=True))
    total = sum(np.tanh(k * value) for k, value in enumerate(values.values(), start=1))
    expected = (2 - np.tanh(total) * total) ** 2 + sum(value**2 for value in values.values())
    for target in ("numpy", "python"):
        module = load(derive(net), target)
        value, _ = module.loss_and_gradients(values, [1.0], [2.0])
        assert value == pytest.approx(expected, rel=1e-12)
        module.check_gradients(values, [1.0], [2.0])


# -- random networks ------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
def test_random_networks_are_formatted_right(tmp_path: Path) -> None:
    """150 networks of every kind; one call of ruff for all of them."""
    for seed in range(150):
        rng = Random(seed)
        kind = rng.choice(["matrix", "scalar", "whole", "function"])
        network = random_network(rng, kind, rng.choice([1, 2, 3])).network
        for target, text in emitted(network):
            (tmp_path / f"random_{seed}_{target}.py").write_text(text, encoding="utf-8")
    assert_tidy(tmp_path)
