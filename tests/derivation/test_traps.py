"""What SymPy gets wrong without a word, declared as a user would: values and gradients are right.

The value is NumPy's, written by hand; the gradient is the complex step of it. Traps that are of
reading alone stand in `test_reading`, those of names and of printing in `test_text`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sympy
from differences import complex_step, sigmoid
from sympy import (
    Determinant,
    DiagMatrix,
    DiagonalOf,
    Identity,
    Inverse,
    MatrixSymbol,
    Max,
    Symbol,
    Trace,
    symbols,
)

import symprop
from symprop import Network, derive, load, scalar, squared_norm, total
from symprop.derivation.forms import Forms
from symprop.emission import emit
from symprop.errors import ShapeError, SympropError
from symprop.expression.text import text

D, N = symbols("D N", integer=True, positive=True)
x, v, z = MatrixSymbol("x", D, 1), MatrixSymbol("v", D, 1), MatrixSymbol("z", N, 1)
W, A, B = MatrixSymbol("W", N, D), MatrixSymbol("A", D, D), MatrixSymbol("B", D, D)
row = MatrixSymbol("row", 1, D)
s, t = symbols("s t", real=True)
SIZES = [(3, 2), (2, 4), (3, 3), (1, 3), (3, 1), (1, 1)]


@dataclass(frozen=True)
class Trap:
    """Weights, the loss as declared, and its value by hand."""

    weights: tuple[Any, ...]
    loss: Callable[[], Any]
    value: Callable[[Mapping[str, Any]], Any]


def drawn(weights: tuple[Any, ...], rows: int, columns: int, seed: int) -> dict[str, Any]:
    """Two-dimensional arrays for the matrices, close to the identity where they are square."""
    rng = np.random.default_rng(seed)
    values: dict[str, Any] = {}
    for weight in weights:
        if not getattr(weight, "is_Matrix", False):
            values[weight.name] = np.asarray(rng.normal())
            continue
        shape = [int(extent.subs({N: rows, D: columns})) for extent in weight.shape]
        square = weight.shape[0] == weight.shape[1]
        values[weight.name] = 0.3 * rng.normal(size=shape) + (np.eye(shape[0]) if square else 0)
    return values


def declared(weight: Any, value: Any) -> Any:
    """A column as the emitted module takes it."""
    column = getattr(weight, "is_Matrix", False) and weight.shape[1] == 1
    return value[:, 0] if column else value


def one(matrix: Any) -> Any:
    """The entry of a 1 x 1."""
    return matrix[0, 0]


inv, det = np.linalg.inv, np.linalg.det

TRAPS: dict[str, Trap] = {
    # MatrixExpr.diff gives 0 for these: sympy#26561, #26585, #27406, #30527
    "tr(A'A) + tr(BA)": Trap(
        (A, B),
        lambda: Trace(A.T * A) + Trace(B * A),
        lambda p: np.trace(p["A"].T @ p["A"]) + np.trace(p["B"] @ p["A"]),
    ),
    "log(det(A))": Trap(
        (A,),
        lambda: sympy.log(Determinant(A.T * A)),
        lambda p: np.log(det(p["A"].T @ p["A"])),
    ),
    "exp(tr(BA))": Trap(
        (A, B),
        lambda: sympy.exp(Trace(B * A)),
        lambda p: np.exp(np.trace(p["B"] @ p["A"])),
    ),
    "(x'Ax)[0, 0]": Trap(
        (x, A), lambda: (x.T * A * x)[0, 0], lambda p: one(p["x"].T @ p["A"] @ p["x"])
    ),
    "log((x'Ax)[0, 0]**2 + 1)": Trap(
        (x, A),
        lambda: sympy.log((x.T * A * x)[0, 0] ** 2 + 1),
        lambda p: np.log(one(p["x"].T @ p["A"] @ p["x"]) ** 2 + 1),
    ),
    # through one sigmoid SymPy's shapes are wrong, or it raises
    "z'sigmoid(Wx)": Trap(
        (W, x, z),
        lambda: scalar(z.T * symprop.sigmoid(W * x)),
        lambda p: one(p["z"].T @ sigmoid(p["W"] @ p["x"])),
    ),
    "tr(sigmoid(A)B)": Trap(
        (A, B),
        lambda: Trace(symprop.sigmoid(A) * B),
        lambda p: np.trace(sigmoid(p["A"]) @ p["B"]),
    ),
    "|W sigmoid(Ax)|^2": Trap(
        (W, A, x),
        lambda: squared_norm(W * symprop.sigmoid(A * x)),
        lambda p: ((p["W"] @ sigmoid(p["A"] @ p["x"])) ** 2).sum(),
    ),
    # products that close to 1 x 1 and are flattened into powers of a column, of shape (1, 1)
    "|(x'x)W|^2": Trap(
        (x, W),
        lambda: squared_norm((x.T * x) * W),
        lambda p: ((one(p["x"].T @ p["x"]) * p["W"]) ** 2).sum(),
    ),
    "v'(x'x)x": Trap(
        (x, v),
        lambda: scalar(v.T * ((x.T * x) * x)),
        lambda p: one(p["x"].T @ p["x"]) * one(p["v"].T @ p["x"]),
    ),
    "|W(x'x)x|^2": Trap(
        (W, x),
        lambda: squared_norm(W * (x.T * x) * x),
        lambda p: ((one(p["x"].T @ p["x"]) * p["W"] @ p["x"]) ** 2).sum(),
    ),
    "tr((x'v)A)": Trap(
        (x, v, A),
        lambda: Trace((x.T * v) * A),
        lambda p: one(p["x"].T @ p["v"]) * np.trace(p["A"]),
    ),
    "tr(xx'A) + tr(x'Ax)": Trap(
        (x, A),
        lambda: Trace(x * x.T * A) + Trace(x.T * A * x),
        lambda p: 2 * one(p["x"].T @ p["A"] @ p["x"]),
    ),
    "(x'x)[0, 0]**(3/2)": Trap(
        (x,),
        lambda: (x.T * x)[0, 0] ** sympy.Rational(3, 2),
        lambda p: one(p["x"].T @ p["x"]) ** 1.5,
    ),
    "an entry of a product of three": Trap(
        (W, A, x),
        lambda: (W * A * x)[0, 0] ** 2,
        lambda p: (p["W"] @ p["A"] @ p["x"])[0, 0] ** 2,
    ),
    # SymPy makes an inverse a MatPow, and runs it and the transpose into every factor
    "|inv(A) inv(A) x|^2": Trap(
        (A, x),
        lambda: squared_norm(A.I * A.I * x),
        lambda p: ((inv(p["A"]) @ inv(p["A"]) @ p["x"]) ** 2).sum(),
    ),
    "|A^-2 x|^2": Trap(
        (A, x),
        lambda: squared_norm(A**-2 * x),
        lambda p: ((inv(p["A"]) @ inv(p["A"]) @ p["x"]) ** 2).sum(),
    ),
    "|inv(A^2) x|^2": Trap(
        (A, x),
        lambda: squared_norm(Inverse(A**2) * x),
        lambda p: ((inv(p["A"] @ p["A"]) @ p["x"]) ** 2).sum(),
    ),
    "v'inv(AB)x": Trap(
        (A, B, x, v),
        lambda: scalar(v.T * (A * B).I * x),
        lambda p: one(p["v"].T @ inv(p["A"] @ p["B"]) @ p["x"]),
    ),
    "v'inv(A)'x": Trap(
        (A, x, v),
        lambda: scalar(v.T * A.I.T * x),
        lambda p: one(p["v"].T @ inv(p["A"]).T @ p["x"]),
    ),
    "v'inv(A')x": Trap(
        (A, x, v),
        lambda: scalar(v.T * A.T.I * x),
        lambda p: one(p["v"].T @ inv(p["A"].T) @ p["x"]),
    ),
    "v'inv(2A)x": Trap(
        (A, x, v),
        lambda: scalar(v.T * Inverse(2 * A) * x),
        lambda p: one(p["v"].T @ inv(2 * p["A"]) @ p["x"]),
    ),
    "v'inv(A)ABx": Trap(
        (A, B, x, v),
        lambda: scalar(v.T * A.I * (A + B) * x),
        lambda p: one(p["v"].T @ inv(p["A"]) @ (p["A"] + p["B"]) @ p["x"]),
    ),
    # det splits products, also where a number is one of the factors
    "det(A'A)": Trap((A,), lambda: sympy.det(A.T * A), lambda p: det(p["A"].T @ p["A"])),
    "det(3AB)": Trap((A, B), lambda: sympy.det(3 * A * B), lambda p: det(3 * p["A"] @ p["B"])),
    "det(sA), unevaluated": Trap(
        (A, s), lambda: Determinant(s * A), lambda p: det(p["s"] * p["A"])
    ),
    "det(W'W + I)": Trap(
        (W,),
        lambda: sympy.det(W.T * W + Identity(D)),
        lambda p: det(p["W"].T @ p["W"] + np.eye(p["W"].shape[1])),
    ),
    "det(WW' + I)": Trap(
        (W,),
        lambda: Determinant(W * W.T + Identity(N)),
        lambda p: det(p["W"] @ p["W"].T + np.eye(p["W"].shape[0])),
    ),
    "tr(sA + B), which SymPy splits": Trap(
        (A, B, s),
        lambda: Trace(s * A + B).doit() ** 2,
        lambda p: np.trace(p["s"] * p["A"] + p["B"]) ** 2,
    ),
    "tr(WW') where W'W is of another size": Trap(
        (W,),
        lambda: Trace(W * W.T) ** 2 + Trace(W.T * W),
        lambda p: (p["W"] ** 2).sum() ** 2 + (p["W"] ** 2).sum(),
    ),
    "tr(A')": Trap(
        (A, B),
        lambda: Trace((A * B).T) * Trace(A.T),
        lambda p: np.trace(p["A"] @ p["B"]) * np.trace(p["A"]),
    ),
    # diagonals
    "x'diag(x)diag(v)x": Trap(
        (x, v),
        lambda: scalar(x.T * DiagMatrix(x) * DiagMatrix(v) * x),
        lambda p: (p["x"] ** 3 * p["v"]).sum(),
    ),
    "A diag(r'), of which SymPy makes the diagonal matrix of a row": Trap(
        (A, row, x),
        lambda: squared_norm(A * DiagMatrix(row.T) * x),
        lambda p: ((p["A"] @ (p["row"].T * p["x"])) ** 2).sum(),
    ),
    "the diagonal of a product": Trap(
        (W, A),
        lambda: squared_norm(DiagonalOf(A * W.T * W)),
        lambda p: (np.diag(p["A"] @ p["W"].T @ p["W"]) ** 2).sum(),
    ),
    # a step is used twice: it adds up, each use once
    "2a + 3a of columns": Trap(
        (W, x, z),
        lambda: squared_norm(2 * (W * x + z) + 3 * (W * x + z)),
        lambda p: (25 * (p["W"] @ p["x"] + p["z"]) ** 2).sum(),
    ),
    "A in a product and transposed in another": Trap(
        (A, x),
        lambda: scalar(x.T * A * A.T * A * x) + total(A),
        lambda p: one(p["x"].T @ p["A"] @ p["A"].T @ p["A"] @ p["x"]) + p["A"].sum(),
    ),
}


@pytest.mark.parametrize("rows, columns", SIZES)
@pytest.mark.parametrize("name", TRAPS)
def test_value_and_gradient_are_right_where_sympy_is_wrong(
    name: str, rows: int, columns: int
) -> None:
    trap = TRAPS[name]
    net = Network(name, weights=trap.weights)
    net.loss(trap.loss())
    module = load(derive(net))
    values = drawn(trap.weights, rows, columns, seed=len(name))
    by_name = {weight.name: weight for weight in trap.weights}
    found, gradients = module.loss_and_gradients(
        {key: declared(by_name[key], value) for key, value in values.items()}
    )
    assert found == pytest.approx(float(trap.value(values)), rel=1e-11)
    for key, expected in complex_step(trap.value, values).items():
        wanted = declared(by_name[key], expected)
        assert gradients[key] == pytest.approx(wanted, rel=1e-10, abs=1e-12), key


# -- shapes that SymPy accepts --------------------------------------------------------------------

ACCEPTED_BY_SYMPY: dict[str, Callable[[], Any]] = {
    "the trace of a column": lambda: Trace(x),
    "the trace of a rectangle": lambda: Trace(W),
    "the trace of a product that is no square": lambda: Trace(W * A),
    "the inverse of a rectangle": lambda: total(Inverse(W)),
    "a negative power of a rectangle": lambda: total(W**-1),
    "the determinant of a rectangle": lambda: Determinant(W),
    "the determinant of a column": lambda: symprop.determinant(x),
    "log det of a rectangle": lambda: symprop.logdet(W * A),
    "the inverse of a sum of two sizes": lambda: total(Inverse(A + W)),
    "a product after an inverse of another size": lambda: total(A.I * z),
    "the diagonal of a rectangle": lambda: total(DiagonalOf(W)),
}


@pytest.mark.parametrize("name", ACCEPTED_BY_SYMPY)
def test_shapes_that_do_not_fit_are_refused_though_sympy_accepts_them(name: str) -> None:
    net = Network(name, weights=[x, z, W, A])
    with pytest.raises(ShapeError) as caught:
        net.step("q", ACCEPTED_BY_SYMPY[name]())
    assert any(size in str(caught.value) for size in ("N x D", "D x 1", "N x 1", "D x D"))


# -- equal expressions that SymPy compares unequal ------------------------------------------------


def test_expressions_that_sympy_writes_in_two_ways_are_one() -> None:
    net = Network("equal", weights=[x, v, z, W, A, B])
    for left, right in [
        ((x.T * A * x)[0, 0], (x.T * A * x)[0, 0]),  # two Sums over fresh Dummies
        ((x.T * A * x)[0, 0], scalar(x.T * A * x)),
        ((W * x)[0, 0], (x.T * W.T)[0, 0]),
        (A.I, A**-1),
        (A.I.I, A),
        (A.I.T, A.T.I),
        (Trace(A), Trace(A.T)),
        (Determinant(A), Determinant(A.T)),
        (sympy.log(Determinant(A)), symprop.logdet(A)),
        (Trace(A * B), symprop.trace(A * B)),
        (DiagonalOf(DiagMatrix(x)), x),
    ]:
        assert net.read(left) == net.read(right), (left, right)


# -- numbers that SymPy thinks may be complex -----------------------------------------------------

ABSOLUTE: dict[str, tuple[tuple[Any, ...], Callable[[], Any], Callable[[Any], float]]] = {
    "an entry": ((W,), lambda: symprop.absolute(W[0, 0]), lambda p: abs(p["W"][0, 0])),
    "an entry, SymPy's Abs": ((W,), lambda: sympy.Abs(W[0, 0]), lambda p: abs(p["W"][0, 0])),
    "a trace": ((A,), lambda: symprop.absolute(Trace(A)), lambda p: abs(np.trace(p["A"]))),
    "a trace, SymPy's Abs": (
        (A,),
        lambda: sympy.Abs(Trace(A) - 3),
        lambda p: abs(np.trace(p["A"]) - 3),
    ),
    "a symbol that is not declared real": (
        (Symbol("u"),),
        lambda: sympy.Abs(Symbol("u")) ** 3,
        lambda p: abs(p["u"]) ** 3,
    ),
    "the root of a square": (
        (W,),
        lambda: sympy.sqrt(total(W) ** 2),
        lambda p: abs(p["W"].sum()),
    ),
}


@pytest.mark.parametrize("name", ABSOLUTE)
@pytest.mark.parametrize("sign", [1, -1])
def test_absolute_values_are_real(name: str, sign: int) -> None:
    weights, loss, value = ABSOLUTE[name]
    net = Network(name, weights=weights)
    net.loss(loss())
    derivation = derive(net)
    partial = derivation.partial(weights[0])
    assert not partial.has(sympy.re, sympy.im, sympy.conjugate, sympy.Derivative, sympy.I)
    values = {key: sign * part for key, part in drawn(weights, 2, 3, seed=3).items()}
    found, gradients = load(derivation).loss_and_gradients(values)
    assert found == pytest.approx(float(value(values)), rel=1e-12)
    step = 1e-6
    for place in np.ndindex(values[weights[0].name].shape):
        moved = [np.array(values[weights[0].name], dtype=float) for _ in range(2)]
        moved[0][place] += step
        moved[1][place] -= step
        up, down = (float(value({weights[0].name: part})) for part in moved)
        slope = (up - down) / (2 * step)
        assert gradients[weights[0].name][place] == pytest.approx(slope, rel=1e-6, abs=1e-8)


# -- kinks and ties -------------------------------------------------------------------------------


def slopes(loss: Any, at: Mapping[Any, float]) -> dict[str, float]:
    net = Network("kink", weights=list(at))
    net.loss(loss)
    params = {symbol.name: np.asarray(value, dtype=float) for symbol, value in at.items()}
    _, gradients = load(derive(net)).loss_and_gradients(params)
    return {name: float(gradient) for name, gradient in gradients.items()}


def test_at_a_tie_maximum_takes_its_first_argument_whatever_sympy_sorts() -> None:
    first, second = symbols("second first", real=True)  # SymPy sorts by name
    for a, b in [(first, second), (second, first)]:
        assert slopes(symprop.maximum(a, b), {a: 1.5, b: 1.5}) == {a.name: 1, b.name: 0}
        assert slopes(symprop.minimum(a, b), {a: 1.5, b: 1.5}) == {a.name: 1, b.name: 0}
        assert slopes(symprop.maximum(a, b), {a: 1.5, b: 2.5}) == {a.name: 0, b.name: 1}
        assert slopes(symprop.minimum(a, b), {a: 1.5, b: 2.5}) == {a.name: 1, b.name: 0}


def test_at_a_tie_maximum_of_matrices_takes_its_first_argument() -> None:
    first, second = MatrixSymbol("second", N, D), MatrixSymbol("first", N, D)
    tied = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    other = tied + np.array([[0.0, 1.0, -1.0], [0.0, 0.0, 2.0]])
    takes_first = np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
    net = Network("tie", weights=[first, second])
    net.loss(total(symprop.maximum(first, second)))
    value, found = load(derive(net)).loss_and_gradients({"second": tied, "first": other})
    assert value == np.maximum(tied, other).sum()
    assert found["second"] == pytest.approx(takes_first)
    assert found["first"] == pytest.approx(1 - takes_first)


def test_slopes_at_kinks_are_the_ones_that_are_stated() -> None:
    assert slopes(symprop.relu(t), {t: 0.0}) == {"t": 0}
    assert slopes(symprop.absolute(t), {t: 0.0}) == {"t": 0}
    assert slopes(symprop.relu(t) - s * symprop.relu(-t), {t: 0.0, s: 0.25}) == {"t": 0, "s": 0}


def test_maximum_with_zero_in_the_spelling_of_sympy_is_relu_or_refused() -> None:
    """SymPy's own derivative is Heaviside, 1/2 at 0."""
    try:
        found = slopes(Max(0, t), {t: 0.0})
    except SympropError as error:
        assert "relu" in str(error) or "maximum" in str(error)
    else:
        assert found["t"] in (0.0, 1.0)
        assert slopes(Max(0, t), {t: 2.0}) == {"t": 1}
        assert slopes(Max(0, t), {t: -2.0}) == {"t": 0}


