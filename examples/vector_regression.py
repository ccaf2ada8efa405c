"""One step of a deep chain: e = (y - w_1'x)**2, the squared error of a linear function.

ECE 884 Deep Learning, lecture 11, "Let's start with k = 1". The loss has no 1/2 before it.
"""

from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, dot, squared_error

D = symbols("D", integer=True, positive=True)
x, w1 = MatrixSymbol("x", D, 1), MatrixSymbol("w1", D, 1)
y = Symbol("y", real=True)

network = Network("vector_regression", inputs=[x], targets=[y], weights=[w1])
h1 = network.step("h1", dot(w1, x))
network.loss(squared_error(y, h1), name="e")
network.example({x: [1, 2, -1], y: 0.5, w1: [0.5, -0.5, 1]}, learning_rate=0.05, steps=4)
