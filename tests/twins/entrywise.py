"""Operations on scalars and, entry by entry, on matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from differences import softplus
from sympy import HadamardPower, Lambda, OneMatrix, Rational, Symbol, hadamard_product

import symprop.functions as F
from twins import numeric
from twins.maker import (
    ENTRYWISE,
    NUMBERS,
    SCALAR,
    SPREAD,
    Impossible,
    Maker,
    Pairs,
    Shape,
    Twin,
    listed,
)

# -- spelling -------------------------------------------------------------------------------------


def plus(a: Twin, b: Twin) -> Twin:
    return Twin(a.sympy + b.sympy, lambda v: a.value(v) + b.value(v), a.shape)


def scaled(scalar: Twin, b: Twin) -> Twin:
    return Twin(scalar.sympy * b.sympy, lambda v: scalar.value(v) * b.value(v), b.shape)


def spelled_product(a: Any, b: Any, shape: Shape) -> Any:
    """Entry by entry, in SymPy."""
    return hadamard_product(a, b) if shape else a * b


def spelled_power(a: Any, exponent: Any, shape: Shape) -> Any:
    """Entry by entry, in SymPy."""
    return HadamardPower(a, exponent) if shape else a**exponent


def one(shape: Shape) -> Any:
    """What 1 is in SymPy, to be added to something of this shape."""
    return OneMatrix(*shape) if shape else 1


# -- arithmetic -----------------------------------------------------------------------------------


@listed(ENTRYWISE, 2)
def _plus(maker: Maker, shape: Shape, depth: int) -> Twin:
    return plus(maker.entry(shape, depth), maker.entry(shape, depth))


@listed(ENTRYWISE)
def _minus(maker: Maker, shape: Shape, depth: int) -> Twin:
    a, b = maker.entry(shape, depth), maker.entry(shape, depth)
    return Twin(a.sympy - b.sympy, lambda v: a.value(v) - b.value(v), shape)


@listed(ENTRYWISE, 2)
def _times(maker: Maker, shape: Shape, depth: int) -> Twin:
    a, b = maker.entry(shape, depth), maker.entry(shape, depth)
    return Twin(spelled_product(a.sympy, b.sympy, shape), lambda v: a.value(v) * b.value(v), shape)


@listed(ENTRYWISE)
def _scaled(maker: Maker, shape: Shape, depth: int) -> Twin:
    return scaled(maker.scalar(depth), maker.entry(shape, depth))


@listed(ENTRYWISE)
def _multiple(maker: Maker, shape: Shape, depth: int) -> Twin:
    number, a = maker.rng.choice(NUMBERS), maker.entry(shape, depth)
    return Twin(number * a.sympy, lambda v: float(number) * a.value(v), shape)


@listed(ENTRYWISE)
def _shifted(maker: Maker, shape: Shape, depth: int) -> Twin:
    s, a = maker.scalar(depth), maker.entry(shape, depth)
    return Twin(s.sympy * one(shape) + a.sympy, lambda v: s.value(v) + a.value(v), shape)


@listed(ENTRYWISE)
def _one_minus(maker: Maker, shape: Shape, depth: int) -> Twin:
    a = maker.entry(shape, depth)
    return Twin(one(shape) - a.sympy, lambda v: 1 - a.value(v), shape)


@listed(ENTRYWISE)
def _square_of_difference(maker: Maker, shape: Shape, depth: int) -> Twin:
    """Multiplied out."""
    a, b = maker.entry(shape, depth), maker.entry(shape, 0)
    middle = spelled_product(a.sympy, b.sympy, shape)
    return Twin(
        spelled_power(a.sympy, 2, shape) - 2 * middle + spelled_power(b.sympy, 2, shape),
        lambda v: (a.value(v) - b.value(v)) ** 2,
        shape,
    )


# -- powers and quotients -------------------------------------------------------------------------


@listed(ENTRYWISE)
def _power(maker: Maker, shape: Shape, depth: int) -> Twin:
    a, exponent = maker.entry(shape, depth), maker.rng.choice([2, 2, 3, 4, 1])
    return Twin(spelled_power(a.sympy, exponent, shape), lambda v: a.value(v) ** exponent, shape)


@listed(ENTRYWISE)
def _power_of_positive(maker: Maker, shape: Shape, depth: int) -> Twin:
    """With any exponent, a scalar of the network too."""
    a = maker.entry(shape, depth)
    base, numeric_base = maker.pair(
        [
            (F.sigmoid(a.sympy), lambda v: numeric.sigmoid(a.value(v))),
            (one(shape) + spelled_power(a.sympy, 2, shape), lambda v: 1 + a.value(v) ** 2),
            (F.exp(F.sin(a.sympy)), lambda v: np.exp(np.sin(a.value(v)))),
        ]
    )
    exponent = maker.rng.choice([-1, -2, Rational(1, 2), Rational(-1, 2), Rational(-3, 2), 0.75])
    power: Callable[..., Any] = lambda v: float(exponent)  # noqa: E731
    if maker.rng.random() < 0.3:
        scalar = maker.scalar(0)
        exponent, power = scalar.sympy, scalar.value
    return Twin(spelled_power(base, exponent, shape), lambda v: numeric_base(v) ** power(v), shape)


@listed(ENTRYWISE)
def _quotient(maker: Maker, shape: Shape, depth: int) -> Twin:
    a, b = maker.entry(shape, depth), maker.entry(shape, depth)
    under = one(shape) + spelled_power(b.sympy, 2, shape)
    return Twin(
        spelled_product(a.sympy, spelled_power(under, -1, shape), shape),
        lambda v: a.value(v) / (1 + b.value(v) ** 2),
        shape,
    )


@listed(ENTRYWISE)
def _divided(maker: Maker, shape: Shape, depth: int) -> Twin:
    """By a scalar."""
    a, s = maker.entry(shape, depth), maker.scalar(depth)
    under = F.softplus(s.sympy) + Rational(1, 2)
    return Twin(a.sympy / under, lambda v: a.value(v) / (softplus(s.value(v)) + 0.5), shape)


@listed(ENTRYWISE, 2)
def _share(maker: Maker, shape: Shape, depth: int) -> Twin:
    """p = a/(a + b), whose derivative can be written in p, a and b with numbers before them."""
    a, b = maker.entry(shape, depth), maker.entry(shape, 0)
    c, d = maker.rng.choice([1, 1, 2, Rational(1, 4)]), maker.rng.choice([1, 3, 0.5])
    kinds: Pairs = [
        (F.exp(F.sin(a.sympy)), lambda v: np.exp(np.sin(a.value(v)))),
        (one(shape) + spelled_power(a.sympy, 2, shape), lambda v: 1 + a.value(v) ** 2),
    ]
    (p, first), (q, second) = maker.pair(kinds), maker.pair(kinds)
    if maker.rng.random() < 0.6:
        q, second = maker.pair(
            [
                (one(shape), lambda v: 1),
                (F.exp(F.sin(b.sympy)), lambda v: np.exp(np.sin(b.value(v)))),
            ]
        )
    exponent = maker.rng.choice([-1, -1, -2, Rational(-1, 2)])
    if exponent != -1 or maker.rng.random() < 0.4:
        spelled = spelled_power(c * p + d * q, exponent, shape)
        return Twin(
            spelled,
            lambda v: (float(c) * first(v) + float(d) * second(v)) ** float(exponent),
            shape,
        )
    return Twin(
        spelled_product(c * p, spelled_power(c * p + d * q, -1, shape), shape),
        lambda v: float(c) * first(v) / (float(c) * first(v) + float(d) * second(v)),
        shape,
    )


# -- functions ------------------------------------------------------------------------------------

_t = Symbol("t", real=True)
_gate = F.define("gate", lambda u: u * F.sigmoid(2 * u) - F.relu(u - 1))
_mix = F.define("mix", lambda u, v: u * F.tanh(v) + F.maximum(u, v) ** 2)

FUNCTIONS: list[tuple[Callable[[Any], Any], numeric.Numeric]] = [
    (F.tanh, np.tanh),
    (F.sigmoid, numeric.sigmoid),
    (F.softplus, softplus),
    (F.relu, numeric.relu),
    (F.leaky_relu, numeric.leaky_relu),
    (F.elu, numeric.elu),
    (F.silu, numeric.silu),
    (F.gelu, numeric.gelu),
    (F.erf, numeric.erf),
    (F.erfc, numeric.erfc),
    (F.normal_cdf, numeric.normal_cdf),
    (F.normal_pdf, numeric.bell),
    (F.absolute, numeric.absolute),
    (F.sign, numeric.sign),
    (F.unit_step, numeric.unit_step),
    (F.sin, np.sin),
    (F.cos, np.cos),
    (F.atan, np.arctan),
    (lambda z: F.tan(F.tanh(z)), lambda z: np.tan(np.tanh(z))),
    (lambda z: F.sinh(F.tanh(z)), lambda z: np.sinh(np.tanh(z))),
    (lambda z: F.cosh(F.sin(z)), lambda z: np.cosh(np.sin(z))),
    (lambda z: F.exp(F.tanh(z)), lambda z: np.exp(np.tanh(z))),
    (lambda z: F.exp(-F.absolute(z)), lambda z: np.exp(-numeric.absolute(z))),
    (lambda z: F.expm1(F.atan(z)), lambda z: np.expm1(np.arctan(z))),
    (lambda z: F.log1p(F.softplus(z)), lambda z: np.log1p(softplus(z))),
    (lambda z: F.log(F.softplus(z)), lambda z: np.log(softplus(z))),
    (lambda z: F.log(F.sigmoid(z)), lambda z: -softplus(-z)),
    (lambda z: F.log(F.normal_cdf(F.tanh(z))), lambda z: np.log(numeric.normal_cdf(np.tanh(z)))),
    (lambda z: F.sqrt(F.softplus(F.tanh(z))), lambda z: np.sqrt(softplus(np.tanh(z)))),
    (lambda z: F.maximum(z, 0), numeric.relu),
    (lambda z: F.minimum(z, 1), lambda z: numeric.minimum(z, 1)),
    (lambda z: F.prelu(z, Rational(1, 4)), lambda z: numeric.leaky_relu(z, 0.25)),
    (lambda z: F.elu(z, alpha=2), lambda z: numeric.elu(z, 2)),
    (lambda z: F.swish(z, 3), lambda z: numeric.silu(z, 3)),
    (_gate, lambda u: u * numeric.sigmoid(2 * u) - numeric.relu(u - 1)),
]

OF_TWO: list[tuple[Callable[[Any, Any], Any], numeric.Numeric]] = [
    (F.maximum, numeric.maximum),
    (F.minimum, numeric.minimum),
    (F.prelu, numeric.leaky_relu),
    (F.leaky_relu, numeric.leaky_relu),
    (F.elu, numeric.elu),
    (F.silu, numeric.silu),
    (_mix, lambda u, v: u * np.tanh(v) + numeric.maximum(u, v) ** 2),
]

OF_SYMPY: list[tuple[Callable[[Any], Any], numeric.Numeric]] = [
    (sympy.tanh, np.tanh),
    (sympy.Abs, numeric.absolute),
    (sympy.erf, numeric.erf),
    (sympy.cos, np.cos),
    (lambda z: sympy.Max(0, z), numeric.relu),
    (lambda z: sympy.Min(z, 1), lambda z: numeric.minimum(z, 1)),
    (lambda z: 1 / (1 + sympy.exp(-z)), numeric.sigmoid),
    (lambda z: sympy.log(1 + sympy.exp(z)), softplus),
    (lambda z: 1 / (1 + 2 * sympy.exp(-z)), lambda z: 1 / (1 + 2 * np.exp(-z))),
    (lambda z: sympy.exp(z) / (sympy.exp(z) + sympy.exp(-z)), lambda z: numeric.sigmoid(2 * z)),
    (
        lambda z: (sympy.exp(z) - sympy.exp(-z)) / (sympy.exp(z) + sympy.exp(-z)),
        np.tanh,
    ),
    (lambda z: sympy.sqrt(z**2 + 1), lambda z: np.sqrt(z**2 + 1)),
]
"""SymPy's own functions, of scalars and in the bodies of `applyfunc`."""


