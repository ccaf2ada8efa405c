"""Two slips in one line: what each repair alone makes of the value, put together.

Of two repairs at different places the ratios to the printed value multiply where both are in one
product, and the differences add up where they are in different terms. So the second repair to each
one is looked up, and only what fits is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from symprop.verification.meaning.setting import shape_of
from symprop.verification.slips.repair import Printed, Repair, Rule
from symprop.verification.worlds import Numeric

MOST = 12
"""So many pairs are tried."""
SMALL = {
    "sign", "wrong-constant", "missing-square", "power", "wrong-variable", "transpose", "order",
    "missing-prime", "extra-prime", "wrong-index", "bracket", "elementwise", "wrong-condition",
}  # fmt: skip
"""One of two slips is of these kinds, or factors are missing: two others may mend any line."""


@dataclass(frozen=True)
class Tried:
    """A repair that did not make the line right, the rule it comes of, what it is worth."""

    repair: Repair
    rule: Rule
    worth: Numeric


def pairs(
    printed: Printed,
    worth: Numeric,
    truth: Numeric,
    tried: Sequence[Tried],
    is_late: Callable[[], bool],
) -> Iterator[Repair]:
    """Two repairs at once that fit in one entry of one world, none where it is late."""
    found = dict.fromkeys(_fitting(worth, truth, tried))
    for one, other in islice(found, MOST):
        first, second = tried[one], tried[other]
        for repair in second.rule(replace(printed, tree=first.repair.tree)):
            if is_late():
                return
            if repair.sentence == second.repair.sentence:
                yield _both(first.repair, second.repair, repair)


def _both(first: Repair, second: Repair, together: Repair) -> Repair:
    if _is_moved(first, second):
        factor = first.sentence.removesuffix(TOO_MANY)
        sentence = f"{factor} stands in the wrong term: it belongs into another one"
        return Repair(together.tree, first.kind, sentence, first.span)
    if second.span.start < first.span.start:
        sentences = second.sentence, first.sentence
    else:
        sentences = first.sentence, second.sentence
    span = first.span.to(second.span) if first.span.start < second.span.start else first.span
    return Repair(together.tree, first.kind, f"two slips: {'; and '.join(sentences)}", span)


def _fitting(worth: Numeric, truth: Numeric, tried: Sequence[Tried]) -> Iterator[tuple[int, int]]:
    """The numbers of two repairs that make the right value together, the likeliest first."""
    if shape_of(worth) != shape_of(truth):
        return
    usable = [
        (number, _entry(each.worth, truth))
        for number, each in enumerate(tried)
        if shape_of(each.worth) == shape_of(truth)
    ]
    here, right = _entry(worth, truth), _entry(truth, truth)
    if here != 0 and right != 0:
        ratios = [(number, value / here) for number, value in usable if value != 0]
        yield from _matched(ratios, lambda ratio: right / here / ratio, tried)
    differences = [(number, value - here) for number, value in usable]
    yield from _matched(differences, lambda difference: right - here - difference, tried)


def _matched(
    values: Sequence[tuple[int, Any]], wanted: Any, tried: Sequence[Tried]
) -> Iterator[tuple[int, int]]:
    known: dict[str, list[int]] = {}
    for number, value in values:
        known.setdefault(_key(value), []).append(number)
    for number, value in values:
        for other in known.get(_key(wanted(value)), ()):
            if number < other and _may_be_both(tried[number].repair, tried[other].repair):
                yield number, other


def _may_be_both(one: Repair, other: Repair) -> bool:
    kinds = {one.kind, other.kind}
    if _is_moved(one, other):
        return True
    same = one.sentence == other.sentence or (one.span == other.span and len(kinds) == 1)
    return not same and (bool(kinds & SMALL) or kinds == {"missing-factor"})


TOO_MANY, TOO_FEW = " should not be there", " is missing"


def _is_moved(one: Repair, other: Repair) -> bool:
    """Whether a factor that should not be there is missing elsewhere."""
    factor = one.sentence.removesuffix(TOO_MANY)
    return factor != one.sentence and other.sentence == f"{factor}{TOO_FEW}"


def _key(value: Any) -> str:
    return f"{float(value):.8e}"


def _entry(value: Numeric, truth: Numeric) -> Any:
    """The entry that is the largest of what is right."""
    if not shape_of(truth):
        return value
    return value.flat[int(np.argmax(np.abs(truth)))]
