"""gaussian_log_likelihood

    r = x - mu, n x 1
    L = r.T*inverse(S)*r/2 + log(determinant(S))/2

Shapes:

    x   (n_,)     weight
    mu  (n_,)     weight
    S   (n_, n_)  weight
    r   (n_,)     output

A gradient has the shape of what it is taken by.

    python gaussian_log_likelihood.py check
    python gaussian_log_likelihood.py train --epochs 100 --save weights.npz
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

WEIGHTS = {"x": ("n_",), "mu": ("n_",), "S": ("n_", "n_")}
SIZES = {"n_": None}


class GradientError(ArithmeticError):
    """A gradient that differences of the loss contradict."""


def logdet(a):
    """log(det(a)) without overflow; nan where the determinant is negative."""
    sign, log_abs = np.linalg.slogdet(a)
    return np.where(sign >= 0, log_abs, np.nan)


def init_params(rng, *, n_, init="normal", std=0.1):
    """Draw the weights: a dict of float64 arrays.

    rng is a NumPy Generator or a seed; the sizes are those of the shapes above.
    init is "normal" (every entry from N(0, std^2)), "he" or "glorot": these scale a
    matrix by its number of inputs, or of inputs and outputs, and set vectors to zero.
    """
    rng = np.random.default_rng(rng)
    return {
        "x": _draw(rng, (n_,), init, std),
        "mu": _draw(rng, (n_,), init, std),
        "S": _draw(rng, (n_, n_), init, std),
    }


def forward(params):
    """Return r.

    r  (n_,)  output
    """
    params = _weights(params, {})
    x, mu = params["x"], params["mu"]
    r = x - mu
    return r


def loss(params):
    """Return the loss, as a float."""
    params = _weights(params, {})
    x, mu, S = params["x"], params["mu"], params["S"]
    r = x - mu
    # L = r.T*inverse(S)*r/2 + log(determinant(S))/2
    value = (r @ (np.linalg.inv(S) @ r)) / 2 + logdet(S) / 2
    return float(value)


def loss_and_gradients(params, *, workspace=None):
    """Return the loss and its gradients, a dict of arrays shaped like params.

    A workspace, made by make_workspace for batches of this size, holds the arrays that
    are written, the gradients among them. With one, the arguments are taken as they
    are: arrays of one floating-point type that were checked before.
    """
    if workspace is None:
        (params,) = _alike(_weights(params, {}))
        workspace = _workspace(params)
    gradients, arrays = workspace
    r, L_2, delta_r_1, delta_r_2, grad_S_1 = arrays
    x, mu, S = params["x"], params["mu"], params["S"]
    np.subtract(x, mu, out=r)  # x - mu
    L_1 = np.linalg.inv(S)
    L_1.dot(r, out=L_2)
    # L = r.T*inverse(S)*r/2 + log(determinant(S))/2
    value = r.dot(L_2) / 2 + logdet(S) / 2
    L_1.T.dot(r, out=delta_r_1)
    # delta_r = inverse(S)*r/2 + inverse(S).T*r/2
    delta_r = np.multiply(L_2, 0.5, out=r)
    np.multiply(delta_r_1, 0.5, out=delta_r_2)
    delta_r += delta_r_2
    gradients["x"][...] = delta_r  # dL/dx = delta_r
    np.negative(delta_r, out=gradients["mu"])  # dL/dmu = -delta_r
    # dL/dS = inverse(S).T/2 - inverse(S).T*r*r.T*inverse(S).T/2
    np.multiply(L_1.T, 0.5, out=gradients["S"])
    np.multiply(delta_r_1[:, None], L_2, out=grad_S_1)
    grad_S_1 *= 0.5
    gradients["S"] -= grad_S_1
    return float(value), gradients


def make_workspace(params):
    """Return what loss_and_gradients writes into: the gradients, and arrays on the way.

    It fits arrays of the same floating-point type.
    """
    return _workspace(*_alike(_weights(params, {})))


def train(
    params,
    *,
    epochs,
    learning_rate,
    optimizer="sgd",
    momentum=0.9,
    betas=(0.9, 0.999),
    epsilon=1e-8,
    tolerance=0.0,
    progress=False,
):
    """Train; return new params, and the loss of every epoch as a list.

    An epoch is one step.
    optimizer is "sgd", "momentum" or "adam" (with betas and epsilon). Training ends
    early when the loss changes by less than tolerance between two epochs. progress=True
    prints a line a second to stderr. FloatingPointError: the loss or a weight is no
    longer finite.
    """
    params = _weights(params, {})
    return _descend(
        params,
        (),
        {},
        epochs=epochs,
        rule=(optimizer, learning_rate, momentum, betas, epsilon),
        tolerance=tolerance,
        progress=progress,
    )


def evaluate(params):
    """Return the loss, as a dict of floats."""
    return {"loss": loss(params)}


def check_gradients(params):
    """Hold the gradients against central differences of the loss, in float64.

    Return the worst relative error of every weight. GradientError: an entry is wrong.
    Every entry is tried; of a weight with more than 500, some by themselves and all in
    random groups. What lies at a kink of the loss is skipped.
    """
    params = _weights(params, {})
    return _compare(params, (), {})[0]


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


# Starting and training


def _workspace(params):
    """Return new gradients and the other arrays that loss_and_gradients writes."""
    kind = next(iter(params.values())).dtype
    n_ = params["S"].shape[0]
    gradients = {key: np.empty_like(w, order="C") for key, w in params.items()}
    return gradients, (
        np.empty((n_,), kind),  # r
        np.empty((n_,), kind),  # L_2
        np.empty((n_,), kind),  # delta_r_1
        np.empty((n_,), kind),  # delta_r_2
        np.empty((n_, n_), kind),  # grad_S_1
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


def _descend(params, data, hyperparameters, *, epochs, rule, tolerance, progress):
    """Train on checked data: weights and gradients live in one vector each."""
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
    workspace = gradients, _workspace(weights)[1]
    with np.errstate(all="ignore"):  # what is not finite is met below
        for epoch in range(1, int(epochs) + 1):
            total, _ = loss_and_gradients(
                weights, *data, **hyperparameters, workspace=workspace
            )
            steps += 1
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
    parser = argparse.ArgumentParser(description="gaussian_log_likelihood")
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
    train = command(_run_train, "train and save the weights")
    for added in (check, train):
        added.add_argument("--weights", metavar="FILE", help="start from these")
    for added in (check, train):
        for name, default in SIZES.items():
            text = "" if default is None else f"; default {default}"
            added.add_argument(f"--{name}", type=int, help=f"size{text}")
    for added in (check, train):
        added.add_argument("--seed", type=int, default=0, help="default 0")
    train.add_argument("--save", metavar="FILE", help="write the weights here (.npz)")
    train.add_argument("--epochs", type=int, default=100, help="default 100")
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


def _run_check(options):
    """Check the gradients."""
    rng = np.random.default_rng(options.seed)
    params = load_params(options.weights) if options.weights else None
    params, data = _random_point(options, params, rng)
    worst, kinks = _compare(params, data, {})
    for key, error in worst.items():
        skipped = f"; kinks met and skipped: {kinks[key]}" if kinks[key] else ""
        print(f"{key}: worst relative error {error:.2e}{skipped}")


def _random_point(options, params, rng):
    """Draw weights if there are none, where the loss is finite."""
    given = _given(options)
    if params is not None:
        _fit(params, WEIGHTS, given)
    for attempt in range(20):
        order = SIZES if attempt % 4 < 2 else reversed(SIZES)  # A.T*A may be singular
        sizes = {name: small for small, name in enumerate(order, start=2)} | given
        point = params or init_params(
            rng, **{name: sizes[name] for name in SIZES}, std=1.0
        )
        data = ()
        if attempt % 2:  # a logarithm or a root may ask for it
            point = {key: np.abs(weight) for key, weight in point.items()}
        beside = {key: w + rng.normal(0.0, 1e-9, w.shape) for key, w in point.items()}
        try:
            with np.errstate(all="ignore"):
                value = loss(point, *data)
                other = loss(beside, *data)
        except np.linalg.LinAlgError:
            continue
        if abs(other - value) <= 1e-3 * (1.0 + abs(value)) < math.inf:  # not singular
            return point, data
    raise ValueError("the loss is finite at none of 20 random points")


def _run_train(options):
    """Train, print how well it went, save the weights."""
    folder = os.path.dirname(os.path.abspath(options.save or ""))
    if not os.path.isdir(folder):
        raise ValueError(f"there is no folder {folder} to save the weights in")
    rng = np.random.default_rng(options.seed)
    params = load_params(options.weights) if options.weights else None
    sizes = _given(options)
    if params is None:
        params = init_params(rng, **_chosen(sizes), init=options.init, std=options.std)
    params, _ = train(
        params,
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        optimizer=options.optimizer,
        tolerance=options.tolerance,
        progress=True,
    )
    scores = evaluate(params)
    print(_scores(scores))
    if options.save:
        save_params(options.save, params)


def _scores(scores):
    """Return what evaluate found as text."""
    return _listed(f"{name} {score:.6g}" for name, score in scores.items())


if __name__ == "__main__":
    raise SystemExit(main())


# made by symprop, checksum 745d859883388285
