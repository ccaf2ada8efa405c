"""NumPy for matrices as a whole: their functions, slices, blocks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from symprop.emission.spelling import (
    ATOM,
    COMPARISON,
    SUM,
    Blocks,
    Spelled,
    Spelling,
    extent_code,
)
from symprop.expression.nodes import Extent, Span
from symprop.program.values import Axis, Value

PLACED = '''
def placed(shape, *parts):
    """An array of zeros, to which each value is added at its index."""
    array = np.zeros(shape, dtype=np.result_type(*(value for value, _ in parts)))
    for value, index in parts:
        array[index] += value
    return array
'''


class MatrixSpelling(Spelling):
    """Spells what is done to whole matrices, the last two axes of an array."""

    like: Sequence[str]

    @abstractmethod
    def is_host(self, value: Value) -> bool:
        """Whether a value is a Python number."""

    def dtype(self) -> str:
        """Code for the type that new arrays are to have."""
        return f"dtype=np.result_type({', '.join(self.like)})"

    def _matrix(self, value: Value) -> Spelled:
        (entry,) = value.content
        argument = self.within(value.operands[0], COMPARISON)
        return self.call(entry.name, entry.numpy, argument)

    def _full(self, value: Value) -> Spelled:
        (operand,) = value.operands
        missing = [e for axis, e in zip(value.axes, value.content, strict=True)
                   if axis not in operand.axes]  # fmt: skip
        if set(missing) == {1} and operand.axes:
            marks = [":" if axis in operand.axes else "None" for axis in value.axes]
            return f"{self.within(operand, ATOM)}[{', '.join(marks)}]", ATOM
        shape = self._shape(value.content)
        if self.is_host(operand):
            return f"np.full({shape}, {self.within(operand, SUM)}, {self.dtype()})", ATOM
        return f"np.broadcast_to({self.within(operand, SUM, value)}, {shape})", ATOM

    def _slice(self, value: Value) -> Spelled:
        (operand,) = value.operands
        return f"{self.within(operand, ATOM)}[{self._index(value.content)}]", ATOM

    def widened(self, value: Value, marks: Sequence[str]) -> str:
        """A slice with axes of size 1 added, where a mark is None: `x[:, 2, None]`."""
        (operand,) = value.operands
        left = list(marks)
        index: list[str] = []
        for at in value.content:
            if at is None or isinstance(at, Span):
                while left and left[0] == "None":
                    index.append(left.pop(0))
                left[:1] = []
            index.append(self._mark(at))
        index += left
        while index[-1] == ":":
            index.pop()
        return f"{self.within(operand, ATOM)}[{', '.join(index)}]"

    def _place(self, value: Value) -> Spelled:
        self.helpers["placed"] = PLACED
        return f"placed({', '.join(self.arguments(value) or ())})", ATOM

    def arguments(self, value: Value) -> list[str] | None:
        """The shape, and pairs of a value and its index, of `placed`."""
        if value.kind != "place":
            return None
        indices, extents = value.content
        parts = [self._shape(["n" if extent is None else extent for extent in extents])]
        for operand, index in zip(value.operands, indices, strict=True):
            axes = zip(value.axes, index, strict=True)
            spanned = tuple(axis for axis, at in axes if at is None or isinstance(at, Span))
            code = self.within(operand, COMPARISON, Value("sum", (), spanned))
            places = self._index(index)
            where = f"np.s_[{places}]" if ":" in places or "," in places else places
            parts.append(f"({code}, {where})")
        return parts

    def _stack(self, value: Value) -> Spelled:
        blocks = self.blocks(value)
        assert blocks is not None
        arguments = ", ".join([f"[{', '.join(blocks.items)}]", *blocks.further])
        return f"{blocks.function}({arguments})", ATOM

    def blocks(self, value: Value) -> Blocks | None:
        if value.kind != "stack":
            return None
        place, concatenates = value.content
        nested = self._nested(value)
        if nested is not None:
            return Blocks("np.array", nested, [self.dtype()] if self._has_host(value) else [])
        items = [self.within(operand, COMPARISON) for operand in value.operands]
        function = "concatenate" if concatenates else "stack"
        return Blocks(f"np.{function}", items, [f"axis={place}"] if place else [])

    def _nested(self, value: Value) -> list[str] | None:
        """A stack of numbers, or of rows of numbers, as nested lists; None of anything else."""
        place, concatenates = value.content
        if concatenates or Axis.SAMPLE in value.axes or place:
            return None
        parts: list[str] = []
        for operand in value.operands:
            if not operand.axes:
                parts.append(self.within(operand, COMPARISON))
                continue
            row = None
            if operand.kind == "stack" and operand.number not in self.named:
                row = self._nested(operand)
            if row is None:
                return None
            parts.append(f"[{', '.join(row)}]")
        return parts

    def _has_host(self, value: Value) -> bool:
        return any(
            self._has_host(operand) if operand.kind == "stack" else self.is_host(operand)
            for operand in value.operands
        )

    def _index(self, index: Sequence[Span | Extent | None]) -> str:
        marks = [self._mark(at) for at in index]
        while marks[-1] == ":" and len(marks) > 1:
            marks.pop()
        return ", ".join(marks)

    def _mark(self, at: Span | Extent | None) -> str:
        if at is None:
            return ":"
        if not isinstance(at, Span):
            return self._extent(at)
        start, stop = "" if at.start == 0 else self._extent(at.start), self._extent(at.stop)
        before = after = ""
        if not (start + stop).replace("_", "").isalnum():  # as ruff spaces an expression
            before, after = " " * bool(start), " "
        step = "" if at.step == 1 else f"{after}:{after}{at.step}"
        return f"{start}{before}:{after}{stop}{step}"

    def _shape(self, extents: Sequence[Any]) -> str:
        codes = ["n" if extent == "n" else self._extent(extent) for extent in extents]
        return f"({', '.join(codes)}{',' if len(codes) == 1 else ''})"

    def _extent(self, extent: Extent) -> str:
        if not isinstance(extent, int):
            for symbol in sorted(extent.free_symbols, key=str):
                self.used_sizes[symbol.name] = None
        return extent_code(extent, self.sizes)
