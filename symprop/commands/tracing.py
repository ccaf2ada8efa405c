"""The command `symprop trace`: the numbers at one point, or update after update of a descent."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from symprop.commands.console import save, write
from symprop.commands.formats import format_of
from symprop.commands.networks import network_of, split_argument
from symprop.commands.points import add_example_options, example_of
from symprop.errors import FileError, PointError
from symprop.files import sealed_for
from symprop.user_text import harmless

if TYPE_CHECKING:
    from symprop.tracing.progress import Progress

FORMATS = ("text", "latex", "html", "csv")
FORMATS_BY_SUFFIX = {".txt": "text", ".tex": "latex", ".html": "html", ".csv": "csv"}
SUFFIXES = {"latex": "_.tex", "html": "_.html"}

EPILOG = (
    "With a learning rate, or where the example of the network has one, the table of the updates "
    "comes; --steps 0 gives the numbers of the one point instead. What --at leaves out is taken "
    "from the example of the network."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.epilog = EPILOG
    add_example_options(parser)
    add = parser.add_argument
    add("--substitute", action="store_true", help="every line with its numbers put in")
    add("--exact", action="store_true", help="in exact numbers, at one point")
    add("--format", choices=FORMATS, help="default: by the ending of OUT, else text")
    add("-o", "--output", metavar="OUT", help="default: standard output")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print a trace, or write it to a file."""
    target = None if options.output in (None, "-") else Path(options.output)
    chosen = _format(options, target)
    network = network_of(options.file)
    from symprop.derivation import derive
    from symprop.example import Example
    from symprop.tracing.output import Output
    from symprop.tracing.progress import Progress

    example = example_of(network, options) or Example({})
    progress = Progress(example.steps)
    output = Output(derive(network), example, chosen, options.substitute, options.exact, progress)
    parts: Iterable[str] = output.parts()
    if chosen == "text":
        parts = map(harmless, parts)
    if target is not None:
        source, _ = split_argument(options.file)
        _keep(parts, target, source=source, force=options.force)
        return 0
    if chosen in SUFFIXES:
        parts = (sealed_for(Path(SUFFIXES[chosen]), page) for page in parts)
    _stream(parts, progress)
    return 0


def _format(options: argparse.Namespace, target: Path | None) -> str:
    """The format; FileError for one that does not go with the other options."""
    as_table = target is not None and target.suffix == ".csv"
    if target is not None and options.format and (options.format == "csv") != as_table:
        raise FileError(f"{target}: a CSV file, and no other, ends with .csv", hint="rename it")
    chosen = format_of(options.format, target, FORMATS_BY_SUFFIX)
    if options.substitute and chosen == "csv":
        raise FileError("CSV has numbers alone", hint="leave out --substitute, or --format csv")
    if options.exact and (options.substitute or chosen != "text"):
        raise FileError("--exact goes with plain text alone", hint="leave it out")
    if options.exact and (options.learning_rate or options.steps):
        raise FileError(
            "--exact is for one point", hint="leave it out, or --learning-rate and --steps"
        )
    return chosen


def _stream(parts: Iterable[str], progress: Progress) -> None:
    """Print each part as it comes, in the same bytes everywhere."""
    for part in parts:
        progress.clear()
        write(part.encode())
        sys.stdout.buffer.flush()


def _keep(parts: Iterable[str], target: Path, *, source: Path, force: bool) -> None:
    """Write all parts to a file; of a descent that comes to an end, those before the error."""
    kept: list[str] = []
    try:
        kept.extend(parts)
    except PointError:
        if kept:
            save(target, "".join(kept), source=source, force=force)
        raise
    save(target, "".join(kept), source=source, force=force)
