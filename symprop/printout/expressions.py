"""What stands in a line of a printout: nodes, and what a derivation needs beside them.

A derivative by its name, a product of derivatives in the order of the chain, a box around what is
computed already. Nothing here knows how it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from symprop.expression.entries import Equal, Index
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
    """A sum of products w1*x1 + w2*x2 + ..., shown with an index.

    `term` is the first of them, whose names end with the number `first`.
    """

    node: Node
    term: tuple[Leaf, ...]
    first: int


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
class Dots:
    """What is left out of a chain: the factors between its two neighbours."""


@dataclass(frozen=True)
class Counting:
    """The numbers that an index takes, one after the other: k = 2, ..., 50."""

    index: Leaf
    first: int
    last: int


@dataclass(frozen=True)
class OverIndices:
    """The sum of an expression over indices, one inside the other."""

    indices: tuple[Index, ...]
    inside: Expression


@dataclass(frozen=True)
class ByCases:
    """Values by which positions are equal and which are not; a row without any: all other cases."""

    rows: tuple[tuple[Node, tuple[tuple[Equal, bool], ...]], ...]


@dataclass(frozen=True)
class Repeated:
    """A sum of terms that differ in a number alone: `term` is any of them."""

    term: Expression
    counting: Counting


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


@dataclass(frozen=True)
class BatchMean:
    """The mean of a derivative of the loss over a batch: one over `size` times the sum over it."""

    rate: Rate
    size: Leaf
    index: Leaf


@dataclass(frozen=True)
class DifferenceQuotient:
    """What a derivative is held against; `method` is "complex step" or "central difference"."""

    of: Leaf
    by: Leaf
    step: Leaf
    method: str


@dataclass(frozen=True)
class Drawn:
    """That a number is drawn from a normal distribution around 0."""

    leaf: Leaf
    deviation: Leaf


@dataclass(frozen=True)
class Numeral:
    """A number as it is shown: -1.80, or 3.2e-05."""

    text: str


@dataclass(frozen=True)
class Numerals:
    """A matrix of numbers as they are shown, row by row."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PutIn:
    """An expression with numbers in the place of names."""

    node: Node
    numbers: tuple[tuple[str, Numeral | Numerals], ...]


@dataclass(frozen=True)
class Blank:
    """A place to write an answer on, so many em long; where the answer is known it stands there.

    Without a number it belongs to the one before it.
    """

    number: int | None
    length: float
    answer: Expression | None = None


@dataclass(frozen=True)
class Asked:
    """What belongs into a blank that stands elsewhere, by its number."""

    number: int


Expression: TypeAlias = (
    Node
    | Rate
    | ToDerive
    | IndexSum
    | RateOf
    | Chain
    | OverIndices
    | ByCases
    | Dots
    | Counting
    | Repeated
    | Added
    | Equated
    | Box
    | Gradient
    | Member
    | Rule
    | Numeral
    | Numerals
    | PutIn
    | BatchMean
    | DifferenceQuotient
    | Drawn
    | Blank
    | Asked
)
