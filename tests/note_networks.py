"""Networks of notes, blogs and homework: other letters, other shapes, other losses."""

from collections.abc import Callable
from typing import Any

from sympy import MatrixSymbol, OneMatrix, hadamard_product, symbols

import symprop as sp
from symprop import Network, activation, function


def real(names: str) -> Any:
    return symbols(names, real=True)


def size(names: str) -> Any:
    return symbols(names, integer=True, positive=True)


def mat(name: str, *shape: Any) -> Any:
    return MatrixSymbol(name, *shape)


d, h, k, m, n = size("d N k m n")


def curve_fit() -> Network:
    t, v, A, k = real("t v A k")
    net = Network("curve fit", inputs=[t], targets=[v], weights=[A, k])
    u = net.step("u", A * sp.exp(-k * t))
    net.loss((u - v) ** 2 / 2, name="S")
    return net


def enzyme() -> Network:
    s, v, vm, km = real("s v V_m K_m")
    net = Network("enzyme", inputs=[s], targets=[v], weights=[vm, km],
                  latex={vm: r"V_{\max}", km: "K_m"})  # fmt: skip
    d = net.step("d", km + s)
    r = net.step("r", vm * s / d, latex=r"\hat{v}")
    net.loss((v - r) ** 2, name="E")
    return net


def radial() -> Network:
    x, y, c, s, w = real("x y c s w")
    net = Network("radial", inputs=[x], targets=[y], weights=[c, s, w], latex={s: r"\sigma"})
    p = net.step("p", sp.exp(-((x - c) ** 2) / (2 * s**2)), latex=r"\phi")
    f = net.step("f", w * p)
    net.loss((f - y) ** 2 / 2, name="E")
    return net


def sine() -> Network:
    x, y, w, b, a, om = real("x y w b a omega")
    net = Network("sine", inputs=[x], targets=[y], weights=[w, b, a], hyperparameters={om: 30.0})
    z = net.step("z", om * (w * x + b))
    s = net.step("s", sp.sin(z))
    net.loss((a * s - y) ** 2, name="L", latex=r"\mathcal{L}")
    return net


def mazur() -> Network:
    i1, i2, t1, t2 = real("i1 i2 t1 t2")
    w = real("w1:9")
    b1, b2 = real("b1 b2")
    net = Network("mazur", inputs=[i1, i2], targets=[t1, t2], weights=[*w, b1, b2],
                  latex={t1: "target_{o1}", t2: "target_{o2}"})  # fmt: skip
    n1 = net.step("net_h1", w[0] * i1 + w[1] * i2 + b1, latex="net_{h1}")
    h1 = net.step("out_h1", sp.sigmoid(n1), latex="out_{h1}")
    n2 = net.step("net_h2", w[2] * i1 + w[3] * i2 + b1, latex="net_{h2}")
    h2 = net.step("out_h2", sp.sigmoid(n2), latex="out_{h2}")
    m1 = net.step("net_o1", w[4] * h1 + w[5] * h2 + b2, latex="net_{o1}")
    o1 = net.step("out_o1", sp.sigmoid(m1), latex="out_{o1}")
    m2 = net.step("net_o2", w[6] * h1 + w[7] * h2 + b2, latex="net_{o2}")
    o2 = net.step("out_o2", sp.sigmoid(m2), latex="out_{o2}")
    e1 = net.step("E_o1", (t1 - o1) ** 2 / 2, latex="E_{o1}")
    e2 = net.step("E_o2", (t2 - o2) ** 2 / 2, latex="E_{o2}")
    net.loss(e1 + e2, name="E", latex="E_{total}")
    return net


def wikipedia() -> Network:
    x, t, w, v = mat("x", n, 1), mat("t", k, 1), mat("w", h, n), mat("v", k, h)
    phi = activation("phi")
    net = Network("wikipedia", inputs=[x], targets=[t], weights=[w, v])
    a = net.step("a", w * x, latex=r"\text{net}")
    o = net.step("o", phi(a))
    y = net.step("y", v * o)
    net.loss(sp.half_squared_error(t, y), name="E")
    return net


def xi_chain() -> Network:
    xi, zeta, ka, rho, tau = real("xi zeta kappa rho tau")
    net = Network("xi chain", inputs=[xi], targets=[zeta], weights=[ka, rho, tau])
    a = net.step("alpha", ka * xi + rho)
    b = net.step("beta", sp.softplus(a))
    g = net.step("gamma", tau * b)
    net.loss((g - zeta) ** 2 / 2, name="Q", latex=r"\mathcal{Q}")
    return net


