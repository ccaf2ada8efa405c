"""Printouts of networks of matrices: every line true at a random point, by finite differences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from example_networks import COVARIANCES, EMITTED, NETWORKS

from symprop import derive
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node, walk
from symprop.expression.shapes import numeric_extent
from symprop.functions.piecewise import unit_step
from symprop.network import Network
from symprop.printout import make_document
from symprop.printout.expressions import Added, Chain, Expression, Rate
from symprop.printout.model import Block, Equations, Line, Part

STEP = 1e-6


class Point:
    """The numbers of a network at a random point; matrices are two-dimensional."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.sizes = {name: 2 + i for i, name in enumerate(network.size_symbols)}
        rng = np.random.default_rng([7, *network.name.encode()])
        self.declared = {name: self._drawn(name, rng) for name in network.declared}
        self.values = self.forward({})

    def _drawn(self, name: str, rng: Any) -> Any:
        shape = [numeric_extent(e, self.sizes) for e in self.network.declared[name].leaf.shape]
        kind = self.network.labels.get(name)
        if kind == "one-hot":
            return (
                np.eye(shape[0])[:, [1]]
                if shape[1] == 1
                else np.eye(shape[1])[np.arange(shape[0]) % shape[1]]
            )
        if kind in ("binary", "signed"):
            drawn = rng.integers(2, size=shape) * (1.0 if kind == "binary" else 2.0)
            return drawn if kind == "binary" else drawn - 1.0
        drawn = rng.uniform(0.2, 0.9, size=shape)
        if kind == "probabilities":
            return drawn / drawn.sum()
        return drawn @ drawn.T + np.eye(shape[0]) if name in COVARIANCES else drawn

    def forward(self, changed: dict[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = self.declared | changed
        for name, step in self.network.steps.items():
            if name not in changed:
                values[name] = evaluate(step.node, values, self.sizes)
        return values

    def varied(self, name: str) -> Iterator[tuple[tuple[int, ...], Any, Any]]:
        """A value with each of its entries a little larger, and a little smaller."""
        at = np.asarray(self.values[name], dtype=float)
        for place in np.ndindex(at.shape):
            high, low = at.copy(), at.copy()
            high[place] += STEP
            low[place] -= STEP
            yield place, high, low

    def gradient(self, name: str) -> Any:
        """dL/d(name), of the shape of the value."""
        loss = self.network.require_loss().name
        found = np.zeros(np.shape(self.values[name]))
        for place, high, low in self.varied(name):
            difference = self.forward({name: high})[loss] - self.forward({name: low})[loss]
            found[place] = np.asarray(difference).item() / (2 * STEP)
        return found

    def jacobian(self, node: Node, by: str) -> Any:
        """The derivative of an expression by a name: an entry a row, an entry a column."""
        columns = []
        for _, high, low in self.varied(by):
            ends = [
                np.ravel(evaluate(node, self.values | {by: end}, self.sizes)) for end in (high, low)
            ]
            columns.append((ends[0] - ends[1]) / (2 * STEP))
        return np.stack(columns, axis=1)


class Values:
    """What the expressions of a printout are worth."""

    def __init__(self, network: Network) -> None:
        self.point = Point(network)
        self.loss = network.require_loss()
        self.known = dict(self.point.values)
        for upstream in derive(network).upstreams:
            if upstream.value == upstream.step.leaf:
                self.known[upstream.delta.name] = self.point.gradient(upstream.step.name)
            else:
                value = evaluate(upstream.expression, self.known, self.point.sizes)
                self.known[upstream.delta.name] = value

    def of(self, expression: Expression) -> Any:
        match expression:
            case Node():
                return evaluate(expression, self.known, self.point.sizes)
            case Added(terms):
                return sum(self.of(term) for term in terms)
            case Chain(factors):
                product = self.of(factors[0])
                for factor in factors[1:]:
                    product = np.dot(product, self.of(factor))
                return product
            case Rate(Leaf(name=name), Leaf(name=by), turned, direct):
                if name == self.loss.name and not direct:
                    return self.point.gradient(by)
                found = self.point.jacobian(self.point.network.steps[name].node, by)
                shape = np.shape(self.point.values[by])
                scalar = not np.shape(self.point.values[name])
                return found.reshape(shape) if scalar else found.T if turned else found
        raise TypeError(expression)


def lines_of(blocks: tuple[Block, ...]) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, Equations):
            yield from block.lines
        elif isinstance(block, Part):
            yield from lines_of(block.blocks)


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
