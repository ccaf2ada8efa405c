"""The negative log-likelihood of a Gaussian, as a plain function of a point, a mean, a covariance.

Petersen and Pedersen, "The Matrix Cookbook", sections 2.1.4 and 8.1: log det and an inverse. There
are no data, so that the emitted module has `loss_and_gradients(params)` and nothing to train.
"""

from sympy import MatrixSymbol, symbols

from symprop import Network, inverse, logdet, scalar

n = symbols("n", integer=True, positive=True)
x, mu, S = MatrixSymbol("x", n, 1), MatrixSymbol("mu", n, 1), MatrixSymbol("S", n, n)

network = Network("gaussian_log_likelihood", weights=[x, mu, S], latex={mu: r"\mu", S: r"\Sigma"})
r = network.step("r", x - mu)
network.loss((logdet(S) + scalar(r.T * inverse(S) * r)) / 2)
