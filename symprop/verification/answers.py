"""Whether an answer says what was asked for, and does not pass the question on."""

from __future__ import annotations

from collections.abc import Iterable

from symprop.verification.links import Judge
from symprop.verification.reading import tree as t
from symprop.verification.reading.statements import Link, Relation, Statement
from symprop.verification.reports import Line
from symprop.verification.verdicts import GOOD, undecidable


def repeats(answer: t.Tree, asked: t.Tree) -> bool:
    """Whether an answer only passes the question on: what is asked for stands in it."""
    return any(part == t.bare(asked) for part in t.walk(answer))


def answers(statements: Iterable[Statement], asked: t.Tree, judge: Judge) -> bool:
    """Whether an equation says what is asked for, however its derivative is written there."""
    return any(
        _is_asked(side, asked, judge)
        and any(not repeats(other, side) for other in statement.sides if other is not side)
        for statement in statements
        for side in statement.sides
    )


def unanswered(asked: str) -> Line:
    """The line of a report that says so."""
    return Line(asked, undecidable(f"the answer does not say what {asked} is"))


def _is_asked(side: t.Tree, asked: t.Tree, judge: Judge) -> bool:
    if t.bare(side) == t.bare(asked):
        return True
    if _by(side) is None or _by(side) != _by(asked):
        return False
    same = judge.without_slips().link(Link(asked, Relation("="), side, asked))
    return same.verdict in GOOD


def _by(tree: t.Tree) -> object:
    """What is differentiated by, however it is spelled; None for what is no derivative."""
    tree = t.bare(tree)
    if isinstance(tree, t.Nabla):
        by = t.bare(tree.body if tree.by is None else tree.by)
    elif isinstance(tree, t.Rate | t.Derive):
        by = t.bare(tree.by)
    else:
        return None
    return by.reference if isinstance(by, t.Name) and by.reference is not None else by
