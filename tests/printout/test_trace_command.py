"""The command `symprop trace`: the table of a descent in four formats, and what goes wrong."""

# ruff: noqa: RUF001 the characters are those of printouts

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from printout.test_worked_example import PRIMER, rows_of

from symprop.cli import main
from symprop.records import record
from symprop.tracing.progress import Progress

NEURON = """\
from sympy import symbols
from symprop import Network, half_squared_error

x, y, w, b = symbols("x y w b", real=True)
net = Network("line", inputs=[x], targets=[y], weights=[w, b])
h = net.step("h", w * x + b)
net.loss(half_squared_error(y, h))
"""
WITH_EXAMPLE = NEURON + "net.example({x: 1, y: 3, w: 0.1, b: 1}, learning_rate=0.2, steps=3)\n"
LOGARITHM = """\
from sympy import log, symbols
from symprop import Network

x, w = symbols("x w", real=True)
net = Network("logarithm", inputs=[x], weights=[w])
q = net.step("q", w * x)
net.loss(log(q) + 2 * q)
"""
AT = ["--at", "w=0.1,b=1,x=1,y=3"]
DESCENT = [*AT, "--learning-rate", "0.2", "--steps", "3"]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(NEURON)
    Path("example.py").write_text(WITH_EXAMPLE)
    Path("logarithm.py").write_text(LOGARITHM)
    return "net.py"


