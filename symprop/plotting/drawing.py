"""From a derivation to the picture of a training run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from re import split
from typing import Any

from symprop.derivation import Derivation
from symprop.errors import DeclarationError, FileError, SympropError
from symprop.plotting.run import Entry, Run, all_entries, entry_of, train_on_example, train_on_file

SUFFIXES = (".svg", ".png", ".pdf")
EXAMPLE_OPTIONS = ("epochs", "learning_rate", "optimizer")
"""What training on a worked example can be told; all else is about data and drawn weights."""


def picture(
    derivation: Derivation,
    target: Path,
    *,
    data: str | None = None,
    surface: bool = False,
    weights: str | None = None,
    options: Mapping[str, Any],
) -> bytes:
    """The picture of a training run, in the format that the ending of `target` names.

    The loss history, or with `surface` the loss over two entries of weights, or over one, with the
    path of descent. `options` are those of the emitted module's `train`. Raises FileError for an
    ending that there is no format for, and SympropError where matplotlib is missing.
    """
    if target.suffix not in SUFFIXES:
        raise FileError(
            f"{target}: a picture cannot have this ending", hint=f"one of {', '.join(SUFFIXES)}"
        )
    if find_spec("matplotlib") is None:
        raise SympropError("pictures need matplotlib", hint="pip install 'symprop[plot]'")
    if weights is not None and not surface:
        raise DeclarationError("weights are chosen for a surface", hint="add --surface")
    watched = _watched(derivation, weights) if surface else ()
    run = _run(derivation, data, options, watched)
    if not run.losses:
        raise FileError("there is nothing to draw: no epoch was trained", hint="--epochs 20")
    from symprop.plotting import pictures

    draw = (pictures.loss_history, pictures.loss_curve, pictures.loss_surface)[len(watched)]
    return draw(run, target.suffix.removeprefix("."))


def _watched(derivation: Derivation, weights: str | None) -> Sequence[Entry]:
    network = derivation.network
    if weights is None:
        return all_entries(network)
    names = [name for name in split(r",(?![^\[]*\])", weights) if name.strip()]
    entries = [entry_of(network, name) for name in names]
    if len(entries) not in (1, 2) or len(set(entries)) < len(entries):
        raise DeclarationError(
            f"a surface is drawn over two weights, not over {weights!r}",
            hint="write --weights w,b or --weights 'W1[0,0],W1[0,1]'",
        )
    return entries


def _run(
    derivation: Derivation, data: str | None, options: Mapping[str, Any], watched: Sequence[Entry]
) -> Run:
    network = derivation.network
    example = network.worked_example
    takes_data = bool(network.inputs or network.targets)
    if data is None and example is not None:
        superfluous = [name for name in options if name not in EXAMPLE_OPTIONS]
        if superfluous:
            raise DeclarationError(
                f"{_spelled(superfluous[0])} is for training on a data file, and none is given",
                hint="the worked example brings its own numbers",
            )
        return train_on_example(derivation, example, **options, watched=watched)
    if data is None and takes_data:
        raise FileError(
            f"network {network.name!r} has neither a data file to train on nor a worked example",
            hint="symprop plot net.py data.npz, or net.example({...}, learning_rate=0.1, steps=9)",
        )
    if data is not None and not takes_data:
        raise FileError(f"{data}: network {network.name!r} takes no data", hint="leave it out")
    return train_on_file(derivation, data, options, watched)


def _spelled(option: str) -> str:
    return "--" + option.replace("_", "-")
