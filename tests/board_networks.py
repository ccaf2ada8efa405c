"""Networks of blackboards, exams and textbooks: one more set, in letters of its own."""

from collections.abc import Callable

from note_networks import mat, real, size
from sympy import OneMatrix, Rational, hadamard_product, sqrt

import symprop as sp
from symprop import Network

d, k, m, n, q = size("d k m n q")


def adaline() -> Network:
    x, y, w, b = mat("x", d, 1), real("y"), mat("w", d, 1), real("b")
    net = Network("adaline", inputs=[x], targets=[y], weights=[w, b])
    z = net.step("z", sp.dot(w, x) + b)
    net.loss((y - z) ** 2 / 2, name="J")
    return net


def attention_heads() -> Network:
    Q, K, V, G = mat("Q", n, d), mat("K", n, d), mat("V", n, k), mat("G", n, k)
    net = Network("attention heads", weights=[Q, K, V], targets=[G])
    s = net.step("S", Q * K.T / sqrt(d))
    p = net.step("P", sp.softmax(s, axis=1))
    o = net.step("O", p * V)
    net.loss(sp.total(hadamard_product(G, o)), name="L")
    return net


def attention_pooling() -> Network:
    query, K, V = mat("q", d, 1), mat("K", n, m), mat("V", n, k)
    W, y = mat("W", m, d), mat("y", k, 1)
    net = Network("attention pooling", inputs=[query, K, V], targets=[y], weights=[W])
    e = net.step("e", K * W * query)
    a = net.step("alpha", sp.softmax(e), latex=r"\alpha")
    c = net.step("c", V.T * a)
    net.loss(sp.half_squared_error(y, c), name="L")
    return net


def bag_of_words() -> Network:
    x, y, E, W = mat("x", q, 1), mat("y", k, 1), mat("E", d, q), mat("W", k, d)
    net = Network("bag of words", inputs=[x], targets=[y], weights=[E, W], labels={y: "one-hot"})
    h = net.step("h", E * x)
    s = net.step("s", W * h)
    p = net.step("p", sp.softmax(s))
    net.loss(sp.cross_entropy(y, p), name="L")
    return net


def batch_layers() -> Network:
    X, Y = mat("X", n, d), mat("Y", n, k)
    W1, W2, b1, b2 = mat("W1", d, m), mat("W2", m, k), mat("b1", 1, m), mat("b2", 1, k)
    names = {w: rf"{w.name[0]}^{{({w.name[1]})}}" for w in (W1, W2, b1, b2)}
    net = Network("batch layers", inputs=[X], targets=[Y], weights=[W1, b1, W2, b2], samples=n,
                  labels={Y: "one-hot"}, latex=names)  # fmt: skip
    z1 = net.step("Z1", X * W1 + OneMatrix(n, 1) * b1, latex="Z^{(1)}")
    h = net.step("H", sp.relu(z1))
    z2 = net.step("Z2", h * W2 + OneMatrix(n, 1) * b2, latex="Z^{(2)}")
    p = net.step("P", sp.softmax(z2, axis=1), latex=r"\hat{Y}")
    net.loss(-sp.total(hadamard_product(Y, sp.log(p))) / n, name="L")
    return net


def batch_norm() -> Network:
    x, t, g, b, e = mat("x", m, 1), mat("t", m, 1), real("gamma"), real("beta"), real("epsilon")
    net = Network("batch norm", inputs=[x], targets=[t], weights=[g, b],
                  hyperparameters={e: 1e-5})  # fmt: skip
    mu = net.step("mu", sp.mean(x), latex=r"\mu")
    c = x - mu * OneMatrix(m, 1)
    v = net.step("v", sp.mean(hadamard_product(c, c)), latex=r"\sigma^2")
    h = net.step("xh", c / sp.sqrt(v + e), latex=r"\hat{x}")
    o = net.step("y", g * h + b * OneMatrix(m, 1))
    net.loss(sp.half_squared_error(t, o), name="L")
    return net


