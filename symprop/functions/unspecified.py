r"""Functions without a formula, such as the f_k, l and R of the lectures: to derive and to print.

`activation("f_1")` acts entry by entry; its derivative f_1' is an activation again.
`function("f_1")` takes arguments of any shapes and gives a number, or a matrix of a stated shape.
Its derivative by the i-th argument is again unspecified:

    value        argument       derivative
    a number     any shape      the gradient, of the shape of the argument
    any shape    a number       entry by entry, of the shape of the value
    m x 1        n x 1          the Jacobian, m x n

and has no name in any other case. There is nothing to compute with, so no code is emitted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeAlias, TypeVar

from sympy import Add, Expr, S, Symbol, Tuple
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from symprop.errors import DeclarationError, UnsupportedError, context
from symprop.functions.classes import (
    ElementwiseMatrix,
    ScalarFunction,
    as_expression,
    is_matrix,
    u,
)
from symprop.functions.naming import checked_name, latex_name

Sizes: TypeAlias = tuple[Any, ...]
T = TypeVar("T")


# -- entry by entry -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Activation:
    """An unspecified function of one number, applied entry by entry, or a derivative of it."""

    symbol: str
    symbol_latex: str
    order: int = 0

    arguments: ClassVar[tuple[Symbol, ...]] = (u,)
    kink: ClassVar[Expr | None] = None
    domain: ClassVar[Expr | None] = None

    @property
    def name(self) -> str:
        """The name with a prime for each derivative: f_1'."""
        return self.symbol + "'" * self.order

    @property
    def latex(self) -> str:
        """A call in LaTeX, as the vocabulary has it: {} for the argument."""
        primed = self.symbol_latex + "'" * self.order
        return primed.replace("{", "{{").replace("}", "}}") + r"\left({}\right)"

    @property
    def derivatives(self) -> tuple[Expr]:
        """The derivative, as a formula over `u`."""
        return (_scalar_class(Activation(self.symbol, self.symbol_latex, self.order + 1))(u),)

    def __call__(self, *given: Any) -> Any:
        """The function of a scalar or, entry by entry, of a matrix expression."""
        if len(given) != 1:
            raise UnsupportedError(
                f"{self.name} is an activation, of 1 argument, not {len(given)}",
                hint=f'write function("{self.symbol}") for one of several arguments',
            )
        argument = as_expression(given[0])
        return (_matrix_class if is_matrix(argument) else _scalar_class)(self)(argument)

    def shown(
        self, arguments: Sequence[T], number: Callable[[T], Any] = lambda argument: argument
    ) -> Sequence[T]:
        """All arguments: none has a default."""
        return arguments

    def numeric(self, modules: str = "numpy") -> Callable[..., Any]:
        """There is no value: UnsupportedError."""
        raise no_value(self.symbol)

    def __repr__(self) -> str:
        return self.name


def no_value(name: str, hint: str = "") -> UnsupportedError:
    """The refusal to compute with an unspecified function."""
    return UnsupportedError(
        f"{name} is unspecified: it has no value", hint=hint or specify(name, 1, layer=False)
    )


def specify(name: str, count: int, *, layer: bool) -> str:
    """How to give an unspecified function of so many arguments a formula."""
    arguments = ", ".join("uvwxyzabcd"[:count])
    option = ", layer=True" if layer else ""
    return f'give it a formula: {name} = define("{name}", lambda {arguments}: ...{option})'


class ActivationScalar(ScalarFunction):
    """An activation of a number."""

    entry: ClassVar[Activation]

    nargs = 1

    def _eval_evalf(self, prec: int) -> Any:
        return None

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Any:
        return None


class ActivationMatrix(ElementwiseMatrix):
    """An activation of every entry of a matrix."""

    entry: ClassVar[Activation]


@cache
def _scalar_class(entry: Activation) -> Any:
    return _named(ActivationScalar, entry.name, entry, _imp_=staticmethod(entry.numeric))


