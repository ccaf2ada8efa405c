"""Networks as people declare them who have read textbooks, and no lecture of ours."""

from collections.abc import Callable
from typing import Any

from sympy import MatrixSymbol, OneMatrix, hadamard_product, symbols

import symprop as sp
from symprop import Network, activation


def real(names: str) -> Any:
    return symbols(names, real=True)


def size(names: str) -> Any:
    return symbols(names, integer=True, positive=True)


def mat(name: str, *shape: Any) -> Any:
    return MatrixSymbol(name, *shape)


d, h, k, m, n = size("d N k m n")


def logistic_scalar() -> Network:
    w, b, x, y = real("w b x y")
    net = Network("logistic", inputs=[x], targets=[y], weights=[w, b], labels={y: "binary"})
    a = net.step("a", sp.sigmoid(net.step("z", w * x + b)))
    net.loss(-(y * sp.log(a) + (1 - y) * sp.log(1 - a)), latex=r"\mathcal{L}")
    return net


def logistic_column() -> Network:
    x, w, y, b = mat("x", n, 1), mat("w", n, 1), real("y"), real("b")
    net = Network("logistic column", inputs=[x], targets=[y], weights=[w, b])
    z = net.step("z", sp.dot(w, x) + b)
    a = net.step("a", sp.sigmoid(z), latex=r"\hat{y}")
    net.loss(sp.binary_cross_entropy(y, a), latex=r"\mathcal{L}")
    return net


def least_squares() -> Network:
    X, y, beta = mat("X", n, k), mat("y", n, 1), mat("beta", k, 1)
    net = Network("least squares", inputs=[X], targets=[y], weights=[beta], samples=n)
    e = net.step("e", y - X * beta)
    net.loss(sp.dot(e, e), name="S")
    return net


def ridge() -> Network:
    X, y, w, lam = mat("X", n, d), mat("y", n, 1), mat("w", d, 1), real("lambda")
    net = Network("ridge", inputs=[X], targets=[y], weights=[w], samples=n,
                  hyperparameters={lam: 0.1})  # fmt: skip
    r = net.step("r", X * w - y)
    net.loss((sp.squared_norm(r) + lam * sp.squared_norm(w)) / 2, name="J")
    return net


def softmax_classifier() -> Network:
    x, y, W, b = mat("x", d, 1), mat("y", k, 1), mat("W", k, d), mat("b", k, 1)
    net = Network("softmax", inputs=[x], targets=[y], weights=[W, b], labels={y: "one-hot"})
    o = net.step("o", W * x + b)
    net.loss(sp.cross_entropy(y, net.step("p", sp.softmax(o), latex=r"\hat{y}")), name="l")
    return net


def nielsen() -> Network:
    n0, n1, n2 = size("n_0 n_1 n_2")
    x, y = mat("x", n0, 1), mat("y", n2, 1)
    w1, b1, w2, b2 = mat("w1", n1, n0), mat("b1", n1, 1), mat("w2", n2, n1), mat("b2", n2, 1)
    net = Network("nielsen", inputs=[x], targets=[y], weights=[w1, b1, w2, b2],
                  latex={w1: "w^1", b1: "b^1", w2: "w^2", b2: "b^2"})  # fmt: skip
    z1 = net.step("z1", w1 * x + b1, latex="z^1")
    a1 = net.step("a1", sp.sigmoid(z1), latex="a^1")
    z2 = net.step("z2", w2 * a1 + b2, latex="z^2")
    a2 = net.step("a2", sp.sigmoid(z2), latex="a^2")
    net.loss(sp.half_squared_error(y, a2), name="C")
    return net


