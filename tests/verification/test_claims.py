"""The verdicts on 215 claims of five lectures, as printed there; each was checked numerically.

`true` is to be found true, perhaps given something; what is true under an assumption needs it or is
undecidable; what is false is found false; mere notation is never called false.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from time import process_time

import pytest
from lecture_networks import NETWORKS

from symprop import Network, verify
from symprop.verification import Line, Verdict

CLAIMS = tomllib.loads((Path(__file__).parent / "claims.toml").read_text())["claim"]
BY_ID = {claim["id"]: claim for claim in CLAIMS}
PROSE = {
    *("cmu-03", "cmu-54", "cmu2-06", "ece-07", "ece-28", "ece-29", "ece-30", "uiuc-21", "uiuc-28"),
    *("uiuc-29", "uiuc-33", "uiuc-46", "uiuc-49"),
}
"""Claims in words: a side of each is a sentence."""
OF_ANOTHER_FORMULA = {"ece-55"}
"""A true claim about the box of the formula before, without which it is undecidable."""
OTHER_NETWORK = {"ece-05": "J", "ece-06": "J", "uiuc-40": "H1 with a loss L"}
"""Where the lecture's names are those of a network that is declared for them."""
NAMING = {"cmu-05", "uiuc-23"}
"""False for what a name stands for, which is undecidable: y for the output, an undeclared K."""
ALLOWED = {
    "true": {Verdict.TRUE, Verdict.TRUE_GIVEN},
    "true-under-assumption": {Verdict.TRUE_GIVEN, Verdict.UNDECIDABLE},
    "false": {Verdict.FALSE},
    "notation-only": set(Verdict) - {Verdict.FALSE, Verdict.FOLLOWS},
}
NOT_READ = {Verdict.SKIPPED, Verdict.UNREADABLE}


@cache
def network(name: str) -> Network:
    return NETWORKS[name]()


def lines(claim: dict[str, str]) -> tuple[Line, ...]:
    net = network(OTHER_NETWORK.get(claim["id"], claim["network"]))
    return verify(net, f"{claim['lhs']} = {claim['rhs']}").lines


def allowed(claim: dict[str, str]) -> set[Verdict]:
    found = set(ALLOWED[claim["verdict"]])
    if claim["id"] in PROSE:
        found = NOT_READ
    if claim["id"] in OF_ANOTHER_FORMULA:
        found = {Verdict.UNDECIDABLE}
    if claim["id"] in NAMING:
        found = {Verdict.UNDECIDABLE}
    return found


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["id"])
def test_verdict(claim: dict[str, str]) -> None:
    for line in lines(claim):
        assert line.verdict in allowed(claim), f"{line.verdict}: {line.text} ({line.reason})"
        if line.verdict not in (Verdict.TRUE, Verdict.SKIPPED):
            assert line.reason


NEEDED = {
    "cmu-04": "how L is declared",
    "cmu-01": "y is declared as the target",
    "cmu-53": "y is declared as the target",
    "cmu-41": "i is the sample",
    "cmu-58": "not declared",
    "ece-23": "rounded",
    "ece-24": "worked example",
    "ece-36": "shape of what it is taken by",
    "ece-50": "shape of what it is taken by",
    "pri-11": "rounded up or down",
    "pri-54": "numerator layout",
    "pri-56": "block of rows",
    "uiuc-04": "l = 2 alone",
    "uiuc-02": "about the data",
    "uiuc-25": "i is the sample",
    "uiuc-36": "not declared",
    "uiuc-42": "stands for loss",
    "uiuc-38": "sum to 1",
    "uiuc-15": "kink",
}
"""What the reason has to name."""


@pytest.mark.parametrize("name", NEEDED)
def test_reason_names_what_is_needed(name: str) -> None:
    assert NEEDED[name] in lines(BY_ID[name])[0].reason


def test_no_update_without_a_rate_is_called_true_without_saying_so() -> None:
    (line,) = verify(network("K1"), r"w = w - \nabla w").lines
    assert line.verdict is Verdict.TRUE_GIVEN
    assert line.reason == "the learning rate is 1"


def test_wrong_lines_are_refuted_quickly() -> None:
    times = sorted(_seconds(claim) for claim in CLAIMS if claim["verdict"] == "false")
    assert times[len(times) // 2] < 0.2


def _seconds(claim: dict[str, str]) -> float:
    start = process_time()
    lines(claim)
    return process_time() - start


# -- whole derivations ----------------------------------------------------------------------------


def derivation(*names: str) -> str:
    rows = [rf"{BY_ID[name]['lhs']} &= {BY_ID[name]['rhs']}" for name in names]
    return "\\begin{align}\n" + " \\\\\n".join(rows) + "\n\\end{align}"


def verdicts(net: str, *names: str) -> Iterator[str]:
    return (str(line.verdict) for line in verify(network(net), derivation(*names)).lines)


def test_an_inherited_slip_is_reported_once_where_it_enters() -> None:
    assert [*verdicts("K3s", "cmu-61", "cmu-64", "cmu-65")] == ["false", "follows", "follows"]


def test_an_empty_box_is_that_of_the_formula_before() -> None:
    assert [*verdicts("A5", "ece-54", "ece-55")] == ["true-given", "true-given"]
    text = "h_K}".join(derivation("ece-54", "ece-55").rsplit("h_k}", 1))
    assert [line.verdict for line in verify(network("A5"), text).lines] == ["true-given", "false"]


def test_a_new_slip_behind_a_wrong_line_is_false_again() -> None:
    found = [*verdicts("K3s", "cmu-65")]
    text = derivation("cmu-65") + "\n" + r"\[ \frac{\partial L}{\partial w_2} = 7 f_1 \]"
    again = [str(line.verdict) for line in verify(network("K3s"), text).lines]
    assert (found, again) == (["false"], ["false", "false"])
