"""Reading SymPy expressions into the canonical form.

One rule a SymPy class. A class without a rule is refused: an expression taken for an atom by
mistake would be a wrong derivative later. Shapes are inferred here, never taken from SymPy,
which hardly checks symbolic sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import singledispatch
from math import isfinite
from typing import Any

import sympy
from sympy import (
    Add,
    Basic,
    Dummy,
    Expr,
    Float,
    HadamardPower,
    HadamardProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    NumberSymbol,
    OneMatrix,
    Pow,
    Rational,
    Symbol,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from symprop.errors import ShapeError, UnsupportedError
from symprop.expression.algebra import (
    ONE,
    add,
    along,
    apply,
    count_entries,
    divide,
    extent_node,
    filled,
    matmul,
    multiply,
    power,
    shape_text,
    split_coefficient,
    total,
    transpose,
)
from symprop.expression.nodes import (
    SCALAR,
    Constant,
    Extent,
    Identity,
    Leaf,
    Node,
    Number,
    Ones,
    Shape,
    leaves,
    operations,
    substitute,
)
from symprop.functions.reductions import (
    MeanMatrix,
    MeanScalar,
    ScalarEntry,
    TotalMatrix,
    TotalScalar,
)
from symprop.functions.vocabulary import (
    NO_AXIS,
    SYMPY_FUNCTIONS,
    VOCABULARY,
    AlongMatrix,
    CompositeScalar,
    ElementwiseMatrix,
    ScalarFunction,
    ScalarOfMatrix,
    is_matrix,
    needs_axis,
)

DEPTH_LIMIT = 120
"""An expression nested more deeply than this is to be split into steps."""

Check = Callable[[CompositeScalar], None]


class Scope:
    """What the names in an expression stand for, while it is read.

    `names` gives the leaf of each declared name, `sizes` the size symbols, `undefined` the error
    to raise for any other name. `check` is called with every loss met.
    """

    def __init__(
        self,
        names: dict[str, Leaf],
        sizes: Mapping[str, Extent],
        undefined: Callable[[str], Exception],
        check: Check = lambda loss: None,
    ) -> None:
        self.names = names
        self.sizes = sizes
        self.undefined = undefined
        self.check = check
        self.bound: dict[Symbol, Leaf] = {}
        self._read: dict[Basic, Node] = {}

    def read(self, expression: Basic) -> Node:
        """The canonical form of `expression`.

        Raises UnsupportedError for what is not in the vocabulary, ShapeError for matrices that do
        not fit, and the error that `undefined` makes for an unknown name.
        """
        if expression not in self._read:
            node = read(expression, self)
            if node.depth > DEPTH_LIMIT:
                raise RecursionError
            self._read[expression] = node
        return self._read[expression]


@singledispatch
def read(expression: Any, scope: Scope) -> Node:
    """The rule for the class of `expression`."""
    if isinstance(expression, sympy.Function) and type(expression) in SYMPY_FUNCTIONS:
        name = SYMPY_FUNCTIONS[type(expression)].name
        if is_matrix(expression.args[0]):
            raise UnsupportedError(
                f"SymPy's {name} takes no matrix, in {_shortened(expression)}",
                hint=f"write symprop.{name}(...), which acts entry by entry",
            )
        return apply(SYMPY_FUNCTIONS[type(expression)], scope.read(expression.args[0]))
    name = getattr(type(expression), "__name__", "object")
    raise UnsupportedError(
        f"{name} is not supported, in {_shortened(expression)}", hint=_way_out(name)
    )


def _shortened(expression: object, limit: int = 80) -> str:
    text = str(expression)
    return text if len(text) <= limit else text[: limit - 3] + "..."


WAYS_OUT = {
    "Max": "write relu(x) for max(0, x)",
    "Piecewise": "use a function of the vocabulary, such as relu",
    "Sum": "write scalar(x.T*A*x) rather than (x.T*A*x)[0, 0], and dot(a, b) for a sum of products",
    "Integral": "give the integral in closed form",
    "Derivative": "give the derivative in closed form",
    "MutableDenseMatrix": "use MatrixSymbol",
    "ImmutableDenseMatrix": "use MatrixSymbol",
}


def _way_out(name: str) -> str:
    listed = "the functions are " + ", ".join(sorted(VOCABULARY))
    return WAYS_OUT.get(name, listed)


# -- numbers and names ----------------------------------------------------------------------------


@read.register(Rational)
def _(expression: Rational, scope: Scope) -> Node:
    return Number(Fraction(int(expression.p), int(expression.q)))


@read.register(Float)
def _(expression: Float, scope: Scope) -> Node:
    value = float(expression)
    if not isfinite(value):
        raise UnsupportedError(f"{expression} does not fit into a float", hint="use a smaller one")
    return Number(value)


@read.register(NumberSymbol)
def _(expression: NumberSymbol, scope: Scope) -> Node:
    return Constant(expression)


@read.register(sympy.core.numbers.ImaginaryUnit)
def _(expression: Expr, scope: Scope) -> Node:
    raise UnsupportedError("the expression is complex", hint="symprop works on real numbers")


@read.register(sympy.core.numbers.Infinity)
@read.register(sympy.core.numbers.NegativeInfinity)
@read.register(sympy.core.numbers.ComplexInfinity)
@read.register(sympy.core.numbers.NaN)
def _(expression: Expr, scope: Scope) -> Node:
    raise UnsupportedError(f"{expression} is not a finite number")


@read.register(Symbol)
def _(expression: Symbol, scope: Scope) -> Node:
    name = expression.name
    if expression in scope.bound:
        return scope.bound[expression]
    if isinstance(expression, Dummy):
        raise UnsupportedError(f"the Dummy {name} stands for nothing", hint="use declared symbols")
    if name in scope.names:
        leaf = scope.names[name]
        if leaf.shape:
            raise ShapeError(
                f"{name} is {shape_text(leaf.shape)}, but is used as a scalar",
                hint="use the MatrixSymbol that was declared, or that step returned",
            )
        return leaf
    if name in scope.sizes:
        return extent_node(expression)
    raise scope.undefined(name)


@read.register(MatrixSymbol)
def _(expression: MatrixSymbol, scope: Scope) -> Node:
    if expression.name not in scope.names:
        raise scope.undefined(expression.name)
    leaf = scope.names[expression.name]
    shape = read_shape(expression.shape, scope)
    if shape != leaf.shape:
        hint = "use the MatrixSymbol that was declared, or that step returned"
        if shape_text(shape) == shape_text(leaf.shape):
            hint = "the sizes have one name but other assumptions: make each size symbol once"
        raise ShapeError(
            f"{leaf.name} is declared {shape_text(leaf.shape)}, but is used as {shape_text(shape)}",
            hint=hint,
        )
    return leaf


def read_shape(shape: Any, scope: Scope) -> Shape:
    """A SymPy shape with whole numbers as Python's; 1 x 1 is a scalar."""
    for extent in shape:
        for symbol in sorted(extent.free_symbols, key=str):
            if symbol.name not in scope.sizes:
                raise UnsupportedError(
                    f"no declared matrix shows the size {symbol.name}",
                    hint="use a size of an input, target or weight",
                )
    rows, columns = (int(extent) if extent.is_Integer else extent for extent in shape)
    return SCALAR if rows == 1 and columns == 1 else (rows, columns)


