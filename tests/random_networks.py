"""Random networks, each expression made twice: in SymPy, and as NumPy written by hand.

What symprop makes of the SymPy expression is held against the NumPy function that was made beside
it, in the brackets the user wrote: nothing here goes through symprop's reading. The functions
take complex numbers, so a complex step differentiates them to full precision.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy
from differences import complex_step, logsumexp, relu, sigmoid, softmax, softplus
from sympy import HadamardPower, HadamardProduct, MatrixSymbol, OneMatrix, Rational, Symbol

import symprop
from symprop import Network

Values = Mapping[str, Any]
Compute = Callable[[Values], Any]
LARGEST = 10.0
"""Values beyond this are not built on: 1 - sigmoid(z) must keep its digits."""


@dataclass(frozen=True)
class Value:
    """An expression of SymPy, its shape (() for a scalar), and the same in NumPy."""

    expression: Any
    shape: tuple[Any, ...]
    compute: Compute


# -- functions of complex numbers -----------------------------------------------------------------


def _log_softmax(z: Any, axis: int) -> Any:
    return z - logsumexp(z, axis)


def _reshaped(value: Any, shape: tuple[Any, ...]) -> Any:
    """A number as a 1 x 1 array and back, as `shape` wants it."""
    array = np.asarray(value)
    return array.reshape(()) if shape == () else array


# -- the generator --------------------------------------------------------------------------------


class Impossible(Exception):
    """An operation that the values at hand do not allow; another one is tried."""


@dataclass
class Maker:
    """Draws a network, one step after the other, and keeps what every name is worth.

    `labelled` says that the entries of the target Y sum to 1 and that symprop is told so.
    """

    random: random.Random
    matrices: bool
    network: Any = None
    pool: list[Value] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    steps: list[tuple[str, Compute]] = field(default_factory=list)
    weights: list[str] = field(default_factory=list)
    labelled: bool = False

    # -- declaring ----------------------------------------------------------------------------

    def declare(self) -> None:
        roles: dict[str, list[Any]] = {"inputs": [], "targets": [], "weights": []}
        labels: dict[Any, str] = {}
        for name, role in (("x", "inputs"), ("y", "targets"), ("w", "weights"), ("b", "weights")):
            self._declared(Symbol(name, real=True), (), roles[role])
        if self.matrices:
            extents = [self._extent(name) for name in "DNV"]
            first, second = self.random.choice(extents), self.random.choice(extents)
            shapes = [(first, 1), (second, 1), (second, first), (first, first), (1, second), (1, 1)]
            for name, shape in zip(("X", "c", "W", "Q", "r", "m"), shapes, strict=True):
                role = "weights" if name != "X" else "inputs"
                if role == "inputs" or self.random.random() < 0.6:
                    self._declared(MatrixSymbol(name, *shape), shape, roles[role])
            target = MatrixSymbol("Y", second, 1)
            self._declared(target, (second, 1), roles["targets"])
            if second != 1 and self.random.random() < 0.3:
                self.labelled = True
                labels[target] = "probabilities"
                self.values["Y"] = np.exp(self.values["Y"]) / np.exp(self.values["Y"]).sum()
        self.network = Network(
            "random",
            inputs=roles["inputs"],
            targets=roles["targets"],
            weights=roles["weights"],
            labels=labels,
        )
        self.weights = [symbol.name for symbol in roles["weights"]]

    def _extent(self, name: str) -> Any:
        number = self.random.choice([2, 3, 1, 2, 4])
        if self.random.random() < 0.3:
            return number
        self.sizes[name] = number
        return Symbol(name, integer=True, positive=True)

    def _declared(self, symbol: Any, shape: tuple[Any, ...], role: list[Any]) -> None:
        role.append(symbol)
        numeric = tuple(self.number(extent) for extent in shape)
        count = int(np.prod(numeric, dtype=int))
        drawn = [self.random.uniform(-1.5, 1.5) or 0.5 for _ in range(count)]
        self.values[symbol.name] = np.array(drawn).reshape(numeric)
        self._offer(Value(symbol, shape, self._look_up(symbol.name)))

    @staticmethod
    def _look_up(name: str) -> Compute:
        return lambda values: values[name]

    def number(self, extent: Any) -> int:
        return self.sizes[extent.name] if isinstance(extent, Symbol) else int(extent)

    def _offer(self, value: Value) -> None:
        self.pool.append(value)

    # -- steps --------------------------------------------------------------------------------

    def step(self) -> None:
        made = self.grow(self.random.choice([1, 2, 3]))
        name = f"s{len(self.steps)}"
        self._record(name, self.network.step(name, made.expression), made)

    def _record(self, name: str, symbol: Any, made: Value) -> None:
        shape = () if made.shape == (1, 1) else made.shape

        def compute(values: Values) -> Any:
            result = made.compute(values)
            return result[0, 0] if made.shape == (1, 1) else result

        self.steps.append((name, compute))
        self.values[name] = np.real(_reshaped(compute(self.values), shape))
        self._offer(Value(symbol, shape, self._look_up(name)))

    def loss(self) -> None:
        """A sum of numbers made of everything that nothing else uses yet."""
        used = {str(s) for step in self.network.steps.values() for s in _names(step.expression)}
        terms = []
        for value in self.pool:
            if str(value.expression) not in used:
                terms.append(self._number_of(value))
        terms.append(self._number_of(self.grow(2)))
        if self.matrices and self.random.random() < 0.6:
            terms.append(self.composite())
        factors = [self.random.choice([1, 2, -1, Rational(1, 2), 0.25]) for _ in terms]
        expression = sum(f * t.expression for f, t in zip(factors, terms, strict=True))
        parts = [(float(f), t.compute) for f, t in zip(factors, terms, strict=True)]
        symbol = self.network.loss(expression)
        made = Value(expression, (), lambda values: sum(f * part(values) for f, part in parts))
        self._record("L", symbol, made)

    def _number_of(self, value: Value) -> Value:
        return self.reduced(value) if value.shape else value

    # -- expressions --------------------------------------------------------------------------

    def grow(self, depth: int) -> Value:
        """A random expression of at most `depth` operations on one route."""
        if depth == 0:
            recent = self.pool[-3:] if self.random.random() < 0.5 else self.pool
            return self.random.choice(recent)
        for _ in range(60):
            operations = SCALAR_OPERATIONS + (MATRIX_OPERATIONS if self.matrices else [])
            operation = self.random.choice(operations)
            try:
                made: Value = operation(self, self.grow(depth - 1))
                with np.errstate(all="ignore"):
                    value = np.asarray(made.compute(self.values))
            except Impossible:
                continue
            if np.isfinite(value).all() and np.abs(value).max() < LARGEST:
                expected = tuple(self.number(extent) for extent in made.shape)
                assert value.shape == expected, (made.expression, value.shape, expected)
                return made
        return self.grow(0)

    def another(self, like: Value) -> Value:
        """A value of the same shape."""
        found = [value for value in self.pool if value.shape == like.shape]
        if not found:
            raise Impossible
        return self.random.choice(found)

    def a_scalar(self) -> Value:
        found = [value for value in self.pool if not value.shape]
        return self.random.choice(found[-4:])

    def reduced(self, a: Value) -> Value:
        """A number made of a matrix."""
        e, f = a.expression, a.compute
        kinds: list[Value] = [
            Value(symprop.total(e), (), lambda v: f(v).sum()),
            Value(symprop.mean(e), (), lambda v: f(v).mean()),
            Value(symprop.squared_norm(e), (), lambda v: (f(v) ** 2).sum()),
            Value(symprop.total(symprop.tanh(e)), (), lambda v: np.tanh(f(v)).sum()),
        ]
        if a.shape == (1, 1):
            kinds.append(Value(symprop.scalar(e), (), lambda v: f(v)[0, 0]))
        elif a.shape[1] == 1:
            kinds.append(Value(symprop.scalar(e.T * e), (), lambda v: (f(v) ** 2).sum()))
            kinds.append(Value(symprop.logsumexp(e), (), lambda v: logsumexp(f(v), 0)[0, 0]))
        elif a.shape[0] == 1:
            kinds.append(
                Value(symprop.logsumexp(e, axis=1), (), lambda v: logsumexp(f(v), 1)[0, 0])
            )
        return self.random.choice(kinds)

    def composite(self) -> Value:
        """A loss of the vocabulary, on columns."""
        a = self.random.choice([v for v in self.pool if v.shape and v.shape[1] == 1])
        b = self.another(a)
        if a.shape == (1, 1):
            return self.reduced(a)
        p, q = symprop.softmax(a.expression), symprop.sigmoid(b.expression)
        e, g = a.compute, b.compute
        mean = symprop.mean_squared_error
        kinds: list[Value] = [
            Value(
                symprop.cross_entropy(b.expression, p),
                (),
                lambda v: -(g(v) * np.log(softmax(e(v), 0))).sum(),
            ),
            Value(
                symprop.binary_cross_entropy(a.expression, q),
                (),
                lambda v: (
                    -(e(v) * np.log(sigmoid(g(v))) + (1 - e(v)) * np.log(1 - sigmoid(g(v)))).sum()
                ),
            ),
            Value(mean(a.expression, q), (), lambda v: ((e(v) - sigmoid(g(v))) ** 2).mean()),
            Value(
                symprop.half_squared_error(a.expression, p),
                (),
                lambda v: ((e(v) - softmax(e(v), 0)) ** 2).sum() / 2,
            ),
            Value(
                symprop.l2(a.expression, b.expression),
                (),
                lambda v: (e(v) ** 2).sum() + (g(v) ** 2).sum(),
            ),
        ]
        return self.random.choice(kinds)


def _names(expression: Any) -> set[Any]:
    return expression.atoms(Symbol, MatrixSymbol) if hasattr(expression, "atoms") else set()


def _constant(value: Value, number: Any) -> Any:
    """A number that can be added to `value`."""
    return number * OneMatrix(*value.shape) if value.shape else number


Operation = Callable[[Maker, Value], Value]
SCALAR_OPERATIONS: list[Operation] = []
MATRIX_OPERATIONS: list[Operation] = []


def _entrywise(operation: Operation) -> Operation:
    SCALAR_OPERATIONS.append(operation)
    return operation


def _on_matrices(operation: Operation) -> Operation:
    def checked(maker: Maker, a: Value) -> Value:
        if not a.shape:
            raise Impossible
        return operation(maker, a)

    MATRIX_OPERATIONS.append(checked)
    return operation


# -- entry by entry, on scalars and matrices ------------------------------------------------------


@_entrywise
def _function(maker: Maker, a: Value) -> Value:
    e, f = a.expression, a.compute
    kinds: list[tuple[Any, Any]] = [
        (symprop.tanh, np.tanh),
        (symprop.sigmoid, sigmoid),
        (symprop.softplus, softplus),
        (symprop.relu, relu),
        (symprop.exp, np.exp),
    ]
    function, numeric = maker.random.choice(kinds)
    return Value(function(e), a.shape, lambda v: numeric(f(v)))


@_entrywise
def _of_positive(maker: Maker, a: Value) -> Value:
    positive = symprop.softplus(a.expression) + _constant(a, Rational(1, 2))
    f = a.compute
    kinds: list[tuple[Any, Any]] = [(symprop.log, np.log), (symprop.sqrt, np.sqrt)]
    function, numeric = maker.random.choice(kinds)
    return Value(function(positive), a.shape, lambda v: numeric(softplus(f(v)) + 0.5))


@_entrywise
def _power(maker: Maker, a: Value) -> Value:
    e, f = a.expression, a.compute
    exponent = maker.random.choice([2, 3, 1])
    raised = HadamardPower(e, exponent) if a.shape else e**exponent
    return Value(raised, a.shape, lambda v: f(v) ** exponent)


@_entrywise
def _power_of_positive(maker: Maker, a: Value) -> Value:
    f = a.compute
    base = symprop.sigmoid(a.expression)
    exponent: Any = maker.random.choice([-1, -2, Rational(1, 2), Rational(-3, 2), 0.75])
    power: Compute = lambda values: float(exponent)  # noqa: E731
    if maker.random.random() < 0.4:
        scalar = maker.a_scalar()
        exponent, power = scalar.expression, scalar.compute
    raised = HadamardPower(base, exponent) if a.shape else base**exponent
    return Value(raised, a.shape, lambda v: sigmoid(f(v)) ** power(v))


@_entrywise
def _plus(maker: Maker, a: Value) -> Value:
    b = maker.another(a)
    f, g = a.compute, b.compute
    if maker.random.random() < 0.5:
        return Value(a.expression + b.expression, a.shape, lambda v: f(v) + g(v))
    return Value(2 * a.expression - b.expression, a.shape, lambda v: 2 * f(v) - g(v))


@_entrywise
def _times(maker: Maker, a: Value) -> Value:
    b = maker.another(a)
    f, g = a.compute, b.compute
    e = HadamardProduct(a.expression, b.expression) if a.shape else a.expression * b.expression
    return Value(e, a.shape, lambda v: f(v) * g(v))


@_entrywise
def _shifted(maker: Maker, a: Value) -> Value:
    f, s = a.compute, maker.a_scalar()
    e = a.expression + _constant(a, s.expression)
    return Value(e, a.shape, lambda v: f(v) + s.compute(v))


@_entrywise
def _scaled(maker: Maker, a: Value) -> Value:
    f, s = a.compute, maker.a_scalar()
    return Value(s.expression * a.expression, a.shape, lambda v: s.compute(v) * f(v))


@_entrywise
def _one_minus(maker: Maker, a: Value) -> Value:
    f = a.compute
    return Value(_constant(a, 1) - a.expression, a.shape, lambda v: 1 - f(v))


@_entrywise
def _divided(maker: Maker, a: Value) -> Value:
    f, s = a.compute, maker.a_scalar()
    divisor = 1 + symprop.exp(symprop.tanh(s.expression))
    return Value(
        a.expression / divisor, a.shape, lambda v: f(v) / (1 + np.exp(np.tanh(s.compute(v))))
    )


# -- matrices -------------------------------------------------------------------------------------


@_on_matrices
def _transposed(maker: Maker, a: Value) -> Value:
    f = a.compute
    return Value(a.expression.T, a.shape[::-1], lambda v: f(v).T)


@_on_matrices
def _quotient(maker: Maker, a: Value) -> Value:
    b = maker.another(a)
    f, g = a.compute, b.compute
    divisor = symprop.sigmoid(b.expression)
    e = HadamardProduct(a.expression, HadamardPower(divisor, -1))
    return Value(e, a.shape, lambda v: f(v) / sigmoid(g(v)))


@_on_matrices
def _product(maker: Maker, a: Value) -> Value:
    choices = []
    for b in maker.pool:
        if b.shape and b.shape[0] == a.shape[1]:
            choices.append((a, b, False, False))
        if b.shape and b.shape[1] == a.shape[0]:
            choices.append((b, a, False, False))
        if b.shape and b.shape[1] == a.shape[1]:
            choices.append((a, b, False, True))
        if b.shape and b.shape[0] == a.shape[0]:
            choices.append((a, b, True, False))
    if not choices:
        raise Impossible
    left, right, turn_left, turn_right = maker.random.choice(choices)
    f, g = left.compute, right.compute
    rows = left.shape[1] if turn_left else left.shape[0]
    columns = right.shape[0] if turn_right else right.shape[1]
    e = (left.expression.T if turn_left else left.expression) * (
        right.expression.T if turn_right else right.expression
    )

    def compute(v: Values) -> Any:
        return (f(v).T if turn_left else f(v)) @ (g(v).T if turn_right else g(v))

    return Value(e, (rows, columns), compute)


@_on_matrices
def _outer(maker: Maker, a: Value) -> Value:
    columns = [v for v in maker.pool if v.shape and v.shape[1] == 1]
    if a.shape[1] != 1:
        raise Impossible
    b = maker.random.choice(columns)
    f, g = a.compute, b.compute
    return Value(a.expression * b.expression.T, (a.shape[0], b.shape[0]), lambda v: f(v) @ g(v).T)


@_on_matrices
def _scaled_by_product(maker: Maker, a: Value) -> Value:
    """(u'v) A: with symbolic sizes SymPy drops the brackets and the shape."""
    columns = [v for v in maker.pool if v.shape and v.shape[1] == 1]
    u = maker.random.choice(columns)
    w = maker.another(u)
    f, g, h = a.compute, u.compute, w.compute
    number = u.expression.T * w.expression
    sides = [symprop.scalar(number) * a.expression]
    if any(isinstance(extent, Symbol) for extent in a.shape):
        try:
            sides += [number * a.expression, a.expression * number]
        except sympy.matrices.exceptions.ShapeError:
            pass
    return Value(maker.random.choice(sides), a.shape, lambda v: (g(v) * h(v)).sum() * f(v))


@_on_matrices
def _matrix_power(maker: Maker, a: Value) -> Value:
    if a.shape[0] != a.shape[1] or a.shape == (1, 1):
        raise Impossible
    f = a.compute
    exponent = maker.random.choice([2, 3])
    return Value(a.expression**exponent, a.shape, lambda v: np.linalg.multi_dot([f(v)] * exponent))


@_on_matrices
def _broadcast(maker: Maker, a: Value) -> Value:
    others = [v for v in maker.pool if v.shape]
    b = maker.random.choice(others)
    rows, columns = b.shape
    f, g = a.compute, b.compute
    if a.shape == (rows, 1):
        e = a.expression * OneMatrix(1, columns) + b.expression
        return Value(e, b.shape, lambda v: f(v) + g(v))
    if a.shape == (1, columns):
        e = HadamardProduct(OneMatrix(rows, 1) * a.expression, b.expression)
        return Value(e, b.shape, lambda v: f(v) * g(v))
    if a.shape[1] == rows:
        e = a.expression * OneMatrix(rows, columns)
        return Value(
            e, (a.shape[0], columns), lambda v: f(v).sum(axis=1, keepdims=True) + 0 * g(v)[:1]
        )
    raise Impossible


@_on_matrices
def _identity(maker: Maker, a: Value) -> Value:
    if a.shape[0] != a.shape[1] or a.shape == (1, 1):
        raise Impossible
    f = a.compute
    e = a.expression + sympy.Identity(a.shape[0])
    return Value(e, a.shape, lambda v: f(v) + np.eye(f(v).shape[0]))


@_on_matrices
def _along(maker: Maker, a: Value) -> Value:
    f = a.compute
    axis = maker.random.choice([0, 1])
    if a.shape == (1, 1):
        raise Impossible
    kinds = [(symprop.softmax, softmax), (symprop.log_softmax, _log_softmax)]
    function, numeric = maker.random.choice(kinds)
    return Value(function(a.expression, axis=axis), a.shape, lambda v: numeric(f(v), axis))


@_on_matrices
def _reduced_along(maker: Maker, a: Value) -> Value:
    e, f = a.expression, a.compute
    axis = maker.random.choice([0, 1])
    if a.shape[1 - axis] == 1:
        raise Impossible
    shape = (1, a.shape[1]) if axis == 0 else (a.shape[0], 1)
    kinds: Sequence[Value] = [
        Value(symprop.total(e, axis=axis), shape, lambda v: f(v).sum(axis=axis, keepdims=True)),
        Value(symprop.mean(e, axis=axis), shape, lambda v: f(v).mean(axis=axis, keepdims=True)),
        Value(symprop.logsumexp(e, axis=axis), shape, lambda v: logsumexp(f(v), axis)),
    ]
    return maker.random.choice(kinds)


@_on_matrices
def _reduced(maker: Maker, a: Value) -> Value:
    return maker.reduced(a)


@_on_matrices
def _dot(maker: Maker, a: Value) -> Value:
    b = maker.another(a)
    f, g = a.compute, b.compute
    return Value(symprop.dot(a.expression, b.expression), (), lambda v: (f(v) * g(v)).sum())


@_on_matrices
def _applied(maker: Maker, a: Value) -> Value:
    f, s = a.compute, maker.a_scalar()
    if maker.random.random() < 0.5 or a.expression.shape == (1, 1):  # SymPy calls f on a 1 x 1
        return Value(a.expression.applyfunc(symprop.sigmoid), a.shape, lambda v: sigmoid(f(v)))
    e = a.expression.applyfunc(lambda t: sympy.tanh(s.expression * t) + t**2)
    return Value(e, a.shape, lambda v: np.tanh(s.compute(v) * f(v)) + f(v) ** 2)


# -- the derivative by complex step ---------------------------------------------------------------


def make(chooser: random.Random, *, matrices: bool) -> Maker:
    """A random network with a loss."""
    maker = Maker(chooser, matrices)
    maker.declare()
    for _ in range(chooser.choice([2, 3, 1, 4, 5])):
        maker.step()
    maker.loss()
    return maker


def loss_at(maker: Maker, values: Values) -> Any:
    """The loss in NumPy, every step evaluated anew."""
    known = dict(values)
    for name, compute in maker.steps:
        known[name] = compute(known)
    return known["L"]


def differences(maker: Maker) -> dict[str, Any]:
    """The gradient of the loss by every declared symbol, by complex steps."""
    declared = {name: maker.values[name] for name in maker.network.declared}
    return complex_step(lambda values: loss_at(maker, values), declared)
