"""Numbers do not overflow: every loss and gradient at large arguments, against mpmath.

The argument is z = w*x: +-800 in float64 and plain Python, +-90 in float32. The formulas of the
oracle are written out again with mpmath, at a thousand digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from sympy import MatrixSymbol, OneMatrix, hadamard_product, symbols

import symprop
from symprop.derivation import derive
from symprop.emission import load
from symprop.functions import (
    binary_cross_entropy,
    cross_entropy,
    exp,
    log,
    log_softmax,
    logsumexp,
    sigmoid,
    softmax,
    softplus,
    sqrt,
    squared_error,
    tanh,
    total,
)
from symprop.network import Network

x, y, w = symbols("x y w", real=True)
DIGITS = 1000

Declare = Callable[[Network], Any]
Formula = Callable[[Any, Any], Any]


def s(z: Any) -> Any:
    return 1 / (1 + mpmath.exp(-z))


def sp(z: Any) -> Any:
    return mpmath.log1p(mpmath.exp(z))


def cross(z: Any, t: Any) -> Any:
    """Binary cross-entropy after a sigmoid."""
    return -(t * mpmath.log(s(z)) + (1 - t) * mpmath.log(s(-z)))


def steps_of_e2(net: Network) -> Any:
    """E2 of the catalogue, gate by gate: *, *-1, exp, +1, 1/x."""
    a = net.step("a", w * x)
    negative = net.step("s", -a)
    e = net.step("e", exp(negative))
    d = net.step("d", 1 + e)
    return net.step("f", 1 / d)


def two_exponentials(net: Network) -> Any:
    """The softmax of two scalars, spelt out in one step."""
    o1, o2 = net.step("o1", w * x), net.step("o2", -w * x)
    return net.step("p", exp(o1) / (exp(o1) + exp(o2)))


def two_exponentials_in_steps(net: Network) -> Any:
    o1, o2 = net.step("o1", w * x), net.step("o2", -w * x)
    e1, e2 = net.step("e1", exp(o1)), net.step("e2", exp(o2))
    return net.step("p", e1 / net.step("d", e1 + e2))


def p2_in_steps(net: Network) -> Any:
    """P2 of the primer: both exponentials over their sum, then the cross-entropy."""
    p = two_exponentials_in_steps(net)
    q = net.step("q", symbols("e2", real=True) / symbols("d", real=True))
    return bce(p, q)


def p_step(net: Network) -> Any:
    return net.step("p", sigmoid(w * x))


def spelt(net: Network) -> Any:
    return net.step("p", 1 / (1 + exp(-w * x)))


def bce(p: Any, q: Any) -> Any:
    return -y * log(p) - (1 - y) * log(q)


def log_steps(net: Network) -> Any:
    p = p_step(net)
    q = net.step("q", 1 - p)
    return -y * net.step("l", log(p)) - (1 - y) * net.step("m", log(q))


def focal_steps(net: Network) -> Any:
    p = p_step(net)
    q, ell = net.step("q", 1 - p), net.step("l", log(p))
    return -(q**2) * ell * (1 + y)


def spelt_softmax_bce(net: Network) -> Any:
    p = two_exponentials(net)
    return bce(p, 1 - p)


def spelt_sigmoid_bce(net: Network) -> Any:
    p = spelt(net)
    return bce(p, 1 - p)


def e2_bce(net: Network) -> Any:
    p = steps_of_e2(net)
    return bce(p, 1 - p)


def entropy(net: Network) -> Any:
    p = p_step(net)
    return (-p * log(p) - (1 - p) * log(1 - p)) * (1 + y)


def log_cosh_in_steps(net: Network) -> Any:
    e1, e2 = net.step("e1", exp(w * x - y)), net.step("e2", exp(y - w * x))
    return log(net.step("s", e1 + e2))


SCALAR: dict[str, tuple[Declare, Formula]] = {
    "sigmoid_bce": (lambda net: binary_cross_entropy(y, p_step(net)), cross),
    "sigmoid_bce_in_one_step": (lambda net: binary_cross_entropy(y, sigmoid(w * x)), cross),
    "sigmoid_squared_error": (lambda net: (y - p_step(net)) ** 2, lambda z, t: (t - s(z)) ** 2),
    "log_in_another_step_than_sigmoid": (log_steps, cross),
    "spelt_sigmoid": (lambda net: (y - spelt(net)) ** 2, lambda z, t: (t - s(z)) ** 2),
    "spelt_sigmoid_bce": (spelt_sigmoid_bce, cross),
    "spelt_sigmoid_in_steps": (
        lambda net: (y - steps_of_e2(net)) ** 2,
        lambda z, t: (t - s(z)) ** 2,
    ),
    "spelt_sigmoid_in_steps_bce": (e2_bce, cross),
    "spelt_softmax": (
        lambda net: (y - two_exponentials(net)) ** 2,
        lambda z, t: (t - s(2 * z)) ** 2,
    ),
    "spelt_softmax_bce": (spelt_softmax_bce, lambda z, t: cross(2 * z, t)),
    "spelt_softmax_in_steps": (
        lambda net: (y - two_exponentials_in_steps(net)) ** 2,
        lambda z, t: (t - s(2 * z)) ** 2,
    ),
    "spelt_softmax_in_steps_cross_entropy": (
        p2_in_steps,
        lambda z, t: cross(2 * z, t),
    ),
    "focal_loss": (
        lambda net: -((1 - p_step(net)) ** 2) * log(symbols("p", real=True)) * (1 + y),
        lambda z, t: -(s(-z) ** 2) * mpmath.log(s(z)) * (1 + t),
    ),
    "focal_loss_in_steps": (
        focal_steps,
        lambda z, t: -(s(-z) ** 2) * mpmath.log(s(z)) * (1 + t),
    ),
    "entropy": (
        entropy,
        lambda z, t: (-s(z) * mpmath.log(s(z)) - s(-z) * mpmath.log(s(-z))) * (1 + t),
    ),
    "log_of_a_square": (
        lambda net: log(p_step(net) ** 2) * (1 + y),
        lambda z, t: 2 * mpmath.log(s(z)) * (1 + t),
    ),
    "log_of_a_product": (
        lambda net: log(symbols("p", real=True) * (1 - p_step(net))) * (1 + y),
        lambda z, t: mpmath.log(s(z) * s(-z)) * (1 + t),
    ),
    "log_of_a_half": (
        lambda net: log(p_step(net) / 2) * (1 + y),
        lambda z, t: mpmath.log(s(z) / 2) * (1 + t),
    ),
    "log_odds": (
        lambda net: log(p_step(net) / (1 - symbols("p", real=True))) * (1 + y),
        lambda z, t: z * (1 + t),
    ),
    "softplus": (
        lambda net: softplus(w * x) * (1 + y),
        lambda z, t: mpmath.log(1 + mpmath.exp(z)) * (1 + t),
    ),
    "softplus_of_a_negative": (
        lambda net: softplus(-w * x) * (1 + y),
        lambda z, t: mpmath.log(1 + mpmath.exp(-z)) * (1 + t),
    ),
    "spelt_softplus": (
        lambda net: log(1 + exp(w * x)) * (1 + y),
        lambda z, t: mpmath.log(1 + mpmath.exp(z)) * (1 + t),
    ),
    "log_of_a_sum_of_exponentials": (
        lambda net: log(exp(w * x) + exp(2 * w * x) + exp(y)),
        lambda z, t: mpmath.log(mpmath.exp(z) + mpmath.exp(2 * z) + mpmath.exp(t)),
    ),
    "log_cosh_in_steps": (
        log_cosh_in_steps,
        lambda z, t: mpmath.log(2 * mpmath.cosh(z - t)),
    ),
    "log_cosh": (
        lambda net: log((exp(w * x - y) + exp(y - w * x)) / 2),
        lambda z, t: mpmath.log(mpmath.cosh(z - t)),
    ),
    "tanh": (
        lambda net: (y - net.step("h", tanh(w * x))) ** 2,
        lambda z, t: (t - mpmath.tanh(z)) ** 2,
    ),
    "spelt_tanh": (
        lambda net: (
            (y - net.step("h", (exp(w * x) - exp(-w * x)) / (exp(w * x) + exp(-w * x)))) ** 2
        ),
        lambda z, t: (t - mpmath.tanh(z)) ** 2,
    ),
    "gaussian": (
        lambda net: 1 - net.step("g", exp(-((w * x - y) ** 2))),
        lambda z, t: 1 - mpmath.exp(-((z - t) ** 2)),
    ),
    "silu": (
        lambda net: w * x * sigmoid(w * x) * (1 + y),
        lambda z, t: z * s(z) * (1 + t),
    ),
    "log_of_softplus": (
        lambda net: log(softplus(w * x)) * (1 + y),
        lambda z, t: mpmath.log(sp(z)) * (1 + t),
    ),
    "log_of_softplus_in_steps": (
        lambda net: net.step("l", log(net.step("s", softplus(net.step("a", w * x))))) * (1 + y),
        lambda z, t: mpmath.log(sp(z)) * (1 + t),
    ),
    "log_of_a_spelt_softplus": (
        lambda net: log(log(1 + exp(w * x))) * (1 + y),
        lambda z, t: mpmath.log(sp(z)) * (1 + t),
    ),
    "root_of_softplus": (
        lambda net: sqrt(softplus(w * x)) * (1 + y),
        lambda z, t: mpmath.sqrt(sp(z)) * (1 + t),
    ),
    "root_of_softplus_in_steps": (
        lambda net: sqrt(net.step("s", softplus(net.step("a", w * x)))) * (1 + y),
        lambda z, t: mpmath.sqrt(sp(z)) * (1 + t),
    ),
    "log_of_1_less_tanh": (
        lambda net: log(1 - net.step("h", tanh(w * x))) * (1 + y),
        lambda z, t: (mpmath.log(2) - sp(2 * z)) * (1 + t),
    ),
    "log_of_1_and_tanh": (
        lambda net: log(1 + tanh(w * x)) * (1 + y),
        lambda z, t: (mpmath.log(2) - sp(-2 * z)) * (1 + t),
    ),
    "log_of_the_slope_of_tanh": (
        lambda net: log(1 - net.step("h", tanh(w * x)) ** 2) * (1 + y),
        lambda z, t: (mpmath.log(4) - sp(2 * z) - sp(-2 * z)) * (1 + t),
    ),
    "log_of_1_and_a_square": (
        lambda net: log(1 + (w * x) ** 2) * (1 + y),
        lambda z, t: mpmath.log(1 + z**2) * (1 + t),
    ),
    "exponential_less_1": (
        lambda net: (exp(-((w * x) ** 2)) - 1) * (1 + y),
        lambda z, t: (mpmath.exp(-(z**2)) - 1) * (1 + t),
    ),
    "mish": (
        lambda net: w * x * tanh(softplus(w * x)) * (1 + y),
        lambda z, t: z * mpmath.tanh(sp(z)) * (1 + t),
    ),
}


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_small_arguments_keep_their_digits(target: str) -> None:
    """log(1 + u) and exp(u) - 1, spelt out, at u = 1e-12: as themselves they have 4 digits."""
    for declare, formula in (
        (log(1 + w * x), mpmath.log1p),
        (2 * exp(w * x) + y - 2, lambda u: 2 * mpmath.expm1(u)),
        (1 - exp(w * x) + y, lambda u: -mpmath.expm1(u)),
    ):
        net = Network("small", inputs=[x], targets=[y], weights=[w])
        net.loss(declare)
        value = load(derive(net), target).loss({"w": 1.0}, [1e-12], [0.0])
        assert value == pytest.approx(float(formula(mpf(1e-12))), rel=1e-15)


def expected(formula: Formula, z: float, t: float) -> tuple[float, float]:
    """Loss, and dL/dw at w = 1 and x = z, at a thousand digits."""
    with mpmath.workdps(DIGITS):
        value = formula(mpf(z), mpf(t))
        step = mpf(10) ** (-DIGITS // 3)
        right, left = (formula(mpf(z) * (1 + side * step), mpf(t)) for side in (1, -1))
        return float(value), float((right - left) / (2 * step))


def assert_right(found: float, wanted: float, rtol: float, scale: float) -> None:
    """Right to rtol; what is far below the least size that matters may be 0."""
    assert np.isfinite(found)
    assert abs(found - wanted) <= rtol * abs(wanted) + rtol * 1e-3 * scale


def scalar_network(declare: Declare) -> Network:
    net = Network("numbers", inputs=[x], targets=[y], weights=[w])
    net.loss(declare(net))
    return net


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize("name", SCALAR)
def test_scalar_loss_and_gradient_are_finite_and_right_at_large_arguments(
    name: str, target: str
) -> None:
    declare, formula = SCALAR[name]
    module = load(derive(scalar_network(declare)), target)
    for z in (-800.0, -50.0, -1.5, 0.0, 1.5, 50.0, 800.0):
        for t in (0.0, 1.0):
            value, gradients = module.loss_and_gradients({"w": 1.0}, [z], [t])
            loss, gradient = expected(formula, z, t)
            assert_right(value, loss, 1e-12, 1.0)
            assert_right(float(gradients["w"]), gradient, 1e-10, max(1.0, abs(z)))
            assert module.loss({"w": 1.0}, [z], [t]) == value


@pytest.mark.parametrize("name", SCALAR)
def test_scalar_loss_and_gradient_are_finite_and_right_in_float32(name: str) -> None:
    declare, formula = SCALAR[name]
    module = load(derive(scalar_network(declare)))
    params = {"w": np.float32(1.0)}
    for z in (-90.0, -10.0, 0.0, 10.0, 90.0):
        for t in (0.0, 1.0):
            data = np.array([z], np.float32), np.array([t], np.float32)
            value, gradients = module.loss_and_gradients(params, *data)
            loss, gradient = expected(formula, z, t)
            assert gradients["w"].dtype == np.float32
            assert_right(value, loss, 1e-5, 1e3)
            assert_right(float(gradients["w"]), gradient, 1e-5, 1e3)


# -- columns and matrices: z = W1*x, entries from -800 to 800 -------------------------------------

ENTRIES = [-800.0, -50.0, 0.5, 30.0, 800.0]


def softmax_of(z: Any) -> list[Any]:
    powers = [mpmath.exp(entry) for entry in z]
    return [power / mpmath.fsum(powers) for power in powers]


def lse(z: Any) -> Any:
    return mpmath.log(mpmath.fsum(mpmath.exp(entry) for entry in z))


def binary_of_softmax(z: Any, t: Any) -> Any:
    """Binary cross-entropy, entry by entry, of a softmax."""
    pairs = zip(softmax_of(z), t, strict=True)
    return -mpmath.fsum(b * mpmath.log(a) + (1 - b) * mpmath.log(1 - a) for a, b in pairs)


def mdot(a: Any, b: Any) -> Any:
    return mpmath.fsum(p * q for p, q in zip(a, b, strict=True))


MatrixDeclare = Callable[[Network, Any, Any], Any]
MatrixFormula = Callable[[Any, Any], Any]


def in_steps(net: Network, z: Any, t: Any) -> Any:
    p = net.step("p", softmax(z))
    q = net.step("q", log(p))
    return -total(hadamard_product(t, q))


def spelt_column(net: Network, z: Any, t: Any) -> Any:
    """log(total(exp(z))), a column's own logsumexp."""
    e = net.step("e", exp(z))
    return log(total(e)) - total(hadamard_product(t, z))


