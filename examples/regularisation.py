"""Data loss and regularisation: L(W) is the mean of L_i(f(x_i, W), y_i), plus lambda*R(W).

ECE 884 Deep Learning, lecture 11: for any L_i and R, and for softmax regression with the squares
(L2) or the absolute values (L1) of the weights as R.
"""

from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, cross_entropy, function, l1, l2, softmax

D, V = symbols("D V", integer=True, positive=True)
x, y, W = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1), MatrixSymbol("W", V, D)
lam = Symbol("lambda", real=True)


def softmax_loss(f, y):
    """The negative log-probability of the right class."""
    return cross_entropy(y, softmax(f))


def regularised(name: str, data_loss, R) -> Network:
    """Declare a linear classifier with a data loss and a penalty of its weights."""
    network = Network(
        name,
        inputs=[x],
        targets=[y],
        weights=[W],
        hyperparameters={lam: 0.01},
        labels={y: "one-hot"},
        latex={lam: r"\lambda"},
    )
    f = network.step("f", W * x)
    network.loss(data_loss(f, y) + lam * R(W))
    return network


any_penalty = regularised("any_penalty", function("L_i"), function("R"))
with_l2 = regularised("l2_penalty", softmax_loss, l2)
with_l1 = regularised("l1_penalty", softmax_loss, l1)

with_l2.example(
    {x: [1, 2], y: [0, 1, 0], W: [[0.5, -1], [0, 0.5], [-0.5, 0]]}, learning_rate=0.5, steps=3
)
