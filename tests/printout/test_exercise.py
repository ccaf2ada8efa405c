"""Exercises: sheets that ask without answering, and answers that are the printout itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from example_networks import NETWORKS
from sympy import MatrixSymbol, Symbol, log, symbols

from symprop import Network, cross_entropy, derive, sigmoid, softmax
from symprop.cli import main
from symprop.errors import DeclarationError
from symprop.files import is_unedited
from symprop.network import Network as AnyNetwork
from symprop.printout import Document, Exercise, make_document, make_exercise, render
from symprop.printout.exercise.numbers import drawn_example
from symprop.printout.exercise.places import lines_in
from symprop.printout.expressions import Blank, Expression
from symprop.printout.model import Section
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.unicode import unicode_of

AMOUNTS: list[dict[str, Any]] = [{"blanks": "results"}, {"blanks": 3}, {"blanks": 2, "seed": 4}]
SOME = (
    "deep_chain_3",
    "linear_regression",
    "mixture_of_losses",
    "multilayer_perceptron",
    "second_smallest_perceptron",
    "sum_times_z",
    "tied_autoencoder",
    "two_outputs",
)
GIVEN = ("network", "forward")


derivation_of = cache(lambda name: derive(NETWORKS[name]))


def exercise(name: str, **options: Any) -> Exercise:
    return make_exercise(derivation_of(name), **options)


def inside(value: Any) -> Iterator[Any]:
    """Every part of a document, whatever its blocks are."""
    yield value
    if isinstance(value, tuple):
        for part in value:
            yield from inside(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from inside(getattr(value, field.name))


def blanks(document: Document) -> list[Blank]:
    return [part for part in inside(document.sections) if isinstance(part, Blank)]


def spelled(document: Document, expression: Expression) -> str:
    return unicode_of(Formulas(document.names, document.ordinary).of(expression))


def sections_text(document: Document, keys: Iterator[str] | list[str]) -> str:
    kept = tuple(section for section in document.sections if section.key in keys)
    return " ".join(render(replace(document, sections=kept), "text").split())


# -- no answer on the sheet -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_no_answer_can_be_read_on_a_sheet_of_blanks(name: str) -> None:
    check_that_nothing_is_given_away(exercise(name))


@pytest.mark.parametrize("options", AMOUNTS, ids=str)
@pytest.mark.parametrize("name", SOME)
def test_no_answer_can_be_read_on_a_sheet_with_some_blanks(
    name: str, options: dict[str, Any]
) -> None:
    check_that_nothing_is_given_away(exercise(name, **options))


def check_that_nothing_is_given_away(made: Exercise) -> None:
    open_part = [s.key for s in made.sheet.sections if s.key not in GIVEN]
    read = sections_text(made.sheet, open_part)
    given = [s for s in made.sheet.sections if s.key in GIVEN]
    definitions = {spelled(made.sheet, line.right) for line in lines_in(tuple(given))}
    for blank in blanks(made.answers):
        assert blank.answer is not None
        text = " ".join(spelled(made.answers, blank.answer).lstrip("\u2212").split())
        signs = re.findall(r" [+\u2212\u00b7\u2299] |[\w\u0302\u2080-\u209c)] [\w(]", text)
        if len(signs) >= 2 and text not in definitions:  # neither a name nor a product of two
            assert not re.search(rf"(?<!\w){re.escape(text)}(?![\w\u2080-\u209c])", read), text


@pytest.mark.parametrize("target", ["html", "latex", "text"])
def test_the_source_of_a_sheet_does_not_hold_the_answers(target: str) -> None:
    made = exercise("multilayer_perceptron")
    assert all(blank.answer is None for blank in blanks(made.sheet))
    shown, solved = render(made.sheet, target), render(made.answers, target)
    of_sigmoid = {
        "html": '<mn>1</mn><mo form="infix">\u2212</mo><msub><mi>f</mi>',
        "latex": r"f_2 (1 - f_2)",
        "text": "f\u2082 (1 \u2212 f\u2082)",
    }[target]
    assert of_sigmoid in solved
    assert of_sigmoid not in shown


def test_a_rule_that_is_the_answer_is_no_hint() -> None:
    made = exercise("multilayer_perceptron")
    assert "\u03c3\u2032 = \u03c3 (1 \u2212 \u03c3)" in render(made.answers, "text")
    assert "\u03c3\u2032" not in render(made.sheet, "text")


def test_the_numbers_of_a_graph_do_not_give_those_of_the_example_away() -> None:
    assert "\u22128" not in render(exercise("sum_times_z").sheet, "text")
    pictured = render(exercise("sum_times_z").sheet, "html")
    assert "\u221212" not in pictured
    assert "\u221212" in render(make_document(derive(NETWORKS["sum_times_z"])), "html")


def test_what_is_given_stays() -> None:
    whole = {s.key: s for s in make_document(derive(NETWORKS["two_outputs"])).sections}
    sheet = {s.key: s for s in exercise("two_outputs").sheet.sections}
    assert sheet["network"] == whole["network"]
    assert sheet["forward"] == whole["forward"]


def test_chains_of_names_stay_on_the_sheet() -> None:
    text = render(exercise("multilayer_perceptron").sheet, "text")
    to_y, to_a = "\u2202\u2112/\u2202y\u0302", "\u2202y\u0302/\u2202a\u2083"
    assert f"{to_y} \u00b7 {to_a} \u00b7 \u2202a\u2083/\u2202w\u2083" in text


# -- the answers ----------------------------------------------------------------------------------


def unmarked(value: Any) -> Any:
    """Anything of a document with answers in the place of their blanks."""
    if isinstance(value, Blank):
        return value.answer
    if isinstance(value, tuple):
        return tuple(map(unmarked, value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: unmarked(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **changed)
    return value


@pytest.mark.parametrize(
    "options", [{}, {"blanks": "results"}, {"blanks": 4, "seed": None}], ids=str
)
@pytest.mark.parametrize("name", ["multilayer_perceptron", "linear_regression", "digits"])
def test_the_answers_are_the_printout(name: str, options: dict[str, Any]) -> None:
    made = exercise(name, **options)
    whole = make_document(derive(NETWORKS[name]))
    found = [line_texts(made.answers, s) for s in unmarked(made.answers.sections)[1:]]
    keys = [s.key for s in made.answers.sections[1:]]
    assert found == [line_texts(whole, s) for s in whole.sections if s.key in keys]


def line_texts(document: Document, section: Section) -> list[str]:
    return [spelled(document, line.right) for line in lines_in(section)]


@pytest.mark.parametrize("name", ["multilayer_perceptron", "tied_autoencoder", "wider_network"])
def test_both_sheets_have_the_same_numbers_in_the_same_order(name: str) -> None:
    made = exercise(name)
    asked = [blank.number for blank in blanks(made.sheet) if blank.number is not None]
    answered = [blank.number for blank in blanks(made.answers) if blank.number is not None]
    assert asked == answered == list(range(1, len(asked) + 1))
    assert all(blank.length > 0 for blank in blanks(made.sheet))


def test_a_question_is_asked_once_and_then_has_its_number() -> None:
    made = exercise("multilayer_perceptron", parts=["chain-rule", "locals"])
    local = next(s for s in made.sheet.sections if s.key == "locals")
    text = sections_text(made.sheet, ["locals"])
    assert "\u2202f\u2082/\u2202a\u2082 = [(8)]" in text
    assert len([part for part in inside(local) if isinstance(part, Blank)]) < 4


# -- how many -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 4])
def test_so_many_blanks_as_asked_for_where_nothing_else_shows_them(count: int) -> None:
    found = [
        len(numbered(exercise("multilayer_perceptron", blanks=count, seed=s))) for s in range(3)
    ]
    assert min(found) == count
    assert max(found) <= count + 4


def numbered(made: Exercise) -> list[Blank]:
    return [blank for blank in blanks(made.sheet) if blank.number is not None]


def test_results_leave_the_local_derivatives() -> None:
    text = render(exercise("multilayer_perceptron", blanks="results").sheet, "text")
    assert "\u2202a\u2083/\u2202w\u2083 = f\u2082" in text
    assert re.search(r"\u2202\u2112/\u2202w\u2083  = \(\d+\) _+", text)


def test_a_factor_that_is_asked_for_has_its_number_in_the_product() -> None:
    derivation = derive(NETWORKS["multilayer_perceptron"])
    texts = (
        render(make_exercise(derivation, ["chain-rule"], blanks=2, seed=seed).sheet, "text")
        for seed in range(8)
    )
    assert any(re.search(r"= \u03b4_{a\u2083} \u00b7 \[\(\d\)\]", text) for text in texts)


def test_parts_say_where_is_asked() -> None:
    made = exercise("linear_regression", parts=["example"])
    keys = {s.key for s in made.sheet.sections if any(isinstance(p, Blank) for p in inside(s))}
    assert keys == {"example"}
    assert "chain-rule" in [s.key for s in made.sheet.sections]


def test_the_table_of_a_descent_is_to_be_filled_in() -> None:
    text = sections_text(exercise("linear_regression", parts=["example"]).sheet, ["example"])
    answers = sections_text(exercise("linear_regression", parts=["example"]).answers, ["example"])
    assert "1.74" not in text
    assert "__ 1.74 __" in answers


@pytest.mark.parametrize(
    ("options", "said", "hint"),
    [
        ({"parts": ["lcals"]}, "section 'lcals'", "'locals'"),
        ({"parts": ["forward"]}, "section 'forward'", "chain-rule"),
        ({"blanks": "some"}, "'some' is no number of blanks", "results"),
        ({"blanks": 0}, "0 is no number of blanks", "from 1 on"),
        ({"blanks": 500}, "to choose 500 blanks from", "all"),
        ({"only": ["network"]}, "nothing to leave blank", "parts"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], said: str, hint: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        exercise("smallest_perceptron", **options)
    assert said in caught.value.message
    assert hint in caught.value.hint


# -- numbers of their own -------------------------------------------------------------------------


def logarithm() -> AnyNetwork:
    x, w = symbols("x w", real=True)
    network = Network("logarithm", inputs=[x], weights=[w])
    network.loss(log(w * x - 1))
    return network


def classifier() -> AnyNetwork:
    x, y = MatrixSymbol("x", 2, 1), MatrixSymbol("y", 3, 1)
    weights = MatrixSymbol("W", 3, 2)
    network = Network(
        "classifier", inputs=[x], targets=[y], weights=[weights], labels={y: "one-hot"}
    )
    network.loss(cross_entropy(y, network.step("p", softmax(weights * x))))
    return network


@pytest.mark.parametrize("network", [logarithm(), classifier(), NETWORKS["multilayer_perceptron"]])
@pytest.mark.parametrize("seed", range(5))
def test_drawn_numbers_are_small_and_every_step_has_a_value(network: AnyNetwork, seed: int) -> None:
    derivation = derive(network)
    example = drawn_example(derivation, None, seed)
    assert example is not None
    for value in example.values.values():
        for number in flat(value):
            assert abs(number) <= 3
            assert Fraction(number) * 10 == int(Fraction(number) * 10)
    assert abs(float(derivation.trace(example.values).row(network.require_loss().name).value)) < 50


@pytest.mark.parametrize("seed", range(6))
def test_drawn_numbers_leave_something_to_learn_in_every_update(seed: int) -> None:
    derivation = derivation_of("linear_regression")
    example = drawn_example(derivation, NETWORKS["linear_regression"].worked_example, seed)
    assert example is not None
    values = {name: float(value) for name, value in example.values.items()}
    w, b, losses = values["w"], values["b"], []
    for _ in range(3):
        slope = w * values["x"] + b - values["y"]
        losses.append(slope**2 / 2)
        w, b = w - 0.2 * slope * values["x"], b - 0.2 * slope
    assert losses[0] > losses[1] > losses[2] > 1e-6


def flat(value: Any) -> list[Any]:
    return [n for part in value for n in flat(part)] if isinstance(value, list) else [value]


def test_seeds_draw_different_numbers_and_blanks_and_each_the_same_again() -> None:
    texts = [render(exercise("linear_regression", seed=s).sheet, "text") for s in range(6)]
    assert len(set(texts)) == 6
    again = [render(exercise("linear_regression", seed=s).sheet, "text") for s in range(6)]
    assert texts == again
    assert "Variant 3." in texts[3]


def test_a_sheet_does_not_depend_on_the_hash_seed() -> None:
    code = (
        "from example_networks import NETWORKS\n"
        "from symprop import derive\n"
        "from symprop.printout import make_exercise, render\n"
        "made = make_exercise(derive(NETWORKS['two_outputs']), blanks=4, seed=5)\n"
        "print(render(made.sheet, 'text'), render(made.answers, 'text'))\n"
    )
    tests = str(Path(__file__).parents[1])
    found = set()
    for seed in ("1", "2"):
        known = os.pathsep.join([tests, *sys.path])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": known}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, check=True
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_without_a_formula_there_are_no_numbers_to_draw() -> None:
    made = exercise("unspecified_activations", seed=1)
    assert "example" not in [s.key for s in made.sheet.sections]
    assert numbered(made)


def test_numbers_are_not_drawn_where_there_are_hundreds() -> None:
    derivation = derive(NETWORKS["digits"])
    assert drawn_example(derivation, None, 1) is None


# -- layout ---------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("name", ["multilayer_perceptron", "attention"])
def test_both_sheets_compile_and_fit_the_page(name: str, tmp_path: Path) -> None:
    made = exercise(name, seed=1)
    for document in (made.sheet, made.answers):
        (tmp_path / "sheet.tex").write_text(render(document, "latex"))
        command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "-draftmode"]
        done = subprocess.run(
            [*command, "sheet.tex"], cwd=tmp_path, capture_output=True, timeout=120, check=False
        )
        said = (tmp_path / "sheet.log").read_text(errors="replace")
        assert done.returncode == 0, said[-2000:]
        overfull = [float(size) for size in re.findall(r"Overfull \\hbox \(([\d.]+)pt", said)]
        assert [size for size in overfull if size > 5] == []


def test_a_long_answer_has_several_lines_to_write_on() -> None:
    text = render(exercise("multilayer_perceptron").sheet, "text")
    assert re.search(r"\(18\) _{30,} .*\n\s+_{30,}\n", text)


def test_hostile_names_are_text_on_a_sheet() -> None:
    x, w = Symbol("<script>1</script>", real=True), Symbol(r"\input{a}", real=True)
    network = Network("{{ 7*7 }}", inputs=[x], weights=[w])
    network.loss(sigmoid(w * x))
    made = make_exercise(derive(network), seed=1)
    for document in (made.sheet, made.answers):
        assert "<script>" not in render(document, "html")
        assert r"\input" not in render(document, "latex")
        assert "{{ 7*7 }}" in render(document, "text")


# -- the command line -----------------------------------------------------------------------------

NEURON = """\
from sympy import symbols
from symprop import Network, half_squared_error, sigmoid

