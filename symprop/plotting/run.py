"""A run of the emitted module's own `train`, with what a picture of it needs.

On a data file the module's command line is followed: the same options give the same weights as
`python net.py train DATA`. Without one, the numbers of the worked example are trained on.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from difflib import get_close_matches
from re import fullmatch
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symprop.derivation import Derivation
from symprop.derivation.point import point_of
from symprop.emission import load
from symprop.errors import DeclarationError, FileError, SympropError
from symprop.example import Example
from symprop.network import Network

Weights: TypeAlias = Mapping[str, Any]
"""Arrays by the names of weights, as emitted modules have them."""

DEFAULT_EPOCHS, DEFAULT_RATE = 100, 0.1


@dataclass(frozen=True)
class Entry:
    """One number among the weights: a scalar weight, or an entry of one, counted from 0."""

    weight: str
    index: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.weight}[{','.join(map(str, self.index))}]" if self.index else self.weight

    def read(self, weights: Weights) -> float:
        """Its value among arrays of weights; DeclarationError where there is no such entry."""
        array = np.asarray(weights[self.weight])
        if any(place >= size for place, size in zip(self.index, array.shape, strict=True)):
            shape = " x ".join(map(str, array.shape))
            raise DeclarationError(
                f"there is no entry {self}: {self.weight} is {shape}",
                hint="entries are counted from 0",
            )
        return float(array[self.index])

    def placed(self, weights: Weights, value: float) -> dict[str, Any]:
        """The weights, with this entry at another value."""
        array = np.array(weights[self.weight], dtype=float)
        array[self.index] = value
        return {**weights, self.weight: array}


@dataclass(frozen=True)
class Run:
    """A training run: the loss of every epoch, the watched entries before and after every update.

    `counted` is what losses are counted by: "epoch", or "step" where each is one update.

    `path` is (updates + 1) x (number of watched entries). `weights` are those at the end, `loss`
    gives the loss of the whole data at any weights. `size` is the number of samples times that of
    the entries of all weights.
    """

    network: Network
    losses: tuple[float, ...]
    watched: tuple[Entry, ...]
    path: NDArray[np.float64]
    weights: Weights
    loss: Callable[[Weights], float]
    size: int
    counted: str = "epoch"

    @property
    def others(self) -> bool:
        """Whether there are more entries than those that are watched."""
        return sum(np.size(array) for array in self.weights.values()) > len(self.watched)


# -- the entries that are watched -----------------------------------------------------------------


def entry_of(network: Network, text: str) -> Entry:
    """The entry that a text such as `w`, `b[0]` or `W1[0,2]` names; DeclarationError for none."""
    match = fullmatch(r"(.*?)(?:\[([\d\s,]+)\])?", text.strip())
    assert match is not None  # the pattern takes any text
    name, index = match[1].strip(), tuple(int(i) for i in (match[2] or "").split(",") if i.strip())
    known = {weight.name: weight for weight in network.weights}
    if name not in known:
        close = get_close_matches(name, known, n=1)
        raise DeclarationError(
            f"no weight {name!r} in network {network.name!r}",
            hint=f"did you mean {close[0]!r}?" if close else f"its weights: {', '.join(known)}",
        )
    axes = _axes(known[name].shape)
    if len(index) != axes:
        wanted = ",".join("0" * axes)
        raise DeclarationError(
            f"{text.strip()!r} is not one number: {name} has {axes} ax{'i' if axes == 1 else 'e'}s",
            hint=f"write {name}[{wanted}]; entries are counted from 0" if axes else f"write {name}",
        )
    return Entry(name, index)


def all_entries(network: Network) -> list[Entry]:
    """The one or two numbers that are all weights; DeclarationError where there are more."""
    entries = [
        Entry(weight.name, index)
        for weight in network.weights
        if all(isinstance(size, int) for size in weight.shape)
        for index in np.ndindex(weight.shape[: _axes(weight.shape)])
    ]
    whole = all(isinstance(size, int) for weight in network.weights for size in weight.shape)
    if len(entries) <= 2 and whole:
        return entries
    names = ", ".join(weight.name for weight in network.weights)
    raise DeclarationError(
        f"a surface is drawn over two numbers, and there are more among {names}",
        hint="choose two of them: --weights w,b or --weights 'W1[0,0],W1[0,1]'",
    )


def _axes(shape: Sequence[Any]) -> int:
    """The axes of a weight in an emitted module: a column has one."""
    return len(shape) - (len(shape) == 2 and shape[1] == 1)


# -- runs -----------------------------------------------------------------------------------------


def train_on_file(
    derivation: Derivation,
    data: str | None,
    options: Mapping[str, Any],
    watched: Sequence[Entry] = (),
) -> Run:
    """Train as the emitted module's own command does: on a data file, or on none if it takes none.

    `options` are those of the module's `train`, such as {"epochs": 20}. Raises FileError for data
    or options that do not fit, and where the loss is no longer finite. Progress goes to stderr.
    """
    module = load(derivation)
    recorder = _Recorder(module, watched)
    arguments = ["train", *([] if data is None else [data])]
    arguments += [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    parsed = _parsed(module, arguments, derivation.network)
    with _reported(data), redirect_stdout(io.StringIO()):
        parsed.run(parsed)
    return recorder.run(derivation.network)


def _parsed(module: ModuleType, arguments: Sequence[str], network: Network) -> Any:
    """The options of the module's command line; FileError for one that it has not."""
    said = io.StringIO()
    try:
        with redirect_stderr(said):
            return module._parser().parse_args(arguments)
    except SystemExit:
        names = [*network.size_symbols, *network.hyperparameters]
        known = f"--set takes {', '.join(names)}" if names else "there is nothing to --set"
        reason = said.getvalue().strip().rpartition("error: ")[2]
        raise FileError(f"the emitted module: {reason}", hint=known) from None


