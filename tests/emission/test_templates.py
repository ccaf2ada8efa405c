"""The templates, on modules written down by hand: what they emit is tidy, right and harmless."""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import itertools
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from workspaces import assert_same, workspace_of_nan

from symprop.emission.formatting import quoted
from symprop.emission.module import Array, Body, Buffer, Hyperparameter, Line, Module, Size
from symprop.emission.rendering import render

NUMPY = "numpy/module.py.jinja"
PYTHON = "python/module.py.jinja"
_numbers = itertools.count()


def line(code: str, formula: str = "") -> Line:
    return Line(code, formula)


def written(key: str, code: str) -> Line:
    """A statement that writes a gradient, as an array target has them."""
    return line(f"gradients[{quoted(key)}][...] = {code}")


def k1() -> Module:
    """K1, y_hat = w*x, on batches of scalars."""
    forward = (
        line('w = params["w"]'),
        line("y_hat = w * x", "y_hat = w*x"),
    )
    value = line("value = 0.5 * np.mean((y - y_hat) ** 2)", "L = (y - y_hat)^2/2")
    return Module(
        name="K1",
        equations=("y_hat = w*x", "L = (y - y_hat)^2/2"),
        notes=(),
        inputs=(Array("x", "x", ("n",)),),
        targets=(Array("y", "y", ("n",)),),
        weights=(Array("w", "w", ()),),
        hyperparameters=(),
        sizes=(),
        helpers=(),
        forward=Body(forward, (("y_hat", "y_hat"),)),
        loss=Body((*forward, value), (("L", "value"),)),
        gradients=Body(
            (
                *forward,
                value,
                line("delta_y_hat = np.subtract(y_hat, y, out=room)", "dL/dy_hat = -(y - y_hat)"),
                line("delta_y_hat /= n"),
                written("w", "delta_y_hat @ x"),
            ),
            (),
            buffers=(Buffer("room", ("n",), "float"),),
        ),
        outputs=(Array("y_hat", "y_hat", ("n",)),),
        minibatches=True,
    )


def k1_python() -> Module:
    """K1 for the plain-Python target."""
    start = (line('w = params["w"]'), line("value = 0.0"))
    step = line("y_hat = w * x", "y_hat = w*x")
    loss = line("value += 0.5 * (y - y_hat) ** 2", "L = (y - y_hat)^2/2")
    mean = line("value /= n")
    return dataclasses.replace(
        k1(),
        forward=Body(start[:1], (("y_hat", "y_hat"),), (step,)),
        loss=Body(start, (("L", "value"),), (step, loss), (mean,)),
        gradients=Body(
            (*start, line("gradient_w = 0.0")),
            (("w", "gradient_w"),),
            (
                step,
                loss,
                line("delta_y_hat = y_hat - y", "dL/dy_hat = -(y - y_hat)"),
                line("gradient_w += delta_y_hat * x", "dL/dw = delta_y_hat*x"),
            ),
            (mean, line("gradient_w /= n")),
        ),
    )


SOFTMAX = '''
def softmax(z):
    """Return the softmax of the rows of z."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
'''


