"""Unspecified functions: what is derived and printed of them, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
import sympy
from sympy import Function, Lambda, MatrixSymbol, Rational, Symbol, latex, symbols

import symprop
from symprop import Network, activation, derive, emit, function, total
from symprop.derivation import Derivation
from symprop.derivation.forms import Forms
from symprop.errors import DeclarationError, DerivationError, EmissionError, UnsupportedError
from symprop.expression.evaluation import evaluate
from symprop.expression.nodes import Leaf
from symprop.expression.rewriting import transform
from symprop.expression.text import text
from symprop.functions.unspecified import Function as Unspecified

x, y, w, v, w1, w2, w3, b1 = symbols("x y w v w1 w2 w3 b1", real=True)
D, N, V = symbols("D N V", integer=True, positive=True)
X, Y = MatrixSymbol("X", D, 1), MatrixSymbol("Y", V, 1)
W, U, c = MatrixSymbol("W", N, D), MatrixSymbol("U", V, N), MatrixSymbol("c", N, 1)


def closed_form(derivation: Derivation, symbol: Any, form: str = "steps") -> str:
    """The partial as text, in the order of the chain."""
    gradient = derivation.gradient(symbol)
    return text(Forms(derivation.network, derivation.sweep).write(gradient, form))


def k3(*functions: Any) -> Derivation:
    net = Network("K3", inputs=[x], targets=[y], weights=[w1, b1, w2, w3])
    value = net.step("a1", w1 * x + b1)
    for k, (outer, weight) in enumerate(zip(functions, (w2, w3, None), strict=True), start=1):
        value = net.step("y_hat" if weight is None else f"f{k}", outer(value))
        if weight is not None:
            value = net.step(f"a{k + 1}", weight * value)
    net.loss(Rational(1, 2) * (y - value) ** 2)
    return derive(net)


def test_k3_of_unspecified_functions_reads_as_on_the_board() -> None:
    d = k3(*(activation(f"f_{k}") for k in (1, 2, 3)))
    assert closed_form(d, w3) == "-(y - y_hat)*f_3'(a3)*f2"
    assert closed_form(d, w2) == "-(y - y_hat)*f_3'(a3)*w3*f_2'(a2)*f1"
    assert closed_form(d, w1) == "-(y - y_hat)*f_3'(a3)*w3*f_2'(a2)*w2*f_1'(a1)*x"
    assert closed_form(d, b1) == "-(y - y_hat)*f_3'(a3)*w3*f_2'(a2)*w2*f_1'(a1)"
    assert str(d.local("f1", "a1")) == "f_1'(a1)"
    assert latex(d.local("f1", "a1")) == r"f_{1}'\left(a_{1}\right)"
    assert "f_3(w3*f_2(w2*f_1(b1 + w1*x)))" in str(d.partial(w3, form="expanded"))


@pytest.mark.parametrize("make", [activation, function, Function])
def test_a_function_of_one_number_is_an_activation_however_it_is_spelled(make: Any) -> None:
    d = k3(make("f_1"), make("f_2"), make("f_3"))
    assert closed_form(d, w1) == "-(y - y_hat)*f_3'(a3)*w3*f_2'(a2)*w2*f_1'(a1)*x"


def test_k3_agrees_with_sympy_once_the_functions_are_given() -> None:
    d = k3(*(activation(f"f_{k}") for k in (1, 2, 3)))
    written = str(d.partial(w1, form="expanded"))
    given: dict[str, Callable[[Any], Any]] = {"f_1": sympy.sin, "f_2": sympy.exp, "f_3": sympy.tanh}
    names = {name: Lambda(x, given[name](x)) for name in given}
    primed = {f"{name}'": Lambda(x, given[name](x).diff(x)) for name in given}
    found = d.partial(w1, form="expanded").replace(
        lambda e: type(e).__name__ in names | primed,
        lambda e: (names | primed)[type(e).__name__](*e.args),
    )
    value = sympy.tanh(w3 * sympy.exp(w2 * sympy.sin(w1 * x + b1)))
    expected = ((y - value) ** 2 / 2).diff(w1)
    at = {x: 0.3, y: 0.7, w1: -0.4, b1: 0.2, w2: 0.6, w3: 0.5}
    assert "f_1'" in written
    assert float(found.subs(at)) == pytest.approx(float(expected.subs(at)), rel=1e-12)


def chain(depth: int) -> tuple[Derivation, list[Symbol]]:
    """A5 of the catalogue: h_k = f_k(h_{k-1}, w_k), e = l(h_K, y)."""
    weights = list(symbols(f"w_1:{depth + 1}", real=True))
    net = Network("A5", inputs=[x], targets=[y], weights=weights)
    value: Any = x
    for k, weight in enumerate(weights, start=1):
        value = net.step(f"h_{k}", function(f"f_{k}")(value, weight))
    net.loss(function("l", latex=r"\ell")(value, y), name="e")
    return derive(net), weights


def test_chain_of_functions_of_two_arguments_multiplies_partial_derivatives() -> None:
    d, (weight_1, weight_2) = chain(2)
    assert closed_form(d, weight_2) == "(dl/dh_2)(h_2, y)*(df_2/dw_2)(h_1, w_2)"
    upstream = "(dl/dh_2)(h_2, y)*(df_2/dh_1)(h_1, w_2)"
    assert closed_form(d, weight_1) == f"{upstream}*(df_1/dw_1)(x, w_1)"
    assert latex(d.local("h_2", "h_1")) == (
        r"\frac{\partial f_{2}}{\partial h_{1}}\left(h_{1}, w_{2}\right)"
    )
    assert latex(d.upstream("h_2")) == r"\frac{\partial \ell}{\partial h_{2}}\left(h_{2}, y\right)"


def test_chain_of_many_steps_has_a_factor_for_every_step() -> None:
    d, weights = chain(12)
    for k, weight in enumerate(weights, start=1):
        assert len(sympy.Mul.make_args(d.partial(weight))) == 12 - k + 2
    names = [up.delta.name for up in d.upstreams if up.named]
    assert names == [f"delta_h_{k}" for k in range(12, 1, -1)]


def test_an_argument_without_a_name_is_counted() -> None:
    net = Network("places", inputs=[x], weights=[w, v])
    net.loss(function("f")(2 * w, x + v) + function("g")(w, w * v))
    d = derive(net)
    assert closed_form(d, v) == "(D2 g)(w, w*v)*w + (D2 f)(2*w, x + v)"
    assert closed_form(d, w) == "(D2 g)(w, w*v)*v + 2*(D1 f)(2*w, x + v) + (D1 g)(w, w*v)"
    assert latex(d.local("L", x)) == r"\partial_{2} f\left(2 w, v + x\right)"


def columns() -> Derivation:
    lam = Symbol("lambda", real=True)
    net = Network("columns", inputs=[X], targets=[Y], weights=[W, c, U], hyperparameters={lam: 0.1})
    h = net.step("h", function("f", shape=(N, 1))(W * X, c))
    p = net.step("p", activation("g")(U * h))
    net.loss(function("l")(p, Y) + lam * function("R")(W))
    return derive(net)


def test_gradients_and_jacobians_of_columns_stand_where_their_shapes_fit() -> None:
    d = columns()
    g = "((dl/dp)(p, Y).*g'(U*h))"
    assert closed_form(d, U) == f"{g}*h.T"
    assert closed_form(d, c) == f"(df/dc)(W*X, c).T*U.T*{g}"
    assert closed_form(d, W) == f"(D1 f)(W*X, c).T*U.T*{g}*X.T + lambda*(dR/dW)(W)"
    assert {name: d.gradient(name).shape for name in ("W", "c", "U", "h", "p")} == {
        "W": (N, D), "c": (N, 1), "U": (V, N), "h": (N, 1), "p": (V, 1)
    }  # fmt: skip
    assert d.partial(W).shape == (N, D) and d.partial(c).shape == (N, 1)


def test_a_column_by_a_number_adds_up_over_its_entries() -> None:
    net = Network("by a number", inputs=[X], weights=[w])
    net.loss(symprop.dot(X, function("f", shape=(D, 1))(X, w)))
    assert closed_form(derive(net), w) == "total(X.*(df/dw)(X, w))"


def test_columns_agree_with_differences_once_the_functions_are_given() -> None:
    """f(z, c) = A(z.*z) + B c with fixed A, B; l(p, y) = sum sin(p y); R(W) = sum W^3; g = tanh."""
    d = columns()
    rng = np.random.default_rng(4)
    sizes = {"D": 2, "N": 3, "V": 4}
    shapes = {"X": (2, 1), "Y": (4, 1), "W": (3, 2), "c": (3, 1), "U": (4, 3)}
    at: dict[str, Any] = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    at["lambda"] = 0.1
    A, B = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))

    def loss(values: Any) -> Any:
        z = values["W"] @ values["X"]
        h = A @ (z * z) + B @ values["c"]
        p = np.tanh(values["U"] @ h)
        return np.sin(p * values["Y"]).sum() + 0.1 * (values["W"] ** 3).sum()

    z = at["W"] @ at["X"]
    h = A @ (z * z) + B @ at["c"]
    p = np.tanh(at["U"] @ h)
    given = {
        "(df/dc)(W*X, c)": B,
        "(D1 f)(W*X, c)": 2 * A * z.T,
        "(dl/dp)(p, Y)": at["Y"] * np.cos(p * at["Y"]),
        "g'(U*h)": 1 - p**2,
        "(dR/dW)(W)": 3 * at["W"] ** 2,
    }
    for name in ("W", "c", "U"):
        node = Forms(d.network, d.sweep).write(d.gradient(name), "steps")
        found = evaluate(named(node, given), at | given | {"h": h, "p": p}, sizes)
        for place in np.ndindex(*shapes[name]):
            moved = at[name].astype(complex)
            moved[place] += 1e-30j
            expected = np.imag(loss({**at, name: moved})) / 1e-30
            assert found[place] == pytest.approx(expected, rel=1e-10)


def named(node: Any, given: dict[str, Any]) -> Any:
    """The unspecified parts of `node` as names of their own."""
    return transform(node, lambda n: Leaf(text(n), n.shape, "input") if text(n) in given else None)


def test_equal_names_with_equal_arguments_are_equal() -> None:
    assert activation("f_1")(x) == activation("f_1")(x) != activation("f_1")(y)
    assert activation("f_1")(X) == activation("f_1")(X) != activation("f_2")(X)
    assert function("l")(X, Y) == function("l")(X, Y) != function("l")(Y, X)
    assert activation("f")(x) == function("f")(x)
    net = Network("collected", inputs=[x], weights=[w])
    net.loss(activation("f")(w * x) + activation("f")(x * w) + function("g")(w, x) * 2)
    assert text(net.require_loss().node) == "2*g(w, x) + 2*f(w*x)"


def test_sympys_own_undefined_functions_are_read_as_numbers() -> None:
    F, R = Function("F"), Function("R")
    net = Network("undefined", inputs=[X], weights=[W])
    z = net.step("z", (W * X).applyfunc(F))
    net.loss(Function("l")(z) + R(W))
    assert closed_form(derive(net), W) == "((dl/dz)(z).*F'(W*X))*X.T + (dR/dW)(W)"


def test_a_derivative_can_be_declared_and_derived_again() -> None:
    net = Network("again", inputs=[x], weights=[w])
    net.loss(activation("f")(w * x).diff(w) + function("g")(w, x).diff(x))
    d = derive(net)
    assert text(net.require_loss().node) == "(dg/dx)(w, x) + x*f'(w*x)"
    assert closed_form(d, w) == "x**2*f''(w*x) + (D1,2 g)(w, x)"


def test_a_column_by_a_matrix_is_refused_only_where_it_is_needed() -> None:
    f: Unspecified = function("f", shape=(N, 1))
    net = Network("needed", inputs=[X], weights=[W])
    net.loss(total(f(X, W)))
    with pytest.raises(DerivationError, match=r"f, N x 1, by an argument that is N x D"):
        derive(net)
    other = Network("not needed", inputs=[W, c], weights=[X])
    other.loss(symprop.dot(c, f(X, W)))
    assert closed_form(derive(other), X) == "(df/dX)(X, W).T*c"


def test_emission_names_the_step_and_the_way_out() -> None:
    d = k3(activation("f_1"), symprop.tanh, symprop.sigmoid)
    for refused in (emit, symprop.load, symprop.check_gradients):
        with pytest.raises(EmissionError) as caught:
            refused(d)
        assert caught.value.message == "step 'f1': f_1 is unspecified, in f_1(a1)"
        assert caught.value.hint == 'give it a formula: f_1 = define("f_1", lambda u: ...)'


def test_a_function_of_matrices_is_to_be_a_layer() -> None:
    with pytest.raises(EmissionError) as caught:
        emit(columns())
    assert caught.value.message == "step 'h': f is unspecified, in f(W*X, c)"
    assert caught.value.hint.endswith('f = define("f", lambda u, v: ..., layer=True)')


def test_numbers_are_refused_with_the_way_out() -> None:
    node = k3(activation("f_1"), symprop.tanh, symprop.sigmoid).network.steps["f1"].node
    with pytest.raises(UnsupportedError, match="f_1 is unspecified: it has no value"):
        evaluate(node, {"a1": 1.0}, {})
    net = Network("several", inputs=[x], weights=[w])
    net.loss(function("l")(x, w))
    with pytest.raises(UnsupportedError, match=r"l is unspecified(.|\n)*define..l., lambda u, v: "):
        evaluate(net.require_loss().node, {"x": 1.0, "w": 2.0}, {})


def refusal(declare: Callable[[Network], Any]) -> str:
    net = Network("refused", inputs=[X, x], weights=[W, w, c])
    with pytest.raises(DeclarationError) as caught:
        declare(net)
    assert caught.value.hint
    return caught.value.message


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda net: activation("sigmoid"), "sigmoid is in the vocabulary already"),
        (lambda net: function("total"), "total is in the vocabulary already"),
        (lambda net: activation("f of x"), "activation needs the name of a function"),
        (lambda net: activation(cast(Any, 3)), "activation needs the name of a function, not 3"),
        (lambda net: activation("f", latex=cast(Any, 3)), "the LaTeX name of 'f' is not text"),
        (lambda net: function("f")(), "f is called without an argument"),
        (lambda net: function("f", shape=N), "shape=N is no shape of a matrix"),
        (lambda net: function("f", shape=(0, 1)), "shape=(0, 1) is no shape"),
        (lambda net: activation("f")("x"), "'x' is not a SymPy expression"),
        (
            lambda net: (net.step("r", function("f")(w)), net.step("s", function("f")(w, x))),
            "step 's': f has 2 arguments here, but had 1 before",
        ),
        (
            lambda net: (net.step("r", activation("f")(c)), net.step("s", function("f")(c))),
            "f is a function whose value is a scalar here, but applied entry by entry before",
        ),
        (
            lambda net: net.step("s", function("f", shape=(V, 1))(x)),
            "no declared matrix shows the size V",
        ),
        (lambda net: net.step("s", Function("relu")(w)), "relu is in the vocabulary already"),
        (
            lambda net: net.step("s", c.applyfunc(Lambda(x, Function("f")(x, w)))),
            "f(x, w) does not act entry by entry",
        ),
    ],
)
def test_what_is_refused(declare: Callable[[Network], Any], message: str) -> None:
    assert message in refusal(declare)


def test_two_networks_may_use_one_name_differently() -> None:
    for arguments in ((w,), (w, x)):
        net = Network("apart", inputs=[x], weights=[w])
        net.loss(function("f")(*arguments) * x)
        assert str(derive(net).partial(w)).endswith(("f'(w)", "(df/dw)(w, x)"))


def test_a_weight_in_several_arguments_gets_the_sum_over_them() -> None:
    net = Network("several", inputs=[x], weights=[w])
    a, b = net.step("a", w * x), net.step("b", w + x)
    net.loss(function("f")(a, b, w))
    terms = ["(df/dw)(a, b, w)", "(df/da)(a, b, w)*x", "(df/db)(a, b, w)"]
    assert sorted(closed_form(derive(net), w).split(" + ")) == sorted(terms)
