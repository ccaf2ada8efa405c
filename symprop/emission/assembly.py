"""From a program to a `Module`: the pieces that the template of a target lays out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sympy import Expr

from symprop.declaration import Declared
from symprop.emission.decision import threshold
from symprop.emission.formatting import quoted
from symprop.emission.layout import WIDTH
from symprop.emission.module import Array, Body, Hyperparameter, Line, Module, Size
from symprop.emission.names import Names
from symprop.emission.spelling import extent_code
from symprop.errors import EmissionError
from symprop.expression.nodes import Extent, Shape
from symprop.expression.notes import kink_notes
from symprop.expression.shapes import shape_text
from symprop.expression.text import definition_texts, text
from symprop.network import Step
from symprop.program import Program, Statement
from symprop.program.cost import below
from symprop.program.values import Axis, Value


class Assembly:
    """What both targets share: names, arrays, sizes, notes."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.network = program.network
        self.names = Names()
        samples = self.network.samples
        if samples is not None:
            self.names.shared(str(samples), "n")
        ordered = [*self.network.declared.values()]
        self.identifiers = {entry.name: self.names.of(entry.name) for entry in ordered}
        self.sizes = {name: self.names.of(name) for name in self.network.size_symbols}
        for statement in (*program.steps, *program.deltas):
            self.names.of(statement.name)

    # -- records ----------------------------------------------------------------------------------

    def module(self, forward: Body, loss: Body, gradients: Body, helpers: Iterable[str]) -> Module:
        """The whole module, its bodies given."""
        network = self.network
        return Module(
            name=network.name,
            equations=self._equations(),
            notes=tuple(self._notes()),
            inputs=tuple(self._array(entry) for entry in network.inputs),
            targets=tuple(self._array(entry) for entry in network.targets),
            weights=tuple(self._array(entry) for entry in network.weights),
            hyperparameters=tuple(
                Hyperparameter(name, self.identifiers[name], repr(default))
                for name, default in network.hyperparameters.items()
            ),
            sizes=tuple(self._size(name) for name in self.sizes if self._is_keyword(name)),
            helpers=tuple(helpers),
            forward=forward,
            loss=loss,
            gradients=gradients,
            outputs=tuple(self._output(step) for step in network.outputs),
            minibatches=self.network.takes_minibatches,
            averaged=self.program.per_sample,
            threshold=threshold(network, network.outputs[0]) if network.outputs else 0.5,
        )

    def _equations(self) -> tuple[str, ...]:
        steps = self.network.steps.values()
        equations = (
            f"{step.name} = {text(step.node)}"
            + (f", {shape_text(step.shape)}" if step.shape else "")
            for step in steps
        )
        return (*definition_texts(step.node for step in steps), *equations)

    def _notes(self) -> Iterable[str]:
        if self.program.per_sample:
            loss = self.network.require_loss().name
            yield (
                "The equations are those of one sample; the functions below take a batch of n "
                "samples and give the mean loss. The mean is taken where the loss begins: each "
                f"delta is d{loss}/d(value) of one sample over n, and gradients add up over the "
                "batch."
            )
        yield from kink_notes(step.node for step in self.network.steps.values())

    def _is_keyword(self, size: str) -> bool:
        """Whether a size is one to be given: the number of samples only where a weight has it."""
        weights = (extent for entry in self.network.weights for extent in entry.shape)
        return self.sizes[size] != "n" or any(map(self._counts_samples, weights))

    def _counts_samples(self, extent: Extent) -> bool:
        return isinstance(extent, Expr) and self.network.samples in extent.free_symbols

    def _array(self, entry: Declared) -> Array:
        kind = self.network.labels.get(entry.name)
        shape = self._array_shape(entry.shape, data=entry.role in ("input", "target"))
        return Array(entry.name, self.identifiers[entry.name], shape, kind)

    def _output(self, step: Step) -> Array:
        varies = self.program.per_sample and self._varies(step)
        shape = self._array_shape(step.shape, data=varies)
        return Array(step.name, self.names.of(step.name), shape)

    def _varies(self, step: Step) -> bool:
        found = next(s for s in self.program.outputs if s.name == step.name)
        return Axis.SAMPLE in found.value.axes

    def _array_shape(self, shape: Shape, *, data: bool) -> tuple[int | str, ...]:
        """Declared shape to array shape: the batch first, a literal second size 1 dropped."""
        batch = ("n",) if data and self.program.per_sample else ()
        if not shape:
            return batch
        kept = shape[:1] if len(shape) == 2 and shape[1] == 1 else shape
        return (*batch, *(self.extent(extent) for extent in kept))

    def extent(self, extent: Extent) -> int | str:
        """A size as a number, or as code over the identifiers of sizes."""
        return extent if isinstance(extent, int) else extent_code(extent, self.sizes)

    # -- sizes ------------------------------------------------------------------------------------

    def _size(self, name: str) -> Size:
        default = self.network.sizes.get(name)
        return Size(name, self.sizes[name], default, self._size_source(name))

    def _size_source(self, name: str, *, forward: bool = False) -> str | None:
        """Code that reads a size off `params` or the data, if an axis shows it: D, D + 1.

        The forward pass alone is given no targets.
        """
        symbol = self.network.size_symbols[name]
        found: list[tuple[int, int, str]] = []
        roles = ("weight", "input", "target")
        targets = () if forward else self.network.targets
        for entry in (*self.network.weights, *self.network.inputs, *targets):
            batch = self.program.per_sample and entry.role != "weight"
            kept = entry.shape[:1] if len(entry.shape) == 2 and entry.shape[1] == 1 else entry.shape
            for axis, extent in enumerate(kept):
                code = solved(extent, symbol, f"{self._holder(entry)}.shape[{axis + batch}]")
                if code is not None:
                    found.append((roles.index(entry.role), len(code), code))
        return min(found)[2] if found else None

    def _holder(self, entry: Declared) -> str:
        identifier = self.identifiers[entry.name]
        return f"params[{quoted(entry.name)}]" if entry.role == "weight" else identifier

    # -- bodies -----------------------------------------------------------------------------------

    def identifier(self, statement: Statement) -> str:
        """The local name of a statement."""
        return self.identifier_in(self.program)(statement)

    def identifier_in(self, program: Program) -> Callable[[Statement], str]:
        """The local names of the statements of a program that passes made of this one."""
        return lambda s: "value" if s is program.loss else self.names.of(s.name)

    def unpacking(
        self, loads: Iterable[Value], sizes: Iterable[str], *, forward: bool = False
    ) -> list[Line]:
        """Statements that read weights and sizes into locals of their names."""
        names = {value.content[0] for value in loads}
        weights = [entry for entry in self.network.weights if entry.name in names]
        left = [self.identifiers[weight.name] for weight in weights]
        right = [*map(self.weight_code, weights)]
        line = f"{', '.join(left)} = {', '.join(right)}"
        short = len(weights) > 1 and len(line) + 4 <= WIDTH
        lines = (
            [line]
            if short
            else [f"{name} = {code}" for name, code in zip(left, right, strict=True)]
        )
        for name in sizes:
            source = self._size_source(name, forward=forward)
            if source is None:
                raise self._unseen(name, forward=forward)
            if self.sizes[name] != "n":
                lines.append(f"{self.sizes[name]} = {source}")
        return [Line(line) for line in lines]

    @staticmethod
    def _unseen(size: str, *, forward: bool) -> EmissionError:
        """The refusal of a size that the arguments of a function do not show."""
        if forward:
            return EmissionError(
                f"no weight or input of forward has an axis of the size {size} alone",
                hint=f"choose outputs=[...] that do not need {size}, or declare an input with it",
            )
        return EmissionError(
            f"no array has an axis of the size {size} alone",
            hint=f"declare a size of its own for what {size} stands in",
        )

    def weight_code(self, entry: Declared) -> str:
        """Code that reads a weight; a row or a 1 x 1 loses its axes of size 1."""
        one = len(entry.shape) == 2 and entry.shape[0] == 1
        return f"params[{quoted(entry.name)}]" + ("[0]" if one else "")


def solved(extent: Extent, symbol: Expr, length: str) -> str | None:
    """Code for a size symbol from the length of an axis of extent a*symbol + b, else None."""
    if not isinstance(extent, Expr) or extent.free_symbols != {symbol}:
        return None
    factor, offset = extent.coeff(symbol, 1), extent.coeff(symbol, 0)
    if not (factor.is_Integer and offset.is_Integer) or factor < 1:
        return None
    if extent != factor * symbol + offset:
        return None
    sign = "-" if offset > 0 else "+"
    code = length if offset == 0 else f"{length} {sign} {abs(offset)}"
    if factor == 1:
        return code
    return f"({code}) // {factor}" if offset else f"{code} // {factor}"


def loaded(values: Iterable[Value]) -> list[Value]:
    """The declared symbols among `values` and below."""
    return [value for value in below(values).values() if value.kind == "load"]
