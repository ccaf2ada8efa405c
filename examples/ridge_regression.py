"""Ridge regression, declared for the whole batch: a sample a row of X, a sum and no mean as loss.

The gradient is -2*X'(y - X*w) + 2*lambda*w.
"""

from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, squared_norm

n, D = symbols("n D", integer=True, positive=True)
X, y, w = MatrixSymbol("X", n, D), MatrixSymbol("y", n, 1), MatrixSymbol("w", D, 1)
lam = Symbol("lambda", real=True)

network = Network(
    "ridge_regression",
    inputs=[X],
    targets=[y],
    weights=[w],
    hyperparameters={lam: 0.1},
    samples=n,
    latex={lam: r"\lambda"},
)
y_hat = network.step("y_hat", X * w, latex=r"\hat{y}")
network.loss(squared_norm(y - y_hat) + lam * squared_norm(w))
