"""Operations that take matrices apart and put them together: slices, stacks, blocks, entries."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy
from sympy import BlockMatrix, Matrix

import symprop.functions as F
from twins.maker import MATRICES, SPREAD, Impossible, Maker, Shape, Twin, listed


def _part(maker: Maker, extent: Any) -> tuple[Any, Any, slice]:
    """A larger extent and the places in it that leave `extent`: as a user and as NumPy writes."""
    rng = maker.rng
    if extent == 1:
        whole = maker.extent()
        size = maker.number(whole)
        place = rng.randrange(size if isinstance(whole, int) else 1)
        written = rng.choice([place, place, slice(place, place + 1)])
        if rng.random() < 0.3:
            place, written = size - 1, rng.choice([whole - 1, -1])
        return whole, written, slice(place, place + 1)
    if not isinstance(extent, int) or rng.random() < 0.3:
        return extent, slice(None), slice(None)
    whole = rng.choice([extent, *(e for e in maker.extents if isinstance(e, int) and e > extent)])
    step = rng.choice([s for s in (1, 2) if extent * s <= whole])
    length = extent * step  # of slices that end sooner SymPy gets the shape wrong
    start = rng.randint(0, whole - length)
    part = slice(start, start + length, step)
    return whole, part, part


@listed(MATRICES, 2)
def _slice(maker: Maker, shape: Shape, depth: int) -> Twin:
    if shape == SPREAD:
        raise Impossible
    (rows, i, p), (columns, j, q) = _part(maker, shape[0]), _part(maker, shape[1])
    if (rows, columns) == shape:
        raise Impossible
    a = maker.entry((rows, columns), min(depth, 1))
    return Twin(a.sympy[i, j], lambda v: a.value(v)[p, q], shape)


def _divided(maker: Maker, extent: Any) -> tuple[Any, Any]:
    """Two parts of a whole extent."""
    if isinstance(extent, int) and extent > 1:
        first = maker.rng.randrange(1, extent)
        return first, extent - first
    if isinstance(extent, sympy.Add) and len(extent.args) == 2:
        return extent.args[0], extent.args[1]
    raise Impossible


@listed(MATRICES, 2)
def _stack(maker: Maker, shape: Shape, depth: int) -> Twin:
    axis = maker.rng.choice([0, 1])
    first, second = _divided(maker, shape[axis])
    shapes = [(e, shape[1]) if axis == 0 else (shape[0], e) for e in (first, second)]
    a, b = (maker.entry(s, depth) for s in shapes)
    kind = maker.rng.choice(["stack", "stack", "block"])
    if kind == "block":
        blocks = [[a.sympy], [b.sympy]] if axis == 0 else [[a.sympy, b.sympy]]
        expression = BlockMatrix(blocks)
    else:
        expression = (F.vstack if axis == 0 else F.hstack)(a.sympy, b.sympy)
    return Twin(expression, lambda v: np.concatenate([a.value(v), b.value(v)], axis=axis), shape)


@listed(MATRICES)
def _four_blocks(maker: Maker, shape: Shape, depth: int) -> Twin:
    rows, columns = _divided(maker, shape[0]), _divided(maker, shape[1])
    a, b, c, d = (maker.entry((r, k), depth) for r in rows for k in columns)
    return Twin(
        BlockMatrix([[a.sympy, b.sympy], [c.sympy, d.sympy]]),
        lambda v: np.block([[a.value(v), b.value(v)], [c.value(v), d.value(v)]]),
        shape,
    )


@listed(MATRICES)
def _part_of_stack(maker: Maker, shape: Shape, depth: int) -> Twin:
    """A slice with symbolic bounds."""
    extent, columns = maker.extent(), shape[1]
    a, b = maker.entry(shape, depth), maker.entry((extent, columns), depth)
    size, beside = maker.numbers((shape[0], extent))
    if maker.rng.random() < 0.5:
        spelled = F.vstack(a.sympy, b.sympy)[: shape[0], :]
        return Twin(spelled, lambda v: np.vstack([a.value(v), b.value(v)])[:size], shape)
    spelled = F.vstack(b.sympy, a.sympy)[extent:, :]
    return Twin(spelled, lambda v: np.vstack([b.value(v), a.value(v)])[beside:], shape)


@listed(MATRICES)
def _product_of_stacks(maker: Maker, shape: Shape, depth: int) -> Twin:
    p, q = maker.extent(), maker.extent()
    a, b = maker.entry((shape[0], p), depth), maker.entry((shape[0], q), 0)
    c, d = maker.entry((p, shape[1]), depth), maker.entry((q, shape[1]), 0)
    return Twin(
        F.hstack(a.sympy, b.sympy) * F.vstack(c.sympy, d.sympy),
        lambda v: a.value(v) @ c.value(v) + b.value(v) @ d.value(v),
        shape,
    )


@listed(MATRICES)
def _explicit(maker: Maker, shape: Shape, depth: int) -> Twin:
    """A matrix of scalars, written out."""
    if not all(isinstance(extent, int) for extent in shape) or shape == SPREAD:
        raise Impossible
    rows, columns = shape
    entries = [[maker.scalar(min(depth, 1)) for _ in range(columns)] for _ in range(rows)]
    written = Matrix([[entry.sympy for entry in row] for row in entries])
    spelled = maker.rng.choice([written, written.as_immutable()])
    return Twin(
        spelled,
        lambda v: np.array([[entry.value(v) for entry in row] for row in entries]),
        shape,
    )
