"""Letters for what training needs beside the network: none that the network uses itself."""

from __future__ import annotations

from symprop.expression.nodes import SCALAR, Apply, Leaf, Node, walk
from symprop.printout.sections.material import Material


class Letters:
    """Chooses them; the same material gives the same letters."""

    def __init__(self, material: Material) -> None:
        self._names = material.names
        (first, *further) = material.network.weights
        self.stands_for_all = bool(further or first.leaf.shape)
        self.weight = self.letter("theta", "omega", "xi") if self.stands_for_all else first.leaf
        """The only number that is trained, else a letter that stands for each of them in turn."""
        self.rate = self.letter("eta", "gamma")
        self.gradient = self.letter("g", "q", "u")
        sigmoid = any(_writes_sigma(step.node) for step in material.network.steps.values())
        self.deviation = self.letter("s", "tau") if sigmoid else self.letter("sigma", "s", "tau")
        self.batch = self.letter("B", "M", "K")
        self.sample = self.letter("k", "i", "m")

    def letter(self, *candidates: str) -> Leaf:
        """The first of some names that is free."""
        return Leaf(self._names.unused(*candidates), SCALAR, "argument")


def _writes_sigma(node: Node) -> bool:
    return any(isinstance(part, Apply) and r"\sigma" in part.entry.latex for part in walk(node))
