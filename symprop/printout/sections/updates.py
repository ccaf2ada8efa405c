"""The update rules: a step against the gradient, for all weights at once."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.expression.algebra import multiply, subtract
from symprop.expression.nodes import SCALAR, Leaf, Number
from symprop.printout.expressions import Added, Chain, Rate
from symprop.printout.model import Block, Equations, Line, Paragraph
from symprop.printout.sections.material import Material

CLOSED_FORM_LIMIT = 12
"""An update with a gradient of more operations than this is not written out."""


def update_blocks(material: Material) -> Iterator[Block]:
    """Gradient descent with a learning rate."""
    network = material.network
    free = (name for name in ("eta", "gamma", "learning_rate") if name not in network.symbols)
    rate = Leaf(next(free, "step_size"), SCALAR, "hyperparameter")
    yield Paragraph(
        (
            "Gradient descent with the learning rate ",
            rate,
            ": all gradients first, then every weight at once.",
        )
    )
    lines = []
    for entry in network.weights:
        step = Chain((multiply(Number(-1), rate), Rate(material.loss.leaf, entry.leaf)))
        lines.append(Line(entry.leaf, Added((entry.leaf, step)), relation="<-"))
        closed = material.closed_form(entry.leaf, CLOSED_FORM_LIMIT)
        if closed is not None:
            change = multiply(rate, closed)
            lines.append(Line(None, subtract(entry.leaf, change)))
    yield Equations(tuple(lines))
    if network.per_sample:
        text = "For a batch, each gradient is the mean over its samples."
        yield Paragraph((text,))
