"""Random networks: the emitted loss, gradients and outputs are those of the twin in NumPy.

SYMPROP_NETWORKS=5000 pytest tests/emission/test_property.py draws so many of each kind.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from twins import KINDS, RandomNetwork, as_declared, random_network
from twins.numeric import watched_kinks

from symprop.derivation import derive
from symprop.emission import load

COUNT = int(os.environ.get("SYMPROP_NETWORKS", "0"))
RTOL = 1e-9

SEEDS = st.integers(0, 2**32 - 1)

CI = settings(
    max_examples=COUNT or 40,
    deadline=None,
    database=None,
    derandomize=not COUNT,
    phases=[Phase.generate],  # a seed does not shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def assert_equal(found: Any, expected: Any, scale: float, what: str) -> None:
    """Equal to RTOL, relative to the size of what was added up."""
    found = np.asarray(found)
    assert found.shape == np.shape(expected), what
    worst = np.abs(found - expected).max(initial=0.0)
    assert worst <= RTOL * scale, f"{what} is off by {worst} of {scale}"


def check(found: RandomNetwork, module: Any, seed: int, samples: int) -> bool:
    """Hold an emitted module against the twin, at a random point.

    False: the values there are too large to compare, or lie beside a kink.
    """
    params, data = found.point(seed, samples)
    with np.errstate(all="ignore"), watched_kinks() as distances:
        values = [found.values(params, row) for row in data]
        value = float(np.real(found.mean_loss(params, data)))
        gradients = found.gradients(params, data)
    sizes = [np.abs(g).max(initial=0.0) for g in gradients.values()]
    steps = [np.abs(step).max(initial=0.0) for row in values for step in row.values()]
    if not (abs(value) < 1e4 and max(sizes) < 1e6 and max(steps) < 1e3):
        return False
    if any(0 < distance < 1e-9 for distance in distances):
        return False
    scale = max([1.0, abs(value), *sizes])
    weights, batch = found.arrays(params, data)
    if module.__name__.endswith("python"):
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
    check_outputs(found, module, weights, batch, values)
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
        rows = [as_declared(shapes[step.name], row[step.name]) for row in values]
        expected = np.stack(rows) if found.per_sample else rows[0]
        if np.shape(output) != expected.shape and found.per_sample:
            expected = rows[0]  # an output of the weights alone
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        assert_equal(output, expected, scale, f"output {step.name}")


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
@pytest.mark.parametrize("kind", KINDS)
@CI
@given(SEEDS, st.integers(1, 3))
def test_a_random_network_emits_the_loss_gradients_and_outputs_of_its_twin(
    kind: str, seed: int, depth: int
) -> None:
    found = random_network(Random(seed), kind, depth)
    batches = (1, 3) if found.per_sample else (1,)
    module = load(derive(found.network))
    assume(any([check(found, module, seed, samples) for samples in batches]))


ONCE_WRONG = [
    ("matrix", 451496, 3),  # a vector that stands twice in a product of matrices
    ("matrix", 8325, 3),  # arrays that lie crosswise, in a product of all their entries
    ("matrix", 5996, 3),  # a part of a statement that is equal to a later one
]


@pytest.mark.parametrize(("kind", "seed", "depth"), ONCE_WRONG)
def test_a_random_network_that_was_once_wrong_stays_right(kind: str, seed: int, depth: int) -> None:
    found = random_network(Random(seed), kind, depth)
    module = load(derive(found.network))
    assert check(found, module, seed, 1) and check(found, module, seed, 3)


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
@CI
@given(SEEDS, st.integers(1, 3))
def test_a_random_scalar_network_emits_plain_python_that_equals_its_twin(
    seed: int, depth: int
) -> None:
    found = random_network(Random(seed), "scalar", depth)
    assume(check(found, load(derive(found.network), "python"), seed, 3))
