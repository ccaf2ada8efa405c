"""Training that is interrupted or diverges keeps its last whole epoch, and goes on from there."""

from __future__ import annotations

import json
import random
import signal
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import Inverse, MatrixSymbol, Trace, symbols
from trainings import Setting, b, classifier, content, imported, line, neuron, setting, w

from symprop.derivation import derive
from symprop.emission import load
from symprop.functions import squared_norm
from symprop.network import Network

TARGETS = ("numpy", "python")
both = pytest.mark.parametrize("target", TARGETS)
optimizers = pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])


def module_of(target: str) -> Any:
    return load(derive(classifier() if target == "numpy" else neuron()), target)


def data_of(target: str) -> tuple[Any, Any]:
    rng = np.random.default_rng(1)
    if target == "numpy":
        labels = rng.integers(3, size=20)
        return rng.normal(size=(20, 2)), labels
    return rng.normal(size=20).tolist(), rng.normal(size=20).tolist()


def same(first: Any, second: Any) -> bool:
    """Whether weights and losses are the same bit for bit."""
    return first[1] == second[1] and all(
        np.asarray(first[0][key]).tobytes() == np.asarray(weight).tobytes()
        for key, weight in second[0].items()
    )


class Interrupted:
    """Stands in for the gradients of a module, and is interrupted in a certain call."""

    def __init__(self, module: Any, call: int, error: type[BaseException]) -> None:
        self._calls, self._last, self._error = count(1), call, error
        self._gradients = module.loss_and_gradients
        module.__dict__["loss_and_gradients"] = self

    def __call__(self, *arguments: Any, **further: Any) -> Any:
        if next(self._calls) == self._last:
            raise self._error
        return self._gradients(*arguments, **further)


@both
@optimizers
@pytest.mark.parametrize("batch_size", [6, None])
def test_an_interrupted_training_goes_on_to_the_same_weights(
    target: str, optimizer: str, batch_size: int | None, tmp_path: Path
) -> None:
    module, data = module_of(target), data_of(target)
    settings = {"batch_size": batch_size, "learning_rate": 0.05, "optimizer": optimizer}
    start = module.init_params(0, std=1.0)
    whole = module.train(start, *data, epochs=9, rng=5, **settings)
    saved = str(tmp_path / "weights")
    Interrupted(module, 4 * (4 if batch_size else 1) + 1, KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt) as error:
        module.train(start, *data, epochs=9, rng=5, save=saved, **settings)
    stopped: Any = error.value
    assert stopped.losses == whole[1][:4]
    kept = module.load_params(saved)
    assert same((kept, whole[1][:4]), (stopped.params, stopped.losses))
    assert same(module.train(start, *data, epochs=4, rng=5, **settings), (kept, whole[1][:4]))
    again = module.train(start, *data, epochs=9, rng=5, save=saved, resume=True, **settings)
    assert same(again, whole)
    assert same((module.load_params(saved), whole[1]), whole)


