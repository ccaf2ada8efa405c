"""Pages of networks of matrices: nothing runs off them, whatever the matrices are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from example_networks import NETWORKS
from sympy import Matrix, MatrixSymbol, Rational, symbols

from symprop import Network, derive, half_squared_error
from symprop.printout import make_document, render
from symprop.printout.notation.breaking import broken
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.markup import TOP, Digits, Grid, Scripts

SECTIONS = ["forward", "chain-rule", "entries", "batch", "locals", "jacobians"]


def explicit(rows: int, columns: int) -> Network:
    """A layer with a matrix of numbers, one of symbols, and a weight."""
    x, t = MatrixSymbol("x", columns, 1), MatrixSymbol("t", rows, 1)
    A, b = MatrixSymbol("A", rows, rows), symbols(f"b_1:{rows + 1}", real=True)
    numbers = Matrix(rows, columns, lambda i, j: Rational(i + 2 * j + 1, 7))
    net = Network(f"explicit {rows} x {columns}", inputs=[x], targets=[t], weights=[A, *b[:2]])
    h = net.step("h", numbers * x + Matrix(rows, 1, [*b[:2], *[0] * (rows - 2)]))
    net.loss(half_squared_error(t, A * h))
    return net


def grid(rows: int, columns: int) -> Grid:
    return Grid(tuple(tuple(Digits(f"{i}{j}") for j in range(columns)) for i in range(rows)))


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize(
    "network",
    [
        explicit(3, 14),
        explicit(3, 60),
        explicit(40, 2),
        *(NETWORKS[name] for name in ("attention", "lstm", "layer_norm", "wider_network")),
    ],
    ids=lambda network: network.name,
)
def test_pdflatex_sets_the_pages_without_a_line_that_runs_off(
    network: Network, tmp_path: Path
) -> None:
    source = render(make_document(derive(network), SECTIONS), "latex")
    (tmp_path / "page.tex").write_text(source)
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60)
    log = (tmp_path / "page.log").read_text(errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert "\n!" not in log
    wide = re.findall(r"Overfull \\[hv]box \((\d+\.\d+)pt too", log)
    assert all(float(points) < 5 for points in wide), wide


def test_a_matrix_of_more_columns_than_pmatrix_takes_is_an_array() -> None:
    assert latex_of(grid(2, 10)).startswith(r"\begin{pmatrix}")
    assert latex_of(grid(2, 11)).startswith(r"\left(\begin{array}{@{}*{11}{c}@{}}")


def test_a_matrix_that_is_taller_than_a_page_goes_on_the_line_with_its_marks() -> None:
    (shown,) = broken(grid(24, 1), 46.0, 46.0)
    assert isinstance(shown, Grid)
    lines = broken(Scripts(grid(60, 1), None, TOP), 46.0, 46.0)
    written = " ".join(map(latex_of, lines))
    assert "pmatrix" not in written
    assert written.startswith("[00; 10;")
    assert written.endswith(r"590]^{\top}")


def test_the_pages_of_fifty_layers_of_matrices_say_once_what_repeats() -> None:
    """Layer by layer the same lines: the printout does not grow with their number."""
    sizes = {}
    for depth in (20, 50):
        found = make_document(derive(chain(depth)), ["chain-rule", "entries", "batch"])
        sizes[depth] = len(render(found, "text"))
    assert sizes[50] < 1.2 * sizes[20]


def chain(depth: int) -> Network:
    from symprop import sigmoid

    n = symbols("n", integer=True, positive=True)
    x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
    weights = [MatrixSymbol(f"W_{i}", n, n) for i in range(1, depth + 1)]
    net = Network(f"chain {depth}", inputs=[x], targets=[y], weights=weights)
    h = x
    for number, W in enumerate(weights, start=1):
        a = net.step(f"a_{number}", W * h)
        h = net.step(f"h_{number}", sigmoid(a))
    net.loss(half_squared_error(y, h))
    return net
