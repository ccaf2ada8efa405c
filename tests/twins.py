"""Random networks, every expression built twice: with SymPy for symprop, with NumPy as the oracle.

The NumPy twin is a closure that is written beside the SymPy expression and never read off it, so
that a misread expression shows as a wrong loss. Matrices are two-dimensional in it; gradients are
its complex steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
import sympy
from differences import complex_step, logsumexp, relu, sigmoid, softmax, softplus
from sympy import (
    HadamardPower,
    Identity,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Symbol,
    hadamard_product,
)

import symprop.functions as F
from symprop.network import Network

Shape = tuple[Any, ...]
Values = Mapping[str, Any]

N, D, V, n = sympy.symbols("N D V n", integer=True, positive=True)
SCALAR: Shape = ()
SPREAD: Shape = (1, 1)

ELEMENTWISE: list[tuple[Callable[[Any], Any], Callable[[Any], Any]]] = [
    (F.tanh, np.tanh),
    (F.sigmoid, sigmoid),
    (F.relu, relu),
    (F.softplus, softplus),
    (lambda z: F.exp(F.tanh(z)), lambda z: np.exp(np.tanh(z))),
    (lambda z: F.log(F.softplus(F.tanh(z))), lambda z: np.log(softplus(np.tanh(z)))),
    (lambda z: F.log(F.sigmoid(z)), lambda z: -softplus(-z)),
    (lambda z: F.sqrt(F.softplus(F.tanh(z))), lambda z: np.sqrt(softplus(np.tanh(z)))),
]
NUMBERS = [2, 3, -1, Rational(1, 2), Rational(-3, 2), 0.5, 1.25, 4]


@dataclass(frozen=True)
class Twin:
    """A SymPy expression and its value as a function of the values of all names."""

    sympy: Any
    value: Callable[[Values], Any]
    shape: Shape


def named(name: str, shape: Shape) -> Twin:
    symbol = MatrixSymbol(name, *shape) if shape else Symbol(name, real=True)
    return Twin(symbol, lambda values: values[name], shape)


@dataclass
class RandomNetwork:
    """A network, its twin, and sizes for it. `whole`: declared with samples=n."""

    network: Network
    whole: bool
    sizes: dict[str, int]
    inputs: list[Twin] = field(default_factory=list)
    targets: list[Twin] = field(default_factory=list)
    weights: list[Twin] = field(default_factory=list)
    steps: list[tuple[str, Twin]] = field(default_factory=list)
    loss: Twin = field(default_factory=lambda: Twin(None, lambda values: 0.0, SCALAR))
    defaults: dict[str, float] = field(default_factory=dict)

    @property
    def data(self) -> list[Twin]:
        return self.inputs + self.targets

    @property
    def per_sample(self) -> bool:
        return not self.whole and bool(self.data)

    def point(self, seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Random weights, and one dict of data a sample."""
        rng = np.random.default_rng(seed)

        def draw(twins: list[Twin]) -> dict[str, Any]:
            return {t.sympy.name: rng.normal(size=self._numbers(t.shape)) for t in twins}

        samples = self.sizes["n"] if self.per_sample else 1
        return draw(self.weights), [draw(self.data) for _ in range(samples)]

    def _numbers(self, shape: Shape) -> tuple[int, ...]:
        return tuple(self.sizes.get(str(extent)) or int(extent) for extent in shape)

    def values(self, params: Values, sample: Values) -> dict[str, Any]:
        """The value of every name, for one sample."""
        values = {**self.defaults, **params, **sample}
        for name, twin in self.steps:
            values[name] = twin.value(values)
        return values

    def mean_loss(self, params: Values, data: list[dict[str, Any]]) -> Any:
        losses = [self.loss.value(self.values(params, sample)) for sample in data]
        return sum(losses) / len(losses)

    def gradients(self, params: Values, data: list[dict[str, Any]]) -> dict[str, Any]:
        return complex_step(lambda moved: self.mean_loss(moved, data), params)

    def arrays(
        self, params: Values, data: list[dict[str, Any]]
    ) -> tuple[dict[str, Any], list[Any]]:
        """Weights and data as the emitted module takes them."""
        weights = {t.sympy.name: as_declared(t.shape, params[t.sympy.name]) for t in self.weights}
        batch = []
        for twin in self.data:
            found = [as_declared(twin.shape, sample[twin.sympy.name]) for sample in data]
            batch.append(np.stack(found) if self.per_sample else found[0])
        return weights, batch


