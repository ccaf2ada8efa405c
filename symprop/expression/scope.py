"""Reading SymPy expressions into the canonical form: the names, and the table of rules.

One rule a SymPy class, in `symprop.expression.reading` for SymPy's own and in
`symprop.expression.calls` for the functions of the vocabulary. A class without a rule is refused:
an expression taken for an atom by mistake would be a wrong derivative later. Shapes are inferred
here, never taken from SymPy, which hardly checks symbolic sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import singledispatch
from math import isfinite
from typing import Any

import sympy
from sympy import Basic, MatrixSymbol, Symbol

from symprop.errors import ShapeError, SympropError, UnsupportedError
from symprop.expression.algebra import apply
from symprop.expression.depth import DEPTH_LIMIT
from symprop.expression.nodes import SCALAR, Extent, Leaf, Node, Number, Product, Shape
from symprop.expression.shapes import shape_text
from symprop.expression.showing import shortened
from symprop.expression.ways_out import way_out
from symprop.functions.classes import CompositeScalar, is_matrix
from symprop.functions.vocabulary import SYMPY_FUNCTIONS

Check = Callable[[CompositeScalar], None]


class Scope:
    """What the names in an expression stand for, while it is read.

    `names` gives the leaf of each declared name, `sizes` the size symbols, `undefined` the error
    to raise for any other name. `check` is called with every loss met. `functions` remembers what
    is known of the user's own functions, so that two of one name are told apart.
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
        self.functions: dict[str, Any] = {}
        self._read: dict[Basic, Node] = {}

    def read(self, expression: Basic) -> Node:
        """The canonical form of `expression`.

        Raises UnsupportedError for what is not in the vocabulary, ShapeError for matrices that do
        not fit, and the error that `undefined` makes for an unknown name.
        """
        if expression not in self._read:
            try:
                node = read(expression, self)
                if isinstance(node, Number | Product):
                    _check_number(node)
            except SympropError as error:
                _show(expression, error)
                raise
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
                f"SymPy's {name} takes no matrix, in {shortened(expression)}",
                hint=f"write symprop.{name}(...), which acts entry by entry",
            )
        return apply(SYMPY_FUNCTIONS[type(expression)], scope.read(expression.args[0]))
    raise UnsupportedError(
        f"{type(expression).__name__} is not supported, in {shortened(expression)}",
        hint=way_out(expression),
    )


def _check_number(node: Number | Product) -> None:
    """UnsupportedError for a number that is not one in floats."""
    number = node.value if isinstance(node, Number) else node.coefficient
    parts = [number.numerator, number.denominator] if isinstance(number, Fraction) else [number]
    try:
        if float(number) == 0 and number != 0:
            raise UnsupportedError(
                "a number is 0 as a float", hint="use a larger one, or 0: floats begin at 1e-308"
            )
        finite = all(isfinite(float(part)) for part in parts)
    except OverflowError:
        finite = False
    if not finite:
        raise UnsupportedError(
            "a number is not finite as a float", hint="use a smaller one: floats end at 1e308"
        )


# -- showing what is refused ----------------------------------------------------------------------


def _show(expression: Any, error: SympropError) -> None:
    """Let a message show the innermost expression that it is about, once."""
    if error.shows_expression or not expression.args or isinstance(expression, MatrixSymbol):
        return
    error.shows_expression = True
    text = shortened(expression)
    if text[:40] not in error.message:
        error.message += f", in {text}"


@contextmanager
def arguments_shown(arguments: Mapping[str, Any]) -> Iterator[None]:
    """Let a message have the arguments of a function, not the names that stand for them inside."""
    try:
        yield
    except SympropError as error:
        for name in sorted(arguments, key=len, reverse=True):
            error.message = error.message.replace(name, shortened(arguments[name], 40))
        raise


# -- shapes ---------------------------------------------------------------------------------------


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


def as_taken(expression: Any, node: Node) -> Node:
    """`node`, unless SymPy takes for a number what is a matrix: its shapes are often wrong."""
    if node.shape and not is_matrix(expression):
        raise ShapeError(
            f"SymPy takes {shortened(expression, 60)} as a number; it is {shape_text(node.shape)}",
            hint="give the product inside it a step of its own",
        )
    return node
