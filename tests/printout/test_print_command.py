"""The command `symprop print`."""

from __future__ import annotations

from pathlib import Path

import pytest

from symprop.cli import main
from symprop.commands import printing
from symprop.files import is_unedited
from symprop.printout import FORMATS, SECTIONS
from symprop.printout.sections.optimizers import OPTIMIZERS

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
    assert tuple(SECTIONS) == printing.PARTS
    assert set(FORMATS) == set(printing.FORMATS)
    on_request = tuple(key for key, kind in SECTIONS.items() if not kind.default)
    assert on_request == printing.ON_REQUEST
    assert tuple(OPTIMIZERS) == printing.OPTIMIZERS


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


def test_the_update_rules_are_those_of_the_optimiser(
    neuron: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["print", str(neuron), "--only", "updates", "--optimizer", "adam"]) == 0
    assert "Adam, learning rate" in capsysbinary.readouterr().out.decode()


def test_the_gradient_check_is_there_on_request(
    neuron: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["print", str(neuron)]) == 0
    assert "The gradient check" not in capsysbinary.readouterr().out.decode()
    assert main(["print", str(neuron), "--with", "check"]) == 0
    assert "The gradient check" in capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    ("option", "meant"),
    [("--no-updaets", "--no-updates"), ("--no-trainning", "--no-training"), ("--onyl", "--only")],
)
def test_a_mistyped_option_is_met_with_the_nearest_one(
    neuron: Path, option: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["print", str(neuron), option]
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.endswith(f"arguments: {option}; did you mean {meant}?\n")


def test_a_mistyped_option_of_another_command_is_met_with_one_of_its_own(
    neuron: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["emit", str(neuron), "--tarket", "numpy"])
    assert "did you mean --target?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only", "updaets"], "did you mean 'updates'?"),
        (["-o", "out.docx"], "no format has this ending"),
        (["-o", "neuron.py", "--format", "text"], "declares the network"),
    ],
)
def test_bad_options_are_refused(
    neuron: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print", str(neuron), *options]) == 1
    assert said in capsys.readouterr().err
    assert neuron.read_text() == NEURON
