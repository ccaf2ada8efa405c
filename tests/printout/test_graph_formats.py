"""A drawn graph as SVG, TikZ, DOT and text: well formed, with names that mean nothing to them."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from example_networks import NETWORKS, derivation_of
from sympy import Symbol

from symprop import Network, derive
from symprop.cli import main
from symprop.errors import DeclarationError
from symprop.example import Example
from symprop.files import is_unedited
from symprop.printout import make_document, render
from symprop.printout.graph.dot import quoted
from symprop.printout.graph.drawn import FORMATS, drawn
from symprop.printout.graph.lettering import flat, runs
from symprop.printout.notation.reading import read_latex

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [
    "<script>1</script>",
    r"\input{/etc/passwd}",
    'a"b\\',
    "50% & $x$ #1",
    "{{ 7*7 }}",
    "]]> <!-- -->",
    "\u91cd\u307f",
]
NUMBERS = Example({"x": -2, "y": 5, "z": -4})


def hostile() -> Network:
    """A network whose names mean something to XML, LaTeX, DOT and Jinja."""
    weights = [Symbol(name, real=True) for name in NAMES]
    network = Network('</svg>"; \\end{tikzpicture} {{ 7*7 }}', weights=weights)
    total = network.step("\\n \\N \\G", weights[0] * weights[1] + weights[2] * weights[3])
    network.loss(total * weights[4] + weights[5] * weights[6] ** 2, name="L & <L>")
    return network


def texts(source: str) -> list[str]:
    """The texts of an SVG, as a reader of XML finds them."""
    found = ElementTree.fromstring(source).iter(f"{SVG}text")
    return ["".join(text.itertext()) for text in found]


# -- SVG ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_an_svg_is_well_formed(name: str) -> None:
    root = ElementTree.fromstring(drawn(derivation_of(name), "svg").encode())
    assert root.tag == f"{SVG}svg"
    assert {child.tag for child in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "style", "rect", "path", "text", "tspan")
    }


def test_numbers_can_be_selected_as_text() -> None:
    found = texts(drawn(derivation_of("sum_times_z"), "svg", NUMBERS))
    assert {"x", "q", "+", "distributes", "\u22122", "\u221212"} <= set(found)


def test_names_stand_in_an_svg_as_text() -> None:
    source = drawn(derive(hostile()), "svg")
    found = texts(source)
    assert {"<script>1</script>", r"\input{/etc/passwd}", "{{ 7*7 }}", "]]> <!-- -->"} <= set(found)
    assert "<script>" not in source
    page = render(make_document(derive(hostile()), ["graph"]), "html")
    assert "<script>" not in page
    assert "49" not in re.sub(r'[\d.]*"', "", re.sub(r'd="[^"]*"', "", page))


def test_a_page_has_the_picture_in_its_own_colours() -> None:
    page = render(make_document(derivation_of("sum_times_z"), ["graph"]), "html")
    assert page.count("<svg") == 1
    assert "var(--ink" in page
    assert "<?xml" not in page


# -- TikZ -----------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_pictures_compile_in_a_document_with_tikz(tmp_path: Path) -> None:
    derivations = [derive(hostile()), *map(derivation_of, ("lstm", "attention", "two_outputs"))]
    pictures = [drawn(derivation, "tikz") for derivation in derivations]
    pictures.append(drawn(derivation_of("sum_times_z"), "tikz", NUMBERS))
    lines = [
        r"\documentclass{article}\usepackage{amsmath,amssymb,tikz}",
        r"\textwidth=470pt\textheight=650pt\topmargin=-50pt\parindent=0pt",
        r"\begin{document}",
        "\n\\newpage\n".join(pictures),
        r"\end{document}",
    ]
    (tmp_path / "all.tex").write_text("\n".join(lines))
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = (tmp_path / "all.log").read_text(errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert not re.findall(r"^!.*|.*undefined.*", log, re.M)
    assert [
        float(s) for s in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log) if float(s) > 5
    ] == []


def test_names_stand_in_tikz_as_text() -> None:
    source = drawn(derive(hostile()), "tikz")
    assert r"\input" not in source
    assert source.count(r"\end{tikzpicture}") == source.count(r"\begin{tikzpicture}")


def test_tikz_is_loaded_only_where_there_is_a_picture() -> None:
    derivation = derivation_of("sum_times_z")
    assert r"\usepackage{tikz}" in render(make_document(derivation), "latex")
    assert "tikz" not in render(make_document(derivation, without=["graph"]), "latex")
    fragment = render(make_document(derivation, ["graph"]), "latex", fragment=True)
    assert fragment.splitlines()[0].endswith("% needs amsmath, tikz".removeprefix("% "))


# -- DOT ------------------------------------------------------------------------------------------

STRING = r'"(?:[^"\\]|\\.)*"'
STATEMENT = re.compile(
    rf"    (rankdir=LR|node \[[^\]]*\]|\w+ \[{STRING[:0]}(?:\w+=(?:{STRING}|\w+)(?:, )?)+\]"
    rf"|v\d+ -> (?:v\d+|end)(?: \[label={STRING}\])?);"
)


@pytest.mark.parametrize("name", ["attention", "sum_times_z", "lstm"])
def test_dot_is_made_of_statements(name: str) -> None:
    check_statements(drawn(derivation_of(name), "dot"))


def test_names_stand_in_dot_as_text() -> None:
    source = drawn(derive(hostile()), "dot")
    check_statements(source)
    labels = re.findall(rf"label=({STRING})", source)
    first_lines = [re.split(r"(?<!\\)(?:\\\\)*\\n", label[1:-1])[0] for label in labels]
    meant = [re.sub(r"\\(.)", r"\1", line).replace("&amp;", "&") for line in first_lines if line]
    assert set(NAMES) <= {line.replace("[U+91CD]", "\u91cd") for line in meant}


def check_statements(source: str) -> None:
    head, *inner, last = source.splitlines()
    assert re.fullmatch(rf"digraph {STRING} {{", head)
    assert last == "}"
    for line in inner:
        assert STATEMENT.fullmatch(line), line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\\", '"a\\\\"'),
        ('"', '"\\""'),
        ("&lt;", '"&amp;lt;"'),
        ("\\N", '"\\\\N"'),
        ("a\nb", '"a b"'),
    ],
)
def test_strings_of_dot_mean_what_they_say(text: str, expected: str) -> None:
    assert quoted(text) == expected


# -- text and letters -----------------------------------------------------------------------------


def test_a_graph_as_text_has_a_line_for_each_step() -> None:
    assert drawn(derivation_of("sigmoid_circuit"), "text").splitlines()[:4] == [
        "w₀, x₀ → m₀  × (swaps)",
        "w₁, x₁ → m₁  × (swaps)",
        "m₀, m₁ → s₁  + (distributes)",
        "s₁, w₂ → s₂  + (distributes)",
    ]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac{1}{2} x", "1⁄2x"),
        (r"\frac{a + b}{c d}", "(a + b)/(cd)"),
        (r"\hat{y}_1^2", "ŷ12"),
        (r"\sqrt{x + 1}", "√(x + 1)"),
        (r"\mathbf{W}^\top", "W⊤"),
    ],
)
def test_notation_stands_on_one_line(latex: str, expected: str) -> None:
    markup = read_latex(latex)
    assert markup is not None
    written = "".join(run.text for run in runs(flat(markup)))
    assert written.replace("\u200a", "").replace("\u2009", "") == expected


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(DeclarationError, match="no format 'png'"):
        drawn(derivation_of("sum_times_z"), "png")
    assert set(FORMATS) == {"svg", "tikz", "dot", "text"}


# -- the command ----------------------------------------------------------------------------------

GATES = """\
from sympy import symbols
from symprop import Network

