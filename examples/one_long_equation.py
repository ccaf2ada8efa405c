"""The multilayer perceptron as one long equation; symprop takes it apart and names the steps.

Kris Kitani, CMU 16-385, "Back-Propagation": the "entire network can be written out as one long
equation". Its derivation is that of the steps in multilayer_perceptron.py.
"""

from sympy import symbols

from symprop import Network, half_squared_error, sigmoid

x, y, w1, b1, w2, w3 = symbols("x y w1 b1 w2 w3", real=True)

network = Network.from_expression(
    "one_long_equation",
    half_squared_error(y, sigmoid(w3 * sigmoid(w2 * sigmoid(w1 * x + b1)))),
    inputs=[x],
    targets=[y],
    weights=[w1, b1, w2, w3],
)
