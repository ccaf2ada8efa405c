"""animal

    beta1 = W1*x + b1, N x 1
    h = sigmoid(beta1), N x 1
    beta2 = W2*h + b2
    y_hat = sigmoid(beta2)
    L = -y*log(y_hat) - (1 - y)*log(1 - y_hat)

The equations are those of one sample; the functions below take a batch of n samples and
give the mean loss. The mean is taken where the loss begins: each delta is dL/d(value)
of one sample over n, and gradients add up over the batch.

Shapes, for a batch of n samples:

    x      (n, D)  input
    y      (n,)    target, binary
    W1     (N, D)  weight
    b1     (N,)    weight
    W2     (1, N)  weight
    b2     (1,)    weight
    y_hat  (n,)    output

A gradient has the shape of what it is taken by.

    python animal.py check
    python animal.py train DATA --save weights.npz
    python animal.py evaluate DATA --weights weights.npz
    python animal.py predict DATA --weights weights.npz --out outputs.csv
"""

import argparse
import functools
import hashlib
import json
import math
import os
import signal
import sys
import time
import zipfile

import numpy as np

TOLERANCE = 1e-5  # of a gradient against central differences, relative
PAUSE = 1.0  # seconds from one saving of a training to the next, at least

WEIGHTS = {"W1": ("N", "D"), "b1": ("N",), "W2": (1, "N"), "b2": (1,)}
DATA = {"x": ("n", "D"), "y": ("n",)}
INPUTS = ("x",)
LABELS = {"y": "binary"}
OPTIMIZERS = ("sgd", "momentum", "adam")  # each has a vector more than the one before
SIZES = {"D": None, "N": 32}


class GradientError(ArithmeticError):
    """A gradient that differences of the loss contradict."""


class DivergenceError(FloatingPointError):
    """Training left the finite numbers; params and losses are the last good ones."""

    params, losses = None, None


def sigmoid(z, out=None, e=None):
    """1/(1 + exp(-z)), entry by entry, without overflow."""
    power = np.exp(np.negative(np.abs(z, out=e), out=e), out=e)
    top = np.maximum(np.greater_equal(z, 0, out=out), power, out=out)  # 1 or exp(z)
    return np.divide(top, np.add(power, 1, out=e), out=out)


def init_params(rng, *, D, N=32, init="normal", std=0.1):
    """Draw the weights: a dict of float64 arrays.

    rng is a NumPy Generator or a seed; the sizes are those of the shapes above.
    init is "normal" (every entry from N(0, std^2)), "he" or "glorot": these scale a
    matrix by its number of inputs, or of inputs and outputs, and set vectors to zero.
    """
    rng = np.random.default_rng(rng)
    return {
        "W1": _draw(rng, (N, D), init, std),
        "b1": _draw(rng, (N,), init, std),
        "W2": _draw(rng, (1, N), init, std),
        "b2": _draw(rng, (1,), init, std),
    }


def forward(params, x):
    """Return y_hat for a batch.

    x      (n, D)  input
    y_hat  (n,)    output
    """
    params, x = _checked(params, x)
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"][0], params["b2"][0]
    beta1 = x @ W1.T + b1  # W1*x + b1
    h = sigmoid(beta1)
    beta2 = h @ W2 + b2  # W2*h + b2
    y_hat = sigmoid(beta2)
    return y_hat


def loss(params, x, y):
    """Return the loss, its mean over the batch, as a float."""
    params, x, y = _checked(params, x, y)
    n = x.shape[0]
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"][0], params["b2"][0]
    beta1 = x @ W1.T + b1  # W1*x + b1
    h = sigmoid(beta1)
    beta2 = h @ W2 + b2  # W2*h + b2
    # L = -y*log(y_hat) - (1 - y)*log(1 - y_hat)
    value = y @ np.logaddexp(0, -beta2) / n + (1 - y) @ np.logaddexp(0, beta2) / n
    return float(value)


def loss_and_gradients(params, x, y, *, workspace=None):
    """Return the loss and its gradients, a dict of arrays shaped like params.

    A workspace, made by make_workspace for batches of this size, holds the arrays that
    are written, the gradients among them. With one, the arguments are taken as they
    are: arrays of one floating-point type that were checked before.
    """
    if workspace is None:
        params, x, y = _checked(params, x, y, alike=True)
        workspace = _workspace(params, x, y)
    gradients, arrays = workspace
    if arrays[0].shape[1] != x.shape[0]:
        raise ValueError("the workspace was made for a batch of another size")
    beta1, scratch_1, beta2, y_hat, scratch_2, value_2, count, ones_n = arrays
    n = x.shape[0]
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"][0], params["b2"][0]
    # beta1 = W1*x + b1
    W1.dot(x.T, out=beta1)
    beta1 += b1[:, None]
    h = sigmoid(beta1, out=beta1, e=scratch_1)
    # beta2 = W2*h + b2
    h.T.dot(W2, out=beta2)
    beta2 += b2
    sigmoid(beta2, out=y_hat, e=scratch_2)
    # L = -y*log(y_hat) - (1 - y)*log(1 - y_hat)
    value_1 = np.negative(beta2, out=scratch_2)
    value_1 = np.logaddexp(0, value_1, out=scratch_2)
    np.subtract(1, y, out=value_2)
    value_3 = np.logaddexp(0, beta2, out=beta2)
    value = y.dot(value_1) / n + value_2.dot(value_3) / n
    # delta_beta2 = (y_hat - y)/n
    delta_beta2 = np.subtract(y_hat, y, out=y_hat)
    delta_beta2 /= count
    # delta_beta1 = delta_beta2*W2.T.*h.*(1 - h)
    delta_beta1 = np.subtract(1, h, out=scratch_1)
    delta_beta1 *= delta_beta2
    delta_beta1 *= W2[:, None]
    delta_beta1 *= h
    delta_beta1.dot(x, out=gradients["W1"])  # dL/dW1 = delta_beta1*x.T
    delta_beta1.dot(ones_n, out=gradients["b1"])  # dL/db1 = delta_beta1
    delta_beta2.dot(h.T, out=gradients["W2"][0])  # dL/dW2 = delta_beta2*h.T
    gradients["b2"][...] = ones_n.dot(delta_beta2)  # dL/db2 = delta_beta2
    return float(value), gradients


