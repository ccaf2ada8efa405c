"""What a rule of the catalogue gives: a printed formula with one slip undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from symprop.verification.reading import tree as t
from symprop.verification.reading.errors import Span
from symprop.verification.reading.understanding import plain
from symprop.verification.slips.places import Place, Term, places, terms
from symprop.verification.slips.vocabulary import Vocabulary


@dataclass(frozen=True)
class Repair:
    """A formula as it would be right, and what the slip in the printed one is then.

    `kind` is one of KINDS, `sentence` says what is wrong, `span` is where it stands in the text.
    """

    tree: t.Tree
    kind: str
    sentence: str
    span: Span


@dataclass(frozen=True)
class Printed:
    """A printed formula that is wrong, and the names and functions that may stand in it."""

    tree: t.Tree
    vocabulary: Vocabulary
    is_update: bool = False

    @cached_property
    def places(self) -> list[Place]:
        """All its places."""
        return places(self.tree)

    @cached_property
    def terms(self) -> list[Term]:
        """All its terms."""
        return terms(self.tree)


Rule: TypeAlias = Callable[[Printed], Iterator[Repair]]
"""What one kind of slip may have been in a printed formula, the likeliest first."""

LONGEST = 60


def said(tree: t.Tree) -> str:
    """A part of a formula as it is quoted in a sentence."""
    text = plain(tree)
    if text.startswith("(") and isinstance(tree, t.Group):
        text = plain(tree.body)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
