"""One row of a picture: across, then outlines, letters and edges, each at its place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import copysign, sqrt

from symprop.printout.graph.columns import STALK, Columns, Place, Satellite, columns_of
from symprop.printout.graph.heights import heights
from symprop.printout.graph.layers import Row
from symprop.printout.graph.lettering import measured
from symprop.printout.graph.model import Edge, Graph, Vertex
from symprop.printout.graph.ordering import Order, ordered
from symprop.printout.graph.picture import Letters, Picture, Point, Shape, Wire
from symprop.printout.graph.sizes import (
    BESIDE,
    LETTER,
    NAME,
    NUMBER,
    OPERATION,
    WORD,
    WORD_LINE,
    outline,
)
from symprop.printout.graph.wires import HEAD, Stop, left_edge, ports, stalk, wire
from symprop.printout.notation.markup import Markup

BEND, LABEL_BEND, LEAST = 22.0, 13.0, 5.0
"""The space before a vertex, between a label and a vertex, and between a vertex and a label."""
STEEP, WIDEST = 0.4, 34.0
"""Of how far an edge goes up or down the space grows by this, up to so much."""
ONWARD = 18.0
"""The length of the arrow to the next row."""
BASE = 0.34
"""How far the base line is below the middle of letters, in em."""


def placed(row: Row) -> Picture:
    """A row, drawn around heights of its own."""
    columns = columns_of(row)
    order = ordered(columns)
    return _Placing(row, columns, order, heights(row.graph, columns, order)).picture()


@dataclass(frozen=True)
class _Column:
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class _Placing:
    def __init__(self, row: Row, columns: Columns, order: Order, at: dict[Place, float]) -> None:
        self.row = row
        self.graph: Graph = row.graph
        self.columns = columns
        self.order = order
        self.at = at
        self.column_of = {place: i for i, column in enumerate(order) for place in column}
        self.across = self._across()
        self.outlines = {vertex.name: outline(vertex) for vertex in self.graph.vertices}
        self.shapes: list[Shape] = []
        self.letters: list[Letters] = []
        self.wires: list[Wire] = []

    def picture(self) -> Picture:
        for column in self.order:
            for place in column:
                if place.is_vertex:
                    self._vertex(self.graph.by_name[place.name], self._middle(place))
        for step, satellites in self.columns.satellites.items():
            for satellite in satellites:
                self._satellite(satellite, step)
        self._edges()
        for name in self.row.onward:
            x, y = self._middle(Place(name))
            right = x + self.outlines[name].width / 2
            self.wires.append(wire((name, ""), (right, y), (), (right + ONWARD, y)))
        return Picture(tuple(self.shapes), tuple(self.wires), tuple(self.letters))

    # -- across -------------------------------------------------------------------------------

    def _across(self) -> list[_Column]:
        drops = [0.0] * len(self.order)
        for way in self.columns.ways.values():
            for a, b in pairwise(way):
                index = self.column_of[a]
                drops[index] = max(drops[index], abs(self.at[a] - self.at[b]))
        found: list[_Column] = []
        left = 0.0
        for index, column in enumerate(self.order):
            width = 2 * max(self.columns.sizes[place].side for place in column)
            found.append(_Column(left, left + width))
            left += width + self._space(index, drops[index])
        return found

    def _space(self, index: int, drop: float) -> float:
        """The space between a column and the next."""
        least = self._least(index)
        bent = LEAST + STEEP * drop if drop > 1.0 else 0.0
        return max(least, min(bent, max(WIDEST, least)))

    def _least(self, index: int) -> float:
        if index + 1 == len(self.order):
            return 0.0
        here, there = (any(place.is_vertex for place in self.order[i]) for i in (index, index + 1))
        if here and there:
            return BEND
        return LEAST if here else LABEL_BEND

    def _middle(self, place: Place) -> Point:
        return self.across[self.column_of[place]].middle, self.at[place]

    # -- vertices -----------------------------------------------------------------------------

    def _vertex(self, vertex: Vertex, middle: Point) -> None:
        x, y = middle
        shape = self.outlines[vertex.name]
        self.shapes.append(
            Shape(vertex.name, vertex.role, middle, shape.width, shape.height, shape.radius)
        )
        if vertex.operation is None:
            self._write(vertex.label, (x, y + BASE * NAME), NAME, "name")
        else:
            self._write(vertex.label, (x, y - 1.5), NAME, "name")
            self._write(vertex.operation, (x, y + 9.0), OPERATION, "operation")
        for index, word in enumerate(vertex.patterns, 1):
            foot = x, y + shape.height / 2 + WORD_LINE * index
            self._write(word, foot, WORD, "word")

    def _satellite(self, satellite: Satellite, step: str) -> None:
        x, y = self._middle(Place(step))
        mine, its = self.outlines[satellite.vertex.name], self.outlines[step]
        edge = y + satellite.side * its.height / 2
        start = edge + satellite.side * STALK
        middle = x + satellite.offset, start + satellite.side * mine.height / 2
        self._vertex(satellite.vertex, middle)
        reach = max(0.0, its.width / 2 - 4) if its.width > its.height else 0.3 * its.width
        tip_x = x + copysign(min(abs(satellite.offset), reach), satellite.offset)
        inward = _rise(its.width, its.height, its.radius, tip_x - x)
        tip = tip_x, edge - satellite.side * inward
        name = satellite.vertex.name
        self.wires.append(stalk((name, step), (middle[0], start), tip))
        shown = satellite.edge.above
        if shown is not None:
            width = NUMBER * measured(shown)
            aside = copysign(BESIDE + width / 2, satellite.offset)  # outside of the fan
            foot = middle[0] + aside, (start + edge) / 2 + BASE * NUMBER
            self._write(shown, foot, NUMBER, "shape")

    # -- edges --------------------------------------------------------------------------------

    def _edges(self) -> None:
        tips = self._tips()
        for index, edge in enumerate(self.columns.edges):
            source, *passed = self.columns.ways[index]
            if edge.target:
                passed.pop()
            x, y = self._middle(source)
            start = x + self.outlines[source.name].width / 2, y
            stops = [Stop(start[0], self.across[self.column_of[source]].right, y)]
            stops += [self._stop(place) for place in passed]
            tip = tips[index] if edge.target else (stops[-1].right + 9.0, stops[-1].height)
            if edge.target:
                border = self.across[self.column_of[Place(edge.target)]].left
                stops.append(Stop(min(border, tip[0] - HEAD), tip[0] - HEAD, tip[1]))
            self.wires.append(wire((edge.source, edge.target), start, stops, tip))
            if edge.is_labelled:
                self._label(edge, self._middle(passed[0]))

    def _stop(self, place: Place) -> Stop:
        column = self.across[self.column_of[place]]
        return Stop(column.left, column.right, self.at[place])

    def _tips(self) -> dict[int, Point]:
        """Where each edge ends, at the outline of its target."""
        into: dict[Place, list[int]] = {}
        for index, way in self.columns.ways.items():
            if way[-1].is_vertex:
                into.setdefault(way[-1], []).append(index)
        tips = {}
        for place, indices in into.items():
            x, y = self._middle(place)
            shape = self.outlines[place.name]
            sources = [self.at[self.columns.ways[index][-2]] for index in indices]
            for index, height in zip(indices, ports(shape, y, sources), strict=True):
                tips[index] = x - left_edge(shape, height - y), height
        return tips

    def _label(self, edge: Edge, middle: Point) -> None:
        """A value above its edge and a gradient below it."""
        x, y = middle
        if edge.above is not None:
            tone = "shape" if edge.is_shape else "value"
            self._write(edge.above, (x, y - BESIDE), NUMBER, tone)
        if edge.below is not None:
            self._write(edge.below, (x, y + BESIDE + 0.68 * NUMBER), NUMBER, "gradient")

    # -- letters ------------------------------------------------------------------------------

    def _write(self, text: Markup | str, foot: Point, size: float, tone: str) -> None:
        width = size * (LETTER * len(text) if isinstance(text, str) else measured(text))
        self.letters.append(Letters(text, foot, size, tone, width))


def _rise(width: float, height: float, radius: float, offset: float) -> float:
    """How far below its top an outline is, so far from its middle."""
    corner = max(0.0, abs(offset) - (width / 2 - radius))
    return radius - sqrt(max(0.0, radius**2 - corner**2))
