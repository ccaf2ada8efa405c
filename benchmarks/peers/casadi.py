"""CasADi: the expression graph of the whole loss, differentiated and run by its virtual machine."""

from __future__ import annotations

from typing import Any

import casadi
import numpy as np
from problems import Evaluation, ScalarPerceptron

from peers import Measured
from peers.straight_line import bare_numbers


def scalars(problem: ScalarPerceptron) -> Measured:
    """The function called with numbers; it returns numbers of CasADi's own kind."""
    names, loss, slopes = _expressions(problem)
    return bare_numbers(casadi.Function("both", names, [loss, *slopes]), problem)


def buffers(problem: ScalarPerceptron) -> Measured:
    """The function on memory that was bound to it before: one vector in, one out."""
    names, loss, slopes = _expressions(problem)
    function = casadi.Function("both", [casadi.vertcat(*names)], [casadi.vertcat(loss, *slopes)])
    numbers = np.array([*problem.params.values(), *problem.sample.values()])
    results = np.zeros(1 + len(problem.params))
    memory = memoryview(numbers), memoryview(results)
    buffer, evaluate = function.buffer()
    buffer.set_arg(0, memory[0])
    buffer.set_res(0, memory[1])

    def run(_: Any = (function, buffer, memory)) -> None:  # CasADi holds their bare addresses
        evaluate()

    def read(_: Any) -> Evaluation:
        loss, *slopes = results.tolist()
        return Evaluation(loss, dict(zip(problem.params, slopes, strict=True)))

    return Measured(run, read)


def _expressions(problem: ScalarPerceptron) -> tuple[list[Any], Any, list[Any]]:
    """The symbols of weights and data, the loss, and its gradients."""
    names = {name: casadi.SX.sym(name) for name in (*problem.params, *problem.sample)}
    h = [names[f"x{i}"] for i in range(1, problem.sizes[0] + 1)]
    for k in problem.layers:
        h = [_neuron(names, h, k, i) for i in range(1, problem.sizes[k] + 1)]
    loss = sum((names[f"y{i}"] - value) ** 2 for i, value in enumerate(h, 1)) / 2
    weights = casadi.vertcat(*(names[name] for name in problem.params))
    gradient = casadi.gradient(loss, weights)
    slopes = [gradient[i] for i in range(len(problem.params))]
    return list(names.values()), loss, slopes


def _neuron(names: dict[str, Any], h: list[Any], k: int, i: int) -> Any:
    a = sum(names[f"w{k}_{i}_{j}"] * value for j, value in enumerate(h, 1))
    return 1 / (1 + casadi.exp(-(a + names.get(f"b{k}_{i}", 0))))