def digits(
    d: int | str = 64, n: int | str = 64, v: int | str = 10, regularised: bool = False
) -> Module:
    """Relu, then softmax with cross-entropy; its sizes whole numbers or symbolic."""
    unpack = tuple(line(f'{w} = params["{w}"]') for w in ("W1", "b1", "W2", "b2"))
    forward = (
        *unpack,
        line("a = x @ W1.T + b1", "a = W1*x + b1"),
        line("h = np.maximum(a, 0.0)", "h = relu(a)"),
        line("z = h @ W2.T + b2", "z = W2*h + b2"),
        line("p = softmax(z)", "p = softmax(z)"),
    )
    loss = "value = -np.sum(y * np.log(p)) / n"
    decay1 = decay2 = ""
    if regularised:
        loss += " + lam * (np.sum(W1**2) + np.sum(W2**2))"
        decay1, decay2 = " + 2 * lam * W1", " + 2 * lam * W2"
    value = line(loss, "L = -sum(y*log(p))" + " + lam*R(W)" * regularised)
    symbolic = [s for s in (d, n, v) if isinstance(s, str)]
    found = {"D": 'params["W1"].shape[1]', "V": 'params["W2"].shape[0]'}
    return Module(
        name="digits",
        equations=("a = W1*x + b1", "h = relu(a)", "z = W2*h + b2", "p = softmax(z)"),
        notes=("relu'(0) is taken as 0.",),
        inputs=(Array("x", "x", ("n", d)),),
        targets=(Array("y", "y", ("n", v), "one-hot"),),
        weights=(
            Array("W1", "W1", (n, d)),
            Array("b1", "b1", (n,)),
            Array("W2", "W2", (v, n)),
            Array("b2", "b2", (v,)),
        ),
        hyperparameters=(Hyperparameter("lam", "lam", "0.001"),) * regularised,
        sizes=tuple(
            Size(s, s, None, found[s]) if s in found else Size(s, s, 32, 'params["b1"].size')
            for s in symbolic
        ),
        helpers=(SOFTMAX,),
        forward=Body(forward, (("p", "p"),)),
        loss=Body((*forward, value), (("L", "value"),)),
        gradients=Body(
            (
                *forward,
                value,
                line("delta_z = np.subtract(p, y, out=room)", "dL/dz = p - y"),
                line("delta_z /= n"),
                line("delta_a = (delta_z @ W2) * (a > 0)", "dL/da = W2.T*dL/dz o relu'(a)"),
                written("W1", "delta_a.T @ x" + decay1),
                written("b1", "ones_n @ delta_a"),
                written("W2", "delta_z.T @ h" + decay2),
                written("b2", "ones_n @ delta_z"),
            ),
            (),
            buffers=(Buffer("ones_n", ("n",), "ones"), Buffer("room", ("n", v), "float")),
            sizes=tuple(line(f"{size} = {found[size]}") for size in symbolic if size == v),
        ),
        outputs=(Array("p", "p", ("n", v)),),
        minibatches=True,
    )


def symbolic() -> Module:
    return digits("D", "N", "V", regularised=True)


def no_data() -> Module:
    """L = trace(A.T A)/2 + sum(A): a function of its weight alone."""
    unpack = (line('A = params["A"]'),)
    value = line("value = 0.5 * np.sum(A**2) + np.sum(A)", "L = trace(A.T*A)/2 + total(A)")
    return Module(
        name="no data",
        equations=("L = trace(A.T*A)/2 + total(A)",),
        notes=(),
        inputs=(),
        targets=(),
        weights=(Array("A", "A", ("K", "K + 1")),),
        hyperparameters=(),
        sizes=(Size("K", "K", 3, 'params["A"].shape[0]'),),
        helpers=(),
        forward=Body((), ()),
        loss=Body((*unpack, value), (("L", "value"),)),
        gradients=Body((*unpack, value, written("A", "A + 1.0")), ()),
        outputs=(),
        minibatches=True,
    )


HOSTILE = '"""; import os; raise SystemExit(99) # \\ \n {{ 7 }} %s \u200b й "'


def hostile(module: Module) -> Module:
    """A module whose every free text wants to be code, a format or a file name."""
    weight = 'file"/../\\\n%'
    old, new = quoted(module.weights[0].key), quoted(weight)

    def renamed(body: Body) -> Body:
        def lines(group: tuple[Line, ...]) -> tuple[Line, ...]:
            return tuple(Line(x.code.replace(old, new), HOSTILE + x.formula) for x in group)

        results = tuple((weight if k == module.weights[0].key else k, c) for k, c in body.results)
        return dataclasses.replace(
            body,
            lines=lines(body.lines),
            results=results,
            each=lines(body.each),
            after=lines(body.after),
        )

    return dataclasses.replace(
        module,
        name=HOSTILE,
        equations=(HOSTILE, "'" * 3, "x" * 100, "a + " * 60),
        notes=(HOSTILE * 4,),
        weights=(
            dataclasses.replace(module.weights[0], key=weight),
            *module.weights[1:],
        ),
        forward=renamed(module.forward),
        loss=renamed(module.loss),
        gradients=renamed(module.gradients),
    )


