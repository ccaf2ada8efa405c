"""Lines to write on, and what is written there, broken where they are wider than the page."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import TypeAlias

from symprop.printout.notation.breaking import broken
from symprop.printout.notation.markup import Gap, Markup, parts_of, row
from symprop.printout.notation.widths import width

LONGEST = 24.0
"""A line to write on is not longer than this; more room is given by more lines."""
SIGN, PADDING = 2.0, 1.0
"""Room for a sign before such a line, and for what an underlined answer is wider by."""


Measure: TypeAlias = Callable[[Markup], float]


def in_lines(markup: Markup, room: float, measure: Measure = width) -> list[Markup]:
    """Notation in lines that are no wider than the room; each line of an answer is underlined."""
    parts = parts_of(markup)
    place = next((i for i, part in enumerate(parts) if isinstance(part, Gap)), None)
    if place is None:
        return broken(markup, room, room, measure)
    before, gap, after = parts[:place], parts[place], parts[place + 1 :]
    assert isinstance(gap, Gap)
    beside = measure(row(*before, *after)) if before or after else 0.0
    if gap.length <= LONGEST and beside + measure(gap) <= room:
        return [markup]
    stated = broken(row(*before[:-1]), room, room, measure) if before else []
    first, *further = _lines_of(gap, room - SIGN, measure)
    lines = [*stated, row(*before[-1:], first), *further]
    return [*lines[:-1], row(lines[-1], *after)]


def _lines_of(gap: Gap, room: float, measure: Measure) -> list[Markup]:
    """A line to write on, or what is written there, in several lines where it is too wide."""
    label = measure(Gap(gap.label, 0.0))
    if gap.inside is None:
        longest = min(LONGEST, room - label)
        count = ceil(gap.length / longest)
        length = min(gap.length, longest)
        return [Gap(gap.label, length), *(Gap("", length) for _ in range(count - 1))]
    first, *further = broken(gap.inside, room - label - PADDING, room - PADDING, measure)
    return [Gap(gap.label, 0.0, first), *(Gap("", 0.0, line) for line in further)]
