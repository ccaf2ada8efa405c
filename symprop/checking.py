"""Checking gradients: the emitted module against differences of the declared expressions.

The loss is evaluated straight from the declared expressions, one sample at a time; its mean must
be the emitted loss. Its complex step (where all functions are analytic) or its central difference
(fourth order, a step per entry) must be the emitted gradient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from symprop.declaration import Declared
from symprop.derivation import Derivation
from symprop.drawing import draw
from symprop.emission import load
from symprop.errors import GradientError
from symprop.expression.evaluation import evaluate, is_analytic, side_of_kink
from symprop.expression.nodes import Along, Apply
from symprop.network import Network
from symprop.user_text import harmless

ENTRY_LIMIT = 200
"""Of a weight with more entries than this, so many are drawn at random."""
COMPLEX_STEP = 1e-30
CENTRAL_STEPS = (1e-3, 1e-4, 1e-5)
TOLERANCES = {"complex step": 1e-9, "central difference": 1e-6}
LOSS_TOLERANCE = 1e-10

Point = dict[str, Any]


@dataclass(frozen=True)
class WeightCheck:
    """The worst entry of the gradient by one weight."""

    weight: str
    entry: tuple[int, ...]
    emitted: float
    reference: float
    error: float
    tolerance: float
    method: str
    checked: int
    kinks: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the worst entry is right; also where every entry lies at a kink."""
        return self.checked == 0 or self.error <= self.tolerance

    def __str__(self) -> str:
        if not self.checked:
            return f"{self.weight}: not checked, every entry is at a kink of {self._kinks}"
        where = f"[{', '.join(map(str, self.entry))}]" if self.entry else ""
        verdict = "right" if self.ok else "WRONG"
        line = (
            f"{self.weight}: {verdict}; worst entry {self.weight}{where}: emitted "
            f"{self.emitted:.10g}, {self.method} {self.reference:.10g}, relative error "
            f"{self.error:.1e} (tolerance {self.tolerance:.0e}, {self.checked} entries)"
        )
        if self.kinks:
            line += f"\n    skipped at a kink of {self._kinks}"
        return line

    @property
    def _kinks(self) -> str:
        return ", ".join(self.kinks)


@dataclass(frozen=True)
class CheckReport:
    """What a gradient check found: the loss, and the worst entry of every weight."""

    network: str
    emitted_loss: float
    loss: float
    weights: tuple[WeightCheck, ...]

    @property
    def loss_ok(self) -> bool:
        scale = max(abs(self.loss), abs(self.emitted_loss), 1.0)
        return abs(self.loss - self.emitted_loss) <= LOSS_TOLERANCE * scale

    @property
    def ok(self) -> bool:
        return self.loss_ok and all(check.ok for check in self.weights)

    def __str__(self) -> str:
        verdict = "right" if self.loss_ok else "WRONG"
        head = f"{self.network}: loss {verdict}, emitted {self.emitted_loss:.10g}"
        head += f", from the expressions {self.loss:.10g}"
        return harmless("\n".join([head, *map(str, self.weights)]))


def check_gradients(
    derivation: Derivation,
    *,
    seed: int = 0,
    samples: int = 2,
    target: str = "numpy",
    entries: int = ENTRY_LIMIT,
) -> CheckReport:
    """Check loss and gradients of the emitted module at a random point in the domain.

    Sizes are drawn small and distinct, weights so that layers do not saturate. Of a weight with
    more than `entries` entries, so many are drawn at random. Raises GradientError where no point is
    found at which the declared loss and the emitted one are finite.
    """
    network = Derivation.checked(derivation, "check_gradients").network
    _check_whole("seed", seed, 0)
    _check_whole("samples", samples, 1)
    _check_whole("entries", entries, 1)
    module = load(derivation, target)
    reference = _Reference(network, np.random.default_rng(seed), samples)
    emitted, gradients = reference.emitted(module)
    checks = [
        reference.check(entry, np.asarray(gradients[entry.name]), entries)
        for entry in network.weights
    ]
    return CheckReport(network.name, emitted, reference.loss(), tuple(checks))


def _check_whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, int) or value < least:
        raise GradientError(
            f"check_gradients: {name} is {value!r}", hint=f"give a whole number from {least} on"
        )


