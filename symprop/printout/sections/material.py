"""What the sections of a printout read from a derivation: uses, local derivatives, closed forms."""

from __future__ import annotations

from functools import cached_property

from symprop.derivation.entrywise import derivatives
from symprop.derivation.forms import Forms
from symprop.derivation.jacobian import Jacobians
from symprop.derivation.local import local_derivative, pulled
from symprop.derivation.record import Derivation
from symprop.derivation.sweep import Upstream, leading_to
from symprop.errors import DerivationError
from symprop.example import Example
from symprop.expression.algebra import filled
from symprop.expression.nodes import Apply, Leaf, Node, leaves, operations, walk
from symprop.expression.rewriting import transform
from symprop.functions.unspecified import Activation
from symprop.network import Network, Step
from symprop.printout.expressions import ARGUMENT, VALUE, Rate, Rule
from symprop.printout.model import Line, Prose
from symprop.printout.notation.markup import Letter
from symprop.printout.notation.names import Names
from symprop.printout.notation.patterns import function_head
from symprop.printout.repetition import Repetition

CLOSED_FORM_LIMIT = 30
"""A closed form of more operations than this is not written out."""
LAYERS_CLOSED_FORM_LIMIT = 8
"""The same where many layers repeat: a closed form for the last of them alone."""

CANCELLING = 3
"""Writing a gradient out may shorten it, hardly more than this many times."""
ENDLESS = 10**6


