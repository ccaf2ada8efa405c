"""The lines of a graph: edges that run level through columns and bend between them.

An edge leaves its source to the right and ends with an arrow at the left of its target. Where
several end there, they end a little apart, in the order in which they come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from symprop.printout.graph.heights import kept_apart
from symprop.printout.graph.picture import Curve, Point, Wire
from symprop.printout.graph.sizes import Outline

HEAD, WING = 5.0, 2.1
"""The length of an arrow head, and how far it reaches to both sides."""
PORTS_APART = 5.5
LEANING = 0.3
"""How far the end of an edge moves up or down towards where it comes from."""
LEVEL = 0.01
STRAIGHT = 0.3
"""Less than so much up or down is not seen."""


@dataclass(frozen=True)
class Stop:
    """Where an edge runs level: from `left` to `right`, at one height."""

    left: float
    right: float
    height: float


def ports(outline: Outline, height: float, sources: Sequence[float]) -> list[float]:
    """The heights at which edges end that come from some heights, in the same order."""
    reach = 0.36 * outline.height
    order = sorted(range(len(sources)), key=lambda index: sources[index])
    leaning = [max(-reach, min(reach, LEANING * (sources[i] - height))) for i in order]
    firm = [100.0 if abs(sources[i] - height) < STRAIGHT else 1.0 for i in order]
    apart = min(PORTS_APART, 2 * reach / max(1, len(order) - 1))
    found = kept_apart(leaning, firm, [apart] * (len(order) - 1))
    return [height + found[order.index(index)] for index in range(len(sources))]


def left_edge(outline: Outline, offset: float) -> float:
    """How far the outline is left of its middle, so far above or below it."""
    corner = max(0.0, abs(offset) - (outline.height / 2 - outline.radius))
    inward = outline.radius - sqrt(max(0.0, outline.radius**2 - corner**2))
    return outline.width / 2 - inward


def wire(ends: tuple[str, str], start: Point, stops: Sequence[Stop], tip: Point) -> Wire:
    """An edge from `start` by way of level stops to the tip of its arrow."""
    curves: list[Curve] = []
    at = start
    for stop in stops:
        curves.append(_bend(at, (stop.left, stop.height)))
        curves.append(Curve((stop.right, stop.height)))
        at = stop.right, stop.height
    neck = tip[0] - HEAD, tip[1]
    curves.append(_bend(at, neck))
    head = (tip, (neck[0], tip[1] - WING), (neck[0], tip[1] + WING))
    return Wire(ends, start, tuple(_joined(start, curves)), head)


def stalk(ends: tuple[str, str], start: Point, tip: Point) -> Wire:
    """A straight edge from above or below, slanting a little where its step is not straight on."""
    across, down = tip[0] - start[0], tip[1] - start[1]
    length = sqrt(across**2 + down**2)
    ahead = across / length, down / length
    neck = tip[0] - HEAD * ahead[0], tip[1] - HEAD * ahead[1]
    wings = (
        (neck[0] - WING * ahead[1], neck[1] + WING * ahead[0]),
        (neck[0] + WING * ahead[1], neck[1] - WING * ahead[0]),
    )
    return Wire(ends, start, (Curve(neck),), (tip, *wings))


def _bend(start: Point, end: Point) -> Curve:
    if abs(start[1] - end[1]) < STRAIGHT:
        return Curve(end)
    half = (start[0] + end[0]) / 2
    return Curve(end, ((half, start[1]), (half, end[1])))


def _joined(start: Point, curves: list[Curve]) -> list[Curve]:
    """Straight lines that go on at the same height as one line; none of no length."""
    found: list[Curve] = []
    begun = at = start
    for curve in curves:
        level = curve.controls is None and abs(curve.end[1] - at[1]) < LEVEL
        if level and found and found[-1].controls is None and abs(begun[1] - at[1]) < LEVEL:
            found[-1] = curve
        elif curve.end != at:
            found.append(curve)
            begun = at
        at = curve.end
    return found
