"""A network of any number of layers, as wide as one likes: D inputs, N nodes a layer, V classes.

Mark Hasegawa-Johnson, University of Illinois, lecture 28: excitations beta, activations h, softmax
and cross-entropy at the end. `deep_network(6)` declares six layers.
"""

from sympy import MatrixSymbol, Symbol, symbols

from symprop import Network, cross_entropy, l2, sigmoid, softmax

D, N, V = symbols("D N V", integer=True, positive=True)


def deep_network(layers: int = 3, activation=sigmoid, regularised: bool = False) -> Network:
    """Declare a network of `layers` layers, the last one a softmax."""
    x, y = MatrixSymbol("x", D, 1), MatrixSymbol("y", V, 1)
    lam = Symbol("lambda", real=True)
    widths = [D, *[N] * (layers - 1), V]
    W = [MatrixSymbol(f"W{k}", widths[k], widths[k - 1]) for k in range(1, layers + 1)]
    b = [MatrixSymbol(f"b{k}", widths[k], 1) for k in range(1, layers + 1)]

    network = Network(
        f"deep_network_{layers}",
        inputs=[x],
        targets=[y],
        weights=[weight for pair in zip(W, b, strict=True) for weight in pair],
        hyperparameters={lam: 1e-3} if regularised else {},
        labels={y: "one-hot"},
        sizes={N: 32} if layers > 1 else {},
    )
    h = x
    for k in range(1, layers + 1):
        beta = network.step(f"beta{k}", W[k - 1] * h + b[k - 1], latex=rf"\beta^{{({k})}}")
        if k < layers:
            h = network.step(f"h{k}", activation(beta), latex=rf"h^{{({k})}}")
    y_hat = network.step("y_hat", softmax(beta), latex="y^*")
    loss = cross_entropy(y, y_hat)
    network.loss(loss + lam * l2(*W) if regularised else loss, latex=r"\ell")
    return network


network = deep_network()
