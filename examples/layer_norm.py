"""Layer normalisation with a learned scale g and shift t, between two layers.

Ba, Kiros and Hinton 2016: the excitations of a layer less their mean, over their deviation.
"""

from sympy import HadamardPower, MatrixSymbol, OneMatrix, Symbol, hadamard_product, symbols

from symprop import Network, cross_entropy, mean, relu, softmax, sqrt

D, N, V = symbols("D N V", integer=True, positive=True)
x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
W, g, t = MatrixSymbol("W", N, D), MatrixSymbol("g", N, 1), MatrixSymbol("t", N, 1)
U, b = MatrixSymbol("U", V, N), MatrixSymbol("b", V, 1)
eps = Symbol("eps", real=True)

network = Network(
    "layer_norm",
    inputs=[x],
    targets=[y],
    weights=[W, g, t, U, b],
    hyperparameters={eps: 1e-5},
    labels={y: "one-hot"},
    sizes={N: 32},
    latex={eps: r"\epsilon"},
)
a = network.step("a", W * x)
c = network.step("c", a - mean(a) * OneMatrix(N, 1))
s = network.step("s", sqrt(mean(HadamardPower(c, 2)) + eps), latex=r"\sigma")
h = network.step("h", relu(hadamard_product(g, c / s) + t))
p = network.step("p", softmax(U * h + b))
network.loss(cross_entropy(y, p))
