"""What emitted modules refuse, and the message: one line, no traceback, and no file is touched."""

from __future__ import annotations

import io
import math
import os
import pickle
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols
from trainings import Setting, content, imported, line, setting

from symprop.derivation import derive
from symprop.emission import load
from symprop.functions import squared_norm
from symprop.network import Network

ROWS = np.arange(8.0).reshape(4, 2)
CLASSES = np.array([0, 1, 2, 1])
NUMBERS = [0.5, 1.0, -1.0, 2.0]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The classifier in NumPy, and w*x + b in both targets."""
    folder = tmp_path_factory.mktemp("modules")
    linear = derive(line())
    return {
        "classifier": imported(setting("numpy", folder).program),
        "numpy": load(linear),
        "python": load(linear, "python"),
    }


def changed(array: Any, place: Any, value: float) -> Any:
    copy = np.array(array, dtype=float)
    copy[place] = value
    return copy


# -- arguments ------------------------------------------------------------------------------------

ARGUMENTS: dict[str, tuple[Callable[[Any], tuple[Any, ...]], str]] = {
    "a column less": (
        lambda p: (p, ROWS[:, :1], CLASSES),
        "x has the shape (4, 1); expected (n, 2) with n = 4",
    ),
    "an axis less": (
        lambda p: (p, ROWS[0], CLASSES),
        "x has the shape (2,); expected (n, 2) with n = 2",
    ),
    "an axis more": (
        lambda p: (p, ROWS[None], CLASSES),
        "x has the shape (1, 4, 2); expected (n, 2) with n = 1",
    ),
    "a label less": (
        lambda p: (p, ROWS, np.eye(3)[CLASSES[:3]]),
        "y has the shape (3, 3); expected (n, 3) with n = 4",
    ),
    "a class too many": (
        lambda p: (p, ROWS, np.eye(4)[CLASSES]),
        "y has the shape (4, 4); expected (n, 3) with n = 4",
    ),
    "a weight transposed": (
        lambda p: ({**p, "W1": p["W1"].T}, ROWS, CLASSES),
        "W1 has the shape (2, 6); expected (6, 2)",
    ),
    "a vector as a column": (
        lambda p: ({**p, "b1": p["b1"][:, None]}, ROWS, CLASSES),
        "b1 has the shape (6, 1); expected (6,)",
    ),
    "no sample": (lambda p: (p, ROWS[:0], CLASSES[:0]), "the batch is empty"),
    "text": (lambda p: (p, ROWS.astype(str), CLASSES), "x holds <U32; expected real numbers"),
    "complex numbers": (
        lambda p: (p, ROWS * 1j, CLASSES),
        "x holds complex128; expected real numbers",
    ),
    "dates": (
        lambda p: (p, ROWS.astype("datetime64[s]"), CLASSES),
        "x holds datetime64[s]; expected real numbers",
    ),
    "nothing": (lambda p: (p, None, CLASSES), "x holds object; expected real numbers"),
    "rows of different lengths": (
        lambda p: (p, [[1.0, 2.0], [3.0]], CLASSES),
        "x is no array of numbers: setting an array element with a sequence. The requested array"
        " has an inhomogeneous shape after 1 dimensions. The detected shape was (2,) +"
        " inhomogeneous part.",
    ),
    "a mask": (
        lambda p: (p, np.ma.masked_less(ROWS, 1.0), CLASSES),
        "x is masked in places; fill these with numbers",
    ),
    "a class that is not there": (
        lambda p: (p, ROWS, CLASSES + 1),
        "y holds 3; classes are numbered 0 to 2",
    ),
    "a negative class": (
        lambda p: (p, ROWS, CLASSES - 1),
        "y holds -1; classes are numbered 0 to 2",
    ),
    "a class and a half": (
        lambda p: (p, ROWS, CLASSES + 0.5),
        "y holds 0.5; classes are numbered 0 to 2",
    ),
    "two classes at once": (
        lambda p: (p, ROWS, np.eye(3)[CLASSES] + np.eye(3)[[1, 2, 0, 0]]),
        "y is declared one-hot: a sample has a single 1, else 0",
    ),
    "no class": (
        lambda p: (p, ROWS, np.eye(3)[CLASSES] * [[1], [1], [0], [1]]),
        "y is declared one-hot: a sample has a single 1, else 0",
    ),
    "shares": (
        lambda p: (p, ROWS, np.full((4, 3), 1 / 3)),
        "y is declared one-hot: a sample has a single 1, else 0",
    ),
    "a label that is nan": (
        lambda p: (p, ROWS, changed(np.eye(3)[CLASSES], (2, 1), math.nan)),
        "y is declared one-hot: a sample has a single 1, else 0",
    ),
    "a weight too few": (
        lambda p: ({"W1": p["W1"], "b1": p["b1"]}, ROWS, CLASSES),
        "params lack W2, b2",
    ),
    "a weight too many": (
        lambda p: ({**p, "W3": 1.0}, ROWS, CLASSES),
        "params hold W3, unknown here",
    ),
    "a weight of text": (
        lambda p: ({**p, "b2": ["a", "b", "c"]}, ROWS, CLASSES),
        "b2 holds <U1; expected real numbers",
    ),
}
NOT_FINITE: dict[str, tuple[Callable[[Any], tuple[Any, ...]], str]] = {
    "nan in data": (
        lambda p: (p, changed(ROWS, (2, 1), math.nan), CLASSES),
        "x holds nan at [2, 1]; expected finite numbers",
    ),
    "inf in data, twice": (
        lambda p: (p, changed(changed(ROWS, (3, 1), math.nan), (1, 0), -math.inf), CLASSES),
        "x holds -inf at [1, 0]; expected finite numbers",
    ),
    "nan in a weight": (
        lambda p: ({**p, "W2": changed(p["W2"], (1, 4), math.nan)}, ROWS, CLASSES),
        "W2 holds nan at [1, 4]; expected finite numbers",
    ),
    "inf in a vector": (
        lambda p: ({**p, "b2": changed(p["b2"], 2, math.inf)}, ROWS, CLASSES),
        "b2 holds inf at [2]; expected finite numbers",
    ),
}
SETTINGS: dict[str, dict[Any, str]] = {
    "batch_size": {
        0: "batch_size is 0; expected a whole number or None",
        -3: "batch_size is -3; expected a whole number or None",
        1.5: "batch_size is 1.5; expected a whole number or None",
        math.inf: "batch_size is inf; expected a whole number or None",
        math.nan: "batch_size is nan; expected a whole number or None",
    },
    "epochs": {
        -1: "epochs is -1; expected a whole number",
        2.5: "epochs is 2.5; expected a whole number",
        math.inf: "epochs is inf; expected a whole number",
        math.nan: "epochs is nan; expected a whole number",
    },
    "learning_rate": {
        -0.1: "learning_rate is -0.1; expected a positive number",
        math.inf: "learning_rate is inf; expected a positive number",
        math.nan: "learning_rate is nan; expected a positive number",
    },
    "optimizer": {
        "adm": 'optimizer is \'adm\'; it can be "sgd", "momentum" or "adam"',
        None: 'optimizer is None; it can be "sgd", "momentum" or "adam"',
    },
    "momentum": {
        1.5: "momentum is 1.5, betas are (0.9, 0.999); expected numbers from 0 to 1",
        math.nan: "momentum is nan, betas are (0.9, 0.999); expected numbers from 0 to 1",
    },
    "betas": {
        (1.0, 0.999): "momentum is 0.9, betas are (1.0, 0.999); expected numbers from 0 to 1",
        (0.9, -1.0): "momentum is 0.9, betas are (0.9, -1.0); expected numbers from 0 to 1",
    },
    "epsilon": {-1.0: "epsilon is -1.0, tolerance is 0.0; expected numbers from 0"},
    "tolerance": {math.nan: "epsilon is 1e-08, tolerance is nan; expected numbers from 0"},
}


def refused(call: Callable[[], Any], message: str, error: type[Exception] = ValueError) -> None:
    with pytest.raises(error) as found:
        call()
    assert str(found.value) == message


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_that_do_not_fit_are_refused_by_every_function(
    name: str, modules: dict[str, Any]
) -> None:
    make, message = ARGUMENTS[name]
    module = modules["classifier"]
    arguments = make(module.init_params(0))
    for function in ("loss", "loss_and_gradients", "make_workspace", "evaluate", "check_gradients"):
        refused(partial(getattr(module, function), *arguments), message)
    refused(lambda: module.train(*arguments, epochs=1, learning_rate=0.1), message)


@pytest.mark.parametrize("name", NOT_FINITE)
def test_what_is_not_finite_is_said_once_with_its_place(name: str, modules: dict[str, Any]) -> None:
    make, message = NOT_FINITE[name]
    module = modules["classifier"]
    arguments = make(module.init_params(0))
    for function in ("evaluate", "check_gradients"):
        refused(partial(getattr(module, function), *arguments), message)
    refused(lambda: module.train(*arguments, epochs=1, learning_rate=0.1), message)


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize(
    ("params", "x", "y", "messages"),
    [
        (
            {"w": 1.0, "b": math.nan},
            NUMBERS,
            NUMBERS,
            ("b holds nan; expected finite numbers", "b is nan; expected a finite number"),
        ),
        (
            {"w": 1.0, "b": 0.0},
            NUMBERS,
            [0.0, math.inf, 1.0, math.nan],
            ("y holds inf at [1]; expected finite numbers",) * 2,
        ),
    ],
)
def test_a_number_that_is_not_finite_is_named_in_both_targets(
    target: str, params: Any, x: Any, y: Any, messages: tuple[str, str], modules: dict[str, Any]
) -> None:
    module = modules[target]
    message = messages[target == "python"]
    refused(lambda: module.train(params, x, y, epochs=1, learning_rate=0.1), message)
    refused(lambda: module.evaluate(params, x, y), message)
    refused(lambda: module.check_gradients(params, x, y), message)


@pytest.mark.parametrize(
    ("params", "x", "y", "message"),
    [
        ({"w": 1.0, "b": 0.0}, "12", [1.0, 2.0], "x is not a sequence of numbers"),
        ({"w": 1.0, "b": 0.0}, {"1": 2.0}, [1.0], "x is not a sequence of numbers"),
        ({"w": 1.0, "b": 0.0}, {1.0, 2.0}, [1.0, 2.0], "x is not a sequence of numbers"),
        ({"w": 1.0, "b": 0.0}, b"12", [1.0, 2.0], "x is not a sequence of numbers"),
        ({"w": 1.0, "b": 0.0}, ["one"], [1.0], "x is not a sequence of numbers"),
        ({"w": 1.0, "b": 0.0}, [None], [1.0], "x is not a sequence of numbers"),
        ({"w": 1.0, "b": 0.0}, [1j], [1.0], "x is not a sequence of numbers"),
        ({"w": 1.0, "b": 0.0}, [[1.0], [2.0]], [1.0, 2.0], "x is not a sequence of numbers"),
        ({"w": 1.0, "b": 0.0}, 3.0, [1.0], "x is not a sequence of numbers"),
        ({"w": 1.0, "b": 0.0}, [], [], "the batch is empty"),
        (
            {"w": 1.0, "b": 0.0},
            [1.0],
            [1.0, 2.0],
            "every sample needs all data; there are 1 of x, 2 of y",
        ),
        ({"w": 1.0}, [1.0], [1.0], "params hold w; the weights are w, b"),
        ({"w": 1.0, "b": "0"}, [1.0], [1.0], "b is '0'; expected a number"),
        ({"w": 1.0, "b": None}, [1.0], [1.0], "b is None; expected a number"),
    ],
)
def test_plain_python_refuses_what_is_no_sequence_of_numbers(
    params: Any, x: Any, y: Any, message: str, modules: dict[str, Any]
) -> None:
    module = modules["python"]
    for call in (module.loss, module.loss_and_gradients, module.evaluate, module.check_gradients):
        refused(partial(call, params, x, y), message)
    refused(lambda: module.train(params, x, y, epochs=1, learning_rate=0.1), message)


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in SETTINGS.items() for value in values]
)
def test_settings_that_make_no_sense_are_refused(
    name: str, value: Any, target: str, modules: dict[str, Any]
) -> None:
    settings: dict[str, Any] = {"epochs": 1, "learning_rate": 0.1, name: value}
    module = modules[target]
    params = {"w": 1.0, "b": 0.0}
    message = SETTINGS[name][value]
    refused(lambda: module.train(params, NUMBERS, NUMBERS, **settings), message)


@pytest.mark.parametrize("size", [0, -1, 2.5])
def test_sizes_that_make_no_array_are_refused(size: Any) -> None:
    W = MatrixSymbol("W", symbols("N", integer=True, positive=True), 2)
    net = Network("net", weights=[W])
    net.loss(squared_norm(W))
    module = load(derive(net))
    refused(
        lambda: module.init_params(0, N=size),
        f"a weight has the shape ({size}, 2); expected sizes from 1",
    )


# -- arguments that are odd and right -------------------------------------------------------------


@pytest.mark.parametrize(
    "lie",
    [
        lambda a: np.asfortranarray(a),
        lambda a: np.repeat(a, 2, axis=0)[::2],
        lambda a: a[::-1][::-1],
        lambda a: np.ascontiguousarray(a.T).T,
        lambda a: a.tolist(),
        lambda a: a.astype(">f8"),
        lambda a: np.ma.array(a),
        lambda a: np.broadcast_to(a, a.shape),
    ],
    ids=[
        "Fortran",
        "strided",
        "twice reversed",
        "transposed",
        "lists",
        "big-endian",
        "masked nowhere",
        "read-only",
    ],
)
def test_arrays_may_lie_as_they_like_and_are_never_written_to(
    lie: Callable[[Any], Any], modules: dict[str, Any]
) -> None:
    module = modules["classifier"]
    params = module.init_params(0, std=1.0)
    rows, labels = ROWS / 8, np.eye(3)[CLASSES]
    settings = {"epochs": 3, "learning_rate": 0.1, "batch_size": 3, "rng": 0}
    expected, losses = module.train(params, rows, labels, **settings)
    odd = {key: lie(value) for key, value in params.items()}, lie(rows), lie(labels)
    for arrays in odd[0].values(), odd[1:]:
        for array in arrays:
            if isinstance(array, np.ndarray):
                array.setflags(write=False)
    found, again = module.train(*odd, **settings)
    assert again == pytest.approx(losses, rel=1e-12)
    for key, weight in expected.items():
        np.testing.assert_allclose(found[key], weight, rtol=1e-9)
    assert module.loss(*odd) == pytest.approx(module.loss(params, rows, labels), rel=1e-12)


@pytest.mark.parametrize("kind", [bool, np.int8, np.uint64, np.int64, np.float16, np.float32])
def test_numbers_of_any_kind_are_taken_for_what_they_are(
    kind: Any, modules: dict[str, Any]
) -> None:
    module = modules["classifier"]
    params, rows = module.init_params(0, std=1.0), (ROWS % 2)
    found = module.loss(params, rows.astype(kind), CLASSES)
    assert found == pytest.approx(module.loss(params, rows, CLASSES), rel=1e-6)


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_a_single_sample_trains(target: str, modules: dict[str, Any]) -> None:
    module = modules[target]
    new, losses = module.train({"w": 0.0, "b": 0.0}, [1.0], [2.0], epochs=60, learning_rate=0.3)
    assert losses[0] == 2.0 and losses[-1] < 1e-10
    assert float(new["w"]) == pytest.approx(1.0, abs=1e-5) == pytest.approx(float(new["b"]))


# -- files ----------------------------------------------------------------------------------------


def archive(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def single(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as found:
        for name, text in members.items():
            found.writestr(name.replace("_", "."), text)
    return file.getvalue()


def header(text: str) -> bytes:
    """An array file whose header is this text."""
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


class Bomb:
    """What a pickle may do when it is read."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("executed",)


