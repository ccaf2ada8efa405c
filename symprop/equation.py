"""The distinct parts of one long equation, and what is known of each before it is written.

Parts are numbered, each after those inside it, and told apart by class and by the numbers of what
is inside: comparing expressions takes exponential time where their own parts are shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy
from sympy import (
    Add,
    Determinant,
    Expr,
    HadamardPower,
    HadamardProduct,
    Inverse,
    Lambda,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Mul,
    Pow,
    Symbol,
    Transpose,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from symprop.expression.nodes import Leaf
from symprop.expression.writing import to_sympy
from symprop.functions.classes import (
    AlongMatrix,
    CompositeScalar,
    ElementwiseMatrix,
    ScalarFunction,
    ScalarOfMatrix,
)
from symprop.functions.definition import LayerMatrix, LayerScalar
from symprop.functions.elementary import log
from symprop.functions.reductions import ScalarEntry
from symprop.functions.unspecified import UnspecifiedCall
from symprop.functions.vocabulary import SYMPY_FUNCTIONS, AlongAxis

if TYPE_CHECKING:
    from symprop.network import Network

CALLS = (
    ScalarFunction,
    ElementwiseMatrix,
    AlongMatrix,
    UnspecifiedCall,
    LayerMatrix,
    LayerScalar,
    ElementwiseApplyFunction,
    Inverse,
    Determinant,
)
POWERS = (Pow, HadamardPower)
SUMS = (Add, MatAdd)
UNORDERED = (Add, Mul, MatAdd, HadamardProduct)


# -- kinds of expressions -------------------------------------------------------------------------


def is_call(expression: Any) -> bool:
    """Whether an expression is the value of a function, and no sum, product or reduction."""
    if isinstance(expression, ScalarOfMatrix):
        return isinstance(expression.entry, AlongAxis)
    return isinstance(expression, CALLS) or type(expression) in SYMPY_FUNCTIONS


def is_log(expression: Any) -> bool:
    """Whether it is a logarithm, of a number or entry by entry."""
    found = SYMPY_FUNCTIONS.get(type(expression)) or getattr(expression, "entry", None)
    return found is log


def is_wrapper(expression: Any) -> bool:
    """Whether an expression is another one turned, inverted or scaled: that one gets the name."""
    if isinstance(expression, Transpose | ScalarEntry):
        return True
    if isinstance(expression, POWERS):
        return bool(expression.exp.is_Number and expression.exp.is_negative)
    scaled = isinstance(expression, Mul | MatMul) and len(expression.args) == 2
    return scaled and bool(expression.args[0].is_Number)


# -- the parts ------------------------------------------------------------------------------------


class Equation:
    """The distinct parts of an expression over the declared names of a network.

    `expression[k]` is a part and `inside[k]` the numbers of its own parts; `root` is the number of
    the whole. `named` says whether a part depends on a declared name, `targeted` on a target;
    `uses` in how many places it stands. `in_loss` says whether it stands in the line of the loss,
    `in_reader` whether something there compares it with a target.
    """

    def __init__(self, network: Network, expression: Any) -> None:
        self.network = network
        self.expression: list[Any] = []
        self.inside: list[tuple[int, ...]] = []
        self.named: list[bool] = []
        self.targeted: list[bool] = []
        self._order: list[tuple[float, float]] = []
        self._number: dict[Any, int] = {}
        self.root = self._collect(expression)
        count = len(self.expression)
        self.uses = [0] * count
        self.in_loss = [False] * count
        self.in_reader = [False] * count
        self._in_log = [False] * count
        self._look_down()

    # -- from the inside out ----------------------------------------------------------------------

    def _collect(self, expression: Any) -> int:
        seen: dict[int, int] = {}
        kept: list[Any] = []  # an id is that of a living object
        pending = [(expression, False)]
        while pending:
            current, ready = pending.pop()
            if id(current) in seen:
                continue
            kept.append(current)
            if isinstance(current, sympy.Sum):  # SymPy's form of (x.T*A*x)[0, 0]
                product = to_sympy(self.network.read(current), self.network.symbols)
                seen[id(current)] = self._collect(product)
                continue
            parts = () if isinstance(current, Lambda | MatrixSymbol) else current.args
            if ready or not parts:
                seen[id(current)] = self._add(current, tuple(seen[id(part)] for part in parts))
            else:
                pending.append((current, True))
                pending.extend((part, False) for part in parts)
        return seen[id(expression)]

    def _add(self, expression: Any, inside: tuple[int, ...]) -> int:
        key = (type(expression), inside) if inside else expression
        if key not in self._number:
            found = self._leaves(expression)
            weights = [float(leaf.rank) for leaf in found if leaf.role == "weight"]
            orders = [self._order[part] for part in inside]
            first = min([*weights, *(first for first, _ in orders)], default=float("inf"))
            last = max([*weights, *(last for _, last in orders)], default=-1.0)
            targeted = any(leaf.role == "target" for leaf in found)
            self._number[key] = len(self.expression)
            self.expression.append(expression)
            self.inside.append(inside)
            self.named.append(bool(found) or any(self.named[part] for part in inside))
            self.targeted.append(targeted or any(self.targeted[part] for part in inside))
            self._order.append((first, last))
        return self._number[key]

    def _leaves(self, expression: Any) -> list[Leaf]:
        """The declared names that an expression without parts stands for."""
        if isinstance(expression, Lambda):
            free = sorted(symbol.name for symbol in expression.free_symbols)
            return [self.network.leaf(name) for name in free if name in self.network.declared]
        if not isinstance(expression, Symbol | MatrixSymbol):
            return []
        node = self.network.read(expression)
        return [node] if isinstance(node, Leaf) else []

    # -- from the loss down -----------------------------------------------------------------------

    def _look_down(self) -> None:
        self.uses[self.root] = 1
        self.in_loss[self.root] = True
        for part in reversed(range(len(self.expression))):
            expression = self.expression[part]
            passed = self.uses[part] if is_wrapper(expression) else 1
            reads = self.targeted[part] and (self.in_reader[part] or self._is_reader(part))
            for inner in self.inside[part]:
                self.uses[inner] += passed
                self._in_log[inner] = self._in_log[inner] or is_log(expression)
                if self.in_loss[part] and self.stays(part):
                    self.in_loss[inner] = True
                if reads and (self.targeted[inner] or not isinstance(expression, SUMS)):
                    self.in_reader[inner] = True

    def _is_reader(self, part: int) -> bool:
        """Whether it compares something with a target."""
        expression = self.expression[part]
        compares = is_call(expression) or isinstance(expression, (*POWERS, CompositeScalar))
        return compares and self.in_loss[part]

    def stays(self, part: int) -> bool:
        """Whether the value of a part needs no name if it is in the line of the loss.

        True of everything that is no function.
        """
        expression = self.expression[part]
        if part == self.root or not is_call(expression):
            return True
        if self.uses[part] > 1:
            return False
        if isinstance(expression, Determinant) and self._in_log[part]:
            return True  # the two are one function
        return self.in_loss[part] and (self.targeted[part] or is_log(expression))

    # -- what a part is ---------------------------------------------------------------------------

    def is_value(self, part: int) -> bool:
        """Whether it has a value that depends on a name, unlike an axis or a bound variable."""
        expression = self.expression[part]
        return self.named[part] and isinstance(expression, Expr) and type(expression) is not Lambda

    def is_repeated(self, part: int) -> bool:
        """Whether it stands in several places, by itself."""
        return self.uses[part] > 1 and not is_wrapper(self.expression[part])

    def is_predicted(self, part: int) -> bool:
        """Whether it is compared with a target, and free of targets itself."""
        return self.in_reader[part] and not self.targeted[part]

    def is_comparison(self, part: int) -> bool:
        """Whether it is a sum that holds a target and what is compared with that."""
        is_sum = isinstance(self.expression[part], SUMS)
        return is_sum and self.in_reader[part] and self.targeted[part]

    def in_order(self, part: int) -> list[int]:
        """The parts inside, in the order in which their steps are counted."""
        inside = self.inside[part]
        if isinstance(self.expression[part], UNORDERED):
            return sorted(inside, key=lambda inner: self._order[inner])
        return list(inside)