def silu_unit() -> Network:
    x, t, w, u = real("x t w u")
    net = Network("silu unit", inputs=[x], targets=[t], weights=[w, u])
    z = net.step("z", w * x)
    s = net.step("s", sp.sigmoid(z))
    f = net.step("f", z * s)
    o = net.step("o", u * f)
    net.loss((t - o) ** 2 / 2, name="J")
    return net


def highway() -> Network:
    x, y, wh, wt, bt = real("x y w_H w_T b_T")
    net = Network("highway", inputs=[x], targets=[y], weights=[wh, wt, bt])
    H = net.step("H", sp.tanh(wh * x))
    T = net.step("T", sp.sigmoid(wt * x + bt))
    o = net.step("o", T * H + (1 - T) * x)
    net.loss((o - y) ** 2 / 2)
    return net


def robust() -> Network:
    x, y, m, b, c = real("x y m b c")
    net = Network("robust", inputs=[x], targets=[y], weights=[m, b], hyperparameters={c: 1.0})
    r = net.step("r", y - m * x - b)
    net.loss(c**2 / 2 * sp.log(1 + (r / c) ** 2), name="rho", latex=r"\rho")
    return net


def pseudo_huber() -> Network:
    x, y, w = real("x y w")
    net = Network("pseudo huber", inputs=[x], targets=[y], weights=[w])
    e = net.step("e", w * x - y)
    q = net.step("q", sp.sqrt(1 + e**2))
    net.loss(q - 1, name="L", latex=r"\ell")
    return net


def focal() -> Network:
    z, g = real("z gamma")
    net = Network("focal", weights=[z], hyperparameters={g: 2.0})
    p = net.step("p", sp.sigmoid(z))
    net.loss(-((1 - p) ** 2) * sp.log(p), name="FL")
    return net


def primes() -> Network:
    x, y, W, V = mat("x", d, 1), mat("y", k, 1), mat("W", h, d), mat("V", k, h)
    net = Network("primes", inputs=[x], targets=[y], weights=[W, V], labels={y: "one-hot"},
                  latex={V: "W'"})  # fmt: skip
    s = net.step("h", W * x)
    u = net.step("u", V * s)
    q = net.step("q", sp.softmax(u), latex=r"\hat{y}")
    net.loss(sp.cross_entropy(y, q), name="E")
    return net


def tildes() -> Network:
    x, y, w, b, v = real("x y w b v")
    net = Network("tildes", inputs=[x], targets=[y], weights=[w, b, v],
                  latex={w: r"\tilde{w}", b: r"\tilde{b}"})  # fmt: skip
    z = net.step("z", w * x + b, latex=r"\bar{z}")
    a = net.step("a", sp.tanh(z), latex=r"\bar{a}")
    o = net.step("o", v * a, latex=r"\hat{y}")
    net.loss((y - o) ** 2, name="L", latex=r"\mathcal{L}")
    return net


def two_tasks() -> Network:
    x, y1, y2, w, u, v, a = real("x y_1 y_2 w u v alpha")
    net = Network("two tasks", inputs=[x], targets=[y1, y2], weights=[w, u, v],
                  hyperparameters={a: 0.3}, labels={y2: "binary"})  # fmt: skip
    s = net.step("s", sp.tanh(w * x))
    r = net.step("r", u * s)
    p = net.step("p", sp.sigmoid(v * s))
    l1 = net.step("l1", (r - y1) ** 2 / 2, latex=r"\ell_1")
    l2 = net.step("l2", -(y2 * sp.log(p) + (1 - y2) * sp.log(1 - p)), latex=r"\ell_2")
    net.loss(a * l1 + (1 - a) * l2, name="L")
    return net


def siamese() -> Network:
    p, q, y, w, b = real("p q y w b")
    net = Network("siamese", inputs=[p, q], targets=[y], weights=[w, b])
    f = net.step("f", sp.tanh(w * p + b))
    g = net.step("g", sp.tanh(w * q + b))
    d = net.step("d", f - g)
    net.loss((d**2 - y) ** 2 / 4, name="C")
    return net


