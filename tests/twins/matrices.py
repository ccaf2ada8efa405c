"""Operations that make matrices: products, functions along an axis and of whole matrices, parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy
from differences import logsumexp, softmax
from sympy import (
    DiagMatrix,
    HadamardPower,
    Identity,
    Inverse,
    OneMatrix,
)

import symprop.functions as F
from twins import numeric
from twins.maker import MATRICES, SPREAD, Impossible, Maker, Shape, Twin, listed, transposed

# -- products -------------------------------------------------------------------------------------


def product(*factors: Twin) -> Twin:
    expression = factors[0].sympy
    for factor in factors[1:]:
        expression = expression * factor.sympy

    def value(v: Any) -> Any:
        result = factors[0].value(v)
        for factor in factors[1:]:
            result = result @ factor.value(v)
        return result

    return Twin(expression, value, (factors[0].shape[0], factors[-1].shape[1]))


@listed(MATRICES, 5)
def _product(maker: Maker, shape: Shape, depth: int) -> Twin:
    inner = maker.rng.choice([*maker.extents, *maker.extents, 1])
    return product(maker.entry((shape[0], inner), depth), maker.entry((inner, shape[1]), depth))


@listed(MATRICES)
def _chain(maker: Maker, shape: Shape, depth: int) -> Twin:
    p, q = maker.rng.choice([*maker.extents, 1]), maker.extent()
    return product(
        maker.entry((shape[0], p), 0), maker.entry((p, q), 0), maker.entry((q, shape[1]), depth)
    )


@listed(MATRICES)
def _scaled_by_form(maker: Maker, shape: Shape, depth: int) -> Twin:
    """(u'w) A."""
    extent = maker.extent()
    u, w, a = maker.entry((extent, 1), 0), maker.entry((extent, 1), 0), maker.entry(shape, depth)
    return Twin(
        F.scalar(u.sympy.T * w.sympy) * a.sympy,
        lambda v: np.sum(u.value(v) * w.value(v)) * a.value(v),
        shape,
    )


def unbracketed(maker: Maker) -> Twin:
    """(u'w) A of names: SymPy drops the brackets and the shape, so that nothing is made of it."""
    u, shape = maker.named_leaf((maker.extent(), 1)), maker.matrix_shape()
    w, a = maker.named_leaf(u.shape), maker.named_leaf(shape)
    form = u.sympy.T * w.sympy
    return Twin(
        maker.rng.choice([form * a.sympy, a.sympy * form]),
        lambda v: np.sum(u.value(v) * w.value(v)) * a.value(v),
        shape,
    )


@listed(MATRICES)
def _transposed(maker: Maker, shape: Shape, depth: int) -> Twin:
    return transposed(maker.entry(shape[::-1], depth))


@listed(MATRICES)
def _spread(maker: Maker, shape: Shape, depth: int) -> Twin:
    rows, columns = maker.numbers(shape)
    if maker.rng.random() < 0.5:
        a = maker.entry((shape[0], 1), depth)
        return Twin(
            a.sympy * OneMatrix(1, shape[1]), lambda v: a.value(v) @ np.ones((1, columns)), shape
        )
    a = maker.entry((1, shape[1]), depth)
    return Twin(OneMatrix(shape[0], 1) * a.sympy, lambda v: np.ones((rows, 1)) @ a.value(v), shape)


# -- along an axis --------------------------------------------------------------------------------


@listed(MATRICES)
def _softmax(maker: Maker, shape: Shape, depth: int) -> Twin:
    if shape == SPREAD:
        raise Impossible
    a = maker.entry(shape, depth)
    axis = 0 if shape[1] == 1 else maker.rng.choice([0, 1])
    given = None if shape[1] == 1 else axis
    function, value = maker.pair([(F.softmax, softmax), (F.log_softmax, numeric.log_softmax)])
    return Twin(function(a.sympy, axis=given), lambda v: value(a.value(v), axis), shape)


@listed(MATRICES)
def _softmax_written_out(maker: Maker, shape: Shape, depth: int) -> Twin:
    """Of a column; or its logarithm."""
    if shape[1] != 1 or shape == SPREAD:
        raise Impossible
    a, ones = maker.entry(shape, depth), OneMatrix(*shape)
    total = F.total(F.exp(a.sympy))
    spelled, value = maker.pair(
        [
            (F.exp(a.sympy) / total, softmax),
            (a.sympy - F.log(total) * ones, numeric.log_softmax),
        ]
    )
    return Twin(spelled, lambda v: value(a.value(v), 0), shape)


@listed(MATRICES, 3)
def _reduced(maker: Maker, shape: Shape, depth: int) -> Twin:
    """A column or a row, made of each row or column of a matrix."""
    if 1 not in shape or shape == SPREAD:
        raise Impossible
    extent, axis = maker.extent(), int(shape[1] == 1)
    a = maker.entry((shape[0], extent) if axis else (extent, shape[1]), depth)
    entry, value = maker.pair(
        [
            (F.total, lambda z, axis: z.sum(axis=axis, keepdims=True)),
            (F.mean, lambda z, axis: z.mean(axis=axis, keepdims=True)),
            (F.logsumexp, logsumexp),
            (F.amax, numeric.amax),
            (F.amin, numeric.amin),
        ]
    )
    return Twin(entry(a.sympy, axis=axis), lambda v: value(a.value(v), axis), shape)


@listed(MATRICES)
def _normalised(maker: Maker, shape: Shape, depth: int) -> Twin:
    """Layer norm of a column."""
    if shape[1] != 1 or shape == SPREAD:
        raise Impossible
    a = maker.entry(shape, depth)
    centred = a.sympy - F.mean(a.sympy) * OneMatrix(*shape)
    deviation = F.sqrt(F.mean(HadamardPower(centred, 2)) + 1)

    def value(v: Any) -> Any:
        c = a.value(v) - a.value(v).mean()
        return c / np.sqrt((c**2).mean() + 1)

    return Twin(centred / deviation, value, shape)


# -- functions of whole matrices ------------------------------------------------------------------


def regular(maker: Maker, extent: Any, depth: int) -> Twin:
    """A square matrix that is far from singular, symmetric or not."""
    shape, size = (extent, extent), maker.number(extent)
    eye, one = Identity(extent), np.eye(size)
    kind = maker.rng.choice(
        ["known", "known", "outer", "inner", "dominant", "rank one", "diagonal"]
    )
    known = [twin for twin in maker.regular if twin.shape == shape]
    if kind == "known" and known:
        return maker.rng.choice(known)
    if kind == "outer":
        a = maker.entry((extent, maker.extent()), depth)
        return Twin(a.sympy * a.sympy.T + eye, lambda v: a.value(v) @ a.value(v).T + one, shape)
    if kind == "inner":
        a, s = maker.entry((maker.extent(), extent), depth), maker.scalar(0)
        return Twin(
            a.sympy.T * a.sympy + F.exp(F.sin(s.sympy)) * eye,
            lambda v: a.value(v).T @ a.value(v) + np.exp(np.sin(s.value(v))) * one,
            shape,
        )
    if kind == "rank one":
        x = maker.entry((extent, 1), depth)
        return Twin(
            2 * eye + x.sympy * x.sympy.T, lambda v: 2 * one + x.value(v) @ x.value(v).T, shape
        )
    if kind == "diagonal":
        x = maker.entry((extent, 1), depth)
        return Twin(
            F.diag(F.exp(F.sin(x.sympy))),
            lambda v: np.diag(np.exp(np.sin(x.value(v)))[:, 0]),
            shape,
        )
    a = maker.entry(shape, depth)
    return Twin(
        F.sigmoid(a.sympy) + (size + 1) * eye,
        lambda v: numeric.sigmoid(a.value(v)) + (size + 1) * one,
        shape,
    )


@listed(MATRICES, 2)
def _inverse_times(maker: Maker, shape: Shape, depth: int) -> Twin:
    """Solving a linear system from the left or from the right."""
    a = maker.entry(shape, depth)
    left = maker.rng.random() < 0.6
    m = regular(maker, shape[0] if left else shape[1], depth)
    inverse = maker.rng.choice([F.inverse, Inverse, lambda e: e**-1])(m.sympy)
    if left:
        return Twin(inverse * a.sympy, lambda v: np.linalg.inv(m.value(v)) @ a.value(v), shape)
    return Twin(a.sympy * inverse, lambda v: a.value(v) @ np.linalg.inv(m.value(v)), shape)


def _square(shape: Shape) -> Any:
    if shape[0] != shape[1] or shape == SPREAD:
        raise Impossible
    return shape[0]


@listed(MATRICES, 2)
def _regular(maker: Maker, shape: Shape, depth: int) -> Twin:
    m = regular(maker, _square(shape), depth)
    exponent = maker.rng.choice([1, 1, -1, -2, 2])
    return Twin(m.sympy**exponent, lambda v: np.linalg.matrix_power(m.value(v), exponent), shape)


@listed(MATRICES)
def _matrix_power(maker: Maker, shape: Shape, depth: int) -> Twin:
    _square(shape)
    a, exponent = maker.entry(shape, depth), maker.rng.choice([2, 3])
    return Twin(a.sympy**exponent, lambda v: np.linalg.matrix_power(a.value(v), exponent), shape)


@listed(MATRICES)
def _plus_identity(maker: Maker, shape: Shape, depth: int) -> Twin:
    a, s, eye = maker.entry(shape, depth), maker.scalar(depth), maker.identity(_square(shape))
    return Twin(
        a.sympy + s.sympy * eye.sympy, lambda v: a.value(v) + s.value(v) * eye.value(v), shape
    )


@listed(MATRICES)
def _diagonal_matrix(maker: Maker, shape: Shape, depth: int) -> Twin:
    x = maker.entry((_square(shape), 1), depth)
    spelled = maker.rng.choice([F.diag, DiagMatrix])(x.sympy)
    return Twin(spelled, lambda v: np.diag(x.value(v)[:, 0]), shape)


@listed(MATRICES)
def _scaled_rows_or_columns(maker: Maker, shape: Shape, depth: int) -> Twin:
    a, rows = maker.entry(shape, depth), maker.rng.random() < 0.5
    extent = shape[0] if rows else shape[1]
    x = maker.entry((extent, 1), depth)
    if extent == 1:
        raise Impossible
    if rows:
        return Twin(F.diag(x.sympy) * a.sympy, lambda v: x.value(v) * a.value(v), shape)
    return Twin(a.sympy * F.diag(x.sympy), lambda v: a.value(v) * x.value(v).T, shape)


@listed(MATRICES)
def _diagonal(maker: Maker, shape: Shape, depth: int) -> Twin:
    if shape[1] != 1 or shape == SPREAD:
        raise Impossible
    a = maker.entry((shape[0], shape[0]), depth)
    spelled = maker.rng.choice([F.diagonal, F.diag, sympy.DiagonalOf])(a.sympy)
    return Twin(spelled, lambda v: np.diagonal(a.value(v))[:, None], shape)


_twist = F.define("twist", lambda A, x: A * F.tanh(A.T * x) + x, layer=True)


@listed(MATRICES)
def _layer(maker: Maker, shape: Shape, depth: int) -> Twin:
    """A user's own."""
    if shape == SPREAD:  # a 1 x 1 argument is a scalar in its body
        raise Impossible
    inner = maker.extent()
    a, x = maker.entry((shape[0], inner), depth), maker.entry(shape, depth)
    return Twin(
        _twist(a.sympy, x.sympy),
        lambda v: a.value(v) @ np.tanh(a.value(v).T @ x.value(v)) + x.value(v),
        shape,
    )
