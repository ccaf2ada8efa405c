"""What symprop has promised about speed, held against what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import peers
from deriving import PLAN, TEXT
from peers import HAND, SYMPROP
from results import FLOOR, Cell, Result

BEHIND = {peers.TEXTBOOK: 2.5, peers.SKLEARN: 6.0, peers.TORCH: 6.0, peers.FUSED: 6.0}
"""How many times faster than these an epoch of the digits is to be."""


@dataclass(frozen=True)
class Measurements:
    """All that was measured: a result for each BLAS kernel, and what does not depend on it.

    `emissions` has the result of each of several processes.
    """

    kernels: tuple[Result, ...]
    parts: Mapping[str, Sequence[Any]]
    emissions: tuple[Sequence[Any], ...] = ()

    @property
    def native(self) -> Result | None:
        """The result with the kernel that BLAS chooses itself."""
        return next((each for each in self.kernels if not each.environment.requested), None)

    def native_cells(self, part: str) -> list[tuple[str, Cell]]:
        """Rows with their names, of the native kernel."""
        return [(cell.name, cell) for cell in self.native.cells(part)] if self.native else []

    def all_cells(self, part: str) -> list[tuple[str, Cell]]:
        """Rows with their names, of all kernels."""
        return [
            (f"{cell.name}, {result.environment.kernel}", cell)
            for result in self.kernels
            for cell in result.cells(part)
        ]


@dataclass(frozen=True)
class Check:
    """A value that was measured, where, and its bound there."""

    where: str
    value: float
    bound: float


@dataclass(frozen=True)
class Limit:
    """A promise and its checks; `least` says that the bound is the least that is allowed."""

    what: str
    bound: str
    checks: tuple[Check, ...]
    least: bool = False

    def excess(self, check: Check) -> float:
        """How far beyond the bound a value lies, as a ratio; 1 is on the bound."""
        return check.bound / check.value if self.least else check.value / check.bound

    @property
    def missed(self) -> tuple[Check, ...]:
        """The checks that are not met, the worst first."""
        found = [check for check in self.checks if self.excess(check) > 1]
        return tuple(sorted(found, key=self.excess, reverse=True))

    @property
    def worst(self) -> Check | None:
        """The check with the least room, or the largest excess."""
        return max(self.checks, key=self.excess, default=None)


def limits(found: Measurements) -> list[Limit]:
    """All limits in the order of the tables."""
    return [
        *_gradient_limits(found),
        *_training_limits(found),
        *_scalar_limits(found),
        *_deriving_limits(found),
        *_memory_limits(found),
    ]


def _gradient_limits(found: Measurements) -> list[Limit]:
    native, everywhere = found.native_cells("gradients"), found.all_cells("gradients")
    large = [(where, cell) for where, cell in everywhere if cell.batch >= 128]
    return [
        Limit(
            "over the floor, 784 inputs, batch 128 and more",
            "1.10, or 1.03 of hand-optimised",
            _over_floor(_wide(native, lambda batch: batch >= 128), 1.10),
        ),
        Limit(
            "over the floor, 784 inputs, batch 32",
            "1.20, or 1.03 of hand-optimised",
            _over_floor(_wide(native, lambda batch: batch == 32), 1.20),
        ),
        *(
            Limit(
                f"over the floor, 64-64-10, batch {batch}",
                f"{bound:.1f}",
                _ratios(_chosen(native, "64-64-10", batch), FLOOR, bound),
            )
            for batch, bound in ((128, 2.4), (32, 3.5))
        ),
        Limit("pure call over workspace call, batch 128 and more", "1.15", _pure(large, 1.15)),
        *(
            Limit(f"over {peer}, every cell", "1", _ratios(everywhere, peer, 1.0))
            for peer in (peers.TEXTBOOK, peers.SKLEARN, peers.AUTOGRAD, peers.TORCH)
        ),
        Limit(
            "over jax.jit, batch 32 and more, native kernel",
            "1",
            _ratios([pair for pair in native if pair[1].batch >= 32], peers.JAX, 1.0),
        ),
    ]


Cells = list[tuple[str, Cell]]


def _wide(cells: Cells, batch: Callable[[int], bool]) -> Cells:
    """The networks with 784 inputs, at some batches."""
    return [pair for pair in cells if pair[1].network.startswith("784-") and batch(pair[1].batch)]


def _chosen(cells: Cells, network: str, batch: int) -> Cells:
    return [pair for pair in cells if (pair[1].network, pair[1].batch) == (network, batch)]


def _over_floor(cells: Cells, bound: float) -> tuple[Check, ...]:
    """symprop over the floor; where hand-optimised NumPy is above the bound, it is the measure."""
    return tuple(
        Check(where, cell.ratio(SYMPROP, FLOOR), max(bound, 1.03 * _by_hand(cell)))
        for where, cell in cells
    )


def _by_hand(cell: Cell) -> float:
    """Hand-optimised NumPy over the floor; 0 if it was not measured."""
    return cell.ratio(HAND, FLOOR) if HAND in cell.seconds else 0.0


def _ratios(cells: Cells, other: str, bound: float) -> tuple[Check, ...]:
    """symprop over another column, where that was measured."""
    return tuple(
        Check(where, cell.ratio(SYMPROP, other), bound)
        for where, cell in cells
        if other in cell.seconds
    )


def _faster(cells: Cells, other: str, bound: float) -> tuple[Check, ...]:
    """How many times faster symprop is than another column, where that was measured."""
    return tuple(
        Check(where, cell.ratio(other, SYMPROP), bound)
        for where, cell in cells
        if other in cell.seconds
    )


def _pure(cells: Cells, bound: float) -> tuple[Check, ...]:
    return tuple(Check(where, cell.ratio(peers.PURE, SYMPROP), bound) for where, cell in cells)


def _training_limits(found: Measurements) -> list[Limit]:
    steps, epochs = found.native_cells("steps"), found.native_cells("epochs")
    descent = [pair for pair in steps if pair[1].optimizer == "sgd"]
    adam = [pair for pair in steps if pair[1].optimizer == "adam" and pair[1].batch == 32]
    return [
        Limit("SGD step over the floor", "1.25", _ratios(descent, FLOOR, 1.25)),
        Limit(
            "Adam step at batch 32, times faster than textbook NumPy",
            "1.5",
            _faster(adam, peers.TEXTBOOK, 1.5),
            least=True,
        ),
        *(
            Limit(
                f"digits epoch, times faster than {peer}",
                f"{bound:g}",
                _faster(epochs, peer, bound),
                least=True,
            )
            for peer, bound in BEHIND.items()
        ),
    ]


def _scalar_limits(found: Measurements) -> list[Limit]:
    cells = [(cell.network, cell) for cell in found.parts.get("scalars", ())]
    return [
        Limit(
            "scalar networks, over straight-line Python of the same signature",
            "1.1",
            _ratios(cells, peers.STRAIGHT, 1.1),
        ),
        Limit(
            "scalar networks, times faster than lambdify(cse=True) in the same signature",
            "1.4",
            _faster(cells, peers.LAMBDIFY, 1.4),
            least=True,
        ),
    ]


def _deriving_limits(found: Measurements) -> list[Limit]:
    bounds = (("two layers in matrices", 15.0), ("perceptron in scalars, width 32", 300.0))
    growth = found.parts.get("growth", ())
    linear = [(row.layers[-1] / row.layers[0], row) for row in growth]
    counts = found.parts.get("operations", ())
    return [
        *(
            Limit(
                f"ms to derive and emit, second call: {network}",
                f"{bound:g}",
                tuple(_second_calls(found.emissions, network, bound)),
            )
            for network, bound in bounds
        ),
        Limit(
            "time by layers, over linear",
            "1.5",
            tuple(
                Check(row.chain, row.seconds[-1] / row.seconds[0] / times, 1.5)
                for times, row in linear
            ),
        ),
        *(
            Limit(
                f"gradient over forward operations: {method}",
                "2.1",
                tuple(
                    Check(f"width {row.width}", row.ratio, 2.1)
                    for row in counts
                    if row.method == method
                ),
            )
            for method in (PLAN, TEXT)
        ),
    ]


def _second_calls(
    emissions: Iterable[Sequence[Any]], network: str, bound: float
) -> Iterable[Check]:
    """The median over the processes of the second call."""
    calls = [row.calls[1] for rows in emissions for row in rows if row.network == network]
    if calls:
        yield Check(network, 1e3 * median(calls), bound)


def _memory_limits(found: Measurements) -> list[Limit]:
    kinds = (
        ("train", "peak of train over epochs, bytes"),
        ("call", "peak of a workspace call over the batch, bytes"),
    )
    rows = found.parts.get("memory", ())
    return [
        Limit(
            what,
            next((row.against for row in rows if row.what.startswith(kind)), ""),
            tuple(
                Check(row.what, row.peak, row.bound) for row in rows if row.what.startswith(kind)
            ),
        )
        for kind, what in kinds
    ]
