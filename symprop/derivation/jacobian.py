"""Jacobians: the derivative of a step by an argument, direct or further back, as a matrix.

The chain rule gives the gradient J'g of an argument for an upstream gradient g of the step; from
that, linear in g, the matrix is read off. In numerator layout a column of m entries by one of n is
m x n, and a row of entries counts as a column. Along a chain of steps Jacobians are multiplied, and
what comes by several ways adds up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symprop.derivation.contributions import contributions
from symprop.derivation.entrywise import Useful
from symprop.derivation.folding import Folding
from symprop.derivation.forms import SIZE_LIMIT
from symprop.derivation.linear import NotLinearError, jacobian_in, length
from symprop.derivation.simplification import tidy
from symprop.derivation.sweep import leading_to
from symprop.errors import DerivationError
from symprop.expression.algebra import ONE, ZERO, add, filled, matmul, transpose
from symprop.expression.nodes import Identity, Leaf, Node, Shape, leaves, operations
from symprop.expression.shapes import shape_text
from symprop.network import Network, Step

UPSTREAM = "\0g"
"""The name of the upstream gradient of a step; no declared name is like this."""
SHORT = 200
"""A gradient of no more operations than this is taken as a whole, so that parts of it cancel."""


def is_vector(shape: Shape) -> bool:
    """Whether a value is a number, a column or a row."""
    return not shape or 1 in shape


def is_matrix_by(step: Step, argument: Leaf) -> bool:
    """Whether the derivative of a step by an argument has two axes at most."""
    return not step.shape or (is_vector(step.shape) and is_vector(argument.shape))


class Jacobians:
    """The Jacobians of a network, in numerator layout and in the names of steps."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.folding = Folding(network.steps)
        self._steps = list(network.steps.values())

    def of(self, step: Step, argument: Leaf) -> Node:
        """The derivative of a step by what it depends on, over all paths.

        Of a number by a matrix it is the gradient. Raises DerivationError where it is no matrix, or
        would be too long.
        """
        if not is_matrix_by(step, argument):
            raise no_matrix(step, argument)
        g = _column(step)
        try:
            if not step.shape:
                return _row(self.gradient(step, argument, ONE))
            gradient = self.gradient(step, argument, _as_upstream(g, step), limit=SHORT)
            return tidy(jacobian_in(gradient, g))
        except (NotLinearError, TooLongError):
            return self._product(step, argument)

    def direct(self, step: Step, argument: Leaf) -> Node:
        """The derivative of a step by a direct argument, the rest held fixed; as `of`."""
        if not is_matrix_by(step, argument):
            raise no_matrix(step, argument)
        if step.node == argument and is_vector(argument.shape):
            return _identity(argument)
        g = _column(step)
        upstream = ONE if not step.shape else _as_upstream(g, step)
        found = self._contributions(step, upstream, lambda node: argument in leaves(node))
        gradient = tidy(filled(add(*found.get(argument, [ZERO])), argument.shape))
        if not step.shape:
            return _row(gradient)
        try:
            return jacobian_in(gradient, g)
        except NotLinearError:
            raise no_matrix(step, argument) from None

    def gradient(self, step: Step, argument: Leaf, upstream: Node, limit: int = SIZE_LIMIT) -> Node:
        """The gradient of an argument for the upstream gradient of a step.

        Raises TooLongError above `limit` operations.
        """
        useful = leading_to(self.network, [argument])
        pending: dict[str, list[Node]] = {step.name: [upstream]}
        for inner in self._backwards(step, argument, pending, useful):
            g = tidy(filled(add(*pending.pop(inner.name)), inner.shape))
            _check_length(g, step, argument, limit)
            for leaf, terms in self._contributions(inner, g, useful).items():
                pending.setdefault(leaf.name, []).extend(terms)
        gradient = tidy(filled(add(*pending.get(argument.name, [ZERO])), argument.shape))
        _check_length(gradient, step, argument, limit)
        return gradient

    def _product(self, step: Step, argument: Leaf) -> Node:
        """The Jacobians along every path multiplied, and added up."""
        useful = leading_to(self.network, [argument])
        pending: dict[str, list[Node]] = {step.name: [_identity(step.leaf)]}
        for inner in self._backwards(step, argument, pending, useful):
            factor = add(*pending.pop(inner.name))
            _check_length(factor, step, argument, SIZE_LIMIT)
            for leaf in filter(useful, leaves(inner.node)):
                pending.setdefault(leaf.name, []).append(matmul(factor, self.direct(inner, leaf)))
        return add(*pending[argument.name])

    def _backwards(
        self, step: Step, argument: Leaf, pending: Mapping[str, object], useful: Useful
    ) -> Iterator[Step]:
        """The steps between a step and its argument, last to first, as far as one leads to them."""
        for inner in reversed(self._steps[: self._steps.index(step) + 1]):
            if inner.leaf != argument and inner.name in pending and useful(inner.leaf):
                yield inner

    def _contributions(self, step: Step, g: Node, useful: Useful) -> dict[Leaf, list[Node]]:
        return contributions(step.node, g, useful, self.folding.of(step))


def _column(step: Step) -> Leaf:
    """A column with an entry for each entry of a step, a vector."""
    return Leaf(UPSTREAM, (length(step.leaf), 1) if step.shape else (), "argument")


def _as_upstream(g: Leaf, step: Step) -> Node:
    """The column g as an upstream gradient of a step, which may be a row."""
    return g if not step.shape or step.shape[1] == 1 else transpose(g)


def _row(gradient: Node) -> Node:
    return transpose(gradient) if gradient.shape and gradient.shape[1] == 1 else gradient


def _identity(leaf: Leaf) -> Node:
    return Identity((length(leaf), length(leaf))) if leaf.shape else ONE


class TooLongError(DerivationError):
    """A derivative that would be too long to be written out."""


def _check_length(node: Node, step: Step, argument: Leaf, limit: int) -> None:
    if operations(node) > limit:
        raise TooLongError(
            f"d({step.name})/d({argument.name}) would take more than {limit} operations",
            hint="ask for it a few steps at a time",
        )


class NoMatrixError(DerivationError):
    """A derivative with more than two axes, or one that no rule sees to be a matrix."""


def no_matrix(step: Step, argument: Leaf) -> NoMatrixError:
    """The refusal of a derivative that is no matrix."""
    return NoMatrixError(
        f"d({step.name})/d({argument.name}), {shape_text(step.shape)} by "
        f"{shape_text(argument.shape)}, is no single matrix",
        hint=f"declare whole numbers for the sizes, or ask for upstream({argument.name})",
    )
