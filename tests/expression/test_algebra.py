"""The canonical form: it never changes a value or a shape, and collects what a person collects."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import Maker, make
from sympy import Symbol, symbols

from symprop import derive
from symprop.errors import DeclarationError, ShapeError
from symprop.expression.algebra import (
    ONE,
    ZERO,
    add,
    along,
    apply,
    divide,
    filled,
    is_symmetric,
    matmul,
    multiply,
    power,
    scale,
    subtract,
    total,
    transpose,
)
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import (
    Identity,
    Leaf,
    MatMul,
    Node,
    Number,
    Ones,
    Product,
    Sum,
    Transpose,
    walk,
)
from symprop.expression.rewriting import rebuild as rebuilt
from symprop.expression.rewriting import substitute
from symprop.expression.shapes import numeric_extent, same, shape_text
from symprop.expression.text import text
from symprop.functions.activations import leaky_relu, tanh
from symprop.functions.elementary import exp, log
from symprop.functions.softmax import logsumexp, softmax

D, N = symbols("D N", integer=True, positive=True)
SIZES = {"D": 3, "N": 2}
a, b, c = (Leaf(name, (), "weight", k) for k, name in enumerate("abc"))
x, v = Leaf("x", (D, 1), "input", 3), Leaf("v", (D, 1), "weight", 4)
z, y = Leaf("z", (N, 1), "weight", 5), Leaf("y", (N, 1), "target", 6)
W, W2 = Leaf("W", (N, D), "weight", 7), Leaf("W2", (N, D), "weight", 8)
Q, r = Leaf("Q", (N, N), "weight", 9), Leaf("r", (1, D), "weight", 10)
ALL = [a, b, c, x, v, z, y, W, W2, Q, r]


def values(seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        leaf.name: rng.uniform(0.3, 1.5, [numeric_extent(e, SIZES) for e in leaf.shape])
        for leaf in ALL
    }


def value(node: Node) -> Any:
    return np.asarray(evaluate(node, values(), SIZES))


def assert_is(node: Node, expected: Any, shape: tuple[Any, ...]) -> None:
    assert node.shape == shape
    array = value(node)
    assert array.shape == np.shape(expected)
    assert array == pytest.approx(np.asarray(expected), rel=1e-12)


A = values()


# -- sums -----------------------------------------------------------------------------------------


def test_like_terms_are_collected_where_the_first_stands() -> None:
    assert text(add(x, v, x)) == "2*x + v"
    assert text(add(a, scale(-1, a), b)) == "b"
    assert add(scale(Fraction(1, 2), x), scale(Fraction(1, 2), x)) == x
    assert add(a, add(b, c)) == add(add(a, b), c)


def test_sum_that_cancels_is_a_zero_of_its_shape() -> None:
    assert subtract(a, a) == ZERO
    assert_is(subtract(W, W), np.zeros((2, 3)), (N, D))
    assert add(subtract(W, W), W2) == W2


def test_difference_begins_with_what_is_positive() -> None:
    assert text(add(scale(-1, y), z)) == "z - y"
    assert text(subtract(y, z)) == "y - z"
    assert text(add(scale(-1, y), scale(-1, z))) == "-y - z"


def test_number_in_a_sum_of_matrices_is_added_to_every_entry() -> None:
    assert_is(add(W, Ones((N, D))), A["W"] + 1, (N, D))
    assert_is(add(W, scale(-2, Ones((N, D)))), A["W"] - 2, (N, D))
    assert_is(add(W, multiply(a, Ones((N, D)))), A["W"] + A["a"], (N, D))
    assert add(Ones((N, D)), Ones((N, D))) == scale(2, Ones((N, D)))
    assert_is(add(Ones((N, D)), a), 1 + A["a"] + 0 * A["W"], (N, D))


def test_floats_stay_floats_and_fractions_exact() -> None:
    assert add(scale(Fraction(1, 3), a), scale(Fraction(2, 3), a)) == a
    assert text(add(scale(0.1, a), scale(0.2, a))) == "0.30000000000000004*a"
    assert Number(2) != Number(2.0)


# -- products entry by entry ----------------------------------------------------------------------


def test_equal_bases_are_collected() -> None:
    assert multiply(a, a, b) == multiply(power(a, Number(2)), b)
    assert multiply(a, power(a, Number(-1))) == ONE
    assert text(multiply(a, b, power(a, Number(-1)))) == "b"
    assert_is(divide(W, W), np.ones((2, 3)), (N, D))
    root = power(a, Number(Fraction(1, 2)))
    assert multiply(root, root) == a
    assert multiply(
        power(add(a, b), Number(Fraction(1, 2))), power(add(a, b), Number(Fraction(1, 2)))
    ) == add(a, b)


def test_product_with_zero_is_a_zero_of_its_shape() -> None:
    assert multiply(ZERO, a) == ZERO
    assert_is(multiply(ZERO, W), np.zeros((2, 3)), (N, D))


def test_numbers_are_one_coefficient() -> None:
    assert multiply(Number(2), a, Number(Fraction(1, 2))) == a
    product = multiply(Number(-3), a, b)
    assert isinstance(product, Product) and product.coefficient == -3


def test_one_to_any_power_is_one() -> None:
    assert power(ONE, Number(Fraction(-1, 2))) == ONE


def test_powers() -> None:
    assert power(a, ONE) == a and power(a, ZERO) == ONE
    assert_is(power(W, ZERO), np.ones((2, 3)), (N, D))
    assert power(power(a, Number(2)), Number(3)) == power(a, Number(6))
    assert power(Number(Fraction(2, 3)), Number(-2)) == Number(Fraction(9, 4))
    assert power(multiply(Number(2), a, b), Number(2)) == multiply(
        Number(4), power(a, Number(2)), power(b, Number(2))
    )
    assert power(Ones((N, D)), a) == Ones((N, D))
    assert_is(power(W, a), A["W"] ** A["a"], (N, D))
    with pytest.raises(ShapeError, match="exponent"):
        power(a, W)


def test_root_of_a_square_is_not_taken_away() -> None:
    """sqrt(a^2) is |a|, not a."""
    node = power(power(a, Number(2)), Number(Fraction(1, 2)))
    assert evaluate(node, {"a": -3.0}, {}) == 3.0


# -- matrix products ------------------------------------------------------------------------------


def test_runs_that_close_become_scalars() -> None:
    xx = (A["x"].T @ A["x"])[0, 0]
    assert_is(matmul(transpose(x), x), xx, ())
    assert_is(matmul(transpose(x), x, v), xx * A["v"], (D, 1))
    assert_is(matmul(x, transpose(x), x), xx * A["x"], (D, 1))
    assert_is(matmul(W, transpose(x), x, v), xx * A["W"] @ A["v"], (N, 1))
    assert_is(
        matmul(W, x, transpose(x), v, transpose(v)),
        A["W"] @ A["x"] @ A["x"].T @ A["v"] @ A["v"].T,
        (N, D),
    )
    assert_is(matmul(r, r, x), A["r"] * (A["r"] @ A["x"]), (1, D))


def test_scalar_factors_are_pulled_out() -> None:
    assert matmul(scale(2, W), multiply(a, x)) == multiply(Number(2), a, matmul(W, x))
    assert matmul(a, b) == multiply(a, b)


def test_identity_vanishes_and_alone_stays() -> None:
    identity = Identity((N, N))
    assert matmul(identity, W) == W
    assert matmul(transpose(z), identity, y) == matmul(transpose(z), y)
    assert_is(matmul(identity, identity), np.eye(2), (N, N))


def test_product_with_ones_is_a_sum() -> None:
    assert matmul(Ones((1, N)), z) == total(z)
    assert_is(matmul(Ones((1, N)), Ones((N, 1))), 2.0, ())
    assert_is(matmul(W, Ones((D, 1))), A["W"].sum(1, keepdims=True), (N, 1))
    assert_is(matmul(Ones((N, N)), W), np.ones((2, 2)) @ A["W"], (N, D))


def test_products_that_do_not_fit_are_refused_with_both_shapes() -> None:
    for factors, shapes in [
        ((W, z), ("N x D", "N x 1")),
        ((x, x), ("D x 1", "D x 1")),
        ((W, W), ("N x D", "N x D")),
    ]:
        with pytest.raises(ShapeError) as caught:
            matmul(*factors)
        assert all(shape in str(caught.value) for shape in shapes)


def test_sums_and_products_of_two_shapes_are_refused() -> None:
    for operation in (add, multiply):
        with pytest.raises(ShapeError, match="N x 1"):
            operation(W, z)


# -- transposes, reductions -----------------------------------------------------------------------


def test_transposes_go_to_factors_of_a_product_and_stay_outside_of_a_sum() -> None:
    assert transpose(matmul(W, transpose(W2))) == matmul(W2, transpose(W))
    inner = add(W, multiply(a, W2))
    assert isinstance(transpose(inner), Transpose)
    assert add(transpose(W), multiply(a, transpose(W2))) == transpose(inner)
    turned = apply(exp, multiply(transpose(W), transpose(W2)))
    assert turned == transpose(apply(exp, multiply(W, W2)))
    assert_is(turned, np.exp(A["W"] * A["W2"]).T, (D, N))
    assert_is(transpose(inner), (A["W"] + A["a"] * A["W2"]).T, (D, N))


def test_a_symmetric_matrix_is_its_own_transpose() -> None:
    gram = add(matmul(transpose(W), W), Identity((D, D)))
    assert is_symmetric(gram) and transpose(gram) is gram
    assert not is_symmetric(add(gram, matmul(x, transpose(v))))


def test_a_function_of_a_matrix_and_its_transpose_is_not_symmetric() -> None:
    larger = apply(leaky_relu, Q, transpose(Q))
    assert_is(transpose(larger), value(larger).T, (N, N))
    assert not is_symmetric(larger)


def test_the_transpose_of_a_transpose_is_the_matrix() -> None:
    for matrix in (W, add(W, a), power(W, Number(2)), apply(exp, W), Ones((N, D)), matmul(Q, W)):
        assert transpose(transpose(matrix)) == matrix
        assert_is(transpose(matrix), value(matrix).T, (D, N))
    assert transpose(a) == a


def test_totals() -> None:
    array = A["W"]
    for axis, expected, shape in [
        (None, array.sum(), ()),
        (0, array.sum(0, keepdims=True), (1, D)),
        (1, array.sum(1, keepdims=True), (N, 1)),
    ]:
        assert_is(total(W, axis), expected, shape)
        assert_is(total(multiply(Number(2), a, W), axis), 2 * A["a"] * expected, shape)
        assert_is(
            total(add(W, multiply(a, Ones((N, D))), W2), axis),
            (array + A["a"] + A["W2"]).sum(axis=axis, keepdims=axis is not None),
            shape,
        )
        assert_is(
            total(Ones((N, D)), axis),
            np.ones_like(array).sum(axis=axis, keepdims=axis is not None),
            shape,
        )
    assert total(z, 0) == total(z)
    assert total(z, 1) == z
    assert total(a) == a


def test_labels_that_sum_to_one() -> None:
    label = Leaf("t", (N, 1), "target", 0, 0)
    rows = Leaf("T", (N, D), "target", 0, 1)
    assert total(label) == ONE and total(label, 0) == ONE
    assert total(label, 1) == label
    assert total(rows, 1) == Ones((N, 1))
    assert total(rows, 0) != Ones((1, D)) and total(rows) != ONE
    assert total(multiply(a, label)) == a
    assert total(power(label, Number(2))) != ONE


def test_functions_along_an_axis_have_their_shapes() -> None:
    assert along(softmax, W, 0).shape == (N, D)
    assert along(logsumexp, W, 0).shape == (1, D)
    assert along(logsumexp, W, 1).shape == (N, 1)
    assert along(logsumexp, z, 0).shape == () and along(logsumexp, r, 1).shape == ()
    with pytest.raises(ShapeError, match="softmax"):
        along(softmax, a, 0)


# -- shapes ---------------------------------------------------------------------------------------


def test_sizes_are_equal_when_they_are_for_all_values() -> None:
    assert same(N, N) and same(3, 3) and same(2 * (N + 1), 2 * N + 2)
    assert not same(N, D) and not same(3, 4) and not same(N, 3) and not same(N, N + 1)
    assert shape_text((N, 2 * D)) == "N x 2*D" and shape_text(()) == "a scalar"
    assert numeric_extent(2 * N + D, SIZES) == 7


def test_filled_repeats_a_scalar_and_leaves_a_matrix() -> None:
    assert_is(filled(a, (N, D)), A["a"] + 0 * A["W"], (N, D))
    assert filled(W, (N, D)) == W and filled(a, ()) == a


# -- nodes ----------------------------------------------------------------------------------------


def test_substitution_gives_canonical_form_again() -> None:
    node = add(multiply(a, b), c)
    assert substitute(node, {b: power(a, Number(-1))}) == add(ONE, c)
    assert substitute(apply(log, multiply(a, b)), {a: ONE}) == apply(log, b)
    assert substitute(matmul(W, x), {W: transpose(v)}) == matmul(transpose(v), x)


def test_equality_is_by_structure_and_not_between_kinds() -> None:
    assert apply(tanh, a) == apply(tanh, a) != apply(exp, a)
    assert Ones((N, N)) != Identity((N, N))
    assert Leaf("a", (), "weight") == Leaf("a", (), "step") != Leaf("a", (N, 1), "weight")
    assert hash(add(a, b)) == hash(add(a, b))
    assert Sum((), (a, b)) != MatMul((), (a, b))
    assert Symbol("a") != a


def nodes_of(maker: Maker) -> Iterator[Node]:
    derivation = derive(maker.network)
    roots = [step.node for step in maker.network.steps.values()]
    roots += [up.expression for up in derivation.upstreams]
    roots += [derivation.gradient(name) for name in maker.weights]
    seen = {node for root in roots for node in walk(root)}
    return iter(seen)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_canonical_form_is_a_fixed_point(seed: int) -> None:
    """Building any node of a random derivation again from its children gives the node itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            maker = make(random.Random(seed), matrices=True)
        except DeclarationError:
            return
        for node in nodes_of(maker):
            if node.children:
                again = rebuilt(node, node.children)
                assert again == node, f"{text(node)} becomes {text(again)}"
                assert again.shape == node.shape
