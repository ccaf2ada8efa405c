"""What is said of a derivation: a line for every link, as text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from symprop.verification.reading.errors import NOWHERE, Span, place_of
from symprop.verification.verdicts import DIFFER, GOOD, Counterexample, Judgement, Slip, Verdict

MARKS = {
    Verdict.TRUE: "\u2713",
    Verdict.TRUE_GIVEN: "\u2713",
    Verdict.FOLLOWS: "\u21b3",
    Verdict.FALSE: "\u2717",
    Verdict.UNDECIDABLE: "?",
    Verdict.UNREADABLE: "!",
    Verdict.SKIPPED: "-",
}
"""The signs before lines."""


@dataclass(frozen=True)
class Line:
    """A link of a derivation and what is said of it.

    `text` is the link as it was read, in plain text; `span` is where its right side stands in the
    source, `number` the line there, from 1 on. `latex` is the link in LaTeX, "" for what is no
    link, and `form` how it was written. `pointer` shows the place that is meant, with carets.
    """

    text: str
    judgement: Judgement
    span: Span = NOWHERE
    number: int = 0
    pointer: str = ""
    latex: str = ""
    form: str = "latex"

    @property
    def verdict(self) -> Verdict:
        """What symprop says of it."""
        return self.judgement.verdict

    @property
    def reason(self) -> str:
        """Why: what is assumed, missing or wrong; "" where nothing is to be said."""
        return self.judgement.reason

    @property
    def slip(self) -> Slip | None:
        """The mistake that explains a false line."""
        return self.judgement.slip

    @property
    def correct(self) -> str:
        """The right side as it should be; "" where that is not known."""
        return self.judgement.correct

    @property
    def counterexample(self) -> Counterexample | None:
        """A point at which a false line does not hold."""
        return self.judgement.counterexample

    @property
    def proved(self) -> bool:
        """Whether a true line is proved by algebra, and not only tried at points."""
        return self.judgement.proved


@dataclass(frozen=True)
class Report:
    """What symprop says of a derivation, link by link.

    `options` are those that the source has in comments, as `% symprop: network=net.py`.
    """

    network: str
    source: str
    lines: tuple[Line, ...]
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether at least one line was judged, and all that were are right."""
        judged = [line for line in self.lines if line.verdict is not Verdict.SKIPPED]
        return bool(judged) and all(line.verdict in GOOD for line in judged)

    def __str__(self) -> str:
        return text_of(self)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data, as it is written in JSON."""
        return {
            "network": self.network,
            "ok": self.ok,
            "counts": counts(self),
            "lines": [_plain_data(line, self.source) for line in self.lines],
        }

    def json(self) -> str:
        """The report as JSON."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False)


def counts(report: Report) -> dict[str, int]:
    """How many lines have each verdict that occurs."""
    found = [line.verdict for line in report.lines]
    return {str(verdict): found.count(verdict) for verdict in Verdict if verdict in found}


def _plain_data(line: Line, source: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "line": line.number,
        "text": line.text,
        "verdict": str(line.verdict),
        "reason": line.reason,
    }
    if place := _place(line.span, source):
        data["place"] = place
    if rests := evidence(line):
        data["evidence"] = rests
    if line.correct:
        data["correct"] = line.correct
    if line.slip is not None:
        data["slip"] = {"kind": line.slip.kind, "sentence": line.slip.sentence}
        if place := _place(line.slip.span, source):
            data["slip"]["place"] = place
    if line.counterexample is not None:
        example = line.counterexample
        data["counterexample"] = {
            "values": dict(example.values),
            "indices": dict(example.indices),
            "left": example.left,
            "right": example.right,
        }
    return data


def _place(span: Span, source: str) -> dict[str, int]:
    """Where a stretch of the source begins, and where it ends: behind its last character.

    Lines and columns count from 1; {} for what stands nowhere.
    """
    if span == NOWHERE:
        return {}
    (line, column), (end_line, end_column) = (
        place_of(source, offset) for offset in (span.start, span.end)
    )
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


# -- text -----------------------------------------------------------------------------------------

SHOWN = 4
"""Of so many names the values at a counterexample are shown, and no matrices."""


def text_of(report: Report) -> str:
    """A report for the terminal: each line with its mark, the reason below it, and a summary."""
    numbered = "\n" in report.source.strip()
    digits = max(len(str(line.number)) for line in report.lines) if numbered and report.lines else 0
    parts = [line for each in report.lines for line in _lines_of(each, digits)]
    return "\n".join([*parts, "", summary(report)])


def summary(report: Report) -> str:
    """How many lines are what, and whether the derivation is right."""
    if not report.lines:
        return "there is nothing to judge"
    found = ", ".join(f"{count} {verdict}" for verdict, count in counts(report).items())
    if report.ok:
        return f"right: {found}"
    judged = any(line.verdict is not Verdict.SKIPPED for line in report.lines)
    return f"not right: {found}" if judged else f"nothing was judged: {found}"


def evidence(line: Line) -> str:
    """What a true line rests on: a proof, or so many points."""
    if line.verdict is not Verdict.TRUE:
        return ""
    points = line.judgement.points
    return "proved" if line.proved else f"agrees at {points} points" if points > 1 else ""


def notes_of(line: Line) -> list[str]:
    """What is said below a line: the reason, the slip, a point at which it does not hold."""
    explained = line.slip is not None and line.reason == DIFFER
    found = ["" if explained else line.reason, line.slip.sentence if line.slip else ""]
    found.append("" if line.counterexample is None else _counterexample(line.counterexample))
    return [note for note in found if note]


def _lines_of(line: Line, digits: int) -> list[str]:
    """A line as text; with its number where that has some digits, in a source of several lines."""
    rests = evidence(line)
    number = f"{line.number:>{digits}}  " if digits else ""
    head = f"{MARKS[line.verdict]} {line.verdict:<12} {number}"
    below = [f"({rests})"] if rests else []
    below += [*line.pointer.splitlines(), *notes_of(line)]
    if line.correct and line.verdict is Verdict.FALSE:
        below.append(f"right is {line.correct}")
    return [head + line.text, *(" " * len(head) + text for text in below)]


def _counterexample(example: Counterexample) -> str:
    """A point in words: the values there, where they are few, and those of both sides."""
    if isinstance(example.left, list) or isinstance(example.right, list):
        return ""
    given = [
        f"{name} = {value:g}" for name, value in example.values.items() if isinstance(value, float)
    ]
    given += [f"{name} = {value}" for name, value in example.indices.items()]
    where = f"at {', '.join(given)}" if 0 < len(given) <= 2 * SHOWN else "at one point"
    return f"{where} the left side is {example.left:.6g}, the right one {example.right:.6g}"
