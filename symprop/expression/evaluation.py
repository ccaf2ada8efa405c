"""Evaluating canonical form numerically, one sample at a time, straight from the formulas.

The slow and simple road, kept apart from lowering and emission so that these can be held against
it. Matrices are two-dimensional arrays, 1 x 1 values are numbers; complex values pass through
wherever the functions are analytic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import sympy

from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import (
    Along,
    Apply,
    Constant,
    Identity,
    Leaf,
    MatMul,
    Node,
    Number,
    Ones,
    Power,
    Product,
    Size,
    Sum,
    Total,
    Transpose,
    walk,
)
from symprop.expression.shapes import numeric_extent
from symprop.functions.vocabulary import AlongAxis, Elementwise

Numeric = Any
Watch = Callable[[Apply, Numeric], None]


def evaluate(
    node: Node,
    values: Mapping[str, Numeric],
    sizes: Mapping[str, int],
    watch: Watch = lambda node, argument: None,
) -> Numeric:
    """The value of `node`; `watch` is shown the argument of every elementwise function."""
    known: dict[Node, Numeric] = {}

    def value(current: Node) -> Numeric:
        if current not in known:
            known[current] = _value(current, list(map(value, current.children)), values, sizes)
            if isinstance(current, Apply):
                watch(current, known[current.children[0]])
        return known[current]

    with deep_expressions():
        return value(node)


def _value(
    node: Node, parts: list[Numeric], values: Mapping[str, Numeric], sizes: Mapping[str, int]
) -> Numeric:
    match node:
        case Leaf():
            return values[node.name]
        case Number():
            return float(node.value)
        case Constant():
            return float(node.symbol)
        case Size():
            return float(numeric_extent(node.extent, dict(sizes)))
        case Ones():
            return np.ones([numeric_extent(extent, dict(sizes)) for extent in node.shape])
        case Identity():
            return np.eye(numeric_extent(node.shape[0], dict(sizes)))
        case Sum():
            return sum(parts[1:], parts[0])
        case Product():
            result = float(node.coefficient)
            for part in parts:
                result = result * part
            return result
        case Power():
            return np.power(parts[0], parts[1])
        case Apply():
            return numeric(node.entry)(parts[0])
        case MatMul():
            product = parts[0]
            for part in parts[1:]:
                product = product @ part
            return product if node.shape else product[0, 0]
        case Transpose():
            return parts[0].T
        case Total():
            if node.axis is None:
                return parts[0].sum()
            return parts[0].sum(axis=node.axis, keepdims=True)
        case Along():
            return _along(node, parts[0])
    raise TypeError(type(node).__name__)


def _along(node: Along, argument: Numeric) -> Numeric:
    column = numeric_along(node.entry, argument.shape[node.axis])
    lines = argument.T if node.axis == 0 else argument
    result = np.array([np.asarray(column(*line)) for line in lines])
    result = result.T if node.axis == 0 else result
    return result if node.shape else result[0, 0]


@cache
def numeric(entry: Elementwise) -> Callable[[Numeric], Numeric]:
    """An elementwise function of the vocabulary, from its formula."""
    return entry.numeric()


@cache
def numeric_along(entry: AlongAxis, length: int) -> Callable[..., Numeric]:
    """A function of whole columns of the vocabulary, from its formula."""
    symbols = list(sympy.symbols(f"z:{length}", real=True))
    function: Callable[..., Numeric] = sympy.lambdify(symbols, entry.value(symbols), "numpy")
    return function


def is_analytic(node: Node) -> bool:
    """Whether `node` has no kinks, so that a complex step differentiates it."""
    return not any(isinstance(n, Apply) and n.entry.kink is not None for n in walk(node))
