"""The mechanism of the vocabulary: one entry in one place, everything else follows from it.

An entry holds the value of a function as a formula, its derivative, and how it is written in
LaTeX, NumPy and plain Python. From it come the function that users call, a SymPy class for
scalars and one for matrices, numeric evaluation, the rules of the chain rule, and the tests.

Three kinds of entry: `Elementwise` (sigmoid), `AlongAxis` (softmax: whole columns or rows) and
`Composite` (a loss: short for an expression in other functions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from sympy import Expr
from sympy import lambdify as sympy_lambdify

from symprop.errors import UnsupportedError
from symprop.functions.classes import (
    AlongMatrix,
    CompositeScalar,
    ElementwiseMatrix,
    ScalarFunction,
    ScalarOfMatrix,
    as_expression,
    axis_argument,
    checked_axis,
    is_matrix,
    u,
)

VOCABULARY: dict[str, Elementwise | AlongAxis | Composite] = {}
"""Every entry by its name."""

SYMPY_FUNCTIONS: dict[type, Elementwise] = {}
"""The entry behind a SymPy function class."""


@dataclass(frozen=True)
class Code:
    """How a function is called in emitted code: `call` with {} for the argument.

    `helper` is the source of a function to be defined first, or "" where none is needed.
    """

    call: str
    helper: str = ""


@dataclass(frozen=True, eq=False)
class Elementwise:
    """A function of one real number, applied to a scalar or to every entry of a matrix.

    `value` and `derivative` are formulas over `u` and `f`; `derivative` may use both. `stable`
    maps the name of an inner function g to an expression over `u` that equals this function of
    g(u) and does not overflow. `kink` is a formula whose zero is a point without a derivative;
    `domain` one that must be positive (None: the function takes every real number).
    """

    name: str
    value: Expr
    derivative: Expr
    latex: str
    numpy: Code
    python: Code
    sympy_class: type | None = None
    stable: Mapping[str, Expr] = field(default_factory=dict)
    kink: Expr | None = None
    domain: Expr | None = None

    def __post_init__(self) -> None:
        VOCABULARY[self.name] = self
        scalar = self.sympy_class or _scalar_class(self)
        object.__setattr__(self, "scalar_class", scalar)
        object.__setattr__(self, "matrix_class", _matrix_class(self.name, ElementwiseMatrix, self))
        SYMPY_FUNCTIONS[scalar] = self

    scalar_class: ClassVar[Any]
    matrix_class: ClassVar[Any]

    def __call__(self, argument: Any) -> Any:
        """The function of a scalar or, entry by entry, of a matrix expression."""
        argument = as_expression(argument)
        return (self.matrix_class if is_matrix(argument) else self.scalar_class)(argument)

    def __repr__(self) -> str:
        return self.name

    def numeric(self, modules: str = "numpy") -> Callable[[Any], Any]:
        """The value as a function of numbers, from its formula (not the emitted, stable form)."""
        return cast(Callable[[Any], Any], sympy_lambdify(u, self.value, modules))


@dataclass(frozen=True, eq=False)
class AlongAxis:
    """A function of a whole column (axis 0) or row (axis 1) of a matrix.

    `value` gives the entries of the result from the list of entries of the argument. `pull` gives
    the gradient by the argument, in operations entry by entry, from the upstream gradient g, the
    own value f, a function that totals along the axis, and one that gives the softmax of the
    argument. `reduces` is True where the column becomes one number.
    """

    name: str
    value: Callable[[list[Expr]], list[Expr]]
    pull: Callable[..., Any]
    reduces: bool
    latex: str
    numpy: Code

    def __post_init__(self) -> None:
        VOCABULARY[self.name] = self
        object.__setattr__(self, "matrix_class", _matrix_class(self.name, AlongMatrix, self))
        object.__setattr__(self, "scalar_class", _scalar_of_matrix_class(self))

    matrix_class: ClassVar[Any]
    scalar_class: ClassVar[Any]

    def __call__(self, argument: Any, axis: int | None = None) -> Any:
        """The function of a column, or of a matrix along `axis`, as NumPy means it."""
        argument = as_expression(argument)
        axis = checked_axis(self.name, argument, axis, whole=False)
        scalar = self.reduces and argument.shape[1 - (axis or 0)] == 1
        return (self.scalar_class if scalar else self.matrix_class)(argument, axis_argument(axis))

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False)
class Composite:
    """A function that is short for an expression in other functions.

    `definition` takes the arguments and gives that expression. `labels` are the kinds of labels
    that the first argument may have (empty: any), `mend` what to write for another kind.
    """

    name: str
    definition: Callable[..., Any]
    arguments: tuple[str, ...]
    labels: tuple[str, ...] = ()
    mend: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        VOCABULARY[self.name] = self
        object.__setattr__(self, "scalar_class", _composite_class(self))

    scalar_class: ClassVar[Any]

    def __call__(self, *arguments: Any) -> Any:
        """The expression, kept under its name."""
        given = [as_expression(argument) for argument in arguments]
        if len(given) != len(self.arguments) and not self.takes_any:
            raise UnsupportedError(
                f"{self.name} takes {len(self.arguments)} arguments, not {len(given)}",
                hint=f"write {self.name}({', '.join(self.arguments)})",
            )
        return self.scalar_class(*given)

    @property
    def takes_any(self) -> bool:
        """Whether it takes any number of arguments, of any shapes."""
        return self.arguments[-1:] == ("...",)

    def __repr__(self) -> str:
        return self.name


def _named(base: type, name: str, entry: object, **content: object) -> Any:
    """A SymPy class of its own for `entry`, so that expressions compare by it."""
    return type(base)(name, (base,), {"entry": entry, "__module__": __name__, **content})


def _scalar_class(entry: Elementwise) -> Any:
    numeric = staticmethod(sympy_lambdify(u, entry.value, "numpy"))
    return _named(ScalarFunction, entry.name, entry, _imp_=numeric)


def _matrix_class(name: str, base: type, entry: object) -> Any:
    return _named(base, f"{name}_matrix", entry)


def _scalar_of_matrix_class(entry: object) -> Any:
    return _named(ScalarOfMatrix, f"{entry}_scalar", entry)


def _composite_class(entry: Composite) -> Any:
    return _named(CompositeScalar, entry.name, entry)
