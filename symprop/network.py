"""Declaring a network: inputs, targets, weights, steps in order, one scalar loss.

Everything is validated where it is declared; what a `Network` holds can be derived.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sympy import Basic, Expr, MatrixSymbol, Symbol

from symprop.errors import DeclarationError, ShapeError, UnsupportedError, context
from symprop.expression.algebra import shape_text
from symprop.expression.nodes import SCALAR, Extent, Leaf, Node, Shape, leaves
from symprop.expression.reading import Scope
from symprop.functions.vocabulary import CompositeScalar, as_expression, is_matrix

LABEL_KINDS = ("one-hot", "probabilities", "binary", "signed", "real")


class UnusedStepWarning(UserWarning):
    """A step that the loss does not depend on: printed, but not emitted."""


@dataclass(frozen=True)
class Declared:
    """A declared symbol: its name, SymPy's symbol, its role, its declared shape, its LaTeX."""

    name: str
    symbol: Any
    leaf: Leaf
    shape: Shape
    latex: str | None

    @property
    def role(self) -> str:
        return self.leaf.role


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
        the steps that `forward` returns (names or symbols); by default those that the loss reads.

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
            raise DeclarationError(f"a network needs a name, not {name!r}")
        self.name = name
        self.samples = samples
        self.declared: dict[str, Declared] = {}
        self.steps: dict[str, Step] = {}
        self.loss_step: Step | None = None
        self._latex = {_name(symbol): text for symbol, text in (latex or {}).items()}
        self._outputs = None if outputs is None else [_name(output) for output in outputs]
        with context(f"network {name!r}"):
            kinds = {_name(symbol): kind for symbol, kind in (labels or {}).items()}
            roles: dict[str, Iterable[Any]] = {
                "input": inputs,
                "target": targets,
                "weight": weights,
                "hyperparameter": hyperparameters or {},
            }
            for role, symbols in roles.items():
                for symbol in symbols:
                    self._declare(symbol, role, kinds)
            self.labels = kinds
            self.hyperparameters = {
                _name(symbol): _default(symbol, value)
                for symbol, value in (hyperparameters or {}).items()
            }
            self.size_symbols = self._collect_sizes()
            self.sizes = {_name(size): value for size, value in (sizes or {}).items()}
            self._validate()
        self._scope = Scope(
            {name: entry.leaf for name, entry in self.declared.items()},
            self.size_symbols,
            self._undefined,
            self._check_labels,
        )

    # -- declared symbols -------------------------------------------------------------------------

    def _declare(self, symbol: Any, role: str, kinds: Mapping[str, str]) -> None:
        if not isinstance(symbol, Symbol | MatrixSymbol):
            raise DeclarationError(
                f"{symbol!r} is not a Symbol or MatrixSymbol", hint=f"declare each {role} as one"
            )
        name = _name(symbol)
        if name in self.declared:
            raise DeclarationError(
                f"{name!r} is declared twice, as {self.declared[name].role} and as {role}"
            )
        if not is_matrix(symbol) and (symbol.is_integer or symbol.is_real is False):
            raise DeclarationError(
                f"{role} {name!r} is not a real variable", hint=f"write Symbol({name!r}, real=True)"
            )
        if is_matrix(symbol) and role == "hyperparameter":
            raise DeclarationError(f"hyperparameter {name!r} must be a scalar Symbol")
        shape = _declared_shape(symbol)
        sums = self._sums_to_one(shape) if kinds.get(name) in ("one-hot", "probabilities") else None
        leaf = Leaf(name, _canonical(shape), role, len(self.declared), sums)
        self.declared[name] = Declared(name, symbol, leaf, shape, self._latex.get(name))

    def _sums_to_one(self, shape: Shape) -> int | None:
        if not _canonical(shape):
            return None
        if self.samples is not None and shape[0] == self.samples:
            return 1
        return 0 if shape[1] == 1 else 1

    def _collect_sizes(self) -> dict[str, Extent]:
        symbols: dict[str, Extent] = {}
        for entry in self.declared.values():
            for extent in entry.shape:
                if isinstance(extent, Expr):
                    found = sorted(extent.free_symbols, key=str)
                    symbols.update((symbol.name, symbol) for symbol in found)
        for name in symbols:
            if name in self.declared:
                raise DeclarationError(f"{name!r} is both a size and a {self.declared[name].role}")
        return symbols

    def _validate(self) -> None:
        self._check_keys("labels", self.labels, self._names("target"), "target")
        self._check_keys("sizes", self.sizes, self.size_symbols, "size of a declared matrix")
        self._check_keys("latex", self._latex, self.declared, "declared symbol")
        for name, kind in self.labels.items():
            if kind not in LABEL_KINDS:
                raise DeclarationError(
                    f"labels={{{name}: {kind!r}}}: no such kind of label",
                    hint=_did_you_mean(str(kind), LABEL_KINDS),
                )
        for name, value in self.sizes.items():
            if not isinstance(value, int) or value < 1:
                raise DeclarationError(f"size {name} needs a whole number >= 1, not {value!r}")
        if self.samples is not None and _name(self.samples) not in self.size_symbols:
            raise DeclarationError(f"samples={self.samples}: no input or target has that size")

    @staticmethod
    def _check_keys(option: str, given: Iterable[str], known: Collection[str], what: str) -> None:
        for name in given:
            if name not in known:
                raise DeclarationError(
                    f"{option}={{{name}: ...}}: {name!r} is not a {what}",
                    hint=_did_you_mean(name, known),
                )

    def _names(self, role: str) -> list[str]:
        return [name for name, entry in self.declared.items() if entry.role == role]

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
        return [entry for entry in self.declared.values() if entry.role == role]

    # -- steps ------------------------------------------------------------------------------------

    def step(self, name: str, expression: Any, *, latex: str | None = None) -> Any:
        """Name a value. Returns its Symbol, or its MatrixSymbol where it is a matrix."""
        if self.loss_step is not None:
            raise DeclarationError(f"step {name!r} comes after the loss", hint="declare it before")
        step = self._read_step(name, expression, latex)
        self.steps[step.name] = step
        return step.symbol

    def loss(self, expression: Any, *, name: str = "L", latex: str | None = None) -> Any:
        """Declare the loss, a scalar that depends on every weight. Returns its Symbol."""
        if self.loss_step is not None:
            raise DeclarationError(f"the network has a loss already: {self.loss_step.name!r}")
        step = self._read_step(name, expression, latex)
        with context(f"loss {name!r}"):
            if step.shape:
                raise ShapeError(
                    f"the loss must be a scalar, but is {shape_text(step.shape)}",
                    hint="add up its entries with total(...) or take scalar(...) of a 1 x 1",
                )
            self._check_dependence(step)
            self._check_outputs(step)
        self.steps[step.name] = self.loss_step = step
        return step.symbol

    def _read_step(self, name: str, expression: Any, latex: str | None) -> Step:
        if not isinstance(name, str) or not name.strip():
            raise DeclarationError(f"a step needs a name, not {name!r}")
        with context(f"step {name!r}"):
            self._check_name(name)
            expression = as_expression(expression)
            try:
                node = self._scope.read(expression)
            except RecursionError:
                raise UnsupportedError(
                    "the expression nests too deeply", hint="split it into several steps"
                ) from None
            leaf = Leaf(name, node.shape, "step", len(self.declared) + len(self.steps))
            symbol = MatrixSymbol(name, *node.shape) if node.shape else Symbol(name, real=True)
        self._scope.names[name] = leaf
        return Step(name, symbol, expression, leaf, node, latex)

    def _check_name(self, name: str) -> None:
        taken = self._scope.names
        if name in taken:
            role = taken[name].role
            raise DeclarationError(f"the name {name!r} is taken, by a {role}")
        if name in self.size_symbols:
            raise DeclarationError(f"the name {name!r} is taken, by a size")
        for other in (f"delta_{name}", name.removeprefix("delta_")):
            if other != name and other in taken and f"delta_{other}" in (name, f"delta_{name}"):
                raise DeclarationError(
                    f"the name {max(name, other, key=len)!r} is reserved for the upstream gradient "
                    f"of {min(name, other, key=len)!r}",
                    hint="choose another name",
                )

    def _undefined(self, name: str) -> Exception:
        known = [*self._scope.names, *self.size_symbols]
        return DeclarationError(f"{name!r} is not defined", hint=_did_you_mean(name, known))

    def _check_labels(self, loss: CompositeScalar) -> None:
        target = loss.args[0] if loss.args else None
        kind = self.labels.get(getattr(target, "name", ""))
        entry = loss.entry
        if kind is not None and entry.labels and kind not in entry.labels:
            raise DeclarationError(
                f"{entry.name} does not fit the {kind} labels of {target}",
                hint=entry.mend.get(kind, f"it takes {' or '.join(entry.labels)} labels"),
            )

    def _check_dependence(self, loss: Step) -> None:
        used = self._reached(loss)
        idle = [entry.name for entry in self.weights if entry.name not in used]
        if idle:
            raise DeclarationError(
                f"the loss does not depend on weight {', '.join(map(repr, idle))}",
                hint="use it in a step that leads to the loss, or leave it out of weights",
            )
        if not self.weights:
            raise DeclarationError("there is no weight to differentiate by", hint="weights=[...]")
        unused = [name for name in self.steps if name not in used]
        for name in unused:
            message = f"network {self.name!r}: nothing uses step {name!r}"
            warnings.warn(message, UnusedStepWarning, stacklevel=4)

    def _reached(self, loss: Step) -> set[str]:
        """The names that the loss depends on, directly or through steps."""
        used: set[str] = set()
        pending = [loss.node]
        while pending:
            for leaf in leaves(pending.pop()):
                if leaf.name not in used:
                    used.add(leaf.name)
                    if leaf.name in self.steps:
                        pending.append(self.steps[leaf.name].node)
        return used

    def _depending(self, names: Iterable[str]) -> set[str]:
        """The steps that depend on one of `names`, directly or through steps."""
        found = set(names)
        for name, step in self.steps.items():
            if any(leaf.name in found for leaf in leaves(step.node)):
                found.add(name)
        return found

    def _check_outputs(self, loss: Step) -> None:
        for name in self._outputs or ():
            if name not in self.steps:
                raise DeclarationError(
                    f"output {name!r} is not a step", hint=_did_you_mean(name, list(self.steps))
                )
            if name in self._depending(self._names("target")):
                raise DeclarationError(
                    f"output {name!r} depends on a target",
                    hint="forward is given the inputs alone; choose an earlier step",
                )

    # -- what a declared network is ---------------------------------------------------------------

    @property
    def outputs(self) -> list[Step]:
        """The steps that `forward` returns, as declared; else those that the loss reads.

        An output depends on no target. Where the loss reads no such step, it is the last one there
        is; a network whose steps all need the targets has no output.
        """
        if self._outputs is not None:
            return [self.steps[name] for name in self._outputs]
        loss = self.require_loss()
        from_targets = self._depending(self._names("target"))
        free = [name for name in self.steps if name not in from_targets and name != loss.name]
        depending = self._depending(self._names("input"))
        from_inputs = [name for name in free if name in depending] or free
        read = {leaf.name for leaf in leaves(loss.node)}
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
    def is_scalar(self) -> bool:
        """Whether every declared symbol and every value inside is a scalar."""
        from symprop.expression.nodes import walk

        declared = all(entry.shape == SCALAR for entry in self.declared.values())
        return declared and all(
            not node.shape for step in self.steps.values() for node in walk(step.node)
        )

    @property
    def symbols(self) -> dict[str, Any]:
        """SymPy's symbol for every declared name and step."""
        declared = {name: entry.symbol for name, entry in self.declared.items()}
        return declared | {name: step.symbol for name, step in self.steps.items()}

    def leaf(self, symbol: Any) -> Leaf:
        """The declared symbol or step meant by a symbol or a name."""
        name = _name(symbol)
        if name in self.declared:
            return self.declared[name].leaf
        if name in self.steps:
            return self.steps[name].leaf
        raise DeclarationError(
            f"{name!r} is not in network {self.name!r}",
            hint=_did_you_mean(name, [*self.declared, *self.steps]),
        )

    def read(self, expression: Any) -> Node:
        """The canonical form of an expression over the names of this network."""
        return self._scope.read(as_expression(expression))

    def __repr__(self) -> str:
        return f"<Network {self.name!r}: {len(self.steps)} steps, {len(self.weights)} weights>"


def _name(symbol: Any) -> str:
    return str(symbol.name if isinstance(symbol, Basic) and hasattr(symbol, "name") else symbol)


def _declared_shape(symbol: Any) -> Shape:
    if not is_matrix(symbol):
        return SCALAR
    return tuple(int(extent) if extent.is_Integer else extent for extent in symbol.shape)


def _canonical(shape: Shape) -> Shape:
    return SCALAR if not shape or (shape[0] == 1 and shape[1] == 1) else shape


def _default(symbol: Any, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise DeclarationError(
            f"hyperparameter {_name(symbol)!r} needs a number as its default, not {value!r}"
        ) from None


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return "known are " + ", ".join(names) if names else "none is declared"