class Material:
    """A derivation with what is asked of it again and again."""

    def __init__(
        self, derivation: Derivation, example: Example | None = None, optimizer: str = "sgd"
    ) -> None:
        self.derivation = derivation
        self.example = example
        self.optimizer = optimizer
        self.network: Network = derivation.network
        weights = self.network.weights
        self.names = Names(self.network, derivation.upstreams)
        self.repetition = Repetition(self.names)
        if self.layer_steps or self.repetition.runs([Line(w.leaf, w.leaf) for w in weights]):
            self.repetition.take_letter()
        self.letters = frozenset(
            part.latex for part in self.names.alphabets() if isinstance(part, Letter)
        )
        """The letters that names are made of."""
        self.loss = derivation.loss
        self._jacobians = Jacobians(self.network)
        self._locals: dict[tuple[str, str], Node | None] = {}
        self._forms = Forms(self.network, derivation.sweep)

    @cached_property
    def ordinary(self) -> bool:
        """Whether there is one scalar weight, so that its derivative is no partial one."""
        weights = self.network.weights
        return len(weights) == 1 and not weights[0].leaf.shape

    @cached_property
    def visited(self) -> list[Step]:
        """The steps on the way from the loss to a weight, the loss first."""
        return [s for s in reversed(self.network.steps.values()) if s.name in self.upstream]

    @property
    def upstream(self) -> dict[str, Upstream]:
        """The upstream gradients by the name of their step; those inside a step by their own."""
        return self.derivation.sweep.upstream

    @cached_property
    def _uses(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for step in self.visited:
            for leaf in leaves(step.node):
                found.setdefault(leaf.name, []).append(step)
        return found

    def uses(self, leaf: Leaf) -> list[Step]:
        """The steps that take a value directly, the last first."""
        return self._uses.get(leaf.name, [])

    def rate(self, user: Step, leaf: Leaf) -> Rate:
        """The local derivative of a step by a direct argument, by its name.

        That of the loss is told from the gradient where there are other ways to the loss; so is
        that of any step where d is written, as of one weight alone: it is not held fixed elsewhere.
        """
        return Rate(user.leaf, leaf, direct=self._is_direct(user, leaf))

    def _is_direct(self, user: Step, leaf: Leaf) -> bool:
        if user is not self.loss and not self.ordinary:
            return False
        leads = leading_to(self.network, [leaf])
        return any(leads(other) for other in self.arguments(user) if other != leaf)

    @cached_property
    def has_direct_rates(self) -> bool:
        """Whether a step takes a value that leads to it in other ways too."""
        users = self.visited if self.ordinary else [self.loss]
        return any(self._is_direct(user, leaf) for user in users for leaf in self.arguments(user))

    @cached_property
    def _useful(self) -> dict[str, list[Leaf]]:
        useful = leading_to(self.network, [entry.leaf for entry in self.network.weights])
        return {step.name: list(filter(useful, leaves(step.node))) for step in self.visited}

    def arguments(self, step: Step) -> list[Leaf]:
        """The direct arguments of a step that are weights or lead to one."""
        return self._useful[step.name]

    @cached_property
    def is_scalar(self) -> bool:
        """Whether no value on the way to a weight is a matrix."""
        weights = all(not entry.leaf.shape for entry in self.network.weights)
        return weights and not any(node.shape for step in self.visited for node in walk(step.node))

    def local(self, step: Step, argument: Leaf) -> Node | None:
        """The derivative of a step by a direct argument; None where it is no single matrix."""
        key = step.name, argument.name
        if key not in self._locals:
            try:
                self._locals[key] = local_derivative(step, argument, self._jacobians)
            except DerivationError:
                self._locals[key] = None
        return self._locals[key]

    def jacobian(self, step: Step, argument: Leaf) -> Node | None:
        """The Jacobian of a step by a direct argument, numerator layout; None where it is none."""
        try:
            return self._jacobians.direct(step, argument)
        except DerivationError:
            return None

    def receives(self, step: Step, argument: Leaf, upstream: Node) -> Node:
        """What the gradient of a direct argument receives from this gradient of a step."""
        fold = self._jacobians.folding.of(step)
        return filled(pulled(step, argument, upstream, fold), argument.shape)

    def gradient(self, leaf: Leaf) -> Node:
        """The gradient of a weight or a visited step, over step and delta names."""
        if leaf.name in self.upstream:
            return self.upstream[leaf.name].expression
        return self.derivation.sweep.gradients[leaf.name]

    def closed_form(self, leaf: Leaf, limit: int | None = None) -> Node | None:
        """The gradient in the names of steps; None where that is long."""
        if limit is None:
            limit = CLOSED_FORM_LIMIT if self.layer_steps is None else LAYERS_CLOSED_FORM_LIMIT
        gradient = self.gradient(leaf)
        if self._size(gradient) > CANCELLING * limit:
            return None
        try:
            written = self._forms.write(gradient, "steps")
        except DerivationError:
            return None
        return written if operations(written) <= limit else None

    def _size(self, gradient: Node) -> int:
        """The operations of a gradient written out, a delta that is used twice counted once."""
        return _size(gradient, self._sizes)

    @cached_property
    def _sizes(self) -> dict[str, int]:
        """The sizes of the upstream gradients that have names, by these names."""
        sizes: dict[str, int] = {}
        for upstream in self.upstream.values():
            if upstream.named:
                sizes[upstream.delta.name] = _size(upstream.expression, sizes)
        return sizes

    def heading(self, leaf: Leaf) -> Prose:
        """What the part about a weight is called."""
        trained = self.network.inputs or self.network.targets
        return ("The weight " if trained else "The derivative by ", leaf)

    @cached_property
    def layer_steps(self) -> int | None:
        """How many steps a layer has, where many layers repeat; else None."""
        runs = self.repetition.runs([Line(s.leaf, s.node) for s in self.network.steps.values()])
        return max(run.period for run in runs) if runs else None

    def reason(self, step: Step) -> Prose:
        """Why a local derivative of a step is what it is."""
        rule = rule_of(step.node)
        if rule is not None:
            return (rule,)
        if step is self.loss and self.network.targets:
            return ("derivative of the loss",)
        return ("definition of ", step.leaf)


def _size(gradient: Node, sizes: dict[str, int]) -> int:
    inside = sum(sizes.get(leaf.name, 0) for leaf in leaves(gradient))
    return min(operations(gradient) + inside, ENDLESS)


def rule_of(node: Node) -> Rule | None:
    """The rule for the derivative of a function of one argument that is a step of its own."""
    if not isinstance(node, Apply) or len(node.children) != 1:
        return None
    if isinstance(node.entry, Activation) or function_head(node.entry.latex) is None:
        return None
    call = Apply((), (ARGUMENT,), (node.entry,))
    (derivative,) = derivatives(node.entry, call)
    folded = transform(derivative, lambda found: VALUE if found == call else None)
    return Rule(node.entry.latex, folded)
