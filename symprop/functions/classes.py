"""The SymPy classes behind the vocabulary: what a user's expression is made of.

A class holds its entry, prints itself by its name and works itself out where its arguments are
explicit. Differentiating is not its business: SymPy's matrix derivatives are often wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from inspect import Signature
from typing import Any, ClassVar, cast

from sympy import Expr, Function, Integer, S, Symbol
from sympy.core.symbol import Str
from sympy.core.sympify import _sympify
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr
from sympy.matrices.matrixbase import MatrixBase
from sympy.printing.precedence import PRECEDENCE

from symprop.errors import ShapeError, UnsupportedError

u, v, f = (Symbol(name, real=True) for name in "uvf")
"""The arguments of a function, and its own value, in the formulas of the entries."""

n = Symbol("n", positive=True)
"""The number of entries of a column, in the formulas of the entries."""


def as_expression(value: Any) -> Any:
    """A SymPy expression or a Python number as a SymPy object; text is refused, never parsed."""
    try:
        return _sympify(value)
    except Exception:  # an object of another library may fail in its own way
        shown = " ".join(repr(value).split())[:60]
        raise UnsupportedError(
            f"{shown} is not a SymPy expression", hint=_expression_for(value)
        ) from None


def _expression_for(value: Any) -> str:
    """How to make an expression of what is none."""
    if isinstance(value, str | bytes):
        return "write it without quotes: text is never executed"
    if isinstance(value, list | tuple) or hasattr(value, "shape"):
        return "write Matrix(...) for a matrix of known entries, MatrixSymbol for any other"
    if callable(value):
        return "call it with its arguments"
    return "use symbols, MatrixSymbol and numbers"


def bound_arguments(
    name: str, signature: Signature, given: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Any, ...]:
    """The arguments of a call, defaults among them; UnsupportedError where they do not fit."""
    try:
        bound = signature.bind(*given, **named)
    except TypeError as error:
        raise UnsupportedError(f"{name}: {error}", hint=f"write {name}{signature}") from None
    bound.apply_defaults()
    return bound.args


def is_matrix(expression: object) -> bool:
    """Whether SymPy takes `expression` for a matrix."""
    return bool(getattr(expression, "is_Matrix", False))


NO_AXIS = Str("none")
"""The axis argument where none was given: a column, or all entries."""


def axis_argument(axis: int | None) -> Any:
    """An axis as an argument of a SymPy class."""
    return NO_AXIS if axis is None else Integer(axis)


def checked_axis(name: str, argument: Any, axis: Any, *, whole: bool) -> int | None:
    """The axis as 0 or 1, or None where that is allowed: `whole` totals, and columns."""
    if axis is None and is_matrix(argument) and not whole and argument.shape[1] != 1:
        raise needs_axis(name, argument.shape)
    if axis not in (None, 0, 1, -1, -2) or isinstance(axis, bool):
        raise UnsupportedError(
            f"{name}: axis={axis!r} is not an axis of a matrix",
            hint="use axis=0 for columns or axis=1 for rows",
        )
    return None if axis is None else int(axis) % 2


def no_column(name: str, where: str = "") -> ShapeError:
    """The refusal of a function of a whole column for a single number."""
    return ShapeError(
        f"{name} needs a column or a matrix, not a scalar{where}",
        hint="of one number it is a constant; write sigmoid(u) for two classes",
    )


def needs_axis(name: str, shape: Any) -> UnsupportedError:
    """The refusal of a function of columns or rows of a matrix, where it is not said which."""
    rows, columns = shape
    return UnsupportedError(
        f"{name} of a matrix, {rows} x {columns}, needs an axis",
        hint=f"write {name}(..., axis=0) for columns or axis=1 for rows",
    )


# -- the classes ----------------------------------------------------------------------------------


class ScalarFunction(Function):
    """A function of the vocabulary with scalar arguments."""

    entry: ClassVar[Any]
    is_real = True

    def _filled_in(self, formula: Any) -> Any:
        return formula.xreplace(
            {f: self, **dict(zip(self.entry.arguments, self.args, strict=True))}
        )

    def fdiff(self, argindex: int = 1) -> Any:
        return self._filled_in(self.entry.derivatives[argindex - 1])

    def _eval_evalf(self, prec: int) -> Any:
        return self._filled_in(self.entry.value)._eval_evalf(prec)

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Any:
        return self._filled_in(self.entry.value).rewrite(rule, **hints)

    def _sympystr(self, printer: Any) -> str:
        return call_text(self, self.entry.shown(self.args), printer)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = call_latex(self, self.entry.shown(self.args), printer)
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


def call_text(expression: Any, arguments: Iterable[Any], printer: Any) -> str:
    """A call as the user would write it."""
    return f"{expression.entry.name}({', '.join(map(printer.doprint, arguments))})"


def call_latex(expression: Any, arguments: Iterable[Any], printer: Any) -> str:
    """A call in LaTeX."""
    pattern, inside = expression.entry.latex, ", ".join(map(printer.doprint, arguments))
    if inside.startswith("-"):
        pattern = pattern.replace("+ {}", "{}")
    return cast(str, pattern.format(inside))


def along_latex(expression: Any, printer: Any) -> str:
    """A call with an axis, if it has one, in LaTeX."""
    axes = (axis for axis in expression.args[1:] if axis != NO_AXIS)
    axis = [Symbol(rf"\text{{axis}} = {axis}") for axis in axes]
    return call_latex(expression, [expression.args[0], *axis], printer)


def along_text(expression: Any, printer: Any) -> str:
    """A call with an axis, if it has one, as the user would write it."""
    axis = [Str(f"axis={axis}") for axis in expression.args[1:] if axis != NO_AXIS]
    return call_text(expression, [expression.args[0], *axis], printer)


class VocabularyMatrix(MatrixExpr):
    """A matrix made by a function of the vocabulary; never differentiated by SymPy."""

    entry: ClassVar[Any]

    @property
    def shape(self) -> Any:
        return self.args[0].shape

    def _sympystr(self, printer: Any) -> str:
        return along_text(self, printer)

    def _latex(self, printer: Any) -> str:
        return along_latex(self, printer)

    def _eval_derivative(self, x: Any) -> Any:
        raise UnsupportedError(
            f"SymPy's matrix derivatives do not cover {self.entry.name}",
            hint="declare a Network and use derive(...)",
        )


class ElementwiseMatrix(VocabularyMatrix):
    """A function of every entry of a matrix; a scalar beside it stands for equal entries."""

    @property
    def shape(self) -> Any:
        shapes = [argument.shape for argument in self.args if is_matrix(argument)]
        return next((shape for shape in shapes if shape != (1, 1)), shapes[0])

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return self.entry(*(each[i, j] if is_matrix(each) else each for each in self.args))

    def _sympystr(self, printer: Any) -> str:
        return call_text(self, self.entry.shown(self.args), printer)

    def _latex(self, printer: Any) -> str:
        return call_latex(self, self.entry.shown(self.args), printer)


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
        return along_text(self, printer)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = along_latex(self, printer)
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def doit(self, **hints: Any) -> Any:
        """The number itself where the matrix is explicit. SymPy calls this at every product."""
        argument = self.args[0]
        return self.explicit(list(argument)) if isinstance(argument, MatrixBase) else self

    def _eval_evalf(self, prec: int) -> Any:
        worked_out = self.func(self.args[0].doit(), *self.args[1:]).doit()
        return None if worked_out.func is self.func else worked_out._eval_evalf(prec)

    def explicit(self, entries: list[Expr]) -> Expr:
        """The number, from the entries of the matrix."""
        return cast(Expr, self.entry.value(entries)[0])

    def _eval_derivative(self, symbol: Any) -> Any:
        if symbol not in self.free_symbols:
            return S.Zero
        if isinstance(self.args[0], MatrixBase):
            return self.doit().diff(symbol)
        raise UnsupportedError(
            f"SymPy cannot differentiate {self}", hint="declare a Network and use derive(...)"
        )


class CompositeScalar(Expr):
    """A number that is short for an expression in other functions of the vocabulary."""

    entry: ClassVar[Any]
    is_commutative = True
    is_real = True

    def doit(self, **hints: Any) -> Any:
        """Itself: SymPy calls this at every product, and the name is to be kept."""
        return self

    def definition(self) -> Any:
        """The expression that it is short for."""
        return self.entry.definition(*self.args)

    def _eval_derivative(self, symbol: Any) -> Any:
        return self.definition().diff(symbol)

    def _eval_evalf(self, prec: int) -> Any:
        return self.definition()._eval_evalf(prec)

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Any:
        return self.definition().rewrite(rule, **hints)

    def _sympystr(self, printer: Any) -> str:
        return call_text(self, self.args, printer)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = printer.parenthesize(self.definition(), PRECEDENCE["Func"])
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"
