"""How long deriving and emitting take, and how many operations the emitted gradients have.

Beside it SymPy alone: diff of the whole loss by every weight, then cse.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from layers import CHAINS, times
from networks import classifier, scalar_perceptron
from operations import text_cost
from results import Emission, Growth, Operations
from settings import Settings
from sympy import Expr, Symbol, cse, diff, symbols

from symprop import Network, derive, emit
from symprop.program import build_program, cost

CALLS = 3
PLAN, TEXT, SYMPY = "symprop, its plan", "symprop, emitted text", "SymPy diff + cse"


def emission(settings: Settings) -> Iterable[Emission]:
    """The first calls in this process, which has to be a new one."""
    inputs, hidden, classes = symbols("D N V", integer=True, positive=True)
    width = settings.scalar_width
    two_layers = [classifier((inputs, hidden, classes)) for _ in range(CALLS)]
    yield Emission("two layers in matrices", [_seconds(each, "numpy") for each in two_layers])
    scalars = [scalar_perceptron(width) for _ in range(CALLS)]
    name = f"perceptron in scalars, width {width}"
    yield Emission(name, [_seconds(each, "python") for each in scalars])


def _seconds(network: Network, target: str) -> float:
    """Processor time to derive and emit a declared network."""
    start = time.process_time()
    emit(derive(network), target)
    return time.process_time() - start


def growth(settings: Settings) -> Iterable[Growth]:
    """The chains of layers.py; imports and templates are loaded before."""
    for _, maker, target in CHAINS[:2]:
        times(maker, target, settings.layers[:1], 1)
    for name, maker, target in CHAINS:
        found = times(maker, target, settings.layers, settings.layer_runs)
        yield Growth(f"{name}, {target}", settings.layers, found)


def operations(settings: Settings) -> Iterable[Operations]:
    """Gradient over forward operations of scalar perceptrons, by three counts."""
    for width in settings.widths:
        network = scalar_perceptron(width)
        start = time.process_time()
        derivation = derive(network)
        source = emit(derivation, "python")
        seconds = time.process_time() - start
        yield Operations(width, PLAN, cost(build_program(derivation)).ratio, seconds)
        yield Operations(width, TEXT, text_cost(source).ratio, seconds)
        if width in settings.sympy_widths:
            yield _by_sympy(network, width)


def _by_sympy(network: Network, width: int) -> Operations:
    """Operations of loss and gradients by SymPy beyond those of the loss alone."""
    loss = written_out(network)
    start = time.process_time()
    slopes = [diff(loss, weight.symbol) for weight in network.weights]
    both = _operations([loss, *slopes])
    seconds = time.process_time() - start
    forward = _operations([loss])
    return Operations(width, SYMPY, (both - forward) / forward, seconds)


def _operations(expressions: list[Expr]) -> int:
    """Operations after common subexpressions are taken out."""
    shared, rest = cse(expressions)
    return sum(_count(each) for each in [*(value for _, value in shared), *rest])


def _count(expression: Expr) -> int:
    return int(expression.count_ops())


def written_out(network: Network) -> Expr:
    """The loss in inputs, targets and weights alone."""
    known: dict[Symbol, Expr] = {}
    for step in network.steps.values():
        known[step.symbol] = step.expression.xreplace(known)
    return network.require_loss().expression.xreplace(known)
