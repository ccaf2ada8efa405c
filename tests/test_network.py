"""What may be declared, and what is refused: each refusal says where, what and a way out."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy
from sympy import (
    Dummy,
    Float,
    HadamardPower,
    HadamardProduct,
    I,
    Identity,
    MatrixSymbol,
    OneMatrix,
    Piecewise,
    Rational,
    Symbol,
    ZeroMatrix,
    oo,
    symbols,
    zoo,
)

import symprop
from symprop import Network, SympropError, derive
from symprop.errors import DeclarationError, DerivationError, ShapeError, UnsupportedError
from symprop.network import UnusedStepWarning

x, y, w, b = symbols("x y w b", real=True)
D, N, V = symbols("D N V", integer=True, positive=True)
X, h, W, Q = (
    MatrixSymbol(n, *s) for n, s in zip("XhWQ", [(D, 1), (N, 1), (N, D), (N, N)], strict=True)
)
A34, c4 = MatrixSymbol("A34", 3, 4), MatrixSymbol("c4", 4, 1)

Declare = Callable[[], Any]


def scalar_network(**changed: Any) -> Network:
    options: dict[str, Any] = {"inputs": [x], "targets": [y], "weights": [w], **changed}
    return Network("net", **options)


def matrix_network(**changed: Any) -> Network:
    options: dict[str, Any] = {"inputs": [X, x, y], "weights": [W, h, Q, w, A34, c4], **changed}
    return Network("net", **options)


def refused(declare: Declare) -> SympropError:
    """The error of `declare`: one or two lines, with a way out."""
    with pytest.raises(SympropError) as caught:
        declare()
    error = caught.value
    assert error.hint, f"no way out: {error}"
    assert "\n" not in error.message and "\n" not in error.hint
    return error


def check(declare: Declare, kind: type[SympropError], *parts: str) -> None:
    error = refused(declare)
    assert isinstance(error, kind), f"{type(error).__name__}: {error}"
    for part in parts:
        assert part in str(error), f"{part!r} is not in: {error}"


# -- the network itself ---------------------------------------------------------------------------

BAD_NETWORKS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "a symbol instead of a list": ({"inputs": x}, ("inputs", "[x]")),
    "a matrix instead of a list": ({"inputs": X}, ("inputs", "[X]")),
    "none instead of a list": ({"weights": None}, ("weights",)),
    "a number instead of a list": ({"targets": 3}, ("targets",)),
    "an expression as input": ({"inputs": [x + 1]}, ("x + 1", "Symbol")),
    "text as input": ({"inputs": ["x"]}, ("'x'", "Symbol")),
    "an entry as weight": ({"weights": [W[0, 0]]}, ("W[0, 0]",)),
    "the same weight twice": ({"weights": [w, w]}, ("'w'", "twice", "weight")),
    "an input that is a weight": ({"weights": [x]}, ("'x'", "input", "weight")),
    "a size that is a weight": (
        {"inputs": [X], "weights": [Symbol("D", real=True)]},
        ("'D'", "size", "weight"),
    ),
    "two sizes of one name": (
        {"weights": [MatrixSymbol("A", Symbol("N"), N)]},
        ("'N'",),
    ),
    "an integer symbol": ({"weights": [Symbol("k", integer=True)]}, ("'k'", "real=True")),
    "an imaginary symbol": ({"weights": [Symbol("k", imaginary=True)]}, ("'k'", "real=True")),
    "a complex symbol": ({"weights": [Symbol("k", complex=True)]}, ("'k'", "real=True")),
    "an operator": ({"weights": [Symbol("k", commutative=False)]}, ("'k'", "real=True")),
    "a matrix as hyperparameter": ({"hyperparameters": {h: 1.0}}, ("'h'", "matrix")),
    "a hyperparameter without a number": ({"hyperparameters": {b: "a"}}, ("'b'", "number", "'a'")),
    "a hyperparameter of None": ({"hyperparameters": {b: None}}, ("'b'", "number")),
    "a list of hyperparameters": ({"hyperparameters": [b]}, ("hyperparameters",)),
    "labels of nothing": ({"labels": {b: "binary"}}, ("labels", "'b'", "y")),
    "labels of an input": ({"labels": {x: "binary"}}, ("labels", "'x'", "target")),
    "an unknown kind of labels": (
        {"labels": {y: "onehot"}},
        ("'onehot'", "did you mean", "'one-hot'"),
    ),
    "a list of labels": ({"labels": ["one-hot"]}, ("labels",)),
    "a number as a kind": ({"labels": {y: 3}}, ("3", "one-hot")),
    "latex of nothing": ({"latex": {b: "b"}}, ("latex", "'b'")),
    "text as latex": ({"latex": "a"}, ("latex",)),
    "a size of nothing": ({"sizes": {N: 3}}, ("sizes", "'N'")),
    "text as sizes": ({"sizes": "N"}, ("sizes",)),
    "a broken size": ({"inputs": [X], "sizes": {D: 2.5}}, ("D", "2.5", "whole")),
    "size zero": ({"inputs": [X], "sizes": {D: 0}}, ("D", "0", "whole")),
    "samples that no data have": ({"inputs": [X], "samples": N}, ("samples", "N")),
    "samples that only a weight has": (
        {"inputs": [X], "weights": [W], "samples": N},
        ("samples", "N"),
    ),
    "a symbol as outputs": ({"outputs": x}, ("outputs",)),
}


@pytest.mark.parametrize("case", BAD_NETWORKS)
def test_bad_network_is_refused_with_a_way_out(case: str) -> None:
    options, parts = BAD_NETWORKS[case]
    check(lambda: scalar_network(**options), DeclarationError, "net", *parts)


@pytest.mark.parametrize("name", ["", "  ", None, 3])
def test_network_without_a_name_is_refused(name: Any) -> None:
    check(lambda: Network(name, weights=[w]), DeclarationError, "name", repr(name))


# -- steps ----------------------------------------------------------------------------------------
place = Symbol("place", integer=True)


Make = Callable[[], Any]
BAD_STEPS: dict[str, tuple[Make, type[SympropError], tuple[str, ...]]] = {
    # names
    "a slip of the pen": (
        lambda: Symbol("ww", real=True) * x,
        DeclarationError,
        ("'ww'", "not defined", "did you mean", "'w'"),
    ),
    "an undefined matrix": (
        lambda: W * MatrixSymbol("Z", D, 1),
        DeclarationError,
        ("'Z'", "not defined", "W"),
    ),
    "a Dummy": (lambda: Dummy("w") * x, SympropError, ("w",)),
    # shapes, symbolic and whole
    "a sum of two sizes": (lambda: W * X + X, ShapeError, ("add", "N x 1", "D x 1")),
    "a product of two sizes": (lambda: W * h, ShapeError, ("multiply", "N x D", "N x 1")),
    "a whole by a symbolic size": (lambda: A34 * X, ShapeError, ("3 x 4", "D x 1")),
    "a symbolic by a whole size": (lambda: W * c4, ShapeError, ("N x D", "4 x 1")),
    "a sum of whole and symbolic": (lambda: A34 * c4 + h, ShapeError, ("3 x 1", "N x 1")),
    "a Hadamard product of two sizes": (
        lambda: HadamardProduct(h, X),
        ShapeError,
        ("N x 1", "D x 1"),
    ),
    "a number of a matrix plus a matrix": (lambda: X.T * X + Q, ShapeError, ("N x N", "1 x 1")),
    "a matrix declared with other sizes": (
        lambda: MatrixSymbol("W", D, N) * h,
        ShapeError,
        ("W", "N x D", "D x N"),
    ),
    "a matrix used as a scalar": (lambda: Symbol("h", real=True) * x, ShapeError, ("h", "N x 1")),
    "a power of a column": (lambda: h**2, ShapeError, ("N x 1", "square", "HadamardPower")),
    "a power of a rectangle": (lambda: W**2, ShapeError, ("N x D", "square", "HadamardPower")),
    "scalar of a column": (lambda: symprop.scalar(h), ShapeError, ("1 x 1", "N x 1")),
    "a matrix as exponent": (lambda: HadamardPower(h, h), ShapeError, ("exponent", "N x 1")),
    "a broadcast that is none": (lambda: W + OneMatrix(N, 1), ShapeError, ("N x D", "N x 1")),
    # functions
    "Piecewise": (
        lambda: Piecewise((w, w > 0), (0, True)),
        UnsupportedError,
        ("Piecewise", "relu"),
    ),
    "floor": (lambda: sympy.floor(w), UnsupportedError, ("floor",)),
    "Abs of a matrix": (lambda: sympy.Abs(h), UnsupportedError, ()),
    "SymPy's exp of a matrix": (lambda: sympy.exp(Q), UnsupportedError, ("exp", "symprop")),
    "SymPy's log of a matrix": (lambda: sympy.log(h), UnsupportedError, ("log", "symprop")),
    "an inverse of a rectangle": (lambda: W.I, SympropError, ("N x D", "square")),
    "a symbolic matrix power": (lambda: Q**w, UnsupportedError, ("Q",)),
    "a matrix power left as Pow": (
        lambda: sympy.Pow(Q, 2, evaluate=False),
        UnsupportedError,
        ("Q",),
    ),
    "division by a matrix": (lambda: h / X, SympropError, ()),
    "a determinant of a rectangle": (
        lambda: sympy.Determinant(W),
        ShapeError,
        ("N x D", "square", "A.T*A"),
    ),
    "a trace of a column": (lambda: sympy.Trace(h), ShapeError, ("N x 1", "square")),
    "an entry that is chosen by a number": (lambda: W[0, w], SympropError, ("w",)),
    "blocks that do not fit": (lambda: symprop.vstack(Q, X), ShapeError, ("N x N", "D x 1")),
    "a Sum that is no product": (
        lambda: sympy.Sum(symprop.tanh(h[place, 0]), (place, 0, N - 1)),
        UnsupportedError,
        ("Sum", "total"),
    ),
    "Kronecker": (lambda: sympy.KroneckerProduct(Q, Q), UnsupportedError, ("KroneckerProduct",)),
    "an array": (lambda: np.ones((2, 2)), UnsupportedError, ("MatrixSymbol",)),
    "an Integral": (lambda: sympy.Integral(w, (w, 0, 1)), UnsupportedError, ("Integral",)),
    "a Derivative": (lambda: sympy.Derivative(w**2, w), UnsupportedError, ("Derivative",)),
    # numbers
    "a complex number": (lambda: I * w, UnsupportedError, ("complex", "real")),
    "a root of a negative number": (
        lambda: (-1) ** Rational(1, 3) * w,
        UnsupportedError,
        ("complex",),
    ),
    "infinity": (lambda: oo * w, UnsupportedError, ("oo", "finite")),
    "an undefined number": (lambda: w + zoo, UnsupportedError, ("zoo", "finite")),
    "not a number": (lambda: w * sympy.nan, UnsupportedError, ("nan", "finite")),
    "a number beyond all floats": (lambda: w * Float("1e400"), UnsupportedError, ("finite",)),
    "an exponent beyond all floats": (lambda: w ** Float("1e400"), UnsupportedError, ("finite",)),
    # not expressions
    "code": (lambda: "__import__('os')", UnsupportedError, ("__import__", "SymPy expression")),
    "text": (lambda: "w*x", UnsupportedError, ("'w*x'", "SymPy expression")),
    "nothing": (lambda: None, UnsupportedError, ("None", "SymPy expression")),
    "a list": (lambda: [w], UnsupportedError, ("SymPy expression",)),
    "a tuple": (lambda: (w,), UnsupportedError, ("w",)),
    "truth": (lambda: True, UnsupportedError, ("True",)),
    "a comparison": (lambda: w > 0, UnsupportedError, ("w > 0",)),
    "an equation": (lambda: sympy.Eq(w, x), UnsupportedError, ("Eq(w, x)",)),
    "a function that is not called": (lambda: symprop.sigmoid, UnsupportedError, ("sigmoid",)),
    "a class of SymPy": (lambda: sympy.exp, UnsupportedError, ("exp",)),
}


@pytest.mark.parametrize("case", BAD_STEPS)
def test_bad_step_is_refused_with_its_name_and_a_way_out(case: str) -> None:
    make, kind, parts = BAD_STEPS[case]
    network = matrix_network()
    check(lambda: network.step("first", make()), kind, "first", *parts)
    network.step("first", W * X)  # a refused step leaves nothing behind


@pytest.mark.parametrize("case", BAD_STEPS)
def test_bad_loss_is_refused_with_its_name_and_can_be_mended(case: str) -> None:
    make, kind, parts = BAD_STEPS[case]
    network = Network("net", inputs=[X, x, y], weights=[W, h, Q, w, A34, c4])
    check(lambda: network.loss(make(), name="cost"), kind, "cost", *parts)
    network.loss(symprop.l2(W, h, Q, A34, c4) + w, name="cost")
    derive(network)


def check_step(expression: Declare, kind: type[SympropError], *parts: str) -> None:
    """The step (or the line that makes its expression) is refused."""
    check(lambda: matrix_network().step("first", expression()), kind, *parts)


@pytest.mark.parametrize(
    "function", [symprop.softmax, symprop.log_softmax, symprop.logsumexp], ids=str
)
def test_softmax_of_a_matrix_needs_an_axis(function: Any) -> None:
    check_step(partial(function, W), UnsupportedError, "N x D", "axis=0", "axis=1")
    check_step(partial(function, X.T), UnsupportedError, "1 x D", "axis=0", "axis=1")


@pytest.mark.parametrize("axis", [2, -3, 0.5, "0", [0], N], ids=str)
def test_axis_that_a_matrix_does_not_have_is_refused(axis: Any) -> None:
    for function in (symprop.softmax, symprop.logsumexp, symprop.total, symprop.mean):
        check_step(partial(function, W, axis=axis), UnsupportedError, "axis=0", "axis=1")


@pytest.mark.parametrize("function", [symprop.softmax, symprop.log_softmax], ids=str)
def test_softmax_of_a_scalar_is_refused(function: Any) -> None:
    check_step(partial(function, w), ShapeError, "scalar", "sigmoid(u)")


@pytest.mark.parametrize("size", [1, 3])
def test_what_is_declared_for_some_size_goes_for_size_one(size: int) -> None:
    """There a step is a scalar, and so is any total, mean or largest entry of it."""
    A, data = MatrixSymbol("A", size, 3), MatrixSymbol("data", 3, 1)
    network = Network("net", inputs=[data], weights=[A])
    p = network.step("p", symprop.tanh(A * data))
    reductions = (symprop.total, symprop.mean, symprop.amax, symprop.amin, symprop.logsumexp)
    network.loss(sum(reduce(p) for reduce in reductions) + symprop.total(p, axis=0))
    assert symprop.check_gradients(derive(network)).ok


def test_losses_of_two_shapes_are_refused_with_both() -> None:
    for loss in (symprop.squared_error, symprop.cross_entropy, symprop.dot):
        check_step(partial(loss, h, X), ShapeError, "N x 1", "D x 1")
        check_step(partial(loss, h, w), ShapeError, "N x 1", "scalar")
        check_step(partial(loss, h), UnsupportedError, str(loss), "1")


def test_names_of_steps_are_unique_and_free() -> None:
    network = matrix_network()
    network.step("a", W * X)
    check(lambda: network.step("a", W * X), DeclarationError, "'a'", "taken", "step")
    check(lambda: network.step("w", W * X), DeclarationError, "'w'", "taken", "weight")
    check(lambda: network.step("N", W * X), DeclarationError, "'N'", "taken", "size")
    names: list[Any] = ["", " ", None, x, 3]
    for name in names:
        check(partial(network.step, name, W * X), DeclarationError, "name")


def test_names_of_upstream_gradients_are_reserved_in_either_order() -> None:
    first = scalar_network()
    first.step("a", w * x)
    check(lambda: first.step("delta_a", w * x), DeclarationError, "'delta_a'", "'a'", "reserved")
    second = scalar_network()
    second.step("delta_a", w * x)
    check(lambda: second.step("a", w * x), DeclarationError, "'delta_a'", "'a'", "reserved")
    third = scalar_network(weights=[Symbol("delta_a", real=True)])
    check(lambda: third.step("a", x**2), DeclarationError, "'delta_a'", "'a'", "reserved")


def test_deltas_of_other_names_are_free() -> None:
    delta = Symbol("delta_b", real=True)
    network = scalar_network(weights=[w, delta])
    a = network.step("a", w * x + delta)
    inner = network.step("delta_a_1", a * delta)
    network.loss(symprop.sigmoid(symprop.tanh(inner * a) + a * a) ** 2)
    assert derive(network).partial(w).free_symbols


# -- the loss -------------------------------------------------------------------------------------


def test_loss_that_is_a_matrix_is_refused_and_can_be_mended() -> None:
    network = Network("net", inputs=[X], weights=[W])
    check(lambda: network.loss(W * X), ShapeError, "'L'", "scalar", "N x 1", "total(")
    network.loss(symprop.total(W * X))


def test_weight_without_effect_is_refused_and_can_be_mended() -> None:
    network = scalar_network(weights=[w, b])
    network.step("idle", b * x)
    check(lambda: network.loss(w * x), DeclarationError, "'b'", "does not depend")
    check(lambda: network.loss(w * x + b - b), DeclarationError, "'b'", "does not depend")
    check(lambda: network.loss(w * x + 0 * b), DeclarationError, "'b'", "does not depend")
    with pytest.warns(UnusedStepWarning, match="idle"):
        network.loss(w * x + b)


def test_network_without_weights_is_refused() -> None:
    check(lambda: scalar_network(weights=[]).loss(x), DeclarationError, "weight", "weights=[...]")


def test_second_loss_is_refused() -> None:
    network = scalar_network()
    network.loss(w * x)
    check(lambda: network.loss(w * x), DeclarationError, "'L'", "loss")
    check(lambda: network.loss(w * x, name="M"), DeclarationError, "'L'", "loss")


def test_step_after_the_loss_is_refused() -> None:
    network = scalar_network()
    network.loss(w * x)
    check(lambda: network.step("a", w * x), DeclarationError, "'a'", "after the loss")


def test_loss_with_a_taken_name_is_refused_with_the_option() -> None:
    network = scalar_network()
    network.step("L", w * x)
    check(lambda: network.loss(w * x), DeclarationError, "'L'", "taken", "name=")


def test_output_that_is_no_step_is_refused_with_the_one_meant() -> None:
    network = scalar_network(outputs=["y_hat"])
    step = network.step("yhat", w * x)
    check(lambda: network.loss(step**2), DeclarationError, "'y_hat'", "did you mean", "'yhat'")


def test_network_without_a_loss_cannot_be_derived() -> None:
    check(lambda: derive(scalar_network()), DeclarationError, "no loss", "loss(")


def test_losses_fit_the_kind_of_labels() -> None:
    p = Symbol("p", real=True)
    for kind, loss, way_out in [
        ("binary", symprop.cross_entropy, "binary_cross_entropy"),
        ("signed", symprop.cross_entropy, "(y + 1)/2"),
        ("real", symprop.cross_entropy, "mean_squared_error"),
        ("signed", symprop.binary_cross_entropy, "(y + 1)/2"),
        ("real", symprop.binary_cross_entropy, "mean_squared_error"),
    ]:
        network = scalar_network(labels={y: kind})
        network.step("p", symprop.sigmoid(w * x))
        check(partial(network.loss, loss(y, p)), DeclarationError, kind, "y", way_out)
        mended = symprop.binary_cross_entropy((y + 1) / 2, p)
        network.loss(mended)


@pytest.mark.parametrize("kind", ["one-hot", "probabilities"])
def test_cross_entropy_takes_labels_that_sum_to_one(kind: str) -> None:
    target = MatrixSymbol("t", N, 1)
    network = Network("net", inputs=[X], targets=[target], weights=[W], labels={target: kind})
    network.loss(symprop.cross_entropy(target, symprop.softmax(W * X)))
    assert network.labels == {"t": kind}


# -- what is asked of a derivation ----------------------------------------------------------------


def test_unknown_symbols_and_forms_are_refused() -> None:
    network = scalar_network()
    network.step("alpha", w * x)
    network.loss(Symbol("alpha", real=True) ** 2)
    d = derive(network)
    check(lambda: d.partial(b), DeclarationError, "'b'", "w")
    check(lambda: d.partial("alpa"), DeclarationError, "'alpa'", "did you mean", "'alpha'")
    check(lambda: d.upstream(w + 1), DeclarationError, "w + 1")
    check(lambda: list(d.paths("q")), DeclarationError, "'q'")
    check(lambda: d.partial(w, form="short"), DerivationError, "'short'", '"delta"')
    check(lambda: d.local("alpha", "y"), DerivationError, "'y'", "'alpha'", "w")
    check(lambda: d.local("w", "x"), DerivationError, "'w'", "not a step")


# -- good declarations ----------------------------------------------------------------------------


def test_steps_return_symbols_of_their_shape() -> None:
    network = matrix_network()
    assert network.step("s", w * x) == Symbol("s", real=True)
    assert network.step("t", W * X) == MatrixSymbol("t", N, 1)
    assert network.step("u", X.T * X) == Symbol("u", real=True)
    assert network.step("v", A34 * c4) == MatrixSymbol("v", 3, 1)
    assert network.step("m", symprop.total(W, axis=0)) == MatrixSymbol("m", 1, D)
    assert network.step("n", symprop.total(h, axis=0)) == Symbol("n", real=True)
    assert network.step("i", Q * Identity(N) + Identity(N)) == MatrixSymbol("i", N, N)


def test_everything_declared_is_kept_in_order() -> None:
    lam = Symbol("lam", real=True)
    target = MatrixSymbol("t", N, 1)
    network = Network(
        "all of it",
        inputs=(X, x),
        targets=[target],
        weights={W: None, w: None},
        hyperparameters={lam: 0.25},
        labels={target: "probabilities"},
        sizes={N: 32},
        latex={w: r"\omega", W: "W"},
        outputs=["a", "p"],
    )
    a = network.step("a", W * X + w * OneMatrix(N, 1), latex="a_1")
    p = network.step("p", symprop.softmax(x * a))
    network.loss(symprop.cross_entropy(target, p) + lam * symprop.l2(W), latex=r"\mathcal{L}")
    assert [entry.name for entry in network.inputs] == ["X", "x"]
    assert [entry.name for entry in network.targets] == ["t"]
    assert [entry.name for entry in network.weights] == ["W", "w"]
    assert network.hyperparameters == {"lam": 0.25}
    assert network.labels == {"t": "probabilities"}
    assert network.sizes == {"N": 32}
    assert list(network.size_symbols) == ["D", "N"]
    assert {e.name: e.latex for e in network.weights} == {"W": "W", "w": r"\omega"}
    assert [step.latex for step in network.steps.values()] == ["a_1", None, r"\mathcal{L}"]
    assert [step.name for step in network.outputs] == ["a", "p"]
    assert list(network.steps) == ["a", "p", "L"]
    assert network.loss_step is not None and network.loss_step.name == "L"
    assert [entry.shape for entry in network.inputs] == [(D, 1), ()]


def test_names_may_stand_for_symbols_in_options() -> None:
    network = matrix_network(sizes={"N": 5}, latex={"w": "u"})
    assert network.sizes == {"N": 5}


def test_whole_sizes_of_other_libraries_are_whole() -> None:
    for five in (sympy.Integer(5), np.int64(5)):
        sizes = matrix_network(sizes={N: five}).sizes
        assert sizes == {"N": 5} and type(sizes["N"]) is int


def test_outputs_default_to_the_steps_that_the_loss_reads() -> None:
    network = scalar_network()
    a = network.step("a", w * x)
    p = network.step("p", symprop.sigmoid(a))
    penalty = network.step("penalty", w**2)
    network.loss(symprop.half_squared_error(y, p) + penalty)
    assert [step.name for step in network.outputs] == ["p"]


def test_assumptions_of_a_symbol_do_not_make_another_symbol() -> None:
    network = scalar_network(inputs=[Symbol("x")], weights=[Symbol("w", positive=True)])
    network.loss(Symbol("w", real=True) * Symbol("x", real=True))
    assert derive(network).partial("w") == Symbol("x")


def test_batch_declared_with_samples() -> None:
    data, target = MatrixSymbol("data", N, D), MatrixSymbol("target", N, V)
    weight = MatrixSymbol("A", D, V)
    network = Network(
        "batch",
        inputs=[data],
        targets=[target],
        weights=[weight],
        samples=N,
        labels={target: "one-hot"},
    )
    p = network.step("p", symprop.softmax(data * weight, axis=1))
    network.loss(symprop.cross_entropy(target, p) / N)
    found = derive(network).partial(weight)
    assert (found - data.T * (p - target) / N).expand().doit() == ZeroMatrix(D, V)


def test_function_of_weights_alone_needs_no_data() -> None:
    network = Network("plain", weights=[Q])
    network.loss(symprop.squared_norm(Q))
    assert derive(network).partial(Q) == 2 * Q


def test_unused_step_is_a_warning_that_names_it() -> None:
    network = scalar_network()
    network.step("idle", w * x)
    with pytest.warns(UnusedStepWarning, match="'idle'"):
        network.loss(w * x)
    assert "idle" in network.steps


def test_a_network_all_of_whose_steps_are_used_warns_of_nothing() -> None:
    network = scalar_network()
    a = network.step("a", w * x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network.loss(a**2)


def test_expression_too_deep_is_refused_with_the_way_out() -> None:
    expression = w
    for _ in range(1500):
        expression = symprop.sigmoid(expression)
    check(lambda: scalar_network().loss(expression), UnsupportedError, "deep", "steps")
