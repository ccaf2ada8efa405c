r"""A drawn graph as a TikZ picture: all points are given, \usepackage{tikz} is all it needs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from symprop.printout.graph.picture import Letters, Picture, Point, Shape, Wire
from symprop.printout.notation.latex import escaped, latex_of
from symprop.user_text import visible

TEXT_WIDTH, TEXT_HEIGHT = 470.0, 600.0
"""What a picture must fit, in points; a larger one is scaled."""

QUARTER = 0.5523
"""How far towards the corner the control points of a quarter of a circle are."""

ROLES = {
    "input": "fill=black!10",
    "target": "fill=black!10",
    "weight": "fill=blue!6",
    "hyperparameter": "densely dashed",
    "step": "",
    "loss": "line width=1.1pt",
    "carried": "densely dashed",
}
TONES = {
    "name": "",
    "operation": "black!65",
    "value": "green!45!black",
    "gradient": "red!75!black",
    "shape": "black!65",
    "word": "black!65",
    "note": "black!65",
}
SIZES = {10.0: r"\normalsize", 8.0: r"\footnotesize", 7.5: r"\scriptsize", 7.0: r"\scriptsize"}


def tikz(picture: Picture) -> str:
    """A picture as a tikzpicture for each row, as wide as the text at most."""
    edges = [0.0, *picture.breaks, picture.height]
    tallest = max(low - high for high, low in pairwise(edges))
    scale = min(1.0, TEXT_WIDTH / picture.width, TEXT_HEIGHT / tallest)
    options = "x=1pt, y=-1pt, line width=0.5pt, inner sep=0pt, outer sep=0pt"
    if scale < 1:
        options += f", scale={scale:.3f}, transform shape"
    drawn = [(wire.start[1], _wire(wire)) for wire in picture.wires]
    drawn += [(shape.middle[1], _shape(shape)) for shape in picture.shapes]
    drawn += [(letters.foot[1], _letters(letters)) for letters in picture.letters]
    rows = []
    for high, low in pairwise(edges):
        corners = f"{_point((0.0, high))} rectangle {_point((picture.width, low))}"
        lines = [
            rf"\begin{{tikzpicture}}[{options}]",
            rf"\path[use as bounding box] {corners};",
            *(line for height, line in drawn if high <= height < low),
            r"\end{tikzpicture}",
        ]
        rows.append("\n".join(lines) + "\n")
    return "\n".join(rows)


def _shape(shape: Shape) -> str:
    options = _listed([ROLES[shape.role]])
    drawn = rf"\draw[{options}]" if options else r"\draw"
    return f"{drawn} {_outline(shape)};"


def _outline(shape: Shape) -> str:
    """A circle, or a box whose corners are quarters of one."""
    (x, y), radius = shape.middle, shape.radius
    if shape.width == shape.height == 2 * radius:
        return f"{_point(shape.middle)} circle [radius={_number(radius)}pt]"
    path = ""
    for right, down in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        corner = x + right * shape.width / 2, y + down * shape.height / 2
        beside = corner[0] - right * radius, corner[1]
        level = corner[0], corner[1] - down * radius
        first, last = (level, beside) if right == down else (beside, level)
        controls = _between(first, corner), _between(last, corner)
        bend = f"{_point(controls[0])} and {_point(controls[1])}"
        path += f"{_point(first)} .. controls {bend} .. {_point(last)} -- "
    return f"{path}cycle"


def _between(start: Point, corner: Point) -> Point:
    """The control point of a quarter of a circle."""
    across, down = (QUARTER * (corner[i] - start[i]) for i in (0, 1))
    return start[0] + across, start[1] + down


def _wire(wire: Wire) -> str:
    path = _point(wire.start)
    for curve in wire.curves:
        if curve.controls is None:
            path += f" -- {_point(curve.end)}"
        else:
            first, second = map(_point, curve.controls)
            path += f" .. controls {first} and {second} .. {_point(curve.end)}"
    head = " -- ".join(map(_point, wire.head))
    return rf"\draw {path}; \fill {head} -- cycle;"


def _letters(letters: Letters) -> str:
    if isinstance(letters.text, str):
        text = rf"\itshape {escaped(visible(letters.text))}"
    else:
        text = f"${latex_of(letters.text)}$"
    options = ["anchor=base", TONES[letters.tone]]
    size = SIZES[letters.size]
    return rf"\node[{_listed(options)}] at {_point(letters.foot)} {{{size} {text}}};"


def _listed(options: Sequence[str]) -> str:
    return ", ".join(option for option in options if option)


def _point(point: Point) -> str:
    return f"({_number(point[0])},{_number(point[1])})"


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
