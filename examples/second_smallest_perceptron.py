"""The world's second smallest perceptron: two inputs, two weights, no bias.

Kris Kitani, CMU 16-385, "Back-Propagation".
"""

from sympy import symbols

from symprop import Network, half_squared_error

x1, x2, y, w1, w2 = symbols("x1 x2 y w1 w2", real=True)

network = Network("second_smallest_perceptron", inputs=[x1, x2], targets=[y], weights=[w1, w2])
y_hat = network.step("y_hat", w1 * x1 + w2 * x2, latex=r"\hat{y}")
network.loss(half_squared_error(y, y_hat), latex=r"\mathcal{L}")
network.example({x1: 1, x2: 2, y: 3, w1: 0.5, w2: 0.25}, learning_rate=0.1, steps=4)
