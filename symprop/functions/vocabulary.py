"""The mechanism of the vocabulary: one entry in one place, everything else follows from it.

An entry holds the value of a function as a formula, its derivative, and how it is written in
LaTeX, NumPy and plain Python. From it come the function that users call, a SymPy class for
scalars and one for matrices, numeric evaluation, the rules of the chain rule, and the tests.

Three kinds of entry: `Elementwise` (sigmoid), `AlongAxis` (softmax: whole columns or rows) and
`Composite` (a loss: short for an expression in other functions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from functools import cache
from inspect import Parameter, Signature
from typing import Any, ClassVar, Protocol, TypeVar, cast

from sympy import Expr, Symbol
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
    bound_arguments,
    checked_axis,
    is_matrix,
    no_column,
    u,
)
from symprop.functions.numeric import NUMERIC

VOCABULARY: dict[str, Elementwise | AlongAxis | Composite] = {}
"""Every entry by its name."""

SYMPY_FUNCTIONS: dict[type, Elementwise] = {}
"""The entry behind a SymPy function class."""

T = TypeVar("T")

UFUNCS = tuple(
    f"np.{name}("
    for name in (
        "abs arctan cos cosh exp expm1 heaviside log log1p logaddexp maximum minimum sign sin sinh"
        " sqrt tan tanh"
    ).split()
)
"""The beginnings of calls of NumPy that take an argument `out`."""


ALONG = Signature(
    [
        Parameter("A", Parameter.POSITIONAL_OR_KEYWORD),
        Parameter("axis", Parameter.POSITIONAL_OR_KEYWORD, default=None),
    ]
)
"""How a function of columns or rows is called."""


def _itself(value: T) -> T:
    return value


@dataclass(frozen=True)
class Code:
    """How a function is called in emitted code: `call` with {} for the arguments.

    `helper` is the source of a function to be defined first, or "" where none is needed; `needs`
    gives the names and sources of those that the helper calls. A `call` with {0} and {1} in it
    `repeats` its arguments, which must be names. A NumPy helper that `takes_out` has an argument
    `out` to write the result to, which may be its first argument, and further arrays of that
    shape, named in `scratch`, for what it computes on the way.
    """

    call: str
    helper: str = ""
    needs: Mapping[str, str] = field(default_factory=dict)
    takes_out: bool = False
    scratch: tuple[str, ...] = ()

    @property
    def repeats(self) -> bool:
        """Whether the arguments may stand in the call more than once."""
        return "{0}" in self.call

    @property
    def writes(self) -> bool:
        """Whether the result can be written to an array that is there already."""
        return self.takes_out if self.helper else self.call.startswith(UFUNCS)


@dataclass(frozen=True, eq=False)
class Elementwise:
    """A function of real numbers, applied to scalars or to every entry of matrices.

    `value` is a formula over the `arguments`, by default `u` alone. `derivatives` has a formula by
    each argument, which may also use `f`, the value; where there is one argument it is
    `derivative`. `defaults` holds the values of arguments that may be left out, the last ones.
    `stable` maps the name of an inner function g to an expression over `u` that equals this
    function of g(u) and does not overflow. `kink` is a formula whose zero is a point without a
    derivative; `domain` one that must be positive (None: the function takes every real number).
    `note` says for the reader of emitted code what is taken at a kink.
    """

    name: str
    value: Expr
    latex: str
    numpy: Code
    python: Code
    derivative: InitVar[Expr | None] = None
    derivatives: tuple[Expr, ...] = ()
    arguments: tuple[Symbol, ...] = (u,)
    defaults: Mapping[Symbol, Expr] = field(default_factory=dict)
    sympy_class: type | None = None
    stable: Mapping[str, Expr] = field(default_factory=dict)
    kink: Expr | None = None
    domain: Expr | None = None
    note: str = ""

    def __post_init__(self, derivative: Expr | None) -> None:
        VOCABULARY[self.name] = self
        if derivative is not None:
            object.__setattr__(self, "derivatives", (derivative,))
        scalar = self.sympy_class or _scalar_class(self)
        object.__setattr__(self, "scalar_class", scalar)
        object.__setattr__(self, "matrix_class", _matrix_class(self.name, ElementwiseMatrix, self))
        SYMPY_FUNCTIONS[scalar] = self

    scalar_class: ClassVar[Any]
    matrix_class: ClassVar[Any]

    def __call__(self, *given: Any, **named: Any) -> Any:
        """The function of scalars or, entry by entry, of matrix expressions.

        A scalar beside a matrix stands for a matrix of equal entries.
        """
        bound = bound_arguments(self.name, self.signature, given, named)
        arguments = [as_expression(argument) for argument in bound]
        return (self.matrix_class if any(map(is_matrix, arguments)) else self.scalar_class)(
            *arguments
        )

    def __repr__(self) -> str:
        return self.name

    @property
    def signature(self) -> Signature:
        """How it is called: its arguments by name, those with a default value last."""
        kind, empty = Parameter.POSITIONAL_OR_KEYWORD, Parameter.empty
        return Signature(
            [Parameter(s.name, kind, default=self.defaults.get(s, empty)) for s in self.arguments]
        )

    def shown(self, arguments: Sequence[T], number: Callable[[T], Any] = _itself) -> Sequence[T]:
        """The arguments without the last ones that have their default values.

        `number` gives the number that an argument is, or anything else.
        """
        defaults = [self.defaults.get(symbol) for symbol in self.arguments]
        while defaults and defaults[-1] is not None and number(arguments[-1]) == defaults[-1]:
            arguments, defaults = arguments[:-1], defaults[:-1]
        return arguments

    def numeric(self, modules: str = "numpy") -> Callable[..., Any]:
        """The value as a function of numbers, from its formula (not the emitted, stable form)."""
        return cast(
            Callable[..., Any], sympy_lambdify(self.arguments, self.value, [NUMERIC, modules])
        )


class EntryByEntry(Protocol):
    """What is asked of any function that is applied entry by entry, a user's own ones included."""

    @property
    def name(self) -> str: ...
    @property
    def latex(self) -> str: ...
    @property
    def arguments(self) -> tuple[Symbol, ...]: ...
    @property
    def derivatives(self) -> tuple[Expr, ...]: ...
    @property
    def kink(self) -> Expr | None: ...
    @property
    def domain(self) -> Expr | None: ...

    def __call__(self, *given: Any) -> Any: ...
    def shown(
        self, arguments: Sequence[T], number: Callable[[T], Any] = _itself
    ) -> Sequence[T]: ...
    def numeric(self, modules: str = "numpy") -> Callable[..., Any]: ...


