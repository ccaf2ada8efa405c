"""Kill -9 at random moments of `train` and `build`: each file is whole, and the work goes on.

A few kills by themselves; SYMPROP_KILLS=200 shares out so many.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from trainings import Setting, content, setting

from symprop.files import is_unedited

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("SYMPROP_KILLS", "6"))
TRAININGS = [  # target, whether every epoch is saved, options
    ("numpy", True, ["--epochs", "60", "--optimizer", "adam"]),
    ("python", True, ["--epochs", "120", "--optimizer", "momentum"]),
    ("numpy", False, ["--epochs", "6000", "--optimizer", "adam"]),
    ("python", False, ["--epochs", "20000", "--optimizer", "adam"]),
][: 2 if KILLS < 20 else 4]
A_TRAINING = max(1, KILLS * 2 // 3 // len(TRAININGS))
BUILDS = KILLS - A_TRAINING * len(TRAININGS)


def timed(running: subprocess.Popen[str]) -> float:
    """The seconds that a process runs, which has to end well."""
    start = time.monotonic()
    with running:
        printed = running.communicate()
    assert running.returncode == 0, printed
    return time.monotonic() - start


def killed(running: subprocess.Popen[str], seconds: float) -> bool:
    """Kill a process so many seconds after its start; tell whether it was still running."""
    with running:
        try:
            printed = running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
            return True
    assert running.returncode == 0, printed
    return False


def forget(trained: Setting) -> None:
    """Remove what a training has saved, and what kills have left of its writing."""
    for path in trained.folder.glob(f"{trained.weights}*"):
        path.unlink()


@pytest.mark.parametrize(("target", "often", "options"), TRAININGS)
def test_a_training_that_is_killed_resumes_to_the_same_weights(
    target: str, often: bool, options: list[str], tmp_path: Path
) -> None:
    """It is killed and resumed until it ends; then another one starts, until all kills are met."""
    trained = setting(target, tmp_path, often=often)
    seconds = timed(trained.start(*options))
    expected, rng = trained.saved(), random.Random(f"{target} {often}")
    forget(trained)
    kills = 0
    while kills < A_TRAINING:
        if killed(trained.start(*options, "--resume"), rng.uniform(0.0, seconds)):
            kills += 1
            trained.require_whole()
        else:
            assert trained.saved() == expected
            forget(trained)
    assert trained.run(*options, "--resume").returncode == 0
    assert trained.saved() == expected


SOURCE = """\
from sympy import symbols
from symprop import Network, half_squared_error

x, y, w, b = symbols("x y w b", real=True)
net = Network("net", inputs=[x], targets=[y], weights=[w, b])
net.loss(half_squared_error(y, net.step("y_hat", {formula})))
"""


def building(folder: Path) -> subprocess.Popen[str]:
    """`symprop build` of a network in a folder, into the folder `out` there."""
    command = [sys.executable, "-m", "symprop", "build", "net.py", "--out", "out"]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        command,
        cwd=folder,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def products(folder: Path) -> dict[str, str]:
    """The products in a folder, by name: a checksum of each; what a kill leaves is hidden."""
    found = content(folder / "out").items()
    return {name: text for name, text in found if "/." not in name and text != "folder"}


def killed_while_writing(running: subprocess.Popen[str], folder: Path, delay: float) -> bool:
    """Kill a process a little after a file of its own appears; tell whether it still ran."""
    known = set(folder.rglob(".symprop-*"))
    while running.poll() is None and set(folder.rglob(".symprop-*")) <= known:
        time.sleep(0.0005)
    return killed(running, delay)


def test_a_build_that_is_killed_leaves_whole_files_and_builds_again(tmp_path: Path) -> None:
    """Two networks by turns: each file is that of one or the other, and their own at the end."""
    net = tmp_path / "net.py"
    sources = [SOURCE.format(formula=formula) for formula in ("w*x + b", "w*x**2 + b")]
    made, seconds = [], 0.0
    for source in sources:
        net.write_text(source)
        seconds = timed(building(tmp_path))
        made.append(products(tmp_path))
    assert len(made[1]) > 2 and made[0].keys() == made[1].keys()
    rng, kills, turn = random.Random("build"), 0, 0
    while kills < BUILDS:
        turn += 1
        net.write_text(sources[turn % 2])
        if turn % 2:
            stopped = killed(building(tmp_path), rng.uniform(0.0, seconds))
        else:
            stopped = killed_while_writing(building(tmp_path), tmp_path, rng.uniform(0.0, 0.02))
        kills += stopped
        found = products(tmp_path)
        assert all(found[name] in (made[0].get(name), made[1].get(name)) for name in found)
        if not stopped:
            assert found == made[turn % 2]
    timed(building(tmp_path))
    assert products(tmp_path) == made[turn % 2]
    assert all(is_unedited((tmp_path / "out" / name).read_bytes()) for name in made[0])
