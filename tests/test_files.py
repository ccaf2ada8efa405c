"""Files are written whole or not at all, and nothing of somebody else's is lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from symprop.errors import FileError, SympropError, context
from symprop.files import (
    compare,
    file_stem,
    is_marked,
    is_unedited,
    others,
    require_writable,
    running,
    sealed,
    write_all,
    write_sealed,
)

CODE = "def f():\n    return 1\n"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# The mark -------------------------------------------------------------------------------------


def test_mark_is_the_last_line_and_a_comment() -> None:
    text = sealed(CODE)
    assert text.startswith(CODE)
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert text.splitlines()[-1].startswith("# made by symprop, checksum ")


@pytest.mark.parametrize("comment", ["#", "%", "//", "<!--"])
def test_mark_is_recognised_whatever_the_comment(comment: str) -> None:
    content = sealed("text", comment).encode()
    assert is_marked(content) and is_unedited(content)
    assert content.splitlines()[-1].endswith(b" -->") == (comment == "<!--")


def test_every_edit_is_noticed() -> None:
    content = sealed(CODE).encode()
    edited = content.replace(b"return 1", b"return 2")
    assert is_marked(edited) and not is_unedited(edited)
    assert not is_marked(content + b"print(1)\n")
    assert not is_marked(content.rstrip(b"\n"))
    assert not is_marked(b"") and not is_unedited(b"")


def test_line_ends_of_another_system_are_no_edit() -> None:
    assert is_unedited(sealed("a\r\nb\r\n").encode())
    assert is_unedited(sealed(CODE).replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    "code", [CODE, "class A:\n    x = 1\n", "x = 1\n", "if x:\n    print(x)\n"]
)
def test_mark_survives_the_formatter(code: str) -> None:
    pytest.importorskip("ruff")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--check", "-"]
    assert subprocess.run(command, input=sealed(code).encode(), capture_output=True).returncode == 0


# Writing --------------------------------------------------------------------------------------


def test_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    assert write_sealed(path, CODE)
    assert path.read_text() == sealed(CODE)
    assert names(tmp_path) == {"a.py"}


def test_comment_fits_the_language(tmp_path: Path) -> None:
    write_sealed(tmp_path / "a.tex", "x")
    assert (tmp_path / "a.tex").read_text().splitlines()[-1].startswith("% made")


def test_the_same_content_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    write_sealed(path, CODE)
    os.utime(path, ns=(1, 1))
    assert not write_sealed(path, CODE)
    assert path.stat().st_mtime_ns == 1


def test_own_unedited_work_is_overwritten_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    write_sealed(path, "old")
    path.chmod(0o750)
    assert write_sealed(path, "new")
    assert path.read_text() == sealed("new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o750


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (CODE, "was not written by symprop"),
        ("", "was not written by symprop"),
        (sealed("old").replace("old", "my"), "was edited since"),
    ],
)
def test_the_work_of_others_is_refused_without_force(
    tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "a.py"
    path.write_text(content)
    with pytest.raises(FileError, match=reason):
        write_sealed(path, "new")
    assert path.read_text() == content
    assert names(tmp_path) == {"a.py"}
    assert write_sealed(path, "new", force=True)
    assert path.read_text() == sealed("new")


@pytest.mark.parametrize("force", [False, True])
def test_links_folders_and_devices_are_refused(tmp_path: Path, force: bool) -> None:
    write_sealed(tmp_path / "real.py", "old")
    (tmp_path / "link.py").symlink_to("real.py")
    (tmp_path / "dangling.py").symlink_to("nowhere.py")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "device")
    for name, reason in {
        "link.py": "is a symbolic link",
        "dangling.py": "is a symbolic link",
        "folder": "is a folder",
        "device": "is not a regular file",
        "nowhere/a.py": "there is no folder",
        "real.py/a.py": "real.py is not a folder",
    }.items():
        with pytest.raises(FileError, match=reason):
            write_sealed(tmp_path / name, "new", force=force)
    assert (tmp_path / "real.py").read_text() == sealed("old")
    assert names(tmp_path) == {"real.py", "link.py", "dangling.py", "folder", "device"}


def test_what_may_not_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.py"
    write_sealed(path, "old")
    monkeypatch.setattr(os, "access", lambda where, mode: where == tmp_path)
    with pytest.raises(FileError, match="read-only"):
        write_sealed(path, "new")
    monkeypatch.setattr(os, "access", lambda where, mode: False)
    with pytest.raises(FileError, match="may not be written to"):
        write_sealed(path, "new", force=True)
    assert path.read_text() == sealed("old")


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    path = tmp_path / "a.py"
    write_sealed(path, "old")

    def fail(*arguments: object) -> None:
        raise failure

    monkeypatch.setattr(os, step, fail)
    expected = FileError if isinstance(failure, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as raised:
        write_sealed(path, "new")
    if isinstance(failure, OSError):
        assert str(raised.value) == f"{path} cannot be written: No space left on device"
    assert path.read_text() == sealed("old")
    assert names(tmp_path) == {"a.py"}


def test_a_refusal_changes_none_of_many_files(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("mine")
    texts = {tmp_path / "new" / "a.py": "a", tmp_path / "b.py": "b", tmp_path / "mine.py": "c"}
    with pytest.raises(FileError, match=r"mine\.py"):
        write_all(texts, make_folders=True)
    assert names(tmp_path) == {"mine.py"}
    assert write_all(texts, make_folders=True, force=True) == list(texts)
    assert write_all(texts) == []


def test_a_failure_before_the_last_file_is_staged_changes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def fail_at_second(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail_at_second)
    with pytest.raises(FileError, match=r"b\.py"):
        write_all({tmp_path / "a.py": "a", tmp_path / "b.py": "b"})
    assert names(tmp_path) == set()


def test_folders_are_made_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.py"
    with pytest.raises(FileError, match="there is no folder"):
        write_all({path: CODE})
    assert write_all({path: CODE}, make_folders=True) == [path]


# Binary files ---------------------------------------------------------------------------------

BINARY = [
    b"%PDF-1.4\n\x00\xff\r\n\x0b\x0c\x1c\x85\n%%EOF\n",
    b"\x89PNG\r\n\x1a\nIEND",
    b"\r",
    b"",
    b"\n\n",
]


@pytest.mark.parametrize("content", BINARY)
def test_a_binary_file_is_kept_byte_for_byte_before_its_mark(
    tmp_path: Path, content: bytes
) -> None:
    target = tmp_path / "file.pdf"
    assert write_sealed(target, content)
    written = target.read_bytes()
    assert written.startswith(content)
    assert is_unedited(written)
    assert not write_sealed(target, content)
    assert write_sealed(target, content + b"more")


@pytest.mark.parametrize("content", BINARY[:2])
def test_every_edit_of_a_binary_file_is_noticed(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "file.pdf"
    write_sealed(target, content)
    written = target.read_bytes()
    for place in range(len(content)):
        edited = bytes([*written[:place], written[place] ^ 1, *written[place + 1 :]])
        assert not is_unedited(edited)
    target.write_bytes(written.replace(content[:4], b"mine"))
    with pytest.raises(FileError, match="was edited since symprop wrote it"):
        write_sealed(target, content)


def test_a_refusal_can_be_known_before_the_content(tmp_path: Path) -> None:
    mine, own, new = (tmp_path / name for name in ("mine.pdf", "own.pdf", "new.pdf"))
    mine.write_bytes(b"%PDF-1.4\n%%EOF\n")
    write_sealed(own, b"%PDF-1.4\n%%EOF\n")
    require_writable([own, new])
    require_writable([mine], force=True)
    with pytest.raises(FileError, match=r"mine\.pdf exists and was not written by symprop"):
        require_writable([new, mine])
    with pytest.raises(FileError, match="there is no folder"):
        require_writable([tmp_path / "none" / "new.pdf"])
    assert not new.exists()


# Comparing ------------------------------------------------------------------------------------


def test_compare_names_what_is_missing_different_and_strange(tmp_path: Path) -> None:
    texts = {tmp_path / "n" / name: name for name in ("same.py", "stale.py", "missing.py")}
    write_all(texts, make_folders=True)
    (tmp_path / "n" / "missing.py").unlink()
    (tmp_path / "n" / "stale.py").write_text("edited")
    (tmp_path / "n" / "deep").mkdir()
    (tmp_path / "n" / "deep" / "strange.txt").touch()
    (tmp_path / "n" / "__pycache__").mkdir()
    (tmp_path / "n" / "__pycache__" / "same.pyc").touch()
    (tmp_path / "elsewhere.py").touch()
    found = {path.name: what for path, what in compare(texts).items()}
    assert found == {
        "missing.py": "missing",
        "stale.py": "differs",
        "strange.txt": "is not a product",
    }
    assert [path.name for path in others(texts)] == ["strange.txt"]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("digits", "digits"),
        ("K1", "K1"),
        ("two layers, 3 x 4", "two_layers_3_x_4"),
        ("../../etc/passwd", "etc_passwd"),
        ("réseau", "reseau"),
        ("λ", "network"),
        ("...", "network"),
        ("3 layers", "_3_layers"),
        ("numpy", "numpy_"),
        ("random", "random_"),
        ("lambda", "lambda_"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_network_of_any_name_gets_a_module_that_can_be_imported(name: str, stem: str) -> None:
    assert file_stem(name) == stem
    assert stem.isidentifier()


# Running --------------------------------------------------------------------------------------


def test_a_file_runs_as_it_is_now_beside_its_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    paths, modules = sys.path[:], set(sys.modules)
    for folder, value in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "beside.py").write_text(f"value = {value}\n")
        (tmp_path / folder / "net.py").write_text("import beside\nvalue = beside.value\n")
        with running(tmp_path / folder / "net.py") as found:
            assert found["value"] == value
            assert found["__file__"] == str(tmp_path / folder / "net.py")
    file = tmp_path / "a" / "net.py"
    for value in (3, 4):  # of equal size, within one second
        file.write_text(f"value = {value}\n")
        with running(file) as found:
            assert found["value"] == value
    assert sys.path == paths
    assert set(sys.modules) == modules
    assert not [path for path in file.parent.rglob("*.pyc") if "net" in path.name]


def test_what_a_file_prints_goes_to_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "net.py").write_text("print('hello')\n")
    with running(tmp_path / "net.py"):
        pass
    assert capsys.readouterr() == ("", "hello\n")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("x = 1 +\n", "net.py:2: x = 1 +: SyntaxError: invalid syntax"),
        ("1 / 0\n", "net.py:2: 1 / 0: ZeroDivisionError: division by zero"),
        ("assert 0\n", "net.py:2: assert 0: AssertionError"),
        ("value = 1\nvalu\n", "net.py:3: valu: NameError: name 'valu' is not defined"),
        ("import broken\n", "broken.py:1: 1 +: SyntaxError: invalid syntax"),
        ("raise SystemExit(0)\n", "net.py:2: raise SystemExit(0): the file ends the program"),
        ("from symprop import sigmod\n", "net.py:2: from symprop import sigmod: ImportError"),
    ],
)
def test_what_a_file_raises_is_one_line_with_its_place(
    tmp_path: Path, code: str, message: str
) -> None:
    (tmp_path / "broken.py").write_text("1 +\n")
    (tmp_path / "net.py").write_text(f"# a network\n{code}")
    with pytest.raises(FileError) as raised, running(tmp_path / "net.py"):
        pass
    first = str(raised.value).splitlines()[0]
    assert first.startswith(str(tmp_path / message))


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("value = 1\nvalu\n", "did you mean value?"),
        ("import symprop\nsymprop.Netwrk\n", "did you mean Network?"),
        ("from symprop import sigmod\n", "did you mean sigmoid?"),
        ("1 - h\n", "write OneMatrix(N, 1) - h for a number plus a matrix"),
        ("2*(h - c)\n", "write h - c * OneMatrix(N, 1) for a number plus a matrix"),
        ("c + 1 + h\n", "write (c + 1) * OneMatrix(N, 1) + h for a number plus a matrix"),
        ("c - (h + W*h)\n", "write c * OneMatrix(N, 1) - (h + W * h) for a number plus a matrix"),
        ("h.T*h + 1\n", "write scalar(h.T * h) + 1 for a number plus a matrix"),
        ("h += 1\n", "write OneMatrix(rows, columns) instead of 1 for a number plus a matrix"),
        ("(1\n - h)\n", "write OneMatrix(rows, columns) instead of 1 for a number plus a matrix"),
    ],
)
def test_what_a_file_raises_comes_with_a_way_out(tmp_path: Path, code: str, hint: str) -> None:
    declared = (
        "from sympy import MatrixSymbol, symbols\nN, c = symbols('N c')\n"
        "h, W = MatrixSymbol('h', N, 1), MatrixSymbol('W', N, N)\n"
    )
    (tmp_path / "net.py").write_text(declared + code)
    with pytest.raises(FileError) as raised, running(tmp_path / "net.py"):
        pass
    assert raised.value.hint == hint


# Errors ---------------------------------------------------------------------------------------


def test_context_stands_in_front_and_the_hint_on_a_second_line() -> None:
    with pytest.raises(SympropError) as raised, context("step 'a1'"):
        raise FileError("a cause", hint="a way out")
    assert str(raised.value) == "step 'a1': a cause\na way out"