def wide() -> Module:
    """A linear map with thirty scalar inputs, two outputs, binary labels and hyperparameters."""
    names = [f"feature_{i}" for i in range(30)]
    unpack = (line('w = params["w"]'),)
    total = "s = (\n    " + "\n    + ".join(names) + "\n)"
    forward = (*unpack, line(total, "s = " + " + ".join(names)), line("p = w * s"))
    value = line("value = scale * np.mean((p - y) ** 2) + offset")
    return Module(
        name="wide " * 30,
        equations=("p = w*s",),
        notes=(),
        inputs=tuple(Array(name, name, ("n",)) for name in names),
        targets=(Array("y", "y", ("n",), "binary"),),
        weights=(Array("w", "w", ()),),
        hyperparameters=tuple(
            Hyperparameter(h, h, d) for h, d in (("scale", "2.0"), ("offset", "0.5"))
        ),
        sizes=(),
        helpers=(),
        forward=Body(forward, (("s", "s"), ("p", "p"))),
        loss=Body((*forward, value), (("L", "value"),)),
        gradients=Body((*forward, value, written("w", "np.mean(2.0 * scale * (p - y) * s)")), ()),
        outputs=(Array("s", "s", ("n",)), Array("p", "p", ("n",))),
        minibatches=True,
    )


def whole_batch() -> Module:
    """A weight a sample (shape n), a constant input C (q x q), and signed labels."""
    forward = (line('w = params["w"]'), line("s = w * x * np.sum(C)"))
    value = line("value = np.sum((s - y) ** 2)")
    return Module(
        name="whole batch",
        equations=("s = w*x*total(C)",),
        notes=(),
        inputs=(Array("C", "C", ("q", "q + 1")), Array("x", "x", ("n",))),
        targets=(Array("y", "y", ("n",), "signed"),),
        weights=(Array("w", "w", ("n",)),),
        hyperparameters=(),
        sizes=(
            Size("n", "n", None, "x.shape[0]"),
            Size("q", "q", None, "C.shape[0]"),
        ),
        helpers=(),
        forward=Body(forward, (("s", "s"),)),
        loss=Body((*forward, value), (("L", "value"),)),
        gradients=Body((*forward, value, written("w", "2.0 * (s - y) * x * np.sum(C)")), ()),
        outputs=(Array("s", "s", ("n",)),),
        minibatches=False,
    )


def targets_only() -> Module:
    """The mean of targets: no inputs, probabilities as labels."""
    unpack = (line('mu = params["mu"]'),)
    value = line("value = 0.5 * np.mean(np.sum((y - mu) ** 2, axis=1))")
    return Module(
        name="targets only",
        equations=("L = |y - mu|^2/2",),
        notes=(),
        inputs=(),
        targets=(Array("y", "y", ("n", "V"), "probabilities"),),
        weights=(Array("mu", "mu", ("V",)),),
        hyperparameters=(),
        sizes=(Size("V", "V", None, 'params["mu"].size'),),
        helpers=(),
        forward=Body(unpack, (("mu", "2.0 * mu"),)),
        loss=Body((*unpack, value), (("L", "value"),)),
        gradients=Body((*unpack, value, written("mu", "mu - y.mean(axis=0)")), ()),
        outputs=(Array("mu2", "mu2", ("V",)),),
        minibatches=True,
    )


def python_more() -> Module:
    """Two outputs, signed labels and a hyperparameter, for the plain-Python target."""
    base = k1_python()
    return dataclasses.replace(
        base,
        name="more",
        targets=(Array("y", "y", ("n",), "signed"),),
        hyperparameters=(Hyperparameter("lam", "lam", "0.5"),),
        outputs=(Array("y_hat", "y_hat", ("n",)), Array("s", "s", ("n",))),
        forward=dataclasses.replace(
            base.forward, results=(("y_hat", "y_hat"), ("s", "2.0 * y_hat"))
        ),
        loss=dataclasses.replace(base.loss, after=(line("value = value / n + lam * w**2"),)),
        gradients=dataclasses.replace(
            base.gradients,
            after=(line("value = value / n + lam * w**2"), line("gradient_w /= n")),
            results=(("w", "gradient_w + 2.0 * lam * w"),),
        ),
    )


def python_no_data() -> Module:
    start = (line('w = params["w"]'), line("value = math.exp(w) - 2.0 * w"))
    return dataclasses.replace(
        k1_python(),
        inputs=(),
        targets=(),
        outputs=(),
        forward=Body((), ()),
        loss=Body(start, (("L", "value"),)),
        gradients=Body(start, (("w", "math.exp(w) - 2.0"),)),
    )


