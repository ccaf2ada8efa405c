"""class_probabilities

    beta1 = W1*x + b1, N x 1
    h = tanh(beta1), N x 1
    beta2 = W2*h + b2, V x 1
    y_hat = softmax(beta2), V x 1
    L = -total(y.*log(y_hat))

The equations are those of one sample; the functions below take a batch of n samples and
give the mean loss. The mean is taken where the loss begins: each delta is dL/d(value)
of one sample over n, and gradients add up over the batch.

Shapes, for a batch of n samples:

    x      (n, D)  input
    y      (n, V)  target, probabilities
    W1     (N, D)  weight
    b1     (N,)    weight
    W2     (V, N)  weight
    b2     (V,)    weight
    y_hat  (n, V)  output

A gradient has the shape of what it is taken by.

    python class_probabilities.py check
    python class_probabilities.py train DATA --save weights.npz
    python class_probabilities.py evaluate DATA --weights weights.npz
    python class_probabilities.py predict DATA --weights weights.npz --out outputs.csv
"""

import argparse
import math
import os
import sys
import time
import zipfile
import zlib

import numpy as np

TOLERANCE = 1e-5  # of a gradient against central differences, relative

WEIGHTS = {"W1": ("N", "D"), "b1": ("N",), "W2": ("V", "N"), "b2": ("V",)}
DATA = {"x": ("n", "D"), "y": ("n", "V")}
INPUTS = ("x",)
LABELS = {"y": "probabilities"}
SIZES = {"D": None, "V": None, "N": 32}


class GradientError(ArithmeticError):
    """A gradient that differences of the loss contradict."""


def log_softmax(z, axis):
    """z - log(sum(exp(z))) along an axis, without overflow."""
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


