"""The command `symprop cost`: operations and bytes of a training step, and what each pass saved."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from symprop.commands.console import show
from symprop.commands.networks import network_of
from symprop.errors import FileError

if TYPE_CHECKING:
    from symprop.emission.costing import Costs

WIDTHS = {"float32": 4, "float64": 8}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    add = parser.add_argument
    add("--batch", type=_positive, default=32, metavar="N", help="samples a step; default 32")
    add("--size", action="append", default=[], metavar="NAME=N", help="a size; may come often")
    add("--type", choices=tuple(WIDTHS), default="float64", help="of the numbers; default float64")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the table of costs."""
    network = network_of(options.file)
    sizes = dict(map(_size, options.size))
    unknown = [name for name in sizes if name not in network.size_symbols]
    if unknown:
        known = ", ".join(network.size_symbols) or "none"
        raise FileError(f"{unknown[0]} is no size of {network.name}", hint=f"its sizes: {known}")
    from symprop.derivation import derive
    from symprop.emission.costing import costs

    width = WIDTHS[options.type]
    found = costs(derive(network), batch=options.batch, sizes=sizes, width=width)
    show("\n".join(_lines(found, options.type)))
    return 0


def _positive(text: str) -> int:
    if not text.isdecimal() or len(text) > 18 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of samples")
    return int(text)


def _size(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if not name or not number.isdecimal() or len(number) > 18 or int(number) < 1:
        raise FileError(f"--size {text}: no size and number", hint="write --size N=64")
    return name, int(number)


def _lines(found: Costs, kind: str) -> list[str]:
    gradients = found.whole - found.forward
    rows = [
        ("forward and loss", found.forward),
        ("gradients besides", gradients),
        ("together", found.whole),
        ("products of matrices alone", found.floor),
    ]
    head = f"{'':<28}{'calls':>8}{'operations':>16}{'bytes':>16}"
    sizes = "".join(f", {name} = {size}" for name, size in found.sizes.items())
    title = f"{found.network.name}: loss and gradients of a batch of {found.batch}{sizes}, {kind}"
    table = [f"{n:<28}{w.calls:>8,}{w.operations:>16,}{w.bytes:>16,}" for n, w in rows]
    counted = found.counted
    ratios = [
        "",
        f"gradients to forward: {_ratio(gradients.operations, found.forward.operations)} of the "
        f"operations, {_ratio(gradients.bytes, found.forward.bytes)} of the bytes",
        f"each array counted as one number: {counted.gradient} to {counted.forward} operations, "
        f"{counted.ratio:.2f}",
        f"the products are {_ratio(100 * found.floor.operations, found.whole.operations)} % of the "
        f"operations, {_ratio(100 * found.floor.bytes, found.whole.bytes)} % of the bytes",
        "",
    ]
    passes = f"{'pass by pass':<28}{'calls':>8}{'bytes':>16}{'arrays':>8}{'held':>14}"
    stages = [
        f"{s.name:<28}{s.work.calls:>8,}{s.work.bytes:>16,}{s.arrays:>8,}{s.held:>14,}"
        for s in found.stages
    ]
    notes = [f"{s.name}: {s.saves}" for s in found.stages]
    return [title, "", head, *table, *ratios, passes, *stages, "", *notes]


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "none"