def make_workspace(params, x, y):
    """Return what loss_and_gradients writes into: the gradients, and arrays on the way.

    It fits batches of the size of this one, and arrays of the same floating-point type.
    """
    return _workspace(*_checked(params, x, y, alike=True))


def train(
    params,
    x,
    y,
    *,
    epochs,
    batch_size=32,
    learning_rate,
    optimizer="sgd",
    momentum=0.9,
    betas=(0.9, 0.999),
    epsilon=1e-8,
    tolerance=0.0,
    rng=None,
    progress=False,
    save=None,
    resume=False,
):
    """Train; return new params, and the loss of every epoch as a list.

    An epoch takes the samples in a random order of its own (rng: a Generator or a
    seed), batch_size at a time; None takes all at once. Its loss is the mean over the
    samples, as they were met. Data of float32 trains in float32.
    optimizer is "sgd", "momentum" or "adam" (with betas and epsilon). Training ends
    early when the loss changes by less than tolerance between two epochs. progress=True
    prints a line a second to stderr.

    save is a file for the weights; beside it, in a file that ends with .state, is what
    it takes to go on. Both are written at the end, also when training is interrupted,
    and at most once a second at the end of an epoch. With resume=True the same call
    goes on from there, if there is something, to the same result bit for bit; only
    epochs may be more. DivergenceError: the loss or a weight is no longer finite; its
    params and losses are those of the last good epoch, as those of a KeyboardInterrupt.
    """
    params, x, y = _finite(params, x, y)
    return _descend(
        params,
        (x, y),
        {},
        epochs=epochs,
        batch_size=batch_size,
        rule=(optimizer, learning_rate, momentum, betas, epsilon),
        tolerance=tolerance,
        rng=np.random.default_rng(rng),
        progress=progress,
        save=save,
        resume=resume,
    )


def evaluate(params, x, y):
    """Return loss, accuracy and error rate, as a dict of floats."""
    params, x, y = _finite(params, x, y)
    value = _accuracy(forward(params, x), y)
    return {"loss": loss(params, x, y), "accuracy": value, "error_rate": 1.0 - value}


def check_gradients(params, x, y):
    """Hold the gradients against central differences of the loss, in float64.

    Return the worst relative error of every weight. GradientError: an entry is wrong.
    Every entry is tried; of a weight with more than 500, some by themselves and all in
    random groups. What lies at a kink of the loss is skipped.
    """
    params, x, y = _finite(params, x, y)
    return _compare(params, (x, y), {})[0]


def save_params(path, params):
    """Write the weights to a .npz file, whole or not at all."""
    _save(path, _weights(params, {}))


def load_params(path):
    """Read the weights from a .npz file and check their names and numbers of axes."""
    arrays = _load(path)
    missing = [key for key in WEIGHTS if key not in arrays]
    if missing:
        raise ValueError(
            f"{path} lacks the weights {_listed(missing)}; it holds {_listed(arrays)}"
        )
    params = {key: arrays[key] for key in WEIGHTS}
    _fit(params, WEIGHTS, {})
    return params


# Checks of what comes in


def _checked(params, *data, alike=False):
    """Return weights and data as floating-point arrays, once they are found to fit.

    If alike, they are all made the widest type among them.
    """
    if not _ready(params, data):
        params, *data = _converted(params, *data)
        if alike:
            params, *data = _alike(params, *data)
    for key, array in zip(DATA, data, strict=False):
        if key in LABELS:
            _check_labels(key, array)
    return params, *data


def _ready(params, data):
    """Tell whether these are arrays of one usual type already, of shapes that fit."""
    arrays = (*params.values(), *data)
    kind = getattr(arrays[0], "dtype", None)
    for array in arrays:
        if type(array) is not np.ndarray or array.dtype != kind:
            return False
    usual = kind in (np.float32, np.float64) and tuple(params) == tuple(WEIGHTS)
    return usual and _fitting(tuple([array.shape for array in arrays]))


@functools.lru_cache  # mostly asked again for the shapes of the call before
def _fitting(given):
    """Tell whether the shapes of all weights and of data fit those declared."""
    sizes, declared = {}, (*WEIGHTS.values(), *DATA.values())
    for shape, lengths in zip(declared, given, strict=False):
        if len(shape) != len(lengths):
            return False
        for size, length in zip(shape, lengths, strict=True):
            expected = size if isinstance(size, int) else sizes.setdefault(size, length)
            if length != expected:
                return False
    return sizes.get("n") != 0


