"""Printed numbers: right within half a unit of their last digit.

A number that is used further carries its rounding along: `exp(-1) * (-0.53) = -0.20` is right if
some number that is printed as -0.53 makes it so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from symprop.verification.meaning.setting import Setting, UndecidableError, shape_of
from symprop.verification.meaning.values import decimal, value
from symprop.verification.reading import tree as t
from symprop.verification.substitution import mapped
from symprop.verification.worlds import PRECISION, World

SLACK = mpmath.mpf(10) ** -9
"""So far beyond the half unit, in such units, a number may lie."""
NOISE = mpmath.mpf(10) ** -30
"""What rounding to 60 digits leaves of a zero is less."""


@dataclass(frozen=True)
class Rounded:
    """Printed numbers held against what they should be; all are lists, an item for each entry.

    `errors` are the distances, `tolerances` what half units of the last printed digits make of
    them, `carried` how much the rounding of numbers on the other side may change.
    """

    expected: Any
    errors: tuple[Any, ...]
    tolerances: tuple[Any, ...]
    carried: tuple[Any, ...]

    @property
    def fits(self) -> bool:
        """Whether all are the numbers, rounded."""
        return self._within(self.tolerances)

    @property
    def is_halfway(self) -> bool:
        """Whether a number lies in the middle between two that are rounded so."""
        pairs = zip(self.errors, self.tolerances, strict=True)
        return any(
            0 < allowed and abs(error - allowed) <= allowed * SLACK for error, allowed in pairs
        )

    @property
    def fits_carried(self) -> bool:
        """Whether all are the numbers, rounded, if the numbers before were not."""
        return self._within([a + b for a, b in zip(self.tolerances, self.carried, strict=True)])

    @property
    def worst(self) -> Any:
        """The largest distance."""
        return max(self.errors)

    def _within(self, allowed: Any) -> bool:
        pairs = zip(self.errors, allowed, strict=True)
        return all(error <= most * (1 + SLACK) + NOISE for error, most in pairs)


def rounded(
    left: t.Tree, right: t.Tree, world: World, fixed: Mapping[str, Any] | None = None
) -> Rounded:
    """A side held against a printed one; UndecidableError where they are of different shapes."""
    with mpmath.workdps(PRECISION):
        setting = Setting(world, fixed=fixed or {})
        expected, printed = value(left, setting), value(right, setting)
        if shape_of(expected) != shape_of(printed):
            raise UndecidableError("the shapes of the two sides differ")
        errors = _entries(expected - printed)
        tolerances = _effects(right, printed, setting)
        return Rounded(expected, errors, tolerances, _effects(left, expected, setting))


def _effects(tree: t.Tree, found: Any, setting: Setting) -> tuple[Any, ...]:
    """How far the half units of all numbers with decimals may move each entry of a value."""
    total = np.zeros(len(_entries(found)), dtype=object)
    for used in decimals(tree):
        total = total + np.array(_entries(value(_moved(tree, used), setting) - found), dtype=object)
    return tuple(total)


def _entries(found: Any) -> tuple[Any, ...]:
    return tuple(abs(entry) for entry in np.asarray(found, dtype=object).ravel())


def _moved(tree: t.Tree, used: t.Number) -> t.Tree:
    """A tree in which one printed number is half a unit larger."""
    moved = decimal(used) + half_unit(used)
    instead = t.Number(mpmath.nstr(moved, 20, strip_zeros=False))
    return mapped(tree, lambda part: instead if part is used else None)


def half_unit(number: t.Number) -> Any:
    """Half a unit of the last printed digit; 0 for a whole number."""
    digits, _, exponent = number.text.lower().partition("e")
    behind = len(digits.partition(".")[2])
    return mpmath.mpf(10) ** (int(exponent or 0) - behind) / 2 if behind else mpmath.mpf(0)


def decimals(tree: t.Tree) -> Iterator[t.Number]:
    """The numbers of a tree that are printed with decimals."""
    return (part for part in t.walk(tree) if isinstance(part, t.Number) and "." in part.text)
