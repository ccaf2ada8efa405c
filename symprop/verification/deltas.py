r"""Deltas that a text defines itself: `\delta_o = y - \hat y` is minus the gradient to many.

A name `\delta_o` is read as the derivative of the loss by o. Where the text says that it is
something else, the text's own definition stands for the lines that follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Apply, Leaf
from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.equality import compare
from symprop.verification.indices import assignments
from symprop.verification.meaning.calls import slope_of
from symprop.verification.meaning.names import label
from symprop.verification.meaning.setting import Setting
from symprop.verification.meaning.values import value
from symprop.verification.multiples import ratio, usual_factor
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.reading.statements import Link, Statement
from symprop.verification.reading.symbols import Entry, Reference
from symprop.verification.substitution import mapped
from symprop.verification.worlds import PRECISION, Numeric

WORLDS = 4
"""In so many worlds a delta has to be the same multiple of a gradient."""


@dataclass(frozen=True)
class Meaning:
    """What a delta of the text stands for: a sentence, and the entry that has it as its value."""

    sentence: str
    entry: Entry


def defined_delta(link: Link) -> t.Name | None:
    """The delta that a link may define; None where its left side is none."""
    name = t.bare(link.left)
    if not isinstance(name, t.Name) or link.relation.sign not in ("=", ":="):
        return None
    entry = None if name.reference is None else name.reference.entry
    return name if entry is not None and entry.kind == "delta" else None


def with_meanings(statement: Statement, meanings: dict[str, Meaning]) -> Statement:
    """A statement in which deltas stand for what the text says."""
    if not meanings:
        return statement

    def instead(part: t.Tree) -> t.Tree | None:
        if not isinstance(part, t.Name) or part.reference is None:
            return None
        entry = part.reference.entry
        if entry is None or entry.kind != "delta" or entry.name not in meanings:
            return None
        meant = meanings[entry.name].entry
        return replace(part, reference=replace(part.reference, entry=meant))

    return replace(statement, sides=tuple(mapped(side, instead) for side in statement.sides))


def meaning_of(name: t.Name, right: t.Tree, network: Network, points: Points) -> Meaning | None:
    """What a delta stands for that is said to equal something; None where that is no gradient.

    It is a usual multiple of the gradient that the name has, or of that by the argument of the
    step: many have the slope of the function in their deltas.
    """
    assert name.reference is not None and name.reference.entry is not None  # the caller looked
    entry = name.reference.entry
    loss = network.require_loss().name
    for step, delta in _gradients(entry, network):
        meant = replace(name, reference=replace(name.reference, entry=delta))
        factor = multiple_of(meant, right, points)
        if factor is None or (factor == (Fraction(1), "") and delta == entry):
            continue
        whole = replace(meant, reference=Reference(delta))
        definition = _times(factor, whole)
        found = replace(entry, kind="local", definition=definition)
        here = replace(name, reference=replace(name.reference, entry=found))
        if compare(Claim(here, right), points).is_equal:
            return Meaning(f"{label(name)} is here {_shown(factor)}d{loss}/d{step}", found)
    factor = _factor_of_argument(name, right, network, points)
    if factor is None:
        return None
    own = entry.name.removeprefix("delta_")
    said = f"{label(name)} is here {_shown(factor)}d{loss} by the argument of {own}"
    return Meaning(said, replace(entry, kind="local", definition=right))


def _factor_of_argument(
    name: t.Name, right: t.Tree, network: Network, points: Points
) -> tuple[Fraction, str] | None:
    """By what the gradient by the argument of a step is to be multiplied to be a right side."""
    assert name.reference is not None and name.reference.entry is not None  # the caller looked
    step = network.steps.get(name.reference.entry.name.removeprefix("delta_"))
    node = None if step is None else step.node
    if step is None or not isinstance(node, Apply) or len(node.children) != 1:
        return None
    if name.reference.indices:
        return None
    factors, worlds = [], []
    for world in islice(points, WORLDS):
        with mpmath.workdps(PRECISION), suppress(SympropError):
            inner, sizes = node.children[0], world.point.sizes
            argument = evaluate(inner, world.values, sizes, arithmetic=world.arithmetic)
            slope = slope_of(world.arithmetic.elementwise(node.entry), argument, 1)
            factor = ratio(value(right, Setting(world)), world.gradients[step.name] * slope)
            factors += [] if factor is None else [factor]
            worlds += [] if factor is None else [world]
    return usual_factor(factors, worlds) if len(factors) > 1 else None


def is_of_another(name: t.Name, right: t.Tree, network: Network, points: Points) -> bool:
    """Whether a delta is said to be the gradient by another step, as where a slope is forgotten."""
    assert name.reference is not None and name.reference.entry is not None  # the caller looked
    entry = name.reference.entry
    for step in network.steps.values():
        delta = Entry(f"delta_{step.name}", "delta", step.name, entry.shape)
        meant = replace(name, reference=replace(name.reference, entry=delta))
        if step.shape == entry.shape and multiple_of(meant, right, points) is not None:
            if compare(Claim(meant, right), points).is_equal:
                return True
    return False


def as_written(name: t.Name, right: t.Tree) -> Meaning:
    """What a delta stands for that is no gradient: what the text says."""
    assert name.reference is not None and name.reference.entry is not None  # the caller looked
    entry, indices = name.reference.entry, name.reference.indices
    said = f"{label(name)} is no gradient: what it stands for is not said"
    meant = t.Entries(right, indices, span=right.span) if indices else right
    return Meaning(said, replace(entry, kind="local", definition=meant))


def _gradients(entry: Entry, network: Network) -> Iterator[tuple[str, Entry]]:
    """The gradient that a name has, and that by the argument of the step, where it is a step."""
    own = entry.name.removeprefix("delta_")
    yield own, entry
    node = network.steps[own].node if own in network.steps else None
    inner = node.children[0] if isinstance(node, Apply) and len(node.children) == 1 else None
    if isinstance(inner, Leaf) and inner.name in network.steps:
        name = f"delta_{inner.name}"
        yield inner.name, Entry(name, "delta", name, entry.shape)


def multiple_of(name: t.Name, right: t.Tree, points: Points) -> tuple[Fraction, str] | None:
    """By what a gradient is to be multiplied to be a right side."""
    factors, worlds = [], []
    for world in islice(points, WORLDS):
        with mpmath.workdps(PRECISION):
            found = _ratio(name, right, Setting(world))
        if found is not None:
            factors.append(found)
            worlds.append(world)
    return usual_factor(factors, worlds) if len(factors) > 1 else None


def _ratio(name: t.Name, right: t.Tree, setting: Setting) -> Numeric | None:
    """The largest entry of a right side by that of a gradient."""
    try:
        for indices in assignments((name, right), setting):
            here = setting.with_indices(indices)
            one, other = (np.asarray(value(side, here), dtype=object) for side in (right, name))
            if one.shape != other.shape:
                return None
            place = max(range(other.size), key=lambda place: abs(other.flat[place]))
            if other.flat[place] != 0:
                return one.flat[place] / other.flat[place]
    except SympropError:
        return None
    return None


def _times(factor: tuple[Fraction, str], tree: t.Tree) -> t.Tree:
    """A tree times a number, and times or by a size."""
    number, size = factor
    sign = "-" if number < 0 else ""
    made: t.Tree = tree
    if abs(number) != 1:
        ratio = t.Fraction(t.Number(str(abs(number.numerator))), t.Number(str(number.denominator)))
        made = t.Product((ratio, made), ("",))
    if size:
        extent = t.Name(t.Spelling(size[1:]), Reference(Entry(size[1:], "size", size[1:])))
        made = t.Product((extent, made), ("",)) if size[0] == "*" else t.Fraction(made, extent)
    return t.Group(t.Sum((made,), (sign,)))


def _shown(factor: tuple[Fraction, str]) -> str:
    number, size = factor
    sign = "-" if number < 0 else ""
    if not size:
        return f"{sign}{abs(number)}*" if abs(number) != 1 else sign
    return f"{sign}{abs(number)}{size}*"
