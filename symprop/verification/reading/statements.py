r"""Statements: what is said to equal what, link by link.

`a = b = c` is one statement of two links, over how many rows it may go. What is said to become of a
name is an update.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symprop.verification.reading.errors import NOWHERE, Span
from symprop.verification.reading.structures import free_index
from symprop.verification.reading.symbols import Entry
from symprop.verification.reading.tree import (
    Comparison,
    IndexSum,
    Name,
    Text,
    Tree,
    names,
    walk,
)

ASSIGNMENT = r"\leftarrow"


@dataclass(frozen=True)
class Relation:
    r"""A relation between two sides: `=`, `\approx`, `\leftarrow`, ..."""

    sign: str
    span: Span = NOWHERE


@dataclass(frozen=True)
class Link:
    """Two sides of a chain that stand side by side, and the side that the chain begins with."""

    left: Tree
    relation: Relation
    right: Tree
    first: Tree
    conditions: tuple[Tree, ...] = ()
    """Under what it is said: comparisons, or words that are not understood."""

    @property
    def is_update(self) -> bool:
        r"""Whether it says what becomes of a name: `w \leftarrow ...`, `w = w - ...`.

        `w = \eta \frac{dL}{dw}` is one too: there is a derivative by what is on the left.
        """
        return self.relation.sign == ASSIGNMENT or self.is_assignment

    @property
    def is_assignment(self) -> bool:
        """Whether an equals sign has a name on the left that the right side is about.

        In `w_{t+1} = w_t - ...` the indices count the steps.
        """
        left = self.left
        if self.relation.sign not in ("=", ":=") or not isinstance(left, Name):
            return False
        if any(found == left for found in names(self.right)):
            return True
        reference = left.reference
        if reference is None or reference.entry is None or reference.entry.kind != "weight":
            return False
        counted = bool(reference.indices) and "+" in reference.indices[-1]
        found_entries = (n.reference.entry for n in names(self.right) if n.reference)
        return counted and reference.entry in found_entries


@dataclass(frozen=True)
class Condition:
    """Under what a statement is said, and from which of its sides on."""

    tree: Tree
    start: int


@dataclass(frozen=True)
class Statement:
    """Sides in a row with relations between them; one side alone is an expression.

    `remarks` are the words behind its rows, `conditions` what they restrict it to; `defines` is the
    name or the function that it defines, where nothing of that name was declared before.
    """

    sides: tuple[Tree, ...]
    relations: tuple[Relation, ...] = ()
    remarks: tuple[Text, ...] = ()
    conditions: tuple[Condition, ...] = ()
    defines: Entry | None = None
    span: Span = NOWHERE

    @property
    def links(self) -> tuple[Link, ...]:
        """The links of the chain, from left to right.

        A row with a condition of its own goes on from the first side, where one before has another.
        """
        first = self.sides[0]
        made = []
        pairs = zip(self.sides, self.relations, self.sides[1:], strict=False)
        for place, (before, sign, right) in enumerate(pairs, 1):
            starts = sorted({each.start for each in self.conditions if each.start <= place})
            anew = len(starts) > 1 and starts[-1] == place
            made.append(Link(first if anew else before, sign, right, first, self._given(starts)))
        return tuple(made)

    def _given(self, starts: Sequence[int]) -> tuple[Tree, ...]:
        """The conditions in force: those of the latest row that has some."""
        latest = [each.tree for each in self.conditions if each.start in starts[-1:]]
        if not any(isinstance(tree, Text) and tree.words == OTHERWISE for tree in latest):
            return tuple(latest)
        before = [each.tree for each in self.conditions if each.start in starts[-2:-1]]
        return tuple(map(_contrary, before)) if len(before) == 1 else tuple(latest)


OTHERWISE = "otherwise"
"""The words of the condition that those before do not hold."""
_CONTRARY = {"=": r"\neq", r"\neq": "=", "<": r"\geq", r"\geq": "<", ">": r"\leq", r"\leq": ">"}


def _contrary(tree: Tree) -> Tree:
    """The condition that another one does not hold; in words where that cannot be said."""
    if isinstance(tree, Comparison) and len(tree.relations) == 1:
        (sign,) = tree.relations
        if sign in _CONTRARY:
            return replace(tree, relations=(_CONTRARY[sign],))
    return Text(OTHERWISE, span=tree.span)


def indices_captured(link: Link) -> list[tuple[str, Span]]:
    """Indices of sums on the right that the left side of the chain also uses, and where.

    Such a sum says something else than it seems to: the index on the left and the one that runs
    are two things of one name.
    """
    sums = (found for found in walk(link.right) if isinstance(found, IndexSum))
    return [
        (index, found.span)
        for found in sums
        for index in found.indices
        if free_index(link.first, index) or free_index(link.left, index)
    ]
