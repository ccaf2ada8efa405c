"""Paths: a use of a step left out at a fan-out, a cross term of a softmax left out.

What the derivative would be without them is worked out as a number and held against the printed
side; no tree is repaired.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import leaves
from symprop.verification.meaning.setting import Setting, shape_of
from symprop.verification.slips.chains import Chains
from symprop.verification.worlds import STEP, Numeric, World

QUICK = 100
"""So many steps may be worked out before anything else is looked at."""
MOST_ENTRIES = 40
"""A name of more entries is not moved entry by entry."""


@dataclass(frozen=True)
class Left:
    """A way that a gradient may be wrong: what it is then, and a sentence."""

    gradient: Numeric
    kind: str
    sentence: str


def left_out(chains: Chains, of: str, about: str, setting: Setting) -> Iterator[Left]:
    """The gradient of a number by a name with one use of a step left out, or one alone counted."""
    world = setting.world
    steps = list(chains.network.steps)
    on_the_way = [about, *(s for s in chains.between(about) if steps.index(s) <= steps.index(of))]
    for name in on_the_way:
        uses = [user for user in chains.users.get(name, ()) if user in on_the_way]
        if len(uses) < 2 or np.size(world.values[about]) > MOST_ENTRIES:
            continue
        for use in uses:
            sentence = f"the path through {use} is left out: {name} is used by {_listed(uses)}"
            yield Left(_without(world, of, about, name, {use}), "missing-path", sentence)
        for use in uses if len(uses) > 2 else ():
            sentence = f"the path through {use} alone is counted: {name} is used by {_listed(uses)}"
            found = _without(world, of, about, name, {u for u in uses if u != use})
            yield Left(found, "missing-path", sentence)


def is_quick(chains: Chains, about: str, setting: Setting) -> bool:
    """Whether the gradients with a use left out are worked out in no time."""
    values, steps = setting.world.values, chains.between(about) if about else []
    uses = sum(len(chains.users.get(name, ())) - 1 for name in (about, *steps))
    return about in values and np.size(values[about]) * uses * len(steps) <= QUICK


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _without(world: World, of: str, about: str, name: str, uses: set[str]) -> Numeric:
    """The derivative of a step by a name where some uses of another step do not see it move."""
    base = world.values[about]
    if not isinstance(base, np.ndarray):
        return _slope(world, of, about, None, name, uses)
    found = np.empty(base.shape, dtype=object)
    for index in np.ndindex(base.shape):
        found[index] = _slope(world, of, about, index, name, uses)
    return found


def _slope(world: World, of: str, about: str, index: Any, name: str, uses: set[str]) -> Numeric:
    above, below = (_moved(world, about, index, step, name, uses)[of] for step in (STEP, -STEP))
    return (above - below) / (2 * STEP)


def _moved(
    world: World, about: str, index: Any, step: Any, name: str, uses: set[str]
) -> Mapping[str, Numeric]:
    """All values with an entry of a name moved; to some steps another name stays what it was."""
    values = dict(world.values)
    if index is None:
        values[about] = values[about] + step
    else:
        values[about] = values[about].copy()
        values[about][index] += step
    moved = {about}
    for user, found in world.network.steps.items():
        if user != about and any(leaf.name in moved for leaf in leaves(found.node)):
            moved.add(user)
            seen = {**values, name: world.values[name]} if user in uses else values
            values[user] = evaluate(
                found.node, seen, world.point.sizes, arithmetic=world.arithmetic
            )
    return values


# -- softmax --------------------------------------------------------------------------------------


def without_cross_terms(chains: Chains, of: str, about: str, setting: Setting) -> Iterator[Left]:
    """The gradient with the derivative of a softmax taken as p (1 - p), entry by entry."""
    world = setting.world
    if of != chains.network.require_loss().name:
        return
    for step in chains.between(about):
        node = world.network.steps[step].node
        entry = getattr(node, "entry", None)
        arguments = chains.arguments(step)
        if getattr(entry, "name", "") != "softmax" or len(arguments) != 1:
            continue
        value, upstream = world.values[step], world.gradients.get(step)
        true = world.gradients.get(arguments[0])
        gradient = world.gradients.get(about)
        if upstream is None or true is None or gradient is None:
            continue
        wrong = value * (1 - value) * upstream
        if shape_of(wrong) != shape_of(true) or np.any(true == 0):
            continue
        factor = wrong / true
        if shape_of(gradient)[:1] == shape_of(factor)[:1] and factor.shape[1] == 1:
            sentence = (
                f"the cross terms of the softmax are left out: every entry of {step} depends on "
                f"every entry of {arguments[0]}, also for j != k"
            )
            yield Left(gradient * factor, "missing-cross-term", sentence)
