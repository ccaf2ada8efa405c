"""Every mistake is refused where it is made, with the cause and a way out that works."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from refusals import DECLARED, LINES, REFUSALS, Line, Refusal, scalars, whole_batch
from sympy import MatrixSymbol, Symbol, symbols

import symprop
from symprop import Network, SympropError, check_gradients, derive, load
from symprop.cli import main
from symprop.errors import FileError
from symprop.expression.ways_out import FORMULAS
from symprop.files import running

x, y, w = symbols("x y w", real=True)
every_case = pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.name)


@every_case
def test_mistake_is_refused_with_its_place_cause_and_way_out(case: Refusal) -> None:
    with pytest.raises(SympropError) as caught:
        case.make()
    assert isinstance(caught.value, case.kind)
    assert (caught.value.message, caught.value.hint) == (case.message, case.hint)
    assert "\n" not in case.message and "\n" not in case.hint and case.hint


@every_case
def test_what_is_mended_as_proposed_is_derived_and_right(case: Refusal) -> None:
    mended = case.mended()
    if mended is not None:
        assert isinstance(mended, Network)
        assert check_gradients(derive(mended)).ok


def test_cases_are_told_apart() -> None:
    assert max(Counter(case.name for case in REFUSALS).values()) == 1


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.wrong)
def test_line_in_which_sympy_fails_comes_with_its_place_and_a_way_out(
    line: Line, tmp_path: Path
) -> None:
    file = tmp_path / "net.py"
    file.write_text(f"{DECLARED}a = {line.wrong}\n")
    place = DECLARED.count("\n") + 1
    with pytest.raises(FileError) as caught, running(file):
        pass
    message = " ".join(caught.value.message.split())
    code = " ".join(line.wrong.split())
    assert message.startswith(f"{file}:{place}: a = {code}: {line.error}")
    assert caught.value.hint == line.hint
    file.write_text(f'{DECLARED}net.step("a", {line.right})\n')
    with running(file) as names:
        assert "a" in names["net"].steps


@pytest.mark.parametrize("name", FORMULAS)
def test_formula_for_a_function_outside_the_vocabulary_has_its_value(
    name: str, tmp_path: Path
) -> None:
    """Written as the way out says, in the functions of symprop."""
    at = 1.7 if name == "acosh" else 0.3
    file = tmp_path / "net.py"
    file.write_text(f"{DECLARED}u = w\nnet.step('a', {FORMULAS[name]})\n")
    with running(file) as names:
        (step,) = names["net"].steps.values()
    expected = getattr(sympy, name)(sympy.Float(at))
    assert float(step.expression.subs(w, at)) == pytest.approx(float(expected), rel=1e-12)


def test_text_is_never_executed(tmp_path: Path) -> None:
    """A file would be written by any of these texts: as expressions, names, values, labels."""
    canary = tmp_path / "canary"
    code = f"__import__('pathlib').Path({str(canary)!r}).touch()"
    text: Any = code  # where its type would be wrong
    mistakes: list[Any] = [
        lambda: scalars().step("a", code),
        lambda: scalars().loss(code),
        lambda: Network.from_expression("net", code, weights=[w]),
        lambda: Network("net", weights=[code]),
        lambda: Network("net", weights=[w], sizes={code: 3}),
        lambda: Network("net", weights=[w], hyperparameters={y: text}),
        lambda: scalars(labels={y: code}),
        lambda: symprop.sigmoid(code),
        lambda: symprop.vstack(code, w),
        lambda: symprop.total(w, axis=code),
        lambda: symprop.define("f", text),
        lambda: symprop.define(code, lambda u: u),
        lambda: symprop.define("f", lambda u: code)(w),
        lambda: symprop.activation(code),
        lambda: symprop.function("f", shape=(code, 1)),
    ]
    for mistake in mistakes:
        with pytest.raises(SympropError):
            mistake()
    odd = Symbol(code, real=True)
    net = Network(code, inputs=[x], targets=[y], weights=[odd])
    a = net.step(f"a{code}", odd * x, latex=code)
    net.loss((y - a) ** 2)
    d = derive(net)
    assert check_gradients(d).ok
    for ask in (lambda: d.partial(f"b{code}"), lambda: d.trace({x: code, y: 1, odd: 1})):
        with pytest.raises(SympropError):
            ask()
    file = tmp_path / "net.py"
    file.write_text(f"{DECLARED}net.loss(l2(w, x, h, W, Q, P, c) + total(X))\n")
    assert main(["trace", str(file), "--at", f"w={code}"]) == 1
    assert not canary.exists()


def test_minibatches_of_data_that_count_the_samples_twice_are_refused() -> None:
    """A kernel matrix, n x n, has no rows of its own for some of the samples."""
    n = Symbol("n", integer=True, positive=True)
    kernel, target = MatrixSymbol("K", n, n), MatrixSymbol("y", n, 1)
    features, weight = MatrixSymbol("X", n, 3), MatrixSymbol("w", 3, 1)
    net = Network("graph", inputs=[kernel, features], targets=[target], weights=[weight], samples=n)
    net.loss(symprop.squared_error(target, kernel * features * weight))
    module = load(derive(net))
    rng = np.random.default_rng(0)
    data = rng.normal(size=(6, 6)), rng.normal(size=(6, 3)), rng.normal(size=6)
    params = module.init_params(0)
    options: dict[str, Any] = {"epochs": 2, "learning_rate": 1e-3}
    with pytest.raises(ValueError, match=r"batch_size is 2; .* has the 6 samples in its shape"):
        module.train(params, *data, batch_size=2, **options)
    assert len(module.train(params, *data, batch_size=None, **options)[1]) == 2
    rows = load(derive(whole_batch())).train
    parts = data[1], data[2]
    assert len(rows({"w": np.zeros(3)}, *parts, batch_size=2, **options)[1]) == 2
