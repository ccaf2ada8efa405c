"""What a notebook shows of a network and of a derivation."""

from __future__ import annotations

from symprop.derivation.record import Derivation
from symprop.network import Network
from symprop.printout.document import make_document, network_document
from symprop.printout.expressions import Rate
from symprop.printout.model import Line
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.names import Names
from symprop.printout.rendering import render
from symprop.printout.sections.material import Material

LINES_LIMIT = 40
"""Of a longer network, this many lines are shown."""


def page_html(shown: Network | Derivation) -> str:
    """The network, or the whole derivation, as HTML to stand in a page."""
    if isinstance(shown, Network):
        return render(network_document(shown), "html", fragment=True)
    return render(make_document(shown), "html", fragment=True)


def formula_latex(shown: Network | Derivation) -> str:
    """The steps of a network, or the gradients of a derivation, as one formula in LaTeX."""
    if isinstance(shown, Network):
        lines = [Line(step.leaf, step.node) for step in shown.steps.values()]
        formulas = Formulas(Names(shown))
    else:
        material = Material(shown)
        formulas = Formulas(material.names, material.ordinary)
        lines = [
            Line(
                Rate(material.loss.leaf, w.leaf),
                material.closed_form(w.leaf) or material.gradient(w.leaf),
            )
            for w in shown.network.weights
        ]
    written = [
        f"{latex_of(formulas.of(line.left))} &= {latex_of(formulas.of(line.right))}"
        for line in lines[:LINES_LIMIT]
        if line.left is not None
    ]
    if len(lines) > LINES_LIMIT:
        written.append(r"&\;\,\vdots")
    body = " \\\\\n".join(written)
    return f"$$\\begin{{aligned}}\n{body}\n\\end{{aligned}}$$"
