"""Paths: a use of a step left out at a fan-out, a cross term of a softmax left out.

What the derivative would be without them is worked out as a number and held against the printed
side; no tree is repaired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import mpmath
import numpy as np

from symprop.verification.meaning.setting import Setting, shape_of
from symprop.verification.slips.chains import Chains
from symprop.verification.worlds import Numeric, World, through

QUICK = 100
"""So many steps may be worked out before anything else is looked at."""
NOISE = mpmath.mpf(10) ** -30
"""So much of what was taken away may be left where nothing is."""
MOST_ENTRIES = 40
"""A name of more entries is not moved entry by entry."""
MOST_USES = 10
"""Of more uses of steps two are not left out together."""


@dataclass(frozen=True)
class Left:
    """A way that a gradient may be wrong: what it is then, and a sentence.

    `of_the_loss`: what the loss itself makes of a name is left out, as that of a penalty.
    """

    gradient: Numeric
    kind: str
    sentence: str
    of_the_loss: bool = False


PathRule: TypeAlias = Callable[[Chains, str, str, Setting], Iterator[Left]]
"""Gradients of a number by a name, by the names of both, with something left out."""


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
            wrong = _without(world, of, about, name, {use})
            yield Left(wrong, "missing-path", sentence, of_the_loss=use == of)
        for use in uses if len(uses) > 2 else ():
            sentence = f"the path through {use} alone is counted: {name} is used by {_listed(uses)}"
            found = _without(world, of, about, name, {u for u in uses if u != use})
            yield Left(found, "missing-path", sentence)


def two_left_out(chains: Chains, of: str, about: str, setting: Setting) -> Iterator[Left]:
    """The gradient with two uses of steps left out: a mean and a variance taken as constants."""
    steps = list(chains.network.steps)
    way = [about, *(s for s in chains.between(about) if steps.index(s) <= steps.index(of))]
    edges = [
        (name, use)
        for name in way
        if len(uses := [user for user in chains.users.get(name, ()) if user in way]) > 1
        for use in uses
    ]
    for two in combinations(edges[:MOST_USES], 2):
        gradient = _along(setting.world, chains, way, frozenset(two))
        if gradient is not None:
            (name, use), (other, another) = two
            sentence = (
                f"the paths through {use} and {another} are left out: {name} is used by {use}, "
                f"{other} by {another}, too"
            )
            yield Left(gradient, "missing-path", sentence)


def _along(
    world: World, chains: Chains, way: list[str], cut: frozenset[tuple[str, str]]
) -> Numeric | None:
    """The derivative of the last step of a way by the first one, without some uses."""
    known: dict[str, Numeric] = {way[-1]: mpmath.mpf(1)}
    for step in reversed(way[1:]):
        for name in chains.arguments(step) if step in known else ():
            if name in way and (name, step) not in cut:
                part = through(known[step], world.slopes(step, name, held=True))
                known[name] = known[name] + part if name in known else part
    return known.get(way[0])


def is_quick(chains: Chains, about: str, setting: Setting) -> bool:
    """Whether the gradients with a use left out are worked out in no time."""
    values, steps = setting.world.values, chains.between(about) if about else []
    uses = sum(len(chains.users.get(name, ())) - 1 for name in (about, *steps))
    return about in values and np.size(values[about]) * uses * len(steps) <= QUICK


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _without(world: World, of: str, about: str, name: str, uses: set[str]) -> Numeric:
    """The derivative of a number by a name where some uses of another step do not see it move.

    What comes through these is taken away.
    """
    lost = sum(
        through(_gradient(world, of, use), world.slopes(use, name, held=True)) for use in uses
    )
    if name != about:
        lost = through(lost, world.slopes(name, about, held=False))
    whole = _gradient(world, of, about)
    rest = np.asarray(whole - lost, dtype=object)
    noise = NOISE * max(np.max(np.abs(whole)), np.max(np.abs(lost)))
    settled = np.where(np.abs(rest) <= noise, mpmath.mpf(0), rest)
    return settled if shape_of(whole) else settled[()]


def _gradient(world: World, of: str, by: str) -> Numeric:
    """The derivative of a number by a name; that of the loss is known."""
    if of == by:
        return mpmath.mpf(1)
    if of == world.network.require_loss().name and by in world.gradients:
        return world.gradients[by]
    return world.slopes(of, by, held=False)


# -- softmax --------------------------------------------------------------------------------------


def without_cross_terms(chains: Chains, of: str, about: str, setting: Setting) -> Iterator[Left]:
    """The gradient with the derivative of a softmax taken as p (1 - p), or p, entry by entry."""
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
        if upstream is None or true is None or shape_of(value * upstream) != shape_of(true):
            continue
        sentence = (
            f"the cross terms of the softmax are left out: every entry of {step} depends on "
            f"every entry of {arguments[0]}, also for j != k"
        )
        shorter = (
            f"the derivative of the softmax is taken as {step} alone: "
            f"the terms -{step}_j {step}_k are left out"
        )
        slopes = ((value * (1 - value), sentence), (value, shorter))
        for slope, said in slopes:
            gradient = _passed_on(world, arguments[0], about, slope * upstream, true)
            if gradient is not None:
                yield Left(gradient, "missing-cross-term", said)


def _passed_on(
    world: World, step: str, about: str, wrong: Numeric, true: Numeric
) -> Numeric | None:
    """The gradient by a name where the one by a step behind it is wrong; None where that is long.

    Of a product with a column every row of the gradient is that of the step times a number.
    """
    gradient = world.gradients.get(about)
    if gradient is None or step == about:
        return None if gradient is None else wrong
    if np.size(gradient) <= MOST_ENTRIES:
        return gradient + through(wrong - true, world.slopes(step, about, held=False))
    if np.any(true == 0) or shape_of(true)[1:] != (1,):
        return None
    return gradient * (wrong / true) if shape_of(gradient)[:1] == shape_of(true)[:1] else None
