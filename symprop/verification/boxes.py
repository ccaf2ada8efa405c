r"""An empty box, `\boxed{\cdot}`: what stands in the box of the formula before."""

from __future__ import annotations

from dataclasses import replace

from symprop.verification.reading import tree as t
from symprop.verification.reading.statements import Statement
from symprop.verification.substitution import mapped


def box_of(statement: Statement, before: t.Tree | None) -> t.Tree | None:
    """The box that an empty one behind a statement stands for; None where there are several."""
    found = [
        part
        for side in statement.sides
        for part in t.walk(side)
        if isinstance(part, t.Boxed) and part.frame == "boxed" and not _is_empty(part)
    ]
    if not found:
        return before
    return found[0] if len(found) == 1 else None


def with_box(statement: Statement, box: t.Tree | None) -> Statement:
    """A statement with a box in the place of empty ones."""
    if box is None:
        return statement

    def instead(part: t.Tree) -> t.Tree | None:
        return box if isinstance(part, t.Boxed) and _is_empty(part) else None

    return replace(statement, sides=tuple(mapped(side, instead) for side in statement.sides))


def _is_empty(box: t.Boxed) -> bool:
    return isinstance(t.bare(box.body), t.Dots)