MODULES = {
    "k1": (NUMPY, k1),
    "k1_python": (PYTHON, k1_python),
    "digits": (NUMPY, digits),
    "symbolic": (NUMPY, symbolic),
    "no_data": (NUMPY, no_data),
    "wide": (NUMPY, wide),
    "whole_batch": (NUMPY, whole_batch),
    "targets_only": (NUMPY, targets_only),
    "python_more": (PYTHON, python_more),
    "python_no_data": (PYTHON, python_no_data),
    "hostile": (NUMPY, lambda: hostile(digits())),
    "hostile_k1": (NUMPY, lambda: hostile(k1())),
    "hostile_python": (PYTHON, lambda: hostile(k1_python())),
}


def imported(source: str, folder: Path) -> Any:
    path = folder / f"emitted_{next(_numbers)}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def emitted(name: str, folder: Path) -> Any:
    template, make = MODULES[name]
    return imported(render(template, make()), folder)


@pytest.mark.parametrize("name", MODULES)
def test_tidy(name: str, tmp_path: Path) -> None:
    ruff = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff is None:
        pytest.skip("ruff is not installed")
    template, make = MODULES[name]
    path = tmp_path / "emitted.py"
    path.write_text(render(template, make()), encoding="utf-8")
    for command in (
        ["format", "--isolated", "--diff"],
        ["check", "--isolated", "--output-format=concise", "--select=E,F,I,UP,B,RUF"],
    ):
        run = subprocess.run([ruff, *command, str(path)], capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", MODULES)
def test_check_command_without_data(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert emitted(name, tmp_path).main(["check"]) == 0
    assert "relative error" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["k1", "k1_python", "hostile_k1", "hostile_python"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_k1_learns_its_slope(name: str, optimizer: str, tmp_path: Path) -> None:
    m = emitted(name, tmp_path)
    x = [-1.0, 0.5, 1.0, 2.0, 3.0]
    y = [3 * value for value in x]
    params = m.init_params(0)
    (key,) = params
    before = float(params[key])
    new, losses = m.train(
        params,
        x,
        y,
        epochs=300,
        batch_size=2,
        learning_rate=0.05,
        optimizer=optimizer,
        rng=1,
    )
    assert float(new[key]) == pytest.approx(3, abs=1e-3)
    assert losses[-1] < losses[0] and all(type(value) is float for value in losses)
    assert float(params[key]) == before
    assert m.evaluate(new, x, y)["loss"] == pytest.approx(0, abs=1e-5)


def test_both_targets_agree(tmp_path: Path) -> None:
    a, b = emitted("k1", tmp_path), emitted("k1_python", tmp_path)
    x, y, params = [1.0, 2.0], [3.0, -1.0], {"w": 0.7}
    assert a.loss(params, x, y) == pytest.approx(b.loss(params, x, y))
    value, gradients = b.loss_and_gradients(params, x, y)
    assert a.loss_and_gradients(params, x, y)[1]["w"] == pytest.approx(gradients["w"])
    assert list(a.forward(params, x)) == pytest.approx(b.forward(params, x))
    full = {"epochs": 3, "learning_rate": 0.1, "batch_size": None}
    new, losses = a.train(params, x, y, **full)
    other, others = b.train(params, x, y, **full)
    assert float(new["w"]) == pytest.approx(other["w"])
    assert losses == pytest.approx(others)
    assert losses[0] == pytest.approx(value)


def classes(m: Any, *, n: int = 40, d: int = 6, v: int = 3, **sizes: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(v, d))
    y = rng.integers(v, size=n)
    x = 3 * centres[y] + 0.1 * rng.normal(size=(n, d))
    return m.init_params(5, init="he", **sizes), x, y


def small(m: Any) -> tuple[Any, Any, Any]:
    return classes(m, D=6, N=8, V=3)


def test_symbolic_sizes_train(tmp_path: Path) -> None:
    m = emitted("symbolic", tmp_path)
    params, x, y = small(m)
    rows = np.eye(3)[y]
    assert m.loss(params, x, y) == m.loss(params, x, rows)
    assert m.loss(params, x, y, lam=1.0) > m.loss(params, x, y, lam=0.0)
    new, losses = m.train(params, x, y, epochs=60, batch_size=7, learning_rate=0.1, rng=0, lam=0.0)
    assert len(losses) == 60
    scores = m.evaluate(new, x, y)
    assert scores["accuracy"] == 1.0 and scores["error_rate"] == 0.0
    assert max(m.check_gradients(params, x, y, lam=0.3).values()) < 1e-5
    assert m.forward(new, x).shape == (40, 3)
    stopped = m.train(params, x, y, epochs=500, learning_rate=0.1, rng=0, tolerance=0.5)[1]
    assert len(stopped) < 60


def test_an_epoch_is_what_it_is_said_to_be(tmp_path: Path) -> None:
    """One epoch of minibatches, done again by hand; the history is met before each update."""
    m = emitted("symbolic", tmp_path)
    params, x, y = small(m)
    new, losses = m.train(params, x, y, epochs=1, batch_size=16, learning_rate=0.1, rng=9)
    order = np.random.default_rng(9).permutation(len(x))
    total, current = 0.0, params
    for start in range(0, len(x), 16):
        part = order[start : start + 16]
        value, slopes = m.loss_and_gradients(current, x[part], y[part])
        total += value * len(part)
        current = {key: current[key] - 0.1 * slopes[key] for key in current}
    assert losses == [pytest.approx(total / len(x))]
    for key in new:
        np.testing.assert_allclose(new[key], current[key], rtol=1e-12)


def test_float32_stays_float32(tmp_path: Path) -> None:
    m = emitted("symbolic", tmp_path)
    params, x, y = small(m)
    new, _ = m.train(params, x.astype(np.float32), y, epochs=2, learning_rate=0.1, rng=0)
    assert {weight.dtype for weight in new.values()} == {np.dtype(np.float32)}
    assert m.forward(new, x.astype(np.float32)).dtype == np.float32
    new, _ = m.train(params, x, y, epochs=2, learning_rate=0.1, rng=0)
    assert {weight.dtype for weight in new.values()} == {np.dtype(np.float64)}
    assert m.forward(params, x.astype(int)).dtype == np.float64


def test_gradients_are_pure_and_fill_a_workspace(tmp_path: Path) -> None:
    m = emitted("symbolic", tmp_path)
    params, x, y = small(m)
    before = {key: weight.copy() for key, weight in params.items()}
    value, gradients = m.loss_and_gradients(params, x, y)
    assert type(value) is float
    for key, weight in params.items():
        np.testing.assert_array_equal(weight, before[key])
        assert gradients[key].shape == weight.shape
        assert gradients[key].dtype == weight.dtype
    rows = np.eye(3)[y]
    workspace = workspace_of_nan(m, params, (x, y))
    again, filled = m.loss_and_gradients(params, x, rows, workspace=workspace)
    assert_same((again, filled), (value, gradients))
    assert filled is m.loss_and_gradients(params, x, rows, workspace=workspace)[1]


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ('gradients["W1"][...] = delta_a.T @ x', ';gradients["W1"][3, 4] *= 1.001', "W1"),
        ('gradients["b1"][...] = ones_n @ delta_a', ';gradients["b1"][2] += 1e-4', "b1"),
        ('gradients["W2"][...] = delta_z.T @ h', ';gradients["W2"][1, 1] *= -1', "W2"),
        ('gradients["b2"][...] = ones_n @ delta_z', ';gradients["b2"][0] = 0', "b2"),
    ],
)
@pytest.mark.parametrize("name", ["digits", "symbolic"])
def test_one_wrong_entry_is_found(
    name: str, old: str, new: str, weight: str, tmp_path: Path
) -> None:
    template, make = MODULES[name]
    source = render(template, make())
    lines = source.splitlines()
    (number,) = [i for i, text in enumerate(lines) if text.strip().startswith(old)]
    lines[number] += new
    m, right = imported("\n".join(lines), tmp_path), imported(source, tmp_path)
    if name == "digits":  # 4,096 entries of W1: found in a random group
        params, x, y = classes(m, n=50, d=64, v=10)
        x[:, 4] += 2.0
    else:
        params, x, y = small(m)
    right.check_gradients(params, x, y)
    with pytest.raises(m.GradientError, match=f"gradient of {weight} (at|along)"):
        m.check_gradients(params, x, y)


def test_wrong_scalar_gradient_is_found(tmp_path: Path) -> None:
    for name, old in (("k1", "delta_y_hat @ x"), ("k1_python", '["w"] = gradient_w')):
        template, make = MODULES[name]
        source = render(template, make())
        assert source.count(old) == 1
        m = imported(source.replace(old, old + " * 1.0001"), tmp_path)
        with pytest.raises(m.GradientError, match="gradient of w"):
            m.check_gradients({"w": 0.3}, [1.0, 2.0], [0.5, 1.5])


def test_kinks_are_skipped(tmp_path: Path) -> None:
    """Zero weights put every relu exactly at its kink: nothing there is called wrong."""
    m = emitted("symbolic", tmp_path)
    params, x, y = small(m)
    params["W1"][0], params["b1"][0] = 0.0, 0.0
    assert m.check_gradients(params, x, y)["W1"] < 1e-5
    x, y = m._checked(params, x, y)[1:]
    _, kinks = m._compare(params, (x, y), {})
    assert kinks["b1"] == 1 and kinks["W1"] >= 1


@pytest.mark.parametrize("name", ["symbolic", "hostile", "hostile_k1", "no_data"])
def test_weights_go_to_a_file_and_back(name: str, tmp_path: Path) -> None:
    m = emitted(name, tmp_path)
    params = small(m)[0] if name == "symbolic" else m.init_params(1)
    path = tmp_path / "weights.npz"
    m.save_params(path, params)
    again = m.load_params(path)
    assert list(again) == list(params)
    for key in params:
        np.testing.assert_array_equal(again[key], params[key])
    with pytest.raises(ValueError, match="params lack"):
        m.save_params(path, {})
    assert list(m.load_params(path)) == list(params)
    assert not list(tmp_path.glob("*.part"))


def test_loading_says_what_is_wrong(tmp_path: Path) -> None:
    m = emitted("symbolic", tmp_path)
    np.savez(tmp_path / "plain.npz", W1=np.ones((3, 2)), b1=np.ones(3), W2=np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"lacks the weights b2; it holds W1, b1, W2"):
        m.load_params(tmp_path / "plain.npz")
    np.savez(tmp_path / "axes.npz", W1=np.ones(3), b1=np.ones(3), W2=np.ones((2, 3)), b2=np.ones(2))
    with pytest.raises(ValueError, match=r"W1 has the shape \(3,\); expected \(N, D\)"):
        m.load_params(tmp_path / "axes.npz")
    (tmp_path / "text.npz").write_text("no")
    with pytest.raises(ValueError, match=r"not a \.npz"):
        m.load_params(tmp_path / "text.npz")


def test_python_weights_go_to_a_file_and_back(tmp_path: Path) -> None:
    for name in ("k1_python", "hostile_python"):
        m = emitted(name, tmp_path)
        params = m.init_params(3, init="glorot")
        m.save_params(tmp_path / "weights.json", params)
        assert m.load_params(tmp_path / "weights.json") == params
    (tmp_path / "weights.json").write_text("{}")
    with pytest.raises(ValueError, match="lacks the weights"):
        m.load_params(tmp_path / "weights.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p, x, y: (p, x[:, :4], y), r"x has the shape \(40, 4\); expected \(n, D\)"),
        (lambda p, x, y: (p, x[0], y), r"x has the shape \(6,\); expected \(n, D\)"),
        (lambda p, x, y: (p, x, y[:3]), r"y has the shape \(3, 3\); expected \(n, V\)"),
        (lambda p, x, y: (p, x[:0], y[:0]), "the batch is empty"),
        (lambda p, x, y: (p, x, y + 1), "y holds 3; classes are numbered 0 to 2"),
        (lambda p, x, y: (p, x, np.eye(3)[y] * 2), "y is declared one-hot"),
        (lambda p, x, y: (p, x, np.full((40, 3), 1 / 3)), "y is declared one-hot"),
        (lambda p, x, y: (p, x.astype(str), y), "x holds <U"),
        (lambda p, x, y: (p, x * 1j, y), "x holds complex128"),
        (lambda p, x, y: ({"W1": p["W1"]}, x, y), "params lack b1, W2, b2"),
        (lambda p, x, y: ({**p, "c": 1}, x, y), "params hold c, unknown"),
        (lambda p, x, y: ({**p, "b1": p["b1"][:1]}, x, y), r"b1 has the shape \(1,\)"),
    ],
)
def test_bad_data_is_refused(change: Any, message: str, tmp_path: Path) -> None:
    m = emitted("symbolic", tmp_path)
    arguments = change(*small(m))
    for function in (m.loss, m.loss_and_gradients, m.evaluate, m.check_gradients):
        with pytest.raises(ValueError, match=message):
            function(*arguments)
    with pytest.raises(ValueError, match=message):
        m.train(*arguments, epochs=1, learning_rate=0.1)


