r"""Formulas in a line of text: those that define a name, `where $\delta = a - y$`, or derive one.

All others are part of a sentence, `for $x = 0$`, and claim nothing by themselves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symprop.verification.reading.statements import Statement
from symprop.verification.reading.tree import Derive, Nabla, Name, Rate, Unread, names, walk

if TYPE_CHECKING:
    from symprop.verification.reading.document import Formula

_SAYS = re.compile(r"=|\\leftarrow|\\gets|\\equiv|\\coloneqq|\u2190")
_DERIVES = re.compile(
    r"\\[dt]?frac\s*\{?\s*(?:\\partial|\\mathrm\{d\}|d)|\\nabla|\\partial_|\u2207"
    r"|(?<![A-Za-z\\])(?:d|\\partial\s*|\u2202)\\?[A-Za-z]\w*\s*/\s*(?:d|\\partial|\u2202)"
)
_RESTRICTING = re.compile(
    r"\b(?:if|when|where|whenever|for|at|once|unless|until|suppose|supposing|assume|assuming|were|"
    r"would|should|not|no|never|wrong|false|instead|mistake|error|forget|whether|minimum|maximum|"
    r"optimum|solution|set|falls|wenn|f\u00fcr|bei|nicht|kein|falsch|statt|angenommen)\b",
    re.IGNORECASE,
)


def says_something(text: str) -> bool:
    """Whether a formula has a sign that makes it a statement."""
    return _SAYS.search(text) is not None


def is_claim(formula: Formula) -> bool:
    """Whether a formula in a line of text is to be judged, or a name is defined in it."""
    if formula.reading is None:
        return _DERIVES.search(formula.text) is not None
    return any(map(_claims, formula.reading.statements))


def _claims(statement: Statement) -> bool:
    if any(isinstance(side, Unread) for side in statement.sides):
        return any(
            _DERIVES.search(side.error.source)
            for side in statement.sides
            if isinstance(side, Unread)
        )
    if not statement.links:
        return False
    parts = [part for side in statement.sides for part in walk(side)]
    if any(isinstance(part, Rate | Derive | Nabla) for part in parts):
        return True
    if statement.links[0].is_update:
        return True
    right = [name for side in statement.sides[1:] for name in names(side)]
    known = any(isinstance(name, Name) and name.reference is not None for name in right)
    return statement.defines is not None and known


def is_restricted(formula: Formula) -> bool:
    """Whether words before a formula in its sentence may say that it holds there alone, or not."""
    return formula.kind == "inline" and _RESTRICTING.search(formula.before) is not None
