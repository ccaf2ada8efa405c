"""The command `symprop plot`: the loss of a training run, or the path of descent on its surface."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Container
from math import inf
from pathlib import Path
from typing import Any

from symprop.commands.console import keep_source, save
from symprop.commands.networks import network_of, split_argument
from symprop.errors import FileError
from symprop.files import require_writable

OPTIMIZERS = ("sgd", "momentum", "adam")
TRAINING = ("epochs", "learning_rate", "optimizer", "batch_size", "seed", "init", "std", "hold_out")
"""The options that the emitted module's own `train` command takes, too."""

EPILOG = """\
The training is that of the emitted module: `python net.py train DATA` with the same options. With
no DATA it is that of the worked example of the network, an update a step; so it is that of a
network that takes no data.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    parser.epilog = EPILOG
    add = parser.add_argument
    add("data", metavar="DATA", nargs="?", help="what to train on: .npz or .csv")
    add("-o", "--output", metavar="OUT", required=True, help=".svg, .png or .pdf")
    add(
        "--surface",
        action="store_true",
        help="the loss over two weights (or one), and the path on it",
    )
    add("--weights", metavar="W,W", help="which two: w,b or 'W1[0,0],W1[0,1]', counted from 0")
    add("--epochs", type=int, help="default: 100, or the steps of the worked example")
    add("--learning-rate", type=float, help="default: 0.1, or that of the worked example")
    add("--optimizer", choices=OPTIMIZERS, help="default: sgd")
    add("--batch-size", type=int, help="default: 32")
    add("--seed", type=_within(int, 0, inf), help="of weights and samples (default: 0)")
    add("--init", choices=("normal", "he", "glorot"), help="of the weights (default: normal)")
    add("--std", type=_within(float, 0, inf), help="of normal weights (default: 0.1)")
    add("--hold-out", type=_within(float, 0, 1), help="share of DATA not trained on (default: 0.2)")
    add(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a size or a hyperparameter of the network",
    )
    parser.set_defaults(run=run)


def _within(kind: Callable[[str], float], least: float, below: float) -> Callable[[str], float]:
    """What reads an argument that is to be a number from `least` on and below `below`."""

    def read(text: str) -> float:
        number = kind(text)
        if not least <= number < below:
            limit = f"{least:g} on" if below == inf else f"{least:g} on, below {below:g}"
            raise argparse.ArgumentTypeError(f"{text} is not from {limit}")
        return number

    read.__name__ = kind.__name__
    return read


def run(options: argparse.Namespace) -> int:
    """Train, draw, and write the picture."""
    network = network_of(options.file)
    from symprop.derivation import derive
    from symprop.plotting import picture

    target = Path(options.output)
    source, _ = split_argument(options.file)
    keep_source(source, [target])
    require_writable([target], force=options.force)
    drawn = picture(
        derive(network),
        target,
        data=options.data,
        surface=options.surface,
        weights=options.weights,
        options=_training(options, {*network.size_symbols, *network.hyperparameters}),
    )
    content = drawn.decode() if target.suffix == ".svg" else drawn
    save(target, content, source=source, force=options.force)
    return 0


def _training(options: argparse.Namespace, known: Container[str]) -> dict[str, Any]:
    """What the training is told; what is not given is left to it.

    `known` are the sizes and hyperparameters of the network.
    """
    found = {name: getattr(options, name) for name in TRAINING}
    for setting in options.set:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise FileError(f"--set {setting}: no value is set", hint="write --set NAME=VALUE")
        name = name.strip()
        if name in TRAINING and name not in known:
            option = f"--{name.replace('_', '-')}"
            raise FileError(f"--set {setting}: {name} has an option", hint=f"write {option}")
        found[name] = value.strip()
    return {name: value for name, value in found.items() if value is not None}