def good_weights() -> dict[str, Any]:
    return {"W1": np.ones((6, 2)), "b1": np.ones(6), "W2": np.ones((3, 6)), "b2": np.ones(3)}


def bomb() -> bytes:
    """An archive of a megabyte of zeros in a kilobyte, that tells of two gigabytes."""
    file = zipped(W1_npy=bytes(2**20))
    with zipfile.ZipFile(io.BytesIO(file)) as found:
        sizes = struct.pack("<LL", found.infolist()[0].compress_size, 2**20)
    return file.replace(sizes, sizes[:4] + struct.pack("<L", 2**31))


BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", "bad.npz is not a .npz file"),
    "text": (lambda: b"W1 = 1, 2, 3", "bad.npz is not a .npz file"),
    "a pickle": (lambda: pickle.dumps(Bomb()), "bad.npz is not a .npz file"),
    "a pickle in an archive": (
        lambda: zipped(W1_npy=pickle.dumps(Bomb())),
        "bad.npz lacks the weights b1, W2, b2; it holds W1",
    ),
    "an array of objects": (
        lambda: archive(**{**good_weights(), "b2": np.array([Bomb()], dtype=object)}),
        "bad.npz cannot be read: Object arrays cannot be loaded when allow_pickle=False",
    ),
    "a single array": (lambda: single(np.ones(3)), "bad.npz is not a .npz file"),
    "text instead of an array": (
        lambda: zipped(W1_npy=b"a", b1_npy=b"b", W2_npy=b"c", b2_npy=b"d"),
        "W1 holds |S1; expected real numbers",
    ),
    "a header that is no dict": (
        lambda: zipped(W1_npy=header("__import__('os').mkdir('executed')\n")),
        "bad.npz cannot be read: ",
    ),
    "a header that does not end": (
        lambda: zipped(W1_npy=header("{'descr': (((\n")),
        "bad.npz cannot be read: ",
    ),
    "a shape beyond all memory": (
        lambda: zipped(
            W1_npy=header("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999,)}\n")
        ),
        "bad.npz cannot be read: ",
    ),
    "fewer numbers than the shape says": (
        lambda: zipped(W1_npy=header("{'descr': '<f8', 'fortran_order': False, 'shape': (99,)}\n")),
        "bad.npz cannot be read: ",
    ),
    "a bomb": (bomb, "bad.npz cannot be read: it would expand to 2147483648 bytes"),
    "weights of another network": (
        lambda: archive(w=np.ones(3), b=np.ones(3)),
        "bad.npz lacks the weights W1, b1, W2, b2; it holds w, b",
    ),
    "a weight of another shape": (
        lambda: archive(**{**good_weights(), "W2": np.ones((3, 5))}),
        "W2 has the shape (3, 5); expected (3, 6)",
    ),
    "complex weights": (
        lambda: archive(**{**good_weights(), "b1": np.ones(6) * 1j}),
        "b1 holds complex128; expected real numbers",
    ),
    "a weight that is nan": (
        lambda: archive(**{**good_weights(), "b1": changed(np.ones(6), 4, math.nan)}),
        "b1 holds nan at [4]; expected finite numbers",
    ),
}


