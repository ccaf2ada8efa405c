"""What stands on a step of a graph: its operation, and what it does to the gradient.

A step that is one operation has its sign: +, ×, σ, max. Another one has its formula where that is
short. An addition *distributes* the upstream gradient, a multiplication *swaps* its arguments, a
maximum *routes*.
"""

# ruff: noqa: RUF001, RUF002 the characters are meant

from __future__ import annotations

from functools import singledispatch

from symprop.expression.nodes import Along, Apply, Leaf, Node, Number, Product, Sum
from symprop.printout.graph.lettering import flat, is_flat, measured
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.markup import Markup, Named, Sign, bracketed, row
from symprop.printout.notation.numerals import magnitude, number_markup
from symprop.printout.notation.patterns import function_head

FORMULA_LIMIT = 9.4
"""A formula that is wider, in em, does not stand on its step."""

ADD, SUBTRACT = Sign("+", "+", "plain"), Sign("-", "−", "plain")
MULTIPLY, ENTRYWISE = Sign(r"\times", "×", "plain"), Sign(r"\odot", "⊙", "plain")
ELLIPSIS = Sign(r"\dots", "…", "plain")
SPELLED = {"exp": Named(r"\exp", "exp")}
"""Functions that have a name, though a call of them is written without it."""
ROUTING = ("maximum", "minimum", "amax", "amin")

DISTRIBUTES, SWAPS, ROUTES, ADDS_UP = "distributes", "swaps", "routes", "adds up"


def operation(node: Node, formulas: Formulas) -> Markup | None:
    """The sign of a step that is one operation, else its formula.

    Of a long one the function that is taken last; None where there is none.
    """
    sign = _sign(node)
    if sign is not None:
        return sign
    formula = flat(formulas.of(node))
    if is_flat(formula) and measured(formula) <= FORMULA_LIMIT:
        return formula
    head = _head(node)
    return None if head is None else row(head, bracketed(ELLIPSIS))


def pattern(node: Node) -> str | None:
    """What a step does to its upstream gradient, where it is a gate of a known kind."""
    plain = len(node.children) > 1 and all(isinstance(child, Leaf) for child in node.children)
    if isinstance(node, Sum) and plain:
        return DISTRIBUTES
    if isinstance(node, Product) and plain and node.coefficient == 1 and len(node.children) == 2:
        return SWAPS
    routing = isinstance(node, Apply | Along) and node.entry.name in ROUTING
    return ROUTES if routing else None


@singledispatch
def _sign(node: Node) -> Markup | None:
    """The sign of an operation on nothing but names."""
    return None


@_sign.register
def _(node: Sum) -> Markup | None:
    names = [child for child in node.children if isinstance(child, Leaf)]
    if len(names) == len(node.children):
        return ADD
    others = [child for child in node.children if not isinstance(child, Leaf)]
    if len(node.children) != 2 or len(others) != 1:
        return None
    (other,) = others
    positive = magnitude(other)
    negative = positive is not other
    if isinstance(positive, Number):
        return row(SUBTRACT if negative else ADD, number_markup(positive.value))
    difference = negative and other is node.children[1] and _is_name(positive)
    return SUBTRACT if difference else None


def _is_name(node: Node) -> bool:
    """Whether a product has one factor, a name."""
    single = isinstance(node, Product) and node.coefficient == 1 and len(node.children) == 1
    return single and isinstance(node.children[0], Leaf)


@_sign.register
def _(node: Product) -> Markup | None:
    if not all(isinstance(child, Leaf) for child in node.children):
        return None
    if node.coefficient == 1:
        matrices = [child for child in node.children if child.shape]
        return ENTRYWISE if len(matrices) > 1 else MULTIPLY
    if len(node.children) > 1:
        return None
    factor = number_markup(node.coefficient)
    return row(MULTIPLY, bracketed(factor) if node.coefficient < 0 else factor)


@_sign.register(Apply)
@_sign.register(Along)
def _(node: Apply | Along) -> Markup | None:
    if not all(isinstance(child, Leaf) for child in node.children):
        return None
    return _head(node)


def _head(node: Node) -> Markup | None:
    """The name of a function; None where it has none, or a long one."""
    if not isinstance(node, Apply | Along):
        return None
    head = SPELLED.get(node.entry.name) or function_head(node.entry.latex)
    return head if head is not None and measured(head) <= FORMULA_LIMIT / 2 else None
