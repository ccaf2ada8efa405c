"""The table of local derivatives: every edge of the graph, the rest held fixed."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.expression.nodes import Leaf, leaves
from symprop.printout.expressions import Rate
from symprop.printout.model import Block, Equations, Line, Paragraph
from symprop.printout.sections.material import Material

MOST_WITHOUT = 5
"""Of more derivatives that are no matrix, the first and the last are named."""


def local_blocks(material: Material) -> Iterator[Block]:
    """A line for each step and each of its direct arguments."""
    lines: list[Line] = []
    without: list[Rate] = []
    entrywise = False
    for step in material.network.steps.values():
        for leaf in leaves(step.node):
            if leaf.role == "hyperparameter":
                continue
            rate = material.rate(step, leaf)
            found = material.local(step, leaf)
            if found is None:
                without.append(rate)
                continue
            entrywise = entrywise or bool(step.shape and step.shape == leaf.shape)
            lines.append(Line(rate, found, material.reason(step)))
    if lines:
        yield Equations(tuple(lines))
    if entrywise:
        text = "Of a function that acts entry by entry, the derivative of each entry is given."
        yield Paragraph((text,))
    if without:
        prose: list[str | Rate | Leaf] = ["No single matrix: "]
        for index, rate in enumerate(without[:MOST_WITHOUT]):
            prose += [", ", rate] if index else [rate]
        if len(without) > MOST_WITHOUT:
            prose += [", \u2026, ", without[-1]]
        yield Paragraph((*prose, "; the gradients say what comes of them."))
