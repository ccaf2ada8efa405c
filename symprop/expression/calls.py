"""The rules that read the functions of the vocabulary into the canonical form."""

from __future__ import annotations

from functools import cache, reduce
from typing import Any

import sympy
from sympy import Expr, MatrixSymbol, Symbol
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from symprop.errors import ShapeError, UnsupportedError
from symprop.expression.algebra import ZERO, along, apply, count_entries, divide, filled, total
from symprop.expression.nodes import SCALAR, Leaf, Node
from symprop.expression.rewriting import acts_on_entries, substitute
from symprop.expression.scope import Scope, arguments_shown, as_taken, read
from symprop.expression.shapes import shape_text
from symprop.expression.showing import shortened
from symprop.functions.classes import (
    NO_AXIS,
    AlongMatrix,
    CompositeScalar,
    ElementwiseMatrix,
    ScalarFunction,
    ScalarOfMatrix,
    needs_axis,
)
from symprop.functions.piecewise import maximum, minimum, relu
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
    return apply(expression.entry, *map(scope.read, expression.args))


@read.register(sympy.Max)
@read.register(sympy.Min)
def _(expression: Any, scope: Scope) -> Node:
    """Max(0, x) is relu(x), whose slope is 0 at 0. Others are nested, numbers last.

    At a tie maximum and minimum take the first argument: that is the order into which SymPy has
    sorted them, and not always the one that was written.
    """
    entry = maximum if isinstance(expression, sympy.Max) else minimum
    arguments = sorted(expression.args, key=lambda argument: bool(argument.is_number))
    nodes = [scope.read(argument) for argument in arguments]
    if any(node.shape for node in nodes):
        name = type(expression).__name__
        raise UnsupportedError(
            f"SymPy's {name} takes no matrix, in {shortened(expression)}",
            hint=f"write symprop.{entry.name}(a, b), which acts entry by entry",
        )
    rectified = entry is maximum and ZERO in nodes
    nodes = [node for node in nodes if not (rectified and node == ZERO)]
    result = reduce(lambda a, b: apply(entry, a, b), nodes)
    return apply(relu, result) if rectified else result


@read.register(sympy.re)
@read.register(sympy.conjugate)
def _(expression: Any, scope: Scope) -> Node:
    """The number itself: SymPy makes Abs(exp(x)) exp(re(x)) where it is not told that x is real."""
    return as_taken(expression, scope.read(expression.args[0]))


@read.register(ElementwiseApplyFunction)
def _(expression: ElementwiseApplyFunction, scope: Scope) -> Node:
    argument = scope.read(expression.expr)
    placeholder = Leaf("\0", SCALAR, "argument")  # no declared name is like this
    (variable,) = expression.function.variables
    if expression.function.expr == variable:
        raise UnsupportedError(
            "applyfunc of a function that changes nothing, as SymPy's Max and Min of one number do",
            hint="leave it out, or write relu(A), maximum(A, b), amax(A, axis=0)",
        )
    inner = Scope(scope.names, scope.sizes, scope.undefined, scope.check)
    inner.bound = {**scope.bound, variable: placeholder}
    inner.functions = scope.functions
    body = inner.read(expression.function.expr)
    if not acts_on_entries(body, placeholder):
        raise UnsupportedError(
            f"{shortened(expression.function.expr)} does not act entry by entry",
            hint="use sums, products, powers and functions of numbers, with scalars beside",
        )
    return filled(substitute(body, {placeholder: argument}), argument.shape)


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
    with arguments_shown(dict(zip((leaf.name for leaf in names), expression.args, strict=True))):
        body = inner.read(expression.entry.definition(*symbols))
    return as_taken(expression, substitute(body, dict(zip(names, nodes, strict=True))))


# -- formulas of the vocabulary -------------------------------------------------------------------


def read_formula(formula: Expr, **arguments: Node) -> Node:
    """A formula of an entry, over its arguments and `f`, with nodes for them; entry by entry."""
    body, leaf = _formula(formula, tuple(arguments))
    return substitute(body, {leaf[name]: node for name, node in arguments.items()})


@cache
def _formula(formula: Expr, names: tuple[str, ...]) -> tuple[Node, dict[str, Leaf]]:
    leaf = {name: Leaf(name, SCALAR, "argument") for name in names}
    scope = Scope(leaf, {}, lambda name: UnsupportedError(f"{name} in a formula"))
    return scope.read(formula), leaf
