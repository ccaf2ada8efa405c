"""Each pass saves work and changes no number; each does what it is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
from example_networks import derivation_of as example
from networks_by_torch import NETWORKS
from sympy import MatrixSymbol, symbols
from torch_networks.case import draw
from workspaces import Recorded, recorded_calls

import symprop.functions as F
from symprop.derivation import Derivation, derive
from symprop.emission import emit, load, numpy_gradients
from symprop.network import Network
from symprop.program import buffers, build_program
from symprop.program.cost import below
from symprop.program.passes import PASSES, Pass, improved

D, N, V, n = symbols("D N V n", integer=True, positive=True)
BY_TORCH = [
    "convolution", "residual_net", "recurrent", "rms_norm", "learned_loss_weights",
    "distillation", "attention", "mixture_of_experts", "conditional_random_field", "cox_regression",
    "highway", "triplet_loss", "squeeze_excite", "every_axis", "info_nce", "clipped_policy",
]  # fmt: skip
EXAMPLES = ["digits", "image_class", "class_probabilities", "layer_norm", "mixture_of_losses"]
NAMES = {each.name: each for each in PASSES}


def with_passes(patch: pytest.MonkeyPatch, passes: Sequence[Pass]) -> None:
    patch.setattr(numpy_gradients, "improved", lambda program: improved(program, passes))


def without(name: str) -> list[Pass]:
    return [each for each in PASSES if each.name != name]


@cache
def torch_derivation(name: str) -> Derivation:
    return derive(NETWORKS[name].declare())


def point(name: str) -> tuple[Any, list[Any]]:
    case, network = NETWORKS[name], torch_derivation(name).network
    drawn = draw(case, network, 5)
    return drawn.weights, [drawn.data[e.name] for e in (*network.inputs, *network.targets)]


def assert_close(found: Any, expected: Any) -> None:
    """Loss and gradients to 1e-12, on the scale of the largest entry of all."""
    assert found[0] == pytest.approx(expected[0], rel=1e-12, abs=1e-12)
    scale = max(1.0, *(np.abs(gradient).max() for gradient in expected[1].values()))
    for key, gradient in expected[1].items():
        np.testing.assert_allclose(
            found[1][key], gradient, rtol=1e-12, atol=1e-12 * scale, err_msg=key
        )


# -- the numbers stay -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", BY_TORCH)
def test_no_pass_changes_a_loss_or_a_gradient(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    params, data = point(name)
    derivation = torch_derivation(name)
    found = load(derivation).loss_and_gradients(params, *data)
    for passes in ([], *(without(each.name) for each in PASSES), *([each] for each in PASSES)):
        with_passes(monkeypatch, passes)
        assert_close(load(derivation).loss_and_gradients(params, *data), found)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_pass_changes_an_example(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(example(name))
    sizes = {size: 3 for size in getattr(module, "WEIGHT_SIZES", getattr(module, "SIZES", {}))}
    params = module.init_params(1, std=0.5, **sizes)
    shapes = {key: [s if isinstance(s, int) else sizes.get(s, 5) for s in shape]
              for key, shape in module.DATA.items()}  # fmt: skip
    rng = np.random.default_rng(2)
    data = [
        np.eye(shape[-1])[rng.integers(shape[-1], size=5)]
        if getattr(module, "LABELS", {}).get(key) in ("one-hot", "probabilities")
        else rng.standard_normal(shape)
        for key, shape in shapes.items()
    ]
    found = module.loss_and_gradients(params, *data)
    for passes in ([], *(without(each.name) for each in PASSES)):
        with_passes(monkeypatch, passes)
        assert_close(load(example(name)).loss_and_gradients(params, *data), found)


@pytest.mark.parametrize("name", BY_TORCH)
def test_a_buffer_for_every_register_gives_the_same_bits(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What differs was written over while it was still wanted."""
    params, data = point(name)
    module = load(torch_derivation(name))
    value, gradients = module.loss_and_gradients(params, *data)
    shared = len(module.make_workspace(params, *data)[1])
    monkeypatch.setattr(
        numpy_gradients, "assigned", lambda routine: buffers.assigned(routine, share=False)
    )
    module = load(torch_derivation(name))
    again, alone = module.loss_and_gradients(params, *data)
    assert len(module.make_workspace(params, *data)[1]) > shared
    assert again == value
    for key, gradient in gradients.items():
        np.testing.assert_array_equal(alone[key], gradient, err_msg=key)


@pytest.mark.parametrize("name", NAMES)
def test_every_pass_changes_the_values_of_several_networks(name: str) -> None:
    """Else the tests above would say nothing of it."""

    def values(program: Any, passes: Sequence[Pass]) -> set[int]:
        better = improved(program, passes)
        return set(below([better.loss.value, *(g.value for g in better.gradients)]))

    changed = [
        network
        for network in BY_TORCH
        for program in [build_program(torch_derivation(network))]
        if values(program, PASSES) != values(program, without(name))
    ]
    assert len(changed) >= 3, changed