def gru_step() -> Network:
    x, before, y, wz, uz, wh, uh = real("x h0 y w_z u_z w_h u_h")
    net = Network("gru step", inputs=[x, before], targets=[y], weights=[wz, uz, wh, uh],
                  latex={before: "h_{t-1}", x: "x_t"})  # fmt: skip
    z = net.step("z", sp.sigmoid(wz * x + uz * before), latex="z_t")
    c = net.step("c", sp.tanh(wh * x + uh * before), latex=r"\tilde{h}_t")
    h = net.step("h", (1 - z) * before + z * c, latex="h_t")
    net.loss(Rational(1, 2) * (y - h) ** 2, name="L")
    return net


def hinge() -> Network:
    x, y, w, b, lam = mat("x", d, 1), real("y"), mat("w", d, 1), real("b"), real("lambda")
    net = Network("hinge", inputs=[x], targets=[y], weights=[w, b], hyperparameters={lam: 0.1},
                  labels={y: "signed"})  # fmt: skip
    s = net.step("m", y * (sp.dot(w, x) + b))
    net.loss(sp.maximum(0, 1 - s) + lam / 2 * sp.squared_norm(w), name="J")
    return net


def logistic_sample() -> Network:
    x, y, w, b = mat("x", d, 1), real("y"), mat("w", d, 1), real("b")
    net = Network("logistic sample", inputs=[x], targets=[y], weights=[w, b],
                  labels={y: "binary"})  # fmt: skip
    z = net.step("z", sp.dot(w, x) + b)
    a = net.step("a", sp.sigmoid(z), latex=r"\hat{y}")
    net.loss(sp.binary_cross_entropy(y, a), name="L", latex=r"\mathcal{L}")
    return net


def quadratic() -> Network:
    x, A, b = mat("x", d, 1), mat("A", d, d), mat("b", d, 1)
    net = Network("quadratic", weights=[x], inputs=[A, b])
    net.loss((x.T * A * x)[0, 0] / 2 - sp.dot(b, x), name="f")
    return net


def ridge() -> Network:
    X, y, w, lam = mat("X", n, d), mat("y", n, 1), mat("w", d, 1), real("lambda")
    net = Network("ridge", inputs=[X], targets=[y], weights=[w], samples=n,
                  hyperparameters={lam: 0.1})  # fmt: skip
    r = net.step("r", X * w - y)
    net.loss(sp.squared_norm(r) + lam * sp.squared_norm(w), name="J")
    return net


def skip_gram() -> Network:
    v, U, y = mat("v_c", d, 1), mat("U", q, d), mat("y", q, 1)
    net = Network("skip gram", targets=[y], weights=[v, U], labels={y: "one-hot"})
    z = net.step("z", U * v)
    p = net.step("p", sp.softmax(z), latex=r"\hat{y}")
    net.loss(sp.cross_entropy(y, p), name="J")
    return net


def softplus_chain() -> Network:
    x, y, w1, w2, w3, b1, b2 = real("x y w1 w2 w3 b1 b2")
    net = Network("softplus chain", inputs=[x], targets=[y], weights=[w1, w2, w3, b1, b2])
    z1 = net.step("z1", w1 * x + b1)
    a1 = net.step("a1", sp.softplus(z1))
    z2 = net.step("z2", w2 * a1 + b2)
    a2 = net.step("a2", sp.relu(z2))
    o = net.step("yhat", w3 * a2, latex=r"\hat{y}")
    net.loss((y - o) ** 2, name="L")
    return net


def tied_autoencoder() -> Network:
    x, W, b, c = mat("x", d, 1), mat("W", m, d), mat("b", m, 1), mat("c", d, 1)
    net = Network("tied autoencoder", inputs=[x], weights=[W, b, c])
    a = net.step("a", W * x + b)
    h = net.step("h", sp.sigmoid(a))
    r = net.step("r", W.T * h + c, latex=r"\hat{x}")
    net.loss(sp.half_squared_error(x, r), name="L")
    return net


NETWORKS: dict[str, Callable[[], Network]] = {
    make.__name__: make
    for make in (
        adaline, attention_heads, attention_pooling, bag_of_words, batch_layers, batch_norm,
        gru_step, hinge, logistic_sample, quadratic, ridge, skip_gram, softplus_chain,
        tied_autoencoder,
    )
}  # fmt: skip
