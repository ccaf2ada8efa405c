"""The slips in five lectures are named as a person did who went through the lines by hand."""

import tomllib
from pathlib import Path

import pytest
from lecture_networks import NETWORKS

from symprop import verify

CLAIMS = tomllib.loads((Path(__file__).parent / "claims.toml").read_text())["claim"]
BY_ID = {claim["id"]: claim for claim in CLAIMS}

NAMED = {
    # the kind, and what has to be in the sentence
    "cmu-02": ("wrong-index", "x_{n}"),
    "cmu-16": ("wrong-index", "x_{n}"),
    "cmu-33": ("wrong-index", "w1 should be w2"),
    "cmu-40": ("missing-square", "squared"),
    "cmu-61": ("extra-factor", "eta"),
    "cmu-62": ("extra-factor", "eta"),
    "cmu-64": ("extra-factor", "eta"),
    "cmu-65": ("extra-factor", "eta"),
    "cmu-80": ("sign", "subtracts"),
    "pri-26": ("rounding", "1.7448"),
    "pri-31": ("missing-term", "w -"),
    "pri-32": ("missing-term", "b -"),
    "pri-40": ("extra-factor", "1/o1 should not be there, and the sign"),
    "pri-41": ("extra-factor", "1/o2 should not be there, and the sign"),
    "pri-42": ("extra-factor", "1/o1"),
    "pri-47": ("wrong-variable", "q, the value of the function, instead of its argument h"),
    "pri-55": ("missing-term", "rows are left out"),
    "uiuc-45": ("wrong-index", "the sum runs over k"),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_slip_of_a_claim_is_named(name: str) -> None:
    claim = BY_ID[name]
    kind, words = NAMED[name]

    line = verify(NETWORKS[claim["network"]](), f"{claim['lhs']} = {claim['rhs']}").lines[-1]

    assert line.slip is not None, line
    assert line.slip.kind == kind
    assert words in line.slip.sentence
