"""From the values of a program to the statements of one function, in order, nothing dead.

Every value of the derivation that is needed keeps its name and its line; what is used twice and
has no name gets one. A line that would be too long is divided.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from symprop.emission.names import Names
from symprop.program.build import Statement
from symprop.program.values import Value

TRIVIAL = {"load", "number", "constant", "size", "batch", "relabel"}
"""Kinds of values that need no line of their own."""


@dataclass(frozen=True)
class Assignment:
    """`name = value`, and the formula that it computes ("" for a part of one)."""

    name: str
    value: Value
    formula: str


def uses(roots: Iterable[Value]) -> dict[int, int]:
    """How often each value below `roots` is used; iterative, for a thousand layers."""
    counts: dict[int, int] = {}
    pending = list(roots)
    while pending:
        value = pending.pop()
        counts[value.number] = counts.get(value.number, 0) + 1
        if counts[value.number] == 1:
            pending.extend(value.operands)
    return counts


class Scheduler:
    """Schedules the statements of one function that its results need.

    `inner` suggests names for values inside steps. Values of the kinds in `always` get a name
    however often they are used.
    """

    def __init__(
        self,
        results: Sequence[Statement],
        names: Names,
        inner: Mapping[int, tuple[str, str]],
        always: Collection[str] = (),
    ) -> None:
        self._uses = uses(statement.value for statement in results)
        self._names = names
        self._inner = inner
        self._always = always
        self._named: set[int] = set()
        self._reserved: set[int] = set()

    def statements(
        self, statements: Sequence[Statement], identifier: Callable[[Statement], str]
    ) -> list[Assignment]:
        """Assignments for those of `statements` that a result needs, each value once."""
        wanted = [s for s in statements if s.value.number in self._uses]
        self._reserved.update(statement.value.number for statement in wanted)
        found: list[Assignment] = []
        for statement in wanted:
            value = statement.value
            if value.number in self._named or value.kind == "load":
                continue
            found.extend(self.parts(value, statement.name))
            found.append(Assignment(identifier(statement), value, statement.formula))
            self._named.add(value.number)
        return found

    def parts(self, value: Value, owner: str) -> list[Assignment]:
        """Assignments for what is shared below `value` and has no name yet."""
        found: list[Assignment] = []
        for operand in value.operands:
            if operand.number in self._named:
                continue
            found.extend(self.parts(operand, owner))
            shared = self._uses[operand.number] > 1 and operand.kind not in TRIVIAL
            if (shared or operand.kind in self._always) and operand.number not in self._reserved:
                wish, formula = self._inner.get(operand.number, (f"{owner}_1", ""))
                found.append(Assignment(self._names.fresh(wish), operand, formula))
                self._named.add(operand.number)
        return found
