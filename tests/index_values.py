"""What index notation is worth, by loops over every index: no rule of symprop's is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symprop.expression.entries import Entry, Equal, Index, Position, Summed
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Apply, Node, Number, Power, Product, Sum
from symprop.expression.shapes import numeric_extent

At = Mapping[str, int]


class IndexValues:
    """Evaluates index notation: `values` are two-dimensional arrays and numbers, by name."""

    def __init__(self, values: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
        self.values = values
        self.sizes = sizes

    def extent(self, index: Index) -> int:
        return numeric_extent(index.extent, self.sizes)

    def place(self, position: Position, at: At) -> int:
        offset = numeric_extent(position.offset, self.sizes)
        return offset if position.index is None else at[position.index.name] + offset

    def of(self, node: Node, at: At) -> float:
        """The number that `node` is, at these places of the indices that no sum binds."""
        match node:
            case Summed():
                index, (body,) = node.index, node.children
                places = range(self.extent(index))
                return sum((self.of(body, {**at, index.name: p}) for p in places), 0.0)
            case Equal():
                left, right = (self.place(position, at) for position in node.positions)
                return float(left == right)
            case Entry():
                matrix = np.asarray(evaluate(node.of, self.values, self.sizes))
                found = iter([self.place(position, at) for position in node.positions])
                where = [0 if extent == 1 else next(found) for extent in node.of.shape]
                return float(matrix[tuple(where)])
            case Sum():
                return sum(self.of(child, at) for child in node.children)
            case Product():
                factors = [self.of(child, at) for child in node.children]
                return float(node.coefficient) * float(np.prod(factors))
            case Power():
                return float(np.power(self.of(node.base, at), self.of(node.exponent, at)))
            case Apply():
                arguments = [Number(self.of(child, at)) for child in node.children]
                return float(evaluate(Apply((), tuple(arguments), node.content), {}, {}))
        return float(evaluate(node, self.values, self.sizes))
