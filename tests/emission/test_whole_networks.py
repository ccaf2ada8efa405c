"""Whole networks of every kind: what is emitted against torch, in float64.

The networks and their twins are in `torch_networks`; torch reads nothing of the declarations, so
that a misread expression cannot hide in loss and gradient alike.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks_by_torch import NETWORKS
from torch_networks.case import Case, Point, draw, emitted, expected, per_sample

from symprop.checking import check_gradients
from symprop.derivation import Derivation, derive
from symprop.emission import emit, load
from symprop.network import Network

RTOL = 1e-9
FLOOR = 1e-6
"""A gradient far below the largest one is compared on the scale of this part of it."""

LARGE = [name for name, case in NETWORKS.items() if case.large]
RESIZABLE = [name for name, case in NETWORKS.items() if case.sizes]


@cache
def derivation_of(name: str) -> Derivation:
    return derive(NETWORKS[name].declare())


@cache
def module_of(name: str) -> tuple[Network, Any]:
    derivation = derivation_of(name)
    return derivation.network, load(derivation)


def compare(case: Case, n: int, *, large: bool = False, floor: float = 0.0) -> None:
    """Loss, gradients and outputs are equal; a gradient below `floor` is as good as zero."""
    network, module = module_of(case.name)
    point = draw(case, network, n, large=large)
    found, reference = emitted(network, module, point), expected(case, network, point)
    assert list(found.gradients) == list(reference.gradients)
    assert sorted(found.outputs) == sorted(reference.outputs)
    largest = max(np.abs(gradient).max() for gradient in reference.gradients.values())
    assert_equal(found.loss, reference.loss, 1e-3, "loss")
    for weight, gradient in reference.gradients.items():
        scale = max(FLOOR * largest, floor)
        assert_equal(found.gradients[weight], gradient, scale, f"gradient of {weight}")
    for step, value in reference.outputs.items():
        assert_equal(found.outputs[step], value, 0.0, f"output {step}")


def assert_equal(found: Any, reference: Any, scale: float, what: str) -> None:
    """The same shape, and equal relative to the largest entry, or to `scale` if that is larger."""
    found, reference = np.asarray(found), np.asarray(reference)
    assert found.shape == reference.shape, what
    assert np.isfinite(reference).all(), f"{what}: torch itself is not finite"
    allowed = RTOL * max(np.abs(reference).max(), scale)
    worst = np.abs(found - reference).max()
    assert worst <= allowed, f"{what} is off by {worst}, {allowed} is allowed"


@pytest.mark.parametrize("n", [1, 7])
@pytest.mark.parametrize("name", NETWORKS)
def test_loss_gradients_and_outputs_equal_torch(name: str, n: int) -> None:
    compare(NETWORKS[name], n)


@pytest.mark.parametrize("name", LARGE)
def test_large_arguments_neither_overflow_nor_lose_the_value(name: str) -> None:
    compare(NETWORKS[name], 3, large=True)


def test_two_equal_inputs_of_a_siamese_network_give_a_gradient_that_is_finite() -> None:
    """The norm of their difference is 0, where torch takes 0 for its derivative."""
    case, (network, module) = NETWORKS["siamese"], module_of("siamese")
    point = draw(case, network, 3)
    point.data["z"][:2] = point.data["x"][:2]
    point.data["y"][:] = [1, 0, 1]
    found, reference = emitted(network, module, point), expected(case, network, point)
    for key, gradient in reference.gradients.items():
        assert_equal(found.gradients[key], gradient, 1e-3, f"gradient of {key}")


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("name", RESIZABLE)
def test_sizes_of_one_or_all_equal_to_the_batch_change_no_rule(name: str, size: int) -> None:
    """An axis taken for another one, or dropped because it has one entry, shows here."""
    case = NETWORKS[name]
    compare(replace(case, sizes=dict.fromkeys(case.sizes, size)), 3, floor=1e-3)


@pytest.mark.parametrize("name", NETWORKS)
def test_float32_weights_and_data_give_float32_results(name: str) -> None:
    case, (network, module) = NETWORKS[name], module_of(name)
    point = draw(case, network, 3)
    single = Point(
        {key: np.float32(value) for key, value in point.weights.items()},
        {key: np.float32(value) for key, value in point.data.items()},
    )
    found, reference = emitted(network, module, single), expected(case, network, point)
    largest = max(np.abs(gradient).max() for gradient in reference.gradients.values())
    for key, gradient in reference.gradients.items():
        assert found.gradients[key].dtype == np.float32, key
        scale = max(np.abs(gradient).max(), 1e-3 * largest)
        assert np.abs(found.gradients[key] - gradient).max() <= 2e-4 * scale, key
    assert {np.asarray(value).dtype for value in found.outputs.values()} <= {np.dtype("float32")}


@pytest.mark.parametrize("name", NETWORKS)
def test_one_sample_and_a_batch_of_it_have_one_loss(name: str) -> None:
    """A mean that leaks into a regulariser, or a size read as the batch, would tell them apart."""
    network, module = module_of(name)
    if not per_sample(network):
        pytest.skip("declared for the whole batch, or without data")
    point = draw(NETWORKS[name], network, 1)
    names = [entry.name for entry in (*network.inputs, *network.targets)]
    loss, gradients = module.loss_and_gradients(point.weights, *map(point.data.get, names))
    tiled = [np.repeat(point.data[key], 5, axis=0) for key in names]
    again, repeated = module.loss_and_gradients(point.weights, *tiled)
    assert again == pytest.approx(loss, rel=1e-12)
    largest = max(np.abs(gradient).max() for gradient in gradients.values())
    for weight, gradient in gradients.items():
        assert_equal(repeated[weight], gradient, FLOOR * largest, f"gradient of {weight}")


@pytest.mark.parametrize("name", NETWORKS)
def test_the_own_check_of_gradients_agrees(name: str) -> None:
    report = check_gradients(derivation_of(name))
    assert report.ok, str(report)
    assert any(check.checked for check in report.weights)


def test_a_network_of_scalars_has_the_same_gradients_in_plain_python() -> None:
    name = "lstm_of_scalars"
    network, module = derivation_of(name).network, load(derivation_of(name), "python")
    point = draw(NETWORKS[name], network, 7)
    lists = [value.tolist() for value in point.data.values()]
    weights = {key: float(value) for key, value in point.weights.items()}
    loss, gradients = module.loss_and_gradients(weights, *lists)
    reference = expected(NETWORKS[name], network, point)
    assert loss == pytest.approx(reference.loss, rel=RTOL)
    for weight, gradient in reference.gradients.items():
        assert gradients[weight] == pytest.approx(float(gradient), rel=RTOL), weight


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_every_module_passes_ruff_as_it_comes_out(tmp_path: Path, command: str) -> None:
    ruff = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff is None:
        pytest.skip("ruff is not installed")
    for name in NETWORKS:
        (tmp_path / f"{name}.py").write_text(emit(derivation_of(name)), encoding="utf-8")
    done = subprocess.run(
        [ruff, *command.split(), "--isolated", "--no-cache", str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