@cache
def _matrix_class(entry: Activation) -> Any:
    return _named(ActivationMatrix, f"{entry.name}_matrix", entry)


def _named(base: type, name: str, entry: object, **content: object) -> Any:
    return type(base)(name, (base,), {"entry": entry, "__module__": __name__, **content})


def activation(name: str, *, latex: str | None = None) -> Activation:
    r"""An unspecified function f_1 that acts entry by entry on a scalar or a matrix expression.

    It can be derived and printed (its derivative is f_1'), not emitted. `latex` is its LaTeX name.
    Raises DeclarationError for a name that the vocabulary has.
    """
    checked = checked_name(name, "activation")
    return Activation(checked, latex_name(checked, latex))


# -- of several arguments -------------------------------------------------------------------------


@dataclass(frozen=True)
class UnspecifiedFunction:
    """An unspecified function of several arguments, or its derivative by the arguments `by`.

    `by` holds places, counted from 0, in the order of differentiation.
    """

    symbol: str
    symbol_latex: str
    by: tuple[int, ...] = ()

    def derivative(self, place: int, scalars: bool) -> UnspecifiedFunction:
        """The derivative by the argument at `place`; by `scalars` alone the order is free."""
        by = (*self.by, place)
        return UnspecifiedFunction(
            self.symbol, self.symbol_latex, tuple(sorted(by)) if scalars else by
        )

    def call(self, arguments: Sequence[Any], value: Sizes) -> Any:
        """The function of SymPy expressions; `value` is the shape of its value, () for a number."""
        shape = sympy_shape(arguments, value, self.by)
        made = _call_class(self, MatrixCall if shape else ScalarCall)
        return made(*arguments, Tuple(*value))

    def text(self, written: Sequence[str], names: Sequence[str | None]) -> str:
        """A call as text: "f_1(h, w)", "(df_1/dh)(h, w)" where h has a name, "(D1 f_1)(2*h, w)"."""
        return f"{self._head(names)}({', '.join(written)})"

    def _head(self, names: Sequence[str | None]) -> str:
        if not self.by:
            return self.symbol
        name = names[self.by[0]] if len(self.by) == 1 and names else None
        if name is not None:
            return f"(d{self.symbol}/d{name})"
        return f"(D{','.join(str(place + 1) for place in self.by)} {self.symbol})"

    def latex(self, written: Sequence[str], named: Sequence[bool]) -> str:
        r"""A call in LaTeX, the arguments written; `named` tells which of them is a name alone."""
        head = self.symbol_latex
        if len(self.by) == 1 and named[self.by[0]]:
            head = rf"\frac{{\partial {head}}}{{\partial {written[self.by[0]]}}}"
        elif self.by:
            head = rf"\partial_{{{', '.join(str(place + 1) for place in self.by)}}} {head}"
        return rf"{head}\left({', '.join(written)}\right)"

    def __repr__(self) -> str:
        return self._head([])


def derived_shape(value: Sizes, argument: Sizes) -> Sizes | None:
    """The shape of a derivative of a value by an argument; None where it is no matrix."""
    if not value or not argument:
        return value or argument
    if value[1] == 1 and argument[1] == 1:
        return (value[0], argument[0])
    return None


def sympy_shape(arguments: Sequence[Any], value: Sizes, by: Sequence[int]) -> Sizes:
    """The shape of a call as SymPy has it, () for a number."""
    shape = () if value == (1, 1) else value
    for place in by:
        argument = arguments[place].shape if is_matrix(arguments[place]) else ()
        shape = derived_shape(shape, () if argument == (1, 1) else argument) or ()
    return shape


