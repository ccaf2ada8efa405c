r"""Derivations as students and textbooks write them, over networks that no lecture of ours has.

A file of `strangers/` is a right derivation over the network of `stranger_networks.NETWORKS` that
has its name; the comments at its end are wrong lines, `% kind of slip: formula`, each with one
mistake; the kind is "unnamed" where what explains it need not be found.
"""

from functools import cache
from pathlib import Path

import pytest
from stranger_networks import NETWORKS

from symprop import Network
from symprop.verification import Report, Verdict, verify_answer, verify_document
from symprop.verification.reading.document import Kind
from symprop.verification.verdicts import GOOD

FILES = sorted((Path(__file__).parent / "strangers").iterdir())
KINDS: dict[str, Kind] = {".tex": "latex", ".txt": "plain"}


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


def judged(path: Path, text: str, *, slips: bool = True) -> Report:
    slip_of = None if slips else _no_slip
    return verify_document(network(path.stem), text, kind=KINDS[path.suffix], slip_of=slip_of)


def _no_slip(*_: object) -> None:
    """Finds no slip, at once: where none need be found, the search takes longest."""


def wrong_lines(path: Path) -> list[tuple[str, str]]:
    """The kinds of slip and the formulas with them."""
    marked = [line[2:] for line in path.read_text().splitlines() if line[:2] in ("% ", "# ")]
    pairs = [line.split(": ", 1) for line in marked]
    display = "{}" if path.suffix == ".txt" else r"\[ {} \]"
    return [(kind, display.replace("{}", formula)) for kind, formula in pairs]


def said(name: str, text: str) -> list[str]:
    report = verify_document(network(name), rf"\begin{{align}}{text}\end{{align}}")
    return [str(line.verdict) for line in report.lines]


def test_every_network_has_a_derivation() -> None:
    assert {path.stem for path in FILES} == set(NETWORKS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_right_derivation_is_right(path: Path) -> None:
    report = judged(path, path.read_text())
    assert [line.text for line in report.lines if line.verdict not in GOOD] == []
    assert report.ok


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_line_with_one_slip_is_false_and_the_slip_is_named(path: Path) -> None:
    lines = wrong_lines(path)
    assert lines
    for kind, formula in lines:
        (line,) = judged(path, formula, slips=kind != "unnamed").lines
        assert line.verdict is Verdict.FALSE, formula
        if kind != "unnamed":
            assert line.slip is not None, formula
            assert line.slip.kind == kind, formula


# -- over several lines ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "verdicts"),
    [
        (
            "chain",
            r"""\frac{\partial E}{\partial r} &= (t-r) \\
            \frac{\partial E}{\partial q} &= (t-r)c \\
            \frac{\partial E}{\partial b} &= (t-r) c q(1-q) p \\
            \frac{\partial E}{\partial a} &= (t-r) c q (1-q) b (1-p^2) x""",
            ["false", "follows", "follows", "follows"],
        ),
        (
            "chain",
            r"""\frac{\partial E}{\partial r} &= (t-r) \\
            \frac{\partial E}{\partial b} &= (t-r) c q(1-q) p \\
            \frac{\partial E}{\partial a} &= (t-r) c q (1-q) b (1-p) x""",
            ["false", "follows", "false"],
        ),
        (
            "chain",
            r"\frac{\partial E}{\partial r} &= (t-r) \\ \frac{\partial E}{\partial q} &= -(t-r)c",
            ["false", "true"],
        ),
        (
            "chain",
            r"""E &= (t - r)^2 \\ \frac{\partial E}{\partial r} &= -2 (t - r) \\
            \frac{\partial E}{\partial c} &= -2(t-r) q""",
            ["false", "follows", "follows"],
        ),
        (
            "fan_out",
            r"""\frac{\partial E}{\partial u} &= \frac{\partial E}{\partial a}
            \frac{\partial a}{\partial q}\frac{\partial q}{\partial u} \\ &= (a-s) v (1-q^2) x""",
            ["false", "follows"],
        ),
        (
            "unspecified_columns",
            r"\delta &= (o - y) \odot o \\ \frac{\partial L}{\partial V} &= \delta h^T",
            ["true-given", "false"],
        ),
        (
            "softmax_classifier",
            r"""\frac{\partial l}{\partial W_{ij}} &= (\hat y_i - y_i) x_j \\
            &= \sum_k \frac{\partial l}{\partial o_k} \frac{\partial o_k}{\partial W_{ij}}
            = \sum_k (\hat y_k - y_k) \delta_{ki} x_j \\
            \frac{\partial l}{\partial W_{ij}} &= (\hat y_j - y_j) x_i""",
            ["true", "true", "true", "false"],
        ),
    ],
)
def test_a_mistake_is_said_where_it_enters(name: str, text: str, verdicts: list[str]) -> None:
    assert said(name, text) == verdicts


def test_a_chain_does_not_change_what_it_takes_for_granted() -> None:
    """dh_2/dw with the steps between in one link and without them in the next is a lost path."""
    start = r"\frac{\partial L}{\partial w} &= \frac{\partial L}{\partial h_2}"
    start += r"\frac{\partial h_2}{\partial w} = (h_2 - y)(1 - h_2^2)"
    assert said("rnn_two", start + "h_1") == ["true-given", "false"]
    assert said("rnn_two", start + "(h_1 + w (1 - h_1^2) h_0)") == ["true-given", "true-given"]


def test_a_sum_of_a_thousand_million_terms_is_not_begun() -> None:
    assert said("chain", r"E = \sum_{i=1}^{999999999} x") == ["undecidable"]


# -- one answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (r"\hat y - y", True),
        (r"\frac{\partial l}{\partial b} = \hat y - y", True),
        (r"\nabla_b l = \hat y - y", True),
        (r"\frac{\partial l}{\partial o} = \hat y - y, \quad \nabla_b l = \hat y - y", True),
        (r"y - \hat y", False),
        (r"\frac{\partial l}{\partial b} = y - \hat y", False),
        ("1 = 1", False),
        (r"\frac{\partial l}{\partial b}", False),
        (r"\frac{\partial l}{\partial b} = \frac{\partial l}{\partial b}", False),
        (r"\frac{\partial l}{\partial o} = \hat y - y", False),
        (r"\frac{\partial l}{\partial W} = (\hat y - y) x^T", False),
        ("", False),
    ],
)
def test_an_answer_has_to_say_what_was_asked(answer: str, right: bool) -> None:
    asked = r"\frac{\partial l}{\partial b}"
    assert verify_answer(network("softmax_classifier"), asked, answer).ok is right
