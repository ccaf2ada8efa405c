"""A two-layer network, f(x) = W2*g(W1*x + b1) + b2, with a data loss and a regulariser.

ECE 884 Deep Learning, lecture 11. The sizes D, N, K are symbols: the emitted code takes them from
the data and from the keywords of `init_params`.
"""

from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, half_squared_error, l2, tanh

D, N, K = symbols("D N K", integer=True, positive=True)
x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", K, 1)
W1, b1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
W2, b2 = MatrixSymbol("W2", K, N), MatrixSymbol("b2", K, 1)
lam = Symbol("lambda", real=True)

network = Network(
    "two_layer_network",
    inputs=[x],
    targets=[y],
    weights=[W1, b1, W2, b2],
    hyperparameters={lam: 1e-3},
    sizes={N: 16},
    latex={lam: r"\lambda"},
)
a = network.step("a", W1 * x + b1)
h = network.step("h", tanh(a))
f = network.step("f", W2 * h + b2)
network.loss(half_squared_error(y, f) + lam * l2(W1, W2))
network.example(
    {x: [1, -2], y: [1], W1: [[0.5, 0.1], [-0.3, 0.2]], b1: [0, 0.1], W2: [[1, -1]], b2: [0.5]},
    learning_rate=0.1,
    steps=3,
)
