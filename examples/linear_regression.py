"""The simplest neural network ever: least-squares linear regression with a weight and a bias.

From the "Backpropagation primer"; trained on x = 1, y = 3 from w = 0.1, b = 1 with a learning
rate of 0.2, three steps lead to w = 0.8448, b = 1.7448. Its table:

    symprop trace examples/linear_regression.py
"""

from sympy import symbols

from symprop import Network, half_squared_error

x, y, w, b = symbols("x y w b", real=True)

network = Network("linear_regression", inputs=[x], targets=[y], weights=[w, b])
h = network.step("h", w * x + b)
network.loss(half_squared_error(y, h))
network.example({x: 1, y: 3, w: 0.1, b: 1}, learning_rate=0.2, steps=4, decimals=2)