def contrastive() -> Network:
    x1, x2, W = mat("x_1", d, 1), mat("x_2", d, 1), mat("W", h, d)
    net = Network("contrastive", inputs=[x1, x2], weights=[W])
    D = net.step("D", W * (x1 - x2))
    net.loss(sp.squared_norm(D) / 2, name="L")
    return net


def recurrent_three() -> Network:
    x1, x2, x3, s0, y, a, b = real("x_1 x_2 x_3 s_0 y a b")
    net = Network("recurrent three", inputs=[x1, x2, x3, s0], targets=[y], weights=[a, b])
    s1 = net.step("s1", a * s0 + b * x1, latex="s_1")
    s2 = net.step("s2", a * s1 + b * x2, latex="s_2")
    s3 = net.step("s3", a * s2 + b * x3, latex="s_3")
    net.loss((s3 - y) ** 2 / 2, name="E")
    return net


def lstm_scalar() -> Network:
    x, hp, cp, y = real("x h_p c_p y")
    wf, wi, wo, wg = real("w_f w_i w_o w_g")
    uf, ui, uo, ug = real("u_f u_i u_o u_g")
    net = Network("lstm", inputs=[x, hp, cp], targets=[y],
                  weights=[wf, wi, wo, wg, uf, ui, uo, ug],
                  latex={x: "x_t", hp: "h_{t-1}", cp: "c_{t-1}"})  # fmt: skip
    f = net.step("f", sp.sigmoid(wf * x + uf * hp), latex="f_t")
    i = net.step("i", sp.sigmoid(wi * x + ui * hp), latex="i_t")
    o = net.step("o", sp.sigmoid(wo * x + uo * hp), latex="o_t")
    g = net.step("g", sp.tanh(wg * x + ug * hp), latex="g_t")
    c = net.step("c", f * cp + i * g, latex="c_t")
    s = net.step("h", o * sp.tanh(c), latex="h_t")
    net.loss((s - y) ** 2 / 2, name="E")
    return net


def lstm_columns() -> Network:
    x, hp, cp, y = mat("x", d, 1), mat("h_p", h, 1), mat("c_p", h, 1), mat("y", h, 1)
    W = {q: mat(f"W_{q}", h, d) for q in "fioc"}
    U = {q: mat(f"U_{q}", h, h) for q in "fioc"}
    net = Network("lstm columns", inputs=[x, hp, cp], targets=[y],
                  weights=[*W.values(), *U.values()],
                  latex={x: "x_t", hp: "h_{t-1}", cp: "C_{t-1}"})  # fmt: skip
    pre = {q: net.step(f"z_{q}", W[q] * x + U[q] * hp) for q in "fioc"}
    f = net.step("f", sp.sigmoid(pre["f"]), latex="f_t")
    i = net.step("i", sp.sigmoid(pre["i"]), latex="i_t")
    o = net.step("o", sp.sigmoid(pre["o"]), latex="o_t")
    g = net.step("g", sp.tanh(pre["c"]), latex=r"\tilde{C}_t")
    c = net.step("c", hadamard_product(f, cp) + hadamard_product(i, g), latex="C_t")
    s = net.step("h", hadamard_product(o, sp.tanh(c)), latex="h_t")
    net.loss(sp.half_squared_error(y, s), name="L")
    return net


def gru_scalar() -> Network:
    x, hp, y = real("x h_p y")
    wr, wz, wh, ur, uz, uh = real("w_r w_z w_h u_r u_z u_h")
    net = Network("gru scalar", inputs=[x, hp], targets=[y], weights=[wr, wz, wh, ur, uz, uh],
                  latex={x: "x^{(t)}", hp: "h^{(t-1)}"})  # fmt: skip
    r = net.step("r", sp.sigmoid(wr * x + ur * hp), latex="r^{(t)}")
    z = net.step("z", sp.sigmoid(wz * x + uz * hp), latex="z^{(t)}")
    c = net.step("c", sp.tanh(wh * x + uh * r * hp), latex=r"\tilde{h}^{(t)}")
    s = net.step("h", z * hp + (1 - z) * c, latex="h^{(t)}")
    net.loss((s - y) ** 2 / 2, name="J")
    return net


def dot_attention() -> Network:
    Q, K, V, Y = mat("Q", n, d), mat("K", m, d), mat("V", m, k), mat("Y", n, k)
    net = Network("dot attention", weights=[Q, K, V, Y])
    S = net.step("S", Q * K.T / sp.sqrt(d))
    A = net.step("A", sp.softmax(S, axis=1))
    out = net.step("O", A * V)
    net.loss(sp.squared_norm(out - Y) / 2)
    return net


