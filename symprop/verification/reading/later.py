r"""Names that a text defines behind their use: `\delta x, \quad \text{where } \delta = y - t`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from symprop.verification.reading.reader import Choice
from symprop.verification.reading.statements import Statement
from symprop.verification.reading.symbols import Entry, Reference
from symprop.verification.reading.tree import Name, Spelling, Tree
from symprop.verification.substitution import mapped

Found = tuple[tuple[Statement, ...], tuple[Choice, ...]]


def with_later(statements: Sequence[Statement], choices: Sequence[Choice]) -> Found:
    """Statements and choices in which a name means what a later statement, and no other, defines.

    A part of a statement that a choice is about is the same object in both, as before.
    """
    known = _defined(statements)
    moved: dict[int, Tree] = {}

    def rule(part: Tree) -> Tree | None:
        if id(part) in moved:
            return moved[id(part)]
        if not isinstance(part, Name) or part.reference is not None:
            return None
        start, entry = known.get(part.spelling, (0, None))
        return replace(part, reference=Reference(entry)) if part.span.start < start else None

    made = []
    for choice in choices:
        taken = mapped(choice.taken, rule)
        moved[id(choice.taken)] = taken
        made.append(replace(choice, taken=taken, other=mapped(choice.other, rule)))
    found = tuple(
        replace(each, sides=tuple(mapped(side, rule) for side in each.sides)) for each in statements
    )
    return found, tuple(made)


def _defined(statements: Sequence[Statement]) -> dict[Spelling, tuple[int, Entry]]:
    """The names that are defined once, each with where that is and what it stands for."""
    found: dict[Spelling, tuple[int, Entry]] = {}
    count: Counter[Spelling] = Counter()
    for each in statements:
        left = each.sides[0]
        if isinstance(left, Name):
            count[left.spelling] += 1
            if each.defines is not None and each.defines.definition is not None:
                found[left.spelling] = each.span.start, each.defines
    return {spelling: where for spelling, where in found.items() if count[spelling] == 1}
