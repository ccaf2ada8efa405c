"""The whole table of `identities` against torch, at many sizes.

The table itself is held against autograd first, so that an error in it cannot pass for one of
symprop.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from identities import CASES
from textbook import (
    Case,
    Sizes,
    by_hand,
    closed_form,
    declared,
    drawn,
    sizes_of,
    whole_sizes_of,
)

from symprop import derive, load
from symprop.derivation import Derivation
from symprop.derivation.forms import Forms
from symprop.expression.evaluation import evaluate
from symprop.expression.text import text
from symprop.network import Network

TOLERANCE = 1e-9

every = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
with_constants = pytest.mark.parametrize(
    "case", [case for case in CASES if case.constants], ids=lambda case: case.name
)
with_samples = pytest.mark.parametrize(
    "case", [case for case in CASES if case.samples], ids=lambda case: case.name
)
printed = pytest.mark.parametrize(
    "case, weight",
    [
        pytest.param(case, weight, id=f"{case.name} by {weight}")
        for case in CASES
        for weight, by in case.by.items()
        if by.text and by.printed
    ],
)


def close(found: Any, expected: Any) -> bool:
    """Equal to `TOLERANCE`, relative to the largest entry."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    scale = max(1.0, float(np.abs(expected).max()))
    return bool(found.size == expected.size) and bool(
        np.abs(found.reshape(expected.shape) - expected).max() <= TOLERANCE * scale
    )


def as_array(net: Network, name: str, value: Any) -> Any:
    """A value in the shape that an emitted module takes: a second size of literal 1 is dropped."""
    shape = net.declared[name].shape
    return value[:, 0] if len(shape) == 2 and shape[1] == 1 else value


def assert_gradients(
    net: Network, found: Mapping[str, Any], expected: Mapping[str, Any], sizes: Sizes
) -> None:
    for entry in net.weights:
        wanted = as_array(net, entry.name, expected[entry.name])
        assert found[entry.name].shape == wanted.shape, (entry.name, sizes)
        assert close(found[entry.name], wanted), (
            f"d/d{entry.name} at {sizes}: {found[entry.name]} instead of {wanted}"
        )


def test_names_of_the_table_are_unique_and_every_case_has_several_sizes() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 110
    assert all(len(sizes_of(case)) >= 2 for case in CASES if case.size_letters)


@every
def test_gradient_of_the_textbook_is_that_of_autograd(case: Case) -> None:
    for seed, sizes in enumerate(sizes_of(case)):
        values = drawn(case, sizes, seed)
        value, gradients = by_hand(case, values)
        assert np.isfinite(value)
        for weight, by in case.by.items():
            if by.formula is not None:
                found = closed_form(case, weight, values)
                assert found.size == gradients[weight].size
                assert close(found, gradients[weight]), (weight, sizes)


@every
def test_emitted_function_of_all_letters_equals_torch(case: Case) -> None:
    """Constants are weights too, sizes are symbols."""
    net = declared(case)
    module = load(derive(net))
    for seed, sizes in enumerate(sizes_of(case)):
        values = drawn(case, sizes, seed)
        value, gradients = by_hand(case, values)
        params = {name: as_array(net, name, values[name]) for name in values}
        loss, found = module.loss_and_gradients(params)
        assert close(loss, value), f"loss at {sizes}: {loss} instead of {value}"
        assert close(module.loss(params), value)
        assert_gradients(net, found, gradients, sizes)


