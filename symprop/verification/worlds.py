"""Random points of a network at many digits, and how everything there changes with everything.

A formula that somebody has written is tried in such worlds. Values come straight from the declared
expressions, gradients from the derivation. What else is to be differentiated, an expression of the
hand derivation among it, is moved a little and looked at again: with 60 digits a central difference
is right to more than 30. A function without a formula gets a smooth one of its own in each world.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Any

import mpmath
import numpy as np

from symprop.derivation.course import Course, forward
from symprop.derivation.point import Point
from symprop.errors import SympropError
from symprop.expression.arithmetic import Arithmetic
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Node, leaves
from symprop.network import Network
from symprop.verification.waves import Numeric as Numeric
from symprop.verification.waves import specified


class TooLargeError(SympropError):
    """More numbers than are worked out."""


LARGEST_JACOBIAN = 50_000
"""Derivatives with more entries are not worked out by differences."""
LARGEST_KEPT = 64
"""Of names with more entries no moved values are kept."""
Values = Mapping[str, Numeric]
Observed = Callable[[Values], Numeric]
"""Something that is worked out of the values of names."""

PRECISION = 60
"""Decimal digits that everything is worked out with, unless a line asks for more."""


def step() -> Numeric:
    """How far a value is moved, by the digits in use: the error is about the square of it."""
    return mpmath.mpf(10) ** -(mpmath.mp.dps // 3)


# -- worlds ---------------------------------------------------------------------------------------


class Lazy(Mapping[str, Numeric]):
    """Values by name, each worked out when it is asked for, and kept."""

    def __init__(self, names: Collection[str], worked_out: Callable[[str], Numeric]) -> None:
        self._names = names
        self._worked_out = worked_out
        self._found: dict[str, Numeric] = {}

    def __getitem__(self, name: str) -> Numeric:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._found:
            self._found[name] = self._worked_out(name)
        return self._found[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _unchanged(value: Numeric) -> Numeric:
    return value


class World:
    """One point of a network: the value of every declared name and step, and how they change.

    Values are in the numbers of `arithmetic`; `kept` makes one of these of what is worked out.
    `meant` has the functions that unspecified ones are taken to be.
    """

    def __init__(
        self,
        network: Network,
        course: Course,
        point: Point,
        seed: int,
        meant: Mapping[str, str] | None = None,
    ) -> None:
        self.network = network
        self.point = point
        self.seed = seed
        self.meant = meant
        self.digits = max(PRECISION, mpmath.mp.dps)
        self.arithmetic: Arithmetic = specified(seed, meant)
        self.kept: Callable[[Numeric], Numeric] = _unchanged
        self._course = course
        self._others: dict[str, Values] = {}
        self.samples: dict[int, World] = {}
        """The worlds of the samples of a batch, those that were asked for."""
        self._moves: dict[tuple[Any, ...], Values] = {}
        self._slopes: dict[tuple[str, str, bool], Numeric] = {}
        self._slopes_at: dict[tuple[Any, ...], Numeric] = {}
        self.values: Values = forward(network, point, self.arithmetic)[0]

    @cached_property
    def gradients(self) -> Values:
        """The derivative of the loss by every name, from the derivation; worked out when needed."""
        formulas = self._course.gradients
        return Lazy(formulas, lambda name: self._worked_out(formulas[name], self._derived))

    @cached_property
    def _derived(self) -> Values:
        """All values, and the upstream gradients that all gradients are worked out of."""
        known = {**self.values}
        for delta, expression in self._course.deltas:
            known[delta] = self._worked_out(expression, known)
        return known

    @cached_property
    def _deltas(self) -> Values:
        """All values, and the upstream gradients by their names in the derivation."""
        steps = (step for step in self.network.steps if step in self.gradients)
        known = {**self.values, **{f"delta_{step}": self.gradients[step] for step in steps}}
        for delta, expression in self._course.upstreams.items():
            if delta not in known:
                known[delta] = self._worked_out(expression, known)
        return known

    def _worked_out(self, node: Node, known: Values) -> Numeric:
        with mpmath.workdps(self.digits):
            return evaluate(node, known, self.point.sizes, arithmetic=self.arithmetic)

    def upstream(self, delta: str) -> Numeric:
        """The value of an upstream gradient by its name, delta_<step>."""
        name = delta.removeprefix("delta_")
        return self.gradients[name] if name in self.gradients else self._deltas[delta]

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

    def slope_at(
        self,
        function: str,
        place: int,
        arguments: Sequence[Numeric],
        slope: Callable[[], Numeric],
    ) -> Numeric:
        """The derivative of a function by its argument at a place; `slope` works it out, once."""
        given = [(np.shape(each), *np.ravel(each)) for each in arguments]
        key = (function, place, *given, mpmath.mp.prec)
        if key not in self._slopes_at:
            self._slopes_at[key] = slope()
        return self._slopes_at[key]

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
        far = step()
        above, below = (observed(self._moved(name, index, move, held)) for move in (far, -far))
        return (above - below) / (2 * far)

    def _moved(self, name: str, index: tuple[int, ...] | None, step: Numeric, held: bool) -> Values:
        """All values, one entry of a name moved; those of small names are kept."""
        key = (name, index, step, held)
        if key in self._moves:
            return self._moves[key]
        values = self._made(name, index, step, held)
        if np.size(self.values[name]) <= LARGEST_KEPT:
            self._moves[key] = values
        return values

    def _made(self, name: str, index: tuple[int, ...] | None, step: Numeric, held: bool) -> Values:
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


def _redrawn(value: Any, rng: Random, is_label: bool) -> Any:
    """Other numbers of the same shape; labels change places instead."""
    array = np.asarray(value, dtype=object)
    if is_label and array.ndim:
        return np.roll(array, 1, axis=int(array.shape[0] == 1))
    if is_label:
        return 1 - array if array in (0, 1) else -array
    return np.frompyfunc(lambda _: Fraction(rng.randint(-1500, 1500), 1000), 1, 1)(array)


def with_values(world: World, changed: Mapping[str, Any]) -> World:
    """The same world with other values of some declared names."""
    point = replace(world.point, values={**world.point.values, **changed})
    return World(world.network, world._course, point, world.seed, world.meant)


def with_functions(world: World, meant: Mapping[str, str]) -> World:
    """The same world in which some unspecified functions are known ones."""
    return World(world.network, world._course, world.point, world.seed, meant)


def through(gradient: Numeric, slope: Numeric) -> Numeric:
    """What a gradient by a step makes of that by an argument: the chain rule, in any axes."""
    one, other = (np.asarray(factor, dtype=object) for factor in (gradient, slope))
    found = np.tensordot(one, other, one.ndim)
    return found if np.ndim(found) else found[()]
