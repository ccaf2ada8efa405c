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

from sympy import Expr, Function, Integer, MatrixSymbol, S, Symbol, latex
from sympy import lambdify as sympy_lambdify
from sympy.core.symbol import Str
from sympy.core.sympify import SympifyError, _sympify
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from symprop.errors import ShapeError, UnsupportedError

u, f = Symbol("u", real=True), Symbol("f", real=True)
"""The argument of a function, and its own value, in the formulas of the entries."""

VOCABULARY: dict[str, Elementwise | AlongAxis | Composite] = {}
"""Every entry by its name."""

SYMPY_FUNCTIONS: dict[type, Elementwise] = {}
"""The entry behind a SymPy function class."""


def as_expression(value: Any) -> Any:
    """A SymPy expression or a Python number as a SymPy object; text is refused, never parsed."""
    try:
        return _sympify(value)
    except SympifyError:
        shown = " ".join(repr(value).split())[:60]
        raise UnsupportedError(
            f"{shown} is not a SymPy expression", hint="use symbols, MatrixSymbol and numbers"
        ) from None


def is_matrix(expression: object) -> bool:
    """Whether SymPy takes `expression` for a matrix."""
    return bool(getattr(expression, "is_Matrix", False))


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
    `domain` one that must be positive.
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


NO_AXIS = Str("none")
"""The axis argument where none was given: a column, or all entries."""


def axis_argument(axis: int | None) -> Any:
    """An axis as an argument of a SymPy class."""
    return NO_AXIS if axis is None else Integer(axis)


def checked_axis(name: str, argument: Any, axis: Any, *, whole: bool) -> int | None:
    """The axis as 0 or 1, or None where that is allowed: `whole` totals, and columns."""
    if not is_matrix(argument):
        raise ShapeError(
            f"{name} needs a column or a matrix, not the scalar {argument}",
            hint="a scalar stands for itself; leave the function out",
        )
    if axis is None and not whole and argument.shape[1] != 1:
        raise needs_axis(name, argument.shape)
    if axis not in (None, 0, 1, -1, -2) or isinstance(axis, bool):
        raise UnsupportedError(
            f"{name}: axis={axis!r} is not an axis of a matrix",
            hint="use axis=0 for columns or axis=1 for rows",
        )
    return None if axis is None else int(axis) % 2


def needs_axis(name: str, shape: Any) -> UnsupportedError:
    """The refusal of a function of columns or rows of a matrix, where it is not said which."""
    rows, columns = shape
    return UnsupportedError(
        f"{name} of a {rows} x {columns} matrix needs an axis",
        hint=f"write {name}(..., axis=0) for columns or axis=1 for rows",
    )


def is_explicit(expression: Any) -> bool:
    """Whether an expression is free of matrix symbols, so that it can be worked out."""
    return not expression.atoms(MatrixSymbol)


# -- the SymPy classes behind the entries ---------------------------------------------------------


class ScalarFunction(Function):
    """A function of the vocabulary with a scalar argument."""

    entry: ClassVar[Elementwise]
    nargs = 1
    is_real = True

    def fdiff(self, argindex: int = 1) -> Any:
        return self.entry.derivative.xreplace({u: self.args[0], f: self})

    def _eval_evalf(self, prec: int) -> Any:
        return self.entry.value.xreplace({u: self.args[0]})._eval_evalf(prec)

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Any:
        return self.entry.value.xreplace({u: args[0]}).rewrite(rule, **hints)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = self.entry.latex.format(printer.doprint(self.args[0]))
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


def call_text(expression: Any, printer: Any) -> str:
    """A call as the user would write it."""
    written = [
        f"axis={argument}" if isinstance(argument, Integer) else printer.doprint(argument)
        for argument in expression.args
        if argument != NO_AXIS
    ]
    return f"{expression.entry.name}({', '.join(written)})"


class VocabularyMatrix(MatrixExpr):
    """A matrix made by a function of the vocabulary; never differentiated by SymPy."""

    entry: ClassVar[Any]

    @property
    def shape(self) -> Any:
        return self.args[0].shape

    def _sympystr(self, printer: Any) -> str:
        return call_text(self, printer)

    def _latex(self, printer: Any) -> str:
        return cast(str, self.entry.latex.format(printer.doprint(self.args[0])))

    def _eval_derivative(self, x: Any) -> Any:
        raise UnsupportedError(
            f"SymPy's matrix derivatives do not cover {self.entry.name}",
            hint="declare a Network and use derive(...)",
        )


class ElementwiseMatrix(VocabularyMatrix):
    """A function of every entry of a matrix."""

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return self.entry(self.args[0][i, j])


class AlongMatrix(VocabularyMatrix):
    """A function of the columns or rows of a matrix; the second argument is the axis."""

    @property
    def shape(self) -> Any:
        rows, columns = self.args[0].shape
        if not self.entry.reduces:
            return (rows, columns)
        return (rows, S.One) if self.args[1] == 1 else (S.One, columns)

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        argument, axis = self.args[0], 1 if self.args[1] == 1 else 0
        if not argument.shape[axis].is_Integer:
            return MatrixElement(self, i, j)
        size = int(argument.shape[axis])
        column = [argument[k, j] if axis == 0 else argument[i, k] for k in range(size)]
        return self.entry.value(column)[0 if self.entry.reduces else int(i if axis == 0 else j)]


class ScalarOfMatrix(Expr):
    """A number made of the entries of a matrix."""

    entry: ClassVar[Any]
    is_commutative = True
    is_real = True

    def _sympystr(self, printer: Any) -> str:
        return call_text(self, printer)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = self.entry.latex.format(printer.doprint(self.args[0]))
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def doit(self, **hints: Any) -> Any:
        """The number itself, where the sizes are whole numbers."""
        argument = self.args[0].doit(**hints)
        if is_explicit(argument):
            return self.explicit(list(argument.as_explicit()))
        return self.func(argument, *self.args[1:])

    def explicit(self, entries: list[Expr]) -> Expr:
        """The number, from the entries of the matrix."""
        return cast(Expr, self.entry.value(entries)[0])

    def _eval_derivative(self, symbol: Any) -> Any:
        if symbol not in self.free_symbols:
            return S.Zero
        if is_explicit(self.args[0]):
            return self.doit().diff(symbol)
        raise UnsupportedError(
            f"SymPy cannot differentiate {self}", hint="declare a Network and use derive(...)"
        )


class CompositeScalar(Expr):
    """A number that is short for an expression in other functions of the vocabulary."""

    entry: ClassVar[Composite]
    is_commutative = True
    is_real = True

    def definition(self) -> Any:
        """The expression that it is short for."""
        return self.entry.definition(*self.args)

    def doit(self, **hints: Any) -> Any:
        if not all(map(is_explicit, self.args)):
            return self.func(*(part.doit(**hints) for part in self.args))
        return self.definition().doit(**hints)

    def _eval_derivative(self, symbol: Any) -> Any:
        return self.definition().diff(symbol)

    def _eval_evalf(self, prec: int) -> Any:
        return self.doit()._eval_evalf(prec)

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Any:
        return self.definition().rewrite(rule, **hints)

    def _sympystr(self, printer: Any) -> str:
        return call_text(self, printer)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = latex(self.definition())
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


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