@pytest.mark.parametrize("make", [np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_any_generator_and_numbers_of_32_bits_resume(make: Any, tmp_path: Path) -> None:
    module, (rows, labels) = module_of("numpy"), data_of("numpy")
    data, saved = (rows.astype(np.float32), labels), str(tmp_path / "weights.npz")
    start = module.init_params(0)
    settings: dict[str, Any] = {"learning_rate": 0.1, "batch_size": 3, "optimizer": "adam"}

    def train(epochs: int, **further: Any) -> Any:
        rng = np.random.Generator(make(4))
        return module.train(start, *data, epochs=epochs, rng=rng, **settings, **further)

    whole = train(7)
    train(3, save=saved)
    assert same(train(7, save=saved, resume=True), whole)
    assert {weight.dtype for weight in whole[0].values()} == {np.dtype(np.float32)}
    assert module.load_params(saved)["W1"].dtype == np.float32


@both
def test_a_training_without_data_resumes(target: str, tmp_path: Path) -> None:
    net = Network("bowl", weights=[w, b])
    net.loss((w - 1) ** 2 + (b + w) ** 2)
    module, saved = load(derive(net), target), str(tmp_path / "weights")
    start: dict[str, Any] = {"w": 3.0, "b": 1.0}
    settings: dict[str, Any] = {"learning_rate": 0.1, "optimizer": "momentum"}
    whole = module.train(start, epochs=9, **settings)
    module.train(start, epochs=4, save=saved, **settings)
    assert same(module.train(start, epochs=9, save=saved, resume=True, **settings), whole)
    with pytest.raises(ValueError, match=r"learning_rate was 0\.1, is 0\.2"):
        module.train(start, epochs=9, learning_rate=0.2, save=saved, resume=True)


def test_a_network_that_takes_the_whole_batch_resumes(tmp_path: Path) -> None:
    n = symbols("n", integer=True, positive=True)
    X, t, W = MatrixSymbol("X", n, 2), MatrixSymbol("t", n, 1), MatrixSymbol("W", n, 1)
    net = Network("whole", inputs=[X], targets=[t], weights=[W], samples=n)
    net.loss(squared_norm(t - W) + squared_norm(X.T * W))
    module, saved = load(derive(net)), str(tmp_path / "weights")
    rng = np.random.default_rng(0)
    data, start = (rng.normal(size=(5, 2)), rng.normal(size=5)), {"W": rng.normal(size=5)}
    settings: dict[str, Any] = {"learning_rate": 0.01, "optimizer": "adam"}
    whole = module.train(start, *data, epochs=9, **settings)
    module.train(start, *data, epochs=4, save=saved, **settings)
    assert same(module.train(start, *data, epochs=9, save=saved, resume=True, **settings), whole)


@both
def test_a_finished_training_goes_on_with_more_epochs(target: str, tmp_path: Path) -> None:
    module, data = module_of(target), data_of(target)
    start, saved = module.init_params(0), str(tmp_path / "weights")
    settings = {"batch_size": 7, "learning_rate": 0.1, "optimizer": "adam", "rng": 2}
    for epochs in (3, 3, 8):
        found = module.train(start, *data, epochs=epochs, save=saved, resume=True, **settings)
    assert same(found, module.train(start, *data, epochs=8, **settings))
    with pytest.raises(ValueError, match="8 epochs are taken already; epochs is 7"):
        module.train(start, *data, epochs=7, save=saved, resume=True, **settings)


@both
def test_a_training_that_has_settled_does_not_go_on(target: str, tmp_path: Path) -> None:
    module, data = module_of(target), data_of(target)
    start, saved = module.init_params(0), str(tmp_path / "weights")
    settings = {"learning_rate": 0.1, "tolerance": 1e-3, "rng": 2, "batch_size": None}
    first = module.train(start, *data, epochs=5000, save=saved, **settings)
    assert 2 <= len(first[1]) < 5000
    again = module.train(start, *data, epochs=9000, save=saved, resume=True, **settings)
    assert same(first, again)


@both
@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"learning_rate": 0.2}, "learning_rate was 0.1, is 0.2"),
        ({"optimizer": "sgd"}, "optimizer was adam, is sgd"),
        ({"batch_size": 5}, "batch_size was 4, is 5"),
        ({"betas": (0.8, 0.999)}, r"betas was \(0.9, 0.999\), is \(0.8, 0.999\)"),
        ({"tolerance": 1e-9}, "tolerance was 0.0, is 1e-09"),
        ({"rng": 3}, "the random generator was sha256 [0-9a-f]{16}, is sha256"),
        ({"rng": None}, "the random generator was"),
        ({}, "the first weights was sha256"),
        ({}, "the data was sha256"),
    ],
)
def test_another_training_is_not_resumed(
    target: str, changed: dict[str, Any], named: str, tmp_path: Path
) -> None:
    module, data = module_of(target), data_of(target)
    start, saved = module.init_params(0), str(tmp_path / "weights")
    settings = {"batch_size": 4, "learning_rate": 0.1, "optimizer": "adam", "rng": 2}
    module.train(start, *data, epochs=2, save=saved, **settings)
    before = content(tmp_path)
    if named.startswith("the first weights"):
        start = module.init_params(1)
    if named.startswith("the data"):
        data = data[0][:-1], data[1][:-1]
    with pytest.raises(ValueError, match=rf"weights\.state is of another training: .*{named}"):
        module.train(start, *data, epochs=4, save=saved, resume=True, **{**settings, **changed})
    assert content(tmp_path) == before


