"""What the lines of a printout are worth at a random point, by finite differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from example_networks import COVARIANCES
from index_values import IndexValues

from symprop import derive
from symprop.expression.entries import Entry, GradientOf, Position
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node
from symprop.expression.shapes import numeric_extent
from symprop.network import Network
from symprop.printout.expressions import (
    Added,
    Box,
    ByCases,
    Chain,
    Expression,
    OverIndices,
    Rate,
)
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
            case Box(inside):
                return self.of(inside)
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


# -- entry by entry -------------------------------------------------------------------------------

At = Mapping[str, int]


class EntryValues:
    """What the expressions of a printout are worth, for any places of their indices."""

    def __init__(self, network: Network) -> None:
        values = Values(network)
        self.point, self.loss = values.point, values.loss
        known = dict(values.known)
        for step in network.steps.values():
            known[GradientOf(self.loss.leaf, step.leaf).name] = self.point.gradient(step.name)
        self.indices = IndexValues(known, self.point.sizes)
        self._jacobians: dict[tuple[str, str], Any] = {}
        self._gradients: dict[str, Any] = {}

    def gradient(self, name: str) -> Any:
        if name not in self._gradients:
            self._gradients[name] = self.point.gradient(name)
        return self._gradients[name]

    def jacobian(self, name: str, by: str) -> Any:
        if (name, by) not in self._jacobians:
            node = self.point.network.steps[name].node
            self._jacobians[name, by] = self.point.jacobian(node, by)
        return self._jacobians[name, by]

    def place(self, node: Node, at: At) -> tuple[Leaf, int]:
        """The value that an entry is of, and which of its entries it is, row by row."""
        if isinstance(node, Leaf):
            return node, 0
        assert isinstance(node, Entry) and isinstance(node.of, Leaf)
        shape = np.shape(self.point.values[node.of.name])
        places = iter(self.indices.place(position, at) for position in node.positions)
        where = [0 if extent == 1 else next(places) for extent in node.of.shape]
        return node.of, int(np.ravel_multi_index(where, shape))

    def of(self, expression: Expression, at: At) -> Any:
        """A number, or for the derivative by a whole matrix an array in its shape."""
        match expression:
            case Node():
                return self.indices.of(expression, at)
            case Added(terms):
                return sum(self.of(term, at) for term in terms)
            case Box(inside):
                return self.of(inside, at)
            case Chain(factors):
                return np.prod([self.of(factor, at) for factor in factors])
            case OverIndices((), inside):
                return self.of(inside, at)
            case OverIndices((index, *others), inside):
                rest = OverIndices(tuple(others), inside)
                places = range(self.indices.extent(index))
                return sum(self.of(rest, {**at, index.name: place}) for place in places)
            case ByCases(rows):
                for value, conditions in rows:
                    if all(self.indices.of(c, at) == holds for c, holds in conditions):
                        return self.of(value, at)
            case Rate(of, by, _, direct):
                (leaf, row), (argument, column) = self.place(of, at), self.place(by, at)
                if leaf.name == self.loss.name and not direct:
                    return np.ravel(self.gradient(argument.name))[column]
                return self.jacobian(leaf.name, argument.name)[row, column]
        raise TypeError(expression)

    def all_places(self, expression: Expression) -> Iterator[At]:
        """Every choice of places for the indices of a rate."""
        assert isinstance(expression, Rate | Entry)
        nodes = [expression.of, expression.by] if isinstance(expression, Rate) else [expression]
        indices = {p.index for node in nodes for p in positions_of(node) if p.index is not None}
        ordered = sorted(indices, key=lambda index: index.name)
        extents = [self.indices.extent(index) for index in ordered]
        for place in np.ndindex(*extents):
            yield {index.name: int(p) for index, p in zip(ordered, place, strict=True)}


def positions_of(node: Node) -> tuple[Position, ...]:
    return node.positions if isinstance(node, Entry) else ()