def ng() -> Network:
    n0, n1 = size("n_0 n_1")
    X, Y = mat("X", n0, m), mat("Y", 1, m)
    W1, b1, W2, b2 = mat("W1", n1, n0), mat("b1", n1, 1), mat("W2", 1, n1), mat("b2", 1, 1)
    names = {W1: "W^{[1]}", b1: "b^{[1]}", W2: "W^{[2]}", b2: "b^{[2]}"}
    net = Network("ng", weights=[W1, b1, W2, b2, X, Y], latex=names)
    Z1 = net.step("Z1", W1 * X + b1 * OneMatrix(1, m), latex="Z^{[1]}")
    A1 = net.step("A1", sp.tanh(Z1), latex="A^{[1]}")
    Z2 = net.step("Z2", W2 * A1 + b2 * OneMatrix(1, m), latex="Z^{[2]}")
    A2 = net.step("A2", sp.sigmoid(Z2), latex="A^{[2]}")
    net.loss(sp.binary_cross_entropy(Y, A2) / m, name="J")
    return net


def cs231n() -> Network:
    X, y = mat("X", n, d), mat("Y", n, k)
    W1, b1, W2, b2 = mat("W1", d, h), mat("b1", 1, h), mat("W2", h, k), mat("b2", 1, k)
    net = Network("cs231n", inputs=[X], targets=[y], weights=[W1, b1, W2, b2], samples=n)
    one = OneMatrix(n, 1)
    H = net.step("H", sp.relu(X * W1 + one * b1))
    S = net.step("S", H * W2 + one * b2)
    net.loss(sp.squared_norm(S - y) / (2 * n))
    return net


def bishop() -> Network:
    x, t, W, v = mat("x", d, 1), real("t"), mat("W", m, d), mat("v", m, 1)
    net = Network("bishop", inputs=[x], targets=[t], weights=[W, v])
    z = net.step("z", sp.tanh(net.step("a", W * x)))
    y = net.step("y", sp.dot(v, z))
    net.loss((y - t) ** 2 / 2, name="E")
    return net


def goodfellow() -> Network:
    x, y = mat("x", n, 1), real("y")
    W, c, w, b = mat("W", n, h), mat("c", h, 1), mat("w", h, 1), real("b")
    net = Network("goodfellow", inputs=[x], targets=[y], weights=[W, c, w, b])
    a = net.step("a", W.T * x + c)
    f = net.step("f", sp.dot(w, net.step("h", sp.relu(a))) + b)
    net.loss((f - y) ** 2, name="J")
    return net


def three_blue() -> Network:
    w, b, a0, y, w0, b0, x = real("w b a_0 y v c x")
    net = Network("three blue", inputs=[x], targets=[y], weights=[w, b, w0, b0],
                  latex={w: "w^{(L)}", b: "b^{(L)}", w0: "w^{(L-1)}", b0: "b^{(L-1)}"})  # fmt: skip
    z0 = net.step("z0", w0 * x + b0, latex="z^{(L-1)}")
    a0 = net.step("a0", sp.sigmoid(z0), latex="a^{(L-1)}")
    z = net.step("z", w * a0 + b, latex="z^{(L)}")
    a = net.step("a", sp.sigmoid(z), latex="a^{(L)}")
    net.loss((a - y) ** 2, name="C", latex="C_0")
    return net


def rnn_step() -> Network:
    x, s, y = mat("x", d, 1), mat("s", h, 1), mat("y", k, 1)
    U, W, V, b = mat("U", h, d), mat("W", h, h), mat("V", k, h), mat("b", h, 1)
    net = Network("rnn step", inputs=[x, s], targets=[y], weights=[U, W, V, b],
                  latex={s: "h_{t-1}", x: "x_t"})  # fmt: skip
    hid = net.step("h", sp.tanh(net.step("a", U * x + W * s + b)), latex="h_t")
    o = net.step("o", V * hid, latex="o_t")
    net.loss(sp.cross_entropy(y, sp.softmax(o)))
    return net


def rnn_two() -> Network:
    w, u, x1, x2, h0, y = real("w u x_1 x_2 h_0 y")
    net = Network("rnn two", inputs=[x1, x2, h0], targets=[y], weights=[w, u])
    h1 = net.step("h1", sp.tanh(w * h0 + u * x1), latex="h_1")
    h2 = net.step("h2", sp.tanh(w * h1 + u * x2), latex="h_2")
    net.loss((h2 - y) ** 2 / 2)
    return net


