"""The numbers of a derivation at one point, never rounded on the way.

They are worked out with many digits, and again with many more, until two runs agree as floats; or
exactly, in SymPy's numbers. The formulas are those of the derivation, swept to everything there is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf, nan
from typing import Any

import mpmath
import numpy as np
import sympy

from symprop.derivation.jacobian import Jacobians
from symprop.derivation.local import local_derivative
from symprop.derivation.point import Point
from symprop.derivation.sweep import sweep
from symprop.errors import PointError, context
from symprop.expression.arithmetic import DIGITS, EXACT, Arithmetic
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Along, Apply, Node, leaves
from symprop.expression.text import text
from symprop.network import Network

PRECISIONS = (50, 400, 1600)
"""Decimal digits, used one after the other until two of them agree."""
SPARE = 15
"""Of how many digits rounding may have made something that should be 0."""
LARGEST = sys.float_info.max

Key = tuple[str, ...]
"""("value", name) or ("gradient", name); ("local", step, argument) or ("downstream", ...)."""


@dataclass(frozen=True)
class Numbers:
    """All numbers of a trace, and where functions are at a kink."""

    of: Mapping[Key, Any]
    notes: tuple[str, ...]


class DoubtfulError(Exception):
    """A rounded number is so near to a kink that its side is not known."""


class Course:
    """All formulas that a trace needs, in the order in which they are worked out.

    There is no derivative by labels that sum to 1: they cannot vary one by one.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        declared = [e.leaf for e in network.declared.values() if e.leaf.sums_to_one is None]
        wanted = [*declared, *(step.leaf for step in network.steps.values())]
        found = sweep(network, wanted)
        self.deltas = [(up.delta.name, up.expression) for up in found.upstream.values() if up.named]
        self.gradients = {leaf.name: found.gradients[leaf.name] for leaf in wanted}
        self.edges: dict[tuple[str, str], Node] = {}
        jacobians = Jacobians(network)
        for step in reversed(network.steps.values()):
            for leaf in leaves(step.node) if not step.shape else []:
                if not leaf.shape:
                    self.edges[step.name, leaf.name] = local_derivative(step, leaf, jacobians)

    @cached_property
    def upstreams(self) -> Mapping[str, Node]:
        """The upstream gradients that lead to weights, by their names in a derivation."""
        found = sweep(self.network, [entry.leaf for entry in self.network.weights])
        return {up.delta.name: up.expression for up in found.upstream.values()}

    def at(self, point: Point, arithmetic: Arithmetic) -> Numbers:
        """Every number at a point; PointError where a step has no value."""
        known, notes = forward(self.network, point, arithmetic)

        def worked_out(node: Node) -> Any:
            return evaluate(node, known, point.sizes, arithmetic=arithmetic)

        numbers: dict[Key, Any] = {("value", name): value for name, value in known.items()}
        for name, expression in self.deltas:
            known[name] = worked_out(expression)
        numbers |= {("gradient", name): worked_out(node) for name, node in self.gradients.items()}
        for edge, node in self.edges.items():
            numbers["local", *edge] = local = worked_out(node)
            numbers["downstream", *edge] = local * numbers["gradient", edge[0]]
        return Numbers(numbers, notes)

    def rounded(self, point: Point) -> Numbers:
        """Every number at a point, no digit of which is lost in the nearest float."""
        rough: Numbers | None = None
        for digits in PRECISIONS:
            with mpmath.workdps(digits):
                try:
                    fine = self.at(point, DIGITS)
                except (DoubtfulError, PointError):  # with too few digits 1 - p may be 0
                    continue
                if rough is not None and (settled := _settled(rough.of, fine.of, digits)):
                    return Numbers(settled, fine.notes)
            rough = fine
        return self.at(point, EXACT) if rough is None else rough


