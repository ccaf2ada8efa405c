"""symprop judges what it prints itself: no line of a printout is false.

With SYMPROP_SLIPS set, the printouts of all examples are judged, in LaTeX and in plain text.
"""

from __future__ import annotations

import os

import pytest
from example_networks import NETWORKS
from sympy import symbols

from symprop import Network, derive, sigmoid
from symprop.printout import make_document, render
from symprop.verification.derivations import verify_document
from symprop.verification.verdicts import Verdict

x, y, v, w, b = symbols("x y v w b", real=True)


def reused() -> Network:
    """The one weight is in a step, and in an argument of it: dg/dv is not all that v does to g."""
    net = Network("reused", inputs=[x], targets=[y], weights=[v])
    h = net.step("h", sigmoid(v * x))
    g = net.step("g", h**2 * v)
    net.loss((y - g * h) ** 2)
    return net


CASES = {"reused": reused(), **NETWORKS}
QUICK = ["reused", "any_penalty", "sentiment", "two_layer_network", "learned_slope"]


@pytest.mark.parametrize("target", ["latex", "text"])
@pytest.mark.parametrize("name", list(CASES) if os.environ.get("SYMPROP_SLIPS") else QUICK)
def test_no_line_of_its_own_printout_is_false(name: str, target: str) -> None:
    page = render(make_document(derive(CASES[name])), target)
    kind = {"latex": "latex", "text": "plain"}[target]
    report = verify_document(CASES[name], page, kind=kind)  # type: ignore[arg-type]
    wrong = (Verdict.FALSE, Verdict.FOLLOWS)
    assert [line.text for line in report.lines if line.verdict in wrong] == []
    assert sum(line.verdict is Verdict.TRUE for line in report.lines) > 5


LINE = Network("line", inputs=[x], targets=[y], weights=[w, b])
LINE.loss((y - LINE.step("f", w * x + b)) ** 2)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("dL/dw = -2*y*x\n      + 2*f*x = -2*(y-f)*x", 2),
        ("dL/dw = 2*f*x\n      - 2*y*x = -2*(y-f)*x", 2),
        ("dL/db = -2*(y-f)\n-2*(y-f) = 2*(f-y)", 2),
        ("dL/dw = 2*f*x - 2*y*x\n-2*y*x = -2*x*y", 2),
    ],
)
def test_a_row_that_begins_with_a_sign_goes_on_where_it_stands_further_right(
    text: str, count: int
) -> None:
    lines = verify_document(LINE, text, kind="plain").lines
    assert [line.verdict for line in lines] == [Verdict.TRUE] * count
