"""The chain rule for a network of matrices: an upstream gradient for each step, and the weights.

A gradient has the shape of what it is taken by. Of columns, the gradient of an argument is the
transposed Jacobian times the gradient of the value, summed over the direct uses. Where a Jacobian
is no matrix, the gradient is what the rule for the definition gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symprop.derivation.sweep import Upstream
from symprop.expression.algebra import ONE, add, multiply, transpose
from symprop.expression.matrices import scaled
from symprop.expression.nodes import (
    Along,
    Identity,
    Leaf,
    MatMul,
    Node,
    OfMatrix,
    Shape,
    leaves,
    walk,
)
from symprop.expression.shapes import matrix_shape
from symprop.functions.matrices import diagonal_matrix
from symprop.network import Step
from symprop.printout.expressions import Added, Box, Chain, Expression, Rate
from symprop.printout.model import Block, Equations, Line, Paragraph, Part, Prose
from symprop.printout.notation.formulas import Formulas
from symprop.printout.sections.closing import closing_lines
from symprop.printout.sections.material import Material, rule_of
from symprop.printout.sections.order import backwards
from symprop.printout.sections.reasons import as_defined, definitions, times

LAYOUT = (
    "A gradient has the shape of what it is taken by; Jacobians of columns are in numerator layout."
)
NO_JACOBIAN = (
    "By a matrix, a Jacobian would have more than two axes. There the gradient goes through a "
    "product at once: the left factor receives that of the product times the right factor "
    "transposed, the right factor the left one transposed times that of the product."
)


def delta_parts(material: Material) -> Iterator[Block]:
    """A part for each step backwards, and behind it those of the weights that are done with it."""
    yield Paragraph((LAYOUT,))
    if _has_products_by_matrices(material):
        yield Paragraph((NO_JACOBIAN,))
    deltas = Deltas(material)
    inside = [line for found in deltas.inside(material.loss) for line in deltas.inner(found)]
    if inside:
        yield Part(("Inside the loss",), (Equations(tuple(inside)),))
    for leaf in backwards(material):
        if leaf.role == "weight":
            yield Part(material.heading(leaf), (Equations(tuple(deltas.weight(leaf))),))
        else:
            step = material.network.steps[leaf.name]
            yield Part(("The gradient of ", leaf), (Equations(tuple(deltas.step(step))),))


def _has_products_by_matrices(material: Material) -> bool:
    return any(
        isinstance(node, MatMul) and any(_by_matrix(leaf) for leaf in material.arguments(step))
        for step in material.visited
        for node in walk(step.node)
    )


def _by_matrix(leaf: Leaf) -> bool:
    return bool(leaf.shape) and 1 not in leaf.shape


class Deltas:
    """Writes the parts."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.loss = material.loss
        self._formulas = Formulas(material.names)

    # -- a step -------------------------------------------------------------------------------

    def step(self, step: Step) -> Iterator[Line]:
        """The gradient of a step, by all of its uses, and those of expressions inside it."""
        upstream = self.material.upstream[step.name]
        left: Expression | None = Rate(self.loss.leaf, step.leaf)
        if upstream.named:
            yield Line(upstream.delta, Rate(self.loss.leaf, step.leaf), ("for short",))
            left = None
        uses = self.material.uses(step.leaf)
        terms = [self._term(user, step.leaf) for user in uses]
        chained = [term for term in terms if term is not None]
        if len(chained) < len(terms) or uses == [self.loss]:
            yield Line(left, upstream.expression, self._why(uses))
        else:
            yield Line(left, _added(chained), ("chain rule",) if len(uses) == 1 else times(uses))
            for user in uses:
                yield from self._local_line(user, step.leaf)
            shown = upstream.delta if upstream.named else Rate(self.loss.leaf, step.leaf)
            yield from self._put_in(shown, step, uses)
        for found in self.inside(step):
            yield from self.inner(found)

    def inside(self, step: Step) -> list[Upstream]:
        """The gradients of expressions inside a step."""
        found = self.material.upstream.values()
        return [up for up in found if up.step is step and up.value != step.leaf]

    def inner(self, found: Upstream) -> Iterator[Line]:
        """The gradient of an expression inside a step."""
        yield Line(found.delta, Rate(self.loss.leaf, found.value), ("inside ", found.step.leaf))
        rule = rule_of(found.step.node)
        applied = rule is not None and found.step.node.children[0] == found.value
        why: Prose = (rule,) if applied and rule is not None else ()
        labels = self._labels(found.step)
        if labels and isinstance(found.step.node, Along):
            why = ("multiplied out; the entries of ", labels[0], " add up to 1")
        yield Line(None, found.expression, why)

    def _put_in(self, left: Expression, step: Step, uses: list[Step]) -> Iterator[Line]:
        """Jacobians and gradients put in, and what they give."""
        result = self.material.upstream[step.name].expression
        values = [self._values(user, step.leaf) for user in uses]
        known = [value for value in values if value is not None]
        product = known[0] if len(known) == 1 else Added(tuple(known))
        if len(known) < len(values) or product == result or self._looks_alike(product, result):
            yield Line(left, result, ("all factors together",))
            return
        yield Line(left, product, ("all factors together",))
        yield Line(None, result, self._multiplied_out(step, uses))

    def _values(self, user: Step, leaf: Leaf) -> Node | None:
        """The transposed Jacobian of a use times its gradient; None where one is not known."""
        known = self.material.jacobian if user.shape else self.material.local
        local = known(user, leaf)
        if user is self.loss or local is None:
            return local
        gradient = self._gradient_value(user)
        return side_by_side(transpose(local), gradient) if user.shape else multiply(gradient, local)

    def _gradient_value(self, step: Step) -> Node:
        """The gradient of a step, by its name where it has one."""
        upstream = self.material.upstream[step.name]
        return upstream.delta if upstream.named else upstream.expression

    def _multiplied_out(self, step: Step, uses: list[Step]) -> Prose:
        """Why a product of Jacobians and gradients is what it is."""
        for user in uses:
            labels = self._labels(user)
            if labels and not self.material.upstream[user.name].named:
                return ("multiplied out; the entries of ", labels[0], " add up to 1")
        jacobians = [self.material.jacobian(user, step.leaf) for user in uses if user.shape]
        if any(found is not None and _is_diagonal(found) for found in jacobians):
            return ("a diagonal matrix multiplies entry by entry",)
        return ("multiplied out",)

    def _labels(self, step: Step) -> list[Leaf]:
        """The labels in the gradient of a step whose entries are known to add up to 1."""
        gradient = self.material.upstream[step.name].expression
        return [leaf for leaf in leaves(gradient) if leaf.sums_to_one is not None]

    def _looks_alike(self, left: Expression, right: Expression) -> bool:
        return self._formulas.of(left) == self._formulas.of(right)

    def _why(self, uses: list[Step]) -> Prose:
        if uses == [self.loss]:
            return self.material.reason(self.loss)
        if len(uses) > 1:
            return (*times(uses), "; ", *definitions(uses))
        return as_defined(uses[0])

    # -- uses ---------------------------------------------------------------------------------

    def _term(self, user: Step, leaf: Leaf) -> Chain | None:
        """The transposed Jacobian times the gradient, by name; None where it is no matrix."""
        upstream = self.material.upstream[user.name]
        gradient: Expression = Rate(self.loss.leaf, user.leaf)
        if upstream.named:
            gradient = upstream.delta
        if not _is_column(user.shape) or not _is_column(leaf.shape):
            return None
        if user is self.loss:
            return Chain((self.material.rate(user, leaf),))
        if not user.shape:
            return Chain((gradient, self.material.rate(user, leaf)))
        return Chain((replace(self.material.rate(user, leaf), turned=True), gradient))

    def _local_line(self, user: Step, leaf: Leaf) -> Iterator[Line]:
        """The Jacobian of a step that uses a value, or its gradient where it is a number."""
        rate = self.material.rate(user, leaf)
        known = self.material.jacobian if user.shape else self.material.local
        found = known(user, leaf)
        if found is not None:
            yield Line(rate, found, self.material.reason(user))

    # -- a weight -----------------------------------------------------------------------------

    def weight(self, weight: Leaf) -> Iterator[Line]:
        """The gradient of a weight, and its closed form where that is short."""
        gradient = self.material.gradient(weight)
        uses = sorted(self.material.uses(weight), key=lambda use: use is self.loss)
        rate = Rate(self.loss.leaf, weight)
        shares = self._shares(weight, uses)
        if len(uses) == 1 and not uses[0].shape and uses[0] is not self.loss:
            yield from self._through_number(weight, uses[0])
        elif len(uses) == 1 and shares is not None and _boxes(shares):
            yield Line(rate, shares[0], (*as_defined(uses[0]), "; box: already computed"))
            if isinstance(gradient, MatMul):
                yield Line(None, gradient)
        elif len(uses) > 1 and shares is not None:
            why = (*times(uses), "; box: already computed") if _boxes(shares) else times(uses)
            yield Line(rate, _added(shares), why)
            for user in uses:
                if user is self.loss:
                    yield from self._local_line(user, weight)
            yield Line(rate, gradient, ("all parts together",))
        else:
            yield Line(rate, gradient, self._why(uses))
        closed = self.material.closed_form(weight)
        if closed is not None and closed != gradient:
            yield Line(None, closed, ("in the names of the steps",))
        if closed is not None:
            yield from closing_lines(self.material, closed)

    def _through_number(self, weight: Leaf, user: Step) -> Iterator[Line]:
        """A weight of a step that is a number: a chain of two factors."""
        rate, inner = Rate(self.loss.leaf, weight), self.material.rate(user, weight)
        upstream = self.material.upstream[user.name]
        known = Rate(self.loss.leaf, user.leaf)
        first: Expression = Box(known, upstream.delta) if upstream.named else known
        boxed: Prose = ("; box: already computed",) if upstream.named else ()
        yield Line(rate, Chain((first, inner)), ("chain rule", *boxed))
        yield from self._local_line(user, weight)
        yield Line(rate, self.material.gradient(weight), ("all factors together",))

    def _shares(self, weight: Leaf, uses: list[Step]) -> list[Chain] | None:
        """What each use gives, the gradients that are known in boxes; None where it is no sum."""
        shares = [self._share(weight, user) for user in uses]
        together = add(*(node for _, node in shares))
        gradient = self.material.gradient(weight)
        same = together == gradient or set(together.children) == set(gradient.children)
        return [chain for chain, _ in shares] if same and None not in uses else None

    def _share(self, weight: Leaf, user: Step) -> tuple[Chain, Node]:
        """What one use gives, to be shown and as an expression."""
        if user is self.loss:
            node = self.material.receives(user, weight, ONE)
            return Chain((self.material.rate(user, weight),)), node
        upstream = self.material.upstream[user.name]
        node = self.material.receives(user, weight, self._gradient_value(user))
        box = Box(Rate(self.loss.leaf, user.leaf), upstream.delta)
        factors = node.children if isinstance(node, MatMul) else (node,)
        boxed = tuple(box if upstream.named and f == upstream.delta else f for f in factors)
        return Chain(boxed), node


