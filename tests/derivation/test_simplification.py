"""Simplification: it never changes a value, and cancels where a person would."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import make
from sympy import Symbol, symbols

import symprop
from symprop import Network, check_gradients, derive
from symprop.derivation.simplification import expanded, shortest, tidy
from symprop.errors import DeclarationError
from symprop.expression.algebra import (
    ONE,
    add,
    apply,
    divide,
    multiply,
    power,
    scale,
    subtract,
    total,
)
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Number, Sum, operations
from symprop.expression.text import text
from symprop.functions.activations import sigmoid

N = symbols("N", integer=True, positive=True)
y, h, a, b = (Leaf(name, (), "step", k) for k, name in enumerate("yhab"))
Y, P = Leaf("Y", (N, 1), "target", 5), Leaf("P", (N, 1), "step", 6)
T = Leaf("T", (N, 1), "target", 7, 0)


def test_sigmoid_with_binary_cross_entropy_cancels() -> None:
    upstream = subtract(divide(subtract(ONE, y), subtract(ONE, h)), divide(y, h))
    assert text(tidy(multiply(h, subtract(ONE, h), upstream))) == "h - y"


def test_softmax_with_cross_entropy_cancels() -> None:
    bracket = add(scale(-1, divide(Y, P)), total(Y))
    assert text(tidy(multiply(P, bracket))) in ("P*total(Y) - Y", "total(Y)*P - Y")
    labelled = add(scale(-1, divide(T, P)), total(T))
    assert text(tidy(multiply(P, labelled))) == "P - T"


def test_nothing_is_multiplied_out_where_nothing_cancels() -> None:
    for node in (
        multiply(subtract(y, h), h, subtract(ONE, h)),
        multiply(add(a, b), add(y, h), add(a, h)),
        multiply(apply(sigmoid, a), subtract(ONE, apply(sigmoid, a))),
    ):
        assert tidy(node) == node


def test_of_two_forms_the_shorter_is_kept() -> None:
    long, short = multiply(add(a, b), add(y, h)), add(a, b)
    assert shortest(long, short) == short
    assert shortest(long, None) == long
    assert operations(tidy(add(multiply(a, y), multiply(a, h)))) <= 3


def test_products_of_many_brackets_are_not_written_out() -> None:
    brackets = [add(Leaf(f"u{k}", (), "step"), ONE) for k in range(30)]
    assert expanded(multiply(*brackets)) is None
    wide = Sum((), tuple(Leaf(f"u{k}", (), "step") for k in range(200)))
    assert expanded(multiply(a, wide)) is None
    assert tidy(multiply(a, wide, power(b, Number(-1)))).shape == ()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_simplified_forms_of_random_gradients_have_their_value(seed: int, matrices: bool) -> None:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            maker = make(random.Random(seed), matrices=matrices)
        except DeclarationError:
            return
        values = {
            name: array if maker.network.leaf(name).shape else np.reshape(array, ())[()]
            for name, array in maker.values.items()
        }
        for upstream in derive(maker.network).upstreams:
            node = upstream.expression
            value = evaluate(node, values, maker.sizes)
            if upstream.named:
                values[upstream.delta.name] = value
            for form in (tidy(node), expanded(node)):
                if form is not None and np.isfinite(value).all():
                    assert form.shape == node.shape
                    found = evaluate(form, values, maker.sizes)
                    assert found == pytest.approx(value, rel=1e-8, abs=1e-10), text(form)


@pytest.mark.parametrize(
    "quotient",
    [
        lambda e: 1 / (e / 4 + 1),
        lambda e: 1 / (4 * e + 1),
        lambda e: 1 / (1 + 3 / (e + 1) ** 2),
        lambda e: e / (e + 3 * e**3),
    ],
)
def test_folding_a_quotient_keeps_the_number_beside_its_complement(
    quotient: Callable[[Any], Any],
) -> None:
    w = Symbol("w", real=True)
    net = Network("quotient", weights=[w])
    net.loss(net.step("p", quotient(symprop.exp(w))))
    assert check_gradients(derive(net)).ok
