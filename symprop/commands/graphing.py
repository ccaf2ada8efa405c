"""The command `symprop graph`: the computational graph alone, as SVG, TikZ, DOT or text."""

from __future__ import annotations

import argparse
from pathlib import Path

from symprop.commands.console import save, show
from symprop.commands.formats import format_of
from symprop.commands.networks import network_of, split_argument
from symprop.commands.points import example_of
from symprop.errors import FileError
from symprop.files import sealed_for

FORMATS = ("svg", "tikz", "dot", "text")
FORMATS_BY_SUFFIX = {".svg": "svg", ".tex": "tikz", ".dot": "dot", ".gv": "dot", ".txt": "text"}
SUFFIXES = {"svg": "_.svg", "tikz": "_.tex", "dot": "_.dot"}

EPILOG = """\
With numbers, of --at or of the example of the network, each edge has its value
above it and its gradient below. A .tex file is a picture for \\input in a document
that has \\usepackage{tikz}; DOT is for Graphviz, and has the whole graph.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("-o", "--output", metavar="OUT", help="default: standard output")
    add("--format", choices=FORMATS, help="default: by the ending of OUT, else text")
    add("--at", metavar="VALUES", action="append", default=[], help="as x=1,y=0.5,W=[[1,2],[3,4]]")
    add("--decimals", metavar="N", help="how many are shown (default: 2)")
    add("--no-numbers", action="store_true", help="without those of the network's example")
    parser.set_defaults(run=run, learning_rate=None, steps=None)


def run(options: argparse.Namespace) -> int:
    """Print the graph of a network, or write it to a file."""
    target = None if options.output in (None, "-") else Path(options.output)
    chosen = _format(options, target)
    network = network_of(options.file)
    from symprop.derivation import derive
    from symprop.printout.graph.drawn import drawn

    example = None if options.no_numbers else example_of(network, options)
    text = drawn(derive(network), chosen, example)
    if target is None:
        show(text if chosen == "text" else sealed_for(Path(SUFFIXES[chosen]), text))
    else:
        source, _ = split_argument(options.file)
        save(target, text, source=source, force=options.force)
    return 0


def _format(options: argparse.Namespace, target: Path | None) -> str:
    if options.no_numbers and (options.at or options.decimals):
        raise FileError("--no-numbers goes with no numbers", hint="leave it out, or the numbers")
    return format_of(options.format, target, FORMATS_BY_SUFFIX)
