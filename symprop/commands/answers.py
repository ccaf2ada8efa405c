"""The answers that a command is given: which files they are, and what is in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from symprop import __version__
from symprop.commands.networks import split_argument
from symprop.commands.verifying import KINDS_BY_SUFFIX, read_text
from symprop.errors import FileError

if TYPE_CHECKING:
    from symprop.grading.answers import Answer

SUFFIXES = (*KINDS_BY_SUFFIX, ".txt")
"""What is taken for an answer in a folder."""


def answers_among(names: Sequence[str]) -> list[Path]:
    """The files that are named, and those of the folders that are; each once, in this order.

    A folder without answers stands for itself. Raises FileError where there is nothing else.
    """
    found = list(dict.fromkeys(path for name in names for path in _files(Path(name))))
    if all(path.is_dir() or not path.exists() for path in found):
        raise _nothing_in(found[0])
    return found


def question_of(network: str, asked: str | None) -> tuple[str, ...]:
    """What all grades depend on: FILE[:NAME] of the network, what is asked, symprop itself."""
    file, name = split_argument(network)
    try:
        declared = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:  # whoever loads it will say so
        declared = ""
    return __version__, declared, name, asked or ""


def read_answer(path: Path, question: Sequence[str]) -> Answer:
    """The answer in a file, to what `question_of` says; none is refused.

    Its checksum goes with the question, the text and the kind of file.
    """
    from symprop.grading.answers import Answer, checksum

    try:
        text = _text(path)
    except FileError as error:
        return Answer(path, trouble=error.message)
    if not text.strip():
        return Answer(path, trouble="it is empty")
    return Answer(path, text, checksum([*question, path.suffix, text]))


def _files(path: Path) -> Iterator[Path]:
    """The answers of a folder; the path itself where it is none, or one without answers."""
    if not path.is_dir():
        yield path
        return
    try:
        inside = [file for file in sorted(path.iterdir()) if file.suffix in SUFFIXES]
    except OSError:  # it may not be looked into
        inside = []
    yield from inside or [path]


def _text(path: Path) -> str:
    """The text of a file; FileError for anything else, as for what never ends."""
    if not path.exists() or (path.is_dir() and list(_files(path)) == [path]):
        raise _nothing_in(path)
    if not path.is_file() or str(path) == "-":
        raise FileError(f"{path} is not a regular file")
    return read_text(str(path))


def _nothing_in(path: Path) -> FileError:
    """What is wrong with a name that is no file, or with a folder that has no answers."""
    if not path.exists():
        return FileError(f"{path}: no such file", hint="name the files with the answers")
    known = ", ".join(SUFFIXES)
    return FileError(f"the folder {path} has no answers", hint=f"they end with one of {known}")
