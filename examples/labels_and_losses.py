"""Every kind of label with a loss that fits it, behind a hidden layer: beta, h, beta, and y^*.

Mark Hasegawa-Johnson, University of Illinois, lecture 28: the sentiment of a film review (-1 or
+1), animal or not (0 or 1), the value of a chess position, the class of an image, a clean image.
"""

from sympy import MatrixSymbol, Symbol, symbols

from symprop import (
    Network,
    binary_cross_entropy,
    cross_entropy,
    hinge_loss,
    logistic_loss,
    mean_squared_error,
    relu,
    sigmoid,
    softmax,
    squared_error,
    tanh,
)

D, N, V = symbols("D N V", integer=True, positive=True)
x = MatrixSymbol("x", D, 1)
number, classes, clean = Symbol("y", real=True), MatrixSymbol("y", V, 1), MatrixSymbol("y", D, 1)


def labelled(name: str, y, kind: str, g, loss, output=None) -> Network:
    """Declare a network for targets y of one kind: hidden activation g, loss, output activation."""
    rows = y.shape[0] if y.is_Matrix else 1
    W1, b1 = MatrixSymbol("W1", N, D), MatrixSymbol("b1", N, 1)
    W2, b2 = MatrixSymbol("W2", rows, N), MatrixSymbol("b2", rows, 1)
    network = Network(
        name,
        inputs=[x],
        targets=[y],
        weights=[W1, b1, W2, b2],
        labels={y: kind},
        sizes={N: 32},
    )
    beta1 = network.step("beta1", W1 * x + b1, latex=r"\beta^{(1)}")
    h = network.step("h", g(beta1), latex="h^{(1)}")
    last = network.step("beta2", W2 * h + b2, latex=r"\beta^{(2)}")
    if output:
        last = network.step("y_hat", output(last), latex="y^*")
    network.loss(loss(y, last), latex=r"\ell")
    return network


sentiment = labelled("sentiment", number, "signed", tanh, logistic_loss)
margin = labelled("sentiment_by_margin", number, "signed", relu, hinge_loss)
animal = labelled("animal", number, "binary", sigmoid, binary_cross_entropy, sigmoid)
chess = labelled("chess_position", number, "real", tanh, mean_squared_error)
image = labelled("image_class", classes, "one-hot", relu, cross_entropy, softmax)
belief = labelled("class_probabilities", classes, "probabilities", tanh, cross_entropy, softmax)
denoised = labelled("clean_image", clean, "real", sigmoid, squared_error)
