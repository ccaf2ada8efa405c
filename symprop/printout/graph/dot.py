"""A graph in the DOT language, for Graphviz and all that reads its files."""

from __future__ import annotations

from symprop.printout.graph.model import Edge, Graph, Vertex
from symprop.printout.notation.markup import Markup
from symprop.printout.notation.unicode import unicode_of
from symprop.user_text import visible

ROLES = {
    "input": 'style=filled, fillcolor="#e3e8ef"',
    "target": 'style=filled, fillcolor="#e3e8ef"',
    "weight": 'shape=box, style="rounded,filled", fillcolor="#eef4ff"',
    "hyperparameter": 'shape=box, style="rounded,dashed"',
    "step": "",
    "loss": "penwidth=2",
}


def dot(graph: Graph) -> str:
    """The whole graph, however long, in forward order; labels are plain text."""
    names = {vertex.name: f"v{index}" for index, vertex in enumerate(graph.vertices)}
    lines = [
        f"digraph {quoted(graph.title)} {{",
        "    rankdir=LR;",
        "    node [shape=ellipse];",
        *(f"    {names[vertex.name]} {_vertex(vertex)};" for vertex in graph.vertices),
        *(f"    {names[e.source]} -> {names[e.target]}{_edge(e)};" for e in graph.edges),
    ]
    if graph.outlet is not None:
        lines.append('    end [shape=none, label=""];')
        lines.append(f"    {names[graph.outlet.source]} -> end{_edge(graph.outlet)};")
    return "\n".join([*lines, "}"]) + "\n"


def _vertex(vertex: Vertex) -> str:
    parts = [_plain(vertex.label)]
    if vertex.operation is not None:
        parts.append(_plain(vertex.operation))
    label = quoted(*parts, *vertex.patterns)
    options = [f"label={label}", ROLES[vertex.role]]
    return f"[{', '.join(option for option in options if option)}]"


def _edge(edge: Edge) -> str:
    shown = [_plain(m) for m in (edge.above, edge.below) if m is not None]
    return f" [label={quoted(*shown)}]" if shown else ""


def _plain(markup: Markup) -> str:
    return visible(unicode_of(markup))


def quoted(*lines: str) -> str:
    r"""Lines as a string of DOT: a backslash, a quotation mark and an ampersand mean themselves."""
    return '"' + r"\n".join(map(_escaped, lines)) + '"'


def _escaped(line: str) -> str:
    return visible(line).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
