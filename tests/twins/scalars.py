"""Operations that make a scalar of matrices: sums, norms, traces, determinants, entries, losses."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import sympy
from differences import logsumexp, softmax, softplus
from sympy import Determinant, Symbol, Trace, hadamard_product

import symprop.functions as F
from twins import numeric
from twins.maker import SCALAR, SCALARS, Impossible, Maker, Shape, Twin, Values, listed
from twins.matrices import regular


@listed(SCALARS, 4)
def _reduced(maker: Maker, shape: Shape, depth: int) -> Twin:
    """A sum, a mean, a norm of a matrix."""
    a = maker.any_matrix(depth)
    entry, value = maker.pair(
        [
            (F.total, np.sum),
            (F.mean, np.mean),
            (F.squared_norm, lambda z: np.sum(z**2)),
            (F.frobenius, numeric.frobenius),
            (F.l1, lambda z: np.sum(numeric.absolute(z))),
            (F.l2, lambda z: np.sum(z**2)),
        ]
    )
    return Twin(entry(a.sympy), lambda v: value(a.value(v)), SCALAR)


@listed(SCALARS, 2)
def _reduced_vector(maker: Maker, shape: Shape, depth: int) -> Twin:
    """Functions of a column or a row."""
    column = maker.rng.random() < 0.7
    extent, axis = maker.extent(), 0 if column else 1
    a = maker.entry((extent, 1) if column else (1, extent), depth)
    along: list[tuple[Any, Any]] = [
        (F.logsumexp, logsumexp),
        (F.amax, numeric.amax),
        (F.amin, numeric.amin),
        (F.total, lambda z, axis: z.sum(axis=axis, keepdims=True)),
    ]
    if maker.rng.random() < 0.3:
        return Twin(F.norm(a.sympy), lambda v: numeric.frobenius(a.value(v)), SCALAR)
    entry, value = maker.pair(along)
    spelled = entry(a.sympy) if column else entry(a.sympy, axis=1)
    return Twin(spelled, lambda v: value(a.value(v), axis)[0, 0], SCALAR)


@listed(SCALARS)
def _quadratic_form(maker: Maker, shape: Shape, depth: int) -> Twin:
    extent = maker.extent()
    x, m = maker.entry((extent, 1), depth), maker.entry((extent, extent), depth)
    forms: list[Any] = [
        lambda a, A: F.scalar(a.T * A * a),
        lambda a, A: F.dot(a, A * a),
        lambda a, A: Trace(A * a * a.T),
        lambda a, A: F.total(hadamard_product(A, a * a.T)),
    ]
    form = maker.rng.choice(forms)
    return Twin(
        form(x.sympy, m.sympy), lambda v: (x.value(v).T @ m.value(v) @ x.value(v))[0, 0], SCALAR
    )


@listed(SCALARS)
def _quadratic_form_of_names(maker: Maker, shape: Shape, depth: int) -> Twin:
    """`(x.T*A*x)[0, 0]`, which SymPy writes out as a sum, and the sum itself."""
    extent = maker.extent()
    x, m = maker.named_leaf((extent, 1)), maker.named_leaf((extent, extent))
    i, j = Symbol("i", integer=True), Symbol("j", integer=True)
    if maker.rng.random() < 0.5:
        spelled = (x.sympy.T * m.sympy * x.sympy)[0, 0]
    else:
        term = x.sympy[i, 0] * m.sympy[i, j] * x.sympy[j, 0]
        spelled = sympy.Sum(term, (i, 0, extent - 1), (j, 0, extent - 1))
    return Twin(spelled, lambda v: (x.value(v).T @ m.value(v) @ x.value(v))[0, 0], SCALAR)


@listed(SCALARS, 2)
def _dot(maker: Maker, shape: Shape, depth: int) -> Twin:
    shape = maker.matrix_shape()
    a, b = maker.entry(shape, depth), maker.entry(shape, depth)
    spelled = [F.dot(a.sympy, b.sympy), Trace(a.sympy.T * b.sympy), F.trace(a.sympy * b.sympy.T)]
    if shape[1] == 1:
        spelled.append(F.scalar(a.sympy.T * b.sympy))
    return Twin(maker.rng.choice(spelled), lambda v: np.sum(a.value(v) * b.value(v)), SCALAR)


@listed(SCALARS)
def _cosine(maker: Maker, shape: Shape, depth: int) -> Twin:
    extent = maker.extent()
    a, b = maker.entry((extent, 1), depth), maker.entry((extent, 1), depth)
    one = F.sqrt(F.dot(a.sympy, a.sympy) + 1)
    other = F.sqrt(1 + F.squared_norm(b.sympy))

    def value(v: Values) -> Any:
        x, y = a.value(v), b.value(v)
        return np.sum(x * y) / np.sqrt((np.sum(x**2) + 1) * (np.sum(y**2) + 1))

    return Twin(F.scalar(a.sympy.T * b.sympy) / (one * other), value, SCALAR)


@listed(SCALARS)
def _sum_of_names(maker: Maker, shape: Shape, depth: int) -> Twin:
    """An entry of a product, and the sum that it is."""
    rows, inner, columns = (maker.extent() for _ in range(3))
    a, b = maker.named_leaf((rows, inner)), maker.named_leaf((inner, columns))
    i = Symbol("i", integer=True)
    p, q = (maker.rng.randrange(e if isinstance(e, int) else 1) for e in (rows, columns))
    spelled = maker.rng.choice(
        [
            (a.sympy * b.sympy)[p, q],
            sympy.Sum(a.sympy[p, i] * b.sympy[i, q], (i, 0, inner - 1)),
        ]
    )
    return Twin(spelled, lambda v: (a.value(v) @ b.value(v))[p, q], SCALAR)


@listed(SCALARS)
def _trace(maker: Maker, shape: Shape, depth: int) -> Twin:
    extent, inner = maker.extent(), maker.extent()
    if maker.rng.random() < 0.5:
        a = maker.entry((extent, extent), depth)
        spelled = maker.rng.choice([F.trace, Trace])(a.sympy)
        return Twin(spelled, lambda v: np.trace(a.value(v)), SCALAR)
    a, b = maker.entry((extent, inner), depth), maker.entry((inner, extent), depth)
    c = maker.entry((extent, extent), 0)
    return Twin(
        Trace(a.sympy * b.sympy * c.sympy),
        lambda v: np.trace(a.value(v) @ b.value(v) @ c.value(v)),
        SCALAR,
    )


def _det(matrix: Twin, values: Values) -> Any:
    return np.linalg.det(matrix.value(values))


@listed(SCALARS, 2)
def _determinant(maker: Maker, shape: Shape, depth: int) -> Twin:
    m = regular(maker, maker.extent(), depth)
    det = partial(_det, m)
    spelled, value = maker.pair(
        [
            (F.logdet(m.sympy), lambda v: np.log(det(v))),
            (F.log(F.determinant(m.sympy)), lambda v: np.log(det(v))),
            (sympy.log(Determinant(m.sympy)), lambda v: np.log(det(v))),
            (F.log(F.absolute(F.determinant(m.sympy))), lambda v: np.log(det(v))),
            (F.determinant(m.sympy), det),
            (1 / F.determinant(m.sympy), lambda v: 1 / det(v)),
            (F.sqrt(Determinant(m.sympy)), lambda v: np.sqrt(det(v))),
        ]
    )
    return Twin(spelled, value, SCALAR)


@listed(SCALARS)
def _determinant_of_any(maker: Maker, shape: Shape, depth: int) -> Twin:
    """It may be negative."""
    extent = maker.extent()
    a = maker.entry((extent, extent), depth)
    equal = not a.sympy.atoms(sympy.MatrixSymbol)  # its entries: refused, as the determinant is 0
    if equal or abs(np.linalg.det(a.value(maker.values))) < 0.1:
        raise Impossible
    det = partial(_det, a)
    spelled, value = maker.pair(
        [
            (F.determinant(a.sympy), det),
            (F.log(F.absolute(F.determinant(a.sympy))), lambda v: np.log(numeric.absolute(det(v)))),
        ]
    )
    return Twin(spelled, value, SCALAR)


@listed(SCALARS)
def _entry(maker: Maker, shape: Shape, depth: int) -> Twin:
    found = [twin for twin in maker.leaves if twin.shape]
    if not found:
        raise Impossible
    a = maker.rng.choice(found)
    places = []
    for extent in a.shape:
        size = maker.number(extent)
        place = maker.rng.randrange(size if isinstance(extent, int) else 1)
        ways: list[tuple[Any, int]] = [(place, place), (place, place), (extent - 1, size - 1)]
        places.append(maker.rng.choice(ways))
    (i, p), (j, q) = places
    function, value = maker.pair(
        [(lambda z: z, lambda z: z), (F.sigmoid, numeric.sigmoid), (F.sin, np.sin)]
    )
    return Twin(function(a.sympy)[i, j], lambda v: value(a.value(v)[p, q]), SCALAR)


@listed(SCALARS)
def _entry_of_product(maker: Maker, shape: Shape, depth: int) -> Twin:
    """A row times a matrix times a column, as the one entry that it is."""
    p, q = maker.extent(), maker.extent()
    a, b, c = maker.entry((1, p), depth), maker.entry((p, q), 0), maker.entry((q, 1), depth)
    return Twin(
        F.scalar(a.sympy * b.sympy * c.sympy),
        lambda v: (a.value(v) @ b.value(v) @ c.value(v))[0, 0],
        SCALAR,
    )


def _half(z: Any) -> Any:
    """Half the sum of squares."""
    return np.sum(z**2) / 2


@listed(SCALARS, 2)
def _loss(maker: Maker, shape: Shape, depth: int) -> Twin:
    """A loss of the vocabulary, of values that are no targets."""
    shape = maker.shape()
    a, b = maker.entry(shape, depth), maker.entry(shape, depth)
    if {str(a.sympy), str(b.sympy)} & set(maker.labelled) or str(b.sympy).startswith("y"):
        raise Impossible  # a target stands first
    y, z = a.sympy, b.sympy
    kinds: list[tuple[Any, Any]] = [
        (F.squared_error(y, z), lambda y, z: np.sum((y - z) ** 2)),
        (
            F.half_squared_error(y, F.sigmoid(z)),
            lambda y, z: np.sum((y - numeric.sigmoid(z)) ** 2) / 2,
        ),
        (F.mean_squared_error(y, z), lambda y, z: np.mean((y - z) ** 2)),
        (
            F.binary_cross_entropy(y, F.sigmoid(4 * F.tanh(z))),  # 1 - p keeps its digits
            lambda y, z: numeric.binary_cross_entropy(y, 4 * np.tanh(z)),
        ),
        (F.logistic_loss(y, z), lambda y, z: np.sum(softplus(-y * z))),
        (F.hinge_loss(y, z), lambda y, z: np.sum(numeric.relu(1 - y * z))),
        (F.l1(y - z), lambda y, z: np.sum(numeric.absolute(y - z))),
        (F.l2(y, z), lambda y, z: np.sum(y**2) + np.sum(z**2)),
    ]
    if shape and shape[1] == 1 and shape[0] != 1:
        p = F.softmax(z)
        kinds += [
            (F.cross_entropy(y, p), lambda y, z: numeric.cross_entropy(y, z, 0)),
            (F.half_squared_error(y, p), lambda y, z: _half(y - softmax(z, 0))),
        ]
    spelled, value = maker.pair(kinds)
    return Twin(spelled, lambda v: value(a.value(v), b.value(v)), SCALAR)
