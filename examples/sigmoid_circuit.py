"""A sigmoid neuron gate by gate: products, sums, a change of sign, exp, plus 1, and 1/x.

ECE 884 Deep Learning, lecture 11. Its numbers, all of them:

    symprop trace examples/sigmoid_circuit.py
"""

from sympy import exp, symbols

from symprop import Network

w0, x0, w1, x1, w2 = symbols("w0 x0 w1 x1 w2", real=True)

network = Network("sigmoid_circuit", weights=[w0, x0, w1, x1, w2])
m0 = network.step("m0", w0 * x0)
m1 = network.step("m1", w1 * x1)
s1 = network.step("s1", m0 + m1)
s2 = network.step("s2", s1 + w2)
n = network.step("n", -s2)
E = network.step("E", exp(n))
D = network.step("D", 1 + E)
network.loss(1 / D, name="f")
network.example({w0: 2, x0: -1, w1: -3, x1: -2, w2: -3}, decimals=2)
