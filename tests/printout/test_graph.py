"""The computational graph: the numbers of the lectures on its edges, and how it is laid out."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from example_networks import NETWORKS, UNSPECIFIED, derivation_of, draw
from printout.pictures import bursting, labels, overlapping, struck_through
from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, derive, half_squared_error, maximum, sigmoid
from symprop.errors import PointError
from symprop.example import Example
from symprop.printout import make_document, render
from symprop.printout.graph.drawing import picture_of
from symprop.printout.graph.heights import kept_apart
from symprop.printout.graph.layers import SHOWN, STEPS, left_out, step_columns
from symprop.printout.graph.listing import listing
from symprop.printout.graph.model import Graph
from symprop.printout.graph.picture import Picture
from symprop.printout.graph.reading import graph_of, trace_of
from symprop.printout.notation.unicode import unicode_of
from symprop.printout.sections.material import Material

E1 = {"x": -2, "y": 5, "z": -4}
E2 = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}

NUMBERS_OF_E1 = {
    ("x", "q"): ("−2", "−4"),
    ("y", "q"): ("5", "−4"),
    ("q", "f"): ("3", "−4"),
    ("z", "f"): ("−4", "3"),
    ("f", ""): ("−12", "1"),
}
"""Forward and backward, as ECE 884, lecture 11, has them."""

NUMBERS_OF_E2 = {
    ("w0", "m0"): ("2", "−0.20"),
    ("x0", "m0"): ("−1", "0.39"),
    ("w1", "m1"): ("−3", "−0.39"),
    ("x1", "m1"): ("−2", "−0.59"),
    ("m0", "s1"): ("−2", "0.20"),
    ("m1", "s1"): ("6", "0.20"),
    ("s1", "s2"): ("4", "0.20"),
    ("w2", "s2"): ("−3", "0.20"),
    ("s2", "n"): ("1", "0.20"),
    ("n", "E"): ("−1", "−0.20"),
    ("E", "D"): ("0.37", "−0.53"),
    ("D", "f"): ("1.37", "−0.53"),
    ("f", ""): ("0.73", "1"),
}


def read(network: Network, values: dict[str, Any] | None = None) -> Graph:
    material = Material(derive(network), None if values is None else Example(values))
    return graph_of(material, trace_of(material))


def chain(length: int) -> Network:
    """Layers of one neuron each: two steps a layer, and the loss."""
    x, y = symbols("x y", real=True)
    weights = symbols(f"w1:{length + 1}", real=True)
    network = Network(f"chain of {length}", inputs=[x], targets=[y], weights=weights)
    h = x
    for k, w in enumerate(weights, 1):
        a = network.step(f"a{k}", w * h)
        h = network.step(f"h{k}", sigmoid(a))
    network.loss(half_squared_error(y, h))
    return network


def residual(length: int, *, dense: bool = False) -> Network:
    """Layers whose values are added to what came before; `dense`: to everything before."""
    x, y = symbols("x y", real=True)
    weights = symbols(f"w1:{length + 1}", real=True)
    network = Network("residual", inputs=[x], targets=[y], weights=weights)
    values = [x]
    for k, w in enumerate(weights, 1):
        f = network.step(f"f{k}", sigmoid(w * (sum(values) if dense else values[-1])))
        values.append(f if dense else network.step(f"h{k}", values[-1] + f))
    network.loss(half_squared_error(y, values[-1]))
    return network


def parallel(count: int) -> Network:
    """Many steps side by side."""
    w = Symbol("w", real=True)
    network = Network("parallel", weights=[w])
    network.loss(sum(network.step(f"h{k}", k * w) for k in range(2, count + 2)))
    return network


def words(graph: Graph) -> dict[str, tuple[str, ...]]:
    return {vertex.name: vertex.patterns for vertex in graph.vertices if vertex.patterns}


def operations(graph: Graph) -> dict[str, str]:
    return {v.name: unicode_of(v.operation) for v in graph.vertices if v.operation is not None}


# -- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [("sum_times_z", E1, NUMBERS_OF_E1), ("sigmoid_circuit", E2, NUMBERS_OF_E2)],
)
def test_every_number_of_the_lecture_stands_at_its_edge(
    name: str, values: dict[str, Any], expected: dict[tuple[str, str], tuple[str, str]]
) -> None:
    graph = read(NETWORKS[name], values)
    assert labels(picture_of(graph)) == expected


def test_the_table_says_downstream_is_local_times_upstream() -> None:
    document = make_document(derivation_of("sum_times_z"), ["graph"], example=Example(E1))
    text = " ".join(render(document, "text").split())
    assert "edge local upstream downstream = local times upstream" in text
    assert "x to q ∂q/∂x = 1 ∂f/∂q = −4 −4" in text
    assert "z to f ∂f/∂z = 3 ∂f/∂f = 1 3" in text


def test_each_edge_of_a_copy_has_its_own_gradient() -> None:
    x, y, z = symbols("x y z", real=True)
    network = Network("copy", weights=[x, y, z])
    s = network.step("s", x + y)
    m = network.step("m", maximum(y, z))
    network.loss(s * m, name="f")
    graph = read(network, {"x": 1, "y": 2, "z": 0})
    found = labels(picture_of(graph))
    assert found["y", "s"] == ("2", "2")
    assert found["y", "m"] == ("2", "3")
    assert found["z", "m"] == ("0", "0")


def test_a_short_vector_stands_at_its_edge_and_a_long_one_has_its_shape() -> None:
    N = Symbol("N", integer=True, positive=True)
    u, w = MatrixSymbol("u", 2, 1), MatrixSymbol("w", N, 1)
    network = Network("vectors", weights=[u, w])
    network.loss((u.T * u)[0, 0] + (w.T * w)[0, 0])
    graph = read(network, {"u": [1, 2], "w": [0, 1, 2, 3]})
    shown = {e.source: (e.above, e.below) for e in graph.edges}
    assert [m and unicode_of(m) for m in shown["u"]] == ["(1, 2)", "(2, 4)"]
    assert [m and unicode_of(m) for m in shown["w"]] == ["N", None]


def test_a_missing_number_is_named() -> None:
    with pytest.raises(PointError, match="z"):
        read(NETWORKS["sum_times_z"], {"x": 1, "y": 2})


# -- what stands on a vertex ----------------------------------------------------------------------


def test_gates_are_named_by_what_they_do_to_the_gradient() -> None:
    assert words(read(NETWORKS["all_gates"])) == {
        "y": ("adds up",),
        "s": ("distributes",),
        "m": ("routes",),
        "f": ("swaps",),
    }


def test_a_step_of_one_operation_has_its_sign() -> None:
    assert operations(read(NETWORKS["sigmoid_circuit"])) == {
        "m0": "×",
        "m1": "×",
        "s1": "+",
        "s2": "+",
        "n": "×(−1)",
        "E": "exp",
        "D": "+1",
        "f": "1/D",
    }
    assert operations(read(NETWORKS["gaussian_log_likelihood"]))["r"] == "−"
    assert operations(read(NETWORKS["lstm"]))["i1"] == "σ(…)"


def test_the_edges_are_the_direct_uses() -> None:
    graph = read(NETWORKS["two_layer_network"])
    assert {(edge.source, edge.target) for edge in graph.edges} == {
        *((name, "a") for name in ("W1", "x", "b1")),
        ("a", "h"),
        *((name, "f") for name in ("W2", "h", "b2")),
        *((name, "L") for name in ("y", "f", "lambda", "W1", "W2")),
    }


@pytest.mark.filterwarnings("ignore::symprop.network.UnusedStepWarning")
def test_what_the_loss_does_not_use_is_not_drawn() -> None:
    x, w, v = symbols("x w v", real=True)
    network = Network("idle", inputs=[x, v], weights=[w])
    a = network.step("a", w * x)
    network.step("idle", v * a)
    network.loss(a**2)
    assert [vertex.name for vertex in read(network).vertices] == ["x", "w", "a", "L"]


def test_many_symbols_of_one_kind_are_one_vertex() -> None:
    xs, ws = symbols("x1:16", real=True), symbols("w1:16", real=True)
    network = Network("many", inputs=xs, weights=ws)
    network.loss(sum(w * x for w, x in zip(ws, xs, strict=True)) ** 2)
    shown = [unicode_of(vertex.label) for vertex in read(network).vertices]
    assert shown == ["x₁, …, x₁₅", "w₁, …, w₁₅", "L"]


# -- layout ---------------------------------------------------------------------------------------


def numbers_for(name: str) -> dict[str, Any]:
    weights, data = draw(NETWORKS[name], 1)
    return {key: float(value.reshape(-1)[0]) for key, value in {**weights, **data}.items()}


def pictures() -> dict[str, Picture]:
    drawn = {name: picture_of(read(network)) for name, network in NETWORKS.items()}
    for name, network in NETWORKS.items():
        if network.is_scalar and name not in UNSPECIFIED:
            drawn[f"{name}, numbers"] = picture_of(read(network, numbers_for(name)))
    drawn["chain"] = picture_of(read(chain(12)))
    drawn["long chain"] = picture_of(read(chain(60)))
    drawn["residual"] = picture_of(read(residual(10)))
    drawn["dense"] = picture_of(read(residual(10, dense=True)))
    drawn["parallel"] = picture_of(read(parallel(100)))
    return drawn


PICTURES = pictures()


@pytest.mark.parametrize("name", PICTURES)
def test_no_two_labels_meet_and_no_edge_strikes_anything_through(name: str) -> None:
    picture = PICTURES[name]
    assert overlapping(picture) == []
    assert bursting(picture) == []
    assert struck_through(picture) == []


@pytest.mark.parametrize("name", PICTURES)
def test_edges_go_to_the_right_and_stay_on_the_sheet(name: str) -> None:
    picture = PICTURES[name]
    for wire in picture.wires:
        level = abs(wire.head[1][0] - wire.head[2][0]) < 1e-9
        assert not level or wire.head[0][0] > wire.start[0]
        for x, y in (wire.start, *(curve.end for curve in wire.curves), *wire.head):
            assert 0 <= x <= picture.width
            assert 0 <= y <= picture.height


def test_a_chain_is_straight() -> None:
    picture = PICTURES["multilayer_perceptron"]
    steps = {"x", *NETWORKS["multilayer_perceptron"].steps}
    assert len({shape.middle[1] for shape in picture.shapes if shape.name in steps}) == 1


@pytest.mark.parametrize("first", range(3))
def test_what_is_added_later_goes_around_a_straight_chain(first: int) -> None:
    at = {shape.name: shape.middle for shape in PICTURES["residual"].shapes}
    heights = [at[f"{name}{k}"][1] for k in range(3 * first + 1, 3 * first + 4) for name in "fh"]
    levels = sorted({round(height) for height in heights})
    assert len(levels) <= 2  # of two rows at most


def test_a_weight_stands_near_the_step_that_uses_it() -> None:
    at = {shape.name: shape.middle for shape in PICTURES["multilayer_perceptron"].shapes}
    for weight, step in (("w1", "a1"), ("w2", "a2"), ("w3", "a3"), ("b1", "a1"), ("y", "L")):
        assert at[weight][0] == at[step][0]
        assert abs(at[weight][1] - at[step][1]) < 60
    assert at["b1"][1] > at["a1"][1] > at["w1"][1]


def test_a_step_stands_behind_everything_that_it_uses() -> None:
    for network in (NETWORKS["lstm"], NETWORKS["attention"], chain(30)):
        graph = read(network)
        columns = step_columns(graph)
        for edge in graph.edges:
            assert columns.get(edge.source, 0) < columns[edge.target]


@pytest.mark.parametrize(
    ("wished", "weights", "gaps", "expected"),
    [
        ([0.0, 0.0], [1.0, 1.0], [10.0], [-5.0, 5.0]),
        ([0.0, 0.0], [9.0, 1.0], [10.0], [-1.0, 9.0]),
        ([0.0, 50.0], [1.0, 1.0], [10.0], [0.0, 50.0]),
        ([30.0, 0.0, 0.0], [1.0, 1.0, 1.0], [10.0, 10.0], [0.0, 10.0, 20.0]),
        ([], [], [], []),
    ],
)
def test_places_are_moved_apart_as_little_as_can_be(
    wished: list[float], weights: list[float], gaps: list[float], expected: list[float]
) -> None:
    assert kept_apart(wished, weights, gaps) == pytest.approx(expected)


# -- long networks --------------------------------------------------------------------------------


def test_of_a_long_network_the_first_and_last_steps_are_drawn() -> None:
    graph = read(chain(50))
    hidden = left_out(graph)
    assert len(hidden) == 101 - 2 * SHOWN
    drawn = {shape.name for shape in picture_of(graph).shapes}
    assert {"a1", "h1", "h50", "L", "y", "w50"} <= drawn
    assert "a25" not in drawn
    assert len(listing(graph).splitlines()) == 2 * SHOWN + 1
    text = " ".join(render(make_document(derive(chain(50)), ["graph"]), "text").split())
    assert "The 73 steps from a₈ to a₄₄ are left out here." in text


def test_many_values_of_steps_that_are_not_drawn_are_one_vertex() -> None:
    picture = PICTURES["parallel"]
    assert picture.height < 1200
    assert "h₂, …, h₈₈" in {
        unicode_of(t.text) for t in picture.letters if not isinstance(t.text, str)
    }


def test_a_network_of_a_page_is_drawn_as_a_whole() -> None:
    graph = read(chain((STEPS - 1) // 2))
    assert left_out(graph) == []
    drawn = {shape.name for shape in picture_of(graph).shapes}
    assert {vertex.name for vertex in graph.vertices} <= drawn


def test_a_long_network_takes_linear_time() -> None:
    def seconds(length: int) -> float:
        material = Material(derive(chain(length)))
        begun = time.process_time()
        picture_of(graph_of(material))
        return time.process_time() - begun

    seconds(10)
    short, long = (min(seconds(length) for _ in range(3)) for length in (250, 1000))
    assert long < 10 * max(short, 0.01)  # 16 times were quadratic


def test_the_same_bytes_under_every_hash_seed() -> None:
    code = (
        "from runpy import run_path\n"
        "from symprop import derive\n"
        "from symprop.printout.graph.drawn import FORMATS, drawn\n"
        "for name in ('lstm', 'attention', 'two_outputs', 'layer_norm'):\n"
        "    network = run_path(f'examples/{name}.py')['network']\n"
        "    for target in FORMATS:\n"
        "        print(drawn(derive(network), target))\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
        )
        for seed in ("0", "1")
    ]
    printed = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert printed[0] == printed[1]
    assert len(printed[0]) > 10_000
