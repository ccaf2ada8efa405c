"""A chain of three sigmoid layers, one neuron each: four weights and a lot of re-use.

Kris Kitani, CMU 16-385, "Back-Propagation".
"""

from sympy import symbols

from symprop import Network, half_squared_error, sigmoid

x, y, w1, b1, w2, w3 = symbols("x y w1 b1 w2 w3", real=True)

network = Network("multilayer_perceptron", inputs=[x], targets=[y], weights=[w1, b1, w2, w3])
a1 = network.step("a1", w1 * x + b1)
f1 = network.step("f1", sigmoid(a1))
a2 = network.step("a2", w2 * f1)
f2 = network.step("f2", sigmoid(a2))
a3 = network.step("a3", w3 * f2)
f3 = network.step("f3", sigmoid(a3), latex=r"\hat{y}")
network.loss(half_squared_error(y, f3), latex=r"\mathcal{L}")
network.example({x: 1, y: 1, w1: 0.5, b1: -0.5, w2: 2, w3: -1}, learning_rate=2, steps=5)
