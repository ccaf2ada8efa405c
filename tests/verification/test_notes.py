r"""Derivations in the notation of notes, blogs and homework, over networks of their own.

As in `test_strangers`, of which this is a second set: a file of `notes/` is a right derivation over
the network of `note_networks` or `board_networks` that has its name, with wrong lines as comments
at its end, `% kind of slip: formula`, of which some are searched for the slip.
"""

from functools import cache
from pathlib import Path
from re import MULTILINE, compile

import board_networks
import note_networks
import pytest
import stranger_networks

from symprop import Network
from symprop.verification import Verdict, verify, verify_document
from symprop.verification.reading.document import Kind
from symprop.verification.verdicts import GOOD

NETWORKS = note_networks.NETWORKS | board_networks.NETWORKS
FILES = sorted((Path(__file__).parent / "notes").iterdir())
KINDS: dict[str, Kind] = {".tex": "latex", ".txt": "plain", ".md": "markdown"}
SEARCHED = 2
"""In so many lines of a file the slip is searched, too: that takes longest."""
WRONG = compile(r"^(?:%|#|<!--) ([a-z-]+): (.*?)(?: -->)?$", MULTILINE)


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


def _no_slip(*_: object) -> None:
    """Finds no slip, at once: where none need be found, the search takes longest."""


def said(name: str, text: str) -> list[tuple[str, str]]:
    return [(str(line.verdict), line.reason) for line in verify(network(name), text).lines]


def verdicts(name: str, text: str) -> list[str]:
    return [verdict for verdict, _ in said(name, text)]


def test_every_network_has_a_derivation() -> None:
    assert {path.stem for path in FILES} == set(NETWORKS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_right_derivation_is_right(path: Path) -> None:
    text = WRONG.sub("", path.read_text())
    report = verify_document(network(path.stem), text, kind=KINDS[path.suffix])
    assert [line.text for line in report.lines if line.verdict not in GOOD] == []
    assert report.ok


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_line_with_one_slip_is_false_and_the_slip_is_named(path: Path) -> None:
    wrong = WRONG.findall(path.read_text())
    assert len(wrong) >= 2
    named = [formula for slip, formula in wrong if slip != "unnamed"]
    own = [formula for formula in named if formula.startswith(r"\delta")]
    named = [*named[:SEARCHED], *own]  # a \delta of one's own is wrong only where a slip is found
    for slip, formula in wrong:
        slip_of = None if formula in named else _no_slip
        plain = path.suffix == ".txt"
        text = formula if plain else rf"\[ {formula} \]"
        kind: Kind = "plain" if plain else "latex"
        (line,) = verify_document(network(path.stem), text, kind=kind, slip_of=slip_of).lines
        assert line.verdict is Verdict.FALSE, formula
        if formula in named:
            assert line.slip is not None, formula
            assert line.slip.kind == slip, formula


# -- what authors write ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # the vectors of w . x, and a gradient among them
        ("weight_norm", r"y = w \cdot x", ["true-given"]),
        ("weight_norm", r"\nabla_g L = \frac{\nabla_w L \cdot v}{\|v\|}", ["true"]),
        ("weight_norm", r"y = w \cdot v", ["false"]),
        # a nabla before a constant
        ("lasso", r"\nabla_x \frac{1}{2n} \|Ax-b\|_2^2 = \frac1n A^\top (Ax-b)", ["true"]),
        ("lasso", r"\nabla_x \lambda \|x\|_1 = \lambda\,\mathrm{sign}(x)", ["true"]),
        ("bishop_logistic", r"\nabla E(\mathbf w) = \Phi^T (t - y)", ["false"]),
        ("bishop_logistic", r"\nabla E = \Phi^T (y - t)", ["true"]),
        # names of several letters, two forms of a letter, primes that are part of a name
        ("mazur", r"\frac{\partial net_{o1}}{\partial w_5} = out_{h2}", ["false"]),
        ("focal", r"\mathrm{FL} = -(1-p)^2 \log p", ["true-given"]),
        ("euler_step", r"u_1 = u_0 + a u_0 \Delta t - b u_0^3 \Delta t", ["true-given"]),
        ("wikipedia", r"o_j = \phi(\text{net}_j)", ["true-given"]),
        ("primes", r"\frac{\partial E}{\partial h} = {W'}^T (\hat y - y)", ["true"]),
        ("primes", r"\frac{\partial E}{\partial h} = W^T (\hat y - y)", ["false"]),
        # definitions on the right, and frames around equations
        ("primes", r"\frac{\partial E}{\partial u} = y - \hat y =: e", ["false", "true-given"]),
        ("highway", r"\boxed{\frac{\partial L}{\partial H} = (o-y) H}", ["false"]),
        # the gradient as \delta h, and the transpose of French texts
        ("lstm_columns", r"\delta h_t = y - h_t", ["false"]),
        (
            "lstm_columns",
            r"\delta = h_t - y \\ \delta^T h_t = h_t^T (h_t - y)",
            ["true-given", "true"],
        ),
        ("french_softmax", r"\nabla_V \mathcal C = (p-y)\,{}^t\!z", ["true"]),
        ("french_softmax", r"\nabla_V \mathcal C = {}^t(p-y)\,z", ["false"]),
        # a function without its arguments, a step by one of several arguments
        (
            "any_layers",
            r"\frac{\partial L}{\partial o} = \frac{\partial \ell}{\partial o}",
            ["true"],
        ),
        (
            "any_layers",
            r"\frac{\partial L}{\partial v} = \frac{\partial \ell}{\partial y} g'(z) h",
            ["false"],
        ),
        ("robust", r"\rho'(r) = \frac{r}{1+(r/c)^2}", ["true-given"]),
        ("robust", r"\rho'(m) = \frac{r}{1+(r/c)^2}", ["false"]),
        # what stands behind a loss in brackets
        ("ufldl", r"\nabla_{b^{(2)}} J(W, b; x, y) = y - a^{(3)}", ["false"]),
        # a bias that is a row, added to every row
        ("batch_softmax", "F = XW + b", ["true-given"]),
        ("batch_softmax", "F = XW - b", ["false"]),
        ("batch_softmax", r"P = \mathrm{softmax}(XW + b)", ["true-given"]),
        ("batch_softmax", r"\frac{\partial L}{\partial b} = \frac1n (P - Y)", ["false"]),
        # a definition that does not fit
        ("cs224n", r"\delta_1 = W_2 (\hat y - y)", ["false"]),
        # the number of samples under another name
        ("batch_softmax", r"L = -\frac1N \sum_{i=1}^N \sum_j Y_{ij} \ln P_{ij}", ["true-given"]),
    ],
)
def test_what_authors_write_is_judged(name: str, text: str, expected: list[str]) -> None:
    assert verdicts(name, text) == expected


