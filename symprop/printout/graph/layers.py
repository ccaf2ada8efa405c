"""Which column each vertex of a graph stands in, and which columns make a row of the picture.

A step stands behind everything that it uses, a declared symbol just before the first step that
uses it. A graph that is wider than a page goes on in further rows; of a very long one the first and
the last steps are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx

from symprop.printout.graph.model import CROWD, Edge, Graph, Vertex, first_to_last

STEPS = 40
"""A graph of more steps is not drawn as a whole."""
SHOWN = 14
"""So many of its first and of its last steps are drawn then."""
LONG_EDGES = 6
"""With more edges of weights that are used in several columns, these are drawn at each use."""


@dataclass(frozen=True)
class Row:
    """A part of a graph that is drawn side by side, and the column of each vertex, from 0 on.

    `onward` are the steps that only later rows use. `left_out`: how many steps are missing before
    this row.
    """

    graph: Graph
    columns: Mapping[str, int]
    onward: tuple[str, ...] = ()
    left_out: int = 0


def step_columns(graph: Graph) -> dict[str, int]:
    """The column of each step, from 1 on: as early as it can be, late where that saves way."""
    network: nx.DiGraph[str] = nx.DiGraph()
    network.add_nodes_from(vertex.name for vertex in graph.vertices)
    network.add_edges_from((edge.source, edge.target) for edge in graph.edges)
    steps = {vertex.name for vertex in graph.vertices if vertex.is_step}
    columns: dict[str, int] = {}
    for index, generation in enumerate(nx.topological_generations(network.subgraph(steps)), 1):
        columns |= dict.fromkeys(generation, index)
    ordered = {v.name: columns[v.name] for v in graph.vertices if v.is_step}
    for name in reversed(ordered):
        users = [ordered[edge.target] for edge in graph.out_of[name]]
        if users and _shared_arguments(graph, name) < len(users):
            ordered[name] = max(ordered[name], min(users) - 1)
    return ordered


def disentangled(graph: Graph) -> Graph:
    """A graph whose weights stand beside each step that uses them, where they are used too often.

    A weight that is used in several columns has long edges, and a few of them are as many as a
    picture can hold.
    """
    columns = step_columns(graph)
    spread = {
        vertex.name
        for vertex in graph.vertices
        if not vertex.is_step
        and vertex.role != "input"
        and len({columns[edge.target] for edge in graph.out_of[vertex.name]}) > 1
    }
    if sum(len(graph.out_of[name]) for name in spread) <= LONG_EDGES:
        return graph
    copies = {name: [_copy(graph.by_name[name], e) for e in graph.out_of[name]] for name in spread}
    vertices = [v for found in graph.vertices for v in copies.get(found.name, [found])]
    edges = [
        replace(edge, source=_copied(edge)) if edge.source in spread else edge
        for edge in graph.edges
    ]
    return replace(graph, vertices=tuple(vertices), edges=tuple(edges))


def _copy(vertex: Vertex, edge: Edge) -> Vertex:
    return replace(vertex, name=_copied(edge), patterns=())


def _copied(edge: Edge) -> str:
    """What the copy of a vertex is called that stands at the beginning of an edge."""
    return f"{edge.source}\0{edge.target}"


def _shared_arguments(graph: Graph, name: str) -> int:
    """How many arguments of a step do not move along with it."""
    sources = [edge.source for edge in graph.into[name]]
    return sum(1 for s in sources if graph.by_name[s].is_step or len(graph.out_of[s]) > 1)


def rows_of(graph: Graph, breadth: Callable[[Vertex], float], page: float) -> list[Row]:
    """The rows of a picture; `breadth` is how wide a column with that vertex is, about."""
    columns = step_columns(graph)
    ordered = sorted(columns, key=columns.__getitem__)  # stable: the order of the network
    if len(ordered) <= STEPS:
        return _rows(graph, columns, _parts(graph, columns, ordered, breadth, page))
    head, tail = ordered[:SHOWN], ordered[-SHOWN:]
    heads = _parts(graph, columns, head, breadth, page)
    tails = _parts(graph, columns, tail, breadth, page)
    return _rows(graph, columns, [*heads, *tails], gap=len(heads))


def left_out(graph: Graph) -> list[Vertex]:
    """The steps that are not drawn, in order."""
    columns = step_columns(graph)
    ordered = sorted(columns, key=columns.__getitem__)
    hidden = ordered[SHOWN:-SHOWN] if len(ordered) > STEPS else []
    return [graph.by_name[name] for name in hidden]


def _parts(
    graph: Graph,
    columns: Mapping[str, int],
    steps: Sequence[str],
    breadth: Callable[[Vertex], float],
    page: float,
) -> list[list[str]]:
    """Steps in rows: whole columns, as evenly as can be."""
    standing: dict[int, list[str]] = {}
    for name in steps:
        standing.setdefault(columns[name], []).append(name)
    wide = [max(breadth(graph.by_name[name]) for name in names) for names in standing.values()]
    rows = max(1, -(-sum(wide) // page))
    parts: list[list[str]] = [[]]
    used = 0.0
    for names, width in zip(standing.values(), wide, strict=True):
        used += width
        if parts[-1] and used - 0.5 * width > len(parts) * sum(wide) / rows:
            parts.append([])
        parts[-1].extend(names)
    return parts


def _rows(
    graph: Graph, columns: Mapping[str, int], parts: list[list[str]], gap: int = -1
) -> list[Row]:
    rows = []
    for index, steps in enumerate(parts):
        part = _gathered(graph.part(steps))
        later = () if index == len(parts) - 1 else _onward(graph, part, steps)
        drawn = sum(map(len, parts))
        missing = len(columns) - drawn if index == gap else 0
        rows.append(Row(part, _within(part, columns), tuple(later), missing))
    return rows


def _gathered(part: Graph) -> Graph:
    """A row in which many carried values that the same steps use are one vertex."""
    groups: dict[tuple[str, ...], list[Vertex]] = {}
    for vertex in part.vertices:
        if vertex.role == "carried":
            users = tuple(edge.target for edge in part.out_of[vertex.name])
            groups.setdefault(users, []).append(vertex)
    crowds = {crowd[0].name: crowd for crowd in groups.values() if len(crowd) >= CROWD}
    owner = {vertex.name: name for name, crowd in crowds.items() for vertex in crowd}
    if not crowds:
        return part
    vertices = [
        replace(vertex, label=first_to_last([v.label for v in crowds[vertex.name]]))
        if vertex.name in crowds
        else vertex
        for vertex in part.vertices
        if owner.get(vertex.name, vertex.name) == vertex.name
    ]
    edges = [
        Edge(owner[edge.source], edge.target) if edge.source in owner else edge
        for edge in part.edges
    ]
    return replace(part, vertices=tuple(vertices), edges=tuple(dict.fromkeys(edges)))


def _onward(graph: Graph, part: Graph, steps: list[str]) -> list[str]:
    return [name for name in steps if not part.out_of[name] and graph.out_of[name]]


def _within(part: Graph, columns: Mapping[str, int]) -> dict[str, int]:
    """The columns of one row, counted from 0; what is only used stands just before its use."""
    inside = {v.name for v in part.vertices if v.is_step}
    places = {column: index for index, column in enumerate(sorted({columns[n] for n in inside}), 1)}
    found = {name: places[columns[name]] for name in inside}
    for vertex in part.vertices:
        if vertex.name not in inside:
            found[vertex.name] = min(found[e.target] for e in part.out_of[vertex.name]) - 1
    first = min(found.values())
    return {vertex.name: found[vertex.name] - first for vertex in part.vertices}