def softmax(z, axis):
    """exp(z)/sum(exp(z)) along an axis, without overflow."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def init_params(rng, *, D, V, N=32, init="normal", std=0.1):
    """Draw the weights: a dict of float64 arrays.

    rng is a NumPy Generator or a seed; the sizes are those of the shapes above.
    init is "normal" (every entry from N(0, std^2)), "he" or "glorot": these scale a
    matrix by its number of inputs, or of inputs and outputs, and set vectors to zero.
    """
    rng = np.random.default_rng(rng)
    return {
        "W1": _draw(rng, (N, D), init, std),
        "b1": _draw(rng, (N,), init, std),
        "W2": _draw(rng, (V, N), init, std),
        "b2": _draw(rng, (V,), init, std),
    }


def forward(params, x):
    """Return y_hat for a batch.

    x      (n, D)  input
    y_hat  (n, V)  output
    """
    params, x = _checked(params, x)
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    beta1 = x @ W1.T + b1  # W1*x + b1
    h = np.tanh(beta1)  # tanh(beta1)
    beta2 = h @ W2.T + b2  # W2*h + b2
    y_hat = softmax(beta2, axis=1)
    return y_hat


def loss(params, x, y):
    """Return the loss, its mean over the batch, as a float."""
    params, x, y = _checked(params, x, y)
    n = x.shape[0]
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    beta1 = x @ W1.T + b1  # W1*x + b1
    h = np.tanh(beta1)  # tanh(beta1)
    beta2 = h @ W2.T + b2  # W2*h + b2
    value = -np.sum(y * log_softmax(beta2, axis=1)) / n  # L = -total(y.*log(y_hat))
    return float(value)


def loss_and_gradients(params, x, y, *, workspace=None):
    """Return the loss and its gradients, a dict of arrays shaped like params.

    A workspace, made by make_workspace for batches of this size, holds the arrays that
    are written, the gradients among them. With one, the arguments are taken as they
    are: arrays of one floating-point type that were checked before.
    """
    if workspace is None:
        params, x, y = _alike(*_checked(params, x, y))
        workspace = _workspace(params, x, y)
    gradients, arrays = workspace
    if arrays[0].shape[1] != x.shape[0]:
        raise ValueError("the workspace was made for a batch of another size")
    beta1, beta2, largest, powers, labels, value_1, delta_beta1 = arrays[:7]
    delta_beta1_1, ones_V, count, ones_n = arrays[7:]
    n = x.shape[0]
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    # beta1 = W1*x + b1
    W1.dot(x.T, out=beta1)
    beta1 += b1[:, None]
    h = np.tanh(beta1, out=beta1)
    # beta2 = W2*h + b2
    W2.dot(h, out=beta2)
    beta2 += b2[:, None]
    np.maximum.reduce(beta2, axis=0, out=largest)
    shifted = np.subtract(beta2, largest, out=beta2)
    np.exp(shifted, out=powers)
    sums = ones_V.dot(powers, out=largest)
    np.divide(y.T, count, out=labels)
    # L = -total(y.*log(y_hat))
    np.log(sums, out=value_1)
    value = ones_n.dot(value_1) / n - np.vdot(labels, shifted)
    # delta_beta2 = (y_hat - y)/n
    delta_beta2_1 = np.divide(1 / n, sums, out=largest)
    delta_beta2 = np.multiply(delta_beta2_1, powers, out=powers)
    delta_beta2 -= labels
    # delta_beta1 = (W2.T*delta_beta2).*(1 - h.**2)
    W2.T.dot(delta_beta2, out=delta_beta1)
    np.square(h, out=delta_beta1_1)
    np.subtract(1, delta_beta1_1, out=delta_beta1_1)
    delta_beta1 *= delta_beta1_1
    delta_beta1.dot(x, out=gradients["W1"])  # dL/dW1 = delta_beta1*x.T
    delta_beta1.dot(ones_n, out=gradients["b1"])  # dL/db1 = delta_beta1
    delta_beta2.dot(h.T, out=gradients["W2"])  # dL/dW2 = delta_beta2*h.T
    delta_beta2.dot(ones_n, out=gradients["b2"])  # dL/db2 = delta_beta2
    return float(value), gradients


def make_workspace(params, x, y):
    """Return what loss_and_gradients writes into: the gradients, and arrays on the way.

    It fits batches of the size of this one, and arrays of the same floating-point type.
    """
    return _workspace(*_alike(*_checked(params, x, y)))


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
):
    """Train; return new params, and the loss of every epoch as a list.

    An epoch takes the samples in a random order of its own (rng: a Generator or a
    seed), batch_size at a time; None takes all at once. Its loss is the mean over the
    samples, as they were met. Data of float32 trains in float32.
    optimizer is "sgd", "momentum" or "adam" (with betas and epsilon). Training ends
    early when the loss changes by less than tolerance between two epochs. progress=True
    prints a line a second to stderr. FloatingPointError: the loss or a weight is no
    longer finite.
    """
    params, x, y = _checked(params, x, y)
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
    )


def evaluate(params, x, y):
    """Return the loss, as a dict of floats."""
    return {"loss": loss(params, x, y)}


def check_gradients(params, x, y):
    """Hold the gradients against central differences of the loss, in float64.

    Return the worst relative error of every weight. GradientError: an entry is wrong.
    Every entry is tried; of a weight with more than 500, some by themselves and all in
    random groups. What lies at a kink of the loss is skipped.
    """
    params, x, y = _checked(params, x, y)
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


def _checked(params, *data):
    """Return weights and data as floating-point arrays, once they are found to fit."""
    sizes = {}
    params = _weights(params, sizes)
    arrays = dict(zip(DATA, map(np.asarray, data), strict=False))
    _fit(arrays, DATA, sizes)
    if sizes.get("n") == 0:
        raise ValueError("the batch is empty")
    for key in LABELS:
        if key in arrays:
            _check_labels(key, arrays[key])
    kinds = {a.dtype for a in arrays.values() if a.dtype.kind == "f"}
    kind = np.result_type(np.float32, *(kinds or {w.dtype for w in params.values()}))
    return params, *(array.astype(kind, copy=False) for array in arrays.values())


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
    arrays = {key: np.asarray(params[key]) for key in WEIGHTS}
    _fit(arrays, WEIGHTS, sizes)
    return {
        key: array if array.dtype.kind == "f" else array.astype(np.float64)
        for key, array in arrays.items()
    }


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
    fits = (labels >= 0).all() and np.allclose(labels.sum(axis=-1), 1.0)
    if not fits:
        raise ValueError(
            f"{key} is declared probabilities: a sample has entries >= 0 with sum 1"
        )


# Starting and training


def _workspace(params, x, y):
    """Return new gradients and the other arrays that loss_and_gradients writes."""
    kind = next(iter(params.values())).dtype
    n = x.shape[0]
    N = params["W1"].shape[0]
    V = params["W2"].shape[0]
    gradients = {key: np.empty_like(w, order="C") for key, w in params.items()}
    return gradients, (
        np.empty((N, n), kind),  # beta1
        np.empty((V, n), kind),  # beta2
        np.empty((n,), kind),  # largest
        np.empty((V, n), kind),  # powers
        np.empty((V, n), kind),  # labels
        np.empty((n,), kind),  # value_1
        np.empty((N, n), kind),  # delta_beta1
        np.empty((N, n), kind),  # delta_beta1_1
        np.ones((V,), kind),  # ones_V
        np.full((), n, kind),  # count
        np.ones((n,), kind),  # ones_n
    )


def _draw(rng, shape, init, std):
    """Draw one weight; the axes of a matrix are its outputs, then its inputs."""
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
):
    """Train on checked data: weights and gradients live in one vector each."""
    n = len(data[0])
    batch_size = n if batch_size is None else batch_size
    if not 1 <= batch_size == int(batch_size):
        raise ValueError(f"batch_size is {batch_size}; expected a whole number or None")
    if rule[0] not in ("sgd", "momentum", "adam"):
        raise ValueError(
            f'optimizer is {rule[0]!r}; it can be "sgd", "momentum" or "adam"'
        )
    if not 0 <= rule[1] < math.inf:
        raise ValueError(f"learning_rate is {rule[1]}; expected a positive number")
    if not 0 <= epochs == int(epochs):
        raise ValueError(f"epochs is {epochs}; expected a whole number")
    kind = np.result_type(*(data or params.values()))
    vector, weights = _flat(params, kind)
    slopes, gradients = _flat(params, kind)
    memory = np.zeros_like(vector), np.zeros_like(vector)
    decays = [np.array(beta, kind) for beta in rule[3]]  # as arrays: quicker to read
    losses, steps, shown = [], 0, -math.inf
    shuffled = data if batch_size >= n else [array.copy() for array in data]
    batches = list(_batches(weights, gradients, shuffled, n, int(batch_size)))
    with np.errstate(all="ignore"):  # what is not finite is met below
        for epoch in range(1, int(epochs) + 1):
            total = 0.0
            if shuffled is not data:
                _shuffle(data, shuffled, rng.permutation(n))
            for share, batch, workspace in batches:
                value, _ = loss_and_gradients(
                    weights, *batch, **hyperparameters, workspace=workspace
                )
                steps += 1
                total += value * share
                _move(vector, slopes, memory, decays, steps, rule)
            # the product is quicker, and finite only if all weights are
            finite = math.isfinite(vector.dot(vector)) or np.isfinite(vector).all()
            if not (math.isfinite(total) and finite):
                raise FloatingPointError(
                    f"epoch {epoch}: the loss is {total:g} and the weights run away;"
                    " a smaller learning_rate may help"
                )
            losses.append(total)
            done = epoch > 1 and abs(losses[-2] - total) < tolerance
            if progress and (
                done or epoch == epochs or time.monotonic() - shown >= 1.0
            ):
                shown = time.monotonic()
                print(f"epoch {epoch}/{epochs}  loss {total:.6g}", file=sys.stderr)
            if done:
                break
    return {key: weight.copy() for key, weight in weights.items()}, losses


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
    beside = f"{os.fspath(path)}.{os.getpid()}.part"
    try:
        with open(beside, "wb") as file:
            write(file)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def _load(path):
    """Return the arrays of a .npz file by name; nothing in it is unpickled."""
    with open(path, "rb") as file:
        if not zipfile.is_zipfile(file):
            raise ValueError(f"{path} is not a .npz file")
        file.seek(0)
        try:
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in archive.files}
        except (EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
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
    with open(path, encoding="utf-8-sig") as file:
        try:
            header = not [float(cell) for cell in file.readline().split(",")]
        except ValueError:
            header = True
        file.seek(0)
        rows = file.readlines()[header:]
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
    return 0


def _parser():
    """Describe the command line."""
    parser = argparse.ArgumentParser(description="class_probabilities")
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
    train.add_argument("--epochs", type=int, default=100, help="default 100")
    train.add_argument("--batch-size", type=int, default=32, help="default 32")
    train.add_argument(
        "--hold-out", type=float, default=0.2, help="share held out; default 0.2"
    )
    train.add_argument("--learning-rate", type=float, default=0.1, help="default 0.1")
    train.add_argument(
        "--optimizer", choices=("sgd", "momentum", "adam"), default="sgd"
    )
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
    params, *data = _checked(params, *data)
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
        data = _random_data(rng, n=7, D=sizes["D"], V=sizes["V"])
        if attempt % 2:  # a logarithm or a root may ask for it
            point = {key: np.abs(weight) for key, weight in point.items()}
            data = [np.abs(array) for array in data]
        with np.errstate(all="ignore"):
            value = loss(point, *data)
        if math.isfinite(value):
            return point, data
    raise ValueError("the loss is finite at none of 20 random points; give DATA")


def _random_data(rng, n, D, V):
    """Draw a batch of n samples."""
    return [rng.standard_normal((n, D)), rng.dirichlet(np.ones(V), size=n)]


def _run_train(options):
    """Train on a share of the data, print how well it went, save the weights."""
    folder = os.path.dirname(os.path.abspath(options.save or ""))
    if not os.path.isdir(folder):
        raise ValueError(f"there is no folder {folder} to save the weights in")
    rng = np.random.default_rng(options.seed)
    params = load_params(options.weights) if options.weights else None
    data, sizes = _batch(options, params)
    if params is None:
        params = init_params(rng, **_chosen(sizes), init=options.init, std=options.std)
    order = rng.permutation(len(data[0]))
    held = round(options.hold_out * len(order))
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
    )
    for name, part in ("training", order[held:]), ("held out", order[:held]):
        if len(part):
            scores = evaluate(params, *_taken(data, part))
            print(f"{name}: {len(part)} samples, {_scores(scores)}")
    if options.save:
        save_params(options.save, params)


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
    params = load_params(options.weights)
    try:
        data, _ = _batch(options, params, INPUTS)
    except ValueError:
        if not options.data.endswith(".csv"):
            raise
        data, _ = _batch(options, params)  # the targets are in the table, too
    outputs = forward(params, *data[: len(INPUTS)])
    if options.out.endswith(".csv"):
        table = outputs.reshape(len(outputs), -1)
        _write(options.out, lambda file: np.savetxt(file, table, "%.17g", ","))
    else:
        _save(options.out, {"y_hat": outputs})


if __name__ == "__main__":
    raise SystemExit(main())


# made by symprop, checksum 9c3864b41c5e0e42