class UnspecifiedCall:
    """What the calls below share: the last of their arguments is the shape of the value."""

    entry: ClassVar[UnspecifiedFunction]
    args: Any

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the function is called with."""
        arguments: tuple[Any, ...] = self.args[:-1]
        return arguments

    @property
    def value_shape(self) -> Sizes:
        """The shape of the value of the function itself, () for a number."""
        return tuple(self.args[-1])

    def _named(self, place: int) -> bool:
        """Whether an argument is a name that no other argument holds."""
        argument = self.arguments[place]
        others = self.arguments[:place] + self.arguments[place + 1 :]
        is_name = bool(argument.is_symbol)
        return is_name and not any(argument in other.free_symbols for other in others)

    def _sympystr(self, printer: Any) -> str:
        written = [printer.doprint(argument) for argument in self.arguments]
        names = [text if self._named(place) else None for place, text in enumerate(written)]
        return self.entry.text(written, names)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        written = [printer.doprint(argument) for argument in self.arguments]
        text = self.entry.latex(written, [self._named(place) for place in range(len(written))])
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


class ScalarCall(UnspecifiedCall, Expr):
    """An unspecified number."""

    is_commutative = True
    is_real = True

    def _eval_derivative(self, symbol: Any) -> Any:
        terms = []
        for place, argument in enumerate(self.arguments):
            if symbol not in argument.free_symbols:
                continue
            if is_matrix(argument):
                raise UnsupportedError(
                    f"SymPy cannot differentiate {self}",
                    hint="declare a Network and use derive(...)",
                )
            derivative = self.entry.derivative(place, not any(map(is_matrix, self.arguments)))
            terms.append(derivative.call(self.arguments, self.value_shape) * argument.diff(symbol))
        return Add(*terms)


class MatrixCall(UnspecifiedCall, MatrixExpr):
    """An unspecified matrix."""

    @property
    def shape(self) -> Any:
        shape = sympy_shape(self.arguments, self.value_shape, self.entry.by)
        return shape or (S.One, S.One)

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return MatrixElement(self, i, j)

    def _eval_derivative(self, x: Any) -> Any:
        raise UnsupportedError(
            f"SymPy's matrix derivatives do not cover {self.entry.symbol}",
            hint="declare a Network and use derive(...)",
        )


@cache
def _call_class(entry: UnspecifiedFunction, base: type) -> Any:
    return _named(base, str(entry), entry)


@dataclass(frozen=True)
class Function:
    """What `function` gives: to be called with the arguments."""

    entry: UnspecifiedFunction
    shape: Sizes

    def __call__(self, *arguments: Any) -> Any:
        """The unspecified value for these arguments, scalars or matrices of any shapes."""
        given = [as_expression(argument) for argument in arguments]
        if not given:
            raise DeclarationError(
                f"{self.entry.symbol} is called without an argument",
                hint=f"write {self.entry.symbol}(x)",
            )
        if len(given) == 1 and not self.shape and not is_matrix(given[0]):
            return Activation(self.entry.symbol, self.entry.symbol_latex)(given[0])
        return self.entry.call(given, self.shape)

    def __repr__(self) -> str:
        return self.entry.symbol


def function(name: str, *, shape: Any = None, latex: str | None = None) -> Function:
    r"""An unspecified function of several arguments: `function("l")(h, y)`, `function("R")(W)`.

    Its value is a number, or with `shape=(N, 1)` a column (or any other matrix) of that shape. It
    can be derived and printed, not emitted; there is no derivative of a column by a matrix. `latex`
    is its LaTeX name. Raises DeclarationError for a name that the vocabulary has.
    """
    checked = checked_name(name, "function")
    sizes: Sizes = ()
    if shape is not None:
        with context(f"function {name!r}"):
            sizes = tuple(map(as_expression, shape)) if isinstance(shape, tuple | list) else ()
        if len(sizes) != 2 or any(_is_no_size(size) for size in sizes):
            raise DeclarationError(
                f"{name}: shape={shape!r} is no shape of a matrix", hint="write shape=(N, 1)"
            )
        sizes = () if sizes == (1, 1) else sizes
    return Function(UnspecifiedFunction(checked, latex_name(checked, latex)), sizes)


def _is_no_size(size: Any) -> bool:
    return bool(is_matrix(size) or size.is_integer is False or size.is_positive is False)
