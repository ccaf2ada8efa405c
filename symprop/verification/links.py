"""The verdict on one link of a chain: an equation, an update, a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from itertools import islice
from typing import Any, TypeAlias

import mpmath

from symprop.derivation.record import Derivation
from symprop.errors import SympropError
from symprop.verification.assumptions import assumptions
from symprop.verification.claims import Claim, claim_of, claims_of_list, in_words
from symprop.verification.conditions import is_of_ranges, of_values, told
from symprop.verification.conventions import rates_of
from symprop.verification.corrections import correct
from symprop.verification.counterexamples import counterexample
from symprop.verification.doubtful import Doubtful
from symprop.verification.doubts import dispelled
from symprop.verification.equality import Answer, Comparison, compare
from symprop.verification.examples import WorkedExample
from symprop.verification.givens import givens, unknown_names
from symprop.verification.layouts import NUMERATOR, layout_of, transposed
from symprop.verification.magnitudes import differing_far_away
from symprop.verification.meaning.names import label
from symprop.verification.meaning.rates import LAYOUT_NOTES, OF_NUMBER_BY_MATRIX
from symprop.verification.meaning.setting import Setting, TooLongError, UndecidableError, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.numbers import is_numeric, judged_number, needs_values
from symprop.verification.points import Points
from symprop.verification.proofs import Proofs
from symprop.verification.reading import tree as t
from symprop.verification.reading.errors import Span
from symprop.verification.reading.formula import Form
from symprop.verification.reading.statements import Link, indices_captured
from symprop.verification.reading.symbols import Symbols
from symprop.verification.stationary import at_minimum
from symprop.verification.unknowns import undeclared
from symprop.verification.updates import (
    compare_update,
    is_of_numbers,
    is_rate,
    learning_rate,
    weight_of,
)
from symprop.verification.verdicts import (
    DIFFER,
    DIFFER_FAR,
    GOOD,
    Judgement,
    Slip,
    Verdict,
    undecidable,
)
from symprop.verification.worlds import PRECISION, World

EQUALITIES = ("=", ":=", r"\equiv", r"\approx")
"""The relations that are judged."""


class Judge:
    """Judges links over one network; its points are drawn once.

    `slip_of` is asked for the mistake that explains a claim that is false.
    """

    def __init__(
        self, derivation: Derivation, symbols: Symbols, seed: int = 0, slip_of: SlipOf | None = None
    ) -> None:
        self.derivation = derivation
        self.network = derivation.network
        self.symbols = symbols
        self.points = Points(self.network, seed)
        self.example = WorkedExample(self.network)
        self.proofs = Proofs(self.network, derivation)
        self.slip_of = slip_of
        self.form: Form = "latex"
        self._layouts: set[str] = set()
        self._refuted: dict[tuple[int, int], tuple[Claim, Comparison]] = {}

    def without_slips(self) -> Judge:
        """A judge over the same points that looks for no slips, which is quicker."""
        quick = copy(self)
        quick.slip_of = None
        return quick

    def link(self, link: Link) -> Judgement:
        """The verdict on a link by itself, under its conditions."""
        claim = claim_of(link)
        judgement = self._said(link, claim)
        if judgement.verdict is Verdict.UNDECIDABLE and claim.given:
            always = self._said(link, replace(claim, given=()))
            judgement = always if always.verdict is Verdict.TRUE else judgement
        words = in_words(link)
        if words and judgement.verdict is Verdict.FALSE:
            return undecidable(f"it does not hold everywhere, and where is said in words: {words}")
        return judgement

    def _said(self, link: Link, claim: Claim) -> Judgement:
        """Whether the sides of a link are equal, or the update is right."""
        try:
            weight = weight_of(link.left) if link.is_update else None
            if weight is not None:
                return self.update(claim, weight)
            if link.relation.sign == r"\leftarrow":
                return undecidable("what stands on the left is no weight")
            if link.relation.sign not in EQUALITIES:
                return undecidable(f"{link.relation.sign} is not judged")
            return self._captured(self.claim(claim), indices_captured(link))
        except UndecidableError as error:
            return undecidable(error.message)

    def claim(self, claim: Claim) -> Judgement:
        """The verdict on a claim, entry by entry where both sides are lists."""
        parts = claims_of_list(claim)
        if parts is None:
            number = is_numeric(claim) and not is_of_ranges(claim)
            return self._number(claim) if number else self.equation(claim)
        judgements = [self.claim(part) for part in parts]
        return max(judgements, key=lambda found: SEVERITY.index(found.verdict))

    @staticmethod
    def _captured(judgement: Judgement, captured: Sequence[tuple[str, Span]]) -> Judgement:
        """A verdict where the index of a sum is also one of the left side."""
        if not captured or judgement.verdict not in (*GOOD, Verdict.FALSE):
            return judgement
        index, span = captured[0]
        if judgement.verdict is Verdict.FALSE:
            reason = f"the sum runs over {index}, which is an index of the left side, too"
            slip = judgement.slip or Slip("wrong-index", reason, span)
            return replace(judgement, reason=reason, slip=slip)
        reason = f"the {index} of the sum is not the {index} of the left side"
        return replace(judgement, verdict=Verdict.TRUE_GIVEN, reason=reason)

    # -- equations ------------------------------------------------------------------------------

    def equation(self, claim: Claim) -> Judgement:
        """Whether two sides are equal, perhaps under an assumption."""
        refuted = self._refuted.get((id(claim.left), id(claim.right)))
        if refuted is not None and refuted[0] == claim:
            return self._false(*refuted)
        found = compare(claim, self.points)
        if found.is_equal:
            meant = [found.conventions]
            far = self._far(claim, lambda p: compare(claim, p, conventions=meant))
            return far or self._true(claim, found)
        if isinstance(found.error, TooLongError):
            return undecidable(_message(found))
        for assumption in assumptions(self.network, claim):
            given = compare(assumption.of(claim), self.points, change=assumption.change)
            if given.is_equal:
                return Judgement(Verdict.TRUE_GIVEN, assumption.sentence, points=given.points)
        said = dispelled(Doubtful(claim, found, self.network, self.symbols, self.points))
        if said is not None and (found.answer is not Answer.UNDECIDABLE or unknown_names(claim)):
            return said
        if found.answer is Answer.UNDECIDABLE:
            return undecidable(_message(found))
        self._refuted[id(claim.left), id(claim.right)] = claim, found  # it may be explained later
        return self._false(claim, found)

    def _far(self, claim: Claim, compared: Callable[[Points], Comparison]) -> Judgement | None:
        """The verdict on what is right at points of usual magnitude and wrong at others."""
        far = differing_far_away(claim, self.points, compared)
        if far is None:
            return None
        right, example = correct(claim, self.derivation, self.form), counterexample(far)
        return Judgement(Verdict.FALSE, DIFFER_FAR, correct=right, counterexample=example)

    def _true(self, claim: Claim, found: Comparison) -> Judgement:
        given = [*self._conditions(claim), *givens(claim, found, self.network, self.points)]
        verdict = Verdict.TRUE_GIVEN if given else Verdict.TRUE
        judgement = Judgement(
            verdict,
            "; ".join(given),
            proved=not given and self.proofs.proves(claim),
            points=found.points,
            layout=layout_of(claim, found, self.points, self._layouts),
        )
        if judgement.layout != NUMERATOR:
            return judgement
        right = correct(claim, self.derivation, self.form)
        return replace(judgement, transposed=transposed(claim, right))

    def _conditions(self, claim: Claim) -> list[str]:
        """The conditions of a claim without which it is not right."""
        conditions = of_values(claim)
        if not conditions:
            return []
        indices = tuple(tree for tree in claim.given if tree not in conditions)
        always = compare(replace(claim, given=indices), self.points)
        return [] if always.is_equal else [told(conditions)]

    def _false(self, claim: Claim, found: Comparison) -> Judgement:
        slip = None if self.slip_of is None else self.slip_of(claim, found, self)
        right = slip.correct if slip is not None else ""
        right = right or correct(claim, self.derivation, self.form)
        if found.answer is Answer.MISFIT:
            return Judgement(Verdict.FALSE, _message(found), slip=slip, correct=right)
        example = counterexample(found)
        return Judgement(Verdict.FALSE, DIFFER, slip=slip, correct=right, counterexample=example)

    # -- updates --------------------------------------------------------------------------------

    def update(self, claim: Claim, weight: t.Name) -> Judgement:
        """Whether a weight becomes what gradient descent makes of it."""
        found, meant = compare_update(claim, weight, self.network, self.points)
        step = learning_rate(meant.right)
        if found.answer is Answer.UNDECIDABLE:
            return undecidable(_message(found))
        if not found.is_equal:
            return self._no_update(claim, meant, found, step)
        far = self._far(claim, lambda p: compare_update(claim, weight, self.network, p)[0])
        if far is not None:
            return far
        lies = OF_NUMBER_BY_MATRIX[NUMERATOR]
        given = [note for note in found.notes if note not in LAYOUT_NOTES or note == lies]
        if of_values(claim):
            always = compare_update(replace(claim, given=()), weight, self.network, self.points)[0]
            given += [] if always.is_equal else [told(of_values(claim))]
        if found.conventions.sample:
            given.append(f"{found.conventions.sample} is the sample of this update")
        if weight.reference is None:
            given.append(f"{label(weight)} stands for every weight")
        verdict = Verdict.TRUE_GIVEN if given else Verdict.TRUE
        layout = layout_of(claim, found, self.points, self._layouts)
        judgement = Judgement(verdict, "; ".join(given), points=found.points, layout=layout)
        return replace(judgement, transposed=transposed(claim, "")) if lies in given else judgement

    def _no_update(
        self, claim: Claim, meant: Claim, found: Comparison, step: t.Name | None
    ) -> Judgement:
        left_out = {label(step) if step is not None and is_rate(step) else "", label_of(claim.left)}
        if is_of_numbers(claim, step):
            return undecidable("the gradient is a number here, at values that are not given")
        unknown = [name for name in unknown_names(meant) if name not in left_out]
        if unknown:
            return undecidable(undeclared(meant.trees) or f"{unknown[0]} is not declared")
        wrong = self._false(meant, found)
        right = wrong.slip.correct if wrong.slip is not None else ""
        return replace(wrong, reason="this is no step of gradient descent", correct=right)

    # -- numbers --------------------------------------------------------------------------------

    def _number(self, claim: Claim) -> Judgement:
        """A printed number: right for all values, or rounded at those of the worked example."""
        found = compare(claim, self.points)
        if found.is_equal:
            return self._true(claim, found)
        minimum = at_minimum(claim, self.network, self.points)
        if minimum is not None and not self._is_constant(claim):
            return minimum
        judged = judged_number(claim, self.example, self.points)
        if judged is not None:
            return judged
        if found.answer is Answer.UNDECIDABLE:
            return undecidable(_message(found))
        if found.answer is Answer.DIFFERENT and self._is_constant(claim):
            return self._false(claim, found)
        return needs_values(claim, self.network)

    def _is_constant(self, claim: Claim) -> bool:
        """Whether it is a derivative that is the same number everywhere."""
        if not any(True for tree in claim.trees for _ in rates_of(tree)):
            return False
        values = [_values(claim, world) for world in islice(self.points, 2)]
        return None not in values and values[0] == values[1]


def _values(claim: Claim, world: World) -> tuple[Any, ...] | None:
    """The two numbers that a claim holds against each other; None where they are no numbers."""
    with mpmath.workdps(PRECISION):
        try:
            found = tuple(value(side, Setting(world)) for side in claim.trees)
        except SympropError:
            return None
    return None if any(map(shape_of, found)) else tuple(mpmath.nstr(v, 30) for v in found)


SlipOf: TypeAlias = Callable[[Claim, Comparison, "Judge"], Slip | None]
"""Finds the mistake that explains a claim that is false; None where it finds none."""
SEVERITY = (
    Verdict.SKIPPED,
    Verdict.TRUE,
    Verdict.TRUE_GIVEN,
    Verdict.UNDECIDABLE,
    Verdict.UNREADABLE,
    Verdict.FOLLOWS,
    Verdict.FALSE,
)


def label_of(tree: t.Tree) -> str:
    """The name that a side is, as a word; "" for anything else."""
    name = t.bare(tree)
    return label(name) if isinstance(name, t.Name) else ""


def _message(found: Comparison) -> str:
    assert found.error is not None  # only answers without a value are asked for it
    return found.error.message