# -- what each is called --------------------------------------------------------------------------


def classifier(hidden: Any = F.relu, labels: str | None = "one-hot", classes: Any = V) -> Network:
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", classes, 1)
    W1, b1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
    W2, b2 = MatrixSymbol("W2", classes, N), MatrixSymbol("b2", classes, 1)
    kinds = {y: labels} if labels else {}
    net = Network("classifier", inputs=[x], targets=[y], weights=[W1, b1, W2, b2], labels=kinds)
    a1 = net.step("a1", W1 * x + b1)
    h1 = net.step("h1", hidden(a1))
    p = net.step("p", F.softmax(W2 * h1 + b2))
    net.loss(F.cross_entropy(y, p))
    return net


def body(net: Network) -> str:
    source = emit(derive(net))
    return source.partition("def loss_and_gradients")[2].partition("\ndef ")[0]


def calls(net: Network, samples: int = 11, classes: int = 3) -> list[Recorded]:
    """The calls entry by entry in one call of loss_and_gradients."""
    module = load(derive(net))
    sizes = {"D": 4, "N": 6, "V": classes}
    params = module.init_params(0, std=0.7, **{s: sizes[s] for s in module.SIZES})
    rng = np.random.default_rng(1)
    data = rng.normal(size=(samples, 4)), np.eye(classes)[rng.integers(classes, size=samples)]
    return recorded_calls(module, params, data)


def test_the_exponentials_of_a_softmax_are_taken_once() -> None:
    found = calls(classifier())
    assert [each.name for each in found].count("exp") == 1
    code = [line.partition("#")[0] for line in body(classifier()).splitlines()]
    assert not any("softmax(" in line for line in code)


def test_without_its_pass_a_softmax_and_its_logarithm_take_exponentials_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_passes(monkeypatch, [])
    assert [each.name for each in calls(classifier())].count("exp") == 2


def test_labels_that_sum_to_one_save_what_is_taken_off_every_logarithm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """n logarithms for n samples either way; then n numbers are added up, not n times V."""
    assert [each.out for each in calls(classifier()) if each.name == "log"] == [(11,)]
    found = statements(body(classifier()))
    with_passes(monkeypatch, without("labels that sum to one"))
    assert found < statements(body(classifier()))


def statements(source: str) -> int:
    """How many statements a body has that compute an array in place, or begin one."""
    return len(re.findall(r"out=|^ *\w+ [-+*/]= ", source, flags=re.MULTILINE))


def test_labels_that_may_sum_to_anything_are_left_alone() -> None:
    labels = NAMES["labels that sum to one"]
    for kind, changes in ((None, False), ("probabilities", True), ("one-hot", True)):
        program = build_program(derive(classifier(labels=kind)))
        assert (improved(program, [labels]).loss.value is not program.loss.value) is changes, kind


def test_a_delta_over_all_classes_is_not_divided_by_the_number_of_samples(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sums of the softmax and the labels are, which the loss shares."""
    divided = re.compile(r"^ *delta_p\w* /= ", flags=re.MULTILINE)
    assert not divided.search(body(classifier()))
    with_passes(monkeypatch, without("means of labels"))
    assert divided.search(body(classifier()))


def test_the_derivative_of_relu_is_read_off_its_output() -> None:
    """So relu is computed in place and its argument is not kept beside it."""
    found = calls(classifier())
    (relu,) = [each for each in found if each.name == "maximum"]
    assert relu.in_place
    (mask,) = [each for each in found if each.name == "greater"]
    assert mask.arguments[0] == relu.memory


def test_without_its_pass_the_argument_of_relu_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with_passes(monkeypatch, without("steps from outputs"))
    (relu,) = [each for each in calls(classifier()) if each.name == "maximum"]
    assert not relu.in_place


def test_a_unit_step_without_a_relu_computes_none() -> None:
    x, w = symbols("x w", real=True)
    net = Network("step", inputs=[x], weights=[w])
    net.loss(F.absolute(w * x) + F.leaky_relu(w * x))
    program = build_program(derive(net))
    better = improved(program, [NAMES["steps from outputs"]])
    assert [g.value for g in better.gradients] == [g.value for g in program.gradients]


# -- where the samples lie ------------------------------------------------------------------------


@pytest.mark.parametrize(("classes", "last"), [(3, True), (64, True), (65, False), (200, False)])
def test_samples_come_last_unless_long_rows_of_data_are_met(classes: int, last: bool) -> None:
    module = load(derive(classifier(classes=classes)))
    params = module.init_params(0, D=4, N=6)
    x, y = np.ones((301, 4)), np.eye(classes)[np.arange(301) % classes]
    shapes = [array.shape for array in module.make_workspace(params, x, y)[1]]
    assert ((classes, 301) in shapes) is last
    assert ((301, classes) in shapes) is not last
    assert (6, 301) in shapes and (301, 6) not in shapes  # a layer meets no data entry by entry
    assert module.check_gradients(params, x[:9], y[:9])