@both
def test_another_network_does_not_resume(target: str, tmp_path: Path) -> None:
    module, data = module_of(target), data_of(target)
    saved, start = str(tmp_path / "weights"), module.init_params(0)
    module.train(start, *data, epochs=2, learning_rate=0.1, rng=0, save=saved)
    other = module_of(target)
    other.__dict__["__doc__"] = other.__doc__.replace("sigmoid", "atan").replace("tanh", "atan")
    with pytest.raises(ValueError, match="another training: the network was sha256"):
        other.train(start, *data, epochs=3, learning_rate=0.1, rng=0, save=saved, resume=True)


@both
def test_resuming_without_a_file_is_refused_and_without_a_state_starts(
    target: str, tmp_path: Path
) -> None:
    module, data = module_of(target), data_of(target)
    start, settings = module.init_params(0), {"epochs": 3, "learning_rate": 0.1, "rng": 0}
    with pytest.raises(ValueError, match="resume needs save"):
        module.train(start, *data, resume=True, **settings)
    saved = str(tmp_path / "weights")
    found = module.train(start, *data, save=saved, resume=True, **settings)
    assert same(found, module.train(start, *data, **settings))


@both
def test_a_state_that_is_broken_is_refused(target: str, tmp_path: Path) -> None:
    module, data = module_of(target), data_of(target)
    saved, start = tmp_path / "weights", module.init_params(0)
    settings = {"learning_rate": 0.1, "rng": 0, "save": str(saved), "resume": True}
    module.train(start, *data, epochs=2, **settings)
    state = tmp_path / "weights.state"
    whole, rng = state.read_bytes(), random.Random(0)
    for length in (0, 1, *(rng.randrange(len(whole)) for _ in range(20))):
        state.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"weights\.state"):
            module.train(start, *data, epochs=3, **settings)
        assert state.read_bytes() == whole[:length]
    others: list[dict[str, Any]] = [
        {},
        {"origin": 1},
        {"origin": {}, "losses": [], "state": [], "rng": []},
    ]
    for other in others:
        if target == "numpy":
            with state.open("wb") as file:
                np.savez(file, text=json.dumps(other), losses=np.zeros(1), state=np.zeros(3))
        else:
            state.write_text(json.dumps(other))
        with pytest.raises(ValueError, match=r"weights\.state holds no training to go on with"):
            module.train(start, *data, epochs=3, **settings)


@both
def test_a_state_with_other_numbers_of_weights_is_refused(target: str, tmp_path: Path) -> None:
    module, data = module_of(target), data_of(target)
    saved, start = tmp_path / "weights", module.init_params(0)
    settings = {"learning_rate": 0.1, "rng": 0, "save": str(saved), "resume": True}
    module.train(start, *data, epochs=2, **settings)
    state = tmp_path / "weights.state"
    if target == "numpy":
        with np.load(state) as found:
            arrays = dict(found)
        with state.open("wb") as file:
            np.savez(file, **{**arrays, "state": arrays["state"][:, :1]})
    else:
        text = json.loads(state.read_text())
        del text["state"][0]["w"]
        state.write_text(json.dumps(text))
    with pytest.raises(ValueError, match="holds no training to go on with"):
        module.train(start, *data, epochs=3, **settings)


# -- divergence -----------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("batch_size", [6, None])
@pytest.mark.parametrize("rate", [3.0, 1e200, 1e308])
def test_a_training_that_diverges_hands_back_its_last_good_epoch(
    target: str, batch_size: int | None, rate: float, tmp_path: Path
) -> None:
    module, data = load(derive(line()), target), data_of("python")
    start = module.init_params(0, std=1.0)
    settings = {"learning_rate": rate, "batch_size": batch_size, "rng": 0}
    saved = str(tmp_path / "weights")
    with pytest.raises(module.DivergenceError, match=r"^epoch \d+: the loss ") as error:
        module.train(start, *data, epochs=5000, save=saved, **settings)
    good = len(error.value.losses)
    assert (good > 10) == (rate == 3.0)
    assert str(error.value).startswith(f"epoch {good + 1}: ")
    assert all(np.isfinite(weight).all() for weight in error.value.params.values())
    assert np.isfinite(error.value.losses).all()
    found = module.train(start, *data, epochs=good, **settings)
    assert same(found, (error.value.params, error.value.losses))
    if good:
        assert same((module.load_params(saved), found[1]), found)
    else:
        assert content(tmp_path) == {}