@pytest.mark.parametrize("name", ["k1", "k1_python"])
def test_bad_settings_are_refused(name: str, tmp_path: Path) -> None:
    m = emitted(name, tmp_path)
    x, y = [1.0, 2.0], [3.0, 4.0]
    params = m.init_params(0)
    for settings, message in (
        ({"batch_size": 0}, "batch_size is 0"),
        ({"batch_size": 1.5}, "batch_size is 1.5"),
        ({"optimizer": "adm"}, "optimizer is 'adm'"),
        ({"epochs": -1}, "epochs is -1"),
        ({"learning_rate": math.nan}, "learning_rate is nan"),
    ):
        with pytest.raises(ValueError, match=message):
            m.train(params, x, y, **{"epochs": 1, "learning_rate": 0.1, **settings})
    with pytest.raises(ValueError, match="init is 'xavier'"):
        m.init_params(0, init="xavier")
    with pytest.raises(FloatingPointError, match="epoch"):
        m.train(params, x, y, epochs=9999, learning_rate=1e6)


def test_labels_are_checked(tmp_path: Path) -> None:
    m = emitted("wide", tmp_path)
    x = [np.arange(3.0)] * 30
    m.loss(m.init_params(0), *x, [0, 1, 1])
    with pytest.raises(ValueError, match="y is declared binary"):
        m.loss(m.init_params(0), *x, [0, 1, 2])
    m = emitted("targets_only", tmp_path)
    with pytest.raises(ValueError, match="y is declared probabilities"):
        m.loss(m.init_params(0, V=2), [[0.5, 0.6]])
    m = emitted("python_more", tmp_path)
    with pytest.raises(ValueError, match=r"y holds 0.0; its labels are -1 or 1"):
        m.loss({"w": 1.0}, [1.0], [0.0])


