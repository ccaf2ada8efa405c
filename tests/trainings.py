"""Trainings of emitted modules as programs of their own: to be interrupted, killed and resumed."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sympy import MatrixSymbol, symbols

from symprop.derivation import derive
from symprop.emission import emit
from symprop.functions import cross_entropy, half_squared_error, sigmoid, softmax, tanh
from symprop.network import Network

x, y, w, b, v = symbols("x y w b v", real=True)
OFTEN = ("PAUSE = 1.0 ", "PAUSE = 0.0 ")
"""What makes a module save at the end of every epoch, to be met while it writes."""


def classifier() -> Network:
    """Two layers, for 3 classes of points in the plane."""
    X, Y = MatrixSymbol("x", 2, 1), MatrixSymbol("y", 3, 1)
    W1, b1 = MatrixSymbol("W1", 6, 2), MatrixSymbol("b1", 6, 1)
    W2, b2 = MatrixSymbol("W2", 3, 6), MatrixSymbol("b2", 3, 1)
    weights = [W1, b1, W2, b2]
    net = Network("net", inputs=[X], targets=[Y], weights=weights, labels={Y: "one-hot"})
    h = net.step("h", tanh(W1 * X + b1))
    net.loss(cross_entropy(Y, net.step("p", softmax(W2 * h + b2))))
    return net


def neuron() -> Network:
    """A sigmoid of one input, scaled."""
    net = Network("net", inputs=[x], targets=[y], weights=[w, b, v])
    h = net.step("h", sigmoid(w * x + b))
    net.loss(half_squared_error(y, net.step("y_hat", v * h)))
    return net


def line() -> Network:
    """w*x + b: with large steps its loss grows without bounds."""
    net = Network("net", inputs=[x], targets=[y], weights=[w, b])
    net.loss(half_squared_error(y, net.step("y_hat", w * x + b)))
    return net


@dataclass(frozen=True)
class Setting:
    """An emitted module in a folder, its data beside it, and where weights are saved."""

    folder: Path
    program: Path
    data: str
    weights: str

    def command(self, *options: str, save: str | None = None) -> list[str]:
        """What trains with these options."""
        saved = ["--save", save or self.weights, "--seed", "3"]
        return [sys.executable, self.program.name, "train", self.data, *saved, *options]

    def run(self, *options: str, save: str | None = None) -> subprocess.CompletedProcess[str]:
        """Train to the end."""
        return subprocess.run(
            self.command(*options, save=save), cwd=self.folder, capture_output=True, text=True
        )

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Train beside this program; what is said goes to pipes."""
        return subprocess.Popen(
            self.command(*options),
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def saved(self, save: str | None = None) -> tuple[bytes, bytes]:
        """The files of a training: its weights, and what it takes to go on."""
        path = self.folder / (save or self.weights)
        return path.read_bytes(), path.with_name(f"{path.name}.state").read_bytes()

    def require_whole(self) -> None:
        """Read every file there is, but for those that a kill has left half-written."""
        module = imported(self.program)
        for path in self.folder.iterdir():
            if path.name == self.weights:
                module.load_params(path)
            elif path.name == f"{self.weights}.state" and path.suffixes[0] == ".npz":
                with np.load(path) as arrays:
                    assert set(arrays.files) == {"losses", "state", "text"}
                    assert [arrays[name] for name in arrays.files]
            elif path.name == f"{self.weights}.state":
                assert set(json.loads(path.read_text())) == {"origin", "losses", "state", "rng"}


def imported(path: Path) -> Any:
    """A module file, imported."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def setting(
    target: str, folder: Path, network: Network | None = None, *, often: bool = False
) -> Setting:
    """A module of a target in a folder, with data; `often`: it saves every epoch."""
    usual = classifier() if target == "numpy" else neuron()
    source = emit(derive(network or usual), target)
    assert source.count(OFTEN[0]) == 1
    program = folder / "net.py"
    program.write_text(source.replace(*OFTEN) if often else source, encoding="utf-8")
    rng = np.random.default_rng(0)
    if target == "numpy":
        labels = rng.integers(3, size=50)
        np.savez(folder / "data.npz", x=rng.normal(size=(50, 2)) + labels[:, None], y=labels)
        return Setting(folder, program, "data.npz", "weights.npz")
    table = rng.normal(size=(50, 2))
    np.savetxt(folder / "data.csv", table, delimiter=",")
    return Setting(folder, program, "data.csv", "weights.json")


def content(folder: Path) -> dict[str, str]:
    """Every name in a folder, with what stands there."""
    return {
        str(path.relative_to(folder)): (
            f"link to {os.readlink(path)}"
            if path.is_symlink()
            else hashlib.sha256(path.read_bytes()).hexdigest()
            if path.is_file()
            else "folder"
        )
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts
    }
