"""A claim: two sides that are said to be equal, for all indices or for those under a condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from symprop.verification.reading.statements import Link
from symprop.verification.reading.tree import Listing, Rate, Text, Tree, bare
from symprop.verification.substitution import Rule, mapped

Where: TypeAlias = Callable[[Mapping[str, int]], bool]
"""Whether something is said for these values of the free indices."""


def everywhere(indices: Mapping[str, int]) -> bool:
    """The condition of a claim without one."""
    return True


@dataclass(frozen=True)
class Claim:
    """Two sides that are said to be equal.

    `given` are the conditions that the text has, `where` one on the free indices that is tried.
    """

    left: Tree
    right: Tree
    where: Where = everywhere
    given: tuple[Tree, ...] = ()

    @property
    def trees(self) -> tuple[Tree, Tree]:
        """Both sides."""
        return self.left, self.right

    def mapped(self, rule: Rule) -> Claim:
        """The claim with other parts, by a rule."""
        return replace(self, left=mapped(self.left, rule), right=mapped(self.right, rule))


def claim_of(link: Link) -> Claim:
    """What a link claims, under the conditions that are understood."""
    given = tuple(tree for tree in link.conditions if not isinstance(tree, Text))
    return Claim(link.left, link.right, given=given)


def in_words(link: Link) -> str:
    """The conditions of a link that are not understood."""
    return ", ".join(tree.words for tree in link.conditions if isinstance(tree, Text))


def claims_of_list(claim: Claim) -> list[Claim] | None:
    """The claims of a list, one for each entry; None where a side is no list."""
    left, right = bare(claim.left), bare(claim.right)
    if not isinstance(right, Listing):
        return None
    if isinstance(left, Rate) and isinstance(left.by, Listing):
        entries: Sequence[Tree] = [replace(left, by=each) for each in left.by.items]
    elif isinstance(left, Listing):
        entries = left.items
    else:
        return None
    if len(entries) != len(right.items):
        return None
    return [
        replace(claim, left=one, right=other)
        for one, other in zip(entries, right.items, strict=True)
    ]
