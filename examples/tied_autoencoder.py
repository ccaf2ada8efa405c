"""An autoencoder with tied weights: the decoder is the transpose of the encoder.

W is used twice, so that its gradient has two terms. The input is its own target.
"""

from sympy import MatrixSymbol, symbols

from symprop import Network, half_squared_error, sigmoid

D, N = symbols("D N", integer=True, positive=True)
x = MatrixSymbol("x", D, 1)
W, b, c = MatrixSymbol("W", N, D), MatrixSymbol("b", N, 1), MatrixSymbol("c", D, 1)

network = Network("tied_autoencoder", inputs=[x], weights=[W, b, c], sizes={N: 16})
h = network.step("h", sigmoid(W * x + b))
x_hat = network.step("x_hat", W.T * h + c, latex=r"\hat{x}")
network.loss(half_squared_error(x, x_hat))