# -- sums, products, powers -----------------------------------------------------------------------

ROLES = {"hyperparameter": 0, "weight": 1, "target": 2, "input": 3, "step": 4, "argument": 5}


def _rank(node: Node) -> tuple[int, int]:
    found = [(ROLES.get(leaf.role, 6), leaf.rank) for leaf in leaves(node)]
    return min(found, default=(7, 0))


def _term_order(term: Node) -> tuple[int, bool, tuple[int, int], int]:
    """Products before bare symbols before numbers, what depends on data before what does not."""
    _, rest = split_coefficient(term)
    simple = 1 if isinstance(rest, Leaf) else 2 if rest == ONE or isinstance(rest, Ones) else 0
    fixed = all(leaf.role in ("hyperparameter", "weight") for leaf in leaves(rest))
    return simple, fixed, _rank(rest), operations(rest)


def _factor_order(factor: Node) -> tuple[int, tuple[int, int]]:
    return (0 if isinstance(factor, Number) else 1 if isinstance(factor, Leaf) else 2), _rank(
        factor
    )


@read.register(Add)
def _(expression: Add, scope: Scope) -> Node:
    return add(*sorted(_numbers(expression, scope), key=_term_order))


def _numbers(expression: Expr, scope: Scope) -> list[Node]:
    """The arguments of what SymPy takes for an operation on numbers."""
    return [as_taken(argument, scope.read(argument)) for argument in expression.args]


