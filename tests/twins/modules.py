"""The emitted module of a random network, held against its twin."""

from __future__ import annotations

from typing import Any

import numpy as np

from symprop import derive, load
from twins.network import RandomNetwork, as_declared
from twins.numeric import watched_kinks
from twins.points import IncomparableError, check_comparable

RTOL = 1e-9


def check_module(found: RandomNetwork, seed: int, target: str = "numpy") -> None:
    """Loss, gradients and outputs of one sample and of three.

    Raises IncomparableError where neither can be compared.
    """
    module = load(derive(found.network), target)
    batches = (1, 3) if found.per_sample else (1,)
    refused = 0
    for samples in batches:
        try:
            check_batch(found, module, seed, samples)
        except IncomparableError:
            refused += 1
    if refused == len(batches):
        raise IncomparableError


def check_batch(found: RandomNetwork, module: Any, seed: int, samples: int) -> None:
    """Loss, gradients and outputs at a random point. Raises IncomparableError."""
    params, data = found.point(seed, samples)
    with np.errstate(all="ignore"), watched_kinks() as kinks:
        values = [found.values(params, row) for row in data]
        value = float(np.real(found.mean_loss(params, data)))
        gradients = found.gradients(params, data)
    check_comparable(value, gradients, values, kinks)
    scale = max([1.0, abs(value), *(np.abs(g).max(initial=0.0) for g in gradients.values())])
    weights, batch = found.arrays(params, data)
    if module.__name__.endswith("python"):
        weights = {name: float(weight) for name, weight in weights.items()}
        batch = [array.tolist() for array in batch]
    emitted, slopes = module.loss_and_gradients(weights, *batch)
    _assert_equal(emitted, value, scale, "the loss")
    _assert_equal(module.loss(weights, *batch), value, scale, "loss()")
    assert list(slopes) == list(weights)
    for twin in found.weights:
        name = twin.sympy.name
        expected = as_declared(twin.shape, gradients[name])
        _assert_equal(slopes[name], expected, scale, f"dL/d{name}")
    _check_outputs(found, module, weights, batch, values)


def _check_outputs(
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
        _assert_equal(output, expected, scale, f"output {step.name}")


def _assert_equal(found: Any, expected: Any, scale: float, what: str) -> None:
    """Equal to RTOL, relative to the size of what was added up."""
    found = np.asarray(found)
    assert found.shape == np.shape(expected), what
    worst = np.abs(found - expected).max(initial=0.0)
    assert worst <= RTOL * scale, f"{what} is off by {worst} of {scale}"