@pytest.fixture(scope="module")
def numpy_setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    return setting("numpy", tmp_path_factory.mktemp("numpy"))


@pytest.fixture(scope="module")
def python_setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    return setting("python", tmp_path_factory.mktemp("python"))


def told(found: Setting, arguments: list[str], capsys: Any, monkeypatch: Any) -> str:
    """What a command that fails says: one line; no file is changed."""
    monkeypatch.chdir(found.folder)
    before = content(found.folder)
    assert imported(found.program).main(arguments) == 1
    printed, said = capsys.readouterr()
    assert content(found.folder) == before
    assert printed == "" and "Traceback" not in said
    *progress, last = said.splitlines()
    assert all(text.startswith("epoch ") for text in progress)
    assert last.startswith("error: ")
    return str(last).removeprefix("error: ")


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_of_weights_that_is_broken_is_refused(
    name: str, numpy_setting: Setting, capsys: Any, monkeypatch: Any
) -> None:
    make, message = BROKEN[name]
    bad = numpy_setting.folder / "bad.npz"
    bad.write_bytes(make())
    arguments = ["evaluate", "data.npz", "--weights", "bad.npz"]
    said = told(numpy_setting, arguments, capsys, monkeypatch)
    assert said == message or (said.startswith(message) and message.endswith(": "))
    assert not (numpy_setting.folder / "executed").exists()
    if "nan" not in name:
        said = told(numpy_setting, ["train", "data.npz", "--save", "bad.npz"], capsys, monkeypatch)
        assert said.startswith(f"--save would overwrite a file: {message}")
    bad.unlink()


