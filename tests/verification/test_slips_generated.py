"""Slips made and identities applied by the hundred: every slip found and named, nothing else.

SYMPROP_SLIPS is how many wrong and how many right lines are tried for every network.
"""

import re
from collections import Counter
from os import environ
from random import Random
from time import process_time

import pytest
from example_networks import NETWORKS
from formula_floats import differ, point
from formula_parts import Line, Printed
from rewritings import rewritten
from slips_made import same_kind, slipped

from symprop.errors import SympropError
from symprop.verification.derivations import verify
from symprop.verification.reading import read

COUNT = int(environ.get("SYMPROP_SLIPS", "0"))
IN_SHORT = ["multilayer_perceptron", "two_layer_network", "two_outputs", "image_class"]
TRIED = list(NETWORKS) if COUNT else IN_SHORT
TRUE = ("true", "true-given")
GIVEN = re.compile(r"\w+ = [01]")
"""A line that lacks y may be right for y = 1, and is called so."""
LONGEST = 2500
CORRECTED = 5
"""Of one line in so many the correction is judged, too."""


class Case:
    """The lines of a network that are true as printed, and wrong and right ones made of them."""

    def __init__(self, name: str) -> None:
        self.network = NETWORKS[name]
        self.printed = Printed(self.network)
        self.lines = [line for line in self.printed.lines if self._is_true(line)]
        self.printed.__dict__["lines"] = self.lines
        self.values = point(self.network)
        self.rng = Random(name)

    def _is_true(self, line: object) -> bool:
        return verdict(self, line.with_right(line.right, "")) in TRUE  # type: ignore[attr-defined]

    def is_wrong(self, line: Line) -> bool:
        """Whether a line differs from all true ones for its left side."""
        same = [true for true in self.lines if line.text.startswith(f"{true.left} = ")]
        return all(differ(true.right, line.right, self.values) for true in same)

    def is_read(self, line: Line) -> bool:
        try:
            read(line.text, self.printed.symbols, form="latex")
        except SympropError:
            return False
        return len(line.text) < LONGEST

    def wrong(self, count: int) -> list[Line]:
        drawn = (slipped(self.printed, self.rng) for _ in range(30 * count))
        found = (line for line in drawn if line and self.is_wrong(line) and self.is_read(line))
        return [line for line, _ in zip(found, range(count), strict=False)]

    def right(self, count: int) -> list[Line]:
        drawn = (rewritten(self.printed, self.rng) for _ in range(10 * count))
        found = (line for line in drawn if line and self.is_read(line))
        return [line for line, _ in zip(found, range(count), strict=False)]


def verdict(case: Case, line: Line, right: str = "") -> str:
    """What is said of a line, or of one with another right side."""
    text = f"{line.text.split(' = ')[0]} = {right}" if right else line.text
    return verify(case.network, text, form="latex").lines[-1].verdict.value


@pytest.fixture(scope="module")
def case(request: pytest.FixtureRequest) -> Case:
    found = Case(request.param)
    if not found.lines:
        pytest.skip("no line of this network can be judged yet")
    return found


def networks(names: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", names, indirect=True)


@networks(TRIED)
def test_no_wrong_line_is_called_true_and_its_slip_is_named(case: Case) -> None:
    named: Counter[bool] = Counter()
    times = []
    others = []
    for line in case.wrong(COUNT or 12):
        started = process_time()
        found = verify(case.network, line.text, form="latex").lines[-1]
        times.append(process_time() - started)
        assert found.verdict.value not in TRUE or GIVEN.fullmatch(found.reason), line.text
        if found.slip and found.slip.correct and len(times) % CORRECTED == 0:
            assert verdict(case, line, found.slip.correct) in TRUE, line.text
        if found.verdict.value == "false":
            kind = found.slip.kind if found.slip else "none"
            named[same_kind(line.kind, kind)] += 1
            others += [] if same_kind(line.kind, kind) else [(line.kind, kind, line.text)]
    assert named[True] >= (0.9 if COUNT else 0.8) * named.total(), others
    if times:
        assert sorted(times)[len(times) // 2] < 0.2


@networks(TRIED)
def test_no_right_line_is_called_false(case: Case) -> None:
    for line in case.right(COUNT or 12):
        assert verdict(case, line) != "false", line.text
