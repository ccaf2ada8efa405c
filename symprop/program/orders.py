"""The order of axes in memory.

Values that are reduced over a short row lie sample last.

A sum or a maximum over ten classes is ten passes over the samples where the samples lie side by
side, and as many short loops as there are samples where the classes do. So what a softmax is
taken of, and all that is combined with it entry by entry, is kept (classes, samples).

A matrix W that only ever stands in products x @ W.T is better kept transposed: BLAS is quicker
where it need not turn the second operand. That is so for the first layer, where no gradient by the
input is wanted; the gradient is as quick as x.T @ delta.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symprop.network import Network
from symprop.program.contractions import SAMPLE
from symprop.program.cost import below
from symprop.program.extents import Extents, Length
from symprop.program.values import Axes, Axis, Value

SHORT = 64
"""The longest row, in entries, for which the samples come last."""

BY_ENTRY = {"sum", "product", "power", "apply"}
COLUMNS = (Axis.SAMPLE, Axis.ROW)


def orders(roots: Sequence[Value], network: Network, extents: Extents) -> Mapping[int, Axes]:
    """The values that lie sample last, by number, with their axes as they lie in memory."""
    values = [value for value in below(roots).values() if value.axes == COLUMNS]
    parent = {value.number: value.number for value in values}

    def leader(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for value in values:
        if value.kind in BY_ENTRY:
            for operand in value.operands:
                if operand.axes == COLUMNS and operand.kind in {*BY_ENTRY, "contract"}:
                    parent[leader(operand.number)] = leader(value.number)
    reduced = {
        leader(value.operands[0].number)
        for value in below(roots).values()
        if _reduces_row(value) and _is_short(extents.of(value.operands[0])[1], network)
    }
    return {
        value.number: (Axis.ROW, Axis.SAMPLE)
        for value in values
        if value.kind in {*BY_ENTRY, "contract"} and leader(value.number) in reduced
    }


def _reduces_row(value: Value) -> bool:
    """Whether a value is reduced over its row, sample by sample."""
    if value.kind not in ("reduce", "along") or value.operands[0].axes != COLUMNS:
        return False
    if value.kind == "along":
        entry, place = value.content
        return bool(entry.reduces) and place == 1
    return bool(value.content == (Axis.ROW,))


def _is_short(length: Length, network: Network) -> bool:
    """Whether a row is short, as far as its length is known; that of a symbolic one may be."""
    if isinstance(length, int):
        return length <= SHORT
    default = network.sizes.get(str(length))
    return default is None or default <= SHORT


def turned(roots: Sequence[Value], lying: Mapping[int, Axes]) -> frozenset[str]:
    """The names of the matrices that only stand in products with their transpose.

    Entry by entry they may be used too, as by a regulariser.
    """
    fits: dict[str, bool] = {}
    for value in below(roots).values():
        for place, operand in enumerate(value.operands):
            if operand.kind == "load" and operand.axes == (Axis.ROW, Axis.COLUMN):
                name = operand.content[0]
                if value.kind == "contract":
                    fits[name] = fits.get(name, True) and _is_last_factor(value, place, lying)
                elif value.kind not in BY_ENTRY | {"reduce"}:
                    fits[name] = False
    return frozenset(name for name, fit in fits.items() if fit)


def _is_last_factor(product: Value, place: int, lying: Mapping[int, Axes]) -> bool:
    """Whether a matrix stands in a product as `x @ W.T`, with a sample in each row of x."""
    other = product.content[1 - place]
    row, column = product.content[place]
    return other == (SAMPLE, column) and row != column and product.number not in lying