def test_weights_cut_off_anywhere_are_refused(
    numpy_setting: Setting, capsys: Any, monkeypatch: Any
) -> None:
    whole = archive(**good_weights())
    bad = numpy_setting.folder / "bad.npz"
    for length in np.random.default_rng(0).integers(len(whole), size=40).tolist():
        bad.write_bytes(whole[:length])
        arguments = ["predict", "data.npz", "--weights", "bad.npz", "--out", "out.npz"]
        assert told(numpy_setting, arguments, capsys, monkeypatch).startswith("bad.npz ")
    bad.unlink()


def test_weights_with_a_wrong_bit_anywhere_are_refused_or_the_same(
    numpy_setting: Setting,
) -> None:
    """A bit of the directory may not matter; numbers never change unseen."""
    module, weights = imported(numpy_setting.program), good_weights()
    whole = archive(**weights)
    bad, rng = numpy_setting.folder / "bad.npz", np.random.default_rng(1)
    for place in rng.integers(len(whole), size=300).tolist():
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << int(rng.integers(8))
        bad.write_bytes(spoiled)
        try:
            found = module.load_params(bad)
        except ValueError as error:
            assert "bad.npz" in str(error) or "expected" in str(error)
        else:
            assert all((found[key] == weight).all() for key, weight in weights.items())
    bad.unlink()


