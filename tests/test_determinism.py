"""The same bytes of everything, whatever the hashes, the locale, the time zone and the folder are.

SYMPROP_SEEDS=10 tries so many environments, three by default.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COUNT = int(os.environ.get("SYMPROP_SEEDS", "3"))

LOCALES = ("C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "POSIX")
ZONES = ("UTC", "Asia/Tokyo", "America/St_Johns")

NETWORK = """
from sympy import MatrixSymbol, symbols
from symprop import *

x, y, w, v = symbols("x y w v", real=True)
neuron = Network("neuron", inputs=[x], targets=[y], weights=[w, v])
h = neuron.step("h", sigmoid(w * x))
z = neuron.step("z", tanh(v * h) + w * h)
neuron.loss((y - z) ** 2 / 2)

X, Y = MatrixSymbol("x", 5, 1), MatrixSymbol("y", 3, 1)
W, b, U = MatrixSymbol("W", 4, 5), MatrixSymbol("b", 4, 1), MatrixSymbol("U", 3, 4)
lam = symbols("lam", positive=True)
layers = Network(
    "layers", inputs=[X], targets=[Y], weights=[W, b, U], hyperparameters={lam: 0.1},
    labels={Y: "one-hot"},
)
a = layers.step("a", W * X + b)
g = layers.step("g", gelu(a))
p = layers.step("p", softmax(U * g))
layers.loss(cross_entropy(Y, p) + lam * (l2(W) + l1(U)))
"""

ANSWERS = {
    "right.tex": r"\[ \frac{\partial L}{\partial w} = -(y - z)(v(1 - z^2) + w) \]",
    "wrong.txt": "dL/dv = (y - z)*(1 - (z - w*h)**2)*h\ndL/dz = z - y",
    "other.md": "$$\\frac{dL}{dz} = y - z$$",
}

SCRIPT = """
import sys
sys.path.insert(0, {root!r})
import numpy as np
from symprop.cli import main
rng = np.random.default_rng(1)
classes = np.eye(3)[rng.integers(0, 3, 40)]
np.savez("layers.npz", x=rng.normal(size=(40, 5)), y=classes)
for command in {commands!r}:
    assert main(command.split()) < 2, command
"""

AT = "x=1,y=0.5,w=0.3,v=-0.2"
COMMANDS = [
    "build net.py --out built",
    "derive net.py:layers",
    "print net.py:layers -o page.html",
    f"print net.py:neuron -o worked.tex --at {AT} --learning-rate 0.1 --steps 2",
    "print net.py:neuron -o exercise.html --exercise --blanks 3 --seed 4",
    f"trace net.py:neuron --at {AT} --substitute",
    f"graph net.py:neuron --at {AT} -o graph.svg",
    "graph net.py:layers -o graph.dot",
    "cost net.py:layers --batch 32",
    "check net.py:layers",
    "plot net.py:layers layers.npz --epochs 3 --seed 2 -o loss.svg",
    "verify net.py:neuron answers/wrong.txt -o verdicts.html",
    "verify net.py:neuron answers/wrong.txt --json",
    "grade net.py:neuron answers --csv grades.csv",
    "functions",
]

TRAINING = (
    "train layers.npz --epochs 4 --seed 3 --optimizer adam --learning-rate 0.05 --save weights.npz"
)


def made_in(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """What the commands print, and the hashes of the files they make."""
    folder.mkdir(parents=True)
    (folder / "answers").mkdir()
    (folder / "net.py").write_text(NETWORK)
    for name, text in ANSWERS.items():
        (folder / "answers" / name).write_text(text)
    script = SCRIPT.format(root=str(ROOT), commands=COMMANDS)
    printed = ""
    for command in (["-c", script], ["built/net/layers.py", *TRAINING.split()]):
        run = subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            env=os.environ | environment,
            capture_output=True,
            encoding="utf-8",
        )
        assert run.returncode == 0 and "error:" not in run.stderr, run.stderr
        printed += run.stdout
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    made = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if "__pycache__" not in path.parts
    }
    return made | {"printed": printed}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    environment = {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return made_in(tmp_path_factory.mktemp("first") / "here", environment)


def test_every_road_makes_what_is_compared(first: dict[str, str]) -> None:
    pages = {"page.html", "worked.tex", "exercise.html", "verdicts.html", "grades.csv"}
    others = {"graph.svg", "graph.dot", "loss.svg", "weights.npz", "built/net/neuron_plain.py"}
    assert pages | others <= first.keys()


@pytest.mark.parametrize("seed", range(1, COUNT))
def test_the_same_bytes_in_every_environment(
    first: dict[str, str], tmp_path: Path, seed: int
) -> None:
    environment = {
        "PYTHONHASHSEED": str(seed),
        "LC_ALL": LOCALES[seed % len(LOCALES)],
        "TZ": ZONES[seed % len(ZONES)],
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "utf-8",
    }
    made = made_in(tmp_path / "elsewhere, with ä and a space" / str(seed), environment)
    assert made.keys() == first.keys()
    assert [name for name in made if made[name] != first[name]] == []
