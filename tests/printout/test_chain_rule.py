"""The chain rule as printed: the lines of the lectures, and every line true at random points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from example_networks import NETWORKS, UNSPECIFIED
from sympy import symbols

from symprop import Network, derive, half_squared_error, sigmoid
from symprop.derivation import Derivation
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf, Node
from symprop.printout import make_document, render
from symprop.printout.expressions import (
    Added,
    Box,
    Chain,
    Equated,
    Expression,
    Gradient,
    IndexSum,
    Rate,
    RateOf,
    ToDerive,
)
from symprop.printout.model import Block, Document, Equations, Line, Part
from symprop.printout.notation.formulas import Formulas
from symprop.printout.notation.latex import latex_of


def lines_of(blocks: tuple[Block, ...]) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, Equations):
            yield from block.lines
        elif isinstance(block, Part):
            yield from lines_of(block.blocks)


def parts(document: Document) -> dict[str, list[Line]]:
    """The lines of each part of the chain rule, by the name that it is about."""
    (section,) = document.sections
    found = {}
    for block in section.blocks:
        if isinstance(block, Part):
            names = [part.name for part in block.heading if isinstance(part, Leaf)]
            found[" ".join(names)] = list(lines_of(block.blocks))
    return found


def chain_rule(name: str) -> tuple[Document, dict[str, list[Line]]]:
    document = make_document(derive(NETWORKS[name]), ["chain-rule"])
    return document, parts(document)


def written(document: Document, lines: list[Line]) -> list[str]:
    formulas = Formulas(document.names, document.ordinary)
    return [
        ("" if line.left is None else latex_of(formulas.of(line.left)) + " ")
        + f"{line.relation} {latex_of(formulas.of(line.right))}"
        for line in lines
    ]


# -- the lines of the lectures --------------------------------------------------------------------


def test_the_smallest_perceptron_gives_the_three_lines_of_the_slide() -> None:
    document, found = chain_rule("smallest_perceptron")
    assert written(document, found["w"]) == [
        r"\frac{d\mathcal{L}}{dw} = \frac{d}{dw}\left\{\frac{1}{2} (y - \hat{y})^2\right\}",
        r"= -(y - \hat{y}) \frac{dw x}{dw}",
        r"= -(y - \hat{y}) x = \nabla w",
    ]


@pytest.mark.parametrize("i", [1, 2])
def test_the_second_smallest_perceptron_gives_the_five_lines_of_the_slide(i: int) -> None:
    document, found = chain_rule("second_smallest_perceptron")
    rate = rf"\partial w_{i}"
    assert written(document, found[f"w{i}"]) == [
        rf"\frac{{\partial\mathcal{{L}}}}{{{rate}}}"
        rf" = \frac{{\partial}}{{{rate}}}\left\{{\frac{{1}}{{2}} (y - \hat{{y}})^2\right\}}",
        rf"= -(y - \hat{{y}}) \frac{{\partial\hat{{y}}}}{{{rate}}}",
        rf"= -(y - \hat{{y}}) \frac{{\partial\sum_i w_i x_i}}{{{rate}}}",
        rf"= -(y - \hat{{y}}) \frac{{\partial w_{i} x_{i}}}{{{rate}}}",
        rf"= -(y - \hat{{y}}) x_{i} = \nabla w_{i}",
    ]


def factors(expression: Expression) -> int:
    """How many derivatives a chain has, those in a box included."""
    match expression:
        case Chain(inner):
            return sum(map(factors, inner))
        case Box(inside):
            return factors(inside)
        case Rate():
            return 1
    return 0


@pytest.mark.parametrize("name", ["multilayer_perceptron", "unspecified_activations"])
def test_the_multilayer_perceptron_has_chains_of_3_5_7_and_7_factors(name: str) -> None:
    _, found = chain_rule(name)
    assert list(found) == ["w3", "w2", "w1", "b1"]
    assert [factors(lines[0].right) for lines in found.values()] == [3, 5, 7, 7]


def test_the_part_that_is_computed_already_is_boxed() -> None:
    _, found = chain_rule("multilayer_perceptron")
    boxes = {}
    for weight, lines in found.items():
        assert isinstance(lines[0].right, Chain)
        first = lines[0].right.factors[0]
        boxes[weight] = (first.name, factors(first.inside)) if isinstance(first, Box) else None
    assert {weight: box and (str(box[0]), box[1]) for weight, box in boxes.items()} == {
        "w3": None,
        "w2": ("Leaf('delta_a3')", 2),
        "w1": ("Leaf('delta_a2')", 4),
        "b1": ("Leaf('delta_a1')", 6),
    }


CLOSED_FORMS = {
    "w3": r"= -(y - \hat{y}) \hat{y} (1 - \hat{y}) f_2",
    "w2": r"= -(y - \hat{y}) \hat{y} (1 - \hat{y}) w_3 f_2 (1 - f_2) f_1",
    "w1": r"= -(y - \hat{y}) \hat{y} (1 - \hat{y}) w_3 f_2 (1 - f_2) w_2 f_1 (1 - f_1) x",
    "b1": r"= -(y - \hat{y}) \hat{y} (1 - \hat{y}) w_3 f_2 (1 - f_2) w_2 f_1 (1 - f_1)",
}


@pytest.mark.parametrize("weight", CLOSED_FORMS)
def test_the_closed_forms_are_those_of_the_lecture(weight: str) -> None:
    document, found = chain_rule("multilayer_perceptron")
    assert written(document, found[weight])[-1] == CLOSED_FORMS[weight]


def test_what_is_used_twice_is_a_sum_over_its_direct_uses() -> None:
    document, found = chain_rule("two_outputs")
    lines = written(document, found["q"])
    assert lines[0] == r"\delta_q = \frac{\partial L}{\partial q}"
    boxes = [
        rf"\underset{{\delta_{{o_{i}}}}}{{\boxed{{\frac{{\partial L}}{{\partial o_{i}}}}}}}"
        rf"\, \frac{{\partial o_{i}}}{{\partial q}}"
        for i in (2, 1)
    ]
    assert lines[1] == f"= {boxes[0]} + {boxes[1]}"
    assert r"\delta_q = \delta_{o_2} v_2 + \delta_{o_1} v_1" in lines
    assert written(document, found["o1"])[-1] == "= p_1 - y"


@pytest.mark.parametrize(
    ("name", "weight", "expected"),
    [
        ("linear_regression", "w", r"= -(y - (w x + b)) x"),
        ("linear_regression", "b", r"= -(y - (w x + b))"),
        ("vector_regression", "w1", r"= -2 (y - w_1^{\top} x) x"),
        ("positive_example", "w1", r"= -\sigma(-w_1^{\top} x) x"),
        ("two_outputs", "v1", "= (p_1 - y) q"),
        ("vector_network_any_g", "W2", r"= -(y - f) h^{\top}"),
        ("digits", "W2", r"= (p - y) h_1^{\top}"),
    ],
)
def test_the_last_line_of_a_weight_is_that_of_the_lecture(
    name: str, weight: str, expected: str
) -> None:
    document, found = chain_rule(name)
    assert written(document, found[weight])[-1] == expected


def deep(layers: int) -> Network:
    x, y, *weights = symbols(f"x y w1:{layers + 1}", real=True)
    network = Network("deep", inputs=[x], targets=[y], weights=weights)
    f = x
    for layer, weight in enumerate(weights, start=1):
        a = network.step(f"a{layer}", weight * f)
        f = network.step(f"f{layer}", sigmoid(a))
    network.loss(half_squared_error(y, f))
    return network


def test_a_deep_network_has_a_recursion_of_deltas_and_no_long_chain() -> None:
    document = make_document(derive(deep(12)), ["chain-rule"])
    found = parts(document)
    (recursion,) = [name for name in found if "a_k" in name]
    assert written(document, found[recursion])[-1] == (
        r"\delta_{a_k} = \delta_{a_{k + 1}} w_{k + 1} f_k (1 - f_k)"
    )
    assert max(factors(line.right) for lines in found.values() for line in lines) <= 8


def test_a_printout_hardly_grows_with_the_layers() -> None:
    lengths = [len(render(make_document(derive(deep(k))), "latex")) for k in (40, 160)]
    assert lengths[1] < 1.3 * lengths[0]


# -- every line is true ---------------------------------------------------------------------------

SIZES = {"D": 3, "N": 4, "V": 3, "K": 2, "n": 3, "M": 2, "T": 3, "d": 2}


class Point:
    """The numbers of a network at a random point; gradients by central differences."""

    def __init__(self, derivation: Derivation, seed: int) -> None:
        self.network = derivation.network
        rng = np.random.default_rng(seed)
        self.declared = {name: float(rng.uniform(0.2, 0.9)) for name in self.network.declared}
        self.values = self.forward({})

    def forward(self, changed: dict[str, float], held: str = "") -> dict[str, Any]:
        """All values where some are changed; those of steps too, whatever they are made of."""
        values: dict[str, Any] = self.declared | changed
        for name, step in self.network.steps.items():
            if name not in changed:
                values[name] = evaluate(step.node, values, {})
        return values

    def gradient(self, name: str) -> float:
        """dL/d(name), the steps after it varying."""
        loss, step = self.network.require_loss().name, 1e-6
        at = self.values[name]
        high, low = (self.forward({name: at + s})[loss] for s in (step, -step))
        return float((high - low) / (2 * step))

    def slope(self, node: Node, by: str) -> float:
        """The derivative of an expression by a name, all other names held fixed."""
        step, at = 1e-6, self.values[by]
        known = self.deltas()
        high, low = (evaluate(node, known | {by: at + s}, {}) for s in (step, -step))
        return float((high - low) / (2 * step))

    def deltas(self) -> dict[str, Any]:
        known = dict(self.values)
        known |= {f"delta_{name}": self.gradient(name) for name in self.network.steps}
        return known

    def value(self, expression: Expression) -> float:
        """What an expression is worth."""
        match expression:
            case Node():
                return float(evaluate(expression, self.deltas(), {}))
            case Chain(inner):
                return float(np.prod([self.value(factor) for factor in inner]))
            case Added(terms):
                return sum(map(self.value, terms))
            case Box(inside, name):
                if name is not None:
                    assert self.value(name) == pytest.approx(self.value(inside), abs=1e-7)
                return self.value(inside)
            case Equated(left, right):
                assert self.value(left) == pytest.approx(self.value(right), abs=1e-7)
                return self.value(left)
            case Gradient(by):
                return self.gradient(_name(by))
            case Rate(of, by, direct=direct):
                if not direct and _name(of) == self.network.require_loss().name:
                    return self.gradient(_name(by))
                return self.slope(self.network.steps[_name(of)].node, _name(by))
            case ToDerive(_, by):
                return self.gradient(_name(by))
            case RateOf(IndexSum(node), by) | RateOf(Node() as node, by):
                return self.slope(node, _name(by))
        raise TypeError(expression)


def _name(node: Node) -> str:
    assert isinstance(node, Leaf)
    return node.name


SCALAR = [
    name
    for name, network in NETWORKS.items()
    if network.is_scalar and name not in UNSPECIFIED and "max" not in name
]


@pytest.mark.parametrize("name", SCALAR)
def test_every_line_is_true_at_a_random_point(name: str) -> None:
    derivation = derive(NETWORKS[name])
    point = Point(derivation, seed=3)
    _, found = chain_rule(name)
    counted = 0
    for lines in found.values():
        left: float | None = None
        for line in lines:
            left = left if line.left is None else point.value(line.left)
            assert left is not None
            assert point.value(line.right) == pytest.approx(left, rel=1e-5, abs=1e-7), line
            counted += 1
    assert counted >= len(NETWORKS[name].weights)


def test_a_network_of_all_kinds_of_sharing_is_true_line_by_line() -> None:
    x, y, u, v, w = symbols("x y u v w", real=True)
    network = Network("sharing", inputs=[x], targets=[y], weights=[u, v, w])
    a = network.step("a", u * x + w)
    b = network.step("b", a * v + a**2)
    c = network.step("c", sigmoid(b) + a * w)
    d = network.step("d", b * c)
    network.loss(half_squared_error(y, d + c) + w**2)
    derivation = derive(network)
    point = Point(derivation, seed=5)
    found = parts(make_document(derivation, ["chain-rule"]))
    assert {"a", "b", "c", "u", "v", "w"} <= set(found)
    for lines in found.values():
        left: float | None = None
        for line in lines:
            left = left if line.left is None else point.value(line.left)
            assert point.value(line.right) == pytest.approx(left, rel=1e-5, abs=1e-7), line
