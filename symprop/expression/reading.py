"""The rules that read SymPy's own classes into the canonical form."""

from __future__ import annotations

from fractions import Fraction

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

from symprop.errors import ShapeError, UnsupportedError
from symprop.expression.algebra import (
    ONE,
    add,
    extent_node,
    filled,
    matmul,
    multiply,
    power,
    split_coefficient,
    transpose,
)
from symprop.expression.nodes import (
    SCALAR,
    Constant,
    Identity,
    Leaf,
    Node,
    Number,
    Ones,
    Transpose,
    leaves,
    operations,
)
from symprop.expression.scope import Scope, as_taken, read, read_shape
from symprop.expression.shapes import same, shape_text
from symprop.functions.classes import is_matrix

# -- numbers and names ----------------------------------------------------------------------------


@read.register(Rational)
def _(expression: Rational, scope: Scope) -> Node:
    return Number(Fraction(int(expression.p), int(expression.q)))


@read.register(Float)
def _(expression: Float, scope: Scope) -> Node:
    return Number(float(expression))


@read.register(NumberSymbol)
def _(expression: NumberSymbol, scope: Scope) -> Node:
    return Constant(expression)


@read.register(sympy.core.numbers.ImaginaryUnit)
def _(expression: Expr, scope: Scope) -> Node:
    raise _complex()


def _complex() -> UnsupportedError:
    return UnsupportedError(
        "the expression is complex",
        hint="write it in real numbers: the real and the imaginary part apart",
    )


@read.register(sympy.core.numbers.Infinity)
@read.register(sympy.core.numbers.NegativeInfinity)
@read.register(sympy.core.numbers.ComplexInfinity)
@read.register(sympy.core.numbers.NaN)
def _(expression: Expr, scope: Scope) -> Node:
    raise UnsupportedError(
        f"{expression} is not a finite number",
        hint="use a number or a symbol, and look for what is divided by 0",
    )


@read.register(Symbol)
def _(expression: Symbol, scope: Scope) -> Node:
    name = expression.name
    if expression in scope.bound:
        return scope.bound[expression]
    if isinstance(expression, Dummy):
        raise UnsupportedError(
            f"the Dummy {name} stands for nothing", hint="use the symbol that was declared"
        )
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


# -- sums, products, powers -----------------------------------------------------------------------

ROLES = {"hyperparameter": 0, "weight": 1, "target": 2, "input": 3, "step": 4, "argument": 5}


def _rank(node: Node) -> tuple[int, int]:
    found = [(ROLES.get(leaf.role, 6), leaf.rank) for leaf in leaves(node)]
    return min(found, default=(7, 0))


def _term_order(term: Node) -> tuple[int, bool, tuple[int, int], int]:
    """Products before bare symbols before numbers, what depends on data before what does not."""
    _, rest = split_coefficient(term)
    simple = (
        1
        if isinstance(_untransposed(rest), Leaf)
        else 2
        if rest == ONE or isinstance(rest, Ones | Identity)
        else 0
    )
    fixed = all(leaf.role in ("hyperparameter", "weight") for leaf in leaves(rest))
    return simple, fixed, _rank(rest), operations(rest)


def _untransposed(node: Node) -> Node:
    return node.children[0] if isinstance(node, Transpose) else node


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
    if is_matrix(expression.base):
        raise UnsupportedError(
            f"{expression} is no power that SymPy would make of a matrix",
            hint=f"write {expression.base}**{expression.exp}, or HadamardPower entry by entry",
        )
    return _power(scope.read(expression.base), scope.read(expression.exp))


@read.register(HadamardPower)
def _(expression: HadamardPower, scope: Scope) -> Node:
    return _power(scope.read(expression.base), scope.read(expression.exp))


def _power(base: Node, exponent: Node) -> Node:
    """A power, where it has a real value whose derivative is defined."""
    number, rest = split_coefficient(base)
    constant = number if rest == ONE or isinstance(rest, Ones) else None
    value = exponent.value if isinstance(exponent, Number) else None
    if constant == 0 and (value is None or value < 0):
        raise UnsupportedError(
            "a power of 0 divides by 0 or has no derivative",
            hint="write the value that is meant, 0 or 1, or a power of a symbol",
        )
    if constant is not None and constant < 0 and (value is None or value % 1 != 0):
        raise _complex()
    return power(base, exponent)


def _whole(exponent: Expr) -> bool:
    return bool(exponent.is_Integer and exponent > 0)


def _square(matrix: Basic, scope: Scope) -> bool:
    shape = scope.read(matrix).shape
    return not shape or same(*shape)


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
