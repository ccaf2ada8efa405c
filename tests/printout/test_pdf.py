"""PDFs by a TeX engine: which one is run and how; what is said where there is none, or it fails."""

from __future__ import annotations

import os
import shutil
import stat
import time
from pathlib import Path

import pytest

from symprop.cli import main
from symprop.errors import TypesettingError
from symprop.files import is_unedited
from symprop.printout import typesetting
from symprop.printout.typesetting import ENGINES, find_engine, typeset

NEURON = """\
from sympy import symbols
from symprop import Network, half_squared_error, sigmoid

x, y, w, b = symbols("x y w b", real=True)
net = Network("a neuron", inputs=[x], targets=[y], weights=[w, b])
f = net.step("f", sigmoid(w * x + b))
net.loss(half_squared_error(y, f))
"""
needs_pdflatex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")


@pytest.fixture
def neuron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("neuron.py").write_text(NEURON)
    return "neuron.py"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is searched for programs."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def add(folder: Path, name: str, script: str = "") -> None:
    """A program that is a shell script; what it is called with is kept in `called`."""
    file = folder / name
    kept = f'echo "$@" > {folder}/called; /usr/bin/env > {folder}/environment\n'
    file.write_text(f"#!/bin/sh\n{kept}{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


MAKES_A_PDF = r"printf '%%PDF-1.4\nbody\n%%%%EOF\n' > printout.pdf"


# -- the engine --------------------------------------------------------------------------------


def test_latexmk_is_taken_before_pdflatex_and_tectonic(programs: Path) -> None:
    add(programs, "tectonic")
    assert find_engine().program == "tectonic"
    add(programs, "pdflatex")
    assert find_engine().program == "pdflatex"
    add(programs, "latexmk")
    assert find_engine().program == "latexmk"


def test_latexmk_without_pdflatex_is_no_engine(programs: Path) -> None:
    add(programs, "latexmk")
    add(programs, "tectonic")
    assert find_engine().program == "tectonic"


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.program)
def test_an_engine_has_no_shell_and_stays_in_its_folder(
    engine: typesetting.Engine, programs: Path
) -> None:
    for needed in engine.needs:
        add(programs, needed)
    add(programs, engine.program, MAKES_A_PDF)
    assert typeset("x").startswith(b"%PDF")
    called = (programs / "called").read_text().split()
    assert called[-1] == "printout.tex"
    assert {"-no-shell-escape", "--untrusted"} & set(called)
    environment = (programs / "environment").read_text().splitlines()
    for setting in ("openin_any=p", "openout_any=p", "shell_escape=f", "SOURCE_DATE_EPOCH=0"):
        assert setting in environment


def test_an_engine_that_asks_for_a_second_run_gets_it(programs: Path) -> None:
    count = programs / "count"
    script = f"""echo run >> {count}
    if [ $(/usr/bin/wc -l < {count}) -lt 2 ]; then echo 'Rerun to get it right' > printout.log
    else echo > printout.log; fi
    {MAKES_A_PDF}"""
    add(programs, "pdflatex", script)
    typeset("x")
    assert count.read_text() == "run\nrun\n"