@with_constants
@pytest.mark.parametrize("count", [1, 3])
def test_emitted_mean_over_samples_equals_torch(case: Case, count: int) -> None:
    """Constants are inputs: each has the samples first, and the loss is their mean."""
    net = declared(case, constants="inputs")
    module = load(derive(net))
    for seed, sizes in enumerate(sizes_of(case)):
        weights = drawn(case, sizes, seed)
        draws = [drawn(case, sizes, 100 * seed + k) for k in range(count)]
        draws = [{**draw, **{name: weights[name] for name in case.by}} for draw in draws]
        hands = [by_hand(case, draw) for draw in draws]
        params = {name: as_array(net, name, weights[name]) for name in case.by}
        data = [
            np.stack([as_array(net, entry.name, draw[entry.name]) for draw in draws])
            for entry in (*net.inputs, *net.targets)
        ]
        loss, found = module.loss_and_gradients(params, *data)
        assert close(loss, np.mean([value for value, _ in hands])), sizes
        gradients = {
            name: np.mean([gradient[name] for _, gradient in hands], axis=0) for name in case.by
        }
        assert_gradients(net, found, gradients, sizes)


@with_samples
def test_emitted_loss_of_a_whole_batch_equals_torch(case: Case) -> None:
    """What has the size of the samples is data, numbers are hyperparameters."""
    net = declared(case, constants="inputs", batch=True)
    module = load(derive(net))
    for seed, sizes in enumerate(sizes_of(case)):
        values = drawn(case, sizes, seed)
        value, gradients = by_hand(case, values)
        params = {e.name: as_array(net, e.name, values[e.name]) for e in net.weights}
        data = [as_array(net, e.name, values[e.name]) for e in (*net.inputs, *net.targets)]
        numbers = {name: float(values[name]) for name in net.hyperparameters}
        loss, found = module.loss_and_gradients(params, *data, **numbers)
        assert close(loss, value), sizes
        assert_gradients(net, found, gradients, sizes)


@pytest.mark.parametrize(
    "case, sizes",
    [
        pytest.param(case, sizes, id=f"{case.name} at {sizes}")
        for case in CASES
        for sizes in whole_sizes_of(case)
    ],
)
def test_emitted_function_of_whole_sizes_equals_torch(case: Case, sizes: Sizes) -> None:
    net = declared(case, sizes=sizes)
    values = drawn(case, sizes, 7)
    value, gradients = by_hand(case, values)
    params = {name: as_array(net, name, values[name]) for name in values}
    loss, result = load(derive(net)).loss_and_gradients(params)
    assert close(loss, value)
    assert_gradients(net, result, gradients, sizes)


# -- the derivation itself ------------------------------------------------------------------------


def evaluated_point(
    derivation: Derivation, values: Mapping[str, Any], sizes: Sizes
) -> dict[str, Any]:
    """Values of all names of a derivation: declared ones, steps, upstream gradients."""
    net = derivation.network
    known = {
        name: value if net.leaf(name).shape else np.reshape(value, ())[()]
        for name, value in values.items()
    }
    for name, step in net.steps.items():
        known[name] = evaluate(step.node, known, sizes)
    for upstream in derivation.upstreams:
        if upstream.named:
            known[upstream.delta.name] = evaluate(upstream.expression, known, sizes)
    return known


@every
def test_every_form_of_a_partial_has_the_value_of_torch(case: Case) -> None:
    """`partial` is a SymPy expression; read again, it means the gradient that torch finds."""
    derivation = derive(declared(case))
    net = derivation.network
    for seed, sizes in enumerate(sizes_of(case)):
        values = drawn(case, sizes, seed)
        known = evaluated_point(derivation, values, sizes)
        _, gradients = by_hand(case, values)
        for weight in case.by:
            for form in ("steps", "expanded"):
                written = derivation.partial(weight, form=form)
                found = evaluate(net.read(written), known, sizes)
                filled = np.broadcast_to(found, gradients[weight].shape)
                assert close(filled, gradients[weight]), (form, written, sizes)
            found = evaluate(derivation.gradient(weight), known, sizes)
            assert np.shape(found) in (gradients[weight].shape, ()), (weight, sizes)
            assert close(found, gradients[weight]), (weight, sizes)


@printed
def test_gradient_is_printed_as_in_the_textbook(case: Case, weight: str) -> None:
    derivation = derive(declared(case, constants="inputs", batch=bool(case.samples)))
    forms = Forms(derivation.network, derivation.sweep)
    assert text(forms.write(derivation.gradient(weight), "steps")) == case.by[weight].text