def train_on_example(
    derivation: Derivation,
    example: Example,
    *,
    epochs: int | None = None,
    learning_rate: float | None = None,
    optimizer: str = "sgd",
    watched: Sequence[Entry] = (),
) -> Run:
    """Train on the numbers of a worked example, from its weights, an update an epoch.

    Steps and learning rate are its own unless they are given. Raises PointError for numbers that
    do not fit, FileError where the loss is no longer finite.
    """
    network = derivation.network
    params, data = _arrays(network, example)
    recorder = _Recorder(load(derivation), watched)
    settings: dict[str, Any] = {
        "epochs": epochs if epochs is not None else example.steps or DEFAULT_EPOCHS,
        "learning_rate": float(learning_rate or example.learning_rate or DEFAULT_RATE),
        "optimizer": optimizer,
    }
    if data:
        settings["batch_size"] = None
    with _reported(None):
        recorder.train(params, *data, **settings)
    return replace(recorder.run(network), counted="step")


def _arrays(network: Network, example: Example) -> tuple[Weights, list[Any]]:
    """The numbers of an example as an emitted module takes them: weights, and a batch of one."""
    point = point_of(network, example.values)
    params = {w.name: _as_declared(w.shape, point.values[w.name]) for w in network.weights}
    data = [
        _as_declared(entry.shape, point.values[entry.name])
        for entry in (*network.inputs, *network.targets)
    ]
    return params, [array[np.newaxis] for array in data] if network.per_sample else data


def _as_declared(shape: Sequence[Any], value: Any) -> Any:
    array = np.asarray(value, dtype=float)
    return array.reshape(array.shape[: _axes(shape)]) if shape else array


@contextmanager
def _reported(data: str | None) -> Iterator[None]:
    """Give as FileError what the emitted module refuses."""
    try:
        yield
    except SympropError:
        raise
    except OSError as error:
        raise FileError(f"{error.filename or data}: {error.strerror or error}") from error
    except (ArithmeticError, ValueError) as error:
        text = " ".join(str(error).split())
        where = f"{data}: " if data is not None and data not in text else ""
        raise FileError(where + text) from error


class _Recorder:
    """Stands in for `train` of a module and notes what it is given and what comes of it."""

    def __init__(self, module: ModuleType, watched: Sequence[Entry]) -> None:
        self._module = module
        self._train = module.train
        self._slopes = module.loss_and_gradients
        self._loss = module.loss
        self._watched = tuple(watched)
        self._path: list[list[float]] = []
        self._given: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})
        self._result: tuple[Weights, list[float]] = ({}, [])
        module.__dict__["train"] = self.train
        module.__dict__["loss_and_gradients"] = self._met

    def train(self, params: Weights, *data: Any, **settings: Any) -> Any:
        """Train, and note it."""
        hypers = {name: settings[name] for name in settings if name not in _SETTINGS}
        self._given = data, hypers
        self._result = self._train(params, *data, **settings)
        return self._result

    def _met(self, params: Weights, *data: Any, **settings: Any) -> Any:
        """The gradients of a batch; what the weights are here is a point of the path."""
        if self._watched:
            self._path.append([entry.read(params) for entry in self._watched])
        return self._slopes(params, *data, **settings)

    def run(self, network: Network) -> Run:
        """What was noted."""
        weights, losses = self._result
        data, hypers = self._given
        loss = self._loss
        path = [*self._path, [entry.read(weights) for entry in self._watched]]
        return Run(
            network,
            tuple(losses),
            self._watched,
            np.array(path, dtype=float).reshape(len(path), len(self._watched)),
            weights,
            lambda other: float(loss(other, *data, **hypers)),
            sum(map(np.size, weights.values()))
            * max((len(a) for a in data if np.ndim(a)), default=1),
        )


_SETTINGS = (
    "epochs",
    "batch_size",
    "learning_rate",
    "optimizer",
    "momentum",
    "betas",
    "epsilon",
    "tolerance",
    "rng",
    "progress",
    "save",
    "resume",
)
"""The arguments of an emitted `train` that are no hyperparameters of the network."""