def _converted(params, *data):
    """Return weights and data as floating-point arrays; their shapes have to fit."""
    sizes = {}
    params = _weights(params, sizes)
    arrays = {key: _array(key, a) for key, a in zip(DATA, data, strict=False)}
    _fit(arrays, DATA, sizes)
    if sizes.get("n") == 0:
        raise ValueError("the batch is empty")
    kinds = {a.dtype for a in arrays.values() if a.dtype.kind == "f"}
    kind = np.result_type(np.float32, *(kinds or {w.dtype for w in params.values()}))
    return params, *(array.astype(kind, copy=False) for array in arrays.values())


def _finite(params, *data):
    """Return what _checked does, once all numbers are found to be finite."""
    params, *data = _checked(params, *data)
    arrays = {**params, **dict(zip(DATA, data, strict=False))}
    for key, array in arrays.items():
        finite = np.isfinite(array)
        if not finite.all():
            index = [int(i) for i in np.argwhere(~finite)[0]]
            found = f"{array[tuple(index)]} at {index}" if index else f"{array}"
            raise ValueError(f"{key} holds {found}; expected finite numbers")
    return params, *data


def _alike(params, *data):
    """Return arrays of one floating-point type, the widest among them."""
    kinds = {array.dtype for array in (*params.values(), *data)}
    if len(kinds) == 1:
        return params, *data
    kind = np.result_type(*kinds)
    params = {key: array.astype(kind, copy=False) for key, array in params.items()}
    return params, *(array.astype(kind, copy=False) for array in data)


def _weights(params, sizes):
    """Return the weights as floating-point arrays; their shapes tell the sizes."""
    if params.keys() != WEIGHTS.keys():
        lacking = [key for key in WEIGHTS if key not in params]
        if lacking:
            raise ValueError(f"params lack {_listed(lacking)}")
        unknown = [key for key in params if key not in WEIGHTS]
        raise ValueError(f"params hold {_listed(unknown)}, unknown here")
    arrays = {key: _array(key, params[key]) for key in WEIGHTS}
    _fit(arrays, WEIGHTS, sizes)
    return {
        key: array if array.dtype.kind == "f" else array.astype(np.float64)
        for key, array in arrays.items()
    }


def _array(key, numbers):
    """Return numbers as an array."""
    if np.ma.is_masked(numbers):
        raise ValueError(f"{key} is masked in places; fill these with numbers")
    try:
        return np.asarray(numbers)
    except ValueError as error:
        raise ValueError(f"{key} is no array of numbers: {error}") from error


def _fit(arrays, shapes, sizes):
    """Check arrays against shapes; a symbolic size is bound where it is met first."""
    for key, array in arrays.items():
        shape = shapes[key]
        if array.shape == shape and array.dtype.kind == "f":
            continue
        if array.dtype.kind not in "biuf":
            raise ValueError(f"{key} holds {array.dtype}; expected real numbers")
        fits = array.ndim == len(shape)
        for size, length in zip(shape, array.shape, strict=False):
            expected = size if isinstance(size, int) else sizes.setdefault(size, length)
            fits = fits and length == expected
        if not fits:
            known = [f"{size} = {sizes[size]}" for size in shape if size in sizes]
            raise ValueError(
                f"{key} has the shape {array.shape}; expected {_shape(shape)}"
                + (f" with {_listed(known)}" if known else "")
            )


def _shape(shape):
    """Return a shape as text."""
    return f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"


def _listed(words):
    """Return words as text."""
    return ", ".join(map(str, words)) or "nothing"


def _check_labels(key, labels):
    """Check that the values of labels are what they are declared to be."""
    fits = ((labels == 0) | (labels == 1)).all()
    if not fits:
        raise ValueError(f"{key} is declared binary: entries are 0 or 1")


def _accuracy(outputs, labels):
    """Return the share of labels that the outputs get right."""
    return float(np.mean((outputs > 0.5) == (labels > 0.5)))


# Starting and training


def _workspace(params, x, y):
    """Return new gradients and the other arrays that loss_and_gradients writes."""
    kind = next(iter(params.values())).dtype
    n = x.shape[0]
    N = params["W1"].shape[0]
    gradients = {key: np.empty(weight.shape, kind) for key, weight in params.items()}
    return gradients, (
        np.empty((N, n), kind),  # beta1
        np.empty((N, n), kind),  # scratch_1
        np.empty((n,), kind),  # beta2
        np.empty((n,), kind),  # y_hat
        np.empty((n,), kind),  # scratch_2
        np.empty((n,), kind),  # value_2
        np.array(n, kind),  # count
        _ones((n,), kind),  # ones_n
    )


def _ones(shape, kind):
    """Return an array of ones; np.ones takes twice as long for a small one."""
    array = np.empty(shape, kind)
    array.fill(1)
    return array


def _draw(rng, shape, init, std):
    """Draw one weight; the axes of a matrix are its outputs, then its inputs."""
    if not all(size >= 1 and size % 1 == 0 for size in shape):
        raise ValueError(f"a weight has the shape {shape}; expected sizes from 1")
    if init not in ("normal", "he", "glorot"):
        raise ValueError(f'init is {init!r}; it can be "normal", "he" or "glorot"')
    if init != "normal" and len(shape) == 1:
        return np.zeros(shape)
    inputs, outputs = math.prod(shape[1:]), math.prod(shape[:1])
    if init == "he":
        std = math.sqrt(2.0 / inputs)
    elif init == "glorot":
        std = math.sqrt(2.0 / (inputs + outputs))
    return rng.normal(0.0, std, shape) if shape else np.array(rng.normal(0.0, std))


