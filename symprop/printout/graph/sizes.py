"""How large a vertex is with all that stands on it and beside it, in points at a size of 10 pt."""

from __future__ import annotations

from dataclasses import dataclass

from symprop.printout.graph.lettering import measured
from symprop.printout.graph.model import Edge, Vertex
from symprop.printout.notation.markup import Markup

NAME, OPERATION, NUMBER, WORD = 10.0, 8.0, 7.5, 7.0
"""The size of names, operations, numbers and words."""

SYMBOL = 18.0
"""The height of a declared symbol, and the least width of one."""
STEP, GATE = 22.0, 30.0
"""The height of a step, and that of one with its operation below its name."""
WORD_LINE = 8.5
"""The height of a line of words below a vertex."""
LETTER = 0.56
"""How wide a letter of words is, in em."""
BESIDE = 3.0
"""How far a number stands from its edge."""


@dataclass(frozen=True)
class Size:
    """How far something reaches to each side of its middle, above it and below it."""

    side: float
    above: float
    below: float


@dataclass(frozen=True)
class Outline:
    """The outline of a vertex around its middle."""

    width: float
    height: float
    radius: float


def outline(vertex: Vertex) -> Outline:
    """A circle where what stands in it is short, else a box with round corners."""
    label = NAME * measured(vertex.label)
    if vertex.operation is not None:
        inside = max(label, OPERATION * measured(vertex.operation))
        if inside <= GATE - 10:
            return Outline(GATE, GATE, GATE / 2)
        return Outline(inside + 12, GATE, 9.0)
    height = STEP if vertex.is_step else SYMBOL
    width = max(height, label + 8)
    square = vertex.role in ("weight", "hyperparameter")
    return Outline(width, height, 3.0 if square else height / 2)


def vertex_size(vertex: Vertex) -> Size:
    """The room that a vertex takes, with the words below it."""
    shape = outline(vertex)
    words = [WORD * LETTER * len(word) for word in vertex.patterns]
    below = shape.height / 2 + WORD_LINE * len(words) + (2.0 if words else 0.0)
    return Size(max(shape.width / 2, *(w / 2 for w in words), 0.0), shape.height / 2, below)


def label_size(edge: Edge) -> Size:
    """The room that the label of an edge takes, around the edge."""
    widths = [NUMBER * measured(m) for m in (edge.above, edge.below) if m is not None]
    return Size(
        max(widths, default=0.0) / 2 + 2,
        0.0 if edge.above is None else number_height(edge.above) + BESIDE,
        0.0 if edge.below is None else number_height(edge.below) + BESIDE,
    )


def number_height(markup: Markup) -> float:
    """The height of a number."""
    return NUMBER * 0.9
