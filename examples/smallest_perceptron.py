"""The world's smallest perceptron: one weight, a line through the origin.

Kris Kitani, CMU 16-385, "Back-Propagation".
"""

from sympy import symbols

from symprop import Network, half_squared_error

x, y, w = symbols("x y w", real=True)

network = Network("smallest_perceptron", inputs=[x], targets=[y], weights=[w])
y_hat = network.step("y_hat", w * x, latex=r"\hat{y}")
network.loss(half_squared_error(y, y_hat), latex=r"\mathcal{L}")
network.example({x: 2, y: 3, w: 0.5}, learning_rate=0.1, steps=4)
