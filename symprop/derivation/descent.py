"""Gradient descent by hand: the numbers of one update after the other, never rounded on the way.

Every update is worked out with some digits and again with twice as many, each from weights of its
own. As long as the two agree as floats no digit shown is in doubt; where they do not, the whole
descent is gone through again with more digits. Exact fractions would do for a few updates only:
each one doubles their length.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from symprop.derivation.course import LARGEST, DoubtfulError, entries, forward, is_nan
from symprop.derivation.point import Point, point_of
from symprop.errors import PointError, context
from symprop.example import checked_example
from symprop.expression.arithmetic import DIGITS, EXACT, Arithmetic
from symprop.expression.depth import deep_expressions
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Node

if TYPE_CHECKING:
    from symprop.derivation.record import Derivation

PRECISIONS = (50, 100, 200, 400, 800, 1600)
"""Decimal digits: two neighbours that agree are enough."""
AGREED = 1e-20
"""How far two runs may lie apart, relative to the number itself."""
TINY = 1e-320
"""What is smaller is 0 as a float, nearly: it is taken for 0, as what rounding leaves of a 0 is."""


@dataclass(frozen=True)
class Moment:
    """All numbers at one point: of declared names, steps and deltas, and gradients of the loss.

    They are numbers of mpmath with `digits` digits, or arrays of such in two dimensions.
    `gradients` holds those of weights and of the steps that lead to one. `notes` says which steps
    are at a kink.
    """

    values: Mapping[str, Any]
    gradients: Mapping[str, Any]
    notes: tuple[str, ...]
    sizes: Mapping[str, int]
    digits: int

    def number(self, node: Node) -> Any:
        """The value of a formula over the names of this moment; nan where it has none."""
        with mpmath.workdps(self.digits):
            return evaluate(node, self.values, self.sizes, arithmetic=DIGITS)


@dataclass(frozen=True)
class Update:
    """One update of gradient descent: all numbers before it, and the weights after it."""

    number: int
    before: Moment
    weights: Mapping[str, Any]


class Descent:
    """Gradient descent on one sample, from the values that are given.

    `values` are those of `Derivation.trace`; a `learning_rate` of None leaves the weights alone.
    Raises PointError for values that do not fit, DeclarationError for what is no learning rate.
    """

    def __init__(self, derivation: Derivation, values: Any, learning_rate: Any = None) -> None:
        self.derivation = derivation
        self.network = derivation.network
        self.point = point_of(self.network, values)
        rate = checked_example(values, learning_rate, 0).learning_rate
        self.learning_rate = Fraction(repr(rate) if isinstance(rate, float) else rate or 0)

    def start(self) -> Moment:
        """All numbers at the point itself."""
        return next(self.updates(1)).before

    def updates(self, steps: int) -> Iterator[Update]:
        """So many updates, one after the other, each as soon as it is known.

        Raises PointError, with the number of the update, where the loss or the weights run away,
        or where a step has no finite real value.
        """
        level = 0
        rough, fine = (_Run(self, digits) for digits in PRECISIONS[:2])
        for number in range(1, steps + 1):
            with self._context(number), deep_expressions():
                while (found := _settled(number, rough, fine)) is None:
                    level += 1
                    if level + 1 == len(PRECISIONS):
                        found = self._last_resort(number, rough, fine)
                        break
                    rough, fine = fine, _Run(self, PRECISIONS[level + 1])
                self._check_size(found)
            yield found

    def _context(self, number: int) -> AbstractContextManager[None]:
        return context(f"update {number}") if self.learning_rate else nullcontext()

    def _last_resort(self, number: int, rough: _Run, fine: _Run) -> Update:
        """The first update from exact numbers, which know their side of a kink; or the reason."""
        if number == 1:
            exact = self.moment(self.point, EXACT)
            rough.begin(exact)
            fine.begin(exact)
            return fine.update(number)
        with suppress(DoubtfulError):
            fine.update(number)
        raise PointError(
            f"the numbers hang on more than {PRECISIONS[-1]} digits, as they do beside a kink",
            hint="begin with other weights, or take another learning rate",
        )

    def _check_size(self, update: Update) -> None:
        numbers = {**update.before.values, **update.weights}
        for name, value in numbers.items():
            if any(abs(entry) > LARGEST for entry in entries(value)):
                if not self.learning_rate:
                    raise PointError(
                        f"{name} is beyond the largest float", hint="take smaller numbers"
                    )
                raise PointError(
                    f"{name} is beyond the largest float: the descent runs away",
                    hint="take a smaller learning rate",
                )

    def moment(self, point: Point, arithmetic: Arithmetic) -> Moment:
        """All numbers at a point."""
        values, notes = forward(self.network, point, arithmetic)
        found = self.derivation.sweep
        gradients: dict[str, Any] = {}

        def worked_out(node: Node) -> Any:
            return evaluate(node, values, point.sizes, arithmetic=arithmetic)

        for upstream in found.upstream.values():
            gradient = worked_out(upstream.expression)
            values[upstream.delta.name] = gradient
            if upstream.value == upstream.step.leaf:
                gradients[upstream.step.name] = gradient
        for weight in self.network.weights:
            gradient = worked_out(found.gradients[weight.name])
            gradients[weight.name] = gradient
            if any(map(is_nan, entries(gradient))):
                raise PointError(
                    f"the loss has no finite derivative by {weight.name} at this point",
                    hint="begin with other values",
                )
        return Moment(values, gradients, notes, point.sizes, mpmath.mp.dps)


class _Run:
    """A descent with so many digits: the weights that it has come to."""

    def __init__(self, descent: Descent, digits: int) -> None:
        self.descent = descent
        self.digits = digits
        self.point = descent.point
        self.done = 0
        self.last: Update | None = None

    def update(self, number: int) -> Update:
        """An update that was made, or the next ones up to it."""
        while self.done < number:
            with mpmath.workdps(self.digits):
                self._go_on(self.descent.moment(self.point, DIGITS))
        assert self.last is not None
        return self.last

    def begin(self, exact: Moment) -> None:
        """Make the first update from exact numbers."""
        with mpmath.workdps(self.digits):
            make = np.frompyfunc(DIGITS.number, 1, 1)
            values = {name: make(value) for name, value in exact.values.items()}
            gradients = {name: make(value) for name, value in exact.gradients.items()}
            self._go_on(replace(exact, values=values, gradients=gradients, digits=self.digits))

    def _go_on(self, moment: Moment) -> None:
        rate = DIGITS.number(self.descent.learning_rate)
        weights = {
            w.name: moment.values[w.name] - rate * moment.gradients[w.name]
            for w in self.descent.network.weights
        }
        self.done += 1
        self.last = Update(self.done, moment, weights)
        self.point = Point({**self.point.values, **weights}, self.point.sizes)


def _settled(number: int, rough: _Run, fine: _Run) -> Update | None:
    """An update that two runs agree on, or None."""
    try:
        return _agreed(rough.update(number), fine.update(number))
    except (DoubtfulError, PointError):  # with too few digits 1 - p may be 0
        return None


def _agreed(rough: Update, fine: Update) -> Update | None:
    """The finer one of two runs where they agree; else None."""

    def agreed(a: Any, b: Any) -> Any:
        if a == b or (is_nan(a) and is_nan(b)) or abs(a - b) <= AGREED * abs(b):
            return b
        return 0 * b if abs(a) < TINY and abs(b) < TINY else None

    def settled(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
        compared = np.frompyfunc(agreed, 2, 1)
        return {name: compared(before[name], after[name]) for name in after}

    found = [
        settled(rough.before.values, fine.before.values),
        settled(rough.before.gradients, fine.before.gradients),
        settled(rough.weights, fine.weights),
    ]
    if any(entry is None for part in found for value in part.values() for entry in entries(value)):
        return None
    values, gradients, weights = found
    return Update(fine.number, replace(fine.before, values=values, gradients=gradients), weights)
