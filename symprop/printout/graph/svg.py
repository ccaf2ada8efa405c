"""A drawn graph as SVG: text that can be selected, the colours of the page around it.

Within a page the colours are those of its variables; a file of its own has them in light and dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from symprop.printout.graph.lettering import Run, runs
from symprop.printout.graph.picture import Letters, Picture, Point, Shape, Wire
from symprop.user_text import visible

SCALE = 1.5
"""Pixels to a point."""
NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
SMALLEST = 0.66
"""On a narrow page a picture shrinks to this at most; then it can be moved sideways."""

STYLE = """\
.symprop-graph { --known: #e3e8ef; --value: #1a6e33; --gradient: #b3261e;
  color: var(--ink, #1b1f24);
  font-family: "Times New Roman", Times, "Liberation Serif", "Nimbus Roman", serif; }
@media (prefers-color-scheme: dark) {
  .symprop-graph { --known: #2b323b; --value: #6fcf8a; --gradient: #ff8f87; }
}
.symprop-graph .outline { fill: var(--paper, #ffffff); stroke: currentColor; stroke-width: .8; }
.symprop-graph .input, .symprop-graph .target { fill: var(--known); }
.symprop-graph .weight { fill: var(--box, #eef4ff); }
.symprop-graph .hyperparameter, .symprop-graph .carried { stroke-dasharray: 2.5 1.8; }
.symprop-graph .loss { stroke-width: 1.6; }
.symprop-graph .wire { fill: none; stroke: currentColor; stroke-width: .8; }
.symprop-graph .head { fill: currentColor; }
.symprop-graph text { fill: currentColor; text-anchor: middle; white-space: pre; }
.symprop-graph .operation, .symprop-graph .shape, .symprop-graph .word, .symprop-graph .note {
  fill: var(--quiet, #5a6572); }
.symprop-graph .word, .symprop-graph .note { font-style: italic; }
.symprop-graph .value { fill: var(--value); }
.symprop-graph .gradient { fill: var(--gradient); }
"""

ALONE = """\
.symprop-graph { color-scheme: light dark; background: var(--paper, #ffffff); }
@media (prefers-color-scheme: dark) {
  .symprop-graph { --ink: #e6e9ee; --quiet: #9aa6b4; --paper: #14171b; --box: #1f2c42; }
}
"""


def svg(picture: Picture, *, alone: bool = False) -> str:
    """A picture as an element of a page; with `alone` as a file of its own."""
    wide, high = SCALE * picture.width, SCALE * picture.height
    title = f"Computational graph of {escape(visible(picture.title))}"
    fitting = f"max-width: 100%; min-width: {_number(SMALLEST * wide)}px; height: auto"
    lines = [
        f'<svg{NAMESPACE if alone else ""} class="symprop-graph" role="img" '
        f'aria-label="{title}" width="{_number(wide)}" height="{_number(high)}" '
        f'viewBox="0 0 {_number(picture.width)} {_number(picture.height)}"'
        + ("" if alone else f' style="{fitting}"')
        + ">",
        f"<title>{title}</title>" if alone else "",
        f"<style>\n{STYLE}{ALONE if alone else ''}</style>",
        *map(_wire, picture.wires),
        *map(_shape, picture.shapes),
        *map(_letters, picture.letters),
        "</svg>",
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n' if alone else ""
    return head + "\n".join(filter(None, lines)) + "\n"


def _shape(shape: Shape) -> str:
    x, y = shape.middle[0] - shape.width / 2, shape.middle[1] - shape.height / 2
    size = f'width="{_number(shape.width)}" height="{_number(shape.height)}"'
    corner = f'rx="{_number(shape.radius)}"'
    return f'<rect class="outline {shape.role}" x="{_number(x)}" y="{_number(y)}" {size} {corner}/>'


def _wire(wire: Wire) -> str:
    parts = [f"M{_point(wire.start)}"]
    for curve in wire.curves:
        if curve.controls is None:
            parts.append(f"L{_point(curve.end)}")
        else:
            parts.append(f"C{' '.join(map(_point, (*curve.controls, curve.end)))}")
    head = "M" + "L".join(map(_point, wire.head)) + "Z"
    return f'<path class="wire" d="{"".join(parts)}"/><path class="head" d="{head}"/>'


def _letters(letters: Letters) -> str:
    x, y = map(_number, letters.foot)
    found = [Run(visible(letters.text))] if isinstance(letters.text, str) else runs(letters.text)
    inside = "".join(_spans(found, letters.size))
    size = _number(letters.size)
    return f'<text class="{letters.tone}" x="{x}" y="{y}" font-size="{size}">{inside}</text>'


def _spans(found: list[Run], size: float) -> Iterator[str]:
    """The runs of a text, each moved from the height of the one before."""
    rise = 0.0
    for run in found:
        attributes = ""
        if run.rise != rise:
            attributes += f' dy="{_number((rise - run.rise) * size)}"'
            rise = run.rise
        if run.back:
            attributes += f' dx="{_number(-run.back * size)}"'
        if run.size != 1.0:
            attributes += f' font-size="{_number(run.size * size)}"'
        if run.italic:
            attributes += ' font-style="italic"'
        if run.bold:
            attributes += ' font-weight="bold"'
        text = escape(run.text)
        yield f"<tspan{attributes}>{text}</tspan>" if attributes else text


def _point(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    """A length with two decimals, without zeros at its end."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