def gru() -> Network:
    x, s, y = mat("x", d, 1), mat("s", h, 1), mat("y", h, 1)
    Wz, Wc, Uz, Uc = mat("Wz", h, d), mat("Wc", h, d), mat("Uz", h, h), mat("Uc", h, h)
    net = Network("gru", inputs=[x, s], targets=[y], weights=[Wz, Wc, Uz, Uc],
                  latex={s: "h_{t-1}", Wz: "W_z", Wc: "W_c", Uz: "U_z", Uc: "U_c"})  # fmt: skip
    z = net.step("z", sp.sigmoid(net.step("a", Wz * x + Uz * s)))
    c = net.step("c", sp.tanh(net.step("q", Wc * x + Uc * s)), latex=r"\tilde{h}")
    o = net.step("o", hadamard_product(OneMatrix(h, 1) - z, s) + hadamard_product(z, c),
                 latex="h_t")  # fmt: skip
    net.loss(sp.half_squared_error(y, o))
    return net


def batch_norm() -> Network:
    x, g, b, eps = mat("x", m, 1), real("gamma"), real("beta"), real("epsilon")
    v = mat("v", m, 1)
    net = Network("batch norm", weights=[x, g, b, v], hyperparameters={eps: 1e-5})
    mu = net.step("mu", sp.mean(x), latex=r"\mu")
    one = OneMatrix(m, 1)
    c = net.step("c", x - mu * one)
    s = net.step("s", sp.squared_norm(c) / m, latex=r"\sigma^2")
    xh = net.step("xh", c / sp.sqrt(s + eps), latex=r"\hat{x}")
    y = net.step("y", g * xh + b * one)
    net.loss(sp.dot(v, y))
    return net


def attention() -> Network:
    q, K, V, y = mat("q", d, 1), mat("K", n, d), mat("V", n, k), mat("y", k, 1)
    net = Network("attention", targets=[y], weights=[q, K, V], inputs=[])
    s = net.step("s", K * q / sp.sqrt(d))
    a = net.step("a", sp.softmax(s), latex=r"\alpha")
    o = net.step("o", V.T * a)
    net.loss(sp.half_squared_error(y, o))
    return net


def autoencoder() -> Network:
    x, W, b, c = mat("x", d, 1), mat("W", h, d), mat("b", h, 1), mat("c", d, 1)
    net = Network("autoencoder", inputs=[x], weights=[W, b, c])
    z = net.step("z", sp.sigmoid(net.step("a", W * x + b)))
    r = net.step("r", W.T * z + c, latex=r"\hat{x}")
    net.loss(sp.half_squared_error(x, r))
    return net


def penalties() -> Network:
    x, y, w, lam, mu = mat("x", d, 1), real("y"), mat("w", d, 1), real("lambda"), real("mu")
    net = Network("elastic net", inputs=[x], targets=[y], weights=[w],
                  hyperparameters={lam: 0.1, mu: 0.2})  # fmt: skip
    f = net.step("f", sp.dot(w, x))
    net.loss((y - f) ** 2 / 2 + lam * sp.l1(w) + mu / 2 * sp.squared_norm(w))
    return net


def fan_out() -> Network:
    x, u, v, w, s, t = real("x u v w s t")
    net = Network("fan out", inputs=[x], targets=[s, t], weights=[u, v, w])
    q = net.step("q", sp.tanh(u * x))
    a, b = net.step("a", v * q), net.step("b", w * q)
    net.loss((a - s) ** 2 / 2 + (b - t) ** 2 / 2, name="E")
    return net


def residual() -> Network:
    x, y, W = mat("x", d, 1), mat("y", d, 1), mat("W", d, d)
    net = Network("residual", inputs=[x], targets=[y], weights=[W])
    z = net.step("z", W * x)
    r = net.step("r", x + sp.relu(z))
    net.loss(sp.half_squared_error(y, r))
    return net


