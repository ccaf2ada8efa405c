"""Which right-hand sides are left blank, and what gives way because it would show an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from random import Random

from symprop.errors import DeclarationError
from symprop.printout.exercise.answers import Answer, Shown
from symprop.printout.exercise.places import Key, Place, Stage
from symprop.printout.expressions import Added, Asked, Chain, Expression
from symprop.printout.notation.formulas import Formulas

AMOUNTS = ("all", "results")
CHEAP = 4
"""A blank for which at most so many lines are touched leaves the sheet as it is."""


@dataclass(frozen=True)
class Choice:
    """Which places are blank, which repeat the question of a blank, and which are left out.

    `replaced` are those of whose factors some are answers: the numbers of the blanks stand there.
    """

    blank: frozenset[Key]
    repeated: dict[Key, Key]
    omitted: frozenset[Key]
    replaced: dict[Key, dict[Expression, Key]]

    @property
    def cost(self) -> int:
        """How many lines are touched."""
        return len(self.blank) + len(self.omitted) + len(self.replaced) + len(self.repeated)


class Chooser:
    """Chooses among places: those of the sections in which something is asked."""

    def __init__(self, places: Iterable[Place], formulas: Formulas) -> None:
        self.places = [place for place in places if place.stage is not Stage.STATED]
        self.answers = {place.key: Answer(place, formulas) for place in self.places}
        self._shown = {place.key: Shown(place.line.right, formulas) for place in self.places}
        self._by_key = {place.key: place for place in self.places}

    def choose(self, amount: str | int, seed: int) -> Choice:
        """All places, the results alone, or so many, drawn by the seed."""
        if amount == "all":
            return self.completed(place.key for place in self.places)
        done = [place for place in self.places if place.stage is Stage.DONE]
        if isinstance(amount, str):
            return self.completed(place.key for place in done if place.final)
        return self.completed(self._drawn(done, amount, seed))

    def _drawn(self, places: Sequence[Place], count: int, seed: int) -> list[Key]:
        """So many questions, rather those that leave the rest of the sheet as it is."""
        keys = sorted(self._first_of_each(place.key for place in places))
        if count > len(keys):
            raise DeclarationError(
                f"there are only {len(keys)} right-hand sides to choose {count} blanks from",
                hint="--blanks all leaves them all blank",
            )
        Random(seed).shuffle(keys)
        drawn: list[Key] = []
        costly: list[Key] = []
        for key in keys:
            if len(drawn) < count:
                (drawn if self.completed([key]).cost <= CHEAP else costly).append(key)
        return [*drawn, *costly[: count - len(drawn)]]

    # -- what else has to give way ----------------------------------------------------------------

    def completed(self, chosen: Iterable[Key]) -> Choice:
        """A choice, with all that would show an answer of it blank too, replaced or left out."""
        blank = self._first_of_each(chosen)
        while True:
            choice, shows = self._treated(blank)
            if not shows:
                return choice
            blank |= shows

    def _first_of_each(self, chosen: Iterable[Key]) -> set[Key]:
        """Of places that ask the same only the first: the others repeat it."""
        wanted = {self._by_key[key].question for key in chosen}
        found: dict[object, Key] = {}
        for place in self.places:
            if place.question in wanted:
                found.setdefault(place.question, place.key)
        return set(found.values())

    def _treated(self, blank: Set[Key]) -> tuple[Choice, set[Key]]:
        """What becomes of all places, and which of them show an answer and must be blank."""
        asked = {self._by_key[key].question: key for key in sorted(blank)}
        repeated: dict[Key, Key] = {}
        replaced: dict[Key, dict[Expression, Key]] = {}
        omitted: set[Key] = set()
        shows: set[Key] = set()
        for place in self.places:
            if place.key in blank:
                continue
            if place.question in asked:
                repeated[place.key] = asked[place.question]
                continue
            met = [key for key in sorted(blank) if self._is_met(place, key)]
            references = self._references(place, met)
            if references:
                replaced[place.key] = references
            elif met:
                (omitted if place.follows else shows).add(place.key)
        return Choice(frozenset(blank), repeated, frozenset(omitted), replaced), shows

    def _is_met(self, place: Place, key: Key) -> bool:
        answer, shown = self.answers[key], self._shown[place.key]
        return answer.is_shown_by(shown) or answer.is_used_by(place, shown)

    def _references(self, place: Place, met: Sequence[Key]) -> dict[Expression, Key]:
        """The factors of a place that are answers; none where an answer stands in another way."""
        terms = place.asked.terms if isinstance(place.asked, Added) else (place.asked,)
        chains = [term.factors for term in terms if isinstance(term, Chain)]
        factors = [factor for chain in chains for factor in chain]
        answers = {self.answers[key].expression: key for key in met}
        if len(factors) > 1 and all(factors.count(answer) == 1 for answer in answers):
            return answers
        return {}


def with_references(asked: Expression, numbers: dict[Expression, int]) -> Expression:
    """A product, or a sum of such, with numbers of blanks in the place of factors."""
    if isinstance(asked, Added):
        return Added(tuple(with_references(term, numbers) for term in asked.terms))
    if isinstance(asked, Chain):
        return Chain(tuple(Asked(numbers[f]) if f in numbers else f for f in asked.factors))
    return asked
