"""How high each place of a row stands: the way from step to step is straight where it can be.

A step stands level with the steps that it uses, a declared symbol level with the steps that use it,
and both give way where they would meet others: in each column positions are the nearest to the
wished ones that keep the order and the distances (isotonic regression by pooling neighbours).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from symprop.printout.graph.columns import Columns, Place
from symprop.printout.graph.model import Graph
from symprop.printout.graph.ordering import Order

GAP = 5.0
"""The least space between two places of a column."""
ROUNDS = 12
FIRM, PLIANT, LIGHT = 1e6, 1e2, 1.0
"""How firmly a step, an edge that passes by, and a declared symbol keep their wished height."""


def heights(graph: Graph, columns: Columns, order: Order) -> dict[Place, float]:
    """The height of the middle of each place, downwards; 0 is the middle of the first column."""
    return _Heights(graph, columns, order).settled()


class _Heights:
    def __init__(self, graph: Graph, columns: Columns, order: Order) -> None:
        self.columns = columns
        self.order = order
        self.steps = {Place(v.name) for v in graph.vertices if v.is_step or v.role == "carried"}
        self.into: dict[Place, list[tuple[Place, ...]]] = {}
        self.users: dict[Place, list[Place]] = {}
        self.before: dict[Place, Place] = {}
        self.column_of = {place: i for i, column in enumerate(order) for place in column}
        for way in columns.ways.values():
            self.into.setdefault(way[-1], []).append(way)
            self.users.setdefault(way[0], []).append(way[-1])
            for left, right in pairwise(way):
                if not right.is_vertex:
                    self.before[right] = left
        self.wishes = {place: self._wish(place) for column in order for place in column}
        self.at: dict[Place, float] = {}

    def _wish(self, place: Place) -> list[Place]:
        """The places that one would be level with."""
        if not place.is_vertex:
            return [self.before[place]]
        ways = self.into.get(place, [])
        if not ways:
            return self.users.get(place, [])
        main = [way for way in ways if way[0] in self.steps]
        shortest = min((len(way) for way in main), default=0)
        return [way[-2] for way in main if len(way) == shortest] or [way[-2] for way in ways]

    def settled(self) -> dict[Place, float]:
        for column in self.order:
            self._place(column, [0.0] * len(column))
        for _ in range(ROUNDS):
            for column in self.order:
                self._place(column, [self._level(place) for place in column])
            for column in reversed(self.order):
                self._place(column, [self._level(place) for place in column])
        for way in sorted(self.columns.ways.values(), key=len, reverse=True):
            self._straighten(way[1:-1])
        return {place: round(height, 2) for place, height in self.at.items()}

    def _straighten(self, passed: tuple[Place, ...]) -> None:
        """Let an edge pass all columns at one height, where nothing stands in its way."""
        for side, height in ((-1, min), (1, max)):
            wished = height((self.at[place] for place in passed), default=0.0)
            if all(self._is_free(place, wished, side) for place in passed):
                self.at |= dict.fromkeys(passed, wished)
                return

    def _is_free(self, place: Place, wished: float, side: int) -> bool:
        """Whether a place can move up (-1) or down (1) so far."""
        column = self.order[self.column_of[place]]
        index = column.index(place) + side
        if not 0 <= index < len(column):
            return True
        upper, lower = (column[index], place) if side < 0 else (place, column[index])
        apart = self.columns.sizes[upper].below + self.columns.sizes[lower].above + GAP
        return side * (self.at[column[index]] - wished) >= apart - 1e-6

    def _level(self, place: Place) -> float:
        wished = self.wishes[place]
        if not wished:
            return self.at[place]
        return sum(self.at[other] for other in wished) / len(wished)

    def _firmness(self, place: Place) -> float:
        if Place(place.name) not in self.steps:
            return LIGHT
        if place.is_vertex:
            return FIRM
        way = self.columns.ways[place.edge]
        return FIRM if len(way) <= self.columns.pace + 1 else PLIANT

    def _place(self, column: list[Place], wished: list[float]) -> None:
        sizes = [self.columns.sizes[place] for place in column]
        gaps = [a.below + b.above + GAP for a, b in pairwise(sizes)]
        found = kept_apart(wished, [self._firmness(place) for place in column], gaps)
        self.at |= dict(zip(column, found, strict=True))


def kept_apart(
    wished: Sequence[float], weights: Sequence[float], gaps: Sequence[float]
) -> list[float]:
    """The positions nearest to the wished ones, by weighted squares, that are so far apart."""
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for wish, weight, offset in zip(wished, weights, offsets, strict=False):
        mean, total, count = wish - offset, weight, 1
        while pools and pools[-1][0] > mean:
            other, other_weight, other_count = pools.pop()
            mean = (mean * total + other * other_weight) / (total + other_weight)
            total, count = total + other_weight, count + other_count
        pools.append((mean, total, count))
    found = [mean for mean, _, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(found, offsets, strict=False)]
