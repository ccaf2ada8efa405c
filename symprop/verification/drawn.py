"""Random points of a network as worlds: decimals of a few digits, of which all others are made."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import cycle
from random import Random
from typing import Any

import mpmath
import numpy as np

from symprop.derivation.course import Course, DoubtfulError
from symprop.derivation.point import Point
from symprop.drawing import Drawn, candidates
from symprop.errors import PointError
from symprop.network import Network
from symprop.verification.worlds import PRECISION, World

DECIMALS = 3
"""With so many decimals values are drawn."""


def worlds(
    network: Network, course: Course, seed: int = 0, digits: int = PRECISION
) -> Iterator[World]:
    """Worlds in which every step has a value, other sizes in each; endless where there are any.

    PointError where there is no value at any of many points.
    """
    rng = np.random.default_rng(seed)
    failure: PointError | None = None
    found = 0
    for number, drawn in enumerate(_candidates(network, rng)):
        if number == ATTEMPTS and not found:
            raise failure or PointError(f"{network.name!r} has no values at any point tried")
        try:
            with mpmath.workdps(digits):
                mark = 1000 * seed + number
                world = World(network, course, _exact(network, drawn, mark), mark)
        except (PointError, DoubtfulError) as error:
            failure = error if isinstance(error, PointError) else failure
            continue
        found += 1
        yield world


def _candidates(network: Network, rng: np.random.Generator) -> Iterator[Drawn]:
    """Points without an end; no size is the same in the first two, so that a 3 is no K."""
    sources = [candidates(network, rng, samples) for samples in (1, 2)]
    for source in cycle(sources):
        yield next(source)


ATTEMPTS = 200
"""After so many points without a value, a network has none."""


def _exact(network: Network, drawn: Drawn, seed: int) -> Point:
    """A point of decimals; labels that sum to 1 still do.

    A hyperparameter is not at its default: what is right for a 2 need not be right for every T.
    """
    values: dict[str, Any] = {}
    for name, value in {**drawn.weights, **drawn.data[0]}.items():
        if name in network.hyperparameters:
            values[name] = _around(value, Random(f"{seed} {name}"))
            continue
        leaf = network.declared[name].leaf
        exact = np.frompyfunc(_decimal, 1, 1)(np.asarray(value))
        if leaf.sums_to_one is not None:
            exact = exact / exact.sum(axis=leaf.sums_to_one, keepdims=True)
        values[name] = exact
    return Point(values, drawn.sizes)


def _around(default: float, rng: Random) -> Any:
    """A number of the sign of a default, and of its size where that is not tiny."""
    size = abs(default) if abs(default) >= LEAST_DEFAULT else 1.0
    return _decimal(size * rng.uniform(0.5, 1.5) * (-1 if default < 0 else 1))


LEAST_DEFAULT = 0.05
"""A default below this, as that of an epsilon, is drawn as if it were 1, so that it counts."""


def _decimal(value: float) -> Fraction:
    return _fraction(round(float(value) * 10**DECIMALS))


@lru_cache(maxsize=10_000)
def _fraction(units: int) -> Fraction:
    return Fraction(units, 10**DECIMALS)