# -- printing -------------------------------------------------------------------------------------


def test_functions_applied_by_applyfunc_are_printed_by_their_names() -> None:
    """SymPy prints Lambda(_d, tanh(_d)).(X) as code, and (d |-> tanh d) in LaTeX."""
    net = Network("printing", inputs=[x], weights=[W])
    q = net.step("q", (W * x).applyfunc(sympy.tanh))
    net.loss(squared_norm(q))
    derivation = derive(net)
    source = emit(derivation)
    assert "Lambda(" not in source and "np.tanh(" in source
    assert text(net.steps["q"].node) == "tanh(W*x)"
    partial = sympy.latex(derivation.partial(W, form="expanded"))
    assert "mapsto" not in partial and r"\tanh" in partial


def test_negated_and_scaled_differences_are_printed_as_written() -> None:
    """SymPy turns -(y - p) into -y + p, and 2*(y - h) into 2*y - 2*h."""
    net = Network("differences", inputs=[z], weights=[W, x])
    h = net.step("h", W * x)
    net.loss(squared_norm(z - h))
    derivation = derive(net)
    assert text(derivation.gradient(h)) == "-2*(z - h)"
    forms = Forms(net, derivation.sweep)
    assert text(forms.write(derivation.gradient(x), "steps")) == "-2*W.T*(z - h)"