def additive_attention() -> Network:
    H, q, v, W, U = mat("H", n, d), mat("q", m, 1), mat("v", k, 1), mat("W", k, d), mat("U", k, m)
    y = mat("y", d, 1)
    net = Network("additive attention", weights=[H, q, v, W, U, y])
    T = net.step("T", sp.tanh(H * W.T + OneMatrix(n, 1) * (U * q).T))
    e = net.step("e", T * v)
    a = net.step("a", sp.softmax(e), latex=r"\alpha")
    c = net.step("c", H.T * a)
    net.loss(sp.half_squared_error(y, c))
    return net


def layer_norm() -> Network:
    x, g, b, y = mat("x", d, 1), mat("g", d, 1), mat("b", d, 1), mat("y", d, 1)
    net = Network("layer norm", inputs=[x], targets=[y], weights=[g, b],
                  latex={g: r"\gamma", b: r"\beta"})  # fmt: skip
    mu = net.step("mu", sp.mean(x), latex=r"\mu")
    c = net.step("c", x - mu * OneMatrix(d, 1))
    s = net.step("s", sp.sqrt(sp.squared_norm(c) / d), latex=r"\sigma")
    u = net.step("u", c / s, latex=r"\hat{x}")
    o = net.step("o", hadamard_product(g, u) + b)
    net.loss(sp.half_squared_error(y, o))
    return net


def rms_norm() -> Network:
    x, g, t = mat("x", n, 1), mat("g", n, 1), mat("t", n, 1)
    net = Network("rms norm", weights=[x, g], targets=[t], inputs=[])
    r = net.step("r", sp.sqrt(sp.squared_norm(x) / n))
    y = net.step("y", hadamard_product(g, x) / r)
    net.loss(sp.dot(t, y))
    return net


def weight_norm() -> Network:
    x, t, v, g = mat("x", d, 1), real("t"), mat("v", d, 1), real("g")
    net = Network("weight norm", inputs=[x], targets=[t], weights=[v, g])
    w = net.step("w", g * v / sp.norm(v))
    y = net.step("y", sp.dot(w, x))
    net.loss((y - t) ** 2 / 2)
    return net


def cosine() -> Network:
    u, v = mat("u", n, 1), mat("v", n, 1)
    net = Network("cosine", weights=[u, v])
    c = net.step("c", sp.dot(u, v) / (sp.norm(u) * sp.norm(v)))
    net.loss(1 - c)
    return net


def row_autoencoder() -> Network:
    x, W, b, c = mat("x", 1, d), mat("W", d, h), mat("b", 1, h), mat("c", 1, d)
    net = Network("row autoencoder", inputs=[x], weights=[W, b, c])
    z = net.step("z", sp.sigmoid(x * W + b))
    r = net.step("r", z * W.T + c, latex=r"\tilde{x}")
    net.loss(sp.squared_norm(r - x) / 2, name="J")
    return net


def cs224n() -> Network:
    x, y = mat("x", 1, d), mat("y", 1, k)
    W1, b1, W2, b2 = mat("W1", d, h), mat("b1", 1, h), mat("W2", h, k), mat("b2", 1, k)
    net = Network("cs224n", inputs=[x], targets=[y], weights=[W1, b1, W2, b2],
                  labels={y: "one-hot"})  # fmt: skip
    z1 = net.step("z1", x * W1 + b1)
    hid = net.step("h", sp.sigmoid(z1))
    z2 = net.step("z2", hid * W2 + b2)
    p = net.step("p", sp.softmax(z2, axis=1), latex=r"\hat{y}")
    net.loss(-sp.total(hadamard_product(y, sp.log(p))), name="J")
    return net


def batch_softmax() -> Network:
    X, Y, W, b = mat("X", n, d), mat("Y", n, k), mat("W", d, k), mat("b", 1, k)
    net = Network("batch softmax", inputs=[X], targets=[Y], weights=[W, b], samples=n,
                  labels={Y: "one-hot"})  # fmt: skip
    F = net.step("F", X * W + OneMatrix(n, 1) * b)
    P = net.step("P", sp.softmax(F, axis=1))
    net.loss(-sp.total(hadamard_product(Y, sp.log(P))) / n)
    return net


