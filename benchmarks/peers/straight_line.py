"""Straight-line Python as a careful person writes it for one network of scalars.

Every factor is computed once, sums are written out, nothing is called but exp. It is written as
text here, since a person would tire: one line a neuron, one a gradient. exp(-a) overflows in
Python below -709, which has to be met (`1/(1 + exp(-a))` there is exp(a)).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from problems import Evaluation, ScalarPerceptron

from peers import Measured

SIGMOID = "1.0 / (1.0 + exp(-{0})) if {0} > -700.0 else exp({0})"


def scalars(problem: ScalarPerceptron) -> Measured:
    """A function of the signature that symprop emits: params, a sequence for each input, target."""
    sample = [*_forward(problem), *_backward(problem, " / n", "+="), "loss += value"]
    return same_signature(problem, sample, "loss / n")


def same_signature(
    problem: ScalarPerceptron, sample: Iterable[str], mean: str, **names: Any
) -> Measured:
    """Statements for one sample in a function that adds up over a batch; a call at one sample."""
    weights, data = list(problem.params), list(problem.sample)
    body = [
        f"n = len({data[0]})",
        *(f"{name} = params[{name!r}]" for name in weights),
        "loss = 0.0",
        *(f"grad_{name} = 0.0" for name in weights),
        f"for {', '.join(data)} in zip({', '.join(data)}):",
        *(f"    {line}" for line in sample),
        *(f"workspace[{name!r}] = grad_{name}" for name in weights),
        f"return {mean}, workspace",
    ]
    head = f"def loss_and_gradients(params, {', '.join(data)}, *, workspace):"
    function = run_text(head, body, **names)
    params, space = problem.params, dict.fromkeys(weights, 0.0)
    columns = [[value] for value in problem.sample.values()]
    return Measured(
        lambda: function(params, *columns, workspace=space), lambda found: Evaluation(*found)
    )


def one_sample(problem: ScalarPerceptron) -> Measured:
    """A function of the bare numbers that returns a tuple: no batch, no dict."""
    names = [*problem.params, *problem.sample]
    results = ", ".join(f"grad_{name}" for name in problem.params)
    body = [*_forward(problem), *_backward(problem), f"return value, {results}"]
    function = run_text(f"def loss_and_gradients({', '.join(names)}):", body)
    return bare_numbers(function, problem)


def bare_numbers(function: Callable[..., Any], problem: ScalarPerceptron) -> Measured:
    """A call of a function of weights and data, all of them positional."""
    numbers = [*problem.params.values(), *problem.sample.values()]

    def read(found: Any) -> Evaluation:
        loss, *slopes = map(float, found)
        return Evaluation(loss, dict(zip(problem.params, slopes, strict=True)))

    return Measured(lambda: function(*numbers), read)


def run_text(head: str, body: Iterable[str], **names: Any) -> Callable[..., Any]:
    """The function whose text this is."""
    lines = ["from math import exp", head, *(f"    {line}" for line in body)]
    exec("\n".join(lines), names)
    function: Callable[..., Any] = names["loss_and_gradients"]
    return function


def _forward(problem: ScalarPerceptron) -> list[str]:
    lines = []
    for k in problem.layers:
        for i in range(1, problem.sizes[k] + 1):
            below = _values(problem, k - 1)
            terms = [f"w{k}_{i}_{j} * {value}" for j, value in enumerate(below, 1)]
            terms += [f"b{k}_{i}"] * problem.biases
            lines.append(f"a = {' + '.join(terms)}")
            lines.append(f"h{k}_{i} = {SIGMOID.format('a')}")
    return lines


def _backward(problem: ScalarPerceptron, mean: str = "", assign: str = "=") -> list[str]:
    """The gradients of one sample, `mean` behind the deltas of the outputs."""
    last = len(problem.layers)
    outputs = list(enumerate(_values(problem, last), 1))
    lines = [f"e{i} = {value} - y{i}" for i, value in outputs]
    lines.append(f"value = ({' + '.join(f'e{i} * e{i}' for i, _ in outputs)}) * 0.5")
    lines += [f"d{last}_{i} = e{i} * {h} * (1.0 - {h}){mean}" for i, h in outputs]
    for k in range(last - 1, 0, -1):
        for j, h in enumerate(_values(problem, k), 1):
            above = range(1, problem.sizes[k + 1] + 1)
            terms = " + ".join(f"d{k + 1}_{i} * w{k + 1}_{i}_{j}" for i in above)
            lines.append(f"d{k}_{j} = ({terms}) * {h} * (1.0 - {h})")
    for k in problem.layers:
        for i in range(1, problem.sizes[k] + 1):
            below = list(enumerate(_values(problem, k - 1), 1))
            lines += [f"grad_w{k}_{i}_{j} {assign} d{k}_{i} * {value}" for j, value in below]
            lines += [f"grad_b{k}_{i} {assign} d{k}_{i}"] * problem.biases
    return lines


def _values(problem: ScalarPerceptron, layer: int) -> list[str]:
    """The names of the inputs, or of the values of a layer."""
    letter = f"h{layer}_" if layer else "x"
    return [f"{letter}{i}" for i in range(1, problem.sizes[layer] + 1)]
