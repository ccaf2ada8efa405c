"""A false claim as a question: which side is at fault, what it should be worth, where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import mpmath

from symprop.errors import SympropError
from symprop.verification.claims import Claim
from symprop.verification.corrections import is_loss
from symprop.verification.equality import Comparison, compare
from symprop.verification.meaning.names import entry_of, split
from symprop.verification.meaning.setting import Record, Setting, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.reading.formula import Form
from symprop.verification.slips.chains import Chains
from symprop.verification.slips.constants import with_sizes
from symprop.verification.slips.paths import (
    Left,
    PathRule,
    is_quick,
    left_out,
    two_left_out,
    without_cross_terms,
)
from symprop.verification.slips.remainders import remainders
from symprop.verification.slips.repair import Printed, Repair
from symprop.verification.slips.search import Question, Searching, agree, valued
from symprop.verification.slips.settings import Trying, usual
from symprop.verification.slips.sides import (
    about,
    entry_of_name,
    is_entry,
    is_given,
    is_rate_of_the_loss,
)
from symprop.verification.slips.solutions import solved_for
from symprop.verification.slips.sums import missing_terms
from symprop.verification.slips.vocabulary import Vocabulary
from symprop.verification.slips.writing import written
from symprop.verification.stationary import at_minimum
from symprop.verification.updates import compare_update, weight_of
from symprop.verification.verdicts import Slip, Verdict
from symprop.verification.worlds import PRECISION, Numeric

if TYPE_CHECKING:
    from symprop.verification.links import Judge


WORLDS = 8
"""In so many worlds a gradient with a path left out has to be the printed one."""
PATHS: tuple[PathRule, ...] = (left_out, without_cross_terms)
"""What may be left out of a gradient as a whole."""


_CHAINS: WeakKeyDictionary[Judge, Chains] = WeakKeyDictionary()


def _chains_of(judge: Judge) -> Chains:
    if judge not in _CHAINS:
        _CHAINS[judge] = Chains(judge.derivation, judge.symbols)
    return _CHAINS[judge]


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
    single: bool = False

    def explanations(self) -> Iterator[Slip]:
        """The slips of the likeliest sort that there are. `single`: one of the catalogue alone."""
        for sort in self._sorts():
            some = False
            for slip in sort:
                some = True
                yield slip
            if some:
                return

    def _sorts(self) -> Iterator[Iterator[Slip]]:
        """Paths and the catalogue, then two paths, two slips, and what is left.

        Where many numbers have to be moved for them, paths come behind the catalogue.
        """
        vocabulary = self.printed.vocabulary
        quick = is_quick(vocabulary.chains, vocabulary.about, self.settings[0])
        searching = self._searching
        early = self._paths(PATHS) if quick else iter(())
        yield chain(early, map(self._slip, searching.repairs()))
        if not self.single:
            yield self._paths((two_left_out,) if quick else PATHS)
            yield map(self._slip, searching.further())
            yield self._remainders(searching)

    @cached_property
    def _searching(self) -> Searching:
        return Searching(Question(self.printed, self.given, self.settings, self.truths, self.holds))

    def _slip(self, repair: Repair) -> Slip:
        return Slip(repair.kind, repair.sentence, repair.span, written(repair.tree, self.form))

    # -- paths ------------------------------------------------------------------------------------

    def _paths(self, rules: Sequence[PathRule]) -> Iterator[Slip]:
        """Paths or cross terms left out, of a derivative of the loss or of another number."""
        of, about, chains = (
            self._of(),
            self.printed.vocabulary.about,
            self.printed.vocabulary.chains,
        )
        if not of or about not in chains.network.declared | chains.network.steps:
            return
        for rule in rules:
            for wrong in rule(chains, of, about, self.settings[0]):
                if self._is(wrong, self.settings[0], self.truths[0]) and self._again(rule, wrong):
                    yield self._missing(wrong)

    def _missing(self, wrong: Left) -> Slip:
        """A path as a slip; where the loss itself uses a name, as a penalty does, with its term."""
        whole = Slip(wrong.kind, wrong.sentence, self.printed.tree.span)
        found = self._searching.repairs((missing_terms,)) if wrong.of_the_loss else iter(())
        for repair in found:
            return replace(self._slip(repair), kind=wrong.kind)
        return whole

    def _of(self) -> str:
        """What is differentiated: the loss, or a step that is a number; "" for anything else."""
        loss = self.printed.vocabulary.chains.network.require_loss().name
        if self.printed.is_update or is_rate_of_the_loss(self.given) or self._entry is not None:
            return loss
        body = t.bare(self.given)
        of = t.bare(body.of) if isinstance(body, t.Rate) else None
        entry = of.reference.entry if isinstance(of, t.Name) and of.reference else None
        whole = isinstance(body, t.Rate) and not is_entry(t.bare(body.by))
        return entry.name if whole and entry and entry.kind == "step" and not entry.shape else ""

    @property
    def _entry(self) -> t.Name | None:
        """The entry of a name that the loss is differentiated by."""
        body = t.bare(self.given)
        by = t.bare(body.by) if isinstance(body, t.Rate) and is_loss(body.of) else None
        return by if isinstance(by, t.Name) and is_entry(by) else None

    def _is(self, wrong: Left, setting: Setting, truth: Numeric) -> bool:
        """Whether the printed side has this gradient in the place of the right one."""
        entry = self._entry
        if entry is not None:
            wrong = replace(wrong, gradient=_entry_of(wrong.gradient, entry, setting))
        found = self._here if setting is self.settings[0] else self._printed_value(setting)
        if found is None:
            return False
        if not self.printed.is_update:
            return agree(found, _shaped(wrong, found))
        weight = setting.world.values[self.printed.vocabulary.about]
        slope = setting.world.gradients[self.printed.vocabulary.about]
        if shape_of(weight) or slope == 0:
            return False
        return agree(found, weight - (weight - truth) / slope * wrong.gradient)

    def _again(self, rule: PathRule, wrong: Left) -> bool:
        """Whether the same explains the printed side in other worlds."""
        vocabulary, setting = self.printed.vocabulary, self.settings[0]
        if self.printed.is_update:
            return True
        quick = is_quick(vocabulary.chains, vocabulary.about, setting)
        for world in islice(self.points, WORLDS if quick else 2):
            there = replace(setting, world=world, record=Record())
            found = rule(vocabulary.chains, self._of(), vocabulary.about, there)
            same = (left for left in found if left.sentence == wrong.sentence)
            if not any(self._is(left, there, 0) for left in same):
                return False
        return True

    @cached_property
    def _here(self) -> Numeric | None:
        return self._printed_value(self.settings[0])

    def _printed_value(self, setting: Setting) -> Numeric | None:
        return valued(self.printed.tree, setting)

    # -- what is left -----------------------------------------------------------------------------

    def _remainders(self, searching: Searching) -> Iterator[Slip]:
        """The ratio to what is right, or the difference, where it is the same at many points."""
        for remainder in remainders(self.printed, searching.trials[0].of(self.printed.tree)):
            undone = remainder.undone(self.printed.tree)
            if undone is None or searching.holds(undone):
                yield Slip(remainder.kind, remainder.sentence, self.printed.tree.span)
                return


def _entry_of(gradient: Numeric, name: t.Name, setting: Setting) -> Numeric:
    """An entry of a gradient; nothing where there is none."""
    reference = name.reference
    assert reference is not None and reference.entry is not None  # an entry of a declared name
    try:
        return entry_of(gradient, split(reference.entry, reference.indices)[0], name, setting)
    except SympropError:
        return mpmath.nan


def _shaped(left: Left, like: Numeric) -> Numeric:
    """A gradient that is compared; a row where the printed side is one."""
    found = left.gradient
    if shape_of(found) and shape_of(found) == shape_of(like)[::-1] != shape_of(like):
        return found.T
    return found


def case_of(
    claim: Claim, comparison: Comparison, judge: Judge, points: Points, *, single: bool = False
) -> Case | None:
    """The question that a false claim is; None where it cannot be asked.

    `single`: whether one slip alone may explain it.
    """
    comparison = with_sizes(comparison, judge.network)
    weight = weight_of(claim.left)
    is_update = weight is not None and is_of_update(claim, comparison)
    given, printed = claim.left, claim.right
    solved = "" if is_update else solved_for(claim, judge.network)
    swapped = not is_update and is_given(printed) and not is_given(given)
    if swapped:
        given, printed = printed, given

    def holds(tree: t.Tree) -> bool:
        trial = replace(claim, left=tree) if swapped else replace(claim, right=tree)
        if solved:
            found = at_minimum(trial, judge.network, points)
            return found is not None and found.verdict is Verdict.TRUE_GIVEN
        if is_update and weight is not None:
            return compare_update(trial, weight, judge.network, points)[0].is_equal
        conventions = [] if _has_cases(tree) else usual(trial, comparison, points)
        return compare(trial, points, conventions=conventions).is_equal

    vocabulary = _vocabulary(claim, given, judge, is_update)
    tried = Trying(claim, comparison, given, swapped, is_update, points, solved)
    settings = tuple(tried.settings())
    if not settings:
        return None
    return Case(
        Printed(printed, vocabulary, is_update),
        given,
        tuple(setting for setting, _ in settings),
        tuple(truth for _, truth in settings),
        holds,
        points,
        judge.form,
        single,
    )


def _vocabulary(claim: Claim, given: t.Tree, judge: Judge, is_update: bool) -> Vocabulary:
    name = about(given)
    entry = entry_of_name(given)
    defines = not is_update and entry is not None and entry.kind in ("step", "loss")
    chains = _chains_of(judge)
    defined = name if defines and name in chains.network.steps else ""
    return Vocabulary(chains, (claim.left, claim.right), name, defined)


def _has_cases(tree: t.Tree) -> bool:
    """Whether a formula has cases, of which a 0 may stand for a column of such."""
    return any(isinstance(part, t.Cases) for part in t.walk(tree))


def is_of_update(claim: Claim, comparison: Comparison) -> bool:
    """Whether a weight was held against what gradient descent makes of it, not against itself."""
    if comparison.setting is None:
        return any(name == t.bare(claim.left) for name in t.names(claim.right))
    with mpmath.workdps(PRECISION):
        return not agree(value(claim.left, comparison.setting), comparison.left)
