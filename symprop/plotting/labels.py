"""Names in pictures: in mathematical letters where matplotlib can set them, else as plain text.

Matplotlib reads what stands between dollar signs. Only what `notation` has made gets there; text of
the user is shown as it is, never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symprop.network import Network
from symprop.plotting.run import Entry
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.markup import Digits, Fenced, Markup, Row, Words, below, row
from symprop.printout.notation.names import Names
from symprop.printout.notation.unicode import unicode_of


@dataclass(frozen=True)
class Label:
    """A text of a picture; `formula`: what stands between dollar signs is to be read."""

    text: str
    formula: bool = False


class Labels:
    """How the names of a network are written in its pictures."""

    def __init__(self, network: Network) -> None:
        self._names = Names(network)
        self._loss = network.require_loss().name

    def loss(self, before: str = "") -> Label:
        """The loss, behind some words."""
        return label(self._names.of(self._loss), before)

    def entry(self, entry: Entry) -> Label:
        """A weight, or an entry of one: its index as in Python, counted from 0."""
        shown = self._names.of(entry.weight)
        if entry.index:
            index = Words(", ".join(map(str, entry.index)))
            plain = Digits(index.text) if len(entry.index) == 1 else index
            shown = row(shown, Fenced("[", "]", plain))
        return label(shown)


def label(markup: Markup, before: str = "") -> Label:
    """Words of symprop's own, then notation."""
    whole = Row(tuple(part for part in below(markup) if isinstance(part, Words)))
    formula = None if whole.parts else _readable(latex_of(markup))
    if formula is None:
        return Label(f"{before} {unicode_of(markup)}".strip())
    return Label(f"{before} {formula}".strip(), formula=True)


def _readable(latex: str) -> str | None:
    """A formula for matplotlib; None where it cannot set it."""
    from matplotlib.mathtext import MathTextParser

    parser: Any = MathTextParser("path")
    try:
        parser.parse(f"${latex}$")
    except ValueError:
        return None
    return f"${latex}$"
