"""NumPy: how each kind of value is spelled on arrays.

A contraction is a matrix product wherever the labels allow it (`x @ W.T`, `delta.T @ x`), and
`einsum` only where nothing better fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symprop.emission.matrix_spelling import MatrixSpelling
from symprop.emission.schedule import array_of
from symprop.emission.spelling import ATOM, COMPARISON, PRODUCT, SUM, UNARY, Spelled
from symprop.functions.piecewise import unit_step
from symprop.functions.vocabulary import Code
from symprop.program.contractions import SAMPLE
from symprop.program.values import Axes, Axis, Labels, Value, union

HOST = {"number", "constant", "size", "batch"}
"""Kinds of values that are Python numbers, not arrays: NumPy must not widen float32 by them."""
KEEPING = {"reduce", "sum", "product", "power", "apply"}
"""Kinds of values that may have axes of size 1 where a sum inside them keeps these."""
LABELS = {Axis.SAMPLE: SAMPLE, Axis.ROW: 1, Axis.COLUMN: 2}
"""The axes as labels of a contraction."""


class NumPySpelling(MatrixSpelling):
    """Spells values as NumPy; `hyperparameters` are Python numbers.

    `like` is code for arrays whose type new ones are to have.
    """

    def __init__(
        self,
        loads: Mapping[str, str],
        sizes: Mapping[str, str],
        hyperparameters: set[str],
        like: Sequence[str],
    ) -> None:
        super().__init__(loads, sizes)
        self.like = like
        self._hyperparameters = hyperparameters
        self._host: dict[int, bool] = {}

    def is_host(self, value: Value) -> bool:
        """Whether a value is a Python number."""
        if value.number not in self._host:
            self._host[value.number] = self._is_host(value)
        return self._host[value.number]

    def _is_host(self, value: Value) -> bool:
        if value.kind == "load":
            return value.content[0] in self._hyperparameters
        if not value.operands:
            return value.kind in HOST
        return not value.axes and all(map(self.is_host, value.operands))

    def aligned(self, code: str, precedence: int, value: Value, parent: Value) -> Spelled:
        if not value.axes or value.axes == parent.axes:
            return code, precedence
        if self._keeps(value, parent.axes):
            return self.spelled(replace(value, axes=parent.axes))
        after = parent.axes[parent.axes.index(value.axes[0]) :]
        marks = [":" if axis in value.axes else "None" for axis in after]
        while marks and marks[-1] == ":":
            marks.pop()
        if not marks:
            return code, precedence
        array = array_of(value)
        if array.kind == "slice" and not {value.number, array.number} & self.named.keys():
            return self.widened(array, marks), ATOM
        core = code if precedence == ATOM else f"({code})"
        return f"{core}[{', '.join(marks)}]", ATOM

    def _keeps(self, value: Value, axes: Axes) -> bool:
        """Whether a value is a sum over axes that may keep them, or made of one and of numbers."""
        if value.number in self.named or value.kind not in KEEPING:
            return False
        if value.kind == "reduce":
            return value.operands[0].axes == axes and self._summed_product(value) is None
        wide = [operand for operand in value.operands if operand.axes]
        return len(wide) == 1 and self._keeps(wide[0], axes)

    def code(self, entry: Any, value: Value) -> Code:
        code: Code = entry.numpy
        if not self.is_host(value):
            return code
        if entry.python.helper or entry.python.repeats:
            return replace(code, call=f"float({code.call})")
        call = entry.python.call
        return Code(f"float({call})" if call.endswith(" > 0") else call)

    def factors(self, value: Value) -> list[str]:
        """The factors of a product; a step function after a real factor is a comparison."""
        spelled: list[str] = []
        real = False
        for operand in value.operands[: value.content[1]]:
            steps = operand.kind == "apply" and operand.content[0] is unit_step
            if steps and real and operand.number not in self.named:
                comparison = f"({self.within(operand.operands[0], SUM)} > 0)"
                spelled.append(self.aligned(comparison, ATOM, operand, value)[0])
            else:
                spelled.append(self.within(operand, UNARY, value))
            real = real or not (steps or self.is_host(operand))
        return spelled

    def root(self, base: Value, value: Value) -> str:
        module = "math" if self.is_host(base) else "np"
        return f"{module}.sqrt({self.within(base, SUM, value)})"

    def _identity(self, value: Value) -> Spelled:
        size = self.within(value.operands[0], SUM)
        return f"np.eye({size}, {self.dtype()})", ATOM

    def _along(self, value: Value) -> Spelled:
        entry, place = value.content
        argument = self.within(value.operands[0], COMPARISON)
        return self.call(entry.name, entry.numpy, argument, axis=place)

    def _reduce(self, value: Value) -> Spelled:
        product = self._summed_product(value)
        if product is not None:
            return product, PRODUCT
        (operand,) = value.operands
        code = self.within(operand, SUM)
        places = [operand.axes.index(axis) for axis in value.content]
        kept = ", keepdims=True" if value.axes == operand.axes else ""
        if len(places) == len(operand.axes):
            return f"np.sum({code}{kept})", ATOM
        axis = str(places[0]) if len(places) == 1 else f"({', '.join(map(str, places))})"
        return f"np.sum({code}, axis={axis}{kept})", ATOM

    def _summed_product(self, value: Value) -> str | None:
        """A sum over the one axis that a product and a vector, its other factor, share."""
        (operand,) = value.operands
        if operand.kind != "product" or operand.number in self.named or len(value.content) > 1:
            return None
        coefficient, count = operand.content
        places = list(enumerate(operand.operands))
        vector = [place for place, v in places if v.axes == value.content]
        others = [place for place, v in places if v.axes != value.content]
        if coefficient != 1 or not others or not any(place < count for place in vector):
            return None
        if not any(place < count for place in others):
            return None
        a, b = (_factor(operand, chosen) for chosen in (vector, others))
        la, lb = (tuple(LABELS[axis] for axis in factor.axes) for factor in (a, b))
        kept = tuple(label for label in lb if label not in la)
        return self._matrix_product(a, la, b, lb, kept)

    def _relabel(self, value: Value) -> Spelled:
        (operand,) = value.operands
        order = sorted(range(len(value.content)), key=lambda i: value.content[i])
        if order == list(range(len(order))):
            if operand.number in self.named:
                return self.named[operand.number], ATOM
            return self.spelled(operand)
        return self.transposed(self.within(operand, ATOM), order), ATOM

    @staticmethod
    def transposed(code: str, order: list[int]) -> str:
        if order == list(reversed(range(len(order)))):
            return code.removesuffix(".T") if code.endswith(".T") else f"{code}.T"
        swapped = [i for i, place in enumerate(order) if i != place]
        if len(swapped) == 2:
            return f"{code}.swapaxes({swapped[0]}, {swapped[1]})"
        return f"{code}.transpose({', '.join(map(str, order))})"

    def _contract(self, value: Value) -> Spelled:
        left, right = value.operands
        la, lb, result = value.content
        product = self._matrix_product(left, la, right, lb, result)
        if product is None:
            return f"np.einsum({', '.join(self.einsum(left, la, right, lb, result))})", ATOM
        return product, PRODUCT

    def _matrix_product(
        self, a: Value, la: Labels, b: Value, lb: Labels, result: Labels
    ) -> str | None:
        """`a @ b`, `b @ a`, or None where the labels do not make a matrix product."""
        factors = self.matrix_factors(a, la, b, lb, result)
        return " @ ".join(factors) if factors else None

    def matrix_factors(
        self, a: Value, la: Labels, b: Value, lb: Labels, result: Labels
    ) -> tuple[str, str] | None:
        """The two arrays whose matrix product is a contraction, or None where none is."""
        summed = (set(la) & set(lb)) - set(result)
        if len(summed) != 1:
            return None
        (label,) = summed
        found: list[tuple[int, tuple[str, str]]] = []
        for (x, lx), (y, ly) in (((a, la), (b, lb)), ((b, lb), (a, la))):
            lead = self._leading(lx, ly, label, result)
            rest_x = tuple(k for k in lx if k != label and k not in lead)
            rest_y = tuple(k for k in ly if k != label and k not in lead)
            if lead + rest_x + rest_y != result or len(rest_x) > 1 or len(rest_y) > 1:
                continue
            if (lead and not (rest_x or lx == (label,))) or (
                lead and not (rest_y or ly == (label,))
            ):
                continue
            left = (*(k for k in lead if k in lx), *rest_x, label)
            right = (*(k for k in lead if k in ly), label, *rest_y)
            turned = (SAMPLE in lx and lx != left) + (SAMPLE in ly and ly != right)
            found.append((turned, (self._oriented(x, lx, left), self._oriented(y, ly, right))))
        return min(found, key=lambda form: form[0])[1] if found else None

    @staticmethod
    def _leading(lx: Labels, ly: Labels, label: int, result: Labels) -> Labels:
        """The sample axis, where `@` has to run over it: in both, or in a three-dimensional one."""
        stacked = SAMPLE in result and (
            (SAMPLE in lx and SAMPLE in ly) or len(lx) == 3 or len(ly) == 3
        )
        return (SAMPLE,) if stacked and label != SAMPLE else ()

    def _oriented(self, value: Value, labels: Labels, wanted: Labels) -> str:
        if labels == wanted:
            return self.within(value, UNARY + 1)
        order = [labels.index(label) for label in wanted]
        return self.transposed(self.within(value, ATOM), order)

    def einsum(self, a: Value, la: Labels, b: Value, lb: Labels, result: Labels) -> list[str]:
        """The arguments of `einsum` for a contraction that is no matrix product."""
        order = sorted({*la, *lb})
        letters = {label: "s" if label == SAMPLE else "ijklm"[i - (SAMPLE in order)]
                   for i, label in enumerate(order)}  # fmt: skip
        terms = ["".join(letters[k] for k in labels) for labels in (la, lb, result)]
        several = len((set(la) & set(lb)) - set(result)) > 1
        optimize = ["optimize=True"] if several else []
        subscripts = f'"{terms[0]},{terms[1]}->{terms[2]}"'
        return [subscripts, self.within(a, SUM), self.within(b, SUM), *optimize]


def _factor(product: Value, places: Sequence[int]) -> Value:
    """The product of some of the operands of a product."""
    count = product.content[1]
    operands = tuple(product.operands[place] for place in places)
    over = sum(place < count for place in places)
    if len(operands) == 1 and over:
        return operands[0]
    return Value("product", operands, union(*operands), (Fraction(1), over), -1)
