"""What is left where no slip of the catalogue explains a line: the printed side over the right one.

The ratio of the two and their difference are looked up among simple formulas: numbers, names,
products of two names, local derivatives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from symprop.verification.meaning.setting import shape_of
from symprop.verification.reading import tree as t
from symprop.verification.slips.factors import is_number
from symprop.verification.slips.making import ONE, multiplied, negated, ratio
from symprop.verification.slips.repair import Printed, said
from symprop.verification.slips.search import Trial, agree, valued
from symprop.verification.worlds import Numeric

MOST_NAMES = 12
"""Products of two of so many names are looked at."""


@dataclass(frozen=True)
class Remainder:
    """What the printed side is: so many `times` the right one, or the right one `plus` something.

    Both are None where some rows are left out.
    """

    kind: str
    sentence: str
    times: t.Tree | None = None
    plus: t.Tree | None = None

    def undone(self, printed: t.Tree) -> t.Tree | None:
        """The right side, made of the printed one; None where some rows are left out."""
        if self.times is not None:
            return t.Fraction(printed, self.times)
        if self.plus is not None:
            return t.Sum((t.Group(printed), t.Group(self.plus)), ("", "-"))
        return None


def remainders(printed: Printed, trial: Trial) -> Iterator[Remainder]:
    """Simple formulas for the ratio of both sides, then for their difference, in one setting."""
    found, truth = valued(printed.tree, trial.setting), trial.truth
    if found is None:
        return
    yield from _rows_left_out(found, trial)
    if shape_of(found) != shape_of(truth):
        return
    known = _Known(printed, trial)
    quotient = _quotient(found, trial)
    for tree, worth in known.numbers if quotient is not None else ():
        yield from _ratios(tree, worth, quotient, trial)
    for tree, worth in known.numbers if not shape_of(truth) else known.matrices:
        yield from _differences(tree, worth, found - truth, trial)


class _Known:
    """The formulas that are looked up, with their values: numbers, and matrices."""

    def __init__(self, printed: Printed, trial: Trial) -> None:
        self.numbers: list[tuple[t.Tree, Numeric]] = []
        self.matrices: list[tuple[t.Tree, Numeric]] = []
        vocabulary = printed.vocabulary
        locals_ = [local.tree for local in vocabulary.locals]
        self._look_up([*vocabulary.numbers, *vocabulary.names, *vocabulary.parts, *locals_], trial)
        near = [tree for tree, _ in self.numbers if isinstance(tree, t.Name)][:MOST_NAMES]
        pairs: list[tuple[t.Tree, t.Tree]]
        pairs = [(one, other) for place, one in enumerate(near) for other in near[place:]]
        pairs += [(one, other) for one in near for other in locals_]
        self._look_up([multiplied(pair, ONE) for pair in pairs], trial)

    def _look_up(self, trees: Sequence[t.Tree], trial: Trial) -> None:
        for tree in trees:
            worth = trial.worth(tree)
            if worth is not None:
                (self.matrices if shape_of(worth) else self.numbers).append((tree, worth))


def _rows_left_out(found: Numeric, trial: Trial) -> Iterator[Remainder]:
    """Some rows of the right side, and not the others."""
    one, other = shape_of(found) or (1, 1), shape_of(trial.truth)
    if not other or one[1] != other[1] or one[0] >= other[0]:
        return
    rows = np.reshape(np.asarray(found, dtype=trial.truth.dtype), one)
    for start in range(other[0] - one[0] + 1):
        if agree(rows, trial.truth[start : start + one[0]], trial.tolerance):
            sentence = f"rows are left out: there should be {other[0]} of them, not {one[0]}"
            yield Remainder("missing-term", sentence)


def _ratios(tree: t.Tree, worth: Numeric, quotient: Numeric, trial: Trial) -> Iterator[Remainder]:
    if worth == 0 or _may_vanish(tree, trial):
        return
    constant = is_number(tree)
    for formula, kind in ((tree, "extra-factor"), (ratio(ONE, tree), "missing-factor")):
        factor = worth if formula is tree else 1 / worth
        for signed, times in ((formula, factor), (negated(formula), -factor)):
            if agree(times, quotient, trial.tolerance):
                sentence = f"the printed side is {said(signed)} times the right one"
                yield Remainder("wrong-constant" if constant else kind, sentence, times=signed)


def _may_vanish(tree: t.Tree, trial: Trial) -> bool:
    """Whether a formula has a label in it, which is 0 for most classes."""
    labels = trial.setting.world.network.labels
    entries = (name.reference.entry for name in t.names(tree) if name.reference is not None)
    return any(entry is not None and entry.name in labels for entry in entries)


def _differences(
    tree: t.Tree, worth: Numeric, difference: Numeric, trial: Trial
) -> Iterator[Remainder]:
    if agree(worth, difference, trial.tolerance):
        sentence = f"the printed side is the right one plus {said(tree)}"
        yield Remainder("extra-term", sentence, plus=tree)
    if agree(-worth, difference, trial.tolerance):
        sentence = f"the printed side is the right one minus {said(tree)}"
        yield Remainder("missing-term", sentence, plus=negated(tree))


def _quotient(found: Numeric, trial: Trial) -> Numeric | None:
    """The number that one side is times the other; None where it is not the same everywhere."""
    truth = trial.truth
    if not shape_of(truth):
        return None if truth == 0 else found / truth
    place = np.unravel_index(np.argmax(np.abs(truth)), truth.shape)
    if truth[place] == 0:
        return None
    quotient = found[place] / truth[place]
    return quotient if agree(found, quotient * truth, trial.tolerance) else None