@read.register(MatAdd)
def _(expression: MatAdd, scope: Scope) -> Node:
    terms = [scope.read(term) for term in expression.args]
    shapes = [term.shape for term in terms]
    matrix = next((shape for shape in shapes if shape), SCALAR)
    if matrix and SCALAR in shapes:
        raise ShapeError(
            f"cannot add {shape_text(matrix)} and 1 x 1",
            hint=f"write scalar(...)*OneMatrix({matrix[0]}, {matrix[1]}) for the 1 x 1",
        )
    return add(*sorted(terms, key=_term_order))


@read.register(Mul)
def _(expression: Mul, scope: Scope) -> Node:
    return multiply(*sorted(_numbers(expression, scope), key=_factor_order))


@read.register(HadamardProduct)
def _(expression: HadamardProduct, scope: Scope) -> Node:
    return multiply(*map(scope.read, expression.args))


@read.register(MatMul)
def _(expression: MatMul, scope: Scope) -> Node:
    factors: list[Node] = []
    for factor in expression.args:
        if type(factor) is MatPow and _whole(factor.exp) and not _square(factor.base, scope):
            factors.extend([scope.read(factor.base)] * int(factor.exp))
        else:
            factors.append(as_taken(factor, scope.read(factor)))
    return matmul(*factors)


@read.register(Pow)
def _(expression: Pow, scope: Scope) -> Node:
    base, exponent = scope.read(expression.base), scope.read(expression.exp)
    if is_matrix(expression.base):
        raise UnsupportedError(
            f"{expression} is no power that SymPy would make of a matrix",
            hint=f"write {expression.base}**{expression.exp}, or HadamardPower entry by entry",
        )
    negative = isinstance(base, Number) and base.value < 0
    if negative and not expression.exp.is_Integer:
        raise UnsupportedError(f"{expression} is complex", hint="symprop works on real numbers")
    return power(base, exponent)


@read.register(HadamardPower)
def _(expression: HadamardPower, scope: Scope) -> Node:
    return power(scope.read(expression.base), scope.read(expression.exp))


def _whole(exponent: Expr) -> bool:
    return bool(exponent.is_Integer and exponent > 0)


def _square(matrix: Basic, scope: Scope) -> bool:
    shape = scope.read(matrix).shape
    return not shape or shape[0] == shape[1]


@read.register(MatPow)
def _(expression: MatPow, scope: Scope) -> Node:
    base = scope.read(expression.base)
    if not _square(expression.base, scope):
        raise ShapeError(
            f"{expression.base} is {shape_text(base.shape)}: only a square matrix has powers",
            hint=f"write HadamardPower({expression.base}, {expression.exp}) for entry by entry",
        )
    if not base.shape:
        return power(base, scope.read(expression.exp))
    if not _whole(expression.exp):
        raise UnsupportedError(
            f"the matrix power {expression} is not supported",
            hint="whole positive exponents are",
        )
    return matmul(*[base] * int(expression.exp))


# -- matrices -------------------------------------------------------------------------------------


@read.register(sympy.Transpose)
def _(expression: sympy.Transpose, scope: Scope) -> Node:
    return transpose(scope.read(expression.arg))


@read.register(OneMatrix)
def _(expression: OneMatrix, scope: Scope) -> Node:
    return filled(ONE, read_shape(expression.shape, scope))


@read.register(ZeroMatrix)
def _(expression: ZeroMatrix, scope: Scope) -> Node:
    return filled(Number(0), read_shape(expression.shape, scope))


@read.register(sympy.Identity)
def _(expression: sympy.Identity, scope: Scope) -> Node:
    shape = read_shape(expression.shape, scope)
    return Identity(shape) if shape else ONE


@read.register(MatrixElement)
def _(expression: MatrixElement, scope: Scope) -> Node:
    matrix = scope.read(expression.parent)
    if matrix.shape:
        raise UnsupportedError(
            f"the entry {expression} of a matrix is not supported",
            hint="use total, dot or a product with a unit column",
        )
    return matrix


