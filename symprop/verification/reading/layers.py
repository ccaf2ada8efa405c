r"""`\delta^l` of a network in layers: the derivative of the loss by what a function is taken of.

Where z^1 and z^2, or z_1 and z_2, are the arguments of functions, \delta^l is that by z^l. A text
that defines a \delta^l of its own means that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from symprop.expression.nodes import Along, Apply, Leaf, OfMatrix, Unspecified
from symprop.network import Network
from symprop.verification.reading.entries import Entry, Reference
from symprop.verification.reading.families import inner
from symprop.verification.reading.tree import Nabla, Name, Spelling

RANK = 9
"""These spellings go behind all others."""
DELTA = Spelling(r"\delta")

Spelled = tuple[Spelling, Entry, int]


def deltas_of_layers(network: Network, spelled: Iterable[Spelled]) -> Iterator[Spelled]:
    r"""The names `\delta^1`, `\delta^{(1)}`, ... of a network in layers; none of any other one."""
    loss = network.loss_step
    steps = [(s, e) for s, e, rank in spelled if e.kind == "step" and not rank and _number(s)]
    letters = {_letter(s) for s, e in steps if e.name in _arguments(network)}
    if loss is None or len(letters) != 1:
        return
    taken = [(s, e) for s, e in steps if _letter(s) in letters]
    whole = Name(Spelling(loss.name), Reference(Entry(loss.name, "loss", loss.name, ())))
    for spelling, entry in taken:
        definition = Nabla(whole, Name(spelling, Reference(entry)))
        for form in _forms(spelling):
            latex = rf"\delta^{{{_number(spelling)}}}"
            delta = Entry(f"delta_{entry.name}", "delta", latex, entry.shape)
            yield form, replace(delta, definition=definition), RANK


def is_of_layer(entry: Entry | None) -> bool:
    r"""Whether an entry is a `\delta^l` that only this rule knows."""
    return entry is not None and entry.kind == "delta" and entry.definition is not None


def _forms(spelling: Spelling) -> Iterator[Spelling]:
    number = _number(spelling)
    if spelling.subscript:
        yield replace(DELTA, subscript=spelling.subscript)
    for mark in (number, f"({number})", f"[{number}]"):
        yield replace(DELTA, marks=(mark,))


def _number(spelling: Spelling) -> str:
    """The number of the layer that a name has; "" where it has none, or anything else."""
    scripts = (*spelling.subscript, *spelling.marks)
    number = inner(scripts[0]).strip("[]") if len(scripts) == 1 else ""
    return number if number.isdigit() else ""


def _letter(spelling: Spelling) -> Spelling:
    return replace(spelling, subscript=(), marks=())


def _arguments(network: Network) -> set[str]:
    """The steps that another step is a function of, and nothing else."""
    functions = Apply | Along | OfMatrix | Unspecified
    nodes = (step.node for step in network.steps.values())
    return {
        node.children[0].name
        for node in nodes
        if isinstance(node, functions)
        and len(node.children) == 1
        and isinstance(node.children[0], Leaf)
    }
