"""A derivation at one point: every value and every gradient, in order, for one sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy

from symprop.declaration import did_you_mean, name_of
from symprop.derivation.course import Course, Numbers, as_float, entries
from symprop.derivation.point import point_of
from symprop.errors import PointError
from symprop.expression.arithmetic import EXACT
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import Shape
from symprop.expression.text import text
from symprop.network import Network
from symprop.user_text import harmless

OPERATIONS, POWER = 40, 10
"""An exact number of more operations, or of a higher power of e, is given as it comes."""


@dataclass(frozen=True)
class Row:
    """A name, its value, and dL/d(name), which is None for labels that sum to 1.

    `role` is input, target, weight, hyperparameter, step or loss; `formula` is that of a step.
    """

    name: str
    role: str
    formula: str
    value: Any
    gradient: Any


@dataclass(frozen=True)
class Edge:
    """A scalar used in a scalar step: downstream = local * upstream.

    `local` is d(step)/d(argument), `formula` the same as text; `upstream` is dL/d(step). What comes
    down all edges to an argument adds up to its gradient.
    """

    step: str
    argument: str
    formula: str
    local: Any
    upstream: Any
    downstream: Any


@dataclass(frozen=True)
class Trace:
    """Values and gradients at one point: rows in forward order, edges backwards from the loss.

    Numbers are floats, or SymPy numbers where `exact`; nan where there is no finite derivative. A
    matrix is a read-only NumPy array (a size declared as the literal 1 in the second place is
    dropped, as in emitted code), or a SymPy matrix. `notes` says which steps are at a kink.
    """

    network: str
    exact: bool
    rows: tuple[Row, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...]

    def row(self, symbol: Any) -> Row:
        """The row of a symbol or name; PointError for an unknown one."""
        name = name_of(symbol)
        for row in self.rows:
            if row.name == name:
                return row
        raise PointError(
            f"{name!r} is not in the trace of {self.network!r}",
            hint=did_you_mean(name, [row.name for row in self.rows]),
        )

    def value(self, symbol: Any) -> Any:
        """The value of a declared symbol, a step or the loss."""
        return self.row(symbol).value

    def gradient(self, symbol: Any) -> Any:
        """The derivative of the loss by it, of its shape."""
        return self.row(symbol).gradient

    def __str__(self) -> str:
        from symprop.derivation.tables import trace_text  # it shows what is made here

        return harmless(trace_text(self))


def trace(network: Network, values: Any, *, exact: bool = False) -> Trace:
    """All values and gradients at the point that `values` gives; see `point_of`.

    Raises PointError for values that do not fit, and where a step has no finite real value.
    """
    point = point_of(network, values)
    with deep_expressions():
        course = Course(network)
        numbers = course.at(point, EXACT) if exact else course.rounded(point)
        presented = _Presented(network, numbers, exact)
        return Trace(
            network.name,
            exact,
            tuple(presented.rows()),
            tuple(presented.edges(course)),
            numbers.notes,
        )


class _Presented:
    """Numbers as they are given to the user."""

    def __init__(self, network: Network, numbers: Numbers, exact: bool) -> None:
        self.network = network
        self.numbers = numbers
        self.exact = exact

    def rows(self) -> Iterator[Row]:
        for name, entry in self.network.declared.items():
            yield self._row(name, entry.role, "", entry.shape)
        for name, step in self.network.steps.items():
            role = "loss" if step is self.network.loss_step else "step"
            yield self._row(name, role, text(step.node), step.shape)

    def _row(self, name: str, role: str, formula: str, shape: Shape) -> Row:
        value, gradient = (self.numbers.of.get((kind, name)) for kind in ("value", "gradient"))
        return Row(name, role, formula, self._value(value, shape), self._value(gradient, shape))

    def edges(self, course: Course) -> Iterator[Edge]:
        for edge, node in course.edges.items():
            keys = ("local", *edge), ("gradient", edge[0]), ("downstream", *edge)
            yield Edge(*edge, text(node), *(self._number(self.numbers.of[key]) for key in keys))

    def _value(self, value: Any, shape: Shape) -> Any:
        if not isinstance(value, np.ndarray):
            return None if value is None else self._number(value)
        if self.exact:
            found = [self._number(entry) for entry in entries(value)]
            return sympy.ImmutableDenseMatrix(*value.shape, found)
        array = np.vectorize(self._number, otypes=[float])(value)
        array = array[:, 0] if shape[1] == 1 else array
        array.setflags(write=False)
        return array

    def _number(self, value: Any) -> Any:
        if not self.exact:
            return as_float(value)
        number = sympy.sympify(value)
        return sympy.factor(number) if _is_simple(number) else number


def _is_simple(number: Any) -> bool:
    """Whether an exact number is a short fraction in small powers of e."""
    functions = number.atoms(sympy.Function)
    powers = all(f.func is sympy.exp and f.args[0].is_Integer for f in functions)
    small = powers and all(abs(f.args[0]) <= POWER for f in functions)
    return not number.is_Rational and small and sympy.count_ops(number) <= OPERATIONS
