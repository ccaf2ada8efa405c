"""The bodies of a plain Python module: straight-line code, once a sample."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count

from symprop.emission.assembly import Assembly
from symprop.emission.layout import WIDTH, Layout
from symprop.emission.module import Body, Line, Module
from symprop.emission.names import Names
from symprop.emission.python_target import PythonSpelling, is_repeated, is_written_out
from symprop.emission.schedule import TRIVIAL, Assignment, Scheduler
from symprop.emission.spelling import varies
from symprop.errors import EmissionError
from symprop.program import Program, Statement
from symprop.program.cost import below
from symprop.program.values import Axis, Value

ACCUMULATED = ("reduce", "contract")
"""Kinds of values that are sums over the samples."""


def python_module(program: Program) -> Module:
    """The pieces of the plain Python module of a scalar network; EmissionError for matrices."""
    network = program.network
    if not network.is_scalar:
        raise EmissionError(
            f"network {network.name!r} has matrices, and plain Python has no arrays",
            hint='emit it with target="numpy"',
        )
    return _PythonModule(program).build()


class _PythonModule(Assembly):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.helpers: dict[str, str] = {}
        self.imports: set[str] = set()
        self.written: dict[tuple[int, Assignment], tuple[int, list[Line]]] = {}
        self.states = count(1)

    def build(self) -> Module:
        program = self.program
        forward = self._body(program.steps, program.outputs)
        loss = self._body((*program.steps, program.loss), [program.loss])
        statements = (*program.steps, program.loss, *program.deltas)
        gradients = self._body(statements, [program.loss, *program.gradients])
        helpers = [self.helpers[name] for name in sorted(self.helpers)]
        module = self.module(forward, loss, gradients, helpers)
        return replace(module, imports=tuple(sorted(self.imports)))

    def _body(self, statements: Sequence[Statement], results: Sequence[Statement]) -> Body:
        names, spelling = self.names.copy(), PythonSpelling(self.identifiers, self.sizes)
        gradients = {id(statement) for statement in self.program.gradients}

        def identifier(statement: Statement) -> str:
            if id(statement) in gradients:
                return names.fresh(f"grad_{self.identifiers[statement.name]}")
            return self.identifier(statement)

        values = below(result.value for result in results).values()
        always = in_need_of_names(values)
        scheduler = Scheduler(results, names, self.program.inner, always)
        assignments = scheduler.statements((*statements, *results), identifier)
        before, each, after = self._parts(assignments, spelling, names)
        self.helpers.update(spelling.helpers)
        self.imports |= spelling.imports
        pairs = []
        for result in results:
            code = spelling.within(result.value, 0)
            if result is self.program.loss:
                if code != "value":
                    after.append(Line(f"value = {code}", result.formula))
            else:
                pairs.append((result.name, code))
        head = self.unpacking((value for value in values if value.kind == "load"), ())
        return Body((*head, *before), tuple(pairs), tuple(each), tuple(after))

    def _parts(
        self, assignments: Sequence[Assignment], spelling: PythonSpelling, names: Names
    ) -> tuple[list[Line], list[Line], list[Line]]:
        """Lines before the loop over the samples, inside it, and behind it."""
        before: list[Line] = []
        each: list[Line] = []
        after: list[Line] = []
        late: dict[int, bool] = {}
        narrow = Layout(spelling, names.fresh, WIDTH - 4)
        inside = Layout(spelling, names.fresh, WIDTH - 8)  # the loop
        state = 0
        for assignment in assignments:
            name, value = assignment.name, assignment.value
            if value.kind in ACCUMULATED:
                before.append(Line(f"{name} = 0.0"))
                place, layout = each, inside
            elif varies(value):
                place, layout = each, inside
            else:
                place, layout = after if _is_late(value, late) else before, narrow
            state, lines = self._lines(state, assignment, layout)
            place.extend(lines)
            spelling.named[value.number] = name
        return before, each, after

    def _lines(self, state: int, assignment: Assignment, layout: Layout) -> tuple[int, list[Line]]:
        """The lines of an assignment, and a number for all assignments of a body so far.

        Bodies that begin with the same assignments begin with the same lines, written once.
        """
        known = self.written.get((state, assignment))
        if known is None:
            name, value = assignment.name, assignment.value
            if value.kind in ACCUMULATED:
                lines = [*layout.assign(name, summand(value), assignment.formula, "+=")]
            else:
                lines = [*layout.assign(name, value, assignment.formula)]
            known = next(self.states), lines
            if len(lines) == 1:  # else a part of it took a name, as it was free in that body
                self.written[state, assignment] = known
        return known


def in_need_of_names(values: Iterable[Value]) -> set[int]:
    """The numbers of values that get a name though they are used once.

    These are the sums over the samples, calls that are written out, and what stands in those, or
    in a power, more than once.
    """
    found: set[int] = set()
    for value in values:
        written_out = is_written_out(value)
        if written_out or value.kind in ACCUMULATED:
            found.add(value.number)
        if written_out or is_repeated(value):
            found.update(each.number for each in value.operands if each.kind not in TRIVIAL)
    return found


def summand(value: Value) -> Value:
    """What a sum over the samples adds up."""
    if value.kind == "reduce":
        return value.operands[0]
    return Value("product", value.operands, (Axis.SAMPLE,), (Fraction(1), 2), -value.number - 1)


def _is_late(value: Value, known: dict[int, bool]) -> bool:
    """Whether a value needs a sum over the samples."""
    if value.number not in known:
        known[value.number] = value.kind in ACCUMULATED or any(
            _is_late(operand, known) for operand in value.operands
        )
    return known[value.number]
