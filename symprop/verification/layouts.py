r"""One layout in one text: a gradient transposed where others have the shape of the weight.

That `\frac{\partial L}{\partial W} = x \delta^T` is the transpose of what has the shape of W is a
convention, the numerator layout. Where the same text has derivatives in the shape of what they are
taken by, and does not say that it changes, it is a slip.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from symprop.verification.claims import Claim
from symprop.verification.conventions import has_matrix_rate, rates_of
from symprop.verification.equality import Comparison, compare
from symprop.verification.meaning.rates import OF_NUMBER, OF_NUMBER_BY_MATRIX
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.reading.errors import pointer
from symprop.verification.reports import Line
from symprop.verification.verdicts import GOOD, Judgement, Slip, Verdict

GRADIENT, NUMERATOR = "gradient", "numerator"
_SAYS_NUMERATOR = re.compile(r"numerator[\s~-]+layout|jacobian[\s~-]+(?:layout|formulation)", re.I)
_SAYS_SHAPE = re.compile(r"denominator[\s~-]+layout|gradient[\s~-]+layout", re.I)
TRANSPOSED = (
    "transposed: elsewhere in this text a derivative has the shape of what it is taken by, here it "
    "lies as in the numerator layout"
)


def layout_of(claim: Claim, found: Comparison, points: Points, known: set[str]) -> str:
    """The layout of derivatives of a number in which alone a claim is right; "" for any.

    `known` are those of claims before: one that shows that of gradients is enough.
    """
    if OF_NUMBER_BY_MATRIX[NUMERATOR] in found.notes:
        return NUMERATOR
    named = (part for tree in claim.trees for part in rates_of(tree) if isinstance(part, t.Rate))
    if OF_NUMBER[GRADIENT] not in found.notes or not any(map(has_matrix_rate, named)):
        return ""
    other = replace(found.conventions, layout=NUMERATOR)
    if GRADIENT not in known and compare(claim, points, conventions=[other]).is_equal:
        return ""
    known.add(GRADIENT)
    return GRADIENT


def transposed(claim: Claim, right: str) -> Judgement:
    """The verdict on a claim in the numerator layout in a text that has the other one."""
    slip = Slip("layout", TRANSPOSED, claim.right.span, right)
    return Judgement(Verdict.FALSE, "a derivative is transposed", slip=slip, correct=right)


def in_one_layout(lines: Sequence[Line], source: str) -> tuple[Line, ...]:
    """The lines of a text; those that are transposed are wrong where others show that they are."""
    shown = any(x.judgement.layout == GRADIENT and x.verdict in GOOD for x in lines)
    if _SAYS_NUMERATOR.search(source) or not (shown or _SAYS_SHAPE.search(source)):
        return tuple(lines)
    return tuple(_wrong(line, source) for line in lines)


def _wrong(line: Line, source: str) -> Line:
    otherwise = line.judgement.transposed
    if otherwise is None or otherwise.slip is None or line.verdict not in GOOD:
        return line
    slip = replace(otherwise.slip, span=line.span)
    judgement = replace(otherwise, slip=slip)
    return replace(line, judgement=judgement, pointer=pointer(source, line.span))
