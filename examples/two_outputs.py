"""What if we go deeper? One hidden neuron, two outputs, softmax, cross-entropy.

From the "Backpropagation primer". The hidden neuron feeds both outputs, so its gradient is the
sum of what comes back from them. The target is 1 for the first class and 0 for the second.
"""

from sympy import symbols

from symprop import Network, exp, log, sigmoid

x, y, w, b, v1, v2 = symbols("x y w b v1 v2", real=True)

network = Network(
    "two_outputs", inputs=[x], targets=[y], weights=[w, b, v1, v2], labels={y: "binary"}
)
h = network.step("h", w * x + b)
q = network.step("q", sigmoid(h))
o1 = network.step("o1", v1 * q)
o2 = network.step("o2", v2 * q)
p1 = network.step("p1", exp(o1) / (exp(o1) + exp(o2)))
p2 = network.step("p2", exp(o2) / (exp(o1) + exp(o2)))
network.loss(-(y * log(p1) + (1 - y) * log(p2)))
network.example({x: 1, y: 1, w: 0.5, b: 0, v1: 1, v2: -1}, learning_rate=1, steps=3)
