"""The multilayer perceptron with a parameter in its activations: the slope of a PReLU is learned.

Kris Kitani, CMU 16-385, "Back-Propagation": an "activation function sometimes has parameters". All
three layers share the slope, so that its gradient has a term from each of them.
"""

from sympy import symbols

from symprop import Network, half_squared_error, prelu

x, y, w1, b1, w2, w3, alpha = symbols("x y w1 b1 w2 w3 alpha", real=True)

network = Network(
    "learned_slope",
    inputs=[x],
    targets=[y],
    weights=[w1, b1, w2, w3, alpha],
    latex={alpha: r"\alpha"},
)
a1 = network.step("a1", w1 * x + b1)
f1 = network.step("f1", prelu(a1, alpha))
a2 = network.step("a2", w2 * f1)
f2 = network.step("f2", prelu(a2, alpha))
a3 = network.step("a3", w3 * f2)
f3 = network.step("f3", prelu(a3, alpha), latex=r"\hat{y}")
network.loss(half_squared_error(y, f3), latex=r"\mathcal{L}")
network.example(
    {x: 1, y: 1, w1: -1, b1: 0.5, w2: -4, w3: 2, alpha: 0.1}, learning_rate=0.1, steps=3
)