x, y, z = symbols("x y z", real=True)
net = Network("gates", weights=[x, y, z])
q = net.step("q", x + y)
net.loss(q * z, name="f")
"""


@pytest.fixture
def gates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("gates.py").write_text(GATES)
    return "gates.py"


@pytest.mark.parametrize(
    ("ending", "opens"),
    [
        ("svg", "<?xml"),
        ("tex", r"\begin{tikzpicture}"),
        ("dot", 'digraph "gates" {'),
        ("txt", "x, y → q"),
    ],
)
def test_the_ending_of_the_file_says_the_format(gates: str, ending: str, opens: str) -> None:
    target = Path(f"out.{ending}")
    assert main(["graph", gates, "-o", str(target)]) == 0
    assert target.read_text().startswith(opens)
    assert is_unedited(target.read_bytes())
    assert main(["graph", gates, "-o", str(target)]) == 0


def test_a_sealed_svg_is_well_formed(gates: str) -> None:
    assert main(["graph", gates, "-o", "out.svg", "--at", "x=-2,y=5,z=-4"]) == 0
    assert "\u221212" in texts(Path("out.svg").read_text())


def test_numbers_have_the_decimals_asked_for(
    gates: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    options = ["--format", "dot", "--at", "x=1/3,y=0,z=1", "--decimals", "3"]
    assert main(["graph", gates, *options]) == 0
    assert "0.333" in capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "out.png"], "no format has this ending"),
        (["--at", "x=1"], "y"),
        (["--at", "x=1", "--no-numbers"], "--no-numbers"),
        (["-o", "gates.py", "--format", "dot"], "declares the network"),
    ],
)
def test_bad_options_are_refused(
    gates: str, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["graph", gates, *options]) == 1
    assert said in capsys.readouterr().err
    assert Path(gates).read_text() == GATES


def test_a_printout_can_do_without_the_graph(
    gates: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["print", gates, "--no-graph"]) == 0
    assert "The computational graph" not in capsysbinary.readouterr().out.decode()
    assert main(["print", gates, "--only", "graph"]) == 0
    assert "q → f" in capsysbinary.readouterr().out.decode()
