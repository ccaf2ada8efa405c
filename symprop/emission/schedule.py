"""From the values of a program to the statements of one function, in order, nothing dead.

Every value of the derivation that is needed keeps its name and its line; what is used twice and
has no name gets one. A line that would be too long is divided.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from symprop.emission.names import Names
from symprop.program.build import Statement
from symprop.program.values import Value

TRIVIAL = {"load", "number", "constant", "size", "batch", "relabel", "slice"}
"""Kinds of values that need no line of their own."""


class Assignment(NamedTuple):
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
        # A view that has no line of its own uses its array each time it is written.
        if counts[value.number] == 1 or value.kind in TRIVIAL:
            pending.extend(value.operands)
    return counts


def array_of(value: Value) -> Value:
    """The same array before its axes got other roles, where none of them is turned."""
    while value.kind == "relabel" and value.content == value.axes:
        (value,) = value.operands
    return value


class Scheduler:
    """Schedules the statements of one function that its results need.

    `inner` suggests names and formulas for values inside steps, `wishes` names for other parts.
    The values numbered in `always` get a name
    however often they are used.
    """

    def __init__(
        self,
        results: Sequence[Statement],
        names: Names,
        inner: Mapping[int, tuple[str, str]],
        always: Collection[int] = (),
        wishes: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        self._wishes = wishes
        self._uses = uses(statement.value for statement in results)
        self._names = names
        self._inner = inner
        self._always = always
        self._named: set[int] = set()
        self._reserved: dict[int, Assignment] = {}

    def statements(
        self, statements: Sequence[Statement], identifier: Callable[[Statement], str]
    ) -> list[Assignment]:
        """Assignments for those of `statements` that a result needs, each value once."""
        wanted: dict[int, Statement] = {}
        for statement in statements:
            value = array_of(statement.value)
            if statement.value.number in self._uses and value.kind not in ("load", "number"):
                wanted.setdefault(value.number, statement)
        for number, statement in wanted.items():
            value = array_of(statement.value)
            self._reserved[number] = Assignment(identifier(statement), value, statement.formula)
        found: list[Assignment] = []
        for number, statement in wanted.items():
            if number not in self._named:
                found.extend(self.parts(self._reserved[number].value, statement.name))
                found.append(self._reserved[number])
                self._named.add(number)
        return found

    def parts(self, value: Value, owner: str) -> list[Assignment]:
        """Assignments for what is shared below `value` and has no name yet."""
        found: list[Assignment] = []
        for operand in value.operands:
            if operand.kind == "load" or operand.number in self._named:
                continue
            found.extend(self.parts(operand, owner))
            shared = self._uses[operand.number] > 1 and operand.kind not in TRIVIAL
            if operand.number in self._reserved:  # of a statement further down
                found.append(self._reserved[operand.number])
                self._named.add(operand.number)
            elif shared or operand.number in self._always:
                own = self._wishes.get(operand.number, f"{owner}_1")
                wish, formula = self._inner.get(operand.number, (own, ""))
                formula = formula.removeprefix(f"{wish} = ")  # the name may be taken
                found.append(Assignment(self._names.fresh(wish), operand, formula))
                self._named.add(operand.number)
        return found
