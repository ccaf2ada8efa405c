"""Whether what stands in brackets is what a step is a function of.

`f_3(a_3)` and `f_3(w_3 f_2)` are calls where f_3 is declared as a function of a_3, and a_3 as
w_3 f_2. Only the form is compared, up to the order of terms and factors.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as Ratio
from typing import TYPE_CHECKING

from symprop.expression.nodes import (
    Along,
    Apply,
    Leaf,
    MatMul,
    Node,
    Number,
    OfMatrix,
    Product,
    Sum,
    Transpose,
    Unspecified,
)
from symprop.verification.reading import tree as trees
from symprop.verification.reading.tree import Tree, bare

if TYPE_CHECKING:
    from symprop.verification.reading.symbols import Entry, Symbols

_FUNCTIONS = (Apply, Along, OfMatrix, Unspecified)


def is_function(entry: Entry) -> bool:
    """Whether a step is one function of something, as f = sigmoid(a) is."""
    return isinstance(entry.node, _FUNCTIONS)


def is_argument(arguments: Sequence[Tree], entry: Entry, symbols: Symbols) -> bool:
    """Whether these are the arguments of the function that a step is."""
    node = entry.node
    if not isinstance(node, _FUNCTIONS) or len(node.children) != len(arguments):
        return False
    return all(
        same(argument, child, symbols)
        for argument, child in zip(arguments, node.children, strict=True)
    )


def same(tree: Tree, node: Node, symbols: Symbols) -> bool:
    """Whether an expression is written as a node is, up to the order of terms and factors."""
    tree = bare(tree)
    if isinstance(node, Leaf):
        if _stands_for(tree, node.name):
            return True
        definition = symbols.node(node.name)
        return definition is not None and same(tree, definition, symbols)
    match node:
        case Number(value=value):
            return _number(tree) == value
        case Sum():
            return _same_terms(tree, node, symbols)
        case Product():
            return _same_factors(tree, node, symbols)
        case MatMul():
            factors = tree.factors if isinstance(tree, trees.Product) else ()
            return len(factors) == len(node.children) and all(
                same(f, child, symbols) for f, child in zip(factors, node.children, strict=True)
            )
        case Transpose():
            return isinstance(tree, trees.Transpose) and same(tree.body, node.children[0], symbols)
        case Apply() | Along() | OfMatrix() | Unspecified():
            return _same_call(tree, node, symbols)
    return False


def _stands_for(tree: Tree, name: str) -> bool:
    """Whether a tree is a name, or the call of a step, which is its value."""
    if isinstance(tree, trees.Call):
        tree = tree.head
    if not isinstance(tree, trees.Name) or tree.reference is None:
        return False
    entry = tree.reference.entry
    return entry is not None and entry.name == name and not tree.reference.indices


def _same_call(tree: Tree, node: Node, symbols: Symbols) -> bool:
    if not isinstance(tree, trees.Call) or not isinstance(tree.head, trees.Name):
        return False
    reference = tree.head.reference
    entry = reference.entry if reference else None
    function = getattr(node, "entry", None)
    called = getattr(function, "symbol", None) or getattr(function, "name", "")
    known = entry is not None and entry.name == called
    return (
        known
        and len(tree.arguments) == len(node.children)
        and all(
            same(a, child, symbols) for a, child in zip(tree.arguments, node.children, strict=True)
        )
    )


def _number(tree: Tree) -> Ratio | None:
    if isinstance(tree, trees.Number):
        return Ratio(tree.text)
    if isinstance(tree, trees.Fraction):
        above, below = _number(bare(tree.above)), _number(bare(tree.below))
        return None if above is None or not below else above / below
    return None


def _same_terms(tree: Tree, node: Sum, symbols: Symbols) -> bool:
    if not isinstance(tree, trees.Sum) or len(tree.terms) != len(node.children):
        return False
    rest = list(node.children)
    for term, sign in zip(tree.terms, tree.signs, strict=True):
        found = next((child for child in rest if _same_signed(term, sign, child, symbols)), None)
        if found is None:
            return False
        rest.remove(found)
    return True


def _same_signed(term: Tree, sign: str, node: Node, symbols: Symbols) -> bool:
    if sign != "-":
        return same(term, node, symbols)
    if isinstance(node, Number):
        return same(term, Number(-node.value), symbols)
    if not isinstance(node, Product):
        return False
    return same(term, _scaled(node, -node.coefficient), symbols)


def _scaled(node: Product, coefficient: Ratio | float) -> Node:
    if coefficient == 1 and len(node.children) == 1:
        return node.children[0]
    return Product(node.shape, node.children, (coefficient, type(coefficient).__name__))


def _same_factors(tree: Tree, node: Product, symbols: Symbols) -> bool:
    if isinstance(tree, trees.Sum) and len(tree.terms) == 1:
        return _same_signed(tree.terms[0], tree.signs[0], node, symbols)
    factors = list(_factors(tree))
    rest = list(node.children)
    coefficient = Ratio(1)
    for factor in factors:
        number = _number(factor)
        if number is not None:
            coefficient *= number
            continue
        found = next((child for child in rest if same(factor, child, symbols)), None)
        if found is None:
            return False
        rest.remove(found)
    return not rest and coefficient == node.coefficient


def _factors(tree: Tree) -> Sequence[Tree]:
    if not isinstance(tree, trees.Product):
        return (tree,)
    return [inner for factor in tree.factors for inner in _factors(bare(factor))]
