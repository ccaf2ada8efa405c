"""Every entry of the vocabulary against mpmath and NumPy written by hand, in all its forms."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from differences import complex_step, logsumexp, softmax
from formulas import COLUMNS, FORMULAS, OVERFLOWING
from sympy import HadamardPower, ImmutableMatrix, MatrixSymbol, Symbol, lambdify, symbols

import symprop
from symprop import Network, derive
from symprop.errors import ShapeError, UnsupportedError
from symprop.expression.evaluation import evaluate
from symprop.expression.text import text
from symprop.functions.classes import f, u
from symprop.functions.numeric import NUMERIC
from symprop.functions.vocabulary import (
    SYMPY_FUNCTIONS,
    VOCABULARY,
    AlongAxis,
    Code,
    Composite,
    Elementwise,
)

x, w = symbols("x w", real=True)
DIGITS = 30
POINTS = [-2.5, -1.0, -0.3, 0.2, 1.0, 3.7]
SECOND = 0.375
"""The second argument of a function that has one."""


ELEMENTWISE = [entry for entry in VOCABULARY.values() if isinstance(entry, Elementwise)]
ALONG = [entry for entry in VOCABULARY.values() if isinstance(entry, AlongAxis)]
COMPOSITE = [
    entry
    for entry in VOCABULARY.values()
    if isinstance(entry, Composite) and entry.name != "zero_one_loss"
]
LOSSES: dict[str, Callable[..., Any]] = {
    "dot": lambda a, b: (a * b).sum(),
    "squared_norm": lambda a: (a**2).sum(),
    "half_squared_error": lambda a, b: ((a - b) ** 2).sum() / 2,
    "squared_error": lambda a, b: ((a - b) ** 2).sum(),
    "mean_squared_error": lambda a, b: ((a - b) ** 2).mean(),
    "cross_entropy": lambda a, b: -(a * np.log(b)).sum(),
    "binary_cross_entropy": lambda a, b: -(a * np.log(b) + (1 - a) * np.log(1 - b)).sum(),
    "l1": lambda *weights: sum(np.sqrt(weight**2).sum() for weight in weights),
    "l2": lambda *weights: sum((weight**2).sum() for weight in weights),
    "logistic_loss": lambda y, z: np.log(1 + np.exp(-y * z)).sum(),
    "hinge_loss": lambda y, z: np.maximum(0, 1 - y * z).sum(),
    "norm": lambda a: np.sqrt((a**2).sum()),
    "frobenius": lambda a: np.sqrt((a**2).sum()),
}

entrywise = pytest.mark.parametrize("entry", ELEMENTWISE, ids=str)
along = pytest.mark.parametrize("entry", ALONG, ids=str)


@pytest.fixture(autouse=True)
def digits() -> Iterator[None]:
    with mpmath.workdps(DIGITS):
        yield


def points(entry: Elementwise) -> list[tuple[float, ...]]:
    """Arguments in the domain of `entry`, away from its kinks."""
    more = [SECOND] * (len(entry.arguments) - 1)
    inside = [p for p in POINTS if entry.domain is None or entry.domain.subs(u, p) > 0]
    return [(point, *more) for point in inside]


def at(entry: Elementwise, point: Sequence[float]) -> dict[Any, Any]:
    """The arguments of the formulas of `entry`."""
    return dict(zip(entry.arguments, map(exact, point), strict=True))


def mp(point: Sequence[float]) -> tuple[Any, ...]:
    return tuple(mpmath.mpf(str(part)) for part in point)


def number(expression: Any) -> Any:
    return mpmath.mpf(str(sympy.N(expression, DIGITS)))


def exact(point: float) -> Any:
    return sympy.Rational(str(point))


def test_every_entry_has_a_formula_from_outside() -> None:
    assert {entry.name for entry in ELEMENTWISE} == set(FORMULAS)
    assert {entry.name for entry in ALONG} == set(COLUMNS)
    assert {entry.name for entry in COMPOSITE} == set(LOSSES)
    assert all(VOCABULARY[entry.name] is entry for entry in VOCABULARY.values())


# -- entry by entry -------------------------------------------------------------------------------


@entrywise
def test_value_equals_mpmath(entry: Elementwise) -> None:
    for point in points(entry):
        expected = FORMULAS[entry.name](*mp(point))
        found = number(entry.value.xreplace(at(entry, point)))
        assert mpmath.almosteq(found, expected, 1e-25, 1e-25), (point, found, expected)
        assert float(entry.numeric()(*point)) == pytest.approx(float(expected), rel=1e-14)


@entrywise
def test_derivatives_equal_mpmath(entry: Elementwise) -> None:
    assert len(entry.derivatives) == len(entry.arguments)
    for point in points(entry):
        for place, derivative in enumerate(entry.derivatives):
            order = tuple(int(k == place) for k in range(len(point)))
            expected = mpmath.diff(FORMULAS[entry.name], mp(point), order)
            found = number(derivative.subs(f, entry.value).xreplace(at(entry, point)))
            assert mpmath.almosteq(found, expected, 1e-12, 1e-12), (point, found, expected)


@entrywise
def test_sympy_class_is_one_that_sympy_can_work_with(entry: Elementwise) -> None:
    more = [w] * (len(entry.arguments) - 1)
    expression = entry(2 * x, *more)
    assert expression == entry(x, *more).subs(x, 2 * x)
    assert expression.free_symbols == {x, *more}
    used = entry(3 + x, *more)
    assert SYMPY_FUNCTIONS[type(used)] is entry
    for first, *others in points(entry):
        point = (2 * first, *others)
        if entry.domain is not None and entry.domain.subs(u, 2 * first) <= 0:
            continue
        expected = FORMULAS[entry.name](*mp(point))
        chosen = {x: exact(first), w: exact(SECOND)}
        assert number(expression.subs(chosen)) == pytest.approx(expected, rel=1e-12)
        for place, symbol in enumerate([x, *more]):
            order = tuple(int(k == place) for k in range(len(point)))
            slope = mpmath.diff(FORMULAS[entry.name], mp(point), order) * (2 if place == 0 else 1)
            found = number(expression.diff(symbol).subs(chosen))
            assert found == pytest.approx(slope, rel=1e-12, abs=1e-12)
        found = lambdify([x, *more], expression, ["numpy", NUMERIC])(first, *others)
        assert float(found) == pytest.approx(float(expected), rel=1e-12)
    assert isinstance(sympy.latex(used), str)
    assert sympy.latex(x) in sympy.latex(used)


@entrywise
def test_scalar_and_matrix_form_agree(entry: Elementwise) -> None:
    matrix = MatrixSymbol("A", 2, 3)
    more = [w] * (len(entry.arguments) - 1)
    applied = entry(matrix, *more)
    assert applied.shape == (2, 3)
    assert applied.as_explicit() == matrix.as_explicit().applyfunc(lambda a: entry(a, *more))
    network = Network("n", inputs=[x], weights=[matrix, w])
    values = np.array([point[0] for point in points(entry)[-3:] * 2]).reshape(2, 3)
    found = evaluate(network.read(applied), {"A": values, "w": SECOND}, {})
    one_by_one = [
        evaluate(network.read(entry(x, *more)), {"x": value, "w": SECOND}, {})
        for value in values.reshape(-1)
    ]
    assert found == pytest.approx(np.reshape(one_by_one, (2, 3)))


@entrywise
def test_code_for_numpy_and_python_gives_the_value_without_overflow(entry: Elementwise) -> None:
    count = len(entry.arguments)
    array_function = called(entry.numpy, count, {"np": np, "math": math})
    number_function = called(entry.python, count, {"math": math})
    near = [point[0] for point in points(entry)]
    at = [*near, 80.0] if entry.domain is not None else [*near, 0.0, 80.0, -80.0]
    if entry.name not in OVERFLOWING:
        at += [800.0] if entry.domain is not None else [800.0, -800.0]
    more = [SECOND] * (count - 1)
    formula = FORMULAS[entry.name]
    expected = [float(formula(*map(mpmath.mpf, (point, *more)))) for point in at]
    assert array_function(np.array(at), *more) == pytest.approx(expected, rel=1e-14)
    assert [number_function(point, *more) for point in at] == pytest.approx(expected, rel=1e-14)


def called(code: Code, count: int, names: dict[str, Any]) -> Callable[..., Any]:
    """What emitted code calls, as a function of `count` arguments; `names` is what it may use."""
    for helper in (code.helper, *code.needs.values()):
        exec(helper, names)
    arguments = ", ".join("uv"[:count])
    call = code.call.format(*"uv") if code.repeats else code.call.format(arguments)
    function: Callable[..., Any] = eval(f"lambda {arguments}: {call}", names)
    return function


@entrywise
def test_stable_forms_equal_the_composition(entry: Elementwise) -> None:
    inner: dict[str, Callable[[Any], Any]] = {
        **FORMULAS,
        "one_minus_sigmoid": lambda v: 1 - FORMULAS["sigmoid"](v),
    }
    for name, form in entry.stable.items():
        for point in POINTS:
            expected = FORMULAS[entry.name](inner[name](mpmath.mpf(str(point))))
            found = number(form.subs(u, exact(point)))
            assert mpmath.almosteq(found, expected, 1e-20, 1e-20), (name, point)


def test_relu_has_slope_zero_at_zero() -> None:
    assert sympy.N(symprop.relu(x).diff(x).subs(x, 0)) == 0
    network = Network("n", weights=[x])
    network.loss(symprop.relu(x))
    gradient = derive(network).gradient(x)
    assert [evaluate(gradient, {"x": at}, {}) for at in (-1.0, 0.0, 1.0)] == [0, 0, 1]


def test_kinks_are_named_where_a_derivative_jumps() -> None:
    kinked = {entry.name for entry in ELEMENTWISE if entry.kink is not None}
    assert kinked == {
        "absolute", "elu", "leaky_relu", "leaky_step", "maximum", "minimum", "prelu", "relu",
        "sign", "unit_step",
    }  # fmt: skip
    assert {entry.name for entry in ALONG if entry.kink is not None} == {"amax", "amin"}


def test_sqrt_is_the_power_one_half() -> None:
    matrix = MatrixSymbol("A", 2, 3)
    assert symprop.sqrt(x) == sympy.sqrt(x)
    assert symprop.sqrt(matrix) == HadamardPower(matrix, sympy.S.Half)


# -- along an axis --------------------------------------------------------------------------------

COLUMN = ["0.3", "-1.2", "2.1"]


@along
def test_value_along_a_column_equals_mpmath(entry: AlongAxis) -> None:
    symbolic = entry.value([sympy.Rational(part) for part in COLUMN])
    expected = COLUMNS[entry.name]([mpmath.mpf(part) for part in COLUMN])
    for found, wanted in zip(symbolic, expected, strict=True):
        assert mpmath.almosteq(number(found), wanted, 1e-25, 1e-25)


@along
def test_columns_and_rows_of_a_matrix_are_done_one_by_one(entry: AlongAxis) -> None:
    values = np.array([[0.3, -1.0], [1.2, 0.5], [-0.4, 2.0]])
    matrix = MatrixSymbol("A", 3, 2)
    network = Network("n", weights=[matrix])
    for axis in (0, 1, -1, -2):
        found = evaluate(network.read(entry(matrix, axis=axis)), {"A": values}, {})
        lines = values.T if axis in (0, -2) else values
        rows = np.array([list(map(float, COLUMNS[entry.name](line))) for line in lines])
        assert found == pytest.approx(rows.T if axis in (0, -2) else rows, rel=1e-13)
        assert entry(matrix, axis=axis).shape == found.shape


@along
def test_sympy_class_along_an_axis_has_its_explicit_entries(entry: AlongAxis) -> None:
    values = ImmutableMatrix(3, 2, [0.3, -1, 1.2, 0.5, -0.4, 2])
    matrix = MatrixSymbol("A", 3, 2)
    explicit = entry(matrix, axis=0).as_explicit().subs(matrix, values).doit()
    wanted = [COLUMNS[entry.name](list(values[:, k])) for k in range(2)]
    assert np.array(explicit.evalf(), dtype=float).T == pytest.approx(np.array(wanted, dtype=float))


@along
def test_gradient_along_an_axis_equals_mpmath(entry: AlongAxis) -> None:
    """The pull of the entry, for the loss sum(c * entry(z))."""
    weights = [0.7, -1.1, 0.4]
    z, c = MatrixSymbol("z", 3, 1), MatrixSymbol("c", 3, 1)
    network = Network("n", inputs=[c], weights=[z])
    made = network.step("made", entry(z))
    network.loss(symprop.dot(c, made) if not entry.reduces else made * symprop.total(c))

    def loss(*at: Any) -> Any:
        values = COLUMNS[entry.name](list(at))
        if entry.reduces:
            return values[0] * mpmath.fsum(weights)
        return mpmath.fsum(c * v for c, v in zip(weights, values, strict=True))

    at = tuple(mpmath.mpf(part) for part in COLUMN)
    expected = [
        float(mpmath.diff(loss, at, tuple(int(k == j) for j in range(3)))) for k in range(3)
    ]
    d = derive(network)
    values: dict[str, Any] = {
        "z": np.array(COLUMN, float)[:, None],
        "c": np.array(weights)[:, None],
    }
    values["made"] = evaluate(network.steps["made"].node, values, {})
    for upstream in d.upstreams:
        values[upstream.delta.name] = evaluate(upstream.expression, values, {})
    found = evaluate(d.gradient(z), values, {})
    assert found[:, 0] == pytest.approx(expected, rel=1e-10)


@along
def test_code_along_an_axis_does_not_overflow(entry: AlongAxis) -> None:
    names: dict[str, Any] = {"np": np}
    for helper in (entry.numpy.helper, *entry.numpy.needs.values()):
        exec(helper, names)
    z = np.array([[800.0, -800.0], [799.0, -799.0], [0.0, 1.0]])
    for axis in (0, 1):
        found = eval(entry.numpy.call.format("z", axis=axis), {**names, "z": z})
        lines = z.T if axis == 0 else z
        rows = np.array([list(map(float, COLUMNS[entry.name](line))) for line in lines])
        expected = rows[:, 0] if entry.reduces else rows.T if axis == 0 else rows
        assert np.squeeze(found) == pytest.approx(expected, rel=1e-12, abs=1e-300)


def test_the_oracles_of_other_tests_agree_with_mpmath() -> None:
    z = np.array(COLUMN, float)[:, None]
    assert softmax(z, 0)[:, 0] == pytest.approx([float(e) for e in COLUMNS["softmax"](z[:, 0])])
    assert logsumexp(z, 0)[0, 0] == pytest.approx(float(COLUMNS["logsumexp"](z[:, 0])[0]))


# -- losses, sums and products --------------------------------------------------------------------


SHAPES = [(), (1, 1), (4, 1), (1, 3), (3, 2)]


@pytest.mark.parametrize(
    ("entry", "shape"),
    [(e, s) for e in COMPOSITE for s in SHAPES if (str(e), s) != ("norm", (3, 2))],
    ids=str,
)
def test_loss_equals_numpy_for_every_shape(entry: Composite, shape: tuple[int, ...]) -> None:
    count = 2 if entry.arguments[-1] == "..." else len(entry.arguments)
    names = ["a", "b"][:count]
    declared = [MatrixSymbol(n, *shape) if shape else Symbol(n, real=True) for n in names]
    rng = np.random.default_rng(5)
    arrays = [rng.uniform(0.1, 0.9, shape) for _ in names]
    network = Network("n", weights=declared)
    flat = [array.reshape(()) if shape == (1, 1) else array for array in arrays]
    node = network.read(entry(*declared))
    found = evaluate(node, dict(zip(names, flat, strict=True)), {})
    expected = LOSSES[entry.name](*arrays)
    assert node.shape == ()
    assert float(found) == pytest.approx(float(expected), rel=1e-13)
    if not shape:
        chosen = {s: sympy.Rational(str(v)) for s, v in zip(declared, arrays, strict=True)}
        assert float(entry(*declared).subs(chosen).doit()) == pytest.approx(float(expected))
        at = dict(zip(names, arrays, strict=True))
        slopes = complex_step(lambda v: LOSSES[entry.name](*(v[n] for n in names)), at)
        for name, symbol in zip(names, declared, strict=True):
            slope = entry(*declared).diff(symbol).subs(chosen)
            assert float(slope) == pytest.approx(float(slopes[name]))


@pytest.mark.parametrize("shape", [(1, 1), (4, 1), (1, 3), (3, 2)], ids=str)
def test_total_and_mean_mean_what_numpy_means(shape: tuple[int, ...]) -> None:
    matrix = MatrixSymbol("A", *shape)
    network = Network("n", weights=[matrix])
    array = np.random.default_rng(6).normal(size=shape)
    value = array.reshape(()) if shape == (1, 1) else array
    for axis in (None, 0, 1, -1, -2):
        for function, numeric in ((symprop.total, np.sum), (symprop.mean, np.mean)):
            found = evaluate(network.read(function(matrix, axis=axis)), {"A": value}, {})
            expected = numeric(array, axis=axis, keepdims=True)
            assert np.reshape(found, expected.shape) == pytest.approx(expected, rel=1e-13)


def test_scalar_is_the_entry_of_a_1_x_1() -> None:
    size = Symbol("n", integer=True, positive=True)
    a, matrix = MatrixSymbol("a", size, 1), MatrixSymbol("A", size, size)
    network = Network("n", weights=[a, matrix])
    values = {"a": np.array([[1.0], [2.0]]), "A": np.array([[1.0, 2.0], [3.0, 4.0]])}
    found = evaluate(network.read(symprop.scalar(a.T * matrix * a)), values, {"n": 2})
    assert found == 27
    assert symprop.scalar(x) == x
    with pytest.raises(ShapeError, match="1 x 1"):
        network.read(symprop.scalar(a))


def test_arguments_of_a_loss_are_counted() -> None:
    with pytest.raises(UnsupportedError, match="cross_entropy takes"):
        symprop.cross_entropy(x)
    with pytest.raises(UnsupportedError, match="squared_norm takes"):
        symprop.squared_norm(x, w)


@pytest.mark.parametrize("function", [e for e in VOCABULARY.values()], ids=str)
def test_text_is_never_parsed(function: Any) -> None:
    count = 1 if isinstance(function, AlongAxis) else len(function.arguments)
    arguments = ["__import__('os')"] * count
    with pytest.raises(UnsupportedError, match="not a SymPy expression"):
        function(*arguments)


# -- a new entry ----------------------------------------------------------------------------------


@pytest.fixture
def softsign() -> Iterator[Elementwise]:
    """An entry made by a user: u/sqrt(1 + u^2)."""
    entry = Elementwise(
        name="softsign_of_test",
        value=u / sympy.sqrt(1 + u**2),
        derivative=(1 + u**2) ** sympy.Rational(-3, 2),
        latex=r"\operatorname{{s}}\left({}\right)",
        numpy=Code("{0}/np.hypot(1, {0})"),
        python=Code("{0}/math.hypot(1, {0})"),
    )
    yield entry
    del VOCABULARY[entry.name]
    del SYMPY_FUNCTIONS[entry.scalar_class]


def test_new_entry_is_at_once_declared_derived_and_printed(softsign: Elementwise) -> None:
    network = Network("n", inputs=[x], weights=[w])
    s = network.step("s", softsign(w * x))
    network.loss(s**2)
    d = derive(network)
    assert sympy.simplify(d.local(s, w) - x / (1 + w**2 * x**2) ** sympy.Rational(3, 2)) == 0
    expanded = d.partial(w, form="expanded")
    at = {w: sympy.Rational(3, 10), x: sympy.Rational(7, 5)}

    def loss(v: Any) -> Any:
        return (v * 1.4) ** 2 / (1 + (v * 1.4) ** 2)

    assert float(expanded.subs(at)) == pytest.approx(float(mpmath.diff(loss, 0.3)), rel=1e-12)
    assert text(network.steps["s"].node) == "softsign_of_test(w*x)"
    assert sympy.latex(softsign(x)) == r"\operatorname{s}\left(x\right)"


def test_new_entry_serves_matrices_at_once(softsign: Elementwise) -> None:
    size = Symbol("n", integer=True, positive=True)
    a = MatrixSymbol("a", size, 1)
    network = Network("n", weights=[a])
    network.loss(symprop.total(softsign(a)))
    d = derive(network)
    values = np.array([[0.5], [-2.0]])
    found = evaluate(d.gradient(a), {"a": values}, {"n": 2})
    assert found == pytest.approx((1 + values**2) ** -1.5)
    assert text(network.read(symprop.total(softsign(a)))) == "total(softsign_of_test(a))"


# -- the faces ------------------------------------------------------------------------------------

INNER = {"direction", "log_complement_softmax", "log_softplus", "odds_of_rest", "softmax_of_rest"}
"""What only emitted code is made of: stable forms, which no declaration or derivation shows."""


def test_every_entry_is_shown_in_both_faces() -> None:
    named = {str(entry) for entry in (*ELEMENTWISE, *ALONG, *COMPOSITE)}
    assert named - INNER <= set(symprop.functions.__all__) <= set(symprop.__all__)
    assert INNER.isdisjoint(symprop.__all__)
    assert symprop.zero_one_loss is symprop.functions.zero_one_loss
    assert symprop.swish is symprop.silu
