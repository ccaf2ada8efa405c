"""Splitting one long equation into named steps, as a person would name them.

    (y - sigmoid(w2*sigmoid(w1*x + b1)))**2     is     a1 = w1*x + b1    f1 = sigmoid(a1)
                                                       a2 = w2*f1        f2 = sigmoid(a2)
                                                       L = (y - f2)**2

Counted from the inside out, branches in the order in which their weights are declared:

- The value of a function (sigmoid, softmax, maximum, inverse, ...) is f_k. Its argument is the
  excitation a_k, where it is more than a name, its negative or its transpose.
- What is used twice is a_k, unless it is short: one operation on a name, as in 1 - f1.
- Other sums and products, totals and transposes stay in the line where they stand.
- The loss stays whole: in its line a logarithm, what depends on a target, and the outermost
  function get no name. Losses of the vocabulary are kept under their names.
- What a loss, a power or a function holds beside a target gets a name: y - (w*x + b) is y - a1.
- A number k is passed over where a_k or f_k is taken.

Every distinct part is written once, however often it is used, so the work is linear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr, Identity, MatMul
from sympy.matrices.expressions.matexpr import MatrixElement

from symprop.equation import Equation, is_call
from symprop.errors import SympropError, UnsupportedError
from symprop.expression.algebra import split_coefficient
from symprop.expression.depth import deep_expressions
from symprop.expression.nodes import (
    Leaf,
    Node,
    Power,
    Product,
    Sum,
    Transpose,
    leaves,
    operations,
    walk,
)
from symprop.functions.classes import (
    CompositeScalar,
    ElementwiseMatrix,
    ScalarFunction,
    as_expression,
    is_matrix,
)
from symprop.functions.definition import LayerScalar
from symprop.functions.reductions import ScalarEntry
from symprop.functions.unspecified import UnspecifiedCall

if TYPE_CHECKING:
    from symprop.network import Network


def declare_steps(network: Network, loss: Any) -> Any:
    """Declare the steps of a long equation in `network`; return the loss in their names."""
    with deep_expressions():
        try:
            return _Splitting(network, Equation(network, as_expression(loss))).loss()
        except RecursionError:
            raise UnsupportedError(
                "the expression nests too deeply", hint="declare its steps with net.step(...)"
            ) from None


def _is_short(node: Node) -> bool:
    """Whether it is written out each time: one operation on one name, or no name at all."""
    plain = all(isinstance(n, Sum | Product | Power | Transpose) for n in walk(node) if n.children)
    return len(leaves(node)) <= 1 and operations(node) <= 1 and plain


def _is_name(node: Node) -> bool:
    """Whether it is a name, perhaps negative or transposed, or has no name in it."""
    return not leaves(node) or operations(node) == 0 or isinstance(node, Transpose)


class _Splitting:
    """Declares the steps and writes every part in their names."""

    def __init__(self, network: Network, equation: Equation) -> None:
        self.network = network
        self.equation = equation
        self.written: dict[int, Any] = {}
        self.known: dict[Node, Any] = {}
        self.number = 0
        self.numbers: dict[Any, int] = {}
        self.scalars: dict[Any, Any] = {}

    def loss(self) -> Any:
        """Declare all steps; return what is left of the expression."""
        equation = self.equation
        pending = [(equation.root, False)]
        while pending:
            part, ready = pending.pop()
            if part in self.written:
                continue
            if not equation.named[part] or not equation.inside[part]:
                self.written[part] = equation.expression[part]
            elif ready:
                self.written[part] = self._fitted(part, self._named(part))
            else:
                pending.append((part, True))
                pending.extend((inner, False) for inner in reversed(equation.in_order(part)))
        return self._bare(self.written[equation.root])

    def _named(self, part: int) -> Any:
        """The name of a part, or the part in the names of steps."""
        equation = self.equation
        inside = [self.written[inner] for inner in equation.inside[part]]
        if is_call(equation.expression[part]):
            return self._call(part, inside)
        compared = self._comparison(part, inside) if equation.is_comparison(part) else None
        written = self._rebuilt(part, inside) if compared is None else compared
        wanted = equation.is_repeated(part) or equation.is_predicted(part)
        if wanted and part != equation.root and self._is_worth_naming(written):
            return self._step("a", written)
        return written

    def _is_worth_naming(self, expression: Any) -> bool:
        """Whether it is more than a short term, and has a value by itself."""
        try:
            return isinstance(expression, Expr) and not _is_short(self.network.read(expression))
        except SympropError:
            return False

    # -- what gets a name -------------------------------------------------------------------------

    def _call(self, part: int, inside: list[Any]) -> Any:
        """A function: its arguments get names, and then its value."""
        equation = self.equation
        stays = equation.stays(part)
        excitation = None
        for place, inner in enumerate(equation.inside[part]):
            if not equation.is_value(inner):
                continue
            whole = is_call(equation.expression[inner]) and equation.stays(inner)
            node = self._read(inside[place])
            if stays and (equation.targeted[part] or whole or _is_short(node)):
                continue
            if not whole and not _is_name(node):
                inside[place] = self._fitted(inner, self._step("a", inside[place]))
            named = self._bare(inside[place])
            excitation = named if named in self.numbers else excitation
        written = self._rebuilt(part, inside)
        return written if stays else self._step("f", written, excitation)

    def _comparison(self, part: int, inside: list[Any]) -> Any:
        """A sum with a target in it, the other terms named: `y - a1`; None where that is idle."""
        equation = self.equation
        pairs = list(zip(equation.inside[part], inside, strict=True))
        targets = [written for inner, written in pairs if equation.targeted[inner]]
        others = [(inner, written) for inner, written in pairs if not equation.targeted[inner]]
        coefficient, target = split_coefficient(self._read(targets[0]))
        if len(targets) > 1 or not others or not isinstance(target, Leaf):
            return None
        sign = -1 if coefficient > 0 else 1
        add = equation.expression[part].func
        terms = [sign * written for _, written in others]
        prediction = add(*terms) if len(terms) > 1 else terms[0]
        if _is_short(self._read(prediction)):
            return None
        return add(targets[0], sign * self._fitted(part, self._step("a", prediction)))

    def _step(self, letter: str, expression: Any, excitation: Any = None) -> Any:
        """Declare a step, unless its value has a name already; return its symbol."""
        node = self._read(expression)
        if isinstance(node, Leaf):
            return self.network.symbols[node.name] if node.shape else self._bare(expression)
        if node not in self.known:
            number = self._free_number(letter, excitation)
            self.known[node] = self.network.step(f"{letter}{number}", expression)
            self.numbers[self.known[node]] = number
        return self.known[node]

    def _free_number(self, letter: str, excitation: Any) -> int:
        """The number of the excitation for the value of a function, else the next one."""
        number = self.numbers.get(excitation)
        if letter == "f" and number is not None and f"f{number}" not in self.network.steps:
            return number
        taken = {*self.network.declared, *self.network.size_symbols}
        while True:
            self.number += 1
            names = {f"a{self.number}", f"f{self.number}"}
            if not taken & {*names, *(f"delta_{name}" for name in names)}:
                return self.number

    # -- SymPy ------------------------------------------------------------------------------------

    def _rebuilt(self, part: int, inside: list[Any]) -> Any:
        """A part with the names put in."""
        expression = self.equation.expression[part]
        before = [self.equation.expression[inner] for inner in self.equation.inside[part]]
        if all(new is old for new, old in zip(inside, before, strict=True)):
            return expression
        bare = [self._bare(inner) for inner in inside]
        if isinstance(expression, ScalarEntry | MatrixElement) and bare[0] is not inside[0]:
            return bare[0]
        if isinstance(expression, ScalarFunction | ElementwiseMatrix):
            return expression.entry(*bare)
        if isinstance(expression, UnspecifiedCall):
            return expression.entry.call(bare[:-1], expression.value_shape)
        of_any = isinstance(expression, CompositeScalar) and not isinstance(expression, LayerScalar)
        return expression.func(*(bare if of_any else inside))

    def _fitted(self, part: int, written: Any) -> Any:
        """A step of shape 1 x 1 is a scalar; where SymPy wants a matrix it is put into one."""
        if is_matrix(written) or not is_matrix(self.equation.expression[part]):
            return written
        matrix = MatMul(written, Identity(1))
        self.scalars[matrix] = written
        return matrix

    def _bare(self, expression: Any) -> Any:
        """The scalar that stands in a 1 x 1 matrix, of any other expression itself."""
        return self.scalars.get(expression, expression)

    def _read(self, expression: Any) -> Node:
        return self.network.read(expression)