def test_a_matrix_that_becomes_singular_stops_the_training_with_the_epoch() -> None:
    W = MatrixSymbol("W", 2, 2)
    net = Network("inverse", weights=[W])
    net.loss(Trace(Inverse(W)))
    module = load(derive(net))
    start = {"W": np.eye(2)}
    with pytest.raises(module.DivergenceError, match="epoch 1: the loss is nan") as error:
        module.train({"W": np.zeros((2, 2))}, epochs=5, learning_rate=0.1)
    assert error.value.losses == [] and (error.value.params["W"] == 0).all()
    Interrupted(module, 3, np.linalg.LinAlgError)
    with pytest.raises(module.DivergenceError, match="epoch 3: the loss is nan") as error:
        module.train(start, epochs=5, learning_rate=0.1)
    assert len(error.value.losses) == 2


# -- the command ----------------------------------------------------------------------------------


@pytest.fixture(params=TARGETS)
def trained(request: pytest.FixtureRequest, tmp_path: Path) -> Setting:
    return setting(request.param, tmp_path)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_with_its_last_whole_epoch(
    trained: Setting, sent: signal.Signals
) -> None:
    with trained.start("--epochs", "1000000", "--optimizer", "adam") as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("epoch 1/1000000  loss ")
        running.send_signal(sent)
        printed, said = running.communicate(timeout=60)
    assert running.returncode == 130 and printed == ""
    back, last = said.splitlines()[-2:]
    assert last == "interrupted" and back.startswith("back at the end of epoch ")
    epochs = back.removeprefix("back at the end of epoch ").removesuffix("/1000000")
    assert sorted(trained.folder.glob("*.part")) == []
    shorter = trained.run("--epochs", epochs, "--optimizer", "adam", save="other")
    assert shorter.returncode == 0
    assert trained.saved() == trained.saved("other")
    more = str(int(epochs) + 50)
    assert trained.run("--epochs", more, "--optimizer", "adam", "--resume").returncode == 0
    assert trained.run("--epochs", more, "--optimizer", "adam", save="other").returncode == 0
    assert trained.saved() == trained.saved("other")


def test_the_command_says_why_it_does_not_resume(trained: Setting) -> None:
    assert trained.run("--epochs", "5").returncode == 0
    before = content(trained.folder)
    for options, said in (
        (["--epochs", "4"], "5 epochs are taken already; epochs is 4"),
        (["--epochs", "6", "--learning-rate", "1"], "learning_rate was 0.1, is 1.0"),
        (["--epochs", "6", "--batch-size", "1"], "batch_size was 32, is 1"),
        (["--epochs", "6", "--seed", "1"], "the first weights was sha256 "),
        (["--epochs", "6", "--hold-out", "0"], "the data was sha256 "),
    ):
        refused = trained.run(*options, "--resume")
        assert refused.returncode == 1 and refused.stdout == ""
        (line,) = refused.stderr.splitlines()
        assert line.startswith("error: ") and said in line
        assert content(trained.folder) == before


def test_the_command_keeps_the_last_good_epoch_of_a_training_that_diverges(
    tmp_path: Path,
) -> None:
    trained = setting("python", tmp_path, line())
    found = trained.run("--epochs", "9999", "--learning-rate", "40", "--hold-out", "0")
    assert found.returncode == 1 and found.stdout == ""
    back, error = found.stderr.splitlines()[-2:]
    good = int(back.removeprefix("back at the end of epoch ").removesuffix("/9999"))
    assert error.startswith(f"error: epoch {good + 1}: the loss or a weight is not finite")
    weights = imported(trained.program).load_params(tmp_path / "weights.json")
    assert all(np.isfinite(weight) for weight in weights.values())