def forward(
    network: Network, point: Point, arithmetic: Arithmetic
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The value of every declared name and step, and notes on kinks.

    Raises PointError for a step that has no finite real value, with what it is a function of.
    """
    make = np.frompyfunc(arithmetic.number, 1, 1)
    known = {name: make(value) for name, value in point.values.items()}
    notes: dict[str, None] = {}
    for name, step in network.steps.items():
        kinks = _Kinks(arithmetic)
        what = "loss" if step is network.loss_step else "step"
        with context(f"{what} {name!r}"):
            known[name] = evaluate(step.node, known, point.sizes, kinks.watch, arithmetic)
        notes.update((f"{name} is at a kink. {note}", None) for note in kinks.notes)
        if any(map(is_nan, entries(known[name]))):
            where = _where(step.node, known)
            raise PointError(
                f"{what} {name!r} has no finite real value at this point: {text(step.node)}{where}",
                hint="look at what it divides by, and at the arguments of logs and roots",
            )
    return known, tuple(notes)


def _where(node: Node, known: Mapping[str, Any]) -> str:
    """The numbers that an expression is a function of, where they are few."""
    scalars = {leaf.name: known[leaf.name] for leaf in leaves(node) if not leaf.shape}
    shown = (f"{name} = {as_float(value):.6g}" for name, value in scalars.items())
    return f", where {', '.join(shown)}" if 0 < len(scalars) <= NAMED else ""


NAMED = 4
"""Of so many numbers a message names each."""


def _settled(
    rough: Mapping[Key, Any], fine: Mapping[Key, Any], digits: int
) -> Mapping[Key, Any] | None:
    """The numbers of two runs, rounding left out; None where the runs differ."""
    noise = mpmath.mpf(10) ** (-digits // 2)

    def agreed(a: Any, b: Any) -> Any:
        if (is_nan(a) and is_nan(b)) or abs(a - b) <= abs(b) * 1e-17:
            return b
        return 0 if abs(a) < NOISE and abs(b) < noise else None

    numbers = {key: np.frompyfunc(agreed, 2, 1)(rough[key], fine[key]) for key in fine}
    return None if any(None in entries(value) for value in numbers.values()) else numbers


NOISE = 1e-25
"""A number below this in the first run, and far below in the next, is 0 but for rounding."""


def entries(value: Any) -> list[Any]:
    """All entries of a matrix, or the one number."""
    return list(value.flat) if isinstance(value, np.ndarray) else [value]


def is_nan(value: Any) -> bool:
    """Whether a number is none."""
    return value is sympy.nan or bool(value != value)


def as_float(value: Any) -> float:
    """The nearest float; an infinity for what is too large."""
    if is_nan(value):
        return nan
    number = value if isinstance(value, int | mpmath.mpf) else mpmath.mpmathify(value.evalf(40))
    if abs(number) > LARGEST:
        return inf if number > 0 else -inf
    with mpmath.workprec(53):
        return float(+number)


# -- kinks ----------------------------------------------------------------------------------------


class _Kinks:
    """Notes what functions of one step are at a point without a derivative."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self.notes: dict[str, None] = {}

    def watch(self, node: Apply | Along, arguments: list[Any]) -> None:
        """Look at the arguments of a function."""
        entry = node.entry
        if entry.kink is not None and any(map(_is_zero, list(self._gaps(node, arguments)))):
            self.notes[getattr(entry, "note", "") or f"It is one of {entry.name}."] = None

    def _gaps(self, node: Apply | Along, arguments: list[Any]) -> Iterator[Any]:
        """Numbers that are zero at a kink."""
        if isinstance(node, Apply):
            kink = self.arithmetic.formula(node.entry.arguments, node.entry.kink)
            yield from entries(kink(*arguments))
            return
        lines = arguments[0].T if node.axis == 0 else arguments[0]
        column = self.arithmetic.column(node.entry, lines.shape[1])
        for line in lines:
            (extreme,) = column(*line)
            distances = [abs(extreme - number) for number in line]
            distances.remove(min(distances))  # a tie leaves another one
            yield from distances


def _is_zero(gap: Any) -> bool:
    """Whether a number is 0; DoubtfulError where rounding alone makes a difference."""
    if isinstance(gap, mpmath.mpf) and 0 < abs(gap) < mpmath.mpf(10) ** (SPARE - mpmath.mp.dps):
        raise DoubtfulError
    return bool(gap == 0)
