"""What is said of a line: the words, and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from symprop.verification.reading.errors import NOWHERE, Span


class Verdict(StrEnum):
    """What symprop says of a link of a chain, or of a formula as a whole."""

    TRUE = "true"
    TRUE_GIVEN = "true-given"
    """Right under an assumption, which is named."""
    FOLLOWS = "follows"
    """Right after the line before, which is wrong: the slip stands where it came in."""
    FALSE = "false"
    UNDECIDABLE = "undecidable"
    """Something is missing, which is named."""
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"
    """Words, or a formula alone: nothing is claimed."""


DIFFER = "the two sides differ"
"""The reason of a false line of which no more is known."""
DIFFER_FAR = "the two sides differ, though at values of another magnitude alone"
GOOD = frozenset({Verdict.TRUE, Verdict.TRUE_GIVEN, Verdict.SKIPPED})
"""The verdicts that leave a derivation right."""


@dataclass(frozen=True)
class Slip:
    """A mistake that explains a wrong line: its kind, a sentence, where it stands in the source.

    `correct` is the printed side with this mistake undone and all else as it was, "" where that is
    not known.
    """

    kind: str
    sentence: str
    span: Span = NOWHERE
    correct: str = ""


@dataclass(frozen=True)
class Counterexample:
    """A point at which the two sides differ: the values of names there, and of the sides.

    `indices` are the free ones, counted from 1.
    """

    values: Mapping[str, Any]
    left: Any
    right: Any
    indices: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """A verdict and its reason.

    `proved`: by algebra; else a true line agrees at `points` random points. `correct` is the right
    side as it should be, in plain text or LaTeX as the line was written. `layout` is that of
    derivatives in which alone the line is right; `transposed` is what is said of it instead in a
    text that has another one. `defines` is the key of a definition that later lines may show to be
    wrong.
    """

    verdict: Verdict
    reason: str = ""
    proved: bool = False
    points: int = 0
    slip: Slip | None = None
    correct: str = ""
    counterexample: Counterexample | None = None
    layout: str = ""
    transposed: Judgement | None = None
    defines: str = ""


def undecidable(missing: str) -> Judgement:
    """A link that cannot be judged, and what is missing."""
    return Judgement(Verdict.UNDECIDABLE, missing)
