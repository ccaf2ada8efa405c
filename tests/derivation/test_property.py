"""Random networks: every gradient against complex steps of the same network written in NumPy.

SYMPROP_NETWORKS=5000 pytest tests/derivation/test_property.py draws so many of each kind.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

import numpy as np
import pytest
from differences import complex_step
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from twins import KINDS, RandomNetwork, random_network
from twins.numeric import watched_kinks

from symprop import derive
from symprop.derivation import Derivation
from symprop.errors import DerivationError
from symprop.expression import Scope
from symprop.expression.evaluation import evaluate

COUNT = int(os.environ.get("SYMPROP_NETWORKS", "0"))
TOLERANCE = 1e-8

SEEDS = st.integers(0, 2**32 - 1)
DEPTHS = st.integers(1, 3)

Test = TypeVar("Test", bound=Callable[..., None])

pytestmark = pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")


def examples(count: int) -> Callable[[Test], Test]:
    return settings(
        max_examples=COUNT or count,
        deadline=None,
        database=None,
        derandomize=not COUNT,
        phases=[Phase.generate],  # a seed does not shrink
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


class Point:
    """A random network at a random point: what every name is worth, and every slope of the loss.

    `comparable`: nothing is large there, or beside a kink.
    """

    def __init__(self, found: RandomNetwork, seed: int) -> None:
        params, (sample,) = found.point(seed, 1)
        self.found, self.network = found, found.network
        self.declared = {**found.defaults, **params, **sample}
        with np.errstate(all="ignore"), watched_kinks() as distances:
            self.values = found.values(params, sample)
            self.loss = float(np.real(found.loss_at(self.declared)))
            self.slopes = complex_step(found.loss_at, self.declared)
        sizes = [np.abs(slope).max(initial=0.0) for slope in self.slopes.values()]
        steps = [np.abs(value).max(initial=0.0) for value in self.values.values()]
        small = abs(self.loss) < 1e4 and max(sizes) < 1e6 and max(steps) < 1e3
        self.comparable = small and not any(0 < distance < 1e-9 for distance in distances)
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
        assume(np.isfinite(value).all())  # the formulas as they stand overflow before the code does
        return value

    def assert_close(self, found: Any, expected: Any, what: str) -> None:
        found, expected = np.asarray(found), np.asarray(expected)
        assert found.size == expected.size, what
        error = float(np.abs(found.reshape(expected.shape) - expected).max(initial=0.0))
        assert error <= TOLERANCE * self.scale, f"{what}: {found} is not {expected}"


def drawn(kind: str, seed: int, depth: int) -> Point:
    point = Point(random_network(Random(seed), kind, depth), seed)
    assume(point.comparable)
    return point


def check_network(point: Point) -> None:
    network = point.network
    derivation = derive(network)
    values = point.with_deltas(derivation)
    forward = {name: value for name, value in point.known().items() if name in network.declared}
    for name, step in network.steps.items():
        forward[name] = point.evaluated(step.node, forward)
        expected = point.loss if name == network.require_loss().name else point.values[name]
        point.assert_close(forward[name], expected, f"{name} = {step.expression}")
    for entry in network.weights:
        gradient = derivation.gradient(entry.name)
        assert gradient.shape == entry.leaf.shape, f"the shape of dL/d{entry.name}"
        found = point.evaluated(gradient, values)
        point.assert_close(found, point.slopes[entry.name], f"dL/d{entry.name}")


def check_forms(point: Point) -> None:
    """What `partial` and `upstream` write in SymPy means the same when it is read again."""
    network = point.network
    derivation = derive(network)
    values = point.with_deltas(derivation)
    deltas = {up.delta.name: up.delta for up in derivation.upstreams if up.named}
    leaves = {name: network.leaf(name) for name in (*network.declared, *network.steps)}
    scope = Scope(leaves | deltas, network.size_symbols, KeyError)

    def check(written: Any, name: str, what: str) -> None:
        found = point.evaluated(scope.read(written), values)
        point.assert_close(found, point.slopes[name], f"dL/d{name}, {what}")

    for entry in network.weights:
        for form in ("steps", "delta", "expanded"):
            try:
                written = derivation.partial(entry.name, form)
            except DerivationError as error:
                assert form != "delta" and "operations" in str(error)
                continue
            check(written, entry.name, form)
    for entry in (*network.inputs, *network.targets):
        if point.found.labels.get(entry.name) not in ("one-hot", "probabilities"):
            check(derivation.upstream(entry.name), entry.name, "upstream")


@pytest.mark.parametrize("kind", KINDS)
@examples(40)
@given(SEEDS, DEPTHS)
def test_gradients_of_random_networks_equal_complex_steps(kind: str, seed: int, depth: int) -> None:
    check_network(drawn(kind, seed, depth))


@pytest.mark.parametrize("kind", KINDS)
@examples(8)
@given(SEEDS, st.integers(1, 2))
def test_all_written_forms_of_random_networks_mean_the_same(
    kind: str, seed: int, depth: int
) -> None:
    check_forms(drawn(kind, seed, depth))


@examples(40)
@given(SEEDS, st.integers(1, 2))
def test_products_along_the_paths_of_random_scalar_networks_add_up(seed: int, depth: int) -> None:
    point = drawn("scalar", seed, depth)
    derivation, values = derive(point.network), point.known()
    for entry in (*point.network.weights, *point.network.inputs):
        found = 0.0
        for path in derivation.paths(entry.name):
            factors = [point.network.read(factor) for factor in path.factors]
            found += np.prod([point.evaluated(factor, values) for factor in factors])
        point.assert_close(found, point.slopes[entry.name], f"the paths to {entry.name}")


def test_a_wrong_gradient_is_noticed_by_this_oracle() -> None:
    point = Point(random_network(Random(1), "matrix"), 1)
    expected = point.slopes["w0"]
    with pytest.raises(AssertionError, match="dL/dw0"):
        point.assert_close(expected + 1e-6 * point.scale, expected, "dL/dw0")
