"""The training loop as an algorithm, as the emitted `train` runs it."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.expression.algebra import ONE, add
from symprop.expression.nodes import Leaf, Number, Size, leaves
from symprop.printout.expressions import BatchMean, Drawn, Equated, Expression, Rate
from symprop.printout.model import Algorithm, Block, Equations, Instruction, Line, Paragraph, Prose
from symprop.printout.sections.letters import Letters
from symprop.printout.sections.material import Material
from symprop.printout.sections.optimizers import INITIAL_DEVIATION, OPTIMIZERS, Optimizer
from symprop.printout.sections.updates import each_weight, starts_at_zero

LINES_LIMIT = 10
"""More deltas or gradients than this are not written out again."""
NAMES_LIMIT = 10
"""Of more values than this only the first ones and the last are named."""


def training_blocks(material: Material) -> Iterator[Block]:
    """The loop, and what the size of a batch means."""
    letters = Letters(material)
    loop = _Loop(material, letters, OPTIMIZERS[material.optimizer](letters))
    yield Algorithm(tuple(loop.instructions()))
    if loop.has_batches:
        yield Paragraph(
            (
                "With ",
                Equated(letters.batch, ONE),
                " there is an update for every sample (stochastic gradient descent), with all "
                "samples in one batch a single one an epoch. A batch of 32, 64 or 128 samples is "
                "fast to compute, and a much better estimate of the gradient than one sample.",
            )
        )


class _Loop:
    """Writes the instructions; what stands in a loop is one deeper than its head."""

    def __init__(self, material: Material, letters: Letters, optimizer: Optimizer) -> None:
        self.material = material
        self.network = material.network
        self.letters = letters
        self.optimizer = optimizer
        has_data = bool(self.network.inputs or self.network.targets)
        self.has_batches = has_data and self.network.takes_minibatches

    def instructions(self) -> Iterator[Instruction]:
        """The whole loop."""
        yield from self._start()
        unit = "epoch" if self.has_batches else "update"
        yield Instruction(
            (
                f"Repeat for some number of {unit}s, or until the loss changes by less than the "
                f"tolerance from one {unit} to the next:",
            )
        )
        depth = 1
        if self.has_batches:
            yield Instruction(("Put the samples into a random order.",), depth)
            yield Instruction(self._each_batch(), depth)
            depth = 2
        yield from self._gradients(depth)
        yield from self._update(depth)
        yield Instruction(("Return the weights.",))

    def _start(self) -> Iterator[Instruction]:
        letters, optimizer = self.letters, self.optimizer
        each = each_weight(self.material) if letters.stands_for_all else "the weight"
        usual = Equated(letters.deviation, Number(INITIAL_DEVIATION))
        drawn = Drawn(letters.weight, letters.deviation)
        yield Instruction((f"Draw {each} at random, ", drawn, ", usually with ", usual, "."))
        if optimizer.memory:
            beside: Prose = (" for each ", letters.weight) if letters.stands_for_all else ()
            kept = (*starts_at_zero(optimizer), *beside)
            counted = () if optimizer.counter is None else (", and so does ", optimizer.counter)
            yield Instruction((*kept, *counted, "."))

    def _each_batch(self) -> Prose:
        batch = self.letters.batch
        head: Prose = ("For each batch of ", batch, " samples in this order")
        if self.network.samples is None:
            return (*head, ":")
        return (*head, ", thus ", Equated(Size(self.network.samples), batch), ":")

    # -- the gradients ----------------------------------------------------------------------------

    def _gradients(self, depth: int) -> Iterator[Instruction]:
        if not self.network.per_sample:
            yield from self._passes(depth)
            return
        data = [entry.leaf for entry in (*self.network.inputs, *self.network.targets)]
        sample: Prose = () if len(data) > NAMES_LIMIT else (" (", *_enumerated(data), ")")
        yield Instruction(("For each sample", *sample, " of the batch:"), depth)
        yield from self._passes(depth + 1)
        mean = BatchMean(self._rate(), self.letters.batch, self.letters.sample)
        lines = Equations((Line(self.letters.gradient, mean),))
        yield Instruction(("The mean of the gradients over the batch:",), depth, lines)

    def _rate(self) -> Rate:
        return Rate(self.material.loss.leaf, self.letters.weight)

    def _passes(self, depth: int) -> Iterator[Instruction]:
        """Forward and backward."""
        loss = self.material.loss
        steps = [s.leaf for s in self.network.steps.values() if s is not loss]
        if steps:
            yield Instruction(("Forward pass: ", *_enumerated(steps), "."), depth)
        yield Instruction(("Loss: ", loss.leaf, *self._side_computation(), "."), depth)
        deltas = [
            Line(u.delta, u.expression)
            for u in self.material.upstream.values()
            if u.named and u.value != loss.leaf
        ]
        if deltas:
            yield self._lines("Backward pass", deltas, depth)
        gradients = [
            Line(Rate(loss.leaf, entry.leaf), self.material.gradient(entry.leaf))
            for entry in self.network.weights
        ]
        yield self._lines("Gradients" if len(gradients) > 1 else "Gradient", gradients, depth)

    def _side_computation(self) -> Prose:
        """That the value of the loss is there to be looked at, where that is so."""
        shown = [self.material.gradient(entry.leaf) for entry in self.network.weights]
        shown += [upstream.expression for upstream in self.material.upstream.values()]
        if any(self.material.loss.leaf in leaves(node) for node in shown):
            return ()
        return (" (a side computation: no gradient needs it)",)

    def _lines(self, title: str, lines: list[Line], depth: int) -> Instruction:
        if len(lines) <= LINES_LIMIT:
            return Instruction((f"{title}:",), depth, Equations(tuple(lines)))
        lefts = [line.left for line in lines if line.left is not None]
        return Instruction((f"{title}: ", *_enumerated(lefts), ", as derived."), depth)

    # -- the update -------------------------------------------------------------------------------

    def _update(self, depth: int) -> Iterator[Instruction]:
        optimizer = self.optimizer
        lines = optimizer.rule
        if optimizer.counter is not None:
            counted = Line(optimizer.counter, add(optimizer.counter, ONE), relation="<-")
            lines = (counted, *lines)
        prose: Prose = ("Update all weights at once" if self.letters.stands_for_all else "Update",)
        if not self.network.per_sample:
            prose += (", with ", Equated(self.letters.gradient, self._rate()))
        yield Instruction((*prose, ":"), depth, Equations(lines))


def _enumerated(shown: list[Leaf] | list[Expression]) -> Prose:
    """Names with commas between; of many the first and the last."""
    parts = list(shown)
    prose: list[str | Expression] = []
    kept = parts if len(parts) <= NAMES_LIMIT else parts[:3]
    for part in kept:
        prose += [", ", part] if prose else [part]
    if len(kept) < len(parts):
        prose += [", \u2026, ", parts[-1]]
    return tuple(prose)
