"""The links of a chain in order: what is wrong where it enters, and what only follows from that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symprop.verification.batched import NOT_OF_ONE_SAMPLE, holds_samples
from symprop.verification.beliefs import Belief, Beliefs
from symprop.verification.blame import FOLLOWS, Blame
from symprop.verification.boxes import box_of, with_box
from symprop.verification.claims import claim_of
from symprop.verification.conventions import rates_of
from symprop.verification.deltas import (
    Meaning,
    as_written,
    defined_delta,
    is_of_another,
    meaning_of,
    with_meanings,
)
from symprop.verification.equality import Answer, compare
from symprop.verification.links import Judge
from symprop.verification.meaning.rates import LAYOUT_NOTES
from symprop.verification.reading import tree as t
from symprop.verification.reading.formula import Form
from symprop.verification.reading.statements import Link, Statement
from symprop.verification.reading.understanding import plain
from symprop.verification.stationary import at_minimum, is_of_data, meant_at_minimum
from symprop.verification.substitution import mapped
from symprop.verification.unknowns import undeclared
from symprop.verification.verdicts import GOOD, Judgement, Verdict, undecidable

LAYOUT_CHANGES = "the layout of derivatives changes here: it equals the first side of the chain"
Other = tuple[t.Tree, t.Tree]
"""A part of a tree as it was read, and its other reading."""


class Chains:
    """Judges one statement after the other, and keeps in mind what was wrong."""

    def __init__(self, judge: Judge, *, defines: bool = True) -> None:
        self.judge = judge
        self.defines = defines
        """Whether it is a text, which may say what its deltas are, and no answer to a question."""
        self.meanings: dict[str, Meaning] = {}
        self.box: t.Tree | None = None
        """The last box, for which an empty one stands."""
        self.quick = judge.without_slips()
        self.beliefs = Beliefs(judge.points)
        self.blame = Blame(judge, self.quick)

    def written_in(self, form: Form) -> None:
        """Give what is right in the form of the text from now on."""
        self.judge.form = self.quick.form = form

    def judged(self, statement: Statement, others: Sequence[Other]) -> Iterator[Judgement]:
        """The verdict on each link of a statement; `others` are readings that were not taken."""
        wrong = given = False
        before = ""
        statement, own = self._as_meant(statement)
        for place, link in enumerate(statement.links):
            unread = next((s for s in (link.left, link.right) if isinstance(s, t.Unread)), None)
            if unread is not None:
                yield Judgement(Verdict.UNREADABLE, unread.error.said)
                continue
            if place == 0 and _is_definition(statement, link):
                judgement = self._unfit(link) or self._as_minimum(link)
                judgement = judgement or _definition(statement, link)
                judgement = self.blame.defined(link, judgement, statement.defines)
                wrong = judgement.verdict in (Verdict.FALSE, Verdict.FOLLOWS)
                yield judgement
                continue
            if place == 0 and own is not None:
                given = True
                yield self.blame.defined(link, own, None)
                continue
            judgement = self._judged(link, statement, others)
            if wrong and not link.is_update:
                judgement = self._behind_wrong(link, judgement, statement)
            elif judgement.verdict is Verdict.FALSE and before in LAYOUT_NOTES:
                judgement = self._in_usual_layout(link, judgement, statement)
            if judgement.verdict is Verdict.FALSE:
                judgement = self.blame.explained(link) or self._after_others(link, statement, wrong)
            elif judgement.verdict in GOOD:
                self.blame.confirmed(link)
            given = given or judgement.verdict is Verdict.TRUE_GIVEN
            if place and given and judgement.verdict in GOOD and _may_be_read_anew(link, statement):
                judgement = self._behind_given(link, judgement, statement)
            before = judgement.reason
            wrong = wrong or judgement.verdict in (Verdict.FALSE, Verdict.FOLLOWS)
            yield judgement

    def _unfit(self, link: Link) -> Judgement | None:
        """The verdict on a name that is defined as what has no value, as its shapes do not fit."""
        if not isinstance(t.bare(link.left), t.Name):
            return None
        found = compare(replace(claim_of(link), left=link.right), self.judge.points)
        if found.answer is not Answer.MISFIT or found.error is None:
            return None
        if self.judge.network.per_sample and holds_samples(link.right):
            return undecidable(NOT_OF_ONE_SAMPLE)
        return Judgement(Verdict.FALSE, found.error.message)

    def _as_minimum(self, link: Link) -> Judgement | None:
        """The verdict on `w^* = ...`, which is a minimum where it is made of the data alone."""
        name = t.bare(link.left)
        weight = meant_at_minimum(name, self.judge.symbols) if isinstance(name, t.Name) else None
        if weight is None or not is_of_data(link.right):
            return None
        claim = replace(claim_of(link), left=weight)
        found = at_minimum(claim, self.judge.network, self.judge.points)
        loss = self.judge.network.require_loss().name
        return found or undecidable(f"it is no minimum of {loss}, if that is what is meant")

    def _as_meant(self, statement: Statement) -> tuple[Statement, Judgement | None]:
        """A statement with deltas as the text defines them, and the verdict where it does that.

        A delta that is no gradient, by no slip that is known, stands for what nobody can check.
        """
        statement = with_meanings(with_box(statement, self.box), self.meanings)
        self.box = box_of(statement, self.box)
        link = next(iter(statement.links), None)
        if link is None or not self.defines or isinstance(link.right, t.Unread):
            return statement, None
        name = defined_delta(link)
        if name is None or self.quick.link(link).verdict is not Verdict.FALSE:
            return statement, None
        if self.beliefs.explain(claim_of(link)):
            return statement, None
        asked = (name, link.right, self.judge.network, self.judge.points)
        meaning = meaning_of(*asked)
        if meaning is not None:
            judgement = Judgement(Verdict.TRUE_GIVEN, meaning.sentence)
        elif self.judge.link(link).slip is None and not is_of_another(*asked):
            meaning = as_written(name, link.right)
            judgement = undecidable(meaning.sentence)
        else:
            return statement, None
        self.meanings[meaning.entry.name] = meaning
        return with_meanings(statement, self.meanings), judgement

    def _judged(self, link: Link, statement: Statement, others: Sequence[Other]) -> Judgement:
        """The verdict on a link, as it was read or, where it is wrong then, as it may be meant."""
        judgement = self.quick.link(link)
        if judgement.verdict is not Verdict.FALSE:
            return judgement
        for taken, other in others:
            meant = _with(link, taken, other)
            if meant is link:
                continue
            found = self.quick.link(meant)
            if found.verdict in GOOD:
                reason = "; ".join(filter(None, (found.reason, _read_so(other))))
                return replace(found, verdict=Verdict.TRUE_GIVEN, reason=reason)
        return judgement

    def _behind_wrong(self, link: Link, judgement: Judgement, statement: Statement) -> Judgement:
        """A link behind a wrong one: right if it equals what the chain begins with."""
        again = self.quick.link(_whole(link, statement))
        if again.verdict in GOOD:
            return again
        if judgement.verdict in GOOD:
            return replace(judgement, verdict=Verdict.FOLLOWS, reason=FOLLOWS)
        return judgement

    def _behind_given(self, link: Link, judgement: Judgement, statement: Statement) -> Judgement:
        """A right link that takes for granted what one before does not: wrong if the chain is.

        In `dL/dw = dL/dh dh/dw = dL/dh h_1` the first link needs dh/dw with all steps between,
        the second one without; what the chain says of dL/dw is wrong.
        """
        whole = self.judge.link(_whole(link, statement))
        if whole.verdict is not Verdict.FALSE:
            return judgement
        self.beliefs.append(Belief(link.first, link.right))
        return whole

    def _in_usual_layout(self, link: Link, judgement: Judgement, statement: Statement) -> Judgement:
        """A link that is wrong in the layout of the link before, and may change it.

        In `dL/dx = dL/do do/dx = W^T (o - y)` the product is a row, what it equals a column as the
        first side is where nothing else is said: right, where that makes no other one.
        """
        again = self.quick.link(_whole(link, statement))
        if again.verdict is not Verdict.TRUE:
            return judgement
        return replace(again, verdict=Verdict.TRUE_GIVEN, reason=LAYOUT_CHANGES)

    def _after_others(self, link: Link, statement: Statement, wrong: bool) -> Judgement:
        """A wrong link: one that follows from wrong lines before it, or a new mistake.

        The mistake is that of the link; behind a wrong one, right is what goes on from the first
        side of the chain.
        """
        claim = claim_of(link)
        if not link.is_update and self.beliefs.explain(claim):
            return Judgement(Verdict.FOLLOWS, FOLLOWS)
        if not link.is_update:
            self.beliefs.append(Belief(link.first, link.right))
        judgement = self.judge.link(link)
        if not wrong or link.is_update:
            return judgement
        whole = self.quick.link(_whole(link, statement))
        return replace(judgement, correct=whole.correct or judgement.correct)


def _whole(link: Link, statement: Statement) -> Link:
    """What a chain says up to a link: its first side, and the last one."""
    return replace(statement.links[0], right=link.right, conditions=link.conditions)


def _may_be_read_anew(link: Link, statement: Statement) -> bool:
    """Whether the side that a link goes on from has derivatives, which have several readings."""
    return not statement.links[0].is_update and any(True for _ in rates_of(link.left))


def _is_definition(statement: Statement, link: Link) -> bool:
    """Whether a link says what a name or a function is that nothing was declared for."""
    if statement.defines is not None:
        return True
    left = t.bare(link.left)
    head = left.head if isinstance(left, t.Call) else None
    return (
        isinstance(head, t.Name)
        and head.reference is None
        and all(found.spelling != head.spelling for found in t.names(link.right))
    )


def _definition(statement: Statement, link: Link) -> Judgement:
    """What is said of a definition: it can be no mistake, but it may lack something."""
    left = t.bare(link.left)
    own: list[t.Name] = []
    if isinstance(left, t.Call):
        own = [name for argument in left.arguments for name in t.names(argument)]
    missing = undeclared([link.right], besides=own)
    if missing:
        return undecidable(missing)
    return Judgement(Verdict.TRUE_GIVEN, "it is a definition")


def _with(link: Link, taken: t.Tree, other: t.Tree) -> Link:
    """A link in another reading; the same object where the part does not occur in it."""

    def instead(part: t.Tree) -> t.Tree | None:
        return other if part is taken else None

    sides = {name: getattr(link, name) for name in ("left", "right", "first")}
    changed = {name: mapped(side, instead) for name, side in sides.items()}
    if all(changed[name] is side for name, side in sides.items()):
        return link
    return replace(link, **changed)


def _read_so(other: t.Tree) -> str:
    return f"{plain(other)} is meant"