# -- the vocabulary -------------------------------------------------------------------------------


@read.register(ScalarFunction)
@read.register(ElementwiseMatrix)
def _(expression: Any, scope: Scope) -> Node:
    return apply(expression.entry, scope.read(expression.args[0]))


@read.register(ElementwiseApplyFunction)
def _(expression: ElementwiseApplyFunction, scope: Scope) -> Node:
    argument = scope.read(expression.expr)
    placeholder = Leaf("\0", SCALAR, "argument")  # no declared name is like this
    inner = Scope(scope.names, scope.sizes, scope.undefined, scope.check)
    inner.bound = {**scope.bound, expression.function.variables[0]: placeholder}
    return substitute(inner.read(expression.function.expr), {placeholder: argument})


@read.register(AlongMatrix)
@read.register(ScalarOfMatrix)
def _(expression: Any, scope: Scope) -> Node:
    argument, axis = scope.read(expression.args[0]), _axis(expression)
    if axis is None and argument.shape and argument.shape[1] != 1:
        raise needs_axis(expression.entry.name, argument.shape)
    return as_taken(expression, along(expression.entry, argument, axis or 0))


@read.register(TotalScalar)
@read.register(TotalMatrix)
def _(expression: Any, scope: Scope) -> Node:
    return as_taken(expression, total(scope.read(expression.args[0]), _axis(expression)))


@read.register(MeanScalar)
@read.register(MeanMatrix)
def _(expression: Any, scope: Scope) -> Node:
    argument, axis = scope.read(expression.args[0]), _axis(expression)
    summed = argument.shape if axis is None else argument.shape[axis : axis + 1]
    return as_taken(expression, divide(total(argument, axis), count_entries(summed)))


def _axis(expression: Any) -> int | None:
    axis = expression.args[1]
    return None if axis == NO_AXIS else int(axis)


def as_taken(expression: Any, node: Node) -> Node:
    """`node`, unless SymPy takes for a number what is a matrix: its shapes are often wrong."""
    if node.shape and not is_matrix(expression):
        raise ShapeError(
            f"SymPy takes {_shortened(expression, 60)} as number; it is {shape_text(node.shape)}",
            hint="give the product inside it a step of its own",
        )
    return node


@read.register(ScalarEntry)
def _(expression: Any, scope: Scope) -> Node:
    argument = scope.read(expression.args[0])
    if argument.shape:
        raise ShapeError(
            f"scalar needs a 1 x 1 matrix, not {shape_text(argument.shape)}",
            hint="add up its entries with total(...)",
        )
    return argument


@read.register(CompositeScalar)
def _(expression: CompositeScalar, scope: Scope) -> Node:
    """What it is short for, written for arguments of the shapes that were read."""
    scope.check(expression)
    nodes = [scope.read(argument) for argument in expression.args]
    if not expression.entry.takes_any and len({node.shape for node in nodes}) > 1:
        shapes = " and ".join(shape_text(node.shape) for node in nodes)
        raise ShapeError(
            f"{expression.entry.name} needs arguments of one shape, not {shapes}",
            hint="transpose one of them, or take scalar(...) of a 1 x 1",
        )
    names = [Leaf(f"\0{place}", node.shape, "argument") for place, node in enumerate(nodes)]
    symbols = [MatrixSymbol(n.name, *n.shape) if n.shape else Symbol(n.name) for n in names]
    inner = Scope({leaf.name: leaf for leaf in names}, scope.sizes, scope.undefined)
    body = inner.read(expression.entry.definition(*symbols))
    return as_taken(expression, substitute(body, dict(zip(names, nodes, strict=True))))


# -- formulas of the vocabulary -------------------------------------------------------------------


def read_formula(formula: Expr, **arguments: Node) -> Node:
    """A formula of an entry, over `u` and `f`, with nodes for them; entry by entry."""
    leaf = {name: Leaf(name, SCALAR, "argument") for name in arguments}
    scope = Scope(leaf, {}, lambda name: UnsupportedError(f"{name} in a formula"))
    body = scope.read(formula)
    return substitute(body, {leaf[name]: node for name, node in arguments.items()})
