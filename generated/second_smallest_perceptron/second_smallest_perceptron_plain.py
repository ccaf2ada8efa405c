# ruff: noqa: E501, RUF100
"""second_smallest_perceptron

    y_hat = w1*x1 + w2*x2
    L = (y - y_hat)**2/2

The equations are those of one sample; the functions below take a batch of n samples and
give the mean loss. The mean is taken where the loss begins: each delta is dL/d(value)
of one sample over n, and gradients add up over the batch.

All are scalars; inputs, targets and outputs come as sequences, a number a sample:

    x1     input
    x2     input
    y      target
    w1     weight
    w2     weight
    y_hat  output

A gradient has the shape of what it is taken by.

    python second_smallest_perceptron.py check
    python second_smallest_perceptron.py train DATA --save weights.json
    python second_smallest_perceptron.py evaluate DATA --weights weights.json
    python second_smallest_perceptron.py predict DATA --weights weights.json --out outputs.csv
"""

import argparse
import csv
import hashlib
import json
import math
import os
import random
import signal
import sys
import time

TOLERANCE = 1e-5  # of a gradient against central differences, relative
PAUSE = 1.0  # seconds from one saving of a training to the next, at least

WEIGHTS = ("w1", "w2")
DATA = ("x1", "x2", "y")
INPUTS = ("x1", "x2")
OPTIMIZERS = ("sgd", "momentum", "adam")  # each has a number more than the one before


class GradientError(ArithmeticError):
    """A gradient that differences of the loss contradict."""


class DivergenceError(FloatingPointError):
    """Training left the finite numbers; params and losses are the last good ones."""

    params, losses = None, None


def init_params(rng, *, init="normal", std=0.1):
    """Draw the weights: a dict of floats.

    rng is a random.Random or a seed. init is "normal" (from N(0, std^2)), "he" or
    "glorot": these take a weight for a matrix with one input and one output.
    """
    deviations = {"normal": std, "he": math.sqrt(2.0), "glorot": 1.0}
    if init not in deviations:
        raise ValueError(f'init is {init!r}; it can be "normal", "he" or "glorot"')
    rng = _generator(rng)
    return {key: rng.gauss(0.0, deviations[init]) for key in WEIGHTS}


def forward(params, x1, x2):
    """Return y_hat, a list of numbers."""
    x1, x2 = _checked(params, x1, x2)
    samples = zip(x1, x2, strict=True)
    w1, w2 = params["w1"], params["w2"]
    outputs = []
    for x1, x2 in samples:
        y_hat = w1 * x1 + w2 * x2
        outputs.append(y_hat)
    return outputs


def loss(params, x1, x2, y):
    """Return the loss, its mean over the batch, as a float."""
    x1, x2, y = _checked(params, x1, x2, y)
    n = len(x1)
    samples = zip(x1, x2, y, strict=True)
    w1, w2 = params["w1"], params["w2"]
    L_2 = 0.0
    for x1, x2, y in samples:
        y_hat = w1 * x1 + w2 * x2
        L_1 = y - y_hat
        L_2 += L_1 * L_1
    value = L_2 / (2.0 * n)  # L = (y - y_hat)**2/2
    return value


def loss_and_gradients(params, x1, x2, y, *, workspace=None):
    """Return the loss and its gradients, a dict of floats like params.

    A workspace is a dict to write the gradients into; with one, the arguments are
    taken as they are, numbers that were checked before.
    """
    if workspace is None:
        x1, x2, y = _checked(params, x1, x2, y)
        workspace = {}
    n = float(len(x1))
    samples = zip(x1, x2, y)  # noqa: B905, RUF100 (equally long)
    w1, w2 = params["w1"], params["w2"]
    L_2 = 0.0
    grad_w1 = 0.0
    grad_w2 = 0.0
    for x1, x2, y in samples:
        y_hat = w1 * x1 + w2 * x2
        L_1 = y - y_hat
        L_2 += L_1 * L_1
        delta_y_hat = -L_1 / n  # -(y - y_hat)/n
        grad_w1 += delta_y_hat * x1  # dL/dw1 = delta_y_hat*x1
        grad_w2 += delta_y_hat * x2  # dL/dw2 = delta_y_hat*x2
    value = L_2 / (2.0 * n)  # L = (y - y_hat)**2/2
    workspace["w1"] = grad_w1
    workspace["w2"] = grad_w2
    return value, workspace


