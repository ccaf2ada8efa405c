"""Drawing a network: what is declared, its steps, its loss."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import sympy
from differences import softmax, softplus
from sympy import Rational, Symbol
from sympy.matrices.exceptions import ShapeError

import symprop.functions as F
from symprop.errors import SympropError
from symprop.network import Network
from twins import numeric
from twins.entrywise import plus, scaled
from twins.maker import SCALAR, SPREAD, Impossible, Maker, Pairs, Shape, Twin, named
from twins.matrices import regular, unbracketed
from twins.network import RandomNetwork, drawn

KINDS = ("matrix", "scalar", "whole", "function")
"""With data, of scalars alone, declared for a whole batch (samples=n), without data."""

N, D, V, n = sympy.symbols("N D V n", integer=True, positive=True)
EXTENTS = [D, N, V, 2, 3, 4, D + N, V + 1]


def random_network(rng: Random, kind: str = "matrix", depth: int = 2) -> RandomNetwork:
    """A network of one of the KINDS; one expression nests `depth` operations or a few more."""
    while True:
        try:
            return _Drawing(rng, kind, depth).network()
        except _Misshapen:
            continue
        except AttributeError as error:
            if "is_Integer" not in str(error):  # SymPy's, of the shape of a DiagMatrix
                raise
        except SympropError as error:
            if "ZeroMatrix" not in str(error):  # to which SymPy gives a shape of its own
                raise


class _Misshapen(Exception):
    """SymPy made something of another shape of an expression: a zero matrix, where it is zero."""


class _Drawing:
    def __init__(self, rng: Random, kind: str, depth: int) -> None:
        self.rng = rng
        self.kind = kind
        self.depth = depth
        extents: list[Any] = [] if kind == "scalar" else rng.sample(EXTENTS, rng.choice([2, 2, 3]))
        sizes = {name: rng.randint(1, 3) for name in "DNV"} | {"n": rng.randint(1, 4)}
        if rng.random() < 0.3:
            sizes = dict.fromkeys(sizes, rng.choice([1, 3, 3]))
        self.maker = Maker(rng, extents, sizes)
        self.columns = extents[:]
        self.values = np.random.default_rng(rng.randrange(2**32))

    # -- the network ------------------------------------------------------------------------------

    def network(self) -> RandomNetwork:
        found = self._declared()
        maker, rng = self.maker, self.rng
        everything = maker.leaves
        for i in range(rng.choice([0, 1, 2, 3, 4, 5])):
            if rng.random() < 0.25:  # of the weights alone
                maker.leaves = [twin for twin in everything if self._fixed(found, twin)]
            self._add_step(found, f"s{i}", everything)
            maker.leaves = everything
        maker.leaves = everything + found.targets
        loss = self._loss(found)
        if rng.random() < 0.1:
            loss = self._as_step(found, "whole", loss)
        found.loss = loss
        found.network.loss(loss.sympy)
        return found

    def _declared(self) -> RandomNetwork:
        rng, whole, maker = self.rng, self.kind == "whole", self.maker
        first = tuple(rng.sample(self.columns, 2)) if self.columns else SCALAR
        if whole:
            maker.extents = [n, *self.columns]
        inputs = self._data("x", [1, 1, 2])
        targets = self._data("y", [1, 1, 2, 0])
        weights = [named("w0", first)]
        for i in range(1, rng.choice([1, 2, 3, 4, 5])):
            shape = maker.shape()
            weights.append(named(f"w{i}", SCALAR if n in shape and rng.random() < 0.8 else shape))
        weights += self._showing(inputs + weights)
        hyperparameters = ["lam", "tau"][: rng.choice([0, 0, 1, 2])]
        defaults = {name: rng.choice([0.3, 0.7, 1.0]) for name in hyperparameters}
        labels = {twin.sympy.name: self._label(twin.shape) for twin in targets}
        labels = {name: label for name, label in labels.items() if label}
        net = Network(
            "random",
            inputs=[twin.sympy for twin in inputs],
            targets=[twin.sympy for twin in targets],
            weights=[twin.sympy for twin in weights],
            hyperparameters={Symbol(name, real=True): value for name, value in defaults.items()},
            samples=n if whole else None,
            labels=labels,
        )
        for twin in inputs + targets + weights:
            name = twin.sympy.name
            maker.values[name] = drawn(self.values, twin.shape, maker.sizes, labels.get(name))
        maker.values |= defaults
        maker.labelled = labels.keys()
        maker.leaves = inputs + weights + [named(name, SCALAR) for name in defaults]
        return RandomNetwork(
            net, whole, maker.sizes, inputs, targets, weights, defaults=defaults, labels=labels
        )

    def _data(self, prefix: str, counts: list[int]) -> list[Twin]:
        """Inputs or targets."""
        if self.kind == "function":
            return []
        shapes = [
            (n, self.rng.choice([1, *self.columns])) if self.kind == "whole" else self.maker.shape()
            for _ in range(self.rng.choice(counts))
        ]
        return [named(f"{prefix}{i}", shape) for i, shape in enumerate(shapes)]

    def _showing(self, declared: list[Twin]) -> list[Twin]:
        """Weights that show the sizes which expressions may use, where forward has to see them."""
        shown = {extent for twin in declared for extent in twin.shape}
        used = {symbol for extent in self.columns for symbol in sympy.S(extent).free_symbols}
        return [named(f"w{symbol}", (symbol, 1)) for symbol in sorted(used - shown, key=str)]

    def _label(self, shape: Shape) -> str:
        """A kind of label that fits, or ""."""
        entrywise = ["", "", "binary", "signed", "real"]
        if not shape or shape == SPREAD or shape == (n, 1):
            return self.rng.choice(entrywise)
        return self.rng.choice([*entrywise, "one-hot", "one-hot", "probabilities"])

    # -- steps ------------------------------------------------------------------------------------

    def _fixed(self, found: RandomNetwork, twin: Twin) -> bool:
        """Whether it depends on no data."""
        varying = found.network.varying() if found.data else set()
        return twin.sympy.name not in varying

    def _add_step(self, found: RandomNetwork, name: str, everything: list[Twin]) -> None:
        maker = self.maker
        if self.columns and self.rng.random() < 0.2:
            twin = regular(maker, maker.extent(), self.depth - 1)
            step = self._as_step(found, name, twin)
            if step.shape:
                maker.regular.append(step)
        else:
            step = self._as_step(found, name, self._value())
        everything.append(step)

    def _value(self) -> Twin:
        """What a step is."""
        if self.rng.random() < 0.1:
            try:
                return unbracketed(self.maker)
            except (Impossible, ShapeError):  # SymPy refuses it where sizes are whole numbers
                pass
        return self.maker.entry(self.maker.shape(), self.depth)

    def _as_step(self, found: RandomNetwork, name: str, twin: Twin) -> Twin:
        """A step of this value; one that is 1 x 1 is a scalar."""
        symbol = found.network.step(name, twin.sympy)
        value, shape = twin.value, twin.shape
        if shape not in (SPREAD, getattr(symbol, "shape", SCALAR)):
            raise _Misshapen
        if shape == SPREAD:
            value, shape = (lambda values: twin.value(values)[0, 0]), SCALAR
        step = Twin(symbol, lambda values: values[name], shape)
        found.steps.append((name, Twin(twin.sympy, value, shape)))
        self.maker.values[name] = value(self.maker.values)
        return step

    # -- the loss ---------------------------------------------------------------------------------

    def _loss(self, found: RandomNetwork) -> Twin:
        """A random scalar, a loss for every target, and a term for everything else."""
        loss = self.maker.scalar(self.depth)
        for twin in [t for t in self.maker.leaves if t not in found.inputs + found.targets]:
            loss = plus(loss, self._penalty(twin))
        for i, target in enumerate(found.targets):
            term = self._target_loss(found, target, f"p{i}")
            if self.rng.random() < 0.2:
                term = self._as_step(found, f"l{i}", term)
            loss = plus(loss, self._weighted(term))
        return loss

    def _weighted(self, term: Twin) -> Twin:
        """Times a learned weight, now and then."""
        scalars = [twin for twin in self.maker.leaves if str(twin.sympy).startswith("w")]
        scalars = [twin for twin in scalars if not twin.shape]
        if not scalars or self.rng.random() < 0.7:
            return term
        s = self.rng.choice(scalars)
        return Twin(
            F.exp(-s.sympy) * term.sympy + s.sympy,
            lambda v: np.exp(-s.value(v)) * term.value(v) + s.value(v),
            SCALAR,
        )

    def _output(self, found: RandomNetwork, name: str, twin: Twin) -> Twin:
        """A step of its own, or the expression in place."""
        if twin.shape == SPREAD:
            return twin
        return self._as_step(found, name, twin) if self.rng.random() < 0.5 else twin

    def _target_loss(self, found: RandomNetwork, target: Twin, name: str) -> Twin:
        label, shape = found.labels.get(target.sympy.name), target.shape
        y, z = target, self.maker.entry(shape, 2)
        if label in ("one-hot", "probabilities"):
            axis = 0 if shape[1] == 1 else 1
            given = None if shape[1] == 1 else axis
            p = Twin(F.softmax(z.sympy, axis=given), lambda v: softmax(z.value(v), axis), shape)
            p = self._output(found, name, p)
            spelled = [
                F.cross_entropy(y.sympy, p.sympy),
                -F.total(sympy.hadamard_product(y.sympy, F.log_softmax(z.sympy, axis=given))),
            ]
            return Twin(
                self._mean(self.rng.choice(spelled), found),
                lambda v: self._mean(numeric.cross_entropy(y.value(v), z.value(v), axis), found),
                SCALAR,
            )
        if label == "binary":
            a = Twin(4 * F.tanh(z.sympy), lambda v: 4 * np.tanh(z.value(v)), shape)  # digits
            p = Twin(F.sigmoid(a.sympy), lambda v: numeric.sigmoid(a.value(v)), shape)
            p = self._output(found, name, p)
            return Twin(
                F.binary_cross_entropy(y.sympy, p.sympy),
                lambda v: numeric.binary_cross_entropy(y.value(v), a.value(v)),
                SCALAR,
            )
        z = self._output(found, name, z)
        if label == "signed":
            kinds: Pairs = [
                (F.logistic_loss, lambda y, z: np.sum(softplus(-y * z))),
                (F.hinge_loss, lambda y, z: np.sum(numeric.relu(1 - y * z))),
            ]
        else:
            kinds = [
                (F.half_squared_error, lambda y, z: np.sum((y - z) ** 2) / 2),
                (F.squared_error, lambda y, z: np.sum((y - z) ** 2)),
                (F.mean_squared_error, lambda y, z: np.mean((y - z) ** 2)),
                (lambda y, z: F.l1(y - z), lambda y, z: np.sum(numeric.absolute(y - z))),
            ]
        entry, value = self.rng.choice(kinds)
        return Twin(entry(y.sympy, z.sympy), lambda v: value(y.value(v), z.value(v)), SCALAR)

    def _mean(self, loss: Any, found: RandomNetwork) -> Any:
        """Divided by the number of samples, where the network is declared for all of them."""
        if not found.whole:
            return loss
        return loss / n if isinstance(loss, sympy.Basic) else loss / self.maker.sizes["n"]

    def _penalty(self, twin: Twin) -> Twin:
        factor = self.rng.choice([Rational(7, 10), Rational(13, 10)])  # cancels with nothing
        kinds: Pairs = [(F.l2, lambda z: np.sum(z**2))]
        if twin.shape:
            kinds += [
                (F.l1, lambda z: np.sum(numeric.absolute(z))),
                (lambda z: F.total(F.tanh(z)), lambda z: np.sum(np.tanh(z))),
            ]
        entry, value = self.rng.choice(kinds)
        return scaled(
            Twin(factor, lambda v: float(factor), SCALAR),
            Twin(entry(twin.sympy), lambda v: value(twin.value(v)), SCALAR),
        )
