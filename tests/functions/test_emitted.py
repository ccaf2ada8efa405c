"""Every elementwise function in emitted code, value and gradients, against mpmath.

The argument is z = w*x: up to +-800 in float64 and plain Python, +-80 in float32.
"""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from formulas import FORMULAS, OVERFLOWING
from sympy import MatrixSymbol, Symbol, hadamard_product, symbols

from symprop import Network, derive, load, total
from symprop.functions.classes import u
from symprop.functions.piecewise import direction
from symprop.functions.vocabulary import VOCABULARY, Elementwise

ELEMENTWISE = [entry for entry in VOCABULARY.values() if isinstance(entry, Elementwise)]
x, w, v = symbols("x w v", real=True)
entrywise = pytest.mark.parametrize("entry", ELEMENTWISE, ids=str)
DIGITS = 750
SECONDS = (0.375, 1.75, -0.625)
"""Second arguments; a length, which direction takes, is not negative."""


def network(entry: Elementwise) -> Network:
    """entry(w*x, v)."""
    net = Network("n", inputs=[x], weights=[w, v][: len(entry.arguments)])
    net.loss(entry(w * x, *[v][: len(entry.arguments) - 1]))
    return net


def places(entry: Elementwise, largest: float) -> list[float]:
    """Arguments in the domain, away from kinks."""
    largest = min(largest, 80.0) if entry.name in OVERFLOWING else largest
    found = [-largest, -38.0, -12.5, -5.0, -1.5, -0.25, 0.3, 1.5, 6.0, 30.0, largest]
    return [z for z in found if entry.domain is None or entry.domain.subs(u, z) > 0]


def expected(entry: Elementwise, z: float, second: float) -> list[float]:
    """The value, then dL/dw at w = 1 and dL/dv."""
    formula = FORMULAS[entry.name]
    count = len(entry.arguments)
    with mpmath.workdps(DIGITS):
        at = [mpmath.mpf(z), mpmath.mpf(second)][:count]
        h = mpmath.mpf(10) ** (-DIGITS // 3)
        found = [formula(*at)]
        for place in range(count):
            right, left = ([*at], [*at])
            right[place] += h
            left[place] -= h
            slope = (formula(*right) - formula(*left)) / (2 * h)
            found.append(slope * (at[0] if place == 0 else 1))
        return [float(value) for value in found]


@entrywise
@pytest.mark.parametrize("target", ["numpy", "python"])
def test_value_and_gradients_are_right_at_large_arguments(entry: Elementwise, target: str) -> None:
    module = load(derive(network(entry)), target)
    for z in places(entry, 800.0):
        for second in SECONDS if entry is not direction else SECONDS[:2]:
            params = {"w": 1.0, "v": second}
            given = {name: params[name] for name in "wv"[: len(entry.arguments)]}
            value, gradients = module.loss_and_gradients(given, [z])
            wanted = expected(entry, z, second)
            found = [value, *(float(gradients[name]) for name in given)]
            for a, b in zip(found, wanted, strict=True):
                assert np.isfinite(a)
                assert a == pytest.approx(b, rel=1e-11, abs=1e-13 * abs(z)), (z, second)


@entrywise
def test_value_and_gradients_are_right_in_float32(entry: Elementwise) -> None:
    module = load(derive(network(entry)))
    for z in places(entry, 80.0):
        z = float(np.float32(z))
        params = {"w": np.float32(1.0), "v": np.float32(0.375)}
        given = {name: params[name] for name in "wv"[: len(entry.arguments)]}
        value, gradients = module.loss_and_gradients(given, np.array([z], np.float32))
        wanted = expected(entry, z, 0.375)
        for name in given:
            assert gradients[name].dtype == np.float32, name
        found = [value, *(float(gradients[name]) for name in given)]
        for a, b in zip(found, wanted, strict=True):
            assert np.isfinite(a)
            assert a == pytest.approx(b, rel=2e-5, abs=2e-6 * abs(z)), z


@entrywise
def test_a_batch_of_columns_equals_one_number_at_a_time(entry: Elementwise) -> None:
    """Columns per sample, beside a scalar, a column and a full matrix as the second argument."""
    size = Symbol("N", integer=True, positive=True)
    column, weights = MatrixSymbol("x", size, 1), MatrixSymbol("w", size, 1)
    rng = np.random.default_rng(4)
    data = rng.uniform(0.2, 3.0, (7, 3)) * rng.choice([-1, 1] if entry.domain is None else [1])
    one = load(derive(network(entry)))
    for second in (v, MatrixSymbol("v", size, 1)) if len(entry.arguments) == 2 else (None,):
        more = [] if second is None else [second]
        net = Network("n", inputs=[column], weights=[weights, *more])
        a = net.step("a", hadamard_product(weights, column))
        net.loss(total(net.step("h", entry(a, *more))))
        module = load(derive(net))
        values = {"w": rng.uniform(0.5, 1.5, 3)}
        if second is not None:
            values["v"] = rng.uniform(0.3, 0.8, () if second == v else 3)
        for batch in (data, data[:1]):
            loss, gradients = module.loss_and_gradients(values, batch)
            sums = {name: np.zeros_like(array) for name, array in values.items()}
            total_loss = 0.0
            for sample in batch:
                for k in range(3):
                    at = {n: array[k] if array.ndim else array for n, array in values.items()}
                    part, slopes = one.loss_and_gradients(at, sample[k : k + 1])
                    total_loss += part / len(batch)
                    for name, slope in slopes.items():
                        sums[name][k if sums[name].ndim else ()] += slope / len(batch)
            assert loss == pytest.approx(total_loss, rel=1e-12)
            for name, wanted in sums.items():
                assert gradients[name] == pytest.approx(wanted, rel=1e-11), name