def lines() -> dict[str, list[tuple[str, str]]]:
    """The formulas of `note_lines.txt` by network, each with its mark."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (Path(__file__).parent / "note_lines.txt").read_text().splitlines():
        if line.startswith("["):
            listed = found.setdefault(line.strip("[]"), [])
        elif line[:2] in ("+ ", "- "):
            listed.append((line[0], line[2:]))
    return found


LINES = lines()


@pytest.mark.parametrize("name", LINES)
def test_lines_in_many_spellings_are_judged(name: str) -> None:
    net = (note_networks.NETWORKS.get(name) or stranger_networks.NETWORKS[name])()
    for mark, formula in LINES[name]:
        slip_of = None if formula.startswith(r"\delta") else _no_slip
        found = {line.verdict for line in verify(net, formula, slip_of=slip_of).lines}
        good = found <= GOOD if mark == "+" else Verdict.FALSE in found
        assert good, (formula, found)


LF, FW = r"\frac{\partial L}{\partial F}", r"\frac{\partial F}{\partial W}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{LF} {FW}", "true-given"),
        (f"{FW} {LF}", "true-given"),
        (r"\frac{\partial L}{\partial P}\frac{\partial P}{\partial F}" + FW, "true-given"),
        (f"X {LF}", "false"),
        (f"{FW} X", "undecidable"),
    ],
)
def test_the_chain_rule_through_matrices(text: str, expected: str) -> None:
    assert verdicts("batch_softmax", rf"\frac{{\partial L}}{{\partial W}} = {text}") == [expected]


def test_the_chain_rule_through_rows() -> None:
    chain = r"\frac{\partial J}{\partial h} = \frac{\partial J}{\partial z_2}"
    chain += r"\frac{\partial z_2}{\partial h}"
    assert verdicts("cs224n", chain + r" = (\hat y - y) W_2^\top") == ["true-given"] * 2
    assert verdicts("cs224n", chain + r" = (\hat y - y) W_2") == ["true-given", "false"]
    jacobian = r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(h \circ (1 - h))"
    assert verdicts("cs224n", jacobian) == ["true"]


def test_a_hyperparameter_is_not_the_number_of_its_default() -> None:
    """T is 2 in the network; a line that is right for T = 2 alone says so, or is wrong."""
    left = r"\frac{\partial L}{\partial z_i} = "
    assert said("distillation", left + "2 (p_i - q_i)") == [("true-given", "T = 2")]
    assert verdicts("distillation", left + r"\frac{T^2}{2} (p_i - q_i)") == ["false"]
    assert verdicts("robust", r"\frac{\partial \rho}{\partial b} = -\frac{r}{1+r^2}") == ["false"]


def test_a_definition_of_a_column_has_entries() -> None:
    text = (
        r"\delta^3 = (a^3-y) \odot \sigma'(z^3) \\ \frac{\partial C}{\partial b^3_j} = \delta^3_j"
    )
    assert verdicts("nielsen_three", text) == ["true-given", "true"]
    assert verdicts("nielsen_three", text.replace("a^3-y", "y-a^3")) == ["true-given", "false"]


def test_the_line_of_a_file_is_said_once() -> None:
    text = "\\[ L = 1 \\]\n\n\\begin{align}\n L &= 1 \\\\\n \\foo &= 2\n\\end{align}\n"
    report = verify_document(network("highway"), text)
    assert [line.number for line in report.lines] == [1, 4, 5]
    assert "line" not in report.lines[-1].reason
    assert "! unreadable   5  " in str(report)


@pytest.mark.parametrize(
    ("name", "text", "verdict", "reason"),
    [
        ("bilinear", r"\frac{\partial L}{\partial A} = (p-y) v u^T",
         "true-given", "numerator layout"),
        ("wikipedia", r"\frac{\partial o_j}{\partial \text{net}_j} = \phi(\text{net}_j)",
         "undecidable", "that function is not specified"),
    ],
)  # fmt: skip
def test_wrong_lines_that_may_be_right_say_when(
    name: str, text: str, verdict: str, reason: str
) -> None:
    ((found, why),) = said(name, text)
    assert found == verdict
    assert reason in why


def test_a_transposed_gradient_is_wrong_where_the_text_has_the_other_layout() -> None:
    text = r"\frac{\partial L}{\partial u} &= (p-y) A v \\"
    text += r"\frac{\partial L}{\partial A} &= (p-y) v u^T"
    assert verdicts("bilinear", rf"\begin{{align}}{text}\end{{align}}") == ["true", "false"]
