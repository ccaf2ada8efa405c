"""What follows from a wrong line: the same judged again in a world where that line is true.

A wrong gradient of a step changes the gradients of all that the step depends on, a wrong local
derivative those behind it. Whatever else was wrong stands for what it was said to equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.verification.claims import Claim
from symprop.verification.corrections import differentiated_by
from symprop.verification.equality import Points, compare
from symprop.verification.meaning.setting import Setting, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.reading import tree as t
from symprop.verification.substitution import mapped
from symprop.verification.worlds import PRECISION, World


@dataclass(frozen=True)
class Belief:
    """A wrong line: what is said to be equal."""

    left: t.Tree
    right: t.Tree


def follows(claim: Claim, beliefs: Sequence[Belief], points: Points) -> bool:
    """Whether a claim that does not hold would hold if some wrong lines did."""
    latest = [[belief] for belief in reversed(beliefs[-ALONE:])]
    together = [beliefs[-ALONE:]] if len(latest) > 1 else []
    return any(_holds_in(claim, believed, points) for believed in [*latest, *together])


ALONE = 6
"""So many wrong lines before a claim are looked at, each alone and all together."""


def _holds_in(claim: Claim, believed: Sequence[Belief], points: Points) -> bool:
    def change(world: World) -> World | None:
        try:
            with mpmath.workdps(PRECISION):
                return _believing(world, believed)
        except SympropError:
            return None

    found = compare(claim, points, change=change)
    if found.is_equal:
        return True
    written = _written(claim, believed)
    return written != claim and compare(written, points, change=change).is_equal


def _written(claim: Claim, believed: Sequence[Belief]) -> Claim:
    """A claim with what is believed in the place of what it is said of; its left side stays one."""
    pairs = {belief.left: t.Group(belief.right) for belief in believed}

    def instead(part: t.Tree) -> t.Tree | None:
        return next((new for old, new in pairs.items() if old == part), None)

    return Claim(mapped(claim.left, instead), mapped(claim.right, instead), claim.where)


# -- worlds in which wrong gradients are right ----------------------------------------------------


def _believing(world: World, believed: Sequence[Belief]) -> World:
    for belief in believed:
        moved = _moved(world, belief)
        if moved is not None:
            world = _with_gradients(world, *moved)
    return world


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


def _with_gradients(world: World, name: str, difference: Any) -> World:
    """A world where the gradient of a name is another one, and all that hang on it."""
    changed = copy(world)
    gradients = dict(world.gradients)
    gradients[name] = gradients[name] + difference
    for below in world.below(name):
        if below in gradients:
            slope = world.rate(lambda values: values[name], below, held=False)
            gradients[below] = gradients[below] + _contracted(difference, slope)
    changed.__dict__.pop("_deltas", None)
    changed.__dict__["gradients"] = gradients
    return changed


def _contracted(difference: Any, slope: Any) -> Any:
    """What a change of a gradient makes of that of an argument."""
    axes = np.ndim(difference)
    found = np.tensordot(
        np.asarray(difference, dtype=object), np.asarray(slope, dtype=object), axes
    )
    return found if np.ndim(found) else found[()]
