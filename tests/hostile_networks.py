"""Networks whose names mean something to LaTeX, HTML, Jinja or a terminal, and wide or odd ones."""

# ruff: noqa: RUF001 the characters are meant

from __future__ import annotations

from collections.abc import Callable

from sympy import (
    Add,
    HadamardPower,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Symbol,
    hadamard_product,
    symbols,
)

from symprop import (
    Network,
    binary_cross_entropy,
    exp,
    half_squared_error,
    log,
    mean,
    sigmoid,
    sqrt,
    squared_norm,
    tanh,
)

TEXTS = [
    "\"quoted\" 'single'",
    "50% off",
    "{brace",
    "}",
    "back\\slash",
    "\\",
    r"\input{/etc/passwd}",
    r"\end{document}",
    "<script>alert(1)</script>",
    "</math>",
    "<!--",
    "]]>",
    "&amp;",
    "{{ 7*7 }}",
    "{% if %}",
    "{# c #}",
    "{##",
    "$x$",
    "#1",
    "~",
    "^^5c",
    "a_b^c",
    "|",
    "--",
    "new\nline",
    "tab\tx",
    "\xa0nbsp",
    "\u2028line",
    "n" * 300,
    "m" * 25,
    "été – “naïve”",
    "x→y ≤ ½",
    "emoji \U0001f600\U0001f468\u200d\U0001f469",
    "שלום مرحبا",
    "学習率の初期値",
    "学習率の最終値",
    "\u202eevil",
    "\x1b[31mred",
    "\x00nul",
    "\u200bhidden",
    "i\u0307",
]
"""Names, and titles, that are to be shown as they are."""

LATEX = [
    r"\frac{x",
    r"\write18{ls}",
    r"\begin{x}",
    r"\hspace{100cm}",
    r"\color{red}x",
    r"\def\a{b}",
    r"\verb|x|",
    r"\ ",
    "\\",
    "\\\\",
    r"\,",
    r"\text{ }",
    r"\mathrm{}",
    "$x$",
    "%",
    "{",
    "}",
    "^",
    "_",
    "x''''",
    "x" * 200,
    r"h^{(l)}",
    r"w^{[1]}",
    r"\hat{\hat{x}}",
    r"x\ ",
    r"w_\text{out}",
    r"\frac{a}{b}",
    r"a+b",
    r"-x",
    r"x^2",
    r"w^\top",
    r"\mathfrak{g}",
    r"\sum_i w_i",
    "[x]",
    "*",
    "d",
    r"\partial",
]
"""What `latex=` is given: some is a name, some is shown as text."""

x, y = symbols("x y", real=True)


def texts() -> Network:
    names = [Symbol(name, real=True) for name in TEXTS]
    net = Network("Texts", inputs=[x], targets=[y], weights=names)
    a = net.step("a \\ % {", Add(*[name * x**i for i, name in enumerate(names)]))
    net.loss((y - net.step("b<b>", sigmoid(a))) ** 2, name="L & co.")
    return net


def declared_latex() -> Network:
    weights = symbols(f"q1:{len(LATEX) + 1}", real=True)
    given = dict(zip(weights, LATEX, strict=True))
    net = Network("Declared", inputs=[x], targets=[y], weights=weights, latex=given)
    a = net.step("a", Add(*[w * x**i for i, w in enumerate(weights)]), latex=r"\frac{x")
    b = net.step("b", sigmoid(a) * weights[0] ** 2 * Mul(*weights[:9]), latex=r"h^{(l)}")
    net.loss((y - b) ** 2, latex=r"\write18{ls}")
    return net


def matrices_of_texts() -> Network:
    N = Symbol("N", integer=True, positive=True)
    names = ['"q"', "50%", "{b", r"\x", "<i>", "{{ 7*7 }}", r"\end{document}", "n" * 300]
    title = r"\end{document} 50% <title> {{ 7*7 }} $ & # _ ^ ~" + "\n\n second " + "t" * 300
    weights = [MatrixSymbol(name, N, N) for name in names]
    h = MatrixSymbol("ש", N, 1)
    net = Network(title, inputs=[h], weights=weights)
    for i, W in enumerate(weights):
        h = net.step(f"h {i} \\ %", sigmoid(W * h), latex=[None, r"h^{(l)}", r"\frac{x"][i % 3])
    net.loss(squared_norm(h))
    return net


def marks() -> Network:
    """Names with hats, primes, superscripts, underscores at odd places."""
    names = (
        "w_hat w_bar_1 w_tilde alpha_1_2 W_hh W_xh_t w_prime w_star w__1 w_2__3 x_hat_hat "
        "beta_dot u_vec loss_weight very_long_name_of_a_weight Wq_1 w10 w1_prime A_ B__ _c "
        "d__e__f e__ w_alpha w_i_j w_max"
    )
    weights = [Symbol(name, real=True) for name in names.split()]
    net = Network("Marks", inputs=[x], targets=[Symbol("y_hat", real=True)], weights=weights)
    a = net.step("a_1_1", Add(*[w * x**i for i, w in enumerate(weights[:8])]))
    b = tanh(a) * Mul(*weights[8:12]) + Add(*[sigmoid(w * a) for w in weights[12:]])
    net.loss((Symbol("y_hat", real=True) - net.step("h__1", b)) ** 2)
    return net


def layer_norm() -> Network:
    """Declared bold names, a square root, sums over entries."""
    D = Symbol("D", integer=True, positive=True)
    inputs, targets = MatrixSymbol("x", D, 1), MatrixSymbol("y", D, 1)
    gamma, beta = MatrixSymbol("gamma", D, 1), MatrixSymbol("beta", D, 1)
    W = MatrixSymbol("W", D, D)
    eps = Symbol("epsilon", positive=True)
    net = Network(
        "Layer normalisation",
        inputs=[inputs],
        targets=[targets],
        weights=[W, gamma, beta],
        hyperparameters={eps: 1e-5},
        latex={gamma: r"\boldsymbol{\gamma}", W: r"\mathbf{W}"},
    )
    z = net.step("z", W * inputs, latex=r"\mathbf{z}")
    mu = net.step("mu", mean(z))
    centred = z - mu * OneMatrix(D, 1)
    s2 = net.step("s2", mean(HadamardPower(centred, 2)), latex=r"\sigma^2")
    n = net.step("n", centred / sqrt(s2 + eps), latex=r"\hat{\mathbf{z}}")
    o = net.step("o", hadamard_product(gamma, n) + beta)
    net.loss(half_squared_error(targets, o))
    return net


def nested() -> Network:
    """Fractions in exponents in logarithms: much wider than a page."""
    weights = symbols("w1:7", real=True)
    found = x
    for i, w in enumerate(weights):
        u = w * found
        found = exp(-(u**2)) / (1 + exp(u)) if i % 2 else log(1 + u**2)
    net = Network("Nested", inputs=[x], targets=[y], weights=weights)
    net.loss(binary_cross_entropy(y, sigmoid(net.step("h", found))), name="J")
    return net


HOSTILE: dict[str, Callable[[], Network]] = {
    made.__name__: made
    for made in (texts, declared_latex, matrices_of_texts, marks, layer_norm, nested)
}
