"""What commands say on standard output, and what they save in files."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from symprop.errors import FileError
from symprop.files import write_sealed


def show(text: str) -> None:
    """Print the same bytes everywhere: UTF-8, and line ends as in the files.

    The name of a file that is no UTF-8 comes out as it was given.
    """
    write((text.rstrip("\n") + "\n").encode(errors="surrogateescape"))


def write(content: bytes) -> None:
    """Write to standard output, behind all that was printed; FileError where there is none."""
    if sys.stdout is None:
        raise FileError("standard output is closed", hint="write to a file, or to a pipe")
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def save(target: Path, content: str | bytes, *, source: Path, force: bool) -> None:
    """Write a product of the networks of a file, `source`, and say so.

    Raises FileError where that file, or anything that is not symprop's own, would be overwritten.
    """
    keep_source(source, [target])
    changed = write_sealed(target, content, force=force)
    if sys.stdout is not None:
        show(f"{target}: {'written' if changed else 'up to date'}")


def keep_source(source: Path, targets: Iterable[Path]) -> None:
    """Refuse to overwrite the declaration of a network with what is made of it."""
    for target in targets:
        if target.exists() and target.samefile(source):
            raise FileError(f"{target} declares the network", hint="choose another output")
