"""The format of what is printed or written, where several are known: named, or by the ending."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from symprop.errors import FileError

ANYWHERE = ("text", "dot")
"""Formats that may stand in a file of any ending: what marks a file as symprop's is a comment in
its language, and in these that of an unknown ending does."""


def format_of(chosen: str | None, target: Path | None, by_suffix: Mapping[str, str]) -> str:
    """The format that is chosen, or that the ending of the file says; text where nothing does.

    Raises FileError for an ending that says nothing, or something else than what is chosen.
    """
    if target is None:
        return chosen or "text"
    meant = by_suffix.get(target.suffix)
    if chosen is None and meant is None:
        known = ", ".join(by_suffix)
        raise FileError(f"{target}: no format has this ending", hint=f"--format, or one of {known}")
    if chosen not in (None, meant) and (meant is not None or chosen not in ANYWHERE):
        fitting = " or ".join(suffix for suffix, name in by_suffix.items() if name == chosen)
        raise FileError(
            f"{target}: with --format {chosen} a file ends with {fitting}",
            hint=f"-o {target.with_suffix(fitting.split()[0])}, or another format",
        )
    return str(chosen or meant)
