r"""Names that a text defines behind their use: `\delta x, \quad \text{where } \delta = y - t`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from symprop.verification.reading.anew import is_free
from symprop.verification.reading.columns import whole_of
from symprop.verification.reading.reader import Choice
from symprop.verification.reading.rewriting import Found, rewritten
from symprop.verification.reading.statements import Statement
from symprop.verification.reading.symbols import Entry, Reference, Symbols
from symprop.verification.reading.tree import Name, Spelling, Tree


def with_later(
    statements: Sequence[Statement], choices: Sequence[Choice], symbols: Symbols
) -> Found:
    """Statements and choices in which a name means what a later statement alone defines."""
    known = _defined(statements)

    def rule(part: Tree) -> Tree | None:
        if not isinstance(part, Name) or not (part.reference is None or is_free(part, symbols)):
            return None
        start, entry = known.get(part.spelling, (0, None))
        return replace(part, reference=Reference(entry)) if part.span.start < start else None

    return rewritten(statements, choices, rule)


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
                whole = whole_of(left, each.defines.definition)
                found |= {} if whole is None else {whole[0]: (each.span.start, whole[1])}
                count.update([] if whole is None else [whole[0]])
    return {spelling: where for spelling, where in found.items() if count[spelling] == 1}
