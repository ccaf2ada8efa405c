"""What if we go wider? Two inputs, two hidden neurons, two outputs; every weight is a symbol.

From the "Backpropagation primer": [h1; h2] = W*x + b and [o1; o2] = V*q, with 2 x 2 matrices of
symbols, and once more written out element by element. The target is that of two_outputs.py.
"""

from sympy import Matrix, symbols

from symprop import Network, cross_entropy, exp, log, sigmoid, softmax

x1, x2, y, b1, b2 = symbols("x1 x2 y b1 b2", real=True)
w11, w12, w21, w22 = symbols("w11 w12 w21 w22", real=True)
v11, v12, v21, v22 = symbols("v11 v12 v21 v22", real=True)

declared = {
    "inputs": [x1, x2],
    "targets": [y],
    "weights": [w11, w12, w21, w22, b1, b2, v11, v12, v21, v22],
    "labels": {y: "binary"},
}

numbers = {
    **{x1: 1, x2: -1, y: 1, b1: 0, b2: 0.5},
    **{w11: 0.5, w12: -0.5, w21: 1, w22: 1},
    **{v11: 1, v12: -1, v21: 0.5, v22: 2},
}

by_matrices = Network("wider_network", **declared)
W, V = Matrix([[w11, w12], [w21, w22]]), Matrix([[v11, v12], [v21, v22]])
h = by_matrices.step("h", W * Matrix([x1, x2]) + Matrix([b1, b2]))
q = by_matrices.step("q", sigmoid(h))
o = by_matrices.step("o", V * q)
p = by_matrices.step("p", softmax(o))
by_matrices.loss(cross_entropy(Matrix([y, 1 - y]), p))
by_matrices.example(numbers, learning_rate=0.5, steps=3)

by_elements = Network("wider_network_by_elements", **declared)
h1 = by_elements.step("h1", w11 * x1 + w12 * x2 + b1)
h2 = by_elements.step("h2", w21 * x1 + w22 * x2 + b2)
q1 = by_elements.step("q1", sigmoid(h1))
q2 = by_elements.step("q2", sigmoid(h2))
o1 = by_elements.step("o1", v11 * q1 + v12 * q2)
o2 = by_elements.step("o2", v21 * q1 + v22 * q2)
p1 = by_elements.step("p1", exp(o1) / (exp(o1) + exp(o2)))
p2 = by_elements.step("p2", exp(o2) / (exp(o1) + exp(o2)))
by_elements.loss(-(y * log(p1) + (1 - y) * log(p2)))
by_elements.example(numbers, learning_rate=0.5, steps=3)
