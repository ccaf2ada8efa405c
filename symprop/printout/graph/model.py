"""A computational graph: what its vertices and edges are and what stands on them.

A vertex is a declared symbol or a step, an edge goes from each direct argument to the step that
uses it. Labels are notation; nothing here knows where anything stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from symprop.printout.notation.markup import COMMA, Markup, Sign, joined

STEP_ROLES = ("step", "loss")
CROWD = 8
"""So many values of one kind that the same steps use are drawn as one vertex."""
DOTS = Sign(r"\dots", "\u2026", "plain")


def first_to_last(labels: Sequence[Markup]) -> Markup:
    """What a vertex for many values is called: the first, ..., the last."""
    return joined([labels[0], DOTS, labels[-1]], COMMA)


@dataclass(frozen=True)
class Vertex:
    """A value: `role` is input, target, weight, hyperparameter, step, loss or carried.

    "carried" is a step drawn once more, where a later row begins with it. `operation` says what a
    step does, where that is short; `patterns` what it does to gradients, in a word each.
    """

    name: str
    role: str
    label: Markup
    operation: Markup | None = None
    patterns: tuple[str, ...] = ()

    @property
    def is_step(self) -> bool:
        """Whether it is worked out in this picture."""
        return self.role in STEP_ROLES


@dataclass(frozen=True)
class Edge:
    """From an argument to the step that uses it.

    `above` is the value that goes forward, or its shape where `is_shape`; `below` the gradient that
    comes back.
    """

    source: str
    target: str
    above: Markup | None = None
    below: Markup | None = None
    is_shape: bool = False

    @property
    def is_labelled(self) -> bool:
        return self.above is not None or self.below is not None


@dataclass(frozen=True)
class Graph:
    """Vertices in forward order, and edges in the order in which the steps have their arguments.

    `outlet` is the edge that leaves the loss, where numbers are shown; `numbered`: they are.
    """

    title: str
    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    numbered: bool = False
    outlet: Edge | None = None

    @cached_property
    def by_name(self) -> dict[str, Vertex]:
        """The vertices by name."""
        return {vertex.name: vertex for vertex in self.vertices}

    @cached_property
    def into(self) -> dict[str, list[Edge]]:
        """The edges that end at each vertex."""
        return _grouped(self.vertices, ((edge.target, edge) for edge in self.edges))

    @cached_property
    def out_of(self) -> dict[str, list[Edge]]:
        """The edges that begin at each vertex."""
        return _grouped(self.vertices, ((edge.source, edge) for edge in self.edges))

    def part(self, steps: Iterable[str]) -> Graph:
        """The part that works out some steps; the other steps that they use are carried there."""
        inside = set(steps)
        edges = tuple(edge for edge in self.edges if edge.target in inside)
        used = {edge.source for edge in edges}
        vertices = [
            replace(vertex, role="carried", operation=None, patterns=())
            if vertex.is_step and vertex.name not in inside
            else vertex
            for vertex in self.vertices
            if vertex.name in inside or vertex.name in used
        ]
        outlet = self.outlet if self.outlet and self.outlet.source in inside else None
        return replace(self, vertices=tuple(vertices), edges=edges, outlet=outlet)


def _grouped(
    vertices: Iterable[Vertex], found: Iterable[tuple[str, Edge]]
) -> dict[str, list[Edge]]:
    groups: dict[str, list[Edge]] = {vertex.name: [] for vertex in vertices}
    for name, edge in found:
        groups[name].append(edge)
    return groups
