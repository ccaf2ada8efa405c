"""Labels that sum to 1 in each row of a matrix: what is checked, counted, drawn and taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols

import symprop.functions as F
from symprop.derivation import derive
from symprop.emission import load
from symprop.errors import DeclarationError
from symprop.network import Network

n, T, D, V = symbols("n T D V", integer=True, positive=True)
w = symbols("w", real=True)
ONE_HOT = r"Y is declared one-hot: a row has a single 1"
ADDED = r"Y is declared probabilities: a row has entries >= 0 with sum 1"


def tagger(kind: str = "one-hot", rows: Any = T, classes: Any = V) -> Network:
    """A class for each row of X: T x V labels of one sample."""
    X, Y = MatrixSymbol("X", rows, D), MatrixSymbol("Y", rows, classes)
    W = MatrixSymbol("W", D, classes)
    net = Network("tagger", inputs=[X], targets=[Y], weights=[W], labels={Y: kind})
    P = net.step("P", F.softmax(X * W, axis=1))
    net.loss(F.cross_entropy(Y, P))
    return net


def drawn(samples: int = 4, rows: int = 3, classes: int = 5) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    numbers = rng.integers(classes, size=(samples, rows))
    return {"W": rng.normal(size=(2, classes))}, rng.normal(size=(samples, rows, 2)), numbers


def loss_by_hand(params: Any, X: Any, Y: Any) -> float:
    logits = X @ params["W"]
    logits = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    return float(-(Y * logits).sum(axis=(1, 2)).mean())


def test_a_single_1_in_every_row_is_one_hot() -> None:
    module = load(derive(tagger()))
    params, X, numbers = drawn()
    Y = np.eye(5)[numbers]
    expected = loss_by_hand(params, X, Y)
    assert module.loss(params, X, Y) == pytest.approx(expected, rel=1e-13)
    assert max(module.check_gradients(params, X, Y).values()) < 1e-5


@pytest.mark.parametrize(
    "spoil",
    [
        lambda Y: Y.swapaxes(1, 2)[:, :3, :3].repeat(5, axis=2)[:, :, :5],
        lambda Y: np.concatenate([Y[:, :1] * 0, Y[:, 1:]], axis=1),
        lambda Y: np.concatenate([np.ones_like(Y[:, :1]), Y[:, 1:]], axis=1),
        lambda Y: Y / 5 + 0.16,
    ],
    ids=["along columns", "no 1", "several", "probabilities"],
)
def test_rows_that_are_not_one_hot_are_refused(spoil: Callable[[Any], Any]) -> None:
    module = load(derive(tagger()))
    params, X, numbers = drawn()
    with pytest.raises(ValueError, match=ONE_HOT):
        module.loss(params, X, spoil(np.eye(5)[numbers]))


def test_probabilities_sum_to_1_in_every_row() -> None:
    module = load(derive(tagger("probabilities")))
    params, X, _ = drawn()
    Y = np.random.default_rng(1).dirichlet(np.ones(5), size=(4, 3))
    assert module.loss(params, X, Y) == pytest.approx(loss_by_hand(params, X, Y), rel=1e-13)
    with pytest.raises(ValueError, match=ADDED):
        module.loss(params, X, Y / 3)


def test_class_numbers_a_row_are_taken_for_one_hot_rows() -> None:
    module = load(derive(tagger()))
    params, X, numbers = drawn()
    assert module.loss(params, X, numbers) == module.loss(params, X, np.eye(5)[numbers])
    with pytest.raises(ValueError, match="Y holds 5; classes are numbered 0 to 4"):
        module.loss(params, X, np.where(numbers == numbers[0, 0], 5, numbers))
    with pytest.raises(ValueError, match=r"Y has the shape \(4,\); expected \(n, T, V\)"):
        module.loss(params, X, numbers[:, 0])


def test_accuracy_counts_rows() -> None:
    """The largest entry of each row is compared, not that of the sample."""
    module = load(derive(tagger()))
    params, X, numbers = drawn()
    found = (X @ params["W"]).argmax(axis=-1)
    expected = float((found == numbers).mean())
    assert 0 < expected < 1
    for labels in (numbers, np.eye(5)[numbers]):
        scores = module.evaluate(params, X, labels)
        assert scores["accuracy"] == pytest.approx(expected)
        assert scores["error_rate"] == pytest.approx(1 - expected)


@pytest.mark.parametrize("kind", ["one-hot", "probabilities"])
@pytest.mark.parametrize(("rows", "classes"), [(T, V), (3, 4), (T, V + 1), (1, V)])
def test_the_check_command_draws_rows_that_fit(
    kind: str, rows: Any, classes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    module = load(derive(tagger(kind, rows, classes)))
    assert module.main(["check"]) == 0, capsys.readouterr().err
    sizes = {name: 3 for name in ("T", "V", "D") if name in getattr(module, "SIZES", {})}
    _, Y = module._random_data(np.random.default_rng(0), n=6, **sizes)
    assert Y.ndim == 3
    np.testing.assert_allclose(Y.sum(axis=-1), 1.0)


@pytest.mark.parametrize("numbers", [False, True], ids=["rows", "class numbers"])
@pytest.mark.parametrize("kind", ["npz", "csv"])
def test_the_command_line_reads_labels_of_rows(
    kind: str, numbers: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = load(derive(tagger(rows=3, classes=5)))
    _, X, labels = drawn(samples=9)
    labels[:, 0] = 4
    data, weights = str(tmp_path / f"data.{kind}"), str(tmp_path / "weights.npz")
    Y = labels if numbers else np.eye(5)[labels]
    if kind == "npz":
        np.savez(data, X=X, Y=Y)
    else:
        np.savetxt(data, np.hstack([X.reshape(9, -1), Y.reshape(9, -1)]), delimiter=",")
    assert module.main(["train", data, "--save", weights, "--epochs", "3", "--D", "2"]) == 0
    assert "accuracy" in capsys.readouterr().out
    assert module.main(["evaluate", data, "--weights", weights]) == 0
    expected = module.evaluate(module.load_params(weights), X, labels)["accuracy"]
    assert f"accuracy {expected:.6g}" in capsys.readouterr().out


def test_a_column_that_is_no_batch_is_one_hot_as_a_whole() -> None:
    """With samples=n, a target without n is one label for the whole batch."""
    X, Y, W = MatrixSymbol("X", n, D), MatrixSymbol("y", V, 1), MatrixSymbol("W", V, D)
    net = Network("whole", inputs=[X], targets=[Y], weights=[W], samples=n, labels={Y: "one-hot"})
    z = net.step("z", W * F.total(X, axis=0).T)
    net.loss(F.cross_entropy(Y, F.softmax(z)))
    module = load(derive(net))
    rng = np.random.default_rng(0)
    params, data = {"W": rng.normal(size=(3, 2))}, rng.normal(size=(5, 2))
    z = params["W"] @ data.sum(axis=0)
    expected = np.log(np.exp(z).sum()) - z[1]
    assert module.loss(params, data, [0, 1, 0]) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(ValueError, match="y is declared one-hot: a sample has a single 1"):
        module.loss(params, data, [1, 1, 0])


def test_a_single_class_number_a_sample_is_no_one_hot_label() -> None:
    X, Y = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1)
    with pytest.raises(DeclarationError, match="an entry for each class") as error:
        Network("one", inputs=[X], targets=[Y], weights=[w], samples=n, labels={Y: "one-hot"})
    assert "n x V" in str(error.value)
