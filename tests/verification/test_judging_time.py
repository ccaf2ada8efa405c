"""How long judging takes: a wrong line, with its slip, and a file of forty lines."""

import os
from random import Random

import pytest
from example_networks import NETWORKS
from formula_parts import Printed
from least_time import least_seconds
from rewritings import rewritten
from slips_made import slipped

from symprop.verification import Verdict, verify

LINES = 40
SLOWEST = ["layer_norm", "lstm"] if os.environ.get("SYMPROP_SLIPS") else []
"""Of all examples these take longest: for a machine that does nothing else."""
SECONDS_OF_A_LINE = 0.2
SECONDS_OF_A_FILE = 3.0


def seconds(name: str, text: str, bound: float) -> float:
    def judge() -> None:
        assert verify(NETWORKS[name], text).lines

    return least_seconds(judge, bound)


@pytest.mark.parametrize("name", ["multilayer_perceptron", "digits"])
def test_a_wrong_line_is_refuted_quickly(name: str) -> None:
    """`digits` has 64 x 64 weights: what no line asks for is not worked out."""
    printed, rng = Printed(NETWORKS[name]), Random(name)
    wrong = [line.text for line in (slipped(printed, rng) for _ in range(20)) if line]

    times = sorted(seconds(name, text, SECONDS_OF_A_LINE) for text in wrong)

    assert times[len(times) // 2] < SECONDS_OF_A_LINE


@pytest.mark.parametrize("name", ["two_layer_network", "digits", "attention", *SLOWEST])
def test_forty_lines_are_judged_quickly(name: str) -> None:
    """A quarter of them wrong: what would follow from each is looked at in all later ones."""
    printed, rng = Printed(NETWORKS[name]), Random(name)
    lines: list[str] = []
    while len(lines) < LINES:
        made = (slipped if len(lines) % 4 == 0 else rewritten)(printed, rng)
        lines += [made.text] if made else []
    text = r"\begin{align*}" + r"\\".join(lines) + r"\end{align*}"

    report = verify(NETWORKS[name], text)

    assert len(report.lines) >= LINES
    assert any(line.verdict is Verdict.FALSE for line in report.lines)
    assert seconds(name, text, SECONDS_OF_A_FILE) < SECONDS_OF_A_FILE
