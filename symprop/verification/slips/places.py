"""The places of a printed formula, each with a way to put something else there.

What is not on the way from the root to a place stays the very same object, so that its value need
not be worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from symprop.verification.reading import tree as t
from symprop.verification.slips.making import factors_of, is_plain_product, multiplied

Put = Callable[[t.Tree], t.Tree]
"""The whole formula with another part in some place."""


@dataclass(frozen=True)
class Place:
    """A part of a formula, what stands around it, and how to put another one there.

    `parent` is None at the root. In a `rate` stand the names of a derivative.
    """

    node: t.Tree
    put: Put
    parent: t.Tree | None = None
    in_rate: bool = False


def places(root: t.Tree) -> list[Place]:
    """All places of a formula, from left to right, the whole first."""
    return list(_places(Place(root, lambda tree: tree)))


def _places(place: Place) -> Iterator[Place]:
    yield place
    in_rate = place.in_rate or isinstance(place.node, t.Rate | t.Derive | t.Nabla)
    for part, put in _parts(place):
        yield from _places(Place(part, put, place.node, in_rate))


def _parts(place: Place) -> Iterator[tuple[t.Tree, Put]]:
    node = place.node
    for each in fields(node):
        found = getattr(node, each.name)
        if isinstance(found, t.Tree | tuple):

            def put(new: Any, name: str = each.name) -> t.Tree:
                return place.put(replace(node, **{name: new}))

            yield from _inside(found, put)


def _inside(found: Any, put: Callable[[Any], t.Tree]) -> Iterator[tuple[t.Tree, Put]]:
    if isinstance(found, t.Tree):
        yield found, put
    elif isinstance(found, tuple):
        for place, part in enumerate(found):

            def put_one(new: Any, place: int = place) -> t.Tree:
                return put((*found[:place], new, *found[place + 1 :]))

            yield from _inside(part, put_one)


# -- terms ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A product, or something that could be a factor of one, that nothing else multiplies.

    The whole formula, a term of a sum, an argument of a function, an exponent.
    """

    node: t.Tree
    put: Put

    @property
    def factors(self) -> tuple[t.Tree, ...]:
        """Its factors; one where it is no product."""
        return factors_of(self.node)

    def with_factors(self, factors: list[t.Tree]) -> t.Tree:
        """The whole formula with other factors in this term."""
        return self.put(multiplied(factors, self.node))


_MULTIPLICATIVE = (t.Product, t.Fraction, t.Group, t.Boxed, t.Transpose)
"""Inside of these a further factor is one of the whole."""


def terms(root: t.Tree) -> list[Term]:
    """The terms of a formula, the whole first."""
    return list(_terms(Place(root, lambda tree: tree), True))


def _terms(place: Place, own: bool) -> Iterator[Term]:
    node = place.node
    if isinstance(node, t.Rate | t.Derive | t.Nabla) and not own:
        return
    if isinstance(node, t.Sum) and len(node.terms) == 1:
        yield from _below(place, own)
        return
    bracketed = isinstance(node, t.Group | t.Boxed) and not isinstance(t.bare(node), t.Sum)
    if own and not isinstance(node, t.Sum) and not bracketed:
        yield Term(node, place.put)
    if own and isinstance(node, t.Sum) and place.parent is None:
        yield Term(node, place.put)
    if isinstance(node, t.Rate | t.Derive | t.Nabla | t.Name):
        return
    multiplicative = isinstance(node, _MULTIPLICATIVE)
    kept = own and isinstance(node, t.Group | t.Boxed)
    yield from _below(place, kept or not multiplicative)


def _below(place: Place, own: bool) -> Iterator[Term]:
    for part, put in _parts(place):
        yield from _terms(Place(part, put, place.node), own)


def products(root: t.Tree) -> list[Place]:
    """The places of products that are not entry by entry."""
    return [p for p in places(root) if is_plain_product(p.node) and not p.in_rate]
