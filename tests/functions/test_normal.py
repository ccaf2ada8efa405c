"""erf and what is made of it: relative accuracy everywhere, the tails included, against mpmath."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from formulas import FORMULAS
from sympy import symbols

from symprop import Network, derive, load
from symprop.expression.evaluation import evaluate
from symprop.functions.normal import erf, erfc, gelu, normal_cdf, normal_pdf
from symprop.functions.vocabulary import Code, Elementwise

x, w = symbols("x w", real=True)
ENTRIES = pytest.mark.parametrize("entry", [erf, erfc, normal_cdf, normal_pdf, gelu], ids=str)


def called(code: Code, **modules: Any) -> Callable[..., Any]:
    for helper in (code.helper, *code.needs.values()):
        exec(helper, modules)
    function: Callable[..., Any] = eval(f"lambda z: {code.call.format('z')}", modules)
    return function


def arguments(kind: type) -> Any:
    """Everywhere: near 0, at the seams of the approximations, far out."""
    rng = np.random.default_rng(0)
    seams = [0.46875, 4.0, 30.0]
    near = [np.nextafter(kind(seam), kind(side)) for seam in seams for side in (0, 99)]
    tiny = 10.0 ** rng.uniform(-30, 0, 100)
    positive = np.concatenate([seams, near, tiny, rng.uniform(0, 6, 400), rng.uniform(6, 40, 200)])
    everywhere: Any = np.concatenate([positive, -positive, [0.0, 800.0, -800.0]])
    return everywhere.astype(kind)


def exact(entry: Elementwise, z: Any) -> list[Any]:
    with mpmath.workdps(40):
        return [FORMULAS[entry.name](mpmath.mpf(float(part))) for part in z]


@ENTRIES
@pytest.mark.parametrize(("kind", "least"), [(np.float64, 1e-300), (np.float32, 1e-37)])
def test_relative_accuracy_on_arrays(entry: Elementwise, kind: Any, least: float) -> None:
    """To 8 units in the last place; where z**2 is rounded, to as much as that costs."""
    z = arguments(kind)
    found = called(entry.numpy, np=np, math=math)(z)
    assert found.dtype == kind
    rounding = float(np.finfo(kind).eps)
    for at, value, wanted in zip(z, found, exact(entry, z), strict=True):
        if abs(wanted) < least:
            assert abs(value) <= 2 * least
            continue
        units = 8 if entry in (erf, erfc) else 8 + float(at) ** 2
        assert abs(float(value) - wanted) <= units * rounding * abs(wanted), at


@ENTRIES
def test_relative_accuracy_on_numbers(entry: Elementwise) -> None:
    z = arguments(np.float64)
    function = called(entry.python, math=math)
    for at, wanted in zip(z, exact(entry, z), strict=True):
        if abs(wanted) > 1e-300:
            units = 4 + at**2
            assert abs(function(float(at)) - wanted) <= units * 2.3e-16 * abs(wanted), at


@ENTRIES
def test_values_that_are_not_finite(entry: Elementwise) -> None:
    function = called(entry.numpy, np=np, math=math)
    limits = {erf: (-1, 1), erfc: (2, 0), normal_cdf: (0, 1), normal_pdf: (0, 0)}
    if entry in limits:
        assert tuple(function(np.array([-np.inf, np.inf]))) == limits[entry]
    assert np.isnan(function(np.array([np.nan]))).all()


@ENTRIES
def test_shape_is_kept(entry: Elementwise) -> None:
    function = called(entry.numpy, np=np, math=math)
    z = np.linspace(-5, 5, 24)
    for shape in [(24,), (4, 6), (2, 3, 4)]:
        assert np.array_equal(function(z.reshape(shape)), function(z).reshape(shape))
    assert float(function(np.float64(0.3))) == function(np.array([0.3]))[0]


@ENTRIES
def test_gradient_is_right_relatively_in_the_left_tail(entry: Elementwise) -> None:
    net = Network("n", inputs=[x], weights=[w])
    net.loss(entry(w * x))
    d = derive(net)
    for target in ("numpy", "python"):
        module = load(d, target)
        for z in (-26.0, -20.0, -6.0):
            _, gradients = module.loss_and_gradients({"w": 1.0}, [z])
            with mpmath.workdps(700):
                wanted = mpmath.diff(FORMULAS[entry.name], mpmath.mpf(z)) * z
            assert abs(float(gradients["w"]) / wanted - 1) < 1e-12, z


@ENTRIES
def test_complex_step_differentiates_the_formula(entry: Elementwise) -> None:
    """The oracle of gradient checks: a tiny imaginary part must keep all its digits."""
    net = Network("n", weights=[w])
    node = net.read(entry(w))
    for at in (-5.0, -0.3, 0.0, 0.8, 3.0):
        found = evaluate(node, {"w": at + 1e-30j}, {})
        with mpmath.workdps(40):
            wanted = float(mpmath.diff(FORMULAS[entry.name], mpmath.mpf(at)))
        assert np.imag(found) / 1e-30 == pytest.approx(wanted, rel=1e-13, abs=1e-300)