def test_a_weight_with_the_batch_in_its_shape(tmp_path: Path) -> None:
    m = emitted("whole_batch", tmp_path)
    params = m.init_params(0, n=4)
    data = np.ones((2, 3)), np.arange(1.0, 5.0), [1, -1, 1, 1]
    m.check_gradients(params, *data)
    new, losses = m.train(params, *data, epochs=200, learning_rate=1e-3)
    assert losses[-1] < 0.1 * losses[0] and new["w"].shape == (4,)
    assert m.evaluate(new, *data)["accuracy"] == 1.0
    with pytest.raises(ValueError, match="batch_size is 2"):
        m.train(params, *data, epochs=1, learning_rate=0.1, batch_size=2)
    with pytest.raises(ValueError, match=r"q \+ 1 is 5 by one shape, 3 by the others"):
        m.loss(params, np.ones((2, 5)), *data[1:])


def test_no_data(tmp_path: Path) -> None:
    m = emitted("no_data", tmp_path)
    params = m.init_params(0)
    assert params["A"].shape == (3, 4)
    new, losses = m.train(params, epochs=200, learning_rate=0.1)
    np.testing.assert_allclose(new["A"], -1.0, atol=1e-6)
    assert len(losses) == 200
    assert m.check_gradients(params)["A"] < 1e-5
    assert m.main(["train", "--K", "2", "--save", str(tmp_path / "w.npz")]) == 0
    assert m.load_params(tmp_path / "w.npz")["A"].shape == (2, 3)