def _flat(params, kind):
    """Copy weights into one vector; return it and, key by key, the views into it."""
    vector = np.concatenate([weight.ravel() for weight in params.values()], dtype=kind)
    views, start = {}, 0
    for key, weight in params.items():
        views[key] = vector[start : start + weight.size].reshape(weight.shape)
        start += weight.size
    return vector, views


def _descend(
    params,
    data,
    hyperparameters,
    *,
    epochs,
    batch_size,
    rule,
    tolerance,
    rng,
    progress,
    save,
    resume,
):
    """Train on checked data: weights and gradients live in one vector each."""
    n = len(data[0])
    batch_size = n if batch_size is None else batch_size
    if not (batch_size >= 1 and batch_size % 1 == 0):
        raise ValueError(f"batch_size is {batch_size}; expected a whole number or None")
    _check_settings(rule, epochs, tolerance)
    kind = np.result_type(*(data or params.values()))
    vector, weights = _flat(params, kind)
    slopes, gradients = _flat(params, kind)
    memory = np.zeros_like(vector), np.zeros_like(vector)
    decays = [np.array(beta, kind) for beta in rule[3]]  # as arrays: quicker to read
    shuffled = data if batch_size >= n else [array.copy() for array in data]
    batches = list(_batches(weights, gradients, shuffled, n, int(batch_size)))

    def epoch(number):
        total, steps = 0.0, (number - 1) * len(batches)
        if shuffled is not data:
            _shuffle(data, shuffled, rng.permutation(n))
        for share, batch, workspace in batches:
            value, _ = loss_and_gradients(
                weights, *batch, **hyperparameters, workspace=workspace
            )
            steps += 1
            total += value * share
            _move(vector, slopes, memory, decays, steps, rule)
        return total

    state = (vector, *memory)[: OPTIMIZERS.index(rule[0]) + 1]
    settings = {"batch_size": batch_size, "tolerance": tolerance, **hyperparameters}
    origin = save and _origin(params, data, rule, settings, rng)
    training = _Training(weights, state, rng, save, origin)
    if resume:
        training.resume()
    with np.errstate(all="ignore"):  # what is not finite is met there
        _repeat(epoch, training, int(epochs), tolerance, progress)
    return training.params(), training.losses


def _check_settings(rule, epochs, tolerance):
    """Refuse settings of a training that make no sense."""
    optimizer, rate, momentum, betas, epsilon = rule
    if optimizer not in OPTIMIZERS:
        raise ValueError(
            f'optimizer is {optimizer!r}; it can be "sgd", "momentum" or "adam"'
        )
    if not 0 <= rate < math.inf:
        raise ValueError(f"learning_rate is {rate}; expected a positive number")
    if not (0 <= momentum <= 1 and 0 <= min(betas) <= max(betas) < 1):
        raise ValueError(
            f"momentum is {momentum}, betas are {betas}; expected numbers from 0 to 1"
        )
    if not (0 <= epsilon < math.inf and 0 <= tolerance < math.inf):
        raise ValueError(
            f"epsilon is {epsilon}, tolerance is {tolerance}; expected numbers from 0"
        )
    if not (epochs >= 0 and epochs % 1 == 0):
        raise ValueError(f"epochs is {epochs}; expected a whole number")


def _repeat(epoch, training, epochs, tolerance, progress):
    """Take epochs until there are enough, or the loss settles.

    Once a second, at the end of an epoch, the training is copied and saved. When it is
    interrupted or diverges, it goes back there and takes the epochs since then again:
    it ends with its last whole epoch.
    """
    losses, weights = training.losses, training.state[0]
    if len(losses) > epochs:
        raise ValueError(f"{len(losses)} epochs are taken already; epochs is {epochs}")
    copy, due = training.copy(), time.monotonic() + PAUSE
    try:
        done = len(losses) == epochs or _settled(losses, tolerance)
        while not done:
            total = epoch(len(losses) + 1)
            # the product is quicker, and finite only if all weights are
            finite = math.isfinite(weights.dot(weights)) or np.isfinite(weights).all()
            if not (math.isfinite(total) and finite):
                raise DivergenceError(
                    f"epoch {len(losses) + 1}: the loss is {total:g} and the weights"
                    " run away; a smaller learning_rate may help"
                )
            losses.append(total)
            done = len(losses) == epochs or _settled(losses, tolerance)
            start = time.monotonic()
            if progress and (done or start >= due or len(losses) == 1):
                count = f"epoch {len(losses)}/{epochs}"
                print(f"{count}  loss {total:.6g}", file=sys.stderr)
            if start >= due and not done:
                copy = training.copy()
                training.save()
                now = time.monotonic()
                due = now + PAUSE * max(1, 50 * (now - start))  # little of the time
    except (DivergenceError, KeyboardInterrupt) as error:
        whole = len(losses)
        training.go_back(copy)
        while len(losses) < whole:
            losses.append(epoch(len(losses) + 1))
        error.params, error.losses = training.params(), losses
        if losses:
            training.save()
            if progress:
                print(f"back at the end of epoch {whole}/{epochs}", file=sys.stderr)
        raise
    training.save()


