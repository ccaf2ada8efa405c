"""A two-layer network of vectors, f(x) = W_2*g(W_1*x + b_1) + b_2, for any g and for a sigmoid.

ECE 884 Deep Learning, lecture 11. An unspecified g can be derived and printed, not emitted.
"""

from sympy import MatrixSymbol, symbols

from symprop import Network, activation, half_squared_error, sigmoid

D, N, K = symbols("D N K", integer=True, positive=True)
x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", K, 1)
W1, b1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
W2, b2 = MatrixSymbol("W2", K, N), MatrixSymbol("b2", K, 1)


def vector_network(name: str, g=sigmoid) -> Network:
    """Declare the network with the activation g."""
    network = Network(name, inputs=[x], targets=[y], weights=[W1, b1, W2, b2], sizes={N: 16})
    a = network.step("a", W1 * x + b1)
    h = network.step("h", g(a))
    f = network.step("f", W2 * h + b2)
    network.loss(half_squared_error(y, f))
    return network


any_g = vector_network("vector_network_any_g", activation("g"))
with_sigmoid = vector_network("vector_network_sigmoid")
