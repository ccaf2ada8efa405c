"""Weights that a line solves for: what makes the gradient by one 0, of a loss quadratic in it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from symprop.network import Network
from symprop.verification.claims import Claim
from symprop.verification.conventions import rates_of
from symprop.verification.meaning.setting import Setting
from symprop.verification.reading import tree as t
from symprop.verification.slips.sides import entry_of_name, is_entry
from symprop.verification.worlds import Numeric, World, with_values

MOST_ENTRIES = 12
"""A weight of more entries is not solved for."""


SINGULAR = mpmath.mpf(10) ** -30
"""A smaller determinant, beside the entries, is 0 but for rounding."""


def solved_for(claim: Claim, network: Network) -> str:
    """The weight that stands alone on the left of a line and not on the right; "" for none."""
    entry = entry_of_name(claim.left)
    if entry is None or entry.kind != "weight" or is_entry(t.bare(claim.left)):
        return ""
    named = (entry_of_name(name) for name in t.names(claim.right))
    return "" if any(rates_of(claim.right)) or entry in named else entry.name


def solution(name: str, setting: Setting) -> Numeric | None:
    """The value of a weight for which the gradient by it is 0, if that is linear in it."""
    here = np.asarray(setting.world.point.values[name], dtype=object)
    if here.size > MOST_ENTRIES:
        return None
    origin = _gradient(setting.world, name, np.full(here.shape, Fraction(0), dtype=object))
    columns = [
        _gradient(setting.world, name, _unit(here.shape, place)) - origin
        for place in range(here.size)
    ]
    matrix = mpmath.matrix(np.array(columns).T.tolist())
    if abs(mpmath.det(matrix)) <= SINGULAR * mpmath.norm(matrix, mpmath.inf) ** here.size:
        return None
    found = mpmath.lu_solve(matrix, mpmath.matrix(-origin))
    flat = np.array([found[place] for place in range(here.size)], dtype=object)
    return flat.reshape(here.shape) if here.shape else flat[0]


def _gradient(world: World, name: str, value: Any) -> Any:
    there = with_values(world, {name: value if np.shape(value) else value[()]})
    return np.asarray(there.gradients[name], dtype=object).ravel()


def _unit(shape: tuple[int, ...], place: int) -> Any:
    found = np.full(shape, Fraction(0), dtype=object)
    found.flat[place] = Fraction(1)
    return found
