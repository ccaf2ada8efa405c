"""The cost of programs: operations counted by hand, by the plan and on the text; time by depth.

The networks and the count on the text are those of the benchmarks.
"""

from __future__ import annotations

import cProfile
import gc
import importlib
import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from sympy.core.cache import clear_cache

from symprop import Network, derive, emit
from symprop.expression import depth
from symprop.program import Cost, build_program, cost

ROOT = Path(__file__).parents[2]

sys.path.insert(0, str(ROOT / "benchmarks"))
try:
    networks = importlib.import_module("networks")
    operations = importlib.import_module("operations")
finally:
    sys.path.remove(str(ROOT / "benchmarks"))

CHAINS = {
    "scalar": networks.scalar_chain,
    "scalar residual": networks.scalar_residual_chain,
    "matrix": networks.matrix_chain,
    "residual": networks.residual_chain,
}
RUNS = 6

Maker = Callable[[int], Network]


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_multilayer_perceptron_by_hand() -> None:
    derivation = derive(example("multilayer_perceptron").network)
    # a1 = w1*x + b1: 2, a2 and a3: 1 each, three sigmoids: 3
    steps = 2 + 1 + 1 + 3
    # y - f3, its square, added up; then once a batch the division by 2*n
    summand, mean = 1 + 1 + 1, 2
    # -(y - f3)*f3*(1 - f3)/n: y - f3 is known. delta*w*f*(1 - f), twice
    deltas = 5 + 4 + 4
    # delta_a1*x, delta_a1, delta_a2*f1, delta_a3*f2, each added up
    gradients = 2 + 1 + 2 + 2
    assert cost(build_program(derivation)) == Cost(steps + summand + mean, deltas + gradients)
    text = operations.text_cost(emit(derivation, "python"))
    assert (text.forward, text.gradient) == (steps + summand, deltas + gradients)


def test_ratio() -> None:
    assert Cost(forward=12, gradient=18).ratio == 1.5
    assert Cost(forward=0, gradient=0).ratio == 0


@pytest.mark.parametrize("width", range(2, 9))
def test_gradients_cost_little_more_than_the_forward_pass(width: int) -> None:
    derivation = derive(networks.scalar_perceptron(width))
    plan = cost(build_program(derivation))
    text = operations.text_cost(emit(derivation, "python"))
    assert plan.ratio <= 2.2
    assert text.ratio <= 2.2
    # The division of the loss by 2*n stands behind the loop: the text has it once a batch.
    assert (plan.forward, plan.gradient) == (text.forward + 2, text.gradient)


def test_a_weight_of_a_wide_scalar_network_takes_few_calls() -> None:
    width = 12
    first, second = (networks.scalar_perceptron(width) for _ in range(2))
    emit(derive(first), "python")
    profile = cProfile.Profile()
    profile.enable()
    emit(derive(second), "python")
    profile.disable()
    weights = 2 * width * width + 3 * width + 1
    # Calls of Python are what deriving and emitting consist of, and no other work disturbs them.
    assert sum(entry.callcount for entry in profile.getstats()) / weights < 1500


@pytest.mark.parametrize("width", [2, 5])
def test_forward_operations_of_a_perceptron_by_hand(width: int) -> None:
    neurons = 2 * width + 1  # each: a product and a sum for every value that comes in
    by_hand = 2 * width * neurons + 2 * width + 3 + 2  # tanh, the loss, its mean
    assert cost(build_program(derive(networks.scalar_perceptron(width)))).forward == by_hand


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("a = w * x + b", 2),
        ("a = -w", 1),
        ("a = w**-2", 1),
        ("a = -1.0 * w", 1),
        ("a = math.tanh(w)", 1),
        ("a += sigmoid(w * x)", 3),
        ("a = b", 0),
    ],
)
def test_count_on_text(code: str, count: int) -> None:
    source = "\n".join(
        f"def {name}(samples):\n    n = 1 + 1\n    for x in samples:\n        {body}\n"
        for name, body in (("loss", "b = x + 1"), ("loss_and_gradients", f"b = x + 1; {code}"))
    )
    assert operations.text_cost(source) == operations.TextCost(1, count)


def seconds(maker: Maker, layers: int, target: str) -> float:
    """Processor time from nothing to source; the collector would add the size of the heap."""
    clear_cache()
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        emit(derive(maker(layers)), target)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("chain", "target"),
    [*((chain, "numpy") for chain in CHAINS), ("scalar", "python"), ("scalar residual", "python")],
)
def test_time_grows_with_the_layers(chain: str, target: str) -> None:
    maker = CHAINS[chain]
    emit(derive(maker(10)), target)
    short, long = [], []
    for run in range(1, RUNS + 1):  # on a busy machine, until the shortest times are true ones
        short.append(seconds(maker, 200, target))
        long.append(seconds(maker, 400, target))
        if run > 1 and min(long) < 3.5 * min(short):
            return
    pytest.fail(f"{min(short):.2f} s for 200 layers, {min(long):.2f} s for 400")


@pytest.mark.parametrize("chain", CHAINS)
def test_length_of_the_source_grows_with_the_layers(chain: str) -> None:
    short, middle, long = (len(emit(derive(CHAINS[chain](k)))) for k in (20, 40, 60))
    assert long - middle == pytest.approx(middle - short, rel=0.2)


def test_a_thousand_layers_need_no_deep_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "CALLS", 0)  # no more recursion than Python allows by itself
    derivation = derive(networks.scalar_chain(1000))
    for target in ("numpy", "python"):
        source = emit(derivation, target)
        compile(source, target, "exec")
        assert "delta_a1000 =" in source and "delta_a1 =" in source
