"""The grade of a derivation: right, wrong or not decided, and the first mistake in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from symprop.verification.reports import Line, Report
from symprop.verification.verdicts import Verdict


class Outcome(StrEnum):
    """What is said of a derivation as a whole."""

    RIGHT = "right"
    """At least one line was judged, and all that were are right."""
    WRONG = "wrong"
    """At least one line is false."""
    OPEN = "not decided"
    """No line is false, but one is not read or not decided, or nothing was judged."""


@dataclass(frozen=True)
class Grade:
    """What is said of a derivation, for a row of a table.

    `counts` says how many lines have which verdict. The rest is about the first false line, or
    where there is none, the first that is not read or not decided: its number (0 where the reason
    is that of the whole file), the line as it was read, the kind of slip, the reason in words, and
    the right side as it should be.
    """

    outcome: Outcome
    counts: Mapping[Verdict, int] = field(default_factory=dict)
    line: int = 0
    text: str = ""
    slip: str = ""
    reason: str = ""
    correction: str = ""


def grade_of(report: Report) -> Grade:
    """The grade of a derivation that was judged."""
    counts = Counter(line.verdict for line in report.lines)
    if report.ok:
        return Grade(Outcome.RIGHT, counts)
    outcome = Outcome.WRONG if counts[Verdict.FALSE] else Outcome.OPEN
    meant = {Verdict.FALSE} if counts[Verdict.FALSE] else _OPEN
    first = next((line for line in report.lines if line.verdict in meant), None)
    if first is None:
        return Grade(Outcome.OPEN, counts, reason="there is nothing in it to judge")
    slip = first.slip.kind if first.slip else ""
    return Grade(outcome, counts, first.number, first.text, slip, _reason(first), first.correct)


def ungraded(reason: str) -> Grade:
    """The grade of a file that was not judged at all."""
    return Grade(Outcome.OPEN, reason=reason)


_OPEN = frozenset({Verdict.UNDECIDABLE, Verdict.UNREADABLE, Verdict.FOLLOWS})


def _reason(line: Line) -> str:
    """Why a line is not right, in one sentence."""
    return (line.slip.sentence if line.slip else "") or line.reason


MOST = 5
"""So many kinds of slips are named in a summary."""


def summary(grades: Iterable[Grade]) -> str:
    """How many derivations are right, and which slips are the most frequent."""
    found = list(grades)
    outcomes = Counter(grade.outcome for grade in found)
    said = ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in Outcome)
    files = "file" if len(found) == 1 else "files"
    slips = Counter(grade.slip for grade in found if grade.slip)
    if not slips:
        return f"{len(found)} {files}: {said}"
    ranked = sorted(slips.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{kind} ({count})" for kind, count in ranked[:MOST])
    return f"{len(found)} {files}: {said}\nfirst mistakes: {named}"
