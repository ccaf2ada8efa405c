r"""The names of a network, each in all the forms in which it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sympy import preorder_traversal

from symprop.derivation.sweep import Upstream
from symprop.expression.nodes import walk
from symprop.network import Network
from symprop.printout.notation.latex import latex_of
from symprop.printout.notation.names import Names, name_markup
from symprop.verification.reading.entries import Entry, Kind, spelling_of
from symprop.verification.reading.functions import USED_LETTERS
from symprop.verification.reading.layers import RANK, deltas_of_layers
from symprop.verification.reading.tree import Spelling


def entries_of(
    network: Network, upstreams: list[Upstream]
) -> Iterator[tuple[Spelling, Entry, int]]:
    """All spellings of a network, each with what it stands for and its rank."""
    spelled = list(_spelled(network, upstreams))
    functions = list(_functions(network))
    yield from spelled
    yield from deltas_of_layers(network, spelled)
    yield from functions
    for spelling, entry, rank in (*spelled, *functions):
        if spelling.base in VARIANTS:
            yield replace(spelling, base=VARIANTS[spelling.base]), entry, rank + RANK


_LETTERS = (
    (r"\phi", r"\varphi"), (r"\epsilon", r"\varepsilon"), (r"\theta", r"\vartheta"),
    (r"\rho", r"\varrho"), (r"\kappa", r"\varkappa"),
)  # fmt: skip
VARIANTS = {one: other for pair in _LETTERS for one, other in (pair, pair[::-1])}
"""Two forms of one letter: who declares the one and writes the other means it."""


def _spelled(network: Network, upstreams: list[Upstream]) -> Iterator[tuple[Spelling, Entry, int]]:
    names = Names(network, upstreams)
    loss = network.loss_step
    for entry in _named(network, names, upstreams, None if loss is None else loss.name):
        declared = network.declared.get(entry.name) or network.steps.get(entry.name)
        forms = [
            declared.latex if declared else None,
            entry.latex,
            latex_of(name_markup(entry.name)),
        ]
        for rank, form in enumerate(forms):
            spelling = spelling_of(form) if form else None
            if spelling is not None:
                yield spelling, entry, rank


def _named(
    network: Network, names: Names, upstreams: list[Upstream], loss: str | None
) -> Iterator[Entry]:
    def latex(name: str) -> str:
        return latex_of(names.of(name))

    for name, declared in network.declared.items():
        yield Entry(name, declared.role, latex(name), declared.shape)  # type: ignore[arg-type]
    for name, step in network.steps.items():
        kind: Kind = "loss" if name == loss else "step"
        yield Entry(name, kind, latex(name), step.shape, step.node)
    for name in network.size_symbols:
        yield Entry(name, "size", latex(name), ())
    shapes = {f"delta_{name}": step.shape for name, step in network.steps.items()}
    shapes |= {upstream.delta.name: upstream.delta.shape for upstream in upstreams}
    for name, shape in shapes.items():
        yield Entry(name, "delta", latex(name), shape)


def _functions(network: Network) -> Iterator[tuple[Spelling, Entry, int]]:
    """The user's own functions, and those of the vocabulary that a letter stands for."""
    seen: set[Any] = set()
    for step in network.steps.values():
        inside = (type(part) for part in preorder_traversal(step.expression))
        for part in (*inside, *walk(step.node)):
            found = getattr(part, "entry", None)
            if found is None or isinstance(found, property) or found in seen:
                continue
            seen.add(found)
            name = getattr(found, "symbol", None) or found.name
            if name in ("gelu", *USED_LETTERS):
                for letter, spelling in USED_LETTERS.items():
                    yield spelling, Entry(letter, "function", spelling.base), 0
            elif type(found).__name__ in _OWN:
                head = getattr(found, "symbol_latex", None) or _head(found.latex)
                for rank, form in enumerate((head, latex_of(name_markup(name)))):
                    known = spelling_of(form) if form else None
                    if known is not None:
                        yield known, Entry(name, "function", head or form), rank


_OWN = {"Definition", "Layer", "Activation", "UnspecifiedFunction"}


def _head(pattern: str) -> str:
    """The name in the LaTeX of a call."""
    return pattern.format("").partition(r"\left(")[0]
