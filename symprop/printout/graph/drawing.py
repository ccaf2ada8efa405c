"""Drawing a graph: its rows below one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf

from symprop.printout.graph.layers import disentangled, rows_of
from symprop.printout.graph.model import Graph, Vertex
from symprop.printout.graph.picture import Curve, Letters, Picture, Point, Shape, Wire
from symprop.printout.graph.placing import placed
from symprop.printout.graph.sizes import LETTER, NAME, label_size, vertex_size

PAGE, ONE_ROW = 600.0, 670.0
"""About how wide rows are at most, and a picture of one row."""
ROW_GAP = 24.0
MARGIN = 3.0
TRIES, NARROWER = 5, 0.9
"""A picture that is wider than was thought is drawn again in narrower rows, so often."""
BETWEEN = 20.0
"""The space between two columns, about."""


def picture_of(graph: Graph) -> Picture:
    """A graph, drawn: in one row where that is not too wide, else in rows as wide as a page."""
    graph = disentangled(graph)
    labels = [2 * label_size(edge).side for edge in graph.edges if edge.is_labelled]
    between = BETWEEN + max(labels, default=0.0)

    def breadth(vertex: Vertex) -> float:
        return 2 * vertex_size(vertex).side + between

    picture = _in_rows(graph, breadth, inf)
    page = PAGE
    for _ in range(TRIES):
        if picture.width <= ONE_ROW:
            break
        picture = _in_rows(graph, breadth, page)
        page *= NARROWER
    return picture


def _in_rows(graph: Graph, breadth: Callable[[Vertex], float], page: float) -> Picture:
    """A graph in rows that are about as wide as `page`, going by the breadth of their columns."""
    rows: list[Picture] = []
    for row in rows_of(graph, breadth, page):
        if row.left_out:
            rows.append(_note(f"{row.left_out:,} steps are left out"))
        rows.append(placed(row))
    return _stacked(graph.title, rows)


def _note(text: str) -> Picture:
    """A line of words between two rows."""
    width = LETTER * len(text) * NAME
    letters = Letters(text, (width / 2, 0.0), NAME, "note", width)
    return Picture((), (), (letters,))


def _stacked(title: str, rows: list[Picture]) -> Picture:
    """Rows below one another, all moved to the right of 0 and below it."""
    moved: list[Picture] = []
    breaks: list[float] = []
    height = MARGIN
    for row in rows:
        left, top, _, bottom = bounds(row)
        moved.append(_moved(row, MARGIN - left, height - top))
        height += bottom - top + ROW_GAP
        breaks.append(height - ROW_GAP / 2)
    return Picture(
        shapes=tuple(shape for row in moved for shape in row.shapes),
        wires=tuple(wire for row in moved for wire in row.wires),
        letters=tuple(letters for row in moved for letters in row.letters),
        title=title,
        width=max(bounds(row)[2] for row in moved) + MARGIN,
        height=height - ROW_GAP + MARGIN,
        breaks=tuple(breaks[:-1]),
    )


def bounds(picture: Picture) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of all that is drawn."""
    boxes = list(_boxes(picture))
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _boxes(picture: Picture) -> Iterator[tuple[float, float, float, float]]:
    for shape in picture.shapes:
        (x, y), side, half = shape.middle, shape.width / 2, shape.height / 2
        yield x - side, y - half, x + side, y + half
    for letters in picture.letters:
        yield letters.box
    for wire in picture.wires:
        for x, y in (wire.start, *wire.head, *(curve.end for curve in wire.curves)):
            yield x, y, x, y


def _moved(picture: Picture, right: float, down: float) -> Picture:
    def at(point: Point) -> Point:
        return point[0] + right, point[1] + down

    def shape(found: Shape) -> Shape:
        return replace(found, middle=at(found.middle))

    def curve(found: Curve) -> Curve:
        controls = found.controls and (at(found.controls[0]), at(found.controls[1]))
        return Curve(at(found.end), controls)

    def wire(found: Wire) -> Wire:
        tip, one, other = found.head
        curves = tuple(map(curve, found.curves))
        return Wire(found.ends, at(found.start), curves, (at(tip), at(one), at(other)))

    return replace(
        picture,
        shapes=tuple(map(shape, picture.shapes)),
        wires=tuple(map(wire, picture.wires)),
        letters=tuple(replace(found, foot=at(found.foot)) for found in picture.letters),
    )
