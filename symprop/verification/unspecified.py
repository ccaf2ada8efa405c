"""Lines over functions without a formula that are right for some functions, and not for all.

That f' = f (1 - f) is right of the sigmoid; of an unspecified f nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product

from symprop.expression.nodes import Apply, Leaf, walk
from symprop.functions.unspecified import Activation
from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.conventions import rates_of
from symprop.verification.equality import compare
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.reading.symbols import Entry, Kind, Reference
from symprop.verification.reading.understanding import plain
from symprop.verification.substitution import Rule
from symprop.verification.waves import KNOWN
from symprop.verification.worlds import with_functions

MOST_FUNCTIONS = 3
"""With more functions in a network, all of them are taken to be the same."""


def activations(network: Network) -> dict[str, str]:
    """The unspecified activations of a network, each with its LaTeX."""
    parts = (part for step in network.steps.values() for part in walk(step.node))
    entries = (getattr(part, "entry", None) for part in parts)
    return {e.symbol: e.symbol_latex for e in entries if isinstance(e, Activation)}


# -- functions that they may be -------------------------------------------------------------------


def known_functions(claim: Claim, network: Network, points: Points) -> str:
    """What the activations have to be for a claim to hold, as a sentence; "" where none are found.

    That one function stands where another belongs is a slip, whatever both of them are.
    """
    for meant in _meanings(tuple(activations(network))):
        if compare(claim, points, change=partial(with_functions, meant=meant)).is_equal:
            if len(set(meant.values())) < len(meant) and _holds_of_one(claim, meant, points):
                return ""
            return " and ".join(f"{f} is {KNOWN[name].title}" for f, name in meant.items())
    return ""


def _meanings(symbols: Sequence[str]) -> Iterator[dict[str, str]]:
    """What some functions may be, one alone first."""
    if len(symbols) > MOST_FUNCTIONS:
        yield from (dict.fromkeys(symbols, name) for name in KNOWN)
        return
    for count in range(1, len(symbols) + 1):
        for chosen in combinations(symbols, count):
            for names in product(KNOWN, repeat=count):
                yield dict(zip(chosen, names, strict=True))


def _holds_of_one(claim: Claim, symbols: Iterable[str], points: Points) -> bool:
    """Whether a claim holds as soon as several functions are one, whichever it is."""
    first, *others = symbols
    same = partial(with_functions, meant=dict.fromkeys(others, first))
    return compare(claim, points, change=same).is_equal


# -- derivatives that nobody knows ----------------------------------------------------------------


@dataclass(frozen=True)
class _Application:
    """A function at its argument: the names around it, and its derivative there."""

    names: frozenset[str]
    slope: t.Call


def unknown_slope(claim: Claim, network: Network, points: Points) -> str:
    """What a claim says of the derivative of an unspecified function; "" where it says nothing."""
    known = activations(network)
    if not known:
        return ""
    for left, right in (claim.trees, claim.trees[::-1]):
        if _slope_of(left, network) in known and not _has_derivatives(right):
            return f"{plain(left)} = {plain(right)}"
    applied = [*_of_steps(network, known), *_of_calls(claim, known)]
    for side in ("left", "right"):
        tree = getattr(claim, side)
        for application in applied:
            group = [part for part in _factors(tree) if _is_around(part, application)]
            if not any(isinstance(part, t.Sum) for each in group for part in t.walk(each)):
                continue
            meant = claim.mapped(_instead(group, application.slope))
            if compare(meant, points).is_equal:
                said = (
                    group[0]
                    if len(group) == 1
                    else t.Product(tuple(group), ("",) * (len(group) - 1))
                )
                return f"{plain(application.slope)} = {plain(said)}"
    return ""


def _slope_of(tree: t.Tree, network: Network) -> str:
    """The activation of which a tree is the derivative; "" for all else."""
    body = t.bare(tree)
    if isinstance(body, t.Call) and isinstance(body.head, t.Primed):
        return _name(body.head.body)
    if not isinstance(body, t.Rate):
        return ""
    of, by = t.bare(body.of), t.bare(body.by)
    if isinstance(of, t.Call):
        return _name(of.head) if len(of.arguments) == 1 and t.bare(of.arguments[0]) == by else ""
    step = network.steps.get(_name(of))
    node = None if step is None else step.node
    if not isinstance(node, Apply) or not isinstance(node.entry, Activation) or node.entry.order:
        return ""
    (argument,) = node.children
    return node.entry.symbol if isinstance(argument, Leaf) and argument.name == _name(by) else ""


def _name(tree: t.Tree) -> str:
    """The declared name that a tree is; "" for all else."""
    name = t.bare(tree)
    entry = name.reference.entry if isinstance(name, t.Name) and name.reference else None
    return "" if entry is None else entry.name


def _has_derivatives(tree: t.Tree) -> bool:
    return any(isinstance(part, t.Primed) for part in t.walk(tree)) or any(rates_of(tree))


def _of_steps(network: Network, known: dict[str, str]) -> Iterator[_Application]:
    for step in network.steps.values():
        node = step.node
        if isinstance(node, Apply) and isinstance(node.entry, Activation) and not node.entry.order:
            (argument,) = node.children
            if isinstance(argument, Leaf):
                f = node.entry.symbol
                head = _named(f, known[f], "function")
                slope = t.Call(t.Primed(head, 1), (_named(argument.name, argument.name, "step"),))
                yield _Application(frozenset({step.name, argument.name, f}), slope)


def _named(name: str, latex: str, kind: Kind) -> t.Name:
    return t.Name(t.Spelling(name), Reference(Entry(name, kind, latex)))


def _of_calls(claim: Claim, known: dict[str, str]) -> Iterator[_Application]:
    for tree in claim.trees:
        for part in t.walk(tree):
            if isinstance(part, t.Call) and _name(part.head) in known:
                names = frozenset(_name(name) for name in t.names(part))
                yield _Application(names, t.Call(t.Primed(part.head, 1), part.arguments))


def _factors(tree: t.Tree) -> Iterator[t.Tree]:
    """The factors of a tree, those of factors in brackets among them."""
    body = t.bare(tree)
    if isinstance(body, t.Product):
        for factor in body.factors:
            yield from _factors(factor)
    elif isinstance(body, t.Sum) and len(body.terms) == 1:
        yield from _factors(body.terms[0])
    else:
        yield tree


def _is_around(part: t.Tree, application: _Application) -> bool:
    """Whether a factor has no other names than a function, its argument and its value."""
    names = [_name(name) for name in t.names(part)]
    return bool(names) and application.names.issuperset(names) and not _has_derivatives(part)


def _instead(group: Sequence[t.Tree], slope: t.Tree) -> Rule:
    """A rule that puts a derivative in the place of some factors."""
    places = {id(part): place for place, part in enumerate(group)}

    def rule(part: t.Tree) -> t.Tree | None:
        place = places.get(id(part))
        return None if place is None else (t.Number("1") if place else slope)

    return rule
