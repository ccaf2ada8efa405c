"""Two steps of a deep chain: e = -log(sigmoid(w_1'x)), the log loss of an example with y = 1.

ECE 884 Deep Learning, lecture 11; the gradient is -sigmoid(-w_1'x)*x.
"""

from sympy import MatrixSymbol, symbols

from symprop import Network, dot, log, sigmoid

D = symbols("D", integer=True, positive=True)
x, w1 = MatrixSymbol("x", D, 1), MatrixSymbol("w1", D, 1)

network = Network("positive_example", inputs=[x], weights=[w1])
h1 = network.step("h1", dot(w1, x))
h2 = network.step("h2", sigmoid(h1))
network.loss(-log(h2), name="e")
network.example({x: [1, -2], w1: [0.5, 0.25]}, learning_rate=0.5, steps=3)
