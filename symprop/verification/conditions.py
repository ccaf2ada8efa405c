"""Conditions that a line is said under: where they hold, and the worlds that they make so.

An inequality chooses among worlds, and among the free indices there; what is said to equal
something else gets that value, if it is declared and free.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symprop.errors import PointError, SympropError
from symprop.verification.claims import Claim
from symprop.verification.meaning.applications import is_function
from symprop.verification.meaning.conditions import RELATIONS, side_of
from symprop.verification.meaning.names import LETTER, is_kronecker, label
from symprop.verification.meaning.setting import NoValueError, Setting, UndecidableError, shape_of
from symprop.verification.meaning.values import value
from symprop.verification.reading import tree as t
from symprop.verification.reading.understanding import plain
from symprop.verification.worlds import World, with_values

FREE = ("input", "target", "weight", "hyperparameter")
"""The kinds of names that a condition may give a value."""


def told(conditions: Sequence[t.Tree]) -> str:
    """Conditions as they are named in a verdict."""
    return " and ".join(map(plain, conditions))


def of_values(claim: Claim) -> tuple[t.Tree, ...]:
    """The conditions of a claim that are about values; others say for which indices it is meant."""
    return tuple(tree for tree in claim.given if not _is_of_indices(tree))


def is_of_ranges(claim: Claim) -> bool:
    """Whether the conditions on values are inequalities, which leave them open."""
    conditions = of_values(claim)
    signs = {s for tree in conditions if isinstance(tree, t.Comparison) for s in tree.relations}
    return bool(signs) and "=" not in signs


def _is_of_indices(condition: t.Tree) -> bool:
    sides = condition.sides if isinstance(condition, t.Comparison) else ()
    return bool(sides) and all(isinstance(side, t.Number) or _is_letter(side) for side in sides)


def _is_letter(side: t.Tree) -> bool:
    return isinstance(side, t.Name) and side.reference is None and _is_index(label(side))


def _is_index(word: str) -> bool:
    return LETTER.fullmatch(word) is not None


def are_met(conditions: Sequence[t.Tree], setting: Setting) -> bool:
    """Whether conditions hold in a setting; UndecidableError where nothing tells."""
    try:
        return all(_is_met(condition, setting) for condition in conditions)
    except (NoValueError, UndecidableError) as error:
        if isinstance(error, NoValueError):
            return False
        raise
    except SympropError as error:
        why = f"the condition {told(conditions)}: {error.message}"
        raise UndecidableError(why) from None


def _is_met(condition: t.Tree, setting: Setting) -> bool:
    if not isinstance(condition, t.Comparison):
        raise UndecidableError(f"the condition {plain(condition)} is not understood")
    for name in t.names(condition):
        known = label(name) in setting.indices or is_kronecker(name) or is_function(name)
        if name.reference is None and not known:
            raise UndecidableError(
                f"{label(name)} is not declared: when {plain(condition)} holds is not said"
            )
    sides = [side_of(side, setting, value) for side in condition.sides]
    for sign, left, right in zip(condition.relations, sides, sides[1:], strict=False):
        if sign not in RELATIONS or len({shape_of(left), shape_of(right)} - {()}) > 1:
            raise UndecidableError(f"the condition {plain(condition)} is not understood")
        held = np.frompyfunc(RELATIONS[sign], 2, 1)(left, right)
        if not np.all(np.asarray(held, dtype=bool)):
            return False
    return True


def fulfilling(conditions: Sequence[t.Tree], world: World) -> World:
    """The world where what is said to equal something does; NoValueError where there is none."""
    changed = {}
    for condition in conditions:
        found = _given_value(condition, world)
        if found is not None:
            changed[found[0]] = found[1]
    try:
        return with_values(world, changed) if changed else world
    except PointError:
        raise NoValueError("no value at this point") from None


def _given_value(condition: t.Tree, world: World) -> tuple[str, object] | None:
    """The declared name that a condition gives a value, and the value; None where it does not."""
    if not isinstance(condition, t.Comparison) or condition.relations != ("=",):
        return None
    for name, other in (condition.sides, condition.sides[::-1]):
        reference = name.reference if isinstance(name, t.Name) else None
        entry = None if reference is None or reference.indices else reference.entry
        if entry is None or entry.kind not in FREE:
            continue
        found = value(other, Setting(world))
        if isinstance(other, t.Transpose) and t.bare(other.body) == name:
            found = (found + found.T) / 2  # a symmetric one
        if shape_of(found) != shape_of(world.values[entry.name]):
            raise UndecidableError(f"{entry.name} is no number: {plain(condition)} is not clear")
        return entry.name, found
    return None
