"""NumPy as fast as we can write it by hand; the fastest of several layouts is what is timed.

All arrays are made once, and every statement writes to one of them. What is faster than what:

- the method `x.dot(W, out=)` than np.dot, which goes through a dispatcher: 0.2 us a product;
- an array of zeros of the same shape as the second argument of np.maximum than the number 0;
- an array of no axes than a Python number as an operand, which is converted at each call: 0.3 us;
- `delta *= mask` than np.where or assignment under a mask;
- `ones @ delta` than a sum over the batch;
- softmax over the first axis of logits (classes, batch); adding the bias can transpose them;
- the 1/n of the mean in the labels, where it is needed once for the loss and for the gradients.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from problems import Array, Classifier, Evaluation, Weights
from timing import Pace, fastest

from peers import Measured, Training

Loss = Callable[[Array, Array], float]
"""The loss of a batch; its gradients lie in arrays that were given before."""

PACE = Pace(rounds=9, burst=1e-3)


def gradients(problem: Classifier) -> Measured:
    """Loss and gradients by the layout that is fastest for this problem."""
    params, x, y = problem.params, problem.x, problem.y
    slopes = {key: np.empty_like(weight) for key, weight in params.items()}
    found = {
        "weights as they are": sample_major(params, slopes, problem.batch),
        "weights transposed first": sample_major(params, slopes, problem.batch, copied=True),
        "features first": feature_major(params, slopes, problem.batch),
    }
    calls = {name: _call(loss, x, y) for name, loss in found.items()}
    name = fastest(calls, PACE)
    return Measured(calls[name], lambda loss: Evaluation(loss, slopes), name)


def _call(loss: Loss, x: Array, y: Array) -> Callable[[], float]:
    return lambda: loss(x, y)


def softmax(logits: Array) -> Callable[[Array], float]:
    """Softmax with mean cross-entropy over logits of shape (classes, batch), in place.

    The function takes one-hot rows and gives the loss; `logits` turn into its gradient by them.
    """
    classes, n = logits.shape
    kind = logits.dtype
    labels, shifted = np.empty_like(logits), np.empty_like(logits)
    largest, total, ones = np.empty(n, kind), np.empty(n, kind), np.ones(n, kind)
    each, part = np.ones(classes, kind), np.array(1 / n, kind)
    flat_labels, flat_shifted = labels.reshape(-1), shifted.reshape(-1)

    def loss(y: Array) -> float:
        np.maximum.reduce(logits, axis=0, out=largest)
        np.subtract(logits, largest, out=shifted)
        np.exp(shifted, out=logits)
        each.dot(logits, out=total)
        np.multiply(y.T, part, out=labels)
        np.log(total, out=largest)
        value = float(ones.dot(largest)) / n - float(flat_labels.dot(flat_shifted))
        np.divide(part, total, out=total)
        np.multiply(logits, total, out=logits)
        np.subtract(logits, labels, out=logits)
        return value

    return loss


def sample_major(params: Weights, slopes: Weights, n: int, copied: bool = False) -> Loss:
    """Values and deltas of hidden layers are (batch, features).

    `copied`: each W is copied into an array that lies transposed before it is used.
    """
    count = len(params) // 2
    kind = params["b1"].dtype
    W, b = _numbered(params, "W"), _numbered(params, "b")
    slope = _pairs(slopes)
    lying = {k: np.empty(w.shape[::-1], kind) if copied else w.T for k, w in W.items()}
    h = {k: np.empty((n, W[k].shape[0]), kind) for k in range(1, count)}
    zeros = {k: np.zeros_like(value) for k, value in h.items()}
    delta = {k: np.empty_like(value) for k, value in h.items()}
    mask = {k: np.empty(value.shape, bool) for k, value in h.items()}
    z, ones, zero = np.empty((n, len(b[count])), kind), np.ones(n, kind), np.zeros((), kind)
    logits = np.empty(z.shape[::-1], kind)
    cross_entropy = softmax(logits)
    copies = [(lying[k], W[k].T) for k in W if copied]
    forward = [(lying[k], b[k], h[k], zeros[k]) for k in h]
    backward = [
        (h[k], mask[k], delta[k], delta[k].T, h[k - 1], *slope[k], W[k], delta[k - 1])
        for k in range(count - 1, 1, -1)
    ]
    column, (last, last_bias), (first, first_bias) = b[count][:, None], slope[count], slope[1]
    above = h[count - 1]
    as_declared = first.flags.c_contiguous

    def loss(x: Array, y: Array) -> float:
        for to, of in copies:
            np.copyto(to, of)
        below = x
        for weight, bias, value, nothing in forward:
            below.dot(weight, out=value)
            np.add(value, bias, out=value)
            np.maximum(value, nothing, out=value)
            below = value
        above.dot(lying[count], out=z)
        np.add(z.T, column, out=logits)
        result = cross_entropy(y)
        logits.dot(above, out=last)
        logits.dot(ones, out=last_bias)
        logits.T.dot(W[count], out=delta[count - 1])
        for value, positive, d, turned, under, to, bias_to, weight, following in backward:
            np.greater(value, zero, out=positive)
            np.multiply(d, positive, out=d)
            turned.dot(under, out=to)
            ones.dot(d, out=bias_to)
            d.dot(weight, out=following)
        np.greater(h[1], zero, out=mask[1])
        np.multiply(delta[1], mask[1], out=delta[1])
        if as_declared:
            delta[1].T.dot(x, out=first)
        else:
            x.T.dot(delta[1], out=first.T)
        ones.dot(delta[1], out=first_bias)
        return result

    return loss


def feature_major(params: Weights, slopes: Weights, n: int) -> Loss:
    """Values and deltas of all layers are (features, batch), as in W*x with a column a sample."""
    count = len(params) // 2
    kind = params["b1"].dtype
    W, b = _numbered(params, "W"), _numbered(params, "b")
    slope = _pairs(slopes)
    h = {k: np.empty((len(b[k]), n), kind) for k in range(1, count + 1)}
    zeros = {k: np.zeros_like(value) for k, value in h.items()}
    delta = {k: np.empty_like(h[k]) for k in range(1, count)} | {count: h[count]}
    mask = {k: np.empty(value.shape, bool) for k, value in h.items()}
    ones, zero = np.ones(n, kind), np.zeros((), kind)
    cross_entropy = softmax(h[count])
    forward = [(W[k], b[k][:, None], h[k], zeros[k]) for k in range(1, count)]
    backward = [
        (delta[k], h[k - 1].T, *slope[k], W[k].T, h[k - 1], mask[k - 1], delta[k - 1])
        for k in range(count, 1, -1)
    ]
    column, (first, first_bias) = b[count][:, None], slope[1]

    def loss(x: Array, y: Array) -> float:
        below = x.T
        for weight, bias, value, nothing in forward:
            weight.dot(below, out=value)
            np.add(value, bias, out=value)
            np.maximum(value, nothing, out=value)
            below = value
        W[count].dot(below, out=h[count])
        np.add(h[count], column, out=h[count])
        result = cross_entropy(y)
        for d, under, to, bias_to, weight, value, positive, following in backward:
            d.dot(under, out=to)
            d.dot(ones, out=bias_to)
            weight.dot(d, out=following)
            np.greater(value, zero, out=positive)
            np.multiply(following, positive, out=following)
        delta[1].dot(x, out=first)
        delta[1].dot(ones, out=first_bias)
        return result

    return loss


def _pairs(weights: Weights) -> dict[int, tuple[Array, Array]]:
    """W and b of each layer by number."""
    W, b = _numbered(weights, "W"), _numbered(weights, "b")
    return {k: (W[k], b[k]) for k in W}


def _numbered(weights: Weights, letter: str) -> dict[int, Array]:
    """The weights W1, W2, ... or b1, b2, ... by number."""
    return {int(key[1:]): weight for key, weight in weights.items() if key[0] == letter}


def training(problem: Classifier, optimizer: str, batch_size: int | None) -> Training:
    """Weights, gradients and moments in one vector each; one gather of the data an epoch.

    The first layer, which needs no gradient of its inputs, lies transposed where BLAS multiplies
    faster by that.
    """
    rule = {"sgd": descent, "adam": adam}[optimizer]
    n = len(problem.x)
    size = batch_size or n
    if n % size:
        raise ValueError("the hand-optimised training takes batches of one size")
    x, y = np.empty_like(problem.x), np.empty_like(problem.y)
    layout, turned = _layout(problem, size)

    def run(epochs: int) -> Weights:
        vector, params = _flat(problem.params, turned)
        slope, slopes = _flat(problem.params, turned)
        loss, step = layout(params, slopes, size), rule(vector, slope, 1e-3)
        rng, data = np.random.default_rng(0), (problem.x, problem.y)
        for _ in range(epochs):
            if size < n:
                order = rng.permutation(n)
                np.take(problem.x, order, axis=0, out=x, mode="clip")
                np.take(problem.y, order, axis=0, out=y, mode="clip")
                data = x, y
            for start in range(0, n, size):
                loss(*(part[start : start + size] for part in data))
                step()
        return {key: weight.copy() for key, weight in params.items()}

    return run


def _layout(problem: Classifier, size: int) -> tuple[Callable[[Weights, Weights, int], Loss], bool]:
    """The layout that is fastest for a batch, and whether the first layer lies transposed in it."""
    layouts = {
        "as they are": (sample_major, False),
        "transposed": (sample_major, True),
        "features first": (feature_major, False),
    }
    calls = {}
    for name, (layout, turned) in layouts.items():
        params, slopes = (_flat(problem.params, turned)[1] for _ in range(2))
        calls[name] = _call(layout(params, slopes, size), problem.x[:size], problem.y[:size])
    return layouts[fastest(calls, PACE)]


def _flat(params: Weights, turned: bool) -> tuple[Array, Weights]:
    """The weights in one vector, and views into it; W1 lies transposed if `turned`."""
    first = ("W1",) if turned else ()
    lying = {key: weight.T if key in first else weight for key, weight in params.items()}
    vector = np.concatenate([weight.ravel() for weight in lying.values()])
    views, start = {}, 0
    for key, weight in lying.items():
        view = vector[start : start + weight.size].reshape(weight.shape)
        views[key] = view.T if key in first else view
        start += weight.size
    return vector, views


def descent(vector: Array, slope: Array, rate: float) -> Callable[[], None]:
    """Plain gradient descent in place."""
    factor = np.array(rate, vector.dtype)

    def step() -> None:
        np.multiply(slope, factor, out=slope)
        np.subtract(vector, slope, out=vector)

    return step


def adam(vector: Array, slope: Array, rate: float) -> Callable[[], None]:
    """Adam in place, ten passes: both moments are kept without their factors 1 - beta."""
    decay, square_decay = (np.array(beta, vector.dtype) for beta in (0.9, 0.999))
    mean, square, move = np.zeros_like(vector), np.zeros_like(vector), np.empty_like(vector)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        scale = math.sqrt(0.001 / (1 - 0.999**steps))
        np.multiply(mean, decay, out=mean)
        np.add(mean, slope, out=mean)
        np.multiply(slope, slope, out=slope)
        np.multiply(square, square_decay, out=square)
        np.add(square, slope, out=square)
        np.sqrt(square, out=move)
        np.add(move, 1e-8 / scale, out=move)
        np.divide(mean, move, out=move)
        np.multiply(move, rate * 0.1 / (1 - 0.9**steps) / scale, out=move)
        np.subtract(vector, move, out=vector)

    return step
