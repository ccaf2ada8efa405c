"""Reasons that stand behind the lines of several sections."""

from __future__ import annotations

from collections.abc import Sequence

from symprop.expression.nodes import operations
from symprop.network import Step
from symprop.printout.expressions import Equated, Expression
from symprop.printout.model import Prose

DEFINITION_LIMIT = 6
"""A definition of at most so many operations is said again where it is used."""
MOST_NAMED = 3
"""So many steps are named."""


def times(uses: Sequence[object]) -> Prose:
    """That a value is used more than once."""
    count = "twice" if len(uses) == 2 else f"{len(uses)} times"
    return (f"used {count}: the parts add up",)


def as_defined(user: Step) -> Prose:
    """The definition of a step said again, where it is short."""
    if operations(user.node) > DEFINITION_LIMIT:
        return ("definition of ", user.leaf)
    return ("as ", Equated(user.leaf, user.node))


def definitions(uses: list[Step]) -> Prose:
    """The names of the steps that take a value."""
    prose: list[str | Expression] = ["definition of "]
    for index, user in enumerate(uses[:MOST_NAMED]):
        prose += [", " if index else "", user.leaf]
    kept = tuple(part for part in prose if part != "")
    return (*kept, *((", ...",) if len(uses) > MOST_NAMED else ()))
