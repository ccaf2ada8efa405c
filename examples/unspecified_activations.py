"""The multilayer perceptron with activations f_1, f_2, f_3 of any form: the bare chain rule.

Kris Kitani, CMU 16-385, "Back-Propagation". There is nothing to compute with: no code is emitted.
"""

from sympy import symbols

from symprop import Network, activation, half_squared_error

x, y, w1, b1, w2, w3 = symbols("x y w1 b1 w2 w3", real=True)
f_1, f_2, f_3 = activation("f_1"), activation("f_2"), activation("f_3")

network = Network("unspecified_activations", inputs=[x], targets=[y], weights=[w1, b1, w2, w3])
a1 = network.step("a1", w1 * x + b1)
f1 = network.step("f1", f_1(a1))
a2 = network.step("a2", w2 * f1)
f2 = network.step("f2", f_2(a2))
a3 = network.step("a3", w3 * f2)
f3 = network.step("f3", f_3(a3), latex=r"\hat{y}")
network.loss(half_squared_error(y, f3), latex=r"\mathcal{L}")
