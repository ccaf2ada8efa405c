"""What tests ask of a drawn graph: boxes, points along its edges, and the label of each edge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from symprop.printout.graph.picture import Letters, Picture, Point, Shape, Wire
from symprop.printout.notation.unicode import unicode_of

Box = tuple[float, float, float, float]
TOUCH = 0.6
"""Boxes that share less than so many points of their sides are taken as apart."""


def outline_box(shape: Shape) -> Box:
    (x, y), side, half = shape.middle, shape.width / 2, shape.height / 2
    return x - side, y - half, x + side, y + half


def overlapping(picture: Picture) -> list[tuple[str, str]]:
    """Pairs of outlines, and of labels that stand outside of them, that overlap."""
    outside = [t for t in picture.letters if t.tone not in ("name", "operation")]
    boxes = [(shape.name, outline_box(shape)) for shape in picture.shapes]
    boxes += [(shown(letters), letters.box) for letters in outside]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if meet(one, other)]


def bursting(picture: Picture) -> list[str]:
    """Labels that do not fit into their outline."""
    inside = [t for t in picture.letters if t.tone in ("name", "operation")]
    boxes = [outline_box(shape) for shape in picture.shapes]
    return [shown(t) for t in inside if not any(within(t.box, box) for box in boxes)]


def struck_through(picture: Picture) -> list[tuple[tuple[str, str], str]]:
    """Edges that run through an outline that is not theirs, or through a label."""
    found = []
    for wire in picture.wires:
        points = list(along(wire))
        for shape in picture.shapes:
            box = shrunk(outline_box(shape), 1.0)
            own = shape.name in wire.ends
            if not own and any(inside(point, box) for point in points):
                found.append((wire.ends, shape.name))
        for letters in picture.letters:
            if letters.tone in ("name", "operation"):
                continue
            left, top, right, bottom = letters.box
            box = left, top + 0.1 * letters.size, right, bottom - 0.2 * letters.size
            if any(inside(point, shrunk(box, 0.6)) for point in points):
                found.append((wire.ends, shown(letters)))
    return found


def labels(picture: Picture) -> dict[tuple[str, str], tuple[str, str]]:
    """The value above and the gradient below each edge that runs level where they stand."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for wire in picture.wires:
        points = [point for point in along(wire) if point[0] <= wire.head[0][0] - 5]
        beside = []
        for tone in ("value", "gradient"):
            near = [t for t in picture.letters if t.tone == tone and is_beside(t, points)]
            beside.append(" ".join(map(shown, near)))
        found[wire.ends] = beside[0], beside[1]
    return found


def is_beside(letters: Letters, points: list[Point]) -> bool:
    """Whether letters stand just above a line (a value), or just below it (a gradient)."""
    x, y = letters.foot
    level = [line for across, line in points if abs(across - x) < 0.6]
    reach = (1.0, 5.0) if letters.tone == "value" else (-10.0, -5.0)
    return any(reach[0] <= line - y <= reach[1] for line in level)


def along(wire: Wire) -> Iterator[Point]:
    """Points along an edge, half a point apart or less."""
    at = wire.start
    for curve in wire.curves:
        reach = abs(curve.end[0] - at[0]) + abs(curve.end[1] - at[1])
        steps = max(2, int(2 * reach))
        first, second = curve.controls or (at, curve.end)
        for step in range(steps + 1):
            t = step / steps
            if curve.controls is None:
                yield tuple(a + t * (b - a) for a, b in zip(at, curve.end, strict=True))  # type: ignore[misc]
                continue
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            corners = at, first, second, curve.end
            x, y = (sum(w * c[i] for w, c in zip(weights, corners, strict=True)) for i in (0, 1))
            yield x, y
        at = curve.end
    yield wire.head[0]


def shown(letters: Letters) -> str:
    return letters.text if isinstance(letters.text, str) else unicode_of(letters.text)


def meet(one: Box, other: Box) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > TOUCH and down > TOUCH


def within(one: Box, other: Box) -> bool:
    return all(a >= b - 0.01 for a, b in zip(one[:2], other[:2], strict=True)) and all(
        a <= b + 0.01 for a, b in zip(one[2:], other[2:], strict=True)
    )


def shrunk(box: Box, by: float) -> Box:
    return box[0] + by, box[1] + by, box[2] - by, box[3] - by


def inside(point: Point, box: Box) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]