def test_an_engine_that_never_ends_is_stopped_with_what_it_started(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(programs, "pdflatex", f"/bin/sleep 60 & echo $! > {programs}/child; wait")
    monkeypatch.setattr(typesetting, "SECONDS", 0.5)
    before = time.monotonic()
    with pytest.raises(TypesettingError, match="pdflatex was stopped"):
        typeset("x")
    assert time.monotonic() - before < 10
    child = int((programs / "child").read_text())
    assert _ends(child)


def _ends(process: int) -> bool:
    """Whether a process is gone soon, or a zombie that nobody has fetched."""
    for _ in range(100):
        status = Path(f"/proc/{process}/stat")
        try:
            os.kill(process, 0)
            if status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_an_engine_that_makes_nothing_says_so(programs: Path) -> None:
    add(programs, "pdflatex", "exit 0")
    with pytest.raises(TypesettingError, match="pdflatex: failed without a message"):
        typeset("x")


def test_the_first_error_of_a_log_is_shown(programs: Path) -> None:
    log = r"printf '(fonts)\n! Undefined control sequence.\nl.7 \\wrong\n! Other.\n' > printout.log"
    add(programs, "pdflatex", f"{log}; exit 1")
    with pytest.raises(TypesettingError) as caught:
        typeset("x")
    assert caught.value.message == r"pdflatex: Undefined control sequence. (l.7 \wrong)"


# -- the command -------------------------------------------------------------------------------


@needs_pdflatex
def test_a_pdf_is_made_beside_its_latex(
    neuron: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["print", neuron, "--pdf"]) == 0
    assert capsysbinary.readouterr().out == b"a_neuron.tex: written\na_neuron.pdf: written\n"
    pdf = Path("a_neuron.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pdf.splitlines()[-2] == b"%%EOF"
    assert is_unedited(pdf)
    assert is_unedited(Path("a_neuron.tex").read_bytes())
    assert sorted(os.listdir()) == ["a_neuron.pdf", "a_neuron.tex", "neuron.py"]


@needs_pdflatex
def test_the_same_network_gives_the_same_bytes(
    neuron: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    main(["print", neuron, "-o", "out.pdf"])
    capsysbinary.readouterr()
    assert main(["print", neuron, "-o", "out.pdf"]) == 0
    assert capsysbinary.readouterr().out == b"out.tex: up to date\nout.pdf: up to date\n"


@needs_pdflatex
@pytest.mark.parametrize(
    "command",
    [r"\input{/etc/passwd}", r"\newwrite\f\immediate\openout\f=../outside.tex "],
    ids=["read", "write"],
)
def test_files_elsewhere_are_neither_read_nor_written(command: str) -> None:
    text = rf"\documentclass{{article}}\begin{{document}}{command}\end{{document}}"
    with pytest.raises(TypesettingError):
        typeset(text)


@needs_pdflatex
def test_no_program_is_run_from_latex(tmp_path: Path) -> None:
    command = rf"\immediate\write18{{touch {tmp_path}/ran}}"
    typeset(rf"\documentclass{{article}}\begin{{document}}x{command}\end{{document}}")
    assert not (tmp_path / "ran").exists()


def test_without_an_engine_the_latex_is_there(
    neuron: str, programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print", neuron, "--pdf"]) == 1
    said = capsys.readouterr().err
    assert "no TeX engine was found: neither latexmk, pdflatex nor tectonic" in said
    assert "apt install" in said
    assert "the LaTeX is in a_neuron.tex" in said
    assert is_unedited(Path("a_neuron.tex").read_bytes())
    assert not Path("a_neuron.pdf").exists()


def test_a_failing_engine_tells_its_error_and_where_the_latex_is(
    neuron: str, programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(programs, "pdflatex", "echo '! Emergency stop.' > printout.log; exit 1")
    assert main(["print", neuron, "-o", "out.pdf"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "symprop: pdflatex: Emergency stop.",
        "  the LaTeX is in out.tex",
    ]
    assert Path("out.tex").exists()


@pytest.mark.parametrize("taken", ["out.pdf", "out.tex"])
def test_a_file_of_somebody_else_is_not_overwritten_and_nothing_is_written(
    neuron: str, programs: Path, taken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    add(programs, "pdflatex", MAKES_A_PDF)
    Path(taken).write_bytes(b"%PDF-1.4\nmine\n%%EOF\n")
    assert main(["print", neuron, "-o", "out.pdf"]) == 1
    assert f"{taken} exists and was not written by symprop" in capsys.readouterr().err
    assert Path(taken).read_bytes() == b"%PDF-1.4\nmine\n%%EOF\n"
    assert sorted(p for p in os.listdir() if p.startswith("out")) == [taken]
    assert main(["print", neuron, "-o", "out.pdf", "--force"]) == 0


def test_an_edited_pdf_is_not_overwritten(
    neuron: str, programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(programs, "pdflatex", MAKES_A_PDF)
    main(["print", neuron, "-o", "out.pdf"])
    pdf = Path("out.pdf")
    pdf.write_bytes(pdf.read_bytes().replace(b"body", b"note"))
    assert main(["print", neuron, "-o", "out.pdf"]) == 1
    assert "was edited since symprop wrote it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--pdf", "-o", "out.html"], "a PDF ends with .pdf"),
        (["--pdf", "-o", "-"], "a PDF is not printed"),
        (["--pdf", "--fragment"], "a fragment makes no PDF"),
        (["--pdf", "--format", "html"], "--pdf does not go with --format html"),
    ],
)
def test_options_that_do_not_go_with_a_pdf_are_refused(
    neuron: str, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print", neuron, *options]) == 1
    assert said in capsys.readouterr().err
    assert os.listdir() == ["neuron.py"]
