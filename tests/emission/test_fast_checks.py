"""Checks of what comes in: arrays as declared pass untouched, anything else as it always did."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols

import symprop.functions as F
from symprop.derivation import derive
from symprop.emission import load
from symprop.network import Network

Given = tuple[Any, Any, Any]


@pytest.fixture(scope="module", params=["numbers", "symbols"])
def module(request: pytest.FixtureRequest) -> ModuleType:
    """A softmax layer of 3 inputs and 4 classes; its sizes are numbers, or symbols."""
    D, V = (3, 4) if request.param == "numbers" else symbols("D V", integer=True, positive=True)
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    W, b = MatrixSymbol("W", V, D), MatrixSymbol("b", V, 1)
    net = Network("layer", inputs=[x], targets=[y], weights=[W, b], labels={y: "one-hot"})
    net.loss(F.cross_entropy(y, net.step("p", F.softmax(W * x + b))))
    return load(derive(net))


def given() -> Given:
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(4, 3)), "b": rng.normal(size=4)}
    return params, rng.normal(size=(5, 3)), np.eye(4)[rng.integers(4, size=5)]


def test_arrays_as_declared_are_taken_as_they_are(module: ModuleType) -> None:
    params, x, y = given()
    found, *data = module._checked(params, x, y)
    assert found is params
    assert data[0] is x
    assert data[1] is y


@pytest.mark.parametrize(
    "spelled",
    [
        lambda p, x, y: (p, x.tolist(), y.tolist()),
        lambda p, x, y: ({key: w.tolist() for key, w in p.items()}, x, y),
        lambda p, x, y: (dict(reversed(p.items())), x, y),
        lambda p, x, y: (p, x.astype(">f8"), y),
        lambda p, x, y: (p, np.asfortranarray(x), y.astype(int)),
        lambda p, x, y: (p, x, y.astype(bool)),
        lambda p, x, y: (p, x, y.argmax(axis=1)),
        lambda p, x, y: (p, x.astype(np.longdouble), y.astype(np.float32)),
        lambda p, x, y: (p, np.ma.masked_array(x), y),
    ],
    ids=["lists", "lists of weights", "another order", "bytes swapped", "integers", "booleans",
         "class numbers", "types mixed", "masked"],
)  # fmt: skip
def test_other_spellings_of_the_same_numbers_give_the_same(
    module: ModuleType, spelled: Callable[..., Given]
) -> None:
    expected, slopes = module.loss_and_gradients(*given())
    value, gradients = module.loss_and_gradients(*spelled(*given()))
    assert value == pytest.approx(expected, rel=1e-13)
    assert gradients.keys() == slopes.keys()
    for key in slopes:
        np.testing.assert_allclose(gradients[key], slopes[key], rtol=1e-12, atol=1e-15)


def test_half_precision_is_widened(module: ModuleType) -> None:
    params, x, y = given()
    short = {key: w.astype(np.float16) for key, w in params.items()}
    _, data, labels = module._checked(short, x.astype(np.float16), y.astype(np.float16))
    assert data.dtype == labels.dtype == np.float32


def shortened(array: Any, axis: int) -> Any:
    return array.take(range(array.shape[axis] - 1), axis=axis)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("place", ["W", "x", "y"])
def test_a_size_that_does_not_fit_is_refused_also_after_one_that_does(
    module: ModuleType, place: str, axis: int
) -> None:
    params, x, y = given()
    module.loss(params, x, y)
    arrays = {**params, "x": x, "y": y}
    arrays[place] = shortened(arrays[place], axis)
    wrong = {key: arrays[key] for key in params}, arrays["x"], arrays["y"]
    with pytest.raises(ValueError, match="has the shape"):
        module.loss(*wrong)
    with pytest.raises(ValueError, match="has the shape"):
        module.loss_and_gradients(*wrong)


@pytest.mark.parametrize("place", ["W", "b", "x", "y"])
def test_an_axis_too_many_is_refused(module: ModuleType, place: str) -> None:
    params, x, y = given()
    arrays = {**params, "x": x, "y": y}
    arrays[place] = arrays[place][None]
    with pytest.raises(ValueError, match=f"{place} has the shape"):
        module.loss({key: arrays[key] for key in params}, arrays["x"], arrays["y"])


def test_an_empty_batch_is_refused(module: ModuleType) -> None:
    params, x, y = given()
    with pytest.raises(ValueError, match="the batch is empty"):
        module.loss(params, x[:0], y[:0])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_every_sample_must_have_a_single_1_and_nothing_else(module: ModuleType, kind: type) -> None:
    """All 3 x 2 arrays of some entries, those with three of them that make 1 as well."""
    entries = (0.0, 1.0, -1.0, 0.5)
    right = 0
    for chosen in product(entries, repeat=6):
        labels: Any = np.array(chosen, kind).reshape(3, 2)
        expected = all(sorted(row) == [0.0, 1.0] for row in labels.tolist())
        assert _is_one_hot(module, labels) == expected, labels
        right += expected
    assert right == 8


@pytest.mark.parametrize(
    "row",
    [
        (np.nan, 0, 1), (np.inf, -np.inf, 1), (np.inf, 0, 0), (2 / 3, 2 / 3, -1 / 3),
        (1, 1e-30, 0), (1, 1, -1), (1 + 2.0**-23, 0, 0), (1e30, -1e30, 1), (0, 0, 0),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:invalid value encountered in dot")
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_row_that_only_looks_like_one_hot_is_refused(
    module: ModuleType, row: tuple[float, ...], kind: type
) -> None:
    """Beside rows that make up for entries too many, too."""
    for others in ([0, 1, 0], [0, 0, 0], [1, -1, 1]):
        assert not _is_one_hot(module, np.array([row, others, others], kind))


def _is_one_hot(module: ModuleType, labels: Any) -> bool:
    try:
        module._check_labels("y", labels)
    except ValueError:
        return False
    return True
