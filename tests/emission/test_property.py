"""Random networks: the emitted loss, gradients and outputs are those of the twin in NumPy.

SYMPROP_NETWORKS=5000 pytest tests/emission/test_property.py draws so many of each kind.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from twins import KINDS, random_network
from twins.drawn import DEPTHS, SEEDS, comparable, examples
from twins.modules import check_batch, check_module

from symprop import derive, load

pytestmark = pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")


@pytest.mark.parametrize("kind", KINDS)
@examples(40)
@given(SEEDS, DEPTHS)
def test_a_random_network_emits_the_loss_gradients_and_outputs_of_its_twin(
    kind: str, seed: int, depth: int
) -> None:
    with comparable():
        check_module(random_network(Random(seed), kind, depth), seed)


ONCE_WRONG = [
    ("matrix", 451496, 3),  # a vector that stands twice in a product of matrices
    ("matrix", 8325, 3),  # arrays that lie crosswise, in a product of all their entries
    ("matrix", 5996, 3),  # a part of a statement that is equal to a later one
    ("matrix", 6683, 1),  # 0/0: a softmax inside the loss that did not cancel with its logarithm
]


@pytest.mark.parametrize(("kind", "seed", "depth"), ONCE_WRONG)
def test_a_random_network_that_was_once_wrong_stays_right(kind: str, seed: int, depth: int) -> None:
    found = random_network(Random(seed), kind, depth)
    module = load(derive(found.network))
    for samples in 1, 3:
        check_batch(found, module, seed, samples)


@examples(40)
@given(SEEDS, DEPTHS)
def test_a_random_scalar_network_emits_plain_python_that_equals_its_twin(
    seed: int, depth: int
) -> None:
    with comparable():
        check_module(random_network(Random(seed), "scalar", depth), seed, "python")