def write_table(path: Path, x: Any, y: Any, header: bool) -> None:
    rows = [[*map(repr, map(float, row)), str(label)] for row, label in zip(x, y, strict=True)]
    if header:
        rows.insert(0, [f"x{i}" for i in range(len(x[0]))] + ["class"])
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8-sig")


@pytest.mark.parametrize("kind", ["npz", "npz rows", "csv", "csv header", "csv rows"])
def test_command_line(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    m = emitted("symbolic", tmp_path)
    _, x, y = small(m)
    data = str(tmp_path / f"data.{kind[:3]}")
    options: list[str] = []
    if kind.startswith("npz"):
        np.savez(data, x=x, y=np.eye(3)[y] if "rows" in kind else y)
    elif "rows" in kind:
        np.savetxt(data, np.hstack([x, np.eye(3)[y]]), delimiter=",")
        options = ["--V", "3"]
    else:
        write_table(Path(data), x, y, header="header" in kind)
    weights = str(tmp_path / "weights.npz")
    train = ["train", data, "--epochs", "60", "--lam", "0", "--init", "he", "--save", weights]
    assert m.main([*train, *options]) == 0
    printed = capsys.readouterr()
    assert "held out: 8 samples, loss" in printed.out and "accuracy 1" in printed.out
    assert "epoch 60/60  loss" in printed.err
    params = m.load_params(weights)
    assert params["W1"].shape == (32, 6) and params["W2"].shape == (3, 32)
    assert m.main(["check", data, *options, "--lam", "0.1"]) == 0
    assert m.main(["check", data, "--weights", weights]) == 0
    assert m.main(["check", "--weights", weights]) == 0
    capsys.readouterr()
    assert m.main(["evaluate", data, "--weights", weights]) == 0
    assert "accuracy 1" in capsys.readouterr().out
    out = tmp_path / "out.npz"
    assert m.main(["predict", data, "--weights", weights, "--out", str(out)]) == 0
    with np.load(out) as outputs:
        assert (outputs["p"].argmax(axis=1) == y).all()
    assert m.main(["predict", data, "--weights", weights, "--out", str(tmp_path / "o.csv")]) == 0
    np.testing.assert_allclose(
        np.loadtxt(tmp_path / "o.csv", delimiter=","), m.forward(params, x), rtol=1e-12
    )


def test_command_line_in_plain_python(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    m = emitted("k1_python", tmp_path)
    table, names = tmp_path / "data.csv", tmp_path / "data.json"
    x = [0.1 * i for i in range(20)]
    y = [3 * value for value in x]
    table.write_text("x,y\n" + "".join(f"{a},{b}\n" for a, b in zip(x, y, strict=True)))
    names.write_text(json.dumps({"x": x, "y": y}))
    weights = str(tmp_path / "w.json")
    for data in (str(table), str(names)):
        assert m.main(["train", data, "--save", weights, "--seed", "4"]) == 0
        assert m.load_params(weights)["w"] == pytest.approx(3, abs=1e-4)
        assert "held out: 4 samples" in capsys.readouterr().out
        assert m.main(["check", data]) == m.main(["evaluate", data, "--weights", weights]) == 0
        for out in ("out.csv", "out.json"):
            path = tmp_path / out
            assert m.main(["predict", data, "--weights", weights, "--out", str(path)]) == 0
        assert json.loads(path.read_text())["y_hat"][-1] == pytest.approx(y[-1], abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "nothing.npz"], "nothing.npz"),
        (["train", "broken.npz"], "broken.npz"),
        (["train", "text.csv"], "text.csv: "),
        (["train", "narrow.csv"], "columns"),
        (["train", "empty.csv"], "no samples"),
        (["evaluate", "good.csv", "--weights", "nothing.npz"], "nothing.npz"),
        (["train", "good.csv", "--hold-out", "1"], "--hold-out"),
        (["train", "good.csv", "--learning-rate", "1e9"], "epoch"),
        (["train", "good.csv", "--save", "no/such/folder/w.npz"], "folder"),
        (["train", "good.csv", "--N", "0"], "--N is 0"),
        (["train", "good.csv", "--D", "5"], "columns"),
    ],
)
def test_command_line_errors_are_one_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    m = emitted("symbolic", tmp_path)
    Path("broken.npz").write_bytes(b"PK\x03\x04 nothing")
    Path("text.csv").write_text("1,2,0\n3,four,1\n")
    Path("narrow.csv").write_text("0\n1\n")
    Path("empty.csv").write_text("a,b\n")
    Path("good.csv").write_text("".join(f"{i},{-i},{i % 3},{i % 2}\n" for i in range(9)))
    before = sorted(tmp_path.iterdir())
    assert m.main(arguments) == 1
    printed = capsys.readouterr()
    error = printed.err.strip().splitlines()[-1]
    assert error.startswith("error: ") and message in error
    assert "Traceback" not in printed.err
    assert sorted(tmp_path.iterdir()) == before


def test_usage_errors_are_argparse_own(tmp_path: Path) -> None:
    m = emitted("hostile", tmp_path)
    for arguments, status in ((["--help"], 0), (["train"], 2), ([], 2), (["train", "--help"], 0)):
        with pytest.raises(SystemExit) as error:
            m.main(arguments)
        assert error.value.code == status


@pytest.mark.parametrize(
    "text", ["a", 'a"b', "it's", "'\"", "\n\\\x00", "\u2028\u03c3\ud800", HOSTILE]
)
def test_quoted_is_the_text(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text
