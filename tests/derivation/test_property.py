"""Random networks: every gradient against complex steps of the same network written in NumPy.

SYMPROP_NETWORKS=5000 pytest tests/derivation/test_property.py draws so many of each kind.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twins import KINDS, random_network
from twins.drawn import DEPTHS, SEEDS, comparable, examples
from twins.points import Point

pytestmark = pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")


def point_of(kind: str, seed: int, depth: int) -> Point:
    return Point(random_network(Random(seed), kind, depth), seed)


@pytest.mark.parametrize("kind", KINDS)
@examples(40)
@given(SEEDS, DEPTHS)
def test_gradients_of_random_networks_equal_complex_steps(kind: str, seed: int, depth: int) -> None:
    with comparable():
        point_of(kind, seed, depth).check_gradients()


@pytest.mark.parametrize("kind", KINDS)
@examples(8)
@given(SEEDS, st.integers(1, 2))
def test_all_written_forms_of_random_networks_mean_the_same(
    kind: str, seed: int, depth: int
) -> None:
    with comparable():
        point_of(kind, seed, depth).check_forms()


def test_forms_that_sympy_trips_over_when_it_tidies_them_are_written() -> None:
    """It asks whether a factor is zero, and finds a matrix of the kind a - 2*b inside."""
    point_of("whole", 313, 2).check_forms()


@examples(40)
@given(SEEDS, st.integers(1, 2))
def test_products_along_the_paths_of_random_scalar_networks_add_up(seed: int, depth: int) -> None:
    with comparable():
        point_of("scalar", seed, depth).check_paths()


def test_a_wrong_gradient_is_noticed_by_this_oracle() -> None:
    point = point_of("matrix", 1, 2)
    expected = point.slopes["w0"]
    with pytest.raises(AssertionError, match="dL/dw0"):
        point.assert_close(expected + 1e-6 * point.scale, expected, "dL/dw0")
