"""What the code computes in another form than it is written: equal, but without overflow.

The forms are those of `symprop.program.stable`, which the emitted code is made with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symprop.expression.algebra import ZERO, add, apply, scale, subtract, total
from symprop.expression.nodes import Along, Node, OfMatrix, leaves, operations, walk
from symprop.expression.rewriting import transform
from symprop.functions.activations import softplus
from symprop.functions.elementary import exp, log, log1p
from symprop.functions.matrices import logabsdet, logdet
from symprop.functions.piecewise import absolute, direction, maximum
from symprop.functions.softmax import log_softmax, logsumexp, softmax
from symprop.network import Network
from symprop.printout.expressions import ARGUMENT, Equated, Expression, Rate
from symprop.printout.model import Block, Equations, Line, Paragraph, Part, Prose
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.names import Names
from symprop.printout.sections.material import Material
from symprop.program.stable import Rewriting, Stable

LIMIT = 30
"""A form of more operations is not written out."""
DEFINITION_LIMIT = 8
"""A definition of more operations is no reason to give."""
DEFINITIONS_LIMIT = 4
"""Of more definitions, the first are given."""

COMPUTED: Prose = ("this is computed",)

WARNING = (
    "Some numbers could become too large, or 0 under a logarithm. "
    "What is computed instead is equal:"
)

NEVER_LARGE = add(
    apply(maximum, ARGUMENT, ZERO), apply(log1p, apply(exp, scale(-1, apply(absolute, ARGUMENT))))
)
"""log(1 + e^u), also where e^u is too large a number."""

NOTES: dict[object, Prose] = {
    softplus: (
        apply(softplus, ARGUMENT),
        " is computed as ",
        NEVER_LARGE,
        ", so that no exponential overflows.",
    ),
    softmax: (
        "Before exponentials are taken in a softmax, the largest entry of its argument is "
        "subtracted from every entry: the value stays the same, and nothing overflows.",
    ),
    logdet: (
        "The logarithm of a determinant is computed without the determinant itself, which may be "
        "too large or too small a number.",
    ),
    direction: ("A vector divided by its length is taken as 0 where the vector is 0.",),
}
"""How the functions are computed that the forms are made of."""
SAME_NOTE: dict[object, object] = {log_softmax: softmax, logsumexp: softmax, logabsdet: logdet}


class StableForms:
    """Says what is computed in the place of some expressions of a network."""

    def __init__(self, network: Network, names: Names) -> None:
        self._steps = network.steps
        self._stable = Stable({name: step.node for name, step in network.steps.items()})
        self._formulas = Formulas(names)

    def lines(self, named: Iterable[tuple[Expression, Node]]) -> Iterator[Line]:
        """For each expression that has another form: its parts that are replaced, and the whole."""
        said: set[Node] = set()
        for left, node in named:
            rewritings = self._stable.rewritings(node)
            whole = self._stable.rewrite(node)
            if not rewritings or operations(whole) > LIMIT:
                continue
            if rewritings[0].after == whole:
                reason = self._definitions(rewritings[0].before, whole)
                yield from self._different(node, Line(left, whole, reason or COMPUTED))
                continue
            replaced = [found for found in rewritings if found.before not in said]
            said.update(found.before for found in replaced)
            lines = [line for found in replaced for line in self._replaced(found)]
            yield from lines
            if lines or not replaced:
                yield Line(left, whole, COMPUTED)

    def notes(self, nodes: Iterable[Node]) -> Iterator[Paragraph]:
        """How the functions are computed in the forms of these expressions."""
        rewritten = [self._stable.rewrite(node) for node in nodes]
        used = [part.content[0] for node in rewritten for part in walk(node) if part.content]
        for entry in dict.fromkeys(SAME_NOTE.get(entry, entry) for entry in used):
            if entry in NOTES:
                yield Paragraph(NOTES[entry])

    def _replaced(self, found: Rewriting) -> Iterator[Line]:
        """That a part is equal to what is computed in its place, and by which definitions."""
        if isinstance(found.after, OfMatrix) or operations(found.before) > LIMIT:
            return
        shown = transform(found.after, _by_definition)
        reason = self._definitions(found.before, found.after)
        yield from self._different(found.before, Line(found.before, shown, reason))

    def _different(self, node: Node, line: Line) -> Iterator[Line]:
        """A line, unless what it says looks the same."""
        if self._formulas.of(line.right) != self._formulas.of(node):
            yield line

    def _definitions(self, before: Node, after: Node) -> Prose:
        """The definitions of the steps that are seen through on the way from one to the other."""
        known = set(leaves(after))
        pending = [leaf for leaf in leaves(before) if leaf not in known]
        reason: list[str | Expression] = []
        while pending and len(reason) < 2 * DEFINITIONS_LIMIT:
            leaf = pending.pop(0)
            step = self._steps.get(leaf.name)
            if step is not None and operations(step.node) <= DEFINITION_LIMIT:
                reason += [", " if reason else "as ", Equated(leaf, step.node)]
                known.add(leaf)
                pending += [inner for inner in leaves(step.node) if inner not in known]
        return tuple(reason)


def _by_definition(node: Node) -> Node | None:
    """log(softmax(z)) of a column is z - log(sum of e^z)."""
    if not (isinstance(node, Along) and node.entry is log_softmax and node.shape[1] == 1):
        return None
    (z,) = node.children
    return subtract(z, apply(log, total(apply(exp, z))))


def step_forms(network: Network, names: Names) -> Iterator[Block]:
    """What is computed for the steps, the loss included."""
    forms = StableForms(network, names)
    lines = tuple(forms.lines((step.leaf, step.node) for step in network.steps.values()))
    if lines:
        yield Paragraph((WARNING,))
        yield Equations(lines)
    yield from forms.notes(step.node for step in network.steps.values())


def gradient_forms(material: Material) -> Iterator[Block]:
    """What is computed for the gradients."""
    forms = StableForms(material.network, material.names)
    named: list[tuple[Expression, Node]] = [
        (upstream.delta, upstream.expression)
        for upstream in material.upstream.values()
        if upstream.named
    ]
    named += [
        (Rate(material.loss.leaf, entry.leaf), material.gradient(entry.leaf))
        for entry in material.network.weights
    ]
    lines = tuple(forms.lines(named))
    if lines:
        yield Part(("Computed in another form",), (Equations(lines),))
