"""What the lines of a printout say, as numbers: to be held against formulas of a slide."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, MutableMapping
from functools import reduce
from typing import Any

import numpy as np
from sympy import Matrix, MatrixSymbol, Symbol

from symprop.expression.entries import Entry, Position
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node
from symprop.printout.expressions import (
    Added,
    Box,
    Chain,
    Equated,
    Expression,
    Gradient,
    IndexSum,
    Rate,
    RateOf,
    ToDerive,
)
from symprop.printout.model import Block, Document, Equations, Line, Part
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.latex import latex_of

Values = MutableMapping[str, Any]


def lines_of(blocks: tuple[Block, ...]) -> Iterator[Line]:
    """The lines of blocks; one that goes on from the line before has its left side."""
    for block in blocks:
        if isinstance(block, Part):
            yield from lines_of(block.blocks)
        if isinstance(block, Equations):
            left: Expression | None = None
            for line in block.lines:
                left = left if line.left is None else line.left
                yield Line(left, line.right, line.reason, line.relation)


def lines(document: Document, section: str) -> list[Line]:
    """The lines of a section."""
    (found,) = [part for part in document.sections if part.key == section]
    return list(lines_of(found.blocks))


def spelled(document: Document, expression: Expression) -> str:
    """An expression in LaTeX."""
    return latex_of(Formulas(document.names, document.ordinary).of(expression))


def told(expression: Expression | None) -> str:
    """What stands on the left, by the names that were declared: L, dL/dw3, delta_a3, beta[k]."""
    match expression:
        case Leaf(name=name):
            return name
        case Rate(Leaf(name=of), Leaf(name=by), turned, _):
            return f"(d{of}/d{by})'" if turned else f"d{of}/d{by}"
        case Entry(of=Leaf(name=name), positions=places):
            return f"{name}[{','.join(map(_place, places))}]"
    return ""


def sides(expression: Expression) -> list[Expression]:
    """What is said to be equal in one line."""
    if not isinstance(expression, Equated):
        return [expression]
    return [*sides(expression.left), *sides(expression.right)]


def _place(position: Position) -> str:
    return "" if position.index is None else position.index.name


class Reading:
    """What expressions are worth where every name, of a step or a derivative, has any value."""

    def __init__(self, values: Values) -> None:
        self.values = values

    def of(self, expression: Expression) -> Any:
        """The number or the array; KeyError for a name that has no value."""
        match expression:
            case Node():
                return evaluate(expression, self.values, {})
            case Chain(factors):
                return reduce(_times, map(self.of, factors))
            case Added(terms):
                return sum(map(self.of, terms))
            case Box(inside, _):
                return self.of(inside)
            case Rate():
                return self.values[told(expression)]
            case Gradient(Leaf(name=name)):
                return self.values[f"nabla {name}"]
            case IndexSum(node):
                return self.of(node)
            case RateOf(of, Leaf(name=by)):
                return self._slope(of, by)
            case ToDerive(node, Leaf(name=by)):
                return self.values[f"d/d{by}"] * self.of(node)
        raise TypeError(type(expression).__name__)

    def _slope(self, expression: Node | IndexSum, by: str) -> float:
        """The derivative by a name, all other names held fixed."""
        step, at = 1e-6, self.values[by]
        high, low = (
            Reading(ChainMap({by: at + shift}, self.values)).of(expression)
            for shift in (step, -step)
        )
        return float((high - low) / (2 * step))


def _times(left: Any, right: Any) -> Any:
    both = np.ndim(left) == np.ndim(right) == 2
    return left @ right if both else left * right


def worth(formula: Any, values: Values) -> Any:
    """What a formula of SymPy is worth."""
    known = {}
    for symbol in formula.free_symbols:
        value = values[symbol.name]
        if isinstance(symbol, MatrixSymbol):
            known[symbol] = Matrix(np.asarray(value))
        elif isinstance(symbol, Symbol):
            known[symbol] = float(value)
    found = formula.subs(known).doit()
    if getattr(found, "shape", ()):
        return np.array(found.tolist(), dtype=float)
    return float(found)