@listed(ENTRYWISE, 5)
def _function(maker: Maker, shape: Shape, depth: int) -> Twin:
    function, value = maker.pair(FUNCTIONS)
    a = maker.entry(shape, depth)
    return Twin(function(a.sympy), lambda v: value(a.value(v)), shape)


@listed(ENTRYWISE, 2)
def _function_of_two(maker: Maker, shape: Shape, depth: int) -> Twin:
    """The second argument of the same shape, or a scalar."""
    function, value = maker.pair(OF_TWO)
    a, b = maker.entry(shape, depth), maker.entry(maker.rng.choice([shape, SCALAR]), depth)
    return Twin(function(a.sympy, b.sympy), lambda v: value(a.value(v), b.value(v)), shape)


@listed(ENTRYWISE)
def _function_of_sympy(maker: Maker, shape: Shape, depth: int) -> Twin:
    function, value = maker.pair(OF_SYMPY)
    a = maker.entry(shape, depth)
    if not shape:
        return Twin(function(a.sympy), lambda v: value(a.value(v)), shape)
    if shape == SPREAD:  # SymPy would apply the body to the matrix itself
        raise Impossible
    applied = a.sympy.applyfunc(Lambda(_t, function(_t)))
    return Twin(applied, lambda v: value(a.value(v)), shape)


