"""What makes random expressions: a pool of names to make them of, and tables of operations.

An operation makes an expression of a given shape from smaller ones, in SymPy and in NumPy. The
tables are filled where the operations stand: `entrywise`, `matrices`, `scalars`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from traceback import extract_tb
from typing import Any

import numpy as np
import sympy
from sympy import Expr, Identity, MatrixSymbol, OneMatrix, Rational, Symbol

Pairs = list[tuple[Any, Any]]
"""Functions of SymPy and of NumPy, side by side."""
Shape = tuple[Any, ...]
Values = Mapping[str, Any]
SCALAR: Shape = ()
SPREAD: Shape = (1, 1)

NUMBERS = [2, 3, -1, Rational(1, 2), Rational(-3, 2), 0.5, 1.25, 4]
LARGEST = 30.0
"""Expressions whose values go beyond this are not built on: their digits would be lost later."""


def raised_by_sympy(error: Exception) -> bool:
    """Whether SymPy stumbles over its own: it takes parts of matrices for numbers, loses shapes."""
    return "sympy" in Path(extract_tb(error.__traceback__)[-1].filename).parts


class Impossible(Exception):
    """An operation that the names at hand or the shape do not allow; another one is tried."""


@dataclass(frozen=True)
class Twin:
    """A SymPy expression, its value as a function of the values of all names, and its shape."""

    sympy: Any
    value: Callable[[Values], Any]
    shape: Shape


def named(name: str, shape: Shape) -> Twin:
    symbol = MatrixSymbol(name, *shape) if shape else Symbol(name, real=True)
    return Twin(symbol, lambda values: values[name], shape)


def transposed(twin: Twin) -> Twin:
    return Twin(twin.sympy.T, lambda v: twin.value(v).T, twin.shape[::-1])


def _multiplied(a: Twin, b: Twin, values: Values) -> Any:
    return a.value(values) @ b.value(values)


Operation = Callable[["Maker", Shape, int], Twin]
ENTRYWISE: list[Operation] = []
"""Operations on scalars and matrices alike."""
MATRICES: list[Operation] = []
"""Operations that make matrices."""
SCALARS: list[Operation] = []
"""Operations that make a scalar from matrices."""


def listed(table: list[Operation], weight: int = 1) -> Callable[[Operation], Operation]:
    """Puts an operation into a table, `weight` times."""

    def put(operation: Operation) -> Operation:
        table.extend([operation] * weight)
        return operation

    return put


@dataclass
class Maker:
    """Draws expressions over `leaves`; those of `regular` are matrices that have an inverse.

    `values` are those of all names at one point: what is made is looked at there. `labelled` are
    the targets with labels, which not every loss takes.
    """

    rng: Random
    extents: list[Any]
    sizes: dict[str, int]
    values: dict[str, Any] = field(default_factory=dict)
    leaves: list[Twin] = field(default_factory=list)
    regular: list[Twin] = field(default_factory=list)
    labelled: Collection[str] = ()

    def pair(self, pairs: Pairs) -> tuple[Any, Any]:
        return self.rng.choice(pairs)

    def number(self, extent: Any) -> int:
        """An extent as a whole number."""
        if isinstance(extent, Expr):
            extent = extent.subs({s: self.sizes[s.name] for s in extent.free_symbols})
        return int(extent)

    def numbers(self, shape: Shape) -> tuple[int, ...]:
        return tuple(map(self.number, shape))

    def extent(self) -> Any:
        """An extent other than a literal 1; Impossible among scalars."""
        if not self.extents:
            raise Impossible
        return self.rng.choice(self.extents)

    def shape(self) -> Shape:
        """A shape at random: scalars, columns, rows, 1 x 1, matrices."""
        place = self.rng.random()
        if not self.extents or place < 0.25:
            return SCALAR
        a, b = self.extent(), self.extent()
        if place < 0.6:
            return (a, 1)
        return (1, a) if place < 0.68 else SPREAD if place < 0.71 else (a, b)

    def matrix_shape(self) -> Shape:
        a, b = self.extent(), self.extent()
        shapes: list[Shape] = [(a, 1), (a, b), (a, b), (a, a), (1, a)]
        return self.rng.choice(shapes)

    def entry(self, shape: Shape, depth: int) -> Twin:
        """An expression of this shape, of at most `depth` operations on one route."""
        if depth <= 0:
            return self.leaf(shape)
        operations = ENTRYWISE + (MATRICES if shape else SCALARS if self.extents else [])
        for _ in range(40):
            try:
                twin = self.rng.choice(operations)(self, shape, depth - 1)
                with np.errstate(all="ignore"):
                    value = np.asarray(twin.value(self.values))
            except Impossible:
                continue
            except (TypeError, ValueError, NotImplementedError) as error:
                if not raised_by_sympy(error):
                    raise
                continue
            assert twin.shape == shape, (twin.sympy, twin.shape, shape)
            assert value.shape == self.numbers(shape), (twin.sympy, value.shape, shape)
            if np.isfinite(value).all() and np.abs(value).max(initial=0) < LARGEST:
                return twin
        return self.leaf(shape)

    def scalar(self, depth: int) -> Twin:
        return self.entry(SCALAR, depth)

    def any_matrix(self, depth: int) -> Twin:
        return self.entry(self.matrix_shape(), depth)

    # -- leaves -------------------------------------------------------------------------------

    def leaf(self, shape: Shape) -> Twin:
        """A name of this shape, or one that is transposed, or a constant."""
        if not shape:
            return self._scalar_leaf()
        found = [twin for twin in self.leaves if twin.shape == shape]
        turned = [twin for twin in self.leaves if twin.shape == shape[::-1]]
        place = self.rng.random()
        if found and place < 0.6:
            return self.rng.choice(found)
        if turned and place < 0.85:
            return transposed(self.rng.choice(turned))
        if shape[0] == shape[1] != 1 and self.rng.random() < 0.3:
            return self.identity(shape[0])
        joined = self._joined(shape) if self.rng.random() < 0.9 else []
        return self.rng.choice(joined) if joined else self.ones(shape)

    def _joined(self, shape: Shape) -> list[Twin]:
        """Products of two names, transposed or not."""
        matrices = [twin for twin in self.leaves if twin.shape]
        matrices += [transposed(twin) for twin in matrices]
        return [
            Twin(a.sympy * b.sympy, partial(_multiplied, a, b), shape)
            for a in matrices
            for b in matrices
            if (a.shape[0], b.shape[1]) == shape and a.shape[1] == b.shape[0]
        ]

    def named_leaf(self, shape: Shape) -> Twin:
        """A name of this shape."""
        found = [twin for twin in self.leaves if twin.shape == shape]
        if not found:
            raise Impossible
        return self.rng.choice(found)

    def ones(self, shape: Shape) -> Twin:
        """A scalar in every entry."""
        scalar, numbers = self._scalar_leaf(), self.numbers(shape)
        return Twin(
            scalar.sympy * OneMatrix(*shape), lambda v: scalar.value(v) * np.ones(numbers), shape
        )

    def identity(self, extent: Any) -> Twin:
        size = self.number(extent)
        return Twin(Identity(extent), lambda v: np.eye(size), (extent, extent))

    def _scalar_leaf(self) -> Twin:
        scalars = [twin for twin in self.leaves if not twin.shape]
        place = self.rng.random()
        if scalars and place < 0.75:
            return self.rng.choice(scalars)
        if self.extents and place < 0.8:
            extent = self.extent()
            size = self.number(extent)
            return Twin(sympy.S(1) / extent, lambda v: 1 / size, SCALAR)
        number = self.rng.choice([*NUMBERS, sympy.pi / 2])
        return Twin(sympy.sympify(number), lambda v: float(number), SCALAR)
