"""A user's own functions in canonical form: their formulas, and layers read as what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sympy import MatrixSymbol, Symbol

from symprop.errors import UnsupportedError, context
from symprop.expression.algebra import apply
from symprop.expression.contents import calls
from symprop.expression.nodes import SCALAR, Apply, Leaf, Node
from symprop.expression.own_functions import Meaning, claim
from symprop.expression.rewriting import acts_on_entries, rebuild, substitute
from symprop.expression.scope import Scope, arguments_shown, as_taken, read
from symprop.functions.definition import (
    DefinedMatrix,
    DefinedScalar,
    Definition,
    Layer,
    LayerMatrix,
    LayerScalar,
)

# -- entry by entry -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Formula:
    """The formula of a definition over the leaves of its arguments, scalars.

    `functions` is what it uses of the user's own functions.
    """

    node: Node
    arguments: tuple[Leaf, ...]
    functions: Mapping[str, Meaning]


@cache
def formula_of(entry: Definition) -> Formula:
    """The canonical form of a definition; UnsupportedError where it is outside the vocabulary."""
    names = [symbol.name for symbol in entry.arguments]
    leaves = {name: Leaf(name, SCALAR, "argument") for name in names}
    scope = Scope(leaves, {}, lambda name: UnsupportedError(f"{name} is no argument"))
    node = scope.read(entry.value)
    for leaf in leaves.values():
        if not acts_on_entries(node, leaf):
            raise UnsupportedError(
                f"the formula of {entry.name} does not act on numbers one by one",
                hint="write layer=True for a function of whole matrices",
            )
    return Formula(node, tuple(leaves.values()), scope.functions)


@read.register(DefinedScalar)
@read.register(DefinedMatrix)
def _(expression: Any, scope: Scope) -> Node:
    entry: Definition = expression.entry
    formula = formula_of(entry)
    for name, meaning in formula.functions.items():
        claim(scope, name, meaning)
    places = [Leaf(f"\0{i}", SCALAR, "argument") for i in range(len(formula.arguments))]
    unnamed = substitute(formula.node, dict(zip(formula.arguments, places, strict=True)))
    claim(scope, entry.name, Meaning(len(places), formula=unnamed))
    return apply(entry, *map(scope.read, expression.args))


def opened(node: Node) -> Node:
    """`node` with every definition replaced by its formula."""
    if not any(isinstance(found, Apply) and _is_own(found) for found in calls(node)):
        return node
    done: dict[Node, Node] = {}

    def visit(current: Node) -> Node:
        if current not in done:
            children = tuple(map(visit, current.children))
            if isinstance(current, Apply) and isinstance(current.entry, Definition):
                formula = formula_of(current.entry)
                filled: dict[Node, Node] = dict(zip(formula.arguments, children, strict=True))
                done[current] = substitute(opened(formula.node), filled)
            else:
                done[current] = rebuild(current, children) if children else current
        return done[current]

    return visit(node)


def _is_own(node: Apply) -> bool:
    return isinstance(node.entry, Definition)


def definitions_in(nodes: Iterable[Node]) -> list[Definition]:
    """The definitions that `nodes` use, each after those that it needs itself."""
    found: dict[Definition, None] = {}

    def visit(node: Node) -> None:
        for part in calls(node):
            if isinstance(part, Apply) and isinstance(part.entry, Definition):
                if part.entry not in found:
                    visit(formula_of(part.entry).node)
                    found[part.entry] = None

    for node in nodes:
        visit(node)
    return list(found)


# -- layers ---------------------------------------------------------------------------------------


@read.register(LayerScalar)
@read.register(LayerMatrix)
def _(expression: Any, scope: Scope) -> Node:
    layer: Layer = expression.entry
    given = [scope.read(argument) for argument in expression.args]

    def same(other: Any, this: Any) -> bool:
        return other is this or (
            isinstance(other, Layer) and _of_layer(other, given, scope) == meant
        )

    names = _placeholders(len(given), scope)
    with arguments_shown(dict(zip(names, expression.args, strict=True))):
        meant = _of_layer(layer, given, scope)
    claim(scope, layer.name, Meaning(len(given), formula=layer), same)
    return as_taken(expression, meant)


def _placeholders(count: int, scope: Scope) -> list[str]:
    """Names that stand for arguments; a layer inside a layer has more names around it."""
    return [f"\0{len(scope.names)}.{i}" for i in range(count)]


def _of_layer(layer: Layer, given: list[Node], scope: Scope) -> Node:
    """What a layer means for arguments of the shapes that were read."""
    placeholders = _placeholders(len(given), scope)
    names = [Leaf(n, node.shape, "argument") for n, node in zip(placeholders, given, strict=True)]
    symbols = [MatrixSymbol(n.name, *n.shape) if n.shape else Symbol(n.name) for n in names]
    inner = Scope(
        {**scope.names, **{leaf.name: leaf for leaf in names}},
        scope.sizes,
        scope.undefined,
        scope.check,
    )
    inner.bound, inner.functions = scope.bound, scope.functions
    with context(f"in {layer.name}"):
        node = inner.read(layer.definition(*symbols))
    return substitute(node, dict(zip(names, given, strict=True)))
