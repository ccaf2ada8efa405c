"""Names and titles are shown as they are, in every format, and never interpreted."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hostile_networks import HOSTILE, LATEX, TEXTS
from sympy import symbols

from symprop import Network, derive
from symprop.printout import make_document, render
from symprop.printout.notation.latex import escaped, latex_of, running
from symprop.printout.notation.names import Names, declared_markup, name_markup
from symprop.user_text import visible


@cache
def printed(name: str, target: str) -> str:
    return render(make_document(derive(HOSTILE[name]())), target)


def titled(title: str) -> Network:
    x, w = symbols("x w", real=True)
    net = Network(title, inputs=[x], weights=[w])
    net.loss(net.step("a", w * x) ** 2)
    return net


class Page(HTMLParser):
    """The words of a page, and the elements that it is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


# -- LaTeX ----------------------------------------------------------------------------------------


def compiled(text: str, folder: Path) -> str:
    """The log of a document that has been compiled."""
    (folder / "page.tex").write_text(text)
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "-draftmode", "page.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    log = (folder / "page.log").read_text(errors="replace")
    assert done.returncode == 0, log[-2000:]
    return log


def complaints(log: str) -> Iterator[str]:
    yield from re.findall(r"^!.*|^.*undefined.*|^Missing character.*", log, re.M)
    for line, size in re.findall(r"^(Overfull \\hbox \(([\d.]+)pt.*)$", log, re.M):
        if float(size) > 5:
            yield line


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_network_compiles_and_fits_the_page(name: str, tmp_path: Path) -> None:
    assert [*complaints(compiled(printed(name, "latex"), tmp_path))] == []


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_every_title_compiles_and_fits_the_page(tmp_path: Path) -> None:
    head, _, _ = render(make_document(derive(titled("x")), ["network"]), "latex").partition(
        r"\begin{document}"
    )
    titles = [f"{{\\Large\\raggedright {running(visible(text))}\\par}}\n" for text in TEXTS + LATEX]
    document = [head, r"\begin{document}", *titles, r"\end{document}"]
    assert [*complaints(compiled("\n".join(document), tmp_path))] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_no_command_of_a_name_reaches_latex(name: str) -> None:
    text = printed(name, "latex")
    body = text.partition(r"\begin{document}")[2]
    assert not re.findall(r"\\(?:input|write|def|color|verb|csname|end{document}.)\b", body, re.S)


def test_a_character_that_latex_has_not_is_given_by_its_number_and_names_stay_apart() -> None:
    one, other = "学習率の初期値", "学習率の最終値"
    a, b = symbols([one, other], real=True)
    net = Network("apart", inputs=[a], weights=[b])
    net.loss(a * b)
    names = Names(net)
    spelled = [latex_of(names.of(name)) for name in (one, other)]
    assert spelled[0] == r"\text{[U+5B66][U+7FD2][U+7387]\dots{}}"
    assert spelled[1] != spelled[0]


def test_words_longer_than_a_line_may_be_broken_but_names_are_not() -> None:
    assert running("a" * 25).count(r"\allowbreak{}") == 24
    assert running("short words") == "short words"
    assert escaped("a" * 25) == "a" * 25


@pytest.mark.parametrize("given", ["\\", r"\ ", r"\,", r"\text{ }", r"\mathrm{}", "{}", "x" * 200])
def test_a_declared_name_that_shows_nothing_or_fills_a_line_is_text(given: str) -> None:
    assert latex_of(declared_markup("w", given)).startswith(r"\text{")


def test_a_space_at_the_end_of_a_name_does_not_eat_what_follows() -> None:
    assert latex_of(declared_markup("w", "x\\ ")) == r"x\ {}"


# -- HTML -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_well_formed(name: str) -> None:
    text = printed(name, "html")
    page = Page(text)
    assert not page.tags & {"script", "b", "i", "link", "img", "iframe"}
    for formula in re.findall(r"<math.*?</math>", text, re.S):
        ElementTree.fromstring(formula)


def test_every_name_stands_on_the_page_as_it_is() -> None:
    words = "".join(Page(printed("texts", "html")).words)
    assert [t for t in TEXTS if len(t) <= 20 and visible(t) not in words] == []


@pytest.mark.parametrize("title", TEXTS + LATEX)
def test_a_title_is_text_on_the_page(title: str) -> None:
    page = Page(render(make_document(derive(titled(title)), ["network"]), "html"))
    assert visible(title) in "".join(page.words)
    assert not page.tags & {"script", "b", "i"}


# -- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("target", ["latex", "html", "text"])
def test_nothing_steers_a_terminal_or_hides(name: str, target: str) -> None:
    joiners = "\u200d\u2062\u2061"
    text = printed(name, target)
    hidden = {c for c in text if unicodedata.category(c)[0] == "C" and c not in "\n" + joiners}
    assert hidden == set()


@pytest.mark.parametrize("name", HOSTILE)
def test_plain_text_has_no_endless_lines(name: str) -> None:
    lines = printed(name, "text").splitlines()
    assert max(map(len, lines)) <= 400
    assert sum(len(line) > 130 for line in lines) <= 0.05 * len(lines)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("\x1b[31mred", r"\text{[U+001B][31mred}"),
        ("a\u202eb", r"\text{a[U+202E]b}"),
        ("x→y", r"\text{x\ensuremath{\to}y}"),
        ("m²", r"\text{m\ensuremath{^2}}"),
        ("W_max", r"W_{\mathrm{max}}"),
        ("W_xh", r"W_{xh}"),
    ],
)
def test_what_cannot_be_seen_or_set_is_spelled_out(name: str, expected: str) -> None:
    assert latex_of(name_markup(name)) == expected
