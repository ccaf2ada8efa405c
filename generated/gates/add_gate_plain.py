"""add_gate

    f = x + y

All are scalars:

    x  weight
    y  weight

A gradient has the shape of what it is taken by.

    python add_gate.py check
    python add_gate.py train --epochs 100 --save weights.json
"""

import argparse
import json
import math
import os
import random
import sys
import time

TOLERANCE = 1e-5  # of a gradient against central differences, relative

WEIGHTS = ("x", "y")


class GradientError(ArithmeticError):
    """A gradient that differences of the loss contradict."""


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


def forward(params):
    """Return an empty tuple: there are no outputs."""
    return ()


def loss(params):
    """Return the loss, as a float."""
    _check_weights(params)
    x, y = params["x"], params["y"]
    value = x + y  # f = x + y
    return value


def loss_and_gradients(params, *, workspace=None):
    """Return the loss and its gradients, a dict of floats like params.

    A workspace is a dict to write the gradients into; with one, the arguments are
    taken as they are, numbers that were checked before.
    """
    if workspace is None:
        _check_weights(params)
        workspace = {}
    x, y = params["x"], params["y"]
    value = x + y  # f = x + y
    workspace["x"] = 1.0
    workspace["y"] = 1.0
    return value, workspace


def make_workspace(params):
    """Check arguments once; return what loss_and_gradients may write into."""
    _check_weights(params)
    return dict.fromkeys(WEIGHTS, 0.0)


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
    _check_weights(params)
    return _descend(
        params,
        [()],
        {},
        epochs=epochs,
        batch_size=1,
        rule=(optimizer, learning_rate, momentum, betas, epsilon),
        tolerance=tolerance,
        rng=random.Random(0),
        progress=progress,
    )


def evaluate(params):
    """Return the loss, as a dict of floats."""
    return {"loss": loss(params)}


def check_gradients(params):
    """Hold the gradients against central differences of the loss.

    Return the relative error of every weight. GradientError: one is wrong. A weight at
    a kink of the loss is skipped.
    """
    return _compare(params, (), {})[0]


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


def _listed(words):
    """Return words as text."""
    return ", ".join(map(str, words)) or "nothing"


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
):
    """Train on checked samples."""
    batch_size = len(samples) if batch_size is None else batch_size
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
    weights = {key: float(weight) for key, weight in params.items()}
    memory = dict.fromkeys(WEIGHTS, 0.0), dict.fromkeys(WEIGHTS, 0.0)
    samples, slopes, losses = list(samples), {}, []
    steps, shown = 0, -math.inf
    for epoch in range(1, int(epochs) + 1):
        total = 0.0
        rng.shuffle(samples)
        columns = list(zip(*samples, strict=True))
        try:
            for start in range(0, len(samples), int(batch_size)):
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
        except (ArithmeticError, ValueError):  # an overflow, a root of what is negative
            total = math.nan
        if not all(map(math.isfinite, (total, *weights.values()))):
            raise FloatingPointError(
                f"epoch {epoch}: the loss or a weight is not finite;"
                " a smaller learning_rate may help"
            )
        losses.append(total)
        done = epoch > 1 and abs(losses[-2] - total) < tolerance
        if progress and (done or epoch == epochs or time.monotonic() - shown >= 1.0):
            shown = time.monotonic()
            print(f"epoch {epoch}/{epochs}  loss {total:.6g}", file=sys.stderr)
        if done:
            break
    return weights, losses


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
    beside = f"{os.fspath(path)}.{os.getpid()}.part"
    try:
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def _load(path):
    """Return the dict in a .json file."""
    with open(path, encoding="utf-8") as file:
        try:
            content = json.load(file)
        except ValueError as error:
            raise ValueError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path} holds {type(content).__name__}; expected an object")
    return content


# The command line


def main(argv=None):
    """Run a command; return the exit status."""
    options = _parser().parse_args(argv)
    try:
        options.run(options)
    except (ArithmeticError, OSError, ValueError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


def _parser():
    """Describe the command line."""
    parser = argparse.ArgumentParser(description="add_gate")
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
        added.add_argument("--seed", type=int, default=0, help="default 0")
    train.add_argument("--save", metavar="FILE", help="write the weights here (.json)")
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


def _run_check(options):
    """Check the gradients."""
    params = load_params(options.weights) if options.weights else None
    params, data = _random_point(options, params)
    worst, kinks = _compare(params, data, {})
    for key, error in worst.items():
        skipped = "; skipped, at a kink" if kinks[key] else ""
        print(f"{key}: relative error {error:.2e}{skipped}")


def _random_point(options, params):
    """Draw weights if there are none, where the loss is finite."""
    rng = random.Random(options.seed)
    for attempt in range(20):
        point = params or init_params(rng, std=1.0)
        data = ()
        if attempt % 2:  # a logarithm or a root may ask for it
            point = {key: abs(weight) for key, weight in point.items()}
        try:
            value = loss(point, *data)
        except (ArithmeticError, ValueError):  # out of its domain
            continue
        if math.isfinite(value):
            return point, data
    raise ValueError("the loss is finite at none of 20 random points")


def _run_train(options):
    """Train, print how well it went, save the weights."""
    folder = os.path.dirname(os.path.abspath(options.save or ""))
    if not os.path.isdir(folder):
        raise ValueError(f"there is no folder {folder} to save the weights in")
    rng = random.Random(options.seed)
    if options.weights:
        params = load_params(options.weights)
    else:
        params = init_params(rng, init=options.init, std=options.std)
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


# made by symprop, checksum de3e5a2968d25f89
