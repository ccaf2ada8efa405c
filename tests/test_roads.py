"""Every road into symprop refuses bad input in a line or two, and leaves the folder as it was."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_calls import CALLS, Call
from bad_inputs import NEURON, ROADS, Road, prepare

from symprop.cli import main
from symprop.errors import SympropError


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of good and bad files. Nothing may change it, so that all rows share it."""
    folder = tmp_path_factory.mktemp("roads")
    prepare(folder)
    return folder


@pytest.fixture
def folder(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """That folder, as working folder; fails where it is not the same afterwards."""
    monkeypatch.chdir(prepared)
    before = snapshot(prepared)
    yield prepared
    assert snapshot(prepared) == before
    assert Path.cwd() == prepared


def snapshot(folder: Path) -> dict[str, tuple[int, int, str | bytes]]:
    """Of every file and folder below: its mode, when it was changed, and what is in it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        content: str | bytes = ""
        if stat.S_ISREG(state.st_mode):
            content = path.read_bytes()
        elif stat.S_ISLNK(state.st_mode):
            content = os.readlink(path)
        found[str(path.relative_to(folder))] = (state.st_mode, state.st_mtime_ns, content)
    return found


def agrees(said: str, expected: str) -> bool:
    """Whether a message is the expected one, or begins as it does where it ends with ..."""
    head, dots, rest = expected.rpartition(" ...")
    return said.startswith(head) if dots and not rest else said == expected


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.name)
def test_bad_input_is_refused_in_two_lines_and_changes_no_byte(
    road: Road, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(road.argv)
    except SystemExit as usage:
        assert usage.code == 2
        status = 2
    output = capsys.readouterr()
    lines = output.err.splitlines()
    said = lines[-1:] if road.status == 2 else lines
    expected = [road.message if road.status == 2 else f"symprop: {road.message}"]
    expected += [f"  {road.hint}"] if road.hint else []
    assert status == road.status
    assert output.out == ""
    assert len(said) == len(expected)
    assert all(map(agrees, said, expected)), said
    assert all(character.isprintable() for line in lines for character in line)
    assert max(map(len, lines)) < 1100


def test_roads_are_told_apart() -> None:
    assert max(Counter(tuple(road.argv) for road in ROADS).values()) == 1
    assert len(ROADS) >= 150


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_bad_arguments_are_refused_in_python_too(call: Call) -> None:
    with pytest.raises(SympropError) as caught:
        call.make()
    assert isinstance(caught.value, call.kind)
    assert (caught.value.message, caught.value.hint) == (call.message, call.hint)


@pytest.mark.parametrize(
    "road",
    [road for road in ROADS if road.status == 1 and isinstance(road.arguments, str)][::10],
    ids=lambda road: road.name,
)
def test_debug_shows_where_any_of_them_was_raised(road: Road, folder: Path) -> None:
    with pytest.raises(SympropError) as caught:
        main(["--debug", *road.argv])
    assert caught.value.__traceback__ is not None


# -- standard input and output --------------------------------------------------------------------


def test_a_full_disk_behind_standard_output_is_said_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    given_up: list[bool] = []
    monkeypatch.setattr("symprop.cli._give_up_output", lambda: given_up.append(True))
    monkeypatch.setattr(sys, "stdout", Full())
    assert main(["derive", "net.py"]) == 1
    assert capsys.readouterr().err == "symprop: standard output: No space left on device\n"
    assert given_up == [True]


@pytest.mark.parametrize(
    "command",
    ["derive net.py", "emit net.py", "functions", "trace net.py --at x=1,y=1,w=1,b=1"],
)
def test_no_standard_output_is_said_in_a_line(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(command.split()) == 1
    assert capsys.readouterr().err == (
        "symprop: standard output is closed\n  write to a file, or to a pipe\n"
    )


def test_a_file_is_written_where_there_is_no_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(NEURON)
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["emit", "net.py", "-o", "out.py"]) == 0
    assert Path("out.py").exists()


def test_no_standard_input_is_said_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["verify", "net.py", "-"]) == 1
    assert capsys.readouterr().err == "symprop: standard input is closed\n  name a file\n"


# -- network files that change more than names ----------------------------------------------------


def test_a_file_that_goes_elsewhere_is_written_beside_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(f'import os\n\nos.chdir("elsewhere")\n{NEURON}')
    assert main(["emit", "net.py", "-o", "out.py"]) == 0
    assert (tmp_path / "out.py").exists()


@pytest.mark.parametrize(
    "name", ["a b.py", "q'uote\".py", "two\nlines.py", "\u00fcn\u00ef.py", "$(touch x).py", "-x.py"]
)
def test_a_path_is_a_path_whatever_is_in_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(NEURON)
    assert main(["emit", "-o", f"./out-{name}", "--", name]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {name, f"out-{name}"}


def test_a_path_that_is_no_text_is_shown_as_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(NEURON)
    target = os.fsdecode(b"out\xff.py")
    try:
        Path(target).touch()
    except OSError:
        pytest.skip("this file system has no such names")
    Path(target).unlink()
    assert main(["emit", "net.py", "-o", target]) == 0
    assert capsysbinary.readouterr().out == b"out\xff.py: written\n"
