"""A claim that does not hold, and what there is to be known of the names in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.equality import Comparison
from symprop.verification.meaning.names import nameless
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry, Reference, Symbols
from symprop.verification.substitution import with_names
from symprop.verification.verdicts import Judgement


@dataclass(frozen=True)
class Doubtful:
    """A claim that does not hold, and all that is known around it."""

    claim: Claim
    found: Comparison
    network: Network
    symbols: Symbols
    points: Points


Doubt: TypeAlias = Callable[[Doubtful], Judgement | None]
"""Why it may not be wrong, as a verdict; None where it may."""


def unknown_in(claim: Claim) -> list[t.Name]:
    return list(dict.fromkeys(name for tree in claim.trees for name in nameless(tree)))


def with_name(claim: Claim, name: t.Name, entry: Entry) -> Claim:
    """A claim in which a name means another entry, with the indices that it has."""
    indices = name.reference.indices if name.reference is not None else ()
    meant = replace(name, reference=Reference(entry, indices))

    def instead(found: t.Name) -> t.Name | None:
        return meant if found == name and found.reference == name.reference else None

    return replace(
        claim, left=with_names(claim.left, instead), right=with_names(claim.right, instead)
    )


def references_of(claim: Claim) -> Iterator[Reference]:
    for tree in claim.trees:
        yield from (n.reference for n in t.names(tree) if n.reference is not None)


def entries_of(claim: Claim) -> list[Entry]:
    found = (
        entry
        for reference in references_of(claim)
        for entry in (reference.entry, *(member for _, member in reference.members))
        if entry is not None
    )
    return list(dict.fromkeys(found))
