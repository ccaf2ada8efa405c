"""A claim: two sides that are said to be equal, for all indices or for those under a condition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from symprop.verification.reading.statements import Link
from symprop.verification.reading.tree import Text, Tree
from symprop.verification.substitution import Rule, mapped

Where: TypeAlias = Callable[[Mapping[str, int]], bool]
"""Whether something is said for these values of the free indices."""


def everywhere(indices: Mapping[str, int]) -> bool:
    """The condition of a claim without one."""
    return True


@dataclass(frozen=True)
class Claim:
    """Two sides that are said to be equal where a condition on the free indices holds."""

    left: Tree
    right: Tree
    where: Where = everywhere

    @property
    def trees(self) -> tuple[Tree, Tree]:
        """Both sides."""
        return self.left, self.right

    def mapped(self, rule: Rule) -> Claim:
        """The claim with other parts, by a rule."""
        return replace(self, left=mapped(self.left, rule), right=mapped(self.right, rule))


def claim_of(link: Link, remarks: Iterable[Text] = ()) -> Claim:
    """What a link claims, with the conditions on indices that its remarks have."""
    conditions = [found for remark in remarks for found in _conditions(remark.words)]
    if not conditions:
        return Claim(link.left, link.right)
    return Claim(link.left, link.right, lambda indices: all(met(indices) for met in conditions))


_CONDITION = re.compile(
    r"(?<![\w\\])(?P<left>[A-Za-z]|\d+)\s*(?P<sign>\\neq?|\\leq?|\\geq?|!=|<=|>=|≠|≤|≥|=|<|>)"
    r"\s*(?P<right>[A-Za-z]|\d+)(?!\w)"
)
_HOLDS: dict[str, Callable[[int, int], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
_SIGNS = {"≠": "!=", "≤": "<=", "≥": ">=", r"\ne": "!=", r"\neq": "!="}
_SIGNS |= {r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">="}


def _conditions(words: str) -> Iterator[Where]:
    r"""The conditions in `if j \neq k`; one on something that is no index is passed over."""
    if words.split(" ")[0].lower().strip(" ,") not in ("if", "for", "where", "when", "with"):
        return
    for match in _CONDITION.finditer(words):
        yield _condition(match["left"], _SIGNS.get(match["sign"], match["sign"]), match["right"])


def _condition(left: str, sign: str, right: str) -> Where:
    def holds(indices: Mapping[str, int]) -> bool:
        known = [int(side) if side.isdigit() else indices.get(side) for side in (left, right)]
        one, other = known
        return one is None or other is None or _HOLDS[sign](one, other)

    return holds
