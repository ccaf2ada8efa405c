"""A graph as text: a line for each step, with what it takes."""

from __future__ import annotations

import unicodedata

from symprop.printout.graph.layers import left_out
from symprop.printout.graph.model import Graph, Vertex
from symprop.printout.notation.markup import Markup
from symprop.printout.notation.unicode import unicode_of
from symprop.user_text import visible


def listing(graph: Graph) -> str:
    """The edges of a graph, those to one step in one line, steps in the order of the picture."""
    hidden = {vertex.name for vertex in left_out(graph)}
    lines: list[tuple[str, str, str]] = []
    for vertex in graph.vertices:
        if not vertex.is_step:
            continue
        if vertex.name not in hidden:
            lines.append(_line(graph, vertex))
        elif ("…", "", "") not in lines:
            lines.append(("…", "", ""))
    taken, made = (max(_cells(line[i]) for line in lines) for i in (0, 1))
    shown = (
        f"{_filled(a, taken)} → {_filled(b, made)}  {c}" if b else f"{_filled(a, taken)}"
        for a, b, c in lines
    )
    return "\n".join(line.rstrip() for line in shown) + "\n"


def _line(graph: Graph, vertex: Vertex) -> tuple[str, str, str]:
    taken = ", ".join(_plain(graph.by_name[e.source].label) for e in graph.into[vertex.name])
    operation = "" if vertex.operation is None else _plain(vertex.operation)
    words = f"({', '.join(vertex.patterns)})" if vertex.patterns else ""
    return taken, _plain(vertex.label), f"{operation} {words}".strip()


def _plain(markup: Markup) -> str:
    return visible(unicode_of(markup))


def _filled(text: str, cells: int) -> str:
    return text + " " * (cells - _cells(text))


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes: marks above a letter take none."""
    return sum(1 for char in text if not unicodedata.combining(char))
