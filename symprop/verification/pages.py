"""An annotated copy of a derivation, as HTML or LaTeX: every line with what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup as Safe

from symprop.errors import DeclarationError
from symprop.printout.notation.latex import running
from symprop.printout.notation.mathml import mathml
from symprop.printout.notation.reading import read_latex
from symprop.printout.words import spaced
from symprop.templating import environment
from symprop.verification.reports import MARKS, Line, Report, evidence, notes_of, summary
from symprop.verification.verdicts import Verdict

_TEMPLATES = {"html": "html/verdicts.html.jinja", "latex": "latex/verdicts.tex.jinja"}
_SIGNS = {
    Verdict.TRUE: r"$\checkmark$",
    Verdict.TRUE_GIVEN: r"$\checkmark$",
    Verdict.FOLLOWS: r"$\hookrightarrow$",
    Verdict.FALSE: r"$\times$",
    Verdict.UNDECIDABLE: "?",
    Verdict.UNREADABLE: "!",
    Verdict.SKIPPED: "--",
}
_COLOURS = {
    Verdict.TRUE: "good",
    Verdict.TRUE_GIVEN: "good",
    Verdict.FOLLOWS: "bad",
    Verdict.FALSE: "bad",
    Verdict.UNDECIDABLE: "open",
    Verdict.UNREADABLE: "open",
    Verdict.SKIPPED: "quiet",
}


@dataclass(frozen=True)
class _Shown:
    """A line as a template lays it out; all text is spelled for its language."""

    verdict: str
    mark: str
    sign: str
    colour: str
    number: int
    text: str
    formula: Any
    evidence: str
    notes: tuple[str, ...]
    correct: Any
    pointer: str


def page_of(report: Report, target: str) -> str:
    """A report as a page, "html" or "latex"; DeclarationError for another format."""
    if target not in _TEMPLATES:
        raise DeclarationError(f"no format {target!r}", hint="the formats are html, latex")
    words = _SPELL[target]
    template = environment(
        autoescape=lambda name: name is not None and name.endswith(".html.jinja"),
        comment_start_string="{##",
        comment_end_string="##}",
    ).get_template(_TEMPLATES[target])
    return template.render(
        title=words(report.network),
        summary=words(summary(report)),
        lines=[_shown(line, target, words) for line in report.lines],
    )


def _in_mathml(latex: str) -> Safe | None:
    """A formula for a page; None where it has more than the notation of printouts."""
    markup = read_latex(latex) if latex else None
    return None if markup is None else Safe(mathml(markup))


_FORMULAS: dict[str, Callable[[str], Any]] = {"html": _in_mathml, "latex": str}


def _in_latex(text: str) -> str:
    return spaced(text, running)


_SPELL: dict[str, Callable[[str], str]] = {"html": str, "latex": _in_latex}


def _shown(line: Line, target: str, words: Callable[[str], str]) -> _Shown:
    correct = line.correct
    if target == "latex" and correct:
        correct = rf"\fitted{{{correct}}}" if line.form == "latex" else words(correct)
    return _Shown(
        str(line.verdict),
        MARKS[line.verdict],
        _SIGNS[line.verdict],
        _COLOURS[line.verdict],
        line.number,
        words(line.text),
        _FORMULAS[target](line.latex),
        words(evidence(line)),
        tuple(map(words, notes_of(line))),
        (target == "html" and line.form == "latex" and _in_mathml(correct)) or correct,
        line.pointer,
    )
