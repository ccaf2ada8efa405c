"""Shapes: comparing sizes whatever their symbols stand for, and showing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Expr, expand

from symprop.errors import ShapeError
from symprop.expression.nodes import SCALAR, Extent, Node, Shape


def same(a: Extent, b: Extent) -> bool:
    """Whether two sizes are equal whatever the symbols in them stand for."""
    if a == b:
        return True
    if isinstance(a, int) and isinstance(b, int):
        return False
    return bool(expand(a - b) == 0)


def shape_text(shape: Shape) -> str:
    """A shape as messages show it: "a scalar", "N x 1"."""
    return " x ".join(str(extent) for extent in shape) if shape else "a scalar"


def matrix_shape(rows: Extent, columns: Extent) -> Shape:
    """The shape of a rows x columns matrix; 1 x 1 is a scalar."""
    return SCALAR if rows == 1 and columns == 1 else (rows, columns)


def common_shape(nodes: Iterable[Node], verb: str) -> Shape:
    """The one matrix shape among `nodes`, scalars aside; ShapeError where there are two."""
    shape: Shape = SCALAR
    for node in nodes:
        if not node.shape or node.shape == shape:
            continue
        if shape and not all(map(same, shape, node.shape)):
            raise ShapeError(
                f"cannot {verb} {shape_text(shape)} and {shape_text(node.shape)}",
                hint="transpose one of them, or repeat it by a product with OneMatrix(...)",
            )
        shape = shape or node.shape
    return shape


def numeric_extent(extent: Extent, sizes: Mapping[str, int]) -> int:
    """A size as a whole number, its symbols given by name."""
    if isinstance(extent, int):
        return extent
    value: Expr = extent.subs({symbol: sizes[symbol.name] for symbol in extent.free_symbols})
    return int(value)
