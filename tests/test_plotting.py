"""The command `symprop plot`: the runs that are drawn, and the pictures as files."""

from __future__ import annotations

import importlib.util
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from example_networks import NETWORKS
from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, derive, half_squared_error, load, relu
from symprop.cli import main
from symprop.errors import DeclarationError, FileError
from symprop.files import is_unedited
from symprop.plotting import (
    Entry,
    all_entries,
    entry_of,
    picture,
    train_on_example,
    train_on_file,
)

has_matplotlib = importlib.util.find_spec("matplotlib") is not None
drawn = pytest.mark.skipif(not has_matplotlib, reason="needs matplotlib")

LINE = """\
from sympy import symbols
from symprop import Network, half_squared_error

x, y, w, b = symbols("x y w b", real=True)
net = Network("line", inputs=[x], targets=[y], weights=[w, b])
net.loss(half_squared_error(y, net.step("h", w * x + b)))
"""
EXAMPLE = "net.example({x: 1, y: 3, w: 0.1, b: 1}, learning_rate=0.2, steps=3)\n"


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("line.py").write_text(LINE)
    Path("with_example.py").write_text(LINE + EXAMPLE)
    rng = np.random.default_rng(0)
    x = rng.normal(size=50)
    np.savez("data.npz", x=x, y=3 * x - 1 + 0.1 * rng.normal(size=50))
    return "line.py"


# -- runs -----------------------------------------------------------------------------------------


def test_the_path_of_the_primer_has_the_numbers_of_its_table() -> None:
    network = NETWORKS["linear_regression"]
    assert network.worked_example is not None
    watched = all_entries(network)
    run = train_on_example(derive(network), network.worked_example, epochs=4, watched=watched)
    w = [0.1, 0.48, 0.708, 0.8448, 0.92688]
    b = [1, 1.38, 1.608, 1.7448, 1.82688]
    np.testing.assert_allclose(run.path, np.transpose([w, b]), rtol=1e-12)
    np.testing.assert_allclose(run.losses, [1.805, 0.6498, 0.233928, 0.08421408], rtol=1e-12)
    assert run.counted == "step"


def test_a_run_on_a_file_is_that_of_the_emitted_command(line: str) -> None:
    network = line_network()
    options = {"epochs": 7, "learning_rate": 0.05, "optimizer": "adam", "seed": 3}
    watched = all_entries(network)
    run = train_on_file(derive(network), "data.npz", options, watched)
    module = load(derive(network))
    given = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
    assert module.main(["train", "data.npz", *given, "--save", "weights.npz"]) == 0
    weights = module.load_params("weights.npz")
    assert run.path[-1].tolist() == [float(weights["w"]), float(weights["b"])]
    assert len(run.losses) == 7
    assert len(run.path) == 7 * 2 + 1  # 40 samples, 32 at a time
    assert run.losses[-1] < run.losses[0]


def line_network() -> Network:
    x, y, w, b = symbols("x y w b", real=True)
    network = Network("line", inputs=[x], targets=[y], weights=[w, b])
    network.loss(half_squared_error(y, network.step("h", w * x + b)))
    return network


def test_a_function_without_data_is_trained_without_a_file() -> None:
    network = NETWORKS["ridge_regression"]
    w = Symbol("w", real=True)
    parabola = Network("parabola", weights=[w])
    parabola.loss((w - 2) ** 2)
    run = train_on_file(derive(parabola), None, {"epochs": 30}, all_entries(parabola))
    assert run.path[-1, 0] == pytest.approx(2, abs=0.01)
    assert network.inputs  # and a network that takes data is not
    with pytest.raises(FileError):
        train_on_file(derive(network), None, {})


def test_the_loss_of_a_run_is_that_of_its_data(line: str) -> None:
    run = train_on_file(derive(line_network()), "data.npz", {"hold_out": 0})
    data = np.load("data.npz")
    expected = np.mean((data["y"] - 2 * data["x"] - 1) ** 2) / 2
    assert run.loss({"w": 2.0, "b": 1.0}) == pytest.approx(expected)


