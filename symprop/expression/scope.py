"""Reading SymPy expressions into the canonical form: the names, and the table of rules.

One rule a SymPy class, in `symprop.expression.reading` for SymPy's own and in
`symprop.expression.calls` for the functions of the vocabulary. A class without a rule is refused:
an expression taken for an atom by mistake would be a wrong derivative later. Shapes are inferred
here, never taken from SymPy, which hardly checks symbolic sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

import sympy
from sympy import Basic, Symbol

from symprop.errors import ShapeError, UnsupportedError
from symprop.expression.algebra import apply
from symprop.expression.depth import DEPTH_LIMIT
from symprop.expression.nodes import SCALAR, Extent, Leaf, Node, Shape
from symprop.expression.shapes import shape_text
from symprop.functions import __all__ as FUNCTIONS
from symprop.functions.classes import CompositeScalar, is_matrix
from symprop.functions.vocabulary import SYMPY_FUNCTIONS

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
                f"SymPy's {name} takes no matrix, in {shortened(expression)}",
                hint=f"write symprop.{name}(...), which acts entry by entry",
            )
        return apply(SYMPY_FUNCTIONS[type(expression)], scope.read(expression.args[0]))
    name = getattr(type(expression), "__name__", "object")
    raise UnsupportedError(
        f"{name} is not supported, in {shortened(expression)}", hint=_way_out(name)
    )


def shortened(expression: object, limit: int = 80) -> str:
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
    listed = "the functions are " + ", ".join(FUNCTIONS)
    return WAYS_OUT.get(name, listed)


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
            f"SymPy takes {shortened(expression, 60)} as number; it is {shape_text(node.shape)}",
            hint="give the product inside it a step of its own",
        )
    return node
