"""A drawn graph: outlines, letters and edges at their places, in points, down from the top left.

Every format draws the same picture; none of them moves anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from symprop.printout.notation.markup import Markup

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """The outline of a vertex around its middle; `role` is that of the vertex."""

    name: str
    role: str
    middle: Point
    width: float
    height: float
    radius: float


@dataclass(frozen=True)
class Letters:
    """Notation, or plain words, centred at `foot` on its base line.

    `tone` says what it is: name, operation, value, gradient, shape, word or note.
    """

    text: Markup | str
    foot: Point
    size: float
    tone: str
    width: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Its left, top, right and bottom."""
        x, y = self.foot
        return x - self.width / 2, y - 0.75 * self.size, x + self.width / 2, y + 0.25 * self.size


@dataclass(frozen=True)
class Curve:
    """A Bezier curve to `end`; a straight line where there are no control points."""

    end: Point
    controls: tuple[Point, Point] | None = None


@dataclass(frozen=True)
class Wire:
    """An edge from `start` along curves; `head` is the triangle of its arrow, tip first.

    `ends` are the names of what it connects; "" for an edge that leaves the row.
    """

    ends: tuple[str, str]
    start: Point
    curves: tuple[Curve, ...]
    head: tuple[Point, Point, Point]


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn, on a sheet of some width and height.

    At the heights `breaks`, between two rows, it may be cut.
    """

    shapes: tuple[Shape, ...]
    wires: tuple[Wire, ...]
    letters: tuple[Letters, ...]
    title: str = ""
    width: float = 0.0
    height: float = 0.0
    breaks: tuple[float, ...] = ()
