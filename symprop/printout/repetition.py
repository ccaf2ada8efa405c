"""What repeats from layer to layer is said once, for any k.

    a_2 = w_2 f_1,  f_2 = s(a_2),  a_3 = w_3 f_2,  f_3 = s(a_3),  ...,  f_50 = s(a_50)
    a_k = w_k f_{k-1},  f_k = s(a_k)      for k = 2, ..., 50

Nothing is lost: what is left out is what stands there, with a number for k. The time taken is
linear in what there is to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from symprop.expression.nodes import Leaf, Sum
from symprop.printout.expressions import Added, Counting, Expression, Repeated
from symprop.printout.model import Block, Equations, Line, Part
from symprop.printout.notation.names import Names
from symprop.printout.runs import Run, main_number, runs_in
from symprop.printout.similarity import Form, Similarity

LEVELS = 4
"""What is said for any k may say something for any j, and that for one index more in a sum."""
PERIOD_LIMIT = 40
"""A layer has at most so many lines, or parts, of its own."""

Item: TypeAlias = Line | Block
T = TypeVar("T", bound=Item)


class Repetition:
    """Finds what repeats in a document with these names, and says it once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._levels = [Similarity(names, level) for level in range(LEVELS)]

    def take_letter(self) -> None:
        """Let the index have its letter now, so that nothing else takes it."""
        self._names.of(self._levels[0].index)

    def runs(self, items: Sequence[Item]) -> list[Run]:
        """Where lines or blocks repeat, in order."""
        return _runs(items, self._levels[0])

    def shortened(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """Blocks, and their lines, with everything that repeats said once."""
        return tuple(self._shortened(blocks, 0))

    def _shortened(self, blocks: Sequence[Block], level: int) -> Iterator[Block]:
        """The same within what is said for so many indices already."""
        for block in _said_once(blocks, self._levels[level]):
            match block:
                case Equations(lines):
                    said = _said_once(lines, self._levels[level])
                    yield Equations(tuple(self._summed(line, level) for line in said))
                case Part(heading, inner):
                    general = any(isinstance(part, Counting) for part in heading)
                    further = level + 1 if general else level
                    yield Part(heading, tuple(self._shortened(inner, further)))
                case _:
                    yield block

    def _summed(self, line: Line, level: int) -> Line:
        """A line about a gradient, with a sum sign for many terms of one form."""
        defined = isinstance(line.left, Leaf) and line.left.role == "step"
        if defined or not isinstance(line.right, Added | Sum):
            return line
        general = self._levels[level].has_index(line)
        similarity = self._levels[level + 1 if general else level]
        terms = line.right.terms if isinstance(line.right, Added) else line.right.children
        forms = [similarity.form(term) for term in terms]
        summed: list[Expression] = []
        place: int = 0
        for run in runs_in(forms, 1, lambda run: any(run.steps[0])):
            counting = _counting(forms[run.start], run, similarity)
            away = _away(forms[run.start], run.steps[0], counting.first)
            term = similarity.general(terms[run.start], away)
            ends = sorted((counting.first, counting.last))
            summed += [*terms[place : run.start], Repeated(term, Counting(counting.index, *ends))]
            place = run.stop
        if not place:
            return line
        summed += terms[place:]
        return replace(line, right=summed[0] if len(summed) == 1 else Added(tuple(summed)))


def _runs(items: Sequence[Item], similarity: Similarity) -> list[Run]:
    forms = [similarity.form(item) for item in items]
    return runs_in(forms, PERIOD_LIMIT, lambda run: _is_layer(run, items, forms))


def _said_once(items: Sequence[T], similarity: Similarity) -> list[T]:
    """Items with every run of layers as the layer for any k."""
    said: list[T] = []
    place: int = 0
    for run in _runs(items, similarity):
        said += items[place : run.start]
        layer = items[run.start : run.start + run.period]
        forms = [similarity.form(item) for item in layer]
        counting = _counting(forms[0], run, similarity)
        for item, form, steps in zip(layer, forms, run.steps, strict=True):
            general = similarity.general(item, _away(form, steps, counting.first))
            said.append(_counted(general, counting))
        place = run.stop
    return [*said, *items[place:]]


def _counting(form: Form, run: Run, similarity: Similarity) -> Counting:
    """What k is: the number that the first item of a run is about."""
    first = main_number(form, run.steps[0]) or 0
    step = next(filter(None, run.steps[0]))
    return Counting(similarity.index, first, first + step * (run.count - 1))


def _away(form: Form, steps: Sequence[int], k: int) -> list[int | None]:
    """How far the numbers that go on are from k."""
    return [n - k if step else None for n, step in zip(form.numbers, steps, strict=True)]


def _counted(item: Any, counting: Counting) -> Any:
    """An item that says for which k it holds."""
    if isinstance(item, Line) and item.left is not None:
        return replace(item, reason=(*item.reason, *([", "] if item.reason else []), counting))
    if isinstance(item, Part):
        return replace(item, heading=(*item.heading, ", ", counting))
    return item


def _is_layer(run: Run, items: Sequence[Item], forms: Sequence[Form]) -> bool:
    """Whether the items of a layer are about the same number, and the first stands by itself."""
    first = items[run.start]
    if isinstance(first, Line) and first.left is None:
        return False
    layer = forms[run.start : run.start + run.period]
    about = [main_number(form, steps) for form, steps in zip(layer, run.steps, strict=True)]
    return about[0] is not None and set(about) <= {about[0], None}
