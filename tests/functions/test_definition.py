"""A user's own functions and layers: derived, printed, emitted and checked like any other."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from differences import complex_step
from differences import sigmoid as numpy_sigmoid
from sympy import HadamardPower, Lambda, MatrixSymbol, OneMatrix, Symbol, lambdify, latex, symbols

import symprop
from symprop import (
    Network,
    activation,
    check_gradients,
    define,
    derive,
    emit,
    exp,
    function,
    load,
    relu,
    scalar,
    sigmoid,
    softmax,
    tanh,
    total,
)
from symprop.derivation.text import describe
from symprop.errors import DeclarationError, EmissionError, ShapeError, UnsupportedError
from symprop.expression.evaluation import evaluate, is_analytic
from symprop.expression.text import text
from symprop.functions.vocabulary import SYMPY_FUNCTIONS, VOCABULARY

x, y, w, v, b = symbols("x y w v b", real=True)
D, N, V = symbols("D N V", integer=True, positive=True)
X, Y = MatrixSymbol("X", D, 1), MatrixSymbol("Y", V, 1)
W, c = MatrixSymbol("W", N, D), MatrixSymbol("c", N, 1)
U, a = MatrixSymbol("U", V, N), MatrixSymbol("a", V, 1)

swish2 = define("swish2", lambda u: u * sigmoid(2 * u))
swish = define("my_swish", lambda u, beta=1: u * sigmoid(beta * u))
dense = define("my_dense", lambda W, x, b: sigmoid(W * x + b), layer=True)

FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "cubed": (lambda u: u**3 + u, lambda u: u**3 + u),
    "logit": (lambda u: 1 / (1 + exp(-u)), lambda u: 1 / (1 + mpmath.exp(-u))),
    "gauss": (lambda u: exp(-(u**2) / 2), lambda u: mpmath.exp(-(u**2) / 2)),
    "mish": (
        lambda u: u * tanh(symprop.softplus(u)),
        lambda u: u * mpmath.tanh(mpmath.log(1 + mpmath.exp(u))),
    ),
    "nested": (
        lambda u: swish2(u) * swish2(-u) + 1,
        lambda u: 1 - u**2 / (1 + mpmath.exp(-2 * u)) / (1 + mpmath.exp(2 * u)),
    ),
    "snake": (
        lambda u, s: u + symprop.sin(s * u) ** 2 / s,
        lambda u, s: u + mpmath.sin(s * u) ** 2 / s,
    ),
    "three": (
        lambda u, s, t: u * exp(s) - tanh(t / u),
        lambda u, s, t: u * mpmath.exp(s) - mpmath.tanh(t / u),
    ),
    "constant": (lambda u: 3, lambda u: mpmath.mpf(3)),
    "f": (lambda f: f**2 * sigmoid(f), lambda f: f**2 / (1 + mpmath.exp(-f))),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_value_and_every_derivative_agree_with_mpmath(name: str) -> None:
    body, expected = FUNCTIONS[name]
    count = body.__code__.co_argcount
    own = define(name, body)
    arguments = symbols(f"p0:{count}", real=True)
    net = Network("scalar", inputs=[], weights=arguments)
    net.loss(own(*arguments) + sum(arguments))
    d = derive(net)
    for point in ([0.3, -1.2, 0.7], [-2.0, 0.4, 1.5], [1.0, 1.0, 1.0]):
        at = dict(zip(map(str, arguments), point, strict=False))
        value = evaluate(net.require_loss().node, at, {})
        assert value == pytest.approx(float(expected(*point[:count])) + sum(at.values()), rel=1e-13)
        for i, symbol in enumerate(arguments):
            order = [int(i == k) for k in range(count)]
            slope = mpmath.diff(expected, tuple(point[:count]), tuple(order)) + 1
            found = evaluate(d.gradient(symbol), at, {})
            assert float(found) == pytest.approx(float(slope), rel=1e-9)
            written = (
                d.partial(symbol, form="expanded")
                .subs(dict(zip(arguments, point, strict=False)))
                .evalf()
            )
            assert float(written) == pytest.approx(float(slope), rel=1e-9)


def network(*activations: Any) -> Network:
    net = Network("own", inputs=[X], targets=[Y], weights=[W, c, U, a])
    h = net.step("h", activations[0](W * X + c))
    p = net.step("p", activations[1](U * h + a))
    net.loss(symprop.half_squared_error(Y, p))
    return net


def test_own_value_is_folded_back_where_it_shortens() -> None:
    net = Network("folded", inputs=[x], weights=[w])
    h = net.step("h", swish2(x))
    net.loss(w * h)
    d = derive(net)
    assert text(d.network.steps["h"].node) == "swish2(x)"
    assert str(d.local("h", "x")) == "2*h*(1 - sigmoid(2*x)) + sigmoid(2*x)"
    logit = define("logit", lambda u: 1 / (1 + exp(-u)))
    other = Network("logit", inputs=[x], weights=[w])
    other.loss(w * other.step("h", logit(x)))
    assert derive(other).local("h", "x") == Symbol("h", real=True) * (1 - Symbol("h", real=True))


def test_a_spelt_out_sigmoid_cancels_with_its_loss_and_does_not_overflow() -> None:
    logit = define("logit", lambda u: 1 / (1 + exp(-u)))
    K = MatrixSymbol("U", V, D)
    net = Network("stable", inputs=[X], targets=[Y], weights=[K, a], labels={Y: "binary"})
    p = net.step("p", logit(K * X + a))
    net.loss(symprop.binary_cross_entropy(Y, p))
    d = derive(net)
    assert text(d.upstreams[-1].expression) == "p - Y"
    module = load(d)
    params = {"U": np.full((2, 1), 800.0), "a": np.zeros(2)}
    with np.errstate(all="raise", under="ignore"):
        loss, gradients = module.loss_and_gradients(
            params, np.array([[1.0], [-1.0]]), np.array([[0, 1], [1, 0]])
        )
    assert loss == pytest.approx(1600 / 2)
    assert gradients["a"] == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize("target", ["numpy", "python"])
def test_emitted_scalar_networks_are_right(target: str) -> None:
    net = Network("scalar", inputs=[x], targets=[y], weights=[w, b, v])
    h = net.step("h", swish(w * x + b, v))
    net.loss((y - swish2(h)) ** 2)
    report = check_gradients(derive(net), target=target)
    assert report.ok, str(report)
    assert {check.method for check in report.weights} == {"complex step"}


def test_emitted_matrix_networks_equal_numpy_by_hand() -> None:
    d = derive(network(swish2, lambda z: swish(z, beta=3)))
    module = load(d)
    rng = np.random.default_rng(3)
    shapes = {"W": (4, 3), "c": (4,), "U": (2, 4), "a": (2,)}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    for n in (1, 7):
        data, target = rng.normal(size=(n, 3)), rng.normal(size=(n, 2))

        def loss(p: Any, data: Any = data, target: Any = target) -> Any:
            z = data @ p["W"].T + p["c"]
            h = z * numpy_sigmoid(2 * z)
            z = h @ p["U"].T + p["a"]
            return ((target - z * numpy_sigmoid(3 * z)) ** 2).sum(axis=1).mean() / 2

        found, gradients = module.loss_and_gradients(params, data, target)
        assert found == pytest.approx(float(loss(params)), rel=1e-12)
        for name, expected in complex_step(loss, params).items():
            assert gradients[name] == pytest.approx(expected, rel=1e-10, abs=1e-14)


def test_texts_keep_the_name_and_say_what_it_means() -> None:
    d = derive(network(swish2, lambda z: swish(z, beta=3)))
    source = emit(d)
    lines = [line.strip() for line in source.splitlines()]
    definitions = ["swish2(u) = u*sigmoid(2*u)", "my_swish(u, beta) = u*sigmoid(beta*u)"]
    assert all(line in lines for line in definitions)
    assert "h = swish2(W*X + c), N x 1" in lines and "def swish2" not in source
    assert "# h = swish2(W*X + c)" in source or "# swish2(W*X + c)" in source
    described = describe(d)
    assert all(f"    {line}\n" in described for line in definitions)
    assert "    p = my_swish(U*h + a, 3)  (V x 1)\n" in described


def test_kinks_inside_a_definition_are_seen_and_named() -> None:
    kinked = define("kinked", lambda u: relu(u) + u / 2)
    net = Network("kinks", inputs=[x], targets=[y], weights=[w])
    net.loss((y - kinked(w * x)) ** 2)
    d = derive(net)
    assert not is_analytic(net.require_loss().node)
    assert "relu has no derivative at 0" in emit(d)
    report = check_gradients(d)
    assert report.ok and report.weights[0].method == "central difference"
    at_kink = Network("at a kink", weights=[w])
    at_kink.loss(kinked(w - w * 1) + kinked(w) * 0 + w**2)
    assert check_gradients(derive(at_kink)).ok


def test_defaults_and_names_of_arguments() -> None:
    assert swish(x) == swish(x, 1) == swish(u=x) == swish(x, beta=1) != swish(x, 2)
    assert str(swish(x)) == "my_swish(x)" and str(swish(x, v)) == "my_swish(x, v)"
    assert latex(swish(x, v)) == r"\operatorname{my\_swish}\left(x, v\right)"
    assert latex(define("s", lambda u: u, latex=r"s_{1}")(X)) == r"s_{1}\left(X\right)"


def test_defined_functions_are_ordinary_sympy() -> None:
    assert float(swish2(0.5).evalf()) == pytest.approx(0.5 / (1 + math.exp(-1)))
    assert lambdify(x, swish2(x))(0.5) == pytest.approx(0.5 / (1 + math.exp(-1)))
    slope = sympy.diff(swish2(x * w), w).subs({x: 2.0, w: 0.3}).evalf()
    expected = mpmath.diff(lambda t: 2 * t / (1 + mpmath.exp(-4 * t)), 0.3)
    assert float(slope) == pytest.approx(float(expected))
    explicit = swish2(sympy.ImmutableMatrix([x, 1])).as_explicit()
    assert explicit == sympy.Matrix([swish2(x), swish2(1)])


def test_defining_the_same_again_is_the_same() -> None:
    again = define("swish2", lambda u: u * sigmoid(2 * u))
    assert again == swish2 and hash(again) == hash(swish2)
    assert again(x) == swish2(x) and again(X) == swish2(X)
    assert define("swish2", Lambda(x, x * sigmoid(2 * x)))(w) == define(
        "swish2", lambda x: x * sigmoid(2 * x)
    )(w)
    net = Network("again", inputs=[x], weights=[w])
    renamed = define("swish2", lambda t: sigmoid(2 * t) * t)
    r = net.step("r", swish2(x))
    net.loss(again(w * x) + renamed(w) * r)


def test_nothing_is_left_in_the_vocabulary() -> None:
    before = dict(VOCABULARY), dict(SYMPY_FUNCTIONS)
    define("left", lambda u: u + 1)
    define("left", lambda u: u + 2)
    define("left_too", lambda A: A, layer=True)
    assert (VOCABULARY, SYMPY_FUNCTIONS) == before
    for step in (1, 2):
        net = Network("each its own", weights=[w])
        net.loss(define("left", lambda u, step=step: u + step)(w) ** 2)
        assert evaluate(net.require_loss().node, {"w": 0.5}, {}) == (0.5 + step) ** 2


def test_a_definition_may_hold_an_unspecified_function() -> None:
    shifted = define("shifted", lambda u: activation("f")(u + 1))
    net = Network("unspecified", inputs=[x], weights=[w])
    net.loss(shifted(w * x))
    d = derive(net)
    assert str(d.partial(w)) == "x*f'(w*x + 1)"
    with pytest.raises(EmissionError, match="f is unspecified"):
        emit(d)


# -- layers ---------------------------------------------------------------------------------------


def test_layers_are_read_as_what_they_are_short_for() -> None:
    d = derive(network(lambda z: z, lambda z: z))
    net = Network("layers", inputs=[X], targets=[Y], weights=[W, c, U, a])
    h = net.step("h", dense(W, X, c))
    p = net.step("p", dense(U, h, b=a))
    net.loss(symprop.half_squared_error(Y, p))
    assert h.shape == (N, 1) and p.shape == (V, 1)
    assert text(net.steps["h"].node) == "sigmoid(W*X + c)"
    assert str(net.steps["h"].expression) == "my_dense(W, X, c)"
    assert latex(dense(W, X, c)) == r"\operatorname{my\_dense}\left(W, X, c\right)"
    d = derive(net)
    assert str(d.partial(a)) == str(derive(network(sigmoid, sigmoid)).partial(a))
    report = check_gradients(d)
    assert report.ok, str(report)


def test_a_layer_may_give_a_number_and_use_symbols_around_it() -> None:
    energy = define("energy", lambda v: scalar(v.T * v) + b, layer=True)
    block = define("block", lambda v: v + tanh(dense(W.T, W * v, X)), layer=True)
    net = Network("around", inputs=[X], weights=[W, b])
    h = net.step("h", block(X))
    net.loss(energy(h) * 3)
    assert text(net.steps["h"].node) == "tanh(sigmoid(W.T*W*X + X)) + X"
    assert text(net.require_loss().node) == "3*(h.T*h + b)"
    assert latex(energy(X) ** 2) == r"\operatorname{energy}\left(X\right)^{2}"
    assert check_gradients(derive(net)).ok


def test_a_layer_is_read_with_the_shapes_that_were_read() -> None:
    """SymPy has no right shape for (X'X) W: a body that asks for it must get the right one."""
    centred = define("centred", lambda A: A - OneMatrix(*A.shape), layer=True)
    net = Network("shapes", inputs=[X], weights=[W])
    net.loss(total(centred(scalar(X.T * X) * W)))
    assert text(net.require_loss().node) == "X.T*X*total(W) - N*D"


def test_a_layer_inside_a_layer_keeps_arguments_apart() -> None:
    inner = define("inner", lambda p, q: p - 2 * q, layer=True)
    outer = define("outer", lambda p, q: inner(q, p) + inner(3 * p, q), layer=True)
    net = Network("apart", inputs=[X], weights=[MatrixSymbol("r", D, 1)])
    net.step("h", outer(X, MatrixSymbol("r", D, 1)))
    values = {"X": np.array([[1.0], [2.0]]), "r": np.array([[5.0], [-1.0]])}
    found = evaluate(net.steps["h"].node, values, {"D": 2})
    p, q = values["X"], values["r"]
    assert found == pytest.approx((q - 2 * p) + (3 * p - 2 * q))


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "kind", "message", "hint"),
    [
        (
            lambda: define("tanh", lambda u: u),
            DeclarationError,
            "tanh is in the vocabulary",
            "symprop.tanh",
        ),
        (
            lambda: define("total", lambda u: u),
            DeclarationError,
            "total is in the vocabulary",
            "another",
        ),
        (lambda: define("", lambda u: u), DeclarationError, "define needs the name", "define("),
        (lambda: define("2u", lambda u: u), DeclarationError, "not '2u'", "letters"),
        (lambda: define("g", 3), DeclarationError, "the body is no function but 3", "lambda u"),  # type: ignore[arg-type]
        (
            lambda: define("g", x + 1),
            DeclarationError,
            "the body is no function but x + 1",
            "lambda u",
        ),
        (lambda: define("g", lambda: 1), DeclarationError, "plain arguments", "lambda u, v"),
        (lambda: define("g", lambda *u: 1), DeclarationError, "plain arguments", "lambda u, v"),
        (
            lambda: define("g", lambda u, *, k: u),
            DeclarationError,
            "plain arguments",
            "lambda u, v",
        ),
        (lambda: define("g", lambda u: u, latex=3), DeclarationError, "is not text: 3", "latex="),  # type: ignore[arg-type]
        (
            lambda: define("g", lambda u: None),
            UnsupportedError,
            "gives no expression but None",
            "return",
        ),
        (
            lambda: define("g", lambda u: "u"),
            UnsupportedError,
            "'u' is not a SymPy expression",
            "without quotes",
        ),
        (
            lambda: define("g", lambda u: u > 0),
            UnsupportedError,
            "gives u > 0, which is not",
            "formula",
        ),
        (lambda: define("g", lambda u: X), UnsupportedError, "gives a matrix", "layer=True"),
        (
            lambda: define("g", lambda u: u if u > 0 else 0),
            UnsupportedError,
            "truth value",
            "maximum",
        ),
        (
            lambda: define("g", lambda u: math.exp(u)),
            UnsupportedError,
            "body of g fails",
            "not of math",
        ),
        (lambda: define("g", lambda u: np.exp(u)), UnsupportedError, "body of g fails", "or NumPy"),
        (
            lambda: define("g", lambda u: u * dict[str, Any]()["k"]),
            UnsupportedError,
            "KeyError: 'k'",
            "symbols",
        ),
        (
            lambda: define("g", lambda u: u * b),
            UnsupportedError,
            "uses b, which is no argument",
            "lambda u, b",
        ),
        (
            lambda: define("g", lambda u: sympy.zeta(u)),
            UnsupportedError,
            "zeta is not supported",
            "",
        ),
        (
            lambda: define("g", lambda u: softmax(u)),
            ShapeError,
            "define 'g': softmax needs a column",
            "sigmoid(u)",
        ),
        (
            lambda: define("g", lambda u, v: function("q")(u, v)),
            UnsupportedError,
            "does not act on numbers one by one",
            "layer=True",
        ),
        (lambda: swish2(x, y), UnsupportedError, "swish2: too many", "write swish2(u)"),
        (lambda: swish2(), UnsupportedError, "swish2: missing", "write swish2(u)"),
        (lambda: dense(W, X), UnsupportedError, "my_dense: missing", "write my_dense(W, x, b)"),
        (
            lambda: define("g", lambda A: A + 1, layer=True)(W),
            UnsupportedError,
            "body of g fails",
            "shapes",
        ),
        (
            lambda: define("g", lambda A: None, layer=True)(W),
            UnsupportedError,
            "but None",
            "return",
        ),
    ],
)
def test_what_is_refused(
    make: Callable[[], Any], kind: type[DeclarationError], message: str, hint: str
) -> None:
    with pytest.raises(kind) as caught:
        make()
    assert message in caught.value.message and hint in caught.value.hint
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (swish2(w), define("swish2", lambda u: u)(w), "swish2 is defined in two ways"),
        (swish2(w), define("swish2", lambda u, v: u * v)(w, x), "swish2 has 2 arguments here"),
        (swish2(w), activation("swish2")(w), "swish2 is defined in two ways"),
        (
            define("outer", lambda u: swish2(u) ** 2)(w),
            define("swish2", lambda u: u)(w),
            "swish2 is defined in two ways",
        ),
        (
            dense(W, X, c),
            define("my_dense", lambda W, x, b: tanh(W * x + b), layer=True)(W, X, c),
            "my_dense is defined in two ways",
        ),
        (dense(W, X, c), dense(W.T, c, c), "in my_dense: cannot add D x 1 and N x 1"),
    ],
)
def test_two_meanings_of_a_name_are_refused_in_one_network(
    first: Any, second: Any, message: str
) -> None:
    net = Network("two", inputs=[X, x], weights=[W, c, w])
    net.step("first", first)
    with pytest.raises(DeclarationError, match=message):
        net.step("second", second)


def test_layers_of_equal_bodies_are_one() -> None:
    net = Network("equal", inputs=[X], weights=[W, c])
    net.step("h", dense(W, X, c))
    again = define("my_dense", lambda W, x, b: sigmoid(b + W * x), layer=True)
    net.step("k", again(W, X, c))
    assert net.steps["h"].node == net.steps["k"].node


def test_arguments_of_two_shapes_are_refused_at_the_step() -> None:
    net = Network("shapes", inputs=[X], weights=[W, c])
    with pytest.raises(ShapeError, match="cannot apply my_swish to N x 1 and D x 1"):
        net.step("h", swish(W * X, X))
    net.step("k", swish(HadamardPower(c, 2), scalar(c.T * c)))
    assert net.steps["k"].shape == (N, 1)
