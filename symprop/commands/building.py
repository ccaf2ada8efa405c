"""The command `symprop build`: all products of many files, and whether they are up to date."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from symprop.commands.console import keep_source, show
from symprop.commands.networks import networks_of
from symprop.errors import FileError, UnspecifiedError, context
from symprop.files import compare, file_stem, others, write_all

PAGES = {".tex": "latex", ".html": "html"}
"""The formats of the printouts, by the suffixes of their files."""
PARTS = ("check",)
"""What a printout has here beside the sections that are there unasked."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="a Python file")
    parser.add_argument("--out", metavar="FOLDER", default="generated", help="default: generated")
    parser.add_argument(
        "--check", action="store_true", help="compare with the files; write nothing"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the products, or with --check compare the files with them."""
    products: dict[Path, str] = {}
    left_out = []
    met: set[str] = set()
    for file in map(Path, options.files):
        for path, text in _products(file, Path(options.out)):
            if isinstance(text, UnspecifiedError):
                left_out.append(f"{path}: left out, {text.message}")
                continue
            if str(path).casefold() in met:
                raise FileError(f"{file}: {path} is made twice", hint="rename one network or file")
            met.add(str(path).casefold())
            products[path] = text
    for file in map(Path, options.files):
        keep_source(file, products)
    if options.check:
        return _compared(products, left_out)
    changed = write_all(products, force=options.force, make_folders=True)
    lines = left_out + [f"{path}: written" for path in changed]
    lines += [f"{path}: is not a product" for path in others(products)]
    show("\n".join([*lines, f"{len(products)} files, {len(changed)} changed"]))
    return 0


def _compared(products: dict[Path, str], left_out: list[str]) -> int:
    stale = compare(products)
    if not stale:
        show("\n".join([*left_out, f"{len(products)} files, all up to date"]))
        return 0
    show("\n".join([*left_out, *(f"{path}: {what}" for path, what in stale.items())]))
    raise FileError(
        f"{len(stale)} files are not up to date",
        hint="the same command without --check writes them; what is no product, delete yourself",
    )


def _products(file: Path, folder: Path) -> Iterator[tuple[Path, str | UnspecifiedError]]:
    """Everything that symprop makes of the networks of a file, or why it makes no module."""
    networks = networks_of(file)
    from symprop.derivation import derive
    from symprop.derivation.text import describe
    from symprop.emission import emit
    from symprop.printout import make_document, render

    for network in networks:
        base = folder / (file.stem.strip(".") or "network") / file_stem(network.name)
        with context(str(file)):
            derivation = derive(network)
            yield Path(f"{base}.txt"), describe(derivation)
            document = make_document(derivation, also=PARTS)
            for suffix, name in PAGES.items():
                yield Path(f"{base}{suffix}"), render(document, name)
            try:
                yield Path(f"{base}.py"), emit(derivation)
            except UnspecifiedError as error:
                yield Path(f"{base}.py"), error
                continue
            if network.is_scalar:
                yield Path(f"{base}_plain.py"), emit(derivation, target="python")
