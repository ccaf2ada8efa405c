"""What follows from a wrong line: the same judged again in a world where that line is true.

A wrong gradient of a step changes the gradients of all that the step depends on, a wrong local
derivative those behind it. Whatever else was wrong stands for what it was said to equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.verification.claims import Claim
from symprop.verification.corrections import differentiated_by
from symprop.verification.equality import compare
from symprop.verification.meaning.setting import Setting, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.points import Points
from symprop.verification.reading import tree as t
from symprop.verification.worlds import Lazy, World, through


@dataclass(frozen=True)
class Belief:
    """A wrong line: what is said to be equal."""

    left: t.Tree
    right: t.Tree


ALONE = 6
"""So many wrong lines before a claim are looked at, each alone and all together."""
TRIES = 3
"""In so many worlds a wrong line is looked at that has no value."""
Believed = tuple[Belief, ...]
_Changed = tuple[Believed, World | None]


class Beliefs:
    """The wrong lines of a derivation so far, and the worlds in which they are right."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self._lines: list[Belief] = []
        self._worlds: WeakKeyDictionary[World, dict[tuple[int, ...], _Changed]]
        self._worlds = WeakKeyDictionary()

    def append(self, belief: Belief) -> None:
        """Keep one more wrong line in mind, unless nothing can be as it says."""
        if any(self._in(world, (belief,)) is not None for world in islice(self.points, TRIES)):
            self._lines.append(belief)

    def explain(self, claim: Claim) -> bool:
        """Whether a claim that does not hold would hold if some wrong lines did."""
        latest = [(belief,) for belief in reversed(self._lines[-ALONE:])]
        together = [tuple(self._lines[-ALONE:])] if len(latest) > 1 else []
        read = self._gradients_of(claim) if latest else set()
        return any(self._holds_in(claim, read, believed) for believed in [*latest, *together])

    def _gradients_of(self, claim: Claim) -> set[str]:
        """The names whose gradients count for a claim: where all others change it stays false."""
        found: set[str] = set()
        compare(claim, self.points, change=lambda world: _watched(world, found))
        return found

    def _holds_in(self, claim: Claim, read: set[str], believed: Believed) -> bool:
        def change(world: World) -> World | None:
            return self._in(world, believed)

        moved = set().union(*(_gradients_moved(belief, self.points) for belief in believed))
        if not moved.isdisjoint(read) and compare(claim, self.points, change=change).is_equal:
            return True
        written = _written(claim, believed)
        return written != claim and compare(written, self.points, change=change).is_equal

    def _in(self, world: World, believed: Believed) -> World | None:
        """A world with some beliefs; None where they have no value there."""
        known = self._worlds.setdefault(world, {})
        key = tuple(map(id, believed))
        if key not in known:
            try:
                with mpmath.workdps(world.digits):
                    known[key] = believed, _believing(world, believed)
            except SympropError:
                known[key] = believed, None
        return known[key][1]


def _written(claim: Claim, believed: Sequence[Belief]) -> Claim:
    """A claim with what is believed in the place of what it is said of; its left side stays one."""
    pairs = {belief.left: t.Group(belief.right) for belief in believed}

    def instead(part: t.Tree) -> t.Tree | None:
        return next((new for old, new in pairs.items() if old == part), None)

    return claim.mapped(instead)


# -- worlds in which wrong gradients are right ----------------------------------------------------


def _believing(world: World, believed: Sequence[Belief]) -> World:
    for belief in believed:
        moved = _moved(world, belief)
        if moved is not None:
            world = _with_gradients(world, *moved)
    return world


def _gradients_moved(belief: Belief, points: Points) -> set[str]:
    """The names whose gradients a belief may change."""
    edge = _local(belief.left)
    name = edge[1] if edge is not None else differentiated_by(belief.left)
    world = next(iter(points), None)
    return set() if name is None or world is None else {name} | world.below(name)


def _moved(world: World, belief: Belief) -> tuple[str, Any] | None:
    """The name whose gradient a belief changes, and by how much; None for other beliefs."""
    setting = Setting(world)
    name = differentiated_by(belief.left)
    if name is not None and name in world.gradients:
        wrong, right = value(belief.right, setting), world.gradients[name]
        return (name, wrong - right) if _fit(wrong, right) else None
    edge = _local(belief.left)
    if edge is None or edge[0] not in world.gradients:
        return None
    wrong, right = (value(side, setting) for side in (belief.right, belief.left))
    if shape_of(wrong) or shape_of(right) or shape_of(world.gradients[edge[0]]):
        return None
    return edge[1], world.gradients[edge[0]] * (wrong - right)


def _fit(one: Any, other: Any) -> bool:
    return shape_of(one) == shape_of(np.asarray(other, dtype=object)[()])


def _local(tree: t.Tree) -> tuple[str, str] | None:
    """The step and the argument of a local derivative."""
    rate = t.bare(tree)
    if not isinstance(rate, t.Rate):
        return None
    names = [t.bare(rate.of), t.bare(rate.by)]
    entries = [n.reference.entry for n in names if isinstance(n, t.Name) and n.reference]
    if len(entries) != 2 or None in entries:
        return None
    step, argument = (entry.name for entry in entries if entry is not None)
    return step, argument


def _watched(world: World, read: set[str]) -> World:
    """The same world, which writes down the gradients that are read."""
    watched, known = copy(world), world.gradients

    def gradient(by: str) -> Any:
        read.add(by)
        return known[by]

    watched.__dict__.pop("_deltas", None)
    watched.__dict__["gradients"] = Lazy(known, gradient)
    return watched


def _with_gradients(world: World, name: str, difference: Any) -> World:
    """A world where the gradient of a name is another one, and all that hang on it."""
    changed = copy(world)
    known, below = world.gradients, world.below(name)

    def gradient(by: str) -> Any:
        if by == name:
            return known[by] + difference
        if by not in below:
            return known[by]
        return known[by] + through(difference, world.slopes(name, by, held=False))

    changed.__dict__.pop("_deltas", None)
    changed.__dict__["gradients"] = Lazy(known, gradient)
    return changed
