"""Assumptions about the data that a right line may leave unsaid, tried one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from symprop.declaration import Declared
from symprop.expression.definition import opened
from symprop.expression.nodes import Node, leaves, walk
from symprop.network import Network
from symprop.verification.claims import Claim, Where, everywhere
from symprop.verification.meaning.names import letters
from symprop.verification.points import Change
from symprop.verification.reading import tree as t
from symprop.verification.worlds import World, with_values


@dataclass(frozen=True)
class Assumption:
    """A sentence, what it makes of worlds, and for which indices it is said.

    `of_kind`: it says of what kind a target is, not which value it has.
    """

    sentence: str
    change: Change
    where: Where = everywhere
    of_kind: bool = False

    def of(self, claim: Claim) -> Claim:
        """A claim for these indices alone."""
        if self.where is everywhere:
            return claim
        return replace(claim, where=lambda given: claim.where(given) and self.where(given))


def assumptions(network: Network, claim: Claim) -> Iterator[Assumption]:
    """The assumptions that may make a difference to a claim, the mildest first.

    They are about the labels of a classifier: a target of a squared error is any number; and about
    the default of a hyperparameter. That y is 1, or lambda its default, is assumed only where y or
    lambda is not written at all; where the default is 0 or 1, lambda has rather been forgotten.
    """
    written = {
        name.reference.entry.name
        for tree in claim.trees
        for name in t.names(tree)
        if name.reference is not None and name.reference.entry is not None
    }
    for name, default in network.hyperparameters.items():
        if name not in written and default not in (0, 1):
            yield Assumption(f"{name} = {default:g}", _setting(name, partial(_default, default)))
    for target in network.targets:
        kind = network.labels.get(target.name)
        if kind is None and _is_label(target, network):
            yield from _column(target.name) if target.shape else _number(target.name)
        if kind in ("binary", "signed") and not target.shape and target.name not in written:
            yield Assumption(f"{target.name} = 1", _setting(target.name, lambda v, s: Fraction(1)))
        if kind == "one-hot" and target.shape and target.name not in written:
            yield from _of_class(target.name, claim)


_OF_CLASSES = {"log", "log1p", "softplus", "softmax", "log_softmax", "logsumexp"}


def _is_label(target: Declared, network: Network) -> bool:
    """Whether a target stands in a step that has logarithms: a loss of probabilities."""
    return any(
        target.name in {leaf.name for leaf in leaves(step.node)}
        and not _OF_CLASSES.isdisjoint(_functions(step.node))
        for step in network.steps.values()
    )


def _functions(node: Node) -> set[str]:
    found = (getattr(part, "entry", None) for part in walk(opened(node)))
    return {getattr(entry, "name", "") for entry in found}


def _column(name: str) -> Iterator[Assumption]:
    summed = f"the entries of {name} sum to 1"
    yield Assumption(summed, _setting(name, _probabilities), of_kind=True)
    yield Assumption(f"{name} is one-hot", _setting(name, _one_hot), of_kind=True)


def _of_class(name: str, claim: Claim) -> Iterator[Assumption]:
    """An index is that of the class of the sample, or of another one; the 1st stands for it."""
    for letter in dict.fromkeys(letter for tree in claim.trees for letter in letters(tree)):
        first = partial(_is_first, letter)
        for entry, place in ((1, 0), (0, 1)):
            unit = partial(_unit, place)
            yield Assumption(f"{name}_{letter} = {entry}", _setting(name, unit), first)


def _default(default: float, value: Any, seed: int) -> Any:
    return Fraction(str(default))


def _is_first(letter: str, indices: Mapping[str, int]) -> bool:
    return indices.get(letter, 1) == 1


def _number(name: str) -> Iterator[Assumption]:
    binary = _setting(name, lambda value, seed: Fraction(seed % 2))
    yield Assumption(f"{name} is 0 or 1", binary, of_kind=True)


def _setting(name: str, made: Callable[[Any, int], Any]) -> Change:
    """A change of worlds: a name gets the value that is made of its own and of the seed."""

    def change(world: World) -> World:
        return with_values(world, {name: made(np.asarray(world.point.values[name]), world.seed)})

    return change


def _probabilities(value: Any, seed: int) -> Any:
    positive = np.frompyfunc(lambda entry: abs(Fraction(entry)) + Fraction(1, 7), 1, 1)(value)
    return positive / positive.sum()


def _one_hot(value: Any, seed: int) -> Any:
    return _unit(seed, value)


def _unit(place: int, value: Any, seed: int = 0) -> Any:
    flat = np.array([Fraction(0)] * value.size, dtype=object)
    flat[place % value.size] = Fraction(1)
    return flat.reshape(value.shape)
