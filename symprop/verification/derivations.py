"""A derivation line by line: every link judged, and what follows from a wrong line told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from symprop.derivation import derive
from symprop.errors import DerivationError
from symprop.expression.depth import deep_expressions
from symprop.network import Network
from symprop.verification.answers import answers, repeats, unanswered
from symprop.verification.chains import Chains, Other
from symprop.verification.claims import claim_of
from symprop.verification.conditions import told
from symprop.verification.layouts import in_one_layout
from symprop.verification.links import Judge, SlipOf
from symprop.verification.reading.document import Document, Formula, Kind, Skipped, read_document
from symprop.verification.reading.echo import latex
from symprop.verification.reading.errors import NOWHERE, Span, UnreadableError, pointer
from symprop.verification.reading.formula import Form, Reading, read
from symprop.verification.reading.inline import is_restricted
from symprop.verification.reading.statements import Link, Relation, Statement
from symprop.verification.reading.symbols import Symbols
from symprop.verification.reading.tree import Text, Tree, Unread
from symprop.verification.reading.understanding import plain
from symprop.verification.reports import Line, Report
from symprop.verification.slips import slip_of as usual_slip_of
from symprop.verification.verdicts import Judgement, Verdict, undecidable


def verify(
    network: Network,
    text: str,
    *,
    form: Form | None = None,
    seed: int = 0,
    slip_of: SlipOf | None = None,
) -> Report:
    r"""Judge a hand derivation over a network: a formula, a block of lines, or a whole file.

    Parameters
    ----------
    network
        declares what all names mean; its loss is the one that is differentiated.
    text
        a formula or aligned rows, in LaTeX or plain text; or a LaTeX or Markdown file, of which the
        formulas are read and all else is skipped.
    form
        "latex" or "plain", where the text itself does not say it.
    seed
        other points are tried with another one.
    slip_of
        finds the mistake behind a false line.

    Returns
    -------
    Report
        a line for every link of every chain, with a `verdict`, a `reason`, and for a false one what
        is `correct` and a `counterexample`. Text that cannot be read is no error: its line is
        "unreadable".

    Raises
    ------
    DerivationError
        where the network has no loss, or cannot be differentiated.
    """
    if not isinstance(text, str):
        raise DerivationError(
            f"a derivation is text, not {type(text).__name__}", hint="verify(net, 'dL/dw = ...')"
        )
    with deep_expressions():
        judge, symbols = _judge(network, seed, slip_of)
        if form is None and _is_file(text):
            return _of_document(read_document(text, symbols), network, judge)
        try:
            reading = read(text, symbols, form=form, tolerant=True)
        except UnreadableError as error:
            judgement = Judgement(Verdict.UNREADABLE, error.said)
            line = Line(text, judgement, error.span, pointer=error.pointer)
            return Report(network.name, text, (line,))
        lines = _Lines(judge, text)
        found = in_one_layout(lines.revised(tuple(lines.of(reading))), text)
        return Report(network.name, text, found)


def verify_document(
    network: Network,
    text: str,
    *,
    kind: Kind | None = None,
    seed: int = 0,
    slip_of: SlipOf | None = None,
) -> Report:
    """Judge the formulas of a LaTeX, Markdown or plain text file, given as its text.

    Arguments, report and errors are those of `verify`; `kind` is "latex", "markdown" or "plain".
    UnreadableError is raised for a file that is too long.
    """
    with deep_expressions():
        judge, symbols = _judge(network, seed, slip_of)
        return _of_document(read_document(text, symbols, kind=kind), network, judge)


def verify_answer(
    network: Network, asked: str, answer: str, *, seed: int = 0, slip_of: SlipOf | None = None
) -> Report:
    """Judge one answer: an expression that is to be equal to what was asked for, as `dL/dw1` is.

    An answer that is an equation or a derivation of its own is judged as that, and has to say what
    was asked for: with `1 = 1`, or the question itself, it is undecidable. Report as that of
    `verify`; UnreadableError is raised where `asked` itself is not read.
    """
    with deep_expressions():
        judge, symbols = _judge(network, seed, slip_of)
        left = read(asked, symbols, form=_form_of(asked)).statements[0].sides[0]
        try:
            reading = read(answer, symbols, tolerant=True)
        except UnreadableError:
            reading = None
        sides = [side for each in reading.statements for side in each.sides] if reading else []
        if reading is None or len(sides) != 1 or isinstance(sides[0], Unread):
            report = verify(network, answer, seed=seed, slip_of=slip_of)
            said = answers(_statements(answer, symbols), left, judge)
            return report if said else replace(report, lines=(*report.lines, unanswered(asked)))
        if repeats(sides[0], left):
            return Report(network.name, answer, (unanswered(asked),))
        first = reading.statements[0]
        claimed = replace(first, sides=(left, sides[0]), relations=(Relation("="),))
        whole = replace(reading, statements=(claimed,))
        return Report(network.name, answer, tuple(_Lines(judge, answer, defines=False).of(whole)))


def _form_of(asked: str) -> Form | None:
    """How a question is written: without a command it is plain text, dL/dw1."""
    return None if "\\" in asked or "{" in asked else "plain"


def _statements(text: str, symbols: Symbols) -> list[Statement]:
    """The statements of a text that `verify` takes, those that can be read."""
    try:
        if not _is_file(text):
            return list(read(text, symbols, tolerant=True).statements)
        formulas = read_document(text, symbols).formulas
    except UnreadableError:
        return []
    return [each for formula in formulas if formula.reading for each in formula.reading.statements]


_OPENING = re.compile(
    r"\\begin\{(?:align|alignat|flalign|equation|gather|multline|eqnarray)\*?\}"
    r"|(?<!\\)\\\[|\$\$|```math"
)
_CLOSING = re.compile(r"(?:\\end\{[a-z]+\*?\}|\\\]|\$\$|```)\s*$")


def _is_file(text: str) -> bool:
    """Whether a text is a file: it has several displayed formulas, or words around one."""
    if r"\documentclass" in text or r"\begin{document}" in text:
        return True
    openings = list(_OPENING.finditer(text))
    dollars = sum(match.group() == "$$" for match in openings)
    if not openings or len(openings) - dollars // 2 > 1:
        return bool(openings)
    return bool(text[: openings[0].start()].strip()) or _CLOSING.search(text) is None


def _judge(network: Network, seed: int, slip_of: SlipOf | None) -> tuple[Judge, Symbols]:
    derivation = derive(network)
    symbols = Symbols.of(network, derivation.upstreams)
    return Judge(derivation, symbols, seed, slip_of or usual_slip_of), symbols


# -- documents ------------------------------------------------------------------------------------


def _of_document(document: Document, network: Network, judge: Judge) -> Report:
    lines = _Lines(judge, document.text)
    found = [line for piece in document.formulas for line in lines.of_formula(piece)]
    found += [_skipped(piece) for piece in document.skipped]
    found.sort(key=lambda line: line.number)
    lines_of_text = in_one_layout(lines.revised(found), document.text)
    return Report(network.name, document.text, lines_of_text, document.options)


def _skipped(piece: Skipped) -> Line:
    text = " ".join(piece.text.split())
    return Line(text, Judgement(Verdict.SKIPPED, piece.why), number=piece.line)


def _in_sentence(line: Line) -> Line:
    """A line within a sentence that may say where it holds, or that it does not."""
    if line.verdict not in (Verdict.FALSE, Verdict.FOLLOWS):
        return line
    said = undecidable("it does not hold everywhere, and its sentence may say where, or whether")
    return replace(line, judgement=said, pointer="")


class _Lines:
    """Makes the lines of a report, formula by formula."""

    def __init__(self, judge: Judge, source: str, *, defines: bool = True) -> None:
        self.judge = judge
        self.source = source
        self.chains = Chains(judge, defines=defines)

    def of_formula(self, formula: Formula) -> Iterator[Line]:
        """The lines of a formula of a file."""
        if formula.reading is None:
            error = formula.error
            assert error is not None  # a formula has a reading or an error
            judgement = Judgement(Verdict.UNREADABLE, error.said)
            span = Span(error.span.start + formula.offset, error.span.end + formula.offset)
            text = " ".join(formula.text.split())
            yield Line(text, judgement, span, formula.line, error.pointer)
        elif is_restricted(formula):
            yield from map(_in_sentence, self.of(formula.reading, formula.offset))
        else:
            yield from self.of(formula.reading, formula.offset)

    def of(self, reading: Reading, offset: int = 0) -> Iterator[Line]:
        """The lines of a reading that begins at some place of the source."""
        self.chains.written_in(reading.form)
        others: Sequence[Other] = [(choice.taken, choice.other) for choice in reading.choices]
        pieces: list[Statement | Text] = [*reading.statements, *reading.words]
        for piece in sorted(pieces, key=lambda piece: piece.span.start):
            if isinstance(piece, Text):
                yield self._line(
                    piece.words, Judgement(Verdict.SKIPPED, "words"), piece.span, offset
                )
                continue
            if not piece.links:
                yield self._alone(piece, offset)
            judgements = self.chains.judged(piece, others)
            for link, judgement in zip(piece.links, judgements, strict=True):
                judgement = _placed(judgement, offset)
                unread = _unread(link)
                place = link.right.span if unread is None else unread.error.span
                yield replace(
                    self._line(_shown(link, reading), judgement, place, offset),
                    pointer=self._pointer(link, judgement, offset),
                    latex=_in_latex(link),
                    form=reading.form,
                )

    def revised(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        """Lines of which definitions are wrong that later lines have shown to be mistakes."""
        mistaken = self.chains.blame.mistaken
        return tuple(
            self._mistaken(line, *mistaken[line.judgement.defines])
            if line.judgement.defines in mistaken
            else line
            for line in lines
        )

    def _mistaken(self, line: Line, judgement: Judgement, right: Span) -> Line:
        """A line with another judgement, which places what is wrong by where its formula begins."""
        judgement = _placed(judgement, line.span.start - right.start)
        return replace(line, judgement=judgement, pointer=self._wrong(judgement, line.span))

    def _pointer(self, link: Link, judgement: Judgement, offset: int) -> str:
        """The place of a line that is wrong or not read, with carets under what is wrong there."""
        if judgement.verdict not in (Verdict.FALSE, Verdict.UNREADABLE):
            return ""
        unread = _unread(link)
        if unread is not None:
            return unread.error.pointer
        return self._wrong(judgement, _moved(link.right.span, offset))

    def _wrong(self, judgement: Judgement, right: Span) -> str:
        """The place of a right side, with carets under what is wrong in it."""
        slip = judgement.slip
        placed = slip is not None and slip.span != NOWHERE
        return pointer(self.source, slip.span if slip is not None and placed else right)

    def _alone(self, statement: Statement, offset: int) -> Line:
        """A formula without a relation, or one that could not be read."""
        side = statement.sides[0]
        if isinstance(side, Unread):
            text = _row(side.error.source, statement.span)
            judgement = Judgement(Verdict.UNREADABLE, side.error.said)
            return self._line(text, judgement, side.error.span, offset, side.error.pointer)
        judgement = Judgement(Verdict.SKIPPED, "a formula without a relation claims nothing")
        return self._line(plain(side), judgement, statement.span, offset)

    def _line(
        self, text: str, judgement: Judgement, span: Span, offset: int, pointer: str = ""
    ) -> Line:
        placed = _moved(span, offset)
        number = self.source.count("\n", 0, placed.start) + 1
        return Line(text, judgement, placed, number, pointer)


def _unread(link: Link) -> Unread | None:
    """The side of a link that was not read."""
    return next((side for side in (link.left, link.right) if isinstance(side, Unread)), None)


def _moved(span: Span, offset: int) -> Span:
    """A stretch of a formula as one of the source that it begins in at some place."""
    return span if span == NOWHERE else Span(span.start + offset, span.end + offset)


def _placed(judgement: Judgement, offset: int) -> Judgement:
    """A judgement of which the slip says where in the source it stands."""
    slip = judgement.slip
    if slip is None:
        return judgement
    return replace(judgement, slip=replace(slip, span=_moved(slip.span, offset)))


def _row(source: str, span: Span) -> str:
    """The row of a text that something stands on."""
    start = source.rfind("\n", 0, span.start) + 1
    end = source.find("\n", span.end)
    return " ".join(source[start : len(source) if end < 0 else end].split())


def _shown(link: Link, reading: Reading) -> str:
    """A link in plain text, as it was understood; what was not read is as it was written."""
    sides = [_side(side, reading) for side in (link.left, link.right)]
    shown = f"{sides[0]} {_SIGNS.get(link.relation.sign, link.relation.sign)} {sides[1]}"
    given = claim_of(link).given
    return f"{shown}, for {told(given)}" if given else shown


def _in_latex(link: Link) -> str:
    """A link in LaTeX, as it was written; "" where a side was not read."""
    if isinstance(link.left, Unread) or isinstance(link.right, Unread):
        return ""
    return f"{latex(link.left)} {link.relation.sign} {latex(link.right)}"


def _side(side: Tree, reading: Reading) -> str:
    if isinstance(side, Unread):
        return " ".join(reading.source[side.span.start : side.span.end].split())
    return plain(side)


_SIGNS = {r"\leftarrow": "<-", r"\approx": "\u2248", r"\neq": "!=", r"\leq": "<=", r"\geq": ">="}
