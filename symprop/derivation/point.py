"""One point: a value for every declared symbol, from numbers, lists, arrays or SymPy matrices.

Numbers are kept exact: an int, a Fraction or a constant of SymPy. A float is the decimal that it is
written as, so 0.1 is 1/10. A matrix is a two-dimensional array of objects; a 1 x 1 is a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np
import sympy
from sympy import Expr
from sympy.matrices.matrixbase import MatrixBase

from symprop.declaration import Declared, by_name, did_you_mean, size_value
from symprop.errors import PointError
from symprop.expression.nodes import Extent
from symprop.expression.shapes import numeric_extent, shape_text
from symprop.network import Network

TOLERANCE = 1e-9
"""Labels given as floats may miss their sum of 1 by so much."""


@dataclass(frozen=True)
class Point:
    """The value of every declared name, and the sizes that the values show."""

    values: Mapping[str, Any]
    sizes: Mapping[str, int]


def point_of(network: Network, given: Any) -> Point:
    """The point at which every input, target and weight has its given value.

    `given` maps symbols or names to values: a number for a scalar; for a column or row a list or
    array of its entries; for a matrix a list of rows, an array or a SymPy matrix. Hyperparameters
    have their default values. Raises PointError for what is missing, superfluous or misshapen.
    """
    found = by_name("values", given)
    if len(found) < len(given or {}):
        raise PointError("a symbol and its name both have a value", hint="give one of them")
    for name in found:
        _check_name(network, name)
    missing = [
        entry for entry in network.declared.values()
        if entry.name not in found and entry.role != "hyperparameter"
    ]  # fmt: skip
    if missing:
        listed = ", ".join(f"{entry.role} {entry.name}" for entry in missing)
        raise PointError(
            f"no value is given for {listed}",
            hint="every input, target and weight needs one",
        )
    sizes = {name: size_value(name, found[name]) for name in network.size_symbols if name in found}
    arrays = {}
    for name, entry in network.declared.items():
        value = found.get(name, network.hyperparameters.get(name))
        arrays[name] = _matrix(entry, _array(name, value))
    _show_sizes(network, arrays, sizes)
    _check_shapes(network, arrays, sizes)
    for name, kind in network.labels.items():
        _check_labels(name, kind, arrays[name], network.declared[name].leaf.sums_to_one)
    values = {
        name: array if network.declared[name].leaf.shape else array.item()
        for name, array in arrays.items()
    }
    return Point(values, sizes)


def _check_name(network: Network, name: str) -> None:
    if name in network.steps:
        raise PointError(f"{name!r} is a step: its value follows", hint="leave it out")
    if name not in network.declared and name not in network.size_symbols:
        raise PointError(
            f"{name!r} is not a declared symbol", hint=did_you_mean(name, network.declared)
        )


# -- numbers --------------------------------------------------------------------------------------


def _array(name: str, value: Any) -> Any:
    """Numbers as an array of objects, of the dimensions in which they were given."""
    if isinstance(value, MatrixBase):
        value = value.tolist()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        return np.array(_number(name, value), dtype=object)
    parts = [_array(name, part) for part in value]
    if len({part.shape for part in parts}) != 1:
        raise PointError(
            f"the value of {name} is no matrix: its rows have different lengths"
            if parts
            else f"the value of {name} is empty",
            hint="give a list of rows of equal lengths",
        )
    return np.array([part.tolist() for part in parts], dtype=object).reshape(
        len(parts), *parts[0].shape
    )


def _number(name: str, value: Any) -> Any:
    """A number as int, Fraction or constant of SymPy."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, int | Fraction):
        return Fraction(plain)
    if isinstance(plain, float | Decimal) and isfinite(plain):
        return Fraction(repr(plain) if isinstance(plain, float) else plain)
    if isinstance(plain, Expr) and plain.is_number and plain.is_real and plain.is_finite:
        return Fraction(str(plain)) if plain.is_Rational or plain.is_Float else plain
    raise PointError(
        f"the value of {name} holds {str(value)[:40]!r}, which is no finite real number",
        hint="give numbers, lists of numbers, arrays or SymPy matrices",
    )


