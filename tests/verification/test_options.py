"""Comments of a derivation that say something to symprop: taken, or refused in one line."""

from pathlib import Path

import pytest

from symprop.cli import main

NETWORKS = """\
import symprop as sp
from symprop import Network
from sympy import symbols

x, y, w = symbols("x y w", real=True)
small = Network("small", inputs=[x], targets=[y], weights=[w])
small.loss((y - w * x) ** 2 / 2)
large = Network("large", inputs=[x], targets=[y], weights=[w])
large.loss((y - w * x) ** 2)
"""
RIGHT = "dL/dw = -(y - w*x)*x\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "nets.py").write_text(NETWORKS)
    (tmp_path / "one.py").write_text(NETWORKS.split("large =")[0])
    return tmp_path


def said(files: Path, capsys: pytest.CaptureFixture[str], text: str, file: str) -> tuple[int, str]:
    (files / "answer.txt").write_text(text)
    status = main(["verify", str(files / file), str(files / "answer.txt")])
    return status, capsys.readouterr().err


@pytest.mark.parametrize("comment", ["network=small", "network=nets.py:small", 'network="small"'])
def test_a_comment_chooses_a_network(
    files: Path, capsys: pytest.CaptureFixture[str], comment: str
) -> None:
    assert said(files, capsys, f"# symprop: {comment}\n{RIGHT}", "nets.py") == (0, "")


@pytest.mark.parametrize(
    ("comment", "file", "message"),
    [
        ("network=smal", "nets.py", "has no network 'smal'"),
        ("network=smal", "one.py", "has no network 'smal'"),
        ("network=other.py", "one.py", "has no network 'other.py'"),
        ("network=small, rate=0.1", "nets.py", "symprop has no option 'rate'"),
        ("netwrok=small", "nets.py", "symprop has no option 'netwrok'"),
        ("netwrok=small", "nets.py:small", "symprop has no option 'netwrok'"),
        ("small", "nets.py", "this comment of symprop says nothing"),
        ("", "one.py", "this comment of symprop says nothing"),
    ],
)
def test_a_comment_that_says_nothing_known_is_refused(
    files: Path, capsys: pytest.CaptureFixture[str], comment: str, file: str, message: str
) -> None:
    status, error = said(files, capsys, f"\n# symprop: {comment}\n{RIGHT}", file)
    assert status != 0
    assert "line 2" in error
    assert message in error
    assert len(error.strip().splitlines()) <= 2