def as_declared(shape: Shape, value: Any) -> Any:
    """A two-dimensional value as an array of the emitted module: a second size 1 is dropped."""
    value = np.asarray(value)
    return value[:, 0] if len(shape) == 2 and shape[1] == 1 else value


def random_network(rng: Random, kind: str = "matrix", depth: int = 2) -> RandomNetwork:
    """A network; `kind` is matrix, scalar, whole (samples=n) or function (no data)."""
    return _Generator(rng, kind, depth).network()


class _Generator:
    def __init__(self, rng: Random, kind: str, depth: int) -> None:
        self.rng = rng
        self.kind = kind
        self.depth = depth
        self.extents: list[Any] = [] if kind == "scalar" else rng.sample([D, N, V, 2, 3], 2)
        self.sizes = {name: rng.randint(1, 3) for name in "DNV"} | {"n": rng.randint(1, 4)}
        if rng.random() < 0.3:
            self.sizes = dict.fromkeys(self.sizes, 3)
        self.leaves: list[Twin] = []

    # -- the network ------------------------------------------------------------------------------

    def network(self) -> RandomNetwork:
        rng, whole = self.rng, self.kind == "whole"
        columns = self.extents[:]
        first = () if self.kind == "scalar" else tuple(self.extents)
        if whole:
            self.extents = [n, *self.extents]

        def data(prefix: str, counts: list[int]) -> list[Twin]:
            if self.kind == "function":
                return []
            shapes = [
                (n, rng.choice([1, *columns])) if whole else self.shape()
                for _ in range(rng.choice(counts))
            ]
            return [named(f"{prefix}{i}", shape) for i, shape in enumerate(shapes)]

        inputs, targets = data("x", [1, 1, 2]), data("y", [1, 1, 2, 0])
        weights = [named("w0", first)]
        for i in range(1, rng.choice([1, 2, 3])):
            shape = self.shape()
            weights.append(named(f"w{i}", SCALAR if n in shape and rng.random() < 0.8 else shape))
        defaults = {"lam": 0.3} if rng.random() < 0.25 else {}
        net = Network(
            "random",
            inputs=[twin.sympy for twin in inputs],
            targets=[twin.sympy for twin in targets],
            weights=[twin.sympy for twin in weights],
            hyperparameters={Symbol(name, real=True): value for name, value in defaults.items()},
            samples=n if whole else None,
        )
        found = RandomNetwork(net, whole, self.sizes, inputs, targets, weights, defaults=defaults)
        self.leaves = inputs + weights
        for i in range(rng.choice([0, 1, 2, 3, 4])):
            self._add_step(found, f"s{i}")
        self.leaves += targets
        found.loss = self._loss(found)
        net.loss(found.loss.sympy)
        return found

    def _add_step(self, found: RandomNetwork, name: str) -> None:
        shape = self.shape()
        twin = self.scalar(self.depth) if shape in (SCALAR, SPREAD) else self.matrix(shape)
        symbol = found.network.step(name, twin.sympy)
        found.steps.append((name, twin))
        self.leaves.append(Twin(symbol, lambda values: values[name], twin.shape))

    def _loss(self, found: RandomNetwork) -> Twin:
        """A random scalar, a loss for every target, and a term for everything else."""
        loss = self.scalar(self.depth)
        for target in found.targets:
            loss = _plus(loss, self._target_loss(target))
        for name in found.defaults:
            strength = named(name, SCALAR)
            loss = _plus(loss, _times(strength, self.scalar(1)))
        steps = [twin for twin in self.leaves if str(twin.sympy.name).startswith("s")]
        for twin in found.weights + steps:
            loss = _plus(loss, self._penalty(twin))
        return loss

    def _target_loss(self, target: Twin) -> Twin:
        kind = self.rng.choice(["half", "squared", "mean"])
        entry: Any = {
            "half": F.half_squared_error,
            "squared": F.squared_error,
            "mean": F.mean_squared_error,
        }[kind]
        output = self.entry(target.shape, 1)

        def value(values: Values) -> Any:
            squares = np.asarray((target.value(values) - output.value(values)) ** 2)
            return {"half": squares.sum() / 2, "squared": squares.sum(), "mean": squares.mean()}[
                kind
            ]

        return Twin(entry(target.sympy, output.sympy), value, SCALAR)

    def _penalty(self, twin: Twin) -> Twin:
        factor = self.rng.choice([Rational(7, 10), Rational(13, 10)])  # cancels with nothing
        if not twin.shape:
            return Twin(
                factor * twin.sympy**2, lambda v: float(factor) * twin.value(v) ** 2, SCALAR
            )
        if self.rng.random() < 0.5:
            return Twin(
                factor * F.l2(twin.sympy),
                lambda v: float(factor) * (twin.value(v) ** 2).sum(),
                SCALAR,
            )
        return Twin(
            factor * F.total(F.tanh(twin.sympy)),
            lambda v: float(factor) * np.tanh(twin.value(v)).sum(),
            SCALAR,
        )

    # -- expressions ------------------------------------------------------------------------------

    def shape(self) -> Shape:
        """A shape at random: scalars, columns, rows, 1 x 1, matrices."""
        place = self.rng.random()
        if self.kind == "scalar" or place < 0.25:
            return SCALAR
        a, b = self.rng.choice(self.extents), self.rng.choice(self.extents)
        if place < 0.6:
            return (a, 1)
        return (1, a) if place < 0.68 else SPREAD if place < 0.71 else (a, b)

    def entry(self, shape: Shape, depth: int) -> Twin:
        return self.matrix(shape, depth) if shape else self.scalar(depth)

    def _number(self, extent: Any) -> int:
        return self.sizes.get(str(extent)) or int(extent)

    def matrix(self, shape: Shape, depth: int | None = None) -> Twin:
        """An expression of a matrix shape."""
        depth = self.depth if depth is None else depth
        rows, columns = shape
        leaf = ["leaf"] * 4 + ["transposed_leaf"] * 2 + ["ones"]
        if rows == columns and rows != 1:
            leaf.append("identity")
        if depth > 0:
            kinds = [*leaf, "plus", "minus", "scaled", "multiple", "product", "power", "quotient"]
            kinds += ["matmul"] * 3 + ["chain", "outer", "transpose", "applied"]
            kinds += ["function"] * 3 + ["spread"]
            if shape != SPREAD:
                kinds.append("softmax")
                if 1 in shape:
                    kinds.append("reduced")
        else:
            kinds = leaf
        kind = self.rng.choice(kinds)
        twin: Twin = getattr(self, f"_{kind}")(shape, depth - 1)
        return twin

    def _leaf(self, shape: Shape, depth: int) -> Twin:
        found = [twin for twin in self.leaves if twin.shape == shape]
        return self.rng.choice(found) if found else self._ones(shape, depth)

    def _transposed_leaf(self, shape: Shape, depth: int) -> Twin:
        found = [twin for twin in self.leaves if twin.shape == shape[::-1]]
        if not found:
            return self._leaf(shape, depth)
        twin = self.rng.choice(found)
        return Twin(twin.sympy.T, lambda v: twin.value(v).T, shape)

    def _ones(self, shape: Shape, depth: int) -> Twin:
        scalar = self.scalar(0)
        numbers = tuple(map(self._number, shape))
        return Twin(
            scalar.sympy * OneMatrix(*shape), lambda v: scalar.value(v) * np.ones(numbers), shape
        )

    def _identity(self, shape: Shape, depth: int) -> Twin:
        size = self._number(shape[0])
        return Twin(Identity(shape[0]), lambda v: np.eye(size), shape)

    def _plus(self, shape: Shape, depth: int) -> Twin:
        return _plus(self.matrix(shape, depth), self.matrix(shape, depth))

    def _minus(self, shape: Shape, depth: int) -> Twin:
        a, b = self.matrix(shape, depth), self.matrix(shape, depth)
        return Twin(a.sympy - b.sympy, lambda v: a.value(v) - b.value(v), shape)

    def _scaled(self, shape: Shape, depth: int) -> Twin:
        return _times(self.scalar(depth), self.matrix(shape, depth))

    def _multiple(self, shape: Shape, depth: int) -> Twin:
        return self._number_times(self.matrix(shape, depth))

    def _number_times(self, twin: Twin) -> Twin:
        number = self.rng.choice(NUMBERS)
        return Twin(number * twin.sympy, lambda v: float(number) * twin.value(v), twin.shape)

    def _product(self, shape: Shape, depth: int) -> Twin:
        a, b = self.matrix(shape, depth), self.matrix(shape, depth)
        return Twin(hadamard_product(a.sympy, b.sympy), lambda v: a.value(v) * b.value(v), shape)

    def _power(self, shape: Shape, depth: int) -> Twin:
        a, exponent = self.matrix(shape, depth), self.rng.choice([2, 2, 3])
        return Twin(HadamardPower(a.sympy, exponent), lambda v: a.value(v) ** exponent, shape)

    def _quotient(self, shape: Shape, depth: int) -> Twin:
        a, b = self.matrix(shape, depth), self.matrix(shape, max(depth - 1, 0))
        exponent = self.rng.choice([-1, -2, Rational(-1, 2), Rational(1, 2)])
        under = OneMatrix(*shape) + HadamardPower(b.sympy, 2)
        return Twin(
            hadamard_product(a.sympy, HadamardPower(under, exponent)),
            lambda v: a.value(v) * (1 + b.value(v) ** 2) ** float(exponent),
            shape,
        )

    def _matmul(self, shape: Shape, depth: int) -> Twin:
        inner = self.rng.choice([*self.extents, *self.extents, 1])
        a, b = self.matrix((shape[0], inner), depth), self.matrix((inner, shape[1]), depth)
        return Twin(a.sympy * b.sympy, lambda v: a.value(v) @ b.value(v), shape)

    def _chain(self, shape: Shape, depth: int) -> Twin:
        p, q = self.rng.choice([*self.extents, 1]), self.rng.choice(self.extents)
        a, b = self.matrix((shape[0], p), 0), self.matrix((p, q), 0)
        c = self.matrix((q, shape[1]), depth)
        return Twin(
            a.sympy * b.sympy * c.sympy, lambda v: a.value(v) @ b.value(v) @ c.value(v), shape
        )

    def _outer(self, shape: Shape, depth: int) -> Twin:
        a, b = self.matrix((shape[0], 1), depth), self.matrix((1, shape[1]), depth)
        return Twin(a.sympy * b.sympy, lambda v: a.value(v) @ b.value(v), shape)

    def _transpose(self, shape: Shape, depth: int) -> Twin:
        a = self.matrix(shape[::-1], depth)
        return Twin(a.sympy.T, lambda v: a.value(v).T, shape)

    def _function(self, shape: Shape, depth: int) -> Twin:
        function, numeric = self.rng.choice(ELEMENTWISE)
        a = self.entry(shape, depth)
        return Twin(function(a.sympy), lambda v: numeric(a.value(v)), shape)

    def _applied(self, shape: Shape, depth: int) -> Twin:
        """`applyfunc`, with a scalar of the network in its body where there is one."""
        if shape == SPREAD:  # SymPy would apply the body to the matrix itself
            return self._function(shape, depth)
        a, u = self.matrix(shape, depth), Symbol("u")
        scalars = [twin for twin in self.leaves if not twin.shape]
        if not scalars or self.rng.random() < 0.5:
            return Twin(
                a.sympy.applyfunc(Lambda(u, u * F.sigmoid(2 * u))),
                lambda v: a.value(v) * sigmoid(2 * a.value(v)),
                shape,
            )
        s = self.rng.choice(scalars)
        return Twin(
            a.sympy.applyfunc(Lambda(u, u * F.tanh(s.sympy * u))),
            lambda v: a.value(v) * np.tanh(s.value(v) * a.value(v)),
            shape,
        )

    def _spread(self, shape: Shape, depth: int) -> Twin:
        rows, columns = map(self._number, shape)
        if self.rng.random() < 0.5:
            a = self.matrix((shape[0], 1), depth)
            return Twin(
                a.sympy * OneMatrix(1, shape[1]),
                lambda v: a.value(v) @ np.ones((1, columns)),
                shape,
            )
        a = self.matrix((1, shape[1]), depth)
        return Twin(
            OneMatrix(shape[0], 1) * a.sympy, lambda v: np.ones((rows, 1)) @ a.value(v), shape
        )

    def _softmax(self, shape: Shape, depth: int) -> Twin:
        a = self.matrix(shape, depth)
        axis = 0 if shape[1] == 1 else self.rng.choice([0, 1])
        given = None if shape[1] == 1 else axis
        if self.rng.random() < 0.5:
            return Twin(F.softmax(a.sympy, axis=given), lambda v: softmax(a.value(v), axis), shape)
        return Twin(
            F.log_softmax(a.sympy, axis=given),
            lambda v: a.value(v) - logsumexp(a.value(v), axis),
            shape,
        )

    def _reduced(self, shape: Shape, depth: int) -> Twin:
        """A column or a row as the totals, means or log-sums of a matrix."""
        extent, axis = self.rng.choice(self.extents), int(shape[1] == 1)
        a = self.matrix((shape[0], extent) if axis else (extent, shape[1]), depth)
        entries: list[tuple[Any, Callable[[Any], Any]]] = [
            (F.total, lambda z: z.sum(axis=axis, keepdims=True)),
            (F.mean, lambda z: z.mean(axis=axis, keepdims=True)),
            (F.logsumexp, lambda z: logsumexp(z, axis)),
        ]
        entry, numeric = self.rng.choice(entries)
        return Twin(entry(a.sympy, axis=axis), lambda v: numeric(a.value(v)), shape)

    def scalar(self, depth: int) -> Twin:
        """A scalar expression."""
        if depth <= 0:
            return self._scalar_leaf()
        kinds = ["plus", "minus", "times", "power", "number", "quotient", "square", "function"]
        if self.kind != "scalar":
            kinds += ["quadratic_form", "dot", "norm", "total", "mean", "logsumexp"] * 2
        kind = self.rng.choice(kinds)
        twin: Twin = getattr(self, f"_scalar_{kind}")(depth - 1)
        return twin

    def _scalar_leaf(self) -> Twin:
        scalars = [twin for twin in self.leaves if not twin.shape]
        if scalars and self.rng.random() < 0.7:
            return self.rng.choice(scalars)
        ones = [twin for twin in self.leaves if twin.shape == SPREAD]
        if ones and self.rng.random() < 0.5:
            twin = self.rng.choice(ones)
            return Twin(F.scalar(twin.sympy), lambda v: twin.value(v)[0, 0], SCALAR)
        number = self.rng.choice(NUMBERS)
        return Twin(sympy.sympify(number), lambda v: float(number), SCALAR)

    def _scalar_plus(self, depth: int) -> Twin:
        return _plus(self.scalar(depth), self.scalar(depth))

    def _scalar_minus(self, depth: int) -> Twin:
        a, b = self.scalar(depth), self.scalar(depth)
        return Twin(a.sympy - b.sympy, lambda v: a.value(v) - b.value(v), SCALAR)

    def _scalar_times(self, depth: int) -> Twin:
        return _times(self.scalar(depth), self.scalar(depth))

    def _scalar_number(self, depth: int) -> Twin:
        return self._number_times(self.scalar(depth))

    def _scalar_power(self, depth: int) -> Twin:
        a, exponent = self.scalar(depth), self.rng.choice([2, 3])
        return Twin(a.sympy**exponent, lambda v: a.value(v) ** exponent, SCALAR)

    def _scalar_square(self, depth: int) -> Twin:
        a, b = self.scalar(depth), self.scalar(0)
        return Twin(
            a.sympy**2 - 2 * a.sympy * b.sympy + 1,
            lambda v: a.value(v) ** 2 - 2 * a.value(v) * b.value(v) + 1,
            SCALAR,
        )

    def _scalar_quotient(self, depth: int) -> Twin:
        a, b = self.scalar(depth), self.scalar(depth)
        exponent = self.rng.choice([-1, -2, Rational(1, 2), Rational(-1, 2)])
        return Twin(
            a.sympy * (1 + b.sympy**2) ** exponent,
            lambda v: a.value(v) * (1 + b.value(v) ** 2) ** float(exponent),
            SCALAR,
        )

    def _scalar_function(self, depth: int) -> Twin:
        return self._function(SCALAR, depth)

    def _scalar_quadratic_form(self, depth: int) -> Twin:
        extent = self.rng.choice(self.extents)
        a, m = self.matrix((extent, 1), depth), self.matrix((extent, extent), depth)
        return Twin(
            F.scalar(a.sympy.T * m.sympy * a.sympy),
            lambda v: (a.value(v).T @ m.value(v) @ a.value(v))[0, 0],
            SCALAR,
        )

    def _scalar_dot(self, depth: int) -> Twin:
        extent = self.rng.choice(self.extents)
        a, b = self.matrix((extent, 1), depth), self.matrix((extent, 1), depth)
        dot: Any = self.rng.choice([F.dot, lambda p, q: F.scalar(p.T * q)])
        return Twin(dot(a.sympy, b.sympy), lambda v: (a.value(v) * b.value(v)).sum(), SCALAR)

    def _scalar_norm(self, depth: int) -> Twin:
        a = self._any(depth)
        return Twin(F.squared_norm(a.sympy), lambda v: (a.value(v) ** 2).sum(), SCALAR)

    def _scalar_total(self, depth: int) -> Twin:
        a = self._any(depth)
        return Twin(F.total(a.sympy), lambda v: a.value(v).sum(), SCALAR)

    def _scalar_mean(self, depth: int) -> Twin:
        a = self._any(depth)
        return Twin(F.mean(a.sympy), lambda v: a.value(v).mean(), SCALAR)

    def _scalar_logsumexp(self, depth: int) -> Twin:
        a = self.matrix((self.rng.choice(self.extents), 1), depth)
        return Twin(F.logsumexp(a.sympy), lambda v: logsumexp(a.value(v), 0)[0, 0], SCALAR)

    def _any(self, depth: int) -> Twin:
        a, b = self.rng.choice(self.extents), self.rng.choice(self.extents)
        return self.matrix(self.rng.choice([(a, 1), (a, b), (1, a)]), depth)


def _plus(a: Twin, b: Twin) -> Twin:
    return Twin(a.sympy + b.sympy, lambda v: a.value(v) + b.value(v), a.shape)


def _times(scalar: Twin, b: Twin) -> Twin:
    return Twin(scalar.sympy * b.sympy, lambda v: scalar.value(v) * b.value(v), b.shape)