# -- shapes ---------------------------------------------------------------------------------------


def _matrix(entry: Declared, array: Any) -> Any:
    """The array in two dimensions where a matrix is declared; a list is a row or a column."""
    if array.ndim == 1 and len(entry.shape) == 2:
        rows, columns = entry.shape
        if columns == 1:
            return array.reshape(-1, 1)
        if rows == 1:
            return array.reshape(1, -1)
    if entry.shape == (1, 1) and array.ndim == 0:
        return array.reshape(1, 1)
    if array.ndim != len(entry.shape):
        raise _misshapen(entry, array, {})
    return array


def _misshapen(entry: Declared, array: Any, sizes: Mapping[str, int]) -> PointError:
    known = [
        f"{symbol} = {sizes[symbol.name]}"
        for extent in entry.shape if isinstance(extent, Expr)
        for symbol in sorted(extent.free_symbols, key=str) if symbol.name in sizes
    ]  # fmt: skip
    shown = f" with {', '.join(dict.fromkeys(known))}" if known else ""
    given = {0: "a number", 1: f"a list of {array.size}"}.get(array.ndim, "")
    given = given or " x ".join(map(str, array.shape))
    example = {0: "a number", 2: "a list of rows"}[len(entry.shape)]
    if len(entry.shape) == 2 and 1 in entry.shape:
        example = "a list of its entries"
    fits = array.ndim == len(entry.shape) and known
    return PointError(
        f"{entry.name} is declared {shape_text(entry.shape)}{shown}, but its value is {given}",
        hint="give values of one size each to all that have it" if fits else f"give {example}",
    )


def _show_sizes(network: Network, arrays: Mapping[str, Any], sizes: dict[str, int]) -> None:
    """Find the sizes: those that stand alone first, then those in sums such as N + 1."""
    for alone in (True, False):
        for name, entry in network.declared.items():
            for extent, length in zip(entry.shape, arrays[name].shape, strict=True):
                unknown = [s for s in _symbols(extent) if s.name not in sizes]
                if len(unknown) == 1 and (not alone or extent == unknown[0]):
                    known = {s: sizes[s.name] for s in _symbols(extent) if s.name in sizes}
                    left = sympy.S(extent).subs(known) - length
                    solutions = sympy.solve(left, unknown[0])
                    if len(solutions) == 1 and solutions[0].is_Integer and solutions[0] > 0:
                        sizes[unknown[0].name] = int(solutions[0])


def _symbols(extent: Extent) -> list[Any]:
    return sorted(extent.free_symbols, key=str) if isinstance(extent, Expr) else []


def _check_shapes(network: Network, arrays: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
    unknown = [name for name in network.size_symbols if name not in sizes]
    if unknown:
        raise PointError(
            f"the values do not show the size {unknown[0]}",
            hint=f"give it beside them, as {unknown[0]}=3",
        )
    for name, entry in network.declared.items():
        shape = tuple(numeric_extent(extent, sizes) for extent in entry.shape)
        if arrays[name].shape != shape:
            raise _misshapen(entry, arrays[name], sizes)


def _check_labels(name: str, kind: str, array: Any, axis: int | None) -> None:
    """What labels are declared to be, the gradients are simplified by."""
    allowed = {"binary": (0, 1), "one-hot": (0, 1), "signed": (-1, 1)}.get(kind)
    fits = allowed is None or all(entry in allowed for entry in array.flat)
    if axis is not None:
        fits = fits and all(abs(total - 1) <= TOLERANCE for total in array.sum(axis=axis).flat)
        fits = fits and all(entry >= 0 for entry in array.flat)
    if not fits:
        raise PointError(
            f"{name} is declared {kind}, and its value is not", hint=LABELS.get(kind, "")
        )


LABELS = {
    "binary": "give 0 or 1",
    "signed": "give -1 or 1",
    "one-hot": "give a 1 for the class and 0 for all others",
    "probabilities": "give numbers from 0 on that sum to 1",
}
