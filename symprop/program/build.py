"""From a derivation to an array program: forward, loss and gradients over shared values.

A network declared for one sample gets a sample axis, and its loss becomes the mean over the
samples. The mean is taken at the top: where the loss meets a value that varies with the sample,
its gradient is divided by the number of samples n, and from there on gradients add up; a part of
the loss that does not vary with the sample, such as a regulariser, comes out of the mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symprop.declaration import Declared
from symprop.derivation import Derivation
from symprop.derivation.parts import Kind, homogeneous_parts, kind_of
from symprop.errors import UnspecifiedError
from symprop.expression.contents import calls
from symprop.expression.definition import opened
from symprop.expression.nodes import UNIT, Leaf, Node, Product, Shape, Sum, operations
from symprop.expression.showing import shortened
from symprop.expression.text import text
from symprop.expression.unspecified import missing_formula
from symprop.network import Network, Step
from symprop.program.lowering import Lowering
from symprop.program.stable import Stable
from symprop.program.values import Axes, Axis, Value, Values

FORMULA_LIMIT = 60
"""A formula of more operations than this is no comment any more."""


@dataclass(frozen=True)
class Statement:
    """A value with the name it has in the derivation, and the formula that it computes."""

    name: str
    value: Value
    formula: str


@dataclass(frozen=True)
class Program:
    """The array program of a derivation.

    `per_sample` tells whether a sample axis was added. `inner` suggests a name, with its formula,
    for values inside steps. `values` made all of them, and makes those of the passes.
    """

    network: Network
    per_sample: bool
    steps: tuple[Statement, ...]
    loss: Statement
    outputs: tuple[Statement, ...]
    deltas: tuple[Statement, ...]
    gradients: tuple[Statement, ...]
    inner: Mapping[int, tuple[str, str]]
    values: Values


def build_program(derivation: Derivation) -> Program:
    """Lower a derivation: the same record that is printed is what is computed."""
    _check_specified(derivation.network)
    return _Builder(derivation).build()


def _check_specified(network: Network) -> None:
    """UnspecifiedError where a step uses a function without a formula."""
    for step in network.steps.values():
        for node in calls(opened(step.node)):
            missing = missing_formula(node)
            if missing is not None:
                symbol, hint = missing
                what = "loss" if step is network.loss_step else "step"
                shown = shortened(text(node))
                raise UnspecifiedError(
                    f"{what} {step.name!r}: {symbol} is unspecified, in {shown}", hint=hint
                )


def axes_of(shape: Shape) -> Axes:
    """The axes of a value of this shape; a size 1 has none."""
    if not shape:
        return ()
    roles = (Axis.ROW, Axis.COLUMN)
    return tuple(role for role, extent in zip(roles, shape, strict=False) if extent != 1)


class _Builder:
    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.network = network = derivation.network
        data = network.inputs + network.targets
        self.per_sample = network.samples is None and bool(data)
        self.values = Values()
        self.environment: dict[str, Value] = {
            name: self.values.load(name, self._declared_axes(entry))
            for name, entry in network.declared.items()
        }
        self.lowering = Lowering(self.values, self.environment)
        self.stable = Stable({name: step.node for name, step in network.steps.items()})
        self.inner: dict[int, tuple[str, str]] = {}

    def _declared_axes(self, entry: Declared) -> Axes:
        sample = self.per_sample and entry.role in ("input", "target")
        return ((Axis.SAMPLE,) if sample else ()) + axes_of(entry.leaf.shape)

    def build(self) -> Program:
        loss_step = self.network.require_loss()
        steps = tuple(self._step(step) for step in self._used_steps() if step is not loss_step)
        mean = self._mean(self.stable.rewrite(loss_step.node))
        self._step(loss_step)  # a gradient may read the loss of one sample
        loss = Statement(loss_step.name, mean, _formula(loss_step.name, loss_step.node))
        deltas = tuple(self._deltas())
        gradients = tuple(map(self._partial, self.network.weights))
        outputs = tuple(
            Statement(step.name, self.environment[step.name], _formula(step.name, step.node))
            for step in self.network.outputs
        )
        return Program(
            self.network,
            self.per_sample,
            steps,
            loss,
            outputs,
            deltas,
            gradients,
            self.inner,
            self.values,
        )

    def _partial(self, weight: Declared) -> Statement:
        """The gradient by a weight, its axes standing where those of the weight do."""
        expression = self.derivation.gradient(weight.symbol)
        value = self._gradient(expression, varies=False)
        wanted = axes_of(weight.leaf.shape)
        if value.axes and value.axes != wanted[-len(value.axes) :]:
            value = self.values.make("full", (value,), wanted, (1,) * len(wanted))
        rate = f"d{self.derivation.loss.name}/d{weight.name}"
        return Statement(weight.name, value, _formula(rate, expression))

    def _used_steps(self) -> list[Step]:
        """The steps that the loss or an output depends on."""
        loss = self.network.require_loss()
        used = {step.name for step in (loss, *self.network.outputs)}
        for step in reversed(self.network.steps.values()):
            if step.name in used:
                used.update(step.reads)
        return [step for name, step in self.network.steps.items() if name in used]

    def _step(self, step: Step) -> Statement:
        value = self.lowering.lower(self.stable.rewrite(step.node))
        self.values.seal(value)
        self.environment[step.name] = value
        return Statement(step.name, value, _formula(step.name, step.node))

    def _deltas(self) -> list[Statement]:
        statements = []
        for upstream in self.derivation.upstreams:
            if not upstream.named:
                continue
            value = self.lowering.lower(upstream.value)
            varies = upstream.delta.role == Kind.VARYING.value
            gradient = self._gradient(upstream.expression, varies=varies)
            name = upstream.delta.name
            inner = name.removeprefix("delta_")
            self.inner.setdefault(value.number, (inner, text(upstream.value)))
            self.values.seal(gradient)
            self.environment[name] = gradient
            formula = self._gradient_formula(name, upstream.expression, varies)
            statements.append(Statement(name, gradient, formula))
        return statements

    def _gradient_formula(self, name: str, expression: Node, varies: bool) -> str:
        if not (self.per_sample and varies) or operations(expression) > FORMULA_LIMIT:
            return _formula(name, expression)
        written = []
        for part in homogeneous_parts(expression):
            bracketed = f"({text(part)})" if isinstance(part, Sum) else text(part)
            direct = kind_of(part) is Kind.DIRECT
            written.append(f"{bracketed}/n" if direct else text(part))
        return f"{name} = {' + '.join(written)}"

    # -- means over the batch ---------------------------------------------------------------------

    def _terms(self, node: Node) -> tuple[Node, ...]:
        return node.children if type(node) is Sum and not node.shape else (node,)

    def _varies(self, node: Node) -> bool:
        factors = node.children if isinstance(node, Product) else (node,)
        if all([isinstance(factor, Leaf) for factor in factors]):  # nothing to lower for that
            return any([Axis.SAMPLE in self.lowering.lower(leaf).axes for leaf in factors])
        return Axis.SAMPLE in self.lowering.lower(node).axes

    def _mean(self, node: Node) -> Value:
        """The mean of a scalar over the samples, what does not vary taken out of it."""
        if not self.per_sample:
            return self.lowering.lower(node)
        terms = []
        for term in self._terms(node):
            if self._varies(term):
                terms.append(self._signed(self.lowering.over_samples(term), over_batch=True))
            else:
                terms.append(self.lowering.signed(term))
        return self.values.sum(terms)

    def _gradient(self, expression: Node, *, varies: bool) -> Value:
        """A gradient of the mean loss by a value that varies with the sample, or does not."""
        expression = self.stable.rewrite(expression)
        if not self.per_sample:
            return self.lowering.lower(expression)
        terms: list[tuple[int, Value]] = []
        for part in homogeneous_parts(expression):
            kind = kind_of(part)
            if varies:
                value = self.lowering.lower(part)
                terms.append(self._signed(value, over_batch=kind is Kind.DIRECT))
                continue
            for term in part.children if type(part) is Sum else (part,):
                terms.append(self._gathered(term, kind))
        return self.values.sum(terms)

    def _gathered(self, term: Node, kind: Kind) -> tuple[int, Value]:
        """A term of a gradient, summed or averaged over the samples as its kind demands."""
        if self._varies(term):
            value = self.lowering.over_samples(term)
            return self._signed(value, over_batch=kind is Kind.DIRECT)
        if kind is Kind.VARYING:  # the same for every sample: n times as much
            equal = [self.values.batch(), self.lowering.lower(term)]
            return self.values.signed(self.values.product(UNIT, equal, []))
        return self.lowering.signed(term)

    def _signed(self, value: Value, *, over_batch: bool) -> tuple[int, Value]:
        """A value, divided by n if asked, with its sign in front."""
        if over_batch:
            value = self.values.product(UNIT, [value], [self.values.batch()])
        return self.values.signed(value)


def _formula(name: str, expression: Node) -> str:
    """`name = expression`, or nothing where that would be too long for a comment."""
    return "" if operations(expression) > FORMULA_LIMIT else f"{name} = {text(expression)}"
