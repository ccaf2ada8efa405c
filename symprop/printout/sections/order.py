"""The order of going backwards through a network."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.expression.nodes import Leaf
from symprop.printout.sections.material import Material


def backwards(material: Material) -> Iterator[Leaf]:
    """The steps from the loss backwards, each weight behind the last step that takes it."""
    remaining = {w.name: len(material.uses(w.leaf)) for w in material.network.weights}
    for step in material.visited:
        if step is not material.loss:
            yield step.leaf
        for leaf in material.arguments(step):
            if leaf.name in remaining:
                remaining[leaf.name] -= 1
                if remaining[leaf.name] == 0:
                    yield leaf