BROKEN_JSON = {
    "nothing": (b"", "bad.json cannot be read: Expecting value: line 1 column 1 (char 0)"),
    "a list": (b"[1, 2]", "bad.json holds list; expected an object"),
    "half a file": (
        b'{"w": 1.0, "b"',
        "bad.json cannot be read: Expecting ':' delimiter: line 1 column 15 (char 14)",
    ),
    "no text": (b"\xff\xfe\x00", "bad.json cannot be read: 'utf-8' codec can't decode byte 0xff"),
    "far too deep": (b'{"w": ' + b"[" * 200_000, "bad.json cannot be read: "),
    "text for a weight": (b'{"w": "1", "b": 0, "v": 1}', "w is '1'; expected a number"),
    "a list for a weight": (b'{"w": [1], "b": 0, "v": 1}', "w is [1]; expected a number"),
    "nan for a weight": (b'{"w": NaN, "b": 0, "v": 1}', "w is nan; expected a finite number"),
    "a weight less": (b'{"w": 1}', "bad.json lacks the weights b, v; it holds w"),
}


@pytest.mark.parametrize("name", BROKEN_JSON)
def test_a_text_of_weights_that_is_broken_is_refused(
    name: str, python_setting: Setting, capsys: Any, monkeypatch: Any
) -> None:
    content, message = BROKEN_JSON[name]
    bad = python_setting.folder / "bad.json"
    bad.write_bytes(content)
    arguments = ["evaluate", "data.csv", "--weights", "bad.json"]
    assert told(python_setting, arguments, capsys, monkeypatch).startswith(message)
    bad.unlink()


