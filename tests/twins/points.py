"""A random network at a random point, and what symprop makes of it held against its twin."""

from __future__ import annotations

from typing import Any

import numpy as np
from differences import complex_step

from symprop import derive
from symprop.derivation import Derivation
from symprop.errors import DerivationError
from symprop.expression import Scope
from symprop.expression.evaluation import evaluate
from twins.network import RandomNetwork
from twins.numeric import watched_kinks

TOLERANCE = 1e-8


class IncomparableError(Exception):
    """Nothing can be compared here: numbers are too large, or a kink is near."""


def check_comparable(
    loss: float, slopes: dict[str, Any], values: list[dict[str, Any]], kinks: list[float]
) -> None:
    """Raise IncomparableError where a loss, a slope, a step or a kink says so."""
    sizes = [np.abs(slope).max(initial=0.0) for slope in slopes.values()]
    steps = [np.abs(step).max(initial=0.0) for row in values for step in row.values()]
    small = abs(loss) < 1e4 and max(sizes) < 1e6 and max(steps) < 1e3
    if not small or any(0 < distance < 1e-9 for distance in kinks):
        raise IncomparableError


class Point:
    """What every name is worth for one sample, and every slope of the loss, by complex steps.

    Raises IncomparableError.
    """

    def __init__(self, found: RandomNetwork, seed: int) -> None:
        params, (sample,) = found.point(seed, 1)
        self.found, self.network = found, found.network
        self.declared = {**found.defaults, **params, **sample}
        with np.errstate(all="ignore"), watched_kinks() as kinks:
            self.values = found.values(params, sample)
            self.loss = float(np.real(found.loss_at(self.declared)))
            self.slopes = complex_step(found.loss_at, self.declared)
        check_comparable(self.loss, self.slopes, [self.values], kinks)
        sizes = [np.abs(slope).max(initial=0.0) for slope in self.slopes.values()]
        self.scale = max([1.0, abs(self.loss), *sizes])

    def known(self) -> dict[str, Any]:
        """The value of every declared symbol and step; a 1 x 1 matrix is a number."""
        known = {
            name: value if self.network.leaf(name).shape else np.asarray(value).reshape(())[()]
            for name, value in self.values.items()
        }
        return {**known, self.network.require_loss().name: self.loss}

    def with_deltas(self, derivation: Derivation) -> dict[str, Any]:
        """All values and all named upstream gradients, in the order of the derivation."""
        values = self.known()
        for upstream in derivation.upstreams:
            if upstream.named:
                values[upstream.delta.name] = self.evaluated(upstream.expression, values)
        return values

    def evaluated(self, node: Any, values: dict[str, Any]) -> Any:
        with np.errstate(all="ignore"):
            value = evaluate(node, values, self.found.sizes)
        if not np.isfinite(value).all():
            raise IncomparableError  # the formulas as they stand overflow before the code does
        return value

    def assert_close(self, found: Any, expected: Any, what: str) -> None:
        found, expected = np.asarray(found), np.asarray(expected)
        assert found.size == expected.size, what
        error = float(np.abs(found.reshape(expected.shape) - expected).max(initial=0.0))
        assert error <= TOLERANCE * self.scale, f"{what}: {found} is not {expected}"

    def check_gradients(self) -> None:
        """Every step's value, and every gradient of the derivation."""
        derivation = derive(self.network)
        values = self.with_deltas(derivation)
        forward = {k: value for k, value in self.known().items() if k in self.network.declared}
        for name, step in self.network.steps.items():
            forward[name] = self.evaluated(step.node, forward)
            is_loss = name == self.network.require_loss().name
            expected = self.loss if is_loss else self.values[name]
            self.assert_close(forward[name], expected, f"{name} = {step.expression}")
        for entry in self.network.weights:
            gradient = derivation.gradient(entry.name)
            assert gradient.shape == entry.leaf.shape, f"the shape of dL/d{entry.name}"
            found = self.evaluated(gradient, values)
            self.assert_close(found, self.slopes[entry.name], f"dL/d{entry.name}")

    def check_forms(self) -> None:
        """What `partial` and `upstream` write in SymPy means the same when it is read again."""
        network = self.network
        derivation = derive(network)
        values = self.with_deltas(derivation)
        deltas = {up.delta.name: up.delta for up in derivation.upstreams if up.named}
        leaves = {name: network.leaf(name) for name in (*network.declared, *network.steps)}
        scope = Scope(leaves | deltas, network.size_symbols, KeyError)

        def check(written: Any, name: str, what: str) -> None:
            found = self.evaluated(scope.read(written), values)
            self.assert_close(found, self.slopes[name], f"dL/d{name}, {what}")

        for entry in network.weights:
            for form in ("steps", "delta", "expanded"):
                try:
                    written = derivation.partial(entry.name, form)
                except DerivationError as error:
                    assert form != "delta" and "operations" in str(error)
                    continue
                check(written, entry.name, form)
        for entry in (*network.inputs, *network.targets):
            if self.found.labels.get(entry.name) not in ("one-hot", "probabilities"):
                check(derivation.upstream(entry.name), entry.name, "upstream")

    def check_paths(self) -> None:
        """The products along all paths, of a scalar network, add up to the slope."""
        derivation, values = derive(self.network), self.known()
        for entry in (*self.network.weights, *self.network.inputs):
            total = 0.0
            for path in derivation.paths(entry.name):
                factors = [self.network.read(factor) for factor in path.factors]
                total += np.prod([self.evaluated(factor, values) for factor in factors])
            self.assert_close(total, self.slopes[entry.name], f"the paths to {entry.name}")