@dataclass(frozen=True, eq=False)
class AlongAxis:
    """A function of a whole column (axis 0) or row (axis 1) of a matrix.

    `value` gives the entries of the result from the list of entries of the argument, `of_equals`
    what they all are where all `n` entries are `u`, or None where they differ. `pull` gives the
    gradient by the argument, in operations entry by entry, from the upstream gradient g, the own
    value f, a function that totals along the axis, and one that gives another entry of the same
    argument; None where the derivative is 0. `reduces` is True where the column becomes one
    number. `kink` is an entry whose value jumps where there is no derivative, `note` what is
    taken there.
    """

    name: str
    value: Callable[[list[Expr]], list[Expr]]
    of_equals: Expr | None
    pull: Callable[..., Any] | None
    reduces: bool
    latex: str
    numpy: Code
    kink: AlongAxis | None = None
    note: str = ""

    def __post_init__(self) -> None:
        VOCABULARY[self.name] = self
        object.__setattr__(self, "matrix_class", _matrix_class(self.name, AlongMatrix, self))
        object.__setattr__(self, "scalar_class", _scalar_of_matrix_class(self))

    matrix_class: ClassVar[Any]
    scalar_class: ClassVar[Any]

    def __call__(self, *given: Any, **named: Any) -> Any:
        """The function of a column, or of a matrix along `axis`, as NumPy means it."""
        argument, axis = bound_arguments(self.name, ALONG, given, named)
        argument = as_expression(argument)
        axis = checked_axis(self.name, argument, axis, whole=False)
        if not is_matrix(argument):
            return self.of_number(argument, f", in {self.name}({argument})")
        scalar = self.reduces and argument.shape[1 - (axis or 0)] == 1
        return (self.scalar_class if scalar else self.matrix_class)(argument, axis_argument(axis))

    def of_number(self, number: Any, where: str = "") -> Any:
        """A reduction of a single number is that number; ShapeError for any other function."""
        if not self.reduces:
            raise no_column(self.name, where)
        return number

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False)
class Composite:
    """A function that is short for an expression in other functions.

    `definition` takes the arguments and gives that expression. `labels` are the kinds of labels
    that the first argument may have (empty: any), `mend` what to write for another kind, {one} in
    it being 1 or a matrix of ones in the shape of the labels.
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

    def __call__(self, *given: Any, **named: Any) -> Any:
        """The expression, kept under its name."""
        if named:
            given = bound_arguments(self.name, self.signature, given, named)
        if not given or (len(given) != len(self.arguments) and not self.takes_any):
            count = "one or several" if self.takes_any else len(self.arguments)
            raise UnsupportedError(
                f"{self.name} takes {count} argument{'s' * (count != 1)}, not {len(given)}",
                hint=f"write {self.name}({', '.join(self.arguments)})",
            )
        return self.scalar_class(*map(as_expression, given))

    @property
    def signature(self) -> Signature:
        """How it is called: its arguments by name, or any number of them."""
        if self.takes_any:
            return Signature([Parameter(self.arguments[0], Parameter.VAR_POSITIONAL)])
        kind = Parameter.POSITIONAL_OR_KEYWORD
        return Signature([Parameter(name, kind) for name in self.arguments])

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
    def numeric(*given: Any) -> Any:
        return _numeric(entry)(*given)

    own = {"_imp_": staticmethod(numeric), "nargs": len(entry.arguments)}
    return _named(ScalarFunction, entry.name, entry, **own)


@cache
def _numeric(entry: Elementwise) -> Callable[..., Any]:
    """Made when it is first needed: making all of them would slow down every import."""
    return entry.numeric()


def _matrix_class(name: str, base: type, entry: object) -> Any:
    return _named(base, f"{name}_matrix", entry)


def _scalar_of_matrix_class(entry: object) -> Any:
    return _named(ScalarOfMatrix, f"{entry}_scalar", entry)


def _composite_class(entry: Composite) -> Any:
    return _named(CompositeScalar, entry.name, entry)
