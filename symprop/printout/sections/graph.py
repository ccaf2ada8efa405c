"""The computational graph, and what comes down each of its edges."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.derivation.trace import Edge, Trace
from symprop.printout.expressions import Equated, Expression, Rate
from symprop.printout.graph.layers import left_out
from symprop.printout.graph.model import Graph
from symprop.printout.graph.numbers import numeral
from symprop.printout.graph.operations import ADDS_UP, DISTRIBUTES, ROUTES, SWAPS
from symprop.printout.graph.reading import graph_of, rounding_of, trace_of
from symprop.printout.model import Block, Figure, Listed, Paragraph, Prose, Table
from symprop.printout.sections.material import Material
from symprop.rounding import Rounding

PATTERNS = {
    DISTRIBUTES: "an addition hands the upstream gradient to each of its arguments as it is.",
    SWAPS: "a multiplication hands each factor the upstream gradient times the other factor.",
    ROUTES: "a maximum or minimum hands all of it to the argument that it takes, 0 to the others.",
    ADDS_UP: "a copy, a value that is used several times, gets the sum of what its uses hand back.",
}
"""What the words on the vertices mean."""

MARKS = {
    "input": "Shaded circles are known",
    "target": "Shaded circles are known",
    "weight": "squares are {weights}",
    "hyperparameter": "dashed squares are hyperparameters",
}
"""What the outlines mean, by the roles of the vertices."""


def graph_blocks(material: Material) -> Iterator[Block]:
    """The picture, with the numbers of the material's example where it has one, and its legend.

    Raises PointError for values that do not fit, or at which the network has no value.
    """
    trace, rounding = trace_of(material), rounding_of(material)
    graph = graph_of(material, trace)
    yield Figure(graph, _legend(material, graph))
    yield from _omissions(material, graph)
    if trace is not None:
        yield Paragraph((str(rounding),))
    words = {word for vertex in graph.vertices for word in vertex.patterns}
    yield from _patterns(words)
    if trace is not None and trace.edges:
        yield _table(material, graph, trace, rounding)


def _legend(material: Material, graph: Graph) -> Prose:
    """What the outlines mean, and the labels of edges."""
    roles = {vertex.role for vertex in graph.vertices}
    marks = list(dict.fromkeys(said for role, said in MARKS.items() if role in roles))
    prose: list[str | Expression] = []
    network, loss = material.network, material.loss.leaf
    trained = network.inputs or network.targets
    marks.append(f"a thick outline marks the {'loss' if trained else 'result'}")
    text = ", ".join(marks).format(weights="weights" if trained else "variables")
    prose.append(f"{text[0].upper()}{text[1:]}.")
    if graph.numbered:
        prose += [" Above each edge stands the value that goes forward, below it the gradient of "]
        prose += [loss, " that comes back along it"]
        shapes = any(edge.is_shape and edge.is_labelled for edge in graph.edges)
        prose.append("; a large matrix has its shape there." if shapes else ".")
    elif any(edge.is_labelled for edge in graph.edges):
        prose.append(" The shape of a value stands at its first edge; ")
        prose.append("a value without one is a number.")
    return tuple(prose)


def _patterns(words: set[str]) -> Iterator[Block]:
    said = [(word, meaning) for word, meaning in PATTERNS.items() if word in words]
    if said:
        yield Listed(tuple((word.capitalize(), (meaning,)) for word, meaning in said))


def _omissions(material: Material, graph: Graph) -> Iterator[Block]:
    """A sentence that says which steps are not drawn."""
    hidden = left_out(graph)
    if hidden:
        leaf = material.network.leaf
        first, last = leaf(hidden[0].name), leaf(hidden[-1].name)
        yield Paragraph(
            (f"The {len(hidden):,} steps from ", first, " to ", last, " are left out here.")
        )


def _table(material: Material, graph: Graph, trace: Trace, rounding: Rounding) -> Block:
    """A row for each edge that is drawn, from the loss backwards."""
    hidden = {vertex.name for vertex in left_out(graph)}
    leaf, loss = material.network.leaf, material.loss.leaf

    def row(edge: Edge) -> tuple[Prose, ...]:
        step, argument = leaf(edge.step), leaf(edge.argument)
        local = Equated(Rate(step, argument), numeral(edge.local, rounding))
        upstream = Equated(Rate(loss, step), numeral(edge.upstream, rounding))
        return (
            (argument, " to ", step),
            (local,),
            (upstream,),
            (numeral(edge.downstream, rounding),),
        )

    result: Prose = ("downstream = local times upstream",)
    heads: tuple[Prose, ...] = (("edge",), ("local",), ("upstream",), result)
    shown = [edge for edge in trace.edges if edge.step not in hidden]
    return Table(heads, tuple(map(row, shown)), "lrrr")
