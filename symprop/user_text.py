"""Text of the user as printouts and messages show it: on one line, and nothing hidden."""

from __future__ import annotations

import re
import unicodedata

JOINERS = "\u200c\u200d\ufe0e\ufe0f"
"""They are not seen, but what is beside them is: in Persian, in emoji."""
LONGEST = 1000
"""So many characters of a message are shown; one that is longer loses its middle."""


_LIKE_A_FORMULA = re.compile(r"^[\d.]|[\s+\-*/=,;:<>|&!\"#%~@$`]")


def reads_as_formula(name: str) -> bool:
    """Whether a name within a formula would read as a part of that, such as a+b or 0.5."""
    return _LIKE_A_FORMULA.search(name) is not None


def visible(text: str) -> str:
    """Text of the user on one line; a character that steers a terminal or cannot be seen by number.

    So a name cannot turn round, hide or colour what stands beside it.
    """
    return "".join(map(_shown, " ".join(text.split())))


def harmless(text: str) -> str:
    """A text of many lines in which names of the user stand, as it goes to a terminal."""
    return "".join(char if char in "\n\t" else _shown(char) for char in text)


def _shown(char: str) -> str:
    hidden = unicodedata.category(char).startswith("C") and char not in JOINERS
    return f"[U+{ord(char):04X}]" if hidden else char


def legible(message: str) -> str:
    """A message with whatever text of the user in it: `visible`, and never a screen long."""
    shown = visible(message)
    half = LONGEST // 2
    return shown if len(shown) <= LONGEST else f"{shown[:half]} ... {shown[-half:]}"
