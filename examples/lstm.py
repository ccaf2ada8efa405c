"""An LSTM unrolled over three steps in time: the same weights in each, so gradients add up.

Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000. The gates i, f, o and
the candidate g have weights of their own; the last state is classified.
"""

from sympy import MatrixSymbol, hadamard_product, symbols

from symprop import Network, cross_entropy, sigmoid, softmax, tanh

D, N, V = symbols("D N V", integer=True, positive=True)
STEPS = 3

x = [MatrixSymbol(f"x{t}", D, 1) for t in range(1, STEPS + 1)]
h, c, y = MatrixSymbol("h0", N, 1), MatrixSymbol("c0", N, 1), MatrixSymbol("y", V, 1)
W = {gate: MatrixSymbol(f"W_{gate}", N, D) for gate in "ifog"}
U = {gate: MatrixSymbol(f"U_{gate}", N, N) for gate in "ifog"}
b = {gate: MatrixSymbol(f"b_{gate}", N, 1) for gate in "ifog"}
C = MatrixSymbol("C", V, N)

network = Network(
    "lstm",
    inputs=x,
    targets=[y],
    weights=[*W.values(), *U.values(), *b.values(), h, c, C],
    labels={y: "one-hot"},
    sizes={N: 16},
    latex={h: "h_0", c: "c_0"},
)
for t in range(1, STEPS + 1):
    a = {gate: W[gate] * x[t - 1] + U[gate] * h + b[gate] for gate in "ifog"}
    i = network.step(f"i{t}", sigmoid(a["i"]))
    f = network.step(f"f{t}", sigmoid(a["f"]))
    o = network.step(f"o{t}", sigmoid(a["o"]))
    g = network.step(f"g{t}", tanh(a["g"]))
    c = network.step(f"c{t}", hadamard_product(f, c) + hadamard_product(i, g))
    h = network.step(f"h{t}", hadamard_product(o, tanh(c)))
p = network.step("p", softmax(C * h))
network.loss(cross_entropy(y, p))
