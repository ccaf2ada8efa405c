"""Lines that are too wide: the estimate of widths is that of TeX, and a break loses nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from example_networks import NETWORKS

from symprop import derive
from symprop.printout.notation.breaking import broken
from symprop.printout.notation.expressions import notation
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.markup import Letter, Markup, Row, Sign, below, parts_of
from symprop.printout.notation.reading import read_latex
from symprop.printout.notation.widths import width
from symprop.printout.sections.material import Material


def markup(text: str) -> Markup:
    found = read_latex(text)
    assert found is not None
    return found


def lines(text: str, room: float) -> list[str]:
    return [latex_of(line) for line in broken(markup(text), room, room)]


def names(markup: Markup) -> list[str]:
    return [part.latex for part in below(markup) if isinstance(part, Letter)]


def formulas() -> list[Markup]:
    """The gradients of the examples, written out."""
    found: dict[str, Markup] = {}
    for network in NETWORKS.values():
        material = Material(derive(network))
        for entry in network.weights:
            shown = notation(material.closed_form(entry.leaf) or material.gradient(entry.leaf))
            found[latex_of(shown)] = shown
        for step in network.steps.values():
            shown = notation(step.node)
            found[latex_of(shown)] = shown
    return list(found.values())


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_the_estimated_width_of_a_formula_is_that_of_tex(tmp_path: Path) -> None:
    shown = formulas()
    boxes = [
        rf"\setbox0\hbox{{$\displaystyle {latex_of(one)}$}}\typeout{{width {i}: \the\wd0}}"
        for i, one in enumerate(shown)
    ]
    head = r"\documentclass[10pt]{article}\usepackage{amsmath,amssymb}\begin{document}"
    (tmp_path / "boxes.tex").write_text("\n".join([head, *boxes, r"\end{document}"]))
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "boxes.tex"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=True)
    log = (tmp_path / "boxes.log").read_text(errors="replace")
    real = {int(i): float(pt) / 10 for i, pt in re.findall(r"width (\d+): ([\d.]+)pt", log)}
    assert len(real) == len(shown) > 100
    wide = [i for i in real if real[i] > 4]
    wrong = {latex_of(shown[i]): width(shown[i]) / real[i] for i in wide}
    assert {text: ratio for text, ratio in wrong.items() if not 0.93 < ratio < 1.4} == {}


@pytest.mark.parametrize(
    "text",
    [
        r"a + b + c + d + e + f + g + h + i + j + k + l",
        r"\left(a + b + c + d + e + f + g + h + i + j + k\right)^2",
        r"\sqrt{a + b + c + d + e + f + g + h + i + j + k}",
        r"e^{a + b + c + d + f + g + h + i + j + k + a + b + c + d + f + g + h + i + j + k}",
        r"\frac{a + b + c + d + e + f + g + h + i + j + k}{l + m + n + o + p}",
        r"x \frac{\partial (a + b + c + d + e + f + g + h + i)}{\partial w}",
        r"\sigma(\sigma(\sigma(a + b + c + d + e) f + g + h + i) + j + k) l",
    ],
)
def test_a_broken_line_fits_and_has_all_that_the_whole_has(text: str) -> None:
    room = 12.0
    whole = markup(text)
    found = broken(whole, room, room)
    assert len(found) > 1
    assert all(width(line) <= room for line in found)
    constants = {"e", r"\partial"}
    before, after = names(whole), names(Row(tuple(found)))
    assert {*after} - constants == {*before} - constants
    assert [n for n in after if n in "abcdfghijk"] == [n for n in before if n in "abcdfghijk"]


def test_a_power_stays_at_the_bracket_that_it_raises() -> None:
    found = lines(r"\left(a + b + c + d + e + f + g + h + i + j + k\right)^2", 10)
    assert found[0].startswith("(a + b")
    assert found[-1].endswith("k)^2")


def test_a_wide_derivative_becomes_an_operator_before_brackets() -> None:
    found = lines(r"\frac{\partial (a + b + c + d + e + f + g + h)}{\partial w}", 10)
    assert found[0].startswith(r"\frac{\partial}{\partial w}(a + b")
    assert "/" not in "".join(found)


def test_a_derivative_by_a_wide_expression_is_broken_in_its_brackets() -> None:
    found = lines(r"\frac{\partial L}{\partial (a + b + c + d + e + f + g + h)}", 10)
    assert found[0].startswith(r"\partial L/\partial(a + b")
    assert found[-1].endswith("h)")


def test_a_sum_sign_keeps_what_it_runs_over() -> None:
    found = lines(r"a b c d e f g h i j k l m \sum_i x y z", 11)
    assert not any(re.search(r"\\sum_i\W*$", line) for line in found)


def test_a_further_line_begins_with_the_sign_it_is_broken_at_and_is_indented_in_brackets() -> None:
    found = broken(markup(r"x \left(a + b + c + d + e + f + g + h + i\right)"), 10, 10)
    assert latex_of(found[1]).startswith(r"\quad +")
    flat = broken(markup(r"a + b + c + d + e + f + g + h + i + j"), 10, 10)
    assert all(isinstance(parts_of(line)[0], Sign) for line in flat[1:])


def test_a_name_of_a_derivative_is_never_torn() -> None:
    found = lines(
        r"a + b + c + \frac{\partial \mathrm{longlonglong}}{\partial \mathrm{w}} d e f", 6
    )
    assert r"\frac{\partial\mathrm{longlonglong}}{\partial\mathrm{w}}" in " ".join(found)


def test_cells_may_be_counted_instead_of_em() -> None:
    whole = markup("a + b + c + d + e + f + g + h")
    assert len(broken(whole, 102, 102, lambda part: 50.0 * len(names(part)))) == 4
