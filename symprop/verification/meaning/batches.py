r"""Sums over the samples of a batch, for a network that is declared for one sample.

In `\frac1m \sum_{i=1}^m (a^{(i)} - y^{(i)}) x^{(i)}` each term is worked out in the world of one
sample: other data, the same weights. Outside of the sums the loss is the mean over the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from symprop.verification.meaning.names import label, samples
from symprop.verification.meaning.setting import Setting, UndecidableError
from symprop.verification.reading import tree as t
from symprop.verification.reading.errors import Span
from symprop.verification.reading.symbols import Entry
from symprop.verification.worlds import Numeric, World, with_values

MOST = 20
"""A batch of more samples is not worked out."""
CONSTANT = ("weight", "hyperparameter")
"""The kinds of names that are the same for all samples."""
SAMPLED = ("input", "target", "step", "loss", "delta")
"""The kinds of names that are others for each sample."""


def is_over_samples(total: t.IndexSum) -> bool:
    """Whether a sum runs over samples."""
    return len(total.indices) == 1 and total.indices[0] in _all_samples(total.body)


def _all_samples(tree: t.Tree) -> Iterator[str]:
    """The letters of samples in a tree, and in what its names are defined as."""
    yield from samples(tree)
    for name in t.names(tree):
        entry = None if name.reference is None else name.reference.entry
        if entry is not None and entry.kind == "local" and entry.definition is not None:
            yield from _all_samples(entry.definition)


def terms(total: t.IndexSum, setting: Setting) -> list[Setting]:
    """The settings of the terms of a sum over samples."""
    (letter,), conventions = total.indices, setting.conventions
    whole = (
        total.lower is None or (isinstance(total.lower, t.Number) and total.lower.text == "1")
    ) and (total.upper is None or size_of(total) == conventions.batch)
    if not conventions.batch or not whole or total.condition is not None:
        raise UndecidableError("over which samples this sum runs is not said", total.span)
    if conventions.sample:
        raise UndecidableError("a sum over samples in another one", total.span)
    return [_of_sample(letter, number, setting) for number in range(1, setting.batch_size + 1)]


def size_of(total: t.IndexSum) -> str:
    """The name, or the number, of the samples that a sum runs over; "" where it has none."""
    upper = total.upper
    if isinstance(upper, t.Number) and upper.text.isdigit() and 0 < int(upper.text) <= MOST:
        return upper.text
    return label(upper) if isinstance(upper, t.Name) and upper.reference is None else ""


def _of_sample(letter: str, number: int, setting: Setting) -> Setting:
    """The setting in which names are those of one sample, of which a letter is the index."""
    world = _sample(setting.world, number)
    moved = None
    if setting.moved is not None:
        constant = [name for name, d in world.network.declared.items() if d.role in CONSTANT]
        moved = with_values(world, {name: setting.moved[name] for name in constant}).values
    conventions = replace(setting.conventions, sample=letter)
    within = replace(setting, world=world, moved=moved, conventions=conventions)
    return within.with_indices({letter: number})


def _sample(world: World, number: int) -> World:
    """The world of one sample; worked out once."""
    if number not in world.samples:
        rng = Random(f"{world.seed} of a batch {number}")
        data = [*world.network.inputs, *world.network.targets]
        values = {d.name: np.asarray(world.point.values[d.name], dtype=object) for d in data}
        drawn = {name: _redrawn(value, rng) for name, value in values.items()}
        world.samples[number] = with_values(world, drawn)
    return world.samples[number]


def _redrawn(value: Any, rng: Random) -> Any:
    """Other numbers of the same shape; those of labels change places, and still sum to 1."""
    if all(entry in (0, 1) for entry in value.flat) and not value.ndim:
        return np.asarray(Fraction(rng.randint(0, 1)), dtype=object)
    if all(abs(entry) == 1 for entry in value.flat) and not value.ndim:
        return np.asarray(Fraction(rng.choice((-1, 1))), dtype=object)
    if value.size > 1 and sum(value.flat) == 1:
        return np.roll(value, rng.randrange(value.size))
    return np.frompyfunc(lambda _: Fraction(rng.randint(-1500, 1500), 1000), 1, 1)(value)


# -- outside of the sums --------------------------------------------------------------------------


def is_outside(setting: Setting) -> bool:
    """Whether a part of a line about a batch is about no sample."""
    return bool(setting.conventions.batch) and not setting.conventions.sample


def outside(name: t.Name, setting: Setting) -> Numeric | None:
    """The value of a name there: that of the loss is one of the batch; None for a usual one."""
    reference = name.reference
    entries = () if reference is None else (reference.entry, *(e for _, e in reference.members))
    for entry in entries:
        if entry is not None and entry.kind == "loss" and not any(samples(name)):
            return _mean([each.values[entry.name] for each in _each(setting)], setting)
        if entry is not None and entry.kind in SAMPLED:
            require_constant(entry, name.span)
    return None


def mean_gradient(entry: Entry, setting: Setting, span: Span) -> Any:
    """The derivative of the loss of a batch, an array."""
    require_constant(entry, span)
    found = [np.asarray(e.world.gradients[entry.name], dtype=object) for e in _each(setting)]
    return np.asarray(_mean(found, setting), dtype=object)


def require_constant(entry: Entry, span: Span) -> None:
    """UndecidableError for what is another one for each sample, and stands outside of sums."""
    if entry.kind not in CONSTANT:
        raise UndecidableError(f"of which sample {entry.name} is meant here is not said", span)


def _each(setting: Setting) -> Iterator[Setting]:
    return (_of_sample("", number, setting) for number in range(1, setting.batch_size + 1))


def _mean(found: list[Any], setting: Setting) -> Numeric:
    loss = setting.world.network.require_loss().name
    if setting.conventions.summed:
        return sum(found[1:], found[0])
    setting.note(f"{loss} is the mean over the samples of a batch")
    return sum(found[1:], found[0]) / len(found)
