"""Measure some tables in this process and write what was found to a file.

compare.py starts this with the variables of environment.py, which have to be set before NumPy is
imported: once for each BLAS kernel, and for each table that must not meet the traces of another.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import deriving
import memory
import peers
from environment import describe
from floor import floor
from peers import Measured, Peer, Training
from problems import (
    TOLERANCES,
    Classifier,
    Digits,
    Evaluation,
    ScalarPerceptron,
    difference,
)
from results import FLOOR, Cell, Result
from settings import FULL, QUICK, Settings
from timing import Call, Pace, interleaved

DTYPES = ("float32", "float64")
BATCH = 32
"""The minibatches of the epoch over the digits."""


def gradients(settings: Settings) -> Iterable[Cell]:
    """Loss and all gradients of classifiers, beside the floor."""
    for sizes, batch, pace in settings.gradients:
        for dtype in DTYPES:
            problem = Classifier(sizes, batch, dtype)
            calls = {FLOOR: floor(problem)}
            found = prepared(peers.GRADIENTS, settings, (problem,))
            yield _timed(
                Cell(problem.name, batch, dtype=dtype),
                calls,
                agreeing(found, TOLERANCES[dtype]),
                pace,
            )


def scalars(settings: Settings) -> Iterable[Cell]:
    """Loss and all gradients of scalar perceptrons, at one sample."""
    for sizes, biases in settings.scalars:
        problem = ScalarPerceptron(sizes, biases)
        found = prepared(peers.SCALARS, settings, (problem,))
        cell = Cell(problem.name)
        yield _timed(cell, {}, agreeing(found, TOLERANCES["float64"]), settings.scalar_pace)


def steps(settings: Settings) -> Iterable[Cell]:
    """A training step on one batch: an epoch of a training set that is one batch."""
    for sizes, batch in settings.steps:
        for optimizer in ("sgd", "adam"):
            for dtype in DTYPES:
                problem = Classifier(sizes, batch, dtype)
                cell = Cell(problem.name, batch, dtype=dtype, optimizer=optimizer)
                columns = [peer for peer in peers.TRAINING if peer.name != peers.SCAN]
                found = _trainings(columns, settings, problem, optimizer)
                calls = {FLOOR: floor(problem)}
                epochs = settings.step_epochs
                yield _timed(cell, calls, _epochs(found, epochs), settings.training, epochs)


def epochs(settings: Settings) -> Iterable[Cell]:
    """An epoch of Adam over the digits, in minibatches; each peer has an order of its own."""
    for dtype in DTYPES:
        problem = Digits((64, 64, 10), settings.samples, dtype)
        cell = Cell(problem.name, BATCH, settings.samples, dtype, "adam")
        found = prepared(peers.TRAINING, settings, (problem, "adam", BATCH))
        count = settings.digits_epochs
        yield _timed(cell, {}, _epochs(found, count), settings.training, count)


Prepared = dict[str, Any]
"""What a peer has made, or why it could not, by the name of the peer."""


def prepared(columns: Iterable[Peer], settings: Settings, problem: tuple[Any, ...]) -> Prepared:
    """What each peer makes of a problem; an ImportError says what is missing."""
    found: Prepared = {}
    for peer in columns:
        if not settings.measures(peer.name):
            continue
        try:
            found[peer.name] = peer.make(*problem)
        except ImportError as error:
            found[peer.name] = f"{error.name} is not installed"
    return found


def agreeing(found: Prepared, tolerance: float) -> Prepared:
    """The peers whose loss and gradients are those of symprop."""
    measured = {name: item for name, item in found.items() if isinstance(item, Measured)}
    expected = _evaluation(measured[peers.SYMPROP])
    checked = dict(found)
    for name, item in measured.items():
        distance = difference(_evaluation(item), expected)
        if not distance <= tolerance:
            checked[name] = f"differs from symprop by {distance:.1e}"
    return checked


def _evaluation(measured: Measured) -> Evaluation:
    """Loss and gradients of one run, copied: the next run may write where they lie."""
    found = measured.read(measured.run())
    return Evaluation(found.loss, {key: +slope for key, slope in found.gradients.items()})


def _trainings(
    columns: Iterable[Peer], settings: Settings, problem: Classifier, optimizer: str
) -> Prepared:
    """The trainings on one batch that reach the weights that symprop reaches in three steps.

    scikit-learn's Adam adds its epsilon elsewhere, which shows where gradients are small.
    """
    found = prepared(columns, settings, (problem, optimizer, None))
    expected = Evaluation(0.0, found[peers.SYMPROP](3))
    for name, training in found.items():
        if isinstance(training, str) or (name == peers.SKLEARN and optimizer == "adam"):
            continue
        distance = difference(Evaluation(0.0, training(3)), expected)
        if not distance <= TOLERANCES[problem.dtype]:
            found[name] = f"differs from symprop by {distance:.1e}"
    return found


def _epochs(found: Prepared, count: int) -> Prepared:
    """A call that trains for so many epochs, of each training."""
    return {
        name: item if isinstance(item, str) else Measured(_training(item, count), lambda _: _)
        for name, item in found.items()
    }


def _training(training: Training, count: int) -> Call:
    return lambda: training(count)


def _timed(cell: Cell, calls: dict[str, Call], found: Prepared, pace: Pace, units: int = 1) -> Cell:
    """The cell with the times of calls and of what the peers have made.

    A run of a peer does `units` times what is asked for.
    """
    measured = {name: item for name, item in found.items() if isinstance(item, Measured)}
    timed = {**calls, **{name: item.run for name, item in measured.items()}}
    times = interleaved(timed, pace)
    parts = {name: units if name in measured else 1 for name in timed}
    return replace(
        cell,
        seconds={name: [each / parts[name] for each in times.seconds[name]] for name in timed},
        notes={name: item.note for name, item in measured.items() if item.note},
        missing={name: item for name, item in found.items() if isinstance(item, str)},
    )


MEASURES: dict[str, Callable[[Settings], Iterable[Any]]] = {
    "gradients": gradients,
    "steps": steps,
    "epochs": epochs,
    "scalars": scalars,
    "emission": deriving.emission,
    "growth": deriving.growth,
    "operations": deriving.operations,
    "memory": memory.peaks,
}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=MEASURES, action="append", default=[])
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    settings = QUICK if options.quick else FULL
    settings = replace(settings, only=tuple(options.peer))
    parts = {part: list(MEASURES[part](settings)) for part in options.part}
    Result(describe(), parts).save(options.out)


if __name__ == "__main__":
    main()
