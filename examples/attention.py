"""Self-attention over the rows of a matrix: each sample is a sequence of T vectors of D numbers.

Vaswani et al. 2017, "Attention is all you need": softmax(Q*K'/sqrt(d))*V, one head.
"""

from sympy import MatrixSymbol, sqrt, symbols

from symprop import Network, mean_squared_error, softmax

T, D, d = symbols("T D d", integer=True, positive=True)
X, Y = MatrixSymbol("X", T, D), MatrixSymbol("Y", T, d)
W_q, W_k, W_v = (MatrixSymbol(f"W_{name}", D, d) for name in "qkv")

network = Network("attention", inputs=[X], targets=[Y], weights=[W_q, W_k, W_v], sizes={d: 8})
Q = network.step("Q", X * W_q)
K = network.step("K", X * W_k)
V = network.step("V", X * W_v)
S = network.step("S", Q * K.T / sqrt(d))
A = network.step("A", softmax(S, axis=1))
H = network.step("H", A * V)
network.loss(mean_squared_error(Y, H))
