"""What stands in a line of a printout: nodes, and what a derivation needs beside them.

A derivative by its name, a product of derivatives in the order of the chain, a box around what is
computed already. Nothing here knows how it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from symprop.expression.nodes import Leaf, Node, Shape

VALUE = Leaf("\0f", (), "argument")
"""Stands for the value of a function in the rule for its derivative."""
ARGUMENT = Leaf("u", (), "argument")


@dataclass(frozen=True)
class Rate:
    """The derivative dL/dw by its name.

    Of the loss it is the gradient, over all that depends on w, or with `direct` the derivative with
    all other steps held fixed. `turned`: the transpose of a Jacobian.
    """

    of: Node
    by: Node
    turned: bool = False
    direct: bool = False


@dataclass(frozen=True)
class ToDerive:
    """A derivative that is still to be taken: d/dw { ... }."""

    node: Node
    by: Node


@dataclass(frozen=True)
class IndexSum:
    """A sum of products w1*x1 + w2*x2 + ..., shown with an index; `term` is one of them."""

    node: Node
    term: tuple[Leaf, ...]


@dataclass(frozen=True)
class RateOf:
    """The derivative d(w*x)/dw of an expression that is written out."""

    of: Node | IndexSum
    by: Node


@dataclass(frozen=True)
class Chain:
    """Factors in the order of the chain."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True)
class Added:
    """Terms, one for each use of a value."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True)
class Equated:
    """Two expressions with an equality sign between them."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class Box:
    """What is computed already, or will be used again, and its name."""

    inside: Expression
    name: Node | None = None


@dataclass(frozen=True)
class Gradient:
    """The shorthand for the derivative of the loss by a weight: the nabla of w."""

    by: Node


@dataclass(frozen=True)
class Member:
    """That a name is a number, a column or a matrix of some shape."""

    leaf: Leaf
    shape: Shape


@dataclass(frozen=True)
class Rule:
    """The derivative of a function of the vocabulary: sigma' = sigma(1 - sigma).

    `derivative` is over ARGUMENT and VALUE, `pattern` the LaTeX of a call.
    """

    pattern: str
    derivative: Node


Expression: TypeAlias = (
    Node
    | Rate
    | ToDerive
    | IndexSum
    | RateOf
    | Chain
    | Added
    | Equated
    | Box
    | Gradient
    | Member
    | Rule
)
