r"""Names that differ in a number alone, and what of a spelling makes no difference.

Where `w_1` and `w_2` are declared, `w_i` is one of them; `\mathcal{L}` is `L`, `\vec{x}` is `x`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, TypeAlias

from symprop.verification.reading.tree import Spelling

DECORATIONS = {"vec", "underline"}
Key: TypeAlias = tuple[Any, ...]
"""A spelling without what makes no difference; "()" at its end: of a function."""


def key_of(spelling: Spelling) -> Key:
    """A spelling without what makes no difference, unless two names differ in nothing else."""
    return spelling.base, _accents(spelling), "".join(spelling.subscript), spelling.marks


def holes(spelling: Spelling) -> Iterator[tuple[Key, str]]:
    """A name with numbers as a member of families: with holes for some of them, and these.

    `w_{11}` is one of the w_{1j}, the w_{i1} and the w_{ij}, and of the w_i too.
    """
    below = spelling.subscript
    split = tuple(below[0]) if len(below) == 1 and below[0].isdigit() else below
    for parts in dict.fromkeys((below, split)):
        whole = (*parts, *spelling.marks)
        numbered = [place for place, part in enumerate(whole) if inner(part).isdigit()]
        for count in range(1, min(len(numbered), 3) + 1):
            for chosen in combinations(numbered[:4], count):
                filled = ["#" if p in chosen else inner(part) for p, part in enumerate(whole)]
                key = (spelling.base, *_accents(spelling), len(parts), *filled)
                yield key, ",".join(inner(whole[place]) for place in chosen)


def with_holes(spelling: Spelling) -> tuple[Key, tuple[str, ...]]:
    """The family that a name with letters as indices may be of, and these letters."""
    whole = (*spelling.subscript, *spelling.marks)
    letters = [part for part in whole if is_index(inner(part))]
    filled = ["#" if is_index(inner(part)) else inner(part) for part in whole]
    key = (spelling.base, *_accents(spelling), len(spelling.subscript), *filled)
    return key, tuple(inner(part) for part in letters)


def inner(part: str) -> str:
    """A subscript, or what stands in the brackets of a mark."""
    return part[1:-1] if part.startswith("(") else part


def is_index(text: str) -> bool:
    return not text.isdigit() and not is_word(text) and text not in ("*", "'", r"\dagger")


def _accents(spelling: Spelling) -> tuple[str, ...]:
    return tuple(accent for accent in spelling.accents if accent not in DECORATIONS)


def is_word(text: str) -> bool:
    return len(text) > 1 and text.isalpha()
