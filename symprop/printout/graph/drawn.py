"""The graph of a derivation in a format, alone."""

from __future__ import annotations

from collections.abc import Callable

from symprop.derivation.record import Derivation
from symprop.errors import DeclarationError
from symprop.example import Example
from symprop.expression.depth import deep_expressions
from symprop.printout.graph.dot import dot
from symprop.printout.graph.drawing import picture_of
from symprop.printout.graph.listing import listing
from symprop.printout.graph.model import Graph
from symprop.printout.graph.reading import graph_of, trace_of
from symprop.printout.graph.svg import svg
from symprop.printout.graph.tikz import tikz
from symprop.printout.sections.material import Material

FORMATS: dict[str, Callable[[Graph], str]] = {
    "svg": lambda graph: svg(picture_of(graph), alone=True),
    "tikz": lambda graph: tikz(picture_of(graph)),
    "dot": dot,
    "text": listing,
}


def drawn(derivation: Derivation, target: str, example: Example | None = None) -> str:
    """The graph as "svg" (a file of its own), "tikz" (a tikzpicture), "dot" or "text".

    With an example each edge has its value and its gradient. Raises DeclarationError for another
    format, PointError for values that do not fit, or at which the network has no value.
    """
    if target not in FORMATS:
        raise DeclarationError(
            f"no format {target!r} for a graph", hint="the formats are " + ", ".join(FORMATS)
        )
    with deep_expressions():
        material = Material(derivation, example)
        return FORMATS[target](graph_of(material, trace_of(material)))
