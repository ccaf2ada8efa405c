"""Lines with their numbers put in: f (1 - f) = 0.62 (1 - 0.62) = 0.2356, forward and backward.

Matrices of a few entries are written out, a sum over their entries term by term; of larger ones the
range is given. Numbers come from a `Moment`, formulas from the derivation.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

import numpy as np

from symprop.derivation.course import entries, is_nan
from symprop.derivation.descent import Moment, Update
from symprop.derivation.sweep import Upstream
from symprop.expression.algebra import add, multiply, subtract
from symprop.expression.blocks import slice_of
from symprop.expression.nodes import (
    SCALAR,
    Constant,
    Leaf,
    Node,
    Number,
    Shape,
    Slice,
    Span,
    Total,
    leaves,
    walk,
)
from symprop.expression.rewriting import transform
from symprop.expression.shapes import numeric_extent
from symprop.network import Step
from symprop.printout.expressions import (
    Added,
    Chain,
    Equated,
    Expression,
    Numeral,
    Numerals,
    PutIn,
    Rate,
)
from symprop.printout.model import Line, Prose
from symprop.printout.notation.numbers import numeral_markup, put_in
from symprop.printout.sections.material import Material
from symprop.printout.sections.reasons import times
from symprop.rounding import Rounding

ENTRIES_SHOWN = 8
"""A matrix of more entries is not written out."""


class Substitution:
    """Writes the lines of one moment."""

    def __init__(self, material: Material, moment: Moment, rounding: Rounding) -> None:
        self.material = material
        self.moment = moment
        self.rounding = rounding

    def numeral(self, value: Any) -> Numeral | Numerals | None:
        """A number, or a matrix of few of them, as it is shown; None for a large matrix."""
        if not isinstance(value, np.ndarray):
            return Numeral(self.rounding.shown(value))
        if value.size > ENTRIES_SHOWN:
            return None
        return Numerals(tuple(tuple(map(self.rounding.shown, line)) for line in value))

    # -- forward ----------------------------------------------------------------------------------

    def forward_lines(self) -> Iterator[Line]:
        """Every step, in order."""
        for step in self.material.network.steps.values():
            yield from self._lines(step.leaf, [], step.node, self.moment.values[step.name])

    # -- backward ---------------------------------------------------------------------------------

    def backward_lines(self) -> Iterator[Line]:
        """From the loss back to the weights: of numbers by the chain rule, else delta by delta."""
        if self.material.is_scalar:
            return self._by_chain_rule()
        return self._by_deltas()

    def _by_chain_rule(self) -> Iterator[Line]:
        """A local derivative, then what comes down to its argument: upstream times local."""
        remaining: dict[str, int] = {}
        for user in self.material.visited:
            for leaf in self.material.arguments(user):
                uses = self.material.uses(leaf)
                yield from self._local_line(user, leaf)
                remaining[leaf.name] = remaining.get(leaf.name, len(uses)) - 1
                if remaining[leaf.name] == 0 and uses != [self.material.loss]:
                    yield self._gradient_line(leaf, uses)

    def _local_line(self, user: Step, leaf: Leaf) -> Iterator[Line]:
        local = self.material.local(user, leaf)
        assert local is not None  # numbers have derivatives
        value = self.moment.number(local)
        rate = self.material.rate(user, leaf)
        yield from self._lines(rate, [], local, value, self.material.reason(user))

    def _gradient_line(self, leaf: Leaf, uses: list[Step]) -> Line:
        """dL/dw = dL/da da/dw = -1.9 * 1 = -1.9, with a term for each use."""
        loss = self.material.loss
        chains: list[Chain] = []
        products: list[Node] = []
        numbers: dict[str, Numeral | Numerals] = {}
        for user in uses:
            rate = self.material.rate(user, leaf)
            local = self.material.local(user, leaf)
            assert local is not None
            values = {f"\0d{user.name}/d{leaf.name}": self.moment.number(local)}
            rates: tuple[Rate, ...] = (rate,)
            if user is not loss:
                rates = (Rate(loss.leaf, user.leaf), rate)
                gradient = self.moment.gradients[user.name]
                values = {f"\0d{loss.name}/d{user.name}": gradient, **values}
            chains.append(Chain(rates))
            products.append(multiply(*(Leaf(name, SCALAR, "delta") for name in values)))
            numbers |= {name: Numeral(self.rounding.shown(v)) for name, v in values.items()}
        named: Expression = chains[0] if len(chains) == 1 else Added(tuple(chains))
        shown = PutIn(add(*products), tuple(numbers.items()))
        result = Numeral(self.rounding.shown(self.moment.gradients[leaf.name]))
        why = times(uses) if len(uses) > 1 else ("upstream times local",)
        return Line(Rate(loss.leaf, leaf), equal(named, shown, result), why)

    def _by_deltas(self) -> Iterator[Line]:
        """The gradient of every step, then of every weight, over those before it."""
        loss = self.material.loss
        for upstream in self.material.upstream.values():
            if upstream.value != loss.leaf:
                yield from self._delta_lines(upstream)
        for entry in self.material.network.weights:
            rate = Rate(loss.leaf, entry.leaf)
            gradient = self.material.gradient(entry.leaf)
            yield from self._lines(rate, [], gradient, self.moment.gradients[entry.name])

    def _delta_lines(self, upstream: Upstream) -> Iterator[Line]:
        rate = Rate(self.material.loss.leaf, upstream.value)
        value = self.moment.values[upstream.delta.name]
        if upstream.named:
            yield from self._lines(upstream.delta, [rate], upstream.expression, value)
        else:
            yield from self._lines(rate, [], upstream.expression, value)

    # -- the update -------------------------------------------------------------------------------

    def update_lines(self, update: Update, rate: Leaf, value: Any) -> Iterator[Line]:
        """Every weight, a step against its gradient; `rate` is the learning rate."""
        loss = self.material.loss
        for entry in self.material.network.weights:
            named = Added(
                (entry.leaf, Chain((multiply(Number(-1), rate), Rate(loss.leaf, entry.leaf))))
            )
            gradient = Leaf(f"\0d{loss.name}/d{entry.name}", entry.leaf.shape, "delta")
            numerals = {
                entry.name: self.numeral(self.moment.values[entry.name]),
                rate.name: self.numeral(value),
                gradient.name: self.numeral(self.moment.gradients[entry.name]),
            }
            numbers = tuple((name, n) for name, n in numerals.items() if n is not None)
            result = self.numeral(update.weights[entry.name])
            if result is None:
                said = self.range(update.weights[entry.name])
                yield Line(entry.leaf, named, said, "<-")
                continue
            shown = PutIn(subtract(entry.leaf, multiply(rate, gradient)), numbers)
            if entry.leaf.shape:
                yield Line(entry.leaf, named, relation="<-")
                yield Line(None, equal(shown, result))
            else:
                yield Line(entry.leaf, equal(named, shown, result), relation="<-")

    # -- lines ------------------------------------------------------------------------------------

    def _lines(
        self, left: Expression, first: list[Expression], node: Node, value: Any, why: Prose = ()
    ) -> Iterator[Line]:
        """A formula, the same with its numbers, its value; matrices on lines of their own."""
        numeral = self.numeral(value)
        if numeral is None:
            yield Line(left, equal(*first, node), self.range(value))
            return
        shown = self._put_in(node)
        if shown is not None and self._says(shown, numeral):
            shown = None
        if is_nan(entries(value)[0]):
            yield Line(left, equal(*first, node), ("not defined here",))
        elif isinstance(node, Number | Constant):
            yield Line(left, equal(*first, node), why)
        elif shown is None:
            yield Line(left, equal(*first, node, numeral), why)
        elif isinstance(numeral, Numerals) or _has_matrices(shown):
            yield Line(left, equal(*first, node), why)
            yield Line(None, equal(shown, numeral))
        else:
            yield Line(left, equal(*first, node, shown, numeral), why)

    def _says(self, shown: PutIn, numeral: Numeral | Numerals) -> bool:
        """Whether a formula with its numbers looks like its value."""
        markup = put_in(shown.node, dict(shown.numbers), self.material.names)
        return markup == numeral_markup(numeral)

    def range(self, value: Any) -> Prose:
        """What is said of a large matrix."""
        numbers = entries(value)
        low, high = (Numeral(self.rounding.shown(f(numbers))) for f in (min, max))
        return (f"{len(numbers):,} entries from ", low, " to ", high)

    def _put_in(self, node: Node) -> PutIn | None:
        """A formula with its numbers; None where it is a name alone, or would not read well.

        That is so for large matrices, and for entries of what is no name.
        """
        if isinstance(node, Leaf):
            return None
        sizes = dict(self.moment.sizes)
        found: dict[str, Numeral | Numerals | None] = {}

        def entry_named(part: Node) -> Node | None:
            if not isinstance(part, Slice) or part.shape or not isinstance(part.children[0], Leaf):
                return None
            places = tuple(numeric_extent(span.start, sizes) for span in part.spans)
            name = f"\0{part.children[0].name}{places}"
            found[name] = self.numeral(self.moment.values[part.children[0].name][places])
            return Leaf(name, SCALAR, "argument")

        filled = transform(self._without_totals(node), entry_named)
        if any(isinstance(part, Slice) for part in walk(filled)):
            return None
        found |= {
            leaf.name: self.numeral(self.moment.values[leaf.name])
            for leaf in leaves(filled)
            if leaf.name not in found
        }
        found |= {name: Numeral(str(size)) for name, size in sizes.items()}
        numbers = tuple((name, n) for name, n in found.items() if n is not None)
        return PutIn(filled, numbers) if len(numbers) == len(found) else None

    def _without_totals(self, node: Node) -> Node:
        """Sums over the entries of small matrices, written out."""

        def written_out(part: Node) -> Node | None:
            if not isinstance(part, Total) or part.axis is not None:
                return None
            rows, columns = self._extents(part.children[0].shape)
            if rows * columns > ENTRIES_SHOWN:
                return None
            return add(
                *(
                    slice_of(part.children[0], Span(i, i + 1), Span(j, j + 1))
                    for i in range(rows)
                    for j in range(columns)
                )
            )

        return transform(node, written_out)

    def _extents(self, shape: Shape) -> tuple[int, int]:
        rows, columns = (numeric_extent(extent, dict(self.moment.sizes)) for extent in shape)
        return rows, columns


def equal(*expressions: Expression) -> Expression:
    """Expressions with equality signs between them."""
    return reduce(Equated, expressions)


def _has_matrices(shown: PutIn) -> bool:
    return any(isinstance(numeral, Numerals) for _, numeral in shown.numbers)
