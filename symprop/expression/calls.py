"""The rules that read the functions of the vocabulary into the canonical form."""

from __future__ import annotations

from typing import Any

from sympy import Expr, MatrixSymbol, Symbol
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from symprop.errors import ShapeError, UnsupportedError
from symprop.expression.algebra import along, apply, count_entries, divide, total
from symprop.expression.nodes import SCALAR, Leaf, Node
from symprop.expression.rewriting import substitute
from symprop.expression.scope import Scope, as_taken, read
from symprop.expression.shapes import shape_text
from symprop.functions.classes import (
    NO_AXIS,
    AlongMatrix,
    CompositeScalar,
    ElementwiseMatrix,
    ScalarFunction,
    ScalarOfMatrix,
    needs_axis,
)
from symprop.functions.reductions import (
    MeanMatrix,
    MeanScalar,
    ScalarEntry,
    TotalMatrix,
    TotalScalar,
)


@read.register(ScalarFunction)
@read.register(ElementwiseMatrix)
def _(expression: Any, scope: Scope) -> Node:
    return apply(expression.entry, scope.read(expression.args[0]))


@read.register(ElementwiseApplyFunction)
def _(expression: ElementwiseApplyFunction, scope: Scope) -> Node:
    argument = scope.read(expression.expr)
    placeholder = Leaf("\0", SCALAR, "argument")  # no declared name is like this
    inner = Scope(scope.names, scope.sizes, scope.undefined, scope.check)
    inner.bound = {**scope.bound, expression.function.variables[0]: placeholder}
    return substitute(inner.read(expression.function.expr), {placeholder: argument})


@read.register(AlongMatrix)
@read.register(ScalarOfMatrix)
def _(expression: Any, scope: Scope) -> Node:
    argument, axis = scope.read(expression.args[0]), _axis(expression)
    if axis is None and argument.shape and argument.shape[1] != 1:
        raise needs_axis(expression.entry.name, argument.shape)
    return as_taken(expression, along(expression.entry, argument, axis or 0))


@read.register(TotalScalar)
@read.register(TotalMatrix)
def _(expression: Any, scope: Scope) -> Node:
    return as_taken(expression, total(scope.read(expression.args[0]), _axis(expression)))


@read.register(MeanScalar)
@read.register(MeanMatrix)
def _(expression: Any, scope: Scope) -> Node:
    argument, axis = scope.read(expression.args[0]), _axis(expression)
    summed = argument.shape if axis is None else argument.shape[axis : axis + 1]
    return as_taken(expression, divide(total(argument, axis), count_entries(summed)))


def _axis(expression: Any) -> int | None:
    axis = expression.args[1]
    return None if axis == NO_AXIS else int(axis)


@read.register(ScalarEntry)
def _(expression: Any, scope: Scope) -> Node:
    argument = scope.read(expression.args[0])
    if argument.shape:
        raise ShapeError(
            f"scalar needs a 1 x 1 matrix, not {shape_text(argument.shape)}",
            hint="add up its entries with total(...)",
        )
    return argument


@read.register(CompositeScalar)
def _(expression: CompositeScalar, scope: Scope) -> Node:
    """What it is short for, written for arguments of the shapes that were read."""
    scope.check(expression)
    nodes = [scope.read(argument) for argument in expression.args]
    if not expression.entry.takes_any and len({node.shape for node in nodes}) > 1:
        shapes = " and ".join(shape_text(node.shape) for node in nodes)
        raise ShapeError(
            f"{expression.entry.name} needs arguments of one shape, not {shapes}",
            hint="transpose one of them, or take scalar(...) of a 1 x 1",
        )
    names = [Leaf(f"\0{place}", node.shape, "argument") for place, node in enumerate(nodes)]
    symbols = [MatrixSymbol(n.name, *n.shape) if n.shape else Symbol(n.name) for n in names]
    inner = Scope({leaf.name: leaf for leaf in names}, scope.sizes, scope.undefined)
    body = inner.read(expression.entry.definition(*symbols))
    return as_taken(expression, substitute(body, dict(zip(names, nodes, strict=True))))


# -- formulas of the vocabulary -------------------------------------------------------------------


def read_formula(formula: Expr, **arguments: Node) -> Node:
    """A formula of an entry, over `u` and `f`, with nodes for them; entry by entry."""
    leaf = {name: Leaf(name, SCALAR, "argument") for name in arguments}
    scope = Scope(leaf, {}, lambda name: UnsupportedError(f"{name} in a formula"))
    body = scope.read(formula)
    return substitute(body, {leaf[name]: node for name, node in arguments.items()})