def printed(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> str:
    assert main(["trace", *arguments]) == 0
    return capsysbinary.readouterr().out.decode()


def text_rows(text: str) -> list[list[str]]:
    return rows_of(text, "text")


# -- the table of the primer ----------------------------------------------------------------------


@pytest.mark.parametrize("target", ["text", "latex", "html"])
def test_the_table_of_the_primer(
    file: str, target: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    shown = printed(capsysbinary, file, *DESCENT, "--decimals", "2", "--format", target)
    assert rows_of(shown, target) == PRIMER
    assert "2 decimals" in shown and "after the update" in shown


def test_the_table_of_the_primer_with_all_digits(
    file: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    shown = printed(capsysbinary, file, *DESCENT, "--format", "csv")
    assert shown.count("\r\n") == 4
    head, *rows = csv.reader(io.StringIO(shown, newline=""))
    assert head == ["update", "h", "L", "dL/dh", "dL/dw", "dL/db", "w", "b"]
    assert [list(map(float, row)) for row in rows] == [
        [1, 1.1, 1.805, -1.9, -1.9, -1.9, 0.48, 1.38],
        [2, 1.86, 0.6498, -1.14, -1.14, -1.14, 0.708, 1.608],
        [3, 2.316, 0.233928, -0.684, -0.684, -0.684, 0.8448, 1.7448],
    ]
    assert all(repr(float(cell)) == cell for row in rows for cell in row[1:])


def test_four_decimals_are_usual(file: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = text_rows(printed(capsysbinary, file, *DESCENT))
    assert rows[2] == ["3", "2.316", "0.2339", "-0.684", "-0.684", "-0.684", "0.8448", "1.7448"]


def test_the_example_of_the_network_is_taken_and_overridden(
    file: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert len(text_rows(printed(capsysbinary, "example.py"))) == 3
    rows = text_rows(printed(capsysbinary, "example.py", "--at", "b=2", "--steps", "5"))
    assert len(rows) == 5 and rows[0][1] == "2.1"
    point = printed(capsysbinary, "example.py", "--steps", "0")
    assert "downstream = local * upstream" in point


def test_lines_are_shown_with_their_numbers(
    file: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    shown = printed(capsysbinary, file, *DESCENT, "--decimals", "2", "--substitute")
    for line in (
        "L = 1/2 · (y − h)² = 1/2 · (3 − 1.1)² = 1.80",
        "w ← w − η · ∂L/∂w = 0.48 − 0.2 · (−1.14) = 0.71",
    ):
        assert line in shown
    assert shown.index("Update 1\n") < shown.index("Update 2\n") < shown.index("Update 3\n")
    assert text_rows(shown) == PRIMER


def test_the_numbers_at_one_point_are_tables_as_well(
    file: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows = rows_of(printed(capsysbinary, file, *AT, "--format", "html"), "html")
    assert [row[1:] for row in rows[:2]] == [["1.9", "1", "1.9"], ["-1.9", "1", "-1.9"]]
    records = list(csv.reader(io.StringIO(printed(capsysbinary, file, *AT, "--format", "csv"))))
    assert records[0] == ["name", "role", "value", "dL/d(name)"]
    assert ["L", "loss", "1.805", "1.0"] in records
    lines = printed(capsysbinary, file, *AT, "--substitute")
    assert "= −(3 − 1.1) = −1.9" in lines and "update" not in lines


def test_a_matrix_has_a_column_for_each_entry(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    example = Path(__file__).parents[2] / "examples" / "affine_layer.py"
    shown = printed(capsysbinary, str(example), "--format", "csv", "--steps", "1")
    head, row = csv.reader(io.StringIO(shown))
    assert head[-6:] == ["W[1,1]", "W[1,2]", "W[2,1]", "W[2,2]", "b[1]", "b[2]"]
    assert row[-6:] == ["0.9", "0.3", "-1.15", "0.7", "-0.1", "0.35"]


@pytest.mark.parametrize("name", ["=1+1", "+a", "-a", "@a", "\ta"])
def test_a_name_is_no_formula_of_a_spreadsheet(name: str) -> None:
    (cells,) = csv.reader([record([name, "-1.5", 'say "a, b"'])])
    assert cells == [f"'{name}", "-1.5", 'say "a, b"']


# -- files ----------------------------------------------------------------------------------------


def test_the_ending_of_the_file_says_the_format(file: str) -> None:
    assert main(["trace", file, *DESCENT, "-o", "out.csv"]) == 0
    assert Path("out.csv").read_bytes().endswith(b",0.8448,1.7448\r\n")
    assert main(["trace", file, *DESCENT, "-o", "out.csv"]) == 0
    assert main(["trace", file, *DESCENT, "-o", "out.html"]) == 0
    assert Path("out.html").read_text().startswith("<!DOCTYPE html>")


def test_a_csv_file_is_not_overwritten_unasked(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("out.csv").write_text("mine\n")
    assert main(["trace", file, *DESCENT, "-o", "out.csv"]) == 1
    assert "out.csv exists\n  choose another name" in capsys.readouterr().err
    assert main(["trace", file, *DESCENT, "-o", "out.csv", "--force"]) == 0


# -- long descents --------------------------------------------------------------------------------


def test_rows_go_out_before_the_descent_is_over(file: str) -> None:
    command = [sys.executable, "-m", "symprop", "trace", file, *AT]
    command += ["--learning-rate", "1e-4", "--steps", "1000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        rows = [line for line, _ in zip(process.stdout, range(12), strict=False)]
        assert process.poll() is None
        process.kill()
    assert rows[-1].split()[0].isdigit()


def test_columns_keep_their_place_over_a_thousand_updates(
    file: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    shown = printed(capsysbinary, file, *AT, "--learning-rate", "0.01", "--steps", "1000")
    rows = [line for line in shown.splitlines() if line.strip()[:1].isdigit()]
    assert len(rows) == 1000
    assert len({len(row) for row in rows}) == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_shows_how_far_it_is_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr("symprop.tracing.progress.time.monotonic", lambda: next(clock))
    terminal = Terminal()
    assert list(Progress(4, terminal).watch("abcd")) == list("abcd")
    shown = terminal.getvalue().split("\r")
    assert "2/4" in shown[2] and "50%" in shown[2]
    assert shown[-1] == "\x1b[K"


def test_there_is_no_bar_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    assert list(Progress(3, stream).watch("abc")) == list("abc")
    assert stream.getvalue() == ""


# -- what goes wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said", "hint"),
    [
        (["--at", "x=1,y=3,w=1"], "no value is given for weight b", "every input"),
        (["--at", "x=1,y=3,W=1,b=1"], "'W' is not a declared symbol", "did you mean 'w'?"),
        (["--at", "x=1,y=3,w=[1,2],b=1"], "its value is a list of 2", "give a number"),
        (["--at", "x=1,y=3,w=one,b=1"], "neither a number nor a list", "--at x=1"),
        ([*AT, "--learning-rate", "0", "--steps", "3"], "0 is no learning rate", "positive"),
        ([*AT, "--learning-rate=-0.1"], "is no learning rate", "positive"),
        ([*AT, "--learning-rate", "fast"], "--learning-rate needs a number, not 'fast'", "0.1"),
        ([*AT, "--steps", "3"], "3 steps need a learning rate", "give one"),
        ([*AT, "--learning-rate", "1", "--steps=-1"], "-1 is no number of steps", "from 0 on"),
        ([*AT, "--learning-rate", "1", "--steps", "1e9"], "steps are too many", "1,000,000"),
        ([*AT, "--learning-rate", "1", "--steps", "1.5"], "--steps needs a whole number", "3"),
        ([*AT, "--decimals", "0"], "0 is no number of decimals", "1 to 15"),
        ([*AT, "--exact", "--format", "html"], "--exact goes with plain text alone", "leave"),
        ([*AT, "--exact", "--steps", "3"], "--exact is for one point", "leave it out"),
        ([*AT, "--substitute", "--format", "csv"], "CSV has numbers alone", "--substitute"),
        ([*AT, "--format", "csv", "-o", "out.txt"], "a CSV file, and no other", "rename"),
        ([*AT, "-o", "out.pdf"], "no format has this ending", ".csv"),
        ([*AT, "-o", "net.py", "--format", "text"], "declares the network", "another output"),
    ],
)
def test_bad_arguments_are_refused_in_two_lines(
    file: str, arguments: list[str], said: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trace", file, *arguments]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert said in first and hint in second
    assert Path(file).read_text() == NEURON


@pytest.mark.parametrize("target", ["text", "latex", "html", "csv"])
def test_what_was_fine_is_printed_before_the_error(
    file: str, target: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    arguments = ["--at", "x=1,w=0.5", "--learning-rate", "0.1", "--steps", "9"]
    assert main(["trace", "logarithm.py", *arguments, "--format", target]) == 1
    captured = capfdbinary.readouterr()
    error = captured.err.decode()
    assert "update 3: loss 'L' has no finite real value" in error and "where q = -" in error
    shown = captured.out.decode()
    rows = list(csv.reader(io.StringIO(shown)))[1:] if target == "csv" else rows_of(shown, target)
    assert [row[0] for row in rows] == ["1", "2"]


def test_what_was_fine_is_kept_in_the_file(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--at", "x=1,w=0.5", "--learning-rate", "0.1", "--steps", "9", "-o", "out.csv"]
    assert main(["trace", "logarithm.py", *arguments]) == 1
    assert len(Path("out.csv").read_text().splitlines()) == 3


# -- in printouts ---------------------------------------------------------------------------------


def test_a_printout_takes_numbers_from_its_options(
    file: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["print", file, "--only", "example", *DESCENT, "--decimals", "2"]) == 0
    assert text_rows(capsysbinary.readouterr().out.decode()) == PRIMER
    assert main(["print", file, "--only", "example"]) == 1
    assert "no worked example" in capsysbinary.readouterr().err.decode()
