"""True lines as symprop prints them, and how to put other parts into their trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from random import Random
from typing import Any

from symprop.derivation import Derivation, derive
from symprop.errors import SympropError
from symprop.network import Network
from symprop.printout.notation.expressions import latex as printed_latex
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.names import Names
from symprop.verification.reading import Symbols, read
from symprop.verification.reading import tree as t
from symprop.verification.reading.echo import latex
from symprop.verification.reading.symbols import Reference, spelling_of

Put = Callable[[Any], Any]
ONE = t.Number("1")


@dataclass(frozen=True)
class Line:
    """A line as text, the kind of slip in it or the identity, and its right side."""

    text: str
    kind: str
    right: t.Tree


@dataclass(frozen=True)
class TrueLine:
    """A true line: the left side as text, the right side as a tree."""

    left: str
    right: t.Tree

    def with_right(self, right: t.Tree, kind: str) -> Line:
        """The line with another right side."""
        return Line(f"{self.left} = {latex(right)}", kind, right)


class Printed:
    """The true lines of a network, and what may stand in them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.derivation: Derivation = derive(network)
        self.symbols = Symbols.of(network, self.derivation.upstreams)

    @cached_property
    def lines(self) -> list[TrueLine]:
        """The partial derivatives as they are printed, those that are written out in full."""
        return list(dict.fromkeys(self._lines()))

    def _lines(self) -> Iterator[TrueLine]:
        for weight in self.network.weights:
            for form in ("steps", "delta"):
                try:
                    formula = self.derivation.show(weight.name, form)
                except SympropError:
                    continue
                line = formula.lines[0]
                left, right = (latex_of(formula.formulas.of(s)) for s in (line.left, line.right))
                if r"\text" in right:
                    continue  # too long, told in words
                reading = read(f"{left} = {right}", self.symbols, form="latex")
                yield TrueLine(left, reading.statements[0].sides[1])

    @cached_property
    def names(self) -> list[t.Name]:
        """The names that have a value, in the spelling of the network."""
        found = []
        for entry in self.symbols.entries():
            spelling = spelling_of(entry.latex)
            if entry.kind in ("input", "target", "weight", "step") and spelling is not None:
                found.append(t.Name(spelling, Reference(entry)))
        return found

    def definition(self, name: Any) -> t.Tree | None:
        """What a step is defined by, where it is short."""
        entry = None if name.reference is None else name.reference.entry
        step = None if entry is None else self.network.steps.get(entry.name)
        if step is None:
            return None
        text = printed_latex(step.node, Names(self.network, self.derivation.upstreams))
        try:
            return read(f"0 = {text}", self.symbols, form="latex").statements[0].sides[1]
        except SympropError:
            return None


# -- places ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A part of a tree, its parent, and how to put something else there."""

    node: Any
    parent: Any
    put: Put


def places(root: t.Tree) -> list[Place]:
    """All places of a tree but those inside of derivatives by their names."""
    return list(_below(Place(root, None, lambda tree: tree)))


def _below(place: Place) -> Iterator[Place]:
    yield place
    node = place.node
    if isinstance(node, t.Rate | t.Derive | t.Nabla):
        return
    for each in fields(node):
        found = getattr(node, each.name)
        if isinstance(found, t.Tree):
            yield from _below(Place(found, node, partial(_with_field, place, each.name)))
        elif isinstance(found, tuple) and found and isinstance(found[0], t.Tree):
            for index, part in enumerate(found):
                yield from _below(Place(part, node, partial(_with_part, place, each.name, index)))


def _with_field(place: Place, name: str, new: Any) -> Any:
    return place.put(replace(place.node, **{name: new}))


def _with_part(place: Place, name: str, index: int, new: Any) -> Any:
    found = getattr(place.node, name)
    return _with_field(place, name, (*found[:index], new, *found[index + 1 :]))


def in_brackets(tree: Any) -> t.Tree:
    """A tree in brackets where it is no single piece."""
    whole = t.Name | t.Number | t.Group | t.Transpose | t.Call | t.Power
    return tree if isinstance(tree, whole) else t.Group(tree)


def is_name(place: Place) -> bool:
    """Whether a name with a value stands here, not that of a function."""
    node, parent = place.node, place.parent
    if not isinstance(node, t.Name) or (isinstance(parent, t.Call) and parent.head is node):
        return False
    entry = None if node.reference is None else node.reference.entry
    return entry is not None and entry.kind != "function" and not isinstance(parent, t.Primed)


def name_of(name: Any) -> str:
    """The name in Python of a name in a formula."""
    return str(name.reference.entry.name)


def shape_of(name: Any) -> Any:
    """The declared shape of a name."""
    assert name.reference is not None and name.reference.entry is not None
    return name.reference.entry.shape


def is_scalar(tree: t.Tree) -> bool:
    """Whether all names in a tree are numbers."""
    return all(
        n.reference is None or n.reference.entry is None or not n.reference.entry.shape
        for n in t.names(tree)
    )  # fmt: skip


def is_product(tree: Any, entrywise: bool = False) -> bool:
    """Whether a tree is a product of the one kind or the other."""
    if not isinstance(tree, t.Product):
        return False
    return any(sign in (r"\odot", r"\circ") for sign in tree.signs) == entrywise


def negated(tree: Any) -> t.Tree:
    """The tree with the other sign."""
    if isinstance(tree, t.Sum) and len(tree.terms) == 1:
        return tree.terms[0] if tree.signs[0] == "-" else replace(tree, signs=("-",))
    return t.Sum((t.Group(tree) if isinstance(tree, t.Sum) else tree,), ("-",))


def times(tree: Any, factor: t.Tree) -> t.Tree:
    """A factor in front of a formula, behind its sign."""
    if isinstance(tree, t.Sum) and len(tree.terms) == 1:
        return replace(tree, terms=(times(tree.terms[0], factor),))
    if is_product(tree):
        sign = r"\cdot" if isinstance(tree.factors[0], t.Number) else ""
        return t.Product((factor, *tree.factors), (sign, *tree.signs))
    sign = r"\cdot" if isinstance(tree, t.Number) else ""
    return t.Product((factor, t.Group(tree) if isinstance(tree, t.Sum) else tree), (sign,))


def joined(factors: tuple[Any, ...]) -> Any:
    kept = [f for f in factors if f != ONE] or [ONE]
    if len(kept) == 1:
        return kept[0]
    signs = tuple(r"\cdot" if isinstance(b, t.Number) else "" for b in kept[1:])
    return t.Product(tuple(kept), signs)


def drawn(rng: Random, found: list[Any]) -> Any:
    return rng.choice(found) if found else None


Change = Callable[[Any, Printed, Random], Any]
"""A right side made into another one; None where it cannot be."""
