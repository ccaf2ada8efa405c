"""Two tasks with one hidden layer: how much each loss weighs is learned with the rest.

Kendall, Gal and Cipolla 2018: a task with the log-variance s has the weight exp(-s), and s itself
is the price of a small weight.
"""

from sympy import MatrixSymbol, symbols

from symprop import Network, cross_entropy, exp, half_squared_error, softmax, tanh

D, N, V, K = symbols("D N V K", integer=True, positive=True)
x, y, z = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1), MatrixSymbol("z", K, 1)
W, U_y, U_z = MatrixSymbol("W", N, D), MatrixSymbol("U_y", V, N), MatrixSymbol("U_z", K, N)
s_y, s_z = symbols("s_y s_z", real=True)

network = Network(
    "mixture_of_losses",
    inputs=[x],
    targets=[y, z],
    weights=[W, U_y, U_z, s_y, s_z],
    labels={y: "one-hot", z: "real"},
    sizes={N: 32},
    outputs=["p", "z_hat"],
)
h = network.step("h", tanh(W * x))
p = network.step("p", softmax(U_y * h))
z_hat = network.step("z_hat", U_z * h, latex=r"\hat{z}")
L_y = network.step("L_y", cross_entropy(y, p))
L_z = network.step("L_z", half_squared_error(z, z_hat))
network.loss(exp(-s_y) * L_y + exp(-s_z) * L_z + (s_y + s_z) / 2)
