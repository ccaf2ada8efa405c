"""The slip behind a claim that is false: which side is at fault, what it should be worth, why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import mpmath

from symprop.verification.claims import Claim
from symprop.verification.equality import Comparison, Points, compare
from symprop.verification.meaning.setting import Setting, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.reading import tree as t
from symprop.verification.reading.formula import Form
from symprop.verification.slips.chains import Chains
from symprop.verification.slips.paths import Left, is_quick, left_out, without_cross_terms
from symprop.verification.slips.remainders import remainders
from symprop.verification.slips.repair import Printed, Repair
from symprop.verification.slips.search import Question, Searching, agree, valued
from symprop.verification.slips.settings import Trying, usual
from symprop.verification.slips.sides import about, is_entry, is_given, is_rate_of_the_loss
from symprop.verification.slips.vocabulary import Vocabulary
from symprop.verification.slips.writing import written
from symprop.verification.updates import compare_update, weight_of
from symprop.verification.verdicts import Slip
from symprop.verification.worlds import PRECISION, Numeric

if TYPE_CHECKING:
    from symprop.verification.links import Judge


WORLDS = 8
"""In so many worlds a gradient with a path left out has to be the printed one."""


def slip_of(claim: Claim, comparison: Comparison, judge: Judge) -> Slip | None:
    """The mistake that explains a false claim; None where none is found.

    `comparison` has the setting in which the sides differ, and what they are worth there.
    """
    return next(explanations(claim, comparison, judge), None)


def explanations(claim: Claim, comparison: Comparison, judge: Judge) -> Iterator[Slip]:
    """All mistakes that explain a false claim, the likeliest first."""
    case = _case_of(claim, comparison, judge)
    if case is None:
        return
    with mpmath.workdps(PRECISION):
        yield from case.explanations()


_CHAINS: WeakKeyDictionary[Judge, Chains] = WeakKeyDictionary()


def _chains_of(judge: Judge) -> Chains:
    if judge not in _CHAINS:
        _CHAINS[judge] = Chains(judge.derivation, judge.symbols)
    return _CHAINS[judge]


# -- which side is at fault -----------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A false claim as a question: the side at fault, and what it should be worth where."""

    printed: Printed
    given: t.Tree
    settings: tuple[Setting, ...]
    truths: tuple[Numeric, ...]
    holds: Callable[[t.Tree], bool]
    points: Points
    form: Form

    def explanations(self) -> Iterator[Slip]:
        """The slips, the likeliest first: paths, the catalogue, then what is left.

        Where many numbers have to be moved for them, paths come behind the catalogue.
        """
        vocabulary = self.printed.vocabulary
        early = is_quick(vocabulary.chains, vocabulary.about, self.settings[0])
        some = False
        for slip in self._paths() if early else ():
            some = True
            yield slip
        searching = Searching(Question(self.printed, self.settings, self.truths, self.holds))
        for repair in searching.repairs():
            some = True
            yield self._slip(repair)
        for slip in () if early or some else self._paths():
            some = True
            yield slip
        if not some:
            yield from self._remainders(searching)

    def _slip(self, repair: Repair) -> Slip:
        return Slip(repair.kind, repair.sentence, repair.span, written(repair.tree, self.form))

    # -- paths ------------------------------------------------------------------------------------

    def _paths(self) -> Iterator[Slip]:
        """A path or cross terms left out, of a derivative of the loss or of another number."""
        of, about, chains = (
            self._of(),
            self.printed.vocabulary.about,
            self.printed.vocabulary.chains,
        )
        if not of or about not in chains.network.declared | chains.network.steps:
            return
        for rule in (left_out, without_cross_terms):
            for wrong in rule(chains, of, about, self.settings[0]):
                if self._is(wrong, self.settings[0], self.truths[0]) and self._again(rule, wrong):
                    yield Slip(wrong.kind, wrong.sentence, self.printed.tree.span)

    def _of(self) -> str:
        """What is differentiated: the loss, or a step that is a number; "" for anything else."""
        loss = self.printed.vocabulary.chains.network.require_loss().name
        if self.printed.is_update or is_rate_of_the_loss(self.given):
            return loss
        body = t.bare(self.given)
        of = t.bare(body.of) if isinstance(body, t.Rate) else None
        entry = of.reference.entry if isinstance(of, t.Name) and of.reference else None
        whole = isinstance(body, t.Rate) and not is_entry(t.bare(body.by))
        return entry.name if whole and entry and entry.kind == "step" and not entry.shape else ""

    def _is(self, wrong: Left, setting: Setting, truth: Numeric) -> bool:
        """Whether the printed side has this gradient in the place of the right one."""
        found = self._printed_value(setting)
        if found is None:
            return False
        if not self.printed.is_update:
            return agree(found, _shaped(wrong, found))
        weight = setting.world.values[self.printed.vocabulary.about]
        slope = setting.world.gradients[self.printed.vocabulary.about]
        if shape_of(weight) or slope == 0:
            return False
        return agree(found, weight - (weight - truth) / slope * wrong.gradient)

    def _again(self, rule: Callable[..., Iterator[Left]], wrong: Left) -> bool:
        """Whether the same explains the printed side in other worlds."""
        vocabulary, setting = self.printed.vocabulary, self.settings[0]
        if self.printed.is_update:
            return True
        quick = is_quick(vocabulary.chains, vocabulary.about, setting)
        for world in islice(self.points, WORLDS if quick else 2):
            there = Setting(world, setting.conventions)
            found = rule(vocabulary.chains, self._of(), vocabulary.about, there)
            same = (left for left in found if left.sentence == wrong.sentence)
            if not any(self._is(left, there, 0) for left in same):
                return False
        return True

    def _printed_value(self, setting: Setting) -> Numeric | None:
        return valued(self.printed.tree, setting)

    # -- what is left -----------------------------------------------------------------------------

    def _remainders(self, searching: Searching) -> Iterator[Slip]:
        """The ratio to what is right, or the difference, where it is the same at many points."""
        for remainder in remainders(self.printed, searching.trials[0]):
            undone = remainder.undone(self.printed.tree)
            if undone is None or searching.holds(undone):
                yield Slip(remainder.kind, remainder.sentence, self.printed.tree.span)
                return


