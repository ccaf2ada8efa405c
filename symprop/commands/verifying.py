"""The command `symprop verify`: a hand derivation held against a network, line by line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from symprop.commands.console import keep_source, save, show
from symprop.commands.networks import network_of, networks_by_name, split_argument
from symprop.errors import FileError
from symprop.files import require_writable
from symprop.user_text import harmless

if TYPE_CHECKING:
    from symprop.network import Network
    from symprop.verification import Report

FORMATS_BY_SUFFIX = {".html": "html", ".tex": "latex"}
KINDS_BY_SUFFIX = {".tex": "latex", ".md": "markdown", ".markdown": "markdown"}
LARGEST = 4_000_000
"""A file of more bytes is not read."""

EPILOG = """\
DERIVATION is a LaTeX or Markdown file, of which the displayed formulas are read, and
in sentences definitions and derivatives; or plain text with a formula a line; - is
standard input. A comment in it such as
  % symprop: network=small
says which network of FILE it is about, where FILE declares several. The exit status
is 0 only if at least one line was judged and all that were are right: what is read
in no way, or cannot be decided, is not right.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("derivation", metavar="DERIVATION", help="the file with the derivation")
    add("--partial", metavar="WHAT", help="it is one answer: what dL/dw1, say, is equal to")
    add("--json", action="store_true", help="the report as JSON, on standard output")
    add("-o", "--output", metavar="OUT", help="an annotated copy, .html or .tex")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge a derivation; 0 only if it is right."""
    target = None if options.output is None else Path(options.output)
    if target is not None and target.suffix not in FORMATS_BY_SUFFIX:
        known = ", ".join(FORMATS_BY_SUFFIX)
        raise FileError(f"{target}: no format has this ending", hint=f"one of {known}")
    if target is not None:
        _require_own(target, options)
    text = read_text(options.derivation)
    network = _network(options.file, text, options.derivation)
    report = judged(network, text, options.derivation, options.partial)
    show(report.json() if options.json else harmless(str(report)))
    if target is not None:
        from symprop.verification.pages import page_of

        source, _ = split_argument(options.file)
        page = page_of(report, FORMATS_BY_SUFFIX[target.suffix])
        save(target, page, source=source, force=options.force)
    return 0 if report.ok else 1


def _require_own(target: Path, options: argparse.Namespace) -> None:
    """Raise FileError, before anything is judged, where the copy would be put over something."""
    derivation = Path(options.derivation)
    source, _ = split_argument(options.file)
    if target.exists() and derivation.exists() and target.samefile(derivation):
        raise FileError(f"{target} is the derivation", hint="choose another output")
    if source.exists():
        keep_source(source, [target])
    require_writable([target], force=options.force)


def judged(network: Network, text: str, name: str, asked: str | None) -> Report:
    """The report on the text of a file of that name, or on one answer."""
    from symprop.verification import verify_answer, verify_document

    if asked is not None:
        return verify_answer(network, asked, text.strip())
    kind = KINDS_BY_SUFFIX.get(Path(name).suffix)
    return verify_document(network, text, kind=kind)  # type: ignore[arg-type]


def read_text(name: str) -> str:
    """The text of a file, or of standard input; FileError where there is none."""
    try:
        if name == "-" and sys.stdin is None:
            raise FileError("standard input is closed", hint="name a file")
        if name == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(LARGEST + 1)
    except OSError as error:
        raise FileError(f"{name or '.'} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise FileError(f"{name} has more than {LARGEST:,} bytes")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise FileError(f"{name} is not in UTF-8", hint="save it in UTF-8") from None


def _network(argument: str, text: str, where: str) -> Network:
    """The network of FILE[:NAME], or that of a file with several which a comment names.

    A comment only chooses between networks that variables hold: it is no word of the user's, and
    must not call anything.
    """
    from symprop.verification.reading.options import check_options, network_meant

    path, name = split_argument(argument)
    if name:
        check_options(text, where)
        return network_of(argument)
    return network_meant(text, where, networks_by_name(path), str(path))