def make_workspace(params, x1, x2, y):
    """Check arguments once; return what loss_and_gradients may write into."""
    _checked(params, x1, x2, y)
    return dict.fromkeys(WEIGHTS, 0.0)


def train(
    params,
    x1,
    x2,
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

    An epoch takes the samples in a random order of its own (rng: a random.Random or a
    seed), batch_size at a time; None takes all at once. Its loss is the mean over the
    samples, as they were met.
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
    columns = _finite(params, x1, x2, y)
    return _descend(
        params,
        list(zip(*columns, strict=True)),
        {},
        epochs=epochs,
        batch_size=batch_size,
        rule=(optimizer, learning_rate, momentum, betas, epsilon),
        tolerance=tolerance,
        rng=_generator(rng),
        progress=progress,
        save=save,
        resume=resume,
    )


def evaluate(params, x1, x2, y):
    """Return the loss, as a dict of floats."""
    x1, x2, y = _finite(params, x1, x2, y)
    return {"loss": loss(params, x1, x2, y)}


def check_gradients(params, x1, x2, y):
    """Hold the gradients against central differences of the loss.

    Return the relative error of every weight. GradientError: one is wrong. A weight at
    a kink of the loss is skipped.
    """
    x1, x2, y = _finite(params, x1, x2, y)
    return _compare(params, (x1, x2, y), {})[0]


def save_params(path, params):
    """Write the weights to a .json file, whole or not at all."""
    _check_weights(params)
    weights = {key: float(params[key]) for key in WEIGHTS}
    _write(path, json.dumps(weights, indent=2) + "\n")


def load_params(path):
    """Read the weights from a .json file and check their names."""
    params = _load(path)
    missing = [key for key in WEIGHTS if key not in params]
    if missing:
        raise ValueError(
            f"{path} lacks the weights {_listed(missing)}; it holds {_listed(params)}"
        )
    params = {key: params[key] for key in WEIGHTS}
    _check_weights(params)
    return params


# Checks of what comes in


def _generator(rng):
    """Return a generator: itself, or one made of a seed."""
    return rng if isinstance(rng, random.Random) else random.Random(rng)


def _check_weights(params):
    """Check that the weights are there and are numbers."""
    if params.keys() != set(WEIGHTS):
        raise ValueError(
            f"params hold {_listed(params)}; the weights are {_listed(WEIGHTS)}"
        )
    try:
        for key in WEIGHTS:
            math.isfinite(params[key])
    except TypeError:
        raise ValueError(f"{key} is {params[key]!r}; expected a number") from None


def _finite(params, *data):
    """Return what _checked does, once all numbers are found to be finite."""
    columns = _checked(params, *data)
    for key in WEIGHTS:
        if not math.isfinite(params[key]):
            raise ValueError(f"{key} is {params[key]}; expected a finite number")
    for key, column in zip(DATA, columns, strict=False):
        for index, number in enumerate(column):
            if not math.isfinite(number):
                raise ValueError(
                    f"{key} holds {number} at [{index}]; expected finite numbers"
                )
    return columns


def _listed(words):
    """Return words as text."""
    return ", ".join(map(str, words)) or "nothing"


def _checked(params, *data):
    """Return the data, as lists of floats, once they are found to fit."""
    _check_weights(params)
    columns = []
    for key, values in zip(DATA, data, strict=False):
        try:
            if isinstance(values, (str, bytes, dict, set)):
                raise TypeError
            columns.append(list(map(float, values)))
        except (TypeError, ValueError):
            raise ValueError(f"{key} is not a sequence of numbers") from None
    counts = list(map(len, columns))
    if counts != counts[:1] * len(counts):
        found = [f"{n} of {key}" for n, key in zip(counts, DATA, strict=False)]
        raise ValueError(f"every sample needs all data; there are {_listed(found)}")
    if 0 in counts:
        raise ValueError("the batch is empty")
    return columns


# Training


def _descend(
    params,
    samples,
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
    """Train on checked samples."""
    batch_size = len(samples) if batch_size is None else batch_size
    if not (batch_size >= 1 and batch_size % 1 == 0):
        raise ValueError(f"batch_size is {batch_size}; expected a whole number or None")
    _check_settings(rule, epochs, tolerance)
    weights = {key: float(params[key]) for key in WEIGHTS}
    memory = dict.fromkeys(WEIGHTS, 0.0), dict.fromkeys(WEIGHTS, 0.0)
    starts, slopes = range(0, len(samples), int(batch_size)), {}

    def epoch(number):
        total, steps, shuffled = 0.0, (number - 1) * len(starts), list(samples)
        rng.shuffle(shuffled)
        columns = list(zip(*shuffled, strict=True))
        for start in starts:
            stop = min(start + int(batch_size), len(samples))
            value, _ = loss_and_gradients(
                weights,
                *[column[start:stop] for column in columns],
                **hyperparameters,
                workspace=slopes,
            )
            steps += 1
            total += value * (stop - start) / len(samples)
            _move(weights, slopes, memory, steps, rule)
        return total

    state = (weights, *memory)[: OPTIMIZERS.index(rule[0]) + 1]
    settings = {"batch_size": batch_size, "tolerance": tolerance, **hyperparameters}
    origin = save and _origin(weights, samples, rule, settings, rng)
    training = _Training(state, rng, save, origin)
    if resume:
        training.resume()
    _repeat(epoch, training, int(epochs), tolerance, progress)
    return weights, training.losses


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
            try:
                total = epoch(len(losses) + 1)
            except (ArithmeticError, ValueError):  # an overflow, a root
                total = math.nan
            if not all(map(math.isfinite, (total, *weights.values()))):
                raise DivergenceError(
                    f"epoch {len(losses) + 1}: the loss or a weight is not finite;"
                    " a smaller learning_rate may help"
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
        error.params, error.losses = weights, losses
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

    The state is dicts with a number for every weight, the weights first.
    """

    def __init__(self, state, rng, path, origin):
        self.state, self.rng = state, rng
        self.path, self.origin, self.losses = path, origin, []

    def copy(self):
        """Return what another epoch would change."""
        return list(self.losses), list(map(dict, self.state)), self.rng.getstate()

    def go_back(self, copy):
        """Become what was copied."""
        self.losses[:], state, (version, numbers, further) = copy
        self.rng.setstate((version, tuple(numbers), further))
        for part, values in zip(self.state, state, strict=True):
            part.update({key: values[key] for key in part})

    def save(self):
        """Write the weights, and beside them what it takes to go on."""
        if not self.path:
            return
        losses, state, rng = self.copy()
        text = {"origin": self.origin, "losses": losses, "state": state, "rng": rng}
        _write(f"{self.path}.state", json.dumps(text) + "\n")
        save_params(self.path, self.state[0])

    def resume(self):
        """Go on where the same training was saved, if it was."""
        if not self.path:
            raise ValueError("resume needs save: the file of what is to go on")
        path = f"{self.path}.state"
        if not os.path.exists(path):
            return
        text = _load(path)
        try:
            before = {key: text["origin"][key] for key in self.origin}
            if before == self.origin:
                self.go_back((text["losses"], text["state"], text["rng"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} holds no training to go on with") from error
        changed = [
            f"{key} was {before[key]}, is {value}"
            for key, value in self.origin.items()
            if before[key] != value
        ]
        if changed:
            raise ValueError(f"{path} is of another training: {_listed(changed)}")


def _origin(weights, samples, rule, settings, rng):
    """Return by name, as text, what the result of a training depends on."""
    names = "optimizer", "learning_rate", "momentum", "betas", "epsilon"
    settings = {**settings, **dict(zip(names, rule, strict=True))}
    return {
        **{key: str(value) for key, value in settings.items()},
        "the network": _checksum(__doc__),
        "the first weights": _checksum(weights),
        "the data": _checksum(samples),
        "the random generator": _checksum(rng.getstate()),
    }


def _checksum(value):
    """Return a checksum of texts and numbers."""
    return f"sha256 {hashlib.sha256(repr(value).encode()).hexdigest()[:16]}"


def _move(weights, slopes, memory, steps, rule):
    """Take one step against the slopes, all weights at once."""
    optimizer, rate, momentum, (decay, square_decay), epsilon = rule
    mean, square = memory
    if optimizer == "sgd":
        for key, slope in slopes.items():
            weights[key] -= rate * slope
    elif optimizer == "momentum":
        for key, slope in slopes.items():
            mean[key] = slope = momentum * mean[key] + slope
            weights[key] -= rate * slope
    else:
        scale = math.sqrt(1 - square_decay**steps)
        rate *= scale / (1 - decay**steps)
        epsilon *= scale
        gain, square_gain, sqrt = 1 - decay, 1 - square_decay, math.sqrt
        for key, slope in slopes.items():
            mean[key] = m = mean[key] + gain * (slope - mean[key])
            square[key] = s = square[key] + square_gain * (slope * slope - square[key])
            weights[key] -= rate * m / (sqrt(s) + epsilon)


# Checking the gradients


def _compare(params, data, hyperparameters):
    """Return relative errors of gradients, and kinks that were met, by weight."""
    weights = {key: float(weight) for key, weight in params.items()}
    value, gradients = loss_and_gradients(weights, *data, **hyperparameters)
    if not math.isfinite(value):
        raise GradientError(f"the loss is {value} here, so it has no differences")
    rng = random.Random(0)
    worst, kinks = dict.fromkeys(WEIGHTS, 0.0), dict.fromkeys(WEIGHTS, 0)
    for key in WEIGHTS:
        probe = data, hyperparameters, key
        error, quotient, kink = _held(weights, value, gradients, *probe)
        slope = gradients[key]
        if kink and error > TOLERANCE:  # several kinks at once: decide beside them
            beside = {k: w + rng.gauss(0.0, 1e-3) for k, w in weights.items()}
            other = loss_and_gradients(beside, *data, **hyperparameters)
            error, quotient, _ = _held(beside, *other, *probe)
            slope = other[1][key]
        if not error <= TOLERANCE:
            raise GradientError(
                f"the gradient of {key} is {slope:.10g}, by central differences"
                f" {quotient:.10g}: relative error {error:.3g}, tolerance {TOLERANCE:g}"
            )
        kinks[key], worst[key] = int(kink), 0.0 if kink else error
    return worst, kinks


def _held(weights, value, gradients, data, hyperparameters, key):
    """Hold a gradient against differences: return error, quotient, and kink.

    Several steps are tried, as one may be too long for a bend, another too short for
    the rounding of the loss; the best counts. At a kink, the differences to the left
    and to the right go on to differ; a slope that lies between them has no error.
    """

    def moved(step):
        try:
            there = {**weights, key: weights[key] + step}
            return loss(there, *data, **hyperparameters)
        except (ArithmeticError, ValueError):  # out of the domain of the loss
            return math.nan

    slope, epsilon = gradients[key], sys.float_info.epsilon
    longest = 16 * epsilon ** (1 / 3) * max(1.0, abs(weights[key]))
    best, jumps = (math.inf, math.nan), []
    for step in (longest / 16, longest, longest / 256, longest / 1024):
        right, left = (moved(step) - value) / step, (value - moved(-step)) / step
        quotient, rounding = (left + right) / 2, 10 * epsilon * abs(value) / step
        scale = max(abs(slope), abs(quotient)) + rounding / TOLERANCE
        error = abs(slope - quotient) / scale if scale else 0.0
        if error <= TOLERANCE:
            return error, quotient, False
        best = min(best, (error, quotient)) if math.isfinite(error) else best
        jumps.append(abs(right - left))
    slack = TOLERANCE * scale
    if min(left, right) - slack <= slope <= max(left, right) + slack:
        return 0.0, quotient, True
    return *best, jumps[-1] > max(jumps[0] / 4, slack)


# Files


def _write(path, text):
    """Write a file whole or not at all: beside its place first, then into it."""
    _require_writable(path)
    beside = f"{path}.{os.urandom(4).hex()}.part"
    try:
        with open(beside, "x", encoding="utf-8") as file:
            file.write(text)
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
    """Return the dict in a .json file."""
    with open(path, encoding="utf-8") as file:
        try:
            content = json.load(file)
        except (RecursionError, ValueError) as error:
            raise ValueError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path} holds {type(content).__name__}; expected an object")
    return content


def _read(path, keys):
    """Read data from a .json file by key, or from the columns of a .csv file."""
    if not os.fspath(path).endswith(".csv"):
        columns = _load(path)
        missing = [key for key in keys if key not in columns]
        if missing:
            raise ValueError(f"{path} lacks {_listed(missing)}")
        return [columns[key] for key in keys]
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = [(line, row) for line, row in enumerate(csv.reader(file), 1) if row]
    except (csv.Error, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    samples = []
    for number, row in rows:
        if len(row) not in (len(keys), len(DATA)):
            raise ValueError(
                f"{path}, line {number}: {len(row)} columns; expected {_listed(keys)}"
            )
        try:
            samples.append([float(cell) for cell in row[: len(keys)]])
        except ValueError as error:
            if samples or number != rows[0][0]:  # no header
                raise ValueError(f"{path}, line {number}: {error}") from None
    if not samples:
        raise ValueError(f"{path} holds no samples")
    return list(zip(*samples, strict=True))


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
    parser = argparse.ArgumentParser(description="second_smallest_perceptron")
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
        added.add_argument("data", metavar="DATA", help=".json or .csv")
    for added in (evaluate, predict):
        added.add_argument("--weights", metavar="FILE", required=True, help=".json")
    predict.add_argument("--out", metavar="FILE", required=True, help=".json or .csv")
    for added in (check, train):
        added.add_argument("--weights", metavar="FILE", help="start from these")
        added.add_argument("--seed", type=int, default=0, help="default 0")
    train.add_argument("--save", metavar="FILE", help="write the weights here (.json)")
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


def _run_check(options):
    """Check the gradients, on DATA or on random data."""
    params = load_params(options.weights) if options.weights else None
    if options.data is None:
        params, data = _random_point(options, params)
    else:
        params = params or init_params(options.seed)
        data = _finite(params, *_read(options.data, DATA))
    worst, kinks = _compare(params, data, {})
    for key, error in worst.items():
        skipped = "; skipped, at a kink" if kinks[key] else ""
        print(f"{key}: relative error {error:.2e}{skipped}")


def _random_point(options, params):
    """Draw data, and weights if there are none, where the loss is finite."""
    rng = random.Random(options.seed)
    for attempt in range(20):
        point = params or init_params(rng, std=1.0)
        data = [
            [rng.gauss(0.0, 1.0) for _ in range(7)],
            [rng.gauss(0.0, 1.0) for _ in range(7)],
            [rng.gauss(0.0, 1.0) for _ in range(7)],
        ]
        if attempt % 2:  # a logarithm or a root may ask for it
            point = {key: abs(weight) for key, weight in point.items()}
            data = [[abs(number) for number in column] for column in data]
        try:
            value = loss(point, *data)
        except (ArithmeticError, ValueError):  # out of its domain
            continue
        if math.isfinite(value):
            return point, data
    raise ValueError("the loss is finite at none of 20 random points; give DATA")


def _run_train(options):
    """Train on a share of the data, print how well it went, save the weights."""
    if options.save:
        _require_place(options.save)
    elif options.resume:
        raise ValueError("--resume goes on where --save FILE was written; give both")
    rng = random.Random(options.seed)
    if options.weights:
        params = load_params(options.weights)
    else:
        params = init_params(rng, init=options.init, std=options.std)
    samples = list(zip(*_checked(params, *_read(options.data, DATA)), strict=True))
    rng.shuffle(samples)
    held = round(options.hold_out * len(samples)) if 0 <= options.hold_out < 1 else -1
    if not 0 <= held < len(samples):
        raise ValueError(
            f"--hold-out {options.hold_out:g} leaves none of {len(samples)} samples"
            " to train on"
        )
    params, _ = train(
        params,
        *zip(*samples[held:], strict=True),
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
    for name, part in ("training", samples[held:]), ("held out", samples[:held]):
        if part:
            columns = zip(*part, strict=True)
            scores = evaluate(params, *columns)
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
    data = _read(options.data, DATA)
    scores = evaluate(params, *data)
    print(_scores(scores))


def _run_predict(options):
    """Write the outputs of weights for data."""
    if not options.out.endswith((".json", ".csv")):
        raise ValueError(f"{options.out}: outputs are written as .json or .csv")
    _require_writable(options.out)
    for path in (options.data, options.weights):
        if os.path.exists(options.out) and os.path.samefile(options.out, path):
            raise ValueError(f"--out would overwrite {path}")
    params = load_params(options.weights)
    data = _finite(params, *_read(options.data, INPUTS))
    outputs = forward(params, *data)
    columns = {"y_hat": outputs}
    if options.out.endswith(".json"):
        _write(options.out, json.dumps(columns) + "\n")
    else:
        rows = zip(*columns.values(), strict=True)
        _write(options.out, "".join(",".join(map(repr, row)) + "\n" for row in rows))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    raise SystemExit(main())


# made by symprop, checksum 204d85fe743cd992