def _boxes(shares: list[Chain]) -> bool:
    return any(isinstance(factor, Box) for share in shares for factor in share.factors)


def _is_column(shape: Shape) -> bool:
    return not shape or shape[1] == 1


def _is_diagonal(node: Node) -> bool:
    """Whether a Jacobian is a diagonal matrix, or a product with one."""
    _, matrix = scaled(node)
    factors = matrix.children if isinstance(matrix, MatMul) else (matrix,)
    return any(isinstance(f, OfMatrix) and f.entry is diagonal_matrix for f in factors)


def side_by_side(*matrices: Node) -> Node:
    """A product of matrices as it is before anything in it is worked out."""
    scalars: list[Node] = []
    factors: list[Node] = []
    for node in matrices:
        scalar, matrix = scaled(node)
        scalars.append(scalar)
        factors += matrix.children if isinstance(matrix, MatMul) else (matrix,)
    kept = [factor for factor in factors if not isinstance(factor, Identity)] or factors[:1]
    shape = matrix_shape(kept[0].shape[0], kept[-1].shape[1])
    return multiply(*scalars, kept[0] if len(kept) == 1 else MatMul(shape, tuple(kept)))


def _added(terms: list[Chain]) -> Expression:
    return terms[0] if len(terms) == 1 else Added(tuple(terms))
