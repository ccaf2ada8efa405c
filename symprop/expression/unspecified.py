"""Unspecified functions in canonical form: reading them, making them, differentiating them.

With one scalar argument and a number as its value such a function is an activation, entry by
entry; any other is a node of its own, as it may take a matrix whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy.core.function import AppliedUndef

from symprop.errors import DerivationError
from symprop.expression.algebra import apply
from symprop.expression.nodes import SCALAR, Apply, Leaf, Node, Shape, Unspecified, leaves
from symprop.expression.own_functions import Meaning, claim
from symprop.expression.scope import Scope, read, read_shape
from symprop.expression.shapes import matrix_shape, shape_text
from symprop.functions.naming import checked_name, latex_name
from symprop.functions.unspecified import (
    Activation,
    ActivationMatrix,
    ActivationScalar,
    UnspecifiedCall,
    UnspecifiedFunction,
    derived_shape,
    specify,
)

# -- reading --------------------------------------------------------------------------------------


@read.register(ActivationScalar)
@read.register(ActivationMatrix)
def _(expression: Any, scope: Scope) -> Node:
    argument = scope.read(expression.args[0])
    entry: Activation = expression.entry
    kind = "applied entry by entry" if argument.shape else ""
    claim(scope, entry.symbol, Meaning(1, kind))
    return apply(entry, argument)


@read.register(UnspecifiedCall)
def _(expression: Any, scope: Scope) -> Node:
    shape = expression.value_shape
    value = read_shape(shape, scope) if shape else SCALAR
    return _called(scope, expression.entry, value, expression.arguments)


@read.register(AppliedUndef)
def _(expression: AppliedUndef, scope: Scope) -> Node:
    """SymPy's own `Function("f")(x)`: a number, whatever the arguments are."""
    name = checked_name(expression.func.__name__, "Function")
    entry = UnspecifiedFunction(name, latex_name(name, None))
    return _called(scope, entry, SCALAR, expression.args)


def _called(scope: Scope, entry: UnspecifiedFunction, value: Shape, given: Sequence[Any]) -> Node:
    arguments = [scope.read(argument) for argument in given]
    number = value == SCALAR and len(arguments) == 1 and arguments[0].shape == SCALAR
    kind = "" if number else f"a function whose value is {shape_text(value)}"
    claim(scope, entry.symbol, Meaning(len(arguments), kind))
    return unspecified(entry, value, *arguments)


# -- making ---------------------------------------------------------------------------------------


def unspecified(entry: UnspecifiedFunction, value: Shape, *arguments: Node) -> Node:
    """An unspecified function whose own value has the shape `value`, or its derivative."""
    if len(arguments) == 1 and not value and not arguments[0].shape:
        return apply(Activation(entry.symbol, entry.symbol_latex, len(entry.by)), arguments[0])
    shape = value
    for place in entry.by:
        shape = matrix_shape(*(derived_shape(shape, arguments[place].shape) or (1, 1)))
    return Unspecified(shape, arguments, (entry, value))


def derivative(node: Unspecified, place: int) -> Node | None:
    """The derivative by the argument at `place`; None where it is no matrix."""
    argument = node.children[place]
    if derived_shape(node.shape, argument.shape) is None:
        return None
    scalars = not any(child.shape for child in node.children)
    entry = node.entry.derivative(place, scalars)
    return unspecified(entry, node.value_shape, *node.children)


def check_derivable(node: Unspecified, useful: Callable[[Node], bool]) -> None:
    """DerivationError where a derivative that is needed is no matrix."""
    for place, argument in enumerate(node.children):
        if useful(argument) and derivative(node, place) is None:
            raise DerivationError(
                f"the derivative of {node.entry}, {shape_text(node.shape)}, by an argument that "
                f"is {shape_text(argument.shape)}, is no matrix: nothing can be said of it",
                hint="let it be a number, or take the argument apart into columns",
            )


def missing_formula(node: Node) -> tuple[str, str] | None:
    """The unspecified function that `node` calls, if any, and how to give it a formula."""
    if isinstance(node, Unspecified):
        layer = bool(node.shape) or any(child.shape for child in node.children)
        symbol = node.entry.symbol
        return symbol, specify(symbol, len(node.children), layer=layer)
    if isinstance(node, Apply) and isinstance(node.entry, Activation):
        return node.entry.symbol, specify(node.entry.symbol, 1, layer=False)
    return None


# -- names in what is shown -----------------------------------------------------------------------


def argument_names(node: Unspecified) -> list[str | None]:
    """The name of each argument that is a name and stands in no other argument, else None."""
    held = [set(leaves(child)) for child in node.children]
    return [
        child.name
        if isinstance(child, Leaf) and not any(child in h for i, h in enumerate(held) if i != place)
        else None
        for place, child in enumerate(node.children)
    ]