def focal_column(net: Network, z: Any, t: Any) -> Any:
    p = net.step("p", sigmoid(z))
    q = OneMatrix(*z.shape) - p
    return -total(hadamard_product(t, q, q, log(p)))


COLUMN: dict[str, tuple[MatrixDeclare, MatrixFormula]] = {
    "softmax_cross_entropy": (
        lambda net, z, t: cross_entropy(t, net.step("p", softmax(z))),
        lambda z, t: lse(z) - mdot(t, z),
    ),
    "softmax_cross_entropy_in_one_step": (
        lambda net, z, t: cross_entropy(t, softmax(z)),
        lambda z, t: lse(z) - mdot(t, z),
    ),
    "softmax_and_its_log_in_steps": (in_steps, lambda z, t: lse(z) - mdot(t, z)),
    "log_softmax": (
        lambda net, z, t: -total(hadamard_product(t, log_softmax(z))),
        lambda z, t: lse(z) - mdot(t, z),
    ),
    "logsumexp": (
        lambda net, z, t: logsumexp(z) - total(hadamard_product(t, z)),
        lambda z, t: lse(z) - mdot(t, z),
    ),
    "log_of_the_total_of_exponentials": (spelt_column, lambda z, t: lse(z) - mdot(t, z)),
    "softmax_bce": (
        lambda net, z, t: binary_cross_entropy(t, net.step("p", softmax(z))),
        lambda z, t: binary_of_softmax(z, t),
    ),
    "softmax_bce_in_one_step": (
        lambda net, z, t: binary_cross_entropy(t, softmax(z)),
        lambda z, t: binary_of_softmax(z, t),
    ),
    "softmax_bce_with_a_penalty": (
        lambda net, z, t: (
            binary_cross_entropy(t, net.step("p", softmax(z))) + squared_error(t, z) / 2
        ),
        lambda z, t: (
            binary_of_softmax(z, t)
            + mpmath.fsum((a - b) ** 2 for a, b in zip(t, z, strict=True)) / 2
        ),
    ),
    "softmax_squared_error": (
        lambda net, z, t: squared_error(t, softmax(z)),
        lambda z, t: mpmath.fsum((a - b) ** 2 for a, b in zip(t, softmax_of(z), strict=True)),
    ),
    "sigmoid_bce": (
        lambda net, z, t: binary_cross_entropy(t, net.step("p", sigmoid(z))),
        lambda z, t: mpmath.fsum(cross(a, b) for a, b in zip(z, t, strict=True)),
    ),
    "focal_loss": (
        focal_column,
        lambda z, t: mpmath.fsum(
            -b * s(-a) ** 2 * mpmath.log(s(a)) for a, b in zip(z, t, strict=True)
        ),
    ),
    "softplus": (
        lambda net, z, t: total(softplus(z)) + total(hadamard_product(t, tanh(z))),
        lambda z, t: mpmath.fsum(
            mpmath.log(1 + mpmath.exp(a)) + b * mpmath.tanh(a) for a, b in zip(z, t, strict=True)
        ),
    ),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", COLUMN)
def test_column_loss_and_gradient_are_finite_and_right_at_large_arguments(
    name: str, dtype: Any
) -> None:
    declare, formula = COLUMN[name]
    size = len(ENTRIES)
    a, t = MatrixSymbol("a", size, 1), MatrixSymbol("t", size, 1)
    b = MatrixSymbol("b", size, 1)
    net = Network("column", inputs=[a], targets=[t], weights=[b], labels={t: "one-hot"})
    z = net.step("z", a + b)
    net.loss(declare(net, z, t))
    module = load(derive(net))
    largest = 800.0 if dtype is np.float64 else 90.0
    rtol = 1e-10 if dtype is np.float64 else 1e-5
    entries = [max(-largest, min(largest, entry)) for entry in ENTRIES]
    for hot in range(size):
        labels = np.eye(size)[hot]
        params = {"b": np.zeros(size, dtype)}
        data = np.array([entries], dtype), labels[None].astype(dtype)
        value, gradients = module.loss_and_gradients(params, *data)
        assert gradients["b"].dtype == dtype
        with mpmath.workdps(DIGITS):
            point = [mpf(entry) for entry in entries]
            hots = [mpf(entry) for entry in labels]
            step = mpf(10) ** (-DIGITS // 3)
            assert_right(value, float(formula(point, hots)), rtol, 1.0 + largest * (rtol > 1e-9))
            for i in range(size):
                right, left = (
                    formula([*point[:i], point[i] + side * step, *point[i + 1 :]], hots)
                    for side in (1, -1)
                )
                assert_right(
                    float(gradients["b"][i]), float((right - left) / (2 * step)), rtol, 1e3
                )


@pytest.mark.parametrize("axis", [0, 1])
def test_softmax_of_a_whole_batch_is_right_at_large_arguments(axis: int) -> None:
    """Rows (samples=n) and columns: the axis over which the exponentials are scaled is theirs."""
    n, V = symbols("n V", integer=True, positive=True)
    X, Y, B = MatrixSymbol("X", n, V), MatrixSymbol("Y", n, V), MatrixSymbol("B", n, V)
    net = Network("whole", inputs=[X], targets=[Y], weights=[B], samples=n)
    z = net.step("z", X + B)
    p = net.step("p", softmax(z, axis=axis))
    net.loss(-total(hadamard_product(Y, log(p))))
    module = load(derive(net))
    rng = np.random.default_rng(4)
    data, labels = rng.uniform(-800, 800, (4, 3)), rng.uniform(size=(4, 3))
    value, gradients = module.loss_and_gradients({"B": np.zeros((4, 3))}, data, labels)
    lines, targets = (data.T, labels.T) if axis == 0 else (data, labels)
    found = gradients["B"].T if axis == 0 else gradients["B"]
    with mpmath.workdps(DIGITS):
        loss = mpmath.fsum(
            mpf(float(b)) * (lse(map(mpf, map(float, line))) - mpf(float(a)))
            for line, target in zip(lines, targets, strict=True)
            for a, b in zip(line, target, strict=True)
        )
        assert_right(value, float(loss), 1e-12, 1.0)
        for line, target, slope in zip(lines, targets, found, strict=True):
            p = softmax_of([mpf(float(entry)) for entry in line])
            for i, probability in enumerate(p):
                wanted = probability * mpf(float(target.sum())) - mpf(float(target[i]))
                assert_right(float(slope[i]), float(wanted), 1e-11, 1.0)


def test_log_of_the_total_of_exponentials_of_a_matrix_is_right_at_large_arguments() -> None:
    A, B = MatrixSymbol("A", 2, 3), MatrixSymbol("B", 2, 3)
    net = Network("matrix", inputs=[A], weights=[B])
    net.loss(log(total(exp(A + B))))
    module = load(derive(net))
    data = np.array([[[800.0, 799.0, -800.0], [0.0, 50.0, 798.0]]])
    value, gradients = module.loss_and_gradients({"B": np.zeros((2, 3))}, data)
    with mpmath.workdps(DIGITS):
        point = [mpf(float(entry)) for entry in data.ravel()]
        assert_right(value, float(lse(point)), 1e-12, 1.0)
        for found, wanted in zip(gradients["B"].ravel(), softmax_of(point), strict=True):
            assert_right(float(found), float(wanted), 1e-11, 1.0)


def test_the_gradient_of_a_norm_at_zero_is_zero_and_not_nan() -> None:
    x, m = MatrixSymbol("x", 3, 1), MatrixSymbol("m", 3, 1)
    net = Network("apart", inputs=[x], weights=[m])
    e = net.step("e", symprop.norm(x - m))
    net.loss(symprop.maximum(0, 1 - e) ** 2 + e**2 + e)
    points = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 4.5]])  # the first is m itself
    value, gradients = load(derive(net)).loss_and_gradients({"m": points[0]}, points)
    assert value == pytest.approx((1 + 1.5**2 + 1.5) / 2)
    assert gradients["m"] == pytest.approx([0, 0, -(2 * 1.5 + 1) / 2])


def test_a_softmax_inside_the_loss_cancels_with_its_logarithm_though_an_argument_repeats() -> None:
    """Else the gradient divides by a probability of 0: y/p."""
    a, b = MatrixSymbol("a", 3, 1), MatrixSymbol("b", 3, 1)
    v, t = MatrixSymbol("v", 3, 1), MatrixSymbol("t", 3, 1)
    net = Network("inline", inputs=[a, b], targets=[t], weights=[v])
    step = net.step("h", hadamard_product(v, a))
    net.loss(cross_entropy(t, softmax(step * step.T * (b + tanh(step)))))
    weights, large = {"v": np.array([1.0, 2.0, -3.0])}, np.array([[20.0, 30.0, -40.0]])
    _, gradients = load(derive(net)).loss_and_gradients(
        weights, large, np.array([[1.0, 0.5, 2.0]]), np.array([[1.0, 0.0, 0.0]])
    )
    assert np.isfinite(gradients["v"]).all()
