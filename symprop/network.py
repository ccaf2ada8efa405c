"""Declaring a network: inputs, targets, weights, steps in order, one scalar loss.

Everything is validated where it is declared; what a `Network` holds can be derived.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import MatrixSymbol, OneMatrix, Symbol

from symprop.declaration import (
    Declared,
    by_name,
    canonical_shape,
    check_alike,
    check_keys,
    check_samples,
    check_symbol,
    check_text,
    declared_shape,
    default_value,
    did_you_mean,
    label_axis,
    latex_text,
    listed,
    name_of,
    size_symbols,
    size_value,
    with_article,
)
from symprop.errors import DeclarationError, ShapeError, UnsupportedError, context
from symprop.example import Example, checked_example
from symprop.expression import Scope
from symprop.expression.algebra import is_symmetric
from symprop.expression.contents import holds_matrix
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import SCALAR, Leaf, Node, Shape, leaves
from symprop.expression.shapes import shape_text
from symprop.expression.showing import shortened
from symprop.functions.classes import CompositeScalar, as_expression, is_matrix
from symprop.splitting import declare_steps


class UnusedStepWarning(UserWarning):
    """A step that the loss does not depend on: printed, but not emitted."""


@dataclass(frozen=True)
class Step:
    """A named intermediate value: its symbol, the expression as declared, its canonical form."""

    name: str
    symbol: Any
    expression: Any
    leaf: Leaf
    node: Node
    latex: str | None

    @property
    def shape(self) -> Shape:
        return self.leaf.shape

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names in its expression."""
        return frozenset(leaf.name for leaf in leaves(self.node))