def batch_tanh() -> Network:
    X, T = mat("X", n, d), mat("T", n, k)
    A, B, a, b = mat("A", d, h), mat("B", h, k), mat("a", 1, h), mat("b", 1, k)
    lam = real("lambda")
    net = Network("batch tanh", inputs=[X], targets=[T], weights=[A, B, a, b], samples=n,
                  hyperparameters={lam: 0.01})  # fmt: skip
    Z = net.step("Z", X * A + OneMatrix(n, 1) * a)
    H = net.step("H", sp.tanh(Z))
    out = net.step("O", H * B + OneMatrix(n, 1) * b)
    pen = sp.squared_norm(A) + sp.squared_norm(B)
    net.loss(sp.squared_norm(out - T) / (2 * n) + lam / 2 * pen, name="J")
    return net


def bishop_logistic() -> Network:
    P, t, w = mat("Phi", n, m), mat("t", n, 1), mat("w", m, 1)
    net = Network("bishop logistic", inputs=[P], targets=[t], weights=[w], samples=n)
    a = net.step("a", P * w)
    y = net.step("y", sp.sigmoid(a))
    one = OneMatrix(n, 1)
    log = hadamard_product(t, sp.log(y)) + hadamard_product(one - t, sp.log(one - y))
    net.loss(-sp.total(log), name="E")
    return net


def count_regression() -> Network:
    X, y, w = mat("X", n, d), mat("y", n, 1), mat("w", d, 1)
    net = Network("count regression", inputs=[X], targets=[y], weights=[w], samples=n)
    e = net.step("e", X * w, latex=r"\eta")
    mu = net.step("mu", sp.exp(e), latex=r"\mu")
    net.loss(sp.total(mu) - sp.dot(y, e), name="D")
    return net


def lasso() -> Network:
    A, b, x, lam = mat("A", n, d), mat("b", n, 1), mat("x", d, 1), real("lambda")
    net = Network("lasso", inputs=[A], targets=[b], weights=[x], samples=n,
                  hyperparameters={lam: 0.1})  # fmt: skip
    r = net.step("r", A * x - b)
    net.loss(sp.squared_norm(r) / (2 * n) + lam * sp.l1(x), name="f")
    return net


def bilinear() -> Network:
    u, v, A = mat("u", m, 1), mat("v", n, 1), mat("A", m, n)
    y = real("y")
    net = Network("bilinear", inputs=[u, v], targets=[y], weights=[A], labels={y: "binary"})
    s = net.step("s", sp.scalar(u.T * A * v))
    p = net.step("p", sp.sigmoid(s))
    net.loss(sp.binary_cross_entropy(y, p), name="L", latex=r"\mathcal{L}")
    return net


def rayleigh() -> Network:
    S, w = mat("S", n, n), mat("w", n, 1)
    net = Network("rayleigh", weights=[S, w])
    net.loss(sp.scalar(w.T * S * w) / sp.dot(w, w), name="R")
    return net


def precision() -> Network:
    x, mu, L = mat("x", n, 1), mat("mu", n, 1), mat("Lambda", n, n)
    net = Network("precision", inputs=[x], weights=[mu, L])
    e = net.step("e", x - mu)
    net.loss(sp.scalar(e.T * L * e) / 2 - sp.logdet(L) / 2, name="l", latex=r"\ell")
    return net


def distillation() -> Network:
    z, q, T = mat("z", k, 1), mat("q", k, 1), real("T")
    net = Network("distillation", weights=[z], targets=[q], inputs=[], labels={q: "probabilities"},
                  hyperparameters={T: 2.0})  # fmt: skip
    p = net.step("p", sp.softmax(z / T))
    net.loss(T**2 * sp.cross_entropy(q, p))
    return net


def kl_pull() -> Network:
    m0, s0 = real("mu s")
    net = Network("kl", weights=[m0, s0])
    net.loss((m0**2 + sp.exp(s0) - s0 - 1) / 2, name="D", latex=r"D_{\mathrm{KL}}")
    return net


def negative_samples() -> Network:
    v, u, N = mat("v_c", d, 1), mat("u_o", d, 1), mat("N", k, d)
    net = Network("negative samples", weights=[v, u, N])
    a = net.step("a", sp.dot(u, v))
    s = net.step("s", N * v)
    net.loss(-sp.log(sp.sigmoid(a)) - sp.total(sp.log(sp.sigmoid(-s))), name="J")
    return net


