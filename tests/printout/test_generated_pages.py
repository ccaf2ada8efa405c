"""The committed pages of the examples: LaTeX that compiles and fits, HTML that stands alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from example_networks import CONTENTS

from symprop import Network
from symprop.files import file_stem, is_unedited

GENERATED = Path(__file__).parents[2] / "generated"
PAGES = sorted(
    GENERATED / file / file_stem(value.name)
    for file, names in CONTENTS.items()
    for value in {id(v): v for v in names.values() if isinstance(v, Network)}.values()
)
NAMES = [str(page.relative_to(GENERATED)) for page in PAGES]
OVERFULL_LIMIT = 5.0
"""A box may stick out by so many points: less than two letters."""


def with_ending(page: Path, ending: str) -> Path:
    return page.with_name(page.name + ending)


def test_every_network_of_the_examples_has_its_pages() -> None:
    expected = {with_ending(page, ending) for page in PAGES for ending in (".tex", ".html")}
    assert {
        path for ending in ("tex", "html") for path in GENERATED.rglob(f"*.{ending}")
    } == expected
    assert all(is_unedited(path.read_bytes()) for path in expected)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_latex_compiles_and_fits_the_page(page: Path, tmp_path: Path) -> None:
    options = ["-interaction=nonstopmode", "-no-shell-escape", "-draftmode", "-jobname=page"]
    command = ["pdflatex", *options, str(with_ending(page, ".tex"))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = (tmp_path / "page.log").read_text(errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert not re.findall(r"^!.*|.*undefined.*|.*multiply defined.*", log, re.M)
    overfull = re.findall(r"^(Overfull \\[hv]box \(([\d.]+)pt.*)$", log, re.M)
    assert [line for line, size in overfull if float(size) > OVERFULL_LIMIT] == []
    assert not re.findall(r"^Missing character.*", log, re.M)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_stands_alone(page: Path) -> None:
    text = with_ending(page, ".html").read_text()
    assert not re.search(
        r"<(script|link|img|iframe)\b|https?:(?!//www\.w3\.org/)|url\(|@import", text
    )
    for formula in re.findall(r"<math.*?</math>", text, re.S):
        ElementTree.fromstring(formula)