def residual_scalar() -> Network:
    x, y, w, v = real("x y w v")
    net = Network("residual scalar", inputs=[x], targets=[y], weights=[w, v])
    u = net.step("u", w * x)
    r = net.step("r", u + sp.tanh(v * u))
    net.loss((r - y) ** 2)
    return net


def chain() -> Network:
    x, t, a, b, c = real("x t a b c")
    net = Network("chain", inputs=[x], targets=[t], weights=[a, b, c])
    p = net.step("p", sp.tanh(a * x))
    q = net.step("q", sp.sigmoid(b * p))
    r = net.step("r", c * q)
    net.loss((t - r) ** 2 / 2, name="E")
    return net


def unspecified_chain() -> Network:
    x, y, w1, w2 = real("x y w_1 w_2")
    f, g = activation("f"), activation("g")
    net = Network("unspecified", inputs=[x], targets=[y], weights=[w1, w2])
    u = net.step("u", w1 * x)
    v = net.step("v", w2 * net.step("s", f(u)))
    net.loss((g(v) - y) ** 2 / 2)
    return net


def unspecified_columns() -> Network:
    x, y, W, V = mat("x", d, 1), mat("y", k, 1), mat("W", h, d), mat("V", k, h)
    phi = activation("phi")
    net = Network("unspecified columns", inputs=[x], targets=[y], weights=[W, V])
    z = net.step("z", W * x)
    o = net.step("o", V * net.step("h", phi(z)))
    net.loss(sp.half_squared_error(y, o))
    return net


def hinge() -> Network:
    x, w, y, b, C = mat("x", d, 1), mat("w", d, 1), real("y"), real("b"), real("C")
    net = Network("svm", inputs=[x], targets=[y], weights=[w, b], labels={y: "signed"},
                  hyperparameters={C: 1.0})  # fmt: skip
    f = net.step("f", sp.dot(w, x) + b)
    net.loss(sp.squared_norm(w) / 2 + C * sp.hinge_loss(y, f))
    return net


def logistic_signed() -> Network:
    x, w, y = mat("x", d, 1), mat("w", d, 1), real("y")
    net = Network("logistic signed", inputs=[x], targets=[y], weights=[w], labels={y: "signed"})
    net.loss(sp.log(1 + sp.exp(-y * net.step("s", sp.dot(w, x)))), name="E")
    return net


def quadratic_form() -> Network:
    x, A, b = mat("x", n, 1), mat("A", n, n), mat("b", n, 1)
    net = Network("quadratic form", weights=[x, A, b])
    net.loss(sp.scalar(x.T * A * x) + sp.dot(b, x), name="f")
    return net


def traces() -> Network:
    X, A, B = mat("X", n, m), mat("A", m, n), mat("B", n, n)
    net = Network("traces", weights=[X, A, B])
    net.loss(sp.trace(A * X) + sp.trace(X.T * B * X), name="f")
    return net


def determinants() -> Network:
    X, A = mat("X", n, n), mat("A", n, n)
    net = Network("determinants", weights=[X, A])
    net.loss(sp.logdet(X) + sp.trace(A * sp.inverse(X)), name="g")
    return net


def mean_squares() -> Network:
    X, y, w = mat("X", n, d), mat("y", n, 1), mat("w", d, 1)
    net = Network("mean squares", inputs=[X], targets=[y], weights=[w], samples=n)
    p = net.step("p", X * w, latex=r"\hat{y}")
    net.loss(sp.squared_norm(p - y) / n, name="J")
    return net


def logistic_batch() -> Network:
    X, y, w = mat("X", n, d), mat("y", n, 1), mat("w", d, 1)
    net = Network("logistic batch", inputs=[X], targets=[y], weights=[w], samples=n)
    p = net.step("p", sp.sigmoid(X * w))
    one = OneMatrix(n, 1)
    log = hadamard_product(y, sp.log(p)) + hadamard_product(one - y, sp.log(one - p))
    net.loss(-sp.total(log) / n, name="J")
    return net


