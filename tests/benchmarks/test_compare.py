"""The benchmarks work: the quick run makes its page, and every peer computes what symprop does."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

NAMES = ("floor", "limits", "measure", "peers", "problems", "results", "settings")
PEERS = (
    ("GRADIENTS", "hand-optimised NumPy"),
    ("GRADIENTS", "textbook NumPy"),
    ("GRADIENTS", "scikit-learn"),
    ("GRADIENTS", "autograd"),
    ("GRADIENTS", "torch eager"),
    ("GRADIENTS", "jax.jit"),
    ("SCALARS", "straight-line Python"),
    ("SCALARS", "lambdify(cse=True)"),
    ("SCALARS", "CasADi, buffers"),
    ("SCALARS", "autograd, one sample"),
)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The modules of the benchmarks, as a script in their folder sees them."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield {name: importlib.import_module(name) for name in NAMES}
    for name in set(sys.modules) - before:
        if str(BENCHMARKS) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_the_quick_run_writes_tables_and_limits(tmp_path: Path) -> None:
    """Columns that need no peer package, one BLAS kernel: measured, checked, reported."""
    variables = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    command = [sys.executable, str(BENCHMARKS / "compare.py"), "--quick", "--output", str(tmp_path)]
    for table in ("gradients", "training", "scalars", "memory"):
        command += ["--table", table]
    for peer in ("hand-optimised NumPy", "textbook NumPy", "straight-line Python"):
        command += ["--peer", peer]
    subprocess.run(command, env=variables, check=True, timeout=300)
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| over textbook NumPy, every cell |" in page
    assert "| hand-optimised NumPy |" in page
    assert "Left out" not in page


@pytest.mark.parametrize(("table", "name"), PEERS)
def test_a_peer_computes_what_symprop_does(bench: dict[str, Any], table: str, name: str) -> None:
    """A peer that gave another result would be left out of its table."""
    peers, problems = bench["peers"], bench["problems"]
    columns = {peer.name: peer for peer in getattr(peers, table)}
    for package in columns[name].needs:
        pytest.importorskip(package)
    if table == "GRADIENTS":
        wanted = [problems.Classifier((5, 4, 4, 3), n, "float64") for n in (1, 3)]
    else:
        wanted = [problems.ScalarPerceptron((1, 1, 1), False), problems.ScalarPerceptron((2, 3, 2))]
    chosen, measure = [columns[peers.SYMPROP], columns[name]], bench["measure"]
    for problem in wanted:
        found = measure.prepared(chosen, bench["settings"].QUICK, (problem,))
        checked = measure.agreeing(found, problems.TOLERANCES["float64"])
        assert not isinstance(checked[name], str), checked[name]


def test_the_floor_has_three_products_a_layer_less_one(bench: dict[str, Any]) -> None:
    """The first layer needs no gradient of its inputs."""
    problem = bench["problems"].Classifier((5, 4, 4, 3), 2, "float32")
    shapes = [out.shape for _, _, out in bench["floor"].products(problem)]
    forward, backward = [(2, 4), (2, 4), (2, 3)], [(3, 4), (2, 4), (4, 4), (2, 4), (4, 5)]
    assert shapes == forward + backward


def test_a_limit_names_what_is_beyond_it(bench: dict[str, Any]) -> None:
    """Ratios are held against their bounds, and what was not measured is no success."""
    limit, check = bench["limits"].Limit, bench["limits"].Check
    slow, fine = check("a", 1.5, 1.2), check("b", 1.1, 1.2)
    assert limit("time", "1.2", (fine, slow)).missed == (slow,)
    assert limit("faster", "1.2", (fine, slow), least=True).missed == (fine,)
    assert limit("time", "1.2", ()).worst is None
