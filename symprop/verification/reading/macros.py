r"""The macros of a file: `\newcommand`, `\def` and `\DeclareMathOperator`, as text."""

from __future__ import annotations

import re
from itertools import islice

from symprop.verification.reading.tokens import Macro

MACROS_LIMIT = 500
"""More macros of a file are not read."""


def macros_of(text: str) -> dict[str, Macro]:
    """The macros that a file defines; a later definition of one takes the place of an earlier."""
    found: dict[str, Macro] = {}
    starts = re.finditer(r"\\(?:(?:re|provide)?newcommand|def|DeclareMathOperator)\b", text)
    for match in islice(starts, MACROS_LIMIT):
        line = text.rfind("\n", 0, match.start()) + 1
        if "%" in text[line : match.start()].replace(r"\%", ""):
            continue
        definition = definition_at(text, match.start())
        if definition is not None:
            found[definition[0]] = definition[1]
    return found


_NEW = re.compile(
    r"\\(?P<how>renewcommand|providecommand|newcommand|DeclareMathOperator)\*?\s*"
    r"(?:\{\s*(?P<braced>\\[A-Za-z]+)\s*\}|(?P<name>\\[A-Za-z]+))\s*(?:\[(?P<count>\d)\])?\s*(?=\{)"
)
_DEF = re.compile(r"\\def\s*(?P<name>\\[A-Za-z]+)\s*(?P<parameters>(?:#\d)*)\s*(?=\{)")


def definition_at(text: str, start: int) -> tuple[str, Macro, int] | None:
    """The macro that is defined at a place, and where its definition ends."""
    new, old = _NEW.match(text, start), _DEF.match(text, start)
    match = new or old
    if match is None:
        return None
    end = _closing(text, match.end())
    if end is None:
        return None
    body = text[match.end() + 1 : end]
    if new is None:
        return match["name"], Macro(len(match["parameters"]) // 2, body), end + 1
    name = new["braced"] or new["name"]
    if new["how"] == "DeclareMathOperator":
        return name, Macro(0, rf"\operatorname{{{body}}}"), end + 1
    return name, Macro(int(new["count"] or 0), body), end + 1


def _closing(text: str, start: int) -> int | None:
    """Where the brace closes that opens at `start`, within some thousand characters."""
    depth = 0
    for place in range(start, min(len(text), start + 2000)):
        escaped = place > start and text[place - 1] == "\\"
        depth += 0 if escaped else (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place
    return None
