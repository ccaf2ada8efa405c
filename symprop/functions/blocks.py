"""Matrices put together from others: stacking one below the other, and side by side."""

from __future__ import annotations

from typing import Any

from sympy import Add, Integer, S
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from symprop.errors import ShapeError, UnsupportedError
from symprop.functions.classes import as_expression, is_matrix


class StackedMatrix(MatrixExpr):
    """Blocks below one another (axis 0) or side by side (axis 1); the axis is the last argument."""

    @property
    def blocks(self) -> tuple[Any, ...]:
        """The blocks, scalars among them."""
        blocks: tuple[Any, ...] = self.args[:-1]
        return blocks

    @property
    def shape(self) -> Any:
        axis = int(self.args[-1])
        shapes = [block.shape if is_matrix(block) else (S.One, S.One) for block in self.blocks]
        length = Add(*(shape[axis] for shape in shapes))
        return (length, shapes[0][1]) if axis == 0 else (shapes[0][0], length)

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return MatrixElement(self, i, j)

    def _sympystr(self, printer: Any) -> str:
        name = "hstack" if self.args[-1] == 1 else "vstack"
        return f"{name}({', '.join(map(printer.doprint, self.blocks))})"

    def _eval_derivative(self, x: Any) -> Any:
        raise UnsupportedError(
            "SymPy's matrix derivatives do not cover stacked matrices",
            hint="declare a Network and use derive(...)",
        )


def vstack(*blocks: Any) -> Any:
    """Matrices or scalars below one another; all have the same number of columns."""
    return _stacked("vstack", blocks, 0)


def hstack(*blocks: Any) -> Any:
    """Matrices or scalars side by side; all have the same number of rows."""
    return _stacked("hstack", blocks, 1)


def _stacked(name: str, blocks: tuple[Any, ...], axis: int) -> Any:
    if len(blocks) == 1 and isinstance(blocks[0], list | tuple):
        blocks = tuple(blocks[0])
    if not blocks:
        raise ShapeError(f"{name} of nothing", hint=f"write {name}(a, b)")
    return StackedMatrix(*map(as_expression, blocks), Integer(axis))