x, y, w, b = symbols("x y w b", real=True)
net = Network("neuron", inputs=[x], targets=[y], weights=[w, b])
f = net.step("f", sigmoid(w * x + b))
net.loss(half_squared_error(y, f))
"""


@pytest.fixture
def neuron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("neuron.py").write_text(NEURON)
    return "neuron.py"


@pytest.mark.parametrize("ending", ["tex", "html", "txt"])
def test_the_answers_are_written_beside_the_sheet(neuron: str, ending: str) -> None:
    assert main(["print", neuron, "--exercise", "-o", f"sheet.{ending}", "--seed", "2"]) == 0
    for file in (Path(f"sheet.{ending}"), Path(f"sheet-answers.{ending}")):
        assert is_unedited(file.read_bytes())
        assert "Variant 2" in file.read_text()


def test_neither_sheet_is_written_where_one_must_not_be(
    neuron: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("sheet-answers.txt").write_text("mine\n")
    assert main(["print", neuron, "--exercise", "chain-rule", "-o", "sheet.txt"]) == 1
    assert "sheet-answers.txt exists" in capsys.readouterr().err
    assert not Path("sheet.txt").exists()
    assert Path("sheet-answers.txt").read_text() == "mine\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--exercise"], "the two sheets of an exercise need files"),
        (["--seed", "1"], "--seed is for exercises"),
        (["--blanks", "2"], "--blanks is for exercises"),
        (["--exercise", "chain-ruel", "-o", "a.txt"], "did you mean 'chain-rule'?"),
        (["--exercise", "-o", "a.txt", "--blanks", "-1"], "no number of blanks"),
    ],
)
def test_bad_arguments_are_refused(
    neuron: str, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print", neuron, *options]) == 1
    assert said in capsys.readouterr().err
    assert not Path("a.txt").exists()
