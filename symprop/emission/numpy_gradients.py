"""The body of `loss_and_gradients`: the passes, then instructions on the buffers of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from symprop.declaration import Declared
from symprop.emission.assembly import Assembly
from symprop.emission.formatting import quoted
from symprop.emission.module import Body, Buffer, Line
from symprop.emission.names import Names
from symprop.emission.numpy_routine import RoutineSpelling, RoutineWriter
from symprop.emission.schedule import Scheduler, array_of
from symprop.functions.vocabulary import Code
from symprop.program import Program, Statement
from symprop.program.buffers import assigned
from symprop.program.build import axes_of
from symprop.program.extents import Extents
from symprop.program.flattening import Flattening
from symprop.program.instructions import Register, Routine
from symprop.program.orders import orders
from symprop.program.passes import improved
from symprop.program.values import Value

Head = Callable[[Sequence[Statement], RoutineSpelling], list[Line]]


def gradient_body(assembly: Assembly, spelling: RoutineSpelling, head: Head) -> Body:
    """Statements that leave the loss in `value` and write the gradients, all in place."""
    program = improved(assembly.program)
    names = assembly.names.copy()
    routine = flattened(assembly, program, spelling, names)
    buffers = assigned(routine)
    lines = list(RoutineWriter(routine, buffers, spelling, names.fresh).lines())
    arrays = (*buffers.made, *routine.constants)
    return Body(
        (*head([program.loss, *program.gradients], spelling), *lines),
        (),
        buffers=tuple(_buffer(assembly, array) for array in arrays),
        sizes=tuple(assembly.unpacking((), _sizes_in(arrays))),
    )


def flattened(
    assembly: Assembly,
    program: Program,
    spelling: RoutineSpelling,
    names: Names,
    *,
    gradients: bool = True,
    samples_last: bool = True,
) -> Routine:
    """The instructions of the loss, and of its gradients unless they are left out.

    Without `samples_last` every array lies as it is declared.
    """
    network = program.network
    wanted = program.gradients if gradients else ()
    results = [program.loss, *wanted]
    extents = Extents({name: entry.shape for name, entry in network.declared.items()})
    lying = orders([each.value for each in results], network, extents) if samples_last else {}
    flattening = Flattening(program.values, extents, lying, names.fresh, _code(spelling))
    spelling.flattening = flattening
    scheduler = Scheduler(results, names, program.inner, wishes=program.values.wishes)
    statements = (*program.steps, program.loss, *program.deltas)
    identifier = assembly.identifier_in(program)
    for each in scheduler.statements(statements, identifier):
        flattening.assign(each.name, each.value, each.formula)
    if flattening.numbers.get(program.loss.value.number) != "value":
        flattening.assign("value", program.loss.value, program.loss.formula)
    for gradient in wanted:
        owner = f"grad_{assembly.identifiers[gradient.name]}"
        for part in scheduler.parts(gradient.value, owner):
            flattening.assign(part.name, part.value, part.formula)
        value = array_of(gradient.value)
        target = _target(network.declared[gradient.name])
        if gradient.value.axes == target.order:  # the roles of its axes do not matter to it
            target = replace(target, order=value.axes)
        flattening.gradient(target, owner, value, gradient.formula)
    return flattening.routine()


def _target(weight: Declared) -> Register:
    """The array that a gradient is written to, as the caller holds it."""
    name = f"gradients[{quoted(weight.name)}]"
    axes = axes_of(weight.leaf.shape)
    lengths = tuple(extent for extent in weight.leaf.shape if extent != 1)
    if weight.shape[:1] == (1,) and axes:  # a row
        name += "[0]"
    return Register(name, axes, lengths, gradient=True)


def _code(spelling: RoutineSpelling) -> Callable[[Value], Code]:
    return lambda value: spelling.code(value.content[0], value)


def _buffer(assembly: Assembly, array: Register) -> Buffer:
    shape = tuple(n if isinstance(n, int | str) else assembly.extent(n) for n in array.lengths)
    return Buffer(array.name, shape, array.entries)


def _sizes_in(arrays: Sequence[Register]) -> dict[str, None]:
    """The names of the sizes that the shapes of arrays are made of."""
    lengths = [length for array in arrays for length in array.lengths]
    symbolic = [length for length in lengths if not isinstance(length, int | str)]
    symbols = [s for length in symbolic for s in sorted(length.free_symbols, key=str)]
    return dict.fromkeys(symbol.name for symbol in symbols)
