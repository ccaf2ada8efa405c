"""Printouts: a derivation as a lecturer would write it on the board.

A document is made of a derivation (`document`), its expressions as nodes; formats make notation of
them (`notation`, `formulas`), spell it (`latex`, `mathml`, `unicode`) and lay it out by templates
(`rendering`). Nothing is differentiated here.
"""

from symprop.printout.document import SECTIONS, make_document, network_document
from symprop.printout.exercise import Exercise, make_exercise
from symprop.printout.formats import FORMATS
from symprop.printout.model import Document
from symprop.printout.notebook import formula_latex, gradient_formula, page_html
from symprop.printout.rendering import render
from symprop.printout.typesetting import typeset

__all__ = [
    "FORMATS",
    "SECTIONS",
    "Document",
    "Exercise",
    "formula_latex",
    "gradient_formula",
    "make_document",
    "make_exercise",
    "network_document",
    "page_html",
    "render",
    "typeset",
]