# -- entries --------------------------------------------------------------------------------------


def matrices() -> Network:
    x, y = MatrixSymbol("x", 3, 1), MatrixSymbol("y", 2, 1)
    weights, bias = MatrixSymbol("W1", 2, 3), MatrixSymbol("b", 2, 1)
    network = Network("layer", inputs=[x], targets=[y], weights=[weights, bias])
    network.loss(half_squared_error(y, network.step("h", weights * x + bias)))
    return network


def test_entries_are_read_as_python_has_them() -> None:
    assert entry_of(matrices(), "W1[0, 2]") == Entry("W1", (0, 2))
    assert entry_of(matrices(), " b[1]") == Entry("b", (1,))
    assert str(entry_of(matrices(), "W1[1,0]")) == "W1[1,0]"
    weights = {"W1": np.arange(6.0).reshape(2, 3), "b": np.zeros(2)}
    assert Entry("W1", (1, 2)).read(weights) == 5
    assert Entry("W1", (1, 2)).placed(weights, 9.0)["W1"][1, 2] == 9
    assert weights["W1"][1, 2] == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("W_1[0,0]", "did you mean 'W1'?"),
        ("W1", "write W1[0,0]"),
        ("b[0,0]", "write b[0]"),
        ("q", "its weights: W1, b"),
    ],
)
def test_what_is_no_entry_is_refused(text: str, said: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        entry_of(matrices(), text)
    assert said in caught.value.hint


def test_an_entry_outside_a_weight_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"no entry W1\[2,0\]: W1 is 2 x 3"):
        Entry("W1", (2, 0)).read({"W1": np.zeros((2, 3))})


def test_two_weights_are_found_by_themselves() -> None:
    x, y, v = Symbol("x", real=True), Symbol("y", real=True), MatrixSymbol("v", 2, 1)
    network = Network("pair", inputs=[x], targets=[y], weights=[v])
    network.loss((y - v[0, 0] * x - v[1, 0]) ** 2)
    assert all_entries(network) == [Entry("v", (0,)), Entry("v", (1,))]
    assert all_entries(line_network()) == [Entry("w"), Entry("b")]
    with pytest.raises(DeclarationError, match="there are more among W1, b"):
        all_entries(matrices())


# -- pictures -------------------------------------------------------------------------------------


@drawn
@pytest.mark.parametrize("surface", [False, True])
@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_a_picture_is_a_file_of_its_format_and_the_same_again(ending: str, surface: bool) -> None:
    network = NETWORKS["linear_regression"]
    target = Path(f"loss.{ending}")
    found = [
        picture(derive(network), target, surface=surface, options={"epochs": 2}) for _ in range(2)
    ]
    assert found[0] == found[1]
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
    assert found[0].startswith(starts[ending])
    assert not re.search(rb"CreationDate|dc:date|Matplotlib v", found[0])
    if ending == "svg":
        ElementTree.fromstring(found[0])
    if ending == "png":
        assert struct.unpack(">II", found[0][16:24]) == (1024, 704)


@drawn
def test_the_settings_of_the_user_do_not_change_a_picture() -> None:
    import matplotlib

    network, target = NETWORKS["linear_regression"], Path("loss.svg")
    before = picture(derive(network), target, options={"epochs": 2})
    with matplotlib.rc_context({"font.size": 40, "axes.facecolor": "black"}):
        assert picture(derive(network), target, options={"epochs": 2}) == before
        assert matplotlib.rcParams["font.size"] == 40


@drawn
def test_the_curve_of_one_weight_and_a_loss_without_a_value_are_drawn() -> None:
    from sympy import log

    w = Symbol("w", positive=True)
    network = Network("logarithm", weights=[w])
    network.loss(w - log(w))
    network.example({w: 0.05}, learning_rate=0.01, steps=5)
    assert picture(derive(network), Path("a.svg"), surface=True, options={})