def simple_regression() -> Network:
    x, y, a, b = real("x y theta_0 theta_1")
    net = Network("simple regression", inputs=[x], targets=[y], weights=[a, b])
    h = net.step("h", a + b * x)
    net.loss((h - y) ** 2 / 2, name="J")
    return net


def embedding() -> Network:
    u, v, c = mat("u", d, 1), mat("v", d, 1), mat("c", d, 1)
    net = Network("skip-gram", weights=[u, v, c])
    a, b = net.step("a", sp.dot(u, c)), net.step("b", sp.dot(v, c))
    net.loss(-sp.log(sp.sigmoid(a)) - sp.log(sp.sigmoid(-b)), name="J")
    return net


def gaussian() -> Network:
    x, mu, s = real("x mu sigma")
    net = Network("gaussian", inputs=[x], weights=[mu, s])
    net.loss((x - mu) ** 2 / (2 * s**2) + sp.log(s), name="l", latex=r"\ell")
    return net


def poisson() -> Network:
    x, y, w, b = real("x y w b")
    net = Network("poisson", inputs=[x], targets=[y], weights=[w, b])
    r = net.step("r", sp.exp(net.step("eta", w * x + b)), latex=r"\mu")
    net.loss(r - y * sp.log(r), name="D")
    return net


def factorization() -> Network:
    R, U, V = mat("R", n, m), mat("U", n, k), mat("V", m, k)
    lam = real("lambda")
    net = Network("factorization", targets=[], inputs=[], weights=[R, U, V],
                  hyperparameters={lam: 0.1})  # fmt: skip
    E = net.step("E", R - U * V.T)
    pen = sp.squared_norm(U) + sp.squared_norm(V)
    net.loss(sp.squared_norm(E) / 2 + lam / 2 * pen, name="J")
    return net


def layer_norm_gain() -> Network:
    x, g, y = mat("x", d, 1), mat("g", d, 1), mat("y", d, 1)
    net = Network("gain", inputs=[x], targets=[y], weights=[g])
    a = net.step("a", hadamard_product(g, x))
    net.loss(sp.half_squared_error(y, sp.sigmoid(a)))
    return net


def temperature() -> Network:
    z, y, tau = mat("z", k, 1), mat("y", k, 1), real("tau")
    net = Network("temperature", inputs=[z], targets=[y], weights=[tau],
                  labels={y: "one-hot"})  # fmt: skip
    p = net.step("p", sp.softmax(z / tau))
    net.loss(sp.cross_entropy(y, p))
    return net


def gate() -> Network:
    x, y, a, b, c = real("x y a b c")
    net = Network("gate", inputs=[x], targets=[y], weights=[a, b, c])
    g = net.step("g", sp.sigmoid(a * x))
    v = net.step("v", b * x)
    s = net.step("s", g * v + (1 - g) * c)
    net.loss((s - y) ** 2 / 2)
    return net


def relu_scalars() -> Network:
    x, y, w1, w2, b1, b2 = real("x y w1 w2 b1 b2")
    net = Network("relu scalars", inputs=[x], targets=[y], weights=[w1, b1, w2, b2])
    z1 = net.step("z1", w1 * x + b1)
    h1 = net.step("h1", sp.relu(z1))
    o = net.step("o", w2 * h1 + b2)
    net.loss((o - y) ** 2)
    return net


NETWORKS: dict[str, Callable[[], Network]] = {
    make.__name__: make
    for make in (
        logistic_scalar, logistic_column, least_squares, ridge, softmax_classifier, nielsen, ng,
        cs231n, bishop, goodfellow, three_blue, rnn_step, rnn_two, gru, batch_norm, attention,
        autoencoder, penalties, fan_out, residual, residual_scalar, chain, unspecified_chain,
        unspecified_columns, hinge, logistic_signed, quadratic_form, traces, determinants,
        mean_squares, logistic_batch, simple_regression, embedding, gaussian, poisson,
        factorization, layer_norm_gain, temperature, gate, relu_scalars,
    )
}  # fmt: skip
