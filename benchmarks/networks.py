"""The networks that are measured: chains of any number of layers, perceptrons, classifiers.

Every chain ends in half the squared error against its target. The matrix chains have symbolic
sizes, N x N in each layer.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Expr, Integer, MatrixSymbol, Symbol, symbols

from symprop import Network, cross_entropy, half_squared_error, relu, sigmoid, softmax, tanh

N = Symbol("N", integer=True, positive=True)


def scalar_chain(layers: int) -> Network:
    """a_k = w_k*h_(k-1) + b_k and h_k = tanh(a_k), all scalars."""
    x, y = real("x"), real("y")
    w = [real(f"w{k}") for k in range(1, layers + 1)]
    b = [real(f"b{k}") for k in range(1, layers + 1)]
    network = Network("scalar_chain", inputs=[x], targets=[y], weights=[*w, *b])
    h = x
    for k in range(1, layers + 1):
        a = network.step(f"a{k}", w[k - 1] * h + b[k - 1])
        h = network.step(f"h{k}", tanh(a))
    network.loss(half_squared_error(y, h))
    return network


def matrix_chain(layers: int) -> Network:
    """a_k = W_k*h_(k-1) + b_k and h_k = tanh(a_k), columns of size N."""
    x, y = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1)
    W = [MatrixSymbol(f"W{k}", N, N) for k in range(1, layers + 1)]
    b = [MatrixSymbol(f"b{k}", N, 1) for k in range(1, layers + 1)]
    network = Network("matrix_chain", inputs=[x], targets=[y], weights=[*W, *b])
    h = x
    for k in range(1, layers + 1):
        a = network.step(f"a{k}", W[k - 1] * h + b[k - 1])
        h = network.step(f"h{k}", tanh(a))
    network.loss(half_squared_error(y, h))
    return network


def residual_chain(layers: int) -> Network:
    """h_k = h_(k-1) + tanh(W_k*h_(k-1)), columns of size N: twice as many paths with each layer."""
    x, y = MatrixSymbol("x", N, 1), MatrixSymbol("y", N, 1)
    W = [MatrixSymbol(f"W{k}", N, N) for k in range(1, layers + 1)]
    return _residual("residual_chain", x, y, W)


def scalar_residual_chain(layers: int) -> Network:
    """h_k = h_(k-1) + tanh(w_k*h_(k-1)), all scalars."""
    w = [real(f"w{k}") for k in range(1, layers + 1)]
    return _residual("scalar_residual_chain", real("x"), real("y"), w)


def _residual(name: str, x: Expr, y: Expr, weights: Sequence[Expr]) -> Network:
    network = Network(name, inputs=[x], targets=[y], weights=weights)
    h = x
    for k, weight in enumerate(weights, 1):
        h = network.step(f"h{k}", h + tanh(weight * h))
    network.loss(half_squared_error(y, h))
    return network


def scalar_perceptron(width: int) -> Network:
    """A perceptron written out neuron by neuron: `width` inputs, two hidden layers, one output.

    Hidden neuron i of layer l is a_li = sum over j of w_lij*h_(l-1)j + b_li and h_li = tanh(a_li);
    the output is a sum of the same kind without tanh.
    """
    x, y = list(symbols(f"x1:{width + 1}", real=True)), real("y")
    w = [_grid(f"w{layer}", rows, width) for layer, rows in ((1, width), (2, width), (3, 1))]
    b = [[real(f"b{layer}_{i}") for i, _ in enumerate(rows, 1)] for layer, rows in enumerate(w, 1)]
    weights = [entry for layer in w for row in layer for entry in row]
    biases = [entry for layer in b for entry in layer]
    network = Network("scalar_perceptron", inputs=x, targets=[y], weights=weights + biases)
    h = x
    for layer in (1, 2):
        sums = _neurons(w[layer - 1], h, b[layer - 1])
        a = [network.step(f"a{layer}_{i}", s) for i, s in enumerate(sums, 1)]
        h = [network.step(f"h{layer}_{i}", tanh(s)) for i, s in enumerate(a, 1)]
    y_hat = network.step("y_hat", *_neurons(w[2], h, b[2]))
    network.loss(half_squared_error(y, y_hat))
    return network


def classifier(sizes: Sequence[int | Symbol]) -> Network:
    """A perceptron in matrices, of relu layers and a softmax, with the cross-entropy of classes.

    `sizes` are those of the input, of each hidden layer and of the output: (784, 128, 10).
    """
    x, y = MatrixSymbol("x", sizes[0], 1), MatrixSymbol("y", sizes[-1], 1)
    layers = range(1, len(sizes))
    W = [MatrixSymbol(f"W{k}", sizes[k], sizes[k - 1]) for k in layers]
    b = [MatrixSymbol(f"b{k}", sizes[k], 1) for k in layers]
    weights = [weight for layer in zip(W, b, strict=True) for weight in layer]
    network = Network("classifier", inputs=[x], targets=[y], weights=weights, labels={y: "one-hot"})
    h = x
    for k in layers[:-1]:
        a = network.step(f"a{k}", W[k - 1] * h + b[k - 1])
        h = network.step(f"h{k}", relu(a))
    a = network.step(f"a{layers[-1]}", W[-1] * h + b[-1])
    network.loss(cross_entropy(y, network.step("p", softmax(a))))
    return network


def sigmoid_perceptron(sizes: Sequence[int], biases: bool = True) -> Network:
    """A perceptron of sigmoids, written out neuron by neuron: sizes (2, 3, 2), or (1, 1, 1, 1).

    w2_1_3 leads from value 3 of layer 1 to neuron 1 of layer 2, whose bias is b2_1; the loss is
    the sum of half the squared errors of the outputs.
    """
    x = list(symbols(f"x1:{sizes[0] + 1}", real=True))
    y = list(symbols(f"y1:{sizes[-1] + 1}", real=True))
    layers = range(1, len(sizes))
    w = [_grid(f"w{k}", sizes[k], sizes[k - 1]) for k in layers]
    b = [[real(f"b{k}_{i}") for i in range(1, sizes[k] + 1)] for k in layers if biases]
    weights = [entry for layer in w for row in layer for entry in row]
    weights += [entry for layer in b for entry in layer]
    network = Network("sigmoid_perceptron", inputs=x, targets=y, weights=weights)
    h = x
    for k in layers:
        sums = _neurons(w[k - 1], h, b[k - 1] if biases else [Integer(0)] * sizes[k])
        a = [network.step(f"a{k}_{i}", s) for i, s in enumerate(sums, 1)]
        h = [network.step(f"h{k}_{i}", sigmoid(s)) for i, s in enumerate(a, 1)]
    network.loss(Add(*(half_squared_error(*pair) for pair in zip(y, h, strict=True))))
    return network


def _neurons(w: list[list[Expr]], h: list[Expr], b: list[Expr]) -> list[Expr]:
    """The weighted sum of `h` of each neuron of a layer."""
    products = [[entry * value for entry, value in zip(row, h, strict=True)] for row in w]
    return [Add(*terms, bias) for terms, bias in zip(products, b, strict=True)]


def _grid(name: str, rows: int, columns: int) -> list[list[Expr]]:
    """Symbols name_i_j, a list for each row."""
    numbers = range(1, columns + 1)
    return [[real(f"{name}_{i}_{j}") for j in numbers] for i in range(1, rows + 1)]


def real(name: str) -> Symbol:
    """A real symbol."""
    return Symbol(name, real=True)
