"""Other trees in the place of parts of statements, and of the readings that were not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symprop.verification.reading.reader import Choice
from symprop.verification.reading.statements import Statement
from symprop.verification.reading.tree import Tree
from symprop.verification.substitution import Rule, mapped

Found = tuple[tuple[Statement, ...], tuple[Choice, ...]]


def rewritten(statements: Sequence[Statement], choices: Sequence[Choice], rule: Rule) -> Found:
    """Statements and choices with other parts, by a rule.

    A part of a statement that a choice is about is the same object in both, as before.
    """
    moved: dict[int, Tree] = {}

    def known(part: Tree) -> Tree | None:
        return moved[id(part)] if id(part) in moved else rule(part)

    made = []
    for choice in choices:
        taken = mapped(choice.taken, known)
        moved[id(choice.taken)] = taken
        made.append(replace(choice, taken=taken, other=mapped(choice.other, known)))
    return tuple(_rewritten(each, known) for each in statements), tuple(made)


def _rewritten(statement: Statement, rule: Rule) -> Statement:
    sides = tuple(mapped(side, rule) for side in statement.sides)
    given = tuple(replace(c, tree=mapped(c.tree, rule)) for c in statement.conditions)
    return replace(statement, sides=sides, conditions=given)