def glove() -> Network:
    w, c = mat("w", d, 1), mat("c", d, 1)
    b, e, X, f = real("b e X f")
    net = Network("glove", inputs=[X, f], weights=[w, c, b, e],
                  latex={c: r"\tilde{w}", e: r"\tilde{b}"})  # fmt: skip
    r = net.step("r", sp.dot(w, c) + b + e - sp.log(X))
    net.loss(f * r**2, name="J")
    return net


def field_machine() -> Network:
    x1, x2, y, w0, w1, w2, v1, v2 = real("x_1 x_2 y w_0 w_1 w_2 v_1 v_2")
    net = Network("factorisation machine", inputs=[x1, x2], targets=[y],
                  weights=[w0, w1, w2, v1, v2])  # fmt: skip
    f = net.step("f", w0 + w1 * x1 + w2 * x2 + v1 * v2 * x1 * x2)
    net.loss((f - y) ** 2, name="loss", latex=r"\mathrm{loss}")
    return net


def maxout() -> Network:
    x, y, a, b, c, e = real("x y a b c e")
    net = Network("maxout", inputs=[x], targets=[y], weights=[a, b, c, e])
    p, q = net.step("p", a * x + b), net.step("q", c * x + e)
    m0 = net.step("m", sp.maximum(p, q))
    net.loss((m0 - y) ** 2 / 2)
    return net


def residual_layers() -> Network:
    x, y, w1, w2 = real("x y w_1 w_2")
    net = Network("residual layers", inputs=[x], targets=[y], weights=[w1, w2],
                  latex={x: "x_0"})  # fmt: skip
    x1 = net.step("x1", x + sp.tanh(w1 * x), latex="x_1")
    x2 = net.step("x2", x1 + sp.tanh(w2 * x1), latex="x_2")
    net.loss((x2 - y) ** 2 / 2, name="L", latex=r"\mathcal{L}")
    return net


def deep_linear() -> Network:
    n0, n1, n2, n3 = size("n_0 n_1 n_2 n_3")
    x, y = mat("x", n0, 1), mat("y", n3, 1)
    W1, W2, W3 = mat("W_1", n1, n0), mat("W_2", n2, n1), mat("W_3", n3, n2)
    net = Network("deep linear", inputs=[x], targets=[y], weights=[W1, W2, W3])
    o = net.step("o", W3 * W2 * W1 * x)
    net.loss(sp.half_squared_error(y, o), name="E")
    return net


def any_layers() -> Network:
    x, y, w, v, b = real("x y w v b")
    f, g, ell = activation("f"), activation("g"), function("ell")
    net = Network("any layers", inputs=[x], targets=[y], weights=[w, v, b])
    a = net.step("a", w * x + b)
    s = net.step("h", f(a))
    z = net.step("z", v * s)
    o = net.step("o", g(z))
    net.loss(ell(o, y), name="L")
    return net


def nielsen_three() -> Network:
    n0, n1, n2, n3 = size("n_0 n_1 n_2 n_3")
    x, y = mat("x", n0, 1), mat("y", n3, 1)
    w = [mat("w1", n1, n0), mat("w2", n2, n1), mat("w3", n3, n2)]
    b = [mat("b1", n1, 1), mat("b2", n2, 1), mat("b3", n3, 1)]
    names = {p: rf"{p.name[0]}^{{{p.name[1]}}}" for p in (*w, *b)}
    net = Network("nielsen three", inputs=[x], targets=[y], weights=[*w, *b], latex=names)
    a = x
    for layer in (1, 2, 3):
        z = net.step(f"z{layer}", w[layer - 1] * a + b[layer - 1], latex=f"z^{{{layer}}}")
        a = net.step(f"a{layer}", sp.sigmoid(z), latex=f"a^{{{layer}}}")
    net.loss(sp.half_squared_error(y, a), name="C")
    return net


def small_convolution() -> Network:
    x1, x2, x3, y, k1, k2, v1, v2 = real("x_1 x_2 x_3 y k_1 k_2 v_1 v_2")
    net = Network("small convolution", inputs=[x1, x2, x3], targets=[y], weights=[k1, k2, v1, v2])
    z1 = net.step("z1", k1 * x1 + k2 * x2, latex="z_1")
    z2 = net.step("z2", k1 * x2 + k2 * x3, latex="z_2")
    h1, h2 = net.step("h1", sp.relu(z1), latex="h_1"), net.step("h2", sp.relu(z2), latex="h_2")
    o = net.step("o", v1 * h1 + v2 * h2)
    net.loss((o - y) ** 2 / 2, name="E")
    return net


