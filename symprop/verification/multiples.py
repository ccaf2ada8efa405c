"""Multiples: by what number, or number times a size, one value is a multiple of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from symprop.verification.worlds import Numeric, World

TOLERANCE = mpmath.mpf(10) ** -25
LARGEST = 64
"""A number with a larger denominator is no usual factor."""


def ratio(found: Numeric, reference: Numeric) -> Numeric | None:
    """The factor of two values, perhaps transposed; None where there is none, or it is 0."""
    one, other = (np.atleast_2d(np.asarray(each, dtype=object)) for each in (found, reference))
    one = one if one.shape == other.shape else one.T
    if one.shape != other.shape:
        return None
    place = max(range(other.size), key=lambda place: abs(other.flat[place]))
    if other.flat[place] == 0 or one.flat[place] == 0:
        return None
    factor = one.flat[place] / other.flat[place]
    near = np.abs(one - factor * other) <= TOLERANCE * abs(one.flat[place])
    return factor if near.all() else None


def is_constant(factors: Sequence[Numeric], worlds: Sequence[World]) -> bool:
    """Whether factors are the same in some worlds, but for a size that they are multiples of."""
    return any(_are_alike(scaled) for _, scaled in _scaled(factors, worlds))


def usual_factor(
    factors: Sequence[Numeric], worlds: Sequence[World]
) -> tuple[Fraction, str] | None:
    """The number that factors are in some worlds, and "", "*n" or "/n" for a size n behind it."""
    for size, scaled in _scaled(factors, worlds):
        if not _are_alike(scaled):
            continue
        number = Fraction(mpmath.nstr(scaled[0], 30)).limit_denominator(LARGEST)
        if number and abs(scaled[0] * number.denominator - number.numerator) <= TOLERANCE * abs(
            scaled[0]
        ):
            return number, size
    return None


def _scaled(factors: Sequence[Any], worlds: Sequence[World]) -> Iterator[tuple[str, list[Any]]]:
    """Some factors, as they are, and without a size that they may be multiples of."""
    yield "", list(factors)
    for size in worlds[0].point.sizes:
        extents = [world.point.sizes[size] for world in worlds]
        yield f"*{size}", [f / extent for f, extent in zip(factors, extents, strict=True)]
        yield f"/{size}", [f * extent for f, extent in zip(factors, extents, strict=True)]


def _are_alike(numbers: Sequence[Any]) -> bool:
    return all(abs(each - numbers[0]) <= TOLERANCE * abs(numbers[0]) for each in numbers)