@listed(ENTRYWISE)
def _applied(maker: Maker, shape: Shape, depth: int) -> Twin:
    """`applyfunc` with a scalar of the network in its body."""
    if not shape or shape == SPREAD:
        raise Impossible
    a, s = maker.entry(shape, depth), maker.scalar(0)
    body = _t * F.tanh(s.sympy * _t) + F.maximum(_t, s.sympy)
    return Twin(
        a.sympy.applyfunc(Lambda(_t, body)),
        lambda v: (
            a.value(v) * np.tanh(s.value(v) * a.value(v)) + numeric.maximum(a.value(v), s.value(v))
        ),
        shape,
    )


@listed(ENTRYWISE)
def _of_two_scalars(maker: Maker, shape: Shape, depth: int) -> Twin:
    """SymPy's Max and Min, of names: from what holds matrices they make Dummies."""
    if shape:
        raise Impossible
    a, b = maker.scalar(0), maker.scalar(0)
    for twin in (a, b):  # of sizes SymPy says that Min(1/2, 1/(D + N)) is 1/2
        if not {str(symbol) for symbol in twin.sympy.free_symbols} & maker.values.keys():
            raise Impossible
    function, value = maker.pair([(sympy.Max, numeric.maximum), (sympy.Min, numeric.minimum)])
    return Twin(function(a.sympy, b.sympy), lambda v: value(a.value(v), b.value(v)), SCALAR)