def _settled(losses, tolerance):
    """Whether the loss changes by less than the tolerance."""
    return len(losses) > 1 and abs(losses[-2] - losses[-1]) < tolerance


class _Training:
    """What a training goes on with after an epoch: to be copied, saved and resumed.

    The state is vectors, the weights first; the weights by name are views of it.
    """

    def __init__(self, weights, state, rng, path, origin):
        self.weights, self.state, self.rng = weights, state, rng
        self.path, self.origin, self.losses = path, origin, []

    def params(self):
        """Return the weights as arrays of their own."""
        return {key: weight.copy() for key, weight in self.weights.items()}

    def copy(self):
        """Return what another epoch would change."""
        return list(self.losses), np.stack(self.state), self.rng.bit_generator.state

    def go_back(self, copy):
        """Become what was copied."""
        self.losses[:], vectors, self.rng.bit_generator.state = copy
        for vector, values in zip(self.state, vectors, strict=True):
            vector[...] = values.reshape(vector.shape)

    def save(self):
        """Write the weights, and beside them what it takes to go on."""
        if not self.path:
            return
        losses, vectors, rng = self.copy()
        text = {"origin": self.origin, "rng": rng}
        arrays = {
            "losses": losses,
            "state": vectors,
            "text": json.dumps(text, default=np.ndarray.tolist),
        }
        _write(f"{self.path}.state", lambda file: np.savez(file, **arrays))
        save_params(self.path, self.weights)

    def resume(self):
        """Go on where the same training was saved, if it was."""
        if not self.path:
            raise ValueError("resume needs save: the file of what is to go on")
        path = f"{self.path}.state"
        if not os.path.exists(path):
            return
        arrays = _load(path)
        try:
            text = json.loads(str(arrays["text"]))
            before = {key: text["origin"][key] for key in self.origin}
            if before == self.origin:
                self.go_back((arrays["losses"].tolist(), arrays["state"], text["rng"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} holds no training to go on with") from error
        changed = [
            f"{key} was {before[key]}, is {value}"
            for key, value in self.origin.items()
            if before[key] != value
        ]
        if changed:
            raise ValueError(f"{path} is of another training: {_listed(changed)}")


def _origin(params, data, rule, settings, rng):
    """Return by name, as text, what the result of a training depends on."""
    names = "optimizer", "learning_rate", "momentum", "betas", "epsilon"
    settings = {**settings, **dict(zip(names, rule, strict=True))}
    return {
        **{key: str(value) for key, value in settings.items()},
        "the network": _checksum(str(__doc__)),
        "the first weights": _checksum(*params.values()),
        "the data": _checksum(*data),
        "the random generator": _checksum(str(rng.bit_generator.state)),
    }


def _checksum(*parts):
    """Return a checksum of arrays and texts."""
    digest = hashlib.sha256()
    for array in map(np.ascontiguousarray, parts):
        digest.update(f"{array.dtype.str} {array.shape}".encode())
        digest.update(array.view(np.uint8))
    return f"sha256 {digest.hexdigest()[:16]}"


def _batches(weights, gradients, data, n, batch_size):
    """Yield the batches: share of the samples, views of the data, workspace."""
    spaces = {}
    for start in range(0, n, batch_size):
        stop = min(start + batch_size, n)
        batch = _taken(data, slice(start, stop))
        size = stop - start
        if size not in spaces:
            spaces[size] = gradients, _workspace(weights, *batch)[1]
        yield size / n, batch, spaces[size]


def _taken(data, samples):
    """Return some of the samples."""
    return [array[samples] for array in data]


def _shuffle(data, shuffled, order):
    """Copy the samples in another order."""
    for array, copy in zip(data, shuffled, strict=True):
        np.take(array, order, axis=0, out=copy, mode="clip")


def _move(weights, slopes, memory, decays, steps, rule):
    """Take one step against the slopes, in place; they are used up."""
    optimizer, rate, momentum, (decay, square_decay), epsilon = rule
    mean, square = memory
    if optimizer == "sgd":
        slopes *= rate
    elif optimizer == "momentum":
        mean *= momentum
        mean += slopes
        np.multiply(mean, rate, out=slopes)
    else:
        # mean and square are sums, (1 - decay) and (1 - square_decay) still to come
        mean *= decays[0]
        mean += slopes
        slopes *= slopes
        square *= decays[1]
        square += slopes
        scale = math.sqrt((1 - square_decay**steps) / (1 - square_decay))
        np.sqrt(square, out=slopes)
        slopes += epsilon * scale
        np.divide(mean, slopes, out=slopes)
        slopes *= rate * scale * (1 - decay) / (1 - decay**steps)
    weights -= slopes


# Checking the gradients


def _compare(params, data, hyperparameters):
    """Return the worst relative errors of gradients and counts of kinks, by weight."""
    weights = {key: np.array(w, np.float64, order="C") for key, w in params.items()}
    data = [np.asarray(array, np.float64) for array in data]
    rng = np.random.default_rng(0)
    worst, kinks = dict.fromkeys(weights, 0.0), dict.fromkeys(weights, 0)
    with np.errstate(all="ignore"):
        value, gradients = loss_and_gradients(weights, *data, **hyperparameters)
        if not math.isfinite(value):
            raise GradientError(f"the loss is {value} here, so it has no differences")
        point = weights, value, gradients, data, hyperparameters
        for key, entries, direction in _probes(weights, rng):
            found = _tried(point, key, entries, direction)
            if not found[0] <= TOLERANCE:
                raise GradientError(_blame(point, key, entries, found))
            worst[key] = max(worst[key], found[0])
            kinks[key] += found[3]
    return worst, kinks


def _probes(weights, rng, limit=500):
    """Yield where to try a gradient: a weight, entries of it, a direction over these.

    Each entry by itself if they are few; else some of them, then all in random groups.
    """
    for key, weight in weights.items():
        order = rng.permutation(weight.size)
        few = weight.size if weight.size <= limit else limit // 5
        for entry in np.sort(order[:few]):
            yield key, np.array([entry]), np.ones(1)
        for entries in np.array_split(order, limit - few) if few < weight.size else ():
            signs = rng.choice((-1.0, 1.0), len(entries))
            yield key, entries, signs / math.sqrt(len(entries))


def _blame(point, key, entries, found):
    """Return what is wrong with a gradient, for the entry to blame if there is one."""
    shape, place = point[0][key].shape, f"along a direction over {len(entries)} entries"
    for entry in entries:
        single = _tried(point, key, np.array([entry]), np.ones(1))
        if not single[0] <= TOLERANCE:
            index = [int(i) for i in np.unravel_index(entry, shape)]
            place, found = f"at {index}" if index else "itself", single
            break
    error, slope, quotient, _ = found
    return (
        f"the gradient of {key} {place} is {slope:.10g}, by central differences"
        f" {quotient:.10g}: relative error {error:.3g}, tolerance {TOLERANCE:g}"
    )


def _tried(point, key, entries, direction):
    """Hold a gradient against differences, nearby if the point is an intricate kink."""
    error, slope, quotient, kink = _held(*point, key, entries, direction)
    if kink and error > TOLERANCE:
        weights, _, _, data, hyperparameters = point
        rng = np.random.default_rng(0)
        beside = {k: w + rng.normal(0.0, 1e-3, w.shape) for k, w in weights.items()}
        other = loss_and_gradients(beside, *data, **hyperparameters)
        point = beside, *other, data, hyperparameters
        error, slope, quotient, _ = _held(*point, key, entries, direction)
    return error, slope, quotient, kink


def _held(weights, value, gradients, data, hyperparameters, key, entries, direction):
    """Hold a slope against differences: return its error, it, the quotient, and kink.

    Several steps are tried, as one may be too long for a bend, another too short for
    the rounding of the loss; the best counts. At a kink, the differences to the left
    and to the right go on to differ; a slope that lies between them has no error.
    """
    slope = float(gradients[key].reshape(-1)[entries] @ direction)
    weight = weights[key].reshape(-1)
    origin, epsilon = weight[entries], float(np.finfo(np.float64).eps)
    longest = 16 * epsilon ** (1 / 3) * max(1.0, float(np.max(np.abs(origin))))
    best, jumps = (math.inf, math.nan), []
    for step in (longest / 16, longest, longest / 256, longest / 1024):
        weight[entries] = origin + step * direction
        right = (loss(weights, *data, **hyperparameters) - value) / step
        weight[entries] = origin - step * direction
        left = (value - loss(weights, *data, **hyperparameters)) / step
        weight[entries] = origin
        quotient, rounding = (left + right) / 2, 10 * epsilon * abs(value) / step
        scale = max(abs(slope), abs(quotient)) + rounding / TOLERANCE
        error = abs(slope - quotient) / scale if scale else 0.0
        if error <= TOLERANCE:
            return error, slope, quotient, False
        best = min(best, (error, quotient)) if math.isfinite(error) else best
        jumps.append(abs(right - left))
    slack = TOLERANCE * scale
    if min(left, right) - slack <= slope <= max(left, right) + slack:
        return 0.0, slope, quotient, True
    return best[0], slope, best[1], jumps[-1] > max(jumps[0] / 4, slack)


# Files


def _save(path, arrays):
    """Write arrays to a .npz file."""
    _write(path, lambda file: np.savez(file, **arrays))


def _write(path, write):
    """Write a file whole or not at all: beside its place first, then into it."""
    _require_writable(path)
    beside = f"{path}.{os.urandom(4).hex()}.part"
    try:
        with open(beside, "xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise OSError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def _require_writable(path):
    """Refuse what cannot become a file, or is something else already."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise OSError(f"{path} cannot be written: there is no folder {folder}")
    if os.path.islink(path):
        raise OSError(f"{path} is a link; name the file that it stands for")
    if os.path.isdir(path):
        raise OSError(f"{path} is a folder; name a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise OSError(f"{path} is no regular file")
    for place in (folder, path):
        if os.path.exists(place) and not os.access(place, os.W_OK):
            raise OSError(f"{path} cannot be written: {place} is read-only")


def _load(path):
    """Return the arrays of a .npz file by name; nothing in it is unpickled."""
    with open(path, "rb") as file:
        if not zipfile.is_zipfile(file):
            raise ValueError(f"{path} is not a .npz file")
        try:
            with zipfile.ZipFile(file) as archive:
                size = sum(member.file_size for member in archive.infolist())
            if size > max(2**30, 100 * os.fstat(file.fileno()).st_size):
                raise ValueError(f"it would expand to {size} bytes")
            file.seek(0)
            with np.load(file, allow_pickle=False) as archive:
                return {name: np.asarray(archive[name]) for name in archive.files}
        except Exception as error:  # there is no end to what a broken file may raise
            raise ValueError(f"{path} cannot be read: {error}") from error


def _read(path, keys, sizes):
    """Read data from a .npz file by key, or from the columns of a .csv file."""
    if path.endswith(".csv"):
        return _columns(_table(path), keys, sizes)
    arrays = _load(path)
    missing = [key for key in keys if key not in arrays]
    if missing:
        raise ValueError(
            f"{path} lacks the arrays {_listed(missing)}; it holds {_listed(arrays)}"
        )
    return {key: arrays[key] for key in keys}


def _table(path):
    """Read the numbers of a .csv file; its first line may be a header."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            rows = file.readlines()
        if any("\0" in row for row in rows):
            raise ValueError("it holds NUL characters")
    except ValueError as error:
        raise ValueError(f"{path} is not a text file: {error}") from error
    try:
        header = not [float(cell) for cell in rows[0].split(",")]
    except (IndexError, ValueError):
        header = True
    rows = rows[header:]
    if not any(row.strip() for row in rows):
        raise ValueError(f"{path} holds no samples")
    try:
        return np.loadtxt(rows, delimiter=",", ndmin=2, comments=None, quotechar='"')
    except ValueError as error:
        raise ValueError(f"{path}: {error}{' (behind the header)' * header}") from error


def _columns(table, keys, sizes):
    """Cut a table into arrays: for each sample its entries, array by array."""
    shapes = {
        key: [
            size if isinstance(size, int) else sizes.get(size, -1)
            for size in DATA[key][1:]
        ]
        for key in keys
    }
    unknown = [key for key, shape in shapes.items() if -1 in shape]
    width = sum(math.prod(s) for key, s in shapes.items() if key not in unknown)
    rest = table.shape[1] - width
    if unknown:
        shape = shapes[unknown[0]]
        known = -math.prod(shape)
        if len(unknown) > 1 or shape.count(-1) > 1 or rest < known or rest % known:
            raise ValueError(
                f"{table.shape[1]} columns do not tell the sizes of"
                f" {_listed(unknown)}; give them as options, or the data as .npz"
            )
        shape[shape.index(-1)], rest = rest // known, 0
    if rest:
        wanted = [f"{math.prod(shape)} for {key}" for key, shape in shapes.items()]
        raise ValueError(
            f"the table has {table.shape[1]} columns; expected {width}:"
            f" {_listed(wanted)}"
        )
    stops = np.cumsum([math.prod(shape) for shape in shapes.values()])
    pieces = np.split(table, stops[:-1], axis=1)
    return {
        key: piece.reshape(len(table), *shape)
        for (key, shape), piece in zip(shapes.items(), pieces, strict=True)
    }


# The command line


def main(argv=None):
    """Run a command; return the exit status."""
    options = _parser().parse_args(argv)
    try:
        options.run(options)
    except (ArithmeticError, MemoryError, OSError, ValueError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return 0


def _parser():
    """Describe the command line."""
    parser = argparse.ArgumentParser(description="animal")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(run, text):
        added = commands.add_parser(
            run.__name__.removeprefix("_run_"),
            help=text,
            description=text,
            allow_abbrev=False,
        )
        added.set_defaults(run=run)
        return added

    check = command(_run_check, "check the gradients against finite differences")
    train = command(_run_train, "train on a data file and save the weights")
    evaluate = command(_run_evaluate, "print the loss of weights on a data file")
    predict = command(_run_predict, "write the outputs of weights for a data file")
    check.add_argument("data", metavar="DATA", nargs="?", help="else random data")
    for added in (train, evaluate, predict):
        added.add_argument("data", metavar="DATA", help=".npz, or .csv")
    for added in (evaluate, predict):
        added.add_argument("--weights", metavar="FILE", required=True, help=".npz")
    for added in (check, train):
        added.add_argument("--weights", metavar="FILE", help="start from these")
    for added in (check, train):
        for name, default in SIZES.items():
            text = "" if default is None else f"; default {default}"
            added.add_argument(f"--{name}", type=int, help=f"size{text}")
    for added in (check, train):
        added.add_argument("--seed", type=int, default=0, help="default 0")
    predict.add_argument("--out", metavar="FILE", required=True, help=".npz or .csv")
    train.add_argument("--save", metavar="FILE", help="write the weights here (.npz)")
    train.add_argument(
        "--resume", action="store_true", help="go on where FILE was saved, if it was"
    )
    train.add_argument("--epochs", type=int, default=100, help="default 100")
    train.add_argument("--batch-size", type=int, default=32, help="default 32")
    train.add_argument(
        "--hold-out", type=float, default=0.2, help="share held out; default 0.2"
    )
    train.add_argument("--learning-rate", type=float, default=0.1, help="default 0.1")
    train.add_argument("--optimizer", choices=OPTIMIZERS, default="sgd")
    train.add_argument("--init", choices=("normal", "he", "glorot"), default="normal")
    train.add_argument("--std", type=float, default=0.1, help="of normal; default 0.1")
    train.add_argument(
        "--tolerance", type=float, default=0.0, help="stop below this change of loss"
    )
    return parser


def _given(options):
    """Return the sizes among the options."""
    given = {name: size for name, size in vars(options).items() if name in SIZES}
    sizes = {name: size for name, size in given.items() if size is not None}
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"--{name} is {size}; a size is at least 1")
    return sizes


def _chosen(sizes):
    """Return the sizes for init_params: as told, else their defaults."""
    chosen = {name: sizes.get(name, default) for name, default in SIZES.items()}
    missing = [f"--{name}" for name, size in chosen.items() if size is None]
    if missing:
        raise ValueError(f"nothing tells all sizes; give {_listed(missing)}")
    return chosen


def _batch(options, params=None, keys=tuple(DATA)):
    """Read the data file of a command: its arrays in order, and the sizes they tell."""
    sizes = _given(options)
    if params is not None:
        _fit(params, WEIGHTS, sizes)
    arrays = _read(options.data, keys, sizes)
    _fit(arrays, DATA, sizes)
    return list(arrays.values()), sizes


def _run_check(options):
    """Check the gradients, on the first 100 samples of DATA or on random data."""
    rng = np.random.default_rng(options.seed)
    params = load_params(options.weights) if options.weights else None
    if options.data is None:
        params, data = _random_point(options, params, rng)
    else:
        data, sizes = _batch(options, params)
        data = _taken(data, slice(100))
        if params is None:
            params = init_params(rng, **_chosen(sizes))
    params, *data = _finite(params, *data)
    worst, kinks = _compare(params, data, {})
    for key, error in worst.items():
        skipped = f"; kinks met and skipped: {kinks[key]}" if kinks[key] else ""
        print(f"{key}: worst relative error {error:.2e}{skipped}")


def _random_point(options, params, rng):
    """Draw data, and weights if there are none, where the loss is finite."""
    sizes = _given(options)
    if params is not None:
        _fit(params, WEIGHTS, sizes)
    sizes = {name: small for small, name in enumerate(SIZES, start=2)} | sizes
    for attempt in range(20):
        point = params or init_params(
            rng, **{name: sizes[name] for name in SIZES}, std=1.0
        )
        data = _random_data(rng, n=7, D=sizes["D"])
        if attempt % 2:  # a logarithm or a root may ask for it
            point = {key: np.abs(weight) for key, weight in point.items()}
            data = [np.abs(array) for array in data]
        with np.errstate(all="ignore"):
            value = loss(point, *data)
        if math.isfinite(value):
            return point, data
    raise ValueError("the loss is finite at none of 20 random points; give DATA")


def _random_data(rng, n, D):
    """Draw a batch of n samples."""
    return [rng.standard_normal((n, D)), rng.integers(2, size=(n,))]


def _run_train(options):
    """Train on a share of the data, print how well it went, save the weights."""
    if options.save:
        _require_place(options.save)
    elif options.resume:
        raise ValueError("--resume goes on where --save FILE was written; give both")
    rng = np.random.default_rng(options.seed)
    params = load_params(options.weights) if options.weights else None
    data, sizes = _batch(options, params)
    if params is None:
        params = init_params(rng, **_chosen(sizes), init=options.init, std=options.std)
    order = rng.permutation(len(data[0]))
    held = round(options.hold_out * len(order)) if 0 <= options.hold_out < 1 else -1
    if not 0 <= held < len(order):
        raise ValueError(
            f"--hold-out {options.hold_out:g} leaves none of {len(order)} samples"
            " to train on"
        )
    params, _ = train(
        params,
        *_taken(data, order[held:]),
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        optimizer=options.optimizer,
        tolerance=options.tolerance,
        rng=rng,
        progress=True,
        save=options.save,
        resume=options.resume,
    )
    for name, part in ("training", order[held:]), ("held out", order[:held]):
        if len(part):
            scores = evaluate(params, *_taken(data, part))
            print(f"{name}: {len(part)} samples, {_scores(scores)}")


def _require_place(path):
    """Refuse a place where a training cannot be saved, or where something else is."""
    for file in (path, f"{path}.state"):
        _require_writable(file)
    if os.path.exists(path):
        try:
            load_params(path)
        except ValueError as error:
            raise ValueError(f"--save would overwrite a file: {error}") from error


def _scores(scores):
    """Return what evaluate found as text."""
    return _listed(f"{name} {score:.6g}" for name, score in scores.items())


def _run_evaluate(options):
    """Print what weights make of data."""
    params = load_params(options.weights)
    data, _ = _batch(options, params)
    scores = evaluate(params, *data)
    print(_scores(scores))


def _run_predict(options):
    """Write the outputs of weights for data."""
    if not options.out.endswith((".npz", ".csv")):
        raise ValueError(f"{options.out}: outputs are written as .npz or .csv")
    _require_writable(options.out)
    for path in (options.data, options.weights):
        if os.path.exists(options.out) and os.path.samefile(options.out, path):
            raise ValueError(f"--out would overwrite {path}")
    params = load_params(options.weights)
    try:
        data, _ = _batch(options, params, INPUTS)
    except ValueError:
        if not options.data.endswith(".csv"):
            raise
        data, _ = _batch(options, params)  # the targets are in the table, too
    outputs = forward(*_finite(params, *data[: len(INPUTS)]))
    if options.out.endswith(".csv"):
        table = outputs
        _write(options.out, lambda file: np.savetxt(file, table, "%.17g", ","))
    else:
        _save(options.out, {"y_hat": outputs})


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    raise SystemExit(main())


# made by symprop, checksum e0f4a85c78f2cacd
