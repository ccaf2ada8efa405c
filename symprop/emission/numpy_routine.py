"""Instructions in NumPy: every array is written to a buffer that is there already.

np.dot(x, W1.T, out=a1)
a1 += b1
h1 = np.maximum(a1, zeros, out=a1)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from symprop.emission.formatting import bracketed
from symprop.emission.layout import WIDTH, Layout, says_the_same
from symprop.emission.module import Line
from symprop.emission.numpy_target import NumPySpelling
from symprop.emission.spelling import ATOM, COMPARISON, SUM, Spelled
from symprop.program.buffers import Buffers
from symprop.program.contractions import SAMPLE
from symprop.program.flattening import Flattening
from symprop.program.instructions import Group, Instruction, Itself, Number, Register, Routine
from symprop.program.values import Axes, Labels, Value

INDENT = 4
SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}
"""How an operation is written that goes on in place."""


class RoutineSpelling(NumPySpelling):
    """Spells what instructions read; sums to a number are products of vectors in BLAS."""

    flattening: Flattening

    def held(self, value: Value, register: Register) -> None:
        """Let a value be written by the name of its register."""
        name = register.name
        self.named[value.number] = f"{name}.T" if register.turned else name

    def array(self, value: Value, order: Axes) -> str:
        """An operand of an array whose axes lie in this order."""
        if value.kind == "batch":  # a number among arrays is quicker as an array
            return self.flattening.constant("count", ()).name
        standard = tuple(sorted(order))
        if order == standard or not value.axes:
            return self.within(value, COMPARISON, Value("sum", (), standard))
        code = self.within(value, ATOM)
        if value.axes == standard:
            return self.transposed(code, [1, 0])
        return f"{code}[:, None]" if value.axes == order[:1] else code

    def _contract(self, value: Value) -> Spelled:
        left, right = value.operands
        if value.axes or len(left.axes) != 1 or len(right.axes) != 1:
            return super()._contract(value)
        return f"{self.within(left, ATOM)}.dot({self.within(right, SUM)})", ATOM

    def _reduce(self, value: Value) -> Spelled:
        if value.axes:
            return super()._reduce(value)
        pair = self.flattening.dotted(value)
        if pair is not None:
            first, second = (self.within(each, ATOM).removesuffix(".T") for each in pair)
            flat = len(pair[0].axes) == 1
            return f"{first}.dot({second})" if flat else f"np.vdot({first}, {second})", ATOM
        code = self.within(value.operands[0], SUM).removesuffix(".T")
        ones = self.flattening.ones_of(value)
        if ones is not None:
            return f"{ones.name}.dot({code})", ATOM
        return f"np.add.reduce({code}, axis=None)", ATOM


class RoutineWriter:
    """Writes the groups of a routine as lines."""

    def __init__(
        self,
        routine: Routine,
        buffers: Buffers,
        spelling: RoutineSpelling,
        fresh: Callable[[str], str],
    ) -> None:
        self._routine = routine
        self._buffers = buffers
        self._spelling = spelling
        self._layout = Layout(spelling, fresh, WIDTH - INDENT)

    def lines(self) -> Iterator[Line]:
        """One record a statement of the derivation, its formula beside or above it."""
        for group in self._routine.groups:
            yield from self._group(group)

    def _group(self, group: Group) -> Iterator[Line]:
        written = [line for each in group.instructions for line in self._written(each)]
        if not written:
            return
        formula = group.formula
        if len(written) == 1:
            (line,) = written
            beside = formula.removeprefix(f"{group.name} = ")
            yield Line(line.code, "" if says_the_same(line.code, group.name, beside) else beside)
            return
        yield Line("\n".join(line.code for line in written), formula)

    def _written(self, each: Instruction | Number) -> list[Line]:
        if isinstance(each, Number):
            found = list(self._layout.assign(each.name, each.value, ""))
            self._spelling.named[each.value.number] = each.name
            return found
        lines = self._instruction(each)
        if each.completes is not None:
            self._spelling.held(each.completes, each.target)
        return lines

    def _instruction(self, each: Instruction) -> list[Line]:
        target = each.target
        if each.operation == "copy":
            return self._copy(each)
        if each.operation == "expression":
            (value,) = each.values
            return list(self._layout.assign(target.name, value, ""))
        if each.updates:
            return self._update(each)
        return [Line(self._call(each))]

    def _copy(self, each: Instruction) -> list[Line]:
        """An array that NumPy makes, written to where it is wanted."""
        (value,) = each.values
        target = each.target
        buffer = target if target.gradient else self._buffers.of[target]
        named = [] if buffer.name == target.name else [Line(f"{target.name} = {buffer.name}")]
        into = self._spelling.transposed(target.name, [1, 0]) if target.turned else target.name
        return [*named, *self._layout.assign(f"{into}[...]", value, "")]

    def _update(self, each: Instruction) -> list[Line]:
        (operand,) = each.values
        operator = f"{SIGNS[each.operation]}="
        if not operand.axes and operand.kind != "batch":
            return list(self._layout.assign(each.target.name, operand, "", operator))
        code = self._spelling.array(operand, each.target.order)
        return [Line(f"{each.target.name} {operator} {code}")]

    def _call(self, each: Instruction) -> str:
        """`name = np.function(arguments, out=buffer)`; the name is left out where it is there."""
        target = each.target
        buffer = target.name if target.gradient else self._buffers.of[target].name
        function, arguments = CALLS.get(each.operation, _arithmetic)(self, each)
        head = "" if target.name == buffer else f"{target.name} = "
        if function == "dot":  # the method is called more quickly
            function = "np.dot"
            if "(" not in arguments[0]:
                owner, *arguments = arguments
                function = f"{owner}.dot"
        items = [*arguments, f"out={buffer}", *self._scratch(each)]
        code = bracketed(f"{head}{function}(", items, ")", INDENT)
        return "\n".join(line.removeprefix(" " * INDENT) for line in code.split("\n"))

    def _scratch(self, each: Instruction) -> list[str]:
        """The arrays that a function uses on its way, by the names of its arguments."""
        if not each.scratch:
            return []
        entry, value = each.content
        names = self._spelling.code(entry, value).scratch
        buffers = [self._buffers.of[register].name for register in each.scratch]
        return [f"{name}={buffer}" for name, buffer in zip(names, buffers, strict=True)]

    def operands(self, each: Instruction) -> list[str]:
        """The operands of an instruction entry by entry."""
        return [
            each.target.name
            if isinstance(operand, Itself)
            else self._spelling.array(operand, each.target.order)
            for operand in each.operands
        ]

    # -- calls ------------------------------------------------------------------------------------

    def apply(self, each: Instruction) -> tuple[str, list[str]]:
        """A function of the vocabulary, with arrays for what it computes on the way."""
        entry, value = each.content
        code = self._spelling.code(entry, value)
        self._spelling.call(entry.name, code, "")
        function, _, inside = code.call.removesuffix(")").partition("(")
        before, _, after = inside.partition("{}")
        arguments = self.operands(each)
        if each.constants:
            after = f", {each.constants[0].name}"
        first = [part for part in before.split(", ") if part]
        last = [part for part in after.split(", ") if part]
        return function, [*first, *arguments, *last]

    def step(self, each: Instruction) -> tuple[str, list[str]]:
        return "np.greater", [*self.operands(each), each.constants[0].name]

    def contract(self, each: Instruction) -> tuple[str, list[str]]:
        left, right = each.values
        la, lb, result = each.content
        factors = self._spelling.matrix_factors(left, la, right, lb, result)
        factors = factors or self._flat_factors(left, la, right, lb, result)
        if factors is None:
            return "np.einsum", self._spelling.einsum(left, la, right, lb, result)
        flat = (len(left.axes) < 3 and len(right.axes) < 3) or len(set(la) & set(lb)) == 2
        return "dot" if flat and SAMPLE not in result[:-2] else "np.matmul", list(factors)

    def _flat_factors(
        self, a: Value, la: Labels, b: Value, lb: Labels, result: Labels
    ) -> tuple[str, str] | None:
        """Two arrays of which the first two axes are summed over, as tall matrices."""
        summed = la[:2]
        if lb[:2] != summed or set(result) & set(summed) or la[2:] + lb[2:] != result:
            return None
        left, right = (
            f"{self._spelling.within(value, ATOM)}.reshape(-1, {self._width(value)})"
            if len(labels) == 3
            else f"{self._spelling.within(value, ATOM)}.reshape(-1)"
            for value, labels in ((a, la), (b, lb))
        )
        return (f"{left}.T" if len(la) == 3 else left), right

    def _width(self, value: Value) -> str:
        return f"{self._spelling.within(value, ATOM)}.shape[2]"

    def sum(self, each: Instruction) -> tuple[str, list[str]]:
        (operand,) = each.values
        code, order = self._lying(operand)
        places = [order.index(axis) for axis in each.content]
        if each.constants:
            ones = each.constants[0].name
            return "dot", [ones, code] if places == [0] else [code, ones]
        axis = str(places[0]) if len(places) == 1 else f"({', '.join(map(str, places))})"
        return "np.add.reduce", [code, f"axis={axis}"]

    def extreme(self, each: Instruction) -> tuple[str, list[str]]:
        (operand,) = each.values
        code, order = self._lying(operand)
        function = {"largest": "maximum", "smallest": "minimum"}[each.operation]
        return f"np.{function}.reduce", [code, f"axis={order.index(each.content[0])}"]

    def stack(self, each: Instruction) -> tuple[str, list[str]]:
        place, concatenates = each.content
        blocks = ", ".join(self._spelling.within(block, SUM) for block in each.values)
        function = "concatenate" if concatenates else "stack"
        return f"np.{function}", [f"[{blocks}]", *([f"axis={place}"] if place else [])]

    def _lying(self, value: Value) -> tuple[str, Axes]:
        """An array as it lies in memory, and the order of its axes."""
        register = self._routine.registers.get(value.number)
        if register is not None and register.turned:
            return register.name, register.order
        return self._spelling.within(value, SUM), value.axes


def _arithmetic(writer: RoutineWriter, each: Instruction) -> tuple[str, list[str]]:
    return f"np.{each.operation}", writer.operands(each)


CALLS: Mapping[str, Callable[[RoutineWriter, Instruction], tuple[str, list[str]]]] = {
    "apply": RoutineWriter.apply,
    "step": RoutineWriter.step,
    "contract": RoutineWriter.contract,
    "sum": RoutineWriter.sum,
    "largest": RoutineWriter.extreme,
    "smallest": RoutineWriter.extreme,
    "stack": RoutineWriter.stack,
}
"""How the operations are called that are no arithmetic entry by entry."""
