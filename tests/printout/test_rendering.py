"""Printouts as documents: LaTeX that compiles, HTML that is well formed, text for terminals."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from example_networks import NETWORKS
from sympy import Symbol, exp, log, symbols

from symprop import Network, define, derive, sigmoid
from symprop.errors import DeclarationError
from symprop.printout import FORMATS, SECTIONS, make_document, render
from symprop.printout.formats import cells
from symprop.printout.notation.breaking import broken
from symprop.printout.notation.markup import DOT, MINUS, PLUS, Letter, Markup, parts_of, row
from symprop.printout.notation.widths import width

NAMES = [
    "a % network <b>&amp; \\end{document} {{ 7*7 }}",
    r"\input{/etc/passwd}",
    "<script>1</script>",
    "50% & $x$ #1 ~ ^ \\",
    "{{ 7*7 }}",
    "n" * 300,
    "\u91cd\u307f",
]


def hostile() -> Network:
    """A network whose names mean something to LaTeX, HTML and Jinja."""
    title, h, g, p, q, long, other = NAMES
    h, g, p, q, long, other = (Symbol(name, real=True) for name in NAMES[1:])
    network = Network(
        title,
        inputs=[h, g, q],
        targets=[p],
        weights=[long, other],
        latex={other: r"\mathbb{E}"},
    )
    a = network.step("\u03b1 \u03b2", h * long + g * other, latex=r"\write18{ls}")
    b = network.step("x_{\\bad}", sigmoid(a * q))
    network.loss((p - b) ** 2, name="L%", latex="\\def\\x{}")
    return network


def wide() -> Network:
    """A network with formulas that are much wider than a page."""
    weights, inputs = symbols("weight_a1:16", real=True), symbols("x1:16", real=True)
    y = Symbol("y", real=True)
    network = Network("wide", inputs=inputs, targets=[y], weights=weights)
    pairs = list(zip(weights, inputs, strict=True))
    a = network.step("a", sum(w * x for w, x in pairs))
    above = sigmoid(a) * log(1 + sum(exp(w * x) for w, x in pairs))
    b = network.step("b", above / (1 + sum(exp(w * x) ** 2 for w, x in pairs)))
    network.loss((y - b) ** 2)
    return network


def rendered(network: Network, target: str) -> str:
    return render(make_document(derive(network)), target)


ALL = {**NETWORKS, "hostile": hostile(), "wide": wide()}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("target", FORMATS)
def test_every_network_is_printed_the_same_twice(name: str, target: str) -> None:
    text = rendered(ALL[name], target)
    assert text == rendered(ALL[name], target)
    assert text.endswith("\n")
    assert not [line for line in text.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize("name", ["layer_norm", "lstm", "attention", "second_smallest_perceptron"])
def test_rendering_leaves_a_document_as_it_is(name: str) -> None:
    document = make_document(derive(NETWORKS[name]))
    first = render(document, "text")
    for target in FORMATS:
        render(document, target)
    assert render(document, "text") == first


# -- LaTeX ----------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("name", ALL)
def test_a_printout_compiles_and_fits_the_page(name: str, tmp_path: Path) -> None:
    (tmp_path / "printout.tex").write_text(rendered(ALL[name], "latex"))
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "printout.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log_text = (tmp_path / "printout.log").read_text(errors="replace")
    assert done.returncode == 0, log_text[-2000:]
    assert not re.findall(r"^!.*|.*undefined.*", log_text, re.M)
    overfull = [float(size) for size in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log_text)]
    assert [size for size in overfull if size > 5] == []


def test_names_stand_in_latex_as_text() -> None:
    text = rendered(hostile(), "latex")
    assert r"\input" not in text
    assert r"\write" not in text
    assert r"\def" not in text
    assert text.count(r"\end{document}") == 1
    assert "49" not in re.sub(r"\(-?[\d.]+,-?[\d.]+\)", "", text)  # but for points of pictures


def test_a_fragment_is_no_document() -> None:
    document = make_document(derive(NETWORKS["smallest_perceptron"]))
    text = render(document, "latex", fragment=True)
    assert r"\documentclass" not in text
    assert r"\section*{The network}" in text
    assert "<html" not in render(document, "html", fragment=True)


def test_only_amsmath_and_tikz_are_needed() -> None:
    packages = set(
        re.findall(r"\\usepackage(?:\[\w+\])?{(.*?)}", rendered(NETWORKS["digits"], "latex"))
    )
    assert packages == {"inputenc", "amsmath", "tikz"}


# -- HTML -----------------------------------------------------------------------------------------


class Elements(HTMLParser):
    """Which elements a page has; an element that is not closed in order is an error."""

    VOID = ("meta", "link", "br", "wbr", "img", "mspace")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.met: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("name", ALL)
def test_a_page_is_well_formed_and_needs_nothing_from_outside(name: str) -> None:
    text = rendered(ALL[name], "html")
    page = Elements()
    page.feed(text)
    assert page.open == []
    assert {"math", "section", "nav"} <= page.met
    assert not page.met & {"script", "link", "img", "iframe", "b"}
    namespaces = re.compile(r' xmlns="http://www\.w3\.org/[\w/]+"')
    assert not re.search(r"https?:|url\(|@import", namespaces.sub("", text))
    for formula in re.findall(r"<math.*?</math>", text, re.S):
        ElementTree.fromstring(formula)


def test_names_stand_in_html_as_text() -> None:
    page = Elements()
    page.feed(rendered(hostile(), "html"))
    words = "".join(page.words)
    assert "<script>1</script>" in words
    assert "a % network <b>&amp; \\end{document} {{ 7*7 }}" in words


# -- text -----------------------------------------------------------------------------------------


def test_the_text_of_the_smallest_perceptron() -> None:
    document = make_document(derive(NETWORKS["smallest_perceptron"]), ["chain-rule"])
    assert render(document, "text") == (
        "smallest_perceptron\n"
        "\n"
        "The chain rule, backwards\n"
        "\n"
        "    The weight w\n"
        "        d\u2112/dw = d/dw{1/2 \u00b7 (y \u2212 y\u0302)\u00b2}    (definition of \u2112)\n"
        "              = \u2212(y \u2212 y\u0302) \u00b7 (dw x)/dw    (chain rule)\n"
        "              = \u2212(y \u2212 y\u0302) x = \u2207w    (just shorthand)\n"
    )


def test_equality_signs_stand_below_one_another() -> None:
    document = make_document(derive(NETWORKS["multilayer_perceptron"]), ["locals"])
    lines = render(document, "text").splitlines()[3:]
    assert len({cells(line.split(" = ")[0].ljust(0)) for line in lines if " = " in line}) <= 3
    assert all(" = " in line for line in lines)


# -- sections -------------------------------------------------------------------------------------


def test_sections_are_chosen_and_left_out() -> None:
    derivation = derive(NETWORKS["smallest_perceptron"])
    keys = [section.key for section in make_document(derivation).sections]
    default = [key for key, kind in SECTIONS.items() if kind.default]
    assert keys == default
    some = make_document(derivation, ["updates", "network"]).sections
    assert [section.key for section in some] == ["network", "updates"]
    rest = make_document(derivation, without=["locals"]).sections
    assert [section.key for section in rest] == [key for key in default if key != "locals"]


def test_an_unknown_section_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(DeclarationError) as caught:
        make_document(derive(NETWORKS["smallest_perceptron"]), ["updaets"])
    assert "updates" in caught.value.hint


def test_an_unknown_format_is_refused() -> None:
    document = make_document(derive(NETWORKS["smallest_perceptron"]))
    with pytest.raises(DeclarationError, match="no format 'docx'"):
        render(document, "docx")


def test_the_formula_of_a_function_of_your_own_is_printed() -> None:
    x, w = symbols("x w", real=True)
    double = define("double", lambda u: 2 * u)
    network = Network("own", inputs=[x], weights=[w])
    network.loss(double(w * x))
    text = rendered(network, "latex")
    assert r"\operatorname{double}(u) &= 2 u" in text


def test_the_long_equation_holds_inputs_and_weights_alone() -> None:
    document = make_document(derive(NETWORKS["multilayer_perceptron"]), ["network"])
    assert r"\hat{y} &= \sigma(w_3 \sigma(w_2 \sigma(w_1 x + b_1)))" in render(document, "latex")
    long = make_document(derive(NETWORKS["lstm"]), ["network"])
    assert "one long equation" not in render(long, "latex")


# -- lines that are too wide ----------------------------------------------------------------------


def test_a_long_sum_is_broken_before_its_signs() -> None:
    letters: list[Markup] = [Letter("x", "x")]
    for _ in range(40):
        letters += [PLUS, Letter("x", "x")]
    whole = row(*letters)
    lines = broken(whole, 20.0, 20.0)
    assert len(lines) >= 4
    assert all(width(line) <= 20.0 for line in lines)
    assert all(parts_of(line)[0] == PLUS for line in lines[1:])
    assert [part for line in lines for part in parts_of(line)] == letters


def test_a_short_line_is_left_alone() -> None:
    line = row(Letter("x", "x"), MINUS, Letter("y", "y"), DOT, Letter("z", "z"))
    assert broken(line, 20.0, 20.0) == [line]


# -- notebooks ------------------------------------------------------------------------------------


def test_a_notebook_shows_networks_and_derivations() -> None:
    network = NETWORKS["smallest_perceptron"]
    assert network._repr_latex_() == (
        "$$\\begin{aligned}\n"
        "\\hat{y} &= w x \\\\\n"
        "\\mathcal{L} &= \\frac{1}{2} (y - \\hat{y})^2\n"
        "\\end{aligned}$$"
    )
    derivation = derive(network)
    assert derivation._repr_latex_() == (
        "$$\\begin{aligned}\n\\frac{d\\mathcal{L}}{dw} &= -(y - \\hat{y}) x\n\\end{aligned}$$"
    )
    for shown in (network, derivation):
        page = Elements()
        page.feed(shown._repr_html_())
        assert page.open == []
        assert "math" in page.met


def test_a_notebook_shows_a_network_that_has_no_loss_yet() -> None:
    x, w = symbols("x w", real=True)
    network = Network("begun", inputs=[x], weights=[w])
    network.step("a", w * x)
    assert "a &= w x" in network._repr_latex_()
    assert "math" in network._repr_html_()
