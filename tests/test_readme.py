"""The README tells the truth: its code runs, and gives what stands beside it."""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from example_networks import derivation_of

import symprop.functions
from symprop.cli import EXAMPLES, main
from symprop.emission import emit

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

MISTAKES = """\
from sympy import *
from symprop import *
D, N = symbols("D N", integer=True, positive=True)
x, h, W = MatrixSymbol("x", D, 1), MatrixSymbol("h", N, 1), MatrixSymbol("W", N, D)
y, a, A1 = symbols("y a a_1", real=True)
net = Network("net", inputs=[x, h], targets=[y], weights=[W, a], labels={y: "binary"})
net.step("a1", total(W * x) + a)
a1 = Symbol("a1", real=True)
"""
"""What stands above the mistakes that the README shows."""


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)
    return [text for found, text in fenced if found == language]


def is_excerpt(block: str) -> bool:
    """Whether a block is indented: a piece of an emitted module, not a program."""
    return block.startswith(" ")


def section(title: str) -> str:
    """The text below a heading."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


# -- Python ---------------------------------------------------------------------------------------


def comments(lines: list[str]) -> str:
    """The comments in some lines, one line each."""
    found = (re.search(r"(?:^|  )# (.*)$", line) for line in lines)
    return "\n".join(match[1] for match in found if match)


def told(code: str) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement of a block, and what the comments beside and below it tell of its value."""
    statements, lines = ast.parse(code).body, code.splitlines()
    ends = [statement.lineno - 1 for statement in statements[1:]] + [len(lines)]
    for statement, end in zip(statements, ends, strict=True):
        last = (statement.end_lineno or end) - 1
        yield statement, comments(lines[last:end])


def is_print(statement: ast.stmt) -> bool:
    return "print(" in ast.unparse(statement)


def test_python_of_the_readme_gives_what_its_comments_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The blocks are one program; every value with a comment is printed after a line of its own."""
    program: list[str] = []
    expected: list[str] = []
    for block in blocks("python"):
        for statement, comment in () if is_excerpt(block) else told(block):
            source = ast.unparse(statement)
            shows = isinstance(statement, ast.Expr) and not is_print(statement)
            if comment and (shows or is_print(statement)):
                program.append(f"print('>>>', {len(expected)})")
                expected.append(comment)
                program.append(f"print({source})" if shows else source)
                program.append("print('<<<')")
            else:
                program.append(source)
    file = tmp_path / "readme.py"
    file.write_text("\n".join(program))
    runpy.run_path(str(file))
    printed = re.findall(r"^>>> \d+\n(.*?)^<<<$", capsys.readouterr().out, re.DOTALL | re.MULTILINE)
    assert len(expected) >= 20
    assert [text.rstrip("\n") for text in printed] == expected


def test_excerpts_of_emitted_code_stand_in_a_module_of_the_examples() -> None:
    modules = [emit(derivation_of(name)) for name in ("digits", "multilayer_perceptron")]
    excerpts = [block for block in blocks("python") if is_excerpt(block)]
    assert excerpts
    for excerpt in excerpts:
        assert any(excerpt in module for module in modules), excerpt


# -- the command line -----------------------------------------------------------------------------


def test_commands_of_the_readme_print_what_it_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    shown = [block for block in blocks("") if block.startswith("$ symprop ")]
    assert shown
    for block in shown:
        command, _, output = block.partition("\n")
        assert main(command.split()[2:]) == (1 if "\nnot right: " in output else 0)
        assert capsys.readouterr().out == output


def test_commands_of_the_readme_are_those_of_the_help() -> None:
    (listed,) = (block for block in blocks("") if "symprop build" in block)
    for line in listed.splitlines():
        assert line in EXAMPLES


def test_mistakes_of_the_readme_are_refused_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (shown,) = (block for block in blocks("") if "symprop: net.py" in block)
    mistakes = re.findall(r"^symprop: net\.py:(\d+): (.*)\n  .*\n", shown, re.MULTILINE)
    assert len(mistakes) == len(shown.splitlines()) / 2
    for place, message in mistakes:
        code = re.split(r": (?:step|loss|TypeError)", message)[0]
        above = MISTAKES + "\n" * (int(place) - 1 - MISTAKES.count("\n"))
        Path("net.py").write_text(above + code + "\n")
        assert main(["check", "net.py"]) == 1
        assert capsys.readouterr().err in shown


# -- the vocabulary -------------------------------------------------------------------------------


def test_vocabulary_of_the_readme_is_that_of_symprop() -> None:
    rows = [line for line in section("The vocabulary").splitlines() if line.startswith("| ")]
    named = [name for row in rows[1:] for name in re.findall(r"`(\w+)`", row.rpartition(" | ")[2])]
    assert sorted(named) == sorted(set(symprop.functions.__all__) - {"zero_one_loss"})


def test_files_that_the_readme_links_to_are_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_picture_at_its_head_shows_lines_of_the_products() -> None:
    picture = (ROOT / "docs/input-output.svg").read_text(encoding="utf-8")
    found = re.findall(r'<text x="\d+" y="\d+">(.*?)</text>', picture)
    shown = [unescape(re.sub("<[^>]+>", "", text)) for text in found]
    assert len(shown) > 20
    made = [ROOT / "examples/digits.py", *(ROOT / "generated/digits").glob("digits.[pt]*")]
    lines = "\n".join(path.read_text(encoding="utf-8") for path in made)
    assert [text for text in shown if text not in lines] == []