class _Reference:
    """A random point, and the mean loss and its differences there."""

    def __init__(self, network: Network, rng: np.random.Generator, samples: int) -> None:
        self.network = network
        self.rng = rng
        self.steps = network.steps
        self.samples = samples if network.per_sample else 1
        used = {leaf for step in self.steps.values() for leaf in [step.node]}
        self.analytic = all(map(is_analytic, used))
        self.sizes: dict[str, int] = {}
        self.weights: Point = {}
        self.data: Sequence[Point] = ()
        self._points = draw(network, rng, samples)
        self._next()

    # -- points -----------------------------------------------------------------------------------

    def _next(self) -> None:
        """Go to the next point at which the loss is finite."""
        for point in self._points:
            self.sizes, self.weights, self.data = point.sizes, dict(point.weights), point.data
            with suppress(np.linalg.LinAlgError):
                if np.isfinite(self.loss()):
                    return
        raise GradientError(
            f"network {self.network.name!r}: no random point was found where the loss is finite",
            hint="look at the arguments of logs and roots; derive(net).trace({...}) at a point of "
            "yours says which step has no value",
        )

    def emitted(self, module: Any) -> tuple[float, Mapping[str, Any]]:
        """Loss and gradients of the emitted module, at a point at which its loss is finite."""
        while True:
            weights, data = self.arrays()
            try:
                with np.errstate(divide="raise", over="raise", invalid="raise"):
                    loss, gradients = module.loss_and_gradients(weights, *data)
                if np.isfinite(loss):
                    return loss, gradients
            except (ArithmeticError, np.linalg.LinAlgError):
                pass
            except ValueError:  # of math.log and the like; else arrays do not fit
                if not self.network.is_scalar:
                    raise
            self._next()

    def arrays(self) -> tuple[Point, list[Any]]:
        """Weights and data as the emitted module takes them."""
        network = self.network
        weights = {w.name: self._as_declared(w, self.weights[w.name]) for w in network.weights}
        data = []
        for entry in (*network.inputs, *network.targets):
            values = [self._as_declared(entry, point[entry.name]) for point in self.data]
            data.append(np.stack(values) if network.per_sample else values[0])
        if network.is_scalar:
            data = [array.tolist() if array.ndim else float(array) for array in data]
            weights = {name: float(value) for name, value in weights.items()}
        return weights, data

    @staticmethod
    def _as_declared(entry: Declared, value: Any) -> Any:
        array = np.asarray(value, dtype=float)
        if entry.shape == (1, 1):
            return array.reshape(1)
        return array[:, 0] if len(entry.shape) == 2 and entry.shape[1] == 1 else array

    # -- loss and differences ---------------------------------------------------------------------

    def loss(self, changed: Point | None = None, kinks: dict[str, list[Any]] | None = None) -> Any:
        """The mean loss at the point, some weights changed; kink signs are noted in `kinks`."""
        weights = self.weights | (changed or {})
        with np.errstate(all="ignore"):
            losses = [self._sample_loss(weights | point, kinks) for point in self.data]
        return sum(losses) / len(losses)

    def _sample_loss(self, values: Point, kinks: dict[str, list[Any]] | None) -> Any:
        values = dict(values)
        name = ""

        def watch(node: Apply | Along, arguments: list[Any]) -> None:
            if kinks is not None and node.entry.kink is not None:
                found = kinks.setdefault(f"{node.entry.name} in step {name!r}", [])
                found.append(side_of_kink(node, arguments))

        for name, step in self.steps.items():
            values[name] = evaluate(step.node, values, self.sizes, watch)
        return values[self.network.require_loss().name]

    def check(self, entry: Declared, emitted: Any, limit: int = ENTRY_LIMIT) -> WeightCheck:
        """Hold the gradient by one weight against differences."""
        value = np.asarray(self.weights[entry.name], dtype=float)
        emitted = emitted.reshape(value.shape)
        method = "complex step" if self.analytic else "central difference"
        places = list(np.ndindex(value.shape))
        if len(places) > limit:
            chosen = self.rng.choice(len(places), limit, replace=False)
            places = [places[index] for index in sorted(chosen)]
        kinks: dict[str, None] = {}
        worst: tuple[float, tuple[int, ...], float, float] = (0.0, places[0], float("nan"), 0.0)
        checked = 0
        scale = float(np.abs(emitted).max(initial=0.0))
        for place in places:
            reference = self._derivative(entry.name, value, place, kinks)
            if reference is None:
                continue
            checked += 1
            size = max(abs(reference), abs(emitted[place]), 1e-3 * scale, 1e-6)
            error = abs(float(emitted[place]) - reference) / size
            error = error if np.isfinite(error) else np.inf
            if checked == 1 or error > worst[0]:
                worst = (error, place, float(emitted[place]), reference)
        return WeightCheck(
            entry.name, worst[1], worst[2], worst[3], worst[0], TOLERANCES[method], method,
            checked, tuple(kinks),
        )  # fmt: skip

    def _derivative(
        self, name: str, value: Any, place: tuple[int, ...], kinks: dict[str, None]
    ) -> float | None:
        """dL/d(entry), or None beside a kink, whose function is noted.

        Of differences with several steps those two are taken that agree best: a step may be too
        long for a bend, another too short for the rounding of the loss.
        """
        if self.analytic:
            moved = value.astype(complex)
            moved[place] += 1j * COMPLEX_STEP
            return float(np.imag(self.loss({name: moved})) / COMPLEX_STEP)
        found: list[float] = []
        gaps: list[float] = []
        for relative in CENTRAL_STEPS:
            step = relative * max(1.0, abs(float(value[place])))
            quotient, crossed = self._difference(name, value, place, step)
            kinks.update(dict.fromkeys(crossed))
            if crossed:
                return None
            gaps += [abs(quotient - before) for before in found[-1:]]
            found.append(quotient)
            if gaps and gaps[-1] <= 1e-9 * abs(quotient):
                return quotient
        return found[1 + int(np.argmin(np.nan_to_num(gaps, nan=np.inf)))]

    def _difference(
        self, name: str, value: Any, place: tuple[int, ...], step: float
    ) -> tuple[float, list[str]]:
        """A central difference, and the functions that meet a kink on the way."""
        losses, signs = [], []
        for multiple in (-2, -1, 1, 2):
            moved = value.copy()
            moved[place] += multiple * step
            seen: dict[str, list[Any]] = {}
            losses.append(float(self.loss({name: moved}, seen)))
            signs.append(seen)
        far_left, left, right, far_right = losses
        quotient = (far_left - 8 * left + 8 * right - far_right) / (12 * step)
        return quotient, list(_changes(signs))


def _changes(signs: Sequence[Mapping[str, list[Any]]]) -> Iterator[str]:
    """The functions whose argument changes its sign between neighbouring points."""
    for before, after in pairwise(signs):
        for where, found in before.items():
            if any(not np.array_equal(a, b) for a, b in zip(found, after[where], strict=True)):
                yield where