@drawn
def test_a_flat_surface_is_drawn() -> None:
    a, b = symbols("a b", real=True)
    network = Network("dead", weights=[a, b])
    network.loss(relu(a + b))
    network.example({a: -5, b: -5}, learning_rate=0.1, steps=2)
    assert picture(derive(network), Path("a.svg"), surface=True, options={})


@drawn
@pytest.mark.parametrize(
    "name", ["$w_0", "w$", r"\input{a}", "50%", "<b>", "{{ 7*7 }}", "\u91cd\u307f", "$x^{$", "a&b"]
)
def test_names_are_shown_as_text(name: str) -> None:
    from symprop.plotting.labels import Labels

    x, w, b = Symbol("x", real=True), Symbol(name, real=True), Symbol("b_hat", real=True)
    network = Network(f"{name} $\\frac$", inputs=[x], weights=[w, b])
    network.loss((w * x + b) ** 2, latex=r"\frac{x")
    network.example({x: 1, w: 1, b: 0}, learning_rate=0.1, steps=2)
    shown = Labels(network).entry(Entry(name))
    assert not shown.formula
    assert Labels(network).entry(Entry("b_hat")).text == r"$\hat{b}$"
    content = picture(derive(network), Path("a.svg"), surface=True, options={})
    ElementTree.fromstring(content)


@drawn
def test_every_name_of_the_examples_can_be_set() -> None:
    from symprop.plotting.labels import Labels

    plain = [
        weight.name
        for network in NETWORKS.values()
        for weight in network.weights
        if not Labels(network).entry(Entry(weight.name)).formula
    ]
    assert plain == []


def test_without_matplotlib_the_way_out_is_said(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("symprop.plotting.drawing.find_spec", lambda name: None)
    assert main(["plot", line, "data.npz", "-o", "loss.svg"]) == 1
    assert "pip install 'symprop[plot]'" in capsys.readouterr().err
    assert not Path("loss.svg").exists()


# -- the command line -----------------------------------------------------------------------------


@drawn
@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_a_picture_is_written_and_kept(line: str, ending: str) -> None:
    target = Path(f"loss.{ending}")
    command = ["plot", "with_example.py", "-o", str(target)]
    assert main(command) == 0
    first = target.read_bytes()
    assert is_unedited(first)
    assert main([*command, "--epochs", "2"]) == 0
    assert target.read_bytes() != first
    target.write_bytes(first.replace(b"made", b"mad "))
    assert main(command) == 1


@drawn
def test_data_options_reach_the_training(line: str) -> None:
    assert main(["plot", line, "data.npz", "-o", "a.svg", "--epochs", "3"]) == 0
    assert main(["plot", line, "data.npz", "-o", "b.svg", "--epochs", "3", "--seed", "1"]) == 0
    assert Path("a.svg").read_bytes() != Path("b.svg").read_bytes()
    assert main(["plot", line, "data.npz", "-o", "c.svg", "--surface", "--epochs", "3"]) == 0


@drawn
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["line.py"], "neither a data file to train on nor a worked example"),
        (["line.py", "no.npz"], "no.npz: No such file"),
        (["line.py", "line.py"], "not a .npz file"),
        (["line.py", "data.npz", "--learning-rate", "50"], "the weights run away"),
        (["line.py", "data.npz", "--epochs", "0"], "no epoch was trained"),
        (["line.py", "data.npz", "--set", "lam=1"], "there is nothing to --set"),
        (["line.py", "data.npz", "--set", "lam"], "write --set NAME=VALUE"),
        (["line.py", "data.npz", "--weights", "w,b"], "add --surface"),
        (["line.py", "data.npz", "--surface", "--weights", "w,w"], "over two weights"),
        (["with_example.py", "--batch-size", "3"], "--batch-size is for training on a data file"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    line: str, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plot", *arguments, "-o", "a.svg"]) == 1
    assert said in " ".join(capsys.readouterr().err.split())
    assert not Path("a.svg").exists()


def test_an_ending_that_is_no_picture_is_refused(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plot", line, "data.npz", "-o", "loss.gif"]) == 1
    assert "one of .svg, .png, .pdf" in capsys.readouterr().err
