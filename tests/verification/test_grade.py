"""The command `symprop grade`: a row for every answer, whatever is in it."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from symprop.cli import main
from symprop.errors import SympropError
from symprop.grading import session
from symprop.grading.gradebook import COLUMNS, LONGEST
from symprop.verification import Verdict
from symprop.workers import Failure

NETWORK = """\
from sympy import symbols
from symprop import Network, half_squared_error, sigmoid

x, y, w, b = symbols("x y w b", real=True)
net = Network("neuron", inputs=[x], targets=[y], weights=[w, b])
a = net.step("a", w * x + b)
f = net.step("f", sigmoid(a))
net.loss(half_squared_error(y, f))
"""

SECOND = """
line = Network("line", inputs=[x], targets=[y], weights=[w, b])
line.loss(half_squared_error(y, line.step("f", w * x + b)))

def mischief():
    raise AssertionError("an answer has a function called")
"""

MISHAPS = """
import os, signal
import symprop.commands.grading as grading
usual = grading.judged

def judged(network, text, name, asked):
    if "KILL" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    while "HANG" in text:
        pass
    if "RAISE" in text:
        raise ZeroDivisionError("by zero")
    return usual(network, text, name, asked)

grading.judged = judged
"""

RIGHT = r"\[ \frac{\partial L}{\partial w} = -(y - f) f (1 - f) x \]"
WRONG = r"""
\[ \frac{\partial L}{\partial b} = -(y - f) f (1 - f) \]
\[ \frac{\partial L}{\partial w} = (y - f) f (1 - f) x \]
"""
UNREAD = r"\[ \frac{\partial L}{\partial w} = -(y - f) f (1 - f x \]"
UNDECIDED = r"\[ \frac{\partial L}{\partial w} = -(y - f) f (1 - f) q \]"

Table = list[dict[str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the network in `net.py` and a folder `in` for answers."""
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(NETWORK)
    Path("in").mkdir()
    return tmp_path


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The answers that are judged, by name; in this process, in the order last to first."""
    names: list[str] = []

    def work_here(
        tasks: Iterable[tuple[int, Any]],
        prepare: Callable[[Any], Callable[[Any], Any]],
        setting: object,
        **limits: float,
    ) -> Generator[tuple[int, Any]]:
        assert set(limits) == {"jobs", "seconds"}
        work = prepare(setting)
        for key, answer in reversed(list(tasks)):
            names.append(answer.path.name)
            if "INTERRUPT" in answer.text:
                raise KeyboardInterrupt
            try:
                yield key, Failure("it broke") if "BREAK" in answer.text else work(answer)
            except SympropError as error:
                yield key, Failure(str(error))

    monkeypatch.setattr(session, "work_through", work_here)
    return names


def put(**answers: str) -> None:
    for name, text in answers.items():
        Path("in", f"{name}.tex").write_text(text)


def grade(*arguments: str) -> int:
    return main(["grade", "net.py", *arguments])


def table(name: str = "out.csv") -> Table:
    with open(name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def column(name: str) -> list[str]:
    return [row[name] for row in table()]


# -- whole runs -----------------------------------------------------------------------------------


def test_no_answer_keeps_the_others_from_their_rows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("net.py").write_text(NETWORK + MISHAPS)
    put(a=RIGHT, b=f"KILL {RIGHT}", c=WRONG, e=UNREAD, f=f"RAISE {RIGHT}", g=" \n")
    put(k=UNDECIDED, l="Only words.", m="HANG")
    Path("in/h.tex").write_bytes(RIGHT.encode() + b"\xff\xfe")
    Path("in/i.tex").write_bytes(b"x" * 4_000_001)
    os.mkfifo("in/j.tex")
    assert grade("in", "gone.tex", "--csv", "out.csv", "--time-limit", "3") == 0
    rows = {Path(row["file"]).stem: row for row in table()}
    assert list(rows) == [*"abcefghijklm", "gone"]
    assert {name for name, row in rows.items() if row["verdict"] == "right"} == {"a"}
    assert {name for name, row in rows.items() if row["verdict"] == "wrong"} == {"c"}
    reasons = {name: row["reason"] for name, row in rows.items()}
    assert "was ended by SIGKILL" in reasons["b"]
    assert "longer than 3 s" in reasons["m"]
    assert "ZeroDivisionError: by zero" in reasons["f"]
    assert "empty" in reasons["g"]
    assert "UTF-8" in reasons["h"]
    assert "more than 4,000,000 bytes" in reasons["i"]
    assert "not a regular file" in reasons["j"]
    assert "nothing in it to judge" in reasons["l"]
    assert "no such file" in reasons["gone"]
    assert (rows["e"]["unreadable"], rows["e"]["line"]) == ("1", "1")
    assert (rows["k"]["undecidable"], "q" in reasons["k"]) == ("1", True)
    printed = capsys.readouterr()
    assert "13 files: 1 right, 1 wrong, 11 not decided" in printed.out
    assert "first mistakes: sign (1)" in printed.out
    assert "and 3 more" in printed.out
    assert printed.err == ""


def test_a_folder_without_answers_does_not_stop_the_others(
    folder: Path, tried: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    put(a=RIGHT)
    Path("empty").mkdir()
    Path("closed").mkdir(mode=0)
    assert grade("empty", "in", "closed", "--csv", "out.csv") == 0
    assert column("file") == ["empty", "in/a.tex", "closed"]
    assert column("verdict") == ["not decided", "right", "not decided"]
    assert "the folder empty has no answers" in column("reason")[0]
    assert "empty: the folder empty has no answers" in capsys.readouterr().out


def test_a_network_that_cannot_be_loaded_is_the_end_and_leaves_the_table_alone(
    folder: Path, tried: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    put(a=RIGHT)
    assert grade("in", "--csv", "out.csv") == 0
    before = Path("out.csv").read_bytes()
    Path("net.py").write_text(NETWORK + "1/0\n")
    assert grade("in", "--csv", "out.csv") == 1
    assert "net.py:9: 1/0: ZeroDivisionError" in capsys.readouterr().err
    assert Path("out.csv").read_bytes() == before


# -- the table ------------------------------------------------------------------------------------


def test_a_row_says_what_is_wrong_first_and_what_is_right(folder: Path, tried: list[str]) -> None:
    put(a=WRONG)
    assert grade("in", "--csv", "out.csv") == 0
    (row,) = table()
    assert tuple(row) == COLUMNS
    assert set(map(str, Verdict)) < set(COLUMNS)
    assert (row["verdict"], row["true"], row["false"], row["line"]) == ("wrong", "1", "1", "3")
    assert row["slip"] == "sign"
    assert row["reason"] == "the sign is wrong"
    assert row["correction"] == "'-(y - f) f (1 - f) x"
    assert row["text"] == "\u2202L/\u2202w = (y - f)*f*(1 - f)*x"


def test_rows_are_in_the_order_of_the_answers_and_each_is_there_once(
    folder: Path, tried: list[str]
) -> None:
    put(a=RIGHT, b=WRONG, c=RIGHT, d=RIGHT)
    assert grade("in/c.tex", "in/b.tex", "in", "in/c.tex", "--csv", "out.csv") == 0
    assert column("file") == ["in/c.tex", "in/b.tex", "in/a.tex", "in/d.tex"]
    assert sorted(tried) == ["a.tex", "b.tex", "c.tex", "d.tex"]


def test_a_folder_has_its_answers_by_name_and_nothing_else(folder: Path, tried: list[str]) -> None:
    put(b=RIGHT, a=RIGHT)
    for name, text in {"c.md": f"$$ {RIGHT[2:-2]} $$", "d.txt": "dL/db = f", "e.log": "x"}.items():
        Path("in", name).write_text(text)
    assert grade("in", "--csv", "out.csv") == 0
    assert column("file") == ["in/a.tex", "in/b.tex", "in/c.md", "in/d.txt"]
    assert column("verdict") == ["right", "right", "right", "wrong"]


def test_names_and_answers_cannot_open_a_formula_in_a_spreadsheet(
    folder: Path, tried: list[str]
) -> None:
    names = ['=HYPERLINK("x").tex', "+1.tex", "-1.tex", "@x.tex", "\uff1dx.tex", "a\n=1\x1b[2J.tex"]
    for name in names:
        Path(name).write_text(WRONG)
    assert grade("--partial=dL/dw", "--csv=out.csv", "--", *names) == 0
    cells = [cell for row in table() for cell in row.values()]
    assert not any(cell.startswith(tuple("=+-@\uff1d\t\r\n")) for cell in cells)
    assert column("file") == [
        *(f"'{name}" for name in names[:5]),
        r"a\n=1\x1b[2J.tex",
    ]
    tried.clear()
    assert grade("--partial=dL/dw", "--csv=out.csv", "--", *names) == 0
    assert tried == []


def test_a_long_line_is_cut(folder: Path, tried: list[str]) -> None:
    put(a=RIGHT.replace(r"\]", " + x" * 400 + r"\]"))
    assert grade("in", "--csv", "out.csv") == 0
    assert len(table()[0]["text"]) == LONGEST


# -- going on -------------------------------------------------------------------------------------


def test_only_what_is_new_is_judged_again(
    folder: Path, tried: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    put(a=RIGHT, b=WRONG, c=f"BREAK {RIGHT}")
    assert grade("in", "--csv", "out.csv") == 0
    first = Path("out.csv").read_bytes()
    assert column("verdict") == ["right", "wrong", "not decided"]
    put(a0=RIGHT)
    tried.clear()
    assert grade("in", "--csv", "out.csv") == 0
    assert sorted(tried) == ["a0.tex", "c.tex"], "what broke is tried again"
    assert "2 of them as before" in capsys.readouterr().out
    Path("in/a0.tex").unlink()
    Path("out.csv").write_bytes(first)
    tried.clear()
    assert grade("in", "--csv", "out.csv") == 0
    assert tried == ["c.tex"]
    assert Path("out.csv").read_bytes() == first


@pytest.mark.parametrize("change", ["answer", "network", "question", "table", "force"])
def test_what_a_grade_depends_on_is_looked_at(folder: Path, tried: list[str], change: str) -> None:
    put(a=RIGHT)
    assert grade("in", "--csv", "out.csv") == 0
    tried.clear()
    more: list[str] = []
    if change == "answer":
        put(a=WRONG)
    elif change == "network":
        Path("net.py").write_text(NETWORK.replace("half_squared", "squared"))
    elif change == "question":
        more = ["--partial", "dL/db"]
    elif change == "table":
        Path("out.csv").write_text(Path("out.csv").read_text().replace("right,1,", "fine,1,"))
    else:
        more = ["--force"]
    assert grade("in", "--csv", "out.csv", *more) == 0
    assert tried == ["a.tex"]
    now = {"answer": "wrong", "network": "wrong", "question": "not decided"}
    assert column("verdict") == [now.get(change, "right")]


def test_rows_of_other_answers_stay_until_all_begins_anew(
    folder: Path, tried: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    put(a=RIGHT, b=WRONG)
    assert grade("in/a.tex", "--csv", "out.csv") == 0
    assert grade("in/b.tex", "--csv", "out.csv") == 0
    assert column("file") == ["in/b.tex", "in/a.tex"]
    assert "1 file: 0 right, 1 wrong" in capsys.readouterr().out
    assert grade("in/b.tex", "--csv", "out.csv", "--force") == 0
    assert column("file") == ["in/b.tex"]


def test_an_interruption_keeps_what_was_judged(
    folder: Path, tried: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    put(a=RIGHT, b="INTERRUPT", c=WRONG)
    assert grade("in", "--csv", "out.csv") == 130
    assert "1 of 3 answers are judged, and in out.csv" in capsys.readouterr().err
    assert column("file") == ["in/c.tex"]
    put(b=RIGHT)
    tried.clear()
    assert grade("in", "--csv", "out.csv") == 0
    assert tried == ["b.tex", "a.tex"]
    assert column("verdict") == ["right", "right", "wrong"]


# -- what is asked for ----------------------------------------------------------------------------


def test_one_partial_may_be_all_that_is_asked_for(folder: Path, tried: list[str]) -> None:
    Path("in/a.txt").write_text("-(y - f)*f*(1 - f)*x\n")
    Path("in/b.txt").write_text("-(y - f)*f*x\n")
    assert grade("in", "--partial", "dL/dw", "--csv", "out.csv") == 0
    assert column("verdict") == ["right", "wrong"]


def test_an_answer_may_say_which_network_but_not_have_functions_called(
    folder: Path, tried: list[str]
) -> None:
    Path("net.py").write_text(NETWORK + SECOND)
    put(a="% symprop: network=net\n" + RIGHT, b="% symprop: network=line\n" + RIGHT)
    put(c=RIGHT, d="% symprop: network=mischief\n" + RIGHT)
    assert grade("in", "--csv", "out.csv") == 0
    assert column("verdict") == ["right", "wrong", "not decided", "not decided"]
    assert main(["grade", "net.py:net", "in", "--csv", "out.csv"]) == 0
    assert column("verdict") == ["right"] * 4, "who grades has the last word"


def test_without_a_table_each_answer_is_a_line(
    folder: Path, tried: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    put(a=RIGHT, b=WRONG)
    assert grade("in") == 0
    assert capsys.readouterr().out.splitlines() == [
        "in/a.tex: right",
        "in/b.tex: wrong, line 3: sign: the sign is wrong",
        "2 files: 1 right, 1 wrong, 0 not decided",
        "first mistakes: sign (1)",
    ]


def test_the_rows_come_as_json_too(
    folder: Path, tried: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    put(a=RIGHT, b=WRONG)
    assert grade("in", "--json") == 0
    right, wrong = json.loads(capsys.readouterr().out)
    assert (right["verdict"], right["true"], wrong["slip"]) == ("right", 1, "sign")
    assert tuple(right) == COLUMNS


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["in", "--csv", "out.txt"], "ends with .csv"),
        (["in", "--csv", "mine.csv"], "no table of grades"),
        (["in", "--csv", "none/out.csv"], "no folder none"),
        (["in", "--csv", "folder.csv"], "is a folder"),
        (["in", "mine.csv", "--csv", "mine.csv"], "is one of the answers"),
        (["gone/*.tex"], "no such file"),
        (["empty"], "has no answers"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_judged(
    folder: Path,
    tried: list[str],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    put(a=RIGHT)
    Path("mine.csv").write_text("name,points\r\nAnn,3\r\n")
    Path("folder.csv").mkdir()
    Path("empty").mkdir()
    assert grade(*arguments) == 1
    assert message in capsys.readouterr().err
    assert tried == []
    assert Path("mine.csv").read_text().startswith("name")


@pytest.mark.parametrize("option", ["--jobs=0", "--jobs=two", "--time-limit=0", "--time-limit=inf"])
def test_limits_are_numbers_above_zero(
    folder: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(a=RIGHT)
    with pytest.raises(SystemExit):
        grade("in", option)
    assert option.partition("=")[2] in capsys.readouterr().err
