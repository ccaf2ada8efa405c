"""What repeats is said once, for any k: nothing is lost by it, and all that is said is true."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from deep_networks import chain_of_functions, layers_of_sigmoids
from printed_lines import spelled
from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, derive, half_squared_error, relu, sigmoid, tanh
from symprop.printout import Document, make_document, render
from symprop.printout.expressions import Counting
from symprop.printout.model import Block, Equations, Line, Part, Prose
from symprop.printout.repetition import Repetition

SECTIONS = ["forward", "chain-rule", "locals", "updates"]


def with_biases(count: int) -> Network:
    """Layers of matrices of one size."""
    x, y = MatrixSymbol("x", 3, 1), MatrixSymbol("y", 3, 1)
    weights = [MatrixSymbol(f"W{k}", 3, 3) for k in range(1, count + 1)]
    biases = [MatrixSymbol(f"b{k}", 3, 1) for k in range(1, count + 1)]
    network = Network("matrices", inputs=[x], targets=[y], weights=[*weights, *biases])
    h = x
    for k, (weight, bias) in enumerate(zip(weights, biases, strict=True), start=1):
        h = network.step(f"h{k}", sigmoid(weight * h + bias))
    network.loss(half_squared_error(y, h))
    return network


def with_a_shared_weight(count: int) -> Network:
    x, y, w1 = symbols("x y w1", real=True)
    network = Network("shared", inputs=[x], targets=[y], weights=[w1])
    h = x
    for k in range(count):
        h = network.step(f"h{k}", tanh(w1 * h + x))
    network.loss(half_squared_error(y, h))
    return network


def recurrent(count: int) -> Network:
    x = [MatrixSymbol(f"x{k}", 2, 1) for k in range(1, count + 1)]
    y, b, h = (MatrixSymbol(name, 3, 1) for name in ("y", "b", "h0"))
    w, u = MatrixSymbol("W", 3, 2), MatrixSymbol("U", 3, 3)
    network = Network("recurrent", inputs=x, targets=[y], weights=[w, u, b, h])
    for k in range(count):
        a = network.step(f"a{k + 1}", w * x[k] + u * h + b)
        h = network.step(f"h{k + 1}", tanh(a))
    network.loss(half_squared_error(y, h))
    return network


def crossed(count: int) -> Network:
    """Every output reads every hidden value."""
    inputs, y = symbols(f"x1:{count + 2}", real=True), Symbol("y", real=True)
    u, v = symbols(f"u1:{count + 1}", real=True), symbols(f"v1:{count + 1}", real=True)
    network = Network("crossed", inputs=inputs, targets=[y], weights=[*u, *v])
    hidden = [network.step(f"h{k}", tanh(w * inputs[0])) for k, w in enumerate(u, start=1)]
    added = sum(w * h for w, h in zip(v, hidden, strict=True))
    outputs = [network.step(f"o{j}", added * inputs[j]) for j in range(1, count + 1)]
    network.loss(sum((y - o) ** 2 for o in outputs))
    return network


def residual(count: int) -> Network:
    x, y, *weights = symbols(f"x y w1:{count + 1}", real=True)
    network = Network("residual", inputs=[x], targets=[y], weights=weights)
    h = x
    for k, weight in enumerate(weights, start=1):
        a = network.step(f"a{k}", weight * h)
        h = network.step(f"h{k}", h + sigmoid(a))
    network.loss(half_squared_error(y, h))
    return network


NETWORKS = {
    "sigmoids": layers_of_sigmoids(9),
    "functions": chain_of_functions(12),
    "matrices": with_biases(8),
    "shared": with_a_shared_weight(8),
    "residual": residual(8),
    "recurrent": recurrent(7),
    "crossed": crossed(6),
}


Held = tuple[Counting, ...]


def stated(document: Document) -> Iterator[tuple[str, Held]]:
    """All lines in LaTeX, those that go on with the left side, each with what it holds for."""

    def visit(blocks: tuple[Block, ...], held: Held) -> Iterator[tuple[str, Held]]:
        for block in blocks:
            if isinstance(block, Part):
                yield from visit(block.blocks, (*held, *counted(block.heading)))
            if isinstance(block, Equations):
                yield from visit_lines(block.lines, held)

    def visit_lines(lines: tuple[Line, ...], held: Held) -> Iterator[tuple[str, Held]]:
        left, holds = "", held
        for line in lines:
            if line.left is not None:
                left, holds = spelled(document, line.left), (*held, *counted(line.reason))
            yield f"{left} {line.relation} {spelled(document, line.right)}", holds

    for section in document.sections:
        yield from visit(section.blocks, ())


def counted(prose: Prose) -> list[Counting]:
    return [part for part in prose if isinstance(part, Counting)]


def plain(latex: str) -> str:
    return re.sub(r"_\{(\d+)\}", r"_\1", latex)


def put_in(latex: str, letter: str, k: int) -> str:
    """A line for one k."""
    latex = re.sub(rf"\b{letter} \+ (\d+)", lambda found: str(k + int(found[1])), latex)
    latex = re.sub(rf"\b{letter} - (\d+)", lambda found: str(k - int(found[1])), latex)
    return re.sub(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z])", str(k), latex)


def written_out(document: Document) -> list[str]:
    """Every line that is said, one for each number."""
    said: list[str] = []
    for latex, held in stated(document):
        lines = [latex]
        for counting in held:
            letter = spelled(document, counting.index)
            lines = [put_in(line, letter, k) for line in lines for k in numbers(counting)]
        said += map(plain, lines)
    return sorted(said)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_line_stands_in_the_printout_or_is_one_with_a_number_for_k(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    derivation = derive(NETWORKS[name])
    monkeypatch.setattr(Repetition, "_summed", lambda self, line, level: line)
    short = make_document(derivation, SECTIONS)
    said = written_out(short)
    monkeypatch.setattr(Repetition, "shortened", lambda self, blocks: tuple(blocks))
    long = make_document(derivation, SECTIONS)
    assert any(held for _, held in stated(short))
    assert len(list(stated(short))) < 0.75 * len(list(stated(long)))
    assert said == written_out(long)


def numbers(counting: Counting) -> list[int]:
    step = 1 if counting.first < counting.last else -1
    return list(range(counting.first, counting.last + step, step))


def test_the_general_step_is_printed_once() -> None:
    text = render(make_document(derive(layers_of_sigmoids(50)), ["forward"]), "latex")
    assert r"a_k &= w_k f_{k - 1} &&\qquad \text{\small $k = 2, \dots, 50$}" in text
    assert "a_1 &= w_1 x" in text
    assert "a_7" not in text


@pytest.mark.parametrize("count", [6, 9])
def test_many_uses_of_a_weight_are_a_sum_over_an_index(count: int) -> None:
    text = render(make_document(derive(recurrent(count)), ["chain-rule"]), "latex")
    end = count
    assert (
        rf"\frac{{\partial L}}{{\partial W}} &= \sum_{{k = 1}}^{end} \delta_{{a_k}} x_k^{{\top}}"
        in text
    )
    assert rf"\sum_{{k = 1}}^{end} \delta_{{a_k}} h_{{k - 1}}^{{\top}}" in text


def test_a_sum_within_what_is_said_for_any_k_is_over_another_index() -> None:
    text = render(make_document(derive(crossed(6)), ["chain-rule"]), "latex")
    assert r"\frac{\partial o_j}{\partial v_k} &= x_{j + 1} h_k" in text
    assert r"\frac{\partial L}{\partial v_k} &= -\sum_{j = 1}^6 2 (y - o_j) x_{j + 1} h_k" in text


def test_a_layer_that_differs_is_printed_as_it_is() -> None:
    x, y, *weights = symbols("x y w1:21", real=True)
    network = Network("different", inputs=[x], targets=[y], weights=weights)
    h = x
    for k, weight in enumerate(weights, start=1):
        h = network.step(f"h{k}", relu(weight * h) if k == 11 else tanh(weight * h))
    network.loss(half_squared_error(y, h))
    text = render(make_document(derive(network), ["forward"]), "latex")
    assert r"k = 2, \dots, 10" in text
    assert r"h_{11} &= \operatorname{relu}(w_{11} h_{10})" in text
    assert r"k = 12, \dots, 20" in text


def test_the_index_is_no_letter_of_the_network() -> None:
    k, y, *weights = symbols("k y j1:9", real=True)
    network = Network("letters", inputs=[k], targets=[y], weights=weights)
    h = k
    for number, weight in enumerate(weights, start=1):
        h = network.step(f"h{number}", tanh(weight * h))
    network.loss(half_squared_error(y, h))
    text = render(make_document(derive(network), ["forward"]), "latex")
    assert r"h_l &= \tanh(j_l h_{l - 1})" in text


def test_what_repeats_less_than_five_times_is_written_out() -> None:
    text = render(make_document(derive(layers_of_sigmoids(5)), ["forward"]), "latex")
    assert "_k" not in text
    assert "a_5 &= w_5 f_4" in text


def test_many_weights_are_listed_with_dots() -> None:
    text = render(make_document(derive(layers_of_sigmoids(50)), ["network"]), "text")
    assert "w\u2081, w\u2082, \u2026, w\u2085\u2080" in text


def test_the_sum_over_a_batch_runs_over_another_letter() -> None:
    text = render(make_document(derive(layers_of_sigmoids(8)), ["updates", "training"]), "latex")
    assert r"k = 2, \dots, 8" in text
    assert r"\sum_{k" not in text


@pytest.mark.parametrize("make", [layers_of_sigmoids, chain_of_functions])
def test_the_printout_of_200_layers_is_no_longer_than_that_of_50(make: object) -> None:
    assert callable(make)
    lengths = [
        len(render(make_document(derive(make(count)), SECTIONS), "html")) for count in (50, 200)
    ]
    assert lengths[1] < 1.1 * lengths[0]
