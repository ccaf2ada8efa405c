"""Making slices and blocks: some rows and columns, and matrices put together from others.

Canonical means here: a slice goes to what it is a slice of, blocks of blocks are one row of blocks,
and neighbouring slices are one again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symprop.errors import ShapeError
from symprop.expression.algebra import (
    ONE,
    ZERO,
    add,
    apply,
    filled,
    matmul,
    multiply,
    power,
    split_coefficient,
    transpose,
    transposed,
)
from symprop.expression.matrices import scaled
from symprop.expression.nodes import (
    Apply,
    Extent,
    MatMul,
    Node,
    Number,
    Ones,
    Place,
    Power,
    Product,
    Shape,
    Slice,
    Span,
    Stack,
    Sum,
    Transpose,
)
from symprop.expression.shapes import matrix_shape, same, shape_text

# -- slices, and their adjoints -------------------------------------------------------------------


def whole(extent: Extent) -> Span:
    """All places along an axis."""
    return Span(0, extent)


def _is_whole(span: Span, extent: Extent) -> bool:
    return span.start == 0 and span.step == 1 and same(span.stop, extent)


def slice_of(node: Node, rows: Span, columns: Span) -> Node:
    """Some rows and columns of a matrix."""
    if not node.shape or all(map(_is_whole, (rows, columns), node.shape)):
        return node
    shape = matrix_shape(rows.extent, columns.extent)
    match node:
        case Ones():
            return filled(ONE, shape)
        case Sum():
            return filled(add(*(slice_of(term, rows, columns) for term in node.children)), shape)
        case Product():
            parts = [slice_of(factor, rows, columns) for factor in node.children]
            return filled(multiply(Number(node.coefficient), *parts), shape)
        case Power():
            return power(slice_of(node.base, rows, columns), node.exponent)
        case Apply():
            return apply(node.entry, *(slice_of(part, rows, columns) for part in node.children))
        case Transpose():
            return transpose(slice_of(node.children[0], columns, rows))
        case MatMul():
            first, *inner, last = node.children
            left = slice_of(first, rows, whole(first.shape[1]))
            right = slice_of(last, whole(last.shape[0]), columns)
            return matmul(left, *inner, right)
        case Slice():
            composed = [_composed(a, b) for a, b in zip(node.spans, (rows, columns), strict=True)]
            return slice_of(node.children[0], *composed)
        case Place() if node.spans == (rows, columns):
            return node.children[0]
        case Stack():
            found = _slice_of_stack(node, rows, columns)
            if found is not None:
                return found
    return Slice(shape, (node,), (rows, columns))


def _composed(outer: Span, inner: Span) -> Span:
    """The places that the places `inner` of the places `outer` are."""
    start = outer.start + inner.start * outer.step
    last = outer.start + (inner.stop - 1) * outer.step
    return Span(start, last + 1, outer.step * inner.step)


def _slice_of_stack(node: Stack, rows: Span, columns: Span) -> Node | None:
    """The blocks that a slice goes through, if it is known where they begin."""
    spans = [rows, columns]
    wanted = spans[node.axis]
    if wanted.step != 1:
        return None
    parts: list[Node] = []
    at: Extent = 0
    begun = False
    for block in node.children:
        end = at + extent_along(block, node.axis)
        inside = _meeting(wanted, at, end)
        if inside is None:
            return None
        start, stop = inside
        if start is not None:
            spans[node.axis] = Span(start, stop)
            parts.append(slice_of(block, *spans) if block.shape else block)
            begun = True
        elif begun:
            break
        at = end
    return stack(parts, node.axis) if parts else None


def _meeting(wanted: Span, at: Extent, end: Extent) -> tuple[Extent | None, Extent] | None:
    """The part of a block from `at` to `end` that is wanted, counted from `at`.

    (None, 0): nothing of it. None: that depends on the sizes.
    """
    before = sign_of(wanted.stop - at)
    after = sign_of(end - wanted.start)
    if before is None or after is None:
        return None
    if before <= 0 or after <= 0:
        return None, 0
    first, last = sign_of(wanted.start - at), sign_of(end - wanted.stop)
    if first is None or last is None:
        return None
    start = wanted.start - at if first > 0 else 0
    return start, (wanted.stop if last > 0 else end) - at


def sign_of(difference: Extent) -> int | None:
    """The sign of a difference of sizes: -1, 0 or 1; None where that depends on the sizes."""
    if isinstance(difference, int):
        return (difference > 0) - (difference < 0)
    simple = difference.expand()
    if simple.is_zero:
        return 0
    if simple.is_positive:
        return 1
    return -1 if simple.is_negative else None


def place(node: Node, rows: Span, columns: Span, shape: Shape) -> Node:
    """A matrix of zeros of `shape` with `node` at some rows and columns."""
    if node == ZERO:
        return filled(ZERO, shape)
    coefficient, rest = split_coefficient(node)
    if coefficient != 1 and isinstance(node, Product):
        return multiply(Number(coefficient), place(rest, rows, columns, shape))
    if all(map(_is_whole, (rows, columns), shape)):
        return filled(node, shape)
    return Place(shape, (node,), (rows, columns))


@transposed.register
def _(node: Place, inner: Callable[[Node], Node]) -> Node:
    rows, columns = node.spans
    return place(inner(node.children[0]), columns, rows, node.shape[::-1])


def fitted_together(terms: Sequence[Node]) -> list[Node]:
    """Terms of a sum in which parts placed beside one another, no row left out, are a stack."""
    placed = [term for term in terms if term.shape and isinstance(scaled(term)[1], Place)]
    if len(placed) < 2:
        return list(terms)
    for axis in (0, 1):
        joined = _stacked_places(placed, axis)
        if joined is not None:
            return [joined, *(term for term in terms if term not in placed)]
    return list(terms)


def _stacked_places(placed: Sequence[Node], axis: int) -> Node | None:
    """A sum of places as a stack along an axis, or None where they do not fill the matrix."""
    shape = placed[0].shape
    parts: dict[Span, list[Node]] = {}
    for term in placed:
        scalar, found = scaled(term)
        assert isinstance(found, Place)
        along, across = found.spans[axis], found.spans[1 - axis]
        if along.step != 1 or not _is_whole(across, shape[1 - axis]):
            return None
        parts.setdefault(along, []).append(multiply(scalar, found.children[0]))
    blocks: list[Node] = []
    at: Extent = 0
    while parts:
        span = next((span for span in parts if same(span.start, at)), None)
        if span is None:
            return None
        block = matrix_shape(*(span.extent if i == axis else shape[i] for i in (0, 1)))
        blocks.append(filled(add(*parts.pop(span)), block))
        at = span.stop
    return stack(blocks, axis) if same(at, shape[axis]) else None


# -- blocks ---------------------------------------------------------------------------------------


def extent_along(block: Node, axis: int) -> Extent:
    """The rows (axis 0) or columns (axis 1) of a block; 1 of a scalar."""
    return block.shape[axis] if block.shape else 1


def stack(blocks: Sequence[Node], axis: int) -> Node:
    """Blocks below one another (axis 0) or side by side (axis 1).

    Raises ShapeError where their other sizes differ.
    """
    flat = [
        part
        for block in blocks
        for part in (block.children if _is_stack(block, axis) else (block,))
    ]
    across = 1 - axis
    other = extent_along(flat[0], across)
    for block in flat:
        if not same(extent_along(block, across), other):
            shapes = " and ".join(_block_text(shown) for shown in (flat[0], block))
            raise ShapeError(
                f"cannot {('stack', 'put side by side')[axis]} {shapes}",
                hint=f"they need the same number of {('columns', 'rows')[axis]}: transpose one, or "
                f"use {('hstack', 'vstack')[axis]}",
            )
    if len(flat) == 1:
        return flat[0]
    length = _sum_of([extent_along(block, axis) for block in flat])
    shape = (length, other) if axis == 0 else (other, length)
    if all(isinstance(block, Ones) or block == ONE for block in flat):
        return Ones(shape)
    joined = _joined_slices(flat, axis)
    return Stack(shape, tuple(flat), (axis,)) if joined is None else joined


def _is_stack(node: Node, axis: int) -> bool:
    return isinstance(node, Stack) and node.axis == axis


def _block_text(block: Node) -> str:
    return shape_text(block.shape) if block.shape else "1 x 1"


def _sum_of(extents: Sequence[Extent]) -> Extent:
    length = extents[0]
    for extent in extents[1:]:
        length = length + extent
    return int(length) if not isinstance(length, int) and length.is_Integer else length


def _joined_slices(blocks: Sequence[Node], axis: int) -> Node | None:
    """A[0:2, :] above A[2:k, :] is A[0:k, :]."""
    first = blocks[0]
    if not isinstance(first, Slice):
        return None
    at = first.spans[axis].start
    for block in blocks:
        if not isinstance(block, Slice) or block.children != first.children:
            return None
        along, across = block.spans[axis], block.spans[1 - axis]
        if across != first.spans[1 - axis] or along.step != 1 or not same(along.start, at):
            return None
        at = along.stop
    spans = list(first.spans)
    spans[axis] = Span(first.spans[axis].start, at)
    return slice_of(first.children[0], *spans)


@transposed.register
def _(node: Stack, inner: Callable[[Node], Node]) -> Node:
    entries = _entries(node)
    if entries is not None:
        return stack([stack(column, 1) for column in zip(*entries, strict=True)], 0)
    return stack([inner(block) for block in node.children], 1 - node.axis)


def _entries(node: Stack) -> list[Sequence[Node]] | None:
    """The entries of a matrix given entry by entry, row by row; None of any other."""
    if node.axis == 1:
        return None if any(entry.shape for entry in node.children) else [node.children]
    rows = [row.children if _is_stack(row, 1) else (row,) for row in node.children]
    return None if any(entry.shape for row in rows for entry in row) else list(rows)
