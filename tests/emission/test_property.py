"""Random networks: the emitted loss, gradients and outputs are those of the twin in NumPy."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from twins import RandomNetwork, as_declared, random_network

from symprop.derivation import derive
from symprop.emission import load

KINDS = ("matrix", "scalar", "whole", "function")
RTOL = 1e-9

CI = settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def assert_equal(found: Any, expected: Any, scale: float, what: str) -> None:
    """Equal to RTOL, relative to the size of what was added up."""
    found = np.asarray(found)
    assert found.shape == np.shape(expected), what
    worst = np.abs(found - expected).max(initial=0.0)
    assert worst <= RTOL * scale, f"{what} is off by {worst} of {scale}"


def check(found: RandomNetwork, target: str, seed: int) -> bool:
    """Hold the emitted module of a target against the twin, at a random point.

    False: the loss there is too large to compare.
    """
    params, data = found.point(seed)
    with np.errstate(all="ignore"):
        value = float(np.real(found.mean_loss(params, data)))
        if not abs(value) < 1e6:
            return False
        gradients = found.gradients(params, data)
    scale = max([1.0, abs(value), *(np.abs(g).max(initial=0.0) for g in gradients.values())])
    module = load(derive(found.network), target)
    weights, batch = found.arrays(params, data)
    if target == "python":
        weights = {name: float(weight) for name, weight in weights.items()}
        batch = [array.tolist() for array in batch]
    emitted, slopes = module.loss_and_gradients(weights, *batch)
    assert_equal(emitted, value, scale, "the loss")
    assert_equal(module.loss(weights, *batch), value, scale, "loss()")
    assert list(slopes) == list(weights)
    for twin in found.weights:
        name = twin.sympy.name
        expected = as_declared(twin.shape, gradients[name])
        assert_equal(slopes[name], expected, scale, f"dL/d{name}")
    check_outputs(found, module, weights, batch, [found.values(params, row) for row in data])
    return True


def check_outputs(
    found: RandomNetwork, module: Any, weights: Any, batch: list[Any], values: list[dict[str, Any]]
) -> None:
    """What forward returns, batch first where it varies with the sample."""
    outputs = module.forward(weights, *batch[: len(found.inputs)])
    declared = found.network.outputs
    if len(declared) == 1:
        outputs = (outputs,)
    assert len(outputs) == len(declared)
    shapes = {name: twin.shape for name, twin in found.steps}
    for step, output in zip(declared, outputs, strict=True):
        shape = shapes[step.name] if shapes[step.name] != (1, 1) else ()
        rows = [as_declared(shape, row[step.name]) for row in values]
        expected = np.stack(rows) if found.per_sample else rows[0]
        if np.shape(output) != expected.shape and found.per_sample:
            expected = rows[0]  # an output of the weights alone
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        assert_equal(output, expected, scale, f"output {step.name}")


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
@pytest.mark.parametrize("kind", KINDS)
@CI
@given(st.randoms(use_true_random=False), st.integers(0, 2), st.integers(0, 2**16))
def test_a_random_network_emits_the_loss_gradients_and_outputs_of_its_twin(
    kind: str, rng: Random, depth: int, seed: int
) -> None:
    found = random_network(rng, kind, depth + 1)
    assume(check(found, "numpy", seed))


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
@CI
@given(st.randoms(use_true_random=False), st.integers(0, 2), st.integers(0, 2**16))
def test_a_random_scalar_network_emits_plain_python_that_equals_its_twin(
    rng: Random, depth: int, seed: int
) -> None:
    assume(check(random_network(rng, "scalar", depth + 1), "python", seed))
