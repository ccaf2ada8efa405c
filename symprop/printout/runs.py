"""Runs of things that repeat, layer by layer: forms that are equal, with numbers that go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symprop.printout.similarity import Form

LEAST = 5
"""What repeats less often is no run."""


@dataclass(frozen=True)
class Run:
    """`count` layers of `period` items each, from item `start` on.

    `steps` says for each item of a layer how its numbers go on to the next one: by 0, 1 or -1.
    """

    start: int
    period: int
    count: int
    steps: tuple[tuple[int, ...], ...]

    @property
    def stop(self) -> int:
        """The item behind the last layer."""
        return self.start + self.period * self.count


def main_number(form: Form, steps: Sequence[int]) -> int | None:
    """The number that something is about: the first that goes on, if any does."""
    going = (number for number, step in zip(form.numbers, steps, strict=True) if step)
    return next(going, None)


def runs_in(forms: Sequence[Form], longest_period: int, suits: Callable[[Run], bool]) -> list[Run]:
    """The runs in a sequence, in order; `suits` says whether a layer may begin where one does."""
    found: list[Run] = []
    place = 0
    while place < len(forms):
        run = _run_from(place, forms, longest_period, suits)
        if run is None:
            place += 1
        else:
            found.append(run)
            place = run.stop
    return found


def _run_from(
    place: int, forms: Sequence[Form], longest_period: int, suits: Callable[[Run], bool]
) -> Run | None:
    """The layers that begin at a place, or at one of the next ones if that suits them better."""
    for period in range(1, longest_period + 1):
        run = _periodic(place, period, forms)
        if run is None:
            continue
        for start in range(place, place + period):
            shifted = _periodic(start, period, forms)
            if shifted is not None and suits(shifted):
                return shifted
    return None


def _periodic(start: int, period: int, forms: Sequence[Form]) -> Run | None:
    """The longest run with a period, where it is long enough."""
    steps = [_steps(forms, start + offset, period) for offset in range(period)]
    signs = {step for found in steps if found is not None for step in found if step}
    if None in steps or len(signs) != 1:
        return None
    length = period
    while _steps(forms, start + length - period, period) == steps[length % period]:
        length += 1
    count = length // period
    known = tuple(found for found in steps if found is not None)
    return Run(start, period, count, known) if count >= LEAST else None


def _steps(forms: Sequence[Form], place: int, period: int) -> tuple[int, ...] | None:
    """How the numbers go on from an item to the one a period later; None where they do not."""
    if place + period >= len(forms):
        return None
    here, there = forms[place], forms[place + period]
    if here.blank != there.blank:
        return None
    steps = tuple(new - old for old, new in zip(here.numbers, there.numbers, strict=True))
    return steps if set(steps) <= {-1, 0, 1} else None
