"""The command line: `symprop derive | emit | check | trace | functions | build`.

SymPy and NumPy are imported by the commands, not by this module, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import inspect
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symprop import __version__
from symprop.errors import FileError, SympropError, UnspecifiedError, context
from symprop.files import (
    compare,
    file_stem,
    others,
    running,
    sealed,
    sealed_for,
    write_all,
    write_sealed,
)

if TYPE_CHECKING:
    from symprop.network import Network

FORMATS = ("text", "latex", "html")
FORMATS_BY_SUFFIX = {".txt": "text", ".tex": "latex", ".html": "html"}
SUFFIXES = {"latex": "_.tex", "html": "_.html"}
PARTS = ("network", "forward", "chain-rule", "locals", "updates")
"""The sections of a printout, as `symprop.printout` has them."""

EXAMPLES = """\
examples:
  symprop derive net.py                     the derivation, as readable text
  symprop print net.py -o net.html          a printout: .html, .tex or .txt
  symprop emit net.py -o mlp.py             a training module in plain NumPy
  symprop emit net.py:small --target python a scalar network in plain Python
  symprop check net.py                      the gradients, against finite differences
  symprop trace net.py --at x=1,y=3,w=0.1   every value and gradient at one point
  symprop build examples/*.py               all products of many files, into generated/
  symprop build examples/*.py --check       whether generated/ is up to date

FILE is a Python file that declares networks, and is run as such; NAME is the variable
that holds the network, or a function that makes it. Where a file declares only one
network, NAME is not needed.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = _parser()
    options = parser.parse_args(argv)
    if "run" not in options:
        parser.print_help(sys.stderr)
        return 2
    try:
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nobody reads on: flush into the void
        return 141
    except Exception as error:
        if options.debug:
            raise
        return _fail(error)


def _fail(error: Exception) -> int:
    """Report an error in one or two lines."""
    if isinstance(error, SympropError):
        message, hint = error.message, error.hint
    else:
        message = f"{type(error).__name__}: {error}"
        hint = "this is a mistake of symprop's; --debug shows where"
    print("symprop:", *message.split(), file=sys.stderr)
    if hint:
        print(" ", *hint.split(), file=sys.stderr)
    return 1


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
    printout.add_argument("-o", "--output", metavar="OUT", help="default: standard output")
    printout.add_argument(
        "--format", choices=FORMATS, help="default: by the ending of OUT, else text"
    )
    printout.add_argument("--only", metavar="PARTS", action="append", help=f"of {', '.join(PARTS)}")
    printout.add_argument("--with", dest="also", metavar="PARTS", action="append", help="and these")
    for part in PARTS:
        printout.add_argument(
            f"--no-{part}", dest="without", action="append_const", const=part, help=quiet
        )
    printout.add_argument(
        "--fragment", action="store_true", help="to be taken into a document of your own"
    )
    printout.set_defaults(run=_print_out, without=[])

    emit = commands.add_parser("emit", parents=[one], help="write a training module")
    emit.add_argument("-o", "--output", metavar="OUT", help="default: standard output")
    emit.add_argument("--target", choices=("numpy", "python"), default="numpy")
    emit.set_defaults(run=_emit)

    check = commands.add_parser("check", parents=[one], help="check against finite differences")
    check.add_argument("--seed", type=int, default=0, help="of the points checked (default: 0)")
    check.set_defaults(run=_check)

    trace = commands.add_parser("trace", parents=[one], help="print the numbers at one point")
    trace.add_argument(
        "--at", metavar="VALUES", action="append", default=[], help="as x=1,y=0.5,W=[[1,2],[3,4]]"
    )
    trace.add_argument("--exact", action="store_true", help="in exact numbers")
    trace.set_defaults(run=_trace)

    functions = commands.add_parser(
        "functions", parents=[debug], help="print the vocabulary and its derivatives"
    )
    functions.set_defaults(run=_functions)

    build = commands.add_parser("build", parents=[debug], help="make all products of many files")
    build.add_argument("files", metavar="FILE", nargs="+", help="a Python file")
    build.add_argument("--out", metavar="FOLDER", default="generated", help="default: generated")
    build.add_argument("--check", action="store_true", help="compare with the files; write nothing")
    build.set_defaults(run=_build)

    for writer in (printout, emit, build):
        writer.add_argument("--force", action="store_true", help="overwrite edited files")
    return parser


# The commands ---------------------------------------------------------------------------------


def _derive(options: argparse.Namespace) -> int:
    network = _network(options.file)
    from symprop.derivation import derive
    from symprop.derivation.text import describe

    _print(describe(derive(network)))
    return 0


def _print_out(options: argparse.Namespace) -> int:
    network = _network(options.file)
    from symprop.derivation import derive
    from symprop.printout import make_document, render

    target = None if options.output in (None, "-") else Path(options.output)
    chosen = options.format or (FORMATS_BY_SUFFIX.get(target.suffix) if target else "text")
    if chosen is None:
        known = ", ".join(FORMATS_BY_SUFFIX)
        raise FileError(f"{target}: no format has this ending", hint=f"--format, or one of {known}")
    document = make_document(
        derive(network),
        _parts(options.only),
        options.without,
        _parts(options.also) or (),
    )
    text = render(document, chosen, fragment=options.fragment)
    if target is None:
        _print(text if chosen == "text" else sealed_for(Path(SUFFIXES[chosen]), text))
    else:
        _keep(_split(options.file)[0], [target])
        changed = write_sealed(target, text, force=options.force)
        _print(f"{target}: {'written' if changed else 'up to date'}")
    return 0


def _parts(given: list[str] | None) -> list[str] | None:
    """Names that may stand in one option, with commas, or in several."""
    return None if given is None else [part for parts in given for part in parts.split(",")]


def _emit(options: argparse.Namespace) -> int:
    network = _network(options.file)
    from symprop.derivation import derive
    from symprop.emission import emit

    source = emit(derive(network), target=options.target)
    if options.output in (None, "-"):
        _print(sealed(source))
    else:
        target = Path(options.output)
        _keep(_split(options.file)[0], [target])
        changed = write_sealed(target, source, force=options.force)
        _print(f"{target}: {'written' if changed else 'up to date'}")
    return 0


def _check(options: argparse.Namespace) -> int:
    network = _network(options.file)
    from symprop.checking import check_gradients
    from symprop.derivation import derive

    report = check_gradients(derive(network), seed=options.seed)
    _print(str(report))
    return 0 if report.ok else 1


def _trace(options: argparse.Namespace) -> int:
    network = _network(options.file)
    from symprop.derivation import derive
    from symprop.point_text import read_values

    _print(str(derive(network).trace(read_values(options.at), exact=options.exact)))
    return 0


def _functions(options: argparse.Namespace) -> int:
    from symprop.derivation.vocabulary_table import vocabulary_table

    _print(vocabulary_table())
    return 0


def _build(options: argparse.Namespace) -> int:
    products: dict[Path, str] = {}
    left_out = []
    for file in map(Path, options.files):
        for path, text in _products(file, Path(options.out)):
            if isinstance(text, UnspecifiedError):
                left_out.append(f"{path}: left out, {text.message}")
                continue
            if str(path).casefold() in {str(other).casefold() for other in products}:
                raise FileError(f"{file}: {path} is made twice", hint="rename one network or file")
            products[path] = text
    for file in map(Path, options.files):
        _keep(file, products)
    if options.check:
        return _compared(products, left_out)
    changed = write_all(products, force=options.force, make_folders=True)
    lines = left_out + [f"{path}: written" for path in changed]
    lines += [f"{path}: is not a product" for path in others(products)]
    _print("\n".join([*lines, f"{len(products)} files, {len(changed)} changed"]))
    return 0


def _compared(products: dict[Path, str], left_out: list[str]) -> int:
    stale = compare(products)
    if not stale:
        _print("\n".join([*left_out, f"{len(products)} files, all up to date"]))
        return 0
    _print("\n".join([*left_out, *(f"{path}: {what}" for path, what in stale.items())]))
    raise FileError(
        f"{len(stale)} files are not up to date",
        hint="the same command without --check writes them; what is no product, delete yourself",
    )


def _products(file: Path, folder: Path) -> Iterator[tuple[Path, str | UnspecifiedError]]:
    """Everything that symprop makes of the networks of a file, or why it makes no module."""
    networks = _networks(file)
    from symprop.derivation import derive
    from symprop.derivation.text import describe
    from symprop.emission import emit

    for network in networks:
        base = folder / (file.stem.strip(".") or "network") / file_stem(network.name)
        with context(str(file)):
            derivation = derive(network)
            yield Path(f"{base}.txt"), describe(derivation)
            try:
                yield Path(f"{base}.py"), emit(derivation)
            except UnspecifiedError as error:
                yield Path(f"{base}.py"), error
                continue
            if network.is_scalar:
                yield Path(f"{base}_plain.py"), emit(derivation, target="python")


def _keep(source: Path, targets: Iterable[Path]) -> None:
    """Refuse to overwrite the declaration of a network with what is made of it."""
    for target in targets:
        if target.exists() and target.samefile(source):
            raise FileError(f"{target} declares the network", hint="choose another output")


def _print(text: str) -> None:
    """Print the same bytes everywhere: UTF-8, and line ends as in the files."""
    sys.stdout.flush()
    sys.stdout.buffer.write((text.rstrip("\n") + "\n").encode())


# The networks of a file -----------------------------------------------------------------------


def _split(argument: str) -> tuple[Path, str]:
    """Split FILE[:NAME]."""
    file, colon, name = argument.rpartition(":")
    if colon and name.isidentifier() and not Path(argument).exists():
        return Path(file), name
    return Path(argument), ""


@contextmanager
def _names(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Network]]]:
    """Run a file; give all its names, and those of its networks, each network once."""
    from symprop.network import Network  # before the file runs: never a module beside it

    with running(path) as names:
        found: dict[str, Network] = {}
        for name, value in names.items():
            if isinstance(value, Network) and all(value is not other for other in found.values()):
                found[name] = value
        yield names, found


def _network(argument: str) -> Network:
    """The network that FILE[:NAME] means."""
    path, name = _split(argument)
    with _names(path) as (names, found):
        if name:
            return _named(path, name, names, list(found))
        if len(found) > 1:
            raise FileError(
                f"{path} declares {len(found)} networks: {', '.join(found)}",
                hint=f"say which one: {path}:{next(iter(found))}",
            )
    return _some(path, found)[0]


def _networks(path: Path) -> list[Network]:
    """All networks of a file."""
    with _names(path) as (_, found):
        return _some(path, found)


def _some(path: Path, found: Mapping[str, Network]) -> list[Network]:
    if not found:
        hint = 'no variable in it holds one, as net in net = Network("mlp", ...) does'
        raise FileError(f"{path} declares no network", hint=hint)
    return list(found.values())


def _named(path: Path, name: str, names: Mapping[str, Any], known: list[str]) -> Network:
    """The network that a variable holds, or that a function makes."""
    from symprop.network import Network

    if name not in names:
        makers = [other for other, value in names.items() if inspect.isfunction(value)]
        close = get_close_matches(name, [*known, *makers], n=1)
        hint = f"did you mean {close[0]}?" if close else f"it declares {', '.join(known) or 'none'}"
        raise FileError(f"{path} has no network {name!r}", hint=hint)
    value = names[name]
    if inspect.isfunction(value):
        try:
            inspect.signature(value).bind()
        except TypeError as error:
            hint = "a function that makes a network needs a default for each argument"
            raise FileError(f"{path}: {name}() cannot be called: {error}", hint=hint) from None
        value, name = value(), f"what {name}() returns"
    if not isinstance(value, Network):
        raise FileError(f"{path}: {name} is no Network, but of type {type(value).__name__}")
    return value