def dropout() -> Network:
    x, q, y, W, V = mat("x", d, 1), mat("q", h, 1), mat("y", k, 1), mat("W", h, d), mat("V", k, h)
    net = Network("dropout", inputs=[x, q], targets=[y], weights=[W, V], latex={q: "m"})
    z = net.step("z", W * x)
    r = net.step("r", sp.relu(z))
    t = net.step("h", hadamard_product(q, r), latex=r"\tilde{h}")
    o = net.step("o", V * t)
    net.loss(sp.half_squared_error(y, o))
    return net


def experts() -> Network:
    x, y, a, b, u, v = real("x y a b u v")
    net = Network("experts", inputs=[x], targets=[y], weights=[a, b, u, v])
    g1 = net.step("g1", sp.exp(a * x) / (sp.exp(a * x) + sp.exp(b * x)), latex="g_1")
    g2 = net.step("g2", 1 - g1, latex="g_2")
    e1, e2 = net.step("e1", u * x, latex="e_1"), net.step("e2", v * x, latex="e_2")
    o = net.step("o", g1 * e1 + g2 * e2)
    net.loss((o - y) ** 2 / 2, name="E")
    return net


def policy() -> Network:
    s, a, th, A = mat("s", d, 1), mat("a", k, 1), mat("Theta", k, d), real("A")
    net = Network("policy", inputs=[s, A], targets=[a], weights=[th], labels={a: "one-hot"})
    z = net.step("z", th * s)
    p = net.step("p", sp.softmax(z), latex=r"\pi")
    net.loss(A * sp.cross_entropy(a, p), name="J")
    return net


def perceptron_criterion() -> Network:
    x, w, t, b = mat("x", d, 1), mat("w", d, 1), real("t"), real("b")
    net = Network("perceptron", inputs=[x], targets=[t], weights=[w, b], labels={t: "signed"})
    s = net.step("s", sp.dot(w, x) + b)
    net.loss(sp.maximum(0, -t * s), name="E", latex="E_P")
    return net


def euler_step() -> Network:
    u, y, a, b, tau = real("u y a b tau")
    net = Network("euler step", inputs=[u], targets=[y], weights=[a, b],
                  hyperparameters={tau: 0.1}, latex={u: "u_0", tau: r"\Delta t"})  # fmt: skip
    u1 = net.step("u1", u + tau * (a * u - b * u**3), latex="u_1")
    u2 = net.step("u2", u1 + tau * (a * u1 - b * u1**3), latex="u_2")
    net.loss((u2 - y) ** 2 / 2, name="J")
    return net


def triplet() -> Network:
    a, p, q, W, mm = mat("a", d, 1), mat("p", d, 1), mat("q", d, 1), mat("W", h, d), real("mu")
    net = Network("triplet", inputs=[a, p, q], weights=[W], hyperparameters={mm: 1.0},
                  latex={q: "n", mm: "m"})  # fmt: skip
    u = net.step("u", W * (a - p))
    v = net.step("v", W * (a - q))
    net.loss(sp.maximum(0, sp.squared_norm(u) - sp.squared_norm(v) + mm))
    return net


def gaussian_mixture() -> Network:
    x, m1, m2, r = real("x mu_1 mu_2 rho")
    net = Network("mixture", inputs=[x], weights=[m1, m2, r])
    p = net.step("pi", sp.sigmoid(r), latex=r"\pi")
    a = net.step("a", p * sp.exp(-((x - m1) ** 2) / 2), latex="a_1")
    b = net.step("b", (1 - p) * sp.exp(-((x - m2) ** 2) / 2), latex="a_2")
    s = net.step("s", a + b)
    net.loss(-sp.log(s), name="l", latex=r"\ell")
    return net


def gelu_exact() -> Network:
    x, y, w = real("x y w")
    net = Network("gelu exact", inputs=[x], targets=[y], weights=[w])
    z = net.step("z", w * x)
    f = net.step("f", z * sp.normal_cdf(z))
    net.loss((f - y) ** 2 / 2)
    return net


