"""From one sample to a batch: the sums over samples become products of matrices.

The matrices hold the samples as rows, as data and emitted code do. A part of a gradient that no
data are in, such as that of a penalty, is its own mean and stands outside the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Symbol

from symprop.derivation.parts import Kind
from symprop.errors import DerivationError
from symprop.expression.algebra import (
    add,
    extent_node,
    multiply,
    power,
    split_coefficient,
    transpose,
)
from symprop.expression.batches import Batch, is_vector, length
from symprop.expression.entries import Index, Summed
from symprop.expression.nodes import Leaf, Node, Number, Ones, Sum, leaves
from symprop.expression.rewriting import transform
from symprop.printout.expressions import BatchMean, Expression, Rate
from symprop.printout.model import Block, Equations, Line, Paragraph, Part, Prose
from symprop.printout.notation.capitals import capital
from symprop.printout.notation.markup import Markup, with_subscript
from symprop.printout.sections.letters import Letters
from symprop.printout.sections.material import Material

MOST_NAMED = 5
"""So many matrices are explained by name."""
PRODUCTS = "A sum over samples of a column times a row is one product of matrices."
SUMS = "What each sample gives is no column times a row: the sums over samples stay sums."


def batch_blocks(material: Material) -> Iterator[Block]:
    """The step to a batch, for a network of matrices that is declared for one sample."""
    network = material.network
    matrices = any(entry.leaf.shape for entry in network.weights)
    if not network.per_sample or not matrices or network.loss_step is None:
        return
    yield from BatchForm(material).blocks()


class BatchForm:
    """Writes the gradients of a batch."""

    def __init__(self, material: Material) -> None:
        self.material = material
        letters = Letters(material)
        self.size, self.sample = letters.batch, letters.sample
        extent = Symbol(self.size.name, integer=True, positive=True)
        self.index = Index(self.sample.name, extent)
        self.stacked: dict[str, Leaf] = {}
        """The matrix that has a value of each sample in its rows, by the name of the value."""
        self._single: dict[str, Leaf] = {}
        """A value of the sample at the index, by its name."""
        self._looks: set[Markup] = {material.names.of(self.size), material.names.of(self.sample)}
        for leaf in self._varying():
            self._name(leaf, extent)
        self.batch = Batch(extent, set(self._single), self.stacked)

    # -- names --------------------------------------------------------------------------------

    def _varying(self) -> Iterator[Leaf]:
        """The values that are others for each sample: data, steps, upstream gradients."""
        network = self.material.network
        varying = network.varying()
        yield from (entry.leaf for entry in (*network.inputs, *network.targets))
        yield from (step.leaf for step in network.steps.values() if step.name in varying)
        yield from (
            upstream.delta
            for upstream in self.material.upstream.values()
            if upstream.named and upstream.delta.role == Kind.VARYING.value
        )

    def _name(self, leaf: Leaf, extent: Symbol) -> None:
        names = self.material.names
        look = names.of(leaf)
        single = Leaf(f"\0one {leaf.name}", leaf.shape, leaf.role, sums_to_one=leaf.sums_to_one)
        names.show(single.name, with_subscript(look, names.of(self.sample)))
        self._single[leaf.name] = single
        if is_vector(leaf.shape):
            shape = (extent, length(leaf.shape))
            stacked = Leaf(f"\0rows {leaf.name}", shape, leaf.role)
            shown = capital(look, lambda found: found in self._looks or names.has(found))
            self._looks.add(shown)
            names.show(stacked.name, shown)
            self.stacked[leaf.name] = stacked

    # -- blocks -------------------------------------------------------------------------------

    def blocks(self) -> Iterator[Block]:
        """What stands in rows, the steps for all samples, the gradients."""
        gradients = list(self._gradients())
        used = self._used(line.right for line in gradients)
        forward = list(self._forward())
        backward = list(self._backward())
        if used:
            yield Paragraph(self._stacks(used))
        if forward and used:
            yield Part(("Forward, all samples at once",), (Equations(tuple(forward)),))
        if backward and used:
            yield Part(("Backwards, all samples at once",), (Equations(tuple(backward)),))
        products = any(line.left is None for line in gradients)
        note = Paragraph((PRODUCTS if products else SUMS,))
        yield Part(("The gradients of the batch",), (note, Equations(tuple(gradients))))

    def _used(self, expressions: Iterable[Expression]) -> list[Leaf]:
        """The values whose matrices stand in some expressions."""
        names = {
            leaf.name
            for expression in expressions
            if isinstance(expression, Node)
            for leaf in leaves(expression)
        }
        return [leaf for leaf in self._varying() if f"\0rows {leaf.name}" in names]

    def _stacks(self, used: list[Leaf]) -> Prose:
        prose: list[str | Expression] = ["Of a batch of ", self.size, " samples, matrices hold "]
        prose += ["one in each row: row ", self.sample]
        for place, leaf in enumerate(used[:MOST_NAMED]):
            prose += [", that of " if place else " of ", self.stacked[leaf.name], " is "]
            prose.append(_as_row(self._single[leaf.name]))
        end = ", and so on." if len(used) > MOST_NAMED else "."
        return (*prose, f"{end} All entries of ", Ones((self.index.extent, 1)), " are 1.")

    def _forward(self) -> Iterator[Line]:
        """The steps that vary, but for the loss."""
        varying = self.material.network.varying()
        for step in self.material.network.steps.values():
            if step.name in varying and step is not self.material.loss:
                try:
                    yield Line(self.stacked[step.name], self.batch.rows(step.node))
                except (DerivationError, KeyError):
                    continue

    def _backward(self) -> Iterator[Line]:
        """The upstream gradients that have names."""
        for upstream in self.material.upstream.values():
            delta = upstream.delta
            if upstream.named and delta.name in self.stacked:
                try:
                    yield Line(self.stacked[delta.name], self.batch.rows(upstream.expression))
                except DerivationError:
                    continue

    def _gradients(self) -> Iterator[Line]:
        """The weights, and what they go through before any data: means over the batch."""
        loss = self.material.loss.leaf
        for upstream in self.material.upstream.values():
            if upstream.named and upstream.delta.role == Kind.AVERAGED.value:
                if upstream.value == upstream.step.leaf:
                    yield from self._mean(upstream.delta, upstream.expression)
        for entry in self.material.network.weights:
            mean = BatchMean(Rate(loss, entry.leaf), self.size, self.sample)
            yield from self._mean(mean, self.material.gradient(entry.leaf))

    def _mean(self, left: Expression, gradient: Node) -> Iterator[Line]:
        """The mean of a gradient as a sum over samples, and as a product where there is one."""
        terms = gradient.children if isinstance(gradient, Sum) else (gradient,)
        varying = [term for term in terms if self.batch.varies(term)]
        fixed = [term for term in terms if not self.batch.varies(term)]
        if not varying:
            yield Line(left, gradient, ("no data in it",))
            return
        together = add(*varying)
        why: Prose = ("what holds no data is its own mean",) if fixed else ()
        yield Line(left, add(self._averaged(self._sum(together)), *fixed), why)
        try:
            product = self.batch.summed(together)
        except DerivationError:
            return
        yield Line(None, add(self._averaged(product), *fixed))

    def _sum(self, node: Node) -> Node:
        """The sum over samples, by its index."""
        single = transform(
            node, lambda n: self._single.get(n.name) if isinstance(n, Leaf) else None
        )
        coefficient, rest = split_coefficient(single)
        return multiply(Number(coefficient), Summed(rest.shape, (rest,), (self.index,)))

    def _averaged(self, node: Node) -> Node:
        return multiply(power(extent_node(self.index.extent), Number(-1)), node)


def _as_row(leaf: Leaf) -> Node:
    return transpose(leaf) if leaf.shape and leaf.shape[1] == 1 else leaf
