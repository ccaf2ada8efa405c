"""Answers, and whether something else on a sheet shows them.

An answer is shown where it can be read as it is written, or where a product has all its factors and
at most one more; a sign or a number before it hides nothing. A single name is no answer that could
be hidden: it stands everywhere. It is only kept from the lines that put factors together, in the
same calculation. A number is shown where it is put in for the name that it belongs to.
"""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any

from symprop.expression.nodes import (
    Constant,
    Identity,
    Leaf,
    MatMul,
    Node,
    Number,
    Ones,
    Product,
    walk,
)
from symprop.printout.exercise.places import NUMBERS, PENDING, Place
from symprop.printout.expressions import Chain, Expression, Numeral, PutIn, Rate, Rule
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.markup import Markup
from symprop.printout.notation.unicode import unicode_of

SINGLE = (Leaf, Number, Constant, Identity, Ones, Numeral)
"""What stands everywhere."""
MARKS = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᵀ^_{.′"
"""What goes on with a name or a number, so that it is another one."""


class Shown:
    """What can be read in a line, a block or a section."""

    def __init__(self, value: Any, formulas: Formulas) -> None:
        self._value = value
        self._formulas = formulas

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every expression, as it is written."""
        return tuple(
            unicode_of(part if isinstance(part, Markup) else self._formulas.of(part))
            for part in readable(self._value)
        )

    @cached_property
    def products(self) -> tuple[Counter[Any], ...]:
        """The factors of every product, and of whatever else stands by itself."""
        parts = (part for whole in readable(self._value) for part in parts_of(whole))
        return tuple(Counter(factors) for part in parts if (factors := list(_factors(part))))

    @cached_property
    def factors(self) -> frozenset[Any]:
        """The factors of all products together."""
        return frozenset(factor for product in self.products for factor in product)

    @cached_property
    def numbered(self) -> frozenset[str]:
        """The names that numbers are put in for."""
        return frozenset(
            name
            for whole in readable(self._value)
            for part in parts_of(whole)
            if isinstance(part, PutIn)
            for name, _ in part.numbers
        )


class Answer:
    """What is right at a place, and whether other things show it."""

    def __init__(self, place: Place, formulas: Formulas) -> None:
        assert place.asked is not None
        self.place = place
        self.expression: Expression = place.asked
        self._formulas = formulas

    @cached_property
    def text(self) -> str:
        """It as it is written, without a sign."""
        return unicode_of(self._formulas.of(self.expression)).lstrip("−")

    @cached_property
    def factors(self) -> Counter[Any]:
        """Its factors, without numbers."""
        return Counter(_factors(self.expression))

    @cached_property
    def is_single(self) -> bool:
        """Whether it is a name or a number alone."""
        return self.factors.total() <= 1 and all(isinstance(f, SINGLE) for f in self.factors)

    @property
    def name(self) -> Leaf | None:
        """The name that it is, if it is a single one."""
        names = [factor for factor in self.factors if isinstance(factor, Leaf)]
        return names[0] if names and self.is_single and not self.is_number else None

    @property
    def is_number(self) -> bool:
        """Whether it is a number of the worked example."""
        return self.place.section == NUMBERS

    @property
    def owner(self) -> str:
        """The name that a number of the worked example belongs to, as `PutIn` has it."""
        head = self.place.head
        if isinstance(head, Rate) and isinstance(head.of, Leaf) and isinstance(head.by, Leaf):
            return f"\0d{head.of.name}/d{head.by.name}"
        return head.name if isinstance(head, Leaf) else ""

    def is_shown_by(self, shown: Shown) -> bool:
        """Whether it can be read there; never of a single name."""
        if self.is_number:
            return self.owner in shown.numbered
        if self.is_single:
            return False
        if shown.factors >= self.factors.keys() and any(map(self._is_in, shown.products)):
            return True
        return any(_stands_in(self.text, text) for text in shown.texts)

    def _is_in(self, product: Counter[Any]) -> bool:
        more = product.total() - self.factors.total()
        return self.factors <= product and (more <= 1 or self.factors.total() == 1)

    def is_used_by(self, place: Place, shown: Shown) -> bool:
        """Whether it is a single name of which a later line of the same calculation is made."""
        later = place.block == self.place.block and place.key > self.place.key
        return later and self.name in shown.factors


def _stands_in(text: str, whole: str) -> bool:
    """Whether a text stands in another one, not as the part of a longer name."""
    start = whole.find(text)
    while start >= 0:
        before, after = whole[:start][-1:], whole[start + len(text) :][:1]
        goes_on = bool(after) and (after in MARKS or (text[-1:].isalnum() and after.isalnum()))
        if not goes_on and not (text[:1].isalnum() and before.isalnum()):
            return True
        start = whole.find(text, start + 1)
    return False


def _factors(expression: Any) -> Iterator[Any]:
    """The factors of a product, one inside the other; numbers are left out."""
    match expression:
        case Chain(factors):
            for factor in factors:
                yield from _factors(factor)
        case Product() | MatMul():
            for child in expression.children:
                yield from _factors(child)
        case Number():
            return
        case _:
            yield expression


def readable(value: Any) -> Iterator[Any]:
    """The expressions in anything that a document is made of; general rules are none."""
    if isinstance(value, Markup):
        yield value
    elif isinstance(value, Rule):
        return
    elif isinstance(value, Expression):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from readable(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from readable(getattr(value, field.name))


def parts_of(value: Any) -> Iterator[Any]:
    """Everything inside anything that a document is made of; what is pending is one thing."""
    if isinstance(value, Node):
        yield from walk(value)
        return
    yield value
    inner: Any = ()
    if isinstance(value, tuple):
        inner = value
    elif is_dataclass(value) and not isinstance(value, PENDING):
        inner = tuple(getattr(value, field.name) for field in fields(value))
    for part in inner:
        if isinstance(part, Node | tuple) or is_dataclass(part):
            yield from parts_of(part)
