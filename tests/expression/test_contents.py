"""What a node knows of itself without being gone through: held against going through it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from random import Random

import pytest
from random_networks import make

from symprop import derive
from symprop.errors import SympropError
from symprop.expression.contents import CALLS, calls, holds, holds_matrix, roles
from symprop.expression.nodes import (
    Apply,
    MatMul,
    Node,
    Power,
    Product,
    Sum,
    Transpose,
    leaves,
    operations,
    walk,
)

CLASSES = (*CALLS, MatMul, Power, Product, Sum, Transpose)
SEEDS = range(1, 31)


def expressions(seed: int, *, matrices: bool) -> Iterator[Node]:
    """The steps and the gradients of a random network."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            network = make(Random(seed), matrices=matrices).network
        except SympropError:  # a weight cancels
            return
    yield from (step.node for step in network.steps.values())
    derivation = derive(network)
    yield from (upstream.expression for upstream in derivation.upstreams)
    yield from (derivation.gradient(weight.symbol) for weight in network.weights)


def written_out(node: Node) -> int:
    """The operations of an expression, by going through every use of every part."""
    below = sum(written_out(child) for child in node.children)
    if isinstance(node, (Sum, MatMul)):
        return below + len(node.children) - 1
    if isinstance(node, Product):
        return below + len(node.children) - (abs(node.coefficient) == 1)
    return below + bool(node.children)


@pytest.mark.parametrize("matrices", [True, False])
def test_what_a_node_holds_is_what_stands_in_it(matrices: bool) -> None:
    met = 0
    for seed in SEEDS:
        for node in expressions(seed, matrices=matrices):
            inside = [*walk(node)]
            for found in CLASSES:
                assert holds(node, found) == any(type(part) is found for part in inside)
            assert holds_matrix(node) == any(part.shape != () for part in inside)
            assert roles(node) == {leaf.role for leaf in leaves(node)}
            assert [*calls(node)] == [part for part in inside if isinstance(part, CALLS)]
            met += holds(node, Apply)
    assert met > len(SEEDS)


@pytest.mark.parametrize("matrices", [True, False])
def test_operations_are_those_of_every_use(matrices: bool) -> None:
    counts = [
        (operations(node), written_out(node))
        for seed in SEEDS
        for node in expressions(seed, matrices=matrices)
    ]
    assert len(counts) > len(SEEDS)
    assert all(kept == counted for kept, counted in counts)