def german_mlp() -> Network:
    x, t, v, w, a, b = real("x t v w a b")
    net = Network("german", inputs=[x], targets=[t], weights=[v, w, a, b],
                  latex={a: "b_1", b: "b_2"})  # fmt: skip
    z1 = net.step("s1", v * x + a, latex="s_1")
    o1 = net.step("o1", sp.sigmoid(z1), latex="o_1")
    z2 = net.step("s2", w * o1 + b, latex="s_2")
    o2 = net.step("o2", sp.sigmoid(z2), latex="o_2")
    net.loss((t - o2) ** 2 / 2, name="F")
    return net


def french_softmax() -> Network:
    x, y, U, V = mat("x", d, 1), mat("y", k, 1), mat("U", h, d), mat("V", k, h)
    net = Network("french", inputs=[x], targets=[y], weights=[U, V], labels={y: "one-hot"})
    a = net.step("a", U * x)
    z = net.step("z", sp.tanh(a))
    s = net.step("s", V * z)
    p = net.step("p", sp.softmax(s))
    net.loss(sp.cross_entropy(y, p), name="C", latex=r"\mathcal{C}")
    return net


def ufldl() -> Network:
    n1, n2, n3 = size("s_1 s_2 s_3")
    x, y = mat("x", n1, 1), mat("y", n3, 1)
    W1, W2, b1, b2 = mat("W1", n2, n1), mat("W2", n3, n2), mat("b1", n2, 1), mat("b2", n3, 1)
    f = activation("f")
    net = Network("ufldl", inputs=[x], targets=[y], weights=[W1, W2, b1, b2],
                  latex={p: rf"{p.name[0]}^{{({p.name[1]})}}" for p in (W1, W2, b1, b2)}
                  | {x: "a^{(1)}"})  # fmt: skip
    z2 = net.step("z2", W1 * x + b1, latex="z^{(2)}")
    a2 = net.step("a2", f(z2), latex="a^{(2)}")
    z3 = net.step("z3", W2 * a2 + b2, latex="z^{(3)}")
    a3 = net.step("a3", f(z3), latex="a^{(3)}")
    net.loss(sp.half_squared_error(y, a3), name="J")
    return net


def covariance_trace() -> Network:
    X, W = mat("X", n, d), mat("W", d, k)
    net = Network("covariance", weights=[X, W])
    Z = net.step("Z", X * W)
    R = net.step("R", X - Z * W.T)
    net.loss(sp.squared_norm(R), name="L")
    return net


def logsumexp_loss() -> Network:
    x, W, y = mat("x", d, 1), mat("W", k, d), mat("y", k, 1)
    net = Network("logsumexp", inputs=[x], targets=[y], weights=[W])
    z = net.step("z", W * x)
    net.loss(sp.logsumexp(z) - sp.dot(y, z), name="l", latex=r"\ell")
    return net


def svd_like() -> Network:
    A, u, v, s = mat("A", m, n), mat("u", m, 1), mat("v", n, 1), real("sigma")
    net = Network("rank one", weights=[A, u, v, s])
    E = net.step("E", A - s * u * v.T)
    net.loss(sp.trace(E.T * E) / 2, name="f")
    return net


def scaled_inverse() -> Network:
    A, b = mat("A", n, n), mat("b", n, 1)
    net = Network("scaled inverse", weights=[A, b])
    x = net.step("x", sp.inverse(A) * b)
    net.loss(sp.dot(x, x) / 2, name="phi")
    return net


NETWORKS: dict[str, Callable[[], Network]] = {
    make.__name__: make
    for make in (
        additive_attention, any_layers, batch_softmax, batch_tanh, bilinear, bishop_logistic,
        contrastive, cosine, count_regression, covariance_trace, cs224n, curve_fit, deep_linear,
        distillation, dot_attention, dropout, enzyme, euler_step, experts, field_machine, focal,
        french_softmax, gaussian_mixture, gelu_exact, german_mlp, glove, gru_scalar, highway,
        kl_pull, lasso, layer_norm, logsumexp_loss, lstm_columns, lstm_scalar, maxout, mazur,
        negative_samples, nielsen_three, perceptron_criterion, policy, precision, primes,
        pseudo_huber, radial, rayleigh, recurrent_three, residual_layers, rms_norm, robust,
        row_autoencoder, scaled_inverse, siamese, silu_unit, sine, small_convolution, svd_like,
        tildes, triplet, two_tasks, ufldl, weight_norm, wikipedia, xi_chain,
    )
}  # fmt: skip
