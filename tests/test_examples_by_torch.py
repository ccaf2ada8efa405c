"""What is emitted of every example, against its twin in torch, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_networks import EMITTED, NETWORKS, draw, module_of
from example_twins import TWINS
from torch_networks.case import Case, Point, Results, emitted, expected

RTOL = 1e-9
FLOOR = 1e-6
"""A gradient far below the largest one is compared on the scale of this part of it."""
NOTHING = 1e-100
"""Below this, torch's sigmoid may have become 0."""


def both(name: str, n: int, scale: float = 1.0) -> tuple[Results, Results]:
    """What the emitted module gives, and what torch gives."""
    network, module = NETWORKS[name], module_of(name)
    point = Point(*draw(network, n, scale=scale))
    case = Case(lambda: network, TWINS[name])
    return emitted(network, module, point), expected(case, network, point)


def assert_equal(found: Any, reference: Any, scale: float, what: str) -> None:
    """The same shape, and equal relative to the largest entry, or to `scale` if that is larger."""
    found, reference = np.asarray(found), np.asarray(reference)
    assert found.shape == reference.shape, what
    assert np.isfinite(reference).all(), f"{what}: torch itself is not finite"
    allowed = RTOL * max(np.abs(reference).max(), scale, NOTHING)
    worst = np.abs(found - reference).max()
    assert worst <= allowed, f"{what} is off by {worst}, {allowed} is allowed"


def compare(found: Results, reference: Results) -> None:
    assert list(found.gradients) == list(reference.gradients)
    assert sorted(found.outputs) == sorted(reference.outputs)
    largest = max(np.abs(gradient).max() for gradient in reference.gradients.values())
    assert_equal(found.loss, reference.loss, 1e-3, "loss")
    for weight, gradient in reference.gradients.items():
        assert_equal(found.gradients[weight], gradient, FLOOR * largest, f"gradient of {weight}")
    for step, value in reference.outputs.items():
        assert_equal(found.outputs[step], value, 0.0, f"output {step}")


def test_every_example_that_is_emitted_has_a_twin() -> None:
    assert set(TWINS) == set(EMITTED)


@pytest.mark.parametrize("n", [1, 7])
@pytest.mark.parametrize("name", EMITTED)
def test_loss_gradients_and_outputs_equal_torch(name: str, n: int) -> None:
    compare(*both(name, n))


@pytest.mark.parametrize("scale", [800.0, -800.0])
@pytest.mark.parametrize("name", EMITTED)
def test_large_inputs_neither_overflow_nor_lose_the_value(name: str, scale: float) -> None:
    compare(*both(name, 7, scale))
