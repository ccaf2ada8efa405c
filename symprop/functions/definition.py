"""A user's own functions: `define("swish2", lambda u: u*sigmoid(2*u))`, and own layers.

A function is a formula over numbers, applied entry by entry like one of the vocabulary; a layer is
a formula over matrices as they are. Neither goes into the vocabulary, so one program may hold two
networks that mean different things by a name; within a network two are refused. The code computes
the formula in place, in its stable forms; texts keep the name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from inspect import Parameter, Signature, signature
from typing import Any, ClassVar

from sympy import Expr, Lambda, Symbol

from symprop.errors import DeclarationError, SympropError, UnsupportedError, context
from symprop.functions.classes import (
    CompositeScalar,
    ElementwiseMatrix,
    ScalarFunction,
    VocabularyMatrix,
    as_expression,
    bound_arguments,
    call_latex,
    call_text,
    is_matrix,
)
from symprop.functions.naming import checked_name
from symprop.functions.vocabulary import Code, Elementwise


def define(
    name: str, body: Callable[..., Any], *, layer: bool = False, latex: str | None = None
) -> Any:
    r"""A function of your own: at once differentiable, printable under its name and emittable.

        swish2 = define("swish2", lambda u: u * sigmoid(2 * u))
        swish = define("swish", lambda u, beta=1: u * sigmoid(beta * u))

    `body`, a Python function or SymPy's Lambda, takes numbers (symbols stand for them) and gives a
    formula in the functions of symprop; whatever it depends on is an argument. The result is called
    like a function of the vocabulary, with scalars or, entry by entry, with matrices; a scalar
    beside a matrix is one for all entries.

        dense = define("dense", lambda W, x, b: sigmoid(W * x + b), layer=True)

    With `layer=True` the body takes what it is called with as it is, scalars and matrices, and the
    result is a scalar or a matrix of whatever shape comes out. A layer may also use the symbols of
    the network around it.

    `latex` is the LaTeX of the name, such as r"\operatorname{swish}_2". Defining the same again is
    fine. Raises DeclarationError for a name that the vocabulary has or a body that is no function,
    UnsupportedError for a body that fails or gives no such expression.
    """
    checked = checked_name(name, "define")
    if latex is not None and not isinstance(latex, str):
        raise DeclarationError(
            f"the LaTeX name of {name!r} is not text: {latex!r}",
            hint=r'write latex=r"\operatorname{swish}"',
        )
    head = (latex or rf"\operatorname{{{_escaped(checked)}}}").replace("{", "{{")
    call = head.replace("}", "}}") + r"\left({}\right)"
    parameters = _parameters(checked, body)
    if layer:
        return Layer(checked, body, Signature(parameters), call)
    with context(f"define {name!r}"):
        return _definition(checked, body, parameters, call)


def _escaped(name: str) -> str:
    return name.replace("_", r"\_")


def _parameters(name: str, body: Any) -> list[Parameter]:
    """The parameters of a body, all of them plain."""
    if not callable(body):
        raise DeclarationError(
            f"define {name!r}: the body is no function but {body!r}",
            hint=f'write define("{name}", lambda u: ...)',
        )
    kind = Parameter.POSITIONAL_OR_KEYWORD
    if isinstance(body, Lambda):
        return [Parameter(str(variable), kind) for variable in body.variables]
    try:
        found = list(signature(body).parameters.values())
    except (TypeError, ValueError):
        found = []
    plain = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    if not found or any(parameter.kind not in plain for parameter in found):
        raise DeclarationError(
            f"define {name!r}: the body needs one or several plain arguments",
            hint=f'write define("{name}", lambda u, v: ...)',
        )
    return [Parameter(each.name, kind, default=each.default) for each in found]


def _value(name: str, body: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    """What a body gives for these arguments; UnsupportedError where that is no expression."""
    try:
        value = body(*arguments)
    except (SympropError, RecursionError):
        raise
    except Exception as error:
        cause = " ".join(f"{type(error).__name__}: {error}".split())
        hint = "it is called with symbols, not with numbers"
        if "truth value" in cause:
            hint = "write maximum(u, v), relu(u) or unit_step(u) instead of asking if u > v"
        elif any(map(is_matrix, arguments)):
            hint = "look at the shapes of its arguments"
        elif isinstance(error, TypeError | AttributeError):
            hint = "use the functions of symprop, not of math or NumPy"
        raise UnsupportedError(f"the body of {name} fails: {cause[:160]}", hint=hint) from error
    if value is None:
        raise UnsupportedError(
            f"the body of {name} gives no expression but None", hint="let it return the formula"
        )
    expression = as_expression(value)
    if not isinstance(expression, Expr) and not is_matrix(expression):
        raise UnsupportedError(
            f"the body of {name} gives {str(value)[:60]}, which is not a number or a matrix",
            hint="let it return one formula",
        )
    return expression


# -- entry by entry -------------------------------------------------------------------------------


def _definition(
    name: str, body: Callable[..., Any], parameters: Sequence[Parameter], latex: str
) -> Definition:
    symbols = tuple(Symbol(parameter.name, real=True) for parameter in parameters)
    value = _value(name, body, symbols)
    if is_matrix(value):
        raise UnsupportedError(
            f"the body of {name} gives a matrix, not a number",
            hint="write layer=True for a function of whole matrices",
        )
    beside = sorted(map(str, value.free_symbols - set(symbols)))
    if beside:
        listed = ", ".join([*map(str, symbols), *beside])
        raise UnsupportedError(
            f"the body of {name} uses {', '.join(beside)}, which is no argument of it",
            hint=f'write define("{name}", lambda {listed}: ...), or layer=True',
        )
    defaults = {
        symbol: as_expression(parameter.default)
        for symbol, parameter in zip(symbols, parameters, strict=True)
        if parameter.default is not Parameter.empty
    }
    code = Code(f"{name}({{}})")  # never called: the code computes the formula
    made = Definition(name, value, latex, code, code, arguments=symbols, defaults=defaults)
    made.check()
    return made


class Definition(Elementwise):
    """A user's own function of numbers, applied entry by entry; equal ones compare equal."""

    def __post_init__(self, derivative: Expr | None) -> None:
        object.__setattr__(self, "scalar_class", _scalar_class(self))
        object.__setattr__(self, "matrix_class", _matrix_class(self))

    def _key(self) -> tuple[Any, ...]:
        return self.name, self.value, self.arguments, self.latex, tuple(self.defaults.items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def check(self) -> None:
        """UnsupportedError where the formula cannot be read."""
        from symprop.expression.definition import formula_of  # it is read in terms of this room

        formula_of(self)


class DefinedScalar(ScalarFunction):
    """A user's own function of numbers."""

    entry: ClassVar[Definition]

    def _filled_in(self, formula: Any) -> Any:
        return formula.xreplace(dict(zip(self.entry.arguments, self.args, strict=True)))

    def fdiff(self, argindex: int = 1) -> Any:
        return self._filled_in(self.entry.value.diff(self.entry.arguments[argindex - 1]))


class DefinedMatrix(ElementwiseMatrix):
    """A user's own function of every entry of a matrix."""

    entry: ClassVar[Definition]


@cache
def _scalar_class(entry: Definition) -> Any:
    def numeric(*numbers: Any) -> Any:
        return _numeric(entry)(*numbers)

    count = len(entry.arguments)
    return _named(DefinedScalar, entry.name, entry, nargs=count, _imp_=staticmethod(numeric))


@cache
def _numeric(entry: Definition) -> Callable[..., Any]:
    return entry.numeric()


@cache
def _matrix_class(entry: Definition) -> Any:
    return _named(DefinedMatrix, f"{entry.name}_matrix", entry)


def _named(base: type, name: str, entry: object, **content: object) -> Any:
    return type(base)(name, (base,), {"entry": entry, "__module__": __name__, **content})


# -- layers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Layer:
    """A user's own function of whole matrices; short for the expression that its body gives."""

    name: str
    body: Callable[..., Any]
    signature: Signature
    latex: str

    def __call__(self, *given: Any, **named: Any) -> Any:
        """The expression, kept under its name; of the shape that comes out."""
        bound = bound_arguments(self.name, self.signature, given, named)
        arguments = [as_expression(argument) for argument in bound]
        return _layer_class(self, is_matrix(self.definition(*arguments)))(*arguments)

    def definition(self, *arguments: Any) -> Any:
        """The expression that a call is short for."""
        return _layer_value(self, arguments)

    def __repr__(self) -> str:
        return self.name


@lru_cache(maxsize=1024)
def _layer_value(layer: Layer, arguments: tuple[Any, ...]) -> Any:
    return _value(layer.name, layer.body, arguments)


class LayerScalar(CompositeScalar):
    """A number that a layer gives."""

    entry: ClassVar[Layer]

    def _sympystr(self, printer: Any) -> str:
        return call_text(self, self.args, printer)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = call_latex(self, self.args, printer)
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


class LayerMatrix(VocabularyMatrix):
    """A matrix that a layer gives."""

    entry: ClassVar[Layer]

    def definition(self) -> Any:
        """The expression that it is short for."""
        return self.entry.definition(*self.args)

    @property
    def shape(self) -> Any:
        return self.definition().shape

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return self.definition()[i, j]

    def _sympystr(self, printer: Any) -> str:
        return call_text(self, self.args, printer)

    def _latex(self, printer: Any) -> str:
        return call_latex(self, self.args, printer)


@cache
def _layer_class(layer: Layer, matrix: bool) -> Any:
    return _named(LayerMatrix if matrix else LayerScalar, layer.name, layer)