DATA: dict[str, tuple[str, bytes, str, str]] = {  # file, content, what each target says of it
    "no samples": ("d.csv", b"", "d.csv holds no samples", "d.csv holds no samples"),
    "a header alone": ("d.csv", b"x,y\n", "d.csv holds no samples", "d.csv holds no samples"),
    "a word": (
        "d.csv",
        b"1,2,0\n3,four,1\n",
        "d.csv: could not convert string 'four' to float64 at row 1, column 2.",
        "d.csv, line 1: 3 columns; expected x, y",
    ),
    "a row that is short": (
        "d.csv",
        b"1,2,0\n3,4\n",
        "d.csv: the number of columns changed from 3 to 2 at row 2; use `usecols` to select a"
        " subset and avoid this error",
        "d.csv, line 1: 3 columns; expected x, y",
    ),
    "an empty cell": (
        "d.csv",
        b"1,0\n,1\n",
        "d.csv: could not convert string '' to float64 at row 1, column 1.",
        "d.csv, line 2: could not convert string to float: ''",
    ),
    "too many columns": (
        "d.csv",
        b"1,2,3,4,5,6,7\n",
        "the table has 7 columns; expected 3: 2 for x, 1 for y",
        "d.csv, line 1: 7 columns; expected x, y",
    ),
    "nan": (
        "d.csv",
        b"1,2\n3,nan\n",
        "the table has 2 columns; expected 3: 2 for x, 1 for y",
        "y holds nan at [1]; expected finite numbers",
    ),
    "no text": ("d.csv", b"\xff\xfe1,2", "d.csv is not a text file: ", "d.csv cannot be read: "),
    "a NUL": (
        "d.csv",
        b"1,0\n3,\x004\n",
        "d.csv is not a text file: it holds NUL characters",
        "d.csv, line 2: could not convert string to float: '\\x004'",
    ),
}


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize("name", DATA)
def test_data_that_are_broken_are_refused(
    name: str, target: str, request: Any, capsys: Any, monkeypatch: Any
) -> None:
    found: Setting = request.getfixturevalue(f"{target}_setting")
    file, text, *messages = DATA[name]
    path = found.folder / file
    path.write_bytes(text)
    for arguments in (["train", file, "--save", "never"], ["check", file]):
        said = told(found, arguments, capsys, monkeypatch)
        assert said.startswith(messages[target == "python"])
    path.unlink()


