"""What is known and what is not, and the forward pass down to the loss."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.declaration import Declared
from symprop.expression.algebra import apply
from symprop.expression.definition import definitions_in, formula_of
from symprop.expression.nodes import Leaf, Node, Place, Slice, leaves, operations, walk
from symprop.expression.rewriting import substitute
from symprop.network import Network
from symprop.printout.expressions import Member
from symprop.printout.model import Block, Equations, Line, Listed, Paragraph, Prose

LONG_EQUATION_LIMIT = 24
"""A network of more operations is not written as one equation."""

LABELS = {
    "one-hot": "one-hot: 1 for its class, 0 for all others",
    "probabilities": "probabilities, which add up to 1",
    "binary": "0 or 1",
    "signed": "\u22121 or +1",
    "real": "any real number",
}


def network_blocks(network: Network) -> Iterator[Block]:
    """Known and unknown, and the network as one long equation where that fits."""
    items = [
        *_listed("Known, inputs", network.inputs),
        *_listed("Known, targets", network.targets),
        *_listed("Unknown, weights", network.weights),
    ]
    if network.hyperparameters:
        pairs = network.hyperparameters.items()
        chosen = _enumerated(
            [(network.declared[name].leaf, f" = {value:g}") for name, value in pairs]
        )
        items.append(("Chosen, hyperparameters", chosen))
    if network.labels:
        kinds = network.labels.items()
        said = _enumerated(
            [(network.declared[name].leaf, f" is {LABELS[kind]}") for name, kind in kinds]
        )
        items.append(("Labels", said))
    yield Listed(tuple(items))
    if network.samples is not None:
        yield Paragraph((f"The network is declared for a batch of {network.samples} samples.",))
    elif network.per_sample:
        text = "Everything is written for one sample; the loss of a batch is the mean over it."
        yield Paragraph((text,))
    equation = None if network.loss_step is None else long_equation(network)
    if equation is not None:
        yield Paragraph(("The network as one long equation:",))
        yield Equations((equation,))


def _listed(title: str, entries: list[Declared]) -> Iterator[tuple[str, Prose]]:
    if not entries:
        return
    shown = [(Member(e.leaf, e.shape) if e.leaf.shape else e.leaf, "") for e in entries]
    yield title, _enumerated(shown)


def _enumerated(pairs: list[tuple[Leaf | Member, str]]) -> Prose:
    prose: list[str | Leaf | Member] = []
    for index, (shown, text) in enumerate(pairs):
        prose += [", " if index else "", shown, text]
    return tuple(part for part in prose if part != "")


def long_equation(network: Network) -> Line | None:
    """The output over inputs and weights alone; None where it is long, or a single step."""
    outputs = network.outputs
    if len(outputs) != 1:
        return None
    output = outputs[0]
    written: dict[Node, Node] = {}
    for step in network.steps.values():
        whole = substitute(step.node, written)
        if step is output:
            several = any(leaf in written for leaf in leaves(step.node))
            complete = not any(leaf.role == "step" for leaf in leaves(whole))
            fits = several and complete and operations(whole) <= LONG_EQUATION_LIMIT
            return Line(step.leaf, whole, ("all steps put in",)) if fits else None
        if operations(whole) <= LONG_EQUATION_LIMIT:
            written[step.leaf] = whole
    return None


def forward_blocks(network: Network) -> Iterator[Block]:
    """The steps in order, the loss last, and what they are written with."""
    nodes = [step.node for step in network.steps.values()]
    definitions = []
    for entry in definitions_in(nodes):
        formula = formula_of(entry)
        call = apply(entry, *formula.arguments)
        definitions.append(Line(call, formula.node, ("your own function",)))
    if definitions:
        yield Equations(tuple(definitions))
    lines = []
    for step in network.steps.values():
        if step is network.loss_step:
            why: Prose = ("the loss",)
        elif step.shape:
            why = (Member(step.leaf, step.shape),)
        else:
            why = ()
        lines.append(Line(step.leaf, step.node, why))
    yield Equations(tuple(lines))
    yield from notation_notes(nodes)


def notation_notes(nodes: list[Node]) -> Iterator[Block]:
    """What the signs mean that do not speak for themselves."""
    found = {type(part) for node in nodes for part in walk(node)}
    if any(node.shape for node in nodes):
        yield Paragraph(
            (
                "Functions, \u2299, \u2298 and exponents with \u2299 act entry by entry; "
                "a number added to a matrix is added to every entry.",
            )
        )
    if Slice in found or Place in found:
        yield Paragraph(("Rows and columns are counted from 1, both ends included.",))
    if Place in found:
        yield Paragraph(("place is a matrix of zeros, but for its argument in the rows named.",))
