"""Handwritten digits: 64 pixels, 64 relu units, 10 classes, softmax cross-entropy.

Train the emitted module on the UCI digits, which lie beside this file:

    symprop build examples/digits.py
    python generated/digits/digits.py train examples/data/digits.npz --epochs 30
"""

from sympy import MatrixSymbol

from symprop import Network, cross_entropy, relu, softmax

x, y = MatrixSymbol("x", 64, 1), MatrixSymbol("y", 10, 1)
W1, b1 = MatrixSymbol("W1", 64, 64), MatrixSymbol("b1", 64, 1)
W2, b2 = MatrixSymbol("W2", 10, 64), MatrixSymbol("b2", 10, 1)

network = Network(
    "digits", inputs=[x], targets=[y], weights=[W1, b1, W2, b2], labels={y: "one-hot"}
)
a1 = network.step("a1", W1 * x + b1)
h1 = network.step("h1", relu(a1))
a2 = network.step("a2", W2 * h1 + b2)
p = network.step("p", softmax(a2))
network.loss(cross_entropy(y, p))
