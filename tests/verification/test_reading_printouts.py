"""What symprop prints it reads: every line of every printout, in LaTeX and in plain text."""

from __future__ import annotations

import pytest
from example_networks import NETWORKS

from symprop.derivation import derive
from symprop.printout import make_document, render
from symprop.verification.reading import Symbols, outline, read, read_document
from symprop.verification.reading.statements import Statement
from symprop.verification.reading.tree import Boxed, replaced, walk

SECTIONS = ["network", "forward", "chain-rule", "locals"]
LARGE = {"digits", "lstm", "attention", "mixture_of_losses", "deep_network_3"}


def shown(statement: Statement) -> list[str]:
    """The outlines of the sides, of a box with a name this name."""
    sides = list(statement.sides)
    for place, side in enumerate(sides):
        for part in list(walk(side)):
            if isinstance(part, Boxed) and part.label is not None:
                sides[place] = replaced(sides[place], part, part.label)
    return [outline(side) for side in sides]


@pytest.mark.parametrize("name", sorted(set(NETWORKS) - LARGE))
def test_a_printout_is_read_back(name: str) -> None:
    derivation = derive(NETWORKS[name])
    names = Symbols.of(derivation.network, derivation.upstreams)
    printed = make_document(derivation, SECTIONS)
    found: dict[str, list[list[str]]] = {}
    for target, kind in (("latex", "latex"), ("text", "plain")):
        document = read_document(render(printed, target), names, kind=kind)  # type: ignore[arg-type]
        readings = [formula.reading for formula in document.formulas]
        assert all(formula.error is None for formula in document.formulas)
        errors = [error.shown for reading in readings if reading for error in reading.errors]
        assert not errors, errors[0]
        found[kind] = [
            shown(s) for reading in readings if reading for s in reading.statements if s.links
        ]
    assert found["latex"] == found["plain"]


@pytest.mark.parametrize("name", ["multilayer_perceptron", "two_layer_network", "layer_norm"])
def test_what_was_understood_reads_back(name: str) -> None:
    derivation = derive(NETWORKS[name])
    names = Symbols.of(derivation.network, derivation.upstreams)
    document = read_document(render(make_document(derivation, SECTIONS), "latex"), names)
    for formula in document.formulas:
        assert formula.reading is not None
        for text, statement in zip(
            str(formula.reading).split("\n"), formula.reading.statements, strict=True
        ):
            (again,) = read(text, formula.reading.symbols, form="plain").statements
            meant = [outline(side) for side in statement.sides]
            assert [outline(side) for side in again.sides] == meant, text
