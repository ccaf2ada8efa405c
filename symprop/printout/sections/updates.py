"""The update rules: a step against the gradient, for all weights at once."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.expression.algebra import multiply, subtract
from symprop.expression.nodes import Leaf, Node, Number, leaves
from symprop.printout.expressions import Added, BatchMean, Chain, Equated, Expression, Rate
from symprop.printout.model import Block, Equations, Line, Paragraph, Prose
from symprop.printout.sections.letters import Letters
from symprop.printout.sections.material import Material
from symprop.printout.sections.optimizers import OPTIMIZERS, Optimizer

CLOSED_FORM_LIMIT = 6
"""Where a gradient has more operations than this, updates are written with delta names."""


def update_blocks(material: Material) -> Iterator[Block]:
    """The rule of the optimiser; for plain gradient descent written out for every weight."""
    letters = Letters(material)
    optimizer = OPTIMIZERS[material.optimizer](letters)
    simultaneous = ": all gradients first, then every weight at once."
    yield Paragraph((f"{optimizer.title}, learning rate ", letters.rate, simultaneous))
    if material.optimizer == "sgd":
        lines = tuple(_written_out(material, letters.rate))
        yield Equations(lines)
        yield from _names_of_gradients(material, lines)
    else:
        yield Paragraph(tuple(_stands_for(material, letters)))
        yield Equations(optimizer.rule)
        yield Paragraph(tuple(_settings(optimizer)))
    if material.network.per_sample:
        yield Paragraph(_mean(material, letters))


def _written_out(material: Material, rate: Leaf) -> Iterator[Line]:
    """w - eta dL/dw for every weight, and the gradient put in."""
    weights = [entry.leaf for entry in material.network.weights]
    closed = [material.closed_form(weight, CLOSED_FORM_LIMIT) for weight in weights]
    short = all(form is not None for form in closed)
    for weight, form in zip(weights, closed, strict=True):
        step = Chain((multiply(Number(-1), rate), Rate(material.loss.leaf, weight)))
        gradient: Node = form if short and form is not None else material.gradient(weight)
        moved = subtract(weight, multiply(rate, gradient))
        yield Line(weight, Equated(Added((weight, step)), moved), relation="<-")


def _names_of_gradients(material: Material, lines: tuple[Line, ...]) -> Iterator[Paragraph]:
    """What the deltas in some lines stand for."""
    shown = {leaf for line in lines for leaf in _leaves(line.right)}
    used = [u for u in material.upstream.values() if u.delta in shown]
    if not used:
        return
    loss = material.loss.leaf
    prose: list[str | Expression] = ["Here "]
    for place, upstream in enumerate(used[:MOST_NAMED]):
        prose += [", " if place else "", upstream.delta, " is ", Rate(loss, upstream.value)]
    if len(used) > MOST_NAMED:
        prose = ["Each \u03b4 is the gradient of ", loss, " by the step that it is named after"]
    yield Paragraph((*(part for part in prose if part), "."))


MOST_NAMED = 4
"""So many gradients are named one by one."""


def _leaves(expression: Expression) -> Iterator[Leaf]:
    if isinstance(expression, Node):
        yield from leaves(expression)
    elif isinstance(expression, Equated):
        yield from _leaves(expression.left)
        yield from _leaves(expression.right)


def _stands_for(material: Material, letters: Letters) -> Iterator[str | Expression]:
    rate = Rate(material.loss.leaf, letters.weight)
    if letters.stands_for_all:
        yield from (letters.weight, f" stands for {each_weight(material)}, ")
    yield from (
        letters.gradient,
        " for its gradient " if letters.stands_for_all else " stands for ",
    )
    yield from (rate, ".")


def each_weight(material: Material) -> str:
    """What a letter stands for that stands for all weights."""
    first, *further = material.network.weights
    if not any(entry.leaf.shape for entry in (first, *further)):
        return "every weight"
    return "every entry of every weight" if further else "every entry of the weight"


def _settings(optimizer: Optimizer) -> Iterator[str | Expression]:
    """What the rule begins with, and the usual values of its settings."""
    yield from starts_at_zero(optimizer)
    if optimizer.counter is not None:
        yield from ("; ", optimizer.counter, " counts the updates, the first as 1")
    yield ". Usually "
    for index, (setting, value) in enumerate(optimizer.settings):
        yield from (", " if index else "", Equated(setting, Number(value)))
    yield "."


def starts_at_zero(optimizer: Optimizer) -> Prose:
    """That what is kept between updates begins with 0."""
    first, *further = optimizer.memory
    prose: list[str | Expression] = [first]
    for leaf in further:
        prose += [" and ", leaf]
    return (*prose, " start at 0" if further else " starts at 0")


def _mean(material: Material, letters: Letters) -> Prose:
    loss = material.loss.leaf
    mean = BatchMean(Rate(loss, letters.weight), letters.batch, letters.sample)
    prose: Prose = ("Of a batch of ", letters.batch, " samples, each gradient is the mean ", mean)
    if letters.stands_for_all and material.optimizer == "sgd":
        prose += (" with ", letters.weight, f" for {each_weight(material)}")
    return (*prose, ".")
