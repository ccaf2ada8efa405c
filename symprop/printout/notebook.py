"""What a notebook shows of a network and of a derivation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from symprop.derivation.record import Derivation
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import Leaf, Node
from symprop.network import Network
from symprop.printout.document import make_document, network_document
from symprop.printout.expressions import Rate
from symprop.printout.formats import FORMATS, cells
from symprop.printout.model import Line
from symprop.printout.notation.breaking import broken
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.markup import Markup
from symprop.printout.notation.names import Names
from symprop.printout.notation.unicode import unicode_of
from symprop.printout.notation.widths import width
from symprop.printout.rendering import render
from symprop.printout.sections.material import Material

LINES_LIMIT = 40
"""Of a longer network, this many lines are shown."""
WIDTH = 60.0
"""A line is broken where it is wider, in em."""


def page_html(shown: Network | Derivation) -> str:
    """The network, or the whole derivation, as HTML to stand in a page."""
    if isinstance(shown, Network):
        return render(network_document(shown), "html", fragment=True)
    return render(make_document(shown), "html", fragment=True)


@dataclass(frozen=True)
class Formula:
    """Equations as a notebook shows them, or a terminal."""

    lines: tuple[Line, ...]
    formulas: Formulas

    def _repr_latex_(self) -> str:
        with deep_expressions():
            return self._latex()

    def _latex(self) -> str:
        written = []
        for left, right in self._shown(WIDTH, width, LINES_LIMIT):
            first, *further = map(latex_of, right)
            written.append(f"{latex_of(left)} &= {first}")
            written += [rf"&\quad {{}} {part}" for part in further]
        if len(self.lines) > LINES_LIMIT:
            written.append(r"&\;\,\vdots")
        body = " \\\\\n".join(written)
        return f"$$\\begin{{aligned}}\n{body}\n\\end{{aligned}}$$"

    def __repr__(self) -> str:
        with deep_expressions():
            return self._text()

    def _text(self) -> str:
        written = []
        for left, right in self._shown(FORMATS["text"].page, FORMATS["text"].measure):
            first, *further = map(unicode_of, right)
            shown = unicode_of(left)
            written.append(f"{shown} = {first}")
            written += [f"{' ' * cells(shown)}     {part}" for part in further]
        return "\n".join(written)

    def _shown(
        self, room: float, measure: Callable[[Markup], float], limit: int | None = None
    ) -> Iterator[tuple[Markup, list[Markup]]]:
        """Left and right sides, these in lines that fit."""
        for line in self.lines[:limit]:
            if line.left is not None:
                right = self.formulas.of(line.right)
                yield self.formulas.of(line.left), broken(right, room, room, measure)


def formula_latex(shown: Network | Derivation) -> str:
    """The steps of a network, or the gradients of a derivation, as one formula in LaTeX."""
    with deep_expressions():
        formula = _forward(shown) if isinstance(shown, Network) else _gradients(shown)
        return formula._repr_latex_()


def _forward(network: Network) -> Formula:
    lines = tuple(Line(step.leaf, step.node) for step in network.steps.values())
    return Formula(lines, Formulas(Names(network)))


def _gradients(derivation: Derivation) -> Formula:
    material = Material(derivation)
    weights = (entry.leaf for entry in derivation.network.weights)
    lines = (
        Line(Rate(material.loss.leaf, w), material.closed_form(w) or material.gradient(w))
        for w in weights
    )
    return Formula(tuple(lines), Formulas(material.names, material.ordinary))


def gradient_formula(derivation: Derivation, leaf: Leaf, gradient: Node) -> Formula:
    """The derivative of the loss by a name, as an equation."""
    material = Material(derivation)
    line = Line(Rate(material.loss.leaf, leaf), gradient)
    return Formula((line,), Formulas(material.names, material.ordinary))
