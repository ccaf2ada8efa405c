"""Tables of numbers as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import sympy

from symprop.derivation.trace import Trace
from symprop.rounding import Rounding

ENTRIES_SHOWN = 8
"""Of a larger matrix, the shape and the range are shown."""
FORMULA_LIMIT = 60
NUMBER_LIMIT = 40
"""An exact number longer than this is shown with six digits, behind a ~."""


def trace_text(trace: Trace, rounding: Rounding | None = None) -> str:
    """A trace as two tables, and its notes; its floats with six digits, or as `rounding` says."""

    def cell(value: Any) -> str:
        return shown(value, _number if rounding is None else partial(_rounded, rounding))

    rows = [
        (row.name, row.role, _shortened(row.formula), cell(row.value), cell(row.gradient))
        for row in trace.rows
    ]
    loss = trace.rows[-1].name
    titles = ("name", "", "formula", "value", f"d{loss}/d(name)")
    sections = [[" ".join(trace.network.split()), *aligned([titles, *rows], "lllrr")]]
    if trace.edges:
        edges = [
            (
                f"d{edge.step}/d{edge.argument}",
                f"= {_shortened(edge.formula)}",
                *map(cell, (edge.local, edge.upstream, edge.downstream)),
            )
            for edge in trace.edges
        ]
        titles = ("local derivative", "", "local", "upstream", "downstream")
        heading = "Edges, from the loss backwards: downstream = local * upstream"
        sections.append([heading, *aligned([titles, *edges], "llrrr")])
    if trace.notes:
        sections.append(["Notes", *(f"    {note}" for note in trace.notes)])
    return "\n\n".join("\n".join(section) for section in sections)


def aligned(rows: Sequence[Sequence[str]], sides: str) -> list[str]:
    """Rows as indented lines, columns aligned to the sides l or r; empty ones go."""
    kept = [place for place in range(len(sides)) if any(row[place] for row in rows[1:])]
    pads = {}
    for place in kept:
        width = max(len(row[place]) for row in rows)
        pads[place] = f">{width}" if sides[place] == "r" else f"<{width}"
    lines = ("  ".join(format(row[place], pads[place]) for place in kept) for row in rows)
    return [f"    {line}".rstrip() for line in lines]


def shown(value: Any, number: Callable[[Any], str] | None = None) -> str:
    """A number with six digits, or exactly; a matrix by its entries or, if large, by its range.

    `number` shows a number in another way.
    """
    number = number or _number
    if value is None:
        return ""
    if isinstance(value, sympy.MatrixBase):
        rows = value.tolist()
        return _matrix(rows if value.cols > 1 else [row[0] for row in rows], value.shape, number)
    if isinstance(value, np.ndarray):
        return _matrix(value.tolist(), value.shape, number)
    return number(value)


def _rounded(rounding: Rounding, value: Any) -> str:
    return rounding.shown(Decimal(repr(value))) if isinstance(value, float) else _number(value)


def _number(value: Any) -> str:
    if isinstance(value, float):
        return "undefined" if value != value else f"{value + 0.0:.6g}"
    if value is sympy.nan:
        return "undefined"
    exact = str(value)
    return exact if len(exact) <= NUMBER_LIMIT else f"~{float(value):.6g}"


def _matrix(rows: list[Any], shape: tuple[int, ...], number: Callable[[Any], str]) -> str:
    if int(np.prod(shape)) <= ENTRIES_SHOWN:
        return _listed(rows, number)
    flat = [entry for row in rows for entry in row] if isinstance(rows[0], list) else rows
    extent = " x ".join(map(str, shape))
    if any(isinstance(entry, sympy.Expr) or entry != entry for entry in flat):
        return f"({extent} numbers)"
    return f"({extent} numbers from {number(min(flat))} to {number(max(flat))})"


def _listed(value: Any, number: Callable[[Any], str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_listed(part, number) for part in value)}]"
    return number(value)


def _shortened(formula: str) -> str:
    return formula if len(formula) <= FORMULA_LIMIT else formula[: FORMULA_LIMIT - 3] + "..."
