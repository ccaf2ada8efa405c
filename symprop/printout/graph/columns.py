"""What stands in each column of a row: vertices, labels of edges, and edges that pass through.

With numbers every edge has its label in a column of its own between two columns of vertices, so no
two labels can meet. Without numbers a weight that only one step uses is a *satellite*: it stands
above or below that step and takes no column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from symprop.printout.graph.layers import Row
from symprop.printout.graph.lettering import measured
from symprop.printout.graph.model import Edge, Graph, Vertex
from symprop.printout.graph.sizes import BESIDE, NUMBER, Size, label_size, outline, vertex_size

SATELLITES, LABELLED = 3, 2
"""So many satellites stand side by side at most, and so many where their edges have labels.

A step with more of them has them all in the column before it.
"""
STALK = 16.0
"""How long the edge of a satellite is."""
APART = 6.0
"""The space between two satellites side by side."""
PASSING = Size(0.0, 3.0, 3.0)
"""The room of an edge that passes through a column."""


class Place(NamedTuple):
    """A vertex by its name, or the way of an edge through a column."""

    name: str
    edge: int = -1
    column: int = -1

    @property
    def is_vertex(self) -> bool:
        return self.edge < 0


@dataclass(frozen=True)
class Satellite:
    """A vertex beside its step: `side` is -1 above it and 1 below, `offset` is to the right."""

    vertex: Vertex
    edge: Edge
    side: int
    offset: float


@dataclass(frozen=True)
class Columns:
    """The places of a row by columns, in no particular order, and the way of each edge.

    A way leads from its source over places in each column between to its target. Every `pace`-th
    column is one of vertices: every other one where edges have labels.
    """

    places: tuple[tuple[Place, ...], ...]
    ways: Mapping[int, tuple[Place, ...]]
    edges: tuple[Edge, ...]
    sizes: Mapping[Place, Size]
    satellites: Mapping[str, tuple[Satellite, ...]]
    pace: int


def columns_of(row: Row) -> Columns:
    """The places of a row, and how large each is."""
    graph = row.graph
    satellites = {} if graph.numbered else _satellites(graph)
    beside = {s.vertex.name for found in satellites.values() for s in found}
    edges = [edge for edge in graph.edges if edge.source not in beside]
    if graph.outlet is not None:
        edges.append(graph.outlet)
    pace = 2 if any(edge.is_labelled for edge in edges) else 1
    standing = {
        vertex.name: pace * row.columns[vertex.name]
        for vertex in graph.vertices
        if vertex.name not in beside
    }
    first = min(standing.values())
    standing = {name: column - first for name, column in standing.items()}
    sizes = {
        Place(name): _with_satellites(vertex_size(graph.by_name[name]), satellites.get(name, ()))
        for name in standing
    }
    ways: dict[int, tuple[Place, ...]] = {}
    for index, edge in enumerate(edges):
        start = standing[edge.source]
        end = standing[edge.target] if edge.target else start + 2
        passed = [Place(edge.source, index, column) for column in range(start + 1, end)]
        for place in passed:
            sizes[place] = PASSING
        if edge.is_labelled:
            sizes[passed[0]] = label = label_size(edge)
            if len(graph.out_of[edge.source]) == 1:  # level with its label
                sizes[Place(edge.source)] = _around(sizes[Place(edge.source)], label)
        ways[index] = (Place(edge.source), *passed, *([Place(edge.target)] if edge.target else []))
    count = 1 + max([*standing.values(), *(p.column for way in ways.values() for p in way)])
    places: list[list[Place]] = [[] for _ in range(count)]
    for place in sizes:
        places[standing[place.name] if place.is_vertex else place.column].append(place)
    return Columns(tuple(map(tuple, places)), ways, tuple(edges), sizes, satellites, pace)


def _around(size: Size, label: Size) -> Size:
    """The room of a vertex, as high as the label beside it."""
    return Size(size.side, max(size.above, label.above), max(size.below, label.below))


# -- satellites -------------------------------------------------------------------------------


def _satellites(graph: Graph) -> dict[str, tuple[Satellite, ...]]:
    found = {}
    for vertex in graph.vertices:
        edges = graph.into[vertex.name]
        alone = [edge for edge in edges if _is_alone(graph, edge)]
        below = 0 if vertex.patterns else len(alone) // 2  # words stand there
        most = LABELLED if any(edge.is_labelled for edge in alone) else SATELLITES
        if len(alone) < len(edges) and 0 < len(alone) - below <= most:
            found[vertex.name] = tuple(_arranged(graph, alone, below))
    return found


def _is_alone(graph: Graph, edge: Edge) -> bool:
    """Whether an argument is no input, and nothing else uses it."""
    vertex = graph.by_name[edge.source]
    given = vertex.is_step or vertex.role in ("input", "carried")
    return not given and len(graph.out_of[edge.source]) == 1


def _arranged(graph: Graph, edges: list[Edge], below: int) -> list[Satellite]:
    """The last ones below the step, the others above it, side by side."""
    above = len(edges) - below
    found = []
    for side, group in ((-1, edges[:above]), (1, edges[above:])):
        widths = [_breadth(graph, edge) for edge in group]
        left = -(sum(widths) + APART * (len(widths) - 1)) / 2
        for edge, width in zip(group, widths, strict=True):
            middle = left + width / 2
            found.append(Satellite(graph.by_name[edge.source], edge, side, middle))
            left += width + APART
    return found


def _breadth(graph: Graph, edge: Edge) -> float:
    """How wide a satellite is."""
    return 2 * _reach(graph.by_name[edge.source], edge)


def _reach(vertex: Vertex, edge: Edge) -> float:
    """How far a satellite reaches to a side, with the shape beside its edge."""
    beside = 0.0 if edge.above is None else BESIDE + NUMBER * measured(edge.above)
    return max(outline(vertex).width / 2, beside)


def _with_satellites(size: Size, satellites: tuple[Satellite, ...]) -> Size:
    side, above, below = size.side, size.above, size.below
    for satellite in satellites:
        side = max(side, abs(satellite.offset) + _reach(satellite.vertex, satellite.edge))
        reach = STALK + outline(satellite.vertex).height
        if satellite.side < 0:
            above = max(above, size.above + reach)
        else:
            below = max(below, size.below + reach)
    return Size(side, above, below)
