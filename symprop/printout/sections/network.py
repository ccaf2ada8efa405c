"""What is known and what is not, and the forward pass down to the loss."""

from __future__ import annotations

from collections.abc import Iterator

from symprop.declaration import Declared
from symprop.expression.algebra import apply
from symprop.expression.definition import definitions_in, formula_of
from symprop.expression.nodes import Leaf, Node, Number, Place, Slice, leaves, operations, walk
from symprop.expression.notes import kink_notes
from symprop.expression.rewriting import substitute
from symprop.network import Network, Step
from symprop.printout.expressions import Expression, Member
from symprop.printout.model import Block, Equations, Line, Listed, Paragraph, Prose
from symprop.printout.notation.names import Names
from symprop.printout.repetition import Repetition
from symprop.printout.sections.indices import index_line
from symprop.printout.sections.stable_forms import step_forms

LONG_EQUATION_LIMIT = 24
"""A network of more operations is not written as one equation."""

LABELS = {
    "one-hot": " is one-hot: 1 for its class, 0 for all others",
    "probabilities": " holds probabilities, which add up to 1",
    "binary": " is 0 or 1",
    "signed": " is \u22121 or +1",
    "real": " is real",
}


def network_blocks(network: Network, names: Names) -> Iterator[Block]:
    """Known and unknown, and the network as one long equation where that fits."""
    trained = bool(network.inputs or network.targets)
    items = [
        *_listed("Known, inputs", network.inputs, names),
        *_listed("Known, targets", network.targets, names),
        *_listed("Unknown, weights" if trained else "Variables", network.weights, names),
    ]
    if network.hyperparameters:
        items.append(("Chosen, hyperparameters", tuple(_chosen(network))))
    if network.labels:
        kinds = network.labels.items()
        said = _enumerated([(network.declared[name].leaf, LABELS[kind]) for name, kind in kinds])
        items.append(("Labels", said))
    yield Listed(tuple(items))
    if network.samples is not None:
        yield Paragraph((f"The network is declared for a batch of {network.samples} samples.",))
    elif network.per_sample:
        text = "Everything is written for one sample; the loss of a batch is the mean over it."
        yield Paragraph((text,))
    equation = None if network.loss_step is None else long_equation(network)
    if equation is not None:
        what = "network" if trained else "function"
        yield Paragraph((f"The {what} as one long equation:",))
        yield Equations((equation,))


def _listed(title: str, entries: list[Declared], names: Names) -> Iterator[tuple[str, Prose]]:
    if not entries:
        return
    shown = [Line(e.leaf, Member(e.leaf, e.shape) if e.leaf.shape else e.leaf) for e in entries]
    repeated = {
        place
        for run in Repetition(names).runs(shown)
        for place in range(run.start + 2 * run.period, run.stop - run.period)
    }
    prose: list[str | Expression] = []
    for place, line in enumerate(shown):
        if place not in repeated:
            prose += [", " if prose else "", line.right]
        elif place - 1 not in repeated:
            prose.append(", \u2026")
    yield title, tuple(part for part in prose if part != "")


def _chosen(network: Network) -> Iterator[str | Expression]:
    """Hyperparameters with their values."""
    for index, (name, value) in enumerate(network.hyperparameters.items()):
        number = Number(int(value) if value == int(value) else value)
        yield from (", " if index else "", network.declared[name].leaf, " = ", number)


def _enumerated(pairs: list[tuple[Leaf | Member, str]]) -> Prose:
    prose: list[str | Leaf | Member] = []
    for index, (shown, text) in enumerate(pairs):
        prose += [", " if index else "", shown, text]
    return tuple(part for part in prose if part != "")


def long_equation(network: Network) -> Line | None:
    """The output over inputs and weights alone; None where it is long, or a single step.

    Without data it is the value of the function itself.
    """
    outputs = network.outputs if network.inputs or network.targets else [network.require_loss()]
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
            return Line(step.leaf, whole) if fits else None
        if operations(whole) <= LONG_EQUATION_LIMIT:
            written[step.leaf] = whole
    return None


def forward_blocks(network: Network, names: Names) -> Iterator[Block]:
    """The steps in order, the loss last, and what they are written with."""
    nodes = [step.node for step in network.steps.values()]
    definitions = []
    for entry in definitions_in(nodes):
        formula = formula_of(entry)
        call = apply(entry, *formula.arguments)
        definitions.append(Line(call, formula.node, ("your own function",)))
    if definitions:
        yield Equations(tuple(definitions))
    lines: list[Line] = []
    entries: list[Line] = []
    for step in network.steps.values():
        lines.append(Line(step.leaf, step.node, _remark(network, step)))
        found = index_line(step, names)
        if found is not None:
            (lines if found.left is None else entries).append(found)
    yield Equations(tuple(lines))
    if entries:
        yield Paragraph(("Entry by entry:",))
        yield Equations(tuple(entries))
    yield from notation_notes(nodes)
    yield from step_forms(network, names)


def _remark(network: Network, step: Step) -> Prose:
    """What is said beside a step."""
    if step is network.loss_step:
        return ("the loss",) if network.inputs or network.targets else ()
    return (Member(step.leaf, step.shape),) if step.shape else ()


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
    kinks = kink_notes(nodes)
    if kinks:
        yield Paragraph((" ".join(kinks),))