class Network:
    """A network declared as SymPy expressions.

    Parameters
    ----------
    name
        what the network is called; any text.
    inputs, targets, weights
        Symbols and MatrixSymbols. Without inputs and targets the network is a plain function of
        its weights.
    hyperparameters
        scalar Symbols with their default values.
    samples
        None: declared for one sample, and the loss of a batch is the mean over its samples. A size
        symbol n: declared for the whole batch; inputs and targets whose first size is n are data,
        a sample a row, and the loss is taken as declared.
    labels
        the kind of a target: "one-hot", "probabilities", "binary" (0, 1), "signed" (-1, 1), "real".
    sizes
        default values of size symbols that the data do not show.
    latex
        LaTeX names of declared symbols.
    outputs
        the steps that `forward` returns (names or symbols); by default those that the loss reads,
        or steps that depend on a target.

    Raises
    ------
    DeclarationError, ShapeError, UnsupportedError
        from here, from `step` and from `loss`, each naming the step and what would work.
    """

    def __init__(
        self,
        name: str,
        *,
        inputs: Iterable[Any] = (),
        targets: Iterable[Any] = (),
        weights: Iterable[Any] = (),
        hyperparameters: Mapping[Any, float] | None = None,
        samples: Any = None,
        labels: Mapping[Any, str] | None = None,
        sizes: Mapping[Any, int] | None = None,
        latex: Mapping[Any, str] | None = None,
        outputs: Sequence[Any] | None = None,
    ) -> None:
        if not isinstance(name, str) or not name.strip():
            raise DeclarationError(
                f"a network needs a name, not {name!r}", hint='write Network("mlp", ...)'
            )
        check_text("the name of a network", name)
        self.name = name
        self.samples = samples
        self.declared: dict[str, Declared] = {}
        self._looks: dict[str, str] = {}
        self._by_role: dict[str, list[Declared]] = {}
        self.steps: dict[str, Step] = {}
        self.loss_step: Step | None = None
        self.worked_example: Example | None = None
        with context(f"network {name!r}"):
            self.labels: dict[str, str] = by_name("labels", labels)
            self._latex = by_name("latex", latex)
            defaults = by_name("hyperparameters", hyperparameters)
            self._declare("input", listed("inputs", inputs))
            self._declare("target", listed("targets", targets))
            self._declare("weight", listed("weights", weights))
            self._declare("hyperparameter", list(hyperparameters or {}))
            self.hyperparameters = {name: default_value(name, v) for name, v in defaults.items()}
            self.size_symbols = size_symbols(self.declared.values())
            self.sizes = {name: size_value(name, v) for name, v in by_name("sizes", sizes).items()}
            self._outputs = outputs and [name_of(output) for output in listed("outputs", outputs)]
            self._check_options()
        self._scope = Scope(
            {name: entry.leaf for name, entry in self.declared.items()},
            self.size_symbols,
            self._undefined,
            self._check_labels,
        )

    @classmethod
    def from_expression(cls, name: str, loss: Any, **declared: Any) -> Network:
        """A network given as one long equation, its loss; symprop names the steps.

        `declared` are the inputs, targets, weights and all else that `Network` takes. Excitations
        are called a1, a2, ... and the values of functions f1, f2, ..., from the inside out; the
        rules stand in `symprop.splitting`. The loss is L, or `loss` where that name is taken.
        """
        network = cls(name, **declared)
        taken = {*network.declared, *network.size_symbols}
        loss_name = next(free for free in ("L", "loss", "total_loss") if free not in taken)
        with context(f"network {name!r}"):
            network.loss(declare_steps(network, loss), name=loss_name)
        return network

    # -- declared symbols -------------------------------------------------------------------------

    def _declare(self, role: str, symbols: Iterable[Any]) -> None:
        for symbol in symbols:
            check_symbol(symbol, role)
            name = name_of(symbol)
            if name in self.declared:
                before = self.declared[name]
                same = before.role == role and before.symbol == symbol
                raise DeclarationError(
                    f"{name!r} is declared twice, as {before.role} and as {role}",
                    hint="leave one of them out" if same else "give one of them another name",
                )
            check_alike(name, self._looks)
            shape = declared_shape(symbol)
            axis = label_axis(name, self.labels.get(name), shape, self.samples)
            leaf = Leaf(name, canonical_shape(shape), role, len(self.declared), axis)
            latex = latex_text(name, self._latex.get(name))
            self.declared[name] = Declared(name, symbol, leaf, shape, latex)
            self._by_role.setdefault(role, []).append(self.declared[name])

    def _check_options(self) -> None:
        check_keys("labels", self.labels, [t.name for t in self.targets], "target")
        check_keys("sizes", self.sizes, self.size_symbols, "size of a declared matrix")
        check_keys("latex", self._latex, self.declared, "declared symbol")
        for name in self.size_symbols:
            if name in self.declared:
                role = self.declared[name].role
                raise DeclarationError(
                    f"{name!r} is both a size and a {role}", hint="give one of them another name"
                )
        check_samples(self.samples, (*self.inputs, *self.targets))

    @property
    def inputs(self) -> list[Declared]:
        """The inputs, in order."""
        return self._with_role("input")

    @property
    def targets(self) -> list[Declared]:
        """The targets, in order."""
        return self._with_role("target")

    @property
    def weights(self) -> list[Declared]:
        """The weights, in order."""
        return self._with_role("weight")

    def _with_role(self, role: str) -> list[Declared]:
        return [*self._by_role.get(role, ())]

    # -- steps ------------------------------------------------------------------------------------

    def step(self, name: str, expression: Any, *, latex: str | None = None) -> Any:
        """Name a value. Returns its Symbol, or its MatrixSymbol where it is a matrix."""
        if self.loss_step is not None:
            raise DeclarationError(f"step {name!r} comes after the loss", hint="declare it before")
        return self._add(self._read_step("step", name, expression, latex))

    def loss(self, expression: Any, *, name: str = "L", latex: str | None = None) -> Any:
        """Declare the loss, a scalar that depends on every weight. Returns its Symbol."""
        if self.loss_step is not None:
            raise DeclarationError(
                f"the network has a loss already: {self.loss_step.name!r}",
                hint="add losses up in one expression",
            )
        step = self._read_step("loss", name, expression, latex)
        with context(f"loss {name!r}"):
            if step.shape:
                raise ShapeError(
                    f"the loss must be a scalar, but is {shape_text(step.shape)}, "
                    f"in {shortened(expression)}",
                    hint="add up its entries with total(...) or take scalar(...) of a 1 x 1",
                )
            self._check_dependence(step)
            self._check_outputs()
        self.loss_step = step
        return self._add(step)

    def example(
        self,
        values: Any,
        *,
        learning_rate: Any = None,
        steps: int = 0,
        decimals: int | None = None,
    ) -> None:
        """Give the numbers of a worked example, which printouts then show.

        `values` holds a value for every declared symbol, of one sample; with a learning rate,
        `steps` updates of gradient descent are shown. Numbers have four decimals, or as many as
        `decimals` says; those below 0.1 have so many digits.
        """
        with context(f"network {self.name!r}"):
            if self.worked_example is not None:
                raise DeclarationError("it has an example already", hint="leave one of them out")
            self.worked_example = checked_example(values, learning_rate, steps, decimals)

    def _add(self, step: Step) -> Any:
        self.steps[step.name] = step
        self._scope.names[step.name] = step.leaf
        return step.symbol

    def _read_step(self, what: str, name: str, expression: Any, latex: str | None) -> Step:
        if not isinstance(name, str) or not name.strip():
            example = {"step": 'net.step("a1", ...)', "loss": 'net.loss(..., name="L")'}[what]
            shown = " ".join(repr(name).split())[:60]
            raise DeclarationError(f"a {what} needs a name, not {shown}", hint=f"write {example}")
        with context(f"{what} {name!r}"):
            self._check_name(name, what)
            try:
                with deep_expressions():
                    node = self._scope.read(as_expression(expression))
            except RecursionError:
                raise UnsupportedError(
                    "the expression nests too deeply", hint="split it into several steps"
                ) from None
            rank = len(self.declared) + len(self.steps)
            leaf = Leaf(name, node.shape, "step", rank, symmetric=is_symmetric(node))
            symbol = MatrixSymbol(name, *node.shape) if node.shape else Symbol(name, real=True)
            return Step(name, symbol, expression, leaf, node, latex_text(name, latex))

    def _check_name(self, name: str, what: str) -> None:
        check_text("its name", name)
        check_alike(name, self._looks)
        taken = self._scope.names
        if name in taken or name in self.size_symbols:
            role = taken[name].role if name in taken else "size"
            hint = "choose another name" + (', such as name="loss"' if what == "loss" else "")
            raise DeclarationError(f"the name is taken, by {with_article(role)}", hint=hint)
        delta, value = f"delta_{name}", name.removeprefix("delta_")
        clash = (delta, name) if delta in taken else (name, value)
        if delta in taken or (value != name and value in self.steps):
            raise DeclarationError(
                f"the name {clash[0]!r} is reserved for the upstream gradient of {clash[1]!r}",
                hint="choose another name",
            )

    def _undefined(self, name: str) -> Exception:
        known = [*self._scope.names, *self.size_symbols]
        return DeclarationError(f"{name!r} is not defined", hint=did_you_mean(name, known))

    def _check_labels(self, loss: CompositeScalar) -> None:
        target: Any = loss.args[0] if loss.args else None
        kind = self.labels.get(getattr(target, "name", ""))
        entry = loss.entry
        if entry.labels and self._is_target(loss.args[1]) and not self._has_target(target):
            raise DeclarationError(
                f"{entry.name} takes the target first",
                hint=f"write {entry.name}({loss.args[1]}, {shortened(target)})",
            )
        if kind is not None and entry.labels and kind not in entry.labels:
            one = shortened(OneMatrix(*target.shape)) if is_matrix(target) else "1"
            hint = entry.mend.get(kind, f"it takes {' or '.join(entry.labels)} labels")
            raise DeclarationError(
                f"{entry.name} does not fit the {kind} labels of {target}",
                hint=hint.format(one=one),
            )

    def _is_target(self, expression: Any) -> bool:
        entry = self.declared.get(getattr(expression, "name", ""))
        return entry is not None and entry.role == "target"

    def _has_target(self, expression: Any) -> bool:
        """Whether an expression depends on a target, directly or through steps."""
        targets = self._depending(target.name for target in self.targets)
        return any(symbol.name in targets for symbol in expression.free_symbols)

    def _check_dependence(self, loss: Step) -> None:
        used = self._reached(loss)
        idle = [entry.name for entry in self.weights if entry.name not in used]
        if idle:
            raise DeclarationError(
                f"the loss does not depend on weight {', '.join(map(repr, idle))}",
                hint="use it in a step that leads to the loss, or leave it out of weights",
            )
        if not self.weights:
            raise DeclarationError(
                "there is no weight to differentiate by", hint="declare what it is: weights=[...]"
            )
        unused = [name for name in self.steps if name not in used]
        for name in unused:
            message = f"network {self.name!r}: nothing uses step {name!r}"
            warnings.warn(message, UnusedStepWarning, stacklevel=4)

    def _reached(self, loss: Step) -> set[str]:
        """The names that the loss depends on, directly or through steps."""
        used: set[str] = set()
        pending = [loss]
        while pending:
            new = pending.pop().reads - used
            used |= new
            pending.extend(self.steps[name] for name in new if name in self.steps)
        return used

    def varying(self) -> set[str]:
        """The names of what depends on inputs or targets; all names where there are none."""
        data = {entry.name for entry in (*self.inputs, *self.targets)}
        return self._depending(data) if data else {*self.declared, *self.steps}

    def _depending(self, names: Iterable[str]) -> set[str]:
        """The steps that depend on one of `names`, directly or through steps."""
        found = set(names)
        for name, step in self.steps.items():
            if not found.isdisjoint(step.reads):
                found.add(name)
        return found

    def _check_outputs(self) -> None:
        for name in self._outputs or ():
            if name not in self.steps:
                known = did_you_mean(name, list(self.steps))
                raise DeclarationError(
                    f"output {name!r} is not a step",
                    hint=known if self.steps else f"declare it with net.step({name!r}, ...)",
                )
            if name in self._depending(target.name for target in self.targets):
                raise DeclarationError(
                    f"output {name!r} depends on a target",
                    hint="forward is given the inputs alone; choose an earlier step",
                )

    # -- what a declared network is ---------------------------------------------------------------

    @property
    def outputs(self) -> list[Step]:
        """The steps that `forward` returns, as declared; else those that meet the targets.

        These are read by the loss, or by a step that depends on a target; an output itself depends
        on none. Where there is no such step, the output is the last one there is; a network whose
        steps all need the targets has no output.
        """
        if self._outputs is not None:
            return [self.steps[name] for name in self._outputs]
        loss = self.require_loss()
        from_targets = self._depending(target.name for target in self.targets)
        free = [name for name in self.steps if name not in from_targets and name != loss.name]
        depending = self._depending(entry.name for entry in self.inputs)
        from_inputs = [name for name in free if name in depending] or free
        used = self._reached(loss) & from_targets & self.steps.keys()
        readers = [loss, *(self.steps[name] for name in used)]
        read = {name for reader in readers for name in reader.reads}
        chosen = [name for name in from_inputs if name in read] or from_inputs[-1:]
        return [self.steps[name] for name in chosen]

    def require_loss(self) -> Step:
        """The loss; DeclarationError where none is declared yet."""
        if self.loss_step is None:
            raise DeclarationError(
                f"network {self.name!r} has no loss", hint="declare it with net.loss(...)"
            )
        return self.loss_step

    @property
    def per_sample(self) -> bool:
        """Whether the network is declared for one sample of its data."""
        return self.samples is None and bool(self.inputs or self.targets)

    @property
    def takes_minibatches(self) -> bool:
        """Whether some samples can be cut out: nothing but the rows of the data counts them."""
        extents = [extent for entry in self.weights for extent in entry.shape]
        for entry in (*self.inputs, *self.targets):
            rows = entry.shape[:1] == (self.samples,)
            extents += entry.shape[1:] if rows else entry.shape
        return not any(self.samples in getattr(extent, "free_symbols", ()) for extent in extents)

    @property
    def is_scalar(self) -> bool:
        """Whether every declared symbol and every value inside is a scalar."""
        declared = all(entry.shape == SCALAR for entry in self.declared.values())
        return declared and not any(holds_matrix(step.node) for step in self.steps.values())

    @property
    def symbols(self) -> dict[str, Any]:
        """SymPy's symbol for every declared name and step."""
        declared = {name: entry.symbol for name, entry in self.declared.items()}
        return declared | {name: step.symbol for name, step in self.steps.items()}

    def leaf(self, symbol: Any) -> Leaf:
        """The declared symbol or step meant by a symbol or a name."""
        name = name_of(symbol)
        if name in self.declared:
            return self.declared[name].leaf
        if name in self.steps:
            return self.steps[name].leaf
        raise DeclarationError(
            f"{name!r} is not in network {self.name!r}",
            hint=did_you_mean(name, [*self.declared, *self.steps]),
        )

    def read(self, expression: Any) -> Node:
        """The canonical form of an expression over the names of this network."""
        return self._scope.read(as_expression(expression))

    def __repr__(self) -> str:
        return f"<Network {self.name!r}: {len(self.steps)} steps, {len(self.weights)} weights>"

    def _repr_html_(self) -> str:
        from symprop.printout import page_html  # printouts are made of networks, not needed here

        return page_html(self)

    def _repr_latex_(self) -> str:
        from symprop.printout import formula_latex

        return formula_latex(self)
