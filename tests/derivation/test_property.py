"""Random networks: every gradient against complex steps of the same network written in NumPy.

SYMPROP_NETWORKS=5000 pytest tests/derivation/test_property.py draws so many of each kind.
"""

from __future__ import annotations

import os
import random
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_networks import Maker, differences, loss_at, make

from symprop import derive
from symprop.derivation import Derivation
from symprop.errors import DeclarationError, DerivationError
from symprop.expression import Scope
from symprop.expression.evaluation import evaluate
from symprop.network import UnusedStepWarning

COUNT = int(os.environ.get("SYMPROP_NETWORKS", "0"))
TOLERANCE = 1e-8

SEEDS = st.integers(0, 2**32 - 1)


Test = TypeVar("Test", bound=Callable[..., None])


def examples(count: int) -> Callable[[Test], Test]:
    return settings(
        max_examples=COUNT or count,
        deadline=None,
        derandomize=not COUNT,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


def drawn(seed: int, *, matrices: bool) -> Maker:
    """A random network all of whose values are finite.

    Skipped are those in which a weight cancels, or which SymPy misshapes beyond repair.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusedStepWarning)
        try:
            maker = make(random.Random(seed), matrices=matrices)
        except DeclarationError as error:
            if not any(part in str(error) for part in ("does not depend on", "SymPy takes")):
                raise
            assume(False)
    assume(np.isfinite(loss_at(maker, maker.values)))
    return maker


def known(maker: Maker) -> dict[str, Any]:
    """The value of every declared symbol and step; a 1 x 1 matrix is a number."""
    network = maker.network
    return {
        name: value if network.leaf(name).shape else np.asarray(value).reshape(())[()]
        for name, value in maker.values.items()
    }


def with_deltas(maker: Maker, derivation: Derivation) -> dict[str, Any]:
    """All values and all named upstream gradients, in the order of the derivation."""
    values = known(maker)
    for upstream in derivation.upstreams:
        if upstream.named:
            values[upstream.delta.name] = evaluate(upstream.expression, values, maker.sizes)
    return values


def assert_close(found: Any, expected: Any, what: str) -> None:
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.size == expected.size, what
    scale = max(1.0, float(np.abs(expected).max()))
    error = float(np.abs(found.reshape(expected.shape) - expected).max()) / scale
    assert error <= TOLERANCE, f"{what}: {found} is not {expected}"


def check_network(maker: Maker) -> None:
    network = maker.network
    derivation = derive(network)
    values = with_deltas(maker, derivation)
    expected = differences(maker)
    forward = {name: values[name] for name in network.declared}
    for name, step in network.steps.items():
        forward[name] = evaluate(step.node, forward, maker.sizes)
        assert_close(forward[name], maker.values[name], f"{name} = {step.expression}")
    for name in maker.weights:
        gradient = derivation.gradient(name)
        assert gradient.shape == network.leaf(name).shape, f"the shape of dL/d{name}"
        found = evaluate(gradient, values, maker.sizes)
        assert_close(found, expected[name], f"dL/d{name}")


def check_forms(maker: Maker) -> None:
    """What `partial` and `upstream` write in SymPy means the same when it is read again."""
    network = maker.network
    derivation = derive(network)
    values = with_deltas(maker, derivation)
    expected = differences(maker)
    deltas = {up.delta.name: up.delta for up in derivation.upstreams if up.named}
    leaves = {name: network.leaf(name) for name in (*network.declared, *network.steps)}
    scope = Scope(leaves | deltas, network.size_symbols, KeyError)
    for name in maker.weights:
        for form in ("steps", "delta", "expanded"):
            try:
                written = derivation.partial(name, form)
            except DerivationError as error:
                assert form != "delta" and "operations" in str(error)
                continue
            found = evaluate(scope.read(written), values, maker.sizes)
            assert_close(found, expected[name], f"dL/d{name}, {form}: {written}")
    data = [entry.name for entry in (*network.inputs, *network.targets)]
    for name in data:
        if maker.labelled and name == "Y":
            continue  # it does not vary freely
        found = evaluate(scope.read(derivation.upstream(name)), values, maker.sizes)
        assert_close(found, expected[name], f"dL/d{name}")


@examples(80)
@given(SEEDS)
def test_gradients_of_random_scalar_networks_equal_complex_steps(seed: int) -> None:
    check_network(drawn(seed, matrices=False))


@examples(80)
@given(SEEDS)
def test_gradients_of_random_matrix_networks_equal_complex_steps(seed: int) -> None:
    check_network(drawn(seed, matrices=True))


@examples(20)
@given(SEEDS, st.booleans())
def test_all_written_forms_of_random_networks_mean_the_same(seed: int, matrices: bool) -> None:
    check_forms(drawn(seed, matrices=matrices))


@examples(40)
@given(SEEDS)
def test_products_along_the_paths_of_random_scalar_networks_add_up(seed: int) -> None:
    maker = drawn(seed, matrices=False)
    derivation, values, expected = derive(maker.network), known(maker), differences(maker)
    for name in ("w", "b", "x"):
        found = 0.0
        for path in derivation.paths(name):
            factors = [maker.network.read(factor) for factor in path.factors]
            found += np.prod([evaluate(factor, values, {}) for factor in factors])
        assert_close(found, expected[name], f"the paths to {name}")


def test_a_wrong_gradient_is_noticed_by_this_oracle() -> None:
    expected = differences(make(random.Random(1), matrices=True))["w"]
    with pytest.raises(AssertionError, match="dL/dw"):
        assert_close(expected + 1e-6 * (1 + abs(expected)), expected, "dL/dw")
