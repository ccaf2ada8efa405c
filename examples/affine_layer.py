"""The layer W*x + b, for its Jacobians.

From the "Backpropagation primer", "What if we go wider?": by x the Jacobian is W, by W it is the
4 x 2 matrix [x1 x2; 0 0; 0 0; x1 x2]. Ask `derive(network).jacobian(h, x)`, or `(h, W)`.
"""

from sympy import MatrixSymbol

from symprop import Network, half_squared_error

x, y = MatrixSymbol("x", 2, 1), MatrixSymbol("y", 2, 1)
W, b = MatrixSymbol("W", 2, 2), MatrixSymbol("b", 2, 1)

network = Network("affine_layer", inputs=[x], targets=[y], weights=[W, b])
h = network.step("h", W * x + b)
network.loss(half_squared_error(y, h))
network.example(
    {x: [1, 2], y: [1, 0], W: [[1, 0.5], [-1, 1]], b: [0, 0.5]}, learning_rate=0.1, steps=3
)