def spoiled(text: bytes, rng: random.Random) -> bytes:
    """A file with something in it turned over, cut off, put in, left out or repeated."""
    found = bytearray(text)
    for _ in range(rng.choice((1, 1, 1, 3, 10))):
        place = rng.randrange(len(found)) if found else 0
        change = rng.choice(("turn", "cut", "put", "leave", "repeat"))
        if change == "turn" and found:
            found[place] ^= 1 << rng.randrange(8)
        elif change == "cut":
            del found[place:]
        elif change == "put":
            found[place:place] = rng.randbytes(rng.randrange(1, 9))
        elif change == "leave":
            del found[place : place + rng.randrange(1, 30)]
        elif change == "repeat":
            found[place:place] = found[: rng.randrange(40)]
    return bytes(found)


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_files_spoiled_at_random_are_refused_in_one_line_or_read(
    target: str, tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    found, rng = setting(target, tmp_path), random.Random(target)
    monkeypatch.chdir(tmp_path)
    main = imported(found.program).main
    assert main(["train", found.data, "--epochs", "2", "--save", found.weights]) == 0
    files = [found.data, found.weights, f"{found.weights}.state"]
    whole = {file: Path(file).read_bytes() for file in files}
    refused = 0
    for _ in range(150):
        file = rng.choice(files)
        Path(file).write_bytes(spoiled(whole[file], rng))
        before = content(tmp_path)
        saved = ["--weights", found.weights, "--out", "out.csv"]
        resumed = ["--epochs", "3", "--save", found.weights, "--resume"]
        command, more = rng.choice((("predict", saved), ("train", resumed), ("check", [])))
        capsys.readouterr()
        if main([command, found.data, *more]):
            refused += 1
            last = capsys.readouterr().err.splitlines()[-1]
            assert last.startswith("error: ") and content(tmp_path) == before
        for name, text in whole.items():
            Path(name).write_bytes(text)
    assert 30 < refused < 150


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--hold-out", "1"], "--hold-out 1 leaves none of 50 samples to train on"),
        (["--hold-out", "-0.5"], "--hold-out -0.5 leaves none of 50 samples to train on"),
        (["--hold-out", "nan"], "--hold-out nan leaves none of 50 samples to train on"),
        (["--hold-out", "inf"], "--hold-out inf leaves none of 50 samples to train on"),
        (["--batch-size", "0"], "batch_size is 0; expected a whole number or None"),
        (["--epochs", "-1"], "epochs is -1; expected a whole number"),
        (["--learning-rate", "nan"], "learning_rate is nan; expected a positive number"),
        (["--tolerance", "-1"], "epsilon is 1e-08, tolerance is -1.0; expected numbers from 0"),
        (["--resume"], "--resume goes on where --save FILE was written; give both"),
        (["--save", "no/such/w"], "no/such/w cannot be written: there is no folder "),
        (["--save", "folder"], "folder is a folder; name a file in it"),
        (["--save", "link"], "link is a link; name the file that it stands for"),
        (["--save", "dangling"], "dangling is a link; name the file that it stands for"),
        (["--save", "pipe"], "pipe is no regular file"),
        (["--save", "kept"], "kept.state is a folder; name a file in it"),
        (["--save", "DATA"], "--save would overwrite a file: "),
        (["--save", "net.py"], "--save would overwrite a file: net.py "),
        (["--weights", "nowhere"], "[Errno 2] No such file or directory: 'nowhere'"),
        (["--weights", "folder"], "[Errno 21] Is a directory: 'folder'"),
        (["--weights", "net.py"], "net.py "),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: list[str], message: str, target: str, request: Any, capsys: Any, monkeypatch: Any
) -> None:
    found: Setting = request.getfixturevalue(f"{target}_setting")
    folder = found.folder
    if not (folder / "folder").exists():
        (folder / "folder").mkdir()
        (folder / "kept.state").mkdir()
        (folder / "link").symlink_to(found.data)
        (folder / "dangling").symlink_to("nowhere")
        os.mkfifo(folder / "pipe")
    options = [found.data if option == "DATA" else option for option in options]
    before = (folder / "link").read_bytes()
    said = told(found, ["train", found.data, *options], capsys, monkeypatch)
    assert said.startswith(message)
    assert (folder / "link").read_bytes() == before


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("out.txt", "out.txt: outputs are written as "),
        ("no/out.csv", "no/out.csv cannot be written: there is no folder "),
        ("folder.csv", "folder.csv is a folder; name a file in it"),
        ("link.csv", "link.csv is a link; name the file that it stands for"),
        ("DATA", "--out would overwrite "),
        ("WEIGHTS", "--out would overwrite "),
    ],
)
def test_outputs_are_never_written_over_what_is_read(
    out: str, message: str, target: str, tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    found = setting(target, tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(found.data)
    imported(found.program).main(["train", found.data, "--epochs", "1", "--save", found.weights])
    capsys.readouterr()
    out = {"DATA": found.data, "WEIGHTS": found.weights}.get(out, out)
    arguments = ["predict", found.data, "--weights", found.weights, "--out", out]
    assert told(found, arguments, capsys, monkeypatch).startswith(message)


# -- disks ----------------------------------------------------------------------------------------


@contextmanager
def unprivileged() -> Iterator[None]:
    """Give up for a while what the superuser may do, if this is the superuser."""
    if os.getuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


LIMITED = """\
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize("size", [0, 40, 700])
def test_a_disk_that_is_full_leaves_the_old_file(target: str, size: int, tmp_path: Path) -> None:
    """Files may not grow beyond so many bytes: what stood there stays, and nothing else does."""
    trained = setting(target, tmp_path)
    assert trained.run("--epochs", "2").returncode == 0
    before = content(tmp_path)
    command = [sys.executable, "-c", LIMITED, str(size), *trained.command("--epochs", "3")[1:]]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert found.returncode == 1 and found.stdout == ""
    assert "Traceback" not in found.stderr
    said = found.stderr.splitlines()[-1]
    assert said == f"error: {trained.weights}.state cannot be written: File too large"
    assert content(tmp_path) == before


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize("place", ["folder", "file"])
def test_what_is_read_only_is_left_alone(
    target: str, place: str, tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    trained = setting(target, tmp_path)
    assert trained.run("--epochs", "2").returncode == 0
    path = tmp_path if place == "folder" else tmp_path / trained.weights
    for folder in tmp_path.parents[:3]:
        folder.chmod(folder.stat().st_mode | 0o055)
    tmp_path.chmod(0o777)
    path.chmod(0o555 if place == "folder" else 0o444)
    try:
        with unprivileged():
            said = told(trained, trained.command("--epochs", "3")[2:], capsys, monkeypatch)
    finally:
        path.chmod(0o755)
    where = str(tmp_path) if place == "folder" else trained.weights
    assert said == f"{trained.weights} cannot be written: {where} is read-only"


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_two_processes_that_write_one_file_leave_it_whole(target: str, tmp_path: Path) -> None:
    trained = setting(target, tmp_path, often=True)
    with trained.start("--epochs", "40", "--seed", "1") as one:
        with trained.start("--epochs", "40", "--seed", "2") as other:
            while one.poll() is None or other.poll() is None:
                trained.require_whole()
            assert (one.communicate()[1], other.communicate()[1]) and one.returncode == 0
    assert other.returncode == 0
    assert not list(tmp_path.glob("*.part"))
    for seed in ("1", "2"):
        assert trained.run("--epochs", "40", "--seed", seed, save=f"of{seed}").returncode == 0
    weights, state = trained.saved()
    assert weights in (trained.saved("of1")[0], trained.saved("of2")[0])
    assert state in (trained.saved("of1")[1], trained.saved("of2")[1])