def _shaped(left: Left, like: Numeric) -> Numeric:
    """A gradient that is compared; a row where the printed side is one."""
    found = left.gradient
    if shape_of(found) and shape_of(found) == shape_of(like)[::-1] != shape_of(like):
        return found.T
    return found


def _case_of(claim: Claim, comparison: Comparison, judge: Judge) -> Case | None:
    weight = weight_of(claim.left)
    is_update = weight is not None and _is_update(claim, comparison)
    given, printed = claim.left, claim.right
    swapped = not is_update and is_given(printed) and not is_given(given)
    if swapped:
        given, printed = printed, given

    def holds(tree: t.Tree) -> bool:
        trial = replace(claim, left=tree) if swapped else replace(claim, right=tree)
        if is_update and weight is not None:
            return compare_update(trial, weight, judge.network, judge.points)[0].is_equal
        return compare(
            trial, judge.points, conventions=usual(trial, comparison, judge.points)
        ).is_equal

    vocabulary = Vocabulary(_chains_of(judge), (claim.left, claim.right), about(given))
    tried = Trying(claim, comparison, given, swapped, is_update, judge.points)
    settings = tuple(tried.settings())
    if not settings:
        return None
    return Case(
        Printed(printed, vocabulary, is_update),
        given,
        tuple(setting for setting, _ in settings),
        tuple(truth for _, truth in settings),
        holds,
        judge.points,
        judge.form,
    )


def _is_update(claim: Claim, comparison: Comparison) -> bool:
    """Whether a weight was held against what gradient descent makes of it, not against itself."""
    if comparison.setting is None:
        return any(name == t.bare(claim.left) for name in t.names(claim.right))
    with mpmath.workdps(PRECISION):
        return not agree(value(claim.left, comparison.setting), comparison.left)
