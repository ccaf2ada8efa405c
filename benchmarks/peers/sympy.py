"""SymPy alone: diff of the whole loss, then lambdify with common subexpressions shared."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from networks import real
from problems import ScalarPerceptron
from sympy import Add, Expr, Rational, diff, exp, lambdify

from peers import Measured
from peers.straight_line import bare_numbers, same_signature


def scalars(problem: ScalarPerceptron) -> Measured:
    """The function of one sample in straight-line code of the signature that symprop emits."""
    weights = list(problem.params)
    sample = [
        f"value, {', '.join(f'slope_{name}' for name in weights)} = one(",
        f"    {', '.join([*weights, *problem.sample])})",
        "loss += value / n",
        *(f"grad_{name} += slope_{name} / n" for name in weights),
    ]
    return same_signature(problem, sample, "loss", one=_one_sample(problem))


def one_sample(problem: ScalarPerceptron) -> Measured:
    """The function that lambdify makes, as it is."""
    return bare_numbers(_one_sample(problem), problem)


@cache
def _one_sample(problem: ScalarPerceptron) -> Callable[..., Any]:
    names = [real(name) for name in (*problem.params, *problem.sample)]
    loss = written_out(problem)
    slopes = [diff(loss, real(name)) for name in problem.params]
    function: Callable[..., Any] = lambdify(names, [loss, *slopes], modules="math", cse=True)
    return function


def written_out(problem: ScalarPerceptron) -> Expr:
    """The loss of one sample in weights and data alone."""
    h = [real(f"x{i}") for i in range(1, problem.sizes[0] + 1)]
    for k in problem.layers:
        h = [_neuron(problem, h, k, i) for i in range(1, problem.sizes[k] + 1)]
    return sum((real(f"y{i}") - value) ** 2 for i, value in enumerate(h, 1)) * Rational(1, 2)


def _neuron(problem: ScalarPerceptron, h: list[Expr], k: int, i: int) -> Expr:
    terms = [real(f"w{k}_{i}_{j}") * value for j, value in enumerate(h, 1)]
    return 1 / (1 + exp(-Add(*terms, *[real(f"b{k}_{i}")] * problem.biases)))
