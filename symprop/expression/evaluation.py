"""Evaluating canonical form numerically, one sample at a time, straight from the formulas.

The slow and simple road, kept apart from lowering and emission so that these can be held against
it. Matrices are two-dimensional arrays, 1 x 1 values are numbers; complex values pass through
wherever the functions are analytic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from symprop.expression.arithmetic import FLOATS, Arithmetic
from symprop.expression.definition import opened
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
    OfMatrix,
    Ones,
    Place,
    Power,
    Product,
    Size,
    Slice,
    Span,
    Stack,
    Sum,
    Total,
    Transpose,
    Unspecified,
    walk,
)
from symprop.expression.shapes import numeric_extent

Numeric = Any
Watch = Callable[[Apply | Along, list[Numeric]], None]


def evaluate(
    node: Node,
    values: Mapping[str, Numeric],
    sizes: Mapping[str, int],
    watch: Watch = lambda node, arguments: None,
    arithmetic: Arithmetic = FLOATS,
) -> Numeric:
    """The value of `node` in the numbers of `arithmetic`, which are those of `values`.

    `watch` is shown the arguments of every function.
    """
    known: dict[Node, Numeric] = {}

    def value(current: Node) -> Numeric:
        if current not in known:
            parts = list(map(value, current.children))
            known[current] = _value(current, parts, values, sizes, arithmetic)
            if isinstance(current, Apply | Along):
                watch(current, [known[child] for child in current.children])
        return known[current]

    with deep_expressions():
        return value(opened(node))


def _value(
    node: Node,
    parts: list[Numeric],
    values: Mapping[str, Numeric],
    sizes: Mapping[str, int],
    arithmetic: Arithmetic,
) -> Numeric:
    match node:
        case Leaf():
            return values[node.name]
        case Number():
            return arithmetic.number(node.value)
        case Constant():
            return arithmetic.number(node.symbol)
        case Size():
            return arithmetic.number(numeric_extent(node.extent, dict(sizes)))
        case Ones():
            shape = [numeric_extent(extent, dict(sizes)) for extent in node.shape]
            return arithmetic.array(np.ones(shape))
        case Identity():
            return arithmetic.array(np.eye(numeric_extent(node.shape[0], dict(sizes))))
        case Sum():
            return sum(parts[1:], parts[0])
        case Product():
            result = arithmetic.number(node.coefficient)
            for part in parts:
                result = scaled(result, part)
            return result
        case Power():
            return arithmetic.power(parts[0], parts[1])
        case Apply():
            return arithmetic.elementwise(node.entry)(*parts)
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
            return _along(node, parts[0], arithmetic)
        case OfMatrix():
            return arithmetic.of_matrix(node.entry)(parts[0])
        case Slice():
            part = parts[0][_index(node.spans, sizes)]
            return part if node.shape else part[0, 0]
        case Place():
            shape = [numeric_extent(extent, sizes) for extent in node.shape]
            placed = arithmetic.array(np.zeros(shape, dtype=np.asarray(parts[0]).dtype))
            placed[_index(node.spans, sizes)] = parts[0]
            return placed
        case Stack():
            return np.concatenate([np.atleast_2d(part) for part in parts], axis=node.axis)
        case Unspecified():
            return arithmetic.unspecified(node, parts, sizes)
    raise TypeError(type(node).__name__)


def scaled(one: Numeric, other: Numeric) -> Numeric:
    """A product with a number, or entry by entry; mpmath would spell out a matrix behind it."""
    return other * one if isinstance(other, np.ndarray) else one * other


def _index(spans: tuple[Span, Span], sizes: Mapping[str, int]) -> tuple[slice, slice]:
    rows, columns = (
        slice(numeric_extent(span.start, sizes), numeric_extent(span.stop, sizes), span.step)
        for span in spans
    )
    return rows, columns


def _along(node: Along, argument: Numeric, arithmetic: Arithmetic) -> Numeric:
    column = arithmetic.column(node.entry, argument.shape[node.axis])
    lines = argument.T if node.axis == 0 else argument
    result = np.array([np.asarray(column(*line)) for line in lines])
    result = result.T if node.axis == 0 else result
    return result if node.shape else result[0, 0]


def side_of_kink(node: Apply | Along, arguments: list[Numeric]) -> Numeric:
    """What changes where a function with a kink has no derivative: a sign, or the largest entry."""
    if isinstance(node, Along):
        which = Along(node.children[0].shape, node.children, (node.entry.kink, node.axis))
        return _along(which, arguments[0], FLOATS)
    kink = FLOATS.formula(node.entry.arguments, node.entry.kink)
    return np.sign(kink(*map(np.real, arguments)))


def is_analytic(node: Node) -> bool:
    """Whether `node` has no kinks, so that a complex step differentiates it."""
    found = walk(opened(node))
    return not any(isinstance(n, Apply | Along) and n.entry.kink is not None for n in found)
