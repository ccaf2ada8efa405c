"""The bodies of a NumPy module: forward, loss, loss and gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sympy import Expr

from symprop.declaration import Declared
from symprop.emission.assembly import Assembly, loaded
from symprop.emission.facts import tuple_code
from symprop.emission.formatting import quoted
from symprop.emission.layout import WIDTH, Layout
from symprop.emission.module import Body, Line, Module
from symprop.emission.names import Names
from symprop.emission.numpy_gradients import gradient_body
from symprop.emission.numpy_routine import RoutineSpelling
from symprop.emission.numpy_target import NumPySpelling
from symprop.emission.schedule import Assignment, Scheduler
from symprop.emission.spelling import ATOM, SUM
from symprop.program import Program, Statement
from symprop.program.build import axes_of
from symprop.program.values import Axis, Value

S = TypeVar("S", bound=NumPySpelling)


def numpy_module(program: Program) -> Module:
    """The pieces of the NumPy module of a program."""
    return NumPyAssembly(program).build()


class NumPyAssembly(Assembly):
    """The bodies of a NumPy module and how they are spelled."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.helpers: dict[str, str] = {}

    def build(self) -> Module:
        forward = self._forward()
        loss, gradients = self._loss(), self._gradients()
        helpers = [self.helpers[name] for name in sorted(self.helpers)]
        return self.module(forward, loss, gradients, helpers)

    def spelling(self, kind: type[S]) -> S:
        """A new spelling of some kind, for the locals of one function."""
        weight, inputs = self.network.weights[0], self.network.inputs[:1]
        like = [f"params[{quoted(weight.name)}]", *(self.identifiers[x.name] for x in inputs)]
        return kind(self.identifiers, self.sizes, {*self.network.hyperparameters}, like)

    def _loss(self) -> Body:
        """Statements that leave the loss in `value`, as a reader would write them."""
        loss = self.program.loss
        names, spelling = self.names.copy(), self.spelling(NumPySpelling)
        scheduler = Scheduler([loss], names, self.program.inner)
        schedule = scheduler.statements((*self.program.steps, loss), self.identifier)
        lines = self._lines(schedule, spelling, names)
        named = spelling.named.get(loss.value.number)
        if named != "value":
            lines.append(Line(f"value = {named or spelling.expression(loss.value)}", loss.formula))
        self.helpers.update(spelling.helpers)
        return Body((*self._head([loss], spelling), *lines), ())

    def _gradients(self) -> Body:
        """Statements that leave the loss in `value` and write the gradients, all in place."""
        spelling = self.spelling(RoutineSpelling)
        body = gradient_body(self, spelling, self._head)
        self.helpers.update(spelling.helpers)
        return body

    def _forward(self) -> Body:
        outputs = self.program.outputs
        names, spelling = self.names.copy(), self.spelling(NumPySpelling)
        scheduler = Scheduler(outputs, names, self.program.inner)
        schedule = scheduler.statements((*self.program.steps, *outputs), self.identifier)
        lines = self._lines(schedule, spelling, names)
        results = tuple((output.name, self._output_code(output, spelling)) for output in outputs)
        self.helpers.update(spelling.helpers)
        return Body((*self._head(outputs, spelling, forward=True), *lines), results)

    def _lines(
        self, schedule: Sequence[Assignment], spelling: NumPySpelling, names: Names
    ) -> list[Line]:
        layout = Layout(spelling, names.fresh, WIDTH - 4)
        lines: list[Line] = []
        for assignment in schedule:
            lines.extend(layout.assign(assignment.name, assignment.value, assignment.formula))
            spelling.named[assignment.value.number] = assignment.name
        return lines

    def _head(
        self, results: Sequence[Statement], spelling: NumPySpelling, *, forward: bool = False
    ) -> list[Line]:
        loads = loaded(result.value for result in results)
        used = {value.content[0] for value in loads}
        data = [entry for entry in (*self.network.inputs, *self.network.targets)
                if entry.name in used]  # fmt: skip
        rows = [Line(code) for entry in data if (code := self._without_row(entry))]
        return [*self.unpacking(loads, spelling.used_sizes, forward=forward), *rows]

    def _without_row(self, entry: Declared) -> str:
        """A statement that drops the axis of size 1 of a row, or "" for any other array."""
        if len(entry.shape) != 2 or entry.shape[0] != 1:
            return ""
        name = self.identifiers[entry.name]
        return f"{name} = {name}[{':, ' if self.program.per_sample else ''}0]"

    def _output_code(self, output: Statement, spelling: NumPySpelling) -> str:
        """An output in its declared shape, the batch first."""
        value, step = output.value, self.network.steps[output.name]
        sample = (Axis.SAMPLE,) if Axis.SAMPLE in value.axes else ()
        wanted = (*sample, *axes_of(step.leaf.shape))
        row = len(step.shape) == 2 and step.shape[0] == 1
        if value.axes == wanted and not row:
            return spelling.within(value, SUM)
        full = (*sample, Axis.ROW, Axis.COLUMN) if row else wanted
        parent = Value("sum", (), full)
        code = spelling.within(value, SUM, parent)
        if row and value.axes == wanted:
            return f"{spelling.within(value, ATOM)}[{':, ' if sample else ''}None]"
        for extent in step.shape:
            if isinstance(extent, Expr):
                spelling.used_sizes.update(dict.fromkeys(s.name for s in extent.free_symbols))
        shape = self._array_shape(step.shape, data=bool(sample))
        return f"np.broadcast_to({code}, {tuple_code(shape)})"
