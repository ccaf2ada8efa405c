"""Printouts of networks of matrices: every line true at a random point, by finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_networks import EMITTED, NETWORKS
from printed_values import Values, lines_of

from symprop import derive
from symprop.expression.nodes import Leaf, walk
from symprop.functions.piecewise import unit_step
from symprop.network import Network
from symprop.printout import make_document
from symprop.printout.expressions import Rate


def has_kink(network: Network) -> bool:
    return any(
        getattr(node, "entry", None) is unit_step
        for step in network.steps.values()
        for node in walk(step.node)
    )


MATRICES = [
    name
    for name in EMITTED
    if not NETWORKS[name].is_scalar and name not in ("digits",) and not has_kink(NETWORKS[name])
]


@pytest.mark.parametrize("name", MATRICES)
def test_every_line_is_true_at_a_random_point(name: str) -> None:
    network = NETWORKS[name]
    values = Values(network)
    (section,) = make_document(derive(network), ["chain-rule"]).sections
    left: Any = None
    counted = 0
    for line in lines_of(section.blocks):
        left = left if line.left is None else values.of(line.left)
        if isinstance(line.right, Rate) and not isinstance(line.right.by, Leaf):
            continue  # by an expression inside a step: held against numbers where it is used
        right = np.asarray(values.of(line.right), dtype=float)
        if right.size == np.size(left) == 1:
            right = right.reshape(np.shape(left))
        elif right.shape != np.shape(left):
            right = np.broadcast_to(right, np.shape(left))
        np.testing.assert_allclose(right, left, rtol=2e-4, atol=2e-6, err_msg=str(line))
        counted += 1
    assert counted >= len(network.weights)
