"""The command line: `symprop derive | print | emit | check | trace | graph | cost | ...`.

SymPy and NumPy are imported by the commands, not by this module, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from symprop import __version__
from symprop.commands import (
    building,
    costing,
    grading,
    graphing,
    plotting,
    printing,
    tracing,
    verifying,
)
from symprop.commands.console import save, show
from symprop.commands.networks import network_of, split_argument
from symprop.errors import FileError, SympropError
from symprop.files import COMMENTS, UNMARKED, sealed
from symprop.user_text import legible

EXAMPLES = """\
examples:
  symprop derive net.py                     the derivation, as readable text
  symprop print net.py -o net.html          a printout: .html, .tex or .txt
  symprop print net.py --pdf                the same as PDF, by the TeX engine there is
  symprop emit net.py -o mlp.py             a training module in plain NumPy
  symprop emit net.py:small --target python a scalar network in plain Python
  symprop check net.py                      the gradients, against finite differences
  symprop trace net.py --at x=1,y=3,w=0.1   every value and gradient at one point
  symprop trace net.py --at x=1,y=3,w=0.1 --learning-rate 0.2 --steps 3
                                            update after update of gradient descent
  symprop plot net.py data.npz -o loss.svg  the loss of a training run
  symprop cost net.py --batch 128           operations and bytes of a step, pass by pass
  symprop graph net.py -o net.svg           its computational graph: .svg, .tex or .dot
  symprop verify net.py derivation.tex      what is right and wrong in a hand derivation
  symprop grade net.py answers/ --csv grades.csv
                                            a row a derivation, right or wrong and why
  symprop build examples/*.py               all products of many files, into generated/
  symprop build examples/*.py --check       whether generated/ is up to date

FILE is a Python file that declares networks, and is run as such; NAME is the variable
that holds the network, or a function that makes it. Where a file declares only one
network, NAME is not needed.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = _parser()
    options, unknown = parser.parse_known_args(argv)
    if unknown:
        _refuse(options.parser if "parser" in options else parser, unknown)
    if "run" not in options:
        parser.print_help(sys.stderr)
        return 2
    try:
        status: int = options.run(options)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _give_up_output()
        return 141
    except Exception as error:
        if options.debug:
            raise
        return _fail(error)


def _refuse(parser: argparse.ArgumentParser, unknown: list[str]) -> NoReturn:
    """End with usage and a message about arguments that a parser has not, and what was meant."""
    known = [
        *re.findall(r"--[a-z-]*[a-z]", parser.format_help()),
        *(f"--no-{p}" for p in printing.PARTS),
    ]
    close = get_close_matches(unknown[0].partition("=")[0], known, n=1)
    meant = f"; did you mean {close[0]}?" if close else ""
    parser.error(f"unrecognized arguments: {' '.join(unknown)}{meant}")


def _fail(error: Exception) -> int:
    """Report an error in one or two lines."""
    if isinstance(error, SympropError):
        message, hint = error.message, error.hint
    elif isinstance(error, OSError) and error.strerror:
        message, hint = f"{error.filename or 'standard output'}: {error.strerror}", ""
        if not error.filename:
            _give_up_output()
    else:
        message = f"{type(error).__name__}: {error}"
        hint = "this is a mistake of symprop's; --debug shows where"
    print("symprop:", legible(message), file=sys.stderr)
    if hint:
        print(" ", legible(hint), file=sys.stderr)
    return 1


def _give_up_output() -> None:
    """Flush what is left into the void: it cannot be written where it was to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


# The arguments --------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="symprop",
        description="Backpropagation in closed form: derive, emit and check the gradients of a "
        "network that is declared as SymPy expressions.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"symprop {__version__}")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    debug = argparse.ArgumentParser(add_help=False)
    quiet = argparse.SUPPRESS
    debug.add_argument("--debug", action="store_true", default=quiet, help=quiet)
    one = argparse.ArgumentParser(add_help=False, parents=[debug])
    one.add_argument("file", metavar="FILE[:NAME]", help="a Python file, and which network of it")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    derive = commands.add_parser("derive", parents=[one], help="print the derivation")
    derive.set_defaults(run=_derive)

    printout = commands.add_parser("print", parents=[one], help="print it as a lecturer would")
    printing.add_options(printout)

    emit = commands.add_parser("emit", parents=[one], help="write a training module")
    emit.add_argument("-o", "--output", metavar="OUT", help="default: standard output")
    emit.add_argument("--target", choices=("numpy", "python"), default="numpy")
    emit.set_defaults(run=_emit)

    check = commands.add_parser("check", parents=[one], help="check against finite differences")
    check.add_argument("--seed", type=int, default=0, help="of the points checked (default: 0)")
    check.set_defaults(run=_check)

    trace = commands.add_parser(
        "trace", parents=[one], help="print numbers, and updates of descent"
    )
    tracing.add_options(trace)

    graph = commands.add_parser("graph", parents=[one], help="draw its computational graph")
    graphing.add_options(graph)

    cost = commands.add_parser("cost", parents=[one], help="count what a training step costs")
    costing.add_options(cost)

    plot = commands.add_parser("plot", parents=[one], help="draw how it is trained")
    plotting.add_options(plot)

    verify = commands.add_parser(
        "verify", parents=[one], help="judge a hand derivation, line by line"
    )
    verifying.add_options(verify)

    grade = commands.add_parser("grade", parents=[one], help="judge the derivations of many people")
    grading.add_options(grade)

    functions = commands.add_parser(
        "functions", parents=[debug], help="print the vocabulary and its derivatives"
    )
    functions.set_defaults(run=_functions)

    build = commands.add_parser("build", parents=[debug], help="make all products of many files")
    building.add_options(build)

    for writer in (printout, emit, trace, graph, plot, verify, build):
        writer.add_argument("--force", action="store_true", help="overwrite edited files")
    for command in commands.choices.values():
        command.set_defaults(parser=command)
    return parser


# The commands ---------------------------------------------------------------------------------


def _derive(options: argparse.Namespace) -> int:
    network = network_of(options.file)
    from symprop.derivation import derive
    from symprop.derivation.text import describe

    show(describe(derive(network)))
    return 0


def _emit(options: argparse.Namespace) -> int:
    network = network_of(options.file)
    from symprop.derivation import derive
    from symprop.emission import emit

    source = emit(derive(network), target=options.target)
    if options.output in (None, "-"):
        show(sealed(source))
    else:
        declared, _ = split_argument(options.file)
        target = Path(options.output)
        if target.suffix in (*COMMENTS, *UNMARKED):
            raise FileError(
                f"{target}: a Python module does not end with {target.suffix}",
                hint=f"-o {target.stem}.py",
            )
        save(target, source, source=declared, force=options.force)
    return 0


def _check(options: argparse.Namespace) -> int:
    network = network_of(options.file)
    from symprop.checking import check_gradients
    from symprop.derivation import derive

    report = check_gradients(derive(network), seed=options.seed)
    show(str(report))
    return 0 if report.ok else 1


def _functions(options: argparse.Namespace) -> int:
    from symprop.derivation.vocabulary_table import vocabulary_table

    show(vocabulary_table())
    return 0
