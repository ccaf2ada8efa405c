"""The options of `symprop print` for exercises: a sheet with blanks, the answers beside it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symprop.commands.console import keep_source
from symprop.commands.networks import split_argument
from symprop.errors import DeclarationError, FileError
from symprop.files import require_writable

if TYPE_CHECKING:
    from symprop.derivation.record import Derivation
    from symprop.printout import Document


def add_exercise_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a parser."""
    add = parser.add_argument
    add(
        "--exercise",
        metavar="PARTS",
        nargs="?",
        const="",
        help="leave right-hand sides of PARTS blank; the answers go to OUT-answers",
    )
    add("--blanks", metavar="HOW", type=_amount, help="all (default), results, or how many")
    add("--seed", metavar="N", type=int, help="draw numbers of its own, and the blanks of a number")


def _amount(text: str) -> str | int:
    return int(text) if text.isdecimal() and len(text) < 19 else text


def documents(
    derivation: Derivation,
    options: argparse.Namespace,
    target: Path | None,
    chosen: Mapping[str, Any],
) -> Iterator[tuple[Path | None, Document]]:
    """The documents that are asked for, each with its file: a printout, or the two of an exercise.

    `chosen` are the arguments of `make_document`. Raises FileError where an exercise has no file,
    or one of its two files must not be written.
    """
    from symprop.printout import make_document, make_exercise

    if options.exercise is None:
        for option in ("blanks", "seed"):
            if getattr(options, option) is not None:
                raise DeclarationError(f"--{option} is for exercises", hint="add --exercise")
        yield target, make_document(derivation, **chosen)
        return
    if target is None:
        raise FileError(
            "the two sheets of an exercise need files", hint="-o sheet.tex, or another ending"
        )
    declared, _ = split_argument(options.file)
    files = (target, target.with_name(f"{target.stem}-answers{target.suffix}"))
    keep_source(declared, files)
    require_writable(files, force=options.force)
    parts = options.exercise.split(",") if options.exercise else None
    made = make_exercise(
        derivation,
        parts,
        blanks="all" if options.blanks is None else options.blanks,
        seed=options.seed,
        **chosen,
    )
    yield from zip(files, (made.sheet, made.answers), strict=True)
