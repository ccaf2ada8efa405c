"""What the comments of a derivation say to symprop: `% symprop: network=small`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

from symprop.errors import FileError

KNOWN = ("network",)
_COMMENT = re.compile(r"(?:%|<!--|\#|//)[ \t]*symprop:([^\n]*)")
_OPTION = re.compile(r"(?<![\w-])([\w-]+)[ \t]*=[ \t]*(\"[^\"]*\"|[^\s,]+)")
Network = TypeVar("Network")


def options_of(text: str) -> dict[str, str]:
    """What the comments of symprop say: key=value, with commas or spaces between them."""
    return {key: value for _, found in _comments(text) for key, value in found.items()}


def _comments(text: str) -> list[tuple[int, dict[str, str]]]:
    """The line of each comment, and what it says."""
    found = []
    for match in _COMMENT.finditer(text):
        pairs = _OPTION.finditer(match[1].removesuffix("-->"))
        line = text.count("\n", 0, match.start()) + 1
        found.append((line, {pair[1]: pair[2].strip('"') for pair in pairs}))
    return found


def check_options(text: str, where: str) -> None:
    """Raise FileError where a comment of a derivation says something that is no option."""
    for line, said in _comments(text):
        place = f"{where}, line {line}"
        if not said:
            hint = "write network=NAME behind it"
            raise FileError(f"{place}: this comment of symprop says nothing", hint=hint)
        for key in said:
            if key not in KNOWN:
                raise FileError(f"{place}: symprop has no option {key!r}", hint=_near(key, KNOWN))


def network_meant(text: str, where: str, networks: Mapping[str, Network], file: str) -> Network:
    """The network that a derivation is about: the one that a comment names, or the only one.

    `where` and `file` are what the derivation and the networks are from. Raises FileError where a
    comment names no network, or nothing says which of several is meant.
    """
    check_options(text, where)
    named = [
        networks[_named(said["network"], f"{where}, line {line}", networks, file)]
        for line, said in _comments(text)
    ]
    if named or len(networks) == 1:
        return named[-1] if named else next(iter(networks.values()))
    first = next(iter(networks))
    raise FileError(
        f"{file} declares {len(networks)} networks: {', '.join(networks)}",
        hint=f"say which one: {file}:{first}, or a comment % symprop: network={first}",
    )


def _named(value: str, place: str, networks: Mapping[str, object], file: str) -> str:
    """The name of a network that a comment gives, perhaps behind that of its file."""
    before, colon, name = value.rpartition(":")
    own = file.replace("\\", "/").rpartition("/")[2]
    if colon and before.rpartition("/")[2] == own:
        value = name
    if value in networks:
        return value
    if value.rpartition("/")[2] == own and len(networks) == 1:
        return next(iter(networks))
    raise FileError(f"{place}: {file} has no network {value!r}", hint=_near(value, [*networks]))


def _near(word: str, known: tuple[str, ...] | list[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there is {', '.join(known)}"
