"""The command `symprop print`."""

from __future__ import annotations

from pathlib import Path

import pytest

from symprop import cli
from symprop.cli import main
from symprop.files import is_unedited
from symprop.printout import FORMATS, SECTIONS

NEURON = """\
from sympy import symbols
from symprop import Network, half_squared_error, sigmoid

x, y, w, b = symbols("x y w b", real=True)
net = Network("neuron", inputs=[x], targets=[y], weights=[w, b])
f = net.step("f", sigmoid(w * x + b))
net.loss(half_squared_error(y, f))
"""


@pytest.fixture
def neuron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = Path("neuron.py")
    file.write_text(NEURON)
    return file


def test_the_command_line_knows_all_sections_and_formats() -> None:
    assert tuple(SECTIONS) == cli.PARTS
    assert set(FORMATS) == set(cli.FORMATS)


@pytest.mark.parametrize(
    ("ending", "opens"),
    [("tex", r"\documentclass"), ("html", "<!DOCTYPE html>"), ("txt", "neuron")],
)
def test_the_ending_of_the_file_says_the_format(
    neuron: Path, ending: str, opens: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    target = Path(f"out.{ending}")
    assert main(["print", str(neuron), "-o", str(target)]) == 0
    assert target.read_text().startswith(opens)
    assert is_unedited(target.read_bytes())
    assert main(["print", str(neuron), "-o", str(target)]) == 0
    assert capsysbinary.readouterr().out.decode().splitlines()[-1] == f"{target}: up to date"


def test_an_edited_file_is_not_overwritten(neuron: Path) -> None:
    target = Path("out.tex")
    main(["print", str(neuron), "-o", "out.tex"])
    target.write_text(target.read_text().replace("neuron", "my neuron"))
    assert main(["print", str(neuron), "-o", "out.tex"]) == 1
    assert "my neuron" in target.read_text()
    assert main(["print", str(neuron), "-o", "out.tex", "--force"]) == 0


def test_standard_output_has_text(neuron: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["print", str(neuron), "--only", "updates"]) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert "Update rules" in shown
    assert "Local derivatives" not in shown


def test_sections_can_be_left_out(neuron: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["print", str(neuron), "--no-locals", "--no-updates"]) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert "Update rules" not in shown
    assert "Local derivatives" not in shown
    assert "Forward pass" in shown


def test_a_fragment_can_be_taken_into_a_document(
    neuron: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["print", str(neuron), "--format", "latex", "--fragment"]) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert r"\documentclass" not in shown
    assert r"\begin{alignat*}" in shown


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only", "updaets"], "did you mean 'updates'?"),
        (["-o", "out.pdf"], "no format has this ending"),
        (["-o", "neuron.py", "--format", "text"], "declares the network"),
    ],
)
def test_bad_options_are_refused(
    neuron: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print", str(neuron), *options]) == 1
    assert said in capsys.readouterr().err
    assert neuron.read_text() == NEURON
