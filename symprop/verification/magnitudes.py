r"""Points of other magnitudes, for lines that show something there alone.

That `\max(0, x - 10^6)` is 0 everywhere is not seen near 1. What stands beside an unusual constant
or inside a kink of a line is drawn as large and as small as the constants are, too. A difference
there counts if it stays with more digits: far away, functions lose theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from weakref import WeakKeyDictionary

import mpmath
import numpy as np

from symprop.errors import SympropError
from symprop.verification.claims import Claim
from symprop.verification.digits import USUAL, magnitudes
from symprop.verification.equality import Answer, Comparison
from symprop.verification.points import Changed, Points
from symprop.verification.reading import tree as t
from symprop.verification.worlds import PRECISION, Numeric, World, with_values

KINKED = {"max", "min", "maximum", "minimum", "relu", "absolute", "abs", "sign", "leaky_relu"}
"""Functions that are made of pieces."""
FINER = 4 * PRECISION
AGREE = mpmath.mpf(10) ** -8
"""A difference that is none of digits is as near to itself with more of them."""
NEAR = (1, 2)
"""Powers of ten that what stands in a kink is multiplied by, in any case."""


def differing_far_away(
    claim: Claim, points: Points, compared: Callable[[Points], Comparison]
) -> Comparison | None:
    """A difference at points of another magnitude; None where there is none, or no such points.

    `compared` gives the answer at some points.
    """
    for names, power in _tried(claim):
        there = Changed(points, partial(_scaled, names=names, power=power))
        far = compared(there)
        if far.answer is not Answer.DIFFERENT:
            continue
        again = compared(there.precise(FINER))
        if again.answer is Answer.DIFFERENT and _stays(far, again):
            return far
    return None


def _tried(claim: Claim) -> Iterator[tuple[frozenset[str], int]]:
    """The names that are scaled, and by which powers of ten."""
    sizes = [size for tree in claim.trees for size in magnitudes(tree) if abs(size) >= 1]
    for part in (part for tree in claim.trees for part in t.walk(tree)):
        kinked = _is_kinked(part)
        if not kinked and not _is_beside_constant(part):
            continue
        names = frozenset(_declared(part))
        if not names:
            continue
        powers = {round(sign * (abs(size) + 1)) for size in sizes for sign in (1, -1)}
        yield from ((names, power) for power in sorted({*powers, *(NEAR if kinked else ())}))


def _is_kinked(tree: t.Tree) -> bool:
    """Whether a part is made of pieces, and a number beside 0 and 1 says where they end."""
    if not any(magnitudes(tree)):
        return False
    if isinstance(tree, t.Call) and isinstance(tree.head, t.Name):
        return tree.head.spelling.base.removeprefix("\\") in KINKED
    if isinstance(tree, t.Bars):
        return tree.brackets in ("||", "|")
    return isinstance(tree, t.Indicator | t.Cases)


def _is_beside_constant(tree: t.Tree) -> bool:
    """Whether a function has an unusual constant in its argument, as exp(-10^8 x)."""
    if not isinstance(tree, t.Call | t.Power | t.Fraction | t.Root):
        return False
    return any(abs(size) > USUAL for size in magnitudes(tree))


def _declared(tree: t.Tree) -> Iterator[str]:
    for name in t.names(tree):
        entry = None if name.reference is None else name.reference.entry
        if entry is not None and entry.kind in ("input", "target", "weight", "step"):
            yield entry.name


_SCALED: WeakKeyDictionary[World, dict[tuple[frozenset[str], int], World | None]]
_SCALED = WeakKeyDictionary()
"""The worlds that were made of others: many lines of a text ask for the same."""


def _scaled(world: World, *, names: frozenset[str], power: int) -> World | None:
    """A world in which what some names depend on is many times as large, or as small."""
    known = _SCALED.setdefault(world, {})
    if (names, power) not in known:
        known[names, power] = _made(world, names, power)
    return known[names, power]


def _made(world: World, names: frozenset[str], power: int) -> World | None:
    below = {name for each in names for name in world.below(each)} | names
    network = world.network
    changed = {}
    for name, value in world.point.values.items():
        free = name not in network.labels and network.declared[name].leaf.sums_to_one is None
        if name in below and free:
            changed[name] = np.asarray(value, dtype=object) * Fraction(10) ** power
    try:
        return with_values(world, changed) if changed else None
    except SympropError:
        return None


def _stays(one: Comparison, other: Comparison) -> bool:
    """Whether two comparisons at one point find the same difference."""
    if one.setting is None or other.setting is None:
        return False
    if one.setting.world.seed != other.setting.world.seed:
        return False
    first, second = (_difference(found) for found in (one, other))
    return bool(np.all(np.abs(first - second) <= AGREE * np.max(np.abs(second))))


def _difference(found: Comparison) -> Numeric:
    return np.asarray(found.left - found.right, dtype=object)
