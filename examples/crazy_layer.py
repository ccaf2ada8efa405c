"""A function and a layer of one's own: a bump around a learned centre, and gates before it.

From the "Backpropagation primer": "You can have any crazy layer as long as you can compute its
gradient." The gradient is computed from the formula; nothing else is declared.
"""

from sympy import MatrixSymbol, hadamard_product, symbols

from symprop import Network, define, exp, half_squared_error, sigmoid

bump = define("bump", lambda u, centre: exp(-((u - centre) ** 2)))
gated = define(
    "gated",
    lambda W, U, c, x: hadamard_product(bump(W * x, c), sigmoid(U * x)),
    layer=True,
)

D, N, K = symbols("D N K", integer=True, positive=True)
x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", K, 1)
W, U, c = MatrixSymbol("W", N, D), MatrixSymbol("U", N, D), MatrixSymbol("c", N, 1)
A = MatrixSymbol("A", K, N)

network = Network("crazy_layer", inputs=[x], targets=[y], weights=[W, U, c, A], sizes={N: 16})
h = network.step("h", gated(W, U, c, x))
y_hat = network.step("y_hat", A * h, latex=r"\hat{y}")
network.loss(half_squared_error(y, y_hat))
