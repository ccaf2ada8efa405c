"""Jacobians written out entry by entry, where all sizes are whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import sympy
from sympy import Add, ImmutableMatrix, gcd_terms

from symprop.derivation.jacobian import UPSTREAM, Jacobians
from symprop.errors import DerivationError
from symprop.expression.arithmetic import Arithmetic
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node, Place, Shape, Slice, leaves, walk
from symprop.expression.shapes import shape_text
from symprop.functions.classes import is_matrix
from symprop.functions.vocabulary import EntryByEntry
from symprop.network import Network, Step


def explicit_jacobian(jacobians: Jacobians, step: Step, argument: Leaf) -> ImmutableMatrix:
    """The derivative of a step by what it depends on, entry by entry.

    Below one another, for each entry of the step row by row, stands its derivative by the argument:
    a row for a number, a column or a row; for a matrix the gradient in its shape, so that the row
    (i, k), column j of dh/dW holds dh_i/dw_kj. Raises DerivationError for symbolic sizes.
    """
    g = Leaf(UPSTREAM, step.shape, "argument")
    gradient = jacobians.gradient(step, argument, g)
    for node in (argument, *walk(gradient)):
        if not has_whole_sizes(g, node):
            raise DerivationError(
                f"d({step.name})/d({argument.name}), {shape_text(step.shape)} by "
                f"{shape_text(argument.shape)}, is written out entry by entry",
                hint=f"declare whole numbers for the sizes, or ask for upstream({argument.name})",
            )
    values = {
        leaf.name: _entries(jacobians.network, leaf) for leaf in leaves(gradient) if leaf != g
    }
    rows: list[list[Any]] = []
    for unit in _units(step.shape):
        found = evaluate(gradient, values | {UPSTREAM: unit}, {}, arithmetic=SYMBOLS)
        block = np.atleast_2d(np.asarray(found, dtype=object))
        block = block.T if block.shape[1] == 1 else block
        rows.extend([_short(entry) for entry in row] for row in block)
    return ImmutableMatrix(rows)


def has_whole_sizes(*values: Node | Step) -> bool:
    """Whether all sizes of some values are whole numbers."""
    return all(isinstance(extent, int) for value in values for extent in value.shape)


def picks_entries(node: Node) -> bool:
    """Whether rows or columns are picked in an expression, which is shorter entry by entry."""
    return any(isinstance(found, Slice | Place) for found in walk(node))


def _entries(network: Network, leaf: Leaf) -> Any:
    """The user's symbol for a name, a matrix as an array of its entries."""
    symbol = network.symbols[leaf.name]
    if not leaf.shape:
        return symbol[0, 0] if is_matrix(symbol) else symbol
    rows, columns = (int(extent) for extent in leaf.shape)
    return np.array([[symbol[i, j] for j in range(columns)] for i in range(rows)], dtype=object)


def _units(shape: Shape) -> Iterator[Any]:
    """A one in each entry, row by row, and zeros elsewhere; the number 1 for a number."""
    if not shape:
        yield sympy.S.One
        return
    zeros = np.full([int(extent) for extent in shape], sympy.S.Zero, dtype=object)
    for place in np.ndindex(*zeros.shape):
        unit = zeros.copy()
        unit[place] = sympy.S.One
        yield unit


def _short(entry: Any) -> Any:
    """p - p**2 as p*(1 - p)."""
    entry = sympy.sympify(entry)
    return gcd_terms(entry) if isinstance(entry, Add) else entry


class _Symbols(Arithmetic):
    """Expressions of SymPy, in which functions keep their names."""

    def elementwise(self, entry: EntryByEntry) -> Callable[..., Any]:
        return np.frompyfunc(entry, len(entry.arguments), 1)


def _number(value: Any) -> Any:
    exact = isinstance(value, Fraction)
    return sympy.Rational(value.numerator, value.denominator) if exact else sympy.sympify(value)


def _of_matrix(entry: Any) -> Callable[[Any], Any]:
    def value(matrix: Any) -> Any:
        found = entry.exact(sympy.Matrix(matrix))
        return np.array(found.tolist(), dtype=object) if is_matrix(found) else found

    return value


SYMBOLS = _Symbols(
    number=_number,
    array=np.frompyfunc(lambda whole: sympy.Integer(int(whole)), 1, 1),
    power=np.frompyfunc(pow, 2, 1),
    formula=lambda symbols, formula: sympy.Lambda(symbols, formula),
    column=lambda entry, length: lambda *line: entry.value(list(line)),
    of_matrix=_of_matrix,
)
