"""The command `symprop print`: a printout as text, LaTeX or HTML, or as PDF by a TeX engine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from symprop.commands.console import keep_source, save, show
from symprop.commands.exercises import add_exercise_options, documents
from symprop.commands.formats import format_of
from symprop.commands.networks import network_of, split_argument
from symprop.commands.points import add_example_options, example_of
from symprop.errors import FileError, TypesettingError
from symprop.files import file_stem, require_writable, sealed_for

if TYPE_CHECKING:
    from symprop.network import Network
    from symprop.printout import Document

FORMATS = ("text", "latex", "html")
FORMATS_BY_SUFFIX = {".txt": "text", ".tex": "latex", ".html": "html"}
PDF = {".pdf": "pdf"}
SUFFIXES = {"latex": "_.tex", "html": "_.html"}
PARTS = (
    "network",
    "graph",
    "forward",
    "chain-rule",
    "entries",
    "batch",
    "locals",
    "jacobians",
    "updates",
    "training",
    "example",
    "check",
)
"""The sections of a printout, as `symprop.printout` has them."""
ON_REQUEST = ("jacobians", "check")
"""Those that are there only by --with or --only."""
OPTIMIZERS = ("sgd", "momentum", "adam")

EPILOG = (
    f"PARTS: one or several, with commas between, of {', '.join(PARTS)}. "
    f"All but {', '.join(ON_REQUEST)} are there unasked (updates and training where there are "
    "data); --no-PART leaves one out, as --no-locals."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.epilog = EPILOG
    add = parser.add_argument
    add("-o", "--output", metavar="OUT", help="default: standard output, of a PDF its name")
    add("--format", choices=FORMATS, help="default: by the ending of OUT, else text")
    add("--pdf", action="store_true", help="a PDF, by latexmk, pdflatex or tectonic, and its .tex")
    add("--only", metavar="PARTS", action="append", help="these parts alone")
    add("--with", dest="also", metavar="PARTS", action="append", help="these, too")
    for part in PARTS:
        name, hidden = f"--no-{part}", argparse.SUPPRESS
        add(name, dest="without", action="append_const", const=part, help=hidden)
    add("--optimizer", choices=OPTIMIZERS, default="sgd", help="of the update rules (default: sgd)")
    add_example_options(parser)
    add_exercise_options(parser)
    add("--fragment", action="store_true", help="to be taken into a document of your own")
    parser.set_defaults(run=run, without=[])


def run(options: argparse.Namespace) -> int:
    """Print the printout of a network, or write it to files."""
    network = network_of(options.file)
    from symprop.derivation import derive
    from symprop.printout import render

    target = None if options.output in (None, "-") else Path(options.output)
    pdf = options.pdf or (target is not None and target.suffix == ".pdf" and not options.format)
    if pdf:
        target = _pdf_target(options, network)
    chosen = "latex" if pdf else format_of(options.format, target, FORMATS_BY_SUFFIX | PDF)
    arguments = {
        "only": _parts(options.only),
        "without": options.without,
        "also": _parts(options.also) or (),
        "example": example_of(network, options),
        "optimizer": options.optimizer,
    }
    source, _ = split_argument(options.file)
    for file, document in documents(derive(network), options, target, arguments):
        if pdf and file is not None:
            _typeset(document, file, source=source, force=options.force)
            continue
        text = render(document, chosen, fragment=options.fragment)
        if file is None:
            show(text if chosen == "text" else sealed_for(Path(SUFFIXES[chosen]), text))
        else:
            save(file, text, source=source, force=options.force)
    return 0


def _parts(given: list[str] | None) -> list[str] | None:
    """Names that may stand in one option, with commas, or in several."""
    if given is None:
        return None
    return [part.strip() for parts in given for part in parts.split(",")]


# PDF ------------------------------------------------------------------------------------------


def _pdf_target(options: argparse.Namespace, network: Network) -> Path:
    """Where the PDF goes; FileError for options that do not go with it."""
    if options.fragment:
        raise FileError("a fragment makes no PDF", hint="leave out --fragment or --pdf")
    if options.format not in (None, "latex"):
        raise FileError(f"--pdf does not go with --format {options.format}", hint="leave out one")
    target = Path(options.output or f"{file_stem(network.name)}.pdf")
    if options.output == "-":
        raise FileError("a PDF is not printed", hint=f"-o {file_stem(network.name)}.pdf")
    if target.suffix != ".pdf":
        raise FileError(f"{target}: a PDF ends with .pdf", hint=f"-o {target.stem or 'net'}.pdf")
    return target


def _typeset(document: Document, target: Path, *, source: Path, force: bool) -> None:
    """Write the LaTeX, then the PDF beside it."""
    from symprop.printout import render, typeset

    latex = target.with_suffix(".tex")
    keep_source(source, [latex, target])
    require_writable([latex, target], force=force)
    text = render(document, "latex")
    save(latex, text, source=source, force=force)
    try:
        content = typeset(text)
    except TypesettingError as error:
        error.hint = f"{error.hint}; " if error.hint else ""
        error.hint += f"the LaTeX is in {latex}"
        raise
    save(target, content, source=source, force=force)
