"""Random points of a network at many digits, and how everything there changes with everything.

A formula that somebody has written is tried in such worlds. Values come straight from the declared
expressions, gradients from the derivation. What else is to be differentiated, an expression of the
hand derivation among it, is moved a little and looked at again: with 60 digits a central difference
is right to more than 30. A function without a formula gets a smooth one of its own in each world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import cycle
from random import Random
from typing import Any

import mpmath
import numpy as np

from symprop.derivation.course import Course, DoubtfulError, forward
from symprop.derivation.point import Point
from symprop.drawing import Drawn, candidates
from symprop.errors import PointError, SympropError
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import leaves
from symprop.network import Network
from symprop.verification.waves import Numeric as Numeric
from symprop.verification.waves import specified


class TooLargeError(SympropError):
    """More numbers than are worked out."""


LARGEST_JACOBIAN = 50_000
"""Derivatives with more entries are not worked out by differences."""
Values = Mapping[str, Numeric]
Observed = Callable[[Values], Numeric]
"""Something that is worked out of the values of names."""

PRECISION = 60
"""Decimal digits that everything is worked out with."""
STEP = mpmath.mpf(10) ** -20
"""How far a value is moved: the error is about the square of it."""
DECIMALS = 3
"""With so many decimals values are drawn."""


# -- worlds ---------------------------------------------------------------------------------------


class World:
    """One point of a network: the value of every declared name and step, and how they change."""

    def __init__(self, network: Network, course: Course, point: Point, seed: int) -> None:
        self.network = network
        self.point = point
        self.seed = seed
        self.arithmetic = specified(seed)
        self._course = course
        self._others: dict[str, Values] = {}
        self._slopes: dict[tuple[str, str, bool], Numeric] = {}
        self.values: Values = forward(network, point, self.arithmetic)[0]

    @cached_property
    def gradients(self) -> Values:
        """The derivative of the loss by every name, from the derivation."""
        found = self._course.at(self.point, self.arithmetic)
        return {key[1]: value for key, value in found.of.items() if key[0] == "gradient"}

    def upstream(self, delta: str) -> Numeric:
        """The value of an upstream gradient by its name, delta_<step>."""
        name = delta.removeprefix("delta_")
        return self.gradients[name] if name in self.gradients else self._deltas[delta]

    @cached_property
    def _deltas(self) -> Values:
        """The upstream gradients that have names, those inside of steps among them."""
        known = {**self.values, **{f"delta_{n}": value for n, value in self.gradients.items()}}
        for inner, expression in self._course.deltas:
            known[inner] = evaluate(expression, known, self.point.sizes, arithmetic=self.arithmetic)
        return known

    def of_another_sample(self, index: str) -> Values:
        """The values of all names for a sample with another index: other data, the same weights."""
        if index not in self._others:
            rng = Random(f"{self.seed} sample {index}")
            data = [*self.network.inputs, *self.network.targets]
            changed = {
                d.name: _redrawn(self.point.values[d.name], rng, d.name in self.network.labels)
                for d in data
            }
            self._others[index] = with_values(self, changed).values
        return self._others[index]

    def slopes(self, step: str, name: str, *, held: bool) -> Numeric:
        """The derivative of a step by the entries of a name, as `rate` gives it; worked out once.

        Where `held`, it is that of the definition of the step by a direct argument.
        """
        key = (step, name, held)
        if key not in self._slopes:
            node = self.network.steps[step].node

            def observed(values: Values) -> Numeric:
                if not held:
                    return values[step]
                return evaluate(node, values, self.point.sizes, arithmetic=self.arithmetic)

            self._slopes[key] = self.rate(observed, name, held=held)
        return self._slopes[key]

    def rate(self, observed: Observed, name: str, *, held: bool) -> Numeric:
        """The derivative of what is observed by the entries of a name.

        An array: the axes of the value, then those of the name; none for a number. Where `held`,
        the other steps stay as they are, else they follow.
        """
        by = self.values[name]
        if not isinstance(by, np.ndarray):
            return self._difference(observed, name, None, held)
        size = by.size * np.size(observed(self.values))
        if size > LARGEST_JACOBIAN:
            raise TooLargeError(f"a Jacobian of {size:,} entries is not worked out")
        found = [self._difference(observed, name, index, held) for index in np.ndindex(by.shape)]
        value = np.shape(found[0])
        stacked = np.array(found, dtype=object).reshape(*by.shape, *value)
        return np.moveaxis(stacked, (0, 1), (-2, -1))

    def _difference(
        self, observed: Observed, name: str, index: tuple[int, ...] | None, held: bool
    ) -> Numeric:
        above, below = (observed(self._moved(name, index, step, held)) for step in (STEP, -STEP))
        return (above - below) / (2 * STEP)

    def _moved(self, name: str, index: tuple[int, ...] | None, step: Numeric, held: bool) -> Values:
        """All values, one entry of a name moved."""
        values = dict(self.values)
        if index is None:
            values[name] = values[name] + step
        else:
            values[name] = values[name].copy()
            values[name][index] += step
        if not held:
            for follower in self._followers(name):
                node = self.network.steps[follower].node
                values[follower] = evaluate(
                    node, values, self.point.sizes, arithmetic=self.arithmetic
                )
        return values

    def below(self, name: str) -> set[str]:
        """All names that a step depends on, directly or further back."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            step = self.network.steps.get(waiting.pop())
            fresh = {leaf.name for leaf in leaves(step.node)} - found if step else set()
            found |= fresh
            waiting += fresh
        return found

    def _followers(self, name: str) -> list[str]:
        """The steps that depend on a name, in order."""
        found = {name}
        followers = []
        for step in self.network.steps.values():
            if step.name != name and any(leaf.name in found for leaf in leaves(step.node)):
                found.add(step.name)
                followers.append(step.name)
        return followers


def worlds(network: Network, course: Course, seed: int = 0) -> Iterator[World]:
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
            with mpmath.workdps(PRECISION):
                world = World(network, course, _exact(network, drawn), 1000 * seed + number)
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


def _exact(network: Network, drawn: Drawn) -> Point:
    """A point of decimals; labels that sum to 1 still do."""
    values = {}
    for name, value in {**drawn.weights, **drawn.data[0]}.items():
        leaf = network.declared[name].leaf
        exact = np.frompyfunc(_decimal, 1, 1)(np.asarray(value))
        if leaf.sums_to_one is not None:
            exact = exact / exact.sum(axis=leaf.sums_to_one, keepdims=True)
        values[name] = exact
    return Point(values, drawn.sizes)


def _redrawn(value: Any, rng: Random, is_label: bool) -> Any:
    """Other numbers of the same shape; labels change places instead."""
    array = np.asarray(value, dtype=object)
    if is_label and array.ndim:
        return np.roll(array, 1, axis=int(array.shape[0] == 1))
    if is_label:
        return 1 - array if array in (0, 1) else -array
    return np.frompyfunc(lambda _: Fraction(rng.randint(-1500, 1500), 1000), 1, 1)(array)


def _decimal(value: float) -> Fraction:
    return Fraction(round(float(value) * 10**DECIMALS), 10**DECIMALS)


def with_values(world: World, changed: Mapping[str, Any]) -> World:
    """The same world with other values of some declared names."""
    point = replace(world.point, values={**world.point.values, **changed})
    return World(world.network, world._course, point, world.seed)
